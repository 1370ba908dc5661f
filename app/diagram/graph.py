"""The picture of a cell is a graph: what its wires run between, and where on it they begin and end."""

from typing import Literal, NamedTuple

Kind = Literal["operation", "vector", "join", "entry", "exit", "outside"]
Form = Literal["layer", "small layer", "funnel", "pointwise", "view"]
Side = Literal["left", "right", "top", "bottom"]


class Node(NamedTuple):
    """What a wire comes from or leads to, at step ``t``.

    - ``operation``: an operation, by the tensor that its shape stands for
    - ``vector``: a tensor that is shown by itself, as a circle, a stack or its numbers
    - ``join``: where vectors begin to run side by side as their concatenation, ``tensor``
    - ``entry``, ``exit``: where ``tensor`` crosses the border of a step into it or out of it
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
        """Whether a wire to here ends, with an arrow head, and does not only go on."""
        return not self.on_wire and self.node.kind not in ("join", "exit")

    def on(self, x: float, y: float) -> "Port":
        """A point on a wire that comes from here or leads here: where another one branches, or passes under a third."""
        return Port(self.node, x, y, on_wire=True)

    def moved(self, x: float, y: float) -> "Port":
        """The same end at another point of the border."""
        return Port(self.node, x, y, self.on_wire)


TIP = 1.0
"""From the tip of an arrow to the border at which it points."""


class Operation(NamedTuple):
    """Where an operation stands: its middle and its size. ``form`` says how it is drawn."""

    form: Form
    node: Node
    x: float
    y: float
    width: float
    height: float

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
        """Where what it makes leaves, at the middle of a side."""
        return self._at(side, 0.0)

    def into(self, side: Side, tip: float = TIP) -> Port:
        """Where an arrow at the middle of a side ends."""
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
