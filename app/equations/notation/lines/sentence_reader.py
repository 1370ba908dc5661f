"""Reads what the sentences of a text say about the names of its equations."""

import re
from dataclasses import replace

from ....translations.phrases import phrase
from ...places_and_errors import EquationsError
from ...syntax import AxisLine, Declaration
from ..parsing.cursor import Conventions
from ..parsing.equation_parser import Parser
from ..parsing.paper_syntax import Apply, Binary, Domain, Equation, Minus, Number, Symbol, Term, Text, within
from ..parsing.paper_tokens import Source
from ..parsing.terms import is_capital, is_greek
from ..parsing.token import Token
from ..refused_forms import DRAWN
from ..vocabulary.function_words import PIECEWISE, function_of
from ..vocabulary.latex_commands import GREEK
from ..vocabulary.usual_letters import WEIGHTS
from .equations_in_sentences import equations_in, function_defined, numbers_in, readable, words_of
from .functions_in_sentences import (
    activations_in,
    functions_in,
    possible_functions_in,
    products_in,
    slope_in,
    unknown_functions_in,
)
from .kinds_in_sentences import (
    complex_in,
    diagonals_in,
    elements_after,
    given_vectors_in,
    in_intervals,
    matrices_in,
    named_vectors_in,
    ones_in,
    positive_in,
    says_convolution,
    says_matrix,
    says_shared,
    scalars_in,
    special_matrices_in,
    vectors_in,
)
from .roles_in_sentences import (
    counts_in,
    input_in,
    inputs_in,
    masks_in,
    means_in,
    noise_in,
    output_in,
    parts_in,
    quantities_in,
    rates_in,
    starts_in,
    summaries_in,
    trained_in,
)

Used = set[tuple[str, bool]]
"""The names that equations use, and whether they have a step."""

BEFORE_SAMPLE = re.compile(r"\n|[,;]|\\q?quad(?![A-Za-z])|\band\b")
"""What stands before a tensor that is drawn at random."""

_DEFINITION = re.compile(
    r"[ \t$&]{0,8}(\\?[^\W\d]\w{0,11}[\u0300-\u0304]?(?:_\{?\w{1,12}\}?)?)\(([a-su-z])\)[ \t]{0,4}&?=([^=\n]{2,120})"
)

_OF_TENSORS = re.compile(r"([^\s=()$&]{1,40})[ ]?(?:\\left[ ]?)?\([^()=]{1,80}\)[ \t&]{0,4}=")
"""The left side of a line that defines a function: Φ(x_t) =."""

_CONDITION = re.compile(r"[ $,]{0,4}\b(?:if|when|for)\b(?![ ]{1,3}(?:all|each|every)\b)")
"""What follows a formula that is the function for some numbers alone."""

_WORDS_BEHIND = re.compile(r"\$?(?:[ \t]{1,4}[a-z]{2,20}){1,6}[ \t]*$")
"""The words after a formula that is part of a sentence: refers to."""

PRODUCT_SIGNS = {
    "⊗": "⊗", r"\otimes": "⊗", "⊙": "⊙", r"\odot": "⊙", "∘": "⊙", "◦": "⊙", r"\circ": "⊙", "∗": "∗", "*": "∗",
    r"\ast": "∗", "⊛": "∗", r"\circledast": "∗",
}  # fmt: skip
"""The signs that sentences name, as terms have them."""

_HAS_VALUE = re.compile(r"[0-9(+*/^\\⊙Α-ω]")
_IS_FORMULA = re.compile(r"=(?=.{0,400}[A-Za-z])(?=.{0,400}[(+*/^\\⊙Α-ω])")


