"""Reactions: what a course was worth. From its participants figures, when a wave closes; from leaders by name."""

from collections.abc import Collection

from bot.outcomes.named import Named
from flows.model import Kind


class Reactions(Named):
    """`outcome.fields` may name the `barrier`: a choice of what stopped people, whose headline is what can stop."""

    kinds: Collection[Kind] = (Kind.confidential, Kind.anonymous, Kind.named)
    more_roles: Collection[str] = ("barrier",)
