"""The text under the picture of the weights: which unit owns them, and which sizes their shapes depend on."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from .....core.axes import Axis, Sizes
from .....core.program import Tensor
from .....core.trace import StackTrace
from .....frameworks.stack_in_framework import numbers
from .....frameworks.unit_slices import ArraySlice, owned, read_above, read_by, rows_of_gates
from .....teaching.around_picture.sentences import Word, fill_in
from .....teaching.parameter_counts import joined
from .....translations.numbers import grouped
from .....translations.phrases import CommaSeparated, phrase, plural
from .....translations.translator import Translator
from .....url_state.url_state import UrlState
from ..pager import Pager, choices, far, following, pager

FEW = 6
"""The maximum number of tensors that are named."""

COUPLED = {"lstm_coupled": "i"}
"""By cell, the gate that is 1 minus another and has no weights of its own."""


@dataclass(frozen=True)
class OwnedArray:
    """A unit's parameters in an array: their slices and number."""

    name: str
    slices: list[ArraySlice]
    count: int


class DoubledSize(NamedTuple):
    """The effect of doubling a size: the number of parameters before and after, and the tensors that grow."""

    name: str
    size: int
    parameters: tuple[int, int]
    grow: str


@dataclass(frozen=True)
class UnitWeights:
    """The parameters that a unit owns, counted by ``formula``, and those that read it, in this layer and ``above``.
    ``without``: a gate that has no weights of its own; ``unused``: gates whose block nothing reads."""

    far: list[tuple[int, str]]
    formula: list[Word]
    count: int
    owned: list[OwnedArray]
    read: list[ArraySlice]
    above: list[ArraySlice]
    without: str
    unused: list[str]
    reads: list[Word]


@dataclass(frozen=True)
class WeightsNote:
    """``ticks``: for each tensor, with its link, which of the sizes ``axes`` its shape depends on."""

    unit: UnitWeights | None
    follow: Pager
    choices: list[tuple[int, str]]
    axes: list[str]
    ticks: list[tuple[Tensor, str, list[bool]]]
    doubled: list[DoubledSize]


def note(state: UrlState, trace: StackTrace | None, translate: Translator) -> WeightsNote:
    """The text under the picture of the weights."""
    axes = [name for name in ("batch_size", "time_step", "features", "num_units", "num_proj") if name in state.sizes]
    return WeightsNote(
        unit=None if state.unit is None else unit_weights(state, state.unit, translate),
        follow=pager(state, "unit"),
        choices=choices(state, "unit"),
        axes=axes,
        ticks=[(t, state.query(tensor=t.id), ticks(t, axes)) for t in state.program.tensors],
        doubled=[doubled(state, name) for name in axes],
    )


def unit_weights(state: UrlState, unit: int, translate: Translator) -> UnitWeights:
    """The parameters that a unit owns and those that read it, by array."""
    model = state.shown_model
    own = owned(model, state.place, unit)
    return UnitWeights(
        far=far(unit, state.num_units - 1, lambda other: following(state, "unit", other)),
        formula=formula(state),
        count=sum(array_slice.count for array_slice in own),
        owned=list(by_array(own)),
        read=read_by(model, state.place, unit),
        above=read_above(model, state.place, unit),
        without=COUPLED.get(state.cell, ""),
        unused=[ours for _, ours in model.layout.opposite],
        reads=reads(state, translate),
    )


def by_array(slices: list[ArraySlice]) -> Iterator[OwnedArray]:
    """The slices, grouped by array."""
    for name in dict.fromkeys(array_slice.array for array_slice in slices):
        own = [array_slice for array_slice in slices if array_slice.array == name]
        yield OwnedArray(name, own, sum(array_slice.count for array_slice in own))


def formula(state: UrlState) -> list[Word]:
    """The number of parameters of a unit as a formula: ``4 × (5 + 2 + 1)``."""
    gates = rows_of_gates(state.shown_model, state.place).values()
    return joined(" + ", [_gates(n, rows, state.sizes) for rows, n in Counter(map(tuple, gates)).items()])


def _gates(n: int, rows: Iterable[Any], sizes: Sizes) -> list[Word]:
    """The term of ``n`` gates with the same rows: as many as x and h have components, and one for each bias and
    peephole."""
    terms = [
        [(f"{m} × ", "")] * (m > 1) + [(grouped(sizes[name]), name)] for row in rows if row for m, name in row.terms
    ]
    ones = sum(row is None for row in rows)
    return [(f"{n} × (", ""), *joined(" + ", [*terms, [(str(ones), "")]]), (")", "")]


def reads(state: UrlState, translate: Translator) -> list[Word]:
    """The inputs of a unit's gates, in words: all of h and x, but only the unit's own component of the cell state. No
    words for a typed cell, whose equations say it."""
    if state.equations:
        return []
    h, x = (state.program.by_id[id].axes[-1] for id in ("h_prev", "x"))
    all_h = plural("all {h} value of h", "all {h} values of h", h.size(state.sizes), h=_size(h))
    of_h = phrase("the one value of h") if h.size(state.sizes) == 1 else all_h
    of_x = phrase("the one of x") if x.size(state.sizes) == 1 else phrase("all {x} of x", x=_size(x))
    text = phrase("It reads {of_h} and {of_x}.", of_h=of_h, of_x=of_x)
    if "c" in state.program.by_id:
        text = phrase("It reads {of_h}, {of_x}, and only its own value of c.", of_h=of_h, of_x=of_x)
    return fill_in(translate(text), state.sizes, translate)


def _size(axis: Axis) -> str:
    """The size of an axis, for ``fill_in``. In a layer above two directions, x is the concatenation of their outputs:
    ``2 × {num_units}``."""
    ((times, name),) = axis.terms
    return f"{times} × {{{name}}}" if times > 1 else f"{{{name}}}"


def ticks(t: Tensor, names: list[str]) -> list[bool]:
    """Whether a tensor's shape depends on each of the sizes."""
    own = {name for axis in t.axes for name in axis.names}
    return [name in own for name in names]


def doubled(state: UrlState, name: str) -> DoubledSize:
    """The effect of doubling the size ``name``."""
    arrays, sizes = state.shown_model.cell_axes(state.place), state.shown_model.sizes
    return DoubledSize(
        name=name,
        size=sizes[name],
        parameters=(numbers(arrays, sizes), numbers(arrays, {**sizes, name: 2 * sizes[name]})),
        grow=growing(state, name),
    )


def growing(state: UrlState, name: str) -> str:
    """The tensors whose shape depends on a size, in words; if they are many, those whose shape does not."""
    tensors = state.program.tensors
    grow = [t.id for t in tensors if any(name in axis.names for axis in t.axes)]
    others = [t for t in tensors if t.id not in grow]
    if not grow:
        return phrase("no tensor of this layer grows")
    if not others:
        return phrase("every tensor grows")
    if len(grow) <= FEW or len(others) > len(grow):
        *first, last = grow
        if not first:
            return phrase("only {last} grows", last=last)
        others_grow = CommaSeparated(first)
        return phrase("only {others} and {last} grow", others=others_grow, last=last)
    if others == [*state.program.weights]:
        return phrase("every tensor except the weights grows")
    *first, last = [t.id for t in others]
    if not first:
        return phrase("every tensor except {last} grows", last=last)
    return phrase("every tensor except {others} and {last} grows", others=CommaSeparated(first), last=last)
