"""Every configuration of a framework: cells, projections, layers, directions and the framework's switches."""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike
from pairing import covering

from app.core.axes import shape
from app.core.cells import CELLS, PROJECTED
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.run import run_stack
from app.core.seeded_weights import Weights, stack_weights
from app.core.stack import Stack
from app.core.trace import StackTrace
from app.frameworks import FRAMEWORKS
from app.frameworks.framework_types import Framework, Settings
from app.frameworks.oracle_evidence import kinds_of
from app.frameworks.stack_in_framework import Model
from app.frameworks.weight_layout import Blocks, WeightLayout
from app.web.exports.weight_files import weights_file

Sizes = tuple[int, int, int, int]
"""batch_size, time_step, features and num_units."""

SIZES: tuple[Sizes, ...] = ((3, 4, 2, 5), (1, 1, 1, 1), (2, 7, 3, 1), (5, 3, 1, 11))
"""All different, ones, primes."""


class Configuration(NamedTuple):
    framework: Framework
    stack: Stack
    settings: Settings

    def __str__(self) -> str:
        s = self.stack
        own = "".join(f" {name}={value}" for name, value in self.settings.items())
        sizes = "-".join(map(str, s.sizes.values()))
        return f"{self.framework.id} {s.cell.id} {s.num_layers}x{len(s.directions)} {sizes}{own}"

    def values(self) -> tuple[object, ...]:
        """The values in which the configurations of a framework differ."""
        s, sizes = self.stack, tuple(self.stack.sizes.values())
        return s.cell.id, s.num_proj > 0, s.num_layers, s.bidirectional, sizes, *self.settings.values()

    @property
    def model(self) -> Model:
        return self.framework.model(self.stack, self.settings)

    @property
    def is_supported(self) -> bool:
        return self.model.unsupported is None


def stacks(sizes: Sizes = SIZES[0]) -> Iterator[Stack]:
    """Every cell, with and without projection, in one to three layers and in one or both directions."""
    for cell, num_proj, num_layers, bidirectional in product(CELLS, (0, 3), (1, 2, 3), (False, True)):
        if not num_proj or cell in PROJECTED:
            yield Stack(CELLS[cell], *sizes, num_proj, num_layers, bidirectional)


@cache
def some_stacks() -> list[Stack]:
    """Some of them: every pair of values is in one."""
    return covering([*stacks()], lambda s: (s.cell.id, s.num_proj, s.num_layers, s.bidirectional))


CELL_KINDS: dict[str, Stack] = {
    kinds_of(stack)[0]: stack for stack in stacks() if stack.num_layers == 1 and not stack.bidirectional
}
"""Every cell, with and without projection, by its name in the evidence."""


def settings_of(framework: Framework, stack: Stack) -> Iterator[Settings]:
    """Every combination of the switches that apply to a stack, the defaults first; others keep their default."""
    own = [switch for switch in framework.switches if switch.applies_to(stack)]
    for values in product(*(switch.choices for switch in own)):
        yield {**framework.defaults, **{switch.name: value for switch, value in zip(own, values, strict=True)}}


def with_default_switches(framework: Framework, sizes: tuple[Sizes, ...] = SIZES) -> Iterator[Configuration]:
    """Every stack that the framework supports, with the defaults of its switches."""
    for each in sizes:
        for stack in stacks(each):
            if (configuration := Configuration(framework, stack, framework.defaults)).is_supported:
                yield configuration


def with_all_switches(framework: Framework) -> Iterator[Configuration]:
    """Every stack that the framework supports, in the first sizes, with every combination of its switches."""
    for stack in stacks():
        for settings in settings_of(framework, stack):
            if (configuration := Configuration(framework, stack, settings)).is_supported:
                yield configuration


def configurations(framework: Framework) -> Iterator[Configuration]:
    """Every combination of its switches in the first sizes, their defaults in the others."""
    yield from with_all_switches(framework)
    yield from with_default_switches(framework, SIZES[1:])


def some_configurations(framework: Framework) -> list[Configuration]:
    """Some of them: every pair of values is in one."""
    return covering([*configurations(framework)], Configuration.values)


def supports(framework: Framework, kind: str) -> bool:
    return Configuration(framework, CELL_KINDS[kind], framework.defaults).is_supported


SUPPORTED = [(id, kind) for id, framework in FRAMEWORKS.items() for kind in CELL_KINDS if supports(framework, kind)]
"""Every framework with every cell that it supports."""


def packed(layout: WeightLayout, blocks: Blocks) -> dict[str, Array]:
    """Every array of one cell, by its name in the framework."""
    return {p.name: layout.array(p, blocks) for p in layout.parameters}


class OurRun(NamedTuple):
    """Our run of a configuration, with its weights and its input."""

    weights: Weights
    X: Array
    trace: StackTrace


def run_ours(configuration: Configuration, dtype: DTypeLike = np.float32, seed: int = 5) -> OurRun:
    stack = configuration.stack
    weights, X = stack_weights(stack, seed, dtype), make_input(stack.sizes, seed, dtype)
    return OurRun(weights, X, run_stack(stack, weights, X, configuration.model.goes_backwards))


def save_weights(configuration: Configuration, ours: OurRun, folder: Path) -> Path:
    """Write the file of /weights.npz."""
    file = folder / "weights.npz"
    arrays: dict[str, Any] = weights_file(configuration.model, ours.weights, ours.X)
    np.savez(file, **arrays)
    return file


def execute_with_weights(configuration: Configuration, ours: OurRun, folder: Path, program: str = "") -> dict[str, Any]:
    """Execute the generated program, or another one, with our weights and input. Returns its names and their values."""
    return execute(program or configuration.model.code(), str(save_weights(configuration, ours, folder)))


def outputs_of(configuration: Configuration, names: dict[str, Any]) -> dict[str, Array]:
    """The outputs of a program, from its names."""
    # The names of outputs are expressions of the program: state[0].c
    back = {array.name: eval(array.name, names) for array in configuration.model.outputs}
    return {name: as_array(array) for name, array in back.items()}


def as_array(tensor: Any) -> Array:
    """A tensor of a framework as an array of NumPy."""
    array: Array = np.asarray(tensor.detach() if hasattr(tensor, "detach") else tensor)
    return array


def largest_difference(configuration: Configuration, ours: OurRun, others: Mapping[str, Array]) -> float:
    """The largest difference between our outputs and the others. Their shapes must be equal."""
    model, largest = configuration.model, 0.0
    for array in model.outputs:
        our, other = array.array(ours.trace), others[array.name]
        expected = shape(array.axes, model.sizes)
        assert our.shape == other.shape == expected, f"{configuration}: {array.name}"
        largest = max(largest, float(abs(our.astype(np.float64) - other).max()))
    return largest


def execute(program: str, *arguments: str) -> dict[str, Any]:
    """Execute a program. Returns its names and their values."""
    names: dict[str, Any] = {"__name__": "generated"}
    before, sys.argv = sys.argv, ["generated", *arguments]
    try:
        exec(compile(program, "generated", "exec"), names)
    finally:
        sys.argv = before
    return names
