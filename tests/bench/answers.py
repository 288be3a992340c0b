"""Measures answers over HTTP: how many a second with sixteen connections, and how long one takes, beside a bare Bolt
handler in the same run. Each is committed before the reply; a person answers once.

Three ways: what must be done before a platform is told yes (`stored`: request read, form token and link proven, one
transaction, an empty reply); the whole conversation, with the words of the receipt (`spoken`); and the page too.
"""

import asyncio
import hashlib
import hmac
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from json import dumps
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from sqlmodel import select

from bot.conversations.visit import close_state
from bot.rounds.opening import open_runs_of
from flows.engine import Progress
from flows.schedule import Occurrence
from storage.inserting import insert_missing
from storage.links import Purpose, link_path
from storage.sealing import padded_size
from storage.tables import Link, Participation, Run
from tests.bench.answers_server import ACTION, SECRET
from tests.bench.municipality_office import at, find_top, fresh_office, report, take_time
from tests.bench.rows import Row, Scale
from tests.office import Office, on, shipped

ROOT = Path(__file__).parents[2]
CONNECTIONS = 16
ALONE = 200  # answers over a single connection
WARM_UP = 50
NAMED, SEALED = "unused_competence", "pulse"
FORMS = {NAMED: {"tasks": "Opplæring av nyansatte"}, SEALED: {"looked_forward": "weekly", "used_strengths": "weekly"}}
BEFORE = {
    NAMED: Progress("tell", {"has_more": "yes", "competence": "Litauisk og tegnspråk"}),
    SEALED: Progress(),
}


@dataclass(frozen=True)
class Pace:
    per_second: float
    p50: float  # milliseconds
    p99: float


class Questions:
    """The answers that are still to come in one run: who, and by which link."""

    def __init__(self, office: Office, run: Run, people: Sequence[int]) -> None:
        self.run, self._parts, self._flow = run, office.parts, run.flow
        self._people = iter(people)
        self._links = _make_links(office, run, people)

    def take(self, way: str, count: int) -> list[bytes]:
        """So many requests, each of somebody who has not answered."""
        requests = [self._request(way, person) for person in islice(self._people, count)]
        assert len(requests) == count, "there are too few people"
        return requests

    def _request(self, way: str, person: int) -> bytes:
        _, _, link, secret = self._links[person].split("/")
        token = hmac.digest(self._parts.keys.server_secret("forms"), secret.encode(), "sha256").hex()
        document = {"run": self.run.id, "person": person, "progress": BEFORE[self._flow].to_json()}
        fields = {"csrf": token, "state": close_state(self._parts, document), "action": "send", **FORMS[self._flow]}
        return post(
            f"/{way}/{link}", urlencode(fields), "application/x-www-form-urlencoded", f"Cookie: medvirk={secret}"
        )


def _make_links(office: Office, run: Run, people: Sequence[int]) -> dict[int, str]:
    """A link for each to answer by, and one to the own page, as everybody has."""
    key, paths, rows = office.parts.keys.server_secret("links"), {}, []
    for person in people:
        for purpose, target in ((Purpose.run, run.id or 0), (Purpose.home, 0)):
            link = Link(
                id=hashlib.sha256(f"{run.id} {purpose} {person}".encode()).hexdigest()[:12],
                secret_hash="",
                person_id=person,
                purpose=purpose,
                target=target,
                expires_at=run.closes_at,
            )
            path = link_path(key, link)
            link.secret_hash = hashlib.sha256(path.rpartition("/")[2].encode()).hexdigest()
            rows.append(link.model_dump())
            if purpose is Purpose.run:
                paths[person] = path
    with office.parts.store.writing() as session:
        insert_missing(session, Link, rows)
    return paths


def make_taps(count: int) -> list[bytes]:
    """A button pressed in a chat, signed, so many times."""
    payload = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U2", "team_id": "T1"},
        "api_app_id": "A1",
        "token": "x",
        "container": {"type": "message", "message_ts": "1", "channel_id": "D1"},
        "trigger_id": "1.2.x",
        "channel": {"id": "D1", "name": "directmessage"},
        "response_url": "https://hooks.slack.example/x",
        "actions": [{"action_id": ACTION, "block_id": "b", "type": "button", "value": "weekly", "action_ts": "1"}],
    }
    body, now = urlencode({"payload": dumps(payload)}), str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{now}:{body}".encode(), "sha256").hexdigest()
    headers = f"X-Slack-Request-Timestamp: {now}\r\nX-Slack-Signature: v0={signature}"
    return [post("/slack/events", body, "application/x-www-form-urlencoded", headers)] * count


def post(path: str, body: str, kind: str, headers: str) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{headers}"
    )
    return f"{head}\r\n\r\n{body}".encode()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> None:
    """One request and its whole answer, which must be a 200."""
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next((one for one in head.split(b"\r\n") if one.lower().startswith(b"content-length:")), b":0")
    await reader.readexactly(int(length.partition(b":")[2]))
    assert b" 200 " in head[:16], head


async def drive(port: int, requests: Sequence[bytes], connections: int) -> Pace:
    """Send them, each connection one after the other. Each must be answered with 200."""
    waiting, took = iter(requests), list[float]()

    async def go() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for request in waiting:
            began = time.perf_counter()
            await ask(reader, writer, request)
            took.append(time.perf_counter() - began)
        writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(go() for _ in range(connections)))
    seconds = time.perf_counter() - began
    took.sort()
    return Pace(len(took) / seconds, 1_000 * median(took), 1_000 * took[int(len(took) * 0.99)])


