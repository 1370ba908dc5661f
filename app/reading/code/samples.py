"""Whether the samples along the first axis of a tensor are still those of the model's input, after operations that make
other axes of them."""

from collections.abc import Callable, Mapping, Sequence
from math import prod

from .axes_of_operations import are_first_two, place, sizes_of, tensor_of, transposes_first_two
from .values import ANY, UNKNOWN, Argument, Axes, Constant, Layer, List, Packed, Tensor, Tuple, Unknown, Value, axis

PAD = "pad_packed_sequence"
"""The function that returns the samples of a packed sequence in an order that it is told."""


class Samples(frozenset[Layer]):
    """What is known about the samples of a tensor. Among the origins of operands it is one that adds no layers."""


SAME = Samples()
"""They are those of the input, whatever the tensor is computed from."""

MOVED = Samples()
"""They are those of the input, but along another axis."""

SECOND = Samples()
"""They are those of the input, but along the second axis."""

OTHERS = Samples()
"""They may be others, such as the steps of all samples."""


Rule = Callable[[Tensor, Sequence[Value], Mapping[str, Value]], Samples | None]
"""The samples of what an operation returns, from the tensor, the other arguments and the named ones; None for those of
the tensor."""


def _reshaped(of: Tensor, arguments: Sequence[Value], named: Mapping[str, Value]) -> Samples | None:
    """``x.view(...)``: the first size says it."""
    given = arguments or [named.get("shape", named.get("newshape", UNKNOWN))]
    first, *others = sizes_of(given) or [UNKNOWN]
    match first:
        case Unknown(axis=0):
            return SAME
        case Argument(name) if "batch" in name.lower():
            return SAME
        case Constant(-1) if _is_left(of.axes, others):
            return None
    is_first = of.axes[:1] == (axis(first),) and of.axes[0] is not None
    return None if is_first or _splits_first(of.axes, [first, *others]) else OTHERS


def _reshaped_in_tensorflow(of: Tensor, arguments: Sequence[Value], named: Mapping[str, Value]) -> Samples | None:
    """``tf.reshape(x, ...)``. The only sample has no axis afterwards, if another one comes first."""
    first, *_ = sizes_of(arguments or [named.get("shape", UNKNOWN)]) or [UNKNOWN]
    is_only = of.axes[:1] == (1,) and None in of.axes[1:]
    return OTHERS if is_only and first == Constant(-1) else _reshaped(of, arguments, named)


def _splits_first(axes: Axes, sizes: Sequence[Value]) -> bool:
    """Whether only the first axis becomes several, as that of the states of all layers and directions."""
    if ANY in axes or not 1 < len(axes) < len(sizes):
        return False
    parts = [axis(one) for one in sizes[: 1 - len(axes)]]
    numbers = [size for size in parts if isinstance(size, int)]
    return len(numbers) == len(parts) and prod(numbers) == axes[0]


def _is_left(axes: Axes, others: Sequence[Value]) -> bool:
    """Whether the only unknown axis is left if the others have these sizes."""
    sizes = [axis(one) for one in others]
    numbers, known = ([size for size in of if isinstance(size, int)] for of in (sizes, axes))
    is_certain = ANY not in axes and len(numbers) == len(sizes) and len(known) == len(axes) - 1
    return is_certain and prod(numbers) == prod(known)


def _number(value: Value) -> int | None:
    return value.value if isinstance(value, Constant) and type(value.value) is int else None


def _along(n: int, *names: str, default: int | None = None) -> Rule:
    """An operation along an axis, which is the argument number ``n``: along the first one, the samples are others."""

    def rule(of: Tensor, arguments: Sequence[Value], named: Mapping[str, Value]) -> Samples | None:
        missing: Value = Constant(default)
        value = arguments[n] if n < len(arguments) else next((named[one] for one in names if one in named), missing)
        if isinstance(value, (Tuple, List)):
            return OTHERS if any(_number(one) == 0 for one in value.items or ()) else None
        return OTHERS if _number(value) == 0 or (place(value, of.axes) == 0 and ANY not in of.axes) else None

    return rule


def _transposed(of: Tensor, arguments: Sequence[Value], named: Mapping[str, Value]) -> Samples | None:
    """``x.transpose(0, 1)``."""
    axes = [*arguments, *(named[name] for name in ("dim0", "dim1", "axis0", "axis1") if name in named)]
    return MOVED if any(_number(one) == 0 or place(one, of.axes) == 0 for one in axes) else None


def _permuted(of: Tensor, arguments: Sequence[Value], named: Mapping[str, Value]) -> Samples | None:
    """``x.permute(1, 0, 2)``, ``tf.transpose(x, [1, 0, 2])``, and ``x.transpose(0, 1)`` of PyTorch."""
    given = arguments or [named[name] for name in ("dims", "perm", "axes", "pattern") if name in named]
    if len(given) == 2 or not given:
        return _transposed(of, given, named) if given or named else MOVED
    first, *_ = sizes_of(given) or [UNKNOWN]
    return None if _number(first) == 0 else MOVED


