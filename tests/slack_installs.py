"""Installing the app as the one does who may: from the link that was sent, over Slack's own page, and back."""

import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from pydantic import SecretStr
from sqlmodel import col, select

from bot.app import make_slack_channel
from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.installing import BACK
from bot.channels.slack.invitations import INSTALL, INVITATION_LIVES, INVITE, sign
from bot.settings.channels import SlackSettings
from storage.tables import Installation, Lane
from tests.office import ADA, GRACE, MakeOffice, Office, line
from tests.sendings import JONAS, themes
from tests.slack_proxy import Proxy
from tests.slack_server import CLIENT_ID, CLIENT_SECRET, DOMAIN, OTHER_DOMAIN, OTHER_TEAM, SIGNING_SECRET, TEAM
from tests.slack_ways import Workspace, payload

OURS = "http://127.0.0.1:8000"
SOLVIK, FJELLVIK = f"{DOMAIN}.slack.com", f"{OTHER_DOMAIN}.slack.com"
BERIT = line(120, "Berit Dahl", "Solvik", "administrator")

POST = "chat.postMessage"
EIGHT, NINE, TEN = "2027-01-04 08:00", "2027-01-04 09:00", "2027-01-04 10:00"
INSTALLED, NOT_INSTALLED = "Medvirk er installert", "Medvirk ble ikke installert"

Two = tuple[Workspace, Workspace]


def two_workspaces(office: Office, proxy: Proxy) -> Two:
    """One app before two workspaces, installed in neither."""
    settings = SlackSettings(
        client_id=CLIENT_ID,
        client_secret=SecretStr(CLIENT_SECRET),
        signing_secret=SecretStr(SIGNING_SECRET),
        api_url=proxy.url,
    )
    parts = office.parts
    channel = make_slack_channel(settings, parts.keys, parts.read_pool, parts.writer)
    assert isinstance(channel, SlackChannel)
    first = Workspace(office, proxy, channel=channel)
    return first, Workspace(office, proxy, beside=first)


class Installer:
    """Somebody with a browser, who may install apps in a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace, self.office = workspace, workspace.office
        self.slack = workspace.proxy.slack if workspace.team.endswith("1") else workspace.proxy.other
        self.cookies: dict[str, str] = {}
        self.speaks = ""  # what the browser asks for

    def invitation(self, to: str) -> str:
        """The address that `medvirk slack install-link` prints."""
        key = self.office.parts.keys.server_secret("invitations")
        return f"{OURS}{INSTALL}/{sign(key, INVITE, to, self.office.at + INVITATION_LIVES)}"

    def install(self, to: str) -> httpx.Response:
        """All of it; what is seen at the end comes back."""
        return self.open(self.say_yes(self.open(self.invitation(to))))

    def open(self, url: str) -> httpx.Response:
        """A page of ours, as the browser opens it."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {name: one for name, one in (("Cookie", cookie), ("Accept-Language", self.speaks)) if one}
        answer: httpx.Response = self.office.run(self.workspace.http.get(url, headers=headers, follow_redirects=False))
        for one in answer.headers.get_list("set-cookie"):
            name, _, value = one.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
            if "01 Jan 1970" in one or value in ("deleted", '""'):
                del self.cookies[name]
        self.workspace.http.cookies.clear()
        return answer

    def say_yes(self, sent: httpx.Response) -> str:
        """On Slack's page; where Slack sends the browser back to comes back."""
        assert sent.status_code == 302, sent.text
        asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
        page = httpx.get(f"{self.slack}/oauth/v2/authorize", params=asked, trust_env=False).text
        person = re.search(r'name="user_id" value="([^"]+)"', page)
        assert person is not None, page
        wanted = {name: asked.get(name, "") for name in ("redirect_uri", "scope", "state", "client_id")}
        answer = httpx.post(
            f"{self.slack}/oauth/v2/authorize/callback", data={**wanted, "user_id": person[1]}, trust_env=False
        )
        assert answer.headers["location"].startswith(f"{OURS}{BACK}?")
        return str(answer.headers["location"])


def open_two(make_office: MakeOffice, proxy: Proxy) -> Two:
    """An office with somebody who looks after Medvirk, before two workspaces."""
    return two_workspaces(make_office(flows=[themes("2027-01-05")], people=(ADA, GRACE, JONAS, BERIT)), proxy)


def install_both(two: Two) -> Two:
    """Installed in both; Ada and Grace are in the one, Jonas in the other."""
    solvik, fjellvik = two
    Installer(solvik).install(SOLVIK)
    Installer(fjellvik).install(FJELLVIK)
    solvik.bring_in("Ada", "Grace")
    fjellvik.bring_in("Jonas")
    return two


def rows(office: Office) -> dict[str, Installation]:
    with office.reading() as session:
        return {one.workspace: one for one in session.exec(select(Installation))}


def stopped(office: Office) -> list[str]:
    with office.reading() as session:
        return list(session.exec(select(Lane.name).where(col(Lane.stopped_at).is_not(None))))


def tokens_of(proxy: Proxy) -> dict[str, str]:
    """The token that was given for each workspace: as Slack answered, in the order of installing."""
    given = [token for method, token in proxy.tokens if method == "auth.test"]
    return {(OTHER_TEAM if one in proxy.of_other else TEAM): one for one in given}


def uninstall(workspace: Workspace, event: str = "app_uninstalled", told_at: float | None = None, **of: Any) -> None:
    workspace.proxy.revoked.add(tokens_of(workspace.proxy)[workspace.team])
    said = payload(event) | {"event_time": int(told_at or time.time() + 1)}
    said["event"] |= of
    assert workspace.send(said).status_code == 200
