"""A drawing collects the shapes of a view, knows the axes of each tensor, and refuses unknown tensors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import inf
from typing import NamedTuple

from ..core.axes import Axes, Sizes
from ..core.program import Program, Tensor
from ..size_expressions import maximum, minimum, where
from .array_names import Naming
from .arrowhead_sizes import HALF_WIDTH
from .diagram_error import tensor_of
from .elements import Box, Ellipse, Funnel, Label, Mark, Point, Shape, Text
from .graph import Form, Kind, Node, Operation, Port
from .matrix_axes import edges
from .names_as_letters import letters, with_step
from .shape_labels import Lettering, Write, joined, shape_line
from .signs_of_typed_cells import drawn_sign
from .text_lines import Lines, count, either, stacked, unbroken, widest, wrapped
from .text_metrics import LEADING, LEAST_NAME, fitted_name, symbol_size, word_width
from .text_spans import IndexSpan, Line, TextSpan
from .theme import AREAS, axis_role
from .thickness import thickness
from .wires import BAND, ELBOW, MARGIN_OF_HEAD, Ribbon, Wire

PINK, PINK_WIDE = 24.0, 46.0
"""The width and height of a pink operation, and the width of one with a word in it."""

SIGN = 15, 30.0
"""The size of the sign of a yellow layer, and the height of its row."""

LAYER = 54.0
"""The least height of a yellow layer."""

CROSS, PLUS = 4.0, 5.0
"""Half the size of a × and of a +."""

WORD = 13, 17, 0.77
"""The least and the largest size of a word in an operation, and its size in sizes of the shapes beside wires."""

RAISED, LOWERED = 1.9, 0.17
"""The size of a raised sign in sizes of a word, and how much lower it stands, in its own sizes."""

LONGEST_KERNEL = 6
"""The characters of the name of a kernel in a layer of a typed cell, with the spaces before its index and after it;
longer ones are left out."""

IN_CIRCLE = 2.1
"""The least room beside the name of a vector in its circle."""

SMALL = 30.0, 2.3
"""The least width of the box of a vector of weights, and its width in sizes of its type."""


class Strand(NamedTuple):
    """A part of a vector: the role of its axis, the multiple of that axis, and the thickness of its wire."""

    axis: str
    times: int
    thickness: float


Written = tuple[Lines, float]
"""The lines of a label and the size of its type."""


def letters_of_kernel(symbol: str) -> tuple[str, str]:
    """The letter of a kernel and its index, in which two letters are no Greek one: W_xi is that of x and of the gate
    i."""
    letter, index = letters(symbol)
    last = symbol.rpartition("_")[2]
    if index and len(last) == 2:
        index = ",".join((*index.split(",")[:-1], last))
    return letter, index


def is_short_kernel(symbol: str) -> bool:
    """Whether the name of a kernel, with its accents and Greek letters as such, stands before its shape in a layer."""
    letter, index = letters_of_kernel(symbol)
    return len(letter) + len(index) + bool(index) < LONGEST_KERNEL


def is_of_layer(program: Program, symbol: str) -> bool:
    """Whether a kernel of a typed cell, with that ``symbol``, is that of one of several layers, R_C2 beside R_C1."""
    others = (t.symbol for t in program.weights if t.symbol != symbol and program.cell.text)
    return symbol[-1].isdigit() and any(symbol.rstrip("0123456789") == one.rstrip("0123456789") for one in others)


def is_named_alone(program: Program, symbol: str) -> bool:
    """Whether the only kernel of a layer, with that ``symbol``, has its name in a typed cell: one of several layers,
    or one beside layers with several kernels, which have theirs."""
    return is_of_layer(program, symbol) or (is_short_kernel(symbol) and _has_sums_of_products(program))


def _has_sums_of_products(program: Program) -> bool:
    """Whether layers of a typed cell have several kernels, W x + U h, whose names they show."""

    def kernels(tensor: Tensor) -> list[str]:
        products = [program.by_id[id] for id in tensor.inputs]
        return [id for one in products if one.operation.kind == "product" for id in program.weights_of(one)]

    return bool(program.cell.text) and any(
        len(symbols := [program.by_id[id].symbol for id in kernels(t)]) > 1 and all(map(is_short_kernel, symbols))
        for t in program.step
        if t.op == "add"
    )


@dataclass(eq=False)
class Drawing:
    """The shapes drawn so far. ``t`` is the current step: every shape that names a tensor has it. Wires are ``thicker``
    than in a page.

    Drawings of other steps (``at``) share the list of shapes and both caches: ``written`` for the lines of a written
    shape, since cells have the same shape many times, ``stranded`` for the strands of each tensor, and ``matrices``
    for those whose wires are ribbons.
    """

    program: Program
    sizes: Sizes
    lettering: Lettering
    naming: Naming
    t: int = 0
    thicker: float = 1.0
    shapes: list[Shape] = field(default_factory=list)
    written: dict[tuple[Axes, tuple[Write, ...], float, float, str], Written] = field(default_factory=dict)
    stranded: dict[str, list[Strand]] = field(default_factory=dict)
    matrices: dict[str, bool] = field(default_factory=dict)

    def at(self, t: int) -> "Drawing":
        """The same drawing, to draw another step."""
        return self if t == self.t else replace(self, t=t)

    def add(self, shape: Shape) -> None:
        if shape.tensor:
            tensor_of(self.program, shape.tensor)
        for tensor in shape.also:
            tensor_of(self.program, tensor)
        self.shapes.append(shape)

    def tensor(self, id: str) -> Tensor:
        return tensor_of(self.program, id)

    def axes(self, tensor: str) -> Axes:
        return self.tensor(tensor).axes

    def strands(self, tensor: str) -> list[Strand]:
        """Each part of a tensor's last axis; of a number, the number."""
        known = self.stranded.get(tensor)
        if not known:
            axes = self.axes(tensor)
            if sides := edges(self.program, axes):
                ends = [(n, name) for side in sides for n, name in side.terms[:1]]
                sizes = [side.size(self.sizes) for side in sides]
                known = self.stranded[tensor] = [
                    Strand(axis_role(name, self.sizes), n, self.thicker * thickness(size))
                    for (n, name), size in zip(ends, sizes, strict=True)
                ]
                return known
            known = self.stranded[tensor] = (
                [
                    Strand(axis_role(name, self.sizes), n, self.thicker * thickness(n * self.sizes[name]))
                    for n, name in axes[-1].terms
                ]
                if axes
                else [Strand("muted", 1, self.thicker * thickness(1))]
            )
        return known

    def thickness(self, tensor: str) -> float:
        """The thickness of the wire of a tensor; of a concatenation, that of its first strand; of a matrix, that of its
        ribbon."""
        return self.breadth(tensor) if self.is_matrix(tensor) else self.strands(tensor)[0].thickness

    def breadth(self, tensor: str) -> float:
        """The thickness of all its strands together."""
        band = self.thicker * BAND if self.is_matrix(tensor) else 0.0
        return sum(strand.thickness for strand in self.strands(tensor)) + band

    def is_matrix(self, tensor: str) -> bool:
        """Whether the wire of a tensor is a ribbon."""
        known = self.matrices.get(tensor)
        if known is None:
            known = self.matrices[tensor] = edges(self.program, self.axes(tensor)) is not None
        return known

    @property
    def narrowest(self) -> float:
        """The width of the box of a vector of weights."""
        least, sizes = SMALL
        return max(least, sizes * self.lettering.small)

    @property
    def word(self) -> float:
        """The size of a word in an operation."""
        least, largest, sizes = WORD
        return min(largest, max(least, sizes * self.lettering.size))

    # ports

    def port(self, kind: Kind, tensor: str, x: float, y: float) -> Port:
        """A port of a node of the current step."""
        return Port(self.node(kind, tensor), x, y)

    def node(self, kind: Kind, tensor: str) -> Node:
        """A node of the current step."""
        return Node(kind, tensor_of(self.program, tensor).id, self.t)

    def operation(self, form: Form, tensor: str, x: float, y: float, width: float, height: float) -> Operation:
        """An operation, by its middle."""
        return Operation(form, self.node("operation", tensor), x, y, width, height)

    def layer(self, tensor: str, x: float, y: float, width: float, height: float = 0) -> Operation:
        """A yellow box, by its centre, at least ``height`` tall and tall enough for its words.

        ``tensor`` is the input of its function, or a product that no function reads.
        """
        height = max(height, self.layer_height(tensor, width))
        return self.operation("layer", tensor, x, y, width, height)

    def funnel(self, tensor: str, x: float, y: float, width: float) -> Operation:
        """A yellow layer that changes the size of its vector, by its centre."""
        lines, size = self._weights(tensor, 0.8 * width)
        return self.operation("funnel", tensor, x, y, width, 18 + LEADING * size * count(lines))

    def small_layer(self, tensor: str, x: float, bottom: float) -> Operation:
        """A yellow box that multiplies by a vector of weights, or adds one, by the middle of its lower edge."""
        lines, size = self._vector(tensor)
        return self.small_layer_of(tensor, x, bottom, 8 + LEADING * size * count(lines))

    def small_layer_of(self, tensor: str, x: float, bottom: float, height: float) -> Operation:
        return self.operation("small layer", tensor, x, bottom - height / 2, self.narrowest, height)

    def pointwise(self, tensor: str, x: float, y: float) -> Operation:
        """A pink operation, named after its result."""
        is_mark = self.tensor(tensor).operation.is_mark
        return self.operation("pointwise", tensor, x, y, PINK if is_mark else PINK_WIDE, PINK)

    def manipulation(self, tensor: str, x: float, y: float) -> Operation:
        """An operation that only concatenates vectors or splits one."""
        return self.operation("manipulation", tensor, x, y, PINK_WIDE, PINK)

    # what is drawn

    def wire(
        self,
        tensor: str,
        source: Port,
        target: Port,
        via: Sequence[Point] = (),
        *,
        head: bool | None = None,
        radius: float = ELBOW,
        strand: int = 0,
        also: tuple[str, ...] = (),
    ) -> None:
        """A tensor, or one strand of it: in the colour of its axis, and thicker the larger that axis is."""
        one = self.strands(tensor)[strand]
        if self.is_matrix(tensor):
            self.add(self._ribbon(tensor, source, target, via, head, also))
            return
        self.add(
            Wire.between(
                source,
                target,
                one.axis,
                one.thickness,
                via,
                radius=radius,
                head=head,
                times=one.times,
                tensor=tensor,
                also=also,
                t=self.t,
            )
        )

    def _ribbon(
        self, tensor: str, source: Port, target: Port, via: Sequence[Point], head: bool | None, also: tuple[str, ...]
    ) -> Ribbon:
        first, second = self.strands(tensor)
        return Ribbon(
            first.axis,
            self.breadth(tensor),
            ((source.x, source.y), *via, (target.x, target.y)),
            head=target.is_end if head is None else head,
            times=first.times,
            source=source.node,
            target=target.node,
            branches=source.on_wire,
            second=second.axis,
            second_times=second.times,
            edges=(first.thickness, second.thickness),
            tensor=tensor,
            also=also,
            t=self.t,
        )

    def head_half(self, tensor: str) -> float:
        """How far the arrow head of a thick wire reaches to each side of its middle."""
        if self.is_matrix(tensor):
            return self.breadth(tensor) / 2 + MARGIN_OF_HEAD
        return HALF_WIDTH[1] * self.thickness(tensor)

    def label(
        self, tensor: str, x: float, y: float, side: str, room: float, anchor: str = "middle", tall: float = inf
    ) -> Label | None:
        """The tensor's shape beside the point (x, y) of its wire: above, below, left or right of it, or right above it.

        Where it would be wider than ``room``, it is set smaller, but broken into lines rather than set much smaller. If
        it would be too small because it is to be no taller than ``tall``, it is left out.
        """
        lines, size = self._written(tensor, room)
        clear = self.thickness(tensor) / 2
        if tall < inf:
            lines, size = self._largest(tensor, lines, room, tall, side)
        rise = LEADING * size * count(lines) / 2 + 1.5 * clear + 4  # an arrow head is wider than its wire
        match side:
            case "above":
                y -= rise
            case "below":
                y += rise
            case "right" | "right above":
                x, anchor = x + (clear + 7), "start"
                y -= LEADING * size * count(lines) / 2 if side == "right above" else 0
            case "left":
                x, anchor = x - (clear + 7), "end"
        if tall < inf and size < self.lettering.least:
            return None
        label = Label(x, y, lines, size, anchor, tensor=tensor, t=self.t)
        self.add(label)
        return label

    def _largest(self, tensor: str, broken: Lines, room: float, tall: float, side: str) -> Written:
        """The lines of a label that can be set largest: not broken, broken, or side by side."""
        shapes = self._shapes(tensor)
        whole = unbroken(broken, shapes)
        sizes = [self._size(lines, room, tall) for lines in (whole, broken)]
        is_whole = self._is_better(*sizes)
        lines, size = either(is_whole, whole, broken), where(is_whole, *sizes)
        if len(shapes) > 1:  # in one line, which is not to run into the next label
            one = (joined(shapes),)
            of_one = self._size(one, room - self.lettering.size if side == "below" else room, tall)
            if of_one > size:
                return one, of_one
        return lines, size

    def lines_of(self, tensor: str, room: float) -> int:
        """The number of lines of a label."""
        return count(self._written(tensor, room)[0])

    def _shapes(self, tensor: str) -> tuple[Line, ...]:
        """The shape of a tensor as it is written beside wires: as numbers, names or both."""
        return tuple(shape_line(self.axes(tensor), self.sizes, write) for write in self.lettering.wires)

    def _written(self, tensor: str, room: float) -> Written:
        """The shape of a tensor in lines that fit ``room``: not broken, unless they would be much smaller."""
        broken, size = self._fitted(self.axes(tensor), self.lettering.wires, self.lettering.size, room)
        whole = unbroken(broken, self._shapes(tensor))
        smaller = self.lettering.size * minimum(1.0, room / widest(whole, self.lettering.size))
        is_whole = self._is_better(smaller, size)
        return either(is_whole, whole, broken), where(is_whole, smaller, size)

    def _is_better(self, whole: float, broken: float) -> bool:
        """Whether lines are not broken, by the sizes of both."""
        return whole >= minimum(broken, maximum(self.lettering.whole * broken, self.lettering.least))

    def _size(self, lines: Lines, room: float, tall: float) -> float:
        """The size at which lines are no wider than ``room`` and have a ``tall`` place."""
        wide, clear = room / widest(lines, 1.0), max(4.8, 0.25 * self.lettering.size)
        return minimum(self.lettering.size, wide, (tall - clear) / (LEADING * count(lines) - 0.25))

    def draw(self, *operations: Operation) -> None:
        """Operations with their signs and words."""
        for operation in operations:
            for shape in self.drawn(operation):
                self.add(shape)

    def drawn(self, o: Operation) -> Iterator[Shape]:
        """The shapes of an operation, its body first."""
        for shape in self._drawn(o):
            is_body = o.also and shape.tensor
            also = dict.fromkeys(id for id in (*shape.also, *o.also) if id != shape.tensor)
            yield replace(shape, also=tuple(also)) if is_body else shape

    def _drawn(self, o: Operation) -> Iterator[Shape]:
        match o.form:
            case "layer":
                return self.drawn_layer(o)
            case "small layer":
                return self.drawn_small_layer(o)
            case "funnel":
                return self.drawn_funnel(o)
            case "pointwise":
                return self.drawn_pointwise(o)
            case "manipulation":
                return self.drawn_manipulation(o)
            case _:
                return drawn_sign(self, o)

    def drawn_layer(self, o: Operation) -> Iterator[Shape]:
        """A box with its function and, small, the shapes of its weights."""
        tensor, width, height = o.node.tensor, o.width, o.height
        shown = [id for piece in self.products(tensor) for id in (piece, *self._product_of(piece))]
        also = tuple(dict.fromkeys(id for id in shown if id != tensor))
        yield Box("layer", o.left, o.top, width, height, 4, tensor=tensor, also=also, t=self.t, node=o.node)
        lines, size = self._weights(tensor, width)
        size_of_sign, row = SIGN
        size = minimum(size, (height - row) / (LEADING * count(lines)))
        written = LEADING * size * count(lines)
        top = o.top + (height - row - written) / 2
        yield self._sign(o, top + size_of_sign)
        yield Label(o.x, top + row - 6 + written / 2, lines, size, node=o.node)

    def drawn_funnel(self, o: Operation) -> Iterator[Shape]:
        tensor, width = o.node.tensor, o.width
        source, weights = self.tensor(tensor).inputs
        before, after = (self.axes(id)[-1].size(self.sizes) for id in (source, tensor))
        upper, lower = (
            (width, 0.6 * width) if before > after else (0.6 * width, width) if before < after else (width,) * 2
        )
        yield Funnel("layer", o.x, o.top, upper, o.height, lower, tensor=tensor, also=(weights,), t=self.t, node=o.node)
        yield Label(o.x, o.y, *self._weights(tensor, 0.8 * width), node=o.node)

    def drawn_small_layer(self, o: Operation) -> Iterator[Shape]:
        tensor, height = o.node.tensor, o.height
        (vector, *_) = self.program.weights_of(self.tensor(tensor))
        yield Box("layer", o.left, o.top, o.width, height, 3, tensor=tensor, also=(vector,), t=self.t, node=o.node)
        yield Label(o.x, o.top + height / 2, *self._vector(tensor), node=o.node)

    def drawn_pointwise(self, o: Operation) -> Iterator[Shape]:
        result = self.tensor(tensor := o.node.tensor)
        sign = result.operation.sign or result.op
        yield Ellipse("pointwise", o.x, o.y, o.width / 2, o.height / 2, tensor=tensor, t=self.t, node=o.node)
        yield (
            Mark(sign, o.x, o.y, PLUS if sign == "+" else CROSS, node=o.node)
            if result.operation.is_mark
            else Text(o.x, o.y, sign, self.word, node=o.node)
        )

    def drawn_manipulation(self, o: Operation) -> Iterator[Shape]:
        tensor = o.node.tensor
        yield Box("view", o.left, o.top, o.width, o.height, 12, tensor=tensor, t=self.t, node=o.node)
        t = self.tensor(tensor)
        if t.op == "transpose":  # its sign is small and raised
            size = RAISED * self.word
            yield Text(o.x, o.y + LOWERED * size, t.operation.sign, size, node=o.node)
            return
        if t.op != "slice":
            yield Text(o.x, o.y, t.operation.sign, self.word, node=o.node)
            return
        begin, end = (axis.size(self.sizes) for axis in t.over)
        word = f"[{begin if t.over[0].terms else ''}:{end}]"
        yield Text(o.x, o.y, word, minimum(self.word, (o.width - 8) / word_width(word, 1)), node=o.node)

    def layer_height(self, tensor: str, width: float) -> float:
        """The height of a box with room for its words."""
        lines, size = self._weights(tensor, width)
        return maximum(LAYER, SIGN[1] + LEADING * size * count(lines))

    def products(self, tensor: str) -> tuple[str, ...]:
        """The terms of a sum, or the tensor itself, if these are products or pieces of products."""
        t = self.tensor(tensor)
        if t.op == "add":
            return tuple(product for part in t.inputs for product in self.products(part))
        return (tensor,) if t.op == "split" or t.operation.kind == "product" else ()

    def _product_of(self, piece: str) -> tuple[str, ...]:
        """A product and its weights, from the product itself or a piece of it."""
        t = self.tensor(piece)
        product = self.tensor(t.inputs[0]) if t.op == "split" else t
        return product.id, *product.inputs[1:]

    def _vector(self, tensor: str) -> Written:
        """The shape of its vector, as a small layer shows it."""
        axes = self.axes(self.program.weights_of(self.tensor(tensor))[0])
        return self._fitted(axes, self.lettering.boxes, self.lettering.small, self.narrowest - 4)

    def fitted(self, axes: Axes, room: float) -> Written:
        """The shape of a weight in a small box, in lines that fit ``room``: where labels have both, only numbers."""
        return self._fitted(axes, self.lettering.boxes[:1], self.lettering.small, room)

    def named_weights(self, weights: Sequence[str], room: float) -> Written:
        """The names and shapes of weights in a small box, one below the other."""
        fitted = [
            self._fitted(self.axes(id), self.lettering.boxes[:1], self.lettering.small, room, self.tensor(id).symbol)
            for id in weights
        ]
        return stacked(lines for lines, _ in fitted), minimum(*(size for _, size in fitted))

    def _weights(self, tensor: str, width: float) -> Written:
        """The shapes of its kernels, as a layer shows them: all rows, and the columns of its pieces."""
        products = [(self._product_of(p)[1], p) for p in self.products(tensor)]
        kernels = [(id, self.axes(p)[-1:] if self.tensor(p).op == "split" else self.axes(id)[1:]) for id, p in products]
        only = self.tensor(kernels[0][0]).symbol
        is_named = len(kernels) > 1 or (self._has_function(tensor) and is_named_alone(self.program, only))
        names = [self.tensor(id).symbol if is_named else "" for id, _ in kernels]
        if self.program.cell.text and not all(map(is_short_kernel, names)):
            names = [""] * len(names)
        fitted = [
            self._fitted((self.axes(id)[0], *columns), self.lettering.boxes, self.lettering.small, width - 4.5, name)
            for (id, columns), name in zip(kernels, names, strict=True)
        ]
        return stacked(lines for lines, _ in fitted), minimum(*(size for _, size in fitted))

    def _has_function(self, tensor: str) -> bool:
        """Whether a function reads the sum of a layer, so that its sign stands in the box."""
        users = [self.tensor(user).operation for user in self.program.used_by[tensor]]
        return len(users) == 1 and users[0].kind == "function" and users[0].is_pointwise

    def _sign(self, o: Operation, y: float) -> Text:
        """The sign of the function of a layer, or the letter of its kernel if it has none."""
        tensor = o.node.tensor
        users = [self.tensor(user).operation for user in self.program.used_by[tensor]]
        if self._has_function(tensor):
            greek = not users[0].sign.isascii()
            size = min(SIGN[0], (o.width - 6) / word_width(users[0].sign, 1))
            return Text(o.x, y, users[0].sign, size, font="serif" if greek else "sans", italic=greek, node=o.node)
        kernels = [self._product_of(product)[1] for product in self.products(tensor)]
        if len(kernels) > 1:
            return Text(o.x, y, "+", SIGN[0], node=o.node)
        letter, sub = letters(self.tensor(kernels[0]).symbol)
        size = symbol_size(letter + sub, SIGN[0], o.width)
        if self.program.cell.text and size < LEAST_NAME:
            letter, size = fitted_name(letter, SIGN[0], o.width - 6)
            sub = ""
        return Text(o.x, y, letter, size, font="serif", italic=True, sub=sub, node=o.node)

    def _fitted(self, axes: Axes, writers: tuple[Write, ...], size: float, room: float, name: str = "") -> Written:
        """A shape as its writers write it, after a ``name``, in lines that fit ``room``."""
        known = self.written.get((axes, writers, size, room, name))
        if not known:
            letter, index = letters_of_kernel(name)
            before: Line = (TextSpan(f"{letter}\u00a0", "muted"),) if name else ()
            if index:
                before = TextSpan(letter, "muted"), IndexSpan(f"{index}\u00a0", "muted")
            whole = [before + shape_line(axes, self.sizes, write) for write in writers]
            lines = stacked(wrapped(one, size, room) for one in whole)
            known = lines, size * minimum(1.0, room / widest(lines, size))
            self.written[axes, writers, size, room, name] = known
        return known

    def circle(
        self, tensor: str, x: float, y: float, radius: float, also: tuple[str, ...], widest: float = 0.0
    ) -> None:
        """A vector that enters or leaves a step: x_t, h_t. It is an ellipse, at most ``widest`` from its middle to an
        end, for a name that would be too small in a circle; one that is still too long is shortened."""
        role = AREAS.get(self.strands(tensor)[0].axis, "h")
        node = Node("vector", tensor, self.t)
        name, sub = self.named(tensor)
        if word_width(name, LEAST_NAME, sub) / 2 + IN_CIRCLE > max(radius, widest):
            sub = sub.rpartition(",")[2]  # the step alone
        half = max(radius, min(widest, word_width(name, LEAST_NAME, sub) / 2 + IN_CIRCLE))
        self.add(Ellipse(role, x, y, half, radius, tensor=tensor, also=also, t=self.t, node=node))
        name, size = fitted_name(name, radius, 2 * (half - IN_CIRCLE), sub)
        self.add(Text(x, y, name, size, font="serif", italic=True, sub=sub, node=node))

    def named(self, tensor: str) -> tuple[str, str]:
        """The text of a circle, and its subscript."""
        return with_step(tensor, str(self.t))
