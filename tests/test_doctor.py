"""The doctor: what is well, what to look at and what is wrong, each with the remedy; nothing secret is told."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pydantic import SecretStr
from sqlalchemy import make_url
from sqlmodel import Session, select

from bot.channels.contract import DeliveryError
from bot.commands.doctor import doctor
from bot.watching.checks import GROUPS
from bot.watching.checks.flows import check_discussions
from bot.watching.checks.running import check_deliveries, check_run_keys, check_tick
from bot.watching.checks.ways import check_access_log, check_mail
from bot.watching.findings import Finding, Ground, Verdict
from storage.runs import remember_look
from storage.store import Store
from storage.tables import Address
from tests.browsing import STAFF, answers
from tests.mail_server import PASSWORD, SENDER, USER, Box, mail_server, mail_settings, make_certificate, with_password
from tests.office import ADA, GRACE, PEOPLE, WARD, MakeOffice, Office, Post, line, on, shipped


def ask(*arguments: str, **settings: str) -> Result:
    return CliRunner().invoke(doctor, arguments, env={f"MEDVIRK_{name.upper()}": one for name, one in settings.items()})


def ask_about(office: Office, *arguments: str, **settings: str) -> Result:
    url = office.parts.store.url.render_as_string(hide_password=False)
    return ask(*arguments, **{"database_url": url, "keys_dir": str(office.parts.keys.folder), **settings})


def ground(office: Office, **settings: Any) -> Ground:
    chosen = office.parts.settings.model_copy(update={"keys_dir": office.parts.keys.folder, **settings})
    return Ground(chosen, office.at, office.parts.store)


def told(findings: Any) -> list[tuple[Verdict, str]]:
    return [(one.verdict, one.says) for one in findings]


def says(findings: Any) -> str:
    return "\n".join(f"{one.verdict}: {one.says}" for one in findings)


def test_before_the_first_start_nothing_is_made_by_looking(tmp_path: Path) -> None:
    before = list(tmp_path.iterdir())

    result = ask("database", "machine", database_url=f"sqlite:///{tmp_path}/a/db", keys_dir=f"{tmp_path}/keys")

    assert result.exit_code == 0
    assert "look   database        there is none yet; it is made when Medvirk first starts" in result.stdout
    assert list(tmp_path.iterdir()) == before


def test_settings_that_cannot_be_used_are_named_with_the_remedy() -> None:
    result = ask(zone="Oslo", base_url="http://solvik.example", metrics_token="hunter2")

    assert result.exit_code == 1
    assert "wrong  settings        MEDVIRK_ZONE: 'Oslo' is no time zone" in result.stdout
    assert "write https://" in result.stdout
    assert "MEDVIRK_METRICS_TOKEN: too easy to guess" in result.stdout
    assert "hunter2" not in result.output


def test_a_variable_that_nothing_reads_is_pointed_out() -> None:
    result = ask("settings", keys_folder="/somewhere")

    assert "MEDVIRK_KEYS_FOLDER is set, but nothing reads it" in result.stdout
    assert "MEDVIRK_DATABASE_URL is set, but" not in result.stdout


def test_a_misspelt_variable_is_wrong_and_the_right_one_is_named() -> None:
    result = ask("settings", mail_hots="mail.solvik.example")

    assert result.exit_code == 1
    assert "wrong  settings        MEDVIRK_MAIL_HOTS: is no setting; did you mean MEDVIRK_MAIL_HOST?" in result.stdout


def test_it_says_which_settings_file_was_read(tmp_path: Path) -> None:
    (tmp_path / "own.env").write_text('MEDVIRK_ORGANISATION="Solvik kommune"\n')

    result = ask("settings", env_file=f"{tmp_path}/own.env")

    assert f"ok     settings        read from {tmp_path}/own.env" in result.stdout
    assert "MEDVIRK_ORGANISATION is not set" not in result.stdout


def test_an_unknown_group_is_answered_with_those_there_are() -> None:
    result = ask("weather")

    assert result.exit_code == 2
    assert "there is no group 'weather'; there are settings" in result.output


def test_the_help_names_every_group() -> None:
    assert f"only: {', '.join(GROUPS)}." in " ".join(ask("--help").output.split())


def test_a_key_folder_that_others_can_open_is_wrong(office: Office) -> None:
    before = ask_about(office, "machine")
    office.parts.keys.folder.chmod(0o750)
    after = ask_about(office, "machine")

    assert "ok     keys" in before.stdout
    assert before.exit_code == 0
    assert "wrong  keys            others on this machine can open the key folder" in after.stdout
    assert after.exit_code == 1


@pytest.mark.sqlite
def test_a_database_file_that_others_can_open_is_wrong(office: Office) -> None:
    Path(office.parts.store.url.database or "").chmod(0o644)

    assert "wrong  database        others on this machine can open its file" in ask_about(office, "database").stdout


def test_a_database_that_does_not_answer_is_wrong_and_its_password_is_not_shown(tmp_path: Path) -> None:
    result = ask(
        "database", "people", database_url="postgresql://medvirk:hunter2@127.0.0.1:1/x", keys_dir=str(tmp_path)
    )

    assert result.exit_code == 1
    assert "does not answer as ours would (OperationalError" in result.stdout
    assert not any(word in result.output for word in ("hunter2", "Traceback", "people "))


def test_tables_of_another_release_are_wrong(office: Office) -> None:
    with office.parts.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    result = ask_about(office, "database", "running")

    assert result.exit_code == 1
    assert "its tables are of 9999" in result.stdout
    assert "tick" not in result.stdout


def test_where_nothing_answers_it_is_said_what_to_do(tmp_path: Path) -> None:
    result = ask("address", base_url="http://127.0.0.1:1", database_url=f"sqlite:///{tmp_path}/x")

    assert result.exit_code == 1
    assert "nothing answers at http://127.0.0.1:1 (ConnectError); is medvirk serve running" in result.stdout


def test_a_proxy_that_writes_down_links_is_found_out(office: Office, tmp_path: Path) -> None:
    """A made-up link is opened, and then stands in a log that can be read here."""
    log = tmp_path / "nginx" / "access.log"
    log.parent.mkdir()

    def opened(url: str) -> None:
        log.write_text(f"GET {url} 200")

    proxied = ground(office, base_url="https://solvik.example")

    (telling,) = check_access_log(proxied, tmp_path, opened)
    (silent,) = check_access_log(proxied, tmp_path, lambda url: None)

    assert (telling.verdict, silent.verdict) == (Verdict.wrong, Verdict.look)
    assert telling.says == f"{log} keeps personal links; switch it off for /l/, /k and /p/"


def test_where_nothing_answers_the_access_log_could_not_be_tried(office: Office, tmp_path: Path) -> None:
    found = check_access_log(ground(office, base_url="https://127.0.0.1:1"), tmp_path)

    assert told(found) == [(Verdict.look, "could not be tried, since nothing answers")]


@pytest.mark.parametrize(("password", "verdict"), [(PASSWORD, Verdict.ok), ("hunter2", Verdict.wrong)])
def test_the_mail_server_is_tried_and_nothing_is_sent(
    office: Office, tmp_path: Path, password: str, verdict: Verdict
) -> None:
    box, certificate = Box(), make_certificate(tmp_path)
    signing_in = {**with_password(), "password": SecretStr(password)}
    with mail_server(box, security="starttls", certificate=certificate, asks=True) as port:
        mail = mail_settings(port, security="starttls", ca_file=certificate, **signing_in)
        (found,) = check_mail(ground(office, mail=mail))

    assert found.verdict is verdict
    assert box.secrets[-1:] == [password]
    assert (box.mails, box.envelopes) == ([], [])
    assert password not in found.says


def test_where_no_discussion_is_recorded_it_is_said_who_is_not_asked(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF)  # Solvik's are recorded, the state's are not
    office.world.at += timedelta(days=1)

    found = told(check_discussions(ground(office)))

    (line,) = [one for verdict, one in found if verdict is Verdict.look]
    assert line.startswith("none is recorded that covers 1 person at Staten, so they are not asked by course_benefit, ")
    assert "pulse" in line
    assert not any("at Solvik" in one for _, one in found)


def test_whoever_has_no_leader_and_no_address_is_counted_and_not_named(make_office: MakeOffice) -> None:
    office = make_office(people=[ADA, line(900, "Olga Moe", "Solvik / Avdeling 2")])

    def forget(session: Session) -> None:
        address = session.exec(select(Address).where(Address.person_id == office.id_of("Ada"))).one()
        address.unreachable_because = "made up"
        session.add(address)

    office.parts.writer.do_now(forget)
    result = ask_about(office, "people")

    assert "look   addresses       1 person has no address that can be used" in result.stdout
    assert "look   leaders         2 people have no leader above them, in Avdeling 1, Avdeling 2" in result.stdout
    assert not any(name in result.stdout for name in ("Ada", "Olga"))


def test_who_leads_at_the_top_needs_no_leader(make_office: MakeOffice) -> None:
    office = make_office(people=[ADA, GRACE])

    assert "ok     leaders         everybody has one" in ask_about(office, "people").stdout


def test_a_tick_that_is_late_or_still_to_come_is_wrong(office: Office) -> None:
    office.beat()
    look = ground(office)
    verdicts = []
    for minutes in (0, 4, 6, -10):
        later = Ground(look.settings, look.at + timedelta(minutes=minutes), look.store)
        verdicts += [(one.verdict, one.says.partition("UTC")[2][:8]) for one in check_tick(later)]

    assert verdicts == [(Verdict.ok, ""), (Verdict.ok, ""), (Verdict.wrong, ": nothin"), (Verdict.wrong, ", which ")]


def test_before_the_first_tick_it_is_said_how_to_begin(office: Office) -> None:
    assert told(check_tick(ground(office))) == [(Verdict.look, "there has been none yet; start medvirk serve")]


def test_what_did_not_arrive_is_counted_by_reason_and_without_anybody(make_office: MakeOffice) -> None:
    post = Post()
    office = make_office(flows=[], people=STAFF, post=post)
    ends = [DeliveryError("nobody there", permanent=True)] * 3 + [DeliveryError("lost", uncertain=True)]
    post.refuse = lambda address, card: ends.pop() if ends else None
    office.pass_time("2027-01-04 12:00")
    soon = told(check_deliveries(ground(office)))
    office.pass_time("2027-01-14 12:00")

    assert soon == [
        (Verdict.look, "web: in the last seven days 3 did not arrive: nobody there"),
        (Verdict.look, "web: in the last seven days 1 may not have arrived: lost"),
    ]
    assert told(check_deliveries(ground(office)))[0][0] is Verdict.ok


def test_deliveries_that_should_have_left_are_wrong(make_office: MakeOffice) -> None:
    office = make_office(flows=[], people=STAFF)
    office.pass_time("2027-01-04 07:30")
    office.world.at += timedelta(hours=6)  # and nothing is sent

    (finding, *_) = check_deliveries(ground(office))

    assert finding.verdict is Verdict.wrong
    assert finding.says.endswith("should have left, the first more than an hour ago")


def test_an_open_round_whose_key_is_missing_is_wrong(make_office: MakeOffice) -> None:
    office = make_office(flows=[shipped("pulse", schedule=on("2027-01-04"))], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    with_key = list(check_run_keys(ground(office)))
    (run,) = office.runs()
    office.parts.keys.destroy_run_key(run.id or 0)

    assert [one.verdict for one in with_key] == [Verdict.ok]
    assert says(check_run_keys(ground(office))).startswith(f"wrong: round {run.id} is open and its key is not in")


def test_the_doctor_says_the_same_however_many_have_answered(make_office: MakeOffice) -> None:
    flow = shipped("pulse", schedule=on("2027-01-04"), remind_after_days=[3])
    office = make_office(flows=[flow], people=STAFF)
    office.pass_time("2027-01-04 12:00")
    groups = ("machine", "database", "flows", "people", "running")

    def examine() -> list[Finding]:
        return [
            one for group in groups for check in GROUPS[group] for one in check(ground(office)) if one.about != "disk"
        ]

    before = examine()
    for name in ("Ada", "Sverre", "Jonas"):
        office.answer(name, "pulse", answers())

    assert examine() == before


def test_for_a_machine_it_is_json(office: Office) -> None:
    office.parts.writer.do_now(lambda session: remember_look(session, "tick", datetime.now(UTC)))

    result = ask_about(office, "--json", "database", "running")

    found = json.loads(result.stdout)
    assert {tuple(one) for one in found} == {("verdict", "about", "says")}
    assert [one["verdict"] for one in found] == ["ok"] * 4
    assert result.exit_code == 0


def test_no_secret_and_no_person_is_named(make_office: MakeOffice) -> None:
    office = make_office(people=STAFF)
    office.pass_time("2027-01-04 12:00")
    url = make_url(office.parts.store.url)

    result = ask_about(
        office,
        metrics_token="token-of-hunter2-0123456789",
        sms_url="http://127.0.0.1:1/send",
        sms_token="hunter2-sms",
        mail_host="127.0.0.1",
        mail_port="1",
        mail_sender=SENDER,
        mail_user=USER,
        mail_password="hunter2-mail",
    )

    names = {word for one in PEOPLE for word in one.split(";")[1].split()} - set(WARD.split())
    assert result.exit_code == 1
    assert not any(word in result.output.split() for word in names)
    assert "hunter2" not in result.output
    assert not url.password or url.password not in result.output


def test_a_check_that_breaks_keeps_no_other_from_being_made(store: Store, tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.mkdir(mode=0o700)
    (keys / "server-x.key").symlink_to(tmp_path / "gone")

    url = store.url.render_as_string(hide_password=False)
    result = ask("machine", "database", database_url=url, keys_dir=str(keys))

    assert (
        "wrong  keys            could not be looked at (FileNotFoundError (No such file or directory))" in result.stdout
    )
    assert "ok     database" in result.stdout
