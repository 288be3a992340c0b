"""People come in: what an import stores, and what it leaves alone."""

from datetime import UTC, date, datetime

from sqlmodel import col, select

from bot.directory.words import describe, summarise
from storage import log
from storage.links import Purpose, ensure_link
from storage.people import home_memberships
from storage.store import Store
from storage.tables import Absence, Address, Delivery, Link, Membership, Person, Role, UnitBelow
from storage.units import units_by_parent
from tests.sample_people import (
    ADA,
    AT,
    GRACE,
    MALLORY,
    MONDAY,
    find,
    find_person,
    find_unit,
    import_lines,
)


def test_a_person_comes_in_with_home_addresses_hours_and_leave(store: Store) -> None:
    import_lines(
        store,
        "1;Ada Berg;ada@solvik.example;nn;man-fre 7-15;2027-02-22/2027-02-26;Solvik;;Staten;2026-08-01;;",
    )

    ada = find_person(store, "1")
    assert (ada.name, ada.mail, ada.language) == ("Ada Berg", "ada@solvik.example", "nn")
    assert (ada.hours, ada.active, ada.declined) == ("mon-fri 07:00-15:00", True, False)
    with store.reading() as session:
        membership, absence = session.exec(select(Membership)).one(), session.exec(select(Absence)).one()
        addresses = session.exec(select(Address.channel, Address.value, Address.preferred)).all()
        assert (membership.kind, membership.employer) == ("home", "Staten")
        assert (membership.starts_on, membership.ends_on) == (date(2026, 8, 1), None)
        assert (absence.starts_on, absence.ends_on) == (date(2027, 2, 22), date(2027, 2, 26))
    assert set(addresses) == {("web", "1", False), ("mail", "ada@solvik.example", True)}


def test_the_tree_of_units_and_its_closure_are_made(store: Store) -> None:
    import_lines(store, ADA, MALLORY)

    top, home = find_unit(store, "Solvik"), find_unit(store, "Solvik / Sykehjem")
    ward, office = find_unit(store, "Solvik / Sykehjem / Avdeling 2"), find_unit(store, "Solvik / NAV")
    with store.reading() as session:
        below = {(row.above_id, row.below_id, row.depth) for row in session.exec(select(UnitBelow))}
        assert units_by_parent(session) == {top: None, home: top, ward: home, office: top}
    assert below == {
        *((unit, unit, 0) for unit in (top, home, ward, office)),
        *((top, home, 1), (top, office, 1), (home, ward, 1), (top, ward, 2)),
    }


def test_a_second_import_of_the_same_file_changes_nothing_and_says_so(store: Store) -> None:
    import_lines(store, ADA, GRACE, MALLORY)

    difference = import_lines(store, ADA, GRACE, MALLORY)

    assert difference.is_empty
    assert list(describe(difference)) == []
    assert summarise(difference) == "nothing has changed"
    with store.reading() as session:
        assert [entry.action for entry in log.entries_of(session)] == [
            "people imported",
            "role given: leader",
        ]


def test_other_words_for_the_same_hours_change_nothing(store: Store) -> None:
    import_lines(store, ADA.replace(";nb;;", ";nb;man-fre 08:00-15:30;"))

    assert find(store, ADA.replace(";nb;;", ";nb;mandag til fredag kl. 8-15.30;")).is_empty


def test_whoever_is_gone_is_deactivated_and_never_deleted(store: Store) -> None:
    import_lines(store, ADA, GRACE)
    ada = find_person(store, "1")

    import_lines(store, GRACE)

    gone = find_person(store, "1")
    assert (gone.id, gone.name, gone.active) == (ada.id, "Ada Berg", False)
    with store.reading() as session:
        assert [home.person_id for home in home_memberships(session, MONDAY)] == [find_person(store, "2").id]


def test_whoever_is_gone_has_no_rights_no_links_and_no_mail_on_its_way(store: Store) -> None:
    import_lines(store, ADA, GRACE)
    grace = find_person(store, "2").id or 0
    with store.writing() as session:
        ensure_link(session, b"key", grace, Purpose.home, 0, datetime(2027, 6, 1, tzinfo=UTC))
        session.add(
            Delivery(about="run:1", person_id=grace, channel="web", address="2", kind="question", not_before=AT)
        )

    import_lines(store, ADA)

    with store.reading() as session:
        assert [session.exec(select(table)).all() for table in (Role, Link, Delivery)] == [[], [], []]
        assert log.entries_of(session)[-1].action == "role taken: leader"


def test_whoever_comes_back_is_the_same_person_again(store: Store) -> None:
    import_lines(store, ADA, GRACE)
    before = find_person(store, "1")
    import_lines(store, GRACE)

    difference = import_lines(store, ADA, GRACE)

    assert list(difference.back) == ["1"]
    assert find_person(store, "1") == before
    with store.reading() as session:
        assert before.id in {home.person_id for home in home_memberships(session, MONDAY)}


