"""The names of rooms, as buttons carry them: what a person comes for, and to which one of those."""

from storage.links import Purpose

MOST_DIGITS = 9


def name_room(purpose: Purpose, target: int) -> str:
    """'run:12': the run with the id 12."""
    return f"{purpose}:{target}"


def read_room(name: str) -> tuple[Purpose, int] | None:
    """The purpose and its target; None where it is no room of ours, since anybody may have written it."""
    purpose, _, target = name.partition(":")
    if purpose not in list(Purpose) or not (target.isascii() and target.isdigit() and len(target) <= MOST_DIGITS):
        return None
    return Purpose(purpose), int(target)


HOME = name_room(Purpose.home, 0)
SUGGEST = "suggest:0"  # the run, whichever it is, in which the person may contribute now
GROUPS = name_room(Purpose.group, 0)  # the group that the person coordinates, or those to choose among
