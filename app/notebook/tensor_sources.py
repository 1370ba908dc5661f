"""From which layers of a model, and from which of its inputs, the tensors of a forward pass are computed."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import ref

import numpy as np

from ..core.ops import Array
from ..reading.code.values import Layer
from .written_numbers import WrittenNumbers

MOST_SOURCES = 6
"""Layers and inputs that are remembered of a tensor."""

ONLY_SHAPES = (
    *(f"{name}_like" for name in ("zeros", "ones", "empty", "full", "rand", "randn", "randint")),
    *(f"new_{name}" for name in ("zeros", "ones", "empty", "full")),
)
"""The functions and methods of PyTorch that read only the shape of a tensor, and none of its values."""

REPLACING = frozenset(
    f"{name}_"
    for name in ("copy", "zero", "fill", "normal", "uniform", "random", "bernoulli", "exponential", "log_normal")
)
"""The methods of PyTorch that write all numbers of a tensor, and read none of them."""

IN_PLACE = frozenset(f"__i{name}__" for name in ("add", "sub", "mul", "truediv", "pow", "floordiv", "mod", "and", "or"))
"""The operators that write a tensor."""

JOINS: dict[str, Callable[..., Array]] = {
    **{name: lambda parts, dim=0: np.concatenate(parts, dim) for name in ("cat", "concat", "concatenate")},
    "stack": lambda parts, dim=0: np.stack(parts, dim),
    **{name: getattr(np, name) for name in ("hstack", "vstack", "dstack", "column_stack")},
    "row_stack": np.vstack,
}
"""The functions of PyTorch that return a tensor of the numbers of others, with those of NumPy that place them."""

COPIES = ("clone", "contiguous", "reshape", "flatten", "to", "type", "float", "double", "half", "bfloat16")
"""The functions and methods of PyTorch that return the numbers of a tensor in the same order, be it as a view."""

Source = Layer | str
"""A layer, or the name of an input of the model."""


@dataclass(frozen=True)
class StatesOf:
    """The last states of a recurrent layer, which it returns beside its steps."""

    layer: Layer


def tensors_in(value: Any, outer: tuple[Any, ...] = ()) -> Iterator[Any]:
    """The tensors in a value: itself, or those in tuples, lists and dicts. ``outer``: those that it is in, since
    a list can contain itself."""
    if has_shape(value):
        yield value
    elif isinstance(value, tuple | list | Mapping) and not any(one is value for one in outer):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from tensors_in(item, (*outer, value))


class TensorSources:
    """The sources of tensors, which are not kept: an entry ends with its tensor. What was written in place after a
    tensor was noted has the sources of that write."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, tuple[Source | StatesOf, ...]]] = {}
        self._last_writes: dict[int, int] = {}
        self._written, self._has_writes = WrittenNumbers(), False
        self._of_writes: list[tuple[Source | StatesOf, ...]] = [()]
        self._of_joins: dict[tuple[tuple[Source | StatesOf, ...], ...], dict[tuple[Source | StatesOf, ...], int]] = {}

    def of(self, tensor: Any) -> tuple[Source, ...]:
        """The sources of a tensor; none if they are not known."""
        return tuple(dict.fromkeys(one.layer if isinstance(one, StatesOf) else one for one in self._all(tensor)))

    def steps_of(self, tensor: Any) -> frozenset[Layer]:
        """The layers from whose steps a tensor is computed, and not from their last states alone."""
        return frozenset(one for one in self._all(tensor) if isinstance(one, Layer))

    def _all(self, tensor: Any) -> tuple[Source | StatesOf, ...]:
        """The sources of a tensor."""
        known = self._known.get(id(tensor), (None, ()))[1]
        if not self._has_writes:
            return known
        last = self._last_writes.get(id(tensor), 0) if known else 0
        writes = self._written.in_tensor(tensor) if last < len(self._of_writes) - 1 else []
        if not writes:
            return known
        later = [source for n in writes if n > last for source in self._of_writes[n]]
        return tuple(dict.fromkeys((*(known if min(writes) <= last else ()), *later)))[:MOST_SOURCES]

    def note(self, tensors: Iterable[Any], sources: Iterable[Source | StatesOf]) -> None:
        """Note the sources of tensors."""
        known = tuple(dict.fromkeys(sources))[:MOST_SOURCES]
        for tensor in tensors if known else ():
            key = id(tensor)
            try:
                kept: Any = ref(tensor, partial(self._forget, key))
            except TypeError:  # then it is kept, so that no other tensor gets its id
                kept = tensor
            self._known[key] = kept, known
            if self._has_writes:
                self._last_writes[key] = len(self._of_writes) - 1

    def _forget(self, key: int, _: object) -> None:
        self._known.pop(key, None)

    def follow(
        self, given: Sequence[Any], returned: Iterable[Any], counts: Callable[[Any], bool] = lambda tensor: True
    ) -> None:
        """Note that tensors are computed from others, of which only those count that ``counts`` says, if there are
        any: indices say which numbers, and not what they are computed from."""
        if self._has_writes:
            returned = [one for one in returned if not self._is_noted_view(one, given)]
        if self._has_writes or any(id(tensor) in self._known for tensor in given):  # not of most functions
            of = [tensor for tensor in given if counts(tensor)] or given
            self.note(returned, [source for tensor in of for source in self._all(tensor)])

    def _is_noted_view(self, tensor: Any, given: Sequence[Any]) -> bool:
        """Whether a tensor is a view of one of others of which numbers were written: it has the sources of
        these numbers, and not of all."""
        whole = self._written.viewed(tensor, given)
        if whole is not None:
            self._note_like(tensor, whole)
        return whole is not None

    def _note_like(self, tensor: Any, whole: Any) -> None:
        """Note that the numbers of a tensor are some of another one, whose writes it has."""
        known, last = self._known.get(id(whole), (None, ()))[1], self._last_writes.get(id(whole), 0)
        self.note([tensor], known)
        self._last_writes[id(tensor)] = last

    def copy(self, tensor: Any, copied: Any) -> bool:
        """Note that a new tensor has the numbers of another one in the same order. Returns False if none of these are
        written, or too many."""
        is_noted = self._has_writes and self._written.copy(tensor, copied)
        if is_noted:
            self._note_like(copied, tensor)
        return is_noted

    def join(self, parts: Sequence[Any], joined: Any, place: Callable[[list[Array]], Array]) -> bool:
        """Note that a new tensor has the numbers of others, where a function of NumPy places them: each has the sources
        of its part. Returns False if these are the same for all, or too many numbers."""
        of_parts = tuple(map(self._all, parts))
        are_joined = [self._has_writes and id(one) not in self._known and self._written.has(one) for one in parts]
        if len(set(of_parts)) < 2 and not any(are_joined):
            return False
        writes = self._of_joins.get(of_parts)
        if writes is None:
            writes = self._of_joins[of_parts] = {(): 0}
            for sources in of_parts:
                if sources not in writes:
                    writes[sources] = len(self._of_writes)
                    self._of_writes.append(sources)
        own = [None if is_joined else writes[of] for of, is_joined in zip(of_parts, are_joined, strict=True)]
        is_noted = self._written.join(joined, parts, own, place)
        self._has_writes |= is_noted
        return is_noted

    def write(
        self,
        tensor: Any,
        values: Sequence[Any],
        counts: Callable[[Any], bool] = lambda tensor: True,
        index: Any = ...,
        replaces: bool = False,
    ) -> None:
        """Note that a program has computed numbers of a tensor in place from values, and, unless it replaces them, from
        what they were before: those at an index, as in ``tensor[index] = value``."""
        of = [one for one in values if counts(one)] or values
        before = () if replaces else self._all(tensor)
        known = tuple(dict.fromkeys([*before, *(one for value in of for one in self._all(value))]))[:MOST_SOURCES]
        if known == before and (not replaces or not self._all(tensor)):
            return
        self._of_writes.append(known)
        self._has_writes = True
        if not self._written.write(tensor, index, len(self._of_writes) - 1):
            self._write_all(tensor, known, replaces and index is ...)

    def _write_all(self, tensor: Any, sources: tuple[Source | StatesOf, ...], replaces: bool) -> None:
        """Note a write of a tensor, and of that of which it is a view, of whose numbers the writes are not known."""
        for one in (tensor, getattr(tensor, "_base", None)):
            if one is not None:
                before = () if replaces and one is tensor else self._all(one)
                self._known.pop(id(one), None)
                self.note([one], (*before, *sources))

    def set_data(self, tensor: Any, value: Any) -> None:
        """Note that a tensor has the numbers of another one, as after ``tensor.data = value``."""
        self._known.pop(id(tensor), None)
        self.note([tensor], self._all(value))

    def followed(self, before_write: Callable[[Any], None] = lambda tensor: None) -> AbstractContextManager[Any]:
        """Within this context all functions of PyTorch are followed, if it is imported. ``before_write`` is called with
        each tensor that a function is about to write in place."""
        torch = sys.modules.get("torch")
        if torch is None:
            return nullcontext()
        sources, tensors_among = self, partial(_tensors, torch.Tensor)
        owners, boolean = (torch, torch.Tensor), torch.bool
        set_item, data = torch.Tensor.__setitem__, torch.Tensor.data
        writes: dict[Any, bool] = {}  # whether a function writes what it is given first
        only_shapes = {getattr(owner, name) for owner in owners for name in ONLY_SHAPES if hasattr(owner, name)}

        class Following(torch.overrides.TorchFunctionMode):  # type: ignore[misc, name-defined]
            """Calls each function as it is, and notes what it returns."""

            def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                is_write = writes.get(function)
                if is_write is None:
                    is_write = writes[function] = _is_write(function.__name__) or function == data.__set__
                if is_write or (kwargs and "out" in kwargs):
                    is_out = kwargs and kwargs.get("out") is not None
                    written = (kwargs["out"],) if is_out else (*args, *(kwargs or {}).values())[:1]
                    for tensor in tensors_among(written):
                        before_write(tensor)
                returned = function(*args, **(kwargs or {}))
                if is_write and function == data.__set__:
                    sources.set_data(*args)
                elif function is set_item:
                    tensor, index, value = args
                    sources.write(tensor, tensors_among((value,)), _is_floating, index, replaces=True)
                elif function in moves and moves[function](args, kwargs or {}, returned):
                    pass  # the sources of each number are noted
                elif (tensors := tensors_among((returned,))) and function not in only_shapes:
                    given = tensors_among((*args, *kwargs.values()) if kwargs else args)
                    if (given and returned is given[0]) or (kwargs and "out" in kwargs):
                        note_result(function.__name__, given, tensors, kwargs)
                    else:
                        sources.follow(given, [one for one in tensors if one.dtype != boolean], _is_floating)
                return returned

        def join(place: Callable[..., Array], args: Any, kwargs: Any, returned: Any) -> bool:
            """Of a function that joins tensors. Returns whether the sources of each are noted."""
            named = {"dim" if name in ("axis", "dim") else name: value for name, value in kwargs.items()}
            parts, *others = (named.pop("tensors"), *args) if "tensors" in named else args
            are_places = all(isinstance(one, int) for one in (*others, *named.values()))
            return are_places and sources.join(parts, returned, lambda arrays: place(arrays, *others, **named))

        def note_result(name: str, given: list[Any], returned: list[Any], kwargs: Any) -> None:
            """Of a function that returns a tensor that it was given."""
            if kwargs and kwargs.get("out") is not None:
                values = [one for one in given if not any(one is written for written in returned)]
                for written in returned:
                    sources.write(written, values, _is_floating, replaces=True)
            elif _is_write(name):
                sources.write(given[0], given[1:], _is_floating, replaces=name in REPLACING)
            else:
                sources.follow(given, returned, _is_floating)

        def copy(args: Any, kwargs: Any, returned: Any) -> bool:
            """Of a function that returns the numbers of a tensor. Returns whether the sources of each are noted."""
            return bool(args) and sources.copy(args[0], returned)

        moves = {getattr(owner, name): copy for owner in owners for name in COPIES if hasattr(owner, name)}
        moves |= {getattr(torch, name): partial(join, place) for name, place in JOINS.items() if hasattr(torch, name)}
        mode: AbstractContextManager[Any] = Following()
        return mode


def _tensors(kind: type, values: Iterable[Any]) -> list[Any]:
    """The tensors among values, and in tuples and lists among these. It is called for each function of PyTorch."""
    found = []
    for value in values:
        if isinstance(value, kind):
            found.append(value)
        elif isinstance(value, tuple | list):
            found += [one for one in value if isinstance(one, kind)]
    return found


def _is_write(name: str) -> bool:
    """Whether a function of PyTorch writes the first tensor that it gets in place, as its name says."""
    return name in IN_PLACE or name == "__setitem__" or (name.endswith("_") and not name.endswith("__"))


def has_shape(value: Any) -> bool:
    """Whether a value is a tensor or an array."""
    try:
        return hasattr(value, "shape")
    except RuntimeError:  # a parameter of a lazy module, which has no size yet
        return True


def _is_floating(tensor: Any) -> bool:
    """Whether a tensor has numbers that a model computes with, not indices or a mask."""
    return bool(tensor.dtype.is_floating_point)
