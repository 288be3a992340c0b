"""The door for those who come by paper: a code typed from a slip, a poster on the wall. Guessing is limited."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.cards import Card
from bot.conversations import poster
from bot.conversations.poster import Stand
from bot.conversations.typed_code import LONGEST_CODE, make_code_card
from bot.conversations.visit import close_state, open_state
from bot.door import Door, View
from bot.limits import Limit
from bot.trouble import Trouble, or_trouble
from bot.words import words_in
from flows.text import LANGUAGES
from storage.codes import fold_code
from storage.links import is_live, link_path, opens
from storage.posters import find_poster, open_run_for
from storage.runs import flow_of
from storage.slips import find_slip_link
from storage.tables import Person, Unit

PROBLEMS = ("typed_code.wrong", "typed_code.over")
MOST_WRONG_CODES_A_MINUTE = 20  # in each process: some 29,000 a day against 2.6e14 codes
MOST_SUGGESTIONS_AN_HOUR = 20  # by each poster


@dataclass(frozen=True)
class Opened:
    """A typed code was right: the way to the person's page."""

    link_id: str
    secret: str


class PaperDoor:
    """Knows codes, and never who is there. A wrong code takes a place among the few that may be tried in a minute;
    places are counted together for all, so no address has to be kept."""

    def __init__(self, door: Door) -> None:
        self.door, self.parts = door, door.parts
        self.wrong_codes = Limit(MOST_WRONG_CODES_A_MINUTE, timedelta(minutes=1))
        self.suggestions = Limit(MOST_SUGGESTIONS_AN_HOUR, timedelta(hours=1))

    def ask_for_code(self, language: str | None, state: str = "") -> View:
        """The page with the field; with the `state` of one that was sent, what was written and what is wrong."""
        words = words_in(language or "nb")
        document = open_state(self.parts, state) or {}
        problem = document.get("problem", "")
        if problem not in PROBLEMS:
            return _view(make_code_card(words))
        return _view(make_code_card(words, words(problem), document["code"], state))

    async def enter(self, code: str, language: str | None) -> Opened | View | Trouble:
        """The person's page, by the code of a slip; the field again, with what is wrong; or a little wait for all."""
        at, words = self.door.clock(), words_in(language or "nb")
        code = code[: LONGEST_CODE + 1]
        if not self.wrong_codes.take(at):
            return Trouble("wait", 429, words.language)
        opened = await or_trouble(language, self.parts.read_pool.do(lambda session: self._open_slip(session, code, at)))
        if opened is not None:
            self.wrong_codes.give_back()
        if isinstance(opened, Opened | Trouble):
            return opened
        state = close_state(self.parts, {"problem": opened or "typed_code.wrong", "code": code})
        return self.ask_for_code(language, state)

    async def look_at_poster(self, code: str, language: str | None, place: str = "", state: str = "") -> View | Trouble:
        """What stands behind a poster, or the card there at `place` with its state. Looking changes nothing."""
        at = self.door.clock()

        def work(session: Session) -> View | Trouble:
            stand = self._find_stand(session, code, language, at)
            return stand if isinstance(stand, Trouble) else _view(poster.show(stand, place, state))

        return await self._try_poster(language, at, lambda: self.parts.read_pool.do(work))

    async def act_at_poster(
        self, code: str, language: str | None, action: str, form: Mapping[str, list[str]], state: str
    ) -> View | Trouble:
        """Take a suggestion, without knowing whose."""
        at = self.door.clock()
        chosen = action.removeprefix("language:") if action.startswith("language:") else language

        def work(session: Session) -> View | Trouble:
            stand = self._find_stand(session, code, chosen, at)
            if isinstance(stand, Trouble):
                return stand
            key = str(stand.poster_id)
            card = poster.receive(stand, action, form, state, lambda: self.suggestions.take(at, key))
            return Trouble("poster_full", 429, stand.words.language) if card is None else _view(card)

        return await self._try_poster(chosen, at, lambda: self.parts.writer.do(work))

    def form_token(self, code: str) -> str:
        """What a poster's form must send back to show that it came from that poster's page."""
        return self.door.form_token(f"poster:{fold_code(code)}")

    async def _try_poster(
        self, language: str | None, at: datetime, work: Callable[[], Awaitable[View | Trouble]]
    ) -> View | Trouble:
        """What a poster's code leads to, also while others type wrong ones; of those, only so many are answered."""
        with self.parts.metrics.timing_reply():
            seen = await or_trouble(language, work())
        is_wrong = isinstance(seen, Trouble) and seen.key == "unknown_poster"
        if is_wrong and not self.wrong_codes.take(at, "poster"):
            return Trouble("wait", 429, words_in(language or "nb").language)
        return seen

    def _open_slip(self, session: Session, code: str, at: datetime) -> Opened | str | None:
        """The way to the page; or the key of a sentence where the slip is over; None where there is no such code."""
        keys = self.parts.keys
        link = find_slip_link(session, keys.server_secret("slips"), code)
        if link is None:
            return None
        person = session.get(Person, link.person_id)
        secret = link_path(keys.server_secret("links"), link).rpartition("/")[2]
        if person is None or not person.active or not is_live(link, at):
            return "typed_code.over"
        if not opens(link, secret):  # the server's key has been lost
            return "typed_code.over"
        return Opened(link.id, secret)

    def _find_stand(self, session: Session, code: str, language: str | None, at: datetime) -> Stand | Trouble:
        words, parts = words_in(language if language in LANGUAGES else "nb"), self.parts
        found = find_poster(session, parts.keys.server_secret("posters"), code[:LONGEST_CODE])
        if found is None or found.id is None:
            return Trouble("unknown_poster", 404, words.language)
        if found.revoked_at is not None:
            return Trouble("poster_closed", 410, words.language)
        run, unit = open_run_for(session, found, at), session.get(Unit, found.unit_id)
        if run is None or unit is None or not flow_of(run).open:
            return Trouble("poster_resting", 200, words.language)
        return Stand(session, parts, found.id, unit, run, words, at)


def _view(card: Card) -> View:
    return View([card], card.language)
