"""The mail channel against a real mail server: what arrives, and what each refusal means."""

import asyncio
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.channels.mail.channel import MailChannel
from tests.http_server import Answers, http_server
from tests.mail_server import (
    PASSWORD,
    SENDER,
    TOKEN,
    USER,
    Box,
    mail_server,
    mail_settings,
    make_certificate,
    with_password,
)
from tests.sample_cards import DIGEST, DOOR

ADA = "ada.berg@solvik.example"


def send(port: int, card: Card = DOOR, address: str = ADA, delivery_id: int = 7, **chosen: Any) -> str:
    channel = MailChannel(mail_settings(port, **chosen), "Solvik kommune", b"key")

    async def send_and_part() -> str:
        try:
            return await channel.send(address, card, delivery_id)
        finally:
            await asyncio.sleep(0.1)  # the two sides of TLS say goodbye after the last word

    return asyncio.run(send_and_part())


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def port(box: Box) -> Iterator[int]:
    with mail_server(box) as port:
        yield port


def test_a_card_arrives_as_text_and_html_with_what_machines_should_know(port: int, box: Box) -> None:
    name = send(port, DIGEST)

    mail, envelope = box.mails[0], box.envelopes[0]
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, [ADA])
    assert (mail["Subject"], mail["To"]) == ("Avdeling 2", ADA)
    assert mail["From"] == f'"Medvirk, Solvik kommune" <{SENDER}>'
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{name}>"
    assert mail["Date"] is not None
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]


def test_the_name_of_a_mail_tells_nothing_but_the_number_of_its_delivery(port: int, box: Box) -> None:
    names = {send(port, address=address, delivery_id=7) for address in (ADA, "grace.lie@solvik.example")}

    assert len(names) == 2
    for name in names:
        local, _, domain = name.partition("@")
        assert domain == "solvik.example"
        assert local.split(".")[0] == "7"
        assert "ada" not in local
        assert "berg" not in local


def test_starttls_encrypts_before_anything_is_said(box: Box, certificate: Path) -> None:
    with mail_server(box, security="starttls", certificate=certificate, asks=True) as port:
        send(port, security="starttls", ca_file=certificate, **with_password())

    assert box.was_encrypted == [True]
    assert box.secrets == [PASSWORD]


def test_tls_from_the_first_byte_works_too(box: Box, certificate: Path) -> None:
    with mail_server(box, security="tls", certificate=certificate) as port:
        send(port, security="tls", ca_file=certificate)

    assert box.was_encrypted == [True]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_server_whose_certificate_nobody_vouches_for_gets_neither_mail_nor_password(
    box: Box, certificate: Path, security: str
) -> None:
    with (
        mail_server(box, security=security, certificate=certificate, asks=True) as port,
        pytest.raises(DeliveryError, match="MEDVIRK_MAIL_HOST") as refused,
    ):
        send(port, security=security, **with_password())

    assert (box.mails, box.secrets) == ([], [])
    assert refused.value.whole_lane
    assert not refused.value.permanent


def test_a_server_that_offers_no_encryption_gets_no_mail_where_it_was_asked_for(port: int, box: Box) -> None:
    with pytest.raises(DeliveryError, match="MEDVIRK_MAIL_HOST"):
        send(port, security="starttls")

    assert box.mails == []


def test_a_token_opens_the_server_and_is_fetched_once(box: Box) -> None:
    answers = Answers([(200, {"access_token": TOKEN, "expires_in": 3600})])
    with http_server(answers) as url, mail_server(box, asks=True) as port:
        chosen = {"user": USER, "token_url": url, "client_id": "app", "client_secret": SecretStr("made-up")}
        channel = MailChannel(mail_settings(port, **chosen), "Solvik kommune", b"key")

        async def send_twice() -> None:
            await channel.send(ADA, DOOR, 1)
            await channel.send(ADA, DOOR, 2)

        asyncio.run(send_twice())

    assert len(box.mails) == 2
    assert len(set(box.secrets)) == 1
    assert [one.form["grant_type"] for one in answers.received] == [["client_credentials"]]
    assert answers.received[0].form["scope"] == ["https://outlook.office365.com/.default"]


def test_a_token_that_is_not_taken_is_fetched_anew_the_next_time(box: Box) -> None:
    answers = Answers([(200, {"access_token": TOKEN}), (200, {"access_token": "a new one"})])
    with http_server(answers) as url, mail_server(box, asks=True) as port:
        chosen = {"user": USER, "token_url": url, "client_id": "app", "client_secret": SecretStr("made-up")}
        channel = MailChannel(mail_settings(port, **chosen), "Solvik kommune", b"key")

        async def send_twice() -> None:
            box.takes_tokens = False
            with pytest.raises(DeliveryError, match="MEDVIRK_MAIL_USER"):
                await channel.send(ADA, DOOR, 1)
            box.takes_tokens = True
            await channel.send(ADA, DOOR, 1)

        asyncio.run(send_twice())

    assert len(answers.received) == 2
    assert len(box.mails) == 1


