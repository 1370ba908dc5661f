"""The positions of the operations of any cell, from its program alone: in levels from below, and in columns.

An operation is at least a level above its inputs. Its result runs up in its column until its last use; then the
column is free again, like a register in a compiler. x and the old states have columns of their own, left of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ....core.program import Program


@dataclass(eq=False)
class Node:
    """One operation. ``made`` is the tensor that leaves it, and ``shown`` the one that its shape is drawn for: a layer
    is drawn for the product, and the result of its function leaves it.

    ``enters`` says how each input arrives: ``straight`` from below, in the same column, from the ``side``, or along a
    ``lane`` below the level and then from below.
    """

    kind: str
    shown: str
    made: str
    inputs: tuple[str, ...]
    level: int = 0
    column: int = 0
    enters: dict[str, str] = field(default_factory=dict)


def nodes_of(program: Program) -> list[Node]:
    """The operations in the order of the equations.

    A product is a yellow layer, or one layer for each piece if it is only split. A function that is the only user of a
    layer's product is a part of that layer.
    """
    nodes: dict[str, Node] = {}
    for t in program.step:
        source, of = program.by_id[t.inputs[0]], t.operation.kind
        if of == "step" or (of == "product" and _is_only_split(program, t.id)):
            continue
        is_piece = t.op == "split" and source.operation.kind == "product" and _is_only_split(program, source.id)
        layer = nodes.get(source.id)
        if of == "function" and layer and layer.kind == "layer" and _is_only_for(program, source.id, t.id):
            layer.made = t.id
        elif is_piece or of == "product":
            nodes[t.id] = Node("layer", t.id, t.id, (source.inputs if is_piece else t.inputs)[:1])
        elif t.op in ("mul_vector", "add_vector"):
            nodes[t.id] = Node("vector", t.id, t.id, t.inputs[:1])
        else:
            kind = "view" if of == "view" else "pointwise"
            nodes[t.id] = Node(kind, t.id, t.id, tuple(dict.fromkeys(t.inputs)))
    return list(nodes.values())


def _is_only_for(program: Program, tensor: str, function: str) -> bool:
    """Whether a function is the only user of a tensor, and its result has users."""
    return program.used_by[tensor] == (function,) and bool(program.used_by[function])


def _is_only_split(program: Program, product: str) -> bool:
    users = program.used_by[product]
    return bool(users) and all(program.by_id[user].op == "split" for user in users)


class Arrangement:
    """The nodes of a program, each with its level and its column.

    Columns count from 0. Those of the old states, from the top one down, and of x are -1, -2 and so on.
    """

    def __init__(self, program: Program) -> None:
        cell = program.cell
        self.states = sorted(cell.states, key=lambda s: s == cell.output)  # from the top one down
        self.given = {**{f"{s}_prev": -1 - n for n, s in enumerate(self.states)}, "x": -1 - len(self.states)}
        self.nodes = {node.made: node for node in nodes_of(program)}
        self.users = {i: [n for n in self.nodes.values() if i in n.inputs] for i in (*self.given, *self.nodes)}
        self.columns = self.levels = 0
        waiting = list(self.nodes.values())
        while waiting:
            self.levels += 1
            ready = [n for n in waiting if all(self._is_made(i) for i in n.inputs)]
            # Layers and views first: how they enter decides whether a pointwise operation can take over a column.
            self._fill(sorted(ready, key=lambda n: n.kind == "pointwise"))
            waiting = [n for n in waiting if not n.level]

    def column(self, tensor: str) -> int:
        return self.given[tensor] if tensor in self.given else self.nodes[tensor].column

    def lanes(self, level: int) -> list[str]:
        """The tensors in the lanes below a level, from the top one down."""
        nodes = (n for n in self.nodes.values() if n.level == level)
        return list(dict.fromkeys(i for n in nodes for i in n.inputs if n.enters[i] == "lane"))

    def is_free(self, column: int, level: int) -> bool:
        """Whether all tensors of a column have their last use below a level."""
        made = (n for n in self.nodes.values() if n.level and n.column == column)
        return not any(n.level >= level or self.is_live(n.made, level) for n in made)

    def is_live(self, tensor: str, level: int) -> bool:
        """Whether a tensor that is made below a level is used at that level or above it."""
        return tensor in self.states or any(not 0 < u.level < level for u in self.users[tensor])

    def neighbour(self, node: Node) -> Node | None:
        """The next node to the right whose vector runs up beside the node's."""
        beside = (n for n in self.nodes.values() if n.level <= node.level and self.is_live(n.made, node.level + 1))
        return min((n for n in beside if n.column > node.column), key=lambda n: n.column, default=None)

    def end(self, node: Node) -> int:
        """The column of the neighbour, or else the one behind the last."""
        beside = self.neighbour(node)
        return beside.column if beside else self.columns

    def _is_made(self, tensor: str) -> bool:
        return tensor in self.given or 0 < self.nodes[tensor].level < self.levels

    def _fill(self, ready: Sequence[Node]) -> None:
        """Give the current level its nodes, in the order of ``ready``.

        Inputs from the side run across the level, so a node whose run would overlap with that of a node before it waits
        for the next level. The first node always fits, so every level gets at least one.
        """
        busy: list[tuple[int, int]] = []
        for node in ready:
            column = self._column(node, ready)
            enters = _enters(node, {i: self.column(i) for i in node.inputs}, column)
            along = [column, *(self.column(i) for i, way in enters.items() if way == "side")]
            first, last = min(along), max(along)
            if not any(first < end and start < last for start, end in busy):
                node.level, node.column, node.enters = self.levels, column, enters
                busy.append((first, last))
                self.columns = max(self.columns, column + 1)

    def _column(self, node: Node, ready: Sequence[Node]) -> int:
        """The column of an input that ends here; else the nearest free one; else a new one."""
        for i in node.inputs:
            if i in self.nodes and node.kind != "view" and self._ends(i, node, ready):
                return self.column(i)
        near = sum(self.column(i) for i in node.inputs) / len(node.inputs)
        free = [c for c in range(self.columns) if self.is_free(c, self.levels)]
        return min(free, key=lambda c: abs(c - near), default=self.columns)

    def _ends(self, tensor: str, node: Node, ready: Sequence[Node]) -> bool:
        """Whether a node at this level can take over the column of its input, whose wire then ends.

        A state goes on to the right. Any other use from this level on must leave the column below this level, along a
        lane: it is at this level (``ready``) or already placed (``level``), is no pointwise operation, which would take
        its input from the side, and has no input straight from below.
        """
        below = [u for u in self.users[tensor] if u is not node and not 0 < u.level < self.levels]
        return tensor not in self.states and all(
            u.kind != "pointwise" and (u.level or u in ready) and "straight" not in u.enters.values() for u in below
        )


def _enters(node: Node, columns: dict[str, int], column: int) -> dict[str, str]:
    """How each input arrives: at a pointwise operation from the side, one from each side, the farthest first."""
    enters: dict[str, str] = {}
    sides_in_use: set[bool] = set()
    for i, at in sorted(columns.items(), key=lambda item: -abs(item[1] - column)):
        from_left = at < column
        if at == column:
            enters[i] = "straight"
        elif node.kind != "pointwise" or from_left in sides_in_use:
            enters[i] = "lane"
        else:
            enters[i] = "side"
            sides_in_use.add(from_left)
    return enters
