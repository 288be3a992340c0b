"""How often Microsoft is asked for its keys, and for how long they hold."""

import asyncio
from dataclasses import dataclass

import pytest

from bot.channels.teams.keys import Key, Keys, KeysAway
from tests.slack_proxy import BROKEN, VANISHED, Instead
from tests.teams_server import KEYS, Teams
from tests.teams_ways import settings_for

MINUTE, HOUR = 60, 3600


@dataclass
class Watch:
    """Seconds since the beginning, as the test says."""

    seconds: float = 0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def keys(teams: Teams, watch: Watch) -> Keys:
    settings = settings_for(teams)
    return Keys(settings.keys_url, settings.timeout_seconds, watch)


def test_forged_requests_while_microsoft_is_away_ask_it_once(keys: Keys, teams: Teams) -> None:
    teams.plan(KEYS, *[BROKEN] * 20)

    async def forge() -> list[Key | BaseException | None]:
        return await asyncio.gather(*(keys.find(f"forged-{one}") for one in range(20)), return_exceptions=True)

    assert all(isinstance(one, KeysAway) for one in asyncio.run(forge()))
    assert len(teams.called(KEYS)) == 1


@pytest.mark.parametrize("trouble", [BROKEN, VANISHED], ids=["broken", "cut"])
def test_soon_after_microsoft_is_back_its_keys_are_there(
    keys: Keys, teams: Teams, watch: Watch, trouble: Instead
) -> None:
    teams.plan(KEYS, trouble)
    with pytest.raises(KeysAway):
        asyncio.run(keys.find(teams.key_name))

    watch.seconds += MINUTE

    assert asyncio.run(keys.find(teams.key_name)) is not None


def test_keys_that_cannot_be_renewed_end_after_a_day(keys: Keys, teams: Teams, watch: Watch) -> None:
    asyncio.run(keys.find(teams.key_name))
    teams.plan(KEYS, *[BROKEN] * 1000)

    for _ in range(24):
        assert asyncio.run(keys.find(teams.key_name)) is not None
        watch.seconds += HOUR
    watch.seconds += MINUTE

    with pytest.raises(KeysAway):
        asyncio.run(keys.find(teams.key_name))


def test_a_key_that_was_withdrawn_holds_no_longer_than_a_day_although_a_renewal_failed(
    keys: Keys, teams: Teams, watch: Watch
) -> None:
    withdrawn = teams.key_name
    asyncio.run(keys.find(withdrawn))
    teams.key_name = "the next"
    watch.seconds += 13 * HOUR
    teams.plan(KEYS, BROKEN)
    assert asyncio.run(keys.find(withdrawn)) is not None

    watch.seconds += HOUR

    assert asyncio.run(keys.find(withdrawn)) is None
    assert asyncio.run(keys.find("the next")) is not None
