"""The tokens of names: words, letters with their marks and indices, in plain text and in text of a PDF."""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Collection, Generator, Iterator, Sequence
from typing import TYPE_CHECKING

from ....translations.phrases import phrase
from ...function_syntax import UNARY
from ...limits import MAX_NAME
from ...names import STEP_SIZES
from ...places_and_errors import EquationsError, Place
from ..lines.line_kinds import CONSTANT, MINUS, OWN, is_equation
from ..vocabulary.function_words import LINEAR, LONGEST, NETWORK, WORDS_OF_FUNCTIONS, function_of, may_be_function
from ..vocabulary.latex_commands import (
    ARROWS,
    GREEK,
)
from ..vocabulary.unicode_characters import COMBINING, SPACING, SUBSCRIPTS, SUPERSCRIPTS, greek, is_script
from ..vocabulary.usual_letters import FREE_FUNCTIONS, POTENTIALS
from .named_functions import named_functions
from .token import Token

if TYPE_CHECKING:
    from ..lines.pdf_text import PdfText, Piece

_INDEX_OF_FUNCTION = re.compile(r"Δt(?=\()")
"""A step of time as the index of a function."""
_NAME = re.compile(r"[A-Za-z]\w+", re.ASCII)
_DECLARED = re.compile(
    r"^[ \t]{0,8}(?:axis[ \t]{1,4}([A-Za-z]\w{2,20})[ \t]{0,4}="
    r"|([A-Za-z]\w{2,20})[ \t]{0,4}:(?!=)[ \t]{0,4}[A-Za-z0-9])",
    re.MULTILINE | re.ASCII,
)
"""A word that a line of the cell language declares: axis slots = 4, memory: batch_size, slots."""
_CHANGED = re.compile(
    r"^[ \t]{0,8}(?:[τεm][ ]{0,2})?(?:([a-z])[\u0307\u0308]|d(?:\^?2)?([a-z])(?:\(t\))?/dt|([a-z])['′’]{1,2}[ ]{0,4}=)",
    re.MULTILINE,
)
"""The left side of a differential equation: ḣ, dh/dt, h'."""
_LINE_OF_LETTER = re.compile(r"^[ \t]{0,8}([a-z])[ ]{0,4}=", re.MULTILINE)
_LINE_OF_GATE = re.compile(r"^[ \t]{0,8}([a-z][a-z])[ ]{0,4}=[ ]{0,4}(?:σ|tanh|φ)[ ]?\(", re.MULTILINE)
_INDEX = re.compile(r"_|[₀-₉ₐ-ₜ]")
_HAS_STEP = re.compile(r"_[tnk]$")
_COMPUTED = re.compile(
    r"^[ \t&$]{0,8}([a-z]{2,8}|[A-Z][0-9])(?:_(?:[tnk]|\{[^{}\n]{1,12}\})(?:\([tnk]\))?|\([tnk]\))[ \t&]{0,4}=",
    re.MULTILINE,
)
"""A word, or a letter with a number, that a line computes: wkv_t = …, net_{c}(t) = …, T1_t = …"""
_STEPPED = re.compile(
    r"(?<![\w\\])([A-Za-z]\w{0,7})[(\[][ ]?[tnk][ ]?[-−–+]?[ ]?1?[ ]{0,8}[)\]](?=([ \t]{0,4}=)?)", re.ASCII
)
"""A name before a step in brackets, and whether it stands at the left, US[t] = …"""
_STEP_IN_BRACKETS = re.compile(r"[(\[][ ]?[tnk][ ]?(?:[-−–+][ ]?1[ ]?)?[)\]]")
_LOWERED = re.compile(rf"(?<!\w)([A-Zuv])({'|'.join(POTENTIALS)})(?=\W|[A-Z])|(?<!\w)([a-z])([A-Z])(?=[\[(])", re.ASCII)
"""A letter with its index beside it, in a text with steps in brackets: Vth, yH(t)."""
_PARAMETERS = re.compile(r"[ \t]{0,8}[^\W\d_]\w{0,3}\(([A-Za-z](?:,[ ]?[A-Za-z]){0,4})\)[ ]?=")
"""The left side of a line that defines a function of letters."""
_MATRIX = re.compile(r"(?<![^\W_])([A-Z][A-Za-z0-9]{0,3})(?![^\W_])(\s{0,4}=)?", re.ASCII)
"""The name of a matrix, and whether it stands at the left."""
_DERIVED = re.compile(r"(?<![A-Za-z])d[ ]?([A-Z])(?:\(t\))?[ ]?/[ ]?d[ ]?t(?![A-Za-z])")
"""A capital that is the state of a differential equation."""
_FACTOR = re.compile(r"(?<!\w)(τ[A-Za-z]{1,4})(?=[ ]{1,2}d[ ]?[^\W\d_](?:\(t\))?[ ]?/[ ]?d[ ]?t)")
"""A factor of a derivative with an index beside it, τw dw/dt."""
_NUMBER_OF_VECTOR = re.compile(r",([0-9]{1,2})(?![0-9_.,])")
"""The number of an element behind its vector, xt,1 and at,0ht−1."""
_NUMBERED = re.compile(rf"(\S\S)(?:{MINUS}1)?{_NUMBER_OF_VECTOR.pattern}")
_FACTOR_BEHIND = re.compile(r"[ ]?(?:[^\W\d_]|[(\[⊙∘◦·×∗])")
_NAME_OF_CALL = re.compile(r"[A-Za-z]{1,16}$")
_GREEK_INDEX = re.compile(r"(?!d[a-z]?(?:\([tnk]\))?/|d?t(?![A-Za-z]))[a-z]{1,3}(?![A-Za-z])", re.ASCII)
"""What touches a small Greek letter as an index, r of γr, but no derivative and no time, ωt."""
_GREEK_CAPITAL_INDEX = re.compile(r"[A-Za-z](?![A-Za-z])", re.ASCII)
_DIGITS = re.compile("[0-9]{1,2}", re.ASCII)
_PLAIN_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*", re.ASCII)
_CAPITALISED = re.compile(r"(?:[A-Z][a-z]{3,12}){2,4}|[A-Z](?=[a-z]{4})[b-df-hj-np-tv-z]*[aeiou][a-z]*")
"""A word such as Rotation or ShortConv, and no names beside each other, Whht."""
_CALLED = re.compile(
    r"((?:[a-z][a-z0-9]+_)*[A-Za-z][A-Za-z0-9]+)\s*(?:\\left\s*|\\[bB]igg?l?\s*)?\((?!\s*[tnkis]\s*[-−)])", re.ASCII
)
"""The name of a function before its bracket, which is not that of a step."""
_TWO_WORDS = re.compile(
    r"(?:(hard|leaky)[ -]?(σ)|(hard|leaky|parametric|soft|layer|batch)[ -](sigmoid|tanh|relu|plus|norm)(?![A-Za-z]))",
    re.IGNORECASE,
)
"""The name of a function that has a blank."""
_TWO = re.compile(r"[A-Z][a-z](?=_[({]?[tnk]\b|[ₜₙₖ])")
"""A matrix beside a vector, without a blank: Wx_t."""
_WEIGHT = re.compile(
    rf"([A-Z]\w?|(?<=_)[A-Za-z0-9])(?=(?i:{'|'.join(one for one in WORDS_OF_FUNCTIONS if len(one) > 3)})\()", re.ASCII
)
"""A weight, or its index, that touches a function before its bracket, Wotanh(a) and W_otanh(a)."""
_LINEAR = re.compile(rf"({LINEAR})([^\W_]{{1,4}})(?=\()", re.IGNORECASE)
"""A linear layer with its index beside it, Linearq(x)."""
_BIAS = re.compile(r"b[a-z](?=_\{?[a-jl-mo-su-z]\}?(?![A-Za-z,]))")
"""A bias of two letters that touch, bx_i."""
_SLOPE_FACTOR = re.compile(r"ΔT(?![A-Za-z0-9])")
_T = re.compile(r"(?<![A-Za-zΔ])T(?![A-Za-z])")
"""A matrix T, beside which ΔT is a product, and else a name, Δ_T."""
_IN = re.compile(r"in(?=[ ]\$?(?:\\mathbb[ ]?\{?R|ℝ|[(\[][ ]?[-−]?[01][ ]?,))")
"""The word in instead of its sign, before a domain or an interval."""
MOMENTS = {"E": "expectation", "V": "variance"}
IS_CALL = re.compile(r"(?:_\{?\w{1,9}\}?)?\s*(?:\\left\s*|\\[bB]igg?l?\s*)?[(\[]", re.ASCII)
"""What follows the name of a function: a bracket, perhaps behind an index."""


