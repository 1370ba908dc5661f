"""Indices of a PDF that stand beside their letters and cannot be told from factors or steps: those of sums over
children, steps with a mark, times of steps, and layers in brackets."""

import re

from ..vocabulary.unicode_characters import SPACING

_MINUS = "[-−–‐]"
_CHILDREN = re.compile(r"(?<![A-Za-z])[∑ΣP][ ]?([a-z])[ ]?∈[ ]?([A-Z]\([a-z]\))[ ]?")
"""A sum over the children of a node: ∑k∈C(j)."""
_MARK = "[¯˜ˆ\u0304\u0303\u0302]"
_SAYS_STEP = re.compile(rf"(?<!\w)([tnk]){_MARK}[ ]?=[ ]?\1(?:[ ]?({_MINUS})[ ]?(1))?(?!\w)")
"""What a sentence says of a step with a mark: n¯ = n − 1."""
_LAYER = rf"(?:[1-9]|[lLℓ](?:[ ]?{_MINUS}[ ]?1)?)"
_OF_LAYER = re.compile(r"^[ \t]*[^\W\d_]\([1-9lLℓ]\)\([tnk]\)[ ]?=", re.MULTILINE)
"""The left side of a line of a layer, x(l)(t) =."""
_SPACING = "".join(SPACING)
_LAYERS = re.compile(rf"((?![{_SPACING}])[^\W\d_][{_SPACING}]?)[ ]?\(({_LAYER})\)")


_SOFTMAX = re.compile(r"\(([a-z])([a-z])\)[ ]?=[ ]?e\1\2[ ]?/[ ]?[Σ∑][ ]?([a-z])[ ]?e\1\3(?![a-z])")
"""The definition of a softmax by its numbers, g(zm) = ezm / Σk ezk."""
_POWER = re.compile(rf"(?<=1)([ ]?\+[ ]?)e({_MINUS})([0-9]?[a-z])(?![\w(])")
"""The power of a logistic function whose exponent is no longer raised, 1 + e−z."""
_TIME = re.compile(r"(?<=[^\W\d_])\(t([ijknm])\)")
"""The time of a step as an argument, h(ti)."""


def with_written_indices(text: str) -> str:
    """A text with such indices as LaTeX has them: ∑_{k∈C(j)}, n−1 and x^{(l)}(t), and hi for
    h(ti). It has the same lines."""
    text = _CHILDREN.sub(r"∑_{\1∈\2} ", text)
    text = _SOFTMAX.sub(r"(\1) = softmax(\1)", text)
    text = _POWER.sub(r"\1exp(\2\3)", text)
    text = _TIME.sub(r"\1", text) if not re.search(r"[_\\]", text) else text
    if _OF_LAYER.search(text):
        text = re.sub(rf"(?<=[^\W\d_])(?={_LAYERS.pattern})", " ", text)  # a x of ax(l)(t − 1)
        text = _LAYERS.sub(r"\1^{(\2)}", text)
    if said := _SAYS_STEP.search(text):
        step = f"{said[1]}{said[2] or ''}{said[3] or ''}"
        text = f"{text[: said.start()]}{text[said.end() :]}"
        text = re.sub(rf"(?<=[^\W\d_]){said[1]}{_MARK}", step, text)
    return text
