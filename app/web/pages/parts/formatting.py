"""Symbols as they are set in HTML: italic letters, real subscripts, the number of the step put in."""

import re

from markupsafe import Markup, escape

_LETTER = re.compile(r"(?<![\w&#])([A-Za-zσ])(?=<sub>|[^\w;]|$)")
_BLOCK = re.compile(r"(?<![\w&#])([A-Za-z])_([A-Za-z]+)(?!\w)")


def mathematics(text: str, t: int, onward: int = 1) -> Markup:
    """Plain mathematics -> HTML: ``fₜ = σ(a_f)`` at step 2 is f with a small 2, a with a small f.

    ``onward`` is 1, or -1 where the step before t, in the order of computing, is the one after it in time.
    """
    html = str(escape(text))
    html = _BLOCK.sub(r"\1<sub>\2</sub>", html)
    html = html.replace("ₜ₋₁", f"<sub>{str(t - onward).replace('-', '−')}</sub>").replace("ₜ", f"<sub>{t}</sub>")
    return Markup(_LETTER.sub(r"<i>\1</i>", html))
