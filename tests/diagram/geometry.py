"""The geometry of a picture, without a browser: rectangles of shapes, strokes of wires, and collisions.

Text is assumed to be wider than in any font, so shapes that do not overlap here do not overlap on a screen.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from itertools import combinations, product
from math import hypot
from typing import NamedTuple
from unicodedata import combining

import pytest
from invented_cells import MADE_UP
from pairing import ALL_COMBINATIONS, in_turn, paired

from app.core.axes import Sizes
from app.core.cells import CELLS, PROJECTED
from app.core.program import Program, capture
from app.core.stack import Stack
from app.diagram.elements import (
    Border,
    Box,
    Ellipse,
    Funnel,
    HitArea,
    HitStrips,
    Label,
    Mark,
    Outline,
    ParallelLines,
    Picture,
    Point,
    Polygon,
    Polyline,
    Shape,
    Squares,
    Text,
)
from app.diagram.format_names import FORMATS
from app.diagram.scene import Scene
from app.diagram.shape_labels import LABELS
from app.diagram.views.unrolled.counts_and_sizes_by_format import format_of
from app.diagram.views.unrolled.unrolled import unrolled
from app.diagram.wires import Wire
from app.frameworks import OURS
from app.url_state_to_picture.weight_arrays import kernels

LSTM = capture(CELLS["lstm"])
GATES = ("f", "i", "g", "o")


def automatic(program: Program) -> Program:
    """The program of the same equations in a cell without a layout of its own."""
    return Program(replace(program.cell, id="unknown"), program.tensors)


DRAWN_BY_HAND = {
    **{id: capture(cell) for id, cell in CELLS.items()},
    **{f"{id} projected": capture(cell) for id, cell in PROJECTED.items()},
    **{
        f"{id} above two directions": Stack(CELLS[id], 3, 4, 2, 5, num_layers=2, bidirectional=True).program(1)
        for id in ("lstm", "gru", "gru_reset_after")
    },
}
DRAWN_AUTOMATICALLY = {**{f"{id} automatic": automatic(p) for id, p in DRAWN_BY_HAND.items() if id in CELLS}, **MADE_UP}
PROGRAMS = DRAWN_BY_HAND | DRAWN_AUTOMATICALLY

LOOKS = tuple(product(LABELS, FORMATS))
"""Every choice of labels with every format."""

_FEW_LOOKS = {("numbers", format) for format in FORMATS} | {*in_turn(LABELS[1:], FORMATS)}

every_look = pytest.mark.parametrize(("labels", "format"), [look for look in LOOKS if look in _FEW_LOOKS])
"""Every format with numbers, and with one of the other labels in turn."""

WITHOUT_SLOTS = ("narrow", "half")
"""The formats that have room for one step only."""


def looks_of(name: str) -> tuple[tuple[str, str], ...]:
    """The looks in which a program is drawn: each choice of labels and each format, in other combinations than the next
    program."""
    return tuple((labels, format) for labels, format, one in _looks() if one == name)


@cache
def _looks() -> list[tuple[str, str, str]]:
    return paired(LABELS, FORMATS, PROGRAMS)


EM = 0.6
"""The largest width of a letter of the sans and of the italic serif, on average over a word, in sizes of its type."""


def sizes(batch_size: int, time_step: int, features: int, num_units: int) -> Sizes:
    """Sizes by name, with a projection of half of the units."""
    sizes = {"batch_size": batch_size, "time_step": time_step, "features": features, "num_units": num_units}
    return {**sizes, "num_proj": max(1, num_units // 2)}


def kernel(of: Sizes) -> Picture:
    """The kernel of the LSTM in our layout, to scale."""
    stack = Stack(CELLS["lstm"], of["batch_size"], of["time_step"], of["features"], of["num_units"])
    return kernels(OURS.model(stack), (0, "forward"))["kernel"]


TEACHING = sizes(3, 4, 2, 5)
MNIST = sizes(128, 28, 28, 128)
LARGEST = sizes(1024, 10_000, 4096, 8192)

GRID = (
    TEACHING,
    MNIST,
    LARGEST,
    sizes(1, 1, 1, 1),
    sizes(7, 2, 13, 11),
    sizes(10, 3, 10, 10),
    sizes(97, 101, 89, 97),
    sizes(20, 5, 997, 13),
    sizes(80, 70, 400, 1150),
    sizes(1, 1009, 1, 8192),
    sizes(1024, 8, 4096, 1),
    sizes(1000, 9, 1, 1000),
    sizes(128, 1000, 4096, 64),
)
"""Ones, primes, two, three and four digits on both sides of a ×, and the largest sizes that are drawn."""

FEW = (TEACHING, LARGEST, sizes(1, 1, 1, 1), sizes(97, 101, 89, 97), sizes(1000, 9, 1, 1000))
"""A few sizes with the most different pictures, for the many cells other than the LSTM."""


def steps(of: Sizes) -> list[int]:
    """The first step, the second, one in the middle, the second to last and the last."""
    last = of["time_step"] - 1
    return sorted({0, min(1, last), last // 2, max(0, last - 1), last})


def lstm(of: Sizes, t: int = 2, labels: str = "numbers", format: str = "page") -> Picture:
    return unrolled(Scene(LSTM, of, t, labels, format))


def scale_of(labels: str, format: str) -> float:
    """How many times the picture of the LSTM is enlarged."""
    return format_of(Scene(LSTM, TEACHING, 0, labels, format)).scale


class Drawn(NamedTuple):
    sizes: Sizes
    t: int
    labels: str
    format: str
    picture: Picture

    def __str__(self) -> str:
        return f"{' '.join(map(str, self.sizes.values()))} at step {self.t}, {self.labels}, {self.format}"


@lru_cache(None)
def drawn(labels: str, format: str, name: str = "lstm", backward: bool = False) -> tuple[Drawn, ...]:
    """Pictures of a program in one look: of the LSTM at all sizes, of other programs at two of a few sizes, each at one
    step; both differ from those of the next look and of the next program."""
    first = LOOKS.index((labels, format))
    if name == "lstm":
        places = [
            (of, t)
            for n, of in enumerate(GRID, first)
            for k, t in enumerate(steps(of))
            if ALL_COMBINATIONS or k == n % len(steps(of))
        ]
    else:
        turn = first + LABELS.index(labels) + [*PROGRAMS].index(name)
        few = FEW if ALL_COMBINATIONS else (FEW[turn % len(FEW)], FEW[(turn + 2) % len(FEW)])
        places = [(of, steps(of)[n % len(steps(of))]) for n, of in enumerate(few, first)]
    return tuple(
        Drawn(of, t, labels, format, unrolled(Scene(PROGRAMS[name], of, t, labels, format, backward)))
        for of, t in places
    )


def pictures(name: str) -> list[Drawn]:
    """Pictures of a program in each of its looks."""
    return [at for labels, format in looks_of(name) for at in drawn(labels, format, name)]


class Rect(NamedTuple):
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: "Rect") -> bool:
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def inside(self, other: "Rect") -> bool:
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )

    def grown(self, by: float) -> "Rect":
        return Rect(self.left - by, self.top - by, self.right + by, self.bottom + by)


def wires_of(picture: Picture, tensor: str = "") -> list[Wire]:
    return [s for s in picture.shapes if isinstance(s, Wire) and tensor in ("", s.tensor)]


def boxes_of(picture: Picture, role: str) -> list[Box]:
    return [s for s in picture.shapes if isinstance(s, Box) and s.role == role]


def ellipses_of(picture: Picture, role: str) -> list[Ellipse]:
    return [s for s in picture.shapes if isinstance(s, Ellipse) and s.role == role]


def texts_of(picture: Picture) -> list[str]:
    return [s.text for s in picture.shapes if isinstance(s, Text)]


def area(shape: Box | Ellipse | Border | Funnel | Polygon | HitArea | HitStrips) -> Rect:
    if isinstance(shape, Polygon):
        xs, ys = zip(*shape.points, strict=True)
        return Rect(min(xs), min(ys), max(xs), max(ys))
    if isinstance(shape, Ellipse):
        return Rect(shape.x - shape.rx, shape.y - shape.ry, shape.x + shape.rx, shape.y + shape.ry)
    if isinstance(shape, Funnel):
        return Rect(shape.x - shape.width / 2, shape.y, shape.x + shape.width / 2, shape.y + shape.height)
    return Rect(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)


def written(shape: Label | Text | Mark) -> Rect:
    """The rectangle of the letters."""
    if isinstance(shape, Label):
        left, top, right, bottom = shape.bounds()
        return Rect(left, top, right, bottom + 0.15 * shape.size)  # the underscore of a name hangs below
    if isinstance(shape, Mark):
        return Rect(shape.x, shape.y, shape.x, shape.y).grown(shape.half)
    letters = sum(not combining(c) for c in shape.text)
    width = EM * shape.size * (letters + 0.66 * len(shape.sub))
    left = shape.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[shape.anchor] * width
    half = 0.45 * shape.size
    if shape.angle:
        return Rect(shape.x - half, shape.y - width / 2, shape.x + half, shape.y + width / 2)
    return Rect(left, shape.y - half, left + width, shape.y + half)


def strokes(wire: Wire) -> list[Rect]:
    """The rectangles of the pieces of a wire, and of its arrow head. An elbow is inside its corner."""
    half = wire.width / 2
    pieces = []
    for (ax, ay), (bx, by) in zip(wire.points, wire.points[1:], strict=False):
        dx, dy = (half, 0.0) if ax == bx else (0.0, half)
        pieces.append(Rect(min(ax, bx) - dx, min(ay, by) - dy, max(ax, bx) + dx, max(ay, by) + dy))
    return [*pieces, head(wire)] if wire.head else pieces


def head(wire: Wire) -> Rect:
    numbers = [float(n) for pair in wire.head_path()[1:-1].split("L") for n in pair.split(",")]
    return Rect(min(numbers[::2]), min(numbers[1::2]), max(numbers[::2]), max(numbers[1::2]))


def covered(shape: Shape) -> list[Rect]:
    if isinstance(shape, Wire):
        return strokes(shape)
    if isinstance(shape, Polyline):
        half = shape.width / 2
        xs, ys = zip(*shape.points, strict=True)
        return [Rect(min(xs), min(ys) - half, max(xs), max(ys) + half)]
    if isinstance(shape, ParallelLines):
        return [Rect(shape.x, shape.y, shape.right, shape.bottom)]
    if isinstance(shape, Outline):
        return [Rect(shape.x, shape.y, shape.x + shape.width, shape.y + shape.height)]
    if isinstance(shape, Squares):
        return [Rect(x, y, x + shape.width, y + shape.height) for x, y in shape.corners]
    assert isinstance(shape, Box | Ellipse | Border | Funnel | Polygon | HitArea | HitStrips | Label | Text | Mark)
    return [written(shape) if isinstance(shape, Label | Text | Mark) else area(shape)]


def layers_of(picture: Picture) -> list[Box | Funnel]:
    return [s for s in picture.shapes if isinstance(s, Box | Funnel) and s.role == "layer"]


def operations_of(picture: Picture) -> list[Box | Ellipse | Funnel]:
    """The shapes of operations."""
    roles = ("layer", "pointwise", "view")
    return [s for s in picture.shapes if isinstance(s, Box | Ellipse | Funnel) and s.role in roles]


def inputs_of(program: Program, operation: Shape) -> set[str]:
    """The tensors that must arrive at an operation: for a layer the inputs of its products, else all inputs."""
    shown = [program.by_id[id] for id in (operation.tensor, *operation.also)]
    products = {t.inputs[0] for t in shown if program.weights_of(t)}
    return products or set(program.by_id[operation.tensor].inputs)


def arriving(picture: Picture, operation: Box | Ellipse | Funnel) -> list[Wire]:
    """The wires whose arrows end at an operation."""
    rect = area(operation)
    heads = (w for w in wires_of(picture) if w.head and w.t == operation.t)
    near = 1.5 if picture.thicker == 1 else 3.5  # a picture for a screen is enlarged
    return [w for w in heads if distance(w.points[-1], rect) <= near]


def without_input(program: Program, picture: Picture) -> list[str]:
    """The operations of a typed cell at which not all tensors arrive that they read, or others do. What an operation
    reads follows from the program: the inputs of the tensors within it that are not within it themselves, but for
    weights and constants, which are written in it."""
    found = []
    for s in picture.shapes:
        if not (s.tensor and s.node and s.node.kind == "operation" and isinstance(s, Box | Ellipse | Polygon)):
            continue
        within = {s.tensor, *s.also}
        read = {i for id in within for i in program.by_id[id].inputs} - within
        needed = {i for i in read if program.by_id[i].role not in ("weight", "constant")}
        border = area(s).grown(4)
        heads = [w for w in wires_of(picture) if w.head and w.target == s.node]
        arriving = {w.tensor for w in heads if Rect(*w.points[-1], *w.points[-1]).grown(0.5).overlaps(border)}
        if arriving != needed:
            found.append(f"{named(s)} reads {sorted(needed)}, and gets {sorted(arriving)}")
    return found


def touching_heads(picture: Picture) -> list[str]:
    """Arrow heads that overlap, or that a wire of another tensor runs over."""
    wires = [w for w in wires_of(picture) if w.t is not None]
    heads = [(w, head(w)) for w in wires if w.head]
    found = [f"{a.tensor} and {b.tensor}" for (a, one), (b, other) in combinations(heads, 2) if one.overlaps(other)]
    for w, rect in heads:
        lines = [(o, line) for o in wires if o.tensor != w.tensor for line in strokes(replace(o, head=False))]
        found += [f"{o.tensor} over the head of {w.tensor}" for o, line in lines if rect.overlaps(line)]
    return found


def named(shape: Shape) -> str:
    """A description of a shape for failure messages."""
    match shape:
        case Label():
            return f"label {' / '.join(''.join(run.text for run in line) for line in shape.lines)} of {shape.tensor}"
        case Text():
            return f"text {shape.text}{shape.sub}"
        case Box() | Ellipse() | Funnel():
            return f"{shape.role} {shape.tensor}"
        case _:
            return f"{type(shape).__name__.lower()} {shape.tensor}"


CLEAR = 1.5
"""The least space around words, in pixels."""


def collisions(picture: Picture) -> list[str]:
    """Words that overlap other words, a wire, a sign or a border."""
    found = []
    words = [(s, written(s)) for s in picture.shapes if isinstance(s, Label | Text) and not is_blank(s)]
    for n, (a, rect) in enumerate(words):
        found += [f"{named(a)} on {named(b)}" for b, _ in overlapping(rect, words[n + 1 :])]
    wires = [(s, stroke) for s in picture.shapes if isinstance(s, Wire) for stroke in strokes(s)]
    outlines: list[tuple[Shape, Rect]] = [(s, covered(s)[0]) for s in picture.shapes if isinstance(s, Outline)]
    hidden = {rect for _, rect in outlines}
    areas = [(s, area(s)) for s in picture.shapes if isinstance(s, Box | Ellipse | Border | Funnel | Polygon)]
    areas = [(s, rect) for s, rect in areas if rect not in hidden]  # boxes behind the cell have outlines
    front = [rect for s, rect in areas if isinstance(s, Box) and s.role == "cell"]
    marks = [(s, written(s)) for s in picture.shapes if isinstance(s, Mark)]
    for a, rect in ((s, r.grown(CLEAR)) for s, r in words):
        found += [f"{named(a)} on {named(s)}" for s, _ in overlapping(rect, (*wires, *marks))]
        found += [
            f"{named(a)} over the border of {named(s)}"
            for s, other in overlapping(rect, areas)
            if not rect.inside(other)
        ]
        if not any(rect.inside(cell) for cell in front):
            found += [
                f"{named(a)} over {named(s)}" for s, other in overlapping(rect, outlines) if not rect.inside(other)
            ]
    return found


def overlapping(rect: Rect, shapes: Iterable[tuple[Shape, Rect]]) -> list[tuple[Shape, Rect]]:
    """The shapes that overlap a rectangle. Without ``Rect.overlaps``, whose call takes longer than its comparisons."""
    left, top, right, bottom = rect
    return [
        (shape, other)
        for shape, other in shapes
        if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
    ]


def is_blank(shape: Label | Text) -> bool:
    """Whether nothing is seen of it: a number in a template that is left out for some sizes."""
    return isinstance(shape, Text) and not shape.text.strip()


def across(rect: Rect, other: Rect) -> bool:
    """Whether a rectangle is partly inside and partly outside of another one."""
    return rect.overlaps(other) and not rect.inside(other)


def cut(picture: Picture) -> list[str]:
    """Shapes that extend beyond the picture."""
    page = Rect(0, 0, picture.width, picture.height)
    return [named(s) for s in picture.shapes for rect in covered(s) if not rect.inside(page)]


def distance(point: Point, rect: Rect) -> float:
    """The distance of a point from the border of a rectangle, from outside or inside."""
    x, y = point
    dx, dy = max(rect.left - x, 0, x - rect.right), max(rect.top - y, 0, y - rect.bottom)
    if dx or dy:
        return hypot(dx, dy)
    return min(x - rect.left, rect.right - x, y - rect.top, rect.bottom - y)


def on_wire(point: Point, wire: Wire) -> bool:
    """Whether a point is in the stroke of a wire, ends included."""
    x, y = point
    return any(r.left <= x <= r.right and r.top <= y <= r.bottom for r in strokes(wire))


def loose_ends(picture: Picture, reach: float = 3) -> list[tuple[Wire, Point]]:
    """Ends of wires that touch nothing: no border of an area (within ``reach``) and no other wire."""
    wires = wires_of(picture)
    areas = [area(s) for s in picture.shapes if isinstance(s, Box | Ellipse | Funnel)]
    return [
        (wire, end)
        for wire in wires
        for end in (wire.points[0], wire.points[-1])
        if not any(distance(end, a) <= reach for a in areas)
        and not any(on_wire(end, other) for other in wires if other is not wire)
    ]
