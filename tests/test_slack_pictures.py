"""Messages to Slack with pictures, and in parts: nothing comes twice, and a picture holds up no message."""

from dataclasses import replace
from typing import Any

import pytest

from bot.cards import Bar, Button, Buttons, Card, Chart, Heading, Say
from bot.channels.contract import DeliveryError
from bot.channels.slack.messages import make_messages
from bot.channels.slack.words import labels_in
from bot.outbox.pacing import at_will
from bot.pictures import describe
from tests.browsing import answers
from tests.closings import NAMES, STAFF, pulse
from tests.office import ADA, MakeOffice
from tests.sample_cards import DIGEST
from tests.slack_forms import buttons_of, text_of
from tests.slack_proxy import LOST, VANISHED, Instead, Proxy, refused, too_many
from tests.slack_server import TEAM
from tests.slack_ways import Workspace

pytestmark = pytest.mark.node
POST, BEGIN, COMPLETE = "chat.postMessage", "files.getUploadURLExternal", "files.completeUploadExternal"
PULSE = next(one for one in DIGEST.blocks if isinstance(one, Chart))
COURSE = Chart("Etter 30 dager", (Bar("flere ganger", "60 %", 60), Bar("aldri", "20 %", 20)))
CHARTS = [PULSE, COURSE]
WITH_PICTURES = replace(DIGEST, blocks=(Heading("Pulsen"), PULSE, Heading("Kurset"), COURSE), has_pictures=True)
LONG = Card("Uka", tuple(block for part in range(20) for block in (Heading(f"Del {part}"), Say("Ja. " * 300))))

WAY_ON = Buttons((Button("Åpne uka", url="https://medvirk.solvik.example/l/x", style="primary", room="digest:7"),))


@pytest.fixture
def workspace(make_office: MakeOffice, slack_proxy: Proxy) -> Workspace:
    made = Workspace(make_office(people=(ADA,)), slack_proxy)
    made.channel.waits_for_pictures = (0, 0)
    made.bring_in("Ada")
    return made


def send(workspace: Workspace, card: Card, which: str = "first") -> str:
    address, reference = f"{TEAM}:{workspace.ids['Ada']}", name(workspace, which)
    return str(workspace.office.run(workspace.channel.send(address, card, 1, reference=reference)))


def find(workspace: Workspace, which: str = "first") -> str | None:
    address, reference = f"{TEAM}:{workspace.ids['Ada']}", name(workspace, which)
    found: str | None = workspace.office.run(workspace.channel.find(address, reference, pace=at_will))
    return found


def name(workspace: Workspace, which: str) -> str:
    """A reference that no other test has used: this Slack remembers."""
    return f"{which} after {workspace.began[workspace.ids['Ada']]}"


def messages(workspace: Workspace) -> list[dict[str, Any]]:
    return workspace.messages_to(workspace.ids["Ada"])


