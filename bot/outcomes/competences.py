"""Competences: what people can and would like to do, by name, to the one leader they were told about."""

from collections.abc import Collection, Mapping

from bot.outcomes.named import Named
from flows.fields import Value
from flows.model import Flow


class Competences(Named):
    more_roles: Collection[str] = ("competence", "tasks", "has_more")

    def is_offer(self, flow: Flow, values: Mapping[str, Value]) -> bool:
        """A competence or a task, and not only a no."""
        roles = flow.outcome.fields
        return any(field in values for field in (roles.get("competence"), roles.get("tasks")))
