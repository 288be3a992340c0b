"""Settings: a bad value names its variable and says what to write."""

import pytest

from bot.settings.product import SettingsInvalid, read_settings


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


MAIL = {"MEDVIRK_MAIL_HOST": "smtp.solvik.example", "MEDVIRK_MAIL_SENDER": "medvirk@solvik.example"}
TOKEN = {"MEDVIRK_MAIL_TOKEN_URL": "https://login.example/token", "MEDVIRK_MAIL_USER": "medvirk@solvik.example"}


def test_channels_that_nothing_is_said_about_are_off() -> None:
    settings = read_settings()

    assert (settings.mail, settings.sms) == (None, None)


def test_a_plain_relay_a_password_and_a_token_are_all_ways_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in MAIL.items():
        monkeypatch.setenv(name, value)
    relay = read_settings().mail
    monkeypatch.setenv("MEDVIRK_MAIL_USER", "medvirk")
    monkeypatch.setenv("MEDVIRK_MAIL_PASSWORD", "made-up")
    password = read_settings().mail
    monkeypatch.delenv("MEDVIRK_MAIL_PASSWORD")
    for name, value in TOKEN.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MEDVIRK_MAIL_CLIENT_ID", "app")
    monkeypatch.setenv("MEDVIRK_MAIL_CLIENT_SECRET", "made-up")
    token = read_settings().mail

    assert relay is not None
    assert password is not None
    assert token is not None
    assert (relay.security, relay.user) == ("starttls", "")
    assert "made-up" not in repr([password, token])


SEVERAL = {
    "MEDVIRK_SLACK_CLIENT_ID": "1.1",
    "MEDVIRK_SLACK_CLIENT_SECRET": "made-up",
    "MEDVIRK_SLACK_SIGNING_SECRET": "made-up",
}


def test_slack_is_on_for_one_workspace_or_for_several(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEDVIRK_SLACK_SIGNING_SECRET", "made-up")
    off = read_settings().slack
    monkeypatch.setenv("MEDVIRK_SLACK_TOKEN", "xoxb-made-up")
    one = read_settings().slack
    monkeypatch.delenv("MEDVIRK_SLACK_TOKEN")
    for name, value in SEVERAL.items():
        monkeypatch.setenv(name, value)
    several = read_settings().slack

    assert (off, one is not None and one.is_for_several) == (None, False)
    assert several is not None
    assert several.is_for_several
    assert "made-up" not in repr([one, several])


@pytest.mark.parametrize(
    ("said", "variable"),
    [
        ({"MEDVIRK_MAIL_SENDER": ""}, "MEDVIRK_MAIL_SENDER"),
        ({"MEDVIRK_MAIL_SENDER": "medvirk"}, "MEDVIRK_MAIL_SENDER"),
        ({"MEDVIRK_MAIL_SENDER": "a@b.example\nBcc: c@d.example"}, "MEDVIRK_MAIL_SENDER"),
        ({"MEDVIRK_MAIL_PORT": "mange"}, "MEDVIRK_MAIL_PORT"),
        ({"MEDVIRK_MAIL_SECURITY": "ssl"}, "MEDVIRK_MAIL_SECURITY"),
        ({"MEDVIRK_MAIL_USER": "medvirk"}, "MEDVIRK_MAIL_PASSWORD"),
        ({"MEDVIRK_MAIL_PASSWORD": "made-up"}, "MEDVIRK_MAIL_USER"),
        ({**TOKEN, "MEDVIRK_MAIL_PASSWORD": "made-up"}, "MEDVIRK_MAIL_PASSWORD"),
        (TOKEN, "MEDVIRK_MAIL_CLIENT_SECRET"),
        ({"MEDVIRK_MAIL_TOKEN_URL": "http://login.example/"}, "MEDVIRK_MAIL_TOKEN_URL"),
        (
            {"MEDVIRK_MAIL_USER": "m", "MEDVIRK_MAIL_PASSWORD": "made-up", "MEDVIRK_MAIL_SECURITY": "none"},
            "MEDVIRK_MAIL_SECURITY",
        ),
        ({"MEDVIRK_SMS_URL": "https://sms.example/send"}, "MEDVIRK_SMS_TOKEN"),
        ({"MEDVIRK_SMS_URL": "http://sms.example/send", "MEDVIRK_SMS_TOKEN": "made-up"}, "MEDVIRK_SMS_URL"),
        ({"MEDVIRK_SMS_SENDER": "Solvik kommune i Solvik"}, "MEDVIRK_SMS_SENDER"),
        ({"MEDVIRK_SLACK_TOKEN": "xoxb-made-up"}, "MEDVIRK_SLACK_SIGNING_SECRET"),
        ({"MEDVIRK_SLACK_CLIENT_ID": "1.1", "MEDVIRK_SLACK_SIGNING_SECRET": "s"}, "MEDVIRK_SLACK_CLIENT_SECRET: write"),
        ({"MEDVIRK_SLACK_CLIENT_SECRET": "made-up"}, "MEDVIRK_SLACK_CLIENT_ID: write"),
        ({**SEVERAL, "MEDVIRK_SLACK_SIGNING_SECRET": ""}, "MEDVIRK_SLACK_SIGNING_SECRET"),
        ({**SEVERAL, "MEDVIRK_SLACK_TOKEN": "xoxb-made-up"}, "MEDVIRK_SLACK_TOKEN: is for one workspace"),
    ],
)
def test_a_channel_that_cannot_work_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, said: dict[str, str], variable: str
) -> None:
    for name, value in {**MAIL, **said}.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsInvalid, match=variable) as refused:
        read_settings()

    assert "made-up" not in str(refused.value)
