"""Queries for every cell of every framework that has it, some of them in a stack of two directions."""

from framework_queries import STACKED, SUPPORTED, Query
from pairing import covering


def kinds(query: Query) -> tuple[object, ...]:
    """What the names and layouts of a framework depend on."""
    return query["cell"], query["framework"], "num_proj" in query, "num_layers" in query


QUERIES: list[Query] = covering([*SUPPORTED, *({**query, **STACKED} for query in SUPPORTED)], kinds)
"""Every pair of a cell, a framework, a projection or none, and a stack or none."""
