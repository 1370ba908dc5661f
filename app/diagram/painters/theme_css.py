"""Theme -> style sheet: fonts and both palettes as custom properties, roles as classes."""

from ..font_families import FONT_FAMILIES
from ..theme import DARK, LIGHT, Theme
from .page_svg import LABEL_ROLE


def style_sheet() -> str:
    """For words in a page and for SVG within it.

    The browser's preferred colour scheme decides between light and dark, unless the page has ``data-theme``. In print
    it is light.
    """
    preferred = f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){_variables(DARK)}}}"
    dark = f"@media screen{{{preferred}:root[data-theme=dark]{_variables(DARK)}}}"
    return f":root{_fonts()}:root{_variables(LIGHT)}{dark}{_classes()}"


FOLLOWING = Theme(
    **{
        group: {role: f"var(--{group}-{role}, {colour})" for role, colour in getattr(LIGHT, group).items()}
        for group in ("ink", "fill", "edge")
    }
)
"""The theme of an SVG outside of our pages that follows light and dark: each colour is a custom property, or else that
of the light theme."""

LIGHT_PLACES = ("[data-jp-theme-light=true]", ".vscode-light", "[theme=light]")
DARK_PLACES = ("[data-jp-theme-light=false]", ".vscode-dark", "[theme=dark]")
"""Where JupyterLab, VS Code and Colab say which theme they have."""


def notebook_style(name: str) -> str:
    """The style sheet that gives elements of a class in a notebook the colours of its theme, or else those of the
    browser's preferred colour scheme."""
    light, dark = (",".join(f"{place} .{name}" for place in places) for places in (LIGHT_PLACES, DARK_PLACES))
    preferred = f"@media (prefers-color-scheme:dark){{.{name}{_variables(DARK)}}}"
    return f".{name}{_fonts()}.{name}{_variables(LIGHT)}{preferred}{light}{_variables(LIGHT)}{dark}{_variables(DARK)}"


def _fonts() -> str:
    return "{" + "".join(f"--{name}:{font};" for name, font in FONT_FAMILIES.items()) + "}"


def _variables(theme: Theme) -> str:
    return "{" + "".join(f"{name}:{colour};" for name, colour in theme.variables().items()) + "}"


def _classes() -> str:
    inks = "".join(f".{r}{{color:var(--ink-{r})}}svg .{r}{{fill:var(--ink-{r})}}" for r in LIGHT.ink)
    lines = "".join(f"svg .wire.{r},svg .line.{r}{{stroke:var(--ink-{r});fill:none}}" for r in LIGHT.ink)
    areas = "".join(f"svg .area.{r}{{fill:var(--fill-{r});stroke:var(--edge-{r})}}" for r in LIGHT.edge)
    fonts = "".join(f"svg text.{name}{{font-family:var(--{name})}}" for name in FONT_FAMILIES)
    looks = "svg text.italic{font-style:italic}svg text.bold{font-weight:600}"
    looks += "svg text.middle{text-anchor:middle}svg text.end{text-anchor:end}"
    labels = f"svg .label{{fill:var(--ink-{LABEL_ROLE});font-family:var(--mono);font-weight:600}}"
    return inks + lines + areas + fonts + looks + labels
