"""Finds out how a text writes steps, layers, components, numbers and functions."""

import re
from collections import Counter

from ..lines.line_kinds import is_equation
from ..vocabulary.latex_commands import COMMANDS
from ..vocabulary.unicode_characters import greek
from ..vocabulary.usual_letters import COMPONENTS, SMALL_STEPS, STEP_LETTERS
from .cursor import Conventions
from .layers import counted_layers
from .named_functions import named_functions
from .ranges import ranges_of

_COMPUTES_NEXT = re.compile(
    r"^[^=\n+]{1,40}[_({][ ]?[tn][ ]?\+[ ]?1[ ]?[)}]?(?:\^\{?[-+∗*]\}?)?[ ]{0,4}&?[ ]{0,4}=", re.MULTILINE
)
_COMPUTES_X = re.compile(r"^[ \t&$]{0,8}(?:\\[a-z]{2,10}\{)?x\}?[_^(][^=\n]{1,30}=", re.MULTILINE)
"""A line that computes x, which is no input then."""
_SMALL_DELTA = re.compile(r"(?:\\delta|δ)(?![A-Za-z]|[ ]t\b)")
"""A δ that is no part of a step of time, \\delta t."""
_SMALL_STEP = re.compile(r"(?:\\delta[ ]|δ[ ]?)t(?!\w)")
_DIFFERENCE = re.compile(r"^[ \t&$]{0,8}(?:\\Delta|Δ)[ ]?(?:\\[a-z]{3,9}[ ]?\{|[^\W\d_t])", re.MULTILINE)
"""A line that computes a difference, which has a name with Δ: \\Delta\\tilde{u}_t = …"""
_HAS_E = re.compile(r"^[ \t&$]*e(?![A-Za-z0-9])[^=:∈+*/\n]{0,30}(?:[=:∈]|\\in\b)", re.MULTILINE)
_COUNTED = re.compile(
    r"^[ \t&$]{0,8}(?:\\[a-z]{2,10}\{)?([a-z])\}?(?:\^\{?[0-9]\}?|[¹²³⁴⁵⁶⁷⁸⁹])[ ]?(?:_|[ₜₙ]|&?[ ]?=)", re.MULTILINE
)
_RAISED = re.compile(
    r"^[ \t&$]{0,8}(?:\\math[a-z]{2,4}\{|\\boldsymbol\{|\\bm\{)?(\\[a-z]{2,10}|[^\W\d_])\}?"
    r"(?:_\{?(?:[tnk]|prev)\}?|[ₜₙ])?(?:\^\{?([0-9])\}?|([¹²³⁴⁵⁶⁷⁸⁹]))(?:_\{?(?:[tnk]|prev)\}?|[ₜₙ])?"
    r"[ ]{0,4}&?[ ]{0,4}(?:=|\\leftarrow|\\gets|←)",
    re.MULTILINE,
)
"""A line that computes a tensor with a raised number: \\sigma_t^2 = …"""
NAMED_T = re.compile(
    r"^[ \t&$]{0,8}(\\[a-z]{2,10}|[^\W\d_])(?:\^\{?T\}?_[^=\n]{1,12}|_(?:\w|\{[^{}=\n]{1,8}\})\^\{?T\}?[ ]{0,4}&?)=",
    re.MULTILINE,
)
"""A line that computes a tensor whose index is T, C^T_{t-1} or C_{t-1}^T."""
_DEFINED = re.compile(
    r"^[ \t$&]{0,8}(\\[A-Za-z]{2,10}|[^\W\d_])[(\[][ ]?(?![tnkisjlm][ ]?[)\]])\\?[a-zA-Z]+[ ]?"
    r"(?:[,;][ ]?[\\a-zA-Z_{} ]{1,24}){0,5}[)\]][ \t]{0,4}&?=(?!=)",
    re.MULTILINE,
)
"""A line that defines a function of names without steps: f(x, h; \\theta) = …"""
_DEFINED_WORD = re.compile(r"^[ \t$&]{0,8}([A-Za-z]{4,16})\([^()=\n]{1,60}\)[ \t]{0,4}&?=(?!=)", re.MULTILINE)
"""A line that defines a function with a word as its name, binarize(u_t) = round(u_t), if others use it."""
_OLDER = re.compile(r"[_{(\[,]t[ ]?[-−–][ ]?[0-9a-z]")
"""An older step, t-2 or t-i."""
_COMPONENT = re.compile(rf"[\])][ ]?[_^]\{{?([{''.join(COMPONENTS)}])\}}?(?!\w)")
"""The index of a component after brackets: [W x]_j."""
_RAISED_T = re.compile(r"\^\{?[\[(]t[\])]\}?")
"""The step in brackets, raised: s^{[t]}."""
_CHILD = re.compile(
    r"(?:\\sum|∑)(?:\\limits)?[ ]?_[ ]?\{?[ ]?([a-z])[ ]?(?:\\in|∈)[ ]?(?:\\mathcal\{?)?[A-Z]\}?\(([a-z])\)"
)
"""A sum over the children of a node: \\sum_{k \\in C(j)}."""
_RAISED_INDEX = r"(?:\^[ ]?(?:\{[^{}]{1,12}\}|\w))?"
_SUMMED = re.compile(
    rf"(?:\\sum|∑)(?:\\limits)?[ ]?_\{{?[ ]?([a-z])[ ]?(?:=[ ]?1|\\neq?[ ]?[a-z])?[ ]?\}}?[ ]?{_RAISED_INDEX}[ ]?"
    rf"(?:\\[a-z]{{2,10}}[ ]?\{{)?(?:[A-Za-z]|\\[a-z]{{2,6}})\}}?[ ]?{_RAISED_INDEX}[ ]?"
    r"_\{?[ ]?(?:([a-z])[ ]?,?[ ]?\1|\1[ ]?,?[ ]?([a-z]))(?![A-Za-z0-9])[ ]?\}?"
)
"""A sum over components: \\sum_j W_{ij}, or \\sum_j W_{ji}."""
_WHOLE_NUMBER = re.compile(
    r"(?<![\w\\])((?:\\?[A-Za-z]{1,12}|[α-ω])(?:_\{?\w{1,9}\}?)?(?:\^\{?\(?[lL]\)?\}?)?)[ ]?=[ ]?([0-9]{1,2})"
    r"(?!\w|\.[0-9]|(?:[ ,\u00a0\u2009\u202f]|\\,|\{,\})[0-9]{3}(?![0-9]))"
)
"""A whole number that a text gives to a name: N = 4, but not N = 10 000."""
_ROW = re.compile(
    r"(?:_\{?[ ]?[tnk](?:[ ]?[-−–][ ]?1)?[ ]?\}?|[ₜ₁]|(?<![A-Za-z\\])[A-Za-z]t(?:[-−–]1)?)"
    r"(?:\^\{?\w{1,4}\}?)?[ ]?\(([ijm])\)"
)
"""The row of a memory, or the number of a vector: M_t(i), w_t(i)."""
_LEFT = re.compile(r"[ \t$&]*+([^=←\n]{1,60}?)[ \t]*+&?[ ]*+(?:=|←|\\leftarrow|\\gets)(?!=)")
_OF_ARGUMENT = re.compile(r"\$?\\?[^\W\d]\w{0,12}[ ]?(?:\\left)?\([ ]?[a-z][ ]?(?:\\right)?\)\$?")
"""The left side of a line that defines a function of one number: \\phi(a)."""
_SLOT = re.compile(r"(?:_\{?|[_^]\{?\(|,[ ]?)([ijkm])(?![A-Za-z0-9])")
"""The index of a slot at the left: h_j, h_t^{(j)}, y_{t,j}."""
_OF_MATRIX = re.compile(
    r"[A-Z]\}?(?:_(?!t)(?:\w|\{[a-su-z]{1,3}\}))?[ ]?[_^]\{?\(?(?:[a-z][ ]?,?[ ]?)?([ijkm])(?![A-Za-z0-9])"
)
LAYER = re.compile(r"[_^][{(\[]{1,2}[ ]?(?:[a-z][ ]?,[ ]?)?(l|L|ℓ|\\ell)[ ]?[-−–][ ]?1[ ]?[,})\]]")
"""The index of the layer below, h^{(l-1)}_t."""
NEXT_LAYER = re.compile(r"[_^][{(\[]{1,2}[ ]?(?:[a-z][ ]?,[ ]?)?(l|L|ℓ|\\ell)[ ]?\+[ ]?1[ ]?[,})\]]")
"""The index of a layer that a text computes from the one below, h^{(l+1)}_t from h^{(l)}_t."""
_FIRST_LAYER = re.compile(
    r"[A-Za-z]\}?(?:_(?:\w|\{\w\}))?[_^](?:0|\{0\}|\{?\(0\)\}?|\{0,[ ]?t\}|\{t,[ ]?0\})(?:_(?:\w|\{\w\})|\(t\))?"
    r"\$?[ ]{0,2}&?(?:=|:=|\\equiv|≡|is)[ ]{0,2}\$?(?:\\[a-z]+\{)?[xu]\}?(?:_(?:\w|\{\w\})|\(t\))"
)
"""What is below the first layer: h^{(0)}_t = x_t."""
_BELOW = r"(?:\{((?:l|\\ell|ℓ)[ ]?(?:[-−–][ ]?1|=[ ]?0)|0)\}|0)"
_INDEX_BELOW = rf"(?:_(?:\{{t\}}|t)\^{_BELOW}|\^{_BELOW}_(?:\{{t\}}|t))"
_TOP, _BEFORE = r"\^(?:\{(?:l[ ]?=[ ]?)?L\}|L)", r"_\{t[ ]?[-−–][ ]?1\}"
_OF_TOP_LAYER = re.compile(
    rf"(?P<name>(?:\\[a-z]{{4,10}}[ ]?\{{)?[A-Za-z]\}}?){_INDEX_BELOW}[ ]?=[ ]?"
    rf"(?P=name)(?:{_TOP}{_BEFORE}|{_BEFORE}{_TOP})"
)
"""What a sentence says of the first layer: M_t^{l-1} = M_{t-1}^L, that of the top layer one step before."""
INPUT = re.compile(r"(?<![_^A-Za-z\\])(?<![_^]\{)[xX]\}?[ ]?[_^(\[ₜ]")
"""The input x with an index."""


