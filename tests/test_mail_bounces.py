"""Bounces: read as mail servers write them, believed only for what was really sent, and then the next way is taken."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner
from sqlmodel import select

from bot.__main__ import main
from bot.channels.mail.bounces import read_bounce
from bot.channels.reference import make_reference
from bot.outbox.bounces import receive_bounce
from storage.tables import Delivery
from tests.bounced import exchange, gmail, out_of_office, postfix, read_receipt, reply
from tests.mail_ways import ADA, deliveries_to, open_office, unreachable
from tests.office import MakeOffice, Office, messages_of

Shape = Callable[..., bytes]
SHAPES = (postfix, exchange, gmail)


class Sent(NamedTuple):
    """A question that went to Ada by mail, and the Message-ID it had."""

    office: Office
    message_id: str

    def receive(self, content: bytes) -> str:
        parts, at = self.office.parts, self.office.at
        said: str = parts.writer.do_now(lambda session: receive_bounce(session, parts, content, at))
        return said


@pytest.fixture
def sent(make_office: MakeOffice) -> Sent:
    office, _, _ = open_office(make_office, ADA)
    office.pass_time("2027-01-04 12:00")
    return Sent(office, find_message_id(office))


def find_message_id(office: Office, kind: str = "question", address: str = "ada@solvik.example") -> str:
    with office.reading() as session:
        delivery_id = session.exec(select(Delivery.id).where(Delivery.kind == kind, Delivery.channel == "mail")).one()
    return f"{make_reference(office.parts.keys.server_secret('mail'), delivery_id or 0, address)}@solvik.example"


@pytest.mark.parametrize("shape", SHAPES)
def test_a_bounce_closes_the_address_and_the_message_takes_the_next_way(sent: Sent, shape: Shape) -> None:
    said = sent.receive(shape(sent.message_id))
    sent.office.beat()

    assert "the address is not used again" in said
    assert unreachable(sent.office) == {"ada@solvik.example": f"nobody has this address ({read_status(shape)})"}
    assert deliveries_to(sent.office, "Ada", "question") == [("mail", "failed"), ("sms", "sent")]
    assert len(messages_of(sent.office.home("Ada"))) == 2  # each message once


def read_status(shape: Shape) -> str:
    bounce = read_bounce(shape("x"))
    assert bounce is not None
    return bounce.status


@pytest.mark.parametrize("shape", SHAPES)
def test_a_bounce_that_comes_twice_changes_nothing_more(sent: Sent, shape: Shape) -> None:
    sent.receive(shape(sent.message_id))
    sent.office.beat()
    before = deliveries_to(sent.office, "Ada", "question")

    said = sent.receive(shape(sent.message_id))
    sent.office.beat()

    assert "known to have failed" in said
    assert deliveries_to(sent.office, "Ada", "question") == before


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(("status", "action"), [("4.4.1", "delayed"), ("4.2.2", "delayed"), ("2.0.0", "delivered")])
def test_a_mail_that_is_only_late_or_came_after_all_is_left_alone(
    sent: Sent, shape: Shape, status: str, action: str
) -> None:
    said = sent.receive(shape(sent.message_id, status, action))

    assert "nothing was done" in said
    assert deliveries_to(sent.office, "Ada", "question") == [("mail", "sent")]
    assert unreachable(sent.office) == {}


@pytest.mark.parametrize("status", ["4.4.7", "5.2.2", "5.7.1", "5.4.7"])
def test_a_mail_that_was_given_up_for_another_reason_takes_the_next_way_and_the_address_stays_good(
    sent: Sent, status: str
) -> None:
    said = sent.receive(postfix(sent.message_id, status))
    sent.office.beat()

    assert "the address is kept" in said
    assert unreachable(sent.office) == {}
    assert deliveries_to(sent.office, "Ada", "question") == [("mail", "failed"), ("sms", "sent")]


@pytest.mark.parametrize("shape", [reply, out_of_office, read_receipt])
def test_replies_absences_and_receipts_are_passed_over(sent: Sent, shape: Shape) -> None:
    said = sent.receive(shape(sent.message_id))

    assert said.startswith("no bounce")
    assert unreachable(sent.office) == {}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_bounce_for_a_mail_that_was_never_sent_is_not_believed(sent: Sent, shape: Shape) -> None:
    number, rest = sent.message_id.split(".", 1)
    forged = [
        f"{number}.{'0' * 24}@solvik.example",
        f"{int(number) + 1}.{rest}",
        "9" * 30 + "." + rest,
        "nothing of ours@solvik.example",
        make_reference(b"another key", int(number), "ada@solvik.example") + "@solvik.example",
    ]

    for one in forged:
        assert sent.receive(shape(one)).startswith("not about a mail that Medvirk sent")

    assert unreachable(sent.office) == {}
    assert deliveries_to(sent.office, "Ada", "question") == [("mail", "sent")]


def test_the_number_of_a_deleted_reminder_points_to_nobody_else(sent: Sent) -> None:
    """SQLite gives the id of a deleted row away again; the proof in the Message-ID holds for one address alone."""
    number = int(sent.message_id.split(".")[0])
    old = make_reference(sent.office.parts.keys.server_secret("mail"), number, "grace@solvik.example")

    assert sent.receive(postfix(f"{old}@solvik.example")).startswith("not about a mail that Medvirk sent")


def test_what_is_said_about_a_bounce_names_nobody(sent: Sent, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")

    said = [sent.receive(one(sent.message_id)) for one in (reply, postfix, exchange)]

    for line in [*said, caplog.text]:
        assert "ada" not in line.lower()


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 1000, b"\xff\xfe", b"Content-Type: multipart/report; report-type=delivery-status\n\n", b"--" * 999,
     b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n\n--b--\n",
     b"Content-Type: message/delivery-status\n\ntull", "Subject: æøå\n\nHei".encode("latin-1")],
)  # fmt: skip
def test_what_is_no_mail_at_all_is_passed_over(sent: Sent, content: bytes) -> None:
    assert "nothing was done" in sent.receive(content)


def test_an_address_behind_which_one_mailbox_works_is_good() -> None:
    works = postfix("x").replace(
        b"\r\n--B/mx\r\nContent-Description: Undelivered",
        b"\r\nFinal-Recipient: rfc822; second@solvik.example\r\nAction: delivered\r\nStatus: 2.0.0\r\n"
        b"\r\n--B/mx\r\nContent-Description: Undelivered",
    )

    bounce = read_bounce(works)

    assert bounce is not None
    assert not bounce.has_failed


class Installation(NamedTuple):
    folder: Path
    bounce: Callable[..., tuple[int, str]]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Installation:
    monkeypatch.setenv("MEDVIRK_DATABASE_URL", database_url)
    monkeypatch.setenv("MEDVIRK_KEYS_DIR", str(tmp_path / "keys"))

    def bounce(argument: str, piped: bytes = b"") -> tuple[int, str]:
        done = CliRunner().invoke(main, ["mail", "bounce", argument], input=io.BytesIO(piped))
        return done.exit_code, done.output

    return Installation(tmp_path, bounce)


def test_the_command_takes_a_pipe_a_file_a_folder_and_a_maildir(installation: Installation) -> None:
    folder, maildir = installation.folder / "bounces", installation.folder / "Maildir"
    for one in (folder, maildir / "new", maildir / "cur", maildir / "tmp"):
        one.mkdir(parents=True)
    for place in (folder / "1.eml", folder / "2.eml", maildir / "new" / "a", maildir / "cur" / "b:2,S"):
        place.write_bytes(postfix("1.x@solvik.example"))
    (maildir / "tmp" / "half").write_bytes(b"half a mail")

    piped = installation.bounce("-", reply("1.x@solvik.example"))
    counts = [installation.bounce(str(one)) for one in (folder / "1.eml", folder, maildir)]

    assert piped == (0, "no bounce: a reply, an absence or something else; nothing was done\n")
    assert [code for code, _ in counts] == [0, 0, 0]
    assert [len(said.splitlines()) for _, said in counts] == [1, 2, 2]


def test_where_the_database_cannot_be_used_the_mail_server_is_asked_to_come_again(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEDVIRK_DATABASE_URL", f"sqlite:///{installation.folder}")

    code, said = installation.bounce("-", postfix("1.x@solvik.example"))

    assert code == 75
    assert "MEDVIRK_DATABASE_URL" in said


def test_a_file_that_is_not_there_is_a_mistake_in_the_command(installation: Installation) -> None:
    assert installation.bounce(str(installation.folder / "nowhere"))[0] == 2
