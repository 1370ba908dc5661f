"""Names in a picture besides shapes: the gates, and the arrays that go in and come out.

By default a picture has our own names; those of a framework are passed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ..core.axes import Axes, Sizes
from ..core.program import Program
from ..translations.phrases import phrase
from .diagram_error import tensor_of


@dataclass(frozen=True)
class NamedArray:
    """An array of the whole run, by its name in a framework or by ours; ``tensor`` is our tensor."""

    name: str
    axes: Axes
    tensor: str
    is_code: bool = True


@dataclass(frozen=True)
class Naming:
    """The names in one picture. ``letters`` has the gates with a letter other than ours, ``sizes`` the axes that only
    the arrays have. ``last`` names the output of the step that the cell computes last; ``last_use`` introduces the
    expression that reads it. ``initial`` has the name of the argument for each initial state; without one it is 0.
    ``place`` introduces the number of a step in a stack of cells."""

    arrays: tuple[NamedArray, ...]
    letters: Mapping[str, str] = field(default_factory=dict)
    sizes: Sizes = field(default_factory=dict)
    last: str = phrase("last output")
    last_use: tuple[str, str] = phrase("last output, often all that is used:"), "Y[:, -1]"
    initial: Mapping[str, str] = field(default_factory=dict)
    place: str = ""


@lru_cache(64)
def our_naming(program: Program) -> Naming:
    """The whole output, the states at one step, and the whole input."""
    return Naming(tuple(_ours(program, id) for id in ("Y", *program.cell.states, "X")))


_WORDS = (phrase("hidden state"), phrase("cell state"), phrase("input"), phrase("output"))


def _ours(program: Program, id: str) -> NamedArray:
    tensor = tensor_of(program, id)
    short = tensor.name.partition(",")[0] if tensor.role == "state" else tensor.role
    word = next((word for word in _WORDS if word == short), short)
    is_named = program.cell.text and tensor.role == "state"  # the words of a typed cell name the state
    name = word if is_named else phrase("{what} {id}", what=word, id=id)
    return NamedArray(name, tensor.axes, id, is_code=False)