def _is_step(text: str, letter: str, sign: str = "[-−–]") -> bool:
    """Whether a text has an index such as t-1."""
    openings = ("_", "{", "(", "[", "<", "⟨", "langle", ",")
    found = re.finditer(rf"(?<![A-Za-z]){letter}[ ]?{sign}[ ]?1(?![0-9])", text)
    return any(text[max(0, one.start() - 12) : one.start()].rstrip().endswith(openings) for one in found)


def _layer(text: str) -> str:
    """The letter of the layers of a text that computes one from the one below, h^{l-1}_t, and has no other input, or
    that has layers l+1."""
    if found := NEXT_LAYER.search(text):
        return {"l": "l", "L": "L"}.get(found[1], "ell")
    found = LAYER.search(text)
    own_x = (
        rf"x\}}?(?:_t)?(?:{re.escape(found[0])}|[_^][{{(\[]{{1,2}}(?:{re.escape(found[1])}|0)[)\]}}]{{1,2}})"
        if found
        else ""
    )
    has_other_x = found and INPUT.search(re.sub(own_x, "", without_first_layer(text)))
    return {"l": "l", "L": "L"}.get(found[1], "ell") if found and not has_other_x else ""


def without_first_layer(text: str) -> str:
    """A text without what it says of the layer below the first, h^{(0)}_t = x_t."""
    return _FIRST_LAYER.sub("", text)


