"""Two models side by side: their pictures, what each returns, and what differs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ....core.axis_names import axis_name
from ....core.model.chain import Count
from ....core.model.shapes import axis_count, may_be_equal
from ....diagram.model.model_scene import ChainScene
from ....diagram.text_spans import Line
from ....translations.numbers import grouped
from ....translations.phrases import phrase
from ....translations.translator import Translator
from ....url_state.field_types import NONE
from ....url_state_to_picture.model.differences_of_models import ComparedChains, Difference, changed_switch
from ....url_state_to_picture.model.model_url_state import ChainUrlState
from ....url_state_to_picture.model.picture_of_model import FEW, NamedLayer
from .model import ChainPicture, Summary, chain_picture, count_text, line_of, summary, total_text

ARGUMENTS = {
    "keras": {
        "every_step": "return_sequences",
        "go_backwards": "go_backwards",
        "reset_after": "reset_after",
        "bias": "use_bias",
    },
    "pytorch": {"bidirectional": "bidirectional", "bias": "bias"},
}
"""By framework, the names of switches."""

MOST_TEXTS = 4
"""The layers that differ whose texts stand above the pictures; of others there is the number."""

Pieces = list[tuple[str, bool]]
"""The text of a layer in pieces, with whether each of them is changed."""


class ComparedModel(NamedTuple):
    """One of two models: its pictures; the texts of the first layers that differ, each empty if it has no such layer;
    and what it returns."""

    pictures: Mapping[str, ChainPicture]
    texts: list[Pieces]
    summary: Summary
    total: str


class ComparedRow(NamedTuple):
    """What differs between two layers: its name, and its value in each model."""

    name: str
    before: str | Line
    after: str | Line


class ComparedLayer(NamedTuple):
    """A layer that differs: its name, and what differs in it."""

    name: str
    rows: list[ComparedRow]


@dataclass(frozen=True)
class Comparison:
    """Two models. ``name`` is the first layer that differs, ``argument`` the only one in which it differs, if there
    is only one, in the framework's name. ``layers`` are all that differ, and ``total`` is about all parameters.
    ``has_stacks``: whether one model has a stack, and the other one its layers one after another.
    ``unknown``: the layers of which the first model does not say all, and those of which the second one does not;
    ``not_listed``: those without weights, where a model lists only layers with weights.
    ``exchanged`` is the query of the two in the other order. ``frameworks`` are those in which the parameters are
    counted, one if it is the same for both."""

    before: ComparedModel
    after: ComparedModel
    differences: list[Difference]
    name: str
    argument: str
    layers: list[ComparedLayer]
    total: ComparedRow
    equal_layers: int
    has_stacks: bool
    unknown: tuple[list[str], list[str]]
    not_listed: tuple[list[str], list[str]]
    has_same_layers: bool
    has_same_weights: bool
    frameworks: tuple[str, ...]
    exchanged: str


def comparison(chain_state: ChainUrlState, translate: Translator) -> Comparison:
    """The model of a UrlState beside its second one."""
    compared = ComparedChains.of(chain_state)
    part, beside = compared.selected
    left = None if part is None else compared.one.layers[part]
    right = None if beside is None else compared.other.layers[beside]
    named = left or right
    switch = changed_switch(left.layer if left else None, right.layer if right else None)
    is_same_framework = compared.one.framework is compared.other.framework
    texts = [one.texts for one in compared.differences[:MOST_TEXTS]]
    left_scene, right_scene = compared.scenes()
    return Comparison(
        before=_compared(compared.one, [_changed(*both) for both in texts], left_scene, translate),
        after=_compared(compared.other, [_changed(*both[::-1]) for both in texts], right_scene, translate),
        differences=compared.differences,
        name=named.name if named and compared.differences else "",
        argument=ARGUMENTS.get(chain_state.beside_framework, {}).get(switch, "") if is_same_framework else "",
        layers=[_compared_layer(compared, one) for one in compared.differences],
        total=ComparedRow(
            phrase("all parameters"), *(total_text(one.layers) for one in (compared.one, compared.other))
        ),
        equal_layers=compared.equal_layers,
        has_stacks=bool(compared.stacks),
        unknown=compared.unknown,
        not_listed=compared.not_listed,
        has_same_layers=compared.has_same_layers,
        has_same_weights=compared.has_same_weights,
        frameworks=tuple(dict.fromkeys(one.framework.title for one in (compared.one, compared.other))),
        exchanged=_exchanged(chain_state),
    )


def _exchanged(chain_state: ChainUrlState) -> str:
    """The query of two models in the other order."""
    state, framework = chain_state.state, chain_state.beside_framework
    other = NONE if framework == state.framework else state.framework
    return chain_state.query(
        model=state.beside, framework=framework, beside=state.model, beside_framework=other, part=0
    )


def _layers(compared: ComparedChains, difference: Difference) -> tuple[NamedLayer | None, NamedLayer | None]:
    """The layers that differ. Layers one after another that are beside a stack are one."""
    row = compared.rows.get((difference.part, difference.beside))
    if row:
        parts, besides = ([part for part in side if part is not None] for side in zip(*row, strict=True))
        return _as_stack([compared.one.layers[part] for part in parts]), _as_stack(
            [compared.other.layers[part] for part in besides]
        )
    left = None if difference.part is None else compared.one.layers[difference.part]
    right = None if difference.beside is None else compared.other.layers[difference.beside]
    return left, right


def _as_stack(row: list[NamedLayer]) -> NamedLayer:
    """Layers one after another as one stack, with the parameters of all."""
    first, last = row[0], row[-1]
    if len(row) == 1:
        return first
    layer = replace(first.layer, num_layers=len(row), every_step=last.layer.every_step)
    counts = [one.count.value for one in row]
    total = None if None in counts else sum(count for count in counts if count is not None)
    return replace(first, passed=replace(first.passed, layer=layer, output=last.passed.output), count=Count(total))


def _changed(text: str, other: str) -> Pieces:
    """The pieces of a text, and whether another one lacks them."""
    return [(piece, piece not in _pieces(other)) for piece in _pieces(text) if piece]


def _compared_layer(compared: ComparedChains, difference: Difference) -> ComparedLayer:
    left, right = _layers(compared, difference)
    named = left or right
    assert named
    rows = [row for row in _rows(compared, left, right) if row.before != row.after]
    return ComparedLayer(named.name, rows or [ComparedRow(phrase("layer"), *difference.texts)])


def _rows(compared: ComparedChains, left: NamedLayer | None, right: NamedLayer | None) -> Iterator[ComparedRow]:
    """What differs between two layers, of which one model may have only one."""
    if left and right:
        for name, of in ((phrase("in"), "input"), (phrase("out"), "output")):
            one, two = getattr(left.passed, of), getattr(right.passed, of)
            if not may_be_equal(one, two) and left.passed.reached and right.passed.reached:
                lines = line_of(compared.one, one, multiplied=True), line_of(compared.other, two, multiplied=True)
                yield ComparedRow(name, *lines)
                axes = axis_count(one), axis_count(two)
                if None not in axes and axes[0] != axes[1]:
                    yield ComparedRow(phrase("axes"), *map(str, axes))
        if left.layer.is_recurrent and right.layer.is_recurrent:
            yield from _rows_of_sizes(left, right)
            yield from _rows_of_switches(compared, left, right)
            has_own = left.layer.has_own_settings, right.layer.has_own_settings
            if has_own[0] != has_own[1] and compared.are_ordered:
                values = (
                    phrase("not all as in the picture") if own else phrase("as in the picture") for own in has_own
                )
                yield ComparedRow(phrase("activation and other settings"), *values)
    counts = ("–" if one is None else count_text(one.count) for one in (left, right))
    yield ComparedRow(phrase("parameters"), *counts)


def _rows_of_switches(compared: ComparedChains, left: NamedLayer, right: NamedLayer) -> Iterator[ComparedRow]:
    """The switches of two recurrent layers of the same kind and framework, as far as they differ and both are known."""
    if compared.one.framework is not compared.other.framework or left.layer.kind != right.layer.kind:
        return
    unequal = compared.unequal_switches(left.layer, right.layer)
    for switch, argument in ARGUMENTS.get(compared.one.state.framework, {}).items():
        if switch in unequal and switch != "bidirectional":  # the number of directions says that
            yield ComparedRow(argument, *(str(getattr(one.layer, switch) is not False) for one in (left, right)))


def _rows_of_sizes(left: NamedLayer, right: NamedLayer) -> Iterator[ComparedRow]:
    """The kinds and sizes of two recurrent layers, as far as they differ and both are known."""
    if left.layer.kind != right.layer.kind:
        yield ComparedRow(phrase("layer"), left.name, right.name)
    one, other = left.layer, right.layer
    sizes = [
        (axis_name("features"), _features(left), _features(right)),
        (phrase("units"), one.num_units, other.num_units),
        (phrase("layers"), one.num_layers, other.num_layers),
        (phrase("directions"), one.directions, other.directions),
        (phrase("projection"), one.num_proj, other.num_proj),
    ]
    for name, *values in sizes:
        before, after = (None if size is None else grouped(size) for size in values)
        if before is not None and after is not None and before != after:
            yield ComparedRow(name, before, after)


def _features(one: NamedLayer) -> int | None:
    """The length of the vectors for which a recurrent layer has weights."""
    given = one.passed.input
    return one.layer.features or (given[-1].number if one.passed.reached and given else None)


def _pieces(text: str) -> list[str]:
    """The words of the text of a layer, and the signs between them."""
    return re.split(r"(?<=[(,)])|(?=[(,)])", text)


def _compared(
    chain_state: ChainUrlState, texts: list[Pieces], scene: ChainScene, translate: Translator
) -> ComparedModel:
    """One of two models, with the ``texts`` of the first layers that differ. If there are many layers, the picture for
    phones is left out."""
    scenes = [scene]
    if scene.most_layers <= FEW:
        scenes.append(replace(chain_state.scene("narrow", scene.selected), most_parameters=scene.most_parameters))
    pictures: dict[str, ChainPicture] = {one.format: chain_picture(chain_state, one, translate) for one in scenes}
    return ComparedModel(pictures, texts, summary(chain_state), total_text(chain_state.layers))
