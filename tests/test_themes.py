"""Finding the suggestions nearest to one that Ada is writing; all texts are made up."""

import unicodedata
from collections import Counter
from collections.abc import Sequence

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from flows.text import LANGUAGES
from flows.themes import Candidate, ThemeIndex, find_nearest, normalise, read_vocabulary
from tests.bench.nearest import OWN_SET, WORD_LIST, count_hits, find_by_trigrams, read_suggestions

BOARD = (
    "Kveldsuro ved demens",
    "Trygg legemiddelhåndtering",
    "Lindrende behandling ved livets slutt",
    "Sårstell og bandasjer",
    "Motiverende intervju",
    "Hvordan skrive gode vedtak",
    "Oppfølging av sykmeldte",
    "Mobbing i skolegården",
    "Excel for nybegynnere",
    "Brannvern og evakuering",
)


def candidates(texts: Sequence[str]) -> list[Candidate]:
    return [Candidate(number, text) for number, text in enumerate(texts, start=1)]


def texts_nearest(text: str, board: Sequence[str] = BOARD, most: int = 3) -> list[str]:
    return [found.text for found in find_nearest(text, candidates(board), most)]


def test_a_suggestion_in_nynorsk_finds_its_bokmaal_twin() -> None:
    board = ("Hvordan følge opp hjemmeboende som er ensomme", "Hvordan skrive bedre", "Ledelse", "Hjelpemidler")

    nearest = texts_nearest("Korleis følgje opp heimebuande som er einsame", board)

    assert nearest[0] == "Hvordan følge opp hjemmeboende som er ensomme"


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("hvordan roe beboere som er redde om kvelden og har alzheimer", "Kveldsuro ved demens"),
        ("Medisinutdeling", "Trygg legemiddelhåndtering"),
        ("End of life care", "Lindrende behandling ved livets slutt"),
        ("Dressing a wound", "Sårstell og bandasjer"),
        ("MI", "Motiverende intervju"),
        ("forvaltningslova", "Hvordan skrive gode vedtak"),
        ("Sick leave follow-up", "Oppfølging av sykmeldte"),
        ("når elever blir plaget og krenket", "Mobbing i skolegården"),
        ("rekneark og pivottabellar", "Excel for nybegynnere"),
        ("what do we do if there is a fire drill", "Brannvern og evakuering"),
    ],
)
def test_a_suggestion_in_other_words_of_the_field_is_found(written: str, found: str) -> None:
    assert texts_nearest(written)[0] == found


def test_a_word_of_the_field_is_found_within_a_compound() -> None:
    assert texts_nearest("demenssykdommer")[:1] == ["Kveldsuro ved demens"]


def test_a_short_word_of_a_field_is_not_found_within_a_longer_word_of_another() -> None:
    wounds = read_vocabulary().read("sår").fields

    assert wounds
    assert not wounds & read_vocabulary().read("sårbarhet").fields


@pytest.mark.parametrize("written", ["legemidelhåndtering", "legemiddelhåntering", "LEGEMIDDEL-HÅNDTERING!!"])
def test_a_slip_of_the_pen_does_not_hide_a_suggestion(written: str) -> None:
    assert texts_nearest(written)[:1] == ["Trygg legemiddelhåndtering"]


def test_the_same_words_come_before_other_words_of_the_field() -> None:
    board = ("Medisiner til eldre", "Legemiddelregning", "Dosetter")

    assert texts_nearest("legemiddelregning", board)[0] == "Legemiddelregning"


def test_what_is_not_alike_is_left_out() -> None:
    assert texts_nearest("Kjøkkenhage", ["Motiverende intervju", "Brannvern"]) == []


def test_no_more_are_shown_than_asked_for() -> None:
    board = [f"Demens, del {number}" for number in range(5)]

    assert [len(texts_nearest("demens", board, most)) for most in (0, 1, 3, 9)] == [0, 1, 3, 5]


def test_of_two_that_are_equally_alike_the_earlier_comes_first() -> None:
    board = candidates(["Demens", "demens!", "DEMENS"])

    assert [found.id for found in find_nearest("demens", board)] == [1, 2, 3]


def test_words_that_fit_every_theme_bring_no_suggestions_nearer() -> None:
    board = ("Hvordan få mer kunnskap om brannvern", "Etikk")

    assert texts_nearest("Hvordan få mer kunnskap om etikk", board) == ["Etikk"]


def test_a_suggestion_of_nothing_but_such_words_still_finds_itself() -> None:
    assert texts_nearest("kurs", ["Mer opplæring", "Kurs", "Etikk"])[0] == "Kurs"