def without_top_layer(text: str) -> tuple[str, tuple[int, str]]:
    """A text with M_{t-1}^l for M_t^{l-1}, if a sentence says that the first layer reads M of the top layer one step
    before, and the line and words of this sentence. It is as long, so that all characters keep their places."""
    found = _OF_TOP_LAYER.search(text)
    if not found:
        return text, (0, "")
    text = f"{text[: found.start()]}{' ' * len(found[0])}{text[found.end() :]}"

    def own(match: re.Match[str]) -> str:
        layer = re.match(r"\\?\w+", match[1] or match[2] or "0")
        return f"{found['name']}_{{t-1}}^{layer[0] if layer and layer[0] != '0' else 'l'}".ljust(len(match[0]))

    read = re.sub(re.escape(found["name"]) + _INDEX_BELOW, own, text)
    return read, (text.count("\n", 0, found.start()) + 1, found[0])


def _has_component(text: str, letter: str) -> bool:
    """Whether a tensor at the left has the index of a component."""
    return bool(re.search(rf"^[^=\n]{{0,40}}[_^]\{{?{letter}\b[^=\n]{{0,40}}=", text, re.MULTILINE))


def _slots(text: str, step: str) -> frozenset[str]:
    """The letters that count slots: i of w_t(i) and M_t(i), and one that stands at the left of all lines and at vectors
    of weights, h_j ← h_j + g_j k_j, but at no matrix of weights."""
    rows = Counter(_ROW.findall(text))
    found = {*rows} if rows.total() > 1 else set()
    lines = [line for line in text.split("\n") if is_equation(line)]
    lefts = [match[1] for line in lines if (match := _LEFT.match(line)) and not _OF_ARGUMENT.fullmatch(match[1])]
    letters = [{*_SLOT.findall(left)} for left in lefts]
    common = set.intersection(*letters) if len(letters) > 1 else set()
    matrices = {*_OF_MATRIX.findall("\n".join(lines))}
    is_stepped = bool(re.search(rf"[_,{{ ]{step}\b|ₜ", "\n".join(lines)))
    return frozenset((found | (common - matrices if is_stepped else set())) - {step})


