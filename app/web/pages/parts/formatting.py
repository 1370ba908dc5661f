"""Symbols, numbers and colours as they are set in HTML."""

import re

import numpy as np
from markupsafe import Markup, escape

from ....core.axes import Axis

_LETTER = re.compile(r"(?<![\w&#])([A-Za-zσ])(?=<sub>|[^\w;]|$)")
_BLOCK = re.compile(r"(?<![\w&#])([A-Za-z])_([A-Za-z]+)(?!\w)")


def mathematics(text: str, t: int, step_sign: int = 1) -> Markup:
    """Plain mathematics -> HTML: ``fₜ = σ(a_f)`` at step 2 is f with a small 2, a with a small f.

    ``step_sign`` is 1, or -1 where the step before t, in the order of computing, is the one after it in time.
    """
    html = str(escape(text))
    html = _BLOCK.sub(r"\1<sub>\2</sub>", html)
    html = html.replace("ₜ₋₁", f"<sub>{str(t - step_sign).replace('-', '−')}</sub>").replace("ₜ", f"<sub>{t}</sub>")
    return Markup(_LETTER.sub(r"<i>\1</i>", html))


def tint(share: float) -> str:
    """The class of a value, as a share of the scale's end: nothing near 0, up to p5 or n5 at and beyond the ends."""
    level = min(5, round(5 * abs(share)))
    return f"{'p' if share > 0 else 'n'}{level}" if level else ""


def colour(axis: Axis) -> str:
    """The class of an axis: its name, or none where it is a sum."""
    return axis.names[0] if len(axis.names) == 1 else ""


def decimal(value: float, places: int) -> str:
    text = f"{value:.{places}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def measured(value: float) -> str:
    """With three decimals, or where these are all 0, though the value is not, with its first two digits."""
    if round(value, 3) or not value:
        return decimal(value, 3)
    return np.format_float_positional(value, 2, fractional=False, trim="-").replace("-", "−")
