"""Everybody reached: one address first, the next when it reaches nobody, the own page always, and who is left over."""

from datetime import date, timedelta

import pytest

from bot.channels.contract import DeliveryError
from tests.mail_ways import EVERYBODY, GRACE, MORE_COLUMNS, deliveries_to, open_office, reached, unreachable
from tests.office import OTHER_WARD, MakeOffice, messages_of, said
from tests.office_words import plain
from tests.sendings import themes

BERIT = reached(120, "Berit Dahl", unit="Solvik", role="coordinator", membership="home", mail="berit@solvik.example")
TURID = reached(201, "Turid Bakke", unit=OTHER_WARD, role="leader")


def test_each_is_reached_by_the_first_way_that_calls_on_them(make_office: MakeOffice) -> None:
    office, mail, sms = open_office(make_office)

    office.pass_time("2027-01-04 12:00")

    assert {one.address for one in mail.sent} == {"ada@solvik.example", "grace@solvik.example"}
    assert {one.address for one in sms.sent} == {"+4740000003"}
    assert deliveries_to(office, "Linn", "question") == [("web", "sent")]


def test_every_message_stands_on_the_own_page_once_whichever_way_it_came(make_office: MakeOffice) -> None:
    office, mail, _ = open_office(make_office)

    office.pass_time("2027-01-04 12:00")

    titles = [card.title for card in messages_of(office.home("Ada"))]
    assert sorted(titles) == sorted(one.card.title for one in mail.sent if one.address.startswith("ada"))
    assert len(titles) == 2


def test_a_message_that_leaves_carries_the_way_to_the_own_page(make_office: MakeOffice) -> None:
    office, mail, sms = open_office(make_office)

    office.pass_time("2027-01-04 12:00")

    assert all(one.card.own_page.startswith("http://127.0.0.1:8000/l/") for one in [*mail.sent, *sms.sent])
    assert len({one.card.own_page for one in mail.sent}) == 2  # to each their own


@pytest.mark.parametrize(
    ("preferred", "channel"), [("sms", "sms"), ("mobil", "sms"), ("e-post", "mail"), ("web", "web"), ("", "mail")]
)
def test_the_file_may_say_which_way_comes_first(make_office: MakeOffice, preferred: str, channel: str) -> None:
    ada = reached(101, "Ada Berg", mail="ada@solvik.example", mobile="40000001", preferred=preferred)
    office, _, _ = open_office(make_office, ada)

    office.pass_time("2027-01-04 12:00")

    assert deliveries_to(office, "Ada", "question") == [(channel, "sent")]


def test_a_way_that_comes_first_but_is_off_gives_way_to_the_next(make_office: MakeOffice) -> None:
    ada = reached(101, "Ada Berg", mail="ada@solvik.example", mobile="40000001", preferred="sms")
    office, _, _ = open_office(make_office, ada, sms=False)

    office.pass_time("2027-01-04 12:00")

    assert deliveries_to(office, "Ada", "question") == [("mail", "sent")]


def test_what_one_address_does_not_take_goes_to_the_next_and_at_last_to_the_page(make_office: MakeOffice) -> None:
    office, mail, sms = open_office(make_office)
    mail.refuse = lambda address, card: DeliveryError("nobody has this address (550 5.1.1)", permanent=True)
    sms.refuse = lambda address, card: DeliveryError("this number reaches nobody (404)", permanent=True)

    office.pass_time("2027-01-04 12:00")

    assert deliveries_to(office, "Ada", "welcome") == [("mail", "failed"), ("sms", "failed"), ("web", "sent")]
    assert deliveries_to(office, "Ada", "question") == [("web", "sent")]  # by then the bad ones were known
    assert unreachable(office)["ada@solvik.example"] == "nobody has this address (550 5.1.1)"
    assert len(messages_of(office.home("Ada"))) == 2


def test_a_mail_server_that_never_comes_back_leaves_the_message_on_the_page(make_office: MakeOffice) -> None:
    ada = reached(101, "Ada Berg", mail="ada@solvik.example").replace(";;;;", ";;mon-sun 00:00-24:00;;", 1)
    office, mail, _ = open_office(make_office, ada, flows=[])
    mail.refuse = lambda address, card: DeliveryError("down", whole_lane=True)

    office.pass_time("2027-01-20 12:00")

    assert deliveries_to(office, "Ada", "welcome") == [("mail", "failed"), ("web", "sent")]
    assert unreachable(office) == {}


def test_a_channel_that_is_down_is_tried_once_a_time_and_holds_up_no_other(make_office: MakeOffice) -> None:
    office, mail, sms = open_office(make_office)
    tried: list[str] = []

    def refuse(address: str, card: object) -> DeliveryError:
        tried.append(address)
        return DeliveryError("down", whole_lane=True)

    mail.refuse = refuse
    office.pass_time("2027-01-04 08:00")

    assert len(tried) == 1  # though two mails were due
    assert [one.address for one in sms.sent] == ["+4740000003"]


def test_what_may_have_arrived_stands_on_the_page_and_is_not_sent_another_way(make_office: MakeOffice) -> None:
    office, mail, sms = open_office(make_office)
    mail.refuse = lambda address, card: DeliveryError("lost", uncertain=True)

    office.pass_time("2027-01-04 12:00")

    assert deliveries_to(office, "Ada", "question") == [("mail", "uncertain")]
    assert len(messages_of(office.home("Ada"))) == 2
    assert "+4740000001" not in {one.address for one in sms.sent}


