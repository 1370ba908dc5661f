"""The labels in a typed cell: shapes of results, and names of gates."""

from itertools import pairwise

from ...elements import Text
from ...names_as_letters import letters
from .columns import Placed
from .inside import Inside
from .placement import LABELLED, NAME

MOST_LINES = 2
"""The most lines of the shape of a matrix on a row; that of a vector has one."""


class Labels:
    """The labels of a cell in its box."""

    def __init__(self, inside: Inside) -> None:
        self.inside, self.plan, self.arranged = inside, inside.plan, inside.arranged
        self.d, self.box, self.operations = inside.d, inside.box, inside.operations

    def draw(self) -> None:
        """The shapes of results, and the names of those that layers compute or that are parts of another tensor."""
        for p in self.arranged.placed.values():
            if p.result in self.plan.labels:
                self._label(p)
            if name := self.plan.name(p):
                o, (letter, sub) = self.operations[p.result], letters(name)
                self.d.add(Text(o.left - 6, o.top + 9, letter, 14, "ink", "serif", "end", True, sub, node=o.node))

    def _label(self, p: Placed) -> None:
        d, box, operation = self.d, self.box, self.operations[p.result]
        breadth = d.breadth(p.result)
        if p.row:
            begin, end = self._free_of_row(p)
            needed = 0.75 * self.plan.label_room(p.result) * box.width / self.plan.width
            most = MOST_LINES if d.is_matrix(p.result) else 1
            if end - begin - 14 > needed and d.lines_of(p.result, end - begin - 14) <= most:
                d.label(p.result, (begin + end) / 2 - 4, operation.y, "above", end - begin - 14)
            return
        level = p.level - 1 if p.column.source else p.level
        name = f"labels {level}"
        y = box.row(name) if name in box.rows else operation.top - LABELLED / 2
        room = self._room(operation.x) - breadth / 2 - 12
        side = (breadth - d.thickness(p.result)) / 2
        if name := self.plan.name_on_wire(p):
            letter, sub = letters(name)
            self.d.add(Text(operation.x - breadth / 2 - 8, y, letter, NAME, "ink", "serif", "end", True, sub,
                            node=operation.node))  # fmt: skip
        if p.column.source:
            d.label(p.result, operation.x + side, y, "right", room)
        else:
            d.label(p.result, operation.x + side, y, "right", room, tall=2 * (operation.top - y) - 1)

    def _free_of_row(self, p: Placed) -> tuple[float, float]:
        """The longest piece of a wire on a row, right of its operation, that no wire to a row above it crosses."""
        arranged, rows, box = self.arranged, self.arranged.rows, self.box
        above = rows.order[: rows.order.index(p.row)]
        rising = [box.column(f"of {o.result}") for o in arranged.placed.values() if o.row in above or o.result in above]
        coming = [
            box.column(f"down {s}") for s in rows.row_of if rows.row_of[s] in above and f"down {s}" in box.columns
        ]
        output = [box.column("output")] if arranged.program.cell.output not in rows.order[len(above) + 1 :] else []
        begin, end = self.operations[p.result].right, self.inside.along(p.result, p.row).x
        cuts = sorted(x for x in (*rising, *coming, *output) if begin < x < end)
        ends = [begin, *cuts, end]
        return max(pairwise(ends), key=lambda piece: piece[1] - piece[0])

    def _room(self, x: float) -> float:
        """The distance to what runs in the next column at the right."""
        box, nearest = self.box, self.box.right
        for name, share in box.columns.items():
            at, (kind, _, tensor) = box.x + share * box.width, name.partition(" ")
            tensor = tensor.partition(" ")[0]
            if kind in ("of", "down", "up") and x + 5 < at < nearest + 30:
                nearest = min(nearest, at - self.d.breadth(tensor) / 2 + 2)
        return nearest - x
