"""What commands need that ask Microsoft Graph: its settings, its mapping file, and its refusals in words."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from bot.commands.common import settings_or_stop
from bot.directory.graph.answers import GraphAway, GraphRefuses, LinkExpired
from bot.directory.graph.mapping import Mapping, MappingInvalid, read_mapping
from bot.settings.graph import GraphSettings
from storage.directory.accounts import ReadElsewhere

T = TypeVar("T")


def graph_or_stop() -> GraphSettings:
    """The settings of Graph, or an end in words where it is off or its library is missing."""
    graph = settings_or_stop().graph
    if graph is None:
        raise click.ClickException(
            "Microsoft Graph is off: set MEDVIRK_GRAPH_TENANT_ID, MEDVIRK_GRAPH_CLIENT_ID and "
            "MEDVIRK_GRAPH_CLIENT_SECRET; deploy/entra.md says where they come from."
        )
    try:
        import msgraph  # noqa: F401  only here: who does not use it need not have it
    except ImportError:
        raise click.ClickException(
            "Microsoft's library is missing: make install LOCK=requirements-microsoft.lock brings it along."
        ) from None
    return graph


def mapping_or_stop(graph: GraphSettings | None) -> Mapping:
    """The mapping, or an end in words with everything that is wrong in the file; one that says nothing where Graph is
    off."""
    try:
        return read_mapping(graph.mapping if graph else None)
    except MappingInvalid as error:
        raise click.ClickException(f"The mapping file must be mended; nothing was stored.\n{error}") from None


def ask_graph(work: Callable[[], Coroutine[Any, Any, T]], again: str) -> T:
    """What `work` gives, or an end in words. `again`: what is kept, and how to go on."""
    try:
        return asyncio.run(work())
    except GraphRefuses as error:
        raise click.ClickException(f"{error}. Nobody was changed.") from None
    except GraphAway as error:
        raise click.ClickException(f"{error}. {again}") from None
    except LinkExpired:
        raise click.ClickException(f"Microsoft Graph forgets where the reading was. {again}") from None
    except ReadElsewhere:
        raise click.ClickException("Somebody else reads Entra just now; this reading gave way.") from None