class LetterSource(ABC):
    """The names in a text in the notation of papers, as tokens. ``pdf``: how it writes indices beside their letters, or
    None. ``names`` are words that the text declares, which are no products of letters."""

    def __init__(self, text: str, pdf: "PdfText | None" = None) -> None:
        self.text, self.pdf = text, pdf
        lines = [line for line in text.split("\n") if not (CONSTANT.fullmatch(line) or OWN.match(line))]
        self.is_latex = any(re.search(r"\\[a-zA-Z]", line) for line in lines)
        words = (match[1] or match[2] for match in _DECLARED.finditer(text))
        declared = (word for word in words if not _HAS_STEP.search(word))
        computed = (
            (match[1] for match in _COMPUTED.finditer(text) if not function_of(match[1])) if self.is_latex else ()
        )
        self.names = frozenset((*STEP_SIZES, *declared, *computed))
        is_plain = not (self.is_latex or pdf or _INDEX.search("\n".join(lines)))
        self.stepped = _names_with_steps(text) if is_plain else frozenset()
        self.lowered = frozenset(match[0] for match in _LOWERED.finditer(text) if self.stepped)
        self.computed = frozenset() if self.is_latex or pdf else _letters_computed(text)
        labelled = _labelled_words(text) if self.computed else frozenset()
        self.names |= labelled
        self.beside = self.computed | ({"x", "u"} - {word[1] for word in labelled}) if self.computed else self.computed
        self.factors = frozenset(_FACTOR.findall(text)) if not self.is_latex else frozenset()
        self.functions = named_functions(text)
        self.numbers_of: defaultdict[str, set[str]] = defaultdict(set)
        for found in _NUMBERED.finditer(text) if pdf else ():
            self.numbers_of[found[1]].add(found[2])
        self.has_greek = any(map(greek, text))
        self.turned = {} if self.is_latex or pdf else _turned_matrices(lines, text, self.names)
        self.starts = [0, *(m.end() for m in re.finditer("\n", text))]
        self.line = 0
        self.environments: list[str] = []
        self.depth = 0

    def place(self, start: int, end: int) -> Place:
        while self.line + 1 < len(self.starts) and self.starts[self.line + 1] <= start:
            self.line += 1
        while self.starts[self.line] > start:
            self.line -= 1
        begin = self.starts[self.line]
        stop = self.starts[self.line + 1] - 1 if self.line + 1 < len(self.starts) else len(self.text)
        return Place(self.line + 1, start - begin, min(end, stop) - begin)

    def restart(self) -> None:
        """Forget what was begun by tokens that are not read to their end."""
        self.depth = 0
        self.environments.clear()

    @abstractmethod
    def tokens(self, begin: int, end: int) -> Iterator[Token]:
        """The tokens of a part of the text."""

    def _letters(self, at: int, end: int) -> Generator[Token, None, int]:
        """A word of plain text, or one letter; a mark above it follows as an accent."""
        character = self.text[at]
        if character == "½":
            yield Token("number", "0.5", self.place(at, at + 1))
            return at + 1
        if _IN.match(self.text, at, end):
            yield Token("sign", "∈", self.place(at, at + 2))
            return at + 2
        if self.text[at : at + 2] == "E[":
            yield Token("function", "expectation", self.place(at, at + 1))
            return at + 1
        if match := _TWO_WORDS.match(self.text, at, end):
            first, second = match[1] or match[3], match[2] or match[4]
            yield Token("function", hard_function(first, second), self.place(at, match.end()))
            return match.end()
        if layer := _LINEAR.match(self.text, at, end):
            yield self._word(layer[1], at, layer.end(1))
            yield from self._index(layer.start(2), layer.end())
            return layer.end()
        if self.is_latex and (bias := _BIAS.match(self.text, at, end)):
            yield self._word(bias[0], at, bias.end())
            return bias.end()
        if name := self._declared(at, end):
            yield self._word(name, at, at + len(name))
            return (yield from self._marks(at + len(name), end))
        if word := _PLAIN_WORD.match(self.text, at, end):
            return (yield from self._plain_word(word, at, end))
        return (yield from self._other_letter(at, end))

    def _plain_word(self, word: re.Match[str], at: int, end: int) -> Generator[Token, None, int]:
        """A word of plain text, or what its letters are: a power, an index, a product, a transpose."""
        text, stop = word[0], word.end()
        lengths = range(min(len(text), LONGEST), 1, -1)
        known = next((m for n in lengths if function_of(m := text[:n])), "")
        called = _CALLED.match(self.text, at, end) if self.is_latex else None
        if self._is_flat_power(text):
            yield self._word(text[0], at, at + 1)
            yield Token("sign", "^", self.place(at + 1, at + 1))
            yield Token("number", text[1], self.place(at + 1, stop))
            return stop
        if self.stepped and (stop_of_name := self._end_of_name(text, at)):
            text, stop = text[: stop_of_name - at], stop_of_name
        if (
            not (self.is_latex or self.pdf)
            and len(text) > 2
            and text[0].isupper()
            and text[-1] in self._parameters(at)
            and not (text in self.names or function_of(text))
        ):  # W_r x of f(x) = tanh(Wrx)
            yield self._word(text[:-1], at, stop - 1)
            return stop - 1
        if text == "xi" and self.has_greek and not self.is_latex:  # x_i, beside Greek letters that are typed so
            yield self._word("x", at, at + 1)
            yield from self._label(at + 1, stop)
            return stop
        if text in self.lowered:
            yield self._word(text[0], at, at + 1)
            yield from self._label(at + 1, stop)
            return stop
        if matrix := self.turned.get(text):
            yield self._word(matrix, at, stop)
            yield Token("sign", "^", self.place(stop, stop))
            yield Token("sign", "⊤", self.place(stop, stop))
            return stop
        weight = None if self.is_latex or function_of(text) else _WEIGHT.match(self.text, at, end)
        if weight:
            text, stop = weight[0], weight.end()
        elif called and may_be_function(called[1]):
            text, stop = called[1], called.end(1)
        elif self.is_latex and known and len(known) > 2:
            text, stop = known, at + len(known)
        elif (
            (self.is_latex and text not in ("dt", "prev"))
            or _TWO.match(self.text, at, end)
            or self._is_product(text, at)
        ):
            text, stop = text[0], at + 1
        yield self._word(text, at, stop)
        return (yield from self._marks(stop, end))

    def _other_letter(self, at: int, end: int) -> Generator[Token, None, int]:
        """One letter that is not of ASCII, with the marks above it."""
        character = self.text[at]
        if character in ARROWS:
            yield Token("word", ARROWS[character], self.place(at, at + 1))
            return at + 1
        if character in "ℜℑ":
            yield Token("function", "Re" if character == "ℜ" else "Im", self.place(at, at + 1))
            return at + 1
        if character in "𝔼𝕍" and IS_CALL.match(self.text, at + 1, end):
            yield Token("function", MOMENTS["EV"["𝔼𝕍".index(character)]], self.place(at, at + 1))
            return at + 1
        base, *marks = [*unicodedata.normalize("NFKD", character)]
        if base.isascii() and base.isalpha():
            yield Token("word", base, self.place(at, at + 1))
            if is_script(character):
                yield Token("accent", "cal", self.place(at, at + 1))
        elif name := greek(base) or greek(character):
            yield Token("word", name, self.place(at, at + 1))
        else:
            raise EquationsError(_unknown(character), self.place(at, at + 1))
        for mark in marks:
            if mark in COMBINING:
                yield Token("accent", COMBINING[mark], self.place(at, at + 1))
        if factor := next((one for one in self.factors if self.text.startswith(one, at, end)), ""):
            stop = at + len(factor)
            if not self.text[stop : stop + 1].isalpha():
                yield from self._label(at + 1, stop)
                return stop
        if base == "Δ" and not self.is_latex and _SLOPE_FACTOR.match(self.text, at, end) and not _T.search(self.text):
            yield from self._label(at + 1, at + 2)
            return at + 2
        if self.stepped and greek(base) and (number := _DIGITS.match(self.text, at + 1, end)):  # β1US[t]
            yield from self._label(*number.span())
            return number.end()
        if self.stepped and greek(base) and base != "Δ" and (stop := self._end_of_greek_index(at, end)):
            yield from self._label(at + 1, stop)
            return stop
        return (yield from self._marks(at + 1, end))

    def _parameters(self, at: int) -> str:
        """The letters of the parameters of the function that the line defines, f(x, u) = …"""
        begin = self.text.rfind("\n", 0, at) + 1
        found = _PARAMETERS.match(self.text, begin, at)
        return re.sub("[, ]", "", found[1]) if found else ""

    def _end_of_name(self, word: str, at: int) -> int:
        """Where a weight ends that touches a tensor with a step in brackets, Vth of VthS[t]; 0 if the word is one
        name."""
        is_before_step = bool(_STEP_IN_BRACKETS.match(self.text, at + len(word)))
        if word in self.stepped or not is_before_step or function_of(word):
            return 0
        touched = (name for name in self.stepped if word.endswith(name))
        return at + len(word) - len(name) if (name := max(touched, key=len, default="")) else 0

    def _end_of_greek_index(self, at: int, end: int) -> int:
        """Where the index of a Greek letter ends, in a text with steps in brackets: r of γr x(t) and of γrx(t), C of
        ΘC; 0 if it has none."""
        word = (_GREEK_CAPITAL_INDEX if self.text[at].isupper() else _GREEK_INDEX).match(self.text, at + 1, end)
        if not word:
            return 0
        if not _STEP_IN_BRACKETS.match(self.text, word.end()):
            return 0 if self.text[word.end() : word.end() + 1] == "(" else word.end()
        touched = (name for name in self.stepped if word[0].endswith(name))
        return word.end() - len(name) if (name := max(touched, key=len, default="")) and name != word[0] else 0

    def _label(self, start: int, stop: int) -> Iterator[Token]:
        """A part of the text as an index of the name before it."""
        text = self.text[start:stop]
        yield Token("sign", "_", self.place(start, start))
        yield Token("sign", "{", self.place(start, start))
        yield Token("number" if text.isdigit() else "word", text, self.place(start, stop))
        yield Token("sign", "}", self.place(stop, stop))

    def _is_product(self, word: str, at: int) -> bool:
        """Whether two letters are a weight beside a tensor, Wh or bv, in a text without indices. A letter whose step
        stands in brackets elsewhere is an index where none follows: h of Uh and bh beside h(t)."""
        if word[1:] in self.stepped and not _STEP_IN_BRACKETS.match(self.text, at + len(word)):
            return False
        may_touch = word[0].isupper() or (word[0] not in "de" and word not in GREEK and not function_of(word))
        return len(word) == 2 and may_touch and word[1] in self.beside and word not in self.names

    def _is_flat_power(self, word: str) -> bool:
        """Whether a state has an exponent that is no longer raised, v2 of a text without indices that has no v1."""
        is_state = len(word) == 2 and word[1] in "23" and word[0] in self.computed
        return is_state and not re.search(rf"(?<![A-Za-z]){word[0]}1|^[ \t]*{word}[ ]{{0,4}}['′’=]", self.text, re.M)

    def _index(self, at: int, end: int) -> Iterator[Token]:
        """Letters that are an index, as nothing says."""
        place = self.place(at, at)
        yield from (Token("sign", "_", place), Token("sign", "{", place))
        yield from self.tokens(at, end)
        yield Token("sign", "}", self.place(end, end))

    def _declared(self, at: int, end: int) -> str:
        """The declared word that begins at a character, perhaps before an index: memory of memory_t. Else nothing."""
        match = _NAME.match(self.text, at, min(end, at + MAX_NAME + 1)) if self.names else None
        word = match[0] if match else ""
        while word and word not in self.names:
            word = word.rpartition("_")[0]
        return word

    def _is_word(self, at: int, end: int) -> bool:
        """Whether the letters are the name of a function, in a text whose indices stand beside letters."""
        word = _PLAIN_WORD.match(self.text, at, end)
        if _TWO_WORDS.match(self.text, at, end):
            return True
        if not word or len(word[0]) == 1:
            return False
        if word[0] in self.functions:
            return True
        may_be_word = word[0].islower() or bool(_CAPITALISED.fullmatch(word[0]))
        may_be_word = may_be_word or bool(NETWORK.fullmatch(word[0]))
        is_called = len(word[0]) > 2 and may_be_word and self.text[word.end() : word.end() + 1] == "("
        is_called = is_called and not (self.pdf and self.pdf.names_before_call(self.text, at, end))
        is_called = is_called or bool(self.pdf and self.pdf.is_other_function(self.text, at, end))
        return bool(function_of(word[0])) or is_called

    def _pdf_name(self, pdf: "PdfText", at: int, end: int) -> Generator[Token, None, int]:
        """The names in letters such as Wmhht−1, each with its index."""
        match = pdf.word.match(self.text, at, end)
        stop = match.end() if match else at + 1
        pieces = pdf.names(self.text, at, stop)
        if not pieces:
            raise EquationsError(_unknown(self.text[at]), self.place(at, at + 1))
        is_power = len(pieces) > 1 and pdf.is_number_e(pieces[0])  # ekt is e^{k_t}
        for n, piece in enumerate(pieces):
            is_last = piece.has_step and piece.end + 2 >= stop - self.text[at:stop].endswith(("⊤", "ᵀ"))
            if n == len(pieces) - 1 and (named := pdf.raised(self.text, stop, piece)):
                piece, stop, is_last = named, named.end + 1 + named.has_step, named.has_step
            is_last = is_last and self.text[stop - 1] not in "23"  # ft2 − 1
            older = pdf.previous(self.text, stop, end) if is_last else 0
            if n == 1 and is_power:
                yield Token("sign", "^", self.place(piece.base.start, piece.base.start))
                yield Token("sign", "{", self.place(piece.base.start, piece.base.start))
            number = self._number_of_vector(piece, older or stop, end) if is_last else None
            yield from self._piece(piece, pdf.letter, older and stop, number)
            stop = number.end() if number else older or stop
            if _INDEX_OF_FUNCTION.match(self.text, stop) and greek(piece.base.letter) in FREE_FUNCTIONS:  # σΔt(a)
                place = self.place(stop, stop + 2)
                for kind, sign in (("sign", "_"), ("sign", "{"), ("word", "Delta"), ("sign", "}")):
                    yield Token(kind, sign, place)
                stop += 2
            if n == 1 and is_power:
                yield Token("sign", "}", self.place(piece.end, piece.end))
        return stop

    def _number_of_vector(self, piece: "Piece", at: int, end: int) -> re.Match[str] | None:
        """The number of an element behind its vector, at,0; None if it is an argument or a part of a concatenation,
        max(at,0) and [ht−1,xt,1]. EquationsError if it may be either."""
        number = _NUMBER_OF_VECTOR.match(self.text, at, end)
        opening = self._open_bracket(at) if number else -1
        if not number or opening < 0:
            return number
        before = self.text[max(self.text.rfind("\n", 0, opening) + 1, opening - LONGEST - 1) : opening]
        called = _NAME_OF_CALL.search(before.rstrip())
        function = function_of(called[0]) if called else ""
        if function in (*UNARY, "softmax") or greek(before.rstrip()[-1:]) in FREE_FUNCTIONS:  # of one argument
            return number
        is_product = bool(self.pdf and before.endswith(self.pdf.letter))  # rt(at,0 ht−1 + …)
        is_call = bool(function or before[-1:].isalpha()) and not is_product
        has_factor = bool(_FACTOR_BEHIND.match(self.text, number.end(), end))
        has_others = len(self.numbers_of[self.text[piece.base.start : piece.end + 1][-2:]]) > 1
        if has_others and (has_factor or not is_call):
            return number
        if has_factor and (is_call or self.text[opening] == "["):
            name, typed = (self.text[piece.base.start : stop] for stop in (piece.end, number.end()))
            right = f"{name}_{{{typed.removeprefix(name)}}}"
            place = self.place(piece.base.start, number.end())
            raise EquationsError(phrase("write {right} instead of {typed}", right=right, typed=typed), place)
        is_first = self.text[opening : piece.base.start].rstrip()[-1] in "(,"
        is_alone = is_first and self.text[number.end() :].lstrip()[:1] in (")", ",")
        return None if is_call or self.text[opening] == "[" or is_alone else number

    def _open_bracket(self, at: int) -> int:
        """Where the innermost bracket opens in which a place of a line stands; −1 if it stands in none."""
        depth = 0
        for n in range(at - 1, self.text.rfind("\n", 0, at), -1):
            depth += (self.text[n] in ")]") - (self.text[n] in "([")
            if depth < 0:
                return n
        return -1

    def _piece(
        self, piece: "Piece", letter: str, minus: int, number: re.Match[str] | None
    ) -> Generator[Token, None, None]:
        """A name with its index and step. ``minus``: where −1 stands, or 0; ``number``: that of a number of a vector,
        xt,1."""
        base, label = piece.base, piece.label
        place = self.place(base.start, base.end)
        yield Token("word", greek(base.letter) or base.letter, place)
        for accent in base.accent.split():
            yield Token("accent", accent, place)
        if label or piece.has_step:
            yield Token("sign", "_", self.place(base.end, base.end))
            yield Token("sign", "{", self.place(base.end, base.end))
            for one in label:
                if self.text[one.start - 1] == "/":  # Wq/k
                    yield Token("sign", "/", self.place(one.start - 1, one.start))
                kind = "number" if one.letter.isdigit() else "word"
                marked = "_".join((greek(one.letter) or ARROWS.get(one.letter, one.letter), *one.accent.split()))
                yield Token(kind, marked, self.place(one.start, one.start + 1))
                if one.is_below:
                    yield Token("sign", "-", self.place(one.end - 2, one.end - 1))
                    yield Token("number", "1", self.place(one.end - 1, one.end))
            last = self.place(piece.end, piece.end + piece.has_step)
            if label and piece.has_step:
                yield Token("sign", ",", last)
            if piece.has_step:
                yield Token("word", letter, last)
            if minus:
                last = self.place(minus + 1, minus + 2)
                yield Token("sign", "+" if self.text[minus] == "+" else "-", self.place(minus, minus + 1))
                yield Token("number" if self.text[minus + 1].isdigit() else "word", self.text[minus + 1], last)
            if number:
                yield Token("sign", ",", self.place(number.start(), number.start() + 1))
                yield Token("number", number[1], self.place(*number.span(1)))
            yield Token("sign", "}", last)
        if piece.power:
            yield Token("sign", "^", self.place(piece.end, piece.end))
            yield Token("number", piece.power, self.place(piece.end, piece.end))
        if piece.is_turned:
            yield Token("sign", "^", self.place(piece.end, piece.end))
            yield Token("sign", "⊤", self.place(piece.end, piece.end))

    def _spacing_mark(self, at: int, end: int) -> Generator[Token, None, int]:
        """A mark that stands before its letter, as PDF readers copy it: ˜ct. A ˆ before a number raises this."""
        following = self.text[at + 1 : at + 2]
        if self.text[at] == "ˆ" and (following.isdigit() or following in "{("):
            yield Token("sign", "^", self.place(at, at + 1))
            return at + 1
        word = self.pdf.word.match(self.text, at, end) if self.pdf else None
        if self.pdf and word and any(c.isalpha() and c not in SPACING for c in word[0]):  # and not ˜σ( of a function
            return (yield from self._pdf_name(self.pdf, at, end))
        if not following.isalpha():
            raise EquationsError(_unknown(self.text[at]), self.place(at, at + 1))
        yield Token("above", SPACING[self.text[at]], self.place(at, at + 1))
        return at + 1

    def _marks(self, at: int, end: int) -> Generator[Token, None, int]:
        while at < end and self.text[at] in COMBINING:
            yield Token("accent", COMBINING[self.text[at]], self.place(at, at + 1))
            at += 1
        following = self.text[at + 1 : at + 2]
        if at < end and self.text[at] in SPACING and not (self.text[at] == "ˆ" and following in "0123456789{("):
            if following.isalpha():
                typed, name = self.text[at - 1 : at + 2], self.text[at - 1]
                right = f"{SPACING[self.text[at]]}{{{name}}}_{following}"
                problem = phrase("write {right} instead of {typed}", right=f"\\{right}", typed=typed)
                raise EquationsError(problem, self.place(at - 1, at + 2))
            yield Token("accent", SPACING[self.text[at]], self.place(at, at + 1))
            at += 1
        return at

    def _word(self, text: str, at: int, stop: int) -> Token:
        kind = "function" if function_of(text) else "word"
        return Token(kind, text, self.place(at, stop))

    def _small(self, at: int, end: int) -> Generator[Token, None, int]:
        """Small raised or lowered characters, as an index or exponent in braces."""
        of, sign = (SUBSCRIPTS, "_") if self.text[at] in SUBSCRIPTS else (SUPERSCRIPTS, "^")
        stop = at
        while stop < end and self.text[stop] in of:
            stop += 1
        yield Token("sign", sign, self.place(at, at))
        yield Token("sign", "{", self.place(at, at))
        n = at
        while n < stop:
            one = of[self.text[n]]
            place = self.place(n, n + 1)
            if one.isdigit():
                digits = n + 1
                while digits < stop and of[self.text[digits]].isdigit():
                    digits += 1
                yield Token("number", "".join(of[c] for c in self.text[n:digits]), self.place(n, digits))
                n = digits
                continue
            yield Token("word", greek(one) or one, place) if one.isalpha() else Token("sign", one, place)
            n += 1
        yield Token("sign", "}", self.place(stop - 1, stop))
        return stop

    def _small_number(self, at: int, stop: int) -> Iterator[Token]:
        """A number that was raised, with its sign."""
        for kind, sign in (("sign", "^"), ("sign", "{"), ("sign", "-"), ("number", self.text[at + 1 : stop])):
            yield Token(kind, sign, self.place(at, stop))
        yield Token("sign", "}", self.place(stop, stop))


