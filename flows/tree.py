"""The tree of units of a run, as pairs (unit, unit above it) from the top; the root has none above it."""

from collections.abc import Container, Mapping

Tree = tuple[tuple[int, int | None], ...]


def tree_below(parents: Mapping[int, int | None], root: int) -> Tree:
    """The root and all units below it, each with the unit above it and before the units below it."""
    children: dict[int | None, list[int]] = {}
    for unit, parent in sorted(parents.items()):
        children.setdefault(parent, []).append(unit)
    order: list[tuple[int, int | None]] = [(root, None)]
    for unit, _ in order:
        order += [(child, unit) for child in children.get(unit, []) if child != root]
    return tuple(order)


def homes_below(tree: Tree, homes: Container[int]) -> dict[int, frozenset[int]]:
    """For each unit the home units at or below it."""
    below: dict[int | None, set[int]] = {unit: {unit} if unit in homes else set() for unit, _ in tree}
    for unit, parent in reversed(tree[1:]):
        below[parent] |= below[unit]
    return {unit: frozenset(below[unit]) for unit, _ in tree}
