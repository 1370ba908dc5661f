"""NumPy: the axes of the arrays that a program gives to its model."""

from collections.abc import Callable, Mapping

from .axes_of_operations import reshaped, sizes_of, tensor_of, unsqueezed
from .frameworks.pytorch_functions import made
from .signatures import Arguments
from .values import UNKNOWN, Value


def _reshaped(a: Arguments) -> Value:
    shape = a.get("newshape", 1, a.named.get("shape", UNKNOWN))
    return reshaped(tensor_of(a.get("a", 0, UNKNOWN)).axes, sizes_of([shape]))


def _made(a: Arguments) -> Value:
    return made([a.get("shape", 0, UNKNOWN)], {})


FUNCTIONS: Mapping[str, Callable[[Arguments], Value]] = {
    "numpy.reshape": _reshaped,
    "numpy.expand_dims": lambda a: unsqueezed(tensor_of(a.get("a", 0, UNKNOWN)).axes, a.get("axis", 1, UNKNOWN)),
    "numpy.zeros": _made,
    "numpy.ones": _made,
    "numpy.empty": _made,
}
"""Path of a function -> what it returns."""


def called(path: str, arguments: Arguments) -> Value | None:
    """What a function of NumPy returns; None for another one, and for one that is not read."""
    function = FUNCTIONS.get(path) if arguments.is_complete else None
    return function(arguments) if function else None
