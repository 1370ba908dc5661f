"""How a library writes the operations of equations."""

import builtins
import keyword
from collections.abc import Mapping
from dataclasses import dataclass, field

_NAMES = """
sys np math torch nn jax jnp partial shapes weights arrays step over_time own cell cells Cell self states Y_forward
Y_backward forward backward layer name array tensor weight inputs dtype
"""

PROGRAM_NAMES = frozenset(_NAMES.split())
"""The names that the programs use themselves."""


@dataclass(frozen=True)
class Language:
    """A library for arrays.

    ``functions`` maps each function and comparison of equations to its call: {0}, {1} ... are the arguments, {axis}
    the positions of its axes. ``definitions`` are those that the library lacks. ``several`` are the calls along more
    than one axis, and ``numbers`` those of a tensor and a number, where they differ. ``array`` makes an array of a
    number, in the type of x. ``weight`` is how a step names a weight. ``taken`` are more names that a tensor cannot
    have. ``levels`` is how deep a step is indented.
    """

    module: str
    functions: Mapping[str, str]
    permute: str
    array: str
    eye: str
    definitions: Mapping[str, str] = field(default_factory=dict)
    several: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    weight: str = "{name}"
    taken: frozenset[str] = frozenset()
    levels: int = 1

    def name(self, id: str, others: frozenset[str]) -> str:
        """A name of equations as one of the program: ``lambda_`` for ``lambda``, which Python keeps for itself.
        ``others`` are the names of the equations, which it must not become."""
        while keyword.iskeyword(id) or id in PROGRAM_NAMES or id in self.taken or hasattr(builtins, id):
            id += "_"
            while id in others:
                id += "_"
        return id
