"""How numbers are written for readers: thousands stand in groups, 1,024.

A phrase has the comma in its braces, ``phrase("step {t:,}", t=1024)``; a number by itself is ``grouped(1024)``. Both
are English until a ``Translator`` writes them as its language does. Scripts have static/js/page/numbers.js.
"""

from decimal import Decimal

from ..size_expressions import written
from .phrases import Phrase, phrase

SEPARATORS: dict[str, str] = {}
"""By language, what stands between groups of digits where it is not the comma."""


def grouped(n: float, spec: str = ",") -> Phrase:
    """A number as a phrase without words. ``spec`` is Python's format, such as ``+,`` or ``,.2f``."""
    template = f"{{n:{spec}}}"
    return phrase(template, n=n)


def percentage(share: float) -> str:
    """A share from 0 to 1 in percent, without the sign: 91.4. Only all of something is 100."""
    return "100" if share == 1 else f"{100 * share:.1f}"


def two_digits(value: float) -> str:
    """A number from 0 on with two significant digits, also if the second one is 0: 0.020, 12, 5e-10."""
    digits, exponent = f"{value:.1e}".split("e")
    return f"{float(digits):g}e{int(exponent)}" if int(exponent) < -6 else f"{Decimal(f'{digits}e{exponent}'):f}"


SUBSCRIPTS = str.maketrans("0123456789-", "₀₁₂₃₄₅₆₇₈₉₋")


def subscript(n: int) -> str:
    """A number in small, low digits: x₂."""
    return written("subscript", _subscript, n)


def _subscript(n: int) -> str:
    return str(n).translate(SUBSCRIPTS)


def with_minus(n: int) -> str:
    """A number with a minus sign instead of a hyphen."""
    return written("minus", _with_minus, n)


def _with_minus(n: int) -> str:
    return str(n).replace("-", "−")


class NumberIn:
    """A number that is formatted with the separator of a language, as a value in its phrases."""

    def __init__(self, value: float, separator: str) -> None:
        self._value, self._separator = value, separator

    def __format__(self, spec: str) -> str:
        return format(self._value, spec).replace(",", self._separator)
