"""The axes of what PyTorch's functions and methods of tensors return."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ..axes_of_operations import (
    LAST_TWO_TRANSPOSED,
    are_first_two,
    are_last_two,
    are_sizes,
    broadcast,
    flattened,
    halved,
    joined_along,
    matrix_product,
    of_list,
    permuted,
    place,
    reduced,
    repeated,
    reshaped,
    sizes_of,
    squeezed,
    tensor_of,
    transposed,
    transposes_first_two,
    unflattened,
    unsqueezed,
    with_origin,
)
from ..interpreter_limits import MOST_PARTS
from ..values import (
    ANY,
    INTEGER,
    NONE,
    UNKNOWN,
    Axes,
    Axis,
    Constant,
    List,
    Packed,
    Tensor,
    Tuple,
    Value,
    axis,
    last,
    size_of_axis,
    sizes_of_axes,
    times,
)
from ..word_sets import words
from .pytorch_selections import SELECTIONS, argument

Named = Mapping[str, Value]

Operation = Callable[[Sequence[Value], Named], Value]

SAME = words(
    """
    abs bfloat16 bool clamp clone contiguous cos cpu cuda detach detach_ double dropout elu exp fill_ float
    gelu half int leaky_relu log log_softmax logsigmoid long masked_fill masked_fill_ neg normalize pin_memory relu
    relu_ relu6 requires_grad_ selu sigmoid sigmoid_ silu sin softmax softplus sqrt tanh tanh_ to type type_as zero_
    Variable flip cumsum clamp_ alpha_dropout feature_dropout from_numpy rand_like randn_like zeros_like ones_like
    empty_like full_like copy_ data square clip hardtanh mish threshold to_dense roll nan_to_num
    bernoulli bernoulli_ uniform_ normal_ random_ astype copy numpy array asarray ascontiguousarray device_put
    """
)
"""Functions and methods that keep the axes of their first argument."""

MADE = words("zeros ones randn rand empty")
"""Functions whose arguments are the axes."""

CONVERSIONS = words("tensor as_tensor linspace LongTensor FloatTensor Tensor")
"""Functions that return a tensor whose axes are known only from a list, or from sizes."""

ARRAYS = words("array asarray")
"""The functions of NumPy that return an array of a list."""

RANGES = words("linspace")
"""Those of them that take numbers."""

WRAPPERS = words("from_numpy Variable")
"""Functions whose first argument is a tensor, whatever is known about it."""

REDUCTIONS = words("sum mean max min argmax argmin prod logsumexp std var any all median")
ELEMENTWISE = words("add add_ sub sub_ mul mul_ div div_ maximum minimum multiply pow true_divide")
"""Methods of two tensors, element by element."""

LOSSES = words("cross_entropy binary_cross_entropy binary_cross_entropy_with_logits kl_div")
"""Functions that are losses, beside those whose names say so."""


SHAPELESS = words("eval set_shape item numpy tolist backward type_check register_hook size_check")


def made(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.zeros(2, 3)``."""
    sizes = sizes_of([named["size"]] if "size" in named else arguments)
    if sizes is None or not are_sizes(sizes):
        return Tensor()
    return Tensor(tuple(map(axis, sizes)))


