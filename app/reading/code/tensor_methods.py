"""The axes of what PyTorch's functions and methods of tensors return."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from math import prod

from .values import (
    ANY,
    INTEGER,
    NONE,
    UNKNOWN,
    Argument,
    Axes,
    Axis,
    Constant,
    List,
    Packed,
    Tensor,
    Tuple,
    Unknown,
    Value,
    axis,
    last,
    plus,
    size,
    times,
)
from .word_sets import words

Named = Mapping[str, Value]
Operation = Callable[[Sequence[Value], Named], Value]

SAME = words(
    """
    abs bfloat16 bool clamp clone contiguous cpu cuda detach detach_ double dropout elu exp fill_ float
    gelu half int leaky_relu log log_softmax logsigmoid long masked_fill masked_fill_ neg normalize pin_memory relu
    relu_ relu6 requires_grad_ selu sigmoid sigmoid_ silu softmax softplus sqrt tanh tanh_ to type type_as zero_
    Variable flip cumsum clamp_ alpha_dropout feature_dropout from_numpy rand_like randn_like zeros_like ones_like
    empty_like full_like copy_ data square clip hardtanh mish threshold to_dense roll nan_to_num
    bernoulli bernoulli_ uniform_ normal_ random_
    """
)
"""Functions and methods that keep the axes of their first argument."""

MADE = words("zeros ones randn rand empty")
"""Functions whose arguments are the axes."""

CONVERSIONS = words("tensor as_tensor arange linspace full eye LongTensor FloatTensor Tensor")
"""Functions that return a tensor of unknown axes."""

WRAPPERS = words("from_numpy Variable")
"""Functions whose first argument is a tensor, whatever is known about it."""

REDUCTIONS = words("sum mean max min argmax argmin prod logsumexp std var any all median")
ELEMENTWISE = words("add add_ sub sub_ mul mul_ div div_ maximum minimum multiply pow true_divide")
"""Methods of two tensors, element by element."""

LOSSES = words("cross_entropy binary_cross_entropy binary_cross_entropy_with_logits kl_div")
"""Functions that are losses, beside those whose names say so."""

MOST_PARTS = 16
"""Parts into which a tensor is split."""

PAIRED = {"max", "min", "median"}
"""Reductions that return values and indices if an axis is given."""

SHAPELESS = words("eval set_shape item numpy tolist backward type_check register_hook size_check")


def tensor_of(value: Value) -> Tensor:
    """A value as a tensor: one of unknown axes unless it is known."""
    return value if isinstance(value, Tensor) else Tensor()


def broadcast(one: Axes, another: Axes) -> Axes:
    """The axes of an operation between the elements of two tensors."""
    if one == another:
        return one
    if ANY in (one[:1] + another[:1]):
        return (ANY,)
    pairs = list(zip_longest(reversed(one), reversed(another), fillvalue=1))
    return tuple(a if b in (1, a) else b if a == 1 else None for a, b in reversed(pairs))


def place(number: Value, axes: Axes, extra: int = 0) -> int | None:
    """An axis by its number, which may count from the end; None if it cannot be known."""
    if not isinstance(number, Constant) or type(number.value) is not int:
        return None
    n, count = number.value, len(axes) + extra
    if ANY in axes:
        return None
    n += count if n < 0 else 0
    return n if 0 <= n < count else None


def sizes_of(arguments: Sequence[Value]) -> list[Value] | None:
    """Sizes given one by one or as a tuple."""
    if len(arguments) == 1 and isinstance(arguments[0], (Tuple, List)):
        items = arguments[0].items
        return None if items is None else list(items)
    return list(arguments)


def are_sizes(values: list[Value]) -> bool:
    """Whether values are one size each. A single value that is unknown may be a tuple of any number of sizes."""
    kinds = (Constant, Unknown, Argument) if len(values) > 1 else (Constant,)
    return all(isinstance(value, kinds) or value == INTEGER for value in values)


def made(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.zeros(2, 3)``."""
    sizes = sizes_of([named["size"]] if "size" in named else arguments)
    if sizes is None or not are_sizes(sizes):
        return Tensor()
    return Tensor(tuple(map(axis, sizes)))


def made_of_integers(arguments: Sequence[Value], named: Named) -> Value:
    """``torch.randint(10, (2, 3))``, with a smallest integer before the largest or without."""
    return made(arguments[-1:] if len(arguments) > 1 else (UNKNOWN,), named)


def reshaped(axes: Axes, sizes: list[Value] | None) -> Tensor:
    """``x.view(...)``. One size may be -1: what is left."""
    if not sizes or not are_sizes(sizes):
        return Tensor()
    new = [axis(one) for one in sizes]
    left = [n for n, one in enumerate(sizes) if one == Constant(-1)]
    if len(left) == 1:
        new[left[0]] = _left(axes, [one for n, one in enumerate(new) if n != left[0]])
    return Tensor(tuple(new))


