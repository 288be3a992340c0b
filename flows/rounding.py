"""Numbers as they may be said: shares and rates to 5 or 10 %, never at an end; counts as bands; means drawn in."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from flows.publication import Band, Extent, Rate
from flows.thresholds import Thresholds


def band(respondents: int) -> Band:
    """The band of a group of five or more."""
    if respondents < 10:
        return Band.from_5
    if respondents < 20:
        return Band.from_10
    return Band.from_20 if respondents < 50 else Band.from_50


def share(count: Fraction, respondents: int, counted: int, thresholds: Thresholds) -> int | Extent:
    """The share `count` of `respondents` in per cent, or few or most near an end.

    `counted` is the number of respondents the publication admits to; where it is lower (see `flows.counting`), the
    share is one that so many could have given. "10 %" of ten would be one person, so a number takes a category's
    worth of answers on both sides.
    """
    least = thresholds.category
    if count < least:
        return Extent.few
    if count > respondents - least:
        return Extent.most
    if counted < respondents:
        count = Fraction(min(max(round(count * counted / respondents), least), counted - least))
        respondents = counted
    step = thresholds.rounding_for(respondents)
    percent = step * round(100 * count / respondents / step)
    if percent == 0:
        return Extent.few
    return Extent.most if percent == 100 else percent


def rate(answered: Fraction, invited: int, thresholds: Thresholds) -> Rate:
    """The response rate, never 0 or 100 %. Near an end it says "at most" or "at least" so much that it leaves a
    category's worth of people open, which in a large group is 5 % and 95 %."""
    step = thresholds.rounding_for(invited)
    percent = step * round(100 * answered / invited / step)
    end = max(step, step * ceil(Fraction(100 * thresholds.margin, step * invited)))
    if answered < thresholds.category or percent == 0:
        return Rate(bound="at_most", percent=end)
    if answered > invited - thresholds.category or percent == 100:
        return Rate(bound="at_least", percent=100 - end)
    return Rate(bound="about", percent=percent)


def drawn_in_sum(values: Sequence[float], thresholds: Thresholds) -> Fraction:
    """The sum in which the lowest and the highest answers count as the next ones towards the middle.

    So the mean tells nothing of any single answer at an end: neither one outlier nor that all said the most. As
    many are drawn in at each end as a category leaves open (winsorizing; Dixon 1960).
    """
    margin = thresholds.margin
    ordered = sorted(Fraction(value) for value in values)
    lowest, highest = ordered[margin], ordered[-1 - margin]
    return sum((min(max(value, lowest), highest) for value in ordered), Fraction(0))
