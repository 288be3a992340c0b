"""The app in several workspaces: who may install it, what it writes with in each, and what happens where it goes."""

import gzip
import logging
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.channels.slack.invitations import STATE, sign
from storage.addresses import NotReached, leaders_not_reached
from storage.backing_up import back_up
from storage.natural import SLACK
from storage.tables import Address, Installation, Lane, LogEntry
from storage.tables.sending import DeliveryKind
from tests.mail_ways import deliveries_to
from tests.office import ADA, GRACE, MakeOffice, Office, line, messages_of
from tests.sendings import JONAS, themes
from tests.slack_installs import FJELLVIK, OURS, SOLVIK, Installer, two_workspaces
from tests.slack_proxy import Proxy, refused
from tests.slack_server import OTHER_TEAM, TEAM
from tests.slack_ways import SlackPerson, Workspace, payload

pytestmark = pytest.mark.node
POST = "chat.postMessage"
EIGHT, NINE, TEN = "2027-01-04 08:00", "2027-01-04 09:00", "2027-01-04 10:00"
BERIT = line(120, "Berit Dahl", "Solvik", "administrator")
INSTALLED, NOT_INSTALLED = "Medvirk er installert", "Medvirk ble ikke installert"

Two = tuple[Workspace, Workspace]


@pytest.fixture
def two(make_office: MakeOffice, two_slacks: Proxy) -> Two:
    office = make_office(flows=[themes("2027-01-05")], people=(ADA, GRACE, JONAS, BERIT))
    return two_workspaces(office, two_slacks)


@pytest.fixture
def installed(two: Two) -> Two:
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


def test_a_message_leaves_in_each_workspace_with_what_was_given_there(installed: Two) -> None:
    solvik, fjellvik = installed

    solvik.office.pass_time(NINE)

    used = [token for method, token in solvik.proxy.tokens if method == POST]
    given = tokens_of(solvik.proxy)
    assert sorted(used) == sorted([given[TEAM], given[TEAM], given[OTHER_TEAM]])
    assert len(set(given.values())) == 2
    assert [len(SlackPerson(solvik, name).messages) for name in ("Ada", "Grace")] == [1, 1]
    assert len(SlackPerson(fjellvik, "Jonas").messages) == 1


def test_what_is_done_in_a_workspace_is_answered_there(installed: Two) -> None:
    solvik, fjellvik = installed
    solvik.office.pass_time(NINE)

    SlackPerson(fjellvik, "Jonas").open_home()
    SlackPerson(solvik, "Ada").open_home()

    used = [token for method, token in solvik.proxy.tokens if method == "views.publish"]
    assert used == [tokens_of(solvik.proxy)[OTHER_TEAM], tokens_of(solvik.proxy)[TEAM]]


def test_a_workspace_in_which_it_is_not_installed_gets_nothing_done(two: Two) -> None:
    solvik, _ = two
    solvik.bring_in("Ada")

    said = payload("app_home_opened")
    said["event"]["user"] = solvik.ids["Ada"]

    assert solvik.send(said).status_code == 200
    assert solvik.proxy.homes == {}


def test_each_workspace_has_a_pause_of_its_own(installed: Two) -> None:
    solvik, fjellvik = installed
    office = solvik.office
    office.pass_time(EIGHT)

    with office.reading() as session:
        lanes = {one.name for one in session.exec(select(Lane)) if one.name.startswith(SLACK)}
    assert lanes == {f"{SLACK}:{TEAM}", f"{SLACK}:{OTHER_TEAM}"}
    replica = office.parts.replica
    pacers = [replica.pacer(one, solvik.channel) for one in sorted(lanes)]
    assert pacers[0] is not pacers[1]
    assert len(SlackPerson(fjellvik, "Jonas").messages) == 1


# Out, and in again