def test_nobody_is_shown_anything_when_nothing_is_there() -> None:
    assert find_nearest("demens", []) == []
    assert texts_nearest("") == []


def test_an_index_kept_for_many_look_ups_answers_like_a_single_one() -> None:
    index = ThemeIndex(candidates(BOARD))

    assert [index.nearest(text) for text in BOARD] == [find_nearest(text, candidates(BOARD)) for text in BOARD]


def test_a_suggestion_written_from_right_to_left_finds_its_twin() -> None:
    board = ("تعلم اللغة النرويجية", "الإسعافات الأولية", "Førstehjelp")

    assert texts_nearest("\u200fتعلم اللغة النرويجية؟", board)[0] == "تعلم اللغة النرويجية"


def test_an_emoji_does_not_hide_a_suggestion() -> None:
    assert texts_nearest("🔥🔥 brannvern 👩‍🚒")[0] == "Brannvern og evakuering"


@given(st.text(), st.lists(st.text(), max_size=5))
def test_any_text_can_be_looked_up_among_any_texts(text: str, others: list[str]) -> None:
    board = candidates(others)

    nearest = find_nearest(text, board)

    assert len(set(nearest)) == len(nearest) <= 3
    assert set(nearest) <= set(board)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Trygg i møte med uro", "  trygg i MØTE\tmed\n uro "),
        ("E-læring: HLR!", "e læring hlr"),
        ("«Hva er viktig for deg?»", "hva er viktig for deg"),
        (unicodedata.normalize("NFC", "Sårstell på Åsen"), unicodedata.normalize("NFD", "Sårstell på Åsen")),
        ("ﬁre vakter", "fire vakter"),
        ("\u200fتعلم النرويجية؟", "تعلم النرويجية"),
        ("❤\ufe0f etikk", "❤ etikk"),
        ("syke\u00admelding", "sykemelding"),
    ],
)
def test_two_suggestions_are_the_same_whatever_their_dress(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Etikk", "Etikk 2"), ("🙂", "🙁"), ("?", "!"), ("👩‍🚒", "👩"), ("mate", "måte"), ("ת", "تعلم")],
)
def test_two_suggestions_that_say_something_else_are_not_the_same(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_what_is_normalised_stays_as_it_is(text: str) -> None:
    once = normalise(text)

    assert normalise(once) == once


@pytest.mark.parametrize("half", ["dev", "held-out"])
def test_the_look_up_finds_the_theme_more_often_than_plain_trigrams(half: str) -> None:
    suggestions = [one for one in read_suggestions(OWN_SET) if one.half == half]

    ours, look_ups = count_hits(suggestions, find_nearest)
    plain, plain_look_ups = count_hits(suggestions, find_by_trigrams)

    assert look_ups == plain_look_ups > 100
    assert ours > plain


def test_the_set_holds_each_language_in_good_share() -> None:
    languages = Counter(one.language for one in read_suggestions(OWN_SET))

    assert set(languages) == set(LANGUAGES)
    assert min(languages.values()) > 100


@pytest.mark.parametrize("written", LANGUAGES)
@pytest.mark.parametrize("stored", LANGUAGES)
def test_the_theme_is_found_across_languages_also_where_nothing_was_tuned(written: str, stored: str) -> None:
    suggestions = [one for one in read_suggestions(OWN_SET) if one.half == "held-out"]

    hits, look_ups = count_hits(suggestions, find_nearest, written, stored)

    assert look_ups > 50
    assert hits / look_ups >= 0.85


def test_no_theme_stands_in_both_halves_of_the_set() -> None:
    halves = Counter(theme for theme, _ in {(one.theme, one.half) for one in read_suggestions(OWN_SET)})

    assert halves
    assert set(halves.values()) == {1}


def test_every_word_of_the_list_is_found_in_its_field() -> None:
    fields = yaml.safe_load(WORD_LIST.read_text(encoding="utf-8"))["fields"]
    vocabulary = read_vocabulary()

    lost = [
        f"{field}: {entry}"
        for field, entries in fields.items()
        for entry in entries.split(",")
        if field not in vocabulary.read(entry).fields
    ]

    assert lost == []


def test_a_word_is_the_same_as_one_other_word_only() -> None:
    same = yaml.safe_load(WORD_LIST.read_text(encoding="utf-8"))["same"]
    others = [other.strip() for entries in same.values() for other in entries.split(",")]

    assert [word for word, count in Counter(others).items() if count > 1] == []
    assert [word for word in others if word in same] == []
    assert [word for word in others if len(normalise(word).split()) != 1] == []
