"""The batch: every array to one scale, where a number is a square, a row is a sequence and a column is a step.

A step reads one row of each sequence at once, and multiplies all of them by the same weights; the products are below.
"""

from dataclasses import replace
from math import inf

from ....size_expressions import maximum, minimum
from ....translations.phrases import phrase
from ...arrowhead_sizes import axis_arrow
from ...drawing import Drawing
from ...elements import Box, Label, Picture, Point, Polyline, Text
from ...folded_steps import DOTS, Fold, Slot
from ...graph import Node, Port
from ...names_as_letters import letters, with_step
from ...scene import Scene
from ...shape_labels import samples, steps
from ...text_metrics import line_width, word_width
from .columns import EDGE
from .placement import Placement, placement

LONGER = 1.12
"""How much longer the words of a cell may be in other languages."""

ROUND = 8.0
"""The radius of the corners of a cell."""


def batch(scene: Scene) -> Picture:
    """Draw the batch, with step ``t`` in focus and the row of the followed sequence framed, or that of another one."""
    p = placement(scene)
    for n, slot in enumerate(p.columns.slots):
        _column(p, slot, p.columns.middle(n), is_here=n == p.columns.here)
    for n in range(len(p.columns.slots) + 1):
        _states(p, n)
    _directions(p)
    p.d.add(Polyline("hairline", ((0, p.line), (p.format.width, p.line)), 1))
    p.products.draw(p.line)
    title = phrase(
        "{cell}: {samples} over {steps}, step {t:,} in focus",
        cell=scene.program.cell.title,
        samples=samples(scene.sizes["batch_size"]),
        steps=steps(scene.sizes["time_step"]),
        t=scene.t,
    )
    if scene.sample is not None:
        title = phrase("{picture}, sample {n:,} followed", picture=title, n=scene.sample)
    return Picture(p.format.width, p.height, tuple(p.d.shapes), title)


# the columns