@pytest.mark.parametrize(
    "how", [("app_uninstalled", {}), ("tokens_revoked", {"tokens": {"oauth": [], "bot": ["U0MADEUP01"]}})]
)
def test_where_it_is_taken_out_people_are_reached_elsewhere_and_the_other_goes_on(
    installed: Two, how: tuple[str, dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    solvik, _ = installed
    office = solvik.office
    office.pass_time(NINE)

    uninstall(solvik, how[0], **how[1])
    office.pass_time("2027-01-05 12:00")

    assert deliveries_to(office, "Ada", "question") == [("web", "sent")]
    assert deliveries_to(office, "Jonas", "question") == [("slack", "sent")]
    assert stopped(office) == [f"{SLACK}:{TEAM}"]
    gone = rows(office)
    assert (gone[TEAM].sealed, gone[OTHER_TEAM].gone_at) == (b"", None)
    assert gone[TEAM].gone_because == "the app was taken out of the workspace"
    assert "medvirk slack install-link" in caplog.text
    with office.reading() as session:
        assert not [one for one in session.exec(select(Address)) if one.unreachable_because]
        assert [one.action for one in session.exec(select(LogEntry)) if "workspace" in one.action] == [
            "app installed in a workspace",
            "app installed in a workspace",
            "put out of a workspace",
        ]


def test_whoever_looks_after_it_is_told_once_where_it_went_and_what_to_do(installed: Two) -> None:
    solvik, _ = installed
    office = solvik.office
    office.pass_time(NINE)

    uninstall(solvik)
    uninstall(solvik, "tokens_revoked", tokens={"bot": ["U0MADEUP01"]})
    office.pass_time(TEN)

    assert office.got(DeliveryKind.put_out) == {"Berit"}
    cards = [one for one in messages_of(office.home("Berit")) if "slipper ikke inn" in one.title]
    assert [one.title for one in cards] == ["Medvirk slipper ikke inn i Slack hos Solvik kommune"]


def test_a_token_that_is_refused_stops_the_lane_and_loses_no_message(installed: Two) -> None:
    solvik, fjellvik = installed
    office = solvik.office
    solvik.proxy.revoked.add(tokens_of(solvik.proxy)[TEAM])

    office.pass_time(TEN)

    assert deliveries_to(office, "Ada", "welcome") == [("slack", "failed"), ("web", "sent")]
    assert deliveries_to(office, "Grace", "welcome") == [("slack", "failed"), ("web", "sent")]
    assert deliveries_to(office, "Jonas", "welcome") == [("slack", "sent")]
    assert stopped(office) == [f"{SLACK}:{TEAM}"]
    assert office.got(DeliveryKind.put_out) == {"Berit"}
    assert len(SlackPerson(fjellvik, "Jonas").messages) == 1


def test_what_waits_for_its_time_goes_elsewhere_when_that_has_come(installed: Two) -> None:
    solvik, _ = installed
    office = solvik.office
    office.pass_time("2027-01-05 07:30")
    planned = deliveries_to(office, "Ada", "question")

    uninstall(solvik)
    office.pass_time("2027-01-05 15:00")

    assert planned in ([], [("slack", "queued")])
    assert deliveries_to(office, "Ada", "question")[-1] == ("web", "sent")


def test_installed_again_the_lane_runs_with_what_was_given_then(installed: Two) -> None:
    solvik, _ = installed
    office = solvik.office
    office.pass_time(NINE)
    uninstall(solvik)
    before = tokens_of(solvik.proxy)[TEAM]

    page = Installer(solvik).install(SOLVIK)
    office.pass_time("2027-01-05 12:00")

    assert INSTALLED in page.text
    assert stopped(office) == []
    assert deliveries_to(office, "Ada", "question") == [("slack", "sent")]
    used = {token for method, token in solvik.proxy.tokens[-6:] if method == POST}
    assert before not in used
    assert len(rows(office)) == 2
    assert "Du trenger ikke gjøre noe" in " ".join(office.inbox("Berit"))


def test_what_slack_tells_late_of_before_it_was_installed_again_stops_nothing(installed: Two) -> None:
    solvik, _ = installed

    uninstall(solvik, told_at=time.time() - 60)

    assert stopped(solvik.office) == []


def test_that_a_persons_own_token_went_is_none_of_ours(installed: Two) -> None:
    uninstall(installed[0], "tokens_revoked", tokens={"oauth": ["U0ADA0001"]})

    assert stopped(installed[0].office) == []


def test_a_leader_who_is_only_there_is_listed_to_the_coordinator_until_it_is_back(installed: Two) -> None:
    solvik, _ = installed
    office, grace = solvik.office, solvik.office.id_of("Grace")

    def listed() -> list[tuple[int, str]]:
        with office.reading() as session:
            return [(one.person_id, one.why) for one in leaders_not_reached(session, office.parts.channels)]

    before = listed()
    uninstall(solvik)
    out = listed()
    Installer(solvik).install(SOLVIK)

    assert (before, out, listed()) == ([], [(grace, NotReached.put_out)], [])


# Who may install


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
