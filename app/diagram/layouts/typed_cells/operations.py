"""The operations that the picture of a typed cell shows: each is a sign or a box for one or more tensors.

``x @ W + b`` within an activation is one yellow layer, ``sum(a * b, K)`` one sign, and a cell of very many operations
is folded: one box for each line of its text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ....core.program import Program, Tensor
from ...matrix_axes import drawn_axes
from ...signs_of_typed_cells import is_number_of_weight, numbers_in, weights_in

FOLDED_FROM, FOLDED_ON_PHONES = 36, 18
"""A picture of more operations than this is folded by line, and one whose shapes could not be read otherwise."""

EXCHANGEABLE = ("add", "mul", "maximum", "minimum", "equal", "unequal")
"""Operations of several tensors whose inputs may arrive from any side, because their order does not matter."""

Sign = Literal["layer", "weight", "pointwise", "outer", "reduction", "manipulation", "choice", "line"]


@dataclass(eq=False)
class DrawnOperation:
    """One sign or box. ``result`` is the tensor that leaves it, ``shown`` the one that it stands for, ``also`` are
    further tensors within it: a layer stands for its product, and the result of its function leaves it. ``first`` is
    the input from which others are subtracted, that is divided or raised: it arrives from below or along a row, the
    others from a side."""

    sign: Sign
    shown: str
    result: str
    inputs: tuple[str, ...]
    also: tuple[str, ...] = ()
    members: tuple[str, ...] = field(default_factory=tuple)
    first: str = ""

    @property
    def is_row(self) -> bool:
        """Whether its inputs arrive side by side from below, in their order."""
        return self.sign == "choice" or (self.sign == "manipulation" and len(self.inputs) > 1)


def operations_of(program: Program, opened: str = "", most: int = FOLDED_FROM) -> list[DrawnOperation]:
    """The operations in the order of the equations. If there are more than ``most``, each line of the text is one box,
    but that of the tensor ``opened``."""
    single = _without_dead_parts(program, _Operations(program).found)
    return single if len(single) <= most else list(_folded(program, single, opened))


def _without_dead_parts(program: Program, drawn: list[DrawnOperation]) -> list[DrawnOperation]:
    """The operations without the parts of a split that nothing reads beside others that something reads."""
    read = {i for o in drawn for i in o.inputs} | {*program.cell.states, program.cell.output}
    parts = {id for o in drawn if o.result in read for id in (o.shown, o.result, *o.also) if program.by_id[id].part}
    live = {program.by_id[id].inputs for id in parts}
    return [o for o in drawn if o.result in read or not (t := program.by_id[o.result]).part or t.inputs not in live]


def line_of(program: Program, tensor: str) -> str:
    """The tensor that the line computes in which a tensor is a part: ``z`` of ``z_2``."""
    base, _, number = tensor.rpartition("_")
    if number.isdecimal() and program.by_id[tensor].symbol != f"{tensor}ₜ" and base in program.by_id:
        return base
    return tensor


def _folded(program: Program, single: list[DrawnOperation], opened: str) -> Iterator[DrawnOperation]:
    """One box for each line; its inputs are those of its operations from outside."""
    box_of = _box_of(program, single)
    for box in (o.result for o in single if box_of[o.result] == o.result):  # each after those that it reads
        members = [o for o in single if box_of[o.result] == box]
        line = line_of(program, box)
        if line == opened or len(members) == 1 or box != line:  # what has no name cannot be a box
            yield from members
            continue
        made = {o.result for o in members}
        inputs = dict.fromkeys(i for o in members for i in o.inputs if i not in made)
        within = dict.fromkeys(id for o in members for id in (o.shown, o.result, *o.also) if id != line)
        yield DrawnOperation("line", line, line, tuple(inputs), tuple(within), tuple(made))


def _box_of(program: Program, single: list[DrawnOperation]) -> dict[str, str]:
    """The result that leaves the box of each operation, by its own result. Only one leaves a box: what several lines
    read, such as the sum that others are blocks of, begins a box of its own."""
    users: dict[str, list[str]] = {}
    for o in single:
        for i in o.inputs:
            users.setdefault(i, []).append(o.result)
    found: dict[str, str] = {}
    for o in reversed(single):
        boxes = {found[user] for user in users.get(o.result, [])}
        line = line_of(program, o.result)
        within = [box for box in boxes if o.result != line == line_of(program, box)]
        found[o.result] = within[0] if len(boxes) == len(within) == 1 else o.result
    return found


class _Operations:
    """Finds the operations of a program."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.merged: set[str] = set()
        """The tensors that are parts of a later operation."""
        self.numbers = {t.id for t in program.step if is_number_of_weight(program, t)}
        """The weights that are one number, each as the sum over its axis of size 1."""
        self.of: dict[str, DrawnOperation] = {}
        for t in program.step:
            if t.operation.kind != "step" and t.role not in ("constant", "weight") and t.id not in self.numbers:
                self._add(t)
        self.found = self._without_copies([o for o in self.of.values() if o.result not in self.merged])

    def _without_copies(self, drawn: list[DrawnOperation]) -> list[DrawnOperation]:
        """The operations without those that only give another name: a copy of a tensor that nothing else reads, and one
        with another name for its axis. What reads the copy gets the tensor itself."""
        leaving = {*self.program.cell.states, self.program.cell.output}
        by_result = {o.result: o for o in drawn}
        source_of: dict[str, str] = {}
        for o in drawn:
            if not self._is_copy(o):
                continue
            source = source_of.get(o.inputs[0], o.inputs[0])
            if o.result not in leaving:
                source_of[o.result] = source
            elif source in by_result and source not in leaving and self.program.by_id[o.shown].op == "copy":
                made = by_result.pop(source)
                by_result[o.result] = replace(made, result=o.result, also=(*made.also, source))
        return [self._with_sources(by_result[o.result], source_of) for o in drawn
                if o.result in by_result and o.result not in source_of]  # fmt: skip

    def _is_copy(self, o: DrawnOperation) -> bool:
        """Whether an operation only gives another name to a tensor that nothing else reads, or to its axis."""
        t = self.program.by_id[o.shown]
        if o.sign != "pointwise" or len(o.inputs) != 1:
            return False
        is_only_user = len(self.program.used_by[o.inputs[0]]) == 1
        return (t.op == "copy" and is_only_user) or t.operation.kind == "contraction"

    @staticmethod
    def _with_sources(o: DrawnOperation, source_of: Mapping[str, str]) -> DrawnOperation:
        copies = tuple(i for i in o.inputs if i in source_of)
        inputs = tuple(dict.fromkeys(source_of.get(i, i) for i in o.inputs))
        return replace(o, inputs=inputs, also=(*o.also, *copies), first=source_of.get(o.first, o.first))

    def _add(self, t: Tensor) -> None:
        kind = t.operation.kind
        if kind == "product" or (t.op == "split" and self._is_product_only_split(t.inputs[0])):
            self._layer(t)
        elif t.op == "add" and (parts := self._layers_of(t)):
            self._sum_of_layers(t, parts)
        elif kind == "function" and (layer := self._layer_before(t)):
            self._replace(layer.result, DrawnOperation("layer", layer.shown, t.id, layer.inputs, layer.also))
        elif kind == "reduction" or (kind == "contraction" and self._is_of_tensors(t)):
            self._reduction(t)
        else:
            self._single(t)

    def _replace(self, before: str, by: DrawnOperation) -> None:
        self.merged.add(before)
        self.of[by.result] = by

    def _layer(self, t: Tensor) -> None:
        product = self.program.by_id[t.inputs[0]] if t.op == "split" else t
        weights = self.program.weights_of(product)
        if self.program.pieces(product) and product is t and self._is_product_only_split(t.id):
            return  # its pieces are drawn
        source = product.inputs[0]
        if source in weights:  # a product of weights alone
            self._single(t)
            return
        inputs: tuple[str, ...] = (source,)
        also = [id for id in (product.id, *weights) if id != t.id]
        made = self.program.by_id[source]
        if made.op == "concat" and all(self._reads_as_layer(user) for user in self.program.used_by[source]):
            inputs, also = made.inputs, [*also, source]
            self.merged.add(source)
        self.of[t.id] = DrawnOperation("layer", t.id, t.id, inputs, tuple(also))

    def _reads_as_layer(self, user: str) -> bool:
        return self.program.by_id[user].operation.kind == "product"

    def _is_product_only_split(self, id: str) -> bool:
        users = self.program.used_by[id]
        product = self.program.by_id[id].operation.kind == "product"
        return product and bool(users) and all(self.program.by_id[user].op == "split" for user in users)

    def _layers_of(self, t: Tensor) -> list[str]:
        """The terms of a sum that are layers read by nothing else and biases: those of one layer. Empty if another term
        is among them."""
        if t.numbers or not all(self._is_plain_layer(id) or self._is_weight(id) for id in t.inputs):
            return []
        layers = [id for id in t.inputs if self._is_plain_layer(id)]
        if any(self.program.by_id[id].axes != t.axes for id in layers):
            return []
        return layers

    def _is_plain_layer(self, id: str) -> bool:
        """Whether a tensor is a layer without its function, which only one operation reads."""
        layer = self.of.get(id)
        is_layer = layer is not None and layer.sign == "layer" and layer.shown == layer.result
        return is_layer and len(self.program.used_by[id]) == 1

    def _is_weight(self, id: str) -> bool:
        return self.program.by_id[id].role == "weight" or id in self.numbers

    def _sum_of_layers(self, t: Tensor, parts: list[str]) -> None:
        layers = [self.of[id] for id in parts]
        inputs = tuple(dict.fromkeys(i for layer in layers for i in layer.inputs))
        within = [id for layer in layers for id in (layer.shown, *layer.also)]
        self.merged.update(parts)
        also = tuple(dict.fromkeys((*within, *self._weights(t))))
        self.of[t.id] = DrawnOperation("layer", t.id, t.id, inputs, also)

    def _layer_before(self, t: Tensor) -> DrawnOperation | None:
        """The layer whose function this is."""
        source = t.inputs[0]
        is_read = bool(self.program.used_by[t.id])
        return self.of[source] if t.operation.is_pointwise and is_read and self._is_plain_layer(source) else None

    def _reduction(self, t: Tensor) -> None:
        inputs, also = self._drawn(t.inputs), tuple(self.program.weights_of(t))
        source = self.of.get(t.inputs[0])
        if t.op == "sum" and source and self._is_product_for(source, t.id):
            inputs, also = source.inputs, (source.shown, *source.also)
            self.merged.add(source.result)
        self.of[t.id] = DrawnOperation("reduction", t.id, t.id, inputs, also)

    def _is_of_tensors(self, t: Tensor) -> bool:
        """Whether a contraction multiplies two tensors, or one by itself: neither is a matrix of ones."""
        return all(self._drawn((id,)) for id in t.inputs)

    def _is_product_for(self, o: DrawnOperation, user: str) -> bool:
        is_product = self.program.by_id[o.shown].op == "mul" and o.sign in ("pointwise", "outer")
        return is_product and self.program.used_by[o.result] == (user,) and len(o.inputs) == 2

    def _single(self, t: Tensor) -> None:
        weights, inputs = self._weights(t), self._drawn(t.inputs)
        sign: Sign = "manipulation" if t.operation.kind == "manipulation" else "pointwise"
        if t.op == "where":
            sign = "choice"
        elif weights and (sign == "pointwise" or not inputs):
            sign = "weight"
        elif t.op == "mul" and len(inputs) == 2 and self._is_outer(*inputs):
            sign = "outer"
        is_ordered = sign == "pointwise" and len(inputs) > 1 and t.op not in EXCHANGEABLE
        self.of[t.id] = DrawnOperation(sign, t.id, t.id, inputs, weights, first=inputs[0] if is_ordered else "")

    def _is_outer(self, a: str, b: str) -> bool:
        """Whether the product of two vectors has both of their axes."""
        first, second = (drawn_axes(self.program, self.program.by_id[id].axes) for id in (a, b))
        return len(first) == len(second) == 1 and first != second

    def _drawn(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        """The inputs that arrive as wires: no weights and constants."""
        roles = ((id, self.program.by_id[id].role) for id in ids if id not in self.numbers)
        return tuple(dict.fromkeys(id for id, role in roles if role not in ("weight", "constant")))

    def _weights(self, t: Tensor) -> tuple[str, ...]:
        """The weights that an operation has without wires, and the sums of those that are one number."""
        return (*weights_in(self.program, t), *numbers_in(self.program, t))
