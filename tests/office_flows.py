"""Flows for tests: those that come with Medvirk, and the same with some keys changed."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.app import find_all_flows
from bot.demo.world import demo_settings
from flows.model import Flow


@lru_cache(maxsize=1)
def shipped_flows() -> tuple[Flow, ...]:
    """The flows that come with Medvirk, read once."""
    flows, problems = find_all_flows(demo_settings(Path(), ""))
    assert not problems
    return tuple(flows.values())


def shipped(which: str, /, **changes: Any) -> Flow:
    """One of the flows that come with Medvirk, with some keys changed, as an organisation's own file would."""
    flow = next(one for one in shipped_flows() if one.name == which)
    return Flow.model_validate({**flow.to_json(), **changes})


def on(*days: str, time: str = "09:00") -> dict[str, Any]:
    """A schedule of single days."""
    return {"on": list(days), "time": time}
