"""Symbols, numbers and colours as HTML and CSS classes."""

import re
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
from markupsafe import Markup, escape

from ....core.axes import TIMES, Axes, Axis
from ....diagram.size_notation import Notation
from ....diagram.text_spans import Line, TextSpan
from ....diagram.theme import axis_role
from ....translations.numbers import with_minus

_LETTER = re.compile(r"(?<![\w&#])([A-Za-zσ])(?=<sub>|[^\w;]|$)")
_BLOCK = re.compile(r"(?<![\w&#])([A-Za-z])_([A-Za-z]+)(?!\w)")


@lru_cache(2**12, typed=True)
def mathematics(text: str, t: int, step_sign: int = 1) -> Markup:
    """Plain mathematics as HTML: in ``fₜ = σ(a_f)`` at step 2, f has the subscript 2 and a has the subscript f.

    ``step_sign`` is 1, or -1 in a reversed direction, where step t + 1 is computed before step t.
    """
    html = str(escape(text))
    html = _BLOCK.sub(r"\1<sub>\2</sub>", html)
    html = html.replace("ₜ₋₁", f"<sub>{with_minus(t - step_sign)}</sub>").replace("ₜ", f"<sub>{t}</sub>")
    return Markup(_LETTER.sub(r"<i>\1</i>", html))


def shape(line: Line) -> Markup:
    """A shape in the colours of its axes; 1 if it has none."""
    return Markup(f'<span class="shape">{"".join(map(_run, line)) or 1}</span>')


def _run(run: TextSpan) -> str:
    """A piece of a shape."""
    if run.text == TIMES:
        return f" {TIMES} "
    return escape(run.text) if run.role == "muted" else f'<b class="{run.role}">{escape(run.text)}</b>'


@lru_cache(2**10)
def named(axes: Axes, notation: Notation, sizes: tuple[str, ...]) -> Markup:
    """The names of axes in their colours. ``sizes`` has the names of all sizes, in order."""
    return Markup(f'<span class="axes">{f" {TIMES} ".join(_sum(axis, notation, sizes) for axis in axes)}</span>')


def _sum(axis: Axis, notation: Notation, sizes: tuple[str, ...]) -> str:
    """The names of an axis, in brackets if there are several."""
    terms = (
        f'{f"{n}·" if n > 1 else ""}<span class="{axis_role(name, sizes)}">{escape(notation.name(name))}</span>'
        for n, name in axis.terms
    )
    return f"({'+'.join(terms)})" if len(axis.terms) > 1 else "".join(terms)


def tint(share: float) -> str:
    """The CSS class of a value, given as a share of the scale's maximum: "" near 0, up to p5 or n5 for 1 or -1 and
    beyond."""
    level = min(5, round(5 * abs(share)))
    return f"{'p' if share > 0 else 'n'}{level}" if level else ""


def colour(axis: Axis, sizes: Iterable[str]) -> str:
    """The CSS class of an axis, or "" for a sum of axes. ``sizes`` has the names of the axes in the order of
    declaration."""
    return axis_role(axis.names[0], sizes) if len(axis.names) == 1 else ""


def decimal(value: float, places: int) -> str:
    """A number with so many decimal places and a typographic minus. There is no minus before zeros."""
    text = f"{value:.{places}f}"
    return text.replace("-", "−") if float(text) else text.removeprefix("-")


def measured(value: float) -> str:
    """A number with three decimal places, or with two significant digits if the three places are all 0."""
    if round(value, 3) or not value:
        return decimal(value, 3)
    return np.format_float_positional(value, 2, fractional=False, trim="-").replace("-", "−")
