"""Divides a text in the notation of papers into equations, lines of our own language, comments and prose."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ....translations.phrases import phrase
from ...equations_parser import parse
from ...places_and_errors import EquationsError, Place
from ...syntax import AxisLine, Declaration, Output
from ..parsing.conventions import INPUT, conventions_of
from ..parsing.equation_parser import Parser
from ..parsing.paper_syntax import Binary, Domain, Equation, Symbol, Text, within
from ..parsing.paper_tokens import Source
from ..parsing.ranges import each_of
from ..parsing.terms import symbols_of
from ..parsing.token import Token
from ..refused_forms import (
    DRAWN,
    check_pairs,
    first_of_several,
    line_for_several,
    random_tensor,
)
from ..rewriting.derivatives import with_dots
from ..vocabulary.latex_commands import PRODUCTS
from ..vocabulary.usual_letters import INPUTS
from .equations_in_sentences import readable
from .formulas_without_sign import is_formula, is_like_divisor, is_sum, may_be_formula
from .line_kinds import ANSWER, COMMENT, CONSTANT, FOREIGN, LATIN, OWN, PROSE, SENTENCE, is_dictionary, is_equation
from .pdf_text import names_at_left, pdf_text_of
from .sentence_patterns import BERNOULLI
from .sentence_reader import BEFORE_SAMPLE, SentenceReader, of_each
from .words_after_equations import aside

_AXES_OF = re.compile(
    r"\s*\$?((?=[^\s:]*[\\_^{\u0080-\uffff])[^\s:=]{1,40})\s*:(?!=)(\s*\w+(?:\s*[,+*]\s*\w+)*\s*(?:=\s*[\d.]+\s*)?)\$?"
)
"""A line with the axes of a name as papers write it: W_{ic}: num_units."""


_OUTPUT = re.compile(r"(\s*output\s*:\s*)\$?([^\s$]{1,40})\$?[\s.]*")
"""A line that says which tensor is the output, in any notation: output: h_2'."""


_RELATION = re.compile(r"=|←|∈|≔|\\leftarrow|\\gets|\\in\b|\\coloneqq|\\triangleq|\\equiv|≜|≡|:=")


_WORD_BEFORE_FORMULA = re.compile(
    rf"\s*+(?:[A-Za-z]{{4,20}}\$|[{LATIN}]{{2,20}}[ ]\$|\$*\s*\\(?:min|max|arg[a-z]*)[ ]?_)"
)
"""Mogrifier$(x, h)$ and Set $h = 0$ are parts of sentences, and \\min_w is no equation."""


_BEGINS_AS_EQUATION = re.compile(r"[\s$&]*\\?[A-Za-z\u0370-\u03ff][A-Za-z0-9_^{}()\\ₜ-]{0,30}[ ]?&?=")


_IN_DOLLARS = re.compile(r"\$\$[^$]{0,800}\$\$|\$[^$]{0,400}\$")


_WORDS = re.compile(r"(?:^|[$ ])[A-Za-z]{2,}[ ]{1,3}[A-Za-z]{3,}|\$[ ]{1,3}[A-Za-z]{2,}[ ]{1,3}\$")
"""Words beside formulas between dollars: $D$ is learned, $u$ and $v$."""


_FOR_SEVERAL = re.compile(r"\bfor[ ]{1,2}(?:odd|even)[ }]{1,3}\$?([a-z])\b")


_FOR_ALL = re.compile(r"(?:\\forall(?![A-Za-z])|∀)[ ]?(\\?[^\W\d_]{1,9})[ ]?(?:\\in(?![A-Za-z])|∈)[^=\n]{1,40}?(?:,|:)")
"""What stands before a line for each number of a set: \\forall \\alpha \\in A,"""


_FOR_ALL_BEHIND = re.compile(
    r"(?:\\forall(?![A-Za-z])|∀)[ ]?(\\?[^\W\d_]{1,9})[ ]?(?:\\in(?![A-Za-z])|∈)[ ]?(?:\\mathcal\{)?[A-Z]\}?"
    r"[$ .,]{0,4}$"
)
"""What stands so behind such a line."""


