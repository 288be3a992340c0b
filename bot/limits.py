"""Limits: at most so many of something in a window of time, counted without knowing of whom."""

from datetime import datetime, timedelta


class Limit:
    """At most `most` in each window, by `key`. It is kept in memory and forgotten with the window, so it stays small;
    each process has its own. No address is known here, so nobody can be told from another: all wait together."""

    def __init__(self, most: int, window: timedelta) -> None:
        self.most = most
        self.window = window
        self._number = -1
        self._taken: dict[str, int] = {}

    def take(self, at: datetime, key: str = "") -> bool:
        """Take one place of the window that `at` falls into; False where none is left."""
        number = int(at.timestamp() // self.window.total_seconds())
        if number != self._number:
            self._number = number
            self._taken.clear()
        if self._taken.get(key, 0) >= self.most:
            return False
        self._taken[key] = self._taken.get(key, 0) + 1
        return True

    def give_back(self, key: str = "") -> None:
        """Give a place back that was taken for nothing: the code was right."""
        self._taken[key] = max(0, self._taken.get(key, 0) - 1)
