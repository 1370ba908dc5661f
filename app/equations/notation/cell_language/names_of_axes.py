"""The names and sizes of the axes that tensors of papers have in the cell language."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ....core.axes import FEATURES, NUM_UNITS, Axis, OwnSize
from ....core.axes import axis as parsed_axis
from ....translations.phrases import phrase
from ...names import RESERVED
from ...places_and_errors import EquationsError, Place
from ..names.names_of_text import NamesOfText
from ..parsing.paper_syntax import (
    SLOTS,
    Apply,
    Symbol,
    Term,
    parts_of,
    within,
)
from ..shapes.shapes import Shapes
from ..shapes.unknown_axes import ONE, Unknown, flat
from ..vocabulary.usual_letters import SIZE_OF_STATE

RANK = "R"
"""The name of an axis between two matrices of weights."""


@dataclass(eq=False)
class NamesOfAxes:
    """``open`` are the axes that get the size of the state, as nothing else follows. ``unused`` are the axes that a
    line declares and no tensor has. ``slotted`` are the names that have the axis of slots."""

    v: NamesOfText
    shapes: Shapes
    own_axes: dict[str, OwnSize] = field(default_factory=dict)
    ties: bool = False
    open: dict[Unknown, None] = field(default_factory=dict)
    unused: set[str] = field(default_factory=set)
    slotted: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._find_slotted()
        self._name_axes()

    def _find_slotted(self) -> None:
        """The names that have the axis of slots: those with the index of a slot, and states that are computed from
        them."""
        known = {*self.v.computed, *self.v.weights, *self.v.given, self.v.slot_of_input}
        self.slotted = {*self.v.text.slots} & known
        before = -1
        while self.slotted and before < len(self.slotted):
            before = len(self.slotted)
            self.slotted |= {id for id, own in self.v.computed.items() if self.is_slotted(own.value)}
        if self.slotted and not self.v.slot_of_input:
            self.own_axes[SLOTS] = OwnSize(((1, str(NUM_UNITS)),))

    def is_slotted(self, e: Term) -> bool:
        """Whether a term has the axis of slots."""
        match e:
            case Symbol(id=id):
                return id in self.slotted
            case Apply("sum", (one,), _) if one == SLOTS:
                return False
        return any(map(self.is_slotted, parts_of(e)))

    def _of_slots(self, id: str) -> tuple[Axis, ...]:
        """The axis of slots, if a name has it."""
        return (parsed_axis(self.axis_of_slots),) if id in self.slotted else ()

    @property
    def axis_of_slots(self) -> str:
        return str(NUM_UNITS) if self.v.slot_of_input else SLOTS

    def _name_axes(self) -> None:
        v, types = self.v, self.shapes.types
        for line in v.axes.values():
            self.own_axes[line.name] = line.size
        if self.shapes.part_of_input:
            self._name_part_of_input(*self.shapes.part_of_input)
        self.unused = {*v.axes} - self._used_axes()
        output = v.output_line.name if v.output_line else v.outputs[0] if v.outputs else ""
        states = [id for id in v.states if id in types]
        self._give_unused([id for id in states if not all(types[id]) and id[0].upper() in self.unused])
        for id, pair in types.items():
            for root in (axis.root for axis in pair if axis):
                if root.size and not root.name and not root.parts:
                    root.name = self._name_of_size(root.size, id)
        has_matrix = any(all(types[id]) for id in states)
        first = [output] if has_matrix or output in states else []
        ordered = [id for id in (*first, *sorted(states, key=lambda id: id != "h"), *v.computed) if id in types]
        matrices = [id for id in ordered if all(types[id])]
        features = self.shapes.features.root
        is_state = features in {a.root for s in v.states for a in types[s] if a}
        last = [axis.root for id in ordered if (axis := types[id][1] or types[id][0]) and not axis.root.parts]
        usable = (axis for axis in last if not axis.name or (axis is features and is_state))
        units = next(usable, None) if not v.slot_of_input else features
        self.ties = units is features or features.name == str(NUM_UNITS)
        if units is not None:
            self._give(units, str(NUM_UNITS))
        for id in matrices:
            for axis, hint in zip(types[id], self._hints(id), strict=True):
                if axis and not axis.root.name and not axis.root.parts and id in v.states:
                    self._give(axis.root, self._free(axis.root.letter, hint))
        for id in states:
            axis = types[id][0] or types[id][1]
            if axis and not axis.root.name and not axis.root.parts:
                usual = SIZE_OF_STATE if v.slot_of_input else id[0].upper()
                self._give(axis.root, self._free(axis.root.letter, usual))
        for root in (axis.root for pair in types.values() for axis in pair if axis):
            if root.letter in v.text.lengths and not root.name and not root.parts:
                self._give(root, self._free(root.letter))
        self._give_unused(ordered)
        for root in self._ranks() if self.unused else ():
            if (name := self._free(RANK)) in self.unused:
                self._give(root, name)
        for root, weights in self._ranks().items():
            if len(weights) == 1 and root.letter:  # K of M ∈ ℝ^{K × d} in Mᵀ softmax(M q)
                self._give(root, self._free(root.letter, RANK))
        if self.ties:
            self.own_axes["features"] = OwnSize(((1, str(NUM_UNITS)),))

    def _name_part_of_input(self, part: Unknown, n: int) -> None:
        """Name the axis of the equal parts of the input, which is as long as these."""
        size = OwnSize(((1, str(FEATURES)),), (n,))
        name = next((name for name, own in self.own_axes.items() if own == size), "") or self._free("F")
        self.own_axes[name] = size
        part.root.name = part.root.name or name

    def _name_of_size(self, n: int, id: str) -> str:
        """The name of an axis of n numbers that a tensor has: one that the text declares, or a new one."""
        size = OwnSize(((n, ""),))
        name = next((line.name for line in self.v.axes.values() if line.size == size), "") or self._free(id[0].upper())
        self.own_axes[name] = size
        self.unused.discard(name)
        return name

    def _name_of_sum(self, root: Unknown) -> str:
        """The name of an axis that is as long as others and some numbers."""
        parts = Counter(part.root.name or str(self.axis(part)) for part in root.parts)
        size = OwnSize(tuple((n, "" if name == ONE else name) for name, n in parts.items()))
        name = next((name for name, own in self.own_axes.items() if own == size), "") or self._free("S")
        self.own_axes[name] = size
        return name

    def _ranks(self) -> dict[Unknown, list[str]]:
        """The axes without a name that only weights have, with these: that between W_u and W_d of W_u W_d x."""
        types, v = self.shapes.types, self.v
        others = {a.root for id, pair in types.items() if id not in v.weights for a in pair if a}
        found: dict[Unknown, list[str]] = {}
        for id in v.weights:
            for root in (a.root for a in types.get(id, ()) if a):
                if not root.parts and root not in others and (not root.name or root in self.open):
                    found.setdefault(root, []).append(v.name(id))
        return found

    def open_ranks(self) -> Iterator[tuple[str, str, str]]:
        """The weights whose axis between them could have another size, with a name for that."""
        for root, weights in self._ranks().items():
            if len(weights) > 1:
                yield weights[0], weights[1], self._free(root.letter, RANK)

    def _give_unused(self, ids: Iterable[str]) -> None:
        """Give axes that no tensor has yet to vectors, as their letters say: R to r."""
        for id in ids if self.unused else ():
            axis = self.shapes.types[id][0] or self.shapes.types[id][1]
            if (
                axis
                and not axis.root.name
                and not axis.root.parts
                and (name := self._free(id[0].upper())) in self.unused
            ):
                self._give(axis.root, name)

    def _used_axes(self) -> set[str]:
        """The axes that tensors of the text have already, or that are sizes of others or in equations."""
        v = self.v
        named = {a.root.name for pair in self.shapes.types.values() for a in pair if a}
        parts = {part.root.name for pair in self.shapes.types.values() for a in pair if a for part in flat(a)}
        declared = {name for d in v.declared.values() for axis in d.axes for name in axis.names}
        sizes = {name for line in v.axes.values() for name in line.size.names}
        terms = [e for equation in v.computed.values() for e in within(equation.value)]
        symbols = {e.id for e in terms if isinstance(e, Symbol)}
        indices = {one for e in terms if isinstance(e, Apply) for one in e.index}
        return named | parts | declared | sizes | symbols | indices

    def _hints(self, id: str) -> tuple[str, str]:
        """Names for the axes of a matrix: those of the vectors that it is made of, V and K."""
        found = []
        for axis in self.shapes.types[id]:
            vectors = [n for n, t in self.shapes.types.items() if n in (*self.v.computed, *self.v.given)
                       and not all(t) and any(a and axis and a.root is axis.root for a in t)]  # fmt: skip
            usual = [n for n in vectors if n[0] in "kvqr"]
            found.append((usual or vectors or ["K"])[0][0].upper().replace("Q", "K"))
        return found[0], found[1]

    def _free(self, *hints: str) -> str:
        """A name for an axis, the first that is free, or that a line declares for an axis which no tensor has."""
        taken = {
            *RESERVED,
            *(self.own_axes.keys() - self.unused),
            *self.v.computed,
            *self.v.weights,
            *self.v.given,
            "t",
            "x",
        }
        taken |= {self.v.name(id) for id in taken}
        names = (*hints, "K", "V", "N", "M", "R", "P", "D", f"{hints[-1]}axis")
        return next(name for name in names if re.fullmatch(r"[A-Za-z]\w{0,8}", name, re.ASCII) and name not in taken)

    def _give(self, axis: Unknown, name: str) -> None:
        axis.name = name
        self.unused.discard(name)
        if name not in (str(NUM_UNITS), str(FEATURES)):
            length = self.v.text.lengths.get(axis.letter)
            self.own_axes.setdefault(name, OwnSize(((length, "") if length else (1, str(NUM_UNITS)),)))

    def axis(self, of: Unknown) -> Axis:
        root = of.root
        if any(part.root.name == ONE for part in root.parts):  # num_units + 1, which only an axis of its own can be
            return parsed_axis(self._name_of_sum(root))
        if root.parts:
            return Axis(tuple(term for part in root.parts for term in self.axis(part).terms)).collected
        if not root.name:
            root.name = str(NUM_UNITS)
            self.open[root] = None
        return parsed_axis(root.name)

    def scaled_rows(self) -> Iterator[tuple[str, str, Place]]:
        """The vectors and matrices of products that multiply each row of a matrix with a number of a vector."""
        for e in self.shapes.scaled.values():
            if isinstance(e.left, Symbol) and isinstance(e.right, Symbol) and any(self.shapes.terms[id(e.left)]):
                yield e.left.id, e.right.id, e.place

    def left_open(self) -> Iterator[tuple[str, str, str]]:
        """The tensors whose axis could have another size, with a name for that, and what the text calls it."""
        for root in self.open:
            own = {id: axis for id, (rows, columns) in self.shapes.types.items() if (axis := rows or columns)}
            computed = [id for id in self.v.computed if id in own and own[id].root is root]
            weights = [id for id in self.v.weights if root in {a.root for a in self.shapes.types.get(id, ()) if a}]
            if computed and weights:
                letter = root.letter
                yield self.v.name(computed[0]), self._free(*filter(None, (letter, computed[0][0].upper()))), letter

    def second(self, of: Unknown) -> Axis:
        """Another name of an axis, for a matrix that has it twice."""
        name = str(self.axis(of))
        if not name.isidentifier():
            problem = phrase(
                "a matrix of a step would have the axis {axis} twice; a cell has smaller states", axis=name
            )
            raise EquationsError(problem, self.first_place)
        other = "U2" if name == str(NUM_UNITS) else "F2" if name == str(FEATURES) else f"{name}2"
        self.own_axes.setdefault(other, OwnSize(((1, name),)))
        return parsed_axis(other)

    @property
    def first_place(self) -> Place:
        return next(iter(self.v.computed.values())).place
