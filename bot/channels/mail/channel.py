"""The mail channel: hands a card in at a mail server by SMTP, one connection a mail, and understands its refusals."""

import ssl
from collections.abc import Mapping
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponse,
    SMTPResponseException,
    SMTPSenderRefused,
)

from bot.cards import Card
from bot.channels.contract import DeliveryError
from bot.channels.mail.message import make_message
from bot.channels.mail.status import judge_reply
from bot.channels.reference import make_reference
from bot.channels.tokens import Grant, Token
from bot.outbox.pacing import Pace, Rate, at_will
from bot.settings.channels import PORTS, MailSettings

MAIL = "mail"  # the one kind of call
RETRY = timedelta(minutes=5)  # greylisting lets a second try through after about so long
RETRY_WHEN_MENDED = timedelta(minutes=15)  # somebody must do something first
SERVER_CLOSES = 421
FIRST_PERMANENT = 500


class MailChannel:
    """`key` is the server's own secret, by which a bounce is known as an answer to our mail."""

    name = "mail"
    is_safe_to_repeat = False
    at_once = 4

    def __init__(self, settings: MailSettings, organisation: str, key: bytes) -> None:
        self.rates: Mapping[str, Rate] = {MAIL: Rate(settings.per_second)} if settings.per_second else {}
        self._settings, self._organisation, self._key = settings, organisation, key
        self._token = Token(_grant_of(settings)) if settings.token_url else None
        self._tls = ssl.create_default_context()
        if settings.ca_file:
            self._tls.load_verify_locations(settings.ca_file)

    async def send(
        self, address: str, card: Card, delivery_id: int, *, reference: str = "", pace: Pace = at_will
    ) -> str:
        """The Message-ID comes back, without its angle brackets. Raises DeliveryError."""
        sender = self._settings.sender
        message_id = f"{make_reference(self._key, delivery_id, address)}@{sender.partition('@')[2]}"
        message = make_message(
            card, sender=sender, organisation=self._organisation, address=address, message_id=message_id
        )
        client = self._make_client()
        await pace(MAIL)
        try:
            await self._hand_in(client, message, address)
        except SMTPRecipientsRefused as error:
            first = error.recipients[0]
            raise _refused(first.code, first.message, about_recipient=True) from None
        except SMTPDataError as error:
            raise _refused(error.code, error.message, about_recipient=False) from None
        except SMTPNotSupported:  # SMTPUTF8 (RFC 6531)
            says = "the mail server cannot take an address with letters outside ASCII"
            raise DeliveryError(says, permanent=True) from None
        except SMTPResponseException as error:
            raise self._not_let_in(error) from None
        except (SMTPException, OSError) as error:
            if client.has_begun_to_hand_over:
                raise DeliveryError("the mail server was lost before it said yes or no", uncertain=True) from None
            raise _not_reached(error) from None
        return message_id

    async def knock(self) -> None:
        """Connect and sign in, and send nothing. Raises DeliveryError."""
        try:
            async with self._make_client():
                return
        except SMTPResponseException as error:
            raise self._not_let_in(error) from None
        except (SMTPException, OSError) as error:
            raise _not_reached(error) from None

    async def _hand_in(self, client: "_Client", message: EmailMessage, address: str) -> None:
        async with client:
            await client.send_message(message, sender=self._settings.sender, recipients=[address])

    def _make_client(self) -> "_Client":
        settings = self._settings
        return _Client(
            hostname=settings.host,
            port=settings.port or PORTS[settings.security],
            username=settings.user or None,
            password=settings.password.get_secret_value() or None,
            oauth_token_generator=self._token.get if self._token else None,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=self._tls,
            timeout=settings.timeout_seconds,
        )

    def _not_let_in(self, error: SMTPResponseException) -> DeliveryError:
        """The server refuses us, whomever the mail is for: something is wrong with the installation, not the person."""
        if isinstance(error, SMTPAuthenticationError):
            if self._token:
                self._token.forget()
            says = "the mail server refuses MEDVIRK_MAIL_USER with its password or token"
        elif isinstance(error, SMTPSenderRefused):
            says = "the mail server refuses MEDVIRK_MAIL_SENDER"
        else:
            says = "the mail server refuses to talk with us"
        wait = RETRY_WHEN_MENDED if error.code >= FIRST_PERMANENT else RETRY
        return DeliveryError(f"{says} ({error.code})", retry_after=wait, whole_lane=True)


class _Client(SMTP):
    """Knows whether the mail itself has begun to leave: if the connection is lost then, it may have arrived."""

    has_begun_to_hand_over = False

    async def data(self, message: str | bytes, /, **options: Any) -> SMTPResponse:
        self.has_begun_to_hand_over = True
        return await super().data(message, **options)


def _refused(code: int, text: str, *, about_recipient: bool) -> DeliveryError:
    """The mail was refused. Only where the server says that the address is nobody's, it is given up for good."""
    if code == SERVER_CLOSES:
        return DeliveryError(f"the mail server takes no more now ({code})", retry_after=RETRY, whole_lane=True)
    verdict = judge_reply(code, text, about_recipient=about_recipient)
    if code < FIRST_PERMANENT:
        return DeliveryError(verdict.says, retry_after=RETRY)
    return DeliveryError(verdict.says, permanent=verdict.reaches_nobody, retry_after=RETRY_WHEN_MENDED)


def _not_reached(error: Exception) -> DeliveryError:
    """No conversation came about. What TLS or the library says names the server and no person."""
    says = f"MEDVIRK_MAIL_HOST cannot be used: {error}"
    return DeliveryError(says, retry_after=RETRY, whole_lane=True)


def _grant_of(settings: MailSettings) -> Grant:
    return Grant(
        settings.token_url,
        settings.client_id,
        settings.client_secret,
        settings.scope,
        settings.timeout_seconds,
        "MEDVIRK_MAIL_TOKEN_URL",
    )
