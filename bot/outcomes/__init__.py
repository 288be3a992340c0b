"""What answers become: one file for each thing. A new outcome is a file here and a line in OUTCOMES."""

from collections.abc import Mapping

from bot.outcomes.competences import Competences
from bot.outcomes.contract import Kept, Outcome
from bot.outcomes.indicators import Indicators
from bot.outcomes.themes import Themes
from flows.model import Flow

OUTCOMES: Mapping[str, Outcome] = {
    "competences": Competences(),
    "indicators": Indicators(),
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
    problems += [
        f"outcome, fields: {role!r} is missing; name the field that is the {role}"
        for role in outcome.roles
        if role not in flow.outcome.fields
    ]
    return problems
