"""Parses equations: text -> syntax tree. It knows the forms of lines and expressions, and nothing else is read.

line        = [axis | declaration | output | assignment] ["#" comment]
axis        = "axis" name "=" (term | "(" difference ")") {"/" (name | number)} | "axis" name "=" difference
declaration = name ":" (sum | number) {"," (sum | number)} ["=" ["-"] number]
output      = "output" ":" name
assignment  = name {"," name} "=" expression {"," expression}
sum         = term {"+" term}
difference  = term {("+" | "-") term}
term        = [number "*"] name | number
expression  = added [("<" | ">" | "<=" | ">=" | "==" | "!=") added]
added       = multiplied {("+" | "-") multiplied}
multiplied  = negated {("*" | "/" | "@") negated}
negated     = ["-"] power
power       = atom ["**" negated]
atom        = (number | name | name "(" expression {"," expression} ")" | "(" expression ")") ["[" slice "]"]
slice       = [difference | "0"] ":" [difference]
"""

from collections.abc import Callable
from math import isfinite

from ..core.axes import Axis, OwnSize
from ..translations.phrases import phrase
from .limits import MAX_AXES, MAX_AXIS_TERMS, MAX_DEPTH, MAX_SIZE
from .places_and_errors import EquationsError, Place
from .syntax import (
    SLICE,
    Assignment,
    AxisLine,
    Call,
    Declaration,
    Equations,
    Expression,
    Line,
    Minus,
    Name,
    Number,
    Operation,
    Output,
    Statement,
)
from .tokens import Token, tokens
from .unknown_names import did_you_mean

COMPARISONS, SUMS, PRODUCTS = ("<", ">", "<=", ">=", "==", "!="), ("+", "-"), ("*", "/", "@")
"""The signs between two expressions, from the loosest to the tightest. ``**`` is tighter than minus."""

SLICE_EXAMPLE = "y = a[0:K]"
A_NAME, TENSOR_NAME, AXIS_NAME = phrase("a name"), phrase("the name of a tensor"), phrase("the name of an axis")


def parse(text: str) -> Equations:
    """Parse a text. Raises EquationsError, which names the line and what would be right."""
    return _Parser(text).equations()


