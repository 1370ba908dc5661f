"""Unicode's characters in equations: the sign that each means, Greek letters, marks, raised and lowered ones."""

import unicodedata

from .latex_commands import GREEK

_LETTERS = {"ς": "sigma", "ϵ": "epsilon", "ϕ": "phi", "ϑ": "theta", "ϱ": "rho", "ℓ": "ell", "µ": "mu"}
"""Characters of letters that Unicode does not call so."""

COMBINING = {"\u0303": "tilde", "\u0302": "hat", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot",
             "\u0308": "ddot", "\u030c": "check", "\u20d7": "", "\u0301": "acute"}  # fmt: skip
"""Marks above the character before, and what they add to its name."""

SPACING = {"˜": "tilde", "ˆ": "hat", "¯": "bar", "˙": "dot", "ˇ": "check"}
"""Marks that stand beside their letter in text copied from a PDF."""

SIGN_OF = {
    "⊙": "⊙", "∘": "⊙", "◦": "⊙", "∗": "∗",
    "⋆": "⊙", "⊛": "∗", "•": "⊙", "○": "⊙", "*": "∗", "·": "·", "⋅": "·", "×": "·",
    "@": "·", "⊗": "⊗", "⊕": "+", "−": "-", "–": "-", "—": "-", "‐": "-", "‑": "-", "≔": "=", "←": "=", "≜": "=",
    "≡": "=", "∈": "∈", "‖": "‖", "∥": "‖", "′": "'", "’": "'", "⊤": "⊤", "ᵀ": "^⊤", "⟨": "⟨", "⟩": "⟩", "÷": "/",
    "∕": "/", "⁄": "/", "⊘": "/", "≤": "≤", "≥": "≥", "≠": "≠", "√": "√", "½": "½", "：": ":", "（": "(",
    "）": ")", "；": ";", "＝": "=", "＋": "+", "，": ",", "∼": "∼", "∧": "∧", "→": "→", "…": "…", "⋯": "…",
    **{c: c for c in "+-/()[]{}=,;:^_|<>'.&"},
}  # fmt: skip
"""What the characters of signs mean. ``latex_commands.SIGNS`` has the same for LaTeX's commands."""

SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥᵦᵧᵨᵩᵪ", "0123456789+-=()aeoxhklmnpstijruvβγρφχ", strict=True))
SUPERSCRIPTS = dict(
    zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ", "0123456789+-=()abcdefghijklmnoprstuvwxyz", strict=True)
)


def greek(character: str) -> str:
    """alpha, for α; nothing for other characters."""
    if character in _LETTERS:
        return _LETTERS[character]
    name = unicodedata.name(character, "")
    for size in ("SMALL", "CAPITAL"):
        if name.startswith(f"GREEK {size} LETTER "):
            letter = name.rpartition(" ")[2].lower().replace("lamda", "lambda")
            return (letter if size == "SMALL" else letter.capitalize()) if letter in GREEK else ""
    return ""


def is_script(character: str) -> bool:
    """Whether a character is a calligraphic capital, 𝒲."""
    return "SCRIPT CAPITAL" in unicodedata.name(character, "")
