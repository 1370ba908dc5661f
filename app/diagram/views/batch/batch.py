"""The batch: blocks of input below, the one cell over time, blocks of output above, a sheet for each sequence.

After the figure in an answer to the question behind the project (https://stackoverflow.com/a/53760729). What that
answer calls batches are the sequences of one batch: a step reads one row of each at once.
"""

from collections.abc import Sequence
from dataclasses import replace

from ....translations.phrases import phrase, plural
from ...arrowheads import axis_arrow
from ...drawing import Drawing
from ...folding import DOTS, Fold, Slot
from ...graph import Node, Port
from ...scene import Scene
from ...shape_labels import axis_spans, samples, steps
from ...shapes import Border, Box, Label, Picture, Point, Text
from ...text_metrics import symbol_size
from ...type_sizes import BATCH
from ...wires import Wire
from .columns import BatchColumns, WeightBox

WORDS, SYMBOL = 12.5, 15.0  # size of type
AROUND = 6.0  # from the last output to its border
LONGEST = 350.0  # of the words about the samples
BRANCH = 8.0  # from the left side of a cell to the point where its weights enter


def batch(scene: Scene) -> Picture:
    """Draw the batch, with step ``t`` in focus. If a sequence is followed, the others are faint."""
    columns = BatchColumns(scene)
    _weights(columns)
    for n, slot in enumerate(columns.slots):
        _column(columns, slot, columns.cell_left(n))
    for n in range(len(columns.slots) + 1):
        _states(columns, n)
    _axes(columns)
    _samples(columns)
    columns.margin.draw(columns.d)
    title = phrase(
        "{cell}: {samples} side by side over {steps}, step {t:,} in focus",
        cell=scene.program.cell.title,
        samples=samples(scene.sizes["batch_size"]),
        steps=steps(scene.sizes["time_step"]),
        t=scene.t,
    )
    if scene.sample is not None:
        title = phrase("{picture}, sample {n:,} followed", picture=title, n=scene.sample)
    return Picture(columns.width, columns.height, tuple(columns.d.shapes), title)


# the columns


