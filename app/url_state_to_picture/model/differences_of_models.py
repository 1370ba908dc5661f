"""What differs between two models."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import cached_property

from ...core.model.chain import Chain
from ...core.model.layer import GAPS, OF_SIZES, TIME, WITH_OTHER_ARGUMENTS, AxisSize, Layer
from ...core.model.shapes import axis_count
from ...core.model.text import WORDS, layer_text
from ...diagram.model.model_scene import ChainScene
from ...diagram.model.placement import gap_of, placement
from ...frameworks.model_layers import cell_id, is_layer, layer_count, parameter_count
from ...translations.phrases import phrase
from .corresponding_layers import Pair, aligned_with_rows, in_any_order, stacks
from .model_url_state import ChainUrlState
from .picture_of_model import NamedLayer


@dataclass(frozen=True)
class Difference:
    """A layer that differs: its part in the first and in the second model, of which one may have no such layer, and its
    text in both, with the length of what it gets if that differs; "" in one that has no such layer."""

    part: int | None
    beside: int | None
    texts: tuple[str, str]

    @property
    def what(self) -> str:
        """What differs, as in the text of a model."""
        one, other = self.texts
        if one and other:
            return phrase("{one} became {other}", one=one, other=other)
        return (
            phrase("only the first has {layer}", layer=one)
            if one
            else phrase("only the second has {layer}", layer=other)
        )


Axes = tuple[AxisSize, ...] | None
"""The axes of a layer; None if nothing is known about them."""

NOT_IN_WEIGHTS = (
    "axes",
    "batch",
    "channels_first",
    "every_step",
    "gets_others",
    "go_backwards",
    "has_own_settings",
    "merge_mode",
    "of_one",
    "order",
    "runs",
)
"""The fields of a layer that its weights do not tell."""


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
        """The layers that correspond to each other. Of two models without an order, those in any places do."""
        if self.one.chain.is_ordered or self.other.chain.is_ordered:
            return self._aligned
        return in_any_order(*self.chains)

    @cached_property
    def _aligned(self) -> list[Pair]:
        """The layers that correspond to each other, from the input to the output: first those with equal weights."""
        states = self.one, self.other
        one, other = (_of_weights(chain, state.layers) for chain, state in zip(self.chains, states, strict=True))
        return aligned_with_rows(one, other)

    @cached_property
    def stacks(self) -> set[Pair]:
        """The pairs in which one model has a stack, and the other one the same layers one after another."""
        return {pair for pairs in self._stacks if self._have_same_settings(pairs[0]) for pair in pairs}

    @cached_property
    def _stacks(self) -> list[list[Pair]]:
        return stacks(*self.chains, self.pairs)

    def _have_same_settings(self, pair: Pair) -> bool:
        left, right = self._layers(*pair)
        return left is not None and right is not None and left.has_own_settings == right.has_own_settings

    @cached_property
    def rows(self) -> dict[Pair, list[Pair]]:
        """By each pair in which one model has a stack, and the other one the same layers one after another but with
        other settings: all pairs of this stack."""
        return {pair: pairs for pairs in self._stacks if pairs[0] not in self.stacks for pair in pairs}

    @cached_property
    def chains(self) -> tuple[Chain, Chain]:
        """Both chains. In two frameworks, each says what layers without a name of their variant are there."""
        if self.one.framework is self.other.framework:
            return self.one.chain, self.other.chain
        return _with_variants(self.one), _with_variants(self.other)

    @cached_property
    def differences(self) -> list[Difference]:
        """The layers that differ, from the input to the output. What only one of the models says is no difference."""
        if self.has_same_weights and not self.are_ordered:
            return []
        differences = []
        for part, beside in self.pairs:
            if (part, beside) in self.stacks or self._is_before_start(part, beside):
                continue
            if (part, beside) in self.rows:
                if part is not None and beside is not None and self.are_ordered:
                    differences.append(Difference(part, beside, self._row_texts(self.rows[part, beside])))
                continue
            own = self._layers(part, beside)
            layers = self._with_other_inputs(part, beside, *own) or own
            if layers[0] != layers[1] and (layers != own or self._differ(*own)):
                differences.append(self._difference(part, beside, *layers))
        return differences

    @property
    def are_ordered(self) -> bool:
        return self.one.chain.is_ordered and self.other.chain.is_ordered

    def _row_texts(self, row: list[Pair]) -> tuple[str, str]:
        """The texts of a stack, and of the layers of the other model one after another."""
        parts, besides = ([part for part in side if part is not None] for side in zip(*row, strict=True))
        left, right = (
            ".".join(layer_text(state.chain.layers[part]) for part in side)
            for state, side in ((self.one, parts), (self.other, besides))
        )
        return left, right

    def _difference(self, part: int | None, beside: int | None, left: Layer | None, right: Layer | None) -> Difference:
        """A layer that differs. A model without an order has all layers with weights: what is open between them is none
        with weights, so that only the other model has that one."""
        if left and right and _is_open(left) and not self.one.chain.is_ordered and _has_weights(right):
            part, left = None, None
        elif left and right and _is_open(right) and not self.other.chain.is_ordered and _has_weights(left):
            beside, right = None, None
        if left and part is not None:
            left = replace(left, axes=self.one.chain.layers[part].axes)
        if right and beside is not None:
            right = replace(right, axes=self.other.chain.layers[beside].axes)
        texts = layer_text(left) if left else "", layer_text(right) if right else ""
        return Difference(part, beside, texts)

    def _with_other_inputs(
        self, part: int | None, beside: int | None, left: Layer | None, right: Layer | None
    ) -> tuple[Layer, Layer] | None:
        """Two layers with the same text that get vectors of different lengths, so that their weights have other sizes:
        with these lengths."""
        if left is None or right is None or part is None or beside is None or left != right:
            return None
        lengths = [self._length(self.one.layers[part]), self._length(self.other.layers[beside])]
        has_vectors = left.family in OF_SIZES and left.family != "embedding"
        if None in lengths or lengths[0] == lengths[1] or not has_vectors:
            return None
        return replace(left, features=lengths[0]), replace(right, features=lengths[1])

    def _is_before_start(self, part: int | None, beside: int | None) -> bool:
        """Whether one model moves the axes of its input before its first layer, and the other one does not say which
        input it has."""
        if (part is None) == (beside is None):
            return False
        n = 0 if part is None else 1
        without, state = ((self.one, self.other), (self.other, self.one))[n]
        place = part if part is not None else beside
        assert place is not None
        firsts = [pair[1 - n] for pair in self.pairs if pair[n] is not None and pair[1 - n] is not None]
        is_first = all(first is not None and place < first for first in firsts)
        return is_first and without.chain.input is None and not is_layer(without.framework, state.chain.layers[place])

    @staticmethod
    def _length(one: NamedLayer) -> int | None:
        """The length of the vectors that a layer gets."""
        return one.passed.input[-1].number if one.passed.reached and one.passed.input else None

    @property
    def unknown(self) -> tuple[list[str], list[str]]:
        """The layers of which the first model does not say all that the second one does, as the second one has them,
        and the other way round."""
        return self._not_said[0]

    @property
    def not_listed(self) -> tuple[list[str], list[str]]:
        """The layers without weights of the second model of which the first, which lists only layers with weights, does
        not say whether it has them, and the other way round."""
        return self._not_said[1]

    @cached_property
    def _not_said(self) -> tuple[tuple[list[str], list[str]], tuple[list[str], list[str]]]:
        differing = {(one.part, one.beside) for one in self.differences}
        unknown: tuple[list[str], list[str]] = ([], [])
        not_listed: tuple[list[str], list[str]] = ([], [])
        for pair in self.pairs:
            left, right = self._layers(*pair)
            if left == right or pair in differing or pair in self.stacks or (pair in self.rows and self.are_ordered):
                continue
            for n, (layer, other) in enumerate(((left, right), (right, left))):
                state = (self.one, self.other)[n]
                if pair in self.rows:
                    unknown[n].extend([layer_text(other)] if other and not state.chain.is_ordered else [])
                    continue
                if other and other.kind not in GAPS and not self._says_all(state, layer, other):
                    is_listed = state.chain.is_ordered or (layer and layer.kind == other.kind) or _has_weights(other)
                    (unknown if is_listed else not_listed)[n].append(layer_text(other))
        return unknown, not_listed

    def _layers(self, part: int | None, beside: int | None) -> tuple[Layer | None, Layer | None]:
        """Two layers that correspond to each other. What only one of them declares of its input is what the other one
        gets; two that begin models with other inputs declare what they get of them. A batch that one does not say, and
        what operations read that are no layers, are no difference."""
        is_pair = part is not None and beside is not None
        inputs = [state.chain.input for state in (self.one, self.other)]
        is_start = (part, beside) == (0, 0) and None not in inputs and inputs[0] != inputs[1]
        one, other = self.chains if is_pair else (self.one.chain, self.other.chain)
        left = None if part is None else one.layers[part]
        right = None if beside is None else other.layers[beside]
        if part is None or beside is None or left is None or right is None:
            gap = self._gaps.get((part, beside))
            return left or gap, right or gap
        named = self.one.layers[part], self.other.layers[beside]
        if named[0].count.value == named[1].count.value and None in (left.parameters, right.parameters):
            left, right = replace(left, parameters=None), replace(right, parameters=None)  # one of them need not say it
        if None in (left.batch, right.batch):
            left, right = replace(left, batch=0), replace(right, batch=0)
        if left.kind in GAPS and right.kind in GAPS and not (_has_weights(left) or _has_weights(right)):
            left, right = replace(left, gets_others=False), replace(right, gets_others=False)  # any operations
        left, right = _with_steps(left, right, named[0]), _with_steps(right, left, named[1])
        return _with_features(left, right, named[0], is_start), _with_features(right, left, named[1], is_start)

    @cached_property
    def _gaps(self) -> dict[Pair, Layer]:
        """By each layer of one model alone: the operations beside it that the other one has but does not name, if it
        may be one of them."""
        found: dict[Pair, Layer] = {}
        for pairs in (self.pairs, self.pairs[::-1]):
            gaps: list[Layer | None] = [None, None]
            for pair in pairs:
                layers = [
                    None if part is None else chain.layers[part] for chain, part in zip(self.chains, pair, strict=True)
                ]
                for n, layer in enumerate(layers):
                    alone, gap = layers[1 - n], gaps[n]
                    if layer and _is_left_open(layer, layer, self.chains[n].is_ordered):
                        gaps[n] = layer
                    elif layer and alone:  # layers that only one model has are in no order with those of the other one
                        gaps[n] = None
                    elif alone and gap and alone.kind not in GAPS and not (gap.parameters == 0 and _has_weights(alone)):
                        found[pair] = gap
        return found

    def _differ(self, left: Layer | None, right: Layer | None) -> bool:
        """Whether both models say what they have in a place, and it is not the same."""
        ordered = self.one.chain.is_ordered, self.other.chain.is_ordered
        if left is None or right is None or left.kind != right.kind:
            return not (_is_left_open(left, right, ordered[0]) or _is_left_open(right, left, ordered[1]))
        names = [name for name in _unequal(left, right) if name != "axes" or not _may_be_equal(left.axes, right.axes)]
        return any(_says(left, name, ordered[0]) and _says(right, name, ordered[1]) for name in names)

    def _says_all(self, state: ChainUrlState, layer: Layer | None, other: Layer) -> bool:
        is_ordered = state.chain.is_ordered
        if layer is None or layer.kind != other.kind:
            return not _is_left_open(layer, other, is_ordered)
        sizes = zip(layer.axes or (), other.axes or (), strict=False)
        if any(one is None and another is not None for one, another in sizes):
            return False
        return all(_says(layer, name, is_ordered) for name in _unequal(layer, other))

    def unequal_switches(self, left: Layer, right: Layer) -> set[str]:
        """The switches that differ between two layers, as both models say."""
        switches = {field for field, value in WORDS.values() if value in (True, False)}
        return {
            name
            for name in switches.intersection(_unequal(left, right))
            if all(_says(layer, name, self.are_ordered) for layer in (left, right))
        }

    @property
    def equal_layers(self) -> int:
        """The number of layers that are the same in both; of equal models, that of each."""
        one, other = self.chains
        if one.layers == other.layers and self._are_all_same:
            return layer_count(self.one.framework, self.one.chain.layers)
        layers = [self._layers(*pair)[0] for pair in self.pairs if self._is_same(*pair)]
        return sum(is_layer(self.one.framework, layer) for layer in layers if layer)

    @property
    def has_same_layers(self) -> bool:
        """Whether both say the same about every layer, and leave none open."""
        return self._are_all_same and not any(_is_open(layer) for chain in self.chains for layer in chain.layers)

    @cached_property
    def _are_all_same(self) -> bool:
        return all(self._is_same(*pair) for pair in self.pairs)

    def _is_same(self, part: int | None, beside: int | None) -> bool:
        """Whether two layers that correspond to each other are the same, also in what follows from the layer before:
        the axes of the input, the length of its vectors, and the number of parameters in the same framework. The
        number of steps is no part of a layer."""
        left, right = self._layers(part, beside)
        if (part, beside) in self.stacks:
            return True
        if left != right or part is None or beside is None:
            return left == right
        one, other = self.one.layers[part], self.other.layers[beside]
        gets = [layer.passed.input for layer in (one, other)]
        axes = [axis_count(shape) if self.are_ordered else None for shape in gets]
        lengths = [None if one.layer.family == "embedding" else shape[-1].number for shape in gets]
        counts = [layer.count.value if self.one.framework is self.other.framework else None for layer in (one, other)]
        return not any(None not in pair and pair[0] != pair[1] for pair in (axes, lengths, counts))

    @property
    def has_same_weights(self) -> bool:
        """Whether all weights that are known have the same sizes in both, in any order, as a stack or one layer after
        another. A file of weights says no more about the model of a program."""
        one, other = (sorted(_weights(state)) for state in (self.one, self.other))
        return bool(one) and one == other

    @property
    def selected(self) -> Pair:
        """The first layer that differs; if none does, the selected one."""
        if self.differences:
            return self.differences[0].part, self.differences[0].beside
        return next(pair for pair in self.pairs if pair[0] == self.one.state.part)

    @property
    def most_parameters(self) -> int:
        """The parameters of the largest layer of both, to which all bars are drawn."""
        return max(layer.count.value or 0 for layer in (*self.one.layers, *self.other.layers))

    def scenes(self) -> tuple[ChainScene, ChainScene]:
        """The scenes of both, side by side: layers that correspond to each other have the same height."""
        part, beside = self.selected
        one, other = self.one.scene("half", part), self.other.scene("half", beside)
        most = max(len(scene.layers) for scene in (one, other))
        scenes = (
            replace(one, most_layers=most, most_parameters=self.most_parameters),
            replace(other, most_layers=most, most_parameters=self.most_parameters),
        )
        if any(layer.times > 1 for scene in scenes for layer in scene.layers):  # equal neighbours are one
            return scenes
        left, right = _spaces(scenes, self._aligned)
        return _with_spaces(scenes[0], *left), _with_spaces(scenes[1], *right)


def _of_weights(chain: Chain, named: Sequence[NamedLayer]) -> Chain:
    """A chain whose layers say only what their weights depend on, as far as that is known: also the length of what they
    get, and no number of parameters that follows from it."""
    layers = (
        replace(
            layer,
            axes=None if layer.kind in GAPS else layer.axes,
            batch=0,
            gets_others=False,
            features=layer.features or (one.passed.input[-1].number if layer.family in OF_SIZES else None),
            parameters=layer.parameters if layer.kind in WITH_OTHER_ARGUMENTS else None,
        )
        for layer, one in zip(chain.layers, named, strict=True)
    )
    return replace(chain, layers=tuple(layers))


def _with_variants(state: ChainUrlState) -> Chain:
    """The chain of a model whose GRUs say the variant that they are in its framework."""
    layers = (
        replace(one, reset_after=cell_id(state.framework, one) == "gru_reset_after") if one.cell == "gru" else one
        for one in state.chain.layers
    )
    return replace(state.chain, layers=tuple(layers))


def _with_features(layer: Layer, other: Layer | None, named: NamedLayer, is_start: bool) -> Layer:
    is_declared = other is not None and (other.features is not None or (is_start and layer.family in OF_SIZES))
    gets = named.passed.input[-1].number
    return replace(layer, features=gets) if layer.features is None and is_declared else layer


def _with_steps(layer: Layer, other: Layer, named: NamedLayer) -> Layer:
    """A layer with the number of steps that another one has, where it has those that come in, which may be as many."""
    if layer.axes is None or other.axes is None or {len(layer.axes), len(other.axes)} != {len(named.passed.output) - 1}:
        return layer
    sizes = zip(layer.axes, other.axes, named.passed.output[1:], strict=True)
    return replace(layer, axes=tuple(b if a == TIME and gets.number in (None, b) else a for a, b, gets in sizes))


def _may_be_equal(one: Axes, other: Axes) -> bool:
    """Whether axes are equal as far as both are known."""
    if one is None or other is None:
        return True
    return len(one) == len(other) and all(None in pair or pair[0] == pair[1] for pair in zip(one, other, strict=True))


def _unequal(left: Layer, right: Layer) -> list[str]:
    """The fields in which two layers differ."""
    return [one.name for one in fields(left) if one.compare and getattr(left, one.name) != getattr(right, one.name)]


def _says(layer: Layer, name: str, is_ordered: bool) -> bool:
    """Whether a model says a field of one of its layers: one without an order says what weights tell."""
    if name == "channels_first" and layer.axes is None:
        return False
    is_default = name == "reset_after" or (name == "parameters" and layer.kind not in WITH_OTHER_ARGUMENTS)
    return (is_ordered or name not in NOT_IN_WEIGHTS) and (getattr(layer, name) is not None or is_default)


def _is_left_open(layer: Layer | None, other: Layer | None, is_ordered: bool) -> bool:
    """Whether a model does not say if it has the layer of another one in a place. One without an order has all layers
    with weights; in one with an order, any layer can be in a gap, which may be none."""
    if other is None:
        return False
    if layer is None and other.kind in GAPS:
        return not _has_weights(other)
    if is_ordered:
        return layer is not None and layer.kind == "other" and not layer.has_own_cell
    return not _has_weights(other) and (layer is None or not _has_weights(layer))


def _has_weights(layer: Layer) -> bool:
    """Whether a layer certainly has weights of its own."""
    return layer.parameters != 0 and (layer.family in OF_SIZES or bool(layer.parameters) or layer.has_own_cell)


def _is_open(layer: Layer) -> bool:
    """Whether a layer stands for any others, of which not even the number of weights is known."""
    return layer.kind in GAPS and layer.parameters is None and not layer.has_own_cell


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


def changed_switch(left: Layer | None, right: Layer | None) -> str:
    """The only field in which two layers differ, if it is a switch; "" otherwise."""
    if left is None or right is None or left.kind != right.kind:
        return ""
    names = _unequal(left, right)
    switches = [field for field, value in WORDS.values() if value in (True, False)]
    return names[0] if len(names) == 1 and names[0] in switches else ""