def _whole_numbers(text: str) -> dict[str, frozenset[int]]:
    """The whole numbers that a text gives to each name: those of lines of their own, else those of sentences."""
    found: dict[bool, dict[str, frozenset[int]]] = {False: {}, True: {}}
    for match in _WHOLE_NUMBER.finditer(text):
        own = found[_is_line(text, *match.span())]
        name = re.sub(r"\^.*|[\\{}]", "", match[1])
        name = greek(name[0]) + name[1:] if greek(name[0]) else name
        own[name] = own.get(name, frozenset()) | {int(match[2])}
    return found[False] | found[True]


def _summed(text: str, step: str) -> frozenset[str]:
    """The letters of components that a text sums over, as in \\sum_j W_{ij} x_j."""
    found = set[str]()
    for match in _SUMMED.finditer(text):
        if re.search(rf"{step}[ ]?[-−–][ ]?{match[1]}(?![A-Za-z])", text):  # h_{t-n} of a sum over steps
            continue
        if match[2] == step:  # e_{t,i} of one step
            continue
        if match[2] or (match[3] != step and _has_component(text, match[3])):
            found |= {match[1], match[2] or match[3]}
    return frozenset(found - {step})


def _is_line(text: str, begin: int, end: int) -> bool:
    """Whether a part of a text is a line of its own, with its signs of LaTeX."""
    line = text[text.rfind("\n", 0, begin) + 1 : begin], text[end:].partition("\n")[0]
    return not "".join(line).strip(" \t$&.,;\\")


def _letter(typed: str) -> str:
    """The name of a letter, perhaps with an index: sigma, for \\sigma or σ."""
    base, sign, index = typed.partition("_")
    name = COMMANDS.get(base[1:], base[1:]) if base[:1] == "\\" else (len(base) == 1 and greek(base)) or base
    return f"{name}{sign}{index}"


_DECLARED = re.compile(r"^[ \t]*([A-Za-z]\w*)[ \t]*:(?!=)", re.MULTILINE | re.ASCII)
"""A name whose axes a line of the cell language declares."""
_GREEK_LABEL = re.compile(r"(?<![A-Za-z\\])[A-Z]\}?\^\{?(\\[a-z]{2,10}(?![A-Za-z])|[α-ω])(?![^\s}])")
"""A Greek letter that is raised at a matrix, W^\\lambda."""
_GIVEN_CAPITAL = re.compile(r"^[ \t$&]{0,8}([A-Z])[ ]{0,4}&?=(?!=)", re.MULTILINE)
"""A capital that a line gives a value: P = 0.5."""


_AXIS = re.compile(r"^[ \t]*axis[ \t]{1,4}([A-Z])[ \t]*=", re.MULTILINE)


def _defined(text: str) -> set[str]:
    """The letters of functions that lines define: f(x, h) = …"""
    words = Counter(match[1] for match in _DEFINED_WORD.finditer(text))
    called = {word for word, n in words.items() if text.count(f"{word}(") > n}
    return {_letter(match[1]) for match in _DEFINED.finditer(text)} | called


def _of_layers(text: str, letter: str) -> set[str]:
    """The letters of tensors at which the letter of layers is raised: h^j_t, h_t^{j}."""
    raised = re.compile(
        rf"(\\[a-z]{{2,10}}(?![A-Za-z{{])|[^\W\d_])\}}?(?:_(?:\{{[^{{}}]{{1,12}}\}}|\w))?"
        rf"\^\{{?[ ]?(?:{re.escape(letter)}|\\{letter})(?![A-Za-z])"
    )
    return {_letter(match[1]) for match in raised.finditer(text)}


