"""The signs of typed cells: operations with a number or a weight, outer products, reductions, and folded lines."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate
from math import e, pi
from typing import TYPE_CHECKING, NamedTuple

from ..core.axes import SIZES, Axis, OwnSize
from ..core.program import Program, Tensor
from ..core.symbols import NamedNumber
from ..size_expressions import minimum
from .elements import Box, Ellipse, Label, Mark, Polygon, Polyline, Shape, Text
from .graph import Operation
from .matrix_axes import drawn_axes
from .names_as_letters import letters
from .text_lines import count
from .text_metrics import LEADING, SYMBOL, symbol_size, word_width
from .theme import axis_role

if TYPE_CHECKING:
    from .drawing import Drawing

SQUARE = 30.0
"""The side of the square of an outer product."""

TRAPEZOID = 46.0, 30.0
"""The least lower width of a reduction, and its height."""

SLOPE = 9.0
"""How much narrower a reduction is at its top, on each side."""

WEIGHT = 46.0, 38.0
"""The width and the height of an operation with a weight."""

LINE = 84.0, 42.0
"""The width and the height of a folded line."""

LINE_OF_WEIGHTS, BESIDE_WEIGHTS, HEIGHT_OF_WEIGHT, MOST_WEIGHTS = 136.0, 46.0, 15.0, 4
"""The width of a folded line with weights, how much of it the symbol beside them has, the height of each weight, and
how many of them are written."""

PAD = 12.0
"""The room beside the word of a pink sign, on both sides together."""

WIDEST_WORD = 84.0


@lru_cache(2048)
def word_of(program: Program, tensor: str) -> str:
    """What an operation does, with its number: ``+``, ``1 −``, ``× 0.95``, ``/ √(K)``."""
    t = program.by_id[tensor]
    sign = SIGNS.get(t.op, t.operation.sign or t.op)
    constants = [id for id in t.inputs if program.by_id[id].role == "constant"]
    numbers = [(place, _written(number)) for place, number in t.numbers]
    if t.operation.kind == "contraction":  # with a matrix of ones: another name of the axis
        return f"→ {t.axes[-1]}"
    if t.operation.kind != "pointwise" or t.op == "complement" or not (numbers or constants):
        return sign
    of_constant = [(t.inputs.index(id), program.by_id[id].symbol) for id in constants]
    place, other = (*numbers, *of_constant)[0]
    return f"{other} {sign}" if place == 0 and sign not in "×+" else f"{sign} {other}"


def _with_indices(t: Tensor, word: str) -> list[tuple[str, str]]:
    """The parts of a word, each with the index behind it: × (1 − a with 1, and the bracket, for × (1 − a_1)."""
    parts, rest = list[tuple[str, str]](), word
    names = (name for _, number in t.numbers if isinstance(number, NamedNumber)
             for name in re.findall(r"[A-Za-z]\w*", number.name))  # fmt: skip
    for letter, index in map(letters, names):
        before, found, after = rest.partition(letter + index)
        if index and found:
            parts.append((before + letter, index))
            rest = after
    return [*parts, (rest, "")] if rest or not parts else parts


SIGNS = {"div": "÷", "negative": "× −1"}
"""Signs that say more than those of the operations."""


def _written(number: float) -> str:
    """A number, or its name: β, (1 − β), e. A name that is too long is the number."""
    if number in OF_MATHEMATICS:
        return OF_MATHEMATICS[number]
    if isinstance(number, NamedNumber) and len(word := _in_letters(number.name)) <= LONGEST_FORMULA:
        return word
    return f"{number:g}".replace("e-0", "e-").replace("e+0", "e").replace("-", "−")


def _in_letters(formula: str) -> str:
    """A formula of names of numbers, with their letters."""
    word = re.sub(r"[A-Za-z]\w*", lambda match: "".join(letters(match[0])), formula)
    return word if formula.isidentifier() else f"({word.replace('**', '^').replace('*', '·').replace('-', '−')})"


OF_MATHEMATICS = {e: "e", pi: "π"}

LONGEST_FORMULA = 9
"""The characters of the longest name or formula of a number in a sign."""


@lru_cache(2048)
def width_of(program: Program, tensor: str) -> float:
    """The width of a pink sign with its word."""
    word = word_of(program, tensor)
    if word in Mark.SIGNS:
        return 24.0
    return max(24.0, min(WIDEST_WORD, word_width(word, 13) + PAD))


def is_number_of_weight(program: Program, t: Tensor) -> bool:
    """Whether a tensor is a weight that is one number: its sum over its only axis."""
    return t.op == "sum" and not t.axes and program.by_id[t.inputs[0]].role == "weight"


def weights_in(program: Program, t: Tensor) -> tuple[str, ...]:
    """The weights that an operation reads, also those that are one number."""
    sources = ((i, program.by_id[i]) for i in t.inputs)
    return tuple(
        one.inputs[0] if is_number_of_weight(program, one) else id
        for id, one in sources
        if one.role == "weight" or is_number_of_weight(program, one)
    )


def numbers_in(program: Program, t: Tensor) -> tuple[str, ...]:
    """The sums of weights that are one number, among the inputs of an operation."""
    return tuple(id for id in t.inputs if is_number_of_weight(program, program.by_id[id]))


def weights_of_line(program: Program, also: Sequence[str]) -> list[str]:
    """The weights that a folded line writes, only some of many: its kernels, or its vectors if it has none."""
    weights = [id for id in also if program.by_id[id].role == "weight"]
    kernels = [id for id in weights if len(program.by_id[id].axes) > 1]
    return (kernels or weights)[:MOST_WEIGHTS]


def drawn_sign(d: "Drawing", o: Operation) -> Iterator[Shape]:
    """The shapes of an operation."""
    match o.form:
        case "weight":
            return _weight(d, o)
        case "outer":
            return _outer(d, o)
        case "reduction":
            return _reduction(d, o)
        case "choice":
            return _choice(d, o)
        case "line":
            return _line(d, o)
        case _:
            return _pointwise(d, o)


def _pointwise(d: "Drawing", o: Operation) -> Iterator[Shape]:
    tensor, word = o.node.tensor, word_of(d.program, o.node.tensor)
    yield Ellipse("pointwise", o.x, o.y, o.width / 2, o.height / 2, tensor=tensor, t=d.t, node=o.node)
    if word in Mark.SIGNS:
        yield Mark(word, o.x, o.y, 5.0 if word == "+" else 4.0, node=o.node)
    else:
        size = min(13.0, (o.width - 0.75 * PAD) / word_width(word, 1))
        x = o.x - word_width(word, size) / 2
        for part, index in _with_indices(d.tensor(tensor), word):
            half = word_width(part + index, size) / 2
            yield Text(x + half, o.y, part, size, sub=index, node=o.node)
            x += 2 * half


def _weight(d: "Drawing", o: Operation) -> Iterator[Shape]:
    """A yellow box: the sign and the symbols of the weights, and the shape of the first one."""
    tensor = d.tensor(o.node.tensor)
    weights = weights_in(d.program, tensor)
    also = (*weights, *numbers_in(d.program, tensor))
    yield Box("layer", o.left, o.top, o.width, o.height, 4, tensor=tensor.id, also=also, t=d.t, node=o.node)
    words = _weight_words(d.program, tensor)
    size = min(14.0, symbol_size("".join(map("".join, words)), 14, o.width - 4))
    x = o.x - SYMBOL * size * sum(len(word + index) for word, index in words) / 2
    for word, index in words:
        half = SYMBOL * size * len(word + index) / 2
        yield Text(x + half, o.top + 12, word.strip(), size, font="serif", italic=True, sub=index, node=o.node)
        x += 2 * half
    lines, small = d.fitted(d.axes(weights[0]), o.width - 5)
    yield Label(o.x, o.top + 27, lines, min(small, (o.height - 22) / (1.2 * len(lines))), node=o.node)


def _weight_words(program: Program, t: Tensor) -> list[tuple[str, str]]:
    """What an operation does with weights: words with their indices. The sign is before or after the letter of a
    weight, or between those of two."""
    (word, index), *others = [letters(program.by_id[weight].symbol) for weight in weights_in(program, t)]
    sign = t.operation.sign if t.op == "negative" else SIGNS.get(t.op, t.operation.sign)
    if t.op == "transpose":
        return [(word, index), (sign, "")]
    if others:
        return [(word, index), *((f" {sign} {other}", own) for other, own in others)]
    before, after = f"{sign} ", ""
    if t.numbers and len(t.inputs) == 1:  # with a number, and with no other tensor
        place, number = t.numbers[0]
        written = _written(number)
        before, after = (f"{written} {sign} ", "") if place == 0 else ("", f" {sign} {written}")
    elif t.operation.kind == "pointwise" and t.op not in ("negative", "complement"):
        first = (*program.weights_of(t), *numbers_in(program, t))
        is_after = t.inputs[0] in first and sign not in "×+"
        before, after = ("", f" {sign}") if is_after else (before, "")
    return [(before + word, index), (after, "")] if index and after else [(before + word + after, index)]


@lru_cache(2048)
def weight_width(program: Program, tensor: str) -> float:
    """The width of an operation with weights."""
    t = program.by_id[tensor]
    words = "".join(map("".join, _weight_words(program, t)))
    rank = len(program.by_id[weights_in(program, t)[0]].axes)
    return min(80.0, max(WEIGHT[0], 8.6 * len(words) + 6, 16.0 + 24 * rank))


def _outer(d: "Drawing", o: Operation) -> Iterator[Shape]:
    """A square: a bar for each of the two axes that meet, and × between them."""
    tensor = o.node.tensor
    yield Box("pointwise", o.left, o.top, o.width, o.height, 5, tensor=tensor, t=d.t, node=o.node)
    first, second = (axis_role(a.names[0], d.sizes) for a in drawn_axes(d.program, d.axes(tensor))[-2:])
    yield Polyline(first, ((o.left + 6, o.top + 9), (o.left + 6, o.bottom - 6)), 3.0, node=o.node)
    yield Polyline(second, ((o.left + 9, o.top + 6), (o.right - 6, o.top + 6)), 3.0, node=o.node)
    yield Mark("×", o.x + 2, o.y + 2, 4.5, node=o.node)


def _reduction(d: "Drawing", o: Operation) -> Iterator[Shape]:
    """A trapezoid that is wide where its inputs come in, with its word and the axes that vanish."""
    t = d.tensor(o.node.tensor)
    low, high = o.width, o.width - 2 * SLOPE
    corners = (o.x - low / 2, o.bottom), (o.x - high / 2, o.top), (o.x + high / 2, o.top), (o.x + low / 2, o.bottom)
    yield Polygon("pointwise", corners, tensor=t.id, t=d.t, node=o.node)
    word, size = _reduction_word(d.program, t)
    joined = [] if is_only_number(d.program, t) else joined_axes(d.program, t)
    axes = ",".join(d.lettering.notation.letter(a.names[0], d.sizes) for a in joined)[:LONGEST_AXES]
    role = next((axis_role(a.names[0], d.sizes) for a in joined), "ink")
    wide, named = word_width(word, size), word_width(axes, AXES_SIZE)
    x = o.x - (wide + named) / 2
    yield Text(x, o.y + 2, word, size, anchor="start", node=o.node)
    if axes:
        yield Text(x + wide + 1.5, o.y + 6, axes, AXES_SIZE, role, "mono", "start", node=o.node)


AXES_SIZE, LONGEST_AXES = 11.0, 6
"""The size of the names of axes in a reduction, and the characters that are written of them."""


def is_only_number(program: Program, t: Tensor) -> bool:
    """Whether a reduction is along an axis that is always one number long, as its parts are after split(a, 1, 1)."""
    sizes = [program.cell.own_sizes.get(axis.names[0]) for axis in joined_axes(program, t)]
    return bool(sizes) and len(t.inputs) == 1 and all(size == OwnSize(((1, ""),)) for size in sizes)


def _reduction_word(program: Program, t: Tensor) -> tuple[str, float]:
    """The word of a reduction, and its size."""
    if is_only_number(program, t):
        return "[0]", 11.0
    word = "Σ" if t.operation.kind == "contraction" else t.operation.sign
    return word, 15.0 if len(word) == 1 else 11.0


@lru_cache(2048)
def reduction_width(program: Program, tensor: str) -> float:
    """The lower width of a reduction, with room for its word and its axes."""
    t = program.by_id[tensor]
    axes = ",".join(a.names[0] if a.names[0] not in SIZES else "U" for a in joined_axes(program, t))[:LONGEST_AXES]
    word, size = _reduction_word(program, t)
    axes = "" if is_only_number(program, t) else axes
    return max(TRAPEZOID[0], word_width(word, size) + word_width(axes, AXES_SIZE) + 2 * SLOPE)


def joined_axes(program: Program, t: Tensor) -> list[Axis]:
    """The axes that a reduction or a product of two tensors removes."""
    inputs = dict.fromkeys(a for id in t.inputs for a in program.by_id[id].axes)
    joined = [a for a in inputs if a not in t.axes]
    if not joined and t.operation.kind == "contraction":  # with a matrix whose other axis has the same name
        return [program.by_id[t.inputs[0]].axes[-1]]
    return joined


class Slot(NamedTuple):
    """A place in a choice: for the condition (?), the number where it is true (1) or that elsewhere (0). A number or a
    weight is written there; a ``tensor`` arrives from below. ``x`` is its middle, from that of the choice."""

    words: str
    tensor: str
    x: float
    width: float


def slots(program: Program, tensor: str) -> list[Slot]:
    """The places in a choice, from left to right. A tensor that is for two of them arrives once, at both: ``1, 0``."""
    t = program.by_id[tensor]
    inputs, numbers = iter(t.inputs), dict(t.numbers)
    found: list[tuple[str, str]] = []
    for place, name in enumerate("?10"):
        written = _written(numbers[place]) if place in numbers else ""
        id = "" if written else next(inputs)
        if id and is_number_of_weight(program, program.by_id[id]):
            written, id = "".join(letters(program.by_id[program.by_id[id].inputs[0]].symbol)), ""
        elif id and program.by_id[id].role in ("weight", "constant"):
            written, id = "".join(letters(program.by_id[id].symbol)), ""
        before = next((n for n, (_, other) in enumerate(found) if id and other == id), None)
        if before is not None:
            found[before] = f"{found[before][0]}, {name}", id
            continue
        found.append((f"{name}: {written}" if written else name, id))
    widths = [max(SLOT, word_width(words, SLOT_SIZE) + 0.75 * PAD) for words, _ in found]
    ends = [*accumulate(widths)]
    return [
        Slot(words, id, end - width / 2 - ends[-1] / 2, width)
        for (words, id), width, end in zip(found, widths, ends, strict=True)
    ]


SLOT, SLOT_SIZE = 21.0, 12.0
"""The least width of a place in a choice, and the size of its words."""


@lru_cache(2048)
def choice_width(program: Program, tensor: str) -> float:
    """The width of a choice."""
    return sum(slot.width for slot in slots(program, tensor))


def _choice(d: "Drawing", o: Operation) -> Iterator[Shape]:
    """A box with a place for the condition and one for each of the two numbers."""
    tensor = d.tensor(o.node.tensor)
    also = (*weights_in(d.program, tensor), *numbers_in(d.program, tensor))
    yield Box("pointwise", o.left, o.top, o.width, o.height, 5, tensor=tensor.id, also=also, t=d.t, node=o.node)
    for slot in slots(d.program, tensor.id):
        yield Text(o.x + slot.x, o.y, slot.words, SLOT_SIZE, node=o.node)


def _line(d: "Drawing", o: Operation) -> Iterator[Shape]:
    """A line of the text as one box, with the symbol of what it computes and the shapes of its weights."""
    t = d.tensor(o.node.tensor)
    weights = weights_of_line(d.program, o.also)
    yield Box("layer" if weights else "pointwise", o.left, o.top, o.width, o.height, 8, tensor=t.id, t=d.t, node=o.node)
    beside = BESIDE_WEIGHTS if weights else o.width
    letter, index = letters(t.id)
    size = symbol_size(letter + index, 15, beside - 8)
    yield Text(o.left + beside / 2, o.y, letter, size, font="serif", italic=True, sub=index, node=o.node)
    if weights:
        room = o.width - beside - 5
        lines, small = d.named_weights(weights, room)
        small = minimum(small, (o.height - 6) / (LEADING * count(lines)))
        yield Label(o.left + beside + room / 2, o.y, lines, small, node=o.node)
