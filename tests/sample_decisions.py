"""Cards on which a leader decides on a theme, as the core makes them: asked, mended, and looked at before they are
sent."""

from collections.abc import Mapping
from datetime import date

from bot.cards import Card
from bot.conversations.deciding import ask_why, preview_of, read_reason
from bot.conversations.visit import Visit
from storage.links import Purpose
from storage.tables import Theme
from storage.tables.telling import Verdict

GRACE = Visit(1, Purpose.digest, 7, "nb", is_in_chat=True)
EVENINGS = Theme(id=4, run_id=1, unit_id=1, text="Kveldsuro ved demens", normal="", suggested_on=date(2027, 4, 8))
WHAT_HAPPENS = "Fagmøte 12. mai kl. 14.15 og 21.15, så nattvakta også får være med."
WHY_NOT = "Kurset i Oslo koster for mye i år. Vi ser på det igjen i september."


def _look(verdict: Verdict, form: Mapping[str, list[str]]) -> Card:
    reason, problems = read_reason(form, verdict, GRACE.words)
    preview = [] if problems else preview_of(verdict, EVENINGS, reason, "Kari Lie", "Avdeling 2", GRACE.words)
    return ask_why(GRACE, EVENINGS, verdict, form, problems, preview)


TAKE_IN = ask_why(GRACE, EVENINGS, Verdict.taken_in, {})
NOT_NOW = ask_why(GRACE, EVENINGS, Verdict.not_now, {})
NOT_NOW_MISTAKES = _look(Verdict.not_now, {})
TAKE_IN_LOOKED_AT = _look(Verdict.taken_in, {"own": [WHAT_HAPPENS]})
NOT_NOW_LOOKED_AT = _look(Verdict.not_now, {"reason": ["reason_money"], "own": [WHY_NOT]})
