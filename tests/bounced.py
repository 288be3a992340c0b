"""Bounces as mail servers write them. The shapes are the servers'; the people and the texts are made up."""

from textwrap import dedent


def postfix(message_id: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    return _mail(f"""\
        Return-Path: <>
        From: MAILER-DAEMON@mx.solvik.example (Mail Delivery System)
        To: medvirk@solvik.example
        Subject: Undelivered Mail Returned to Sender
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="B/mx"

        --B/mx
        Content-Description: Notification
        Content-Type: text/plain; charset=us-ascii

        I'm sorry to have to inform you that your message could not be delivered.
        <ada@solvik.example>: host mx said: 550 5.1.1 <ada@solvik.example>: unknown

        --B/mx
        Content-Description: Delivery report
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.solvik.example
        X-Postfix-Queue-ID: 4XyZ

        Final-Recipient: rfc822; ada@solvik.example
        Original-Recipient: rfc822;ada@solvik.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550 {status} unknown

        --B/mx
        Content-Description: Undelivered Message
        Content-Type: message/rfc822

        From: medvirk@solvik.example
        To: ada@solvik.example
        Subject: Pulsen
        Message-ID: <{message_id}>

        Hei
        --B/mx--
        """)


def exchange(message_id: str, status: str = "5.1.10", action: str = "failed") -> bytes:
    """Exchange Online: words and HTML first, the original's headers in the rfc822 part, a long diagnostic."""
    return _mail(f"""\
        From: Microsoft Outlook <postmaster@solvik.example>
        To: <medvirk@solvik.example>
        Content-Type: multipart/report; report-type=delivery-status;
        \tboundary="_000_made-up_"
        X-MS-Exchange-Message-Is-Ndr:
        In-Reply-To: <{message_id}>
        References: <{message_id}>
        Subject: Kan ikke leveres: Pulsen
        Auto-Submitted: auto-replied
        MIME-Version: 1.0

        --_000_made-up_
        Content-Type: multipart/alternative; boundary="_inner_"

        --_inner_
        Content-Type: text/plain; charset="utf-8"
        Content-Transfer-Encoding: base64

        TWVsZGluZ2VuIGtvbSBpa2tlIGZyYW0u

        --_inner_
        Content-Type: text/html; charset="utf-8"
        Content-Transfer-Encoding: quoted-printable

        <p>Meldingen kom ikke fram.=20</p>

        --_inner_--
        --_000_made-up_
        Content-Type: message/delivery-status

        Reporting-MTA: dns;AM0P123.eurprd01.prod.outlook.com

        Final-Recipient: rfc822;ada@solvik.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp;550 {status} RESOLVER.ADR.RecipientNotFound; not found

        --_000_made-up_
        Content-Type: message/rfc822

        From: Medvirk <medvirk@solvik.example>
        Message-ID: <{message_id}>

        --_000_made-up_--
        """)


def gmail(message_id: str, status: str = "5.1.1", action: str = "failed") -> bytes:
    """Gmail: related parts with a picture, and the original's headers only, as text/rfc822-headers."""
    return _mail(f"""\
        Return-Path: <>
        From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>
        To: medvirk@solvik.example
        Auto-Submitted: auto-replied
        Subject: Delivery Status Notification (Failure)
        X-Failed-Recipients: ada@solvik.example
        MIME-Version: 1.0
        Content-Type: multipart/report; boundary="0000made"; report-type=delivery-status

        --0000made
        Content-Type: multipart/related; boundary="0001made"

        --0001made
        Content-Type: text/plain; charset="UTF-8"

        ** Address not found **

        --0001made
        Content-Type: image/png; name="icon.png"
        Content-Transfer-Encoding: base64

        iVBORw0KGgo=
        --0001made--
        --0000made
        Content-Type: message/delivery-status

        Reporting-MTA: dns; googlemail.com
        Arrival-Date: Mon, 04 Jan 2027 00:01:00 -0800 (PST)

        Final-Recipient: rfc822; ada@solvik.example
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; 550-{status} The email account that you tried to reach does not exist.

        --0000made
        Content-Type: text/rfc822-headers

        From: medvirk@solvik.example
        Message-ID: <{message_id}>
        Subject: Pulsen

        --0000made--
        """)


def reply(message_id: str) -> bytes:
    return _mail(f"""\
        From: Ada Berg <ada@solvik.example>
        To: medvirk@solvik.example
        Subject: Sv: Pulsen
        In-Reply-To: <{message_id}>
        Content-Type: text/plain; charset=utf-8

        Takk! Status: 5.1.1 Action: failed, haha.
        """)


def out_of_office(message_id: str) -> bytes:
    return _mail(f"""\
        From: Ada Berg <ada@solvik.example>
        To: medvirk@solvik.example
        Subject: Automatisk svar: Pulsen
        In-Reply-To: <{message_id}>
        Auto-Submitted: auto-replied
        X-Auto-Response-Suppress: All

        Jeg er tilbake mandag.
        """)


def read_receipt(message_id: str) -> bytes:
    return _mail(f"""\
        From: Ada Berg <ada@solvik.example>
        To: medvirk@solvik.example
        Content-Type: multipart/report; report-type=disposition-notification; boundary="r"

        --r
        Content-Type: text/plain

        Lest.
        --r
        Content-Type: message/disposition-notification

        Original-Message-ID: <{message_id}>
        Disposition: manual-action/MDN-sent-manually; displayed

        --r--
        """)


def _mail(text: str) -> bytes:
    return dedent(text).replace("\n", "\r\n").encode()