def _left(axes: Axes, others: list[Axis]) -> Axis:
    """The size that -1 stands for. Sizes that are equal on both sides cancel."""
    if ANY in axes:
        return None
    before = list(axes)
    for one in list(others):
        if one is not None and one in before:
            before.remove(one)
            others.remove(one)
    if not others:
        return times(*before)
    numbers = [n for n in before if isinstance(n, int)]
    divisors = [n for n in others if isinstance(n, int)]
    if len(numbers) < len(before) or len(divisors) < len(others) or prod(numbers) % prod(divisors):
        return None
    return prod(numbers) // prod(divisors)


def swapped(axes: Axes, one: Value, another: Value) -> Tensor:
    a, b = place(one, axes), place(another, axes)
    if a is None or b is None:
        return Tensor()
    new = list(axes)
    new[a], new[b] = new[b], new[a]
    return Tensor(tuple(new))


SWAPPED = [Constant(0), Constant(2), Constant(1)]
"""The order of three axes that swaps the second and the third one."""


def _are_last_two(axes: Sequence[Value]) -> bool:
    """Whether two axes are the second and the third one of a tensor with three."""
    places = [one.value for one in axes if isinstance(one, Constant) and type(one.value) is int]
    return len(places) == len(axes) and sorted(n % 3 for n in places) == [1, 2] and all(-3 < n < 3 for n in places)


def with_origin(new: Tensor, of: Tensor, is_swapped: bool) -> Tensor:
    """A tensor that notes whether it is another one with two axes swapped. Swapped twice, they are as before."""
    return replace(new, swapped=of.axes) if is_swapped and of.swapped is None else new


def permuted(axes: Axes, order: list[Value] | None) -> Tensor:
    places = [place(n, axes) for n in order or []]
    if ANY in axes or sorted(n for n in places if n is not None) != list(range(len(axes))):
        return Tensor((None,) * len(places) if places else (ANY,))
    return Tensor(tuple(axes[n] for n in places if n is not None))


def squeezed(axes: Axes, dim: Value | None) -> Tensor:
    """Without an axis of size 1. Where a size is unknown, so is the number of axes."""
    if dim is None:
        is_known = ANY not in axes and all(isinstance(n, int) for n in axes)
        return Tensor(tuple(n for n in axes if n != 1) if is_known else (ANY,))
    n = place(dim, axes)
    if n is None or not isinstance(axes[n], int):
        return Tensor()
    return Tensor(axes[:n] + axes[n + 1 :] if axes[n] == 1 else axes)


def unsqueezed(axes: Axes, dim: Value) -> Tensor:
    n = place(dim, axes, 1)
    return Tensor() if n is None else Tensor((*axes[:n], 1, *axes[n:]))


def reduced(name: str, axes: Axes, dim: Value | None, keepdim: Value) -> Value:
    """A sum or mean over an axis, or over all."""
    if dim is None or dim == NONE:
        return Tensor(())
    n = place(dim, axes)
    kept = keepdim.value if isinstance(keepdim, Constant) else None
    found = Tensor()
    if n is not None and kept is not None:
        found = Tensor((*axes[:n], *((1,) if kept else ()), *axes[n + 1 :]))
    return Tuple((found, found)) if name in PAIRED else found


def concatenated(arguments: Sequence[Value], named: Named) -> Tensor:
    """``torch.cat((a, b), dim=1)``; its axis is the sum of the sizes."""
    parts = arguments[0] if arguments else named.get("tensors", UNKNOWN)
    dim = _argument(arguments, named, 1, ("dim", "axis"), Constant(0))
    if not isinstance(parts, (Tuple, List)) or not parts.items:
        return Tensor()
    return joined_along([tensor_of(part).axes for part in parts.items], dim)


def joined_along(parts: list[Axes], dim: Value) -> Tensor:
    first = parts[0]
    if dim == Constant(-1) and all(part[-1:] != (ANY,) for part in parts) and any(ANY in part for part in parts):
        return Tensor((ANY, plus(*(part[-1] for part in parts))))
    n = place(dim, first)
    if n is None or any(ANY in part or len(part) != len(first) for part in parts):
        return Tensor()
    new: list[Axis] = []
    for number, sizes in enumerate(zip(*parts, strict=True)):
        known = [size for size in sizes if size is not None]
        new.append(plus(*sizes) if number == n else known[0] if known and len(set(known)) == 1 else None)
    return Tensor(tuple(new))


