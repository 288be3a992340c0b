"""What answers become: one file for each thing. A new outcome is a file here and a line in OUTCOMES."""

from collections.abc import Iterator, Mapping

from bot.outcomes.competences import Competences
from bot.outcomes.contract import Kept, Outcome
from bot.outcomes.indicators import Indicators
from bot.outcomes.reactions import Reactions
from bot.outcomes.themes import Themes
from flows.mistakes import Mistake, suggest
from flows.model import COURSE, Flow, Kind
from flows.text import LANGUAGES
from flows.waves import asks_participants, follows_courses

OUTCOMES: Mapping[str, Outcome] = {
    "competences": Competences(),
    "indicators": Indicators(),
    "reactions": Reactions(),
    "themes": Themes(),
}

__all__ = ["OUTCOMES", "Kept", "Outcome", "find_outcome_mistakes", "outcome_of"]


def outcome_of(flow: Flow) -> Outcome:
    return OUTCOMES[flow.outcome.kind]


def find_outcome_mistakes(flow: Flow) -> Iterator[Mistake]:
    """What keeps the flow's answers from becoming what it says: each with its place and the remedy."""
    kind, fields = flow.outcome.kind, flow.outcome.fields
    outcome = OUTCOMES.get(kind)
    if outcome is None:
        yield ("outcome", "kind"), f"{kind!r} is not known; {suggest(kind, OUTCOMES)}"
        return
    if flow.kind not in outcome.kinds:
        yield ("outcome", "kind"), f"{kind} serves flows that are {', '.join(sorted(outcome.kinds))}; {_say_own(flow)}"
    if flow.kind is Kind.confidential and flow.series is None:
        yield ("series",), "is missing; name the rounds that are linked, or write kind: anonymous"
    if follows_courses(flow):
        yield from _find_mistakes_after_courses(flow)
    for role in outcome.roles:
        if role not in fields:
            yield ("outcome", "fields"), f"{role!r} is missing; name the field that is the {role}"
    roles = (*outcome.roles, *outcome.more_roles)
    for role in fields:
        if role not in roles:
            remedy = suggest(role, roles) if roles else "take the line away"
            yield ("outcome", "fields", role), f"{kind} knows no {role!r}; {remedy}"


def _say_own(flow: Flow) -> str:
    fitting = [name for name, one in OUTCOMES.items() if flow.kind in one.kinds]
    return f"this one is {flow.kind}, whose answers become {' or '.join(fitting)}"


def _find_mistakes_after_courses(flow: Flow) -> Iterator[Mistake]:
    if not all(COURSE in flow.title.to(language) for language in LANGUAGES):
        yield ("title",), f"does not name the course; write {COURSE} where its name is to stand"
    if flow.outcome.kind != "reactions":
        yield ("outcome", "kind"), "what is asked after a course becomes reactions; write kind: reactions"
    if asks_participants(flow) and not flow.kind.is_sealed:
        yield ("kind",), "participants answer without a name; write confidential or anonymous"
    if not asks_participants(flow) and flow.kind is not Kind.named:
        yield ("kind",), "the leaders of a course's participants are too few for figures; write named"
