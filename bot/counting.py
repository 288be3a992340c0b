"""Counts in words: one way for all."""


def count(number: int, one: str, many: str = "") -> str:
    """`1 link`, `2 links`; `many` where an s is not enough."""
    return f"{number} {one if number == 1 else many or one + 's'}"
