"""Parts of a formula in HTML: letters in italics, indices, fractions and roots.

Browsers set MathML well only with a font for mathematics, which many computers lack.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from ...canonical import number_text
from ..vocabulary.latex_commands import GREEK

SIGNS = {
    "*": " ⊙ ", "@": " ", "dot": " · ", "outer": " ⊗ ", "+": " + ", "-": " − ", "minus": "−", "=": " = ", "≐": " = ",
    "<": " &lt; ", ">": " &gt; ", "≤": " ≤ ", "≥": " ≥ ", "≠": " ≠ ", "⊤": "⊤", ",": ", ", "beside": " ",
}  # fmt: skip
PRIME = "prime"
ACCENTS = {"tilde": "\u0303", "hat": "\u0302", "bar": "\u0304", PRIME: "′"}
"""The combining characters of accents, and the mark behind a letter."""

SMALL_GREEK = "αβγδεζηθικλμνξοπρστυφχψω"


@dataclass(frozen=True)
class Html:
    """Parts of a formula in HTML. The classes ``over`` (a fraction) and ``root`` are in static/css/cell_equations.css.
    ``has_pairs``: whether an index such as that of W_xi is x and i, from the input to a gate, and not ξ."""

    has_pairs: bool = False

    def number(self, value: float) -> str:
        return number_text(value).replace("-", "−")

    def name(self, base: str, accents: tuple[str, ...], label: str, step: str) -> str:
        text = self.word(base, "".join(ACCENTS[accent] for accent in accents))
        is_pair = self.has_pairs and base[:1].isupper() and len(label) == 2
        words = accented(label)
        if letters := spelled(label):
            parts = [f"<var>{letters}</var>"]
        elif any(marks for _, marks in words) or has_greek(words):
            parts = [self.word(*word) for word in words]
        else:
            parts = [f"<var>{label}</var>" if is_pair else self.word(label)] if label else []
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


def accented(index: str) -> list[tuple[str, str]]:
    """The words of an index with their accents, as combining characters: f and a tilde, of the index of W_f_tilde."""
    found: list[tuple[str, str]] = []
    for word in filter(None, index.split("_")):
        if found and word in ACCENTS and word != PRIME and (len(found[-1][0]) == 1 or greek_letter(found[-1][0])):
            found[-1] = found[-1][0], found[-1][1] + ACCENTS[word]
        else:
            found.append((word, ""))
    return found


def has_greek(words: Sequence[tuple[str, str]]) -> bool:
    """Whether an index of several words has a Greek letter, γ of W_gamma_x."""
    return len(words) > 1 and any(greek_letter(word) for word, _ in words)


def spelled(index: str) -> str:
    """The letters of an index that are set apart because together they would name a Greek letter, xi of W_x_i; nothing
    for other indices."""
    parts = index.split("_")
    joined = "".join(parts)
    return joined if joined in GREEK and len(parts) == len(joined) else ""


def has_pairs(names: Iterable[str]) -> bool:
    """Whether a weight has an index of two letters that begins with x or h and is no Greek letter: W_hi, W_xf."""
    labels = (label for base, _, label in (name.partition("_") for name in names) if base[:1].isupper())
    return any(len(label) == 2 and label.isalpha() and label[0] in "xh" and label not in GREEK for label in labels)


def greek_letter(word: str) -> str:
    """The letter of a word such as sigma or Sigma, or nothing. Dt is Δt, the length of a step that is a tensor."""
    if word == "Dt":
        return "Δt"
    if word.lower() not in GREEK or word not in (word.lower(), word.capitalize()):
        return ""
    small = SMALL_GREEK[GREEK.index(word.lower())]
    return small if word.islower() else small.upper()