def _column(b: BatchColumns, slot: Slot, left: float) -> None:
    """One step, or a fold: the cell, its input and its output."""
    d, x = b.d.at(b.order((slot.first + slot.last) // 2)), left + b.cell / 2
    focused = d.t == b.d.t and not isinstance(slot, Fold)
    d.add(Box("cell" if focused else "slab", left, b.cell_top, b.cell, b.cell_height, 10, t=d.t))
    words = phrase("same cell, step {t:,}", t=d.t)
    if isinstance(slot, Fold):
        words = slot.words
    role = "ink" if focused else "muted"
    d.add(Text(x, b.cell_top + b.cell_height / 2, words, WORDS, role, angle=90))
    if isinstance(slot, Fold):
        for y in (b.output_bottom - 20, b.input_top + 20):
            d.add(Text(x, y, DOTS, 18, "muted"))
        return
    _input(b, d, x)
    _output(b, d, x)
    if focused:
        d.add(Text(x, b.cell_top + 15, phrase("here"), BATCH.beside))
        d.label("x", x, (b.bus + b.input_top) / 2 + 4, "right", room=b.pitch - 24)
        d.label(b.output, x, (b.cell_top + b.output_bottom) / 2, "right", room=b.pitch - 24)


def _input(b: BatchColumns, d: Drawing, x: float) -> None:
    """The blocks of x, and the wire from all of them into the cell."""
    d.wire("x", d.port("vector", "x", x, b.input_top), d.port("entry", "x", x, b.cell_bottom))
    b.stack(d, "x", x, b.input_bottom, b.block, also=("X",))
    _symbol(d, "x", x - b.depth.across / 2, b.input_bottom + 14)


def _output(b: BatchColumns, d: Drawing, x: float) -> None:
    """The wire out of the cell, and the blocks of h. Those of the last step, which are usually used, have a border."""
    last = d.t == b.order(b.last)
    stack = d.port("vector", b.output, x, b.output_bottom + (AROUND if last else 0))
    d.wire(b.output, d.port("exit", b.output, x, b.cell_top), stack)
    also = ("Y", f"{b.output}_T") if last else ("Y",)
    front = b.stack(d, b.output, x, b.output_bottom, b.block, also)
    top, middle = front.y - b.depth.up, x + b.depth.across / 2
    _symbol(d, b.output, middle, top - 18)
    if last:
        width, height = front.width + b.depth.across, front.height + b.depth.up
        around = Border(front.x - AROUND, top - AROUND, width + 2 * AROUND, height + 2 * AROUND)
        d.add(replace(around, tensor=f"{b.output}_T", also=(b.output,), t=d.t))
        d.add(Text(middle, top - 38, d.naming.last, BATCH.beside))


def _symbol(d: Drawing, tensor: str, x: float, y: float) -> None:
    d.add(Text(x, y, tensor, SYMBOL, font="serif", italic=True, sub=str(d.t)))


# the states between steps


def _states(b: BatchColumns, n: int) -> None:
    """The states in the n-th gap between steps: up to the focused step as the inputs of the next step, after it as the
    results of the previous one."""
    is_input = n < len(b.slots) and b.slots[n].first <= b.order(b.d.t)
    k = b.slots[n].first if is_input else b.slots[n - 1].last
    d = b.d.at(b.order(k))
    middle = b.left + (len(b.slots) - n if b.order.is_reversed else n) * b.pitch + b.gap / 2
    for state in b.states:
        also = (f"{state}_T",) if not is_input and k == b.last else ()
        source, target = Node("outside", f"{state}_prev"), Node("outside", state)
        if n > 0:
            source = Node("exit", state, b.order(b.slots[n - 1].last))
        if n < len(b.slots):
            target = Node("entry", f"{state}_prev", b.order(b.slots[n].first))
        _state(b, d, f"{state}_prev" if is_input else state, (source, target), middle, b.rows[state], also)
        name = Text(middle, b.rows[state] + 13, state, WORDS, "muted", font="serif", italic=True)
        if n == 0:
            d.add(replace(name, text=f"{state} = 0"))
        if n == len(b.slots):
            d.add(replace(name, sub="T"))


def _state(
    b: BatchColumns, d: Drawing, tensor: str, nodes: tuple[Node, Node], x: float, bottom: float, also: tuple[str, ...]
) -> None:
    """The sheets of a state on their wire, narrower than others, because a state belongs to one step."""
    top = bottom - b.extent(tensor) - b.depth.up
    half = -b.gap / 2 if b.order.is_reversed else b.gap / 2
    source, target = (Port(node, at, (top + bottom) / 2) for node, at in zip(nodes, (x - half, x + half), strict=True))
    d.wire(tensor, source, target, head=True, also=also)
    b.stack(d, tensor, x, bottom, max(8.0, 0.2 * b.gap), also)
    if d.t == b.d.t:  # there is less room than beside the other wires
        close = d.head_half(tensor)  # closer to the stack than a label is to a wire
        replace(d, lettering=b.letters).label(tensor, x, top + close, "above", room=b.gap - 5)


# the weights


def _weights(b: BatchColumns) -> None:
    """One set of boxes, with thin lines to every cell. Nothing for a cell without weights."""
    if not b.weight_boxes:
        return
    words = phrase("same weights"), phrase("for every step"), phrase("and every sample")
    if b.format.narrow:
        y = b.weight_boxes_top
        b.d.add(Text(14, y - 12, phrase("{a} {b} {c}", a=words[0], b=words[1], c=words[2]), WORDS, anchor="start"))
        start = [(14.0, y + 10), (5.0, y + 10), (5.0, b.bus)]
        for n in range(0, len(b.weight_boxes), 2):
            pair = b.weight_boxes[n : n + 2]
            height = max(one.height for one in pair)
            for place, one in enumerate(pair):
                _weight_box(b, one, 14 + place * b.weight_box_width, y, height)
            y += height
    else:
        y = b.bus + 12 - sum(one.height for one in b.weight_boxes)
        for n, line in enumerate(words):
            b.d.add(Text(8, y - 46 + 16 * n, line, WORDS, anchor="start"))
        start = [(8.0 + b.weight_box_width, b.bus)]
        for one in b.weight_boxes:
            _weight_box(b, one, 8, y, one.height)
            y += one.height
    _lines(b, [*start, (b.left + len(b.slots) * b.pitch - b.cell + BRANCH, b.bus)])


def _weight_box(b: BatchColumns, one: WeightBox, x: float, y: float, height: float) -> None:
    symbol, _, sub = b.d.tensor(one.tensor).symbol.partition("_")
    middle, size = y + height / 2, symbol_size(symbol + sub, SYMBOL, 26)
    b.d.add(Box("layer", x, y, b.weight_box_width, height, 3, tensor=one.tensor, t=b.d.t))
    b.d.add(Text(x + 17, middle, symbol, size, font="serif", italic=True, sub=sub))
    b.d.add(replace(one.label, x=x + 34, y=middle, tensor=one.tensor, t=b.d.t))


def _lines(b: BatchColumns, bus: list[Point]) -> None:
    first, *others = (one.tensor for one in b.weight_boxes)
    weights, *cells = Node("vector", first), *(Node("entry", first, b.order(slot.first)) for slot in b.slots)
    _line(b, Port(weights, *bus[0]), Port(cells[-1], *bus[-1]), bus[1:-1], first, others)
    for n, cell in enumerate(cells):
        x = b.cell_left(n) + BRANCH
        _line(b, Port(weights, x, b.bus, on_wire=True), Port(cell, x, b.cell_bottom), (), first, others)


def _line(b: BatchColumns, source: Port, target: Port, via: Sequence[Point], tensor: str, also: Sequence[str]) -> None:
    """A thin line from the weights to a cell."""
    b.d.add(Wire.between(source, target, "muted", 1.2, via, radius=4, head=False, tensor=tensor, also=tuple(also)))


# words around the picture


def _axes(b: BatchColumns) -> None:
    """The three axes of the input, and the last axis of the output."""
    bottom, left, right = b.input_bottom, b.front, b.front + (len(b.slots) - 1) * b.pitch + b.block
    framed = AROUND + 3 if b.order(b.last) == 0 else 0  # the border of the last output is in the first column
    for tensor, x, end in (("x", left, bottom), (b.output, left - framed, b.output_bottom)):
        top = end - b.extent(tensor)
        _arrow(b, tensor, -1, (x - 8, end), (x - 8, top))
        _name(b, tensor, -1, x - 14, (end + top) / 2, "end")
    _arrow(b, "X", 1, (left, bottom + 32), (right, bottom + 32))
    _name(b, "X", 1, left - 8, bottom + 32, "end")
    away = max(2, len(b.depth.samples))
    _arrow(b, "X", 0, (right + 7, bottom), (right + 7 + away * b.depth.dx, bottom - away * b.depth.dy))
    _name(b, "X", 0, right + 4, bottom + 14, "start")


def _arrow(b: BatchColumns, tensor: str, place: int, start: Point, tip: Point) -> None:
    """An arrow along an axis, in the direction of growing indices."""
    b.d.add(axis_arrow(b.d.axes(tensor)[place].names[0], start, tip))


def _name(b: BatchColumns, tensor: str, place: int, x: float, y: float, anchor: str) -> None:
    notation = b.letters.notation
    write = notation.letter if b.format.narrow else notation.name
    b.d.add(Label(x, y, (axis_spans(b.d.axes(tensor)[place], b.d.sizes, write),), BATCH.beside, anchor))


def _samples(b: BatchColumns) -> None:
    """The number of sequences that the sheets represent, in words."""
    batch_size, drawn, followed = b.d.sizes["batch_size"], len(b.depth.samples), b.depth.followed
    more = batch_size - drawn
    if batch_size == 1:
        words = phrase("one sample")
    elif followed is not None:
        words = phrase("sample {which:,} of 0…{last:,}", which=followed, last=batch_size - 1)
        if more:
            words = plural("{this}, + {n:,} more sample", "{this}, + {n:,} more samples", more, this=words)
    elif more:
        words = plural(
            "{drawn} samples, + {n:,} more sample, side by side",
            "{drawn} samples, + {n:,} more samples, side by side",
            more,
            drawn=drawn,
        )
    else:
        words = plural("{n:,} sample, side by side", "{n:,} samples, side by side", drawn)
    right = b.front + (len(b.slots) - 1) * b.pitch + b.block
    right = max(right, b.format.gutter + LONGEST)  # the only column may be narrow
    b.d.add(Text(right, b.input_bottom + 52, words, WORDS, "batch_size", anchor="end"))
