"""Quotation marks within quotation marks."""

import pytest

from bot.words.quotes import nest_quotes


@pytest.mark.parametrize(
    ("written", "nested"),
    [
        ("Resultat: «Kurset «Trygg»»", "Resultat: «Kurset ‘Trygg’»"),
        ("What came of “The course “Safe””", "What came of “The course ‘Safe’”"),
        ("«Én», «to» og «tre»", "«Én», «to» og «tre»"),
        ("«Hun sa “ja”»", "«Hun sa ‘ja’»"),
        ("Et «åpent", "Et «åpent"),
        ("« «a»", "« ‘a’"),
        ("Lukket» og «nytt»", "Lukket» og «nytt»"),
        ("", ""),
    ],
)
def test_the_inner_marks_become_others(written: str, nested: str) -> None:
    assert nest_quotes(written) == nested
