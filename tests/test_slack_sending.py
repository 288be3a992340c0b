"""Sending to Slack: nothing is lost, nothing comes twice, and what Slack says is understood."""

import pytest
from sqlmodel import col, select

from storage.tables import Address, Lane
from storage.tables.sending import DeliveryKind
from tests.office import ADA, GRACE, MakeOffice
from tests.sendings import JONAS, later, themes, welcomes
from tests.slack_proxy import BROKEN, LOST, VANISHED, Instead, Proxy, refused, too_many
from tests.slack_ways import SlackPerson, Workspace

pytestmark = pytest.mark.node
POST, HISTORY = "chat.postMessage", "conversations.history"
PEOPLE = ("Ada", "Grace")
EIGHT, MORNING = "2027-01-04 08:00", "2027-01-04 08:30"
LEASE_SECONDS = 10  # after which a message on its way has arrived, or never will


@pytest.fixture
def workspace(make_office: MakeOffice, slack_proxy: Proxy) -> Workspace:
    made = Workspace(make_office(flows=[themes("2027-03-01")], people=(ADA, GRACE, JONAS)), slack_proxy)
    made.bring_in("Ada", "Grace")
    return made


def came(workspace: Workspace) -> list[int]:
    """How many messages Ada and Grace have got."""
    return [len(SlackPerson(workspace, name).messages) for name in ("Ada", "Grace")]


def both(state: str) -> dict[str, list[tuple[str, str]]]:
    return {"Ada": [("slack", state)], "Grace": [("slack", state)]}


def test_a_message_is_known_by_its_conversation_and_its_time(workspace: Workspace) -> None:
    workspace.office.pass_time(MORNING)

    (message,) = workspace.messages_to(workspace.ids["Ada"])
    rows, ada_id = workspace.office.deliveries(DeliveryKind.welcome), workspace.office.id_of("Ada")
    (row,) = [one for one in rows if one.person_id == ada_id]
    assert str(row.external_id).endswith(f":{message['ts']}")
    assert message["metadata"] == {"event_type": "medvirk", "event_payload": {"reference": row.reference}}


def test_a_message_whose_answer_was_lost_is_found_again_and_not_sent_twice(workspace: Workspace) -> None:
    office = workspace.office
    workspace.proxy.plan(POST, LOST, LOST)

    office.pass_time(EIGHT)
    lost = welcomes(office, *PEOPLE)
    later(office, LEASE_SECONDS)

    assert lost == both("uncertain")
    assert welcomes(office, *PEOPLE) == both("sent")
    assert came(workspace) == [1, 1]
    assert len(workspace.proxy.called(POST)) == 2


@pytest.mark.parametrize("trouble", [VANISHED, BROKEN], ids=["the line was cut", "503"])
def test_a_message_that_never_came_is_sent_when_slack_has_said_so(workspace: Workspace, trouble: Instead) -> None:
    office = workspace.office
    workspace.proxy.plan(POST, trouble, trouble)

    office.pass_time(EIGHT)
    unsent = welcomes(office, *PEOPLE)
    later(office, LEASE_SECONDS)

    assert unsent == both("uncertain")
    assert welcomes(office, *PEOPLE) == both("sent")
    assert came(workspace) == [1, 1]


def test_being_too_fast_pauses_the_lane_for_as_long_as_slack_says(workspace: Workspace) -> None:
    office = workspace.office
    workspace.channel.at_once = 1
    workspace.proxy.plan(POST, too_many(30))

    office.pass_time(EIGHT)
    with office.reading() as session:
        (lane,) = session.exec(select(Lane).where(col(Lane.name).startswith("slack"))).all()
    paused, calls = lane.paused_until, len(workspace.proxy.called(POST))
    later(office, 29)
    still = len(workspace.proxy.called(POST))
    later(office, 1)

    assert (paused, calls, still) == (office.at, 1, 1)
    assert welcomes(office, *PEOPLE) == both("sent")
    assert came(workspace) == [1, 1]


@pytest.mark.parametrize("error", ["user_disabled", "channel_not_found", "cannot_dm_bot"])
def test_who_cannot_be_reached_in_slack_is_reached_elsewhere_and_the_reason_is_kept(
    workspace: Workspace, error: str
) -> None:
    office = workspace.office
    workspace.channel.at_once = 1
    workspace.proxy.plan(POST, refused(error))

    office.pass_time(MORNING)

    failed = [rows for rows in welcomes(office, *PEOPLE).values() if len(rows) == 2]
    assert failed == [[("slack", "failed"), ("web", "sent")]]
    with office.reading() as session:
        (because,) = [one.unreachable_because for one in session.exec(select(Address)) if one.unreachable_because]
    assert error in because


def test_an_app_that_lacks_a_right_holds_the_lane_and_blames_nobody(workspace: Workspace) -> None:
    office = workspace.office
    workspace.proxy.plan(POST, *[refused("missing_scope")] * 4)

    office.pass_time(EIGHT)
    held = welcomes(office, *PEOPLE)
    workspace.proxy.planned.clear()
    office.pass_time("2027-01-04 09:00")

    assert held == both("queued")
    assert welcomes(office, *PEOPLE) == both("sent")
    with office.reading() as session:
        assert not [one for one in session.exec(select(Address)) if one.unreachable_because]


def test_without_the_right_to_look_back_it_stays_uncertain_and_holds_up_nobody(
    make_office: MakeOffice, slack_proxy: Proxy
) -> None:
    made = Workspace(make_office(flows=[themes("2027-03-01")], people=(ADA, GRACE)), slack_proxy, "xoxb-no-history")
    made.bring_in("Ada", "Grace")
    made.channel.at_once = 1
    slack_proxy.plan(POST, LOST)

    made.office.pass_time(MORNING)
    later(made.office, 3600)

    assert sorted(rows[0] for rows in welcomes(made.office, *PEOPLE).values()) == [
        ("slack", "sent"),
        ("slack", "uncertain"),
    ]
    assert came(made) == [1, 1]
    with made.office.reading() as session:
        assert all(one.down_since is None for one in session.exec(select(Lane)))
