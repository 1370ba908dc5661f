"""Parses names: a letter with its accents, labels, step and element, such as \\tilde{h}^{(1)}_{t-1}."""

import re
from abc import ABC, abstractmethod
from dataclasses import replace

from ....translations.phrases import phrase
from ...limits import MAX_DEPTH, MAX_NAME
from ...places_and_errors import EquationsError
from ..vocabulary.function_words import function_of
from ..vocabulary.latex_commands import ARROWS, GREEK
from ..vocabulary.usual_letters import FREE_FUNCTIONS, WEIGHTS
from .index_parser import IndexParser
from .paper_syntax import NUMBER, SHIFTED, Apply, Symbol, Term
from .terms import index_of
from .token import Token

_NO_LABELS = {*GREEK, "top", "Tr", "tr", "dt"}
"""The words that are no index where they are raised alone."""


class NameParser(IndexParser, ABC):
    """Names, and what stands at them: accents, indices, steps."""

    @abstractmethod
    def _call(self, name: Symbol, base: str, extras: list[str], labels: list[str], is_divisor: bool) -> Apply | None:
        """The function that a name is with the arguments that follow; None if it is a tensor. ``is_divisor``: whether
        it stands behind a sign of division."""

    def symbol(self) -> Symbol:
        found = self.symbol_or_call(may_call=False)
        match found:
            case Apply("element", (number,), (Symbol(id),)):
                lines = (
                    f"axis N = 4; axis K = 2; {id}: batch_size, N; A: num_units, K; D: num_units, 1; "
                    "push, pop = split(softmax(h @ A, K), 1, 1); d = sigmoid(h @ D); "
                    f"{id} = push * concat(d, {id}_prev[0:N-1]) + pop * concat({id}_prev[1:], 0 * d)"
                )
                problem = phrase(
                    "{name} is one number of {tensor}; one line must compute all of them, which only a text can that "
                    "is written in the language of cells from the first line to the last, such as these for a stack "
                    "beside a state h, each in a line of its own: {lines}",
                    name=f"{id}[{number}]",
                    tensor=id,
                    lines=lines,
                )
                raise EquationsError(problem, found.place)
        if not isinstance(found, Symbol):
            raise EquationsError(phrase("{what} is missing", what=phrase("a name")), found.place)
        return found

    def symbol_or_call(self, may_call: bool = True) -> Term:
        start, first = self.next, self.at
        if start.kind == "function":
            self.take()
            return Symbol(function_of(start.text), None, start.place)
        base, extras = self.base()
        is_small = start.text == "delta" and self.conventions.has_small_steps
        if (start.text == base == "Delta" or is_small) and self.next.text in ("t", "tau"):
            self.take()
            base = "Dt" if self.is_sign("_") else "dt"
        if base == "Delta" and self.conventions.has_differences and self.next.kind in ("word", "above"):
            inner, extras = self.base()
            base = f"{base}_{inner}"
        self.left_out = 0
        self.is_slotted = self.is_row = self.is_shifted = self.is_indexed = self.is_below_first = False
        labels, step, element = self._indices(base, extras)
        is_matrix = self.left_out > 1
        if self.is_below and (step is not None or not self.conventions.has_next_layer):
            below = Symbol(base, step, start.place.to(self.tokens[self.at - 1].place))
            self.found.below.append(below)
            return replace(below, id="u" if self.conventions.computes_x else "x")
        index = index_of(labels)
        written = "_".join((base, *extras, "".join(labels)))
        if self.conventions.is_literal or written in self.conventions.declared:
            index = index_of(labels, may_be_greek=True)
        id = "_".join(part for part in (base, *extras, index) if part)
        symbol = Symbol(id, step, start.place.to(self.tokens[self.at - 1].place), index)
        self._check_name(symbol)
        self.found.indexed |= {id} if self.is_indexed else set()
        self.found.below_first |= {id} if self.is_below_first else set()
        if self.is_slotted:
            self.found.slots[id] = self.found.slots.get(id) or (NUMBER if self.is_row else "")
        if self.left_out and step is None:
            (self.found.matrices if is_matrix else self.found.of_components).add(id)
        if self.is_shifted:
            return self._counted(Apply(SHIFTED, (), (symbol,), symbol.place))
        if element:
            return self._counted(Apply("element", (element,), (symbol,), symbol.place))
        if not may_call or step is not None:
            return symbol
        is_divisor = self.tokens[first - 1].text == "/"  # dt/τ (−h + W x)
        return self._call(symbol, base, extras, labels, is_divisor) or symbol

    def _indices(self, base: str, extras: list[str]) -> tuple[list[str], int | None, str]:
        """What follows the letter of a name: its labels, its step and the number of an element. Marks become
        ``extras``."""
        labels: list[str] = []
        step: int | None = None
        element = ""
        self.is_below, self.is_of_tensor, self.named = False, not base[0].isupper(), base
        while True:
            self.has_step = step is not None
            if self._has_arrow() and not self._is_between_counters():
                t = self.conventions.step_letter
                line = rf"h_{t} = \tanh(W x_{t} + g_{t} U h_{{{t}-1}})"
                problem = phrase("an index from one layer to another is not read; write the lines of one layer without "
                                 "it, such as {line}", line=line)  # fmt: skip
                raise EquationsError(problem, self.next.place)
            if self.accept("_"):
                more, at = self.index()
                labels += more
            elif (
                self.is_sign("^")
                and not self.is_power_of_e(base, labels, step)
                and (self.is_label() or (self._is_counted(base, step) and self.is_count()))
            ):
                self.take()
                self.is_raised = True
                more, at = self.index()
                self.is_raised = False
                if more[:1] and more[0] in GREEK and all(len(label) == 1 for label in labels):  # W_xh_tau
                    labels = ["".join(labels)] if labels else []
                labels += more
            elif self.is_sign("'"):
                self.take()
                extras.append("prime")
                continue
            elif sign := self._raised_sign(step is not None):
                extras.append("plus" if sign == "+" else "minus")
                continue
            elif self.is_sign("^") and self.peek().text == "∗":
                self.take(), self.take()
                extras.append("star")
                continue
            elif step is not None and self._is_shift():
                while self.take().text != ")":
                    pass
                self.is_shifted = True
                continue
            elif self._is_row_index():
                self.take()
                self.is_row = self._is_slot(self.take())
                self.take()
                continue
            elif step is None and self._is_start_in_brackets():
                self.take()
                labels.append(self.take().text)
                self.take()
                break
            elif self.is_call_of_step():
                opening = self.take()
                at = self.step_in("⟩" if opening.text == "⟨" else ")" if opening.text == "(" else "]")
                element = self.element or element
            elif step is not None and self._is_element():
                self.take()
                element, at = self.take().text, step
                self.take()
            else:
                break
            step = at if at is not None else step
        return labels, step, element

    def _is_start_in_brackets(self) -> bool:
        """Whether the number of the first step follows in brackets, s(0), in a text that writes steps so."""
        following = "".join(self.peek(n).text for n in range(3))
        return self.conventions.has_steps_in_brackets and following in ("(0)", "[0]")

    def _raised_sign(self, has_step: bool) -> str:
        """A sign that is an index, z_t^- or z^{+}_t, which is taken; nothing if there is none."""
        n = 2 if self.peek().text == "{" else 1
        sign, following = self.peek(n), self.peek(n + 1)
        ends = following.text == "}" if n == 2 else following.kind == "end" or following.text in (*")]}=,;/·⊙_+-",)
        ends = ends if has_step else self.peek(n + (n > 1) + 1).text == "_"
        if not (self.is_sign("^") and sign.kind == "sign" and sign.text in ("+", "-") and ends):
            return ""
        for _ in range(2 * n):
            self.take()
        return sign.text

    def _check_name(self, name: Symbol) -> None:
        """EquationsError for a name that the cell language cannot have."""
        if not re.fullmatch(r"[A-Za-z]\w*", name.id, re.ASCII):
            problem = phrase("{name} cannot be a name; write letters and whole numbers", name=name.id)
            raise EquationsError(problem, name.place)
        if len(name.id) > MAX_NAME:
            problem = phrase("“{text}…” is longer than {n} characters; write a shorter one", text=name.id[:10],
                             n=MAX_NAME)  # fmt: skip
            raise EquationsError(problem, name.place)

    def base(self) -> tuple[str, list[str]]:
        """The letter of a name, and what its accents add to it."""
        with self.nested(MAX_DEPTH + 10):
            return self._base()

    def _base(self) -> tuple[str, list[str]]:
        extras: list[str] = []
        if self.next.kind == "above":
            accent = self.take().text
            if self.accept("{"):
                inner = self.symbol_or_call(may_call=False)
                self.expect("}")
                if not isinstance(inner, Symbol):
                    raise EquationsError(phrase("{what} is missing", what=phrase("a name")), inner.place)
                if inner.step is not None:
                    self.tokens.insert(self.at, Token("step", str(inner.step), inner.place))
                is_of_step = inner.id == "dt" and self.is_sign("_")  # \bar{\Delta t}_n
                return "Dt" if is_of_step else inner.id, [accent] if accent else []
            base, extras = self.base()
            return base, [*extras, *([accent] if accent else [])]
        if self.accept("{"):
            base, extras = self.base()
            self.expect("}")
        elif self.next.kind in ("word", "function"):
            base = self.take().text
        else:
            raise self.unexpected(phrase("{what} is missing", what=phrase("a name")))
        while self.next.kind == "accent":
            accent = self.take().text
            extras += [accent] if accent else []
        return base, extras

    def is_label(self) -> bool:
        """Whether a raised index is a part of a name or its step, and no power and no transposition."""
        n = 1
        while self.peek(n).text in ("{", "(", "⟨", "<", "[") and self.peek(n).kind == "sign":
            n += 1
        one = self.peek(n)
        is_label = (self.named, one.text) in self.conventions.raised  # C^T_{t-1}, which a line computes
        if self.conventions.is_literal or one.text in ("⊤",) or (one.text == "T" and n < 3 and not is_label):
            return False
        is_slot = one.kind == "word" and one.text in self.conventions.slots
        is_layer = self._is_layer(one) or one.text in (
            self.conventions.layers or None,
            self.conventions.count_of_layers or None,
        )
        if is_slot or is_layer or self._is_component(one) or (one.kind == "number" and one.text == "0"):
            return True
        is_step = one.kind == "word" and one.text == self.conventions.step_letter
        if is_step and not (n > 1 and self.peek(n + 1).kind == "word"):  # top-down
            is_before_index = n == 1 and self.peek(2).text == "_"  # a^t_i
            return n > 2 or (n == 2 and self.peek(1).text == "(") or self.conventions.raised_steps or is_before_index
        if n > 1 and (self.are_labels(n) or self._has_arrow()):
            return True
        if one.kind == "above":  # b^{\hat i}
            return self._is_accented_label(n)
        if one.kind == "word" and one.text in ARROWS.values():
            return True
        if self._is_greek_label(n):
            return True
        if one.kind == "function" and n > 1 and self.peek(n + 1).text == "}":  # \gamma^{\log}
            return True
        return (one.kind == "word" and self.peek(n + 1).text in ("}", ")", "⟩", ">", ",") and n > 1) or (
            one.kind == "word"
            and n == 1
            and one.text not in _NO_LABELS
            and (
                not one.text.isupper()
                or self.peek(2).text == "_"
                or self.has_step
                or self._is_label_of_function()
                or self._is_capital_label(one.text)
            )
        )

    def _is_capital_label(self, letter: str) -> bool:
        """Whether a raised capital, R of W^R, is an index, as the text gives it no value."""
        return letter not in self.conventions.with_values | self.conventions.declared

    def _is_accented_label(self, n: int) -> bool:
        """Whether a raised letter with a mark is an index, as the text gives no number to it."""
        while self.peek(n).kind == "above" or self.peek(n).text == "{":
            n += 1
        letter = self.peek(n)
        is_alone = letter.kind == "word" and self.peek(n + 1).text in ("}", "_")
        return is_alone and letter.text not in self.conventions.numbers

    def _is_label_of_function(self) -> bool:
        """Whether a raised letter tells functions apart, f^S(h, x)."""
        return self.named in FREE_FUNCTIONS and self.peek(2).text == "("

    def _is_greek_label(self, n: int) -> bool:
        """Whether a Greek letter is raised at a matrix, W_{xh}^\\tau, which tells it from others, or at a bias beside
        it, b^\\tau."""
        after = n + 1 + (n == 2)
        is_of_step = self.peek(after).text == "_" and self.conventions.step_letter in (
            self.peek(after + 1).text, self.peek(after + 2).text
        )  # fmt: skip
        is_alone = self.peek(n).text in GREEK and (n == 1 or (n == 2 and self.peek(3).text == "}"))
        is_weight = self.named[0].isupper() or (
            self.named in WEIGHTS and self.peek(n).text in self.conventions.greek_labels
        )
        return is_alone and is_weight and not self.has_step and not is_of_step

    def is_power_of_e(self, base: str, labels: list[str], step: int | None) -> bool:
        """Whether a raised name is an exponent, e^{w}, and no index."""
        is_e = base == "e" and not labels and step is None and not self.conventions.has_e
        n = next(n for n in range(1, 4) if n == 3 or self.peek(n).text not in ("{", "(", "⟨", "["))
        return is_e and self.peek(n).text != self.conventions.step_letter

    def are_labels(self, n: int) -> bool:
        """Whether several letters stand in the brackets, W^{hx} or W^{g^y h}, or a number in round ones, c^{(1)}."""
        if self.peek(n).kind == "number":
            return self.peek(n - 1).text == "(" and self.peek(n + 1).text == ")"
        while self.peek(n).kind in ("word", "number") or self.peek(n).text == "," or self._raised_label(n):
            n += self._raised_label(n) or 1
            if self.peek(n).text == "-" and self.peek(n - 1).kind == self.peek(n + 1).kind == "word":  # top-down
                n += 1
        if self.peek(n).text == "(" and self.peek(n + 1).text in self.counters and self.peek(n + 2).text == ")":
            n += 3
            return self.peek(n).text == "}"
        before = self.peek(n - 1)
        return self.peek(n).text == "}" and (before.kind in ("word", "number") or before.text == "}")

    def _raised_label(self, n: int) -> int:
        """How many tokens a letter raised, or a number lowered, behind a letter of a label has with its sign, g^y,
        g^{y} or F_1; 0 if there is none."""
        if self.peek(n).text == "_":  # F_1, but r_t is a tensor of an exponent
            return 2 * (self.peek(n - 1).text[:1].isupper() and self.peek(n + 1).kind == "number")
        if self.peek(n).text != "^" or self.peek(n - 1).kind != "word":
            return 0
        if self.peek(n + 1).text != "{":
            return 2 * (self.peek(n + 1).kind == "word")
        end = n + 2
        while self.peek(end).kind == "word":
            end += 1
        return (end + 1 - n) * (end > n + 2 and self.peek(end).text == "}")

    def _is_counted(self, base: str, step: int | None) -> bool:
        """Whether a raised number after a name may be a part of it."""
        number = self.peek(2 if self.peek().text == "{" else 1).text
        is_counter = step is None and (base[0].isupper() or base in self.conventions.counted)
        is_indexed = step is None and self.peek(4 if self.peek().text == "{" else 2).text == "_"  # b^2_h
        is_counter = is_counter or is_indexed or base in self.conventions.of_layers  # h^1 beside h^j
        if not is_counter and (base, number) in self.conventions.raised and self.is_count():
            sentence = phrase("{name} is read as a name, as a line computes it.", name=f"{base}^{number}")
            self.found.notes.append((self.next.place.line, sentence))
            return True
        return is_counter

    def is_count(self) -> bool:
        """Whether a raised number follows, which counts weights: W^1."""
        n = 2 if self.peek().text == "{" else 1
        ends = n == 1 or self.peek(3).text == "}"
        return self.peek(n).kind == "number" and ends and not self.conventions.is_literal
