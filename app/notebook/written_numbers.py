"""Which numbers of tensors a forward pass has written in place, and with which of its writes."""

import sys
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from ..core.ops import Array

WITHOUT_MEMORY = (AttributeError, RuntimeError, NotImplementedError)
"""The errors of tensors of which no memory is known, such as sparse ones; NumPy's arrays have none of PyTorch."""

MOST_NUMBERS = 100_000
"""The numbers of a tensor whose writes are noted one by one: those of more take as much memory, and longer than the
forward pass."""


class WrittenNumbers:
    """The number of the last write of each number in the memory of a tensor, 0 if there is none. Tensors that are views
    of each other have the same memory, which is not kept."""

    def __init__(self) -> None:
        self._writes: dict[int, tuple[Any, Array]] = {}

    def write(self, tensor: Any, index: Any, n: int) -> bool:
        """Note a write of the numbers of a tensor at an index, all with an index that NumPy does not have. Returns
        whether its memory is known, and small enough."""
        try:
            storage = tensor.untyped_storage()
            if (size := storage.nbytes() // tensor.element_size()) > MOST_NUMBERS:
                return False
            if storage._cdata not in self._writes:
                self._forget_the_ended()
                kept = sys.modules["torch"].multiprocessing.reductions.StorageWeakRef(storage)
                self._writes[storage._cdata] = kept, np.zeros(0, np.int32)
            kept, writes = self._writes[storage._cdata]
            if len(writes) < size:
                self._writes[storage._cdata] = kept, np.pad(writes, (0, size - len(writes)))
        except WITHOUT_MEMORY:
            return False
        numbers = self._numbers(tensor)
        try:
            numbers[_in_numpy(index)] = n
        except (IndexError, TypeError, ValueError, *WITHOUT_MEMORY):
            numbers[...] = n
        return True

    def in_tensor(self, tensor: Any) -> list[int]:
        """The last writes of the numbers of a tensor, 0 for those without any; none if nothing of its memory is
        written."""
        if _memory(tensor) not in self._writes:
            return []
        return [int(n) for n in np.flatnonzero(np.bincount(self._numbers(tensor).ravel()))]

    def viewed(self, view: Any, tensors: Iterable[Any]) -> Any:
        """The one of some tensors of which another is a view, if any of its numbers are written; None otherwise."""
        memory = _memory(view)
        if memory not in self._writes:
            return None
        return next((one for one in tensors if _memory(one) == memory), None)

    def _numbers(self, tensor: Any) -> Array:
        """The writes of the numbers of a tensor, with its shape; of all its memory if that has another type."""
        _, writes = self._writes[tensor.untyped_storage()._cdata]
        shape, strides, first = tuple(tensor.shape), tensor.stride(), tensor.storage_offset()
        last = first + sum((size - 1) * stride for size, stride in zip(shape, strides, strict=True))
        if 0 in shape or last >= len(writes):
            return writes
        return as_strided(writes[first:], shape, [stride * writes.itemsize for stride in strides])

    def _forget_the_ended(self) -> None:
        self._writes = {key: one for key, one in self._writes.items() if not one[0].expired()}


def _memory(tensor: Any) -> int | None:
    """What tensors have in common that are views of each other; None if it is not known."""
    try:
        return int(tensor.untyped_storage()._cdata)
    except WITHOUT_MEMORY:
        return None


def _in_numpy(index: Any) -> Any:
    """An index of a tensor as one of an array."""
    if isinstance(index, tuple):
        return tuple(map(_in_numpy, index))
    return np.asarray(index.detach().cpu()) if hasattr(index, "detach") else index
