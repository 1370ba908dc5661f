"""A shape as people type it: ``3 x 20``, ``(3, 20)``, ``batch_size by 4 num_units``, ``[B, 4U]``.

Each of its axes is read as a sum of products of numbers and sizes, so that ``4*num_units``, ``U + U + 2U`` and, where
num_units is 5, ``20`` can be compared.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import prod

from ...core.axes import Axis, Sizes
from .verdict import Verdict

Term = tuple[str, ...]
"""The sizes in a product, in order of their names; nothing where it is a plain number."""

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
"""Other names of the sizes. Upper and lower case are the same."""

COUNTS = ("num_layers", "directions", "biases")
"""The sizes that only a framework's arrays have. They count parts of the model, and may be given as numbers."""

NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases.split()}
LETTERS = "".join(alias for alias in NAMES if len(alias) == 1)

LONGEST = 200
"""The most characters of an answer."""

MOST_TOKENS, MOST_AXES, MOST_TERMS, MOST_FACTORS, LARGEST = 48, 8, 12, 4, 10**12 - 1
"""The bounds of an answer: its numbers, names and signs; its axes; the terms of an axis; the names in a term; and a
number. No shape needs more, and what is within them is judged in less than 2 ms."""


class AnswerError(ValueError):
    """A typed answer is no shape. ``about`` and ``parts`` are those of a Verdict."""

    def __init__(self, about: str, **parts: str) -> None:
        super().__init__(Verdict(False, about, parts).message)
        self.about, self.parts = about, parts


@dataclass(frozen=True)
class Form:
    """One axis as it was typed, a polynomial: how often each product of sizes is in the sum. Sums and products raise
    AnswerError beyond the bounds."""

    terms: Mapping[Term, int]

    def __add__(self, other: "Form") -> "Form":
        return _bounded(Counter(self.terms) + Counter(other.terms))

    def __mul__(self, other: "Form") -> "Form":
        made: Counter[Term] = Counter()
        for left, n in self.terms.items():  # both are within the bounds, so these are at most 144 steps
            for right, m in other.terms.items():
                made[tuple(sorted(left + right))] += n * m
        return _bounded(made)

    @property
    def is_number(self) -> bool:
        return set(self.terms) <= {()}

    def counted(self, sizes: Sizes) -> "Form":
        """The same with numbers in place of ``COUNTS``, where ``sizes`` has them."""
        known = {name: sizes[name] for name in COUNTS if name in sizes}
        made: Counter[Term] = Counter()
        for term, n in self.terms.items():
            made[tuple(name for name in term if name not in known)] += n * prod(known.get(name, 1) for name in term)
        return Form(made)

    def value(self, sizes: Sizes) -> int | None:
        """The number; None where it names a size that does not exist."""
        if any(name not in sizes for term in self.terms for name in term):
            return None
        return sum(n * prod(sizes[name] for name in term) for term, n in self.terms.items())

    def is_axis(self, axis: Axis) -> bool:
        """Whether it has the names of the axis, in any order."""
        named: Counter[Term] = Counter()
        for n, name in axis.terms:
            named[(name,)] += n
        return dict(self.terms) == dict(named)


def _bounded(terms: Mapping[Term, int]) -> Form:
    """Raises AnswerError where there are more terms, names in a term or digits than any shape needs."""
    if len(terms) > MOST_TERMS or any(len(term) > MOST_FACTORS for term in terms):
        raise AnswerError("complex")
    if (largest := max(terms.values(), default=0)) > LARGEST:
        raise AnswerError("large", number=str(largest)[:12])
    return Form(terms)


Answer = tuple[Form, ...]


def readings(text: str) -> list[Answer]:
    """The axes of a typed shape in each possible reading, the likeliest first: ``4*U`` is a product but ``3*20`` is two
    axes, ``4U`` is a product but ``3 U`` may be two axes. Raises AnswerError where there is none."""
    tokens = _tokens(text)
    apart = ["," if token == "*" else token for token in tokens]
    ways = [(tokens, True), (tokens, False), (apart, False)]
    if set(tokens) <= {"*", *filter(str.isdigit, tokens)}:
        ways.reverse()
    found: list[Answer] = []
    refused: AnswerError | None = None
    for way, together in ways:
        try:
            found.append(_shape(way, together))
        except AnswerError as error:
            refused = refused or error
    if not found:
        raise refused or AnswerError("nothing")
    return found


def number(text: str) -> Answer:
    """A count: the whole text is one product or sum. Raises AnswerError."""
    return _shape(_tokens(text), together=True, chained=True)


def _shape(tokens: list[str], together: bool, chained: bool = False) -> Answer:
    if not tokens:
        raise AnswerError("nothing")
    answer = tuple(islice(_Reader(_unwrapped(tokens), together, chained).shape(), MOST_AXES + 1))
    if len(answer) > MOST_AXES:
        raise AnswerError("complex")
    return answer


_TOKEN = re.compile(r"\s*(?:(\d+)|([A-Za-z_][A-Za-z_0-9]*)|(.))", re.DOTALL)
_SIGNS = {
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
    """At most ``MOST_TOKENS``. Raises AnswerError."""
    tokens = list(islice(_found(text), MOST_TOKENS + 1))
    if len(tokens) > MOST_TOKENS:
        raise AnswerError("complex")
    return tokens


def _found(text: str) -> Iterator[str]:
    """Digits, names of sizes, and the signs + * ( ) and a comma between axes."""
    if len(text) > LONGEST:
        raise AnswerError("long")
    text = re.sub(r"(?i)\b(batch|time|input|hidden|seq|sequence)[ -](sizes?|steps?|length|dim)\b", r"\1_\2", text)
    text = re.sub(r"(?i)torch\.size|tensorshape|\bshape\b\s*[=:]?", "", text.strip())
    # x between two axes, however close: 3x20, B x 4U
    text = re.sub(rf"(?i)(?<=[\d\s)\]{LETTERS}])x(?=[\s\d(\[{LETTERS}]|$)", ",", text)
    text = re.sub(r"(?i)\b(?:by|mal|por)\b|乘以?", ",", text)
    for digits, word, sign in _TOKEN.findall(text):
        if digits:
            yield str(_bounded({(): int(digits)}).terms[()])
        elif word:
            if word.lower() not in NAMES:
                raise AnswerError("word", word=word)
            yield NAMES[word.lower()]
        elif not sign.isspace():
            sign = _SIGNS.get(sign, sign)
            if sign not in ",+*()":
                raise AnswerError("sign", sign=sign)
            yield sign


def _unwrapped(tokens: list[str]) -> list[str]:
    """The tokens without brackets around them all, and without a comma at the end."""
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


class _Reader:
    """Parses sums of products, one for each axis."""

    def __init__(self, tokens: list[str], together: bool, chained: bool) -> None:
        """``together``: whether 4U is a product, not two axes; ``chained``: whether whatever stands together is."""
        self.tokens, self.at, self.together, self.chained = tokens, 0, together, chained

    @property
    def next(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        token = self.next
        self.at += 1
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
        made = self.factor()
        while self.next == "*" or self.goes_on(first):
            if self.next == "*":
                self.take()
            first, made = "", made * self.factor()
        return made

    def goes_on(self, first: str) -> bool:
        """Whether the next token continues the product without a sign: 4U, 2(U+F)."""
        is_factor = self.next in ALIASES or self.next == "("
        return is_factor and (self.chained or (self.together and first.isdigit()))

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