def _letters_computed(text: str) -> frozenset[str]:
    """The small letters that lines compute, in a text without indices that has a differential equation. They may touch
    a matrix, Wh."""
    plain = unicodedata.normalize("NFKD", text)
    states = [match[1] or match[2] or match[3] for match in _CHANGED.finditer(plain)]
    if not states or _INDEX.search(text):
        return frozenset()
    return frozenset((*states, *(match[1] for match in _LINE_OF_LETTER.finditer(plain))))


def _labelled_words(text: str) -> frozenset[str]:
    """The names of two letters that several lines compute with functions, gu and gf, in a text without indices: a
    letter with its index."""
    found = frozenset(match[1] for match in _LINE_OF_GATE.finditer(text) if not function_of(match[1]))
    return found if len(found) > 1 and len({word[0] for word in found}) < len(found) else frozenset()


def _turned_matrices(lines: Sequence[str], text: str, declared: Collection[str]) -> dict[str, str]:
    """The matrices of equations whose name has a T at its end or before its index, and their name without it, MA of
    MAT and MTA; nothing for those with a T at the end which the text does not have without it."""
    found = [match for line in lines if is_equation(line) for match in _MATRIX.finditer(line)]
    computed = {match[1] for match in found if match[2]} | {*declared}
    states = {*_DERIVED.findall(text)}
    names = {match[1] for match in _MATRIX.finditer(text)}
    turned: dict[str, str] = {}
    for one in (match[1] for match in found if match[1] not in computed and not function_of(match[1])):
        shorter = (one.removesuffix("T"), f"{one[0]}{one[1:].removeprefix('T')}")
        matrix = next((other for other in shorter if other != one and other in names), "")
        if matrix in states:  # VT of a potential V is its threshold
            continue
        if matrix or one[1:].endswith("T"):
            turned[one] = matrix
    return turned


def _names_with_steps(text: str) -> frozenset[str]:
    """The names before steps in brackets, in a text that writes steps so: those that lines compute, single letters,
    and without another input the letter behind a weight, I of WinI(t)."""
    found = [*_STEPPED.finditer(text)]
    left = {match[1] for match in found if match[2]}
    letters = {match[1] for match in found if len(match[1]) == 1} - left
    glued = {match[1] for match in found if len(match[1]) > 1 and match[1][0].isupper()} - left
    only = {name[-1] for name in glued if not name.endswith(tuple(left | letters))}
    letters |= only if len(only) == 1 and not letters & {"x", "u"} else set()
    return frozenset(left | letters if left else ())


def hard_function(first: str, second: str) -> str:
    """The function of two words, hard_sigmoid of hard and σ."""
    word = f"{first}_{'sigmoid' if second in ('σ', 'sigma') else second}".lower()
    return word if function_of(word) else word.replace("_", "")


def _unknown(character: str) -> str:
    if not character.isprintable():
        return phrase("a character that is not printable; remove it")
    return phrase("“{character}” has no meaning here; remove it", character=character)