_EARLIER_INDEX = re.compile(r"_\{[^{}]{1,12},[ ]?([a-z])[ ]?[-−–][ ]?1[ ]?\}")
"""An index that counts something else than steps: j of H_{i,j-1}."""


_NEXT_INDEX = re.compile(r"_\{[ ]?([a-z])[ ]?[+][ ]?1[ ]?\}[ ]?\([a-z][^)]{0,8}\)")
"""An index that counts something else than steps, at the left: s of h_{s+1}(t+1)."""


_PLACEHOLDER = re.compile(r"_\{?(\\(?:square|Box|bullet|blacksquare)(?![A-Za-z])|[□•■])")
"""An index that stands for each of several letters, lerp_\\square."""


_STATE_OF_NEXT = re.compile(
    r"[ \t&$]*\\?[A-Za-z]+\}?_\{[^{}=]{1,12}[+][ ]?1[ ]?\}[ &]*=[ &]*"
    r"(?:\\left)?[(\[][^()=+*/]{3,120}(?:\\right)?[)\]][ \t$.,]*"
)
"""A line that only names the state of the next step, s_{t+1} = (h_t, c_t)."""


_PRODUCT = rf"\\(?:{'|'.join(PRODUCTS)})"


_GOES_ON = re.compile(rf"\s*(?:&\s*)*(?:\\quad\s*|\\qquad\s*)*(?:[+\-−⊙∘·×*/=]|{_PRODUCT})")


_IS_OPEN = re.compile(rf"(?:(?<![_^\]])[+\-−⊙∘·×*/=(,]|{_PRODUCT}|\\left\(|&)\s*$")