def _raised(match: re.Match[str]) -> tuple[str, str]:
    """The letter and the raised number of a tensor at the left."""
    return _letter(match[1]), match[2] or str("¹²³⁴⁵⁶⁷⁸⁹".index(match[3]) + 1)


def conventions_of(text: str, functions: frozenset[str]) -> Conventions:
    """How a text writes steps, and its names of functions, with those that are found already."""
    before = {c for c in STEP_LETTERS if _is_step(text, c)}
    before |= {c for c, small in zip(STEP_LETTERS, SMALL_STEPS, strict=True) if f"{small}₋₁" in text}
    before |= {"t"} if _OLDER.search(text) else set()
    child = _CHILD.search(text)
    if child:
        before.add(child[2])
    elif "_prev" in text or "_{prev}" in text:  # i of x^i, i-1 counts something else
        before &= {"t"}
    if before and before <= {"l", "j"} and _RAISED_T.search(text):  # s_{l-1}^{[t]} of a text without t-1
        before = {"t"}
    after = {c for c in STEP_LETTERS if not before and _is_step(text, c, r"\+")}
    after |= {c for c, small in zip(STEP_LETTERS, SMALL_STEPS, strict=True) if not before and f"{small}₊₁" in text}
    if before and (layer := _layer(text)) and before <= {layer}:  # [n+1] beside ^{(l-1)}
        after = {c for c in STEP_LETTERS if _is_step(text, c, r"\+")}
        before = before if not after else set()
    letter = next((c for c in STEP_LETTERS if c in (before or after)), "t")
    after |= {letter} if _COMPUTES_NEXT.search(text) and _is_step(text, letter, r"\+") else set()
    layers, count, last = counted_layers(text, numbers := _whole_numbers(text), letter)
    own_ranges = {layers: (1, last)} if layers else {}
    return Conventions(
        step_letter=letter,
        raised_steps=not re.search(rf"_\s*(?:\{{[^{{}}]{{0,30}})?{letter}\b|[{SMALL_STEPS}]", text),
        is_literal=bool(re.search(r"\\mathbb\{R\}\^\{\\text\{batch", text)),
        counted=frozenset(match[1] for match in _COUNTED.finditer(text)),
        raised=frozenset(
            {*map(_raised, _RAISED.finditer(text)), *((_letter(m[1]), "T") for m in NAMED_T.finditer(text))}
        ),
        of_layers=frozenset(_of_layers(text, layers)) if layers else frozenset(),
        greek_labels=frozenset(_letter(m[1]) for m in _GREEK_LABEL.finditer(text)),
        with_values=frozenset({*_GIVEN_CAPITAL.findall(text), *numbers} - {*_AXIS.findall(text)}),
        computes_x=bool(_COMPUTES_X.search(text)),
        layer="" if layers else _layer(text),
        layers=layers,
        count_of_layers=count,
        has_next_layer=not layers and bool(NEXT_LAYER.search(text)),
        has_next=bool(after),
        child=child[1] if child else "",
        component=(
            component := next(
                (m[1] for m in _COMPONENT.finditer(text) if m[1] != letter and _has_component(text, m[1])), ""
            )
        ),
        numbers=numbers,
        components=(components := _summed(text, letter) - {layers} if "sum" in text or "∑" in text else frozenset()),
        slots=_slots(text, letter) - components - {component, layers},
        ranges=ranges_of(text, numbers) | own_ranges,
        own_numbers=frozenset(m[1] for m in _WHOLE_NUMBER.finditer(text) if _is_line(text, *m.span())),
        has_differences=bool(_DIFFERENCE.search(text)),
        has_small_steps=bool(_SMALL_STEP.search(text)) and not _SMALL_DELTA.search(text),
        has_steps_in_brackets=bool(re.search(rf"[\w}}][(\[][ ]?{letter}[ ]?[-−–+][ ]?1[ ]?[)\]]", text)),
        declared=frozenset(_DECLARED.findall(text)),
        has_e=bool(_HAS_E.search(text)),
        functions=functions | _defined(text) | {_letter(name) for name in named_functions(text)},
    )
