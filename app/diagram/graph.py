"""The picture of a cell is a graph: the nodes that its wires connect, and the ports where wires begin and end."""

from typing import Literal, NamedTuple

Kind = Literal["operation", "vector", "join", "entry", "exit", "outside"]
Form = Literal[
    "layer",
    "small layer",
    "funnel",
    "pointwise",
    "manipulation",
    "weight",
    "outer",
    "reduction",
    "choice",
    "line",
    "sign",
]
Side = Literal["left", "right", "top", "bottom"]


class Node(NamedTuple):
    """The source or the target of a wire, at step ``t``.

    - ``operation``: an operation, by the tensor that its shape stands for
    - ``vector``: a tensor that has a shape of its own: a circle, a stack or its numbers
    - ``join``: the point from which vectors run side by side as their concatenation, ``tensor``
    - ``entry``, ``exit``: the point where ``tensor`` crosses the border of a step, into it or out of it
    - ``outside``: a step that is not in the picture, or none
    """

    kind: Kind
    tensor: str = ""
    t: int | None = None


class Port(NamedTuple):
    """A point where a wire begins or ends: at its node, or ``on_wire``, on another wire from or to that node."""

    node: Node
    x: float
    y: float
    on_wire: bool = False

    @property
    def is_end(self) -> bool:
        """Whether a wire to here ends, with an arrow head, instead of continuing."""
        return not self.on_wire and self.node.kind not in ("join", "exit")

    def on(self, x: float, y: float) -> "Port":
        """A point on a wire from or to here: where another wire branches, or where it passes under a third."""
        return Port(self.node, x, y, on_wire=True)

    def moved(self, x: float, y: float) -> "Port":
        """The same end at another point of the border."""
        return Port(self.node, x, y, self.on_wire)


TIP = 1.0
"""The distance from the tip of an arrow to the border that it points at."""


class Operation(NamedTuple):
    """An operation in the picture: its middle and its size. ``form`` says how it is drawn, ``also`` are further tensors
    that it shows."""

    form: Form
    node: Node
    x: float
    y: float
    width: float
    height: float
    also: tuple[str, ...] = ()

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def right(self) -> float:
        return self.x + self.width / 2

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height / 2

    def out(self, side: Side) -> Port:
        """The port of its result, at the middle of a side."""
        return self._at(side, 0.0)

    def into(self, side: Side, tip: float = TIP) -> Port:
        """The port of an input, whose arrow ends at the middle of a side."""
        return self._at(side, tip)

    def _at(self, side: Side, away: float) -> Port:
        match side:
            case "left":
                return Port(self.node, self.left - away, self.y)
            case "right":
                return Port(self.node, self.right + away, self.y)
            case "top":
                return Port(self.node, self.x, self.top - away)
            case "bottom":
                return Port(self.node, self.x, self.bottom + away)
