"""NumPy: the axes of the arrays that a program gives to its model."""

from collections.abc import Callable, Mapping

from .axes_of_operations import reshaped, sizes_of, tensor_of, unsqueezed
from .frameworks.pytorch_functions import called as called_by_name
from .frameworks.pytorch_functions import made
from .signatures import Arguments
from .values import NONE, UNKNOWN, Tensor, Value


def _reshaped(a: Arguments) -> Value:
    shape = a.get("newshape", 1, a.named.get("shape", UNKNOWN))
    return reshaped(tensor_of(a.get("a", 0, UNKNOWN)).axes, sizes_of([shape]))


def _made(a: Arguments) -> Value:
    return made([a.get("shape", 0, UNKNOWN)], {})


def _of_axes(a: Arguments) -> Value:
    return made(a.positional, {}) if a.positional else UNKNOWN


def _of_size(place: int) -> Callable[[Arguments], Value]:
    """A function of which an argument is the size of an array; without it, it returns a number."""

    def drawn(a: Arguments) -> Value:
        size = a.get("size", place, NONE)
        return UNKNOWN if size == NONE else made([size], {})

    return drawn


def _converted(a: Arguments) -> Value:
    given = a.positional[0] if a.positional else UNKNOWN
    return Tensor(given.axes) if isinstance(given, Tensor) else UNKNOWN


FUNCTIONS: Mapping[str, Callable[[Arguments], Value]] = {
    "numpy.reshape": _reshaped,
    "numpy.expand_dims": lambda a: unsqueezed(tensor_of(a.get("a", 0, UNKNOWN)).axes, a.get("axis", 1, UNKNOWN)),
    "numpy.array": lambda a: called_by_name("array", a.positional, a.named) or UNKNOWN,
    "numpy.asarray": lambda a: called_by_name("asarray", a.positional, a.named) or UNKNOWN,
    "numpy.zeros": _made,
    "numpy.ones": _made,
    "numpy.empty": _made,
    "numpy.full": _made,
    "numpy.float32": _converted,
    "numpy.float64": _converted,
    "numpy.random.rand": _of_axes,
    "numpy.random.randn": _of_axes,
    **{f"numpy.random.{name}": _of_size(0) for name in ("random", "random_sample", "standard_normal")},
    **{f"numpy.random.{name}": _of_size(2) for name in ("uniform", "normal", "randint")},
}
"""Path of a function -> what it returns."""


def called(path: str, arguments: Arguments) -> Value | None:
    """What a function of NumPy returns; None for another one, and for one that is not read."""
    function = FUNCTIONS.get(path) if arguments.is_complete else None
    return function(arguments) if function else None