def stacked(arguments: Sequence[Value], named: Named) -> Tensor:
    parts = arguments[0] if arguments else UNKNOWN
    dim = _argument(arguments, named, 1, ("dim",), Constant(0))
    if not isinstance(parts, (Tuple, List)) or not parts.items:
        return Tensor()
    first = tensor_of(parts.items[0]).axes
    n = place(dim, first, 1)
    if n is None or any(tensor_of(part).axes != first for part in parts.items):
        return Tensor()
    return Tensor((*first[:n], len(parts.items), *first[n:]))


def multiplied(arguments: Sequence[Value], named: Named) -> Tensor:
    """``torch.bmm(a, b)``."""
    a, b = (tensor_of(one).axes for one in (*arguments, UNKNOWN, UNKNOWN)[:2])
    return Tensor((a[0], a[1], b[2])) if len(a) == len(b) == 3 and ANY not in (a[0], b[0]) else Tensor((None,) * 3)


def batch_dot(one: Axes, another: Axes, along: Value) -> Tensor:
    """A product over an axis of each, per sample: Dot, batch_dot."""
    if isinstance(along, Constant):
        along = Tuple((along, along))
    items: Sequence[Value] = (along.items if isinstance(along, (Tuple, List)) else None) or ()
    if len(items) != 2:
        return Tensor()
    a, b = place(items[0], one), place(items[1], another)
    if not a or not b:
        return Tensor()
    left = (*one[:a], *one[a + 1 :])
    found = (*left, *another[1:b], *another[b + 1 :])
    return Tensor(found if len(found) > 1 else (*found, 1))


def matrix_product(one: Axes, another: Axes) -> Axes:
    """``one @ another``."""
    if ANY in another or not another:
        return (ANY,)
    if ANY in one or not one:
        return (ANY, another[-1]) if len(another) > 1 else (ANY,)
    if len(another) == 1:
        return one[:-1]
    if len(one) == 1:
        return (*another[:-2], another[-1])
    return (*broadcast(one[:-2], another[:-2]), one[-2], another[-1])


def packed(arguments: Sequence[Value], named: Named) -> Value:
    """``pack_padded_sequence(x, lengths, batch_first)``."""
    axes = tensor_of(_argument(arguments, named, 0, ("input",), UNKNOWN)).axes
    first = _argument(arguments, named, 2, ("batch_first",), Constant(False))
    if not isinstance(first, Constant):
        return UNKNOWN
    if ANY in axes or len(axes) != 3:
        axes = (None, None, last(axes))
    return Packed(axes if first.value else (axes[1], axes[0], axes[2]), bool(first.value))


def padded(arguments: Sequence[Value], named: Named) -> Value:
    """``pad_packed_sequence(x, batch_first)``. The number of steps is that of the longest sequence."""
    sequence = _argument(arguments, named, 0, ("sequence",), UNKNOWN)
    first = _argument(arguments, named, 1, ("batch_first",), Constant(False))
    if not isinstance(sequence, Packed) or not isinstance(first, Constant):
        return Tuple((Tensor((None, None, None)), Tensor((None,))))
    batch, _, *features = sequence.axes
    return Tuple((Tensor((batch, None, *features) if first.value else (None, batch, *features)), Tensor((batch,))))


def chunked(name: str, axes: Axes, arguments: Sequence[Value], named: Named) -> Value:
    """``x.chunk(chunks, dim)`` and ``x.split(size, dim)``; a list of sizes is one for each part."""
    count = _argument(arguments, named, 0, ("chunks", "split_size_or_sections", "split_size"), UNKNOWN)
    n = place(_argument(arguments, named, 1, ("dim",), Constant(0)), axes)
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


def unflattened(axes: Axes, dim: Value, sizes: Value) -> Tensor:
    """``x.unflatten(dim, sizes)``; one size may be -1."""
    n, items = place(dim, axes), sizes.items if isinstance(sizes, (Tuple, List)) else None
    if n is None or not items:
        return Tensor()
    return Tensor((*axes[:n], *reshaped((axes[n],), list(items)).axes, *axes[n + 1 :]))


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
    data = tensor_of(_argument(arguments, named, 0, ("data",), UNKNOWN))
    return Packed((None, None, *data.axes[1:]), batch_first=True) if ANY not in data.axes else UNKNOWN


def padded_list(arguments: Sequence[Value], named: Named) -> Value:
    """``pad_sequence(sequences, batch_first)``: a new axis of samples, and the steps of the longest one."""
    first = _argument(arguments, named, 1, ("batch_first",), Constant(False))
    sequences = _argument(arguments, named, 0, ("sequences",), UNKNOWN)
    items = sequences.items if isinstance(sequences, (Tuple, List)) else None
    shapes = {tensor_of(item).axes[1:] for item in items or () if ANY not in tensor_of(item).axes}
    if len(shapes) != 1 or not isinstance(first, Constant):
        return Tensor()
    steps: Axes = (len(items or ()), None) if first.value else (None, len(items or ()))
    return Tensor((*steps, *shapes.pop()))


