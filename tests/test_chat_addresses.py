"""People found in a chat by their mail: who is found is written to there, and nobody is let in by it."""

import pytest
from sqlmodel import select

from storage.directory.chat_addresses import Matched, keep_members, match_members
from storage.tables import Address, Person
from tests.office import MakeOffice, Office
from tests.sendings import give_mail

CHAT, HERE = "slack", "T1"


@pytest.fixture
def office(make_office: MakeOffice) -> Office:
    """Ada, Grace and Siv have mail addresses."""
    made = make_office()
    give_mail(made, "Ada", "Grace", "Siv")
    return made


def find(office: Office, *members: tuple[str, str]) -> Matched:
    """Compare, and keep what was found."""
    with office.parts.store.writing() as session:
        matched = match_members(session, CHAT, HERE, members)
        keep_members(session, CHAT, HERE, matched)
    return matched


def addresses(office: Office) -> dict[str, str]:
    """Whom the chat reaches by which name."""
    with office.reading() as session:
        rows = session.exec(select(Person, Address).join(Address).where(Address.channel == CHAT)).all()
        return {person.name.split()[0]: address.value for person, address in rows}


def test_who_has_the_same_mail_is_found_however_it_is_written(office: Office) -> None:
    matched = find(office, ("T1:U1", "Ada@Solvik.example"), ("T1:U9", "nobody@solvik.example"))

    assert addresses(office) == {"Ada": "T1:U1"}
    assert (len(matched.new), matched.unknown, matched.without) == (1, 1, 2)


def test_the_same_list_again_changes_nothing(office: Office) -> None:
    find(office, ("T1:U1", "ada@solvik.example"))

    again = find(office, ("T1:U1", "ada@solvik.example"))

    assert (again.new, again.old, again.lost) == ({}, (), 0)
    assert addresses(office) == {"Ada": "T1:U1"}


def test_who_is_there_no_more_is_not_written_to_there(office: Office) -> None:
    find(office, ("T1:U1", "ada@solvik.example"), ("T1:U2", "siv@solvik.example"))

    matched = find(office, ("T1:U2", "siv@solvik.example"))

    assert matched.takes_many_away
    assert addresses(office) == {"Siv": "T1:U2"}


def test_an_account_that_was_made_anew_takes_the_place_of_the_old_one(office: Office) -> None:
    find(office, ("T1:U1", "ada@solvik.example"))

    matched = find(office, ("T1:U7", "ada@solvik.example"))

    assert not matched.takes_many_away
    assert addresses(office) == {"Ada": "T1:U7"}


def test_whoever_was_found_unreachable_is_tried_again_when_the_list_still_has_them(office: Office) -> None:
    find(office, ("T1:U1", "ada@solvik.example"))
    with office.parts.store.writing() as session:
        session.exec(select(Address).where(Address.channel == CHAT)).one().unreachable_because = "account_inactive"

    matched = find(office, ("T1:U1", "ada@solvik.example"))

    assert not matched.takes_many_away
    with office.reading() as session:
        assert session.exec(select(Address).where(Address.channel == CHAT)).one().unreachable_because is None


def test_people_of_another_workspace_are_left_as_they_are(office: Office) -> None:
    find(office, ("T1:U1", "ada@solvik.example"))
    with office.parts.store.writing() as session:
        matched = match_members(session, CHAT, "T2", [("T2:U5", "siv@solvik.example")])
        keep_members(session, CHAT, "T2", matched)

    assert addresses(office) == {"Ada": "T1:U1", "Siv": "T2:U5"}
