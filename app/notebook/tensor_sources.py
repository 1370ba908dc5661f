"""From which layers of a model, and from which of its inputs, the tensors of a forward pass are computed."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Any
from weakref import ref

from ..reading.code.values import Layer

MOST_SOURCES = 6
"""Layers and inputs that are remembered of a tensor."""

ONLY_SHAPES = (
    *(f"{name}_like" for name in ("zeros", "ones", "empty", "full", "rand", "randn", "randint")),
    *(f"new_{name}" for name in ("zeros", "ones", "empty", "full")),
)
"""The functions and methods of PyTorch that read only the shape of a tensor, and none of its values."""

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
    """The sources of tensors, which are not kept: an entry ends with its tensor."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, tuple[Source | StatesOf, ...]]] = {}

    def of(self, tensor: Any) -> tuple[Source, ...]:
        """The sources of a tensor; none if they are not known."""
        return tuple(dict.fromkeys(one.layer if isinstance(one, StatesOf) else one for one in self._all(tensor)))

    def steps_of(self, tensor: Any) -> frozenset[Layer]:
        """The layers from whose steps a tensor is computed, and not from their last states alone."""
        return frozenset(one for one in self._all(tensor) if isinstance(one, Layer))

    def _all(self, tensor: Any) -> tuple[Source | StatesOf, ...]:
        return self._known.get(id(tensor), (None, ()))[1]

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

    def _forget(self, key: int, _: object) -> None:
        self._known.pop(key, None)

    def follow(
        self, given: Sequence[Any], returned: Iterable[Any], counts: Callable[[Any], bool] = lambda tensor: True
    ) -> None:
        """Note that tensors are computed from others, of which only those count that ``counts`` says, if there are
        any: indices say which numbers, and not what they are computed from."""
        if any(id(tensor) in self._known for tensor in given):  # not of most functions
            of = [tensor for tensor in given if counts(tensor)] or given
            self.note(returned, [source for tensor in of for source in self._all(tensor)])

    def followed(self) -> AbstractContextManager[Any]:
        """Within this context all functions of PyTorch are followed, if it is imported."""
        torch = sys.modules.get("torch")
        if torch is None:
            return nullcontext()
        sources, tensors_among = self, partial(_tensors, torch.Tensor)
        owners = (torch, torch.Tensor)
        only_shapes = {getattr(owner, name) for owner in owners for name in ONLY_SHAPES if hasattr(owner, name)}

        class Following(torch.overrides.TorchFunctionMode):  # type: ignore[misc, name-defined]
            """Calls each function as it is, and notes what it returns."""

            def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
                returned = function(*args, **(kwargs or {}))
                if (tensors := tensors_among((returned,))) and function not in only_shapes:
                    sources.follow(tensors_among((*args, *kwargs.values()) if kwargs else args), tensors, _is_floating)
                return returned

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


def has_shape(value: Any) -> bool:
    """Whether a value is a tensor or an array."""
    try:
        return hasattr(value, "shape")
    except RuntimeError:  # a parameter of a lazy module, which has no size yet
        return True


def _is_floating(tensor: Any) -> bool:
    """Whether a tensor has numbers that a model computes with, not indices or a mask."""
    return bool(tensor.dtype.is_floating_point)
