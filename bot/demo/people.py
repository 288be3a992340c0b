"""Made-up colleagues: each answers, or doesn't, in their own time, by the same way as a real person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from random import Random

import yaml
from sqlmodel import Session, col, select

from bot.cards import Ask
from bot.conversations import Interaction, Visit, finish, receive, show
from bot.parts import Parts
from storage.links import Purpose
from storage.people import home_of
from storage.runs import open_runs
from storage.tables import Delivery, Digest, Participation, Theme, Unit
from storage.tables.answering import ThemeState
from storage.tables.organisation import RoleName
from storage.tables.sending import DeliveryKind, DeliveryState

SHARE_ANSWERING = 0.74
MOST_CARDS = 8
DECIDES_AFTER = timedelta(hours=26)
TEXTS = Path(__file__).with_name("made_up.yaml")


@dataclass(frozen=True)
class Colleagues:
    """Everybody but those the viewer plays. The same seed gives the same answers at the same times. Of those who are
    asked about `share` answer."""

    seed: int
    share: float = SHARE_ANSWERING

    def act(self, session: Session, parts: Parts, at: datetime, played: Collection[int] = ()) -> int:
        """Let those whose time has come answer and decide; how many did comes back."""
        return self._answer(session, parts, at, played) + self._decide(session, parts, at, played)

    def _answer(self, session: Session, parts: Parts, at: datetime, played: Collection[int]) -> int:
        acted = 0
        for run in open_runs(session):
            assert run.id is not None
            for person_id, sent_at in _asked_and_silent(session, run.id):
                chance = self._chance("answer", run.flow, str(run.local_date), person_id)
                is_answering = chance.random() < self.share
                answers_at = sent_at + timedelta(minutes=chance.expovariate(1 / (30 * 60)))
                if is_answering and answers_at <= at < run.closes_at and person_id not in played:
                    self._go_through(session, parts, Visit(person_id, Purpose.run, run.id, "nb"), at, chance)
                    acted += 1
        return acted

    def _decide(self, session: Session, parts: Parts, at: datetime, played: Collection[int]) -> int:
        """Some leaders decide on the oldest theme, the day after their digest."""
        acted = 0
        recent = select(Digest).where(Digest.made_at > at - timedelta(days=7), Digest.made_at <= at - DECIDES_AFTER)
        for digest in session.exec(recent.order_by(col(Digest.id))):
            themes = digest.facts["themes"]
            chance = self._chance("decide", str(digest.unit_id), str(digest.local_date), digest.person_id)
            is_deciding = digest.facts["role"] == RoleName.leader and themes and chance.random() < 0.5
            if not is_deciding or digest.person_id in played or digest.id is None:
                continue
            theme = session.get(Theme, themes[0]["id"])
            if theme is None or theme.state != ThemeState.waiting:
                continue
            visit = Visit(digest.person_id, Purpose.digest, digest.id, "nb")
            verdict = "taken_in" if chance.random() < 0.7 else "not_now"
            own = {"own": [chance.choice(find_texts("decision", ""))]}
            form = own if verdict == "taken_in" else {"reason": ["reason_money"]}
            finish(session, receive(session, parts, Interaction(visit, f"save_{verdict}:{theme.id}", form), at))
            acted += 1
        return acted

    def _go_through(self, session: Session, parts: Parts, visit: Visit, at: datetime, chance: Random) -> None:
        card = show(session, parts, visit, at)[0]
        home = home_of(session, visit.person_id, at.date())
        unit = session.get(Unit, home.unit_id) if home else None
        unit_path = unit.path if unit else ""
        for _ in range(MOST_CARDS):
            if not any(button.action == "send" for button in card.buttons):
                return
            form = {ask.id: fill_in(ask, chance, unit_path) for ask in card.asks}
            card = finish(session, receive(session, parts, Interaction(visit, "send", form, card.state), at))[0]

    def _chance(self, *about: object) -> Random:
        return Random(":".join(str(one) for one in (self.seed, *about)))


def fill_in(ask: Ask, chance: Random, unit_path: str) -> list[str]:
    """A made-up answer to one field, from somebody in a unit."""
    if ask.choices and ask.choices[-1].id == "mine":  # the nearest themes: stand behind one, more often than not
        return [chance.choice([*ask.choices[:1] * 2, *ask.choices]).id]
    if ask.choices:
        weights = [4, 5, 2, 1, 1, 1, 1, 1, 1, 1][: len(ask.choices)]
        chosen = chance.choices(ask.choices, weights)[0].id
        return [chosen] if ask.required or chance.random() < 0.95 else []
    if ask.kind == "number":
        return [str(chance.randint(1, 10))]
    if ask.kind == "date":
        return []
    return [chance.choice(find_texts(ask.id, unit_path))] if ask.required or chance.random() < 0.6 else []


def _asked_and_silent(session: Session, run_id: int) -> list[tuple[int, datetime]]:
    """Who has got the question and not answered, for the colleagues to know that it is their turn."""
    rows = session.exec(
        select(Participation.person_id, Delivery.sent_at)
        .join(Delivery, col(Delivery.person_id) == col(Participation.person_id))
        .where(
            Participation.run_id == run_id,
            col(Participation.answered).is_(False),
            Delivery.about == f"run:{run_id}",
            Delivery.kind == DeliveryKind.question,
            Delivery.state == DeliveryState.sent,
        )
        .order_by(col(Participation.person_id))
    )
    return [(person_id, sent_at) for person_id, sent_at in rows if sent_at is not None]


def find_texts(field: str, unit_path: str) -> list[str]:
    """What made-up people of a unit write in a field: a NAV office has other themes than a nursing home."""
    of_field = _read_texts().get(field) or _read_texts()["anything"]
    return next((texts for word, texts in of_field.items() if word in unit_path.lower()), of_field["others"])


@lru_cache(maxsize=1)
def _read_texts() -> dict[str, dict[str, list[str]]]:
    texts: dict[str, dict[str, list[str]]] = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    return texts
