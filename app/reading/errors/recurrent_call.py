"""The call of a recurrent layer in which an error arose, as a running program knows it."""

from collections.abc import Mapping
from dataclasses import dataclass

from .axes_of_arrays import steps_in_order


@dataclass(frozen=True)
class Below:
    """The layer that returned the input of another one. Its cell and units, if it is a recurrent one that returns only
    its last output; "" for another layer. ``time_step``: the number of steps that it reads, None if that is open."""

    cell: str = ""
    num_units: int = 0
    time_step: int | None = None


@dataclass(frozen=True)
class RecurrentCall:
    """The call of a recurrent layer in which an error arose: the cell, the arguments of the layer by their names in
    PyTorch, the shape of its input and of its first initial state, () if they are unknown, and the layer ``below``, if
    that is known."""

    cell: str
    is_of_one_step: bool
    arguments: Mapping[str, int]
    input: tuple[int | None, ...]
    below: Below | None = None
    state: tuple[int, ...] = ()

    @property
    def sizes(self) -> dict[str, int]:
        """The batch and the time of the input, as the layer reads them."""
        order = steps_in_order(bool(self.arguments.get("batch_first")))
        names = ("batch_size",) if self.is_of_one_step else order
        known = zip(names, self.input, strict=False) if len(self.input) == len(names) + 1 else ()
        return {name: size for name, size in known if size}
