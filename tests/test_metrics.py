"""Metrics: whoever runs the house sees how it goes, and learns nothing of who or how many answered."""

import re
from importlib.metadata import version
from itertools import cycle

import pytest
from pydantic import SecretStr

from bot.channels.contract import DeliveryError
from bot.settings.product import SettingsInvalid, read_settings
from bot.watching.blurred import Blurred
from bot.watching.metrics import MINUTE, Metrics
from storage.tables.sending import DeliveryKind
from tests.browsing import STAFF, Browser, answers, make_noon
from tests.office import MakeOffice, Office, Post, on, oslo, shipped

TOKEN = "a-token-that-nobody-guesses"
AUTHORISED = {"Authorization": f"Bearer {TOKEN}"}


class Seconds:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 6000.0

    def __call__(self) -> float:
        return self.now


def watched(make_office: MakeOffice, **chosen: object) -> Office:
    return make_office(metrics_token=SecretStr(TOKEN), **chosen)


def scrape(office: Office) -> dict[str, float]:
    """What Prometheus would store: each series with its value."""
    answer = Browser(office).ask("GET", "/metrics", headers=AUTHORISED)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {series: float(value) for series, _, value in lines}


# Blurred


@pytest.mark.parametrize("acts", [0, 1, 9, 5000])
def test_how_many_acts_there_were_moves_nothing(acts: int) -> None:
    counted = Blurred((1, 5))

    for _ in range(60):
        for _ in range(acts):
            counted.add(0.1)
        counted.show_more()

    assert counted.read() == [6000] * 3


def test_one_slow_act_is_not_seen_in_a_quiet_hour_and_ten_are() -> None:
    counted = Blurred((1, 5))
    shown = []

    for _ in range(10):
        counted.add(7)
        counted.show_more()
        shown.append(counted.read())

    assert shown[:9] == [[100 * minutes] * 3 for minutes in range(1, 10)]
    quick, within_five, every = shown[9]
    assert 900 < quick == within_five < every == 1000


def test_whoever_does_much_on_purpose_sees_no_act_of_another_in_the_shape() -> None:
    mallory, with_ada = Blurred((1, 5)), Blurred((1, 5))
    for counted in (mallory, with_ada):
        for _ in range(1000):
            counted.add(0.1)
    with_ada.add(0.1)
    with_ada.add(3)

    for counted in (mallory, with_ada):
        counted.show_more()

    assert mallory.read() == with_ada.read()


def test_how_slow_replies_are_is_told() -> None:
    numbers = cycle(range(0, 410, 4))
    counted = Blurred((1, 5), lambda most: next(numbers) % most)
    for _ in range(200):
        counted.add(0.1)
        counted.add(3)

    counted.show_more()
    quick, within_five, every = counted.read()

    assert 40 < quick < 65
    assert within_five == every == 100


def test_nothing_moves_within_a_minute() -> None:
    clock = Seconds()
    metrics = Metrics(clock)
    for _ in range(50):
        metrics.count_batch(30)
        with metrics.timing_reply():
            clock.now += 0.01

    first = metrics.read_blurred()
    clock.now += MINUTE
    second, third = metrics.read_blurred(), metrics.read_blurred()

    assert first == ([0] * 7, [0] * 6)
    assert second == third
    assert second[0] == [100] * 7
    assert second[1][0] < 60 < second[1][-1] == 100


# Ticks


def test_how_long_a_tick_took_is_rounded_up_or_it_would_tell_how_many_had_answered() -> None:
    clock = Seconds()
    metrics = Metrics(clock)
    told = []
    for seconds in (0.02, 0.9, 3.1, 4.9, 1000):
        with metrics.timing_tick(oslo("2027-01-04 12:00")):
            clock.now += seconds
        assert metrics.tick is not None
        told.append(metrics.tick.seconds)

    assert told == [1, 1, 5, 5, None]


def test_a_tick_that_fails_is_no_tick() -> None:
    metrics = Metrics(Seconds())

    with pytest.raises(ZeroDivisionError), metrics.timing_tick(oslo("2027-01-04 12:00")):
        raise ZeroDivisionError

    assert metrics.tick is None


# Who may read them


