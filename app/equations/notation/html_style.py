"""Parts of a formula in HTML: letters in italics, indices, fractions and roots.

Browsers set MathML well only with a font for mathematics, which many computers lack.
"""

from html import escape

from ..canonical import number_text
from .source import GREEK

SIGNS = {
    "*": " ⊙ ", "@": " ", "dot": " · ", "outer": " ⊗ ", "+": " + ", "-": " − ", "minus": "−", "=": " = ", "≐": " = ",
    "<": " &lt; ", ">": " &gt; ", "≤": " ≤ ", "≥": " ≥ ", "≠": " ≠ ", "⊤": "⊤", ",": ", ", "beside": " ",
}  # fmt: skip
ACCENTS = {"tilde": "\u0303", "hat": "\u0302", "bar": "\u0304"}
"""The combining characters of accents."""

SMALL_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"


class Html:
    """Parts of a formula in HTML. The classes ``over`` (a fraction) and ``root`` are in static/css/cell.css."""

    def number(self, value: float) -> str:
        return number_text(value).replace("-", "−")

    def name(self, base: str, accents: tuple[str, ...], label: str, step: str) -> str:
        text = self.word(base, "".join(ACCENTS[accent] for accent in accents))
        parts = [self.word(label)] if label else []
        parts += [f"<var>t</var>{' − 1' if step != 't' else ''}"] if step else []
        return f"{text}<sub>{', '.join(parts)}</sub>" if parts else text

    def word(self, text: str, accents: str = "") -> str:
        letter = greek_letter(text) or escape(text)
        return letter if text.isdigit() else f"<var>{letter}{accents}</var>"

    def sign(self, sign: str) -> str:
        return SIGNS[sign]

    def row(self, *parts: str) -> str:
        return "".join(parts)

    def fenced(self, inside: str, opening: str, closing: str, over: str = "") -> str:
        return f"{opening}{inside}{closing}{f'<sub>{over}</sub>' if over else ''}"

    def fraction(self, above: str, below: str) -> str:
        slash = '<span class="visually-hidden">/</span>'
        return f'<span class="over"><span>{above}</span>{slash}<span>{below}</span></span>'

    def root(self, inside: str) -> str:
        return f'√<span class="root">{inside}</span>'

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}<sup>{exponent}</sup>"

    def called(self, function: str, over: str, arguments: list[str]) -> str:
        if function == "identity":
            return "<var>I</var>"
        words = {
            "sigmoid": "<var>σ</var>",
            "logsigmoid": "log <var>σ</var>",
            "sum": "Σ",
            "maximum": "max",
            "minimum": "min",
        }
        head = words.get(function, function.replace("_", " "))
        return f"{head}{f'<sub>{over}</sub>' if over else ''}({', '.join(arguments)})"


def greek_letter(word: str) -> str:
    """The letter of a word such as sigma or Sigma, or nothing."""
    if word.lower() not in GREEK or word not in (word.lower(), word.capitalize()):
        return ""
    small = SMALL_GREEK[GREEK.index(word.lower())]
    return small if word.islower() else small.upper()
