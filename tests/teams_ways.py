"""People in Teams: what they see there, and what they do. What they do comes to the real app as Teams sends it, signed;
what they see is what the strict Teams of the tests was given, or what took its place."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx
from pydantic import SecretStr
from sqlmodel import select

from bot.app import make_app
from bot.channels.teams.channel import PATH, TeamsChannel
from bot.channels.teams.fields import SEVERAL
from bot.outbox.whereabouts import Whereabouts
from bot.settings.channels import TeamsSettings
from storage.tables import Address
from tests.office import Office
from tests.teams_oracle import buttons_of, inputs_of, text_of
from tests.teams_server import APP_ID, APP_SECRET, TENANT, Person, Teams

Json = dict[str, Any]
Written = Mapping[str, str | Sequence[str]]


def settings_for(teams: Teams, **changed: Any) -> TeamsSettings:
    addresses = {"service_url": teams.service_url, "keys_url": f"{teams.url}/openid", "token_url": f"{teams.url}/token"}
    whole = {"app_id": APP_ID, "app_secret": SecretStr(APP_SECRET), "tenant_id": TENANT, **addresses, **changed}
    return TeamsSettings(**whole)


def make_channel(office: Office, settings: TeamsSettings) -> TeamsChannel:
    return TeamsChannel(settings, Whereabouts(office.parts.read_pool, office.parts.writer, "teams"))


class Tenant:
    """An office with Teams: the app in it, and people who are there."""

    def __init__(self, office: Office, teams: Teams, **settings: Any) -> None:
        self.office, self.teams = office, teams
        self.settings = settings_for(teams, **settings)
        self.channel = make_channel(office, self.settings)
        self.channel.rates = {}  # this Teams bears all at once
        office.parts.channels["teams"] = self.channel  # type: ignore[index]
        self.app = make_app(office.parts, office.world.clock, is_ticking=False)
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        self.http = httpx.AsyncClient(transport=transport, base_url="https://medvirk.solvik.example")

    def add(self, name: str, **more: Any) -> "TeamsPerson":
        """Somebody is in the tenant."""
        number = len(self.teams.people) + 1
        made = Person(
            f"29:{number}", f"33333333-3333-4333-8333-{number:012d}", f"{name.lower()}@solvik.example", **more
        )
        self.teams.people.append(made)
        return TeamsPerson(self, name, made)

    def bring_in(self, *names: str) -> list["TeamsPerson"]:
        """These people are in the tenant, a directory has told so, and it is preferred to write to them there."""
        brought = [self.add(name) for name in names]
        with self.office.parts.store.writing() as session:
            for one in brought:
                person_id = self.office.id_of(one.name)
                value = one.address
                session.add(
                    Address(person_id=person_id, channel="teams", value=value, workspace=TENANT, preferred=True)
                )
        return brought

    def tell(self, activity: Mapping[str, Any], token: str | None = None) -> httpx.Response:
        """Teams tells of something."""
        return self.post(json.dumps(activity).encode(), token)

    def post(self, body: bytes, token: str | None = None) -> httpx.Response:
        said = self.teams.sign() if token is None else token
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {said}"}
        answer: httpx.Response = self.office.run(self.http.post(PATH, content=body, headers=headers))
        return answer

    def address_of(self, name: str) -> Address | None:
        with self.office.reading() as session:
            found = select(Address).where(Address.channel == "teams", Address.person_id == self.office.id_of(name))
            return session.exec(found).first()


MakeTenant = Callable[..., Tenant]  # the fixture `make_tenant`


class TeamsPerson:
    """One person: reads cards, fills in their fields, presses buttons. `error` is what the client says where a card
    stays as it was."""

    def __init__(self, tenant: Tenant, name: str, person: Person) -> None:
        self.tenant, self.name, self.person = tenant, name, person
        self.error = ""

    @property
    def address(self) -> str:
        return f"{TENANT}:{self.person.aad}"

    # What is seen

    @property
    def cards(self) -> dict[str, Json]:
        """All cards of the chat, by the message they stand in, oldest first."""
        return self.tenant.teams.shown.setdefault(self.person.conversation, {})

    @property
    def text(self) -> str:
        """What stands on the newest card."""
        return text_of(list(self.cards.values())[-1])

    def find(self, title: str) -> str:
        """The newest message whose card says this."""
        found = [message for message, card in self.cards.items() if title in text_of(card)]
        assert found, f"{self.name} has no card that says {title!r}, only:\n" + "\n".join(
            map(text_of, self.cards.values())
        )
        return found[-1]

    def buttons(self, message: str) -> list[str]:
        return [one["title"] for one in buttons_of(self.cards[message])]

    # What is done

    def activity(self, kind: str, **more: Any) -> Json:
        """As Teams tells it of this person."""
        return {
            "type": kind,
            "id": "f:made-up",
            "timestamp": "2027-01-04T11:00:00.000Z",
            "channelId": "msteams",
            "serviceUrl": self.tenant.teams.service_url,
            "from": {"id": self.person.name, "name": self.name, "aadObjectId": self.person.aad},
            "conversation": {
                "conversationType": "personal",
                "tenantId": TENANT,
                "id": self.person.conversation,
            },
            "recipient": {"id": f"28:{APP_ID}", "name": "Medvirk"},
            "channelData": {"tenant": {"id": TENANT}},
            **more,
        }

    def install(self, action: str = "add") -> httpx.Response:
        return self.tenant.tell(self.activity("installationUpdate", action=action))

    def type(self, words: str) -> "TeamsPerson":
        answer = self.tenant.tell(self.activity("message", text=words, textFormat="plain"))
        assert answer.status_code == 200, answer.text
        return self

    def press(self, label: str, message: str | None = None, *, is_old: bool = False, **written: Any) -> "TeamsPerson":
        """A button of the newest card, or of `message`. Fields are filled in first; what the client does not send is a
        mistake of the test. `is_old`: a client that knows no `Action.Execute`."""
        message = message or list(self.cards)[-1]
        found = [one for one in buttons_of(self.cards[message]) if one["title"] == label]
        assert found, f"{self.name} sees no button {label!r}, only {self.buttons(message)}"
        return self.press_button(found[0], message, is_old=is_old, **written)

    def press_button(
        self, button: Mapping[str, Any], message: str, *, is_old: bool = False, **written: Any
    ) -> "TeamsPerson":
        assert button["type"] == "Action.Execute", f"{button['title']!r} leads to {button.get('url')}"
        pressed = button["fallback"] if is_old else button
        form = make_form(self.cards[message], written) if button["associatedInputs"] == "auto" else {}
        return self.send({**form, **pressed["data"]}, message, is_old=is_old)

    def send(self, data: Json, message: str, *, is_old: bool = False) -> "TeamsPerson":
        if is_old:
            told = self.activity("message", value=data, replyToId=message)
            assert self.tenant.tell(told).status_code == 200
            return self
        action = {"type": "Action.Execute", "verb": "medvirk", "data": data}
        value = {"action": action, "trigger": "manual"}
        told = self.activity("invoke", name="adaptiveCard/action", value=value, replyToId=message)
        answer = self.tenant.tell(told)
        assert answer.status_code == 200, answer.text
        said = answer.json()
        if said["statusCode"] == 200:
            assert said["type"] == "application/vnd.microsoft.card.adaptive"
            self.cards[message] = said["value"]
        self.error = "" if said["statusCode"] == 200 else said["value"]["message"]
        return self

    def fill_in(self, answers: Written, message: str | None = None, *, is_old: bool = False) -> "TeamsPerson":
        """Send card after card by its main button, until there is nothing more to send, or to answer with."""
        message = message or list(self.cards)[-1]
        for _ in range(8):
            main = [one for one in buttons_of(self.cards[message]) if one.get("associatedInputs") == "auto"]
            fields = {one["id"].removeprefix(SEVERAL): one for one in inputs_of(self.cards[message])}
            given = {name: one for name, one in answers.items() if name in fields}
            is_stuck = any(one["isRequired"] and name not in given for name, one in fields.items())
            if not main or not fields or is_stuck:
                return self
            self.press_button(main[0], message, is_old=is_old, **given)
        raise AssertionError(f"these answers never come to an end:\n{self.text}")


def make_form(card: Json, written: Written) -> Json:
    """What Teams sends of a card's fields, with `written` over what stood there: empty ones are left out. What it would
    not send is a mistake of the test."""
    form = {}
    fields = {one["id"].removeprefix(SEVERAL): one for one in inputs_of(card)}
    assert not written.keys() - fields.keys(), f"there is no field called {written.keys() - fields.keys()}"
    for name, field in fields.items():
        given = written.get(name, field.get("value", ""))
        value = given if isinstance(given, str | int | float) else ",".join(given)
        assert value != "" or not field["isRequired"], f"Teams sends nothing while {name!r} is empty"
        assert len(str(value)) <= field.get("maxLength", 3_000), f"Teams takes no more in {name!r}"
        if field["type"] == "Input.ChoiceSet":
            known = {one["value"] for one in field["choices"]}
            assert set(filter(None, str(value).split(","))) <= known, f"{value!r} is none of {known}"
        if value != "":
            form[field["id"]] = value
    return form
