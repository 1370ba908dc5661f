"""The tokens of equations as papers print them: Unicode, plain text and LaTeX. Each has its place in the text."""

import re
from collections.abc import Generator, Iterator

from ....translations.phrases import phrase
from ...limits import MAX_DEPTH
from ...places_and_errors import EquationsError
from ..vocabulary.unicode_characters import SIGN_OF, SPACING, SUBSCRIPTS, SUPERSCRIPTS
from .latex_tokens import CASES, LatexSource
from .token import Token

_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_OLD_STYLE = re.compile(r"\{\\(?:rm|sf|tt|it)[ ]{1,3}([A-Za-z]{2,12})\}")
_INVERSE = re.compile(r"[-−–]1(?=[^\W\d]|[(])")
"""The exponent of an inverse that is no longer raised, (I − A)−1B."""
_POSITIVE_PART = re.compile(r"\+(?=[ ]{0,3}(?:[\n,;.)\]]|$))")
_TURNED = re.compile(r"T(?=[ ]?[^\W\d_]|[ ]?[()\n⊙]|$)(?![a-z])")
"""The sign of transposition behind a bracket, which is no longer raised."""
_ON_GRAPH = re.compile(r"[⋆★∗*][GA𝒢](?=[ ]?[\[(])")
"""The sign of a convolution on a graph before its argument, Θr ⋆G [x(t), h(t−1)]."""
_TWO_CHARACTERS = {":=": "=", "<=": "≤", ">=": "≥", "==": "≐", "**": "^", "||": "‖"}
"""What two characters beside each other mean."""

_EQUATION_BEHIND = re.compile(r"&\s*(?![=+\-−])(?:[^&=\\\n]|\\[^\\]|\n(?!\s*\n)){1,80}&?\s*=")
"""A sign of alignment before the left side of an equation."""


class Source(LatexSource):
    """A text in the notation of papers, as tokens."""

    def tokens(self, begin: int, end: int) -> Iterator[Token]:
        """The tokens of a part of the text. Line breaks are blanks here, unless the line is over by itself."""
        if self.depth == MAX_DEPTH:
            problem = phrase("brackets are nested more than {n} deep; give a part a name of its own", n=MAX_DEPTH)
            raise EquationsError(problem, self.place(begin, begin + 1))
        self.depth += 1
        at = begin
        while at < end:
            at = yield from self._next(at, end)
        self.depth -= 1

    def _is_between_equations(self, at: int, end: int) -> bool:
        """Whether a sign of alignment stands between two equations of a row: z &= f(x) & h &= g(z)."""
        row = self.text[self.text.rfind("\\\\", 0, at) + 1 : at]
        return "=" in row and bool(_EQUATION_BEHIND.match(self.text, at, end))

    def _next(self, at: int, end: int) -> Generator[Token, None, int]:
        """The tokens that begin at a character, and the character after them."""
        character = self.text[at]
        if character == "\\":
            return (yield from self._command(at, end))
        if character == "{" and (word := _OLD_STYLE.match(self.text, at, end)):  # {\\rm tanh}(a)
            yield self._word(word[1], word.start(1), word.end(1))
            return word.end()
        if character == "&" and self.environments[-1:] == [CASES]:
            yield Token("sign", ",", self.place(at, at + 1))
            return at + 1
        if character == "&" and not self.is_in_value() and self._is_between_equations(at, end):
            yield Token("end", "", self.place(at, at + 1))
            return at + 1
        if character in "∑∏":
            is_sum = character == "∑"
            yield Token("function" if is_sum else "command", "sum" if is_sum else "prod", self.place(at, at + 1))
            return at + 1
        if character.isspace() or character in "\ufeff\u200b\u2061\u2062\u2063\u2009~$&`":
            return at + 1
        if character in "%#":
            stop = self.text.find("\n", at, end)
            return end if stop < 0 else stop
        if character in SUBSCRIPTS or character in SUPERSCRIPTS:
            return (yield from self._small(at, end))
        if character in SPACING:
            return (yield from self._spacing_mark(at, end))
        if self.pdf and self.text[at - 1 : at + 1] == ")T" and _TURNED.match(self.text, at, end):  # φ(qt)T St
            yield Token("sign", "^", self.place(at, at))
            yield Token("sign", "⊤", self.place(at, at + 1))
            return at + 1
        if self.pdf and character.isalpha() and not self._is_word(at, end) and self.pdf.word.match(self.text, at, end):
            return (yield from self._pdf_name(self.pdf, at, end))
        if match := _NUMBER.match(self.text, at, end):
            if self.pdf and match[0] in ("2", "3") and self.text[at - 1 : at] == ")":  # (1 − f)2
                yield Token("sign", "^", self.place(at, at))
            yield Token("number", match[0], self.place(at, match.end()))
            return match.end()
        if self.pdf and self.text[at - 1 : at] == ")" and (inverse := _INVERSE.match(self.text, at, end)):
            yield from self._small_number(at, inverse.end())
            return inverse.end()
        if _POSITIVE_PART.match(self.text, at, end) and self.text[:at].endswith("]"):  # [x]+
            yield Token("sign", "_", self.place(at, at))
            yield Token("sign", "+", self.place(at, at + 1))
            return at + 1
        if _ON_GRAPH.match(self.text, at, end):
            yield Token("sign", "∗", self.place(at, at + 1))
            yield Token("sign", "_", self.place(at + 1, at + 1))
            yield Token("word", self.text[at + 1], self.place(at + 1, at + 2))
            return at + 2
        if (sign := SIGN_OF.get(character)) and character != "½":
            if two := _TWO_CHARACTERS.get(self.text[at : at + 2]):
                yield Token("sign", two, self.place(at, at + 2))
                return at + 2
            if self.text[at - 1 : at + 2] == " <-":
                yield Token("sign", "=", self.place(at, at + 2))
                return at + 2
            if sign == "^⊤" or (sign == "⊤" and not self.text[:at].rstrip().endswith(("^", "{"))):
                yield Token("sign", "^", self.place(at, at + 1))
                sign = "⊤"
            yield Token("sign", sign, self.place(at, at + 1))
            return at + 1
        return (yield from self._letters(at, end))
