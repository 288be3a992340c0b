"""How Teams and people are known to each other: by who has installed the app, and where Teams says they are reached."""

from typing import Any

import pytest

from storage.tables import Address
from tests.office import ADA, GRACE, MakeOffice
from tests.sendings import themes
from tests.slack_proxy import BROKEN, VANISHED, Instead
from tests.teams_server import MEMBER, TENANT
from tests.teams_ways import MakeTenant, TeamsPerson, Tenant


@pytest.fixture
def tenant(make_office: MakeOffice, make_tenant: MakeTenant) -> Tenant:
    """Ada is in Teams, and a directory has told so."""
    made = make_tenant(make_office(flows=[themes("2027-03-01")], people=(ADA, GRACE)))
    made.bring_in("Ada")
    return made


@pytest.fixture
def ada(tenant: Tenant) -> TeamsPerson:
    return TeamsPerson(tenant, "Ada", tenant.teams.people[0])


def add_with_mail(tenant: Tenant, name: str, **more: Any) -> TeamsPerson:
    """Somebody in the tenant whom a directory has with the same mail, and not in Teams yet."""
    one = tenant.add(name, **more)
    with tenant.office.parts.store.writing() as session:
        session.add(Address(person_id=tenant.office.id_of(name), channel="mail", value=one.person.mail))
    return one


def test_whoever_installs_the_app_and_has_the_mail_of_somebody_here_is_known_from_then_on(tenant: Tenant) -> None:
    grace = add_with_mail(tenant, "Grace")

    assert grace.install().status_code == 200

    address = tenant.address_of("Grace")
    assert address is not None
    assert (address.value, address.workspace, address.conversation) == (
        grace.address,
        TENANT,
        grace.person.conversation,
    )
    assert address.service_url == tenant.teams.service_url


@pytest.mark.parametrize("trouble", [BROKEN, VANISHED, Instead(404)])
def test_who_could_not_be_asked_about_is_met_the_next_time(tenant: Tenant, trouble: Instead) -> None:
    grace = add_with_mail(tenant, "Grace")
    tenant.teams.plan(MEMBER, trouble)

    assert grace.install().status_code == 200
    assert tenant.address_of("Grace") is None
    grace.type("hei")

    assert tenant.address_of("Grace") is not None


@pytest.mark.parametrize("mail", ["grace_x#EXT#@solvik.example", "grace@solvik.example"])
def test_a_guest_is_nobody_here_whatever_their_mail(tenant: Tenant, mail: str) -> None:
    grace = add_with_mail(tenant, "Grace", role="guest" if "EXT" not in mail else "user")
    grace.person.mail = mail

    grace.install()

    assert tenant.address_of("Grace") is None


def test_nobody_takes_the_address_of_another_by_having_their_mail(ada: TeamsPerson) -> None:
    with_same_mail = add_with_mail(ada.tenant, "Ada")

    with_same_mail.install()

    address = ada.tenant.address_of("Ada")
    assert address is not None
    assert address.value == ada.address


def test_the_newest_address_of_teams_is_kept(ada: TeamsPerson) -> None:
    ada.install()
    moved = f"{ada.tenant.teams.url}/amer/"

    told = ada.activity("conversationUpdate", membersAdded=[], serviceUrl=moved)
    assert ada.tenant.tell(told, ada.tenant.teams.sign(serviceurl=moved)).status_code == 200

    address = ada.tenant.address_of("Ada")
    assert address is not None
    assert address.service_url == moved


def test_who_takes_the_app_away_is_reached_elsewhere_until_it_is_back(ada: TeamsPerson) -> None:
    ada.install()

    ada.install("remove")
    gone = ada.tenant.address_of("Ada")
    ada.install("remove-upgrade")
    ada.install("add-upgrade")

    back = ada.tenant.address_of("Ada")
    assert gone is not None
    assert back is not None
    assert (gone.unreachable_because, back.unreachable_because) == ("the app was taken away in Teams", None)
