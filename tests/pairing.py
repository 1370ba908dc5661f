"""Combinations for tests: pairs of values, or all combinations with UNROLLED_TESTS=all."""

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product
from typing import Any, TypeVar

T = TypeVar("T")

IN_FULL = os.environ.get("UNROLLED_TESTS") == "all"
"""Whether tests use all combinations, as in `make check`."""


def paired(*values: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Combinations with one of each of ``values``, in which every pair occurs: 24 for 6, 4 and 4 values."""
    lists = [list(some) for some in values]
    if IN_FULL:
        return [*product(*lists)]
    from allpairspy import AllPairs  # only here: the environments of the oracles do not have it

    return [tuple(one) for one in AllPairs(lists)]


def covering(items: Sequence[T], values: Callable[[T], Sequence[object]]) -> list[T]:
    """Some of the items, in which every pair of ``values`` occurs that occurs in any item."""
    if IN_FULL:
        return list(items)
    pairs = [set(combinations(enumerate(values(item)), 2)) for item in items]
    chosen, wanted = [], set().union(*pairs)
    while wanted:
        best = max(range(len(items)), key=lambda n: len(pairs[n] & wanted))
        chosen.append(items[best])
        wanted -= pairs[best]
    return chosen


def in_turn(few: Iterable[Any], many: Iterable[Any], each: int = 1) -> list[tuple[Any, Any]]:
    """Each of ``many`` with ``each`` of ``few``, cycling through them; with IN_FULL, all combinations."""
    turns = list(few)
    if IN_FULL:
        return [*product(turns, many)]
    return [(turns[(n * each + k) % len(turns)], one) for n, one in enumerate(many) for k in range(each)]


def some(values: Iterable[Any], most: int) -> list[Any]:
    """At most ``most`` of the values, evenly spaced from the first to the last; with IN_FULL, all of them."""
    every = list(values)
    if IN_FULL or len(every) <= most:
        return every
    return [every[n * (len(every) - 1) // (most - 1)] for n in range(most)]
