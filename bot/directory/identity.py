"""National identity numbers are recognised so that they can be refused: the product has no use for them."""

import re

LOOKS_LIKE_ONE = re.compile(r"(?<!\d)\d{2}[. ]?\d{2}[. ]?\d{2}[ .-]?\d{5}(?!\d)")
FIRST_WEIGHTS = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
SECOND_WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def contains_identity_number(text: str) -> bool:
    """Whether a Norwegian national identity number stands in `text`, alone or among other words.

    Eleven digits count when they begin with a day and a month and both control digits are right (modulus 11,
    as the population register makes them); D-numbers (day + 40) and synthetic ones (month + 40 or 80) count
    too. Other numbers of eleven digits do not.
    """
    return any(_is_identity_number(re.sub(r"\D", "", found[0])) for found in LOOKS_LIKE_ONE.finditer(text))


def _is_identity_number(text: str) -> bool:
    digits = [int(digit) for digit in text]
    day, month = int(text[:2]), int(text[2:4])
    has_date = 1 <= day % 40 <= 31 and 1 <= month % 40 <= 12
    return has_date and _divides(digits, FIRST_WEIGHTS) and _divides(digits, SECOND_WEIGHTS)


def _divides(digits: list[int], weights: tuple[int, ...]) -> bool:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11 == 0
