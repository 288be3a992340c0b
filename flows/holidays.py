"""Norwegian public holidays, movable days too, as sets of dates."""

from datetime import date
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def find_holidays(first_year: int, last_year: int) -> frozenset[date]:
    """The public holidays of the years from `first_year` to `last_year`, both included.

    They are those of the law on public holidays, 1 and 17 May among them. Ordinary Sundays are left out, since
    somebody's own hours may be on Sundays; 24 and 31 December are days at work. (The library `holidays` keeps the
    rules; the asking rules: nobody is asked on holidays.)
    """
    return frozenset(holidays.country_holidays("NO", years=range(first_year, last_year + 1)))
