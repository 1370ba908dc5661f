"""Indices of a PDF that stand beside their letters and cannot be told from factors or steps: those of sums over
children, steps with a mark, times of steps, and layers in brackets."""

import re

from ..vocabulary.unicode_characters import SPACING
from .line_kinds import MINUS

_CHILDREN = re.compile(r"(?<![A-Za-z])[∑ΣP][ ]?([a-z])[ ]?∈[ ]?([A-Z]\([a-z]\))[ ]?")
"""A sum over the children of a node: ∑k∈C(j)."""
_MARK = "[¯˜ˆ\u0304\u0303\u0302]"
_SAYS_STEP = re.compile(rf"(?<!\w)([tnk]){_MARK}[ ]?=[ ]?\1(?:[ ]?({MINUS})[ ]?(1))?(?!\w)")
"""What a sentence says of a step with a mark: n¯ = n − 1."""
_LAYER = rf"(?:[1-9]|[lLℓ](?:[ ]?{MINUS}[ ]?1)?)"
_OF_LAYER = re.compile(r"^[ \t]*[^\W\d_]\([1-9lLℓ]\)\([tnk]\)[ ]?=", re.MULTILINE)
"""The left side of a line of a layer, x(l)(t) =."""
_SPACING = "".join(SPACING)
_LAYERS = re.compile(rf"((?![{_SPACING}])[^\W\d_][{_SPACING}]?)[ ]?\(({_LAYER})\)")


_SOFTMAX = re.compile(r"\(([a-z])([a-z])\)[ ]?=[ ]?e\1\2[ ]?/[ ]?[Σ∑][ ]?([a-z])[ ]?e\1\3(?![a-z])")
"""The definition of a softmax by its numbers, g(zm) = ezm / Σk ezk."""
_POWER = re.compile(rf"(?<=1)([ ]?\+[ ]?)e({MINUS})([0-9]?[a-z])(?![\w(])")
"""The power of a logistic function whose exponent is no longer raised, 1 + e−z."""
_TIME = re.compile(r"(?<=[^\W\d_])\(t([ijknm])\)")
"""The time of a step as an argument, h(ti)."""

_LEFT = re.compile(r"^[ \t]*(d?)([^\W\d_][ijk]?)\([tn](?:[ ]?\+[ ]?[^()=\n]{1,4})?\)(?:/d[tn])?[ ]?=", re.MULTILINE)
"""The left side of a line of one unit, zj(t) or dui(t)/dt, or of all of them, z(t)."""
_SUM_OF_UNITS = re.compile(r"[∑Σ][ ]?(?:_?\{?)([ijk])(?![A-Za-z])")
_RAISED_WORD = re.compile(r"(?<=[^\W\d_])\^([a-z]{2,5})(?=_)")


def _with_components(text: str) -> str:
    """A text with wij and uj as w_{ij} and u_j, where all lines with steps in brackets are those of one unit."""
    indices = {name[1:] for _, name in _LEFT.findall(text)}
    if len(indices) != 1 or not (unit := indices.pop()):
        return text
    letters = "".join(sorted({unit, *_SUM_OF_UNITS.findall(text)}))
    begin = (
        r"(?:(?<![A-Za-z^_{\\])|(?<=[a-z])(?=[A-Z])|(?<=(?<![A-Za-z])d)(?=[a-z][ijk]\([tn]\)/d)"
        rf"|(?<=[α-ωA-Z][{letters}]))"
    )
    text = _RAISED_WORD.sub(r"^{\1}", text)
    text = re.sub(rf"(?<=[\w}}]_)([{letters}]{{2}})(?![A-Za-z])", r"{\1}", text)
    text = _SUM_OF_UNITS.sub(lambda match: match[0] if "_" in match[0] else f"∑_{match[1]} ", text)
    end = rf"(?![A-Za-z0-9](?![{letters}](?![A-Za-z])))"
    return re.sub(rf"{begin}([^\W\d_])([0-9]?)([{letters}]{{1,2}}){end}", _with_component, text)


def _with_component(match: re.Match[str]) -> str:
    """A name with the letter of its component as an index, and a blank before it where it touches a factor."""
    before = match.string[: match.start()][-1:]
    blank = " " if before.isalnum() and before != "d" else ""
    raised = f"^{{{match[2]}}}" if match[2] else ""
    return f"{blank}{match[1]}{raised}_{{{match[3]}}}"


_MARKED = rf"(?:[{_SPACING}][a-z]|[a-z][{_SPACING}])"
_APART = re.compile(rf"(?<![^\W\d_])([A-Z]|[{_SPACING}]?b) ({_MARKED})(?: ({_MARKED}|[a-z]))?(?![\w{_SPACING}−–(])")
"""A weight whose indices, of which the first one has a mark, stand apart from it: W ˆi h."""


def _with_marked_indices(text: str) -> str:
    """A text of a PDF with such indices beside their weights, Wiˆh, where a letter with this mark has a step
    elsewhere."""
    if re.search(r"[_\\]", text):
        return text

    def joined(match: re.Match[str]) -> str:
        letter = match[2].strip(_SPACING)
        has_step = re.search(rf"(?:[{_SPACING}]{letter}|{letter}[{_SPACING}])[tnk](?![^\W\d_])", text)
        letters = (f"{one.strip(_SPACING)}{one.strip(one.strip(_SPACING))}" for one in match.groups() if one)
        return f"{''.join(letters)} " if has_step else match[0]

    return _APART.sub(joined, text)


def with_written_indices(text: str) -> str:
    """A text with such indices as LaTeX has them: ∑_{k∈C(j)}, n−1 and x^{(l)}(t), and hi for h(ti). It has the same
    lines."""
    text = _with_marked_indices(_with_components(text))
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
