"""The text under the picture of the units: what a unit owns and reads, and the effect of changing one number."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from .....core.axes import Axes
from .....core.effects_of_a_change import AMOUNT, Poke, axes_of_sample, components
from .....core.ops import Array
from .....core.program import Tensor
from .....core.trace import StackTrace
from .....diagram.views.units.drawn_components import read_whole, shown
from .....translations.phrases import joined_with_and, phrase, plural
from .....translations.translator import Translator
from .....url_state.combinations_of_fields import pokable
from .....url_state.field_types import NONE
from .....url_state.url_state import UrlState
from .....url_state_to_picture.formulas import name
from .....url_state_to_picture.run_and_gradients import later_step, poked
from ..formatting import colour, decimal, mathematics, tint
from ..pager import Pager, choices, far, neighbours, pager
from .weights import UnitWeights, unit_weights

COLUMNS = 12
"""The maximum number of components of a vector that are shown."""

DIGITS = 3
"""Decimal places of a difference."""


class Row(NamedTuple):
    """The differences of a tensor's numbers: the text and the tint of each, or None where some are left out."""

    symbol: Markup
    link: str
    cells: list[tuple[str, str] | None]


class Strip(NamedTuple):
    """The rows of all tensors that have the same last axis, by step."""

    of: str
    colour: str
    columns: list[int | None]
    left_out: int
    steps: list[tuple[int, list[Row]]]


class VectorChoice(NamedTuple):
    """A vector of which one number may be changed, with the query that does so."""

    symbol: Markup
    name: str
    link: str
    is_chosen: bool


@dataclass(frozen=True)
class UnitsNote:
    """What a unit owns and reads, and its place in the vectors; the vectors of which a number may be changed, the pager
    through the numbers of the chosen one, and the effect of adding ``amount`` to it, in sentences and numbers."""

    follow: Pager
    choices: list[tuple[int, str]]
    unit: UnitWeights | None
    place: str
    weights_link: str
    vectors: list[VectorChoice]
    none_link: str
    pager: Pager | None
    amount: str
    is_executed: bool
    sentences: list[str]
    strips: list[Strip]


def note(url_state: UrlState, trace: StackTrace | None, translate: Translator) -> UnitsNote:
    """The text under the picture of the units."""
    poke = poked(url_state, trace) if trace and url_state.poke != NONE else None
    return UnitsNote(
        follow=pager(url_state, "unit"),
        choices=choices(url_state, "unit"),
        unit=None if url_state.unit is None else unit_weights(url_state, url_state.unit, translate),
        place="" if url_state.unit is None else place(url_state, url_state.unit),
        weights_link=url_state.query(view="weights"),
        vectors=[vector(url_state, id) for id in pokable(vars(url_state))],
        none_link=url_state.query(poke=NONE),
        pager=number_pager(url_state) if url_state.poke != NONE else None,
        amount=f"{AMOUNT:g}",
        is_executed=trace is not None,
        sentences=sentences(url_state, poke) if poke else [],
        strips=list(strips(url_state, poke)) if poke else [],
    )


def place(url_state: UrlState, unit: int) -> str:
    """The vectors of which a unit is a component, in words."""
    if url_state.num_proj:
        return phrase("Unit {n:,} is component {n:,} of c, of the gates and of m.", n=unit)
    if "c" in url_state.program.by_id:
        return phrase("Unit {n:,} is component {n:,} of h, c and the gates.", n=unit)
    if url_state.program.cell.id == "rnn":
        return phrase("Unit {n:,} is component {n:,} of h.", n=unit)
    return phrase("Unit {n:,} is component {n:,} of h and of the gates.", n=unit)


def vector(url_state: UrlState, id: str) -> VectorChoice:
    """A vector of which one number may be changed: that of the followed unit, if the vector has one."""
    t = url_state.program.by_id[id]
    own = url_state.unit if url_state.unit is not None and is_of_units(url_state, t) else 0
    return VectorChoice(
        symbol=mathematics(t.symbol, url_state.t, url_state.step_sign),
        name=name(url_state, t),
        link=url_state.query(poke=id, component=own),
        is_chosen=url_state.poke == id,
    )


def number_pager(url_state: UrlState) -> Pager:
    """The pager through the numbers of the vector that is changed."""
    t, k = url_state.program.by_id[url_state.poke], url_state.component
    last = components(t, url_state.sizes) - 1

    def to(other: int) -> str:
        return url_state.query(component=other)

    return replace(neighbours("component", colour_of(url_state, t), k, last, to), far=far(k, last, to))


def is_of_units(url_state: UrlState, t: Tensor) -> bool:
    """Whether component k of a tensor belongs to unit k of this cell."""
    return len(t.axes) == 2 and url_state.program.of_units(t) == (True,)


def colour_of(url_state: UrlState, t: Tensor) -> str:
    """The CSS class of the components of a tensor; "" if they have several axes."""
    axes = axes_of_sample(t)
    return colour(axes[0], url_state.sizes) if len(axes) == 1 else ""


# the effect in words


def sentences(url_state: UrlState, poke: Poke) -> list[str]:
    """What changed in this step, why, and what remains of it in later steps."""
    states = [*url_state.program.cell.states]
    changed = phrase(
        "Adding {amount:g} to component {n:,} of {tensor} in sample {sample:,} changed {what}.",
        n=url_state.component,
        tensor=mathematics(url_state.program.by_id[url_state.poke].symbol, url_state.t, url_state.step_sign),
        amount=AMOUNT,
        sample=url_state.sample or 0,
        what=joined_with_and([_changed(url_state, poke.here[state], state, url_state.t) for state in states]),
    )
    result: list[str] = [changed, _why(url_state)]
    if poke.following:
        next_step = joined_with_and(
            [
                _changed(url_state, change, state, later_step(url_state, 0))
                for state, change in poke.following[0].items()
            ]
        )
        result.append(phrase("One step later, it changed {what}.", what=next_step))
    else:
        result.append(phrase("This is the last step, so nothing follows."))
    if len(poke.following) > 1:
        h, steps = poke.following[-1][url_state.program.cell.output], len(poke.following)
        left = _remaining(float(abs(h).max()))
        result.append(plural("{n:,} step later, {left}.", "{n:,} steps later, {left}.", steps, left=left))
    return result