def made_of_integers(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.randint(10, (2, 3))``, with a smallest integer before the largest or without."""
    return made(arguments[-1:] if len(arguments) > 1 else (UNKNOWN,), named)


def filled(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.full((2, 3), 0)``."""
    return made(arguments[:1], named)


def counted(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.arange(start, end, step)``, which has one axis."""
    has_start = len(arguments) > 1 or (bool(arguments) and "end" in named)
    start = argument(arguments, named, 0 if has_start else len(arguments), ("start",), Constant(0))
    end = argument(arguments, named, int(has_start), ("end",), UNKNOWN)
    step = argument(arguments, named, 2, ("step",), Constant(1))
    if start == Constant(0) and step == Constant(1):
        return Tensor((axis(end),))
    bounds = [one.value for one in (start, end, step) if isinstance(one, Constant) and type(one.value) is int]
    if len(bounds) < 3 or not bounds[2]:
        return Tensor((None,))
    first, last, by = bounds
    return Tensor((max(0, -((first - last) // by)) or None,))


def concatenated(arguments: Sequence[Value], named: Named) -> Tensor:
    """``torch.cat((a, b), dim=1)``; its axis is the sum of the sizes."""
    parts = arguments[0] if arguments else named.get("tensors", UNKNOWN)
    dim = argument(arguments, named, 1, ("dim", "axis"), Constant(0))
    if not isinstance(parts, (Tuple, List)) or not parts.items:
        return Tensor()
    return joined_along([tensor_of(part).axes for part in parts.items], dim)


def stacked(arguments: Sequence[Value], named: Named) -> Tensor:
    parts = arguments[0] if arguments else UNKNOWN
    dim = argument(arguments, named, 1, ("dim", "axis"), Constant(0))
    if not isinstance(parts, (Tuple, List)) or not parts.items:
        return Tensor()
    first = tensor_of(parts.items[0]).axes
    n = place(dim, first, 1)
    if n is None or any(tensor_of(part).axes != first for part in parts.items):
        return Tensor()
    return Tensor((*first[:n], len(parts.items), *first[n:]))


def _of_items(items: Value) -> Tensor | None:
    """The array of a list of numbers, or of arrays with the same axes, which are along a new first axis."""
    return (of_list(items) or stacked([items], {})) if isinstance(items, (Tuple, List)) else None


def multiplied(arguments: Sequence[Value], named: Named) -> Tensor:
    """``torch.bmm(a, b)``."""
    a, b = (tensor_of(one).axes for one in (*arguments, UNKNOWN, UNKNOWN)[:2])
    return Tensor((a[0], a[1], b[2])) if len(a) == len(b) == 3 and ANY not in (a[0], b[0]) else Tensor((None,) * 3)


def packed(arguments: Sequence[Value], named: Named) -> Value:
    """``pack_padded_sequence(x, lengths, batch_first)``."""
    tensor = tensor_of(argument(arguments, named, 0, ("input",), UNKNOWN))
    axes = tensor.axes
    first = argument(arguments, named, 2, ("batch_first",), Constant(False))
    if not isinstance(first, Constant):
        return UNKNOWN
    if ANY in axes or len(axes) != 3:
        axes = (None, None, last(axes))
    return Packed(axes if first.value else (axes[1], axes[0], axes[2]), bool(first.value), tensor.transposed_first)


def padded(arguments: Sequence[Value], named: Named) -> Value:
    """``pad_packed_sequence(x, batch_first)``. The number of steps is that of the longest sequence."""
    sequence = argument(arguments, named, 0, ("sequence",), UNKNOWN)
    first = argument(arguments, named, 1, ("batch_first",), Constant(False))
    if not isinstance(sequence, Packed) or not isinstance(first, Constant):
        return Tuple((Tensor(), Tensor((None,))))
    if ANY in sequence.axes:
        return Tuple((Tensor(sequence.axes), Tensor((None,))))
    batch, _, *features = sequence.axes
    axes: Axes = (batch, None, *features) if first.value else (None, batch, *features)
    is_other = first.value != sequence.batch_first and len(axes) > 2
    tensor = Tensor(axes, transposed_first=(axes[1], axes[0], *features) if is_other else None)
    return Tuple((tensor, Tensor((batch,))))


def chunked(name: str, axes: Axes, arguments: Sequence[Value], named: Named) -> Value:
    """``x.chunk(chunks, dim)`` and ``x.split(size, dim)``; a list of sizes is one for each part."""
    count = argument(arguments, named, 0, ("chunks", "split_size_or_sections", "split_size"), UNKNOWN)
    n = place(argument(arguments, named, 1, ("dim",), Constant(0)), axes)
    if n is None:
        return UNKNOWN
    sizes: list[Axis] = [axis(one) for one in count.items or ()] if isinstance(count, (Tuple, List)) else []
    number, whole = axis(count), axes[n]
    if isinstance(number, int) and isinstance(whole, int):
        size = -(-whole // number) if name == "chunk" else number
        starts = range(0, whole, size)[: MOST_PARTS + 1]
        sizes = list[Axis](min(size, whole - start) for start in starts)
    elif name == "chunk" and isinstance(number, int) and number <= MOST_PARTS:
        return Tuple((Tensor((*axes[:n], None, *axes[n + 1 :])),) * number) if number > 1 else UNKNOWN
    if not sizes or len(sizes) > MOST_PARTS:
        return UNKNOWN
    return Tuple(tuple(Tensor((*axes[:n], size, *axes[n + 1 :])) for size in sizes))


def by_equation(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.einsum("bth,h->bt", x, w)``: each letter is an axis."""
    text, *operands = arguments or (UNKNOWN,)
    if len(operands) == 1 and isinstance(operands[0], (Tuple, List)) and operands[0].items:
        operands = list(operands[0].items)
    if not isinstance(text, Constant) or not isinstance(text.value, str):
        return Tensor()
    before, arrow, after = text.value.replace(" ", "").partition("->")
    inputs = before.split(",")
    if not arrow or not (before + after).replace(",", "").isalpha() or len(inputs) != len(operands):
        return Tensor()
    sizes: dict[str, Axis] = {}
    for letters, axes in zip(inputs, (tensor_of(one).axes for one in operands), strict=True):
        if ANY not in axes and len(axes) == len(letters):
            sizes |= {letter: size for letter, size in zip(letters, axes, strict=True) if size not in (None, 1)}
    return Tensor(tuple(sizes.get(letter) for letter in after))


def packed_like(arguments: Sequence[Value], named: Named) -> Value:
    """``PackedSequence(data, batch_sizes)``."""
    return with_data(Packed((None, None), batch_first=True), argument(arguments, named, 0, ("data",), UNKNOWN))


def with_data(packed: Packed, data: Value) -> Packed:
    """``packed._replace(data=data)``: the same steps of the same samples, with other numbers in each."""
    axes = tensor_of(data).axes
    samples: Axes = (None, None) if ANY in packed.axes else packed.axes[:2]
    return replace(packed, axes=axes if ANY in axes else (*samples, *axes[1:]))


def padded_list(arguments: Sequence[Value], named: Named) -> Value:
    """``pad_sequence(sequences, batch_first)``: a new axis of samples, and the steps of the longest one."""
    first = argument(arguments, named, 1, ("batch_first",), Constant(False))
    sequences = argument(arguments, named, 0, ("sequences",), UNKNOWN)
    items = sequences.items if isinstance(sequences, (Tuple, List)) else None
    shapes = {tensor_of(item).axes[1:] for item in items or () if ANY not in tensor_of(item).axes}
    if len(shapes) != 1 or not isinstance(first, Constant):
        return Tensor()
    steps: Axes = (len(items or ()), None) if first.value else (None, len(items or ()))
    return Tensor((*steps, *shapes.pop()))


def chosen(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.where(is_first, one, other)``: three arrays or numbers, element by element."""
    axes: Axes = ()
    for one in arguments:
        axes = broadcast(axes, () if isinstance(one, Constant) else tensor_of(one).axes)
    return Tensor(axes if len(arguments) == 3 else (ANY,))


def tiled(arguments: Sequence[Value], named: Named) -> Value:
    """``np.tile(x, (2, 1, 1))``."""
    counts = sizes_of([argument(arguments, named, 1, ("reps", "dims"), UNKNOWN)])
    axes = tensor_of(argument(arguments, named, 0, ("A", "input"), UNKNOWN)).axes
    missing = 0 if counts is None or ANY in axes else len(axes) - len(counts)
    return repeated("repeat", axes, counts and [*(Constant(1),) * missing, *counts])


def square(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.eye(n)``, ``np.eye(n, m)``: with one number, both axes have its size."""
    rows = axis(argument(arguments, named, 0, ("n", "N"), UNKNOWN))
    columns = argument(arguments, named, 1, ("m", "M", "num_columns"), NONE)
    return Tensor((rows, rows if columns == NONE else axis(columns)))


def repeated_items(arguments: Sequence[Value], named: Named) -> Value:
    """``np.repeat(x, 4, axis=1)``: each item along an axis, several times."""
    axes = tensor_of(argument(arguments, named, 0, ("a",), UNKNOWN)).axes
    count = argument(arguments, named, 1, ("repeats",), UNKNOWN)
    n = place(argument(arguments, named, 2, ("axis",), NONE), axes)
    return Tensor() if n is None else Tensor((*axes[:n], times(axes[n], axis(count)), *axes[n + 1 :]))


FUNCTIONS: dict[str, Operation] = {
    "eye": square,
    "repeated_items": repeated_items,
    "where": chosen,
    "tile": tiled,
    "cat": concatenated,
    "concat": concatenated,
    "concatenate": concatenated,
    "stack": stacked,
    "bmm": multiplied,
    "pack_padded_sequence": packed,
    "pad_packed_sequence": padded,
    "PackedSequence": packed_like,
    "pad_sequence": padded_list,
    "einsum": by_equation,
    "randint": made_of_integers,
    "full": filled,
    "arange": counted,
}
"""Functions of torch that are no methods, by name."""


def makes_tensor(name: str) -> bool:
    """Whether a function of torch returns a tensor, whatever is known about its arguments."""
    return name in FUNCTIONS or name in MADE or name in CONVERSIONS or name in WRAPPERS


def called(name: str, arguments: Sequence[Value], named: Named) -> Value | None:
    """What a function of torch returns; None for an unknown one."""
    if name in FUNCTIONS:
        return FUNCTIONS[name](arguments, named)
    if name in MADE:
        return made(arguments, named)
    if name.endswith("_loss") or name in LOSSES:
        return Tensor(() if "reduction" not in named else (ANY,))
    if name in CONVERSIONS:
        if name.endswith("Tensor") and arguments and all(isinstance(axis(one), int) for one in arguments):
            return made(arguments, named)
        first = arguments[0] if len(arguments) == 1 else UNKNOWN
        if isinstance(first, Tensor) and name not in RANGES:
            return first
        return _of_items(first) or Tensor()
    if name in ARRAYS and arguments and isinstance(arguments[0], (Tuple, List)):
        return _of_items(arguments[0])
    if arguments and (isinstance(arguments[0], Tensor) or name in WRAPPERS):
        return method(name, tensor_of(arguments[0]), arguments[1:], named)
    return None


def method(name: str, of: Tensor, arguments: Sequence[Value], named: Named) -> Value | None:
    """What a method of a tensor returns; None for an unknown one."""
    axes, first = of.axes, arguments[0] if arguments else named.get("dim", named.get("axis"))
    if name in ELEMENTWISE and isinstance(first, Tensor):
        return Tensor(broadcast(axes, first.axes))
    if name in SAME or name in ELEMENTWISE:
        return of if name not in ELEMENTWISE or isinstance(first, Constant) or first == INTEGER else Tensor()
    match name:
        case "size":
            if first is None:
                return sizes_of_axes(axes)
            n = place(first, axes)
            if n is None and isinstance(first, Constant) and type(first.value) is int and first.value >= 0:
                n = first.value
            return INTEGER if n is None else size_of_axis(axes, n)
        case "get_shape":
            return sizes_of_axes(axes)
        case "view" | "reshape":
            return reshaped(axes, sizes_of(arguments))
        case "permute":
            order = sizes_of(arguments)
            return with_origin(permuted(axes, order), of, order == LAST_TWO_TRANSPOSED, transposes_first_two(order))
        case "transpose" | "transpose_" | "swapaxes":
            if len(arguments) != 2:  # NumPy takes all axes
                return (
                    method("permute", of, arguments or [named["axes"]], {})
                    if arguments or "axes" in named
                    else Tensor()
                )
            places = are_last_two(arguments), are_first_two(arguments)
            return with_origin(transposed(axes, arguments[0], arguments[1]), of, *places)
        case "t":
            return Tensor(tuple(reversed(axes))) if ANY not in axes else of
        case "squeeze" | "squeeze_":
            return squeezed(axes, first)
        case "unsqueeze" | "unsqueeze_":
            return unsqueezed(axes, first or UNKNOWN)
        case "flatten":
            start = argument(arguments, named, 0, ("start_dim",), Constant(0))
            return flattened(axes, start, argument(arguments, named, 1, ("end_dim",), Constant(-1)))
        case "repeat" if "axis" in named:
            return repeated_items([of, *arguments], named)
        case "repeat" | "expand":
            return repeated(name, axes, sizes_of(arguments))
        case "chunk" | "split":
            return chunked(name, axes, arguments, named)
        case "unflatten":
            return unflattened(axes, first or UNKNOWN, argument(arguments, named, 1, ("sizes",), UNKNOWN))
        case "matmul" | "mm" | "bmm":
            other = argument(arguments, named, 0, ("other", "mat2", "tensor2"), UNKNOWN)
            return Tensor(matrix_product(axes, tensor_of(other).axes))
        case "gather":
            return Tensor(tensor_of(argument(arguments, named, 1, ("index",), UNKNOWN)).axes)
        case "unbind":
            n = place(first or Constant(0), axes)
            count = axes[n] if n is not None else None
            if n is None or not isinstance(count, int) or count > MOST_PARTS:
                return UNKNOWN
            return Tuple((Tensor((*axes[:n], *axes[n + 1 :])),) * count)
        case "new_zeros" | "new_ones" | "new_empty":
            return made(arguments, named)
        case "norm":
            dim, keep = (argument(arguments, named, n, (key,), NONE) for n, key in ((1, "dim"), (2, "keepdim")))
            return reduced(name, axes, dim, Constant(False) if keep == NONE else keep)
        case "new_full":
            return made(arguments[:1], named)
        case "expand_as" | "view_as" | "reshape_as":
            return Tensor(tensor_of(argument(arguments, named, 0, ("other",), UNKNOWN)).axes)
        case "glu":
            return halved(axes, first or Constant(-1))
        case "dim":
            return INTEGER if ANY in axes else Constant(len(axes))
    if name in SELECTIONS:
        return SELECTIONS[name](axes, arguments, named)
    if name in REDUCTIONS:
        keep = argument(arguments, named, 1, ("keepdim", "keepdims"), Constant(False))
        return reduced(name, axes, first, keep)
    return UNKNOWN if name in SHAPELESS else None
