"""What Medvirk says itself: the same in three languages, all of it used, nothing missing, and plainly put."""

import ast
import re
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.words import Words, read_catalogue, words_in
from flows.text import LANGUAGES
from tests.reading_words import (
    FAMILIES,
    calls,
    families,
    forms_of,
    members,
    placeholders,
    said,
    sentences,
    strings_in,
    template_of,
)

PLURALS = sorted(key for key, sentence in read_catalogue("nb").items() if isinstance(sentence, dict))


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> Words:
    return words_in(str(request.param))


def test_every_language_has_the_same_keys_in_the_same_order() -> None:
    nb, nn, en = (list(read_catalogue(language)) for language in LANGUAGES)

    assert nb == nn == en


def test_every_language_fills_in_the_same_things() -> None:
    for key in read_catalogue("nb"):
        filled_in = [
            {form: placeholders(sentence) for form, sentence in forms_of(read_catalogue(language)[key]).items()}
            for language in LANGUAGES
        ]
        assert filled_in[0] == filled_in[1] == filled_in[2], key


@pytest.mark.parametrize("key", PLURALS)
def test_one_and_several_are_said_apart(words: Words, key: str) -> None:
    forms = read_catalogue(words.language)[key]
    filled_in = {name: f"<{name}>" for name in placeholders(forms["other"]) - {"count"}}

    assert set(forms) == {"one", "other"}
    assert placeholders(forms["other"]) - placeholders(forms["one"]) <= {"count"}
    assert words(key, **filled_in, count=1) == forms["one"].format(**filled_in, count=1)
    for number in (0, 2, 11, 21, 101):
        assert words(key, **filled_in, count=number) == forms["other"].format(**filled_in, count=number)


def test_every_sentence_the_code_asks_for_is_there() -> None:
    assert said() - set(read_catalogue("nb")) == set()


def test_every_sentence_is_asked_for() -> None:
    assert set(read_catalogue("nb")) - said() == set()


def test_every_family_of_keys_is_known() -> None:
    assert families() == set(FAMILIES)


def test_the_code_fills_in_all_that_a_sentence_needs() -> None:
    checked = 0
    for call in calls("words"):
        if not call.args or any(keyword.arg is None for keyword in call.keywords):
            continue
        first = call.args[0]
        keys = members(template_of(first)) if isinstance(first, ast.JoinedStr) else list(strings_in(first))
        for key in keys:
            forms = read_catalogue("nb")[key]
            needed = {name for form in forms_of(forms).values() for name in placeholders(form)}
            needed |= {"count"} if isinstance(forms, dict) else set()
            assert needed <= {keyword.arg for keyword in call.keywords}, f"{key}, line {call.lineno}"
            checked += 1
    assert checked > 100


def test_a_page_gets_its_words_without_anything_left_to_fill_in_but_what_it_knows() -> None:
    for language in LANGUAGES:
        page = words_in(language).section("page")
        assert {key: placeholders(one) for key, one in page.items() if placeholders(one)} == {
            "footer": {"organisation"},
            "at_most_characters": {"count"},
        }


def test_a_button_is_called_what_is_written_on_it(words: Words) -> None:
    decline, later = words("home.decline"), words("answer.later")

    for key in ("welcome.stop", "left_alone.declined", "demo.left_alone.declined"):
        assert re.search(f"[«“]{decline}[»”]", words(key))
    assert re.search(f"[«“]{later}[»”]", words("problem.nothing_written"))


def test_no_sentence_begins_with_what_may_have_a_small_letter(words: Words) -> None:
    """Such as "at most 5 %", or "your leader" where no name is known."""
    for key, sentence in sentences(words.language):
        assert not re.search(r"(^|[.?!] )\{(rate|leader|whom|figure)\}", sentence), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_and_calm(language: str) -> None:
    greetings = {"welcome.title", "home.title", "receipt.title"}

    for key, sentence in sentences(language):
        assert len(sentence) <= 200 or key.startswith("welcome."), f"{key} is too long"
        assert "!" not in sentence or key in greetings, f"{key} is too loud"
        assert not re.search(r"—|\s–|–\s|;", sentence), f"{key} is put together with a dash or a semicolon"
        assert "  " not in sentence, f"{key} has two spaces"
        assert sentence == sentence.strip(), f"{key} has spaces around it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_its_own_quotation_marks(language: str) -> None:
    others = '“”"' if language != "en" else '«»"'

    for key, sentence in sentences(language):
        assert not set(others) & set(sentence), key


