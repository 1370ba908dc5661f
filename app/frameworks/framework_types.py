"""A framework, and the records for its switches, its cells and its limitations."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import TYPE_CHECKING

from ..core.cell import Cell
from ..core.stack import Stack
from ..translations.phrases import phrase

if TYPE_CHECKING:
    from .stack_in_framework import Model

Setting = bool | int | str
Settings = Mapping[str, Setting]
"""Values of a framework's switches, by its own names: ``batch_first``, ``return_sequences``."""


@dataclass(frozen=True)
class FrameworkCell:
    """A framework's class for one of our cells, and its gates in order.

    Gates have our letters; ``letters`` maps those with another letter in the framework to that letter.
    """

    name: str
    gates: str
    letters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Switch:
    """A setting of a framework that changes inputs, outputs or weights, in the stacks that it applies to."""

    name: str
    default: Setting
    choices: tuple[Setting, ...]
    help: str
    applies_to: Callable[[Stack], bool] = lambda stack: True


@dataclass(frozen=True)
class DerivedSwitch:
    """A setting whose value follows from the stack: Keras's ``reset_after``, which selects between two of our cells.

    The ``changes`` of fields and switches lead to its ``other`` value.
    """

    name: str
    value: Setting
    other: Setting
    changes: Mapping[str, Setting]
    help: str


@dataclass(frozen=True)
class NewBias:
    """The bias of a gate in a new model: the value ``stored`` in its array, None if it is random, and the value
    ``added`` in each step."""

    stored: float | None
    added: float = 0.0


@dataclass(frozen=True)
class Limitation:
    """A feature that a framework lacks, and the changes that lead to the nearest one that it supports."""

    what: str
    nearest: Mapping[str, Setting]


def limitation(what: str, **nearest: Setting) -> Limitation:
    return Limitation(what, nearest)


def no_such_cell(title: str, stack: Stack, has: Iterable[Cell]) -> Limitation:
    """The limitation of a framework without the cell. The nearest of the cells that it ``has`` is one with the same
    states, if any."""
    known = list(has)
    nearest = next((cell for cell in known if cell.states.keys() == stack.states.keys()), known[0])
    what = phrase("{framework} has no {cell}", framework=title, cell=stack.program().cell.title)
    return limitation(what, cell=nearest.id)


class Unsupported(ValueError):
    """A framework does not support a model: ``what`` it lacks, and the changes to the ``nearest`` supported model."""

    def __init__(self, limitations: tuple[Limitation, ...]) -> None:
        self.what = reduce(_both, dict.fromkeys(limitation.what for limitation in limitations))
        super().__init__(self.what)
        self.nearest = {name: value for limitation in limitations for name, value in limitation.nearest.items()}


def _both(one: str, another: str) -> str:
    return phrase("{one}; {another}", one=one, another=another)


@dataclass(frozen=True, eq=False)
class Framework:
    """One framework: its name, its switches, and the class of its models, which has everything else.

    ``size_names`` are pairs of our name of a size and the framework's, for those that differ, and ``size_note``
    what else to know about these names. ``default_cells`` maps a cell to the variant that the framework has by default,
    ``layer_names`` a kind of layer of a chain to its class or function here, if that has another name than in Keras;
    ``names_by_axes`` does so for inputs with a certain number of axes, if these are computed by something else, and
    ``names_by_operation`` for layers whose operation is known, or that have no bias; ``names_with_projection`` for
    LSTMs with a projection or peepholes.
    """

    id: str
    title: str
    model_type: "type[Model]"
    switches: tuple[Switch, ...] = ()
    size_names: tuple[tuple[str, str], ...] = ()
    size_note: str = ""
    default_cells: Mapping[str, str] = field(default_factory=dict)
    layer_names: Mapping[str, str] = field(default_factory=dict)
    names_by_axes: Mapping[tuple[str, int], str] = field(default_factory=dict)
    names_with_projection: Mapping[str, str] = field(default_factory=dict)
    names_by_operation: Mapping[tuple[str, bool], str] = field(default_factory=dict)

    @property
    def defaults(self) -> Settings:
        """The default values of the switches."""
        return {switch.name: switch.default for switch in self.switches}

    def model(self, stack: Stack, settings: Settings | None = None) -> "Model":
        """A stack in this framework; switches that ``settings`` leaves out have their defaults."""
        return self.model_type(self, stack, {**self.defaults, **(settings or {})})
