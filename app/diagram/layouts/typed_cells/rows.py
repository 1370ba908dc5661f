"""The rows of a typed cell: each state, and the signs through which it runs straight through."""

from ....core.program import Program
from .operations import DrawnOperation


class Rows:
    """The ``spines`` of states, which are the signs on their rows from left to right; ``row_of`` is the row of each of
    these results, ``users`` are the operations that read each tensor."""

    def __init__(self, program: Program, drawn: list[DrawnOperation]) -> None:
        self.program, self.drawn = program, drawn
        self.states = [s for s in program.cell.states if s != "x"]
        self.leaving = {*program.cell.states, program.cell.output}
        self.users: dict[str, list[DrawnOperation]] = {}
        for o in drawn:
            for i in o.inputs:
                self.users.setdefault(i, []).append(o)
        self.spines = self._spines()
        self.row_of = {o.result: state for state, spine in self.spines.items() for o in spine}

    @property
    def order(self) -> list[str]:
        """The states from the top down: those that run straight through, then those that begin anew."""
        straight = [s for s in self.states if s in self.spines]
        return [*straight, *(s for s in self.states if s not in self.spines)]

    def _spines(self) -> dict[str, list[DrawnOperation]]:
        """The signs through which each state runs, from left to right."""
        spines: dict[str, list[DrawnOperation]] = {}
        taken: dict[str, str] = {}
        for state in self.states:
            spine = self._spine(state)
            crossing = [i for n, o in enumerate(spine) for i in o.inputs if i in taken]
            if spine and not crossing and not any(o.result in taken for o in spine):
                spines[state] = spine
                taken |= {o.result: state for o in spine}
        return spines

    def _spine(self, state: str) -> list[DrawnOperation]:
        """The way of a state through signs that keep its axes: with the fewest functions, then the longest. It avoids
        the results that leave on another row."""
        others = {*self.states} - {state}
        axes = self.program.by_id[state].axes
        best: dict[str, tuple[int, int, tuple[DrawnOperation, ...]]] = {f"{state}_prev": (0, 0, ())}
        for o in self.drawn:
            if o.sign not in ("pointwise", "weight", "outer", "line") or self.program.by_id[o.result].axes != axes:
                continue
            if o.result in others:
                continue
            ways = [best[i] for i in o.inputs if i in best and o.first in ("", i)]
            if ways:
                functions, length, way = max(ways, key=lambda way: way[:2])
                is_function = self.program.by_id[o.shown].operation.kind == "function"
                best[o.result] = functions - is_function, length + 1, (*way, o)
        return list(best[state][2]) if state in best else []

    def along_row(self, o: DrawnOperation) -> str:
        """The input that an operation on a row gets from the left."""
        spine = self.spines[self.row_of[o.result]]
        n = spine.index(o)
        return spine[n - 1].result if n else f"{self.row_of[o.result]}_prev"

    def below_users(self, tensor: str) -> list[DrawnOperation]:
        """The users of a tensor that do not get it along its own row."""
        users = self.users.get(tensor, [])
        return [u for u in users if u.result not in self.row_of or self.along_row(u) != tensor]
