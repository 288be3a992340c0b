"""Indicators: sealed answers that become figures when the run closes; in a small unit, named ones for the leader."""

from collections.abc import Collection

from bot.outcomes.named import Named
from flows.model import Kind


class Indicators(Named):
    """Of a flow with `if_small: named`, those in a small unit are asked by name."""

    kinds: Collection[Kind] = (Kind.anonymous,)