def images(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [one for one in message["blocks"] if one["type"] == "image"]


def test_a_chart_stands_as_text_and_below_it_as_a_picture_with_words(workspace: Workspace) -> None:
    send(workspace, WITH_PICTURES)

    (message,) = messages(workspace)
    assert [one["alt_text"] for one in images(message)] == [describe(one) for one in CHARTS]
    assert all(one["slack_file"]["id"].startswith("F") for one in images(message))
    assert "brukte det de er gode på: 70 % (før: 40 %, 60 %, 50 %)" in text_of(message["blocks"])


def test_a_picture_is_nobodys_until_the_message_shows_it_and_its_name_says_nothing(workspace: Workspace) -> None:
    send(workspace, WITH_PICTURES)

    assert len(workspace.proxy.called(COMPLETE)) == len(CHARTS)
    for call in workspace.proxy.called(COMPLETE):
        assert call.keys() == {"files"}
        assert "medvirk.png" in call["files"]
        assert "brukte" not in call["files"]


def test_bars_are_drawn_in_signs_where_no_picture_shows_them() -> None:
    shown = make_messages(WITH_PICTURES, labels_in("nb"), {COURSE: ("F1", describe(COURSE))})

    lines = text_of(shown[0]["blocks"]).splitlines()
    assert [("▇" in line) for line in lines if "brukte det" in line or "flere ganger" in line] == [True, False]


def test_only_what_goes_to_few_has_pictures(workspace: Workspace) -> None:
    send(workspace, replace(WITH_PICTURES, has_pictures=False))

    assert images(messages(workspace)[0]) == []
    assert workspace.proxy.called(BEGIN) == []


@pytest.mark.parametrize("method", [BEGIN, COMPLETE])
@pytest.mark.parametrize("trouble", [refused("missing_scope"), too_many(30), VANISHED], ids=["scope", "429", "cut"])
def test_a_picture_that_cannot_be_brought_does_not_stop_the_message(
    workspace: Workspace, method: str, trouble: Instead
) -> None:
    workspace.proxy.plan(method, *[trouble] * len(CHARTS))

    send(workspace, WITH_PICTURES)

    (message,) = messages(workspace)
    assert images(message) == []
    assert "brukte det de er gode på: 70 %" in text_of(message["blocks"])


def test_one_picture_that_fails_leaves_the_other(workspace: Workspace) -> None:
    workspace.proxy.plan(BEGIN, refused("internal_error"))

    send(workspace, WITH_PICTURES)

    assert [one["alt_text"] for one in images(messages(workspace)[0])] == [describe(CHARTS[1])]


def test_a_picture_that_slack_has_not_looked_at_yet_is_waited_for(workspace: Workspace) -> None:
    workspace.proxy.plan(POST, refused("invalid_blocks"))

    send(workspace, WITH_PICTURES)

    (message,) = messages(workspace)
    assert len(images(message)) == len(CHARTS)
    assert len(workspace.proxy.called(POST)) == 2


def test_a_message_that_slack_refuses_with_its_picture_goes_without(workspace: Workspace) -> None:
    workspace.proxy.plan(POST, *[refused("invalid_blocks")] * 3)

    send(workspace, WITH_PICTURES)

    (message,) = messages(workspace)
    assert images(message) == []
    assert len(workspace.proxy.called(POST)) == 4


def test_a_message_whose_answer_was_lost_is_found_with_its_picture(workspace: Workspace) -> None:
    workspace.proxy.plan(POST, LOST)

    with pytest.raises(DeliveryError) as lost:
        send(workspace, WITH_PICTURES)

    assert lost.value.uncertain
    (message,) = messages(workspace)
    assert str(find(workspace)).endswith(f":{message['ts']}")
    assert len(images(message)) == len(CHARTS)


def test_a_long_message_comes_in_parts_and_is_called_by_the_first(workspace: Workspace) -> None:
    called = send(workspace, LONG)

    came = messages(workspace)
    assert len(came) > 1
    assert called.endswith(f":{came[0]['ts']}")
    assert [one["metadata"]["event_payload"]["part"] for one in came] == [*range(len(came))]
    assert find(workspace) == called


@pytest.mark.parametrize("trouble", [LOST, VANISHED, too_many(1)], ids=["it came", "it never came", "too fast"])
@pytest.mark.parametrize("broken_at", [0, 1])
def test_of_a_message_in_parts_only_what_has_not_come_is_posted_again(
    workspace: Workspace, trouble: Instead, broken_at: int
) -> None:
    send(workspace, LONG, "second")
    whole = [text_of(one["blocks"]) for one in messages(workspace)]
    passing = Instead(arrives=True, status=200, body={"ok": True, "channel": "D1", "ts": "1.1"})
    workspace.proxy.plan(POST, *[passing] * broken_at, trouble)

    with pytest.raises(DeliveryError):
        send(workspace, LONG)
    half = find(workspace)
    send(workspace, LONG)

    assert half is None
    assert [text_of(one["blocks"]) for one in messages(workspace)] == whole * 2
    assert find(workspace) is not None


@pytest.mark.parametrize("sections", [12, 8, 20], ids=["fewer parts", "fewer than came", "as many parts"])
def test_a_long_message_that_changed_between_two_tries_comes_as_it_is_now_with_its_end(
    workspace: Workspace, sections: int
) -> None:
    now = replace(LONG, title="Bestemt", blocks=(*LONG.blocks[: 2 * sections], Say("Her går veien videre.")))
    send(workspace, now, "second")
    whole = [text_of(one["blocks"]) for one in messages(workspace)]
    passing = Instead(arrives=True, status=200, body={"ok": True, "channel": "D1", "ts": "1.1"})
    workspace.proxy.plan(POST, *[passing] * 2, VANISHED)
    with pytest.raises(DeliveryError):
        send(workspace, LONG)

    called = send(workspace, now)

    assert [text_of(one["blocks"]) for one in messages(workspace)] == whole * 2
    assert "Her går veien videre." in whole[-1]
    assert find(workspace) == called


def test_without_the_right_to_look_back_a_long_message_is_cut_and_says_where_the_rest_is(
    make_office: MakeOffice, slack_proxy: Proxy
) -> None:
    workspace = Workspace(make_office(people=(ADA,)), slack_proxy, "xoxb-no-history")
    workspace.bring_in("Ada")

    send(workspace, LONG)

    (message,) = messages(workspace)
    assert "Resten står på siden din i Medvirk." in text_of(message["blocks"])


def edit(workspace: Workspace, card: Card, called: str) -> None:
    address = f"{TEAM}:{workspace.ids['Ada']}"
    workspace.office.run(workspace.channel.edit(address, card, called, pace=at_will))


def test_a_message_that_is_shown_anew_keeps_its_pictures_and_brings_no_others(workspace: Workspace) -> None:
    called = send(workspace, WITH_PICTURES)
    before = images(messages(workspace)[0])

    edit(workspace, replace(WITH_PICTURES, blocks=(Say("Ett tema er bestemt."), *WITH_PICTURES.blocks)), called)

    (message,) = messages(workspace)
    assert "Ett tema er bestemt." in text_of(message["blocks"])
    assert [one["slack_file"] for one in images(message)] == [one["slack_file"] for one in before]
    assert len(workspace.proxy.called(BEGIN)) == len(CHARTS)


def test_a_picture_of_other_figures_is_not_shown_beside_new_ones(workspace: Workspace) -> None:
    called = send(workspace, WITH_PICTURES)
    other = replace(PULSE, bars=PULSE.bars[:2])

    edit(workspace, replace(WITH_PICTURES, blocks=(other, CHARTS[1])), called)

    assert [one["alt_text"] for one in images(messages(workspace)[0])] == [describe(CHARTS[1])]


WEEK = replace(LONG, blocks=(*LONG.blocks, Heading("Pulsen"), PULSE, WAY_ON), has_pictures=True)


@pytest.mark.parametrize("left", [20, 19, 3], ids=["as long", "a little shorter", "much shorter"])
def test_what_came_in_several_messages_is_shown_anew_in_these_and_what_is_too_much_goes(
    workspace: Workspace, left: int
) -> None:
    called = send(workspace, WEEK)
    came = messages(workspace)
    send(workspace, replace(DIGEST, title="Kommer imellom"), "between")
    now = replace(WEEK, title="Bestemt", blocks=(*LONG.blocks[: 2 * left], *WEEK.blocks[-3:]))

    edit(workspace, now, called)
    edit(workspace, now, called)

    shown = [one for one in messages(workspace) if one["text"] != "Kommer imellom"]
    expected = make_messages(now, labels_in("nb"), {PULSE: ("", describe(PULSE))})
    assert len(came) > 1
    assert [one["ts"] for one in shown] == [one["ts"] for one in came[: len(expected)]]
    assert [text_of(one["blocks"]) for one in shown] == [text_of(one["blocks"]) for one in expected]
    assert images(shown[-1])[0]["slack_file"] == images(came[-1])[0]["slack_file"]
    assert len(workspace.proxy.called(BEGIN)) == 1


def test_what_has_become_longer_than_it_came_says_where_the_rest_is_and_posts_nothing(workspace: Workspace) -> None:
    called = send(workspace, replace(WEEK, blocks=WEEK.blocks[:20]))
    came = messages(workspace)

    edit(workspace, WEEK, called)

    shown = messages(workspace)
    assert [one["ts"] for one in shown] == [one["ts"] for one in came]
    assert len(make_messages(WEEK, labels_in("nb"))) > len(shown)
    assert labels_in("nb").more in text_of(shown[-1]["blocks"])
    assert [one["value"] for one in buttons_of(shown[-1]["blocks"])] == ["digest:7"]


def test_the_weeks_message_shows_the_published_figures_as_text_and_as_a_picture(
    make_office: MakeOffice, slack_proxy: Proxy
) -> None:
    office = make_office(flows=[pulse()], people=STAFF)
    workspace = Workspace(office, slack_proxy)
    (grace,) = workspace.bring_in("Grace")
    office.pass_time("2027-01-04 12:00")
    for place, name in enumerate(NAMES):
        forward, strengths = ("weekly" if place < most else "never" for most in (6, 5))
        office.answer(name, "pulse", answers(looked_forward=forward, used_strengths=strengths))

    office.pass_time("2027-01-18 12:00")

    (week,) = [one for one in workspace.messages_to(grace.id) if "Uka i" in one["text"]]
    (picture,) = images(week)
    shown = text_of(week["blocks"])
    for figure in picture["alt_text"].partition(": ")[2].split("; "):
        assert figure.replace("\N{NO-BREAK SPACE}", " ") in shown
    assert "60 %" in shown


def test_a_week_of_which_slack_does_not_tell_any_more_what_it_is_is_shown_anew_alone(workspace: Workspace) -> None:
    """An app that may not look yet has shown it anew without saying which message it is."""
    called = send(workspace, WITH_PICTURES)
    send(workspace, replace(DIGEST, title="Kommer imellom"), "between")
    told = {"ok": True, "messages": [{"ts": one["ts"], "blocks": one["blocks"]} for one in messages(workspace)]}
    workspace.proxy.plan("conversations.history", Instead(200, told))

    edit(workspace, replace(WITH_PICTURES, title="Bestemt"), called)

    assert [one["text"] for one in messages(workspace)] == ["Bestemt", "Kommer imellom"]
