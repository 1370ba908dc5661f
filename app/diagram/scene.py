"""The input of every view: what picture to draw."""

from dataclasses import dataclass

from ..core.axes import Sizes
from ..core.gradient_objective import Objective
from ..core.program import Program
from ..core.stack import Place
from .array_names import Naming
from .block_matrix import Matrix
from .folded_steps import StepOrder
from .size_notation import OURS, Notation
from .training_scene import NOT_TRAINED, TrainingScene


@dataclass(frozen=True)
class Scene:
    """``t`` is the focused step. If ``is_reversed``, the cell computes the last step first. Without a ``naming`` the
    picture has our own names.

    ``until`` is the tensor that is being computed, if later ones are to be faint. ``sample`` and ``unit`` are the
    sequence and the unit that are followed; ``poked`` is a vector that enters the step, and the index of its changed
    number. ``matrices`` are the weights in a framework's layout. ``notation`` names the sizes. ``place`` is the layer
    and the direction of the cell, ``objective`` what is differentiated; by default the sum of the output of the step
    that the cell computes last. ``arrays`` says whether the picture shows the arrays of the run. ``opened`` is a tensor
    whose line is drawn operation by operation in a typed cell that is folded by line. ``training`` is what was trained
    and measured.
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
    place: Place = (0, "forward")
    objective: Objective | None = None
    arrays: bool = True
    opened: str = ""
    training: TrainingScene = NOT_TRAINED

    @property
    def order(self) -> StepOrder:
        """The order in which the cell computes the steps."""
        return StepOrder(self.sizes["time_step"] - 1, self.is_reversed)
