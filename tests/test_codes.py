"""Codes to regret by: easy to write down, hard to guess, and not to be found from what the database knows."""

import hashlib
import re
from itertools import product

from storage.codes import WORDS_FILE, hash_code, make_code

SECRET = b"s" * 32


def words() -> list[str]:
    return WORDS_FILE.read_text(encoding="utf-8").split()


def test_a_code_is_a_word_four_digits_and_two_words_more() -> None:
    for _ in range(200):
        first, digits, second, third = make_code().split("-")

        assert {first, second, third} <= set(words())
        assert re.fullmatch(r"[0-9]{4}", digits)


def test_there_are_too_many_codes_to_find_a_colleagues_by_trying() -> None:
    """Even a thousand tries a second for the eleven days of a round meet one answer less than once in twenty rounds."""
    codes = len(words()) ** 3 * 10_000
    tries = 1_000 * 11 * 24 * 3_600

    assert tries / codes < 1 / 20
    assert len({make_code() for _ in range(200)}) == 200


def test_no_word_is_another_one_and_none_is_hard_to_type() -> None:
    found = words()

    assert len(set(found)) == len(found)
    assert all(re.fullmatch(r"[A-ZÆØÅ]{2,8}", word) for word in found), found


def test_case_spaces_and_dashes_do_not_matter() -> None:
    written = ["MÅKE-4127-FJORD-LIND", "måke 4127 fjord lind", " Måke4127fjordlind\n", "ma\u030ake–4127_fjord.lind"]

    assert len({hash_code(SECRET, 7, one) for one in written}) == 1


def test_a_code_holds_for_its_own_run_alone() -> None:
    assert hash_code(SECRET, 7, "MÅKE-4127-FJORD-LIND") != hash_code(SECRET, 8, "MÅKE-4127-FJORD-LIND")
    assert hash_code(SECRET, 1, "1MÅKE") != hash_code(SECRET, 11, "MÅKE")


def test_without_the_key_folder_a_code_cannot_be_guessed_back_from_its_hash() -> None:
    """The attacker has the database and the list of words, and even tries the very code."""
    code = make_code()
    kept = hash_code(SECRET, 7, code)

    plain = code.replace("-", "")
    tried = [f"7:{plain}", plain, code, f"7:{code}"]
    without_key = {hashlib.sha256(one.encode()).hexdigest() for one in tried}
    with_other_keys = {hash_code(bytes([one]) * 32, 7, code) for one in range(100)} | {hash_code(b"", 7, code)}

    assert kept not in without_key | with_other_keys


def test_no_two_codes_fall_together_when_their_dashes_are_taken_away() -> None:
    """The digits stand between the first word and the others, so only two words side by side could be misread."""
    pairs = [first + second for first, second in product(words(), repeat=2)]

    assert len(set(pairs)) == len(pairs)