@pytest.mark.parametrize(
    "answer", [(401, {"error": "invalid_client"}), (200, {"nothing": 1}), (200, "tull"), (500, "")]
)
def test_without_a_token_nothing_is_tried_and_the_variable_is_named(box: Box, answer: tuple[int, object]) -> None:
    with http_server(Answers([answer])) as url, mail_server(box, asks=True) as port:
        chosen: dict[str, Any] = {"user": USER, "token_url": url, "client_id": "app"}
        chosen["client_secret"] = SecretStr("made-up")
        with pytest.raises(DeliveryError, match="MEDVIRK_MAIL_TOKEN_URL") as refused:
            send(port, **chosen)

    assert refused.value.whole_lane
    assert "made-up" not in str(refused.value)


@pytest.mark.parametrize(
    "answer",
    ["550 5.1.1 User unknown", "550 No such user here", "553 5.1.3 Bad address", "550 5.1.10 RecipientNotFound",
     "550 5.2.1 Mailbox disabled", "550 5.4.1 Recipient address rejected: Access denied"],
)  # fmt: skip
def test_an_address_that_is_nobodys_is_given_up(port: int, box: Box, answer: str) -> None:
    box.to_recipient = answer

    with pytest.raises(DeliveryError) as refused:
        send(port)

    assert refused.value.permanent
    assert ADA not in str(refused.value)


@pytest.mark.parametrize(
    "answer",
    ["450 4.2.0 Greylisted, come again", "451 Try later", "452 4.2.2 Mailbox full", "552 5.2.2 Mailbox full",
     "550 5.7.1 Relaying denied", "554 5.7.1 Service unavailable; blocked", "554 Go away", "421 4.3.2 Closing"],
)  # fmt: skip
def test_what_is_not_the_addresss_fault_is_tried_again(port: int, box: Box, answer: str) -> None:
    box.to_recipient = answer

    with pytest.raises(DeliveryError) as refused:
        send(port)

    assert not refused.value.permanent
    assert not refused.value.uncertain
    assert refused.value.whole_lane == answer.startswith("421")


@pytest.mark.parametrize(
    "answer", ["554 5.7.1 This looks like spam", "552 5.3.4 Too large", "550 Not wanted", "451 Later"]
)
def test_a_mail_that_is_refused_for_what_it_holds_leaves_the_address_good(port: int, box: Box, answer: str) -> None:
    box.to_mail = answer

    with pytest.raises(DeliveryError) as refused:
        send(port)

    assert not refused.value.permanent
    assert not refused.value.uncertain


def test_some_servers_find_only_at_the_end_that_nobody_is_there(port: int, box: Box) -> None:
    box.to_mail = "550 5.1.1 No such mailbox"

    with pytest.raises(DeliveryError) as refused:
        send(port)

    assert refused.value.permanent


@pytest.mark.parametrize("answer", ["550 5.7.60 Not allowed to send as this sender", "451 4.7.0 Later"])
def test_a_sender_who_is_refused_is_the_installations_fault(port: int, box: Box, answer: str) -> None:
    box.to_sender = answer

    with pytest.raises(DeliveryError, match="MEDVIRK_MAIL_SENDER") as refused:
        send(port)

    assert refused.value.whole_lane
    assert not refused.value.permanent


def test_a_wrong_password_is_the_installations_fault_and_is_not_repeated_anywhere(box: Box) -> None:
    with mail_server(box, asks=True) as port, pytest.raises(DeliveryError, match="MEDVIRK_MAIL_USER") as refused:
        send(port, user=USER, password=SecretStr("a wrong one"))

    assert refused.value.whole_lane
    assert "a wrong one" not in str(refused.value)


def test_a_server_that_hangs_up_before_the_mail_leaves_is_tried_again(port: int, box: Box) -> None:
    box.to_recipient = ""

    with pytest.raises(DeliveryError) as refused:
        send(port)

    assert not refused.value.uncertain
    assert box.mails == []


def test_a_server_that_hangs_up_after_the_mail_has_left_may_have_taken_it(port: int, box: Box) -> None:
    box.to_mail = ""

    with pytest.raises(DeliveryError) as refused:
        send(port)

    assert refused.value.uncertain
    assert len(box.mails) == 1


def test_a_server_that_is_not_there_or_says_nothing_is_tried_again() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        with pytest.raises(DeliveryError, match="MEDVIRK_MAIL_HOST") as says_nothing:
            send(silent.getsockname()[1], timeout_seconds=0.2)
        nobody_there = silent.getsockname()[1]
    with pytest.raises(DeliveryError, match="MEDVIRK_MAIL_HOST") as refused:
        send(nobody_there)

    assert says_nothing.value.whole_lane
    assert refused.value.whole_lane
    assert not refused.value.uncertain


def test_an_address_that_the_server_cannot_spell_is_given_up(port: int, box: Box) -> None:
    with pytest.raises(DeliveryError) as refused:
        send(port, address="åse@solvik.example")

    assert refused.value.permanent


@pytest.mark.parametrize(
    "address", ["ada@solvik.example>\r\nRCPT TO:<eve@evil.example", "ada@solvik.example\r\nDATA", "a b@solvik.example"]
)
def test_no_address_smuggles_a_command_in(port: int, box: Box, address: str) -> None:
    with pytest.raises((ValueError, DeliveryError)):
        send(port, address=address)

    assert box.mails == []


def test_encryption_is_modern(certificate: Path) -> None:
    channel = MailChannel(mail_settings(25, ca_file=certificate), "Solvik kommune", b"key")

    assert channel._tls.verify_mode is ssl.CERT_REQUIRED
    assert channel._tls.check_hostname
