"""Parses shapes as people type them: ``3 x 20``, ``(3, 20)``, ``batch_size by 4 num_units``, ``[B, 4U]``.

Each axis is parsed as a sum of products of numbers and sizes, so that ``4*num_units``, ``U + U + 2U`` and, if num_units
is 5, ``20`` can be compared.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import prod

from ...core.axes import FRAMEWORK_SIZES, Axis, Sizes
from .verdict import Verdict

Term = tuple[str, ...]
"""The sizes in a product, sorted by name; empty for a plain number."""

ALIASES = {
    "batch_size": "batch_size batch b n none samples n_samples",
    "time_step": "time_step time_steps timesteps timestep steps n_steps time max_time "
    "seq_len seq_length sequence_length t l",
    "features": "features feature n_features num_features input_size input_dim input_depth input f d i",
    "num_units": "num_units units unit n_units hidden_size hidden hidden_dim n_hidden latent_dim u h",
    "num_proj": "num_proj proj_size p",
    "num_layers": "num_layers layers n_layers",
    "directions": "directions num_directions n_directions",
    "biases": "biases",
}
"""The names that are understood for each size, in upper or lower case."""

COUNTS = FRAMEWORK_SIZES
"""The sizes that only a framework's arrays have. They count parts of the model, and may be typed as numbers."""

NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases.split()}
ONE_LETTER_NAMES = "".join(alias for alias in NAMES if len(alias) == 1)

MAX_LENGTH = 200
"""Characters of an answer."""

MAX_TOKENS, MAX_AXES, MAX_TERMS, MAX_FACTORS, MAX_NUMBER = 48, 8, 12, 4, 10**12 - 1
"""The limits of an answer: its tokens, its axes, the terms of an axis, the names in a term, and a number. No shape
needs more, and an answer within the limits is judged in less than 2 ms."""


class AnswerError(ValueError):
    """A typed answer is not a shape. ``about`` and ``parts`` are those of a Verdict."""

    def __init__(self, about: str, **parts: str) -> None:
        super().__init__(Verdict(False, about, parts).message)
        self.about, self.parts = about, parts


@dataclass(frozen=True)
class Form:
    """One typed axis as a polynomial: the coefficient of each product of sizes. Sums and products beyond the limits
    raise AnswerError."""

    terms: Mapping[Term, int]

    def __add__(self, other: "Form") -> "Form":
        return _bounded(Counter(self.terms) + Counter(other.terms))

    def __mul__(self, other: "Form") -> "Form":
        result: Counter[Term] = Counter()
        for left, n in self.terms.items():  # both are within the limits, so there are at most 144 iterations
            for right, m in other.terms.items():
                result[tuple(sorted(left + right))] += n * m
        return _bounded(result)

    @property
    def is_number(self) -> bool:
        """Whether it is typed without names."""
        return set(self.terms) <= {()}

    def with_counts_as_numbers(self, sizes: Sizes) -> "Form":
        """The axis with the sizes of ``COUNTS`` replaced by numbers, if ``sizes`` has them."""
        known = {name: sizes[name] for name in COUNTS if name in sizes}
        result: Counter[Term] = Counter()
        for term, n in self.terms.items():
            result[tuple(name for name in term if name not in known)] += n * prod(known.get(name, 1) for name in term)
        return Form(result)

    def value(self, sizes: Sizes) -> int | None:
        """The size of the axis; None if it names a size that does not exist."""
        if any(name not in sizes for term in self.terms for name in term):
            return None
        return sum(n * prod(sizes[name] for name in term) for term, n in self.terms.items())

    def as_text(self, name_of: Callable[[str], str], in_brackets: bool) -> str:
        """The axis in one spelling, with names of sizes by ``name_of``; a sum is ``in_brackets``."""
        terms = []
        for term, n in self.terms.items():
            names = "·".join(map(name_of, term))
            terms.append(f"{n}·{names}" if names and n != 1 else names or str(n))
        text = "+".join(terms) or "0"
        return f"({text})" if in_brackets and len(terms) > 1 else text

    def is_axis(self, axis: Axis) -> bool:
        """Whether it consists of the names of the axis, in any order."""
        named: Counter[Term] = Counter()
        for n, name in axis.terms:
            named[(name,)] += n
        return dict(self.terms) == dict(named)


def _bounded(terms: Mapping[Term, int]) -> Form:
    """A Form with these terms. Raises AnswerError if it exceeds the limits."""
    if len(terms) > MAX_TERMS or any(len(term) > MAX_FACTORS for term in terms):
        raise AnswerError("complex")
    if (largest := max(terms.values(), default=0)) > MAX_NUMBER:
        raise AnswerError("large", number=str(largest)[:12])
    return Form(terms)


Answer = tuple[Form, ...]


