"""The axes of what keras.ops and keras.backend return. Most functions are those of TensorFlow by other names."""

from collections.abc import Callable, Mapping

from ..axes_of_operations import batch_dot, matrix_product, permuted, place, sizes_of, tensor_of, transposed
from ..signatures import Arguments
from ..values import ANY, NONE, UNKNOWN, Axes, Constant, List, Tensor, Tuple, Value, times
from ..word_sets import words
from . import tf1

MODULES = ("keras.ops.", "keras.random.", "keras.backend.", "tensorflow.keras.ops.", "tensorflow.keras.backend.")

REDUCTIONS = words("sum mean max min prod any all std var logsumexp")

SAME = words(
    """
    relu gelu silu swish hard_sigmoid logical_not isnan round floor ceil sin cos nan_to_num clip cast copy pow
    cumsum cumprod in_train_phase stop_gradient flip roll l2_normalize elu selu log1p expm1 rsqrt
    """
)
"""Functions that keep the axes of their first argument, and which TensorFlow has under another name."""

PAIRS = words("less greater less_equal greater_equal not_equal equal logical_and logical_or true_divide")

NAMES = {"absolute": "abs", "int_shape": "shape", "full": "zeros"}
"""TensorFlow's names of functions, where they differ."""


def keras_operation(path: str) -> str | None:
    """``sum`` for ``keras.ops.sum``; None for something else."""
    return path.rpartition(".")[2] if path.startswith(MODULES) else None


def _first(a: Arguments) -> Axes:
    return tensor_of(a.positional[0] if a.positional else next(iter(a.named.values()), UNKNOWN)).axes


def _transposed(a: Arguments) -> Value:
    axes, order = _first(a), a.get("axes", 1, a.named.get("pattern", NONE))
    if order == NONE:
        return Tensor(tuple(reversed(axes))) if ANY not in axes else Tensor()
    return permuted(axes, sizes_of([order]))


def _concatenated(a: Arguments) -> Value:
    parts, along = a.get("xs", 0, a.named.get("tensors", UNKNOWN)), a.get("axis", 1, Constant(-1))
    return tf1.called("concat", Arguments((parts, along))) or Tensor()


def _repeated(a: Arguments) -> Value:
    """``repeat(x, repeats, axis)``; that of the backend makes steps of samples."""
    axes, count, along = _first(a), a.get("repeats", 1, UNKNOWN), a.get("axis", 2, NONE)
    n = place(along, axes)
    if n is None or not isinstance(count, Constant) or not isinstance(count.value, int):
        return Tensor()
    return Tensor((*axes[:n], times(axes[n], count.value), *axes[n + 1 :]))


def _argmax(a: Arguments) -> Value:
    """Its usual axis differs between keras.ops and keras.backend."""
    is_given = len(a.positional) > 1 or "axis" in a.named
    return tf1.called("reduce_sum", a) or Tensor() if is_given else Tensor()


def _split(a: Arguments) -> Value:
    """Several sizes are places, as in NumPy."""
    return Tensor() if isinstance(a.get("indices", 1, UNKNOWN), (Tuple, List)) else tf1.called("split", a) or UNKNOWN


def _dot(a: Arguments) -> Value:
    """The last axis of one with the last but one of the other; that of a vector is its only one."""
    one, another = _first(a), tensor_of(a.get("y", 1, UNKNOWN)).axes
    if ANY in one or ANY in another or not one or len(another) not in (1, 2):
        return Tensor()
    return Tensor((*one[:-1], *another[1:]))


def _batch_dot(a: Arguments) -> Value:
    return batch_dot(_first(a), tensor_of(a.get("y", 1, UNKNOWN)).axes, a.get("axes", 2, UNKNOWN))


def _swapaxes(a: Arguments) -> Value:
    return transposed(_first(a), a.get("axis1", 1, UNKNOWN), a.get("axis2", 2, UNKNOWN))


FUNCTIONS: Mapping[str, Callable[[Arguments], Value]] = {
    "transpose": _transposed,
    "permute_dimensions": _transposed,
    "concatenate": _concatenated,
    "repeat": _repeated,
    "dot": _dot,
    "batch_dot": _batch_dot,
    "swapaxes": _swapaxes,
    "matmul": lambda a: Tensor(matrix_product(_first(a), tensor_of(a.get("x2", 1, UNKNOWN)).axes)),
    "argmax": _argmax,
    "argmin": _argmax,
    "flatten": lambda a: Tensor((None,)),
    "batch_flatten": lambda a: tf1.called("flatten", a) or Tensor(),
    "split": _split,
}


def called(name: str, a: Arguments) -> Value | None:
    """What a function returns; None for an unknown one."""
    if not a.is_complete:
        return None
    if name in FUNCTIONS:
        return FUNCTIONS[name](a)
    if name in REDUCTIONS:
        return tf1.called("reduce_sum", a)
    if name in SAME:
        return Tensor(_first(a))
    if name in PAIRS:
        return tf1.called("add", a)
    return tf1.called(NAMES.get(name, name), a)
