"""What answers become: one file for each thing. A new outcome is a file here and a line in OUTCOMES."""

from collections.abc import Mapping

from bot.outcomes.competences import Competences
from bot.outcomes.contract import Kept, Outcome
from bot.outcomes.indicators import Indicators
from bot.outcomes.reactions import Reactions
from bot.outcomes.themes import Themes
from flows.model import COURSE, Flow, Kind
from flows.text import LANGUAGES
from flows.waves import asks_participants, follows_courses

OUTCOMES: Mapping[str, Outcome] = {
    "competences": Competences(),
    "indicators": Indicators(),
    "reactions": Reactions(),
    "themes": Themes(),
}

__all__ = ["OUTCOMES", "Kept", "Outcome", "find_outcome_problems", "outcome_of"]


def outcome_of(flow: Flow) -> Outcome:
    return OUTCOMES[flow.outcome.kind]


def find_outcome_problems(flow: Flow) -> list[str]:
    """What keeps the flow's answers from becoming what it says: each with the remedy."""
    outcome = OUTCOMES.get(flow.outcome.kind)
    if outcome is None:
        return [f"outcome, kind: {flow.outcome.kind!r} is not known; write one of {', '.join(OUTCOMES)}"]
    problems = []
    if flow.kind not in outcome.kinds:
        fitting = ", ".join(sorted(outcome.kinds))
        problems.append(f"outcome, kind: {flow.outcome.kind} serves flows that are {fitting}; this one is {flow.kind}")
    if flow.kind is Kind.confidential and flow.series is None:
        problems.append("series: is missing; name the rounds that are linked, or write kind: anonymous")
    if follows_courses(flow):
        problems += _find_problems_after_courses(flow)
    problems += [
        f"outcome, fields: {role!r} is missing; name the field that is the {role}"
        for role in outcome.roles
        if role not in flow.outcome.fields
    ]
    return problems


def _find_problems_after_courses(flow: Flow) -> list[str]:
    problems = []
    if not all(COURSE in flow.title.to(language) for language in LANGUAGES):
        problems.append(f"title: does not name the course; write {COURSE} where its name is to stand")
    if flow.outcome.kind != "reactions":
        problems.append("outcome, kind: what is asked after a course becomes reactions; write kind: reactions")
    if asks_participants(flow) and not flow.kind.is_sealed:
        problems.append("kind: participants answer without a name; write confidential or anonymous")
    if not asks_participants(flow) and flow.kind is not Kind.named:
        problems.append("kind: the leaders of a course's participants are too few for figures; write named")
    return problems
