"""A shape as people type it: ``3 x 20``, ``(3, 20)``, ``batch_size by 4 num_units``, ``[B, 4U]``.

Each of its axes is read as a sum of products of numbers and sizes, so that ``4*num_units``, ``U + U + 2U`` and, where
num_units is 5, ``20`` can be compared.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod

from app.core.axes import Axis, Sizes
from app.lessons.quiz.verdict import SAID

Term = tuple[str, ...]
"""The sizes in a product, in order of their names; nothing where it is a plain number."""

ALIASES = {
    "batch_size": "batch_size batch b n none samples n_samples",
    "time_step": "time_step time_steps timesteps timestep steps n_steps time seq_len seq_length sequence_length t l",
    "features": "features feature n_features num_features input_size input_dim input f d i",
    "num_units": "num_units units unit n_units hidden_size hidden hidden_dim n_hidden latent_dim u h",
    "num_proj": "num_proj proj_size p",
}
"""What people call the sizes, in any case."""

NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases.split()}
LETTERS = "".join(alias for alias in NAMES if len(alias) == 1)

LONGEST = 200
"""So many characters are read."""


class AnswerError(ValueError):
    """What is typed is no shape. ``about`` and ``parts`` are those of a Verdict."""

    def __init__(self, about: str, **parts: str) -> None:
        super().__init__(SAID[about].format(**parts))
        self.about, self.parts = about, parts


@dataclass(frozen=True)
class Form:
    """One axis as it was typed: how often each product of sizes is in the sum."""

    terms: Mapping[Term, int]

    @property
    def is_number(self) -> bool:
        return set(self.terms) <= {()}

    def value(self, sizes: Sizes) -> int | None:
        """As a number, or nothing where it names what there is not."""
        if any(name not in sizes for term in self.terms for name in term):
            return None
        return sum(n * prod(sizes[name] for name in term) for term, n in self.terms.items())

    def is_axis(self, axis: Axis) -> bool:
        """Whether it says the axis by its names, in any order."""
        named: Counter[Term] = Counter()
        for n, name in axis.terms:
            named[(name,)] += n
        return dict(self.terms) == dict(named)


Answer = tuple[Form, ...]


def readings(text: str) -> list[Answer]:
    """Every axis of a typed shape, in each way in which it may be meant, the likeliest first: ``4*U`` is a product but
    ``3*20`` is two axes, ``4U`` is a product but ``3 U`` may be two axes. Raises AnswerError."""
    tokens = list(_tokens(text))
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
    """A count, where all that is typed is one product or sum. Raises AnswerError."""
    return _shape(list(_tokens(text)), together=True, chained=True)


def _shape(tokens: list[str], together: bool, chained: bool = False) -> Answer:
    if not tokens:
        raise AnswerError("nothing")
    return tuple(_Reader(_unwrapped(tokens), together, chained).shape())


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


def _tokens(text: str) -> Iterator[str]:
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
            if len(digits) > 12:
                raise AnswerError("large", number=digits[:12])
            yield str(int(digits))
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
    """Without brackets around the whole, and without a comma at the end."""
    while tokens and tokens[0] == "(" and _closing(tokens) == len(tokens) - 1:
        tokens = tokens[1:-1]
    return tokens[:-1] if tokens[-1:] == [","] else tokens


def _closing(tokens: list[str]) -> int:
    """Where the bracket closes that the first token opens."""
    depth = 0
    for n, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if not depth:
            return n
    return -1


class _Reader:
    """Sums of products, one for each axis."""

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
            yield Form(self.sum())
            if not self.next:
                return
            if self.next == ",":
                self.take()
            elif self.next == ")":
                raise AnswerError("closed")

    def sum(self) -> Counter[Term]:
        total = self.product()
        while self.next == "+":
            self.take()
            total.update(self.product())
        return total

    def product(self) -> Counter[Term]:
        first = self.next
        made = self.factor()
        while self.next == "*" or self.goes_on(first):
            if self.next == "*":
                self.take()
            first, made = "", _times(made, self.factor())
        return made

    def goes_on(self, first: str) -> bool:
        """Whether what comes next belongs to the product without a sign: 4U, 2(U+F)."""
        is_factor = self.next in ALIASES or self.next == "("
        return is_factor and (self.chained or (self.together and first.isdigit()))

    def factor(self) -> Counter[Term]:
        token = self.take()
        if token == "(":
            inside = self.sum()
            if self.take() != ")":
                raise AnswerError("opened")
            return inside
        if token.isdigit():
            return Counter({(): int(token)})
        if token in ALIASES:
            return Counter({(token,): 1})
        raise AnswerError("missing")


def _times(a: Counter[Term], b: Counter[Term]) -> Counter[Term]:
    made: Counter[Term] = Counter()
    for left, n in a.items():
        for right, m in b.items():
            made[tuple(sorted(left + right))] += n * m
    return made
