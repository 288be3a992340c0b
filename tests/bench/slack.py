"""Measures deeds in Slack, signed and over HTTP: how many a second with sixteen connections, and how long one takes,
beside a bare Bolt handler in the same run. Each is stored before Slack hears yes, which is counted.

The deeds are a named answer that is sent from its modal, and the button in a modal that takes it back.
"""

import asyncio
import hmac
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from json import dumps
from signal import SIGKILL
from statistics import median
from typing import Any
from urllib.parse import urlencode

from sqlmodel import col, func, select

from bot.channels.slack.channel import PATH
from bot.channels.slack.views import CALLBACK, Surface
from bot.conversations.visit import close_state
from storage.inserting import insert_missing
from storage.tables import Address, Participation
from tests.bench.answers import (
    ALONE,
    BEFORE,
    CONNECTIONS,
    FORMS,
    NAMED,
    WARM_UP,
    Pace,
    ask,
    drive,
    make_taps,
    open_run,
    post,
    serving,
    serving_process,
)
from tests.bench.answers_server import SECRET
from tests.bench.municipality_office import fresh_office, report
from tests.bench.rows import Row, Scale
from tests.office import Office, on, shipped

SERVERS = "tests.bench.slack_server"
TEAM = "T1"
SENT, TAKEN_BACK, BARE = "sent", "taken back", "bare"
SAYS = {TAKEN_BACK: "a button pressed (block_actions)", SENT: "an answer sent (view_submission)"}


@dataclass(frozen=True)
class People:
    """Those who are asked in one run, and how they answer in Slack."""

    office: Office
    run_id: int
    ids: Sequence[int]

    @classmethod
    def bring_in(cls, office: Office, count: int) -> "People":
        """So many, who have an address in Slack from now on."""
        questions = open_run(office, NAMED)
        with office.parts.store.writing() as session:
            run_id = questions.run.id or 0
            asked = select(Participation.person_id).where(Participation.run_id == run_id).limit(count)
            ids = list(session.exec(asked))
            rows = [Address(person_id=one, channel="slack", value=f"{TEAM}:U{one}", workspace=TEAM) for one in ids]
            insert_missing(session, Address, [one.model_dump(exclude={"id"}) for one in rows])
        assert len(ids) == count, "there are too few people"
        return cls(office, run_id, ids)

    def requests(self, deed: str, count: int) -> list[bytes]:
        make = {SENT: self._send, TAKEN_BACK: self._take_back}[deed]
        return [sign(make(one)) for one in self.ids[:count]]

    def count_answered(self) -> int:
        answered = select(func.count()).select_from(Participation).where(col(Participation.answered))
        with self.office.reading() as session:
            return session.exec(answered.where(Participation.run_id == self.run_id)).one()

    def _send(self, person: int) -> dict[str, Any]:
        document = {"run": self.run_id, "person": person, "progress": BEFORE[NAMED].to_json()}
        surface = Surface(f"run:{self.run_id}", "tell", close_state(self.office.parts, document), "send")
        values = {
            name: {"answer": {"type": "plain_text_input", "value": given}} for name, given in FORMS[NAMED].items()
        }
        return {"type": "view_submission", **_who(person), "view": _make_view(surface, values)}

    def _take_back(self, person: int) -> dict[str, Any]:
        button = {"action_id": "withdraw#1", "block_id": "b", "type": "button", "value": "withdraw", "action_ts": "1"}
        view = _make_view(Surface(f"run:{self.run_id}"), {})
        return {"type": "block_actions", **_who(person), "view": view, "actions": [button]}


def _who(person: int) -> dict[str, Any]:
    user = {"id": f"U{person}", "team_id": TEAM}
    return {"team": {"id": TEAM}, "user": user, "api_app_id": "A1", "token": "x", "trigger_id": "1.2.x"}


def _make_view(surface: Surface, values: dict[str, Any]) -> dict[str, Any]:
    state = {"values": values}
    return {
        "type": "modal",
        "id": "V1",
        "callback_id": CALLBACK,
        "private_metadata": surface.to_text(),
        "state": state,
    }


