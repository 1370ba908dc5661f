"""Theme -> style sheet: fonts and both palettes as custom properties, roles as classes."""

from ..theme import DARK, FONTS, LIGHT, Theme
from .page_svg import LABEL_ROLE


def style_sheet() -> str:
    """For words in a page and for SVG within it.

    The browser's preferred colour scheme decides between light and dark, unless the page has ``data-theme``. In print
    it is light.
    """
    fonts = "".join(f"--{name}:{font};" for name, font in FONTS.items())
    preferred = f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){_variables(DARK)}}}"
    dark = f"@media screen{{{preferred}:root[data-theme=dark]{_variables(DARK)}}}"
    return f":root{{{fonts}}}:root{_variables(LIGHT)}{dark}{_classes()}"


def _variables(theme: Theme) -> str:
    return "{" + "".join(f"{name}:{colour};" for name, colour in theme.variables().items()) + "}"


def _classes() -> str:
    inks = "".join(f".{r}{{color:var(--ink-{r})}}svg .{r}{{fill:var(--ink-{r})}}" for r in LIGHT.ink)
    lines = "".join(f"svg .wire.{r},svg .line.{r}{{stroke:var(--ink-{r});fill:none}}" for r in LIGHT.ink)
    areas = "".join(f"svg .area.{r}{{fill:var(--fill-{r});stroke:var(--edge-{r})}}" for r in LIGHT.edge)
    fonts = "".join(f"svg text.{name}{{font-family:var(--{name})}}" for name in FONTS)
    looks = "svg text.italic{font-style:italic}svg text.bold{font-weight:600}"
    looks += "svg text.middle{text-anchor:middle}svg text.end{text-anchor:end}"
    labels = f"svg .label{{fill:var(--ink-{LABEL_ROLE});font-family:var(--mono);font-weight:600}}"
    return inks + lines + areas + fonts + looks + labels
