"""A walk through all that somebody can come to by the buttons on what they see: every room, every action, with the
fields empty and filled in. Everything that was shown or sent on the way is kept."""

from collections import deque
from collections.abc import Sequence
from typing import Any

from bot.cards import Ask, Card
from bot.door import Door, View
from bot.proof import ByAddress, Proof
from bot.rooms import GROUPS, HOME, SUGGEST
from bot.trouble import Trouble
from storage.tables import Person
from tests.office import Office

MOST_STEPS = 60  # for one person on one day
EVERYBODYS = (HOME, SUGGEST, GROUPS)
WRITTEN = {"text": "Kveldsuro hos redde beboere", "number": "4", "date": "2027-05-04"}


class KeepingDoor(Door):
    """The door, with a list of what it has shown."""

    def __init__(self, office: Office) -> None:
        super().__init__(office.parts, office.world.clock)
        self.shown: list[View] = []
        office.door = self

    async def look(self, proof: Proof, language: str | None, place: str = "", state: str = "") -> View | Trouble:
        return self._keep(await super().look(proof, language, place, state))

    async def act(self, proof: Proof, language: str | None, *told: Any) -> View | Trouble:
        return self._keep(await super().act(proof, language, *told))

    def _keep(self, seen: View | Trouble) -> View | Trouble:
        if isinstance(seen, View):
            self.shown.append(seen)
        return seen


def explore(
    office: Office, name: str, most: int = MOST_STEPS, *, is_on_record: bool = False, within: Sequence[str] = ()
) -> None:
    """Whatever can be pressed is pressed once on each kind of card; `is_on_record` as in a chat that keeps it all.
    `within`: only in these rooms, and what leads out of them is let be."""
    number = _number_of(office, name)
    waiting: deque[tuple[Any, ...]] = deque((room, "", {}, "", "") for room in within or EVERYBODYS)
    done: set[tuple[str, ...]] = set()
    for _ in range(most):
        if not waiting:
            return
        room, action, form, state, place = waiting.popleft()
        proof = ByAddress("web", number, room, is_on_record)
        act = office.door.act(proof, None, action, form, state, place) if action else office.door.look(proof, None)
        seen = office.run(act)
        if isinstance(seen, Trouble):
            continue
        for card in seen.cards:
            for button in card.buttons:
                filled = {ask.id: fill(ask) for ask in card.asks}
                for form in ({}, filled) if button.action and filled else ({},):
                    target = button.room or room
                    key = (target, card.title, button.action.partition(":")[0], str(sorted(form)))
                    is_let_be = bool(within) and target not in within
                    if key not in done and (button.room or button.action) and not is_let_be:
                        done.add(key)
                        waiting.append((target, button.action, form, card.state, card.place or ""))


def fill(ask: Ask) -> list[str]:
    if ask.choices:
        return [one.id for one in ask.choices[: 2 if ask.kind == "choose_several" else 1]]
    return [WRITTEN.get(ask.kind, WRITTEN["text"])]


def is_told_apart(card: Card) -> tuple[Any, ...]:
    """Two cards alike in this are built alike."""
    asks = tuple((one.kind, len(one.choices), bool(one.problem), len(one.written)) for one in card.asks)
    return card.title, tuple(type(one).__name__ for one in card.blocks), asks, tuple(one.label for one in card.buttons)


def _number_of(office: Office, name: str) -> str:
    with office.reading() as session:
        return session.get_one(Person, office.id_of(name)).number
