"""Symbols as they are set in HTML: italic letters, real subscripts, the number of the step put in."""

import re

from markupsafe import Markup, escape

_LETTER = re.compile(r"(?<![\w&#])([A-Za-zσ])(?=<sub>|[^\w;]|$)")
_BLOCK = re.compile(r"(?<![\w&#])([A-Za-z])_([A-Za-z])(?!\w)")


def mathematics(text: str, t: int) -> Markup:
    """Plain mathematics -> HTML: ``fₜ = σ(a_f)`` at step 2 is f with a small 2, a with a small f."""
    html = str(escape(text))
    html = _BLOCK.sub(r"\1<sub>\2</sub>", html)
    html = html.replace("ₜ₋₁", f"<sub>{t - 1}</sub>").replace("ₜ", f"<sub>{t}</sub>")
    return Markup(_LETTER.sub(r"<i>\1</i>", html))
