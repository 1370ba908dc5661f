"""A cache of values that grow while they are used, bounded by their total size."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Generic, Protocol, TypeVar

from cachetools import LRUCache


class Sized(Protocol):
    """A value that knows its size, in the unit of the cache."""

    @property
    def size(self) -> int: ...


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value", bound=Sized)


class GrowingCache(Generic[Key, Value]):
    """The most recently used values, at most ``largest`` in total. ``make`` makes the first value of a key."""

    def __init__(self, largest: int, make: Callable[[Key], Value]) -> None:
        self._values: LRUCache[Key, Value] = LRUCache(largest, getsizeof=lambda value: value.size)
        self._make = make
        self._lock = Lock()

    @contextmanager
    def using(self, key: Key) -> Iterator[Value]:
        """The value of a key, which may grow within the context. Several threads may use the same one. A value that
        has become larger than the cache is dropped."""
        with self._lock:
            value = self._values.get(key)
            if value is None:
                value = self._make(key)
        try:
            yield value
        finally:
            with self._lock:
                self._keep(key, value)

    def _keep(self, key: Key, value: Value) -> None:
        """Cache a value with its present size."""
        self._values.pop(key, None)
        if value.size <= self._values.maxsize:
            self._values[key] = value
