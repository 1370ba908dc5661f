"""The tokens of LaTeX: commands, environments, and words in text."""

import re
from collections.abc import Generator

from ....translations.phrases import phrase
from ...places_and_errors import EquationsError
from ..vocabulary.function_words import function_of
from ..vocabulary.latex_commands import (
    ACCENTS,
    BLANKS,
    COMMANDS,
    GREEK,
    SIGNS,
    STYLES,
    WITH_ARGUMENT,
    WORD_STYLES,
)
from .letter_tokens import IS_CALL, MOMENTS, LetterSource, hard_function
from .token import Token

_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+)\*?\}(?:\[[^\]\n]*\])?")
_EQUATION = re.compile(r"[^=&<>]{1,60}&?[ \t]{0,4}=")
_LEFT_SIDE = re.compile(
    r"\s*(?:\\(?:bar|tilde|hat|mathbf|overline|boldsymbol|bm|widehat|widetilde|mathrm)\s*\{?)*\\?[A-Za-zΑ-ω]{1,8}\}{0,3}"
    r"(?:\s?[_^](?:\{[^{}=]{1,20}\}|\w)){0,3}\s*&?=(?!=)"
)
"""A name and the sign of equality."""
_COLUMNS = re.compile(r"\s*\{[^{}\n]*\}")
_COMMAND = re.compile(r"\\([a-zA-Z]+|.)", re.DOTALL)
_ENDS_OF_EQUATIONS = ("be", "bea", "beq", "ee", "eea", "eeq")
"""Short commands for the begin and the end of an equation."""
_MACRO = re.compile(r"(?:v|b|bf)([a-zA-Z]|[a-z]{2,7})|(?:m|bm)([A-Z])")
"""A command that the style files of conferences define for a bold letter: \\vx, \\mW, \\bh."""
_HARD = re.compile(r"(hard|leaky)[ -]?", re.IGNORECASE)
_PLAIN_FUNCTION = re.compile(
    r"(?:[\s~]|\\[,; ])*\\?(?:mathrm\{|text\{)?(tanh|sigmoid|sigma|relu|ReLU|σ)(?![A-Za-z])\}?"
)
"""The function of which \\text{hard} makes another one."""
_SIGN_BEFORE = re.compile(r"\\(?:odot|circ|cdot|times|otimes|leftarrow|gets|left|,|;|quad)$")
_REMARK = re.compile(r"\([A-Za-z][\w -]{2,30}\)|[A-Z][\w -]{2,30}:")
"""Words in brackets beside a case or an equation, (COPY), or with a colon before it."""
CASES = "values"
"""An environment of cases that are values with conditions."""
_IN_BRACKETS = "rows"
"""An environment of rows in brackets that the text writes itself."""
_OPENED = re.compile(r"(?:\\left|\\[bB]igg?l?)?\s*[(\[]\s*$")
_CONDITION = re.compile(r"\s*(?:(if|when|for|where)|(otherwise|else|elsewhere))\b[\s:]*", re.IGNORECASE)
_MATRICES = ("matrix", "bmatrix", "pmatrix", "smallmatrix", "Bmatrix")


