"""What the app writes with in each workspace, and what happens where it is put out; the same whether it is in several
or in one, by a token in the settings."""

import time
from typing import Any

import pytest
from click.testing import Result
from sqlmodel import select

from storage.addresses import NotReached, leaders_not_reached
from storage.directory.natural import SLACK
from storage.tables import Address, Lane, LogEntry
from storage.tables.sending import DeliveryKind
from tests.commands import give_at
from tests.mail_ways import deliveries_to
from tests.office import ADA, GRACE, MakeOffice, messages_of
from tests.sendings import give_mail, themes
from tests.slack_installs import (
    BERIT,
    EIGHT,
    INSTALLED,
    NINE,
    POST,
    SOLVIK,
    TEN,
    Installer,
    Two,
    rows,
    stopped,
    tokens_of,
    uninstall,
)
from tests.slack_proxy import Proxy, refused
from tests.slack_server import OTHER_TEAM, SIGNING_SECRET, TEAM, TOKEN
from tests.slack_ways import SlackPerson, Workspace, payload

pytestmark = pytest.mark.node


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
    assert f"the lane slack:{TEAM} has stopped" in caplog.text
    assert "medvirk doctor slack says how it runs again" in caplog.text
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


# In one workspace, by a token in the settings


@pytest.fixture
def alone(make_office: MakeOffice, slack_proxy: Proxy) -> Workspace:
    """The app in one workspace, where Ada and Grace were found by their mail."""
    office = make_office(flows=[themes("2027-01-05")], people=(ADA, GRACE, BERIT))
    give_mail(office, "Ada", "Grace")
    made = Workspace(office, slack_proxy)
    made.began = {made.ids[name]: "" for name in ("Ada", "Grace")}
    look_for_people(made)
    return made


def look_for_people(workspace: Workspace, token: str = TOKEN) -> Result:
    return give_at(workspace.office, "directory", "slack", **settings_of(workspace, token))


def settings_of(workspace: Workspace, token: str = TOKEN) -> dict[str, str]:
    return {
        "MEDVIRK_SLACK_TOKEN": token,
        "MEDVIRK_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "MEDVIRK_SLACK_API_URL": workspace.proxy.url,
    }


def tell(workspace: Workspace, event: str, told_at: float, **of: Any) -> None:
    said = payload(event) | {"event_time": int(told_at)}
    said["event"] |= of
    assert workspace.send(said).status_code == 200


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
def test_where_the_one_token_is_refused_the_lane_stops_nothing_is_lost_and_it_is_told(
    alone: Workspace, error: str
) -> None:
    office = alone.office
    alone.proxy.plan(POST, refused(error), refused(error))

    office.pass_time(TEN)

    assert stopped(office) == [f"{SLACK}:{TEAM}"]
    assert deliveries_to(office, "Ada", "welcome") == [("slack", "failed"), ("web", "sent")]
    assert office.got(DeliveryKind.put_out) == {"Berit"}
    assert "slipper ikke inn i Slack hos Solvik kommune" in " ".join(office.inbox("Berit"))
    with office.reading() as session:
        assert not [one for one in session.exec(select(Address)) if one.unreachable_because]


@pytest.mark.parametrize(
    "how", [("app_uninstalled", {}), ("tokens_revoked", {"tokens": {"oauth": [], "bot": ["U0MADEUP01"]}})]
)
def test_where_the_only_workspace_puts_it_out_that_is_told_at_once(
    alone: Workspace, how: tuple[str, dict[str, Any]]
) -> None:
    office = alone.office
    office.pass_time(NINE)

    tell(alone, how[0], time.time() + 1, **how[1])
    tell(alone, how[0], time.time() + 1, **how[1])
    office.pass_time("2027-01-05 12:00")

    assert stopped(office) == [f"{SLACK}:{TEAM}"]
    assert deliveries_to(office, "Ada", "question") == [("web", "sent")]
    assert office.got(DeliveryKind.put_out) == {"Berit"}
    doctor = give_at(office, "doctor", "slack", **settings_of(alone))
    assert "Solvik kommune" in doctor.output
    assert "write its token into MEDVIRK_SLACK_TOKEN, restart serve and run medvirk directory slack" in doctor.output


def test_the_only_workspace_is_written_to_again_once_its_list_may_be_read(alone: Workspace) -> None:
    office = alone.office
    office.pass_time(NINE)
    tell(alone, "app_uninstalled", time.time() + 1)
    refusing = look_for_people(alone, "xoxb-of-somebody-else")
    still = stopped(office)

    look_for_people(alone)
    tell(alone, "app_uninstalled", time.time() - 60)  # comes late, of what is over
    office.pass_time("2027-01-05 12:00")

    assert (refusing.exit_code, still, stopped(office)) == (1, [f"{SLACK}:{TEAM}"], [])
    assert deliveries_to(office, "Ada", "question") == [("slack", "sent")]
    assert "Du trenger ikke gjøre noe" in " ".join(office.inbox("Berit"))
    assert "out since" not in give_at(office, "slack", "list", **settings_of(alone)).output


def test_one_that_was_found_before_it_had_a_name_here_is_told_of_too(
    make_office: MakeOffice, slack_proxy: Proxy
) -> None:
    office = make_office(flows=[themes("2027-01-05")], people=(ADA, GRACE, BERIT))
    Workspace(office, slack_proxy).bring_in("Ada")
    slack_proxy.plan(POST, refused("token_revoked"))

    office.pass_time(TEN)

    assert office.got(DeliveryKind.put_out) == {"Berit"}
    assert f"slipper ikke inn i Slack hos {TEAM}" in " ".join(office.inbox("Berit"))
