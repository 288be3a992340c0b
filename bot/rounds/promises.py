"""The promise that stands with every question: how the answer is kept, who sees it, what it is for, until when."""

from bot.cards import Say
from bot.words import Words
from flows.model import Flow, Kind
from flows.prospects import count_before_figures
from flows.questions import find_questions
from flows.thresholds import Thresholds


def make_promise(flow: Flow, words: Words, leader: str | None) -> tuple[Say, Say, Say]:
    """Who sees the answer, what it is for and not for, and when it is deleted: made from the flow alone, so that what
    is said and what is done cannot differ. `leader` is the name of the leader as of the run's snapshot."""
    seen = " ".join(_say_who_sees(flow, words, leader))
    used = f"{flow.purpose.to(words.language)} {flow.not_used_for.to(words.language)}"
    return (
        Say(seen, "note", begins=words("promise.who")),
        Say(used, "note", begins=words("promise.what_for")),
        Say(words("promise.kept", count=flow.retention_months), "note", begins=words("promise.how_long")),
    )


def _say_who_sees(flow: Flow, words: Words, leader: str | None) -> list[str]:
    said = [words(f"promise.{flow.kind}")]
    if flow.kind.is_sealed:
        minimum = count_before_figures(find_questions(flow), threshold_of(flow))
        said.append(words("promise.figures", readers=name_readers(flow, words, leader), minimum=minimum))
    if flow.why_confidential:
        said.append(words("promise.why", why=flow.why_confidential.to(words.language)))
    if flow.kind is Kind.named and flow.asked_by:
        said.append(words("promise.named_group", reader=leader or "", group=flow.asked_by))
    elif flow.kind is Kind.named:
        said.append(words("promise.named_reader", leader=leader or words("promise.reader.no_leader")))
    return said


def name_readers(flow: Flow, words: Words, leader: str | None) -> str:
    """Those who see the figures: 'Kari Lie, tillitsvalgt og verneombud'. The safety representative reads with the
    union's."""
    named = {"leader": leader or words("promise.reader.no_leader"), "group": flow.asked_by}
    readers: list[str] = []
    for one in flow.seen_by:
        if one != "unit":
            readers.append(named.get(one) or words(f"promise.reader.{one}"))
        if one == "representative":
            readers.append(words("promise.reader.safety"))
    listed = words.list(readers)
    return listed[0].upper() + listed[1:]


def threshold_of(flow: Flow) -> Thresholds:
    """The thresholds that hold for this flow's figures."""
    return Thresholds.near_health() if flow.near_health else Thresholds()