def readings(text: str) -> list[Answer]:
    """The axes of a typed shape in each possible reading, the most likely first: ``4*U`` is a product but ``3*20`` is
    two axes, ``4U`` is a product but ``3 U`` may be two axes. Raises AnswerError if there is none."""
    tokens = _tokens(text)
    separated = ["," if token == "*" else token for token in tokens]
    attempts = [(tokens, True), (tokens, False), (separated, False)]
    if set(tokens) <= {"*", *filter(str.isdigit, tokens)}:
        attempts.reverse()
    result: list[Answer] = []
    first_error: AnswerError | None = None
    for attempt, implicit_products in attempts:
        try:
            result.append(_shape(attempt, implicit_products))
        except AnswerError as error:
            first_error = first_error or error
    if not result:
        raise first_error or AnswerError("nothing")
    return result


def number(text: str) -> Answer:
    """Parse a count: the whole text is one sum or product. Raises AnswerError."""
    return _shape(_tokens(text), implicit_products=True, single_axis=True)


def _shape(tokens: list[str], implicit_products: bool, single_axis: bool = False) -> Answer:
    if not tokens:
        raise AnswerError("nothing")
    answer = tuple(islice(_Parser(_unwrapped(tokens), implicit_products, single_axis).shape(), MAX_AXES + 1))
    if len(answer) > MAX_AXES:
        raise AnswerError("complex")
    return answer


_TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_][A-Za-z_0-9]*)|(.))", re.DOTALL)
_REPLACEMENTS = {
    "×": ",",
    "✕": ",",
    "⨯": ",",
    "，": ",",
    "、": ",",
    ";": ",",
    "·": "*",
    "∗": "*",
    "[": "(",
    "]": ")",
    "（": "(",
    "）": ")",
    "＋": "+",
}


def _tokens(text: str) -> list[str]:
    """Split a text into at most ``MAX_TOKENS`` tokens. Raises AnswerError."""
    tokens = list(islice(_iterate_tokens(text), MAX_TOKENS + 1))
    if len(tokens) > MAX_TOKENS:
        raise AnswerError("complex")
    return tokens


def _iterate_tokens(text: str) -> Iterator[str]:
    """The tokens of a text: numbers, names of sizes, + * ( ) and a comma between axes."""
    if len(text) > MAX_LENGTH:
        raise AnswerError("long")
    text = re.sub(r"(?i)\b(batch|time|input|hidden|seq|sequence)[ -](sizes?|steps?|length|dim)\b", r"\1_\2", text)
    text = re.sub(r"(?i)torch\.size|tensorshape|\bshape\b\s*[=:]?", "", text.strip())
    # an x between two axes, with or without spaces: 3x20, B x 4U
    text = re.sub(rf"(?i)(?<=[\d\s)\]{ONE_LETTER_NAMES}])x(?=[\s\d(\[{ONE_LETTER_NAMES}]|$)", ",", text)
    text = re.sub(r"(?i)\b(?:by|mal|por)\b|乘以?", ",", text)
    for digits, word, character in _TOKEN.findall(text):
        if digits:
            yield str(_bounded({(): int(digits)}).terms[()])
        elif word:
            if word.lower() not in NAMES:
                raise AnswerError("word", word=word)
            yield NAMES[word.lower()]
        elif not character.isspace():
            token = _REPLACEMENTS.get(character, character)
            if token not in ",+*()":
                raise AnswerError("sign", sign=token)
            yield token


def _unwrapped(tokens: list[str]) -> list[str]:
    """The tokens without brackets around the whole, and without a comma at the end."""
    while tokens and tokens[0] == "(" and _closing(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens[:-1] if tokens[-1:] == [","] else tokens


def _closing(tokens: list[str]) -> int:
    """The index of the bracket that closes the first one."""
    depth = 0
    for n, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if not depth:
            return n
    return -1


class _Parser:
    """A recursive-descent parser of sums of products, one for each axis."""

    def __init__(self, tokens: list[str], implicit_products: bool, single_axis: bool) -> None:
        """With ``implicit_products``, 4U is a product instead of two axes; with ``single_axis``, so are all adjacent
        factors."""
        self.tokens, self.position = tokens, 0
        self.implicit_products, self.single_axis = implicit_products, single_axis

    @property
    def next(self) -> str:
        return self.tokens[self.position] if self.position < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next
        self.position += 1
        return token

    def shape(self) -> Iterator[Form]:
        while True:
            yield self.sum()
            if not self.next:
                return
            if self.next == ",":
                self.take()
            elif self.next == ")":
                raise AnswerError("closed")

    def sum(self) -> Form:
        total = self.product()
        while self.next == "+":
            self.take()
            total += self.product()
        return total

    def product(self) -> Form:
        first = self.next
        product = self.factor()
        while self.next == "*" or self.continues_product(first):
            if self.next == "*":
                self.take()
            first, product = "", product * self.factor()
        return product

    def continues_product(self, first: str) -> bool:
        """Whether the next token is another factor, without a *: 4U, 2(U+F)."""
        is_factor = self.next in ALIASES or self.next == "("
        return is_factor and (self.single_axis or (self.implicit_products and first.isdigit()))

    def factor(self) -> Form:
        token = self.take()
        if token == "(":
            inside = self.sum()
            if self.take() != ")":
                raise AnswerError("opened")
            return inside
        if token.isdigit():
            return Form({(): int(token)})
        if token in ALIASES:
            return Form({(token,): 1})
        raise AnswerError("missing")