def _repeated(of: Tensor, arguments: Sequence[Value], named: Mapping[str, Value]) -> Samples | None:
    """``x.repeat(2, 1)``, ``x.expand(-1, 5)``."""
    first, *_ = sizes_of(arguments or list(named.values())[:1]) or [UNKNOWN]
    if isinstance(first, Unknown) and first.axis == 0:
        return SAME
    return None if _number(first) in (1, -1) else OTHERS


def _regrouped(of: Tensor, arguments: Sequence[Value], named: Mapping[str, Value]) -> Samples | None:
    return OTHERS


def _rearranged(of: Tensor, arguments: Sequence[Value], named: Mapping[str, Value]) -> Samples | None:
    """``rearrange(x, "b t c -> (b t) c")``."""
    pattern = arguments[0] if arguments else named.get("pattern", UNKNOWN)
    text = pattern.value if isinstance(pattern, Constant) and isinstance(pattern.value, str) else ""
    before, _, after = (part.strip() for part in text.partition("->"))
    first = before.partition(" ")[0]
    if first and "(" not in first and first == after.partition(" ")[0]:
        return None
    return MOVED if text and "(" not in text else OTHERS


RULES: Mapping[str, Rule] = {
    **dict.fromkeys(("view", "reshape"), _reshaped),
    **dict.fromkeys(("rearrange", "reduce"), _rearranged),
    **dict.fromkeys(("permute", "permute_dimensions", "transpose", "transpose_", "t"), _permuted),
    **dict.fromkeys(("swapaxes", "swapdims", "swapaxes_"), _transposed),
    **dict.fromkeys(("repeat", "expand", "tile"), _repeated),
    **dict.fromkeys(("repeat_interleave", "repeat_elements", "unfold", "masked_select", "boolean_mask"), _regrouped),
    "arange": _regrouped,
    "flatten": _along(0, "start_dim", default=0),
    **dict.fromkeys(("unsqueeze", "unsqueeze_", "expand_dims"), _along(0, "dim", "axis")),
    **dict.fromkeys(("stack", "pack", "cat", "concatenate", "vstack"), _along(0, "dim", "axis", default=0)),
    **dict.fromkeys(("concat", "concat_v2"), _along(0, "dim", "axis", default=0)),
    **dict.fromkeys(("chunk", "split", "index_select"), _along(1, "dim", "axis", default=0)),
    **dict.fromkeys(
        ("sum", "mean", "max", "min", "prod", "logsumexp", "median", "reduce_sum", "reduce_mean", "reduce_max"),
        _along(0, "dim", "axis", "reduction_indices"),
    ),
}
"""By name, the operations of any framework after which the samples may be others."""

OF_TENSORFLOW: Mapping[str, Rule] = {
    **RULES,
    "reshape": _reshaped_in_tensorflow,
    "squeeze": _along(0, "axis", "squeeze_dims"),
}
"""The same for functions of TensorFlow. In PyTorch the first axis may be that of the layers that states are of."""

OF_KERAS: Mapping[str, Rule] = {**OF_TENSORFLOW, "concatenate": _along(0, "axis", default=-1)}
"""The same for functions of Keras."""


def samples_after(
    path: str, of: Value, arguments: Sequence[Value], named: Mapping[str, Value], before: Samples
) -> Samples | None:
    """The samples of what an operation returns, from its name, after that of its module if it is a function; None for
    those of what it is computed from. ``before``: those of the first of that."""
    module, _, name = path.rpartition(".")
    if name == PAD:
        return _padded(of, arguments, named, before)
    modules = module.split(".")
    rules = OF_KERAS if "keras" in modules else OF_TENSORFLOW if modules[0] == "tensorflow" else RULES
    if name not in rules:
        return None
    found = rules[name](tensor_of(of), arguments, named)
    if found is MOVED and (before is SAME or before is SECOND) and _swaps_first_two(arguments, named):
        return _swapped(before, isinstance(of, Tensor) and of.transposed_first is not None)
    return found


def _padded(of: Value, arguments: Sequence[Value], named: Mapping[str, Value], before: Samples) -> Samples | None:
    """The samples of a packed sequence that is padded, in the order in which it was packed or in the other one."""
    first = arguments[0] if arguments else named.get("batch_first", Constant(False))
    if not isinstance(of, Packed) or not isinstance(first, Constant) or first.value == of.batch_first:
        return None
    return _swapped(before, before is SECOND)


def _swaps_first_two(arguments: Sequence[Value], named: Mapping[str, Value]) -> bool:
    """Whether an operation transposes exactly the first two axes."""
    given = [*arguments, *named.values()]
    return are_first_two(given) if len(given) == 2 else transposes_first_two(sizes_of(given))


def _swapped(before: Samples, is_back: bool) -> Samples:
    """The samples after the first two axes are transposed. ``is_back``: whether that undoes the same."""
    return SECOND if before is SAME else SAME if before is SECOND and is_back else MOVED


def are_moved(samples: Samples) -> bool:
    """Whether samples are along another axis than those of the input."""
    return samples is MOVED or samples is SECOND
