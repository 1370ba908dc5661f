"""Combinations of values for tests: such that every pair occurs, or all of them with UNROLLED_TESTS=all."""

import os
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations, product
from typing import Any, TypeVar

T = TypeVar("T")

ALL_COMBINATIONS = os.environ.get("UNROLLED_TESTS") == "all"
"""Whether tests use all combinations, as in `make check`."""


def paired(*values: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Combinations in which every pair of values of two arguments occurs: 24 for 6, 4 and 4 values."""
    lists = [list(some) for some in values]
    if ALL_COMBINATIONS:
        return [*product(*lists)]
    from allpairspy import AllPairs  # imported here because the environments of the oracles lack it

    return [tuple(one) for one in AllPairs(lists)]


def covering(items: Sequence[T], values: Callable[[T], Sequence[object]]) -> list[T]:
    """A subset of the items that covers every pair of ``values`` that occurs in any item."""
    if ALL_COMBINATIONS:
        return list(items)
    pairs = [set(combinations(enumerate(values(item)), 2)) for item in items]
    chosen, uncovered = [], set().union(*pairs)
    while uncovered:
        best = max(range(len(items)), key=lambda n: len(pairs[n] & uncovered))
        chosen.append(items[best])
        uncovered -= pairs[best]
    return chosen


def in_turn(few: Iterable[Any], many: Iterable[Any], each: int = 1) -> list[tuple[Any, Any]]:
    """Each of ``many`` with ``each`` of ``few``, in turn; with ALL_COMBINATIONS, all combinations."""
    turns, many = list(few), list(many)
    if ALL_COMBINATIONS:
        return [*product(turns, many)]
    assert len(turns) <= len(many) * each, "some values would not be used"
    return [(turns[(n * each + k) % len(turns)], one) for n, one in enumerate(many) for k in range(each)]


def some(values: Iterable[Any], number: int) -> list[Any]:
    """At most ``number`` of the values, evenly spaced from first to last; with ALL_COMBINATIONS, all of them."""
    items = list(values)
    if ALL_COMBINATIONS or len(items) <= number:
        return items
    return [items[n * (len(items) - 1) // (number - 1)] for n in range(number)]