class _Parser:
    def __init__(self, text: str) -> None:
        self.tokens = [*tokens(text.replace("\r\n", "\n").replace("\r", "\n"))]
        self.at = self.depth = 0
        self.heights: dict[int, int] = {}

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at += token.text != "" or self.at < len(self.tokens) - 1
        return token

    def accept(self, *signs: str) -> Token | None:
        """The next token if it is one of these signs."""
        return self.take() if self.next.kind == "sign" and self.next.text in signs else None

    def expect(self, sign: str, example: str) -> Token:
        if token := self.accept(sign):
            return token
        raise self.unexpected(phrase("“{sign}” is missing, as in {example}", sign=sign, example=example))

    def unexpected(self, problem: str) -> EquationsError:
        found = self.next
        if found.kind in ("end", "comment"):
            return EquationsError(phrase("the line ends, and {problem}", problem=problem), found.place)
        return EquationsError(phrase("at “{found}” {problem}", found=found.text, problem=problem), found.place)

    def name(self, what: str) -> Token:
        if self.next.kind != "name":
            raise self.unexpected(phrase("{what} is missing", what=what))
        return self.take()

    def number(self) -> float:
        token = self.take()
        value = float(token.text)
        if not isfinite(value):
            raise EquationsError(phrase("“{text}” is too large", text=token.text), token.place)
        return value

    def equations(self) -> Equations:
        lines = []
        while True:
            found = [] if self.next.kind in ("end", "comment") else self.statements()
            comment = self.take().text[1:].strip() if self.next.kind == "comment" else ""
            if self.next.kind != "end":
                raise self.unexpected(phrase("a new line should begin"))
            lines += [*map(Line, found[:-1]), Line(found[-1] if found else None, comment)]
            if not self.take().text:
                break
        while lines and lines[-1] == Line(None):
            lines.pop()
        return Equations(tuple(lines))

    def statements(self) -> list[Statement]:
        """The statement of a line, or several: q, k = x @ W, x @ V."""
        first = self.statement()
        if not (isinstance(first, Assignment) and len(first.names) > 1 and self.accept(",")):
            return [first]
        values = [first.value, self.expression()]
        while self.accept(","):
            values.append(self.expression())
        if len(values) != len(first.names):
            raise EquationsError(uneven(len(first.names), len(values)), first.place)
        return [Assignment((name,), value, first.place) for name, value in zip(first.names, values, strict=True)]

    def statement(self) -> Statement:
        start = self.next.place
        first = self.name(A_NAME)
        if first.text.lower() == "axis" and self.next.kind == "name":
            if first.text != "axis":
                raise did_you_mean(first.text, first.place, "axis")
            name = self.take()
            self.expect("=", "axis heads = 2")
            return AxisLine(name.text, self.size(), start.to(name.place))
        if self.accept(":"):
            if first.text == "output":
                name = self.name(TENSOR_NAME)
                return Output(name.text, name.place)
            axes = self.separated(self.axis, MAX_AXES)
            value = self.signed_number() if self.accept("=") else 0.0
            return Declaration(first.text, axes, value, first.place)
        names = [first]
        while self.accept(","):
            names.append(self.name(A_NAME))
        self.expect("=", "z = sigmoid(a), h: batch_size, num_units")
        place = first.place.to(names[-1].place)
        return Assignment(tuple(name.text for name in names), self.expression(), place)

    def signed_number(self) -> float:
        minus = self.accept("-")
        if self.next.kind != "number":
            raise self.unexpected(phrase("the value before the first step is missing: a number"))
        return -self.number() if minus else self.number()

    def size(self) -> OwnSize:
        start = self.next.place
        bracket = self.accept("(")
        terms = self.terms(may_subtract=True)
        if bracket:
            self.expect(")", "axis K = (num_units + features) / 2")
        slash = self.next.place
        divisors: list[int | str] = []
        while self.accept("/"):
            divisors.append(self.take().text if self.next.kind == "name" else self.whole_number())
        size, place = OwnSize(terms, tuple(divisors)), start.to(self.tokens[self.at - 1].place)
        if max(len(terms), len(divisors)) > MAX_AXIS_TERMS:
            problem = phrase(
                "a size has at most {n} terms and divisors; give a part of it an axis of its own", n=MAX_AXIS_TERMS
            )
            raise EquationsError(problem, place)
        if len(terms) > 1 and divisors and not bracket:
            problem = phrase("what is divided? Write {whole}, or give the divided part an axis of its own", whole=size)
            raise EquationsError(problem, slash, ())
        return size

    def terms(self, may_subtract: bool = False) -> tuple[tuple[int, str], ...]:
        terms = [self.term()]
        while sign := self.accept("+", "-"):
            if sign.text == "-" and not may_subtract:
                problem = phrase("an axis is no difference; declare one that is: axis K = N - 1")
                raise EquationsError(problem, sign.place)
            n, name = self.term()
            terms.append((n if sign.text == "+" else -n, name))
        return tuple(terms)

    def axis(self) -> Axis:
        place, terms = self.next.place, self.terms()
        if len(terms) > MAX_AXIS_TERMS or (len(terms) > 1 and not all(name for _, name in terms)):
            raise EquationsError(
                phrase(
                    "an axis is a name, or a sum of at most {n} such as {example}; declare others: axis N = 16",
                    n=MAX_AXIS_TERMS,
                    example="4 * num_units + features",
                ),
                place,
            )
        return Axis(terms)

    def term(self) -> tuple[int, str]:
        if self.next.kind == "name":
            return 1, self.take().text
        count = self.whole_number()
        return (count, self.name(AXIS_NAME).text) if self.accept("*") else (count, "")

    def whole_number(self) -> int:
        token = self.next
        if token.kind != "number":
            raise self.unexpected(phrase("a size is missing: a number or the name of an axis"))
        self.take()
        if not token.text.isdigit() or not 1 <= int(token.text) <= MAX_SIZE:
            problem = phrase(
                "a size must be a whole number from 1 to {most:,}, not {text}", most=MAX_SIZE, text=token.text
            )
            raise EquationsError(problem, token.place)
        return int(token.text)

    def separated(self, part: Callable[[], Axis], most: int) -> tuple[Axis, ...]:
        found = [part()]
        while self.accept(","):
            found.append(part())
        if len(found) > most:
            raise EquationsError(phrase("a tensor has at most {n} axes", n=most), self.next.place)
        return tuple(found)

    def expression(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            problem = phrase("brackets are nested more than {n} deep; give a part a name of its own", n=MAX_DEPTH)
            raise EquationsError(problem, self.next.place)
        found = self.left_to_right(self.added, COMPARISONS, at_most_one=True)
        self.depth -= 1
        return found

    def added(self) -> Expression:
        return self.left_to_right(self.multiplied, SUMS)

    def multiplied(self) -> Expression:
        return self.left_to_right(self.negated, PRODUCTS)

    def left_to_right(
        self, part: Callable[[], Expression], signs: tuple[str, ...], at_most_one: bool = False
    ) -> Expression:
        found, count = part(), 0
        while sign := self.accept(*signs):
            count += 1
            if count > 1 and at_most_one:
                raise EquationsError(phrase("two “{sign}” in a row; use brackets", sign=sign.text), sign.place)
            right = part()
            found = self.node(Operation(sign.text, found, right, found.place.to(right.place)), found, right)
        return found

    def node(self, made: Expression, *parts: Expression) -> Expression:
        """An expression made of parts: EquationsError if they are nested too deep."""
        self.heights[id(made)] = 1 + max(self.heights.get(id(part), 0) for part in parts)
        if self.heights[id(made)] > MAX_DEPTH:
            problem = phrase("more than {n} operations follow each other; give some of them a name", n=MAX_DEPTH)
            raise EquationsError(problem, made.place)
        return made

    def negated(self) -> Expression:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise EquationsError(phrase("too many signs in a row; use brackets"), self.next.place)
        minus = self.accept("-")
        found: Expression = self.negated() if minus else self.power()
        self.depth -= 1
        return self.node(Minus(found, minus.place.to(found.place)), found) if minus else found

    def power(self) -> Expression:
        base = self.sliced(self.atom())
        if not self.accept("**"):
            return base
        exponent = self.negated()
        return self.node(Operation("**", base, exponent, base.place.to(exponent.place)), base, exponent)

    def sliced(self, whole: Expression) -> Expression:
        """An expression, or a part of its last axis: ``a[K:2 * K]``."""
        if not self.accept("["):
            return whole
        begin: Expression = Number(0.0, self.next.place)
        if not (self.next.kind == "sign" and self.next.text == ":"):
            begin = self.added()
        self.expect(":", SLICE_EXAMPLE)
        parts = [whole, begin]
        if not (self.next.kind == "sign" and self.next.text == "]"):
            parts.append(self.added())
        closing = self.expect("]", SLICE_EXAMPLE)
        return self.node(Call(SLICE, tuple(parts), whole.place.to(closing.place)), *parts)

    def atom(self) -> Expression:
        token = self.next
        if token.kind == "number":
            return Number(self.number(), token.place)
        if token.kind == "name":
            self.take()
            return self.call(token) if self.accept("(") else Name(token.text, token.place)
        if bracket := self.accept("("):
            inner = self.expression()
            closing = self.expect(")", "(1 - z) * h_prev")
            return self.node(_placed(inner, bracket.place.to(closing.place)), inner)
        if self.next.kind == "sign" and self.next.text == "[":
            problem = phrase("“[” follows a name, as in {slice}; {concat} joins tensors", slice=SLICE_EXAMPLE,
                             concat="concat(h_prev, x)")  # fmt: skip
            raise EquationsError(problem, self.next.place)
        raise self.unexpected(phrase("a name, a number or a bracket is missing"))

    def call(self, function: Token) -> Expression:
        if function.text == SLICE:
            raise EquationsError(phrase("a slice is written like {example}", example=SLICE_EXAMPLE), function.place)
        arguments = [self.expression()]
        while self.accept(","):
            arguments.append(self.expression())
        closing = self.expect(")", "sum(q * M, K)")
        return self.node(Call(function.text, tuple(arguments), function.place.to(closing.place)), *arguments)


def uneven(names: int, values: int) -> str:
    """What is wrong with q, k = x @ W, x @ V, x @ U."""
    return phrase(
        "{names} names stand at the left, but {values} values at the right; write one line for each",
        names=names,
        values=values,
    )


def _placed(expression: Expression, place: Place) -> Expression:
    """The expression, with the brackets around it."""
    return type(expression)(**{**vars(expression), "place": place})