def _column(p: Placement, slot: Slot, x: float, is_here: bool) -> None:
    """One step, or a fold: the cell, its input and its output."""
    d, is_fold = p.d.at(p.order((slot.first + slot.last) // 2)), isinstance(slot, Fold)
    cell = p.format.cell
    d.add(Box("here" if is_here else "slab", x - cell / 2, p.cell_top, cell, p.cell_height, ROUND * p.unit, t=d.t))
    room = (p.cell_height - 6) / LONGER
    words = slot.words if isinstance(slot, Fold) else phrase("step {t:,}, same cell", t=d.t)
    if not is_fold and 0.93 * word_width(words, p.type.words) > room:
        words = phrase("step {t:,}", t=d.t)
    size = p.type.words * minimum(1, room / word_width(words, p.type.words))
    d.add(Text(x, p.cell_top + p.cell_height / 2, words, size, "ink" if is_here else "muted", angle=90))
    if is_fold:
        for y in (p.output_bottom - 10 * p.unit, p.input_top + 10 * p.unit):
            d.add(Text(x, y, DOTS, 18 * p.unit, "muted"))
        return
    _input(p, d, x)
    _output(p, d, x)
    if is_here:
        for tensor, top, bottom in (("x", p.cell_bottom, p.input_top), (p.output, p.output_bottom, p.cell_top)):
            tall = bottom - top if p.format.height else inf
            d.label(tensor, x, (top + bottom) / 2, "right", p.columns.beside, tall=tall)


def _input(p: Placement, d: Drawing, x: float) -> None:
    """x, and its wire into the cell."""
    width, height = p.extent("x")
    d.wire("x", d.port("vector", "x", x, p.input_top), d.port("entry", "x", x, p.cell_bottom + 1))
    p.scale.rows(d, "x", x - width / 2, p.input_top, ("X",))
    _name(p, d, "x", x, p.input_top + height + 0.75 * p.type.symbols)


def _output(p: Placement, d: Drawing, x: float) -> None:
    """The wire out of the cell, and the output."""
    width, height = p.extent(p.output)
    d.wire(p.output, d.port("exit", p.output, x, p.cell_top), d.port("vector", p.output, x, p.output_bottom + 1))
    also = ("Y", *d.program.last_output) if d.t == p.order(p.order.last) else ("Y",)
    p.scale.rows(d, p.output, x - width / 2, p.output_bottom - height, also)
    _name(p, d, p.output, x, p.output_bottom - height - 0.7 * p.type.symbols)


def _name(p: Placement, d: Drawing, tensor: str, x: float, y: float) -> None:
    name, sub = with_step(tensor, str(d.t))
    d.add(Text(x, y, name, p.type.symbols, font="serif", italic=True, sub=sub))


# the states between steps


def _states(p: Placement, n: int) -> None:
    """The states in the n-th gap between steps: up to the focused step as the inputs of the next step, after it as the
    results of the previous one."""
    columns, slots = p.columns, p.columns.slots
    is_input = n <= columns.here
    k = slots[n].first if is_input else slots[n - 1].last
    d, x = p.d.at(p.order(k)), columns.gap_middle(n)
    onwards = -1 if p.order.is_reversed else 1
    for state in p.states:
        tensor, y = f"{state}_prev" if is_input else state, p.rows[state]
        also = (f"{state}_T",) if not is_input and k == p.order.last else ()
        width, height = p.extent(tensor)
        array = d.node("vector", tensor)
        if n > 0:
            cell = Port(Node("exit", state, p.order(slots[n - 1].last)), x - onwards * columns.gap / 2, y)
            d.wire(tensor, cell, Port(array, x - onwards * width / 2, y), head=False, also=also)
        if n < len(slots):
            cell = Port(Node("entry", f"{state}_prev", p.order(slots[n].first)), x + onwards * (columns.gap / 2 - 1), y)
            d.wire(tensor, Port(array, x + onwards * width / 2, y), cell, also=also)
        p.scale.rows(d, tensor, x - width / 2, y - height / 2, also, hollow=n == 0)
        clear = maximum(height / 2, d.head_half(tensor)) + 1  # from the middle of the wire to words above it
        is_labelled = n == columns.here + 1
        if is_labelled:
            d.label(tensor, x, y - clear + 0.75 * d.thickness(tensor), "above", columns.room)
        if n == 0:
            letter, index = letters(state)
            start = f"{state if index else letter} = {d.program.start_of(state):g}"
            _name_state(p, start, "", (x, y), (width / 2, clear), onwards > 0)
        if n == len(slots) and not (is_labelled and p.format.is_narrow):
            beside = columns.room if is_labelled else width
            _name_state(p, *with_step(state, "T"), (x, y), (beside / 2, clear), onwards < 0)


def _name_state(p: Placement, name: str, sub: str, middle: Point, clear: Point, at_left: bool) -> None:
    """The name of the first or of the last state, at the outer side of its array, or above it in a narrow picture."""
    (x, y), (aside, above) = middle, clear
    size = p.type.symbols if sub else p.type.words
    text = Text(x, y, name, size, "ink" if sub else "muted", font="serif", italic=True, sub=sub)
    if p.format.is_narrow:
        p.d.add(replace(text, y=y - above - 0.75 * size))
    else:
        away = aside + 8 * p.unit
        p.d.add(replace(text, x=x - away if at_left else x + away, anchor="end" if at_left else "start"))


# the axes


def _directions(p: Placement) -> None:
    """Each axis once: rows and columns beside the first output and the first input, time beside the last input."""
    first = 0 if not p.order.is_reversed else len(p.columns.slots) - 1
    x = p.columns.middle(first)
    pitch, heights = 1.3 * p.type.shapes, {id: p.extent(id)[1] / 2 for id in (p.output, "x")}
    for tensor, middle in ((p.output, p.output_bottom - heights[p.output]), ("x", p.input_top + heights["x"])):
        right = x - p.columns.aside(tensor)
        for place, sign, y in ((0, "↓", middle - pitch / 2), (-1, "→", middle + pitch / 2)):
            _axis(p, tensor, place, sign, right, y, right - EDGE)
    last = len(p.columns.slots) - 1 - first
    end = p.format.width - 6 * p.unit
    name = word_width("x", p.type.symbols, str(p.order(p.columns.slots[last].first)))
    beside_x = maximum(p.extent("x")[0], 1.6 * p.type.symbols, name) / 2
    start = p.columns.middle(last) + beside_x + 12 * p.unit
    y = p.input_top + 0.5 * p.format.state[1]
    p.d.add(axis_arrow("time_step", (start, y), (end, y)))
    _axis(p, "X", 1, "", end, y + 17 * p.unit, end - start + 10 * p.unit)


def _axis(p: Placement, tensor: str, place: int, sign: str, right: float, y: float, room: float) -> None:
    """The name of an axis and its size, with the direction in which it runs."""
    line = p.columns.direction(tensor, place, sign)
    fits = minimum(1, room / line_width(line, p.type.shapes))
    p.d.add(Label(right, y, (line,), p.type.shapes * fits, "end"))
