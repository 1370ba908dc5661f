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

Term = tuple[str, ...]
"""The sizes in a product, in order of their names; nothing where it is a plain number."""

ALIASES = {
    "batch_size": "batch_size batch b n none samples",
    "time_step": "time_step time_steps timesteps timestep steps time seq_len sequence_length t",
    "features": "features feature input_size input_dim input f",
    "num_units": "num_units units unit hidden_size hidden n_hidden latent_dim u h",
    "num_proj": "num_proj proj_size p",
}
"""What people call the sizes, in any case."""

NAMES = {alias: name for name, aliases in ALIASES.items() for alias in aliases.split()}

LONGEST = 200
"""So many characters are read."""


class AnswerError(ValueError):
    """What is typed is no shape."""


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


def read(text: str) -> tuple[Form, ...]:
    """Every axis of a typed shape. Raises AnswerError."""
    if len(text) > LONGEST:
        raise AnswerError("that is too long for a shape")
    tokens = list(_tokens(text))
    if not tokens:
        raise AnswerError("nothing is typed yet")
    if set(tokens) <= {"*", *filter(str.isdigit, tokens)}:
        tokens = ["," if token == "*" else token for token in tokens]  # 3*20
    return tuple(_Reader(_unwrapped(tokens)).shape())


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
    text = re.sub(r"(?i)torch\.size|tensorshape|\bshape\b\s*[=:]?", "", text.strip())
    # x between two axes, however close: 3x20, B x 4U
    text = re.sub(r"(?i)(?<=[\d\s)\]btfup])x(?=[\s\d(\[btfup]|$)", ",", text)
    text = re.sub(r"(?i)\b(?:by|mal|por)\b|乘以?", ",", text)
    for digits, word, sign in _TOKEN.findall(text):
        if digits:
            if len(digits) > 12:
                raise AnswerError(f"{digits[:12]}… is larger than any axis")
            yield str(int(digits))
        elif word:
            if word.lower() not in NAMES:
                raise AnswerError(f"“{word}” is no size; there are batch_size, time_step, features and num_units")
            yield NAMES[word.lower()]
        elif not sign.isspace():
            sign = _SIGNS.get(sign, sign)
            if sign not in ",+*()":
                raise AnswerError(f"“{sign}” cannot be read; write a shape like 3 x 20 or (batch_size, 4*num_units)")
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

    def __init__(self, tokens: list[str]) -> None:
        self.tokens, self.at = tokens, 0

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
                raise AnswerError("a bracket closes that was never opened")

    def sum(self) -> Counter[Term]:
        total = self.product()
        while self.next == "+":
            self.take()
            total.update(self.product())
        return total

    def product(self) -> Counter[Term]:
        first = self.next
        made = self.factor()
        # 4U is a product, 3 20 are two axes
        while self.next == "*" or (first.isdigit() and (self.next in ALIASES or self.next == "(")):
            if self.next == "*":
                self.take()
            first, made = "", _times(made, self.factor())
        return made

    def factor(self) -> Counter[Term]:
        token = self.take()
        if token == "(":
            inside = self.sum()
            if self.take() != ")":
                raise AnswerError("a bracket is opened and not closed")
            return inside
        if token.isdigit():
            return Counter({(): int(token)})
        if token in ALIASES:
            return Counter({(token,): 1})
        raise AnswerError("something is missing; write a shape like 3 x 20 or (batch_size, 4*num_units)")


def _times(a: Counter[Term], b: Counter[Term]) -> Counter[Term]:
    made: Counter[Term] = Counter()
    for left, n in a.items():
        for right, m in b.items():
            made[tuple(sorted(left + right))] += n * m
    return made