class LatexSource(LetterSource):
    """The commands of LaTeX in a text in the notation of papers, as tokens."""

    def _command(self, at: int, end: int) -> Generator[Token, None, int]:
        if environment := _ENVIRONMENT.match(self.text, at, end):
            return (yield from self._environment(environment, end))
        command = _COMMAND.match(self.text, at, end)
        if not command:
            raise EquationsError(phrase("“{character}” has no meaning here; remove it", character="\\"),
                                 self.place(at, at + 1))  # fmt: skip
        name, stop = command[1], command.end()
        place = self.place(at, stop)
        is_break = name == "\n" and bool(self.environments)  # \\ that has lost a backslash
        if is_break or name in ("\\", "cr", "newline", "[", "]", "par"):
            if name == "\\" and (skip := re.compile(r"\*?(\[[^\]\n]*\])?").match(self.text, stop, end)):
                stop = skip.end()
            inside = self.is_in_value()
            yield Token("sign", ";", place) if inside else Token("end", "", place)
        elif name in SIGNS:
            yield Token("sign", SIGNS[name], place)
        elif name in COMMANDS:
            yield Token("word", COMMANDS[name], place)
        elif name in ACCENTS and name != "vec":
            yield Token("above", ACCENTS[name], place)
        elif name in ("frac", "dfrac", "tfrac", "cfrac", "sfrac", "nicefrac", "sqrt"):
            yield Token("command", "sqrt" if name == "sqrt" else "frac", place)
        elif name in WORD_STYLES:
            return (yield from self._text(at, stop, end))
        elif name in STYLES:
            if name == "mathbb" and (moment := self._moment(stop, end)):
                yield Token("function", moment, place)
                return self._group(stop, end)[1]
            begin, after = self._group(stop, end)
            if _has_words(self.text[begin : after - 1]) and "\\" not in self.text[begin:after]:  # \\textbf{leaky ReLU}
                return (yield from self._text(at, stop, end))
            word = self.text[begin : after - 1]
            if name.startswith("text") and _REMARK.fullmatch(word.strip()):  # \\textbf{(S4D-Lin)}
                return after
            if len(word) > 1 and word.isalpha() and function_of(word) and IS_CALL.match(self.text, after, end):
                yield Token("function", word, place)  # \\mathcal{LN}[W x]
                return after
            stop = yield from self._styled(stop, end)
            if name in ("mathcal", "mathscr", "mathfrak"):
                yield Token("accent", "cal", place)
            return stop
        elif name in ("underbrace", "overbrace", "underline", "boxed"):
            return (yield from self._underbraced(stop, end))
        elif name in ("overset", "underset", "stackrel"):
            return (yield from self._styled(self._group(stop, end)[1], end))
        elif name in WITH_ARGUMENT:
            return self._group(stop, end)[1]
        elif function_of(name):
            yield Token("function", name, place)
        elif name in ("forall", *_ENDS_OF_EQUATIONS):
            yield Token("end", "", place)
        elif name == "transpose" or name == "T":
            yield Token("sign", "⊤", place)
        elif name in ("sum", "prod"):
            yield Token("function" if name == "sum" else "command", name, place)
        elif name in ("quad", "qquad") and self._begins_equation(at, stop, end):
            yield Token("end", "", place)
        elif letter := _letter_of_macro(name):
            yield self._word(letter, at, stop)
        elif name not in BLANKS and name not in ",;:! ()\n\t/-" and name != "phantom":
            problem = phrase("{command} is not known; write its meaning, or remove it", command=f"\\{name}")
            raise EquationsError(problem, place)
        if name in ("left", "right") and self.text[stop : stop + 1] == ".":
            stop += 1
        return stop

    def _begins_equation(self, at: int, stop: int, end: int) -> bool:
        """Whether a blank between two equations of a line is over at a character."""
        line = self.text[self.text.rfind("\n", 0, at) + 1 : at]
        return "=" in line and "{" not in line[-3:] and bool(_LEFT_SIDE.match(self.text, stop, end))

    def is_in_value(self) -> bool:
        """Whether rows are those of a value, a matrix or cases, and no equations."""
        return any(e in (*_MATRICES, CASES, _IN_BRACKETS) for e in self.environments)

    def _environment(self, match: re.Match[str], end: int) -> Generator[Token, None, int]:
        kind, name, stop = match[1], match[2], match.end()
        place = self.place(match.start(), stop)
        if name in ("cases", "dcases", "rcases") and not self._is_system(match):
            if kind == "begin":
                self.environments.append(CASES)
                yield Token("command", "cases", place)
            elif self.environments:
                self.environments.pop()
                yield Token("sign", "]", place)
            return stop
        if kind == "begin" and name == "array" and _OPENED.search(self.text[: match.start()]):
            self.environments.append(_IN_BRACKETS)
            return columns.end() if (columns := _COLUMNS.match(self.text, stop, end)) else stop
        if kind == "end" and self.environments[-1:] == [_IN_BRACKETS]:
            self.environments.pop()
            return stop
        if kind == "begin":
            self.environments.append(name)
            if name in ("array", "tabular", "alignat", "alignedat") and (
                columns := _COLUMNS.match(self.text, stop, end)
            ):
                stop = columns.end()
            yield Token("sign", "[", place) if name in _MATRICES else Token("end", "", place)
        else:
            if self.environments:
                self.environments.pop()
            yield Token("sign", "]", place) if name in _MATRICES else Token("end", "", place)
        return stop

    def _is_system(self, match: re.Match[str]) -> bool:
        """Whether the rows of cases are equations, and no values with their conditions."""
        if match[1] == "end":
            return self.environments[-1:] == [match[2]]
        inside = self.text[match.end() :].partition(rf"\end{{{match[2]}")[0]
        rows = [row for row in inside.split(r"\\") if row.strip()]
        return bool(rows) and all(_EQUATION.match(row) for row in rows)

    def _group(self, at: int, end: int) -> tuple[int, int]:
        """Where the text in the braces begins that follow, and where it is over with its brace."""
        while at < end and self.text[at].isspace():
            at += 1
        if self.text[at : at + 1] == "*":
            at += 1
        if self.text[at : at + 1] != "{":
            return at, min(at + 1, end)
        depth = 0
        for stop in range(at, end):
            if self.text[stop] in "{}" and self.text[stop - 1] != "\\":
                depth += 1 if self.text[stop] == "{" else -1
            if not depth:
                return at + 1, stop + 1
        raise EquationsError(phrase("“{brace}” is not closed", brace="{"), self.place(at, at + 1))

    def _text(self, at: int, stop: int, end: int) -> Generator[Token, None, int]:
        """``\\text{new}`` is one word; ``\\mathrm{W}`` a letter."""
        begin, after = self._group(stop, end)
        inside = self.text[begin : after - (self.text[begin - 1] == "{")]
        if self.environments[-1:] == [CASES] and (condition := _CONDITION.match(inside)):
            yield Token("sign", "if" if condition[1] else "else", self.place(at, after))
            if condition[1] and re.fullmatch(r"[A-Z]{2,12}", name := inside[condition.end() :].strip()):  # if COPY
                yield Token("word", name, self.place(at, after))
            elif condition[1]:
                yield from self.tokens(begin + condition.end(), begin + len(inside))
            return after
        plain = re.sub(r"\\[ ,;:!]|[ ]{2,}", " ", inside).replace("\\_", "_").replace("{", "").replace("}", "").strip()
        is_index = self.text[:at].rstrip().endswith(("_", "_{", "^", "^{", ","))
        is_aside = (
            bool(re.search(r"(?:&|\\q?quad)\s*$", self.text[:at]))
            and not function_of(plain)
            and bool(re.match(r"[\s.,]*(?:\\\\|\\end|$)", self.text[after:end]))
        )
        if (hard := _HARD.fullmatch(plain)) and (rest := _PLAIN_FUNCTION.match(self.text, after, end)):
            yield Token("function", hard_function(hard[1], rest[1]), self.place(at, rest.end()))
            return rest.end()
        if " " in plain and not is_index and (function := self._function_of_words(plain, at, after, end)):
            yield Token("function" if function_of(function) else "word", function, self.place(at, after))
            return after
        is_joint = plain in ("with", "where", "and", "if", "for") and not is_index  # between two equations
        if _REMARK.fullmatch(plain) and not is_index:
            return after
        if plain == "and" and self.environments[-1:] == [CASES]:
            yield Token("sign", "∧", self.place(at, after))
        elif (" " in plain and not is_index) or is_aside or is_joint:
            yield Token("end", "", self.place(at, after))  # words beside an equation
        elif plain == "E" and IS_CALL.match(self.text, after, end):
            yield Token("function", "expectation", self.place(at, after))
        elif re.fullmatch(r"[A-Za-z][A-Za-z0-9]*(?:[_ -][A-Za-z0-9]+)*", plain):
            word = re.sub("[ -]", "_", plain)
            yield Token("function" if function_of(word) else "word", word, self.place(at, after))
        elif _has_words(inside) and "\\" not in inside:
            yield Token("end", "", self.place(at, after))  # a sentence beside an equation
        else:
            yield from self.tokens(begin, begin + len(inside))
        return after

    def _function_of_words(self, words: str, at: int, after: int, end: int) -> str:
        """The function that several words name, \\text{hard sigmoid}(a), or nothing: words beside an equation."""
        word = re.sub("[ -]+", "_", words)
        if known := next((name for name in (word, word.replace("_", "")) if function_of(name)), ""):
            return known
        before = self.text[:at].rstrip(" {&")
        is_factor = bool(before) and (before[-1] in "=+-−*/(,[⊙∘" or bool(_SIGN_BEFORE.search(before)))
        is_word = bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{2,30}", word))
        return word if is_factor and is_word and IS_CALL.match(self.text, after, end) else ""

    def _underbraced(self, at: int, end: int) -> Generator[Token, None, int]:
        """What stands above a brace; the words below it are dropped."""
        begin, after = self._group(at, end)
        yield from self.tokens(begin, after - (self.text[begin - 1] == "{"))
        if words := re.compile(r"\s*[_^]\s*(?=\{)").match(self.text, after, end):
            return self._group(words.end(), end)[1]
        return after

    def _moment(self, at: int, end: int) -> str:
        """The mean or variance that the letter in the next braces is before a bracket, \\mathbb{E}[h], or nothing."""
        begin, after = self._group(at, end)
        letter = self.text[begin : after - (self.text[begin - 1] == "{")].strip()
        return MOMENTS.get(letter, "") if IS_CALL.match(self.text, after, end) else ""

    def _styled(self, at: int, end: int) -> Generator[Token, None, int]:
        """What is bold or calligraphic is read as it is; its braces are dropped."""
        begin, after = self._group(at, end)
        if self.text[begin - 1 : begin] == "{":
            yield from self.tokens(begin, after - 1)
            return after
        return at


def _letter_of_macro(name: str) -> str:
    """The letter that a command of papers' own prints bold, x of \\vx, W of \\mW and theta of \\vtheta, or nothing."""
    match = _MACRO.fullmatch(name)
    letter = (match[1] or match[2]) if match else ""
    return letter if len(letter) == 1 or letter in GREEK else ""


def _has_words(text: str) -> bool:
    """Whether a text has several words."""
    return any(map(str.isspace, text)) and len(re.findall(r"[A-Za-z]{2,}", text)) > 1
