"""Texts that cost a server more than they look: long ones, and typed shapes that grow when they are multiplied out."""

from collections.abc import Callable, Sequence
from random import Random

SHORT = ("b", "t", "f", "u", "p", "1")
SIZES = (*SHORT, "batch_size", "time_step", "features", "num_units", "num_proj", "2", "999999999999")
LONGEST_ANSWERS = (200, 200, 200, 2000, 8000)
"""Characters; the first is what a quiz reads."""

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
"""Characters that take several bytes, are escaped, join, are words of their own, or are all different."""

TOKENS = (*SIZES, "(", ")", "*", "+", ",", "x", " x ", "×", "[", "]", "^", "**", "by", "shape=", "batch ", " ", "９")


def long_text(random: Random, longest: int) -> str:
    """At most ``longest`` characters of one alphabet, in order or mixed."""
    letters = random.choice(ALPHABETS)
    size = random.choice((longest, round(longest ** random.random())))
    if random.random() < 0.5:
        return (letters * (size // len(letters) + 1))[:size]
    return "".join(random.choices(letters, k=size))


def answer(random: Random) -> str:
    """A typed shape, or anything else, of any length."""
    return random.choice((*GROWING, *OTHERS))(random, random.choice(LONGEST_ANSWERS))


def expensive_answer(random: Random) -> str:
    """A typed shape as short as a quiz reads it, which grows when it is multiplied out."""
    return random.choice(GROWING)(random, LONGEST_ANSWERS[0])


def _sum(random: Random) -> str:
    sizes = random.choice((SHORT, SIZES))
    return "+".join(random.sample(sizes, random.randint(2, 6)))


def _product(random: Random, longest: int) -> str:
    """(b+t+f)*(1+u)*..., of the same sum or of others."""
    factor, sign = f"({_sum(random)})", random.choice(("*", "·", ""))
    same = random.random() < 0.5
    return _repeated(lambda: (factor if same else f"({_sum(random)})") + sign, longest).rstrip("*·")


def _nested(random: Random, longest: int) -> str:
    """((b+t)*((b+t)*(...)))"""
    opened = f"({_sum(random)})*("
    depth = max(1, longest // (len(opened) + 1) - 1)
    return f"{opened * depth}1{')' * depth}"


def _long_sum(random: Random, longest: int) -> str:
    return _repeated(lambda: random.choice(SIZES) + "+", longest) + "1"


def _powers(random: Random, longest: int) -> str:
    """A size times itself, or an exponent."""
    size, power = random.choice(SIZES), "9" * random.randint(1, 11)
    return random.choice(
        (_repeated(lambda: f"{size}*", longest) + "1", f"({_sum(random)})^{power}", f"{size}**{power}")
    )


def _brackets(random: Random, longest: int) -> str:
    return "(" * (longest // 2) + random.choice(SIZES) + ")" * (longest // 2 - 12)


def _tokens(random: Random, longest: int) -> str:
    return _repeated(lambda: random.choice(TOKENS), longest)


Way = Callable[[Random, int], str]
"""Functions that make a text of at most a number of characters."""

GROWING: Sequence[Way] = (_product, _product, _product, _nested, _long_sum, _powers)
OTHERS: Sequence[Way] = (_brackets, _tokens, long_text)


def _repeated(part: Callable[[], str], longest: int) -> str:
    """As many parts as fit, leaving room for a last factor."""
    parts, size = [""], 0
    while size + len(parts[-1]) + 12 < longest:
        parts.append(part())
        size += len(parts[-1])
    return "".join(parts)[: longest - 1]
