"""Methods of PyTorch's tensors that choose some of their numbers: the axes of what they return."""

from collections.abc import Callable, Mapping, Sequence

from ..axes_of_operations import place, tensor_of
from ..values import ANY, UNKNOWN, Axes, Axis, Constant, Tensor, Tuple, Value, axis

Arguments = Sequence[Value]
Named = Mapping[str, Value]


def argument(arguments: Arguments, named: Named, n: int, names: tuple[str, ...], default: Value = UNKNOWN) -> Value:
    """An argument by its position or one of its names."""
    if n < len(arguments):
        return arguments[n]
    return next((named[name] for name in names if name in named), default)


def _with(axes: Axes, dim: Value, size: Axis) -> Tensor:
    """A tensor of which one axis has another size."""
    n = place(dim, axes)
    return Tensor() if n is None else Tensor((*axes[:n], size, *axes[n + 1 :]))


def _sorted(axes: Axes, arguments: Arguments, named: Named) -> Value:
    """The values, and where they were."""
    return Tuple((Tensor(axes), Tensor(axes)))


def _largest(axes: Axes, arguments: Arguments, named: Named) -> Value:
    found = _with(
        axes, argument(arguments, named, 1, ("dim",), Constant(-1)), axis(argument(arguments, named, 0, ("k",)))
    )
    return Tuple((found, found))


def _selected(axes: Axes, arguments: Arguments, named: Named) -> Value:
    """``x.index_select(dim, index)``."""
    index = tensor_of(argument(arguments, named, 1, ("index",))).axes
    size = index[0] if len(index) == 1 and ANY not in index else None
    return _with(axes, argument(arguments, named, 0, ("dim",)), size)


def _narrowed(axes: Axes, arguments: Arguments, named: Named) -> Value:
    length = argument(arguments, named, 2, ("length",))
    return _with(axes, argument(arguments, named, 0, ("dim",)), axis(length))


def _one_of(axes: Axes, arguments: Arguments, named: Named) -> Value:
    """``x.select(dim, index)``."""
    n = place(argument(arguments, named, 0, ("dim",)), axes)
    return Tensor() if n is None else Tensor((*axes[:n], *axes[n + 1 :]))


def _one_hot(axes: Axes, arguments: Arguments, named: Named) -> Value:
    return Tensor((*axes, axis(argument(arguments, named, 0, ("num_classes",)))))


def _unchanged(axes: Axes, arguments: Arguments, named: Named) -> Value:
    return Tensor(axes)


SELECTIONS: Mapping[str, Callable[[Axes, Arguments, Named], Value]] = {
    "sort": _sorted,
    "topk": _largest,
    "index_select": _selected,
    "narrow": _narrowed,
    "select": _one_of,
    "one_hot": _one_hot,
    **dict.fromkeys(("tril", "triu", "scatter", "scatter_", "scatter_add", "scatter_add_", "index_fill"), _unchanged),
    "argsort": _unchanged,
}
"""What methods return, by name. ``torch.sort(x)`` is one too."""
