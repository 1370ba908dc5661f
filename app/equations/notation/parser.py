"""Parses the notation of papers: tokens -> terms.

What stands beside each other binds tightest (W x), then ⊙ · × / from left to right, then + and −. A function without
brackets takes what stands beside it: tanh W x. Lines of our own language may stand among the others.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from math import isfinite

from ...core.axes import OwnSize
from ...translations.phrases import Phrase, phrase
from ..errors import EquationsError, Place
from ..parser import MAX_DEPTH, uneven
from ..syntax import AxisLine, Output
from ..tokens import MAX_NAME
from .syntax import Apply, Binary, Domain, Equation, Joined, Minus, Number, Symbol, Term, Text, Transposed
from .tokens import GREEK, Token, function_of, may_be_function

FREE_FUNCTIONS = ("sigma", "phi", "psi", "f", "g", "varphi")
"""Names that are functions where brackets follow them and the text computes no such tensor."""

CAPITAL_FUNCTIONS = ("F", "G", "H", "S", "T", "N", "Phi", "Psi", "Sigma")
GREEK_FUNCTIONS = ("rho", "chi", "xi", "upsilon", "tau")
"""Capitals and small Greek letters that may be functions; others are matrices and numbers."""

WEIGHTS = ("b", "c", "d", "k", "u", "v", "w")
"""Small letters that are usually weights, also before a sum in brackets."""

MAX_STEPS, MAX_SUMMANDS = 64, 32
"""How many steps a tensor may be before; how many terms a sum over a range has."""

MAX_TERMS = 400
"""How many terms an equation has."""

TOO_MANY_SIGNS = phrase("too many signs in a row; use brackets")


@dataclass(frozen=True)
class Conventions:
    """How a text writes steps: the letter of a step, and whether it is raised, h^{t-1}. ``is_literal``: whether all
    axes are declared. ``functions``: names that the text gives to functions. ``has_e``: whether it gives e a
    meaning. ``counted``: letters whose raised numbers tell names apart, as a line computes one of them: d^1_t.
    ``has_next``: whether it computes h_{t+1} from h_t and writes no step t-1.
    ``layer``: the letter of the layer, if the input is the tensor of the layer below, h^{l-1}_t. ``child``: the
    letter of the children of a node, which in a chain are the step before: k of \\sum_{k \\in C(j)}. ``numbers``:
    whole numbers that the text gives to names, which may be the bounds of sums; ``own_numbers`` have lines of
    their own. ``component``: the letter of a
    component of vectors, if the text writes those of terms in brackets: [W x]_j."""

    step_letter: str = "t"
    raised_steps: bool = False
    is_literal: bool = False
    functions: frozenset[str] = frozenset()
    has_e: bool = False
    counted: frozenset[str] = frozenset()
    layer: str = ""
    has_next: bool = False
    child: str = ""
    component: str = ""
    numbers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    own_numbers: frozenset[str] = frozenset()


class Grammar:
    """The equations among some tokens."""

    def __init__(self, conventions: Conventions, found: Text, tokens: list[Token]) -> None:
        self.conventions, self.tokens, self.found = conventions, tokens, found
        self.at = self.depth = self.bars = self.terms = 0
        self.is_below = False
        self.is_of_tensor, self.has_step = True, False
        self.counters: dict[str, int] = {}
        self.element = ""

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def peek(self, n: int = 1) -> Token:
        return self.tokens[min(self.at + n, len(self.tokens) - 1)]

    def is_sign(self, *signs: str) -> bool:
        return self.next.kind == "sign" and self.next.text in signs

    def accept(self, *signs: str) -> Token | None:
        return self.take() if self.is_sign(*signs) else None

    def expect(self, sign: str) -> Token:
        if token := self.accept(sign):
            return token
        raise self.unexpected(phrase("“{sign}” is missing", sign=sign))

    def unexpected(self, problem: str) -> EquationsError:
        found = self.next
        if found.text == "…":
            return EquationsError(phrase("“…” leaves something out; write it"), found.place)
        if found.kind == "end":
            return EquationsError(phrase("the line ends, and {problem}", problem=problem), found.place)
        return EquationsError(phrase("at “{found}” {problem}", found=found.text, problem=problem), found.place)

    @contextmanager
    def nested(self, most: int = MAX_DEPTH, problem: str = "", place: Place | None = None) -> Iterator[None]:
        """One level of brackets, accents or operations in each other. EquationsError if there are more than ``most``,
        with its problem and its place if these are not brackets at the next token."""
        self.depth += 1
        if self.depth > most:
            brackets = phrase("brackets are nested more than {n} deep; give a part a name of its own", n=MAX_DEPTH)
            raise EquationsError(problem or brackets, place or self.next.place)
        yield
        self.depth -= 1

    # statements

    def statements(self) -> None:
        while self.at < len(self.tokens) - 1:
            is_outer = self.is_sign("{") and self.peek().text in ("{", "")
            if self.next.kind == "end" or is_outer or self.is_sign(",", ";", ".", ":", "}"):
                self.take()
            elif self._is_range_of_steps() or not any(t.kind == "sign" and t.text in "=∈:" for t in self._segment()):
                self._prose()
            else:
                self.statement()
                if not (self.next.kind == "end" or self.is_sign(",", ";", ".", "}")):
                    raise self.unexpected(phrase("a new line should begin"))

    def _is_range_of_steps(self) -> bool:
        """Whether the line goes on with t = 1, …, T or t ∈ {1, …, T}."""
        is_step = self.next.kind == "word" and self.next.text == self.conventions.step_letter
        is_number = self.peek().text == "=" and self.peek(2).kind == "number"
        return is_step and (is_number or (self.peek().text == "∈" and self.peek().kind == "sign"))

    def _segment(self) -> list[Token]:
        """The tokens up to the end of the line."""
        rest = self.tokens[self.at :]
        return rest[: next(n for n, t in enumerate(rest) if t.kind == "end")]

    def _prose(self) -> None:
        lines = {t.place.line for t in self._segment() if t.kind in ("word", "function")}
        self.found.skipped += sorted(lines - {*self.found.skipped})
        self.at += len(self._segment())

    def statement(self) -> None:
        start = self.next.place
        if self.next.text in ("axis", "output") and self.own_statement():
            return
        if self.is_sign("[", "("):
            self._check_brackets_at_left()
        names = [self.symbol()]
        while self.accept(","):
            names.append(self.symbol())
        if self.accept("∈"):
            self._domain(names, start)
            return
        is_turned = self._is_turned()
        if self.is_sign("("):
            self._check_definition(names[-1])
        if not self.accept("="):
            raise self._without_equals(names[-1])
        self.terms = 0
        values = [self.expression()]
        if len(names) == 1:
            names, values = self._last_of_chain(names[0], values[0])
        if is_turned:
            values = [Transposed(value, value.place) for value in values]
        while len(names) > 1 and self.is_sign(",") and self._is_next_value():
            self.take()
            values.append(self.expression())
        if len(values) == len(names):
            pairs = zip(names, values, strict=True)
            self.found.equations += [Equation((name,), value, name.place) for name, value in pairs]
        elif len(values) == 1:
            self.found.equations.append(Equation(tuple(names), values[0], start.to(names[-1].place)))
        else:
            raise EquationsError(uneven(len(names), len(values)), start.to(names[-1].place))
        if self.accept("∈"):
            self._domain(names, start)

    def _check_brackets_at_left(self) -> None:
        """EquationsError for several names in brackets at the left: [μ_t, σ_t] = …"""
        depth, has_comma = 0, False
        for n, token in enumerate(self._segment()):
            depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "sign" else 0
            has_comma = has_comma or (depth == 1 and token.text in (",", ";"))
            if not depth:
                if has_comma and self.peek(n + 1).text == "=":
                    problem = phrase("several names at the left stand without brackets; write {line}",
                                     line="a, b = split(…, 2)")  # fmt: skip
                    raise EquationsError(problem, self.next.place.to(token.place))
                return

    def _is_turned(self) -> bool:
        """Whether a sign of transposition follows the name at the left; if so it is taken."""
        at = self.at
        if self.accept("^") and self.is_transpose():
            return True
        self.at = at
        return False

    def _last_of_chain(self, name: Symbol, value: Term) -> tuple[list[Symbol], list[Term]]:
        """The name and its value in a chain of equalities, z_t = Φ(x_t) = tanh(W x_t), of which the last expression
        counts. A name between two of them has the same value: y_t = h_t = tanh(W x_t)."""
        while self.is_sign("="):
            at, line = self.at, self.next.place.line
            row = [t for t in self.tokens[:at] if t.place.line == line and t.kind != "end"]
            is_other = line != name.place.line and bool(row)  # h_t = W x_t + ⏎ c_t = …
            self.take()
            last = value if is_other else self.expression()
            if is_other or isinstance(last, Symbol):
                self.at = at
                raise self.unexpected(phrase("a new line should begin"))
            if isinstance(value, Symbol) and value.step == 0 and not _is_function_of_names(last):
                self.found.equations.append(Equation((name,), value, name.place))
                name = value
            elif _is_function_of_names(last):
                sentence = phrase("An expression such as {example} says no more than those before it, and is left out.",
                                  example="f(x, h)")  # fmt: skip
                self.found.notes.append((name.place.line, sentence))
                continue
            else:
                sentence = phrase("Of the expressions that {name} equals, the last one is read.", name=name.id)
                self.found.notes.append((name.place.line, sentence))
            value = last
        return [name], [value]

    def _check_definition(self, name: Symbol) -> None:
        """EquationsError for a function of several values at the left: ℓ(M; x) = …"""
        depth = 0
        for n, token in enumerate(self._segment()):
            depth += (token.text in "([{") - (token.text in ")]}") if token.kind == "sign" else 0
            if not depth:
                if self.peek(n + 1).text == "=":
                    problem = phrase("a line that defines the function {name} is not read; leave it out, and write its "
                                     "formula where it is used", name=name.id)  # fmt: skip
                    raise EquationsError(problem, name.place.to(token.place))
                return

    def _is_next_value(self) -> bool:
        """Whether a comma is followed by one more value of several, and not by another equation."""
        rest = self._segment()
        end = next((n for n, t in enumerate(rest[1:], 1) if t.kind == "sign" and t.text in ",;."), len(rest))
        return end > 1 and not any(t.kind == "sign" and t.text in "=∈" for t in rest[:end])

    def _without_equals(self, name: Symbol) -> EquationsError:
        """What is wrong where a name stands at the left, and = does not follow."""
        sign, index, start = self.next, self.peek(), self.at
        if sign.text == "^" and index.kind == "number":
            examples = f"{name.id}' or {name.id}_t^{{({index.text})}}"
            problem = phrase("an index such as ^{index} is not read; write {examples}", index=index.text,
                             examples=examples)  # fmt: skip
            return EquationsError(problem, sign.place.to(index.place))
        word, end = name.id, name.place
        while self.next.kind == "word" and len(self.next.text) == 1 and name.step is None:
            end = self.take().place
            word += self.tokens[self.at - 1].text
        if self.at > start and self.is_sign("_", "="):
            step = f"_{self.conventions.step_letter}" if self.is_sign("_") else ""
            problem = phrase("a name of several letters; write {example}", example=rf"\mathrm{{{word}}}{step}")
            return EquationsError(problem, name.place.to(end))
        self.at = start
        return self.unexpected(phrase("“{sign}” is missing", sign="="))

    def own_statement(self) -> bool:
        """An axis or the output, as ``to_latex`` writes them. False if the line is another one."""
        word, following, after = self.next, self.peek(), self.peek(2)
        if word.text == "output" and following.text == ":":
            self.take(), self.take()
            self.found.own.append(Output(self.symbol().id, word.place))
            return True
        if word.text == "axis" and following.kind == "word" and after.text == "=":
            self.take()
            name = self.symbol().id
            self.take()
            self.found.own.append(AxisLine(name, own_size(self.size()), word.place))
            return True
        return False

    def _domain(self, names: list[Symbol], start: Place) -> None:
        """``\\mathbb{R}^{a \\times b}``; an interval or a set of numbers, [0, 1], says nothing about axes."""
        if self.is_sign("[", "(", "{"):
            self._skip_range()
            if not self.is_sign("^"):
                self.found.ranges += names
                return
        elif self.next.text != "R" and self.next.text not in ("ℝ",):
            raise self.unexpected(phrase("{what} is missing", what="ℝ"))
        else:
            self.take()
        sizes: list[Term] = []
        if self.accept("^"):
            braces = self.accept("{")
            sizes.append(self.size())
            while braces and self.accept("·"):
                sizes.append(self.size())
            if braces:
                self.expect("}")
        value = 0.0
        if self.is_sign(",") and self._is_start(names[0]):
            self.take()
            self.symbol()
            self.expect("=")
            value = self.number()
        self.found.domains.append(Domain(tuple(names), tuple(sizes), value, start))

    def _skip_range(self) -> None:
        first = self.take()
        depth = 1
        while depth:
            if self.next.kind == "end":
                raise self.unexpected(phrase("“{sign}” is missing", sign="])}"["[({".index(first.text)]))
            is_sign = self.next.kind == "sign"
            depth += (self.next.text in "([{") - (self.next.text in ")]}") if is_sign else 0
            self.take()

    def _is_start(self, name: Symbol) -> bool:
        at = self.at
        try:
            self.take()
            return self.next.kind in ("word", "above") and self.symbol().id == f"{name.id}_0" and self.is_sign("=")
        except EquationsError:
            return False
        finally:
            self.at = at

    def number(self) -> float:
        minus = self.accept("-")
        if self.next.kind != "number":
            raise self.unexpected(phrase("{what} is missing", what=phrase("a number")))
        value = self._number()
        return -value if minus else value

    def _number(self) -> float:
        token = self.take()
        value = float(token.text)
        if not isfinite(value) or len(token.text) > MAX_NAME:
            raise EquationsError(phrase("“{text}” is too large", text=token.text), token.place)
        return value

    def size(self) -> Term:
        """A size in a domain: a name, a sum or a multiple."""
        found = self.power()
        while (sign := self.accept("+", "/")) or self.next.kind in ("word", "number"):
            right = self.power()
            found = Binary(sign.text if sign else " ", found, right, found.place.to(right.place))
        return found

    # expressions

    def expression(self) -> Term:
        with self.nested():
            found = self.added()
            if sign := self.accept("<", ">", "≤", "≥", "≠", "≐"):
                right = self.added()
                found = self.binary(sign.text, found, right)
        return found

    def binary(self, sign: str, left: Term, right: Term) -> Term:
        return self._counted(Binary(sign, left, right, left.place.to(right.place)))

    def _counted(self, made: Term) -> Term:
        self.terms += 1
        if self.terms > MAX_TERMS:
            problem = phrase("more than {n} operations follow each other; give some of them a name", n=MAX_TERMS)
            raise EquationsError(problem, made.place)
        return made

    def added(self) -> Term:
        found = self.multiplied()
        while sign := self.accept("+", "-"):
            found = self.binary(sign.text, found, self.multiplied())
        return found

    def multiplied(self) -> Term:
        found = self.negated()
        while sign := self.accept("⊙", "∗", "·", "⊗", "/"):
            if sign.text == "/" and self.begins_atom():
                found = self._divided(found)
                continue
            found = self.binary(sign.text, found, self.negated())
        is_word = self.next.kind == "function" and self.next.text == "mod" and self.peek().text != "("
        if self.accept("mod") or (is_word and self.take()):
            with self.nested():
                right = self.multiplied()
            return self._counted(Apply("mod", (), (found, right), found.place.to(right.place)))
        return found

    def negated(self) -> Term:
        minus = self.accept("-", "+")
        if not minus:
            return self.chain()
        with self.nested(problem=TOO_MANY_SIGNS, place=minus.place):
            inner = self.negated()
        return inner if minus.text == "+" else self._counted(Minus(inner, minus.place.to(inner.place)))

    def chain(self, first: Term | None = None) -> Term:
        """What stands beside each other, after the first term if that is known."""
        found = first or self.power()
        is_capital = self.next.kind == "word" and self.next.text[0].isupper()
        if (_is_factor(found) or (is_sum_with_number(found) and is_capital)) and self.begins_atom():
            with self.nested(problem=TOO_MANY_SIGNS, place=found.place):
                rest = self.chain()
            return self.binary(" ", found, rest)
        while self.begins_atom():
            found = self.binary(" ", found, self.power())
        return found

    def _divided(self, above: Term) -> Term:
        """A quotient in a line. Brackets after its divisor are a factor of it all: dt/τ (−h + W x)."""
        below = self.power()
        if self.is_sign("("):
            return self.binary(" ", self.binary("/", above, below), self.chain())
        return self.binary("/", above, self.chain(below))

    def begins_atom(self) -> bool:
        if self.next.kind == "function" and self.next.text == "mod" and self.peek().text != "(":
            return False
        if self.next.kind in ("word", "function", "number", "command", "above"):
            return True
        if self.is_sign("|", "‖"):
            return not self.bars
        return self.is_sign("(", "[", "√", "⟨", "{") and not (self.is_sign("⟨") and self.bars)

    def power(self) -> Term:
        with self.nested(MAX_DEPTH + 10):
            base = self._without_component(self.atom())
            while sign := self.accept("^"):
                if self.is_transpose():
                    base = self._counted(Transposed(base, base.place.to(sign.place)))
                    continue
                exponent = self.group()
                base = self.binary("^", base, exponent)
        return base

    def _without_component(self, e: Term) -> Term:
        """A term in brackets, without the index of a component that follows: [W x]_j, tanh(W x)^j."""
        n = 2 if self.peek().text == "{" else 1
        if self.is_sign("_", "^") and self._is_component(self.peek(n)):
            for _ in range(2 * n):
                self.take()
        return e

    def _is_component(self, token: Token) -> bool:
        return bool(token.text) and token.kind == "word" and token.text == self.conventions.component

    def is_transpose(self) -> bool:
        """Whether the exponent is T; if so it is taken."""
        braces = self.is_sign("{")
        one = self.peek() if braces else self.next
        if one.text == "T" and self.conventions.is_literal:
            return False
        if not (one.text in ("⊤", "T") or (one.kind == "word" and one.text in ("top", "Tr", "tr"))):
            return False
        if braces and self.peek(2).text != "}":
            return False
        for _ in range(3 if braces else 1):
            self.take()
        return True

    def group(self) -> Term:
        """What is in braces, or the next sign alone."""
        if self.accept("{"):
            self.accept("⊙")  # k^{\odot 2}
            found = self.expression()
            self.expect("}")
            return found
        if minus := self.accept("-"):
            inner = self.power()
            return Minus(inner, minus.place)
        return self.atom()

    def atom(self) -> Term:
        token = self.next
        if token.kind == "number":
            return Number(self._number(), token.place)
        if token.kind == "function":
            return self.function(function_of(self.take().text), token)
        if token.kind == "word" and token.text in self.counters and self.peek().text != "_":
            return Number(float(self.counters[self.take().text]), token.place)
        if token.kind in ("word", "above"):
            return self.symbol_or_call()
        if token.kind == "command":
            return self.command(self.take())
        if self.accept("√"):
            argument = self.bracketed() if self.is_sign("(") else self.power()
            return Apply("sqrt", (), (argument,), token.place.to(argument.place))
        if self.is_sign("{"):
            if self.is_name_in_braces():
                return self.symbol_or_call()
            self.take()
            found = self.expression()
            self.expect("}")
            return found
        if self.is_sign("("):
            return self.bracketed()
        if self.is_sign("["):
            return self.in_square_brackets()
        if self.is_sign("|", "‖"):
            return self.between_bars()
        if self.accept("⟨"):
            left = self.expression()
            self.expect(",")
            right = self.expression()
            closing = self.expect("⟩")
            return Apply("dot", (), (left, right), token.place.to(closing.place))
        raise self.unexpected(phrase("a name, a number or a bracket is missing"))

    def bracketed(self) -> Term:
        opening = self.expect("(")
        bars, self.bars = self.bars, 0
        first = self.expression()
        parts = [first]
        while self.accept(",", ";"):
            parts.append(self.expression())
        closing = self.expect(")")
        self.bars = bars
        return first if len(parts) == 1 else Joined(tuple(parts), opening.place.to(closing.place))

    def in_square_brackets(self) -> Term:
        opening = self.expect("[")
        bars, self.bars = self.bars, 0
        parts = [self.expression()]
        while self.accept(",", ";", "‖"):
            parts.append(self.expression())
        while self.accept(";", ","):
            pass
        closing = self.expect("]")
        self.bars = bars
        if self.is_sign("_") and len(parts) == 1 and not self._is_component(self.peek(1 + (self.peek().text == "{"))):
            raise EquationsError(self._how_to_write_an_element(), opening.place.to(closing.place))
        return parts[0] if len(parts) == 1 else Joined(tuple(parts), opening.place.to(closing.place))

    def _how_to_write_an_element(self) -> Phrase:
        return phrase("an element is written with its number behind the step, such as {example}",
                      example=f"a_{{{self.conventions.step_letter},1}}")  # fmt: skip

    def between_bars(self) -> Term:
        opening = self.take()
        self.bars += 1
        inner = self.expression()
        self.bars -= 1
        closing = self.expect(opening.text)
        index: tuple[str, ...] = ()
        if self.accept("_"):
            index, _ = self.index()
            index = tuple(i for i in index if i != "2")
        if opening.text == "‖" and self.is_sign("^") and self.peek().text == "2":
            self.take(), self.take()
            norm = Apply("norm", index, (inner,), opening.place.to(closing.place))
            return Binary("^", norm, Number(2.0, closing.place), opening.place.to(closing.place))
        function = "norm" if opening.text == "‖" else "abs"
        return Apply(function, index, (inner,), opening.place.to(closing.place))

    def command(self, token: Token) -> Term:
        if token.text == "cases":
            with self.nested():
                return self._cases(token)
        if token.text == "frac":
            above, below = self.group(), self.group()
            return self.binary("/", above, below)
        exponent: float = 0.5
        if self.is_sign("["):
            self.take()
            exponent = 1 / max(self.number(), 1e-9)
            self.expect("]")
        argument = self.group()
        place = token.place.to(argument.place)
        if exponent != 0.5:
            return self.binary("^", argument, Number(exponent, place))
        return Apply("sqrt", (), (argument,), place)

    def function(self, name: str, token: Token) -> Term:
        """A function with its arguments, in brackets or not."""
        if name == "sum" and self.is_sign("_") and (terms := self._sum(token)):
            return terms
        index: tuple[str, ...] = ()
        power: Term | None = None
        while self.is_sign("_", "^"):
            if self.take().text == "_":
                index, _ = self.index()
            else:
                power = self.group()
        if self.is_sign("("):
            arguments = self.arguments("(", ")")
        elif self.is_sign("[") and name not in ("diag",):
            arguments = self.arguments("[", "]")
        elif self.next.kind == "end" or not (self.begins_atom() or self.is_sign("|", "‖", "-")):
            return Symbol(name, None, token.place)  # the function itself: σ = tanh
        else:
            arguments = (self.negated() if self.is_sign("-") else self.chain(),)
        end = self.tokens[self.at - 1].place
        made: Term = Apply(name, index, arguments, token.place.to(end))
        return self.binary("^", made, power) if power else made

    def _sum(self, token: Token) -> Term | None:
        """A sum over a range of numbers, written out, or over the children of a node, which in a chain are one: the
        step before. None if the index is that of an axis."""
        letter, sign = self.peek(2), self.peek(3)
        if self.peek().text != "{" or letter.kind != "word" or sign.text not in ("=", "∈"):
            return None
        for _ in range(4):
            self.take()
        place = token.place.to(sign.place)
        if sign.text == "∈":
            if letter.text != self.conventions.child:
                raise EquationsError(phrase("a sum over a set is not read; write its terms"), place)
            depth = 1
            while depth and self.next.kind != "end":
                depth += {"{": 1, "}": -1}.get(self.take().text, 0)
            sentence = phrase("In a chain, a node has one child: the step before. So the sum over {k} is its one term.",
                              k=letter.text)  # fmt: skip
            self.found.notes.append((token.place.line, sentence))
            return self.multiplied()
        first = self._bound("}", place)
        self.expect("^")
        last = self._bound("}", place) if self.accept("{") else self._one_bound(place)
        if not 0 <= last - first < MAX_SUMMANDS:
            problem = phrase("a sum has from 1 to {n} terms; this has {found}", n=MAX_SUMMANDS, found=last - first + 1)
            raise EquationsError(problem, place)
        begin, outer, terms = self.at, {**self.counters}, list[Term]()
        for value in range(first, last + 1):
            self.at, self.counters[letter.text] = begin, value
            terms.append(self.multiplied())
        self.counters = outer
        found = terms[0]
        for term in terms[1:]:
            found = self.binary("+", found, term)
        return found

    def _bound(self, closing: str, place: Place) -> int:
        """A bound of a sum: whole numbers, and names to which the text gives some, with + and - between them."""
        found = self._one_bound(place)
        while sign := self.accept("+", "-"):
            value = self._one_bound(place)
            found += value if sign.text == "+" else -value
        self.expect(closing)
        return found

    def _one_bound(self, place: Place) -> int:
        if self.next.kind == "number" and self.next.text.isdigit() and len(self.next.text) < 4:
            return int(self.take().text)
        if self.next.kind == "word":
            token = self.next
            name = self.symbol().id
            if values := sorted(self.conventions.numbers.get(name, ())):
                if len(values) > 1:
                    problem = phrase("the text gives {name} several values; write {line} in a line of its own",
                                     name=name, line=f"{name} = {values[0]}")  # fmt: skip
                    raise EquationsError(problem, token.place)
                if name not in self.conventions.own_numbers:
                    sentence = phrase("“{said}” is read from the sentence.", said=f"{name} = {values[0]}")
                    self.found.notes.append((token.place.line, sentence))
                return values[0]
            problem = phrase("the text does not say which number {name} is; write {line} in a line of its own, or "
                             "write the terms of the sum", name=name, line=f"{name} = 3")  # fmt: skip
            raise EquationsError(problem, place)
        raise self.unexpected(phrase("{what} is missing", what=phrase("a number")))

    def _cases(self, token: Token) -> Term:
        """Values with their conditions, as ``where``. The last value needs no condition."""
        rows: list[tuple[Term, Term | None]] = []
        while not self.accept("]"):
            value, condition = self.added(), None
            while self.accept(",", "."):
                pass
            if not (self.accept("else") or self.is_sign(";", "]")):
                self.accept("if")
                condition = self._condition()
            rows.append((value, condition))
            while self.accept(";", ",", "."):
                pass
        found = rows[-1][0] if rows else None
        for value, condition in rows[-2::-1]:
            if condition is None or found is None:
                break
            found = self._counted(Apply("where", (), (condition, value, found), token.place))
        if found is None or len(rows) < 2 or any(condition is None for _, condition in rows[:-1]):
            problem = phrase("cases need a condition in each row; write {example}", example="where(x > 0, a, b)")
            raise EquationsError(problem, token.place)
        if rows[-1][1]:
            sentence = phrase("The last case is read as that of all other values.")
            self.found.notes.append((token.place.line, sentence))
        return found

    def _condition(self) -> Term:
        """A comparison, or two in a row: a < b < c."""
        left, found = self.added(), list[Term]()
        while sign := self.accept("<", ">", "≤", "≥", "≠", "≐", "="):
            right = self.added()
            found.append(self.binary("≐" if sign.text == "=" else sign.text, left, right))
            left = right
        if not found or len(found) > 2:
            raise self.unexpected(phrase("{what} is missing", what=phrase("a condition such as x > 0")))
        return self.binary("⊙", *found) if len(found) == 2 else found[0]

    def arguments(self, opening: str, closing: str) -> tuple[Term, ...]:
        self.expect(opening)
        bars, self.bars = self.bars, 0
        found = [self.expression()]
        while self.accept(",", ";"):
            found.append(self.expression())
        self.expect(closing)
        self.bars = bars
        return tuple(found)

    # names

    def symbol(self) -> Symbol:
        found = self.symbol_or_call(may_call=False)
        if not isinstance(found, Symbol):
            raise EquationsError(phrase("{what} is missing", what=phrase("a name")), found.place)
        return found

    def symbol_or_call(self, may_call: bool = True) -> Term:
        start, first = self.next, self.at
        if start.kind == "function":
            self.take()
            return Symbol(function_of(start.text), None, start.place)
        base, extras = self.base()
        if base == "Delta" and self.next.text in ("t", "tau") and start.text == "Delta":
            self.take()
            base = "Dt" if self.is_sign("_") else "dt"
        labels, step, element = self._indices(base, extras)
        if self.is_below:
            below = Symbol(base, step, start.place.to(self.tokens[self.at - 1].place))
            self.found.below.append(below)
            return replace(below, id="x")
        index = "_".join(labels) if any(len(one) > 1 for one in labels) else "".join(labels)
        id = "_".join(part for part in (base, *extras, index) if part)
        symbol = Symbol(id, step, start.place.to(self.tokens[self.at - 1].place), index)
        self._check_name(symbol)
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
        self.is_below, self.is_of_tensor = False, not base[0].isupper()
        while True:
            self.has_step = step is not None
            if self.accept("_"):
                more, at = self.index()
                labels += more
            elif (
                self.is_sign("^")
                and not self.is_power_of_e(base, labels, step)
                and (self.is_label() or (self._is_counted(base) and step is None and self.is_count()))
            ):
                self.take()
                more, at = self.index()
                labels += more
            elif self.is_sign("'"):
                self.take()
                extras.append("prime")
                continue
            elif self.is_sign("^") and self.peek().text == "∗":
                self.take(), self.take()
                extras.append("star")
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

    def _check_name(self, name: Symbol) -> None:
        """EquationsError for a name that our language cannot have."""
        if not re.fullmatch(r"[A-Za-z]\w*", name.id, re.ASCII):
            problem = phrase("{name} cannot be a name; write letters and whole numbers", name=name.id)
            raise EquationsError(problem, name.place)
        if len(name.id) > MAX_NAME:
            problem = phrase("“{text}…” is longer than {n} characters; write a shorter one", text=name.id[:10],
                             n=MAX_NAME)  # fmt: skip
            raise EquationsError(problem, name.place)

    def _call(self, name: Symbol, base: str, extras: list[str], labels: list[str], is_divisor: bool) -> Apply | None:
        """The function that a name is with the arguments that follow; None if it is a tensor. ``is_divisor``: whether
        it stands behind a sign of division."""
        id, marks = name.id, [] if base == "sigma" and self.is_sign("(") else extras
        is_word = may_be_function(base) and (not labels or all(len(part) > 1 for part in (base, *labels)))
        is_named = id in self.conventions.functions
        is_open = not (is_word or is_named or base in FREE_FUNCTIONS)
        if is_open and not is_divisor and marks in ([], ["cal"]) and self.is_sign("(", "["):
            self.found.called[id] += self._is_like_a_function(base)
        if marks and not is_named:
            return None
        if is_word and self.is_sign("(") and not is_named:
            return self._applied(id, (), self.arguments("(", ")"), name)
        if (base in FREE_FUNCTIONS or is_named) and self.is_sign("(", "["):
            arguments = self.arguments(self.next.text, ")" if self.is_sign("(") else "]")
            function, own = (id, ()) if is_named else (base, (*extras, *labels))
            return self._applied(function, own, arguments, name)
        if base in ("sigma", "phi") and self.begins_atom() and not labels:
            return self._applied(base, (), (self.chain(),), name)
        return None

    def _applied(self, function: str, index: tuple[str, ...], arguments: tuple[Term, ...], name: Symbol) -> Apply:
        made = Apply(function, index, arguments, name.place.to(self.tokens[self.at - 1].place))
        self._counted(made)
        return made

    def _is_like_a_function(self, base: str) -> bool:
        """Whether brackets follow a name that hold what the argument of a function is: s(W x + b), but not α(1 - z).
        Capitals and Greek letters are functions before a product with a matrix only."""
        depth, signs, has_number, has_product = 0, 0, False, False
        for n, token in enumerate(self.tokens[self.at :], self.at):
            following = self.tokens[min(n + 1, len(self.tokens) - 1)]
            is_sign = token.kind == "sign"
            depth += (token.text in "([{") - (token.text in ")]}") if is_sign else 0
            if not depth or token.kind == "end":
                break
            signs += is_sign and depth == 1 and token.text in "+-" and n > self.at + 1
            has_number = has_number or (depth == 1 and token.kind == "number")
            is_matrix = token.kind == "word" and token.text[0].isupper()
            is_beside = following.kind in ("word", "above") or following.text in ("_", "(", "[", "{")
            has_product = has_product or (is_matrix and is_beside)
        if base in GREEK or base == "dt":
            return has_product and base in GREEK_FUNCTIONS
        if base[0].isupper():
            return (has_product and base in CAPITAL_FUNCTIONS) or (signs > 0 and base in ("Phi", "Psi"))
        return has_product or (base not in WEIGHTS and ((signs > 0 and not has_number) or self._is_one_in_brackets()))

    def _is_one_in_brackets(self) -> bool:
        """Whether one name stands alone in the brackets that follow: h(c_t), where brackets would be of no use if it
        was a product."""
        tokens, at, depth, guessed = self.tokens, self.at, self.depth, len(self.found.guessed_steps)
        try:
            self.tokens = [*tokens[at : at + 30], tokens[-1]]
            self.at = 1
            name = self.symbol()
            return self.is_sign(")") and (name.step is not None or len(name.id) > 1 or name.id not in "tnkisj")
        except EquationsError:
            return False
        finally:
            self.tokens, self.at, self.depth = tokens, at, depth
            del self.found.guessed_steps[guessed:]

    def is_name_in_braces(self) -> bool:
        """Whether the braces hold a name whose index follows: {\\tilde{c}}_t."""
        depth = 0
        for n, token in enumerate(self.tokens[self.at :]):
            if token.kind == "sign" and token.text in "{}":
                depth += 1 if token.text == "{" else -1
            if not depth or token.kind == "end":
                return self.peek(n + 1).text == "_"
        return False

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
        if self.conventions.is_literal or one.text in ("⊤",) or (one.text == "T" and n < 3):
            return False
        if self._is_layer(one) or self._is_component(one):
            return True
        if one.kind == "word" and one.text == self.conventions.step_letter:
            return n > 2 or (n == 2 and self.peek(1).text == "(") or self.conventions.raised_steps
        if n > 1 and self.are_labels(n):
            return True
        return (one.kind == "word" and self.peek(n + 1).text in ("}", ")", "⟩", ">", ",") and n > 1) or (
            one.kind == "word"
            and n == 1
            and len(one.text) == 1
            and (self.peek(2).text == "_" or self.has_step if one.text.isupper() else not self.found.domains)
        )

    def _is_layer(self, token: Token) -> bool:
        return token.kind == "word" and token.text == self.conventions.layer

    def is_power_of_e(self, base: str, labels: list[str], step: int | None) -> bool:
        """Whether a raised name is an exponent, e^{w}, and no index."""
        is_e = base == "e" and not labels and step is None and not self.conventions.has_e
        n = next(n for n in range(1, 4) if n == 3 or self.peek(n).text not in ("{", "("))
        return is_e and self.peek(n).text != self.conventions.step_letter

    def are_labels(self, n: int) -> bool:
        """Whether several letters stand in the brackets, W^{hx}, or a number in round ones, c^{(1)}."""
        if self.peek(n).kind == "number":
            return self.peek(n - 1).text == "(" and self.peek(n + 1).text == ")"
        while self.peek(n).kind in ("word", "number") or self.peek(n).text == ",":
            n += 1
        return self.peek(n).text == "}" and self.peek(n - 1).kind in ("word", "number")

    def _is_counted(self, base: str) -> bool:
        """Whether a raised number after a name may be a part of it."""
        return base[0].isupper() or base in self.conventions.counted

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

    def _count_of_steps(self) -> int:
        """A number of steps, or the counter of a sum, as in h_{t-i} or h_{t-2^i}."""
        token = self.take()
        if token.kind == "word" and token.text in self.counters:
            return self.counters[token.text]
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
        if self._is_layer(token) or (self._is_component(token) and self.is_of_tensor):
            return (), None
        if token.text in self.counters:
            return (str(self.counters[token.text]),), None
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
        above = ""
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
            elif self._is_layer(token):
                if self.accept("-"):
                    self.take()
                    self.is_below = True
            elif self._is_component(token) and self.is_of_tensor:
                continue
            elif token.kind == "word" and token.text in self.counters:
                labels.append(str(self.counters[token.text]))
            elif token.kind == "word" and token.text == self.conventions.child and self.is_of_tensor:
                step = -1 if self.tokens[self.at - 2].text != self.conventions.step_letter else step
            elif token.text == self.conventions.step_letter and (
                not labels or self._is_apart() or self.is_sign("-", ",")
            ):
                self._check_other_step()
                step = self._offset() if self.is_sign("-", "+") else 0
            elif token.kind in ("word", "number", "function"):
                labels += [token.text, *([above] if above else [])] if token.text != "prev" else []
                step, above = -1 if token.text == "prev" else step, ""
            elif token.text in ("→", "∼", "-", "+", "'", "·", "_", "{", "}"):
                continue
            elif token.text not in (",", ";"):
                raise EquationsError(phrase("“{sign}” has no meaning in an index", sign=token.text), token.place)
        return tuple(labels), step

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


def _is_function_of_names(e: Term) -> bool:
    """Whether a term only says what something depends on: f(x_t, h_{t-1})."""
    match e:
        case Apply(function, _, (_, _, *_) as arguments) if function in FREE_FUNCTIONS:
            return all(isinstance(one, Symbol) for one in arguments)
        case Binary(" ", Symbol(id=id, step=None), Joined(parts)):
            return id in CAPITAL_FUNCTIONS and all(isinstance(one, Symbol) for one in parts)
    return False


def _is_factor(e: Term) -> bool:
    """Whether a term is most often a number that everything after it is multiplied by: β of β W x."""
    match e:
        case Number() | Binary("/", Number(), _) | Apply("sqrt", _, _) | Binary("^", Symbol("e"), _):
            return True
        case Apply("exp", _, (of,)) | Minus(of) | Binary("^", of, _):
            return _is_factor(of)
        case Binary(_, left, right):  # in brackets: 1 - α
            return _is_factor(left) and _is_factor(right)
        case Symbol(id=id):
            return id.partition("_")[0] in GREEK or (id in ("dt", "e") and e.step is None)
    return False


def is_sum_with_number(e: Term) -> bool:
    """Whether a term is like 1 - z, which is no matrix, so that W x is one product in (1 - z) W x."""
    return isinstance(e, Binary) and e.sign in "+-" and any(isinstance(side, Number) for side in (e.left, e.right))


def own_size(e: Term) -> OwnSize:
    """The size of an axis."""
    match e:
        case Number(value):
            return OwnSize(((int(value), ""),))
        case Symbol(id=name):
            return OwnSize(((1, name),))
        case Binary(" ", Number(value), Symbol(id=name)):
            return OwnSize(((int(value), name),))
        case Binary("+", left, right):
            return OwnSize((*own_size(left).terms, *own_size(right).terms))
        case Binary("/", above, below):
            of, by = own_size(above), below.id if isinstance(below, Symbol) else 0
            by = by or (int(below.value) if isinstance(below, Number) else 0)
            if by:
                return OwnSize(of.terms, (*of.divisors, by))
    raise EquationsError(phrase("a size is missing: a number or the name of an axis"), e.place)
