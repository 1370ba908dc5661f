"""Divides a text in the notation of papers into equations, lines of our own language, comments and prose."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ....translations.phrases import phrase
from ...errors import EquationsError, Place
from ...parser import parse
from ...syntax import AxisLine, Declaration, Output
from ..parsing.conventions import INPUT, conventions_of
from ..parsing.equation_parser import Parser
from ..parsing.paper_syntax import Apply, Binary, Domain, Equation, Minus, Number, Symbol, Term, Text, within
from ..parsing.paper_tokens import Source, Token
from ..parsing.terms import is_greek, symbols_of
from ..rewriting.derivatives import with_dots
from ..unreadable import (
    DRAWN,
    first_of_several,
    line_for_several,
    random_tensor,
)
from ..vocabulary.function_words import function_of
from ..vocabulary.latex_commands import PRODUCTS
from ..vocabulary.usual_letters import WEIGHTS
from .line_kinds import ANSWER, COMMENT, OWN, PROSE, SENTENCE, is_dictionary, is_equation
from .pdf_text import pdf_text_of
from .sentences import (
    BERNOULLI,
    aside,
    complex_in,
    diagonals_in,
    elements_after,
    equations_in,
    function_defined,
    functions_in,
    masks_in,
    matrices_in,
    means_in,
    noise_in,
    numbers_in,
    positive_in,
    possible_functions_in,
    rates_in,
    readable,
    says_convolution,
    says_matrix,
    says_shared,
    scalars_in,
    special_matrices_in,
    unknown_functions_in,
    vectors_in,
    words_of,
)

_AXES_OF = re.compile(
    r"\s*\$?((?=[^\s:]*[\\_^{\u0080-\uffff])[^\s:=]{1,40})\s*:(?!=)(\s*\w+(?:\s*[,+*]\s*\w+)*\s*(?:=\s*[\d.]+\s*)?)\$?"
)
"""A line with the axes of a name as papers write it: W_{ic}: num_units."""


_RELATION = re.compile(r"=|←|∈|≔|\\leftarrow|\\gets|\\in\b|\\coloneqq|\\triangleq|\\equiv|≜|≡|:=")


_WORD_BEFORE_FORMULA = re.compile(r"\s*[A-Za-z]{4,20}\$")
"""Mogrifier$(x, h)$ is a part of a sentence."""


_IN_DOLLARS = re.compile(r"\$[^$]{0,200}\$")


_WORDS = re.compile(r"(?:^|[$ ])[A-Za-z]{2,}[ ]{1,3}[A-Za-z]{3,}|\$[ ]{1,3}[A-Za-z]{2,}[ ]{1,3}\$")
"""Words beside formulas between dollars: $D$ is learned, $u$ and $v$."""


_DEFINITION = re.compile(
    r"[ \t$&]{0,8}(\\?[^\W\d]\w{0,11}[\u0300-\u0304]?(?:_\{?\w{1,12}\}?)?)\(([a-su-z])\)[ \t]{0,4}&?=([^=\n]{2,120})"
)


_OF_TENSORS = re.compile(r"([^\s=()$&]{1,40})[ ]?(?:\\left[ ]?)?\([^()=]{1,80}\)[ \t&]{0,4}=")
"""The left side of a line that defines a function: Φ(x_t) =."""


_FOR_SEVERAL = re.compile(r"\bfor[ ]{1,2}(?:odd|even)[ }]{1,3}\$?([a-z])\b")


_FOR_ALL = re.compile(r"(?:\\forall(?![A-Za-z])|∀)[ ]?(\\?[^\W\d_]{1,9})[ ]?(?:\\in(?![A-Za-z])|∈)[^=\n]{1,40}?(?:,|:)")
"""What stands before a line for each number of a set: \\forall \\alpha \\in A,"""


_EARLIER_INDEX = re.compile(r"_\{[^{}]{1,12},[ ]?([a-z])[ ]?[-−–][ ]?1[ ]?\}")
"""An index that counts something else than steps: j of H_{i,j-1}."""


_BEFORE_SAMPLE = re.compile(r"\n|[,;]|\\q?quad(?![A-Za-z])|\band\b")
"""What stands before a tensor that is drawn at random."""


_CONDITION = re.compile(r"[ $,]{0,4}\b(?:if|when|for)\b(?![ ]{1,3}(?:all|each|every)\b)")
"""What follows a formula that is the function for some numbers alone."""


_HAS_VALUE = re.compile(r"[0-9(+*/^\\⊙Α-ω]")
_IS_FORMULA = re.compile(r"=(?=.{0,400}[A-Za-z])(?=.{0,400}[(+*/^\\⊙Α-ω])")


_PRODUCT = rf"\\(?:{'|'.join(PRODUCTS)})"


_GOES_ON = re.compile(rf"\s*(?:&\s*)*(?:\\quad\s*|\\qquad\s*)*(?:[+\-−⊙∘·×*/=]|{_PRODUCT})")


_IS_OPEN = re.compile(rf"(?:(?<![_^])[+\-−⊙∘·×*/=(,]|{_PRODUCT}|\\left\(|&)\s*$")


class LineReader:
    """Divides a text into equations and lines of other kinds."""

    def __init__(
        self, text: str, functions: frozenset[str] = frozenset(), numbers: frozenset[str] = frozenset()
    ) -> None:
        own = pdf_text_of(text)
        self.source, self.text, self.found = Source(text, own), text, Text()
        self.conventions = c = replace(conventions_of(text, functions), no_functions=numbers)
        if own:
            self.conventions = c = replace(c, step_letter=own.letter, raised_steps=False, has_next=own.has_next)
            left = [(n, line.partition("=")[0].partition(",")[0].strip().removesuffix("+1"))
                    for n, line in enumerate(text.split("\n"), 1) if is_equation(line)]  # fmt: skip
            self.found.pdf = next(one for one in left if one[1].endswith(own.letter))
            for name in sorted(own.turned):
                at = next((n for n, line in enumerate(text.split("\n"), 1) if name in line), 1)
                sentence = phrase("{name} is read as {function}.", name=name, function=f"{name[:-1]}ᵀ")
                self.found.notes.append((at, sentence))
        self.found.layer, self.found.counted = c.layer, c.layers
        self.found.counts |= {c.count_of_layers} - {""}
        if c.has_next_layer and INPUT.search(text):
            sentence = phrase("The layer index {l} is left out: the cell is one layer.", l=c.layer)
            self.found.notes.append((1, sentence))
        if c.components:
            sentence = phrase("A sum over the components {j} is a product of a matrix and a vector; their indices are "
                              "left out.", j=max(c.components))  # fmt: skip
            self.found.notes.append((1, sentence))
        if c.component:
            sentence = phrase("The index {d} counts components. It is left out: a line is that of all of them.",
                              d=c.component)  # fmt: skip
            self.found.notes.append((1, sentence))
        self.found.step = f"^({c.step_letter})" if c.raised_steps else f"_{c.step_letter}"
        self.sentences: list[tuple[int, int]] = []
        self.samples: list[tuple[Symbol, Place]] = []

    def read(self, with_sentences: bool) -> Text:
        lines = self.text.split("\n")
        n = 0
        while n < len(lines):
            end = n + 1
            line = lines[n]
            depth = _opened(line)
            if COMMENT.match(line) or not line.strip():
                self._comment(line)
            elif is_dictionary(line):
                begin = sum(len(before) + 1 for before in lines[:n])
                self._prose(begin, begin + len(line))
            elif OWN.match(line) and not depth and "\\" not in line:
                self._own_line(n, line)
            elif own := self._with_name(n, line):
                self._own_line(n, own)
            else:
                while end < len(lines) and (
                    depth > 0
                    or _unbalanced("\n".join(lines[n:end]))
                    or (_IS_OPEN.search(_bare(lines[end - 1])) and not OWN.match(lines[end]))
                    or (_GOES_ON.match(next(filter(str.strip, lines[end:]), "")) and _RELATION.search(lines[n]))
                ):
                    depth += _opened(lines[end])
                    end += 1
                self._lines(lines, n, end)
            n = end
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
            if name.id not in computed and not is_initial:
                raise EquationsError(random_tensor(), at)
        used = {e.id for e in symbols_of(self.found.equations)}
        self.found.domains = [_of_each(domain, used) for domain in self.found.domains]
        if with_sentences:
            self._read_sentences()
        return self.found

    def _read_sentences(self) -> None:
        """What the sentences say about names of the equations: their numbers, functions, equations and domains."""
        found = self.found
        symbols = [e for own in found.equations for e in within(own.value) if isinstance(e, Symbol)]
        computed = {name.id for own in found.equations for name in own.names}
        for sign in DRAWN.finditer(self.text):  # h_t = … + ξ_t, ξ_t ∼ N(0, I)
            begin = max((end.end() for end in _BEFORE_SAMPLE.finditer(self.text, 0, sign.start())), default=0)
            self._take_noise(begin, self.text[begin : sign.end() + 40], computed)
        known = computed | {s.name for s in found.own if isinstance(s, AxisLine | Declaration)}
        used = {(e.id, e.step is not None) for e in symbols}
        stepped = {name.id for own in found.equations for name in own.names if name.step is not None}
        known -= {id for id in stepped if (id, False) in used}  # a and a_t may be two tensors
        for begin, end in self.sentences:
            sentence = self.text[begin:end]
            found.is_identity_said = found.is_identity_said or says_matrix(sentence, "I")
            found.is_shared_said = found.is_shared_said or says_shared(sentence)
            if says_convolution(sentence):
                found.convolution = found.convolution or self.source.place(begin, end).line
            self._take_functions(begin, sentence)
            for names, (start, stop) in scalars_in(sentence):
                named = [(self._name_at(begin + first, begin + last), first) for first, last in names]
                numbers = [(name, first) for name, first in named if name and (name.id, name.step is not None) in used
                           and name.id not in found.all_domains | found.own_names]  # fmt: skip
                first = start if len(numbers) == len(names) else numbers[0][1] if numbers else stop
                for number, _ in numbers:
                    found.said_domains.append(Domain((number,), (), 0.0, number.place))
                    found.said.append((number, sentence[first:stop].replace("$", "")))
            self._take_noise(begin, sentence, computed)
            for first, last in masks_in(sentence):
                if (name := self._name_at(begin + first, begin + last)) and name.id not in computed:
                    found.masks[name.id] = name
                    if mean := means_in(sentence).get(name.label):
                        found.means[name.id] = mean
            for first, last in vectors_in(sentence):
                name = self._name_at(begin + first, begin + last)
                for id in self._ids_of_each(name, used) - known if name else ():
                    (found.said_vectors if id[0].isupper() else found.said_rows).add(id)
            for first, last in matrices_in(sentence):
                name = self._name_at(begin + first, begin + last)
                found.matrices |= self._ids_of_each(name, used) - known if name else set()
            for names, (start, stop) in special_matrices_in(sentence):
                named = [name for first, last in names if (name := self._name_at(begin + first, begin + last))]
                free = [name for name in named if (name.id, False) in used and name.id not in known]
                if free:
                    note = phrase("“{said}” is not read: its numbers are free weights here.",
                                  said=readable(sentence[start:stop]))  # fmt: skip
                    found.notes.append((free[0].place.line, note))
            for first, last in complex_in(sentence):
                if name := self._name_at(begin + first, begin + last):
                    found.complex_names.add(name.id)
            for names, (start, stop) in diagonals_in(sentence):
                named = [(self._name_at(begin + first, begin + last), first) for first, last in names]
                if start == names[0][0]:  # ℂ^N of “h ∈ ℂ^N and A is diagonal” is no name
                    start = next((first for name, first in named if name), start)
                for name, _ in named:
                    if name and (name.id, False) in used and name.id not in known and name.id[0].isupper():
                        self.found.said_diagonals[name.id] = name, sentence[start:stop].replace("$", "")
                        if elements := elements_after(sentence, stop):
                            note = phrase("“{said}” in the sentence is not read: {name} is one real number per unit, "
                                          "without a formula.", said=readable(elements), name=name.id)  # fmt: skip
                            found.notes.append((name.place.line, note))
            spans = [(start, start, stop) for start, stop in equations_in(sentence)]
            spans += [(start, number, stop) for (start, _), (number, stop) in numbers_in(sentence)]
            for start, value, stop in spans:
                if value == start and (definition := self._definition(self.text[begin + start : begin + stop])):
                    name = self._name_at(begin + start + definition.start(1), begin + start + definition.end(1))
                    is_read = self._define(begin + start, definition) or self._define_formula(
                        begin + start, begin + stop
                    )
                    if not is_read and name:
                        found.unread.setdefault(name.id, (name, definition[0].strip()))
                    continue
                first, end = begin + start, begin + stop
                if value == start and self._is_function(first, end, computed) and self._define_formula(first, end):
                    continue
                self._read_part(begin + start, begin + value, begin + stop, used, known, computed)
        for begin, end in self.sentences:
            self._take_rates(begin, self.text[begin:end], used, known)

    def _take_noise(self, begin: int, sentence: str, computed: set[str]) -> None:
        for first, last in noise_in(sentence):
            if (name := self._name_at(begin + first, begin + last)) and name.id not in computed:
                self.found.noise.setdefault(name.id, name.place)

    def _take_functions(self, begin: int, sentence: str) -> None:
        """Take over which functions a sentence names."""
        for (start, stop), function in functions_in(sentence):
            if name := self._name_at(begin + start, begin + stop):
                self.found.said_functions.setdefault(name.id, (function, name.place))
        for (start, stop), functions in possible_functions_in(sentence):
            if name := self._name_at(begin + start, begin + stop):
                self.found.possible_functions.setdefault(name.id, functions)
        for (start, stop), said in unknown_functions_in(sentence):
            if name := self._name_at(begin + start, begin + stop):
                self.found.unknown_functions.setdefault(name.id, said)

    def _ids_of_each(self, name: Symbol, used: set[tuple[str, bool]]) -> set[str]:
        """A name without a step that equations use, or those of each layer: w_11 and w_12 for w^{i \\to j}."""
        letters = self.conventions.ranges.keys()
        label = "".join(r"\d+" if letter in letters else re.escape(letter) for letter in name.label)
        pattern = re.compile(re.escape(name.id.removesuffix(name.label)) + label)
        return {id for id, has_step in used if not has_step and pattern.fullmatch(id)}

    def _take_rates(self, begin: int, sentence: str, used: set[tuple[str, bool]], known: set[str]) -> None:
        """Take over which small letters are numbers, as they are rates or greater than 0. Greek ones are numbers
        anyhow."""
        spans = [(span, "buvw") for span in rates_in(sentence)]  # w is the strength of a connection
        spans += [(span, "".join(WEIGHTS)) for span in positive_in(sentence)]
        for (first, last), weights in spans:
            name = self._name_at(begin + first, begin + last)
            taken = self.found.all_domains | self.found.own_names | known
            if name and (name.id, False) in used and name.id not in taken and _may_be_number(name, weights):
                self.found.said_domains.append(Domain((name,), (), 0.0, name.place))

    def _definition(self, text: str) -> re.Match[str] | None:
        """A function of one argument that a text defines; h(n) is a tensor where n is the step."""
        found = _DEFINITION.fullmatch(text)
        return found if found and found[2] != self.conventions.step_letter else None

    def _define(self, begin: int, definition: re.Match[str]) -> bool:
        """A function that a line or a sentence defines: σ(z) = tanh(z). False if it has another formula."""
        if name := self._name_at(begin + definition.start(1), begin + definition.end(1)):
            argument, right = definition[2], re.sub(r"[\s{}$]|\\left|\\right", "", definition[3])
            function = function_defined(right.replace("−", "-"), argument)
            if function:
                self.found.said_functions.setdefault(name.id, (function, name.place))
                return True
        return False

    def _is_function(self, start: int, stop: int, computed: set[str]) -> bool:
        """Whether a part of a sentence gives the formula of a function of tensors, Φ(x_t) = tanh(W x_t), that equations
        use."""
        called = _OF_TENSORS.match(self.text, start, stop)
        name = self._name_at(*called.span(1)) if called else None
        is_used = name and name.id in {*self._counts_of_arguments(), *self.found.called} - computed
        return bool(name and is_used and not function_of(name.id))

    def _counts_of_arguments(self) -> dict[str, set[int]]:
        """With how many arguments the equations call each function."""
        found: dict[str, set[int]] = {}
        for e in (e for own in self.found.equations for e in within(own.value) if isinstance(e, Apply)):
            found.setdefault(e.function, set()).add(len(e.arguments))
        return found

    def _define_formula(self, start: int, stop: int) -> bool:
        """A function that a sentence defines by a formula of ours: φ(x) = elu(x) + 1. False if it cannot be read."""
        probe = Text()
        try:
            parser = self._parser(start, stop, probe)
            parser.statement()
        except EquationsError:
            self.source.restart()
            return False
        if parser.next.kind != "end" or not probe.definitions or probe.equations:
            return False
        if _CONDITION.match(self.text, stop):  # g(x) = x + 0.5 if x > 0
            return False
        counts = self._counts_of_arguments()  # f(x) = tanh(W x) is no formula of f(x_t, h_{t-1})
        if any(
            len(own.parameters) not in counts.get(id, [len(own.parameters)]) for id, own in probe.definitions.items()
        ):
            return False
        self.found.definitions |= probe.definitions
        self.found.said += [(own.name, self.text[start:stop]) for own in probe.definitions.values()]
        return True

    def _name_at(self, start: int, stop: int) -> Symbol | None:
        """The name that a part of a sentence is; None if it is no name."""
        try:
            parser = self._parser(start, stop, Text())
            name = parser.symbol()
            return name if parser.next.kind == "end" else None
        except EquationsError:
            self.source.restart()
            return None

    def _read_part(self, start: int, value: int, stop: int, used: set[tuple[str, bool]], known: set[str],
                   computed: set[str]) -> None:  # fmt: skip
        """Take over the equation or domain that a part of a sentence is, if the equations use its name. ``value``:
        where its number begins, if the sentence has words instead of =, else ``start``."""
        found, probe = self.found, Text()
        name = self._name_of(start, stop)
        if not name:
            return
        is_start = name.label == "0" and name.id.removesuffix("_0") in computed
        is_used = (name.id, name.step is not None) in used
        try:
            parser = self._parser(value, stop, probe)
            if value > start:
                probe.equations.append(Equation((name,), parser.expression(), name.place))
            else:
                parser.statement()
            is_read = parser.next.kind == "end"
        except EquationsError:
            self.source.restart()
            is_read = False
        names = known | {id for id, _ in used}
        probe.domains = [self._of_slot(_of_each(domain, names), probe) for domain in probe.domains]
        found.complex_names |= probe.complex_names
        found.said_domains += [d for d in probe.domains if is_read and names & {one.id for one in d.names}]
        is_new = name.step == 0 and not is_used and not (is_read and not self._tensors(probe) & computed)
        is_named = is_used or is_start or is_new
        is_domain = bool(probe.domains) and not probe.equations
        if not (is_domain or is_named or name.id in known) and _IS_FORMULA.search(self.text, start, stop):
            found.unused.setdefault(name.id, (name, self.text[start:stop]))
        if is_domain or name.id in known or name.id == self.conventions.step_letter or not is_named:
            return
        words = words_of(self.text[value:stop])
        is_read = is_read and all(function_of(word) or (word, False) in used or word in known for word in words)
        if is_read and (is_used or is_new or all(_is_constant(one.value) for one in probe.equations)):
            found.equations += probe.equations
            parts = (e for one in probe.equations for e in within(one.value) if isinstance(e, Symbol))
            used |= {(e.id, e.step is not None) for e in parts}
            found.said += [(name, self.text[start:stop]) for _ in probe.equations]
            known |= {name.id} if probe.equations else set()
            computed |= {name.id} if is_new else set()
        elif (is_used or is_new) and name.id not in computed and _HAS_VALUE.search(self.text, value, stop):
            found.unread.setdefault(name.id, (name, self.text[start:stop]))

    def _of_slot(self, domain: Domain, probe: Text) -> Domain:
        """A domain of α as one of α_j, if the equations have this index alone: its first size is the number of j."""
        are_whole = all(name.id in self.found.slots.keys() - probe.slots.keys() for name in domain.names)
        return replace(domain, sizes=domain.sizes[1:]) if are_whole and len(domain.sizes) > 1 else domain

    def _name_of(self, start: int, stop: int) -> Symbol | None:
        """The name that a part of a sentence begins with, even if what follows cannot be read, or None."""
        try:
            return self._parser(start, stop, Text()).symbol()
        except EquationsError:
            self.source.restart()
            return self._name_at(start, max(start, self.text.find("=", start, stop)))

    def _tensors(self, found: Text) -> set[str]:
        """The names with a step that some equations use."""
        symbols = (e for one in found.equations for e in within(one.value) if isinstance(e, Symbol))
        return {e.id for e in symbols if e.step is not None}

    def _parser(self, begin: int, end: int, found: Text) -> Parser:
        """A parser of a part of a sentence."""
        tokens = [*self.source.tokens(begin, end)]
        return Parser(self.conventions, found, [*tokens, Token("end", "", self.source.place(end, end))])

    def _comment(self, line: str) -> None:
        if text := line.strip().lstrip("#% ").strip():
            self.found.titles.append(text)

    def _with_name(self, n: int, line: str) -> str:
        """A line with the axes of a name, W_{ic}: num_units, with this name in our language; nothing if it is another
        line."""
        if not (found := _AXES_OF.fullmatch(_bare(line))):
            return ""
        begin = sum(len(before) + 1 for before in self.text.split("\n")[:n])
        name = self._name_at(begin + found.start(1), begin + found.end(1))
        return f"{name.id}:{found[2]}" if name and name.step is None else ""

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
        if not (is_display or PROSE.match(text)) and (stop := aside(text)) < len(text):
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
            if re.search(rf"[_^].{{0,12}}{re.escape(found[1])}(?![A-Za-z])", typed):
                problem = line_for_several(readable(found[1]), first_of_several(typed, re.escape(found[1])))
                raise EquationsError(problem, self.source.place(*found.span()))
        left, _, right = text.partition("=")
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
        is_prose = is_prose or ("$" in text and bool(_WORDS.search(_IN_DOLLARS.sub("$", text))))
        for sign in DRAWN.finditer(text) if is_prose else ():
            start = max((end.end() for end in _BEFORE_SAMPLE.finditer(text, 0, sign.start())), default=0)
            is_mask = not start or BERNOULLI.match(text, sign.end())
            if is_mask and (name := self._name_at(begin + start, begin + sign.start())):
                self._take_sample(name, begin + sign.start(), begin + sign.end(), begin + len(text))
        if is_prose and not is_display:
            self._prose(begin, begin + len(text))
            return
        if (definition := self._definition(text)) and self._define(begin, definition):
            return
        self._check_unreadable(begin, text)
        is_latex, own = self.source.is_latex, self.source.pdf
        self.source.is_latex = is_latex and not ANSWER.fullmatch(text)
        self.source.pdf = own if is_equation(text) else None
        tokens = with_dots(_without_continuations([*self.source.tokens(begin, begin + len(text))]))
        self.source.is_latex, self.source.pdf = is_latex, own
        last = self.source.place(begin + len(text), begin + len(text))
        Parser(self.conventions, self.found, [*tokens, Token("end", "", last)]).statements()


def _of_each(domain: Domain, known: set[str]) -> Domain:
    """A domain of W_z and W_y for one of W_{z,y}, if the text has these names."""
    names: list[Symbol] = []
    for name in domain.names:
        base = name.id.removesuffix(name.label)
        each = [replace(name, id=f"{base}{letter}", label=letter) for letter in name.label]
        is_list = len(each) > 1 and name.id not in known and all(one.id in known for one in each)
        names += each if is_list else [name]
    return replace(domain, names=tuple(names))


def _may_be_number(name: Symbol, weights: str) -> bool:
    """Whether a name is a small Latin letter without a step, and none of some letters of weights."""
    is_letter = name.id[0].islower() and not is_greek(name.id) and name.id[0] not in weights
    return is_letter and name.step is None


def _is_constant(e: Term) -> bool:
    return all(isinstance(part, Number) for part in within(e) if not isinstance(part, Minus | Binary))


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
