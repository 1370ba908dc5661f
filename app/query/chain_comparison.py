"""What differs between two models."""

from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ..core.chain.chain import Chain
from ..core.chain.layer import Layer
from ..core.chain.text import WORDS, layer_text
from ..diagram.chain.placement import gap_of, placement
from ..diagram.chain.scene import ChainScene
from ..translations.phrases import phrase
from .chain_view import ChainView


@dataclass(frozen=True)
class Difference:
    """A layer that differs: its part in the first and in the second model, of which one may have no such layer."""

    part: int | None
    beside: int | None
    what: str


def aligned(one: Chain, other: Chain) -> list[tuple[int | None, int | None]]:
    """The layers of two chains that correspond to each other: pairs of parts, from the input to the output."""
    pairs: list[tuple[int | None, int | None]] = []
    matcher = SequenceMatcher(None, one.layers, other.layers, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        both = list(zip(range(a, b), range(c, d), strict=False))
        if tag == "replace":
            pairs += _by_kind(one, other, range(a, b), range(c, d))
        else:
            pairs += both
            pairs += [(n, None) for n in range(a + len(both), b)] + [(None, n) for n in range(c + len(both), d)]
    return pairs


def _by_kind(one: Chain, other: Chain, left: range, right: range) -> list[tuple[int | None, int | None]]:
    """Layers of the same kind correspond to each other, even if they have other sizes."""
    pairs: list[tuple[int | None, int | None]] = []
    kinds = [one.layers[n].kind for n in left], [other.layers[n].kind for n in right]
    for tag, a, b, c, d in SequenceMatcher(None, *kinds, autojunk=False).get_opcodes():
        both = list(zip(left[a:b], right[c:d], strict=False)) if tag in ("equal", "replace") else []
        pairs += both
        pairs += [(n, None) for n in left[a + len(both) : b]] + [(None, n) for n in right[c + len(both) : d]]
    return pairs


def differences(one: ChainView, other: ChainView) -> list[Difference]:
    """The layers of two models that differ, from the input to the output."""
    found = []
    for part, beside in aligned(one.chain, other.chain):
        left = None if part is None else one.chain.layers[part]
        right = None if beside is None else other.chain.layers[beside]
        if left != right:
            found.append(Difference(part, beside, _what(left, right)))
    return found


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
    names = [name for name in vars(left) if getattr(left, name) != getattr(right, name)]
    switches = [field for field, value in WORDS.values() if value in (True, False)]
    return names[0] if len(names) == 1 and names[0] in switches else ""


def side_by_side(one: ChainView, other: ChainView) -> tuple[ChainScene, ChainScene]:
    """The scenes of two models in which layers that correspond to each other have the same height."""
    scenes = one.scene("half"), other.scene("half")
    most = max(len(scene.layers) for scene in scenes)
    scenes = replace(scenes[0], most_layers=most), replace(scenes[1], most_layers=most)
    if any(layer.times > 1 for scene in scenes for layer in scene.layers):  # equal neighbours are one
        return scenes
    slabs, gap = [placement(scene).slabs for scene in scenes], gap_of(scenes[0])
    spaces: list[list[float]] = [[0.0] * (len(scene.layers) + 1) for scene in scenes]
    free = [0.0, 0.0]
    for pair in reversed(aligned(one.chain, other.chain)):
        heights = [0.0 if part is None else slabs[n][part].height + gap for n, part in enumerate(pair)]
        for n, part in enumerate(pair):
            if part is not None:
                spaces[n][part] = free[n] + max(0.0, max(heights) - heights[n]) / 2
                free[n] = max(0.0, max(heights) - heights[n]) / 2
            else:
                free[n] += max(heights)
    left, right = (
        replace(
            scene,
            layers=tuple(replace(layer, space_above=space) for layer, space in zip(scene.layers, own, strict=False)),
            space_below=below,
        )
        for scene, own, below in zip(scenes, spaces, free, strict=True)
    )
    return left, right
