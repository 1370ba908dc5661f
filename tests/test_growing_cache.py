"""The cache whose values grow."""

from dataclasses import dataclass

import pytest

from app.growing_cache import GrowingCache


@dataclass(eq=False)
class Growing:
    size: int = 1


def grown(cache: GrowingCache[str, Growing], key: str, size: int) -> Growing:
    """The value of a key, after it has got a size."""
    with cache.using(key) as value:
        value.size = size
    return value


def test_the_least_recently_used_values_are_dropped_when_others_grow() -> None:
    cache = GrowingCache[str, Growing](10, lambda _: Growing())
    first, second, third = (grown(cache, key, 3) for key in "abc")
    assert grown(cache, "a", 4) is first
    grown(cache, "c", 5)
    assert grown(cache, "c", 5) is third
    assert grown(cache, "a", 4) is first
    assert grown(cache, "b", 1) is not second


def test_a_value_larger_than_the_cache_is_used_once() -> None:
    cache = GrowingCache[str, Growing](10, lambda _: Growing())
    kept, large = grown(cache, "a", 3), grown(cache, "b", 11)
    assert grown(cache, "b", 1) is not large
    assert grown(cache, "a", 3) is kept


def test_a_value_is_cached_with_its_size_also_after_an_error() -> None:
    cache = GrowingCache[str, Growing](10, lambda _: Growing())
    with pytest.raises(ZeroDivisionError), cache.using("a") as value:
        value.size = 9
        raise ZeroDivisionError
    assert grown(cache, "a", 9) is value
    grown(cache, "b", 2)
    assert grown(cache, "a", 1) is not value