@contextmanager
def serving_process(
    *arguments: str, of: str = "tests.bench.answers_server"
) -> Iterator[tuple[int, "subprocess.Popen[str]"]]:
    """The server in a process of its own: its port, and the process."""
    command = [sys.executable, "-m", of, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield int(process.stdout.readline()), process
        process.stdin.close()
        process.wait(30)


@contextmanager
def serving(*arguments: str, of: str = "tests.bench.answers_server") -> Iterator[int]:
    """The same: its port."""
    with serving_process(*arguments, of=of) as (port, _):
        yield port


def open_run(office: Office, flow: str) -> Questions:
    top, occurrence = find_top(office), Occurrence(at(12).date(), "09:00", "Europe/Oslo", at(12))
    work = lambda session: open_runs_of(session, office.parts, office.flows[flow], top, occurrence)  # noqa: E731
    _, runs = take_time(office, work)
    with office.reading() as session:
        people = session.exec(select(Participation.person_id).where(Participation.run_id == runs[0].id)).all()
    return Questions(office, runs[0], people)


def measure(scale: Scale) -> Iterator[Row]:
    """The rows of one database."""
    ways = (("stored", NAMED), ("stored", SEALED), ("spoken", NAMED), ("spoken", SEALED), ("l", NAMED), ("l", SEALED))
    each = scale.rounds * (scale.answers + ALONE) + WARM_UP
    flows = [shipped(name, schedule=on("2027-01-12"), minutes=0.5) for name in (NAMED, SEALED)]
    with fresh_office(int(each * 3 * 1.15), flows) as office:
        questions = {flow: open_run(office, flow) for flow in (NAMED, SEALED)}
        key = questions[SEALED].run.public_key or b""
        ours = ("ours", "--database", office.parts.store.url.render_as_string(hide_password=False), "--folder")
        sealing = ("--sealed-with", key.hex(), "--padded-to", str(padded_size(office.flows[SEALED])))
        folder = str(office.parts.keys.folder.parent)
        many: dict[tuple[str, str], list[Pace]] = {}
        alone: dict[tuple[str, str], list[Pace]] = {}
        with (
            serving(*ours, folder) as plain,
            serving(*ours, folder, *sealing) as sealed,
            serving("bolt") as bolt,
            serving("bolt", "--before-response") as quick_bolt,
        ):
            ports = {NAMED: plain, SEALED: sealed}
            bolts = {("bolt", ""): bolt, ("bolt before response", ""): quick_bolt}
            for way in (*ways, *bolts):
                port = bolts.get(way) or ports[way[1]]

                def take(count: int, way: tuple[str, str] = way) -> list[bytes]:
                    return make_taps(count) if way in bolts else questions[way[1]].take(way[0], count)

                asyncio.run(drive(port, take(WARM_UP), 4))
            for number in range(scale.rounds):
                for way in (*bolts, *ways):
                    report(f"{scale.database}, answers, round {number + 1}: {' '.join(way)}")
                    port = bolts.get(way) or ports[way[1]]
                    requests = (
                        make_taps if way in bolts else lambda count, way=way: questions[way[1]].take(way[0], count)
                    )
                    many.setdefault(way, []).append(asyncio.run(drive(port, requests(scale.answers), CONNECTIONS)))
                    alone.setdefault(way, []).append(asyncio.run(drive(port, requests(ALONE), 1)))
    yield from _compare(scale, many, alone)


def _compare(
    scale: Scale, many: dict[tuple[str, str], list[Pace]], alone: dict[tuple[str, str], list[Pace]]
) -> Iterator[Row]:
    bare = ("bolt", "")
    aim = "≥ 0.90" if scale.database == "SQLite" else "≥ 0.85"
    rows = (
        (("stored", NAMED), "stored by name, empty reply", aim),
        (("stored", SEALED), "stored sealed, empty reply", "≥ 0.70"),
        (("spoken", NAMED), "by name, the conversation too", ""),
        (("spoken", SEALED), "sealed, the conversation too", ""),
        (("l", NAMED), "by name, the page too", ""),
        (("l", SEALED), "sealed, the page too", ""),
        (("bolt before response", ""), "Bolt with process_before_response, nothing stored", ""),
    )

    def rate(paces: Sequence[Pace]) -> str:
        return f"{median(one.per_second for one in paces):,.0f}/s"

    def p50(paces: Sequence[Pace]) -> str:
        return f"{median(one.p50 for one in paces):.2f} ms"

    for way, says, aimed in rows:
        ratio = median(ours.per_second / base.per_second for ours, base in zip(many[way], many[bare], strict=True))
        where = "" if "bolt" in way[0] else f"{scale.database}: "
        yield Row(f"{where}{CONNECTIONS} connections, {says}", rate(many[way]), rate(many[bare]), ratio, aimed)
    for way, says, _ in rows:
        ratio = median(ours.p50 / base.p50 for ours, base in zip(alone[way], alone[bare], strict=True))
        where, aimed = ("", "") if "bolt" in way[0] else (f"{scale.database}: ", "≤ 0.20" if way[0] == "stored" else "")
        yield Row(f"{where}p50 at one connection, {says}", p50(alone[way]), p50(alone[bare]), ratio, aimed)
