"""Parses names: a letter with its accents, labels, step and element, such as \\tilde{h}^{(1)}_{t-1}."""

import re
from abc import ABC, abstractmethod
from dataclasses import replace
from itertools import takewhile

from ....translations.phrases import Phrase, phrase
from ...errors import EquationsError, Place
from ...limits import MAX_DEPTH, MAX_NAME, MAX_STEPS
from ..vocabulary.function_words import function_of
from ..vocabulary.latex_commands import ARROWS, GREEK
from .cursor import Conventions, Cursor
from .paper_syntax import NUMBER, SHIFTED, Apply, Symbol, Term, Text
from .paper_tokens import Token


class NameParser(Cursor, ABC):
    """Names, and what stands at them: accents, indices, steps."""

    def __init__(self, conventions: Conventions, found: Text, tokens: list[Token]) -> None:
        super().__init__(conventions, found, tokens)
        self.is_below = False
        self.is_of_tensor, self.has_step = True, False
        self.counters: dict[str, int] = {}
        self.left_out = 0
        self.is_slotted = self.is_row = self.is_raised = self.is_shifted = False
        self.is_indexed = self.is_below_first = False
        self.named = ""
        self.element = ""
        self.alternative = 0

    @abstractmethod
    def _call(self, name: Symbol, base: str, extras: list[str], labels: list[str], is_divisor: bool) -> Apply | None:
        """The function that a name is with the arguments that follow; None if it is a tensor. ``is_divisor``: whether
        it stands behind a sign of division."""

    def symbol(self) -> Symbol:
        found = self.symbol_or_call(may_call=False)
        match found:
            case Apply("element", (number,), (Symbol(id),)):
                line = f"{id} = push * concat(d, {id}_prev[0:N-1]) + pop * concat({id}_prev[1:], 0 * d)"
                problem = phrase(
                    "{name} is one number of {tensor}; one line must compute all of them, which is possible in the "
                    "language of cells alone: {line}",
                    name=f"{id}[{number}]",
                    tensor=id,
                    line=line,
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
        index = "_".join(labels) if any(len(one) > 1 for one in labels) else "".join(labels)
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
            elif step is not None and (sign := self._raised_sign()):
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

    def _raised_sign(self) -> str:
        """A sign that is an index, z_t^- or z_t^{+}, which is taken; nothing if there is none."""
        n = 2 if self.peek().text == "{" else 1
        sign, following = self.peek(n), self.peek(n + 1)
        ends = following.text == "}" if n == 2 else following.kind == "end" or following.text in (*")]}=,;/·⊙_+-",)
        if not (self.is_sign("^") and sign.kind == "sign" and sign.text in ("+", "-") and ends):
            return ""
        for _ in range(2 * n):
            self.take()
        return sign.text

    def _has_arrow(self) -> bool:
        """Whether an index in braces follows that has an arrow between two letters: W^{j-1 \\to j}."""
        inside = takewhile(lambda token: token.text not in ("}", ""), self.tokens[self.at + 2 : self.at + 12])
        return self.is_sign("^") and self.peek().text == "{" and any(token.text == "→" for token in inside)

    def _is_between_counters(self) -> bool:
        """Whether the letters of an index with an arrow are those of layers that are counted: W^{j-1 \\to j}."""
        inside = takewhile(lambda token: token.text not in ("}", ""), self.tokens[self.at + 2 : self.at + 12])
        return all(token.text in self.conventions.ranges for token in inside if token.kind == "word")

    def _counter(self, token: Token) -> str:
        """The number that a letter of an index stands for, j of U^j and j-1 of h^{j-1}. A sign and a number behind it
        are taken."""
        value = self.counters[token.text]
        if self.is_sign("-", "+") and self.peek().kind == "number" and self.peek().text.isdigit():
            sign = self.take().text
            value += int(self.take().text) * (1 if sign == "+" else -1)
        self.is_indexed = True
        self.is_below_first = self.is_below_first or (token.text == self.conventions.layers and value == 0)
        return str(max(value, 0))

    def _is_count_of_layers(self, token: Token) -> bool:
        """Whether an index is the last layer, L of s_L."""
        return bool(self.conventions.layers) and token.text == self.conventions.count_of_layers

    def _check_name(self, name: Symbol) -> None:
        """EquationsError for a name that our language cannot have."""
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
                return inner.id, [accent] if accent else []
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
        if one.kind == "word" and one.text == self.conventions.step_letter:
            is_before_index = n == 1 and self.peek(2).text == "_"  # a^t_i
            return n > 2 or (n == 2 and self.peek(1).text == "(") or self.conventions.raised_steps or is_before_index
        if n > 1 and (self.are_labels(n) or self._has_arrow()):
            return True
        if one.kind == "word" and one.text in ARROWS.values():
            return True
        if self._is_greek_label(n):
            return True
        if one.kind == "function" and n > 1 and self.peek(n + 1).text == "}":  # \gamma^{\log}
            return True
        return (one.kind == "word" and self.peek(n + 1).text in ("}", ")", "⟩", ">", ",") and n > 1) or (
            one.kind == "word"
            and n == 1
            and len(one.text) == 1
            and (not one.text.isupper() or self.peek(2).text == "_" or self.has_step)
        )

    def _is_greek_label(self, n: int) -> bool:
        """Whether a Greek letter is raised at a matrix, W_{xh}^\\tau, which tells it from others."""
        after = n + 1 + (n == 2)
        is_of_step = self.peek(after).text == "_" and self.conventions.step_letter in (
            self.peek(after + 1).text, self.peek(after + 2).text
        )  # fmt: skip
        is_alone = self.peek(n).text in GREEK and (n == 1 or (n == 2 and self.peek(3).text == "}"))
        return is_alone and self.named[0].isupper() and not self.has_step and not is_of_step

    def _is_layer(self, token: Token) -> bool:
        return token.kind == "word" and token.text == self.conventions.layer

    def _is_slot(self, token: Token) -> bool:
        """Whether an index counts slots; if so the name has the axis of these."""
        is_one = token.kind == "word" and token.text in self.conventions.slots
        self.is_slotted = self.is_slotted or is_one
        return is_one

    def _is_row_index(self) -> bool:
        """Whether the index of a slot follows in brackets, w_t(i)."""
        return self.is_sign("(") and self.peek().text in self.conventions.slots and self.peek(2).text == ")"

    def _is_shift(self) -> bool:
        """Whether the difference of two slots follows in brackets, s_t(i - j)."""
        slots = self.conventions.slots
        is_open = self.is_sign("(") and self.peek().text in slots and self.peek(2).text == "-"
        end = 5 if self.peek(4).text == "mod" and self.peek(5).kind == "word" else 3  # i - j mod N
        return is_open and self.peek(3).text in slots and self.peek(end + 1).text == ")"

    def _is_component(self, token: Token) -> bool:
        is_summed = token.kind == "word" and {*token.text} <= self.conventions.components
        return is_summed or (bool(token.text) and token.kind == "word" and token.text == self.conventions.component)

    def is_power_of_e(self, base: str, labels: list[str], step: int | None) -> bool:
        """Whether a raised name is an exponent, e^{w}, and no index."""
        is_e = base == "e" and not labels and step is None and not self.conventions.has_e
        n = next(n for n in range(1, 4) if n == 3 or self.peek(n).text not in ("{", "("))
        return is_e and self.peek(n).text != self.conventions.step_letter

    def are_labels(self, n: int) -> bool:
        """Whether several letters stand in the brackets, W^{hx} or W^{g^y h}, or a number in round ones, c^{(1)}."""
        if self.peek(n).kind == "number":
            return self.peek(n - 1).text == "(" and self.peek(n + 1).text == ")"
        while self.peek(n).kind in ("word", "number") or self.peek(n).text == "," or self._raised_label(n):
            n += self._raised_label(n) or 1
        before = self.peek(n - 1)
        return self.peek(n).text == "}" and (before.kind in ("word", "number") or before.text == "}")

    def _raised_label(self, n: int) -> int:
        """How many tokens a letter raised behind a letter of a label has with its sign, g^y or g^{y}; 0 if there is
        none."""
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

    def is_call_of_step(self) -> bool:
        """Whether a step in brackets follows: h(t-1), h[t]."""
        if self.next.kind == "step":
            return True
        if not (self.is_sign("(", "[", "⟨") and self.peek().text == self.conventions.step_letter):
            return False
        n = 4 if self.peek(2).text in ("-", "+") and self.peek(3).kind == "number" else 2
        if self.is_sign("[") and self.peek(n).text == "," and self.peek(n + 1).kind == "number":
            n += 2
        return self.peek(n).text in (")", "]", "⟩")

    def step_in(self, closing: str) -> int | None:
        """The step in brackets, U[t]; the number behind it is that of an element, U[t, 0]."""
        self.element = ""
        if self.tokens[self.at - 1].kind == "step":
            return int(self.tokens[self.at - 1].text)
        self.take()
        step = self._offset()
        if self.accept(","):
            if not self.next.text.isdigit():
                raise EquationsError(self._how_to_write_an_element(), self.next.place)
            self.element = self.take().text
        self.expect(closing)
        return step

    def _is_element(self) -> bool:
        """Whether a whole number in square brackets follows a name with its step: a_t[0]."""
        is_touching = self.tokens[self.at - 1].touches(self.next) or self.tokens[self.at - 1].text == "}"
        is_number = self.peek().kind == "number" and self.peek().text.isdigit() and self.peek(2).text == "]"
        return self.is_sign("[") and is_number and is_touching

    def _how_to_write_an_element(self) -> Phrase:
        return phrase("an element is written with its number behind the step, such as {example}",
                      example=f"a_{{{self.conventions.step_letter},1}}")  # fmt: skip

    def _offset(self) -> int:
        """What follows the letter of the step: -1, nothing, or +1 where a text computes h_{t+1} from h_t."""
        total = 0
        while self.is_sign("-", "+"):
            sign, number = self.take(), self.next
            count = self._count_of_steps()
            if sign.text == "+" and not self.counters and not (self.conventions.has_next and count == 1):
                raise EquationsError(wrong_step(self.conventions.step_letter), number.place)
            total += count if sign.text == "+" else -count
        if total > self.conventions.has_next:
            raise EquationsError(wrong_step(self.conventions.step_letter), number.place)
        return total

    def number_of(self, name: str, place: Place) -> int | None:
        """The whole number that the text gives to a name, or None. EquationsError if there are several."""
        values = sorted(self.conventions.numbers.get(name, ()))
        if len(values) > 1:
            problem = phrase("the text gives {name} several values; write {line} in a line of its own", name=name,
                             line=f"{name} = {values[0]}")  # fmt: skip
            raise EquationsError(problem, place)
        if values and name not in self.conventions.own_numbers:
            sentence = phrase("“{said}” is read from the sentence.", said=f"{name} = {values[0]}")
            self.found.notes.append((place.line, sentence))
        return values[0] if values else None

    def _named_count(self, token: Token) -> int:
        """The number of steps that a name stands for, t-s or t-s^{(l)}, as the text gives it."""
        while self.is_sign("^") and self.peek().text in ("{", "(", "l", "L"):
            self.take()
            self.index()
        number = self.number_of(token.text, token.place)
        if number is None:
            problem = phrase("the text does not say which number of steps {name} is; write {line} in a line of its own",
                             name=token.text, line=f"{token.text} = 4")  # fmt: skip
            raise EquationsError(problem, token.place, lines_to_add=(f"{token.text} = 4",))
        if not 0 < number <= MAX_STEPS:
            problem = phrase("{name} is a number of steps from 1 to {n}", name=token.text, n=MAX_STEPS)
            raise EquationsError(problem, token.place)
        self.found.counts.add(token.text)
        return number

    def _count_of_steps(self) -> int:
        """A number of steps, a name to which the text gives one, or the counter of a sum, as in h_{t-i} or
        h_{t-2^i}."""
        token = self.take()
        if token.kind == "word" and token.text in self.counters:
            return self.counters[token.text]
        if token.kind == "word" and token.text.isalpha():
            return self._named_count(token)
        if token.kind != "number" or not token.text.isdigit() or len(token.text) > 3:
            raise EquationsError(phrase("a step before is written like {example}", example="h_{t-1}"), token.place)
        exponent = self.peek()
        if self.is_sign("^") and exponent.text in self.counters:
            self.take(), self.take()
            return int(min(int(token.text) ** self.counters[exponent.text], MAX_STEPS))
        return int(token.text)

    def index(self) -> tuple[tuple[str, ...], int | None]:
        """An index after ``_`` or ``^``: its labels and its step."""
        if self.is_sign("{", "(", "⟨", "<"):
            return self._index_in_brackets()
        token = self.take()
        if token.kind not in ("word", "number", "function"):
            raise EquationsError(phrase("an index is missing"), token.place)
        if self._is_layer(token) or self._is_slot(token):
            return (), None
        if self._is_component(token) and (self.is_of_tensor or self.conventions.components):
            self.left_out += len(token.text)
            return (), None
        if token.text in self.counters:
            return (self._counter(token),), None
        if self._is_count_of_layers(token):
            return (str(max(self.conventions.numbers[token.text])),), None
        if token.text == self.conventions.child and self.is_of_tensor:
            return (), -1
        if token.text == self.conventions.step_letter:
            minus, number = self.next, self.peek()
            if minus.text == "-" and number.kind == "number" and token.touches(minus) and minus.touches(number):
                self.take()
                self.take()
                self.found.guessed_steps.append(Symbol("", -int(float(number.text)), token.place.to(number.place)))
                return (), -int(float(number.text))
            return (), 0
        if token.text == "prev":
            return (), -1
        return (token.text,), None

    def _index_in_brackets(self) -> tuple[tuple[str, ...], int | None]:
        closings = {"{": "}", "(": ")", "⟨": "⟩", "<": ">", "[": "]"}
        opened = [closings[self.take().text]]
        labels: list[str] = []
        step: int | None = None
        above, slashes = "", 0
        word = [*takewhile(lambda token: token.kind == "word", self.tokens[self.at :])]
        is_word = self.is_raised and len(word) > 1 and not all(map(self._is_component, word))  # W^{in}
        while opened:
            token = self.take()
            if token.kind == "end":
                raise EquationsError(phrase("“{sign}” is missing", sign=opened[-1]), token.place)
            is_marked = above or self.next.kind == "accent"
            if token.kind == "word" and token.text == self.conventions.step_letter and is_marked and not labels:
                problem = phrase("{t} with a mark is no step; write {t} or {t}-1", t=token.text)
                raise EquationsError(problem, token.place)
            if token.kind == "above":  # W_{\tilde{f}}
                above = token.text
            elif token.kind == "accent":
                labels += [token.text] if token.text and labels else []
            elif token.text == opened[-1] and token.kind == "sign":
                opened.pop()
            elif token.kind == "sign" and token.text in closings:
                opened.append(closings[token.text])
            elif self._is_layer(token) and self._is_alone():
                if sign := self.accept("-", "+"):
                    self.take()
                    self.is_below = sign.text == "-"
                else:
                    self.is_below = self.conventions.has_next_layer
            elif self._is_slot(token):
                continue
            elif self._is_component(token) and (self.is_of_tensor or self.conventions.components) and not is_word:
                self.left_out += len(token.text)
            elif token.kind == "word" and token.text in self.counters:
                labels.append(self._counter(token))
            elif self._is_count_of_layers(token):
                labels.append(str(max(self.conventions.numbers[token.text])))
            elif token.kind == "word" and token.text == self.conventions.child and self.is_of_tensor:
                step = -1 if self.tokens[self.at - 2].text != self.conventions.step_letter else step
            elif self._is_threshold(token):
                labels.append(f"{token.text}{self.take().text}")
            elif token.text == self.conventions.step_letter and (
                not labels or self._is_apart() or self.is_sign("-", ",")
            ):
                self._check_other_step()
                step = self._offset() if self.is_sign("-", "+") else 0
                if self.accept("|"):  # what is known of t at t-1
                    labels += ["prior"] if self._step_behind_bar() != step else []
            elif token.kind in ("word", "number", "function"):
                labels += [token.text, *([above] if above else [])] if token.text != "prev" else []
                step, above = -1 if token.text == "prev" else step, ""
            elif token.text == "/" and labels and self.next.kind == "word":
                slashes += 1
                other = self.take().text
                labels[-1] = other if slashes == self.alternative else labels[-1]
            elif token.text in ("→", "∼", "-", "+", "'", "·", "_", "^", "{", "}"):
                continue
            elif token.text == "=":
                problem = phrase("an index with “=” is not read; write a line for each value of the index")
                raise EquationsError(problem, token.place)
            elif token.text not in (",", ";"):
                raise EquationsError(phrase("“{sign}” has no meaning in an index", sign=token.text), token.place)
        return tuple(labels), step

    def _is_threshold(self, token: Token) -> bool:
        """Whether letters of an index are th, of a threshold v_{th}."""
        following = self.next
        return (token.text, following.text) == ("t", "h") and token.touches(following)

    def _step_behind_bar(self) -> int:
        """The step of t|t-1 up to which is known what is computed, which is taken."""
        if self.take().text != self.conventions.step_letter:
            raise self.unexpected(phrase("{what} is missing", what=self.conventions.step_letter))
        return self._offset() if self.is_sign("-", "+") else 0

    def _is_alone(self) -> bool:
        """Whether a letter of an index stands between brackets or commas, with -1 or +1 at most: no l of W_{hl}."""
        return self.tokens[self.at - 2].kind == "sign" and self.next.kind == "sign"

    def _is_apart(self) -> bool:
        """Whether a letter of an index stands behind a comma, or is an index of the index: a_{1,t}, γ_{x_t}."""
        before = self.tokens[self.at - 2].text
        return before == "," or (before == "_" and self.is_of_tensor)

    def _check_other_step(self) -> None:
        """EquationsError for x_{t'}, which is neither this step nor a fixed number of steps before."""
        if self.is_sign("'") or (self.is_sign("^") and self.peek().text in ("'", "∗")):
            t = self.conventions.step_letter
            problem = phrase("{t}' is neither the step {t} nor {t}-1; give this tensor a name and a line of its own, "
                             "such as {line}", t=t, line=f"l_{t} = m_{t} x_{t} + (1 - m_{t}) l_{{{t}-1}}")  # fmt: skip
            raise EquationsError(problem, self.tokens[self.at - 1].place.to(self.next.place))


def wrong_step(letter: str) -> Phrase:
    """What is wrong with a step such as t+1."""
    return phrase("write the step that is computed as {t}, and the one before as {t}-1", t=letter)
