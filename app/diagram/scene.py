"""Everything that a view needs to know about the picture to draw."""

from dataclasses import dataclass

from ..core.axes import Sizes
from ..core.program import Program
from .array_names import Naming
from .block_matrix import Matrix
from .folding import StepOrder
from .size_notation import OURS, Notation

FORMATS = ("narrow", "page", "wide", "hall")
"""The choices of the field ``format``: for a phone, a page, a projector, a wall."""


@dataclass(frozen=True)
class Summed:
    """The sum that gradients are of, in words, and the steps whose output of this cell is a part of it: none in a layer
    below the top one."""

    words: str
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Scene:
    """``t`` is the focused step. If ``is_reversed``, the cell takes the last step first. Without a ``naming`` the
    picture has our own names.

    ``until`` is the tensor that is being computed, if what comes after it is to be faint. ``sample`` and ``unit`` are
    the sequence and the unit that are followed; ``poked`` is a vector that enters and the index of its number that was
    changed. ``matrices`` are the weights in a framework's layout. ``notation`` names the sizes. ``summed`` is what
    gradients are of; by default the output of the step that the cell takes last.
    """

    program: Program
    sizes: Sizes
    t: int
    labels: str
    format: str
    is_reversed: bool = False
    naming: Naming | None = None
    until: str = ""
    sample: int | None = None
    unit: int | None = None
    poked: tuple[str, int] | None = None
    matrices: tuple[Matrix, ...] = ()
    notation: Notation = OURS
    summed: Summed | None = None

    @property
    def order(self) -> StepOrder:
        """The order in which the cell takes the steps."""
        return StepOrder(self.sizes["time_step"] - 1, self.is_reversed)
