"""Which layers of two models correspond to each other."""

from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import zip_longest
from math import log

from ...core.model.chain import Chain
from ...core.model.layer import GAPS, Layer

Pair = tuple[int | None, int | None]
"""The parts of two layers that correspond to each other; None if one of the models has no such layer."""

MOST_COMPARED = 60
"""Layers of which any may correspond to any other. Of more, those at the same place correspond to each other."""


def aligned(one: Chain, other: Chain) -> list[Pair]:
    """The layers of two chains that correspond to each other, from the input to the output."""
    left, right = one.layers, other.layers
    fewer = min(len(left), len(right))
    start = next((n for n in range(fewer) if left[n] != right[n]), fewer)
    most = fewer - start
    end = next((n for n in range(most) if left[-1 - n] != right[-1 - n]), most)
    return [
        *((n, n) for n in range(start)),
        *_changed(one, other, range(start, len(left) - end), range(start, len(right) - end)),
        *((len(left) - n, len(right) - n) for n in range(end, 0, -1)),
    ]


def _changed(one: Chain, other: Chain, left: range, right: range) -> Iterator[Pair]:
    """The layers between equal ends. Where none are equal, those of the same kind correspond to each other."""
    if max(len(left), len(right)) > MOST_COMPARED:
        yield from zip_longest(left, right)
        return
    layers = [one.layers[n] for n in left], [other.layers[n] for n in right]
    for tag, a, b, c, d in SequenceMatcher(None, *layers, autojunk=False).get_opcodes():
        here, there = left[a:b], right[c:d]
        if tag != "replace":
            yield from zip_longest(here, there)
            continue
        kinds = [one.layers[n].kind for n in here], [other.layers[n].kind for n in there]
        for _, e, f, g, h in SequenceMatcher(None, *kinds, autojunk=False).get_opcodes():
            for part, beside in zip_longest(here[e:f], there[g:h]):
                yield from _of_kinds(one, other, part, beside)


def _of_kinds(one: Chain, other: Chain, part: int | None, beside: int | None) -> Iterator[Pair]:
    """A pair of layers, or each alone, if their kinds do not correspond to each other."""
    if part is None or beside is None or _may_correspond(one.layers[part], other.layers[beside]):
        yield part, beside
    else:
        yield from ((part, None), (None, beside))


def _may_correspond(left: Layer, right: Layer) -> bool:
    """Whether both have the same kind, or both are recurrent, or one stands for what is not known. A tensor from
    elsewhere is no layer."""
    kinds = {left.kind, right.kind}
    return len(kinds) == 1 or (left.is_recurrent and right.is_recurrent) or "other" in kinds


def in_any_order(one: Chain, other: Chain) -> list[Pair]:
    """The layers of two chains without an order that correspond to each other, in the order of the first one: equal
    ones, then those of one kind with the nearest sizes, then others that are recurrent."""
    if max(len(one.layers), len(other.layers)) > MOST_COMPARED:
        return aligned(one, other)
    left, right = ([n for n, layer in enumerate(chain.layers) if _is_known(layer)] for chain in (one, other))
    near = sorted(
        (_distance(one.layers[a], other.layers[b]), abs(m - n), a, b)
        for m, a in enumerate(left)
        for n, b in enumerate(right)
        if _may_correspond(one.layers[a], other.layers[b])
    )
    found: dict[int, int] = {}
    for _, _, a, b in near:
        if a not in found and b not in found.values():
            found[a] = b
    alone = [n for n in range(len(other.layers)) if n not in found.values()]
    return [*((n, found.get(n)) for n in range(len(one.layers))), *((None, n) for n in alone)]


def _distance(left: Layer, right: Layer) -> tuple[bool, bool, float]:
    """How different two layers are: equal ones are the nearest, and those of one kind are nearer than others."""
    sizes = [(layer.features, layer.num_units, layer.parameters, layer.num_layers) for layer in (left, right)]
    known = [(a, b) for a, b in zip(*sizes, strict=True) if a and b]
    return left != right, left.kind != right.kind, sum(abs(log(a / b)) for a, b in known)


def _is_known(layer: Layer) -> bool:
    """Whether a layer stands for more than what is between others."""
    return layer.kind not in GAPS or bool(layer.parameters) or layer.has_own_cell


def aligned_with_rows(one: Chain, other: Chain) -> list[Pair]:
    """The layers of two chains that correspond to each other, from the input to the output. If only one of them has
    stacks, each layer of a stack may correspond to one of the other chain; the stack is beside the first of these."""
    rows = _rows(one), _rows(other)
    longest = max(len(row) for row in rows)
    if longest > MOST_COMPARED or all(
        len(row) > len(chain.layers) for row, chain in zip(rows, (one, other), strict=True)
    ):
        return aligned(one, other)
    singles = (
        replace(chain, layers=tuple(layer for _, layer in row)) for chain, row in zip((one, other), rows, strict=True)
    )
    pairs = [
        tuple(None if at is None else row[at][0] for row, at in zip(rows, pair, strict=True))
        for pair in aligned(*singles)
    ]
    places: dict[tuple[int, int | None], int] = {}
    for at, pair in sorted(enumerate(pairs), key=lambda found: None in found[1]):
        for n, part in enumerate(pair):
            places.setdefault((n, part), at)
    once = (
        (part if places[0, part] == at else None, beside if places[1, beside] == at else None)
        for at, (part, beside) in enumerate(pairs)
    )
    return [pair for pair in once if pair != (None, None)]


def _rows(chain: Chain) -> list[tuple[int, Layer]]:
    """The layers of a chain with their parts, each stack as its layers one after another."""
    return [(part, single) for part, layer in enumerate(chain.layers) for single in _singles(layer)]


def _singles(layer: Layer) -> Iterator[Layer]:
    """A layer, or the layers of a stack one after another."""
    count = layer.num_layers or 1
    if layer.family != "recurrent" or not 1 < count <= MOST_COMPARED:
        yield layer
        return
    units = layer.num_proj or layer.num_units
    above = None if units is None else units * layer.directions
    for n in range(count):
        features, every_step = above if n else layer.features, layer.every_step or n < count - 1
        yield replace(layer, num_layers=1, features=features, every_step=every_step)


def stacks(one: Chain, other: Chain, pairs: list[Pair]) -> list[list[Pair]]:
    """The pairs in which one chain has a stack of layers, and the other one the same layers one after another, maybe
    with other settings."""
    return [
        pairs[at : at + (whole.num_layers or 0)]
        for at, (part, beside) in enumerate(pairs)
        if part is not None and beside is not None
        for whole, chain, n in ((one.layers[part], other, 1), (other.layers[beside], one, 0))
        if _are_in_row(whole, chain, [found[n] for found in pairs[at : at + (whole.num_layers or 0)]])
    ]


def _are_in_row(whole: Layer, chain: Chain, places: list[int | None]) -> bool:
    """Whether layers of a chain are those of a stack. Each returns every step, but maybe the last one; what each says
    of its input is no difference, and all may have other settings than the stack."""
    first, count = places[0] if places else None, whole.num_layers or 0
    if first is None or count < 2 or whole.family != "recurrent" or places != [*range(first, first + count)]:
        return False
    layers = chain.layers[first : first + count]
    alone = replace(whole, num_layers=1, parameters=None, has_own_settings=layers[0].has_own_settings)
    return all(
        layer == replace(alone, features=layer.features, every_step=whole.every_step or n < count - 1)
        for n, layer in enumerate(layers)
    )