class SentenceReader:
    """Takes over what sentences say. ``sentences`` are their places."""

    source: Source
    text: str
    found: Text
    conventions: Conventions
    sentences: list[tuple[int, int]]
    has_lines: bool
    """Whether equations have lines of their own; else sentences give all of them."""

    def _read_sentences(self) -> None:
        """What the sentences say about names of the equations: their numbers, functions, equations and domains."""
        found = self.found
        self.has_lines = bool(found.equations)
        symbols = [e for own in found.equations for e in within(own.value) if isinstance(e, Symbol)]
        symbols += _of_definitions(found)
        computed = {name.id for own in found.equations for name in own.names}
        for sign in DRAWN.finditer(self.text):  # h_t = … + ξ_t, ξ_t ∼ N(0, I)
            begin = max((end.end() for end in BEFORE_SAMPLE.finditer(self.text, 0, sign.start())), default=0)
            self._take_noise(begin, self.text[begin : sign.end() + 40], computed)
        known = computed | {s.name for s in found.own if isinstance(s, AxisLine | Declaration)}
        used = {(e.id, e.step is not None) for e in symbols}
        stepped = {name.id for own in found.equations for name in own.names if name.step is not None}
        known -= {id for id in stepped if (id, False) in used}  # a and a_t may be two tensors
        for begin, end in self.sentences:
            sentence = self.text[begin:end]
            found.is_identity_said = found.is_identity_said or says_matrix(sentence, "I")
            found.is_shared_said = found.is_shared_said or says_shared(sentence)
            for typed, kind in products_in(sentence):
                self.found.products.setdefault(PRODUCT_SIGNS[typed], kind)
            if says_convolution(sentence):
                found.convolution = found.convolution or self.source.place(begin, end).line
            self._take_functions(begin, sentence)
            self._take_numbers(begin, sentence, used, known)
            self._take_noise(begin, sentence, computed)
            self._take_starts(begin, sentence, computed)
            self._take_masks(begin, sentence, computed)
            self._take_vectors_and_matrices(begin, sentence, used, known)
            self._take_diagonals(begin, sentence, used, known)
            self._take_equations(begin, sentence, used, known, computed)
        used |= {(e.id, e.step is not None) for e in _of_definitions(found)}
        for begin, end in self.sentences:
            self._take_rates(begin, self.text[begin:end], used, known)

    def _take_numbers(self, begin: int, sentence: str, used: Used, known: set[str]) -> None:
        """Take over which tensors are one number for each sample, and which numbers are weights."""
        found = self.found
        for names, (start, stop) in scalars_in(sentence):
            named = [(self._name_at(begin + first, begin + last), first) for first, last in names]
            numbers = [(name, first) for name, first in named if name and (name.id, name.step is not None) in used
                       and name.id not in found.all_domains | found.own_names]  # fmt: skip
            first = start if len(numbers) == len(names) else numbers[0][1] if numbers else stop
            for number, _ in numbers:
                found.said_domains.append(Domain((number,), (), 0.0, number.place))
                found.said.append((number, sentence[first:stop].replace("$", "")))
        for first, last in in_intervals(sentence):
            if (name := self._name_at(begin + first, begin + last)) and name.step is not None:
                found.said_ranges.append(name)
        for names, (start, stop) in trained_in(sentence):
            named = [(self._name_at(begin + first, begin + last), first) for first, last in names]
            trained = [(name, first) for name, first in named if name and name.step is None
                       and (name.id, False) in used and name.id not in known and not is_capital(name.id)]  # fmt: skip
            first = start if len(trained) == len(names) else trained[0][1] if trained else stop
            for name, _ in trained:
                found.trained.add(name.id)
                found.said.append((name, sentence[first:stop].replace("$", "")))

    def _take_starts(self, begin: int, sentence: str, computed: set[str]) -> None:
        """Take over what states are before the first step, in words."""
        for (first, last), said in starts_in(sentence):
            name = self._name_at(begin + first, begin + last)
            if name and name.label == "0" and (id := name.id.removesuffix("_0")) in computed:
                self.found.said_starts.setdefault(id, (name, said))

    def _take_masks(self, begin: int, sentence: str, computed: set[str]) -> None:
        """Take over what is 1 or 0 at random, and how often it is 1."""
        for first, last in masks_in(sentence):
            if (name := self._name_at(begin + first, begin + last)) and name.id not in computed:
                self.found.masks[name.id] = name
                if mean := means_in(sentence).get(name.label):
                    self.found.means[name.id] = mean

    def _take_vectors_and_matrices(self, begin: int, sentence: str, used: Used, known: set[str]) -> None:
        """Take over which weights are vectors or matrices, and which names are complex."""
        found = self.found
        for first, last in vectors_in(sentence):
            name = self._name_at(begin + first, begin + last)
            for id in self._ids_of_each(name, used) - known if name else ():
                (found.said_vectors if id[0].isupper() else found.said_rows).add(id)
        for first, last in given_vectors_in(sentence):
            name = self._name_at(begin + first, begin + last)
            found.vectors |= {name.id} if name and name.step is None and len(name.id) == 1 else set()
        for first, last in named_vectors_in(sentence):
            name = self._name_at(begin + first, begin + last)
            is_weight = name and name.step is None and not is_capital(name.id)
            found.vectors |= self._ids_of_each(name, used) - known if name and is_weight else set()
        for first, last in matrices_in(sentence):
            name = self._name_at(begin + first, begin + last)
            found.matrices |= self._ids_of_each(name, used) - known if name else set()
        for names, (start, stop) in special_matrices_in(sentence):
            named = [(self._name_at(begin + first, begin + last), first) for first, last in names]
            free = [(name, at) for name, at in named if name and (name.id, False) in used and name.id not in known]
            if free:
                start = free[0][1] if start == names[0][0] else start
                note = phrase("“{said}” is not read: its numbers are free weights here.",
                              said=readable(sentence[start:stop]))  # fmt: skip
                found.notes.append((free[0][0].place.line, note))
        for names, (start, stop) in ones_in(sentence):
            for name in (self._name_at(begin + first, begin + last) for first, last in names):
                if name and (name.id, False) in used and name.id not in known:
                    found.equations.append(Equation((name,), Number(1.0, name.place), name.place))
                    found.said.append((name, sentence[start:stop].replace("$", "")))
                    known.add(name.id)
        for (first, last), said in inputs_in(sentence):
            if (name := self._name_at(begin + first, begin + last)) and (name.id, name.step is not None) in used:
                found.inputs.setdefault(name.id, said)
        for names in parts_in(sentence):
            parts = [self._name_at(begin + first, begin + last) for first, last in names]
            if all(name and (name.id, True) in used for name in parts):
                found.parts_of_input = [name for name in parts if name]
        for first, last in summaries_in(sentence):
            if (name := self._name_at(begin + first, begin + last)) and name.step is None and (name.id, False) in used:
                found.summaries.add(name.id)
        for first, last in input_in(sentence):
            name = self._name_at(begin + first, begin + last)
            if name and ((name.id, True) in used or ((name.id, False) in used and name.step is None)):
                found.said_inputs.append(name.id)
        for first, last in output_in(sentence):
            if (name := self._name_at(begin + first, begin + last)) and name.step is not None:
                self.found.said_outputs.append(name.id)
        for first, last in complex_in(sentence):
            if name := self._name_at(begin + first, begin + last):
                found.complex_names.add(name.id)

    def _take_diagonals(self, begin: int, sentence: str, used: Used, known: set[str]) -> None:
        """Take over which matrices have only a diagonal."""
        for names, (start, stop) in diagonals_in(sentence):
            named = [(self._name_at(begin + first, begin + last), first) for first, last in names]
            if start == names[0][0]:  # ℂ^N of “h ∈ ℂ^N and A is diagonal” is no name
                start = next((first for name, first in named if name), start)
            for name, _ in named:
                if not name or name.id in known or not name.id[0].isupper():
                    continue
                if (name.id.rpartition("_")[0], False) in used:
                    self.found.diagonals_of_copies[name.id] = name, sentence[start:stop].replace("$", "")
                if (name.id, False) in used:
                    self.found.said_diagonals[name.id] = name, sentence[start:stop].replace("$", "")
                    if elements := elements_after(sentence, stop):
                        note = phrase("“{said}” in the sentence is not read: {name} is one real number per unit, "
                                      "without a formula.", said=readable(elements), name=name.id)  # fmt: skip
                        self.found.notes.append((name.place.line, note))

    def _take_equations(self, begin: int, sentence: str, used: Used, known: set[str], computed: set[str]) -> None:
        """Take over equations, domains and definitions of functions."""
        spans = [(start, start, stop) for start, stop in equations_in(sentence)]
        spans += [(start, number, stop) for (start, _), (number, stop) in numbers_in(sentence)]
        for start, value, stop in spans:
            first, end = begin + start, begin + stop
            if value == start and (definition := self._definition(self.text[first:end])):
                name = self._name_at(first + definition.start(1), first + definition.end(1))
                is_read = self._define(first, definition) or self._define_formula(first, end)
                if not is_read and name:
                    self.found.unread.setdefault(name.id, (name, definition[0].strip()))
                continue
            if value == start and (called := self._function_at(first, end, computed)):
                if not self._define_formula(first, end):
                    self.found.unread.setdefault(called.id, (called, self.text[first:end].strip()))
                continue
            self._read_part(first, begin + value, end, used, known, computed)

    def _take_noise(self, begin: int, sentence: str, computed: set[str]) -> None:
        for first, last in noise_in(sentence):
            if (name := self._name_at(begin + first, begin + last)) and name.id not in computed:
                self.found.noise.setdefault(name.id, name.place)

    def _take_functions(self, begin: int, sentence: str) -> None:
        """Take over which functions a sentence names."""
        self.found.slope = slope_in(sentence) or self.found.slope
        for (start, stop), function in functions_in(sentence):
            if name := self._name_at(begin + start, begin + stop):
                self.found.said_functions.setdefault(name.id, (function, name.place))
        for (start, stop), functions in possible_functions_in(sentence):
            if name := self._name_at(begin + start, begin + stop):
                self.found.possible_functions.setdefault(name.id, functions)
        for (start, stop), said in unknown_functions_in(sentence):
            if name := self._name_at(begin + start, begin + stop):
                self.found.unknown_functions.setdefault(name.id, said)
        for (start, stop), function in activations_in(sentence):
            if (name := self._name_at(begin + start, begin + stop)) and function:
                self.found.said_functions.setdefault(name.id, (function, name.place))
            elif name:
                self.found.unknown_functions.setdefault(name.id, "")

    def _ids_of_each(self, name: Symbol, used: Used) -> set[str]:
        """A name without a step that equations use, or those of each layer: w_11 and w_12 for w^{i \\to j}."""
        letters = {*self.conventions.ranges}
        letters |= self.conventions.numbers.keys() if letters else set()  # f_k of f_1, …, f_k
        label = "".join(r"\d+" if letter in letters else re.escape(letter) for letter in name.label)
        pattern = re.compile(re.escape(name.id.removesuffix(name.label)) + label)
        return {id for id, has_step in used if not has_step and pattern.fullmatch(id)}

    def _take_rates(self, begin: int, sentence: str, used: Used, known: set[str]) -> None:
        """Take over which small letters are numbers, as they are rates or greater than 0. Greek ones are numbers
        anyhow."""
        spans = [(span, "buvw") for span in rates_in(sentence)]  # w is the strength of a connection
        spans += [(span, "".join(WEIGHTS)) for span in positive_in(sentence)]
        spans += [(span, "".join(WEIGHTS)) for names, _ in trained_in(sentence) for span in names]
        spans += [(span, "") for span in (*counts_in(sentence), *quantities_in(sentence))]
        taken = self.found.all_domains | self.found.own_names | known
        for (first, last), weights in spans:
            name = self._name_at(begin + first, begin + last)
            if name and (not weights or _may_be_number(name, weights)):
                each = [replace(name, id=id) for id in sorted(self._ids_of_each(name, used) - taken)]
                self.found.said_domains += [Domain((one,), (), 0.0, name.place) for one in each]

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

    def _function_at(self, start: int, stop: int, computed: set[str]) -> Symbol | None:
        """The function of tensors whose formula a part of a sentence gives, Φ(x_t) = tanh(W x_t), if equations use it.
        None for other parts."""
        called = _OF_TENSORS.match(self.text, start, stop)
        name = self._name_at(*called.span(1)) if called else None
        is_used = name and name.id in {*self._counts_of_arguments(), *self.found.called} - computed
        return name if name and is_used and not function_of(name.id) else None

    def _counts_of_arguments(self) -> dict[str, set[int]]:
        """With how many arguments the equations call each function."""
        found: dict[str, set[int]] = {}
        for e in (e for own in self.found.equations for e in within(own.value) if isinstance(e, Apply)):
            for id in {e.function, "_".join((e.function, *e.index))}:
                found.setdefault(id, set()).add(len(e.arguments))
        return found

    def _define_formula(self, start: int, stop: int) -> bool:
        """A function that a sentence defines by a formula of ours: φ(x) = elu(x) + 1. False if it cannot be read."""
        probe = Text()
        if words := _WORDS_BEHIND.search(self.text[start:stop]):
            stop = start + words.start()
        try:
            parser = self._parser(start, stop, probe)
            parser.is_of_function = True
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
        """The name that a part of a sentence is; None if it is no name, or a set such as ℂ^N."""
        if self.text.startswith(("ℝ", "ℂ", r"\mathbb"), start):
            return None
        try:
            parser = self._parser(start, stop, Text())
            name = parser.symbol()
            return name if parser.next.kind == "end" else None
        except EquationsError:
            self.source.restart()
            return None

    def _read_part(self, start: int, value: int, stop: int, used: Used, known: set[str],
                   computed: set[str]) -> None:  # fmt: skip
        """Take over the equation or domain that a part of a sentence is, if the equations use its name. ``value``:
        where its number begins, if the sentence has words instead of =, else ``start``."""
        found, probe = self.found, Text()
        name = self._name_of(start, stop)
        if not name:
            return
        if (function := function_of(name.id)) and self.text[start:stop].count("(") > 0:  # hard sigmoid(x) = max(0, …)
            if function in PIECEWISE:
                self._define_formula(start, stop)
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
        probe.domains = [self._of_slot(of_each(domain, names), probe) for domain in probe.domains]
        found.complex_names |= probe.complex_names
        found.said_domains += [d for d in probe.domains if is_read and names & {one.id for one in d.names}]
        is_alone = not self.has_lines
        is_new = name.step == 0 and not is_used and (is_alone or not (is_read and not self._tensors(probe) & computed))
        is_named = is_used or is_start or is_new
        is_domain = bool(probe.domains) and not probe.equations
        if not (is_domain or is_named or name.id in known) and _IS_FORMULA.search(self.text, start, stop):
            found.unused.setdefault(name.id, (name, self.text[start:stop]))
        if is_domain or name.id in known or name.id == self.conventions.step_letter or not is_named:
            return
        words = words_of(self.text[value:stop])
        is_read = is_read and all(
            function_of(word) or (word, False) in used or word in known or word in GREEK for word in words
        )
        if is_read and (is_used or is_new or all(_is_constant(one.value) for one in probe.equations)):
            found.equations += probe.equations
            parts = (e for one in probe.equations for e in within(one.value) if isinstance(e, Symbol))
            used |= {(e.id, e.step is not None) for e in parts}
            found.said += [(name, self.text[start:stop]) for _ in probe.equations]
            known |= {name.id} if probe.equations else set()
            computed |= {name.id} if is_new else set()
        elif (
            (is_used or is_new)
            and name.id not in computed | found.said_diagonals.keys()
            and _HAS_VALUE.search(self.text, value, stop)
        ):
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


def _of_definitions(text: Text) -> list[Symbol]:
    """The names in the formulas of functions, without their parameters."""
    parts = ((own, e) for own in text.definitions.values() for e in within(own.value))
    return [e for own, e in parts if isinstance(e, Symbol) and e.id not in own.parameters]


def of_each(domain: Domain, known: set[str]) -> Domain:
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
