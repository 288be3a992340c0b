"""Socket Mode: Slack tells over a connection that the app has opened, for where Slack cannot reach the server."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from pydantic import SecretStr
from sqlmodel import select

from bot.channels.slack.channel import SlackChannel
from bot.channels.slack.views import CALLBACK, Surface
from bot.door import Door
from storage.tables import Envelope, Person
from tests.browsing import answers
from tests.office import MakeOffice, Office, on, said, shipped
from tests.slack_forms import text_of
from tests.slack_payloads import payload
from tests.slack_proxy import Proxy, refused
from tests.slack_server import TEAM
from tests.slack_socket import Socket, listen_for_apps
from tests.slack_ways import Workspace

pytestmark = pytest.mark.node
COMMAND, INTERACTIVE = "slash_commands", "interactive"
STILL_SECONDS = 0.3


@pytest.fixture
def workspace(make_office: MakeOffice, slack_proxy: Proxy) -> Workspace:
    """Ada is in Slack, on the day on which she is asked."""
    office = make_office(flows=[shipped(one, schedule=on("2027-01-04")) for one in ("pulse", "theme_suggestion")])
    made = Workspace(office, slack_proxy)
    made.bring_in("Ada")
    office.pass_time("2027-01-04 12:00")
    return made


@asynccontextmanager
async def hearing(workspace: Workspace, office: Office) -> AsyncIterator[SlackChannel]:
    """An app that hears by Socket Mode; several of them are replicas."""
    channel = SlackChannel(workspace.settings.model_copy(update={"app_token": SecretStr("xapp-made-up")}))
    assert channel.routes(office.door) == []
    async with channel.listen(Door(office.parts, office.world.clock)):
        yield channel


def hear(workspace: Workspace, story: Callable[[Socket, SlackChannel], Awaitable[None]]) -> None:
    async def go() -> None:
        async with listen_for_apps(workspace.proxy) as socket, hearing(workspace, workspace.office) as channel:
            await socket.wait_for_connection(1)
            await story(socket, channel)

    workspace.office.run(go())


async def command(workspace: Workspace, word: str, text: str = "") -> dict[str, Any]:
    made = {**payload("slash_command"), "command": word, "text": text, "user_id": workspace.ids["Ada"]}
    trigger = await workspace.client.api_call("views.generateTriggerId", json={"user_id": workspace.ids["Ada"]})
    return {**made, "trigger_id": trigger["trigger_id"]}


def paused_until(workspace: Workspace) -> date | None:
    with workspace.office.reading() as session:
        return session.get_one(Person, workspace.office.id_of("Ada")).paused_until


def envelopes(office: Office) -> int:
    with office.reading() as session:
        return len(session.exec(select(Envelope)).all())


def answer_to_the_pulse(workspace: Workspace) -> dict[str, Any]:
    """The modal of the question, sent."""
    (run,) = workspace.office.runs("pulse")
    card = workspace.office.open("Ada", "pulse").card
    values = {
        name: {"answer": {"type": "radio_buttons", "selected_option": {"value": given}}}
        for name, given in answers().items()
    }
    metadata = Surface(f"run:{run.id}", card.place or "", card.state, "send").to_text()
    view = {"type": "modal", "callback_id": CALLBACK, "private_metadata": metadata, "state": {"values": values}}
    user = {"id": workspace.ids["Ada"], "team_id": TEAM}
    return {**payload("view_submission"), "user": user, "view": {**payload("view_submission")["view"], **view}}


def test_a_command_and_a_button_work(workspace: Workspace) -> None:
    async def story(socket: Socket, channel: SlackChannel) -> None:
        envelope = await socket.tell(COMMAND, await command(workspace, "/tema", "Kveldsuro"))
        assert not await socket.wait_for_yes(envelope)
        await channel.afterwards.finish()
        (shown,) = workspace.proxy.shown.values()
        assert [one["element"]["initial_value"] for one in shown["blocks"] if one["type"] == "input"] == ["Kveldsuro"]

        press = payload("block_actions_message")
        press["user"]["id"] = workspace.ids["Ada"]
        press["actions"][0] |= {"action_id": "pause#0", "value": "pause"}
        trigger = await workspace.client.api_call("views.generateTriggerId", json={"user_id": press["user"]["id"]})
        envelope = await socket.tell(INTERACTIVE, press | {"trigger_id": trigger["trigger_id"]})
        await socket.wait_for_yes(envelope)
        assert paused_until(workspace) == date(2027, 2, 3)
        await channel.afterwards.finish()
        assert said("home.resume") in text_of(list(workspace.proxy.shown.values())[-1]["blocks"])

    hear(workspace, story)


def test_a_modal_is_answered_in_the_yes_itself(workspace: Workspace) -> None:
    sent = answer_to_the_pulse(workspace)

    async def story(socket: Socket, channel: SlackChannel) -> None:
        told = await socket.wait_for_yes(await socket.tell(INTERACTIVE, sent))

        assert told["response_action"] == "update"
        assert said("receipt.title") in text_of(told["view"]["blocks"])

    hear(workspace, story)
    assert envelopes(workspace.office) == 1


def test_slack_hears_yes_when_it_is_stored_and_not_before(workspace: Workspace) -> None:
    office, held, stored_at_yes = workspace.office, threading.Event(), list[bool]()

    async def story(socket: Socket, channel: SlackChannel) -> None:
        socket.on_yes = lambda envelope: stored_at_yes.append(paused_until(workspace) is not None)
        holding = asyncio.create_task(office.parts.writer.do(lambda session: held.wait()))
        envelope = await socket.tell(COMMAND, await command(workspace, "/pause"))

        await asyncio.sleep(STILL_SECONDS)
        assert socket.said_yes == {}
        held.set()
        await holding
        await socket.wait_for_yes(envelope)

    hear(workspace, story)
    assert stored_at_yes == [True]


@pytest.mark.parametrize("how", ["refreshed", "cut"])
def test_a_connection_that_is_lost_is_made_anew(workspace: Workspace, how: str) -> None:
    async def story(socket: Socket, channel: SlackChannel) -> None:
        if how == "refreshed":
            await socket.refresh()
        else:
            socket.cut()
        await socket.wait_for_connection(2)

        await socket.wait_for_yes(await socket.tell(COMMAND, await command(workspace, "/pause")))

    hear(workspace, story)
    assert paused_until(workspace) is not None


def test_what_two_replicas_are_told_is_done_once(workspace: Workspace, make_office: MakeOffice) -> None:
    office, sent = workspace.office, answer_to_the_pulse(workspace)
    another = make_office(flows=list(office.flows.values()), people=(), discussed_by=())
    another.pass_time("2027-01-04 12:00")

    async def story(socket: Socket, channel: SlackChannel) -> None:
        async with hearing(workspace, another):
            await socket.wait_for_connection(2)
            envelope = await socket.tell(INTERACTIVE, sent, over=0)
            await socket.tell(INTERACTIVE, sent, over=1, envelope=envelope)
            await socket.wait_for_yes(envelope, times=2)

            titles = [text_of(one["view"]["blocks"][0]) for one in socket.said_yes[envelope]]
            assert sorted(titles) == sorted([said("receipt.title"), said("answered.title")])

    hear(workspace, story)
    assert envelopes(office) == 1


def test_that_slack_cannot_be_reached_at_the_start_keeps_nothing_else_from_starting(workspace: Workspace) -> None:
    workspace.proxy.plan("apps.connections.open", refused("internal_error"))

    async def go() -> None:
        async with listen_for_apps(workspace.proxy) as socket, hearing(workspace, workspace.office):
            assert socket.connections == []
            await socket.wait_for_connection(1)
            await socket.wait_for_yes(await socket.tell(COMMAND, await command(workspace, "/pause")))

    workspace.office.run(go())
    assert paused_until(workspace) is not None
