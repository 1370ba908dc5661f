"""Texts copied from a PDF, in which indices stand beside their letters: Wxt + Uht−1 is W x_t + U h_{t-1}.

They are read so only where this is certain: no line has an index that is written as one.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product

from ..vocabulary.function_words import CAPITALS, WORDS_OF_FUNCTIONS
from ..vocabulary.unicode_characters import COMBINING, SPACING, greek, is_script
from ..vocabulary.usual_letters import POTENTIALS
from .line_kinds import MINUS, PROSE, is_equation
from .sentence_patterns import OF_SIZE
from .words_after_equations import aside

_IS_WRITTEN = re.compile(r"[_\\]|\^(?!\{?[T⊤]|[0-9]|\{[^{}]{2,20}\})|[₀-₉ₐ-ₜᵢᵣᵤᵥ]")
_RANGE = re.compile(r"[∑∏][ ]?_\{[^{}\n]{1,20}\}(?:\^(?:\{[^{}\n]{1,20}\}|\w))?")
"""A sum with its range, which is written as such in any text."""
_CHILD = re.compile(r"∑[ ]?_\{([a-z])∈[A-Z]\(([a-z])\)\}")
"""A sum over the children k of a node j."""
_WRITTEN_NAME = re.compile(r"(?<![\w\\}])[^\W\d_](?:\^[^\W\d_]_[^\W\d_]|_[^\W\d_]\^[^\W\d_])(?!\w)")
"""A name whose two indices are written as such, d^c_t."""
_LEFT = re.compile(r"[ \t]*+([^=≔:←∈\n]{2,40}?)[ \t]*+(?:=|≔|:=|←)")
_LIST = re.compile(r"[(\[](.*[,;].*)[)\]](?:\^?[T⊤ᵀ])?")
"""Names at the left that stand in brackets, (ft, it)⊤."""
_USUAL_STEPS, _OTHER_STEPS = "tnk", "mjsi"
"""The letters of steps, and those that are steps where none of the usual ones is."""
_LAYERS = "lLℓ"
_COMMA = re.compile(rf"[,;](?![{_USUAL_STEPS}](?:{MINUS}1)?$)")
"""What separates names at the left, but not the index of a name from its step, i1,t."""
_OUTPUT = re.compile(r"[A-Z][a-z]{3,20}\(")
"""A word with tensors in brackets at the left, Retention(Xn)."""
_PRIMES, _STARS = "'′’", "∗*"
_TILDE = "~"
_EXPONENTS = "23"
"""The numbers that are exponents where no tensor has them as an index."""
_ARROWS = "↑↓"
"""The arrows that end the index of a matrix."""
_MARKS = "".join((*SPACING, *COMBINING, *_PRIMES, _TILDE))
_WORDS = "exp|max|min|log|sin|cos|sum|elu"
"""The functions that are as short as an index behind a blank, W xi."""
_WORDS_OF_INDICES = ("in", "out", *POTENTIALS)
"""The words that are indices of matrices and of potentials, Wout and vth."""
_LONGEST_WORD = max(map(len, _WORDS_OF_INDICES))
_LETTER = r"[^\W\d_¹²³⁰⁴-⁹ℜℑ]"
_WITHOUT_STEP = re.compile(rf"{_LETTER}[{_MARKS}]?(?:{_LETTER}|[0-9]){{0,3}}")
"""A name at the left without a step, with its index: z of z = σ(W xt), gy or z1."""
_SMALL_STEP = re.compile(r"(?:[-+−=][ ]?|(?<=[-+−=(] )|\()Δ[ ]?t(?![\w_])(?=[ ]?(?:[^\W\d]|[(\[⊙·∗]))")
"""A step of time, which is a factor at the beginning of a term: + Δt f(ht)."""
_COUNT = re.compile(r"^[ \t]*([a-z])[ ]?=[ ]?[1-9][0-9]?[ \t.,]*$", re.MULTILINE)
"""A line with a number of steps, p = 4 of ht−p."""
_NUMBER = re.compile(r"(?<![\w^_{])([a-z])[ ]?=[ ]?[0-9]*\.[0-9]")
"""A small letter to which a text gives a number that is not whole."""
_PARAMETER = rf"[ ]?[{_MARKS}]?{_LETTER} ?[{_USUAL_STEPS}](?:{MINUS}1)?"
_FUNCTION = re.compile(
    rf"[ \t]*(?:{_LETTER}{{1,3}}|[A-Za-z]{{4,16}})"
    rf"\((?:{_PARAMETER}(?:,{_PARAMETER}){{0,4}}|[ ]?(?![{_USUAL_STEPS}])[^\W\d_][ ]?)\)$"
)
"""A function of tensors at the left, Φ(xt), F(xt, ht−1) or fr(xt), or of a letter, φ(z)."""
_SAID = re.compile(
    rf"(?<![\w{_MARKS}])((?!(?:it|at|an|in|on)\b){_LETTER}[{_MARKS}]?[ ]?[{_USUAL_STEPS}])"
    rf"(?=[ ](?:is|are|denotes?|∈)[ ]|,?[ ](?:and[ ])?{_LETTER}{{2}}[ ](?:is|are|denote|∈)[ ])"
)
"""A tensor of which a sentence says what it is: st is the external input."""
_SAID_LABELLED = re.compile(
    rf"(?<![\w{_MARKS}])((?!\w?(?:is|it|in|an|on|at|et)\b)[a-zα-ω]{_LETTER}[{_USUAL_STEPS}{_OTHER_STEPS}])"
    rf"(?=[ ](?:is|denotes?|∈)[ ](?:[∈ℝR]|an?\b|the\b|[a-z]*scalar)"
    rf"|,?[ ](?:and[ ])?{_LETTER}{{3}}[ ](?:is|are|denote|∈)[ ]"
    rf"|[ ]are[ ](?:the[ ]|scalar|both|zoneout|random|gate|mask))"
)
"""A tensor with an index of which a sentence says what it is: dct and dht are the masks."""
_IS_VECTOR = re.compile(
    rf"(?<!\w)([A-Z])[ ](?:is|denotes|represents)[ ](?:the|an?)[ ]"
    rf"(?:(?:{OF_SIZE}|(?!weight|bias|parameter)[a-z-]+)[ ]){{0,3}}?"
    r"(?:vector|input|features?|diagonal[ ]matrix)\b"
)
_ACTIVATIONS = ("relu", "tanh", "sigmoid", "softmax", "softplus", "elu", "gelu", "silu", "swish", "norm", "exp")
_WORD_OF_FUNCTION = re.compile(rf"([a-z]{{1,12}})(?i:{'|'.join(_ACTIVATIONS)})(?=\()")
"""A word before a bracket that ends as a function does, modReLU."""
CALL = re.compile(
    rf"(?:(?i:{'|'.join(sorted((*WORDS_OF_FUNCTIONS, *CAPITALS), key=len, reverse=True))})"
    rf"|[σφϕψΦΨΘ](?:[0-9]|(?![{_USUAL_STEPS}])[A-Za-z])?)\((?![0-9]\))"
)
"""A function before its bracket, which is no index of the weight that it touches: W1tanh(a), W1φ(a)."""


@dataclass(frozen=True)
class Unit:
    """A letter with its accent, its place in the text, and whether a sign of transposition follows, or −1: l−1 of the
    layer below."""

    letter: str
    accent: str
    start: int
    end: int
    is_turned: bool = False
    is_below: bool = False


@dataclass(frozen=True)
class Piece:
    """A name in a word such as Wmhht: its letter, the letters of its index, and whether it is one of this step.
    ``power`` is its exponent, 2 of f2t and ft2."""

    base: Unit
    label: tuple[Unit, ...] = ()
    has_step: bool = False
    is_turned: bool = False
    power: str = ""

    @property
    def end(self) -> int:
        return (self.label or (self.base,))[-1].end


@dataclass(frozen=True)
class PdfText:
    """How such a text writes steps: their letter, and the letters of the tensors that have one. ``is_spaced``: whether
    a blank stands before an index, z t. ``has_next``: whether the text computes ht+1 from ht, and ``has_both``: other
    tensors st from st−1. ``turned``: names with a T which means that a matrix is transposed, and their name without
    it, WhT in a text that has Wh. ``layer``: the letter of layers at each tensor, l of hlt. ``vectors``: capitals that
    sentences call vectors. ``counts``: letters that are numbers of steps, p of ht−p. ``child``: the letter of the
    children of a node, k of hk, which are its steps before. ``plain``: names with an index and without a step that
    lines compute, zh. ``numbers``: small letters to which the text gives a number, s = 0.9. ``squared``: Greek letters
    that the text has alone, too, so that a number beside them is an exponent, ω2."""

    letter: str
    tensors: frozenset[tuple[str, str]]
    is_spaced: bool = False
    has_next: bool = False
    has_both: bool = False
    turned: Mapping[str, str] = field(default_factory=dict)
    layer: str = ""
    vectors: frozenset[str] = frozenset()
    labelled: frozenset[tuple[tuple[str, str], ...]] = frozenset()
    has_small_steps: bool = False
    counts: str = ""
    child: str = ""
    plain: frozenset[str] = frozenset()
    numbers: str = ""
    squared: frozenset[str] = frozenset()
    word: re.Pattern[str] = field(init=False)
    in_brackets: re.Pattern[str] = field(init=False)

    def __post_init__(self) -> None:
        letter = rf" ?(?<!{_LETTER})(?!{_WORDS}){_LETTER}{{1,3}}(?!{_LETTER})" if self.is_spaced else _LETTER
        mark = rf"{' ?' if self.is_spaced else ''}[{_MARKS}⊤ᵀ]"
        named = rf"(?:{_LETTER}|[{_MARKS}])\w"
        behind = rf"(?:(?<={named})|(?<={named},\w))(?<!{self.letter})"  # Wg,h, Uf,i,o or i1,t
        comma = rf"{behind},(?={_LETTER})(?!{_LETTER}{self.letter})|(?<={named})(?<!{self.letter}),[0-9](?=[ ]?[⊙∘◦·×])"
        star = rf"(?<={_LETTER})[∗*](?={self.letter}(?:{MINUS}1)?(?!\w))"  # h∗t−1
        step = rf"({self.letter}(?!{_LETTER}))?"
        below = rf"{self.layer}{MINUS}1(?={self.letter}(?!{_LETTER}))|" if self.layer else ""  # hl−1t
        behind_accent = rf"(?<=[A-Z][{''.join(SPACING)}])[ ][a-z](?=[a-su-z](?<!{self.letter})(?!\w))|"  # W˜ xi
        slash = rf"(?<=[A-Z]\w)/(?={_LETTER}{_LETTER}{self.letter}(?!{_LETTER}))|"  # Wq/kxt
        arrow = rf"(?<={_LETTER})[{_ARROWS}]|"  # Wα↑
        part = rf"(?:{below}{behind_accent}{slash}{arrow}{letter}|(?<=\w)[0-9]|{mark}|{comma}|{star})"
        object.__setattr__(self, "in_brackets", re.compile(rf"\(((?:{_LETTER}){{1,3}}|[0-9])\){step}"))
        object.__setattr__(self, "word", re.compile(rf"{part}(?:(?!{CALL.pattern}|Δt\(){part})*"))

    def pieces(self, text: str, start: int, end: int) -> Iterator[Piece]:
        """The names in a word, from left to right."""
        units = _units(text, start, end, self.letter)
        at, n = 0, len(units)
        while at < n:
            one = units[at]
            may_have_word = one.letter.isupper() or one.letter in "uvθ"
            may_have_word = may_have_word or (at == 0 and _letters(units[1:]) == "out")
            if may_have_word and _letters(units[at + 1 : at + 2 + _LONGEST_WORD]) in _WORDS_OF_INDICES:
                yield Piece(one, tuple(units[at + 1 :]))
                return
            if size := self._labelled(units, at):
                is_turned = any(unit.is_turned for unit in units[at : at + size + 1])
                yield Piece(one, tuple(units[at + 1 : at + size]), True, is_turned)
                at += size + 1
                continue
            if text[units[-1].start - 1] == "," and units[-1].letter == self.letter and at < n - 2:  # αk,t
                yield Piece(one, tuple(units[at + 1 : -1]), has_step=True, is_turned=units[-1].is_turned)
                return
            if self._is_power(units, at + 1) and self._is_tensor([one, *units[at + 2 :]], 0):  # f2t
                yield Piece(one, has_step=True, power=units[at + 1].letter)
                at += 3
                continue
            if at + 3 <= n and units[at + 1].letter == "T" and self._is_tensor([one, units[at + 2]], 0):  # kTt
                yield Piece(one, has_step=True, is_turned=True)
                at += 3
                continue
            if self._is_tensor(units, at) and units[at + 1].letter == self.child:  # hk
                yield Piece(one, (units[at + 1],))
                at += 2
                continue
            if self._is_tensor(units, at):
                power = units[at + 2].letter if self._is_power(units, at + 2) else ""
                has_sign = at + 3 == n and units[at + 2].letter == "T" and not one.letter.isupper()  # ktT
                is_turned = has_sign or one.is_turned or units[at + 1].is_turned
                yield Piece(one, has_step=True, is_turned=is_turned, power=power)
                at += 3 if power or has_sign or (at + 2 < n and units[at + 2].letter == self.child) else 2  # fjk
                continue
            if one.letter == "Δ" and self.has_small_steps and at + 1 < n and units[at + 1].letter == "t":  # dt, or Δtₘ
                has_step = self.letter != "t" and at + 2 < n and units[at + 2].letter == self.letter
                yield from (Piece(one, (units[at + 1],), True),) if has_step else (Piece(one), Piece(units[at + 1]))
                at += 2 + has_step
                continue
            if self.is_number_e(Piece(one)) and self._is_tensor(units, at + 1):  # ektvt
                yield Piece(one)
                at += 1
                continue
            if one.letter in self.squared and self._is_power(units, at + 1):  # ω2xt
                yield Piece(one, power=units[at + 1].letter)
                at += 2
                continue
            is_unit = one.letter == "i" and text[:start].endswith(("e^{", "e^(", "exp("))  # e^{iθ}
            is_number = bool(greek(one.letter)) or one.letter in self.numbers
            is_factor = is_unit or (is_number and at + 1 < n and units[at + 1].letter.isupper())
            is_factor = is_factor and f"{_letters(units[at : at + 2])}(" not in text  # φL(a)
            stop = at + 1 if is_factor else self._start_of_tensor(units, at)
            stop = next((n + 1 for n in range(at + 1, stop) if units[n].letter in _ARROWS), stop)
            stop -= 2 if stop - 2 > at + 1 and units[stop - 2].letter == "Δ" else 0  # WdΔd
            if one.letter.isupper() and stop == n:
                stop -= max((len(name) for name in self.plain if _letters(units[at + 2 :]).endswith(name)), default=0)
            is_turned = _letters(units[at:stop]) in self.turned
            label = units[at + 1 : stop]
            if is_turned:
                label.pop(-1 if label[-1].letter == "T" else 0)
            if label and label[-1].letter in self.vectors:  # WTiT, where T is the topic vector
                yield from (Piece(one, tuple(label[:-1])), Piece(label[-1], is_turned=units[stop - 1].is_turned))
                at = stop
                continue
            is_turned = is_turned or any(unit.is_turned for unit in units[at:stop])
            yield Piece(one, tuple(label), is_turned=is_turned)
            at = stop

    def names(self, text: str, start: int, end: int) -> list[Piece]:
        """The names in a word, of which the last one may have an index in brackets behind it: α and µ of αµ(1)t."""
        found = [*self.pieces(text, start, end)]
        last = found[-1] if found else None  # a mark that is no letter, though Unicode has it among them
        if last and last.label and self.raised(text, end, Piece(last.label[-1])):
            return [*found[:-1], replace(last, label=last.label[:-1]), Piece(last.label[-1])]
        return found

    def names_before_call(self, text: str, at: int, end: int) -> bool:
        """Whether weights or tensors touch a function before its bracket, ot of ottanh(ct)."""
        word = self.word.match(text, at, end)
        if not word or not CALL.match(text, word.end(), end):
            return False
        return all(
            piece.has_step or (piece.base.letter.isupper() and len(piece.label) < 3)
            for piece in self.pieces(text, *word.span())
        )

    def is_other_function(self, text: str, at: int, end: int) -> bool:
        """Whether a word before a bracket is a function of its own, modReLU, and no weight or tensor that touches a
        function, ottanh."""
        found = _WORD_OF_FUNCTION.match(text, at, end)
        if not found or self.names_before_call(text, at, end):
            return False
        *_, last = self.pieces(text, *found.span(1))
        is_given = re.search(rf"(?<!\w){found[1]}(?!\w)", text)
        return not (last.has_step or is_given or text[at - 1 : at].isalpha())

    def _is_power(self, units: list[Unit], at: int) -> bool:
        """Whether a number that is an exponent stands at a place."""
        return at < len(units) and units[at].letter in _EXPONENTS

    def _is_tensor(self, units: list[Unit], at: int) -> bool:
        is_step = 0 <= at < len(units) - 1 and (units[at + 1].letter, units[at + 1].accent) in (
            (self.letter, ""),
            (self.child, ""),
        )
        return is_step and (units[at].letter, units[at].accent) in self.tensors

    def _start_of_tensor(self, units: list[Unit], at: int) -> int:
        """Where the tensor begins behind a weight, x of Wxixt and of Wlxixlt; the end of the word if none follows."""
        n = len(units)
        labelled = (first for first in range(at + 1, n - 1) if first + self._labelled(units, first) == n - 1)
        return next(labelled, n - 2 if self._is_tensor(units, n - 2) and n - 2 > at else n)

    def _labelled(self, units: list[Unit], at: int) -> int:
        """How many letters a tensor with an index has that begins here, before its step; 0 if none does."""
        longest = max(map(len, self.labelled), default=0)
        letters = tuple((unit.letter, unit.accent) for unit in units[at : at + longest + 1])
        fits = (len(one) for one in self.labelled if letters[: len(one) + 1] == (*one, (self.letter, "")))
        return max(fits, default=0)

    def raised(self, text: str, at: int, piece: Piece) -> Piece | None:
        """A name with an index that was raised in brackets, W(r), or µ(α)t with its step; None if it has none."""
        found = self.in_brackets.match(text, at)
        if not found or piece.label or piece.has_step:
            return None
        letter, has_step = piece.base.letter, bool(found[2])
        is_weight = letter.isupper() or letter == "b"
        is_tensor = found[1][-1] == self.letter and len(found[1]) > 1
        is_definition = not has_step and text[found.end() :].lstrip(" ").startswith("=")
        if is_tensor or is_definition or found[1] == self.letter or not (has_step or is_weight):
            return None
        return replace(piece, label=tuple(_units(text, *found.span(1), "")), has_step=has_step)

    def is_number_e(self, piece: Piece) -> bool:
        """Whether a name is the letter e alone, which no tensor has, so that it is the number before its exponent."""
        is_e = (piece.base.letter, piece.base.accent) == ("e", "")
        return is_e and not (piece.label or piece.has_step) and not any(letter == "e" for letter, _ in self.tensors)

    def previous(self, text: str, at: int, end: int) -> int:
        """Where −1 ends that follows a step, or −2, or +1 in a text that computes the next one, or 0."""
        sign = rf"(?:\+|{MINUS})" if self.has_both else r"\+" if self.has_next else MINUS
        count = f"|{MINUS}[{self.counts}](?![a-z])" if self.counts else ""
        found = re.compile(rf"{sign}1(?![0-9.])|{MINUS}[2-9](?![\w.(]){count}").match(text, at, end)
        return found.end() if found else 0


def names_at_left(line: str) -> list[str]:
    """The names that a line computes, as they are typed; none if it defines a function."""
    found = _LEFT.match(line)
    if not found or _FUNCTION.match(found[1]):
        return []
    names = [name.strip().removeprefix("log ") for name in re.split(_COMMA, _LIST.sub(r"\1", found[1]))]
    return [name for name in names if not _OUTPUT.match(name)]


def pdf_text(lines: list[str], sentences: str) -> PdfText | None:
    """How some lines of equations write steps, of which ``sentences`` may name more tensors; None if their indices are
    written as such, or it is not certain."""
    text = "\n".join(lines)
    child = _CHILD.search(text)
    left = [name for line in lines for name in names_at_left(line)]
    flat = _RANGE.sub("", text)
    if _IS_WRITTEN.search(flat if any(map(_IS_WRITTEN.search, left)) else _WRITTEN_NAME.sub("", flat)):
        return None
    if child:
        left = [re.sub(f"(?<={child[2]}){child[1]}$", "", name) for name in left]
    counts = "".join({*_COUNT.findall(sentences)} - {*_USUAL_STEPS})
    counts += _open_counts(text, left) if not counts else ""
    one = f"(?:1(?![0-9])|[{counts}](?![a-z]))" if counts else "1(?![0-9])"
    ways = (("", MINUS), (" ", MINUS), ("", r"\+"))
    for usual, (blank, sign) in product((_USUAL_STEPS, _OTHER_STEPS), ways):
        has_next = sign == r"\+"
        steps = Counter(
            re.findall(rf"(?:{_LETTER}[0-9]?|\w,|\w\)){blank}(?:[{_MARKS}]{blank})?([{usual}]){sign}{one}", text)
        )
        letter = steps.most_common(1)[0][0] if steps else ""
        letter = child[2] if child and child[2] in usual and not (letter or blank or has_next) else letter
        has_both = has_next and any(re.search(rf"(?<!{_LETTER}){re.escape(name)}{MINUS}1(?![0-9])", text)
                                    for name in left if name.endswith(letter))  # fmt: skip
        left = [name.removesuffix("+1") if has_next else re.sub(f"{MINUS}1$", "", name) for name in left]
        with_step = [name for name in left if re.fullmatch(rf".{{1,4}}?{blank}{letter}", name)]
        others = [name for name in left if name not in with_step]  # z = σ(W xt), without a step
        if letter and with_step and all(map(_WITHOUT_STEP.fullmatch, others)):
            plain = [name for name in with_step if "(" not in name]  # of h(1)t each name is found where it stands
            words = (_units(name, 0, len(name), letter)[:-1] for name in plain if not blank)
            labelled = {tuple((unit.letter, unit.accent) for unit in word) for word in words if len(word) > 1}
            last = {name[-1][0] for name in labelled} if len(labelled) == len({*with_step}) else set[str]()
            layer = next(iter(last), "") if len(last) == 1 and last <= {*_LAYERS} else ""
            labelled |= {((one, ""), (layer, "")) for one in "xu" if layer}
            said = [match[1] for match in _SAID.finditer(sentences) if match[1].endswith(letter)]
            labelled |= {*_labelled_alone(text, sentences, letter)} if not blank else set()
            tensors = frozenset(
                _tensors(text, [*said, *(name for name in left if "(" not in name)], letter, blank, sign)
            )
            tensors = (tensors | _only_input(text, tensors, letter)) - {(layer, "")}
            is_small = letter != "t" or len(_SMALL_STEP.findall(text)) == len(re.findall("Δ[ ]?t", text))
            found = PdfText(letter, tensors, bool(blank), has_next, has_both, {}, layer,
                            frozenset(_IS_VECTOR.findall(sentences)), frozenset(labelled), is_small,
                            counts, child[1] if child else "", frozenset(name for name in others if len(name) > 1),
                            "".join({*_NUMBER.findall(sentences)}), _squared(text, sentences))  # fmt: skip
            turned = {name: of for name, of in _turned(found, text) if name not in found.vectors}
            return replace(found, turned=turned)
    return None


def _squared(text: str, sentences: str) -> frozenset[str]:
    """The Greek letters that have one exponent beside them, ω2, and stand alone elsewhere."""
    numbered = re.findall(r"([α-ω])([0-9])(?![0-9.])", text)
    letters = {letter for letter, number in numbered if number in _EXPONENTS}
    alone = {*re.findall(r"(?<!\w)([α-ω])(?!\w)", f"{text}\n{sentences}")}
    return frozenset((letters & alone) - {letter for letter, number in numbered if number not in _EXPONENTS})


def _labelled_alone(text: str, sentences: str, letter: str) -> Iterator[tuple[tuple[str, str], ...]]:
    """The letters of tensors with an index that no line computes and that stand alone: those that a sentence names,
    dct, and those whose index is the letter of another step, gti."""
    words = {word for word in re.findall(rf"(?<![\w{_MARKS}])[a-zα-ω]{_LETTER}{letter}(?![\w{_MARKS}(])", text)}
    said = {match[1] for match in _SAID_LABELLED.finditer(sentences)}
    for word in sorted(words):
        if word in said or (letter not in _USUAL_STEPS and word[1] in _USUAL_STEPS):
            yield (word[0], ""), (word[1], "")


def _open_counts(text: str, left: list[str]) -> str:
    """The letter of a number of steps that no line gives, p of ht−p which several lines read in a text without ht−1."""
    names = "|".join(map(re.escape, left))
    found = Counter(re.findall(rf"(?<!\w)(?:{names}){MINUS}([a-z])(?![a-z(])", text)) if left else Counter[str]()
    has_one = re.search(rf"[{_USUAL_STEPS}]{MINUS}1(?![0-9])", text)
    return next(iter(found)) if len(found) == 1 and found.total() > 1 and not has_one else ""


def _turned(pdf: PdfText, text: str) -> Iterator[tuple[str, str]]:
    """The matrices with a T at the end or before the index of their name, and their name without it, if the text has
    it: WhT and WTh beside Wh. A T before the index is no sign where a bias has it as its index, bT."""
    pieces = [piece for word in pdf.word.finditer(text) for piece in pdf.pieces(text, *word.span())]
    names = {_letters((piece.base, *piece.label)) for piece in pieces}
    names -= {"".join(letter for letter, _ in one) for one in pdf.labelled}
    for name in names:
        shorter = (name[:-1] if name.endswith("T") else "", f"{name[0]}{name[2:]}" if name[1:2] == "T" else "")
        is_label = "bT" in names and not shorter[0]
        matrix = next((other for other in shorter if other and other in names), "")
        if name[0].isupper() and len(name) > 1 and matrix and not is_label:
            yield name, matrix


def _only_input(text: str, tensors: frozenset[tuple[str, str]], letter: str) -> set[tuple[str, str]]:
    """The letter before the step behind weights, s of Cst and Wist, in a text without another input than this."""
    if re.search(rf"[xu]{letter}(?!{_LETTER})", text):
        return set()
    words = re.findall(rf"(?<![\w{_MARKS}])[A-Z]\w{{0,3}}{letter}(?![\w{_MARKS}(])", text)
    found = {(word[-2], "") for word in words if len(word) > 2 and word[1:] not in _WORDS_OF_INDICES}
    is_input = len(found - tensors) == 1 and all(one.islower() for one, _ in found)
    return found - tensors if is_input else set()


def _tensors(text: str, left: list[str], letter: str, blank: str, sign: str) -> Iterator[tuple[str, str]]:
    """The letters and accents of the tensors that have a step: x, those at the left, and those that stand alone."""
    yield "x", ""
    if f"x{blank}{letter}" not in text or f"x{blank}{letter}" in left:
        yield "u", ""
    mark = f"[{_MARKS}]?"
    alone = re.findall(rf"(?<![\w{_MARKS}])({mark}[a-zα-ω]{mark}{blank}{letter})(?![\w{_MARKS}])", text)
    before = re.findall(rf"({mark}{_LETTER}{mark}{blank}{letter})(?:{MINUS}|{sign})1(?![0-9])", text)
    for name in (*left, *alone, *before):
        units = _units(name, 0, len(name), letter)
        if len(units) > 1:
            yield units[-2].letter, units[-2].accent
    for word in re.finditer(rf"[^\W\d_{_MARKS}⊤ᵀ](?:[^\W\d_]|[{_MARKS}⊤ᵀ])+", text):  # vtkt: each letter has the step
        units = _units(text, word.start(), word.end(), letter)
        has_difference = any(unit.letter == "Δ" for unit in units)  # WtΔt
        are_all = all(unit.letter == letter for unit in units[1::2]) and not has_difference
        if len(units) > 3 and are_all and not len(units) % 2:
            yield from ((unit.letter, unit.accent) for unit in units[::2])


def _letters(units: Sequence[Unit]) -> str:
    return "".join(unit.letter for unit in units)


def _units(text: str, start: int, end: int, step: str) -> list[Unit]:
    """The letters of a word. A mark beside a letter belongs to the one before it, but to the one after it behind a
    step and Δ: it˜ct is i_t and c̃_t."""
    found: list[Unit] = []
    pending = ""
    for at in range(start, end):
        for character in text[at] if text[at] in (*SPACING, "ᵀ") else unicodedata.normalize("NFKD", text[at]):
            accent = SPACING.get(character) or COMBINING.get(character, "")
            accent = "tilde" if character == _TILDE else accent
            if (behind := "prime" if character in _PRIMES else "star" if character in _STARS else "") and found:
                last = found[-1]
                found[-1] = Unit(last.letter, f"{last.accent} {behind}".strip(), last.start, at + 1, last.is_turned)
                continue
            is_of_next = len(found) > 1 and found[-1].letter == step
            is_of_next = is_of_next or (
                bool(found) and found[-1].letter == "Δ" and text[at + 1 : at + 2] != step
            )  # Δ˜ut
            if character in "⊤ᵀ" and found:
                found[-1] = Unit(found[-1].letter, found[-1].accent, found[-1].start, at + 1, is_turned=True)
            elif accent and found and not found[-1].accent and not (is_of_next and character in SPACING):
                found[-1] = Unit(found[-1].letter, accent, found[-1].start, at + 1, found[-1].is_turned)
            elif accent:
                pending = accent
            elif character == "1" and found and re.match(MINUS, text[at - 1]):
                found[-1] = replace(found[-1], end=at + 1, is_below=True)
            elif character.isalnum() or character in _ARROWS:
                found.append(Unit(character, "cal" if is_script(text[at]) else pending, at, at + 1))
                pending = ""
    return found


@lru_cache(64)
def pdf_text_of(text: str) -> PdfText | None:
    """How a text that is copied from a PDF writes indices beside their letters; None for other texts."""
    lines = [part for line in text.split("\n") for part in _parts(line)]
    sentences = "\n".join(line for line in lines if not is_equation(line))
    return pdf_text([line for line in lines if is_equation(line)], sentences)


def _parts(line: str) -> tuple[str, ...]:
    """The equation of a line and the sentence behind it, or a line that is one of these."""
    stop = len(line) if PROSE.match(line) else aside(line)
    return (line[:stop], line[stop:]) if stop < len(line) else (line,)
