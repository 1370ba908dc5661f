"""A model: a framework, a stack and the framework's switches bound together, and everything that follows from them."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from math import prod
from typing import ClassVar

import numpy as np

from ..core.axes import FRAMEWORK_SIZES, Axes, Sizes, shape
from ..core.gradient_objective import Objective, last_output
from ..core.ops import Array
from ..core.stack import Place, Stack
from .arrays import IOArray, StoredArray
from .framework_types import (
    DerivedSwitch,
    Framework,
    Limitation,
    NewBias,
    Setting,
    Settings,
    Unsupported,
)
from .program_text import Code, assign
from .weight_layout import Blocks, Parameter, WeightLayout, widths

ITEMSIZE = np.dtype(np.float32).itemsize


@dataclass(frozen=True, eq=False)
class Model(ABC):
    """A stack in a framework, with the framework's switches set. Names and orders are the framework's own.

    If the framework does not support it, only ``limitations``, ``unsupported`` and ``check`` are defined.
    """

    framework: Framework
    stack: Stack
    settings: Settings

    @abstractmethod
    def limitations(self) -> Iterator[Limitation]:
        """Everything that the framework lacks for this model."""

    @cached_property
    def unsupported(self) -> Unsupported | None:
        """Why the framework does not support this model; None if it does."""
        limitations = tuple(self.limitations())
        return Unsupported(limitations) if limitations else None

    def check(self) -> None:
        """Raise Unsupported if the framework does not support this model."""
        if self.unsupported:
            raise self.unsupported

    @property
    @abstractmethod
    def layout(self) -> WeightLayout:
        """How the weights of one cell are stored, with names within the cell; see ``full_name``."""

    @abstractmethod
    def full_name(self, name: str, place: Place) -> str:
        """The name of a cell's parameter among those of all layers and directions."""

    @property
    @abstractmethod
    def input(self) -> IOArray:
        """The array that the model takes."""

    @property
    @abstractmethod
    def initial_states(self) -> tuple[IOArray, ...]:
        """The states before the first step, which it also accepts; by default they are 0. If each layer has a call of
        its own, arrays of several layers have the same name."""

    @property
    @abstractmethod
    def outputs(self) -> tuple[IOArray, ...]:
        """The arrays that it returns, in order."""

    @abstractmethod
    def new_bias(self, gate: str) -> NewBias | None:
        """The bias of a gate in a new model; None if the framework does not initialize weights."""

    @abstractmethod
    def code(self) -> str:
        """A complete program: the model, an input, the outputs, and an assertion for every shape.

        With a file of /weights.npz as its argument it computes with those weights, else with random ones.
        """

    @property
    @abstractmethod
    def stored_arrays(self) -> Code:
        """The expression of all arrays of weights by name, as NumPy arrays, after the program of ``code``."""

    @abstractmethod
    def load(self, arrays: str) -> list[Code]:
        """The statements that load such arrays, a variable, into the model of that program."""

    @property
    def derived_switches(self) -> tuple[DerivedSwitch, ...]:
        """The framework's settings whose values follow from the stack."""
        return ()

    @property
    def goes_backwards(self) -> bool:
        """Whether the forward direction computes the steps from the last to the first."""
        return False

    @property
    def objective(self) -> Objective:
        """What is differentiated: the quantity whose gradients are shown."""
        return last_output(self.stack, self.goes_backwards)

    @property
    def sizes(self) -> Sizes:
        """Axis name -> size, with the axes that only frameworks have."""
        stack = self.stack
        counts = len(stack.directions), stack.num_layers, 2
        return {**stack.sizes, **dict(zip(FRAMEWORK_SIZES, counts, strict=True))}

    @cached_property
    def weights(self) -> tuple[StoredArray, ...]:
        """Every array of weights, in the framework's order."""
        return tuple(
            StoredArray(
                self.full_name(parameter.name, place),
                parameter.axes(widths(self.stack.program(place[0]))),
                partial(_packed, self.layout, parameter, place),
            )
            for place in self.stack.places
            for parameter in self.layout.parameters
        )

    def cell_axes(self, place: Place) -> list[Axes]:
        """The axes of every array of one cell."""
        return [parameter.axes(widths(self.stack.program(place[0]))) for parameter in self.layout.parameters]

    @property
    def counts(self) -> dict[str, int]:
        """The number of elements of each array of weights, by its full name."""
        return {array.name: prod(shape(array.axes, self.sizes)) for array in self.weights}

    @property
    def parameter_count(self) -> int:
        """The number of trainable parameters, in all layers and directions."""
        return sum(self.counts.values())

    @property
    def nbytes(self) -> int:
        """The size of the weights and the input in bytes, in float32."""
        return ITEMSIZE * (self.parameter_count + prod(shape(self.input.axes, self.sizes)))

    def expression(self, name: str, place: Place) -> str:
        """The expression that reads an array of a cell from ``weights``, the dict of all arrays."""
        return f'weights["{self.full_name(name, place)}"]'

    def assignment(self, name: str, place: Place, array: Code) -> Code:
        """The statement that adds an array of a cell to the dict ``made``; ``finished`` is the expression of the
        complete dict."""
        return assign(f'made["{self.full_name(name, place)}"]', array)

    finished: ClassVar[str] = "made"

    @property
    def printed_output(self) -> str:
        """The array that a program prints at its end: the one with every step, or else the first output."""
        return next((array for array in self.outputs if array.tensor == "Y"), self.outputs[0]).name

    def non_default(self, *names: str) -> dict[str, Setting]:
        """Those of the named settings that differ from the framework's defaults."""
        defaults = self.framework.defaults
        return {name: self.settings[name] for name in names if self.settings[name] != defaults[name]}


def _packed(layout: WeightLayout, parameter: Parameter, place: Place, blocks: Mapping[Place, Blocks]) -> Array:
    return layout.array(parameter, blocks[place])


def numbers(arrays: Iterable[Axes], sizes: Sizes) -> int:
    """The total number of elements of arrays with these axes."""
    return sum(prod(shape(axes, sizes)) for axes in arrays)
