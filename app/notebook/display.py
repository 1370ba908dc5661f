"""How traced models and errors are shown: as HTML in a notebook."""

import os
from collections.abc import Iterable, Sequence
from html import escape

from ..core.axes import TIMES
from ..diagram.elements import Picture
from ..diagram.painters.svg import svg
from ..diagram.painters.theme_css import FOLLOWING, notebook_style
from ..reading.code.values import Axes

CLASS = "unrolled"
"""The class of our element in a notebook."""

RULES = {
    "": "margin:0;padding:12px;overflow:auto;font-family:var(--sans);background:var(--fill-paper);color:var(--ink-ink)",
    "svg": "max-width:100%;height:auto",
    "table": "border-collapse:collapse;margin:12px 0 0;color:inherit;font-size:13px",
    "tr": "background:none!important",
    "th,td": "text-align:left;vertical-align:baseline;padding:3px 9px 3px 0;line-height:1.4",
    "th": "font-weight:600;border-bottom:1px solid var(--ink-hairline)",
    "pre,.shape": "font-family:var(--mono);color:inherit;background:none;margin:6px 0",
    ".shape": "font-size:12px;white-space:nowrap",
    "pre": "white-space:pre-wrap",
    ".note td": "padding-top:0;color:var(--ink-muted);font-size:13px",
    "p": "margin:12px 0 0;max-width:44em",
    ".sentence": "font:19px/1.45 var(--serif);margin:0 0 12px",
    "svg+svg": "display:block;margin-top:12px",
    ".removed": "color:var(--ink-error)",
    ".added": "color:var(--ink-proof)",
    "a": "color:var(--ink-features)",
}
"""The looks of what is in a figure. Notebooks have rules of their own for tables, such as the colours of every second
row, which would be those of another theme than ours."""

STYLE = notebook_style(CLASS) + "".join(
    ",".join(f".{CLASS} {one}".rstrip() for one in name.split(",")) + f"{{{rule}}}" for name, rule in RULES.items()
)


def figure(*parts: str) -> str:
    """Parts as HTML below each other, in light and dark and without scripts."""
    return f'<figure class="{CLASS}"><style>{STYLE}</style>{"".join(parts)}</figure>'


def drawn(picture: Picture | None) -> str:
    """A picture in a figure; "" for none."""
    return svg(picture, FOLLOWING) if picture else ""


def server() -> str:
    """The URL of a server that shows pages of Unrolled: that of the environment variable PUBLIC_URL; "" without one."""
    url = os.environ.get("PUBLIC_URL", "").strip().rstrip("/")
    return url if url.startswith(("http://", "https://")) else ""


def linked(text: str, path: str | None) -> str:
    """A text as HTML, as a link to a path if a server is known."""
    if not path or not server():
        return escape(text)
    return f'<a href="{escape(server() + path)}">{escape(text)}</a>'


def link_below(text: str, path: str | None) -> str:
    """A link in a paragraph of its own; "" if no server is known."""
    return f"<p>{linked(text, path)}</p>" if path and server() else ""


def html_table(head: Sequence[str], rows: Iterable[tuple[Sequence[str], str]]) -> str:
    """A table. Each row has cells of HTML, and a text in a line of its own below them; "" for none."""
    cells = "".join(f"<th>{escape(one)}</th>" for one in head)
    body = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>{_note(text, len(row))}" for row, text in rows
    )
    return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"


def _note(text: str, columns: int) -> str:
    """A row with a text below all columns but the first one, which may have less room than the text needs."""
    return f'<tr class="note"><td></td><td colspan="{columns - 1}">{escape(text)}</td></tr>' if text else ""


def axes_text(axes: Axes) -> str:
    """Axes as ``4 × 7 × 8``."""
    return f" {TIMES} ".join("?" if axis is None else str(axis) for axis in axes)


def html_shape(axes: Axes) -> str:
    """Axes as HTML."""
    return f'<span class="shape">{axes_text(axes)}</span>'


def short(value: float) -> str:
    """A small number with one digit: ``3e-8``."""
    mantissa, _, exponent = f"{value:.0e}".partition("e")
    return f"{mantissa}e{int(exponent)}" if value and exponent else str(value or 0)
