"""A model: a framework, a stack and the framework's switches together, and everything that follows from them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np

from app.core.axes import Axes, Sizes, shape
from app.core.stack import Place, Stack
from app.frameworks.framework import (
    DerivedSwitch,
    Framework,
    LastOutput,
    Limitation,
    NewBias,
    Setting,
    Settings,
    Unsupported,
)
from app.frameworks.io_arrays import IOArray, StoredArray
from app.frameworks.program_text import Code
from app.frameworks.weight_layout import WeightLayout, widths

ITEMSIZE = np.dtype(np.float32).itemsize


@dataclass(frozen=True, eq=False)
class Model:
    """A stack in a framework, with the framework's switches set.

    Where the framework does not support it, only ``unsupported`` and ``check`` have answers.
    """

    framework: Framework
    stack: Stack
    settings: Settings

    def limitations(self) -> Iterator[Limitation]:
        """Everything that the framework lacks for this model."""
        return self.framework.limitations(self.stack, self.settings)

    @cached_property
    def unsupported(self) -> Unsupported | None:
        """Why the framework does not support this model; None where it does."""
        limitations = tuple(self.limitations())
        return Unsupported(limitations) if limitations else None

    def check(self) -> None:
        """Raise Unsupported where the framework does not support this model."""
        if self.unsupported:
            raise self.unsupported

    @cached_property
    def sizes(self) -> Sizes:
        """Axis name -> size, with the axes that only frameworks have."""
        return self.framework.sizes(self.stack)

    @cached_property
    def layout(self) -> WeightLayout:
        """How the weights of one cell are stored. Names are those within the cell; see ``full_name``."""
        return self.framework.layout(self.stack, self.settings)

    def full_name(self, name: str, place: Place) -> str:
        """The name of a cell's parameter among those of all layers and directions."""
        return self.framework.full_name(name, place, self.stack)

    @cached_property
    def input(self) -> IOArray:
        """The array that the model takes."""
        return self.framework.takes(self.stack, self.settings)

    @cached_property
    def outputs(self) -> tuple[IOArray, ...]:
        """The arrays that it returns, in order."""
        return self.framework.returns(self.stack, self.settings)

    @cached_property
    def weights(self) -> tuple[StoredArray, ...]:
        """Every array of weights, in the framework's order."""
        return self.framework.stored(self.stack, self.settings)

    def cell_axes(self, place: Place) -> list[Axes]:
        """The axes of every array of one cell."""
        return [parameter.axes(widths(self.stack, place)) for parameter in self.layout.parameters]

    @property
    def counts(self) -> dict[str, int]:
        """How many numbers each array of weights holds, by its full name."""
        return {array.name: prod(shape(array.axes, self.sizes)) for array in self.weights}

    @property
    def parameter_count(self) -> int:
        """How many numbers there are to learn, in all layers and directions."""
        return sum(self.counts.values())

    @property
    def nbytes(self) -> int:
        """How many bytes the weights and the input have, in float32."""
        return ITEMSIZE * (self.parameter_count + prod(shape(self.input.axes, self.sizes)))

    def new_bias(self, gate: str) -> NewBias | None:
        """The bias of a gate in a new model; None where the framework does not initialize weights."""
        return self.framework.new_bias(gate, self.stack, self.settings)

    @property
    def derived_switches(self) -> tuple[DerivedSwitch, ...]:
        """The framework's switches whose values follow from the stack."""
        return self.framework.derived(self.stack)

    @property
    def goes_backwards(self) -> bool:
        """Whether the forward direction takes the steps from the last to the first."""
        return self.framework.goes_backwards(self.settings)

    @property
    def last_output(self) -> LastOutput:
        """The quantity whose gradients are shown."""
        return self.framework.last_output(self.stack, self.settings)

    def code(self) -> str:
        """A complete program: the model, an input, the outputs, and an assertion for every shape.

        With a file from ``weights_file`` as its argument it computes with those weights, else with random ones.
        """
        return self.framework.code(self.stack, self.settings)

    def expression(self, name: str, place: Place) -> str:
        """How a program reads a cell's array from ``weights``, the dict of all arrays."""
        return self.framework.expression(name, place, self.stack)

    def assignment(self, name: str, place: Place, array: Code) -> Code:
        """How a program puts a cell's array into ``made``, a dict; ``finished`` makes that the dict of all arrays."""
        return self.framework.assignment(name, place, self.stack, array)

    @property
    def finished(self) -> str:
        return self.framework.finished

    def non_default(self, *names: str) -> dict[str, Setting]:
        """The named settings that differ from the framework's defaults."""
        return self.framework.non_default(self.settings, *names)


def numbers(arrays: Iterable[Axes], sizes: Sizes) -> int:
    """How many numbers arrays with these axes hold together."""
    return sum(prod(shape(axes, sizes)) for axes in arrays)
