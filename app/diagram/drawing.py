"""A sheet to draw on: collects shapes, knows each tensor's axes, and refuses a tensor that the program lacks."""

from dataclasses import dataclass, field, replace

from app.core.axes import Axes, Sizes
from app.core.program import Program, Tensor
from app.diagram.labels import Lettering, Write, shape_line, wrapped
from app.diagram.shapes import LEADING, Box, Ellipse, Label, Line, Mark, Point, Shape, Text, Wire, line_width
from app.diagram.theme import thickness

SIGNS = {"sigmoid": "σ", "tanh": "tanh", "mul": "×", "add": "+"}
"""How an operation is written in its box or ellipse."""


class DiagramError(ValueError):
    """A picture that names a tensor that its program lacks."""


@dataclass(frozen=True)
class Drawing:
    """Shapes drawn so far. ``t`` is the step that is being drawn: it goes into every shape that names a tensor."""

    program: Program
    sizes: Sizes
    lettering: Lettering
    t: int = 0
    shapes: list[Shape] = field(default_factory=list)

    def at(self, t: int) -> "Drawing":
        """The same sheet, to draw another step on."""
        return replace(self, t=t)

    def add(self, shape: Shape) -> None:
        for tensor in (shape.tensor, *shape.also):
            if tensor:
                self.tensor(tensor)
        self.shapes.append(shape)

    def tensor(self, id: str) -> Tensor:
        if id not in self.program.by_id:
            known = ", ".join(self.program.by_id)
            raise DiagramError(f"the picture names {id!r}; {self.program.cell.id} has {known}")
        return self.program.by_id[id]

    def axes(self, tensor: str) -> Axes:
        return self.tensor(tensor).axes

    def strand(self, tensor: str) -> str:
        """The axis that colours a tensor's wire: the last one (of a sum, its first part)."""
        return self.axes(tensor)[-1].names[0]

    def thickness(self, axis: str) -> float:
        return thickness(self.sizes[axis])

    def wire(
        self,
        tensor: str,
        *points: Point,
        head: bool = True,
        radius: float = 13,
        axis: str = "",
        also: tuple[str, ...] = (),
    ) -> None:
        """A tensor on its way, coloured and as thick as its last axis, or as the part of it that ``axis`` names."""
        axis = axis or self.strand(tensor)
        self.add(Wire(axis, self.thickness(axis), points, radius, head, tensor=tensor, also=also, t=self.t))

    def label(self, tensor: str, x: float, y: float, side: str, room: float, anchor: str = "middle") -> None:
        """The tensor's shape beside the point (x, y) of its wire: above, below, left or right of it.

        It is broken into lines where one would be wider than ``room``, and made smaller where that is not enough.
        """
        lines, size = self._fitted(self.axes(tensor), self.lettering.wires, self.lettering.size, room)
        clear = self.thickness(self.strand(tensor)) / 2
        rise = LEADING * size * len(lines) / 2 + 1.5 * clear + 4  # an arrow head is wider than its wire
        dx, dy, anchor = {
            "above": (0.0, -rise, anchor),
            "below": (0.0, rise, anchor),
            "right": (clear + 7, 0.0, "start"),
            "left": (-clear - 7, 0.0, "end"),
        }[side]
        self.add(Label(x + dx, y + dy, lines, size, anchor, tensor=tensor, t=self.t))

    def layer(self, tensor: str, x: float, y: float, width: float) -> None:
        """A yellow box, by its centre: what becomes of a pre-activation, and small, the shape of its weights."""
        height = self.layer_height(tensor, width)
        left, top = x - width / 2, y - height / 2
        product, *weights = self._product(tensor)
        self.add(Box("layer", left, top, width, height, 4, tensor=tensor, also=(product, *weights), t=self.t))
        sign = self._function(tensor)
        italic = sign == SIGNS["sigmoid"]
        self.add(Text(x, top + 15, sign, 15, font="serif" if italic else "sans", italic=italic))
        lines, size = self._in_box(tensor, width)
        self.add(Label(x, top + 27 + LEADING * size * len(lines) / 2, lines, size))

    def layer_height(self, tensor: str, width: float) -> float:
        """As tall as what is written in the box asks for."""
        lines, size = self._in_box(tensor, width)
        return 33 + LEADING * size * max(2, len(lines))

    def _in_box(self, tensor: str, width: float) -> tuple[tuple[Line, ...], float]:
        """What one gate has of the kernel: all its rows, and the columns that make the tensor."""
        _, kernel, *_ = self._product(tensor)
        weight = (self.axes(kernel)[0], self.axes(tensor)[-1])
        return self._fitted(weight, self.lettering.boxes, self.lettering.small, width - 6)

    def _product(self, tensor: str) -> tuple[str, ...]:
        """The product that a pre-activation is, or is cut from, and its weights."""
        made = self.tensor(tensor)
        product = self.tensor(made.inputs[0]) if made.op == "split" else made
        return product.id, *product.inputs[1:]

    def _function(self, tensor: str) -> str:
        (user,) = self.program.used_by[tensor]
        return SIGNS[self.tensor(user).op]

    def _fitted(
        self, axes: Axes, writers: tuple[Write, ...], size: float, room: float
    ) -> tuple[tuple[Line, ...], float]:
        lines: tuple[Line, ...] = ()
        for write in writers:
            lines += wrapped(shape_line(axes, self.sizes, write), size, room)
        return lines, size * min(1.0, room / max(line_width(line, size) for line in lines))

    def pointwise(self, tensor: str, x: float, y: float) -> None:
        """A pink operation, named by the tensor that it makes."""
        sign = SIGNS[self.tensor(tensor).op]
        wide = sign not in "×+"
        rx, ry = (25.0, 12.0) if wide else (12.0, 12.0)
        self.add(Ellipse("pointwise", x, y, rx, ry, tensor=tensor, t=self.t))
        self.add(Text(x, y, sign, 13) if wide else Mark(sign, x, y, 5 if sign == "+" else 4))

    def circle(self, tensor: str, x: float, y: float, radius: float, also: tuple[str, ...]) -> None:
        """Where a vector enters or leaves a step: x_t, h_t."""
        self.add(Ellipse(tensor, x, y, radius, radius, tensor=tensor, also=also, t=self.t))
        sub = str(self.t)
        size = radius * (0.86 if len(sub) < 4 else 0.74)
        self.add(Text(x, y, tensor, size, font="serif", italic=True, sub=sub))
