"""The input of the picture of a chain: its layers with their names, shapes and numbers of parameters."""

from dataclasses import dataclass
from typing import Literal

from ...core.model.chain import Count, Passed
from ...core.model.shapes import Shape
from ..size_notation import OURS, Notation

Format = Literal["page", "half", "column", "narrow"]


@dataclass(frozen=True)
class DrawnLayer:
    """A layer, or ``times`` equal ones that follow each other, the first of which is the ``part``-th of the chain.

    ``name`` and ``details`` are written beside it; ``note`` has the words beside an output that has fewer steps than
    the input, and ``says`` those about a size that only the next layer says. ``taken_as`` is what the next layer calls
    the last axis of the output, with its colour. ``units`` is the length of its state, where it has one.
    ``joins_ends``: its output has the last step of the forward direction and step 0 of the backward one, which it
    computes last; ``ends_at_first``: it computes the steps from the last to the first, and its output is that of step
    0; ``reverses``: what goes on begins with the output of the last step. ``space_above`` is left free, for layers that
    only another model has. ``wrong`` says in red what does not fit, and shortly for a phone, if it is not the misfit of
    the layer, and ``wrong_axes`` which axes of its input are red, if they are not those of the misfit.
    ``count`` is None if the picture is not about parameters.
    """

    part: int
    passed: Passed
    name: str
    details: tuple[str, ...]
    count: Count | None = None
    note: tuple[str, ...] = ()
    says: str = ""
    taken_as: tuple[str, str] | None = None
    units: int | None = None
    joins_ends: bool = False
    ends_at_first: bool = False
    reverses: bool = False
    times: int = 1
    space_above: float = 0.0
    wrong: tuple[str, str] | None = None
    wrong_axes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Target:
    """What the output is compared with in a loss, which is the last layer. ``wrong``: the axes that do not fit."""

    shape: Shape
    wrong: tuple[int, ...]


@dataclass(frozen=True)
class ChainScene:
    """``layers`` from the input to the output; ``count`` is how many certainly are layers. ``input_words`` say what the
    numbers of the input are. ``selected`` is the part that is outlined. If ``time_major``, shapes have the time before
    the batch. ``format``: a page, half of it, the column of an answer, or a phone. ``space_below`` is left free between
    the lowest layer and the input; ``most_layers`` are those of the larger of two models, which have the same gaps.
    ``most_parameters``: those of the longest bar, if a layer of another model beside it has more than each layer here.
    ``target`` is in the place of the output, if the last layer is a loss. ``knows_input``: whether the first layer
    certainly gets the input of the model, and ``knows_output``: whether the last one returns its output."""

    layers: tuple[DrawnLayer, ...]
    input: Shape
    count: int
    input_words: str = ""
    selected: int | None = None
    time_major: bool = False
    format: Format = "page"
    space_below: float = 0.0
    most_layers: int = 0
    most_parameters: int = 0
    notation: Notation = OURS
    target: Target | None = None
    knows_input: bool = True
    knows_output: bool = True

    @property
    def is_narrow(self) -> bool:
        """Whether the names are at the right, with the shapes."""
        return self.format == "narrow"

    @property
    def output(self) -> Shape:
        return self.layers[-1].passed.output