def sign(said: dict[str, Any]) -> bytes:
    body, now = urlencode({"payload": dumps(said)}), str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{now}:{body}".encode(), "sha256").hexdigest()
    headers = f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}"
    return post(PATH, body, "application/x-www-form-urlencoded", headers)


def measure(scale: Scale) -> Iterator[Row]:
    """The rows of one database."""
    flows = [shipped(NAMED, schedule=on("2027-01-12"), minutes=0.5)]
    many: dict[str, list[Pace]] = {}
    alone: dict[str, list[Pace]] = {}
    with fresh_office(int(scale.answers * 1.3) + 100, flows) as office, serving("api", of=SERVERS) as api:
        people = People.bring_in(office, scale.answers)
        with serving("bolt") as bolt, serving(*_ours(office, api), of=SERVERS) as port:

            def run(deed: str, count: int, connections: int) -> Pace:
                """Everything that was said yes to is stored afterwards."""
                if deed == BARE:
                    return asyncio.run(drive(bolt, make_taps(count), connections))
                before = people.count_answered()
                pace = asyncio.run(drive(port, people.requests(deed, count), connections))
                changed = people.count_answered() - before
                assert abs(changed) == count, f"{count} were said yes to, and {abs(changed)} stored"
                return pace

            for deed in (BARE, SENT, TAKEN_BACK):
                run(deed, WARM_UP, 4)
            for number in range(scale.rounds):
                for deed in (BARE, SENT, TAKEN_BACK):
                    report(f"{scale.database}, Slack, round {number + 1}: {deed}")
                    many.setdefault(deed, []).append(run(deed, scale.answers, CONNECTIONS))
                for deed in (BARE, SENT, TAKEN_BACK):
                    alone.setdefault(deed, []).append(run(deed, ALONE, 1))
        report(f"{scale.database}, Slack: kill -9 in the middle")
        said_yes = _kill_in_the_middle(people, api)
    yield from _compare(scale, many, alone)
    yield Row(f"{scale.database}: said yes to in Slack before kill -9, and stored", *said_yes, aim="all")


def _ours(office: Office, api: int) -> tuple[str, ...]:
    database = office.parts.store.url.render_as_string(hide_password=False)
    folder = str(office.parts.keys.folder.parent)
    return "ours", "--database", database, "--folder", folder, "--api", f"http://127.0.0.1:{api}/api/"


def _kill_in_the_middle(people: People, api: int) -> tuple[str, str]:
    """How many answers were stored, and how many were said yes to, when the process was killed. More may be stored."""
    before, told = people.count_answered(), list[int]()
    requests = people.requests(SENT, len(people.ids))
    with serving_process(*_ours(people.office, api), of=SERVERS) as (port, process):

        async def go() -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                for number in waiting:
                    await ask(reader, writer, requests[number])
                    told.append(number)
                    if len(told) == len(requests) // 2:
                        process.send_signal(SIGKILL)
            writer.close()

        async def go_together() -> None:
            await asyncio.gather(*(go() for _ in range(CONNECTIONS)))

        waiting = iter(range(len(requests)))
        asyncio.run(go_together())
    stored = people.count_answered() - before
    assert stored >= len(told), f"{len(told)} were said yes to, and {stored} stored"
    return f"{stored} stored", f"{len(told)} told"


def _compare(scale: Scale, many: dict[str, list[Pace]], alone: dict[str, list[Pace]]) -> Iterator[Row]:
    def rate(deed: str) -> str:
        return f"{median(one.per_second for one in many[deed]):,.0f}/s"

    def p50(deed: str) -> str:
        return f"{median(one.p50 for one in alone[deed]):.2f} ms"

    for deed, says in SAYS.items():
        ratio = median(a.per_second / b.per_second for a, b in zip(many[deed], many[BARE], strict=True))
        what = f"{scale.database}: Slack, {CONNECTIONS} connections, {says}"
        yield Row(what, rate(deed), rate(BARE), ratio, "≥ 0.75")
    for deed, says in SAYS.items():
        ratio = median(a.p50 / b.p50 for a, b in zip(alone[deed], alone[BARE], strict=True))
        what = f"{scale.database}: Slack, p50 at one connection, {says}"
        yield Row(what, p50(deed), p50(BARE), ratio, "≤ 0.20")