def test_without_a_token_set_there_are_no_metrics_at_all(office: Office) -> None:
    browser = Browser(office)

    assert browser.ask("GET", "/metrics").status_code == 404
    assert browser.ask("GET", "/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, "Bearer \xe5"])
def test_without_the_right_token_nothing_is_told(make_office: MakeOffice, given: str) -> None:
    office = watched(make_office)

    answer = Browser(office).ask("GET", "/metrics", headers={"Authorization": given.encode("latin-1")})

    assert (answer.status_code, answer.content) == (401, b"")
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_token_that_could_be_guessed_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDVIRK_METRICS_TOKEN", "secret")

    with pytest.raises(SettingsInvalid, match="MEDVIRK_METRICS_TOKEN: too easy to guess; write at least 24") as refused:
        read_settings()

    assert "secret" not in str(refused.value)


# What they tell


def test_whoever_watches_sees_what_left_and_what_waits(make_office: MakeOffice) -> None:
    post = Post()
    office = watched(make_office, flows=[shipped("pulse", schedule=on("2027-01-04"))], people=STAFF, post=post)
    office.pass_time("2027-01-04 07:30")  # before anybody is at work
    before = scrape(office)
    office.pass_time("2027-01-04 12:00")
    after = scrape(office)

    assert before[f'medvirk_info{{version="{version("medvirk")}"}}'] == 1
    assert before["medvirk_database_up"] == 1
    assert before['medvirk_lane_queued{lane="web"}'] >= 10
    assert before['medvirk_lane_queued{lane="web"}'] % 10 == 0
    assert before['medvirk_lane_due{lane="web"}'] == before['medvirk_lane_oldest_due_seconds{lane="web"}'] == 0
    counted = [one for one in post.sent if "?" not in one.address]
    assert after['medvirk_sends_total{ended="sent",lane="web"}'] == len(counted)
    assert after["medvirk_last_tick_timestamp_seconds"] == oslo("2027-01-04 12:00").timestamp()
    assert after["medvirk_last_tick_duration_seconds"] in (1, 5)


def test_whoever_watches_sees_that_a_platform_refuses_and_what_that_holds_up(make_office: MakeOffice) -> None:
    post = Post()
    office = watched(make_office, flows=[], people=STAFF, post=post)
    post.refuse = lambda address, card: DeliveryError("down", whole_lane=True)
    office.pass_time("2027-01-04 12:00")
    down = scrape(office)
    post.refuse = lambda address, card: None
    office.pass_time("2027-01-05 12:00")
    up = scrape(office)

    assert down['medvirk_lane_refusing{lane="web"}'] == 1
    assert down['medvirk_retries_total{lane="web"}'] >= 1
    assert 'medvirk_sends_total{ended="sent",lane="web"}' not in down
    assert up['medvirk_lane_refusing{lane="web"}'] == 0
    assert up['medvirk_sends_total{ended="sent",lane="web"}'] == len(post.sent)


def test_what_failed_for_good_and_what_is_uncertain_is_told_apart(make_office: MakeOffice) -> None:
    post = Post()
    office = watched(make_office, flows=[], people=STAFF, post=post)
    ends = iter([DeliveryError("nobody", permanent=True), DeliveryError("lost", uncertain=True), OSError("broke")])
    post.refuse = lambda address, card: next(ends, None)
    office.pass_time("2027-01-04 12:00")

    told = scrape(office)

    assert told['medvirk_sends_total{ended="failed",lane="web"}'] == 1
    assert told['medvirk_sends_total{ended="uncertain",lane="web"}'] == 2
    assert told['medvirk_deliveries{state="failed"}'] == told['medvirk_deliveries{state="uncertain"}'] == 10


def test_what_is_overdue_tells_for_how_long(make_office: MakeOffice) -> None:
    office = watched(make_office, flows=[], people=STAFF)
    office.pass_time("2027-01-04 07:30")  # welcomes wait for people to be at work
    office.world.at = oslo("2027-01-04 12:00")  # and nothing was sent all morning
    told = scrape(office)

    assert told['medvirk_lane_due{lane="web"}'] >= 10
    assert 3600 <= told['medvirk_lane_oldest_due_seconds{lane="web"}'] < 5 * 3600


# What they do not tell


def test_whoever_watches_cannot_see_that_somebody_answers(make_office: MakeOffice) -> None:
    office = make_noon(make_office, metrics_token=SecretStr(TOKEN))
    before = scrape(office)
    for flow in ("pulse", "unused_competence", "theme_suggestion"):
        office.answer("Ada", flow, {**answers(), "suggestion": "Sårstell", "nearest": "mine", "has_more": "no"})
    office.home("Jonas").tap("decline")
    office.beat()

    assert scrape(office) == before


def test_whoever_watches_cannot_see_how_many_are_reminded(make_office: MakeOffice) -> None:
    """Those who are reminded are those who have not answered."""

    flow = shipped("pulse", schedule=on("2027-01-04"), remind_after_days=[3])
    post = Post()
    office = watched(make_office, flows=[flow], people=STAFF, post=post)
    office.pass_time("2027-01-04 12:00")
    office.answer("Ada", "pulse", answers())
    office.pass_time("2027-01-06 15:00")
    before, letters = scrape(office), len(post.sent)
    post.refuse = lambda address, card: DeliveryError("not now")
    office.pass_time("2027-01-07 09:00")
    post.refuse = lambda address, card: None
    queued, reminders = scrape(office), len(office.deliveries(DeliveryKind.reminder))
    office.pass_time("2027-01-07 15:00")
    after = scrape(office)

    def kept(told: dict[str, float]) -> dict[str, float]:
        return {name: value for name, value in told.items() if "last_tick" not in name}

    assert reminders > 0
    assert len(post.sent) - letters == reminders
    assert kept(before) == kept(queued) == kept(after)


def test_no_metric_names_a_flow_a_unit_or_a_person(make_office: MakeOffice) -> None:
    office = make_noon(make_office, metrics_token=SecretStr(TOKEN))
    told = Browser(office).ask("GET", "/metrics", headers=AUTHORISED).text

    names = set(re.findall(r"(\w+)=\"", told))
    assert names <= {"lane", "state", "ended", "le", "version"}
    assert not any(word in told for word in ("pulse", "Ada", "Solvik", "run:", "_created"))