def _remaining(most: float) -> str:
    """The largest difference that remains, in words."""
    least = 10.0**-DIGITS
    if round(most, DIGITS) >= least:  # as in the table
        return phrase("no value of h differs by more than {most}", most=decimal(ceil(most / least) * least, DIGITS))
    if most:
        return phrase("no value of h differs by {least:g} or more", least=least)
    return phrase("no value of h differs")


def _changed(url_state: UrlState, change: Array, id: str, t: int) -> str:
    """Which numbers of a tensor changed: ``all 5 units of h``, ``only unit 2 of c``."""
    tensor = url_state.program.by_id[id]
    which, size = np.flatnonzero(change), change.size
    count = _units(which, size) if is_of_units(url_state, tensor) else _numbers(which, size)
    return phrase("{count} of {tensor}", count=count, tensor=mathematics(tensor.symbol, t, url_state.step_sign))


def _units(which: Array, size: int) -> str:
    if len(which) == 0:
        return phrase("no unit")
    if len(which) == size:
        return phrase("the one unit") if size == 1 else plural("all {n:,} unit", "all {n:,} units", size)
    if len(which) == 1:
        return phrase("only unit {first:,}", first=int(which[0]))
    return phrase("{n:,} of {all:,} units", n=len(which), all=size)


def _numbers(which: Array, size: int) -> str:
    if len(which) == 0:
        return phrase("no component")
    if len(which) == size:
        return phrase("the one component") if size == 1 else plural("all {n:,} component", "all {n:,} components", size)
    if len(which) == 1:
        return phrase("only component {first:,}", first=int(which[0]))
    return phrase("{n:,} of {all:,} components", n=len(which), all=size)


def _why(url_state: UrlState) -> str:
    if url_state.poke in read_whole(url_state.program):
        if url_state.program.has_gates:
            return phrase("Every gate of every unit reads all of it.")
        return phrase("Every unit reads all of it.")
    return phrase("Each unit uses only its own component of it.")


# the effect in numbers


def strips(url_state: UrlState, poke: Poke) -> Iterator[Strip]:
    """A strip for each kind of component: the units, those of a projection, and those of x if x is changed. The
    features of x are no units of this cell, even if they have the same axis."""
    kinds: dict[tuple[Axes, bool], dict[str, Tensor]] = {}
    for t in url_state.program.step:
        if _is_shown(url_state, t) and axes_of_sample(t):
            kinds.setdefault((axes_of_sample(t), is_of_units(url_state, t)), {})[t.id] = t
    for (_, units), rows in kinds.items():
        yield _strip(url_state, poke, rows, units)


def _is_shown(url_state: UrlState, t: Tensor) -> bool:
    """Whether the strips have a tensor: the changed vector, the states, and results of other operations than
    products and concatenations."""
    kind = t.operation.kind
    if kind == "step":
        return t.id == url_state.poke
    return t.role == "state" or kind not in ("product", "manipulation")


def _strip(url_state: UrlState, poke: Poke, rows: Mapping[str, Tensor], units: bool) -> Strip:
    """The strip of the tensors ``rows``, which have the same axes. ``units``: whether their components belong to units
    of this cell."""
    first = next(iter(rows.values()))
    size = components(first, url_state.sizes)
    followed = url_state.component if url_state.poke in rows else url_state.unit if units else None
    columns = _columns(size, followed)
    steps = [(url_state.t, [_row(url_state, t, poke.here[t.id], columns, url_state.t) for t in rows.values()])]
    for n, states in enumerate(poke.following):
        at = later_step(url_state, n)
        later = [_row(url_state, rows[id], change, columns, at) for id, change in states.items() if id in rows]
        steps += [(at, later)] if later else []
    return Strip(
        phrase("unit") if units else phrase("component"),
        colour_of(url_state, first),
        columns,
        size - sum(c is not None for c in columns),
        steps,
    )


def _columns(size: int, followed: int | None) -> list[int | None]:
    """The indices of the numbers that are shown, and None where some are left out."""
    columns: list[int | None] = []
    for number, slot in shown(size, COLUMNS, followed):
        columns += [None] * (slot - len(columns)) + [number]
    return columns


def _row(url_state: UrlState, t: Tensor, change: Array, columns: list[int | None], at: int) -> Row:
    cells = [None if k is None else _cell(float(change.flat[k])) for k in columns]
    return Row(mathematics(t.symbol, at, url_state.step_sign), url_state.at_step(at, tensor=t.id), cells)


def _cell(value: float) -> tuple[str, str]:
    """The text and the tint of a difference, with its sign, and exactly 0 as 0. The scale of the tints is the same for
    all differences: it ends at the added amount, and is a cube root, so that small differences are visible."""
    if not value:
        return "0", ""
    written = decimal(abs(value), DIGITS)
    sign = "+" if value > 0 else "−"
    share = min(1.0, abs(value) / AMOUNT) ** (1 / 3)
    text = f"{sign}{written}" if float(written) else f"{sign}<.{'0' * (DIGITS - 1)}1"
    return text, tint(share if value > 0 else -share)
