"""A picture in which a tensor does not fit: its wires are red and stop before the cell, and its label has the
received sizes in red."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...size_expressions import hypot
from ..arrowhead_sizes import towards
from ..elements import Box, Funnel, Label, Picture, Point, Polyline, Shape
from ..graph import Node
from ..text_lines import Pieces, like
from ..text_spans import TIMES, Line, ShapeSpan, TextSpan
from ..thickness import thickness
from ..wires import Wire
from .unknown_sizes import UNKNOWN

ERROR = "error"
"""The role of what is wrong."""

GAP = 8.0
"""The distance at which a wrong wire ends before the border that it may not pass."""

BESIDE_BORDER = 5.0
"""The least distance of a label from the border of a cell."""

HALF_BAR, BAR = 11.0, 3.0
"""Half the length of the bar at the end of a wrong wire, and its width."""


@dataclass(frozen=True)
class WrongTensor:
    """A tensor that comes from outside of the cell, or weights in it, by the ids that it has in the picture.

    ``sizes``: the sizes that differ, by the names of their axes, as they came, None if unknown; without any, all its
    axes are wrong. ``length``: the number of values that came in each of its vectors, None if it is not known.
    ``gate``: its letter, if only the weights of one gate are wrong. ``is_in_labels``: whether the labels of the layers
    that use it show its sizes; those of a bias show only the kernel. ``shape``: the sizes as they came of a tensor with
    another number of axes, None for an unknown one; () if the label has its axes. ``place``: which of the sizes with
    the name of an axis is wrong in a label; None for all of them.
    """

    tensors: Collection[str]
    sizes: Mapping[str, int | None] = field(default_factory=dict)
    length: int | None = None
    gate: str | None = None
    is_in_labels: bool = True
    shape: tuple[int | None, ...] = ()
    place: int | None = None


def with_wrong_tensor(picture: Picture, wrong: WrongTensor) -> Picture:
    """The same picture with a wrong tensor in red wherever it comes in."""
    wrong_ids = set(wrong.tensors)
    boxes = (s for s in picture.shapes if isinstance(s, Box | Funnel) and not wrong_ids.isdisjoint(s.also))
    layers = {box.node for box in boxes if not wrong.gate or (box.node and _is_of(wrong.gate, box.node))}
    shapes = [drawn for shape in picture.shapes for drawn in _with_wrong(shape, wrong, picture.thicker, layers)]
    cells = [s for s in picture.shapes if isinstance(s, Box) and s.role == "cell"] if wrong.shape else []
    return replace(picture, shapes=tuple(_beside(s, cells) if s.tensor in wrong_ids else s for s in shapes))


def _beside(shape: Shape, cells: Iterable[Box]) -> Shape:
    """A label beside the border of a cell: with more sizes it may be longer than its room. It is moved away from the
    border, and smaller if the picture ends there."""
    for cell in cells:
        if not isinstance(shape, Label) or not shape.bounds()[0] < cell.x < shape.bounds()[2] + BESIDE_BORDER:
            continue
        left, _, right, _ = shape.bounds()
        share = min(1.0, (cell.x - BESIDE_BORDER) / (right - left))
        shape = replace(shape, size=share * shape.size)
        shape = replace(shape, x=shape.x + cell.x - BESIDE_BORDER - shape.bounds()[2])
    return shape


def with_returned(picture: Picture) -> Picture:
    """The same picture with what the layer returns in red: its output, and its states after the last step."""
    return replace(picture, shapes=tuple(map(_in_red, picture.shapes)))


def with_output(picture: Picture) -> Picture:
    """The same picture with the output of the layer in red."""
    return replace(picture, shapes=tuple(_in_red(shape, ("vector",)) for shape in picture.shapes))


def _in_red(shape: Shape, targets: Collection[str] = ("vector", "outside")) -> Shape:
    """A wire in red, if it leaves the network: for a vector of its output, or for a state after the last step."""
    if not isinstance(shape, Wire) or not shape.source or not shape.target:
        return shape
    leaves = shape.source.kind == "exit" and shape.target.kind in targets
    return replace(shape, axis=ERROR) if leaves else shape


def _is_of(gate: str, layer: Node) -> bool:
    """Whether a layer computes a gate: its result is ``a_i``, or ``x_g`` and ``h_g`` of a candidate."""
    return layer.tensor is not None and layer.tensor.endswith(f"_{gate}")


Sizes = Sequence[int | None]


def with_wrong_arrays(picture: Picture, tensor: str, role: str, expected: Sizes, got: Sizes) -> Picture:
    """A picture of weight arrays with a red outline around the blocks of one, by their role. Its label has the sizes
    that it ``got`` in red, in place of the ``expected`` ones."""
    shapes: list[Shape] = []
    heading: int | None = None
    for shape in picture.shapes:
        if isinstance(shape, Label) and heading is None and expected and _sizes_in(shape) == [*expected]:
            heading = len(shapes)
        elif isinstance(shape, Box) and shape.role == "array":
            heading = None
        elif isinstance(shape, Box) and shape.tensor == tensor and shape.role == role and heading is not None:
            shapes[heading] = _with_received(shapes[heading], got)
        shapes.append(shape)
        if isinstance(shape, Box) and shape.tensor == tensor and shape.role == role:
            left, right = shape.x, shape.x + shape.width
            top, bottom = shape.y, shape.y + shape.height
            corners = (left, top), (right, top), (right, bottom), (left, bottom), (left, top)
            shapes.append(Polyline(ERROR, corners, BAR, tensor=tensor, also=shape.also, t=shape.t))
    return replace(picture, shapes=tuple(shapes))


MULTIPLE = "·"
"""The end of a factor before a size: ``4·20``."""


def _sizes_in(label: Label) -> list[int]:
    """The sizes in a label."""
    sizes, factor = list[int](), 1
    for text in (span.text for line in label.lines for span in line if isinstance(span, ShapeSpan)):
        if text.endswith(MULTIPLE) and text[:-1].isdecimal():
            factor = int(text[:-1])
        elif text.isdecimal():
            sizes.append(factor * int(text))
            factor = 1
    return sizes


def _with_received(label: Shape, got: Sizes) -> Shape:
    """A label with other sizes, in red."""
    if not isinstance(label, Label):
        return label
    sizes = iter(got)

    def received(line: Iterable[TextSpan]) -> Iterator[TextSpan]:
        for span in line:
            if isinstance(span, ShapeSpan) and span.text.isdecimal():
                size = next(sizes, None)
                yield ShapeSpan(UNKNOWN if size is None else str(size), ERROR)
            elif not span.text.endswith(MULTIPLE):
                yield span

    return replace(label, lines=like(label.lines, (tuple(received(line)) for line in label.lines)))


def _with_wrong(shape: Shape, wrong: WrongTensor, thicker: float, layers: set[Node | None]) -> Iterator[Shape]:
    match shape:
        case Wire() if shape.tensor in wrong.tensors and _comes_in(shape):
            yield from stopped(shape, wrong.length, thicker)
        case Box(role="layer") | Funnel(role="layer") if shape.node in layers:
            yield replace(shape, role="wrong")
        case Label() if shape.tensor in wrong.tensors or (wrong.is_in_labels and shape.node and shape.node in layers):
            lines = (_line(line, wrong) for line in shape.lines)
            if wrong.shape and not isinstance(shape.lines, Pieces):
                lines = (_with_shape(line, wrong.shape) for line in shape.lines)
            yield replace(shape, lines=like(shape.lines, lines))
        case _:
            yield shape


def _comes_in(wire: Wire) -> bool:
    """Whether a wire comes from outside of the cell: from the input of its step, or as the state before the first."""
    return wire.source is not None and wire.source.kind in ("vector", "outside")


def stopped(wire: Wire, length: int | None, thicker: float = 1.0) -> Iterator[Shape]:
    """A wire in red, as thick as the received vector, that ends in a bar before its target."""
    *points, before, end = wire.points
    tip = towards(end, before, thicker * GAP, most=1.0)
    width = thicker * thickness(length) if length else wire.width
    yield replace(wire, axis=ERROR, width=width, points=(*points, before, tip), head=False, dash=())
    yield _bar(wire, before, tip, thicker)


def _bar(wire: Wire, before: Point, tip: Point, thicker: float) -> Polyline:
    """The bar at the end of a wire."""
    way = hypot(tip[0] - before[0], tip[1] - before[1]) or 1
    across = (tip[1] - before[1]) / way * thicker * HALF_BAR, (before[0] - tip[0]) / way * thicker * HALF_BAR
    ends = (tip[0] + across[0], tip[1] + across[1]), (tip[0] - across[0], tip[1] - across[1])
    return Polyline(ERROR, ends, thicker * BAR, tensor=wire.tensor, also=wire.also, t=wire.t)


def _with_shape(line: Line, shape: Sequence[int | None]) -> Line:
    """A line of a label with another shape, in red; the same for one without a shape."""
    first = next((n for n, span in enumerate(line) if isinstance(span, ShapeSpan)), None)
    if first is None:
        return line
    return (*line[:first], *shape_spans([ERROR] * len(shape), shape))


def shape_spans(roles: Iterable[str], sizes: Iterable[int | None]) -> Line:
    """A shape in the colours of roles."""
    line: list[TextSpan] = []
    for role, size in zip(roles, sizes, strict=True):
        line += [*([TIMES] if line else []), ShapeSpan(UNKNOWN if size is None else str(size), role)]
    return tuple(line)


def _line(line: Line, wrong: WrongTensor) -> Line:
    """A line of a label with the wrong sizes in red, as received."""
    places = [n for n, span in enumerate(line) if isinstance(span, ShapeSpan) and span.role in wrong.sizes]
    kept = {n for place, n in enumerate(places) if wrong.place not in (None, place)}
    return tuple(span if n in kept else _span(span, wrong) for n, span in enumerate(line))


def _span(span: TextSpan, wrong: WrongTensor) -> TextSpan:
    """A size in red, as received."""
    if not isinstance(span, ShapeSpan) or span.role == "muted":
        return span
    if not wrong.sizes:
        return ShapeSpan(span.text, ERROR)
    if span.role not in wrong.sizes:
        return span
    came = wrong.sizes[span.role]
    return ShapeSpan(UNKNOWN if came is None else str(came), ERROR)
