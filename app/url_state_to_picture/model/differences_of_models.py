"""What differs between two models."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import zip_longest

from ...core.model.chain import Chain
from ...core.model.layer import Layer
from ...core.model.text import WORDS, layer_text
from ...diagram.model.model_scene import ChainScene
from ...diagram.model.placement import gap_of, placement
from ...frameworks.model_layers import is_layer, layer_count, parameter_count
from ...translations.phrases import phrase
from .model_url_state import ChainUrlState


@dataclass(frozen=True)
class Difference:
    """A layer that differs: its part in the first and in the second model, of which one may have no such layer."""

    part: int | None
    beside: int | None
    what: str


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
            yield from zip_longest(here[e:f], there[g:h])


@dataclass(frozen=True)
class ComparedChains:
    """Two models with the same sizes."""

    one: ChainUrlState
    other: ChainUrlState

    @classmethod
    def of(cls, chain_state: ChainUrlState) -> "ComparedChains":
        """The model of a UrlState and the one beside it."""
        return cls(chain_state.alone(), chain_state.beside())

    @cached_property
    def pairs(self) -> list[Pair]:
        return aligned(self.one.chain, self.other.chain)

    @cached_property
    def differences(self) -> list[Difference]:
        """The layers that differ, from the input to the output."""
        found = []
        for part, beside in self.pairs:
            left = None if part is None else self.one.chain.layers[part]
            right = None if beside is None else self.other.chain.layers[beside]
            if left != right:
                found.append(Difference(part, beside, _what(left, right)))
        return found

    @property
    def equal_layers(self) -> int:
        """The number of layers that are the same in both; of equal models, that of each."""
        left, right = self.one.chain.layers, self.other.chain.layers
        if left == right:
            return layer_count(self.one.framework, left)
        equal = [left[n] for n, m in self.pairs if n is not None and m is not None and left[n] == right[m]]
        return sum(is_layer(self.one.framework, layer) for layer in equal)

    @property
    def has_same_weights(self) -> bool:
        """Whether all weights that are known have the same sizes in both, in any order, as a stack or one layer after
        another. A file of weights says no more about the model of a program."""
        one, other = (sorted(_weights(state)) for state in (self.one, self.other))
        return bool(one) and one == other

    @property
    def selected(self) -> Pair:
        """The first layer that differs; of equal models, the selected one."""
        part = self.one.state.part
        return (self.differences[0].part, self.differences[0].beside) if self.differences else (part, part)

    def scenes(self) -> tuple[ChainScene, ChainScene]:
        """The scenes of both, side by side: layers that correspond to each other have the same height."""
        part, beside = self.selected
        scenes = self.one.scene("half", part), self.other.scene("half", beside)
        most = max(len(scene.layers) for scene in scenes)
        scenes = replace(scenes[0], most_layers=most), replace(scenes[1], most_layers=most)
        if any(layer.times > 1 for scene in scenes for layer in scene.layers):  # equal neighbours are one
            return scenes
        left, right = _spaces(scenes, self.pairs)
        return _with_spaces(scenes[0], *left), _with_spaces(scenes[1], *right)


def _weights(state: ChainUrlState) -> Iterator[tuple[str, int, int]]:
    """The kind, num_units and count of each layer whose count is known. Of a stack, those of every layer in it."""
    for one in state.layers:
        layer, count = one.layer, one.count.value
        if not count:
            continue
        above = (layer.num_layers or 1) - 1
        lowest = parameter_count(state.framework, replace(one.passed, layer=replace(layer, num_layers=1))).value or 0
        yield layer.kind, layer.num_units or 0, lowest
        yield from [(layer.kind, layer.num_units or 0, (count - lowest) // max(1, above))] * above


Spaces = tuple[list[float], float]
"""The space above each layer, and below the lowest one."""


def _spaces(scenes: tuple[ChainScene, ChainScene], pairs: list[Pair]) -> tuple[Spaces, Spaces]:
    """The spaces with which layers that correspond to each other have the same height."""
    slabs, gap = [placement(scene).slabs for scene in scenes], gap_of(scenes[0])
    above: list[list[float]] = [[0.0] * len(scene.layers) for scene in scenes]
    free = [0.0, 0.0]
    for pair in reversed(pairs):
        heights = [0.0 if part is None else slabs[n][part].height + gap for n, part in enumerate(pair)]
        for n, part in enumerate(pair):
            if part is None:
                free[n] += max(heights)
            else:
                half = (max(heights) - heights[n]) / 2
                above[n][part], free[n] = free[n] + half, half
    return (above[0], free[0]), (above[1], free[1])


def _with_spaces(scene: ChainScene, above: list[float], below: float) -> ChainScene:
    layers = zip(scene.layers, above, strict=True)
    spaced = tuple(replace(layer, space_above=space) for layer, space in layers)
    return replace(scene, layers=spaced, space_below=below)


def _what(left: Layer | None, right: Layer | None) -> str:
    """What differs between two layers, as in the text of a model."""
    if left is None or right is None:
        layer = left or right
        assert layer
        text = layer_text(layer)
        return (
            phrase("only the first has {layer}", layer=text)
            if left
            else phrase("only the second has {layer}", layer=text)
        )
    return phrase("{one} became {other}", one=layer_text(left), other=layer_text(right))


def changed_switch(left: Layer | None, right: Layer | None) -> str:
    """The only field in which two layers differ, if it is a switch; "" otherwise."""
    if left is None or right is None or left.kind != right.kind:
        return ""
    names = [one.name for one in fields(left) if one.compare and getattr(left, one.name) != getattr(right, one.name)]
    switches = [field for field, value in WORDS.values() if value in (True, False)]
    return names[0] if len(names) == 1 and names[0] in switches else ""
