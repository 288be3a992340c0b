"""Installing the app in several workspaces: who may, where, once, and what of it is kept how."""

import gzip
import logging
from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.slack.invitations import STATE, sign
from storage.backup.making import back_up
from tests.office import said
from tests.slack_installs import (
    INSTALLED,
    NINE,
    NOT_INSTALLED,
    OURS,
    POST,
    SOLVIK,
    Installer,
    Two,
    rows,
    tokens_of,
    uninstall,
)
from tests.slack_proxy import refused
from tests.slack_server import OTHER_TEAM, TEAM

pytestmark = pytest.mark.node


def test_without_an_invitation_nobody_gets_to_slack(two: Two) -> None:
    someone = Installer(two[0])

    for url in (f"{OURS}/slack/install", f"{OURS}/slack/install/", f"{OURS}/slack/install/made.up"):
        assert someone.open(url).status_code in (403, 404)


def test_an_invitation_is_over_after_an_hour(two: Two) -> None:
    admin = Installer(two[0])
    link = admin.invitation(SOLVIK)
    admin.office.world.at += timedelta(hours=1)

    page = admin.open(link)

    assert page.status_code == 403
    assert "gjelder i én time" in page.text


@pytest.mark.parametrize("named", [SOLVIK, TEAM])
def test_an_invitation_names_the_workspace_by_its_address_or_its_id(two: Two, named: str) -> None:
    page = Installer(two[0]).install(named)

    assert (page.status_code, INSTALLED in page.text) == (200, True)
    assert list(rows(two[0].office)) == [TEAM]


def test_an_invitation_to_one_workspace_opens_no_other_and_what_slack_gave_is_given_back(two: Two) -> None:
    _, strangers = two

    page = Installer(strangers).install(SOLVIK)

    assert page.status_code == 403
    assert NOT_INSTALLED in page.text
    assert rows(strangers.office) == {}
    assert strangers.proxy.revoked == {tokens_of(strangers.proxy)[OTHER_TEAM]}


def test_one_that_is_installed_already_and_chosen_by_mistake_goes_on(installed: Two) -> None:
    solvik, fjellvik = installed

    page = Installer(fjellvik).install(SOLVIK)

    assert INSTALLED in page.text
    assert solvik.proxy.revoked == set()
    assert [one.gone_at for one in rows(solvik.office).values()] == [None, None]


def test_an_invitation_is_no_state(two: Two) -> None:
    admin = Installer(two[0])
    back = admin.say_yes(admin.open(admin.invitation(SOLVIK)))
    invitation = admin.invitation(SOLVIK).rpartition("/")[2]
    state = back.partition("state=")[2]
    admin.cookies = {"slack-app-oauth-state": invitation}

    assert admin.open(back.replace(state, invitation)).status_code == 401
    assert rows(admin.office) == {}


@pytest.mark.parametrize("how", ["forged", "expired", "another browser", "none"])
def test_a_state_that_is_not_ours_now_and_here_is_refused(two: Two, how: str) -> None:
    admin = Installer(two[0])
    back = admin.say_yes(admin.open(admin.invitation(SOLVIK)))
    state = back.partition("state=")[2]
    if how == "forged":
        forged = sign(b"another key", STATE, SOLVIK, admin.office.at + timedelta(minutes=5))
        back, admin.cookies = back.replace(state, forged), {"slack-app-oauth-state": forged}
    elif how == "expired":
        admin.office.world.at += timedelta(minutes=10)
    elif how == "another browser":
        admin.cookies = {}
    else:
        back = back.partition("&state=")[0]

    page = admin.open(back)

    assert page.status_code in (400, 401)
    assert NOT_INSTALLED in page.text
    assert (rows(admin.office), admin.workspace.proxy.called("oauth.v2.access")) == ({}, [])


def test_what_came_back_once_is_refused_the_second_time(two: Two) -> None:
    admin = Installer(two[0])
    back = admin.say_yes(admin.open(admin.invitation(SOLVIK)))
    cookies = dict(admin.cookies)
    admin.open(back)
    first = rows(admin.office)[TEAM].sealed

    again = admin.open(back)
    admin.cookies = cookies
    with_cookie = admin.open(back)

    assert (again.status_code, with_cookie.status_code) == (400, 401)
    assert rows(admin.office)[TEAM].sealed == first


def test_a_no_on_slacks_page_changes_nothing(two: Two) -> None:
    admin = Installer(two[0])
    admin.open(admin.invitation(SOLVIK))

    page = admin.open(f"{OURS}/slack/oauth_redirect?error=access_denied")

    assert NOT_INSTALLED in page.text
    assert rows(admin.office) == {}


@pytest.mark.parametrize(
    ("speaks", "language"), [("nn-NO,nn;q=0.9,en;q=0.5", "nn"), ("en-GB", "en"), ("no", "nb"), ("pl", "nb"), ("", "nb")]
)
def test_every_page_on_the_way_speaks_as_the_browser_asks(two: Two, speaks: str, language: str) -> None:
    solvik, fjellvik = two
    admin, stranger = Installer(solvik), Installer(fjellvik)
    admin.speaks = stranger.speaks = speaks

    seen = {
        "slack_not_invited": admin.open(f"{OURS}/slack/install/made.up"),
        "slack_not_installed": admin.open(f"{OURS}/slack/oauth_redirect?error=access_denied"),
        "slack_other_workspace": stranger.install(SOLVIK),
        "slack_installed": admin.install(SOLVIK),
    }

    for key, page in seen.items():
        assert f'<html lang="{language}">' in page.text
        assert f"<h1>{said(f'trouble.{key}_title', language)}</h1>" in page.text
    assert "Solvik kommune" in seen["slack_installed"].text


# Tokens


@pytest.mark.sqlite
def test_no_token_lies_in_the_clear_in_database_backup_log_or_page(
    installed: Two, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    solvik, fjellvik = installed
    office = solvik.office
    caplog.set_level(logging.DEBUG, logger="medvirk")
    office.pass_time(NINE)
    solvik.proxy.plan(POST, refused("invalid_auth"))
    uninstall(fjellvik)
    office.pass_time("2027-01-05 12:00")
    secrets = [one.encode() for one in {*tokens_of(solvik.proxy).values(), "made-up-client-secret"}]
    file = Path(str(office.parts.store.url.database))
    copy = tmp_path / "backup.gz"
    back_up(office.parts.store, office.parts.keys, copy, office.at)

    lies = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*")) + gzip.decompress(copy.read_bytes())
    assert all(len(one) > 20 for one in secrets)
    assert [one for one in secrets if one in lies or one.decode() in caplog.text] == []
