"""Symbols, numbers and colours as HTML and CSS classes."""

import re

import numpy as np
from markupsafe import Markup, escape

from ....core.axes import Axis

_LETTER = re.compile(r"(?<![\w&#])([A-Za-zσ])(?=<sub>|[^\w;]|$)")
_BLOCK = re.compile(r"(?<![\w&#])([A-Za-z])_([A-Za-z]+)(?!\w)")


def mathematics(text: str, t: int, step_sign: int = 1) -> Markup:
    """Plain mathematics as HTML: in ``fₜ = σ(a_f)`` at step 2, f has the subscript 2 and a has the subscript f.

    ``step_sign`` is 1, or -1 in a reversed direction, where step t + 1 is computed before step t.
    """
    html = str(escape(text))
    html = _BLOCK.sub(r"\1<sub>\2</sub>", html)
    html = html.replace("ₜ₋₁", f"<sub>{str(t - step_sign).replace('-', '−')}</sub>").replace("ₜ", f"<sub>{t}</sub>")
    return Markup(_LETTER.sub(r"<i>\1</i>", html))


def tint(share: float) -> str:
    """The CSS class of a value, given as a share of the scale's maximum: "" near 0, up to p5 or n5 for 1 or -1 and
    beyond."""
    level = min(5, round(5 * abs(share)))
    return f"{'p' if share > 0 else 'n'}{level}" if level else ""


def colour(axis: Axis) -> str:
    """The CSS class of an axis: its name, or "" for a sum of axes."""
    return axis.names[0] if len(axis.names) == 1 else ""


def decimal(value: float, places: int) -> str:
    """A number with so many decimal places and a typographic minus. There is no minus before zeros."""
    text = f"{value:.{places}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def measured(value: float) -> str:
    """A number with three decimal places, or with two significant digits if the three places are all 0."""
    if round(value, 3) or not value:
        return decimal(value, 3)
    return np.format_float_positional(value, 2, fractional=False, trim="-").replace("-", "−")