FUNCTIONS: dict[str, Operation] = {
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
}
"""Functions of torch that are no methods, by name."""


def _argument(arguments: Sequence[Value], named: Named, n: int, names: tuple[str, ...], default: Value) -> Value:
    """An argument by its position or one of its names."""
    if n < len(arguments):
        return arguments[n]
    return next((named[name] for name in names if name in named), default)


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
        return Tensor()
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
            n = None if first is None else place(first, axes)
            if first is not None:
                return INTEGER if n is None else size(axes[n])
            return UNKNOWN if ANY in axes else Tuple(tuple(map(size, axes)))
        case "get_shape":
            return UNKNOWN if ANY in axes else Tuple(tuple(map(size, axes)))
        case "view" | "reshape":
            return reshaped(axes, sizes_of(arguments))
        case "permute":
            order = sizes_of(arguments)
            return with_origin(permuted(axes, order), of, order == SWAPPED)
        case "transpose" | "transpose_" | "swapaxes":
            if len(arguments) != 2:
                return Tensor()
            return with_origin(swapped(axes, arguments[0], arguments[1]), of, _are_last_two(arguments))
        case "t":
            return Tensor(tuple(reversed(axes))) if ANY not in axes else of
        case "squeeze" | "squeeze_":
            return squeezed(axes, first)
        case "unsqueeze" | "unsqueeze_":
            return unsqueezed(axes, first or UNKNOWN)
        case "flatten":
            return flattened(axes, _argument(arguments, named, 0, ("start_dim",), Constant(0)), arguments[1:] or named)
        case "repeat" | "expand":
            return repeated(name, axes, sizes_of(arguments))
        case "chunk" | "split":
            return chunked(name, axes, arguments, named)
        case "unflatten":
            return unflattened(axes, first or UNKNOWN, _argument(arguments, named, 1, ("sizes",), UNKNOWN))
        case "matmul" | "mm" | "bmm":
            other = _argument(arguments, named, 0, ("other", "mat2", "tensor2"), UNKNOWN)
            return Tensor(matrix_product(axes, tensor_of(other).axes))
        case "gather":
            return Tensor(tensor_of(_argument(arguments, named, 1, ("index",), UNKNOWN)).axes)
        case "unbind":
            n = place(first or Constant(0), axes)
            count = axes[n] if n is not None else None
            if n is None or not isinstance(count, int) or count > MOST_PARTS:
                return UNKNOWN
            return Tuple((Tensor((*axes[:n], *axes[n + 1 :])),) * count)
        case "new_zeros" | "new_ones" | "new_empty":
            return made(arguments, named)
        case "norm":
            dim, keep = (_argument(arguments, named, n, (key,), NONE) for n, key in ((1, "dim"), (2, "keepdim")))
            return reduced(name, axes, dim, Constant(False) if keep == NONE else keep)
        case "new_full":
            return made(arguments[:1], named)
        case "expand_as" | "view_as" | "reshape_as":
            return Tensor(tensor_of(_argument(arguments, named, 0, ("other",), UNKNOWN)).axes)
        case "glu":
            return halved(axes, first or Constant(-1))
        case "dim":
            return INTEGER if ANY in axes else Constant(len(axes))
    if name in REDUCTIONS:
        keep = _argument(arguments, named, 1, ("keepdim", "keepdims"), Constant(False))
        return reduced(name, axes, first, keep)
    return UNKNOWN if name in SHAPELESS else None


def flattened(axes: Axes, start: Value, others: object) -> Tensor:
    n = place(start, axes)
    if n is None or others:
        return Tensor()
    return Tensor((*axes[:n], times(*axes[n:])))


def halved(axes: Axes, dim: Value) -> Tensor:
    """The gated linear unit: one half of an axis times the sigmoid of the other."""
    n = place(dim, axes)
    if n is None:
        return Tensor()
    size = axes[n]
    return Tensor((*axes[:n], size // 2 if isinstance(size, int) and size % 2 == 0 else None, *axes[n + 1 :]))


def repeated(name: str, axes: Axes, counts: list[Value] | None) -> Tensor:
    if counts is None or len(counts) != len(axes) or ANY in axes:
        return Tensor()
    if name == "repeat":
        return Tensor(tuple(times(one, axis(count)) for one, count in zip(axes, counts, strict=True)))
    same = (Constant(-1),)
    return Tensor(tuple(one if count in same else axis(count) for one, count in zip(axes, counts, strict=True)))


def is_tensor(value: Value) -> bool:
    """Whether a value is a tensor, or has one among its items."""
    if isinstance(value, (Tuple, List)):
        return any(map(is_tensor, value.items or ()))
    return isinstance(value, (Tensor, Packed))