def test_what_a_person_chose_is_never_overwritten(store: Store) -> None:
    import_lines(store, ADA)
    with store.writing() as session:
        ada = session.exec(select(Person)).one()
        ada.language, ada.language_chosen = "en", True
        ada.paused_until, ada.declined = date(2027, 3, 1), True

    difference = import_lines(store, ADA.replace(";nb;", ";nn;").replace("Ada Berg", "Ada Moe"))

    ada = find_person(store, "1")
    assert (ada.name, ada.language, ada.paused_until, ada.declined) == (
        "Ada Moe",
        "en",
        date(2027, 3, 1),
        True,
    )
    assert list(describe(difference)) == ["Changed: 1", "  Ada Moe (1)", "    name: «Ada Berg» -> «Ada Moe»"]


def test_a_language_nobody_chose_follows_the_file(store: Store) -> None:
    import_lines(store, ADA)

    import_lines(store, ADA.replace(";nb;", ";nn;"))

    assert find_person(store, "1").language == "nn"


def test_a_difference_says_old_and_new_for_every_field(store: Store) -> None:
    import_lines(store, ADA, GRACE, MALLORY)

    difference = find(
        store,
        "1;Ada Berg;;nb;man-fre 7-15;2027-02-22/2027-02-26;Solvik / Sykehjem / Avdeling 1;home;;2027-01-01;;",
        GRACE.replace("leader", ""),
        "4;Per Moe;;nb;;;Solvik / Demens;group;;;;",
        "4;;;;;;Solvik / Sykehjem / Avdeling 1;home;;;;",
    )

    assert list(describe(difference)) == [
        "Units: 3",
        "  new group: Solvik / Demens",
        "  new unit: Solvik / Sykehjem / Avdeling 1",
        "  deactivated: Solvik / NAV",
        "New: 1",
        "  Per Moe (4)",
        "    group (Solvik): nothing -> «Solvik / Demens»",
        "    home (Solvik): nothing -> «Solvik / Sykehjem / Avdeling 1»",
        "Changed: 2",
        "  Ada Berg (1)",
        "    mail: «ada@solvik.example» -> nothing",
        "    hours: nothing -> «mon-fri 07:00-15:00»",
        "    home (Solvik): «Solvik / Sykehjem / Avdeling 2» -> nothing",
        "    home (Solvik): nothing -> «Solvik / Sykehjem / Avdeling 1 from 2027-01-01»",
        "    leave: nothing -> «2027-02-22/2027-02-26»",
        "  Grace Lie (2)",
        "    leader: «Solvik / Sykehjem / Avdeling 2» -> nothing",
        "Deactivated (kept, and asked nothing): 1",
        "  Mallory Dahl (3)",
    ]
    assert summarise(difference) == (
        "people: 1 new, 2 changed, 1 deactivated, 0 back; units: 2 new, 0 changed, 1 deactivated"
    )


def test_finding_a_difference_stores_nothing(store: Store) -> None:
    find(store, ADA)

    with store.reading() as session:
        assert session.exec(select(Person)).all() == []


def test_a_unit_that_is_gone_keeps_its_readers_and_comes_back_as_the_same_unit(store: Store) -> None:
    import_lines(store, ADA, MALLORY)
    office = find_unit(store, "Solvik / NAV")
    import_lines(store, ADA)
    with store.reading() as session:
        assert office not in units_by_parent(session)
        assert session.get(UnitBelow, (find_unit(store, "Solvik"), office)) is not None

    import_lines(store, ADA, MALLORY)

    with store.reading() as session:
        assert office in units_by_parent(session)


def test_a_mail_address_may_pass_to_somebody_else(store: Store) -> None:
    import_lines(store, ADA, GRACE)

    import_lines(store, GRACE.replace("grace@", "ada@"), MALLORY.replace(";;nb", ";grace@solvik.example;nb"))

    with store.reading() as session:
        owners = session.exec(
            select(Address.value, Person.number)
            .join(Person, col(Person.id) == col(Address.person_id))
            .where(Address.channel == "mail")
        ).all()
    assert set(owners) == {("ada@solvik.example", "2"), ("grace@solvik.example", "3")}


def test_an_address_from_a_chat_is_left_alone(store: Store) -> None:
    import_lines(store, ADA)
    with store.writing() as session:
        session.add(Address(person_id=find_person(store, "1").id or 0, channel="slack", value="T1/U1"))

    assert find(store, ADA).is_empty


def test_a_person_whose_home_is_over_is_deactivated_although_the_file_has_them(store: Store) -> None:
    ends_in_june = ADA.replace("home;;;;", "home;;;2027-06-30;")
    import_lines(store, ends_in_june, GRACE)

    difference = import_lines(store, ends_in_june, GRACE, on=date(2027, 7, 1))

    assert list(difference.gone) == ["1"]
    assert import_lines(store, ends_in_june, GRACE, on=date(2027, 7, 1)).is_empty


def test_a_role_counts_on_its_days_only(store: Store) -> None:
    acting = "1;;;;;;Solvik / Sykehjem;;;2027-02-01;2027-02-28;leader"

    roles = [
        len(find(store, ADA, acting, on=on).roles.added)
        for on in (date(2027, 1, 31), date(2027, 2, 1), date(2027, 2, 28), date(2027, 3, 1))
    ]

    assert roles == [0, 1, 1, 0]