def test_a_sentence_ends_alike_in_all_languages() -> None:
    for sentence in zip(*(sentences(language) for language in LANGUAGES), strict=True):
        ends = {re.sub(r"[^.?!:…]", "", text[-2:]) for key, text in sentence if key != "figure.decimal"}
        assert len(ends) <= 1, sentence


def test_a_language_is_about_as_long_as_another() -> None:
    for sentence in zip(*(sentences(language) for language in LANGUAGES), strict=True):
        lengths = [len(text) for _, text in sentence]
        assert max(lengths) <= 1.6 * min(lengths) + 20, sentence


# Words that give away that a sentence was left in the other form of Norwegian, or in Norwegian
ONLY_BOKMÅL = (
    r"ikke|hva|hvor|hvorfor|hvordan|hvem|hver|hvis|noe|noen|dere|deres|jeg|fra|mer|uten|nå|ennå|bare|før(er)?es|"
    r"svarene|tallene|lenken|meldingen|siden|navn|leder(en)?|uka|måneden?|gang(en)?|ett|et|én|en|være|"
    r"gjøre|oppgaver|tillitsvalgt|verneombud|ble|brukes|slettes|vises|enhet(en)?|kolleger|åpnet?|lagret|slettet"
)
ONLY_NYNORSK = (
    r"ikkje|kva|kor|kvifor|korleis|kven|kvar|noko|nokon|dykk|eg|frå|meir|utan|no|enno|berre|blei|"
    r"svara|tala|lenkja|meldinga|namn|leiar(en)?|veka|månaden?|gong(en)?|eitt|eit|éin|ein|vere|gjere|oppgåver|"
    r"tillitsvald|verneombod|eining(a)?|kollegaer|opna|lagra|sletta|vel|seier|difor"
)


def test_each_form_of_norwegian_is_written_as_itself() -> None:
    for language, foreign in (("nn", ONLY_BOKMÅL), ("nb", ONLY_NYNORSK)):
        for key, sentence in sentences(language):
            assert not re.search(rf"(?<!{{)\b({foreign})\b", sentence, re.IGNORECASE), f"{key}: {sentence}"


NAMES_BOKMÅL = ("answered.code_hint", "poll.written_in.nb", "stored.language_is.nb")


def test_nothing_norwegian_is_left_in_english() -> None:
    for key, sentence in sentences("en"):
        assert not re.search(r"[æøåÆØÅ]", sentence) or key in NAMES_BOKMÅL, key
        assert not re.search(rf"(?<!{{)\b({ONLY_BOKMÅL})\b", sentence, re.IGNORECASE), f"{key}: {sentence}"


def test_a_day_is_said_as_people_say_it() -> None:
    days = [date(2027, 4, 26) + timedelta(days=n) for n in range(7)]

    assert [words_in("nb").day(day) for day in days[:2]] == ["mandag 26. april", "tirsdag 27. april"]
    assert [words_in("nn").day(day) for day in days] == [
        "måndag 26. april",
        "tysdag 27. april",
        "onsdag 28. april",
        "torsdag 29. april",
        "fredag 30. april",
        "laurdag 1. mai",
        "søndag 2. mai",
    ]
    assert words_in("en").day(days[0]) == "Monday 26 April"


def test_a_moment_is_said_by_the_clock_where_people_are() -> None:
    at = datetime(2027, 4, 26, 7, 5, tzinfo=UTC)

    assert {one: words_in(one).moment(at, "Europe/Oslo") for one in LANGUAGES} == {
        "nb": "mandag 26. april kl. 09.05",
        "nn": "måndag 26. april kl. 09.05",
        "en": "Monday 26 April at 09:05",
    }


def test_a_list_is_said_with_the_right_small_word() -> None:
    names = ["Ada", "Grace", "Kari"]

    assert [words_in(one).list(names) for one in LANGUAGES] == ["Ada, Grace og Kari"] * 2 + ["Ada, Grace and Kari"]
    assert [words_in(one).list(names[:2], "or") for one in LANGUAGES] == ["Ada eller Grace"] * 2 + ["Ada or Grace"]
    assert [words_in(one).list(names[:1]) for one in LANGUAGES] == ["Ada"] * 3


def test_an_unknown_language_gets_bokmål() -> None:
    assert words_in("se")("answer.later") == "Ikke nå"
