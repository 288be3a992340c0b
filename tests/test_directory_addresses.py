"""How a person is reached, as a directory file tells it: mobile numbers in one form, and what comes first."""

import pytest

from bot.directory import csv
from bot.directory.record import DirectoryError
from bot.directory.values import read_channel, read_mobile
from storage.directory.records import PersonRecord

HEADER = "nummer;navn;e-post;mobil;kanal;enhet"


def read(*lines: str) -> tuple[PersonRecord, ...]:
    return csv.read("solvik.csv", [HEADER, *lines]).organisation.people


@pytest.mark.parametrize(
    "written",
    ["40000000", "400 00 000", "+47 400 00 000", "0047 40000000", "4740000000", "+47-40000000", "(+47) 40 00 00 00"],
)  # fmt: skip
def test_a_norwegian_number_is_one_number_however_it_is_written(written: str) -> None:
    assert read_mobile(written) == "+4740000000"


@pytest.mark.parametrize("written", ["+46 70 123 45 67", "0046701234567", "+48 600 000 000"])
def test_a_number_from_elsewhere_is_taken_with_its_country(written: str) -> None:
    assert read_mobile(written).startswith("+4")


@pytest.mark.parametrize(
    "written",
    ["22 00 00 00", "4000000", "400000000", "tlf", "+47 22 00 00 00", "+", "+0400", "40000000 x", "٤٠٠٠٠٠٠٠"]
)  # fmt: skip
def test_what_no_sms_can_be_sent_to_is_said_in_words(written: str) -> None:
    with pytest.raises(ValueError, match="is no mobile number: a Norwegian one has eight digits"):
        read_mobile(written)


@pytest.mark.parametrize(
    ("written", "channel"), [("SMS", "sms"), ("E-post", "mail"), ("epost", "mail"), ("web", "web")]
)
def test_a_way_has_a_norwegian_and_an_english_name(written: str, channel: str) -> None:
    assert read_channel(written) == channel


def test_mail_number_and_what_comes_first_are_read() -> None:
    (ada,) = read("1;Ada Berg;ada@solvik.example;400 00 000;sms;Solvik")

    assert (ada.mail, ada.mobile, ada.preferred) == ("ada@solvik.example", "+4740000000", "sms")


@pytest.mark.parametrize(("way", "column"), [("sms", "mobile"), ("mail", "mail")])
def test_to_come_first_a_way_must_have_an_address(way: str, column: str) -> None:
    with pytest.raises(DirectoryError, match=f"line 2, field kanal.*nothing is written in the column {column}"):
        read(f"1;Ada Berg;;;{way};Solvik")


def test_two_people_never_share_a_number() -> None:
    with pytest.raises(DirectoryError, match=r"line 3, field mobil.*belongs to the person 1 on line 2 too"):
        read("1;Ada Berg;;40000000;;Solvik", "2;Grace Lie;;+47 400 00 000;;Solvik")
