"""A person in Slack: what they see there, and what they do."""

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx

from tests.slack_forms import Written, buttons_of, find_unsent, make_state, text_of
from tests.slack_payloads import payload

if TYPE_CHECKING:
    from tests.slack_ways import Workspace


class SlackPerson:
    """One person: reads messages, presses buttons, fills in modals. `errors` is what stands at the fields after a modal
    was sent and not taken. `found` is what has come up in the fields in which one searches."""

    def __init__(self, workspace: "Workspace", name: str) -> None:
        self.workspace, self.name = workspace, name
        self.id = workspace.ids[name]
        self.errors: dict[str, str] = {}
        self.modal_id = ""
        self.found: dict[str, list[dict[str, Any]]] = {}

    # What stands there

    @property
    def messages(self) -> list[str]:
        return [text_of(one["blocks"]) for one in self.workspace.messages_to(self.id)]

    @property
    def modal(self) -> dict[str, Any]:
        assert self.modal_id, f"no modal is open to {self.name}"
        return self.workspace.proxy.shown[self.modal_id]

    @property
    def text(self) -> str:
        """The words of the modal."""
        return text_of(self.modal["blocks"])

    @property
    def home(self) -> dict[str, Any]:
        return self.workspace.proxy.homes[self.id]

    # What is done

    def press(self, label: str, message: dict[str, Any] | None = None) -> "SlackPerson":
        """A button of the newest message that has one with this label, or of `message`."""
        newest = [message] if message else reversed(self.workspace.messages_to(self.id))
        for one in newest:
            for button in buttons_of(one["blocks"]):
                if button["text"]["text"] == label:
                    return self.press_in_message(button, one)
        raise AssertionError(f"{self.name} has no message with a button {label!r}")

    def press_in_message(self, button: Mapping[str, Any], message: Mapping[str, Any]) -> "SlackPerson":
        shown = {key: message[key] for key in ("user", "type", "ts", "text", "blocks")}
        said = payload("block_actions_message") | {"message": shown, "actions": [self._act(button)]}
        said["container"] = {**said["container"], "message_ts": message["ts"]}
        return self._tell(said)

    def press_in_modal(self, label: str, **written: Any) -> "SlackPerson":
        self._tell(self._press_in(self.modal, label, written))
        return self

    def press_at_home(self, label: str, number: int = 0) -> "SlackPerson":
        return self._tell(self._press_in(self.home, label, {}, number))

    def submit(self, **written: str | list[str]) -> "SlackPerson":
        """Fill in the modal and send it, as Slack's app does: what is missing or too long is not even sent."""
        state = make_state(self.modal, written, self.found)
        unsent = find_unsent(self.modal, state)
        assert not unsent, f"Slack does not send a modal with {unsent} like this"
        return self.submit_unchecked(state)

    def submit_unchecked(self, state: Mapping[str, Any]) -> "SlackPerson":
        said = payload("view_submission") | {"view": {**self.modal, "state": dict(state)}}
        answer = self._send(said)
        told = answer.json() if answer.content else {}
        self.errors = told.get("errors", {})
        assert self.errors.keys() <= {one.get("block_id") for one in self.modal["blocks"]}
        if told.get("response_action") == "update":
            self.workspace.proxy.shown[self.modal_id] = {**self.modal, "submit": None, **told["view"]}
        elif not told:
            self.modal_id = ""
        return self

    def fill_in(self, answers: Written) -> "SlackPerson":
        """Send modal after modal, until there is nothing more to send."""
        for _ in range(8):
            if not self.modal.get("submit"):
                return self
            here = {one["block_id"] for one in self.modal["blocks"] if one["type"] == "input"}
            self.submit(**{name: given for name, given in answers.items() if name in here})  # type: ignore[arg-type]
        raise AssertionError(f"these answers never come to an end:\n{self.text}")

    def search(self, field: str, words: str) -> list[str]:
        """Write in a field in which one searches; what comes up."""
        said = payload("block_suggestion") | {"view": dict(self.modal), "block_id": field, "value": words}
        options = self._send(said).json()["options"]
        self.found.setdefault(field, []).extend(options)
        return [one["text"]["text"] for one in options]

    def open_home(self) -> dict[str, Any]:
        said = payload("app_home_opened")
        said["event"]["user"] = self.id
        assert self.workspace.send(said).status_code == 200
        return self.home

    def command(self, word: str, text: str = "") -> "SlackPerson":
        said = payload("slash_command") | {"command": word, "text": text}
        said |= {"user_id": self.id, "user_name": self.name.lower()}
        said["trigger_id"] = self.workspace.new_trigger(self.id)
        return self._see(self.workspace.send(said, is_form=True))

    def shortcut(self, name: str) -> "SlackPerson":
        return self._tell(payload("shortcut") | {"callback_id": name})

    # How it comes to us

    def _press_in(self, view: Mapping[str, Any], label: str, written: Written, number: int = 0) -> dict[str, Any]:
        found = [one for one in buttons_of(view["blocks"]) if one["text"]["text"] == label]
        labels = [one["text"]["text"] for one in buttons_of(view["blocks"])]
        assert found, f"{self.name} sees no button {label!r}, only {labels}"
        shown = {**view, "state": make_state(view, written, self.found)}
        return payload("block_actions_view") | {
            "container": {"type": "view", "view_id": view["id"]},
            "view": shown,
            "actions": [self._act(found[number])],
        }

    def _act(self, button: Mapping[str, Any]) -> dict[str, Any]:
        kept = {key: one for key, one in button.items() if key in ("action_id", "value", "text", "style", "type")}
        return {**kept, "block_id": "aB1cD", "action_ts": "1798700000.000001"}

    def _tell(self, said: dict[str, Any]) -> "SlackPerson":
        return self._see(self._send(said | {"trigger_id": self.workspace.new_trigger(self.id)}))

    def _send(self, said: dict[str, Any]) -> httpx.Response:
        whole = copy.deepcopy(said)
        whole["user"] = {**whole["user"], "id": self.id, "username": self.name.lower()}
        answer = self.workspace.send(whole)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        return answer

    def _see(self, answer: httpx.Response) -> "SlackPerson":
        """If a modal has opened meanwhile, the person looks at it."""
        assert answer.status_code == 200, (answer.status_code, answer.text)
        opened = self.workspace.proxy.opened
        if opened:
            self.modal_id = opened.pop()
        opened.clear()
        return self
