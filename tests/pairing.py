"""Combinations for tests: every two values that can meet do so in one of them, or all do with UNROLLED_TESTS=all."""

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product
from typing import Any, TypeVar

T = TypeVar("T")

IN_FULL = os.environ.get("UNROLLED_TESTS") == "all"
"""Whether tests go through whole products, as `make check` does."""


def paired(*values: Iterable[Any]) -> list[tuple[Any, ...]]:
    """One of each of ``values`` in every combination. With 6 cells, 4 labels and 4 formats 24 and not 96."""
    lists = [list(some) for some in values]
    if IN_FULL:
        return [*product(*lists)]
    from allpairspy import AllPairs  # only here: the environments of the oracles do not have it

    return [tuple(one) for one in AllPairs(lists)]


def covering(items: Sequence[T], values: Callable[[T], Sequence[object]]) -> list[T]:
    """Some of the items: every two ``values`` that one of all has together, one of these has together as well."""
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
    """Each of ``many`` with so many of ``few``, which take turns; in full with all of them."""
    turns = list(few)
    if IN_FULL:
        return [*product(turns, many)]
    return [(turns[(n * each + k) % len(turns)], one) for n, one in enumerate(many) for k in range(each)]


def some(values: Iterable[Any], most: int) -> list[Any]:
    """Of a long list ``most``, at equal distances, the first and the last among them; in full all of them."""
    every = list(values)
    if IN_FULL or len(every) <= most:
        return every
    return [every[n * (len(every) - 1) // (most - 1)] for n in range(most)]