def test_a_channel_that_was_turned_off_passes_on_what_it_had(make_office: MakeOffice) -> None:
    night = reached(101, "Ada Berg", mail="ada@solvik.example")
    office, _, _ = open_office(make_office, night, begins="2027-01-04 07:00")
    office.pass_time("2027-01-04 07:30")  # the welcome waits for the morning
    office.parts.channels.pop("mail")  # type: ignore[attr-defined]

    office.pass_time("2027-01-04 12:00")

    assert deliveries_to(office, "Ada", "welcome") == [("mail", "failed"), ("web", "sent")]
    assert unreachable(office) == {}


def test_a_reminder_that_is_passed_on_leaves_no_row_behind(make_office: MakeOffice) -> None:
    office, mail, _ = open_office(make_office, flows=[themes(remind_after_days=[3])])
    office.pass_time("2027-01-04 12:00")
    mail.refuse = lambda address, card: DeliveryError("nobody", permanent=True)

    office.pass_time("2027-01-08 12:00")

    assert deliveries_to(office, "Ada", "reminder") == []
    assert "ada@solvik.example" in unreachable(office)


def test_the_coordinator_reads_which_leaders_nothing_calls_on_and_no_figures(make_office: MakeOffice) -> None:
    office, mail, _ = open_office(make_office, *EVERYBODY, BERIT, TURID)
    mail.refuse = lambda address, card: DeliveryError("nobody", permanent=True) if address.startswith("grace") else None

    office.pass_time("2027-01-11 12:00")

    weeks = [one.card for one in mail.sent if one.address.startswith("berit") and "Uka i" in one.card.title]
    text = plain(weeks[-1])  # the first came before Grace's address was found to be bad
    assert said("unreached.no_address", name="Turid Bakke", unit="Avdeling 2") in text
    assert said("unreached.refused", name="Grace Lie", unit="Avdeling 1") in text
    assert said("digest.waiting") not in text
    assert said("digest.figures_only") not in text
    assert said("digest.log_head", head="").partition(":")[0] not in text


def test_when_every_leader_is_reached_the_coordinator_is_left_alone(make_office: MakeOffice) -> None:
    office, mail, _ = open_office(make_office, *EVERYBODY, BERIT)

    office.pass_time("2027-01-11 12:00")

    assert not any("Uka i" in one.card.title for one in mail.sent if one.address.startswith("berit"))


def test_a_leader_elsewhere_is_no_business_of_this_coordinator(make_office: MakeOffice) -> None:
    berit = reached(120, "Berit Dahl", role="coordinator", membership="home", mail="berit@solvik.example")
    office, mail, _ = open_office(make_office, *EVERYBODY, berit, TURID)

    office.pass_time("2027-01-11 12:00")

    assert not any("Turid" in plain(one.card) for one in mail.sent)


def test_where_only_the_pages_are_on_nobody_is_listed(make_office: MakeOffice) -> None:
    office, _, _ = open_office(make_office, *EVERYBODY, BERIT, TURID)
    for name in ("mail", "sms"):
        office.parts.channels.pop(name)  # type: ignore[attr-defined]

    office.pass_time("2027-01-11 12:00")

    assert "Turid" not in "".join(office.inbox("Berit"))


def test_a_leader_who_leads_and_coordinates_gets_one_week_with_both(make_office: MakeOffice) -> None:
    both = reached(102, "Grace Lie", role="coordinator", membership="")
    below = reached(105, "Ivar Moen", unit="Solvik / Avdeling 1 / Kveld", role="leader")
    office, mail, _ = open_office(make_office, *EVERYBODY, both, below, begins="2027-01-05 07:00")

    office.pass_time("2027-01-11 12:00")

    weeks = [one.card for one in mail.sent if one.address.startswith("grace") and "Uka i" in one.card.title]
    assert len(weeks) == 1
    assert "Ivar Moen" in plain(weeks[0])
    assert said("digest.say_offers") not in plain(weeks[0])


def test_an_import_with_a_new_address_reaches_the_person_again(make_office: MakeOffice) -> None:
    office, mail, _ = open_office(make_office, GRACE, flows=[themes("2027-01-05")])
    mail.refuse = lambda address, card: DeliveryError("nobody", permanent=True) if address[0] == "g" else None
    office.pass_time("2027-01-04 12:00")

    office.import_people([GRACE.replace("grace@", "lie@")], more_columns=MORE_COLUMNS)
    office.pass_time("2027-01-05 12:00")

    assert [one.address for one in mail.sent] == ["lie@solvik.example"]
    assert office.at.date() == date(2027, 1, 5)


def test_what_waits_for_somebody_never_comes_to_the_new_owner_of_the_address(make_office: MakeOffice) -> None:
    office, mail, sms = open_office(make_office)
    mail.refuse = lambda address, card: DeliveryError("too many", retry_after=timedelta(minutes=30))
    office.pass_time("2027-01-04 09:15")
    waiting = deliveries_to(office, "Ada", "question")

    moved = reached(101, "Ada Berg", mobile="400 00 001")
    mallory = reached(301, "Mallory Dahl", unit=OTHER_WARD, mail="ada@solvik.example")
    office.import_people([moved, *EVERYBODY[1:], mallory], MORE_COLUMNS)
    mail.refuse = lambda address, card: None
    office.pass_time("2027-01-04 12:00")

    assert waiting == [("mail", "queued")]
    assert deliveries_to(office, "Ada", "question") == [("mail", "failed"), ("sms", "sent")]
    assert "ada@solvik.example" not in {one.address for one in mail.sent}
    assert "+4740000001" in {one.address for one in sms.sent}
    assert unreachable(office) == {}  # it is good, for whoever has it now