class LineReader(SentenceReader):
    """Divides a text into equations and lines of other kinds."""

    def __init__(
        self, text: str, functions: frozenset[str] = frozenset(), numbers: frozenset[str] = frozenset()
    ) -> None:
        own = pdf_text_of(text)
        self.source, self.text, self.found = Source(text, own), text, Text()
        self.found.is_latex = self.source.is_latex
        self.conventions = c = replace(conventions_of(text, functions), no_functions=numbers)
        if own:
            self.conventions = c = replace(c, step_letter=own.letter, raised_steps=False, has_next=own.has_next)
            below = re.search(rf"(?<=[^\W\d_]){own.layer}[-−–‐]1{own.letter}", text) if own.layer else None
            if below and not re.search(rf"x{own.layer}?{own.letter}", text):
                self.conventions = c = replace(c, layer={"ℓ": "ell"}.get(own.layer, own.layer))
            left = [(n, re.sub("[-−–‐+]1$", "", name)) for n, line in enumerate(text.split("\n"), 1)
                    if is_equation(line) for name in names_at_left(line)]  # fmt: skip
            stepped = (one for one in left if any(piece.has_step for piece in own.names(one[1], 0, len(one[1]))))
            self.found.pdf = next(stepped, self.found.pdf)
        self._note_turned(own.turned if own else self.source.turned)
        self.found.layer, self.found.counted = c.layer, c.layers
        self.found.counts |= {c.count_of_layers} - {""}
        if c.has_next_layer and INPUT.search(text):
            sentence = phrase("The layer index {l} is left out: the cell is one layer.", l=c.layer)
            self.found.notes.append((1, sentence))
        if c.components:
            check_pairs(text, c.components | {c.component, c.step_letter})
            sentence = phrase("A sum over the components {j} is a product of a matrix and a vector; their indices are "
                              "left out.", j=max(c.components))  # fmt: skip
            self.found.notes.append((1, sentence))
        for letter, _, last, match in each_of(text):
            if letter not in c.ranges and last not in c.numbers:
                line = f"{last} = 3"
                problem = phrase(
                    "the text does not say which number {name} is; add a line {line}", name=last, line=line
                )
                raise EquationsError(problem, self.source.place(*match.span()), lines_to_add=(line,))
        if c.component:
            sentence = phrase("The index {d} counts components. It is left out: a line is that of all of them.",
                              d=c.component)  # fmt: skip
            self.found.notes.append((1, sentence))
        self.found.step = f"^({c.step_letter})" if c.raised_steps else f"_{c.step_letter}"
        self.sentences: list[tuple[int, int]] = []
        self.samples: list[tuple[Symbol, Place]] = []
        self.formulas: list[tuple[int, int, int]] = []
        """Formulas in lines without a sign of equality: where each begins and ends, and how many equations are before
        it if it follows one, else 0."""
        self.last_line = 0

    def read(self, with_sentences: bool) -> Text:
        lines = self.text.split("\n")
        n = 0
        while n < len(lines):
            end = n + 1
            line = lines[n]
            if COMMENT.match(line) or not line.strip():
                self._comment(line)
            elif is_dictionary(line):
                begin = sum(len(before) + 1 for before in lines[:n])
                self._prose(begin, begin + len(line))
            elif output := self._output(n, line):
                self._own_line(n, output)
            elif OWN.match(line) and not _opened(line) and not SENTENCE.search(_bare(line)) and "\\" not in line:
                self._own_line(n, line)
            elif own := self._with_name(n, line):
                self._own_line(n, own)
            else:
                while end < len(lines) and (
                    _opened("\n".join(lines[n:end])) > 0
                    or _unbalanced("\n".join(lines[n:end]))
                    or (_IS_OPEN.search(_bare(lines[end - 1])) and not OWN.match(lines[end]))
                    or (_GOES_ON.match(next(filter(str.strip, lines[end:]), "")) and _RELATION.search(lines[n]))
                ):
                    end += 1
                self._lines(lines, n, end)
            n = end
        for begin, end, after in self.formulas:
            self._take_formula(begin, end, after)
        if self.found.slots:
            letter = min(self.conventions.slots)
            sentence = phrase("The index {i} counts slots: each tensor that has it gets the axis slots.", i=letter)
            if "x" in self.found.slots:
                sentence = phrase("The index {i} counts the features of x: each tensor that has it gets their axis.",
                                  i=letter)  # fmt: skip
            self.found.notes.append((self.found.equations[0].place.line if self.found.equations else 1, sentence))
        computed = {name.id for own in self.found.equations for name in own.names}
        for name, at in self.samples:
            is_initial = name.step is None and not name.id.startswith("epsilon")  # W ∼ U(-a, a)
            if name.id not in computed and not is_initial and (name.id, name.step) != (INPUTS[0], 1):
                raise EquationsError(random_tensor(), at)
        used = {e.id for e in symbols_of(self.found.equations)}
        self.found.domains = [of_each(domain, used) for domain in self.found.domains]
        if with_sentences:
            self._read_sentences()
        return self.found

    def _note_turned(self, matrices: Mapping[str, str]) -> None:
        """Note which names with a T are transposed matrices, and which may be."""
        for name, matrix in sorted(matrices.items()):
            at = next((n for n, line in enumerate(self.text.split("\n"), 1) if name in line), 1)
            sentence = phrase("{name} is read as a name of its own; write {turned} for a matrix that is transposed.",
                              name=name, turned=f"{name[:-1]}ᵀ")  # fmt: skip
            if matrix:
                sentence = phrase("{name} is read as {function}.", name=name, function=f"{matrix}ᵀ")
            self.found.notes.append((at, sentence))

    def _comment(self, line: str) -> None:
        if text := line.strip().lstrip("#% ").strip():
            self.found.titles.append(text)

    def _with_name(self, n: int, line: str) -> str:
        """A line with the axes of a name, W_{ic}: num_units, with this name in the cell language; nothing if it is
        another line."""
        if not (found := _AXES_OF.fullmatch(_bare(line))):
            return ""
        begin = sum(len(before) + 1 for before in self.text.split("\n")[:n])
        name = self._name_at(begin + found.start(1), begin + found.end(1))
        return f"{name.id}:{found[2]}" if name and name.step in (None, 0) else ""

    def _output(self, n: int, line: str) -> str:
        """A line that names the output as papers write it, \\mathbf{h}_2', in the cell language; nothing if it is
        another line."""
        found = _OUTPUT.fullmatch(_bare(line))
        if not found or re.fullmatch(r"\w+", found[2], re.ASCII):
            return ""
        begin = sum(len(before) + 1 for before in self.text.split("\n")[:n])
        name = self._name_at(begin + found.start(2), begin + found.end(2))
        return f"output: {name.id}" if name else ""

    def _own_line(self, n: int, line: str) -> None:
        try:
            tree = parse("\n" * n + _bare(line))
        except EquationsError as error:
            place = Place(n + 1, error.place.start, error.place.end)
            raise EquationsError(error.problem, place, error.fixes, error.lines_to_add) from None
        self.found.own += [s for s in tree.statements if isinstance(s, AxisLine | Declaration | Output)]

    def _lines(self, lines: Sequence[str], first: int, end: int) -> None:
        begin = sum(len(line) + 1 for line in lines[:first])
        text = "\n".join(lines[first:end])
        is_display = bool(_opened(lines[first])) or "\\begin" in text
        is_prose = PROSE.match(text) or _WORD_BEFORE_FORMULA.match(text) or SENTENCE.search(text.partition("=")[0])
        if not (is_display or is_prose) and (stop := aside(text)) < len(text):
            self._part(begin, text[:stop], False)
            self._lines_of_aside(begin + stop, text[stop:])
        else:
            self._part(begin, text, is_display)

    def _lines_of_aside(self, begin: int, text: str) -> None:
        """What follows an equation in its line: and with another equation, or a sentence."""
        if text.startswith("and"):
            stop = aside(text[3:]) + 3
            self._part(begin + 3, text[3:stop], False)
            if stop < len(text):
                self._lines_of_aside(begin + stop, text[stop:])
        else:
            self._prose(begin, begin + len(text))

    def _prose(self, begin: int, end: int) -> None:
        first, last = (self.source.place(at, at).line for at in (begin, end))
        self.found.skipped += [n for n in range(first, last + 1) if n not in self.found.skipped]
        self.sentences.append((begin, end))

    def _check_unreadable(self, begin: int, text: str) -> None:
        """EquationsError for a line that stands for several, with what could be written."""
        stop = begin + len(text)
        rest = self.text[stop : stop + 30].partition("\n")[0]
        found = _FOR_SEVERAL.search(self.text, begin, stop + len(rest))
        if found and "=" in text and re.search(rf"[_^]\{{?[ ]?{found[1]}\b", text):
            problem = line_for_several(found[1], "x^1 = …, x^3 = …")
            raise EquationsError(problem, self.source.place(*found.span()))
        if (found := _FOR_ALL.search(self.text, begin, stop)) and found[1] != self.conventions.step_letter:
            typed = re.sub(r"^(?:\\[,;: ]|\s)+|[ &]+$", "", self.text[found.end() : stop].partition("=")[0])
            if re.search(rf"[_^(].{{0,12}}{re.escape(found[1])}(?![A-Za-z])", typed):
                problem = line_for_several(readable(found[1]), first_of_several(typed, re.escape(found[1])))
                raise EquationsError(problem, self.source.place(*found.span()))
        if (found := _FOR_ALL_BEHIND.search(text)) and found[1] != self.conventions.step_letter:
            typed = text[: found.start()].partition("=")[0].rpartition("\n")[2].strip(" &$\t")
            if re.search(rf"[_^(].{{0,12}}{re.escape(found[1])}(?![A-Za-z])", typed):
                problem = line_for_several(readable(found[1]), first_of_several(typed, re.escape(found[1])))
                raise EquationsError(problem, self.source.place(begin + found.start(), begin + found.end()))
        left, _, right = text.partition("=")
        others = (self.conventions.step_letter, self.conventions.layer, self.conventions.layers)
        if (found := _NEXT_INDEX.search(left)) and found[1] not in others and "=" in text:
            typed = left.strip(" &$\t\n")
            index = re.escape(found[1]) + "[ ]?[+][ ]?1"
            lines = ", ".join(f"{re.sub(index, str(n), typed)} = …" for n in (1, 2))
            start = begin + text.index(typed)
            raise EquationsError(line_for_several(found[1], lines), self.source.place(start, start + len(typed)))
        last = left.rpartition("\n")[2]
        if found := _PLACEHOLDER.search(last):
            sign, before = found[1], last[: found.start()].lstrip(" &$\t")
            letters = re.findall(rf"{re.escape(before)}_\{{?([a-z])", self.text) or ["a", "b"]
            lines = ", ".join(f"{last.strip(' &').replace(sign, one)} = …" for one in [*dict.fromkeys(letters)][:2])
            start = begin + len(left) - len(last)
            raise EquationsError(line_for_several(sign, lines), self.source.place(*(start + n for n in found.span(1))))
        known = (self.conventions.step_letter, self.conventions.layer)
        for letter in (match[1] for match in _EARLIER_INDEX.finditer(right) if match[1] not in known):
            if re.search(rf"_\{{[^{{}}]{{1,12}},[ ]?{letter}[ ]?\}}", left):
                typed = left.strip(" &$\t\n")
                start = begin + text.index(typed)
                place = self.source.place(start, start + len(typed))
                raise EquationsError(line_for_several(letter, first_of_several(typed, letter)), place)

    def _take_sample(self, name: Symbol, start: int, end: int, stop: int) -> None:
        """Take over what is drawn at random: 1 or 0 is read as its mean."""
        if (found := BERNOULLI.match(self.text, end, stop)) and name.step is not None:
            probe = Text()
            value = self._parser(found.start(1), found.end(1), probe).expression()
            if not any(isinstance(e, Symbol) and e.step is not None for e in within(value)):
                name = replace(name, step=None)
            self.found.masks[name.id] = name
            if isinstance(value, Symbol) and value.step is None:
                self.found.said_domains.append(Domain((value,), (), 0.0, value.place))
            self.found.equations.append(Equation((name,), value, name.place))
        else:
            self.samples.append((name, self.source.place(start, end)))

    def _part(self, begin: int, text: str, is_display: bool) -> None:
        without_words = re.sub(
            r"\\(?:text|mathrm|operatorname|begin|end|label|tag|mathit|textrm)\*?\s*\{[^{}]*\}", "", text
        )
        without_commands = re.sub(r"\\[A-Za-z]+", " ", without_words)
        begins_as_prose = bool(PROSE.match(text) or _WORD_BEFORE_FORMULA.match(text))
        is_prose = begins_as_prose or not _RELATION.search(text) or bool(SENTENCE.search(without_commands))
        is_prose = is_prose or bool(FOREIGN.search(without_commands) and not _BEGINS_AS_EQUATION.match(text))
        is_prose = is_prose or ("$" in text and bool(_WORDS.search(_IN_DOLLARS.sub("$", without_words))))
        for sign in DRAWN.finditer(text) if is_prose else ():
            start = max((end.end() for end in BEFORE_SAMPLE.finditer(text, 0, sign.start())), default=0)
            is_mask = not start or BERNOULLI.match(text, sign.end())
            if is_mask and (name := self._name_at(begin + start, begin + sign.start())):
                self._take_sample(name, begin + sign.start(), begin + sign.end(), begin + len(text))
        if is_prose and not is_display:
            if not (begins_as_prose or _RELATION.search(text)) and "\n" not in text and may_be_formula(text):
                is_below = self.source.place(begin, begin).line == self.last_line + 1
                end = begin + len(text.rstrip(" \t.,;$&"))
                self.formulas.append((begin, end, is_below and len(self.found.equations)))
            self._prose(begin, begin + len(text))
            return
        if _STATE_OF_NEXT.fullmatch(text) and re.search(r"[-−–][ ]?1[ ]?\}", self.text):
            sentence = phrase("The line that names the state of the next step is left out.")
            self.found.notes.append((self.source.place(begin, begin).line, sentence))
            return
        if (definition := self._definition(text)) and self._define(begin, definition):
            return
        self._check_unreadable(begin, text)
        is_latex, own = self.source.is_latex, self.source.pdf
        is_constant = bool(ANSWER.fullmatch(text) or CONSTANT.fullmatch(text))
        self.source.is_latex = "\\" in text if is_constant else is_latex
        self.source.pdf = own if is_equation(text) else None
        tokens = with_dots(_without_continuations([*self.source.tokens(begin, begin + len(text))]))
        self.source.is_latex, self.source.pdf = is_latex, own
        last = self.source.place(begin + len(text), begin + len(text))
        Parser(self.conventions, self.found, [*tokens, Token("end", "", last)]).statements()
        self.last_line = self.source.place(begin + len(text.rstrip()), begin + len(text)).line

    def _take_formula(self, begin: int, end: int, after: int) -> None:
        """Take over a formula without a sign of equality: as what the line above it is divided by, if this is one term.
        ``after``: how many equations are before it if it follows one, else 0."""
        try:
            parser = self._parser(begin, end, Text())
            term = parser.expression()
        except EquationsError:
            self.source.restart()
            return
        if parser.next.kind != "end" or not is_formula(term):
            return
        place, typed = self.source.place(begin, end), self.text[begin:end].strip()
        above = self.found.equations[after - 1] if after else None
        if not (above and is_like_divisor(term)):
            note = phrase("The formula {formula} is not read, as it gives no tensor its value.",
                          formula=readable(typed))  # fmt: skip
            self.found.notes.append((place.line, note))
            return
        left, _, right = self.text.split("\n")[place.line - 2].partition("=")
        if len(above.names) > 1 or is_sum(above.value):
            line = re.sub("[ ]+[)]", ")", f"{left.strip(' &$')} = ({right.strip(' &$.,;')}) / ({typed})")
            problem = phrase("this line has no “=”; if it is what the line before is divided by, write both as one, "
                             "such as {line}", line=line)  # fmt: skip
            raise EquationsError(problem, place)
        note = phrase("The line without “=” is read as what the line before is divided by: {formula}.",
                      formula=readable(typed))  # fmt: skip
        self.found.notes.append((place.line, note))
        value = Binary("/", above.value, term, above.value.place)
        self.found.equations[after - 1] = replace(above, value=value)
        self.found.skipped.remove(place.line)


def _bare(line: str) -> str:
    """A line without its comment."""
    return re.split(r"(?<!\\)[#%]", line)[0]


def _opened(text: str) -> int:
    """How many environments a text opens that it does not close."""
    depth = len(re.findall(r"\\begin\b|\\\[", re.sub(r"\\\\\[", "", text))) - len(re.findall(r"\\end\b|\\\]", text))
    return depth + (text.count("$$") % 2)


def _unbalanced(text: str) -> bool:
    return sum(text.count(c) for c in "([{") > sum(text.count(c) for c in ")]}")


def _without_continuations(tokens: list[Token]) -> list[Token]:
    """Without ends of lines after which an equation goes on."""
    kept: list[Token] = []
    for n, token in enumerate(tokens):
        following = next((t for t in tokens[n + 1 :] if t.kind != "end"), None)
        goes_on = following and following.kind == "sign" and following.text in "+-⊙∗·⊗/=∈"
        is_index = len(kept) > 1 and kept[-2].text in ("_", "^")  # [x]_+
        ended = bool(kept) and kept[-1].kind == "sign" and kept[-1].text in "+-⊙∗·⊗/=" and not is_index
        if token.kind == "end" and (goes_on or ended) and kept:
            continue
        kept.append(token)
    return kept
