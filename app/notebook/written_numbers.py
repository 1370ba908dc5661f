"""Which numbers of tensors a forward pass has written in place, and with which of its writes."""

import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from ..core.ops import Array

WITHOUT_MEMORY = (AttributeError, RuntimeError, NotImplementedError)
"""The errors of tensors of which no memory is known, such as sparse ones; NumPy's arrays have none of PyTorch."""

MOST_NUMBERS = 100_000
"""The numbers of a tensor whose writes are noted one by one: those of more take as much memory, and longer than the
forward pass."""

MOST_IN_ALL = 100 * MOST_NUMBERS
"""The numbers of all tensors whose writes are noted one by one."""


class WrittenNumbers:
    """The number of the last write of each number in the memory of a tensor, 0 if there is none. Tensors that are views
    of each other have the same memory, which is not kept."""

    def __init__(self) -> None:
        self._writes: dict[int, tuple[Any, Array]] = {}
        self._count, self._most_before_forgetting = 0, MOST_NUMBERS

    def write(self, tensor: Any, index: Any, n: int) -> bool:
        """Note a write of the numbers of a tensor at an index, all with an index that NumPy does not have. Returns
        whether its memory is known, and small enough."""
        if not self._is_noted(tensor):
            return False
        numbers = self._numbers(tensor)
        try:
            numbers[_in_numpy(index)] = n
        except (IndexError, TypeError, ValueError, *WITHOUT_MEMORY):
            numbers[...] = n
        return True

    def join(
        self, joined: Any, parts: Sequence[Any], writes: Sequence[int | None], place: Callable[[list[Array]], Array]
    ) -> bool:
        """Note that a new tensor has the numbers of its parts, each with a write, or those it has, where a function of
        NumPy places them. Returns whether its memory is known, and small enough."""
        if not self._is_noted(joined):
            return False
        try:
            of_parts = [
                self._numbers(one) if n is None else np.full(one.shape, n, np.int32)
                for one, n in zip(parts, writes, strict=True)
            ]
            self._numbers(joined)[...] = place(of_parts)
        except ValueError:  # NumPy joins no empty vectors with arrays
            return False
        return True

    def copy(self, tensor: Any, copied: Any) -> bool:
        """Note that a new tensor has the numbers of another one in the same order. Returns whether any of these are
        written, and the memory of the new one is another, is known, and small enough."""
        memory = _memory(tensor)
        if memory not in self._writes or memory == _memory(copied) or not self._is_noted(copied):
            return False
        self._numbers(copied)[...] = self._numbers(tensor).reshape(copied.shape)
        return True

    def has(self, tensor: Any) -> bool:
        """Whether the writes of the memory of a tensor are noted."""
        return _memory(tensor) in self._writes

    def in_tensor(self, tensor: Any) -> list[int]:
        """The last writes of the numbers of a tensor, 0 for those without any; none if nothing of its memory is
        written."""
        if not self.has(tensor):
            return []
        numbers = self._numbers(tensor)
        if numbers.size and (numbers == numbers.flat[0]).all():  # most parts have one write
            return [int(numbers.flat[0])]
        return [int(n) for n in np.flatnonzero(np.bincount(numbers.ravel()))]

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
        size = writes.itemsize
        return np.ndarray(shape, writes.dtype, writes, first * size, [stride * size for stride in strides])

    def _is_noted(self, tensor: Any) -> bool:
        """Whether the writes of the memory of a tensor are noted, from now on if they were not: not if that is not
        known, or large, or many others have so many numbers."""
        try:
            storage = tensor.untyped_storage()
            if (size := storage.nbytes() // tensor.element_size()) > MOST_NUMBERS:
                return False
            if storage._cdata not in self._writes:
                if self._count + size > self._most_before_forgetting:
                    self._forget_the_ended()
                if self._count + size > MOST_IN_ALL:
                    return False
                kept = sys.modules["torch"].multiprocessing.reductions.StorageWeakRef(storage)
                self._writes[storage._cdata] = kept, np.zeros(0, np.int32)
            kept, writes = self._writes[storage._cdata]
            if len(writes) < size:
                self._count += size - len(writes)
                self._writes[storage._cdata] = kept, np.zeros(size, np.int32)
                self._writes[storage._cdata][1][: len(writes)] = writes
        except WITHOUT_MEMORY:
            return False
        return True

    def _forget_the_ended(self) -> None:
        """Forget the writes of tensors that are no more, before there are twice as many numbers as are left then: that
        looks at each."""
        self._writes = {key: one for key, one in self._writes.items() if not one[0].expired()}
        self._count = sum(len(writes) for _, writes in self._writes.values())
        self._most_before_forgetting = max(MOST_NUMBERS, 2 * self._count)


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
