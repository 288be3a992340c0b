"""Settings: a bad value names its variable and says what to write."""

import pytest

from bot.settings import SettingsInvalid, read_settings


@pytest.mark.parametrize(
    "address",
    ["http://medvirk.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "https://", "tull"],
)
def test_an_address_on_which_links_could_be_read_is_refused(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("MEDVIRK_BASE_URL", address)

    with pytest.raises(SettingsInvalid, match=r"MEDVIRK_BASE_URL.*write https://"):
        read_settings()


@pytest.mark.parametrize("address", ["https://medvirk.example", "http://127.0.0.1:8000", "http://localhost:9"])
def test_an_address_that_is_safe_is_taken(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("MEDVIRK_BASE_URL", address + "/")

    assert read_settings().base_url == address


def test_every_bad_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDVIRK_ZONE", "Mars")
    monkeypatch.setenv("MEDVIRK_DIGEST_CRON", "whenever")
    monkeypatch.setenv("MEDVIRK_MOST_QUESTIONS", "0")

    with pytest.raises(SettingsInvalid) as refused:
        read_settings()

    for variable in ("MEDVIRK_ZONE", "MEDVIRK_DIGEST_CRON", "MEDVIRK_MOST_QUESTIONS"):
        assert variable in str(refused.value)
