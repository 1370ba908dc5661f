"""Parses indices: labels, steps, the letters of layers, slots and components, and the numbers of elements."""

from collections.abc import Sequence
from itertools import takewhile

from ....translations.phrases import Phrase, phrase
from ...limits import MAX_STEPS
from ...places_and_errors import EquationsError, Place
from .cursor import Conventions, Cursor
from .paper_syntax import Symbol, Text
from .token import Token

_CLOSINGS = {"{": "}", "(": ")", "⟨": "⟩", "<": ">", "[": "]"}

_MEANINGLESS = ("→", "∼", "-", "+", "'", "·", "_", "^", "{", "}", ",", ";")
"""Signs that separate the parts of an index."""


class IndexParser(Cursor):
    """What stands below or above a name, or in brackets behind it."""

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
        opened = [_CLOSINGS[self.take().text]]
        labels: list[str] = []
        step: int | None = None
        above, slashes = "", 0
        word = [*takewhile(lambda token: token.kind == "word", self.tokens[self.at :])]
        if not (self.is_raised and len(word) > 1 and not all(map(self._is_component, word))):
            word = []  # only W^{in} has a word as its index
        while opened:
            token = self.take()
            if token.kind == "end":
                raise EquationsError(phrase("“{sign}” is missing", sign=opened[-1]), token.place)
            if not labels and (above or self.next.kind == "accent"):
                self._check_unmarked(token)
            if token.kind == "above":  # W_{\tilde{f}}
                above = token.text
            elif token.kind == "accent":
                labels += [token.text] if token.text and labels else []
            elif token.text == opened[-1] and token.kind == "sign":
                opened.pop()
            elif token.kind == "sign" and token.text in _CLOSINGS:
                opened.append(_CLOSINGS[token.text])
            elif self._is_layer(token) and self._is_alone():
                self._read_layer()
            elif self._is_slot(token):
                continue
            elif self._is_component(token) and (self.is_of_tensor or self.conventions.components) and not word:
                self.left_out += len(token.text)
            elif token.kind == "word" and token.text in self.counters:
                labels.append(self._counter(token))
            elif self._is_count_of_layers(token):
                labels.append(str(max(self.conventions.numbers[token.text])))
            elif token.kind == "word" and token.text == self.conventions.child and self.is_of_tensor:
                step = -1 if self.tokens[self.at - 2].text != self.conventions.step_letter else step
            elif self._is_threshold(token):
                labels.append(self._threshold(token))
            elif self._is_step(token, labels, word):
                self._check_other_step()
                step = self._offset() if self.is_sign("-", "+") else 0
                if self.accept("|"):  # what is known of t at t-1
                    labels += ["prior"] if self._step_behind_bar() != step else []
            elif len(word) > 2 and labels and token.kind != "sign" and self.tokens[self.at - 2].touches(token):
                labels[-1] += token.text
            elif token.kind in ("word", "number", "function"):
                labels += [token.text, *([above] if above else [])] if token.text != "prev" else []
                step, above = -1 if token.text == "prev" else step, ""
            elif token.text == "/" and labels and self.next.kind == "word":
                slashes += 1
                other = self.take().text
                labels[-1] = other if slashes == self.alternative else labels[-1]
            else:
                self._check_sign(token)
        return tuple(labels), step

    def _check_unmarked(self, token: Token) -> None:
        """Raise EquationsError if a token with a mark above it is the letter of the step."""
        if token.kind == "word" and token.text == self.conventions.step_letter:
            problem = phrase("{t} with a mark is no step; write {t} or {t}-1", t=token.text)
            raise EquationsError(problem, token.place)

    def _check_sign(self, token: Token) -> None:
        """Raise EquationsError if a sign has no meaning in an index."""
        if token.text == "=":
            problem = phrase("an index with “=” is not read; write a line for each value of the index")
            raise EquationsError(problem, token.place)
        if token.text == ":":
            problem = phrase(
                "an index with “:” is one row or column of a matrix, but a line of a cell is that of all rows; "
                "leave the index out, or write the cell in the language of cells alone, with lines such as these "
                "for a product with all rows, each in a line of its own: {lines}",
                lines=f"axis nodes = 4; h: batch_size, nodes, num_units; {self.named}: nodes, nodes; "
                      f"a = transpose(transpose(h_prev) @ {self.named})",
            )  # fmt: skip
            raise EquationsError(problem, token.place)
        if token.text not in _MEANINGLESS:
            raise EquationsError(phrase("“{sign}” has no meaning in an index", sign=token.text), token.place)

    def _read_layer(self) -> None:
        """Read what is behind the letter of the layer: nothing, - 1 or + 1."""
        if sign := self.accept("-", "+"):
            self.take()
            self.is_below = sign.text == "-"
        else:
            self.is_below = self.conventions.has_next_layer

    def _is_step(self, token: Token, labels: Sequence[str], word: Sequence[Token]) -> bool:
        """Whether a token of an index is the step, behind its ``labels``, and no letter of a ``word``."""
        if token.text != self.conventions.step_letter or self._is_step_behind_comma():
            return False
        if word and (len(word) > 2 or (self.named[0].isupper() and word[0].touches(word[1]))):
            return False
        return not labels or self._is_apart() or self.is_sign("-", ",")

    def _threshold(self, token: Token) -> str:
        """The label th or thr that begins with a token."""
        label = f"{token.text}{self.take().text}"
        is_longer = self.next.text == "r" and self.tokens[self.at - 1].touches(self.next)
        return f"{label}{self.take().text}" if is_longer else label

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

    def _is_step_behind_comma(self) -> bool:
        """Whether the step follows behind a comma, so that a letter before it is none: the first t of y_{out,t}."""
        return self.is_sign(",") and self.peek().text == self.conventions.step_letter and not self._is_apart()

    def _is_apart(self) -> bool:
        """Whether a letter of an index stands behind a comma, or is an index of the index: a_{1,t}, γ_{x_t}."""
        before = self.tokens[self.at - 2].text
        if before == "{":  # γ_{h_{t}}
            before = self.tokens[self.at - 3].text
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
