"""Two models side by side: their pictures, what each returns, and what differs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ....core.chain.text import layer_text
from ....diagram.chain.scene import ChainScene
from ....diagram.text_spans import Line
from ....query.chain_comparison import Difference, aligned, changed_switch, differences, side_by_side
from ....query.chain_picture import FEW
from ....query.chain_view import ChainView
from ....translations.numbers import grouped
from ....translations.phrases import phrase
from ....translations.translator import Translator
from .chain import ChainPicture, Summary, chain_picture, count_text, line_of, summary

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


class ComparedModel(NamedTuple):
    """One of two models: its pictures; the text of the layer that differs, in pieces, with those that are changed; and
    what it returns."""

    pictures: Mapping[str, ChainPicture]
    text: list[tuple[str, bool]]
    summary: Summary


class ComparedRow(NamedTuple):
    """What differs between two layers: its name, and its value in each model."""

    name: str
    before: str | Line
    after: str | Line


@dataclass(frozen=True)
class Comparison:
    """Two models. ``name`` is the first layer that differs, ``argument`` the only one in which it differs, if there
    is only one, in the framework's name; ``rows`` are about that layer. ``exchanged`` is the query of the two
    in the other order."""

    before: ComparedModel
    after: ComparedModel
    differences: list[Difference]
    name: str
    argument: str
    rows: list[ComparedRow]
    equal_layers: int
    exchanged: str


def comparison(chain_view: ChainView, translate: Translator) -> Comparison:
    """The model of a View beside its second one."""
    other = chain_view.beside()
    found = differences(chain_view, other)
    first = found[0] if found else Difference(chain_view.view.part, chain_view.view.part, "")
    before = _selecting(chain_view, first.part)
    after = _selecting(other, first.beside)
    left = None if first.part is None else before.layers[first.part]
    right = None if first.beside is None else after.layers[first.beside]
    rows: list[ComparedRow] = []
    if left and right:
        for name, of in ((phrase("in"), "input"), (phrase("out"), "output")):
            one, two = getattr(left.passed, of), getattr(right.passed, of)
            if one != two and left.passed.reached and right.passed.reached:
                rows.append(
                    ComparedRow(name, line_of(before, one, multiplied=True), line_of(after, two, multiplied=True))
                )
                if len(one) != len(two):
                    rows.append(ComparedRow(phrase("axes"), str(len(one)), str(len(two))))
        rows.append(ComparedRow(phrase("parameters"), count_text(left.count), count_text(right.count)))
    totals = [grouped(sum(n.count.value or 0 for n in one.layers)) for one in (before, after)]
    rows.append(ComparedRow(phrase("all parameters"), *totals))
    named = left or right
    switch = changed_switch(left.layer if left else None, right.layer if right else None)
    left_scene, right_scene = side_by_side(before, after)
    is_long = max(len(before.layers), len(after.layers)) > FEW  # then the picture for phones is left out
    narrow = [[] if is_long else [one.scene("narrow")] for one in (before, after)]
    texts = [layer_text(one.layer) if one else "" for one in (left, right)]
    return Comparison(
        before=_compared(before, first.part, texts[1], [left_scene, *narrow[0]], translate),
        after=_compared(after, first.beside, texts[0], [right_scene, *narrow[1]], translate),
        differences=found,
        name=named.name if named and found else "",
        argument=ARGUMENTS.get(chain_view.view.framework, {}).get(switch, ""),
        rows=rows,
        equal_layers=sum(
            None not in (a, b) and before.chain.layers[a or 0] == after.chain.layers[b or 0]
            for a, b in aligned(before.chain, after.chain)
        ),
        exchanged=chain_view.query(model=chain_view.view.beside, beside=chain_view.view.model, part=0),
    )


def _selecting(chain_view: ChainView, part: int | None) -> ChainView:
    return replace(chain_view, view=replace(chain_view.view, part=part or 0, beside=""))


def _pieces(text: str) -> list[str]:
    """The words of the text of a layer, and the signs between them."""
    return re.split(r"(?<=[(,)])|(?=[(,)])", text)


def _compared(
    chain_view: ChainView, part: int | None, other: str, scenes: list[ChainScene], translate: Translator
) -> ComparedModel:
    """One of two models; ``other`` is the text of the layer in the other one."""
    text = "" if part is None else layer_text(chain_view.chain.layers[part])
    pieces = [(piece, piece not in _pieces(other)) for piece in _pieces(text)]
    pictures: dict[str, ChainPicture] = {scene.format: chain_picture(chain_view, scene, translate) for scene in scenes}
    return ComparedModel(pictures, pieces, summary(chain_view))
