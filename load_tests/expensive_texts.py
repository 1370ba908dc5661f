"""Expensive texts: long ones, and typed shapes that grow when they are multiplied out."""

from collections.abc import Callable, Sequence
from random import Random

SHORT = ("b", "t", "f", "u", "p", "1")
SIZES = (*SHORT, "batch_size", "time_step", "features", "num_units", "num_proj", "2", "999999999999")
ANSWER_LENGTHS = (200, 200, 200, 2000, 8000)
"""Maximum lengths of answers in characters. The first one is the limit of a quiz."""

ALPHABETS = (
    "a",
    "ab ",
    "a\n",
    "<>&\"'",
    "\N{GRINNING FACE}\N{FIRE}\N{SNOWMAN}",
    "e\N{COMBINING ACUTE ACCENT}\N{COMBINING DIAERESIS}",
    "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}",
    "漢字かなשלום",
    "".join(map(chr, range(0x4E00, 0x4E00 + 2000))),
)
"""Characters that take several bytes, are escaped, are combined, are single words, or are all different."""

TOKENS = (*SIZES, "(", ")", "*", "+", ",", "x", " x ", "×", "[", "]", "^", "**", "by", "shape=", "batch ", " ", "９")


def long_text(random: Random, max_length: int) -> str:
    """A text of at most ``max_length`` characters of one alphabet, in order or mixed."""
    alphabet = random.choice(ALPHABETS)
    size = random.choice((max_length, round(max_length ** random.random())))
    if random.random() < 0.5:
        return (alphabet * (size // len(alphabet) + 1))[:size]
    return "".join(random.choices(alphabet, k=size))


SOURCE_LINES = (
    "x = f(a, b)[0].c + 1\n",
    "x = [" + "1, " * 20 + "1]\n",
    "x = = 1\n",
    "class A(nn.Module):\n  def __init__(self, n=2):\n    self.rnn = nn.LSTM(n, n * 2)\n"
    "  def forward(self, x):\n    return self.rnn(x)[0]\n",
    "model.add(Dense(8))\n",
    "for a in range(60):\n  for b in range(60):\n    x = a + b\n",
    "def f(x):\n  return f(x) + f(x)\n",
    '"""a\n',
    "(",
)
"""Python that takes long to parse or to follow."""

SOURCE_LENGTHS = (1000, 15_000)


def source(random: Random) -> str:
    """Python source code. In JSON each character takes at most two bytes."""
    lines, length = random.sample(SOURCE_LINES, random.choice((1, 1, 3))), random.choice(SOURCE_LENGTHS)
    text = "".join(random.choices(lines, k=length // min(map(len, lines)) + 1))
    return f"import torch.nn as nn\nmodel = Sequential()\n{text}"[:length]


ERROR_LINES = (
    '  File "/home/me/train.py", line 61, in <module>\n',
    "RuntimeError: Expected hidden[0] size (8, 1024, 4096), got [1024, 8, 4096]\n",
    "RuntimeError: input.size(-1) must be equal to input_size. Expected 4096, got 12\n",
    "ValueError: Input 0 of layer lstm_1 is incompatible with the layer: expected ndim=3, found ndim=",
    "LSTM: Expected input to be 2D or 3D, got 999999999D instead\n",
    "ValueError: Input 0 of layer lstm is incompatible with the layer: expected min_ndim=999999999, found ndim=20000\n",
    "│ \x1b[31mExpected hidden[0] size (│\n│ 4, 3, │\n",
    "Expected hidden[0] size (1, 2",
    "Error: ",
    "([{" * 20,
)
"""Lines that look like those of error messages, whole or cut off."""


def error_text(random: Random) -> str:
    """A pasted text that ends with an error message, or almost. In a form a character takes at most three bytes."""
    lines = random.choices(random.sample(ERROR_LINES, random.choice((1, 2, 4))), k=300)
    return ("".join(lines) + random.choice(ERROR_LINES))[-9000:]


def answer(random: Random) -> str:
    """A typed shape or another text, of any length."""
    return random.choice((*GROWING, *OTHERS))(random, random.choice(ANSWER_LENGTHS))


def expensive_answer(random: Random) -> str:
    """A typed shape within the limit of a quiz, which grows when it is multiplied out."""
    return random.choice(GROWING)(random, ANSWER_LENGTHS[0])


def _sum(random: Random) -> str:
    sizes = random.choice((SHORT, SIZES))
    return "+".join(random.sample(sizes, random.randint(2, 6)))


def _product(random: Random, max_length: int) -> str:
    """A product of sums, the same or different ones: (b+t+f)*(1+u)*..."""
    factor, operator = f"({_sum(random)})", random.choice(("*", "·", ""))
    same = random.random() < 0.5
    return _repeated(lambda: (factor if same else f"({_sum(random)})") + operator, max_length).rstrip("*·")


def _nested(random: Random, max_length: int) -> str:
    """A nested product: ((b+t)*((b+t)*(...)))."""
    opening = f"({_sum(random)})*("
    depth = max(1, max_length // (len(opening) + 1) - 1)
    return f"{opening * depth}1{')' * depth}"


def _long_sum(random: Random, max_length: int) -> str:
    return _repeated(lambda: random.choice(SIZES) + "+", max_length) + "1"


def _powers(random: Random, max_length: int) -> str:
    """A power of a size, as a product or with an exponent."""
    size, power = random.choice(SIZES), "9" * random.randint(1, 11)
    return random.choice(
        (_repeated(lambda: f"{size}*", max_length) + "1", f"({_sum(random)})^{power}", f"{size}**{power}")
    )


def _brackets(random: Random, max_length: int) -> str:
    return "(" * (max_length // 2) + random.choice(SIZES) + ")" * (max_length // 2 - 12)


def _tokens(random: Random, max_length: int) -> str:
    return _repeated(lambda: random.choice(TOKENS), max_length)


TextMaker = Callable[[Random, int], str]
"""Makes a random text of at most a number of characters."""

GROWING: Sequence[TextMaker] = (_product, _product, _product, _nested, _long_sum, _powers)
OTHERS: Sequence[TextMaker] = (_brackets, _tokens, long_text)


def _repeated(part: Callable[[], str], max_length: int) -> str:
    """As many parts as fit, with room for a last factor."""
    parts, size = [""], 0
    while size + len(parts[-1]) + 12 < max_length:
        parts.append(part())
        size += len(parts[-1])
    return "".join(parts)[: max_length - 1]
