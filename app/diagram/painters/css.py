"""Theme -> style sheet: fonts and palettes as custom properties for light and dark, and roles as classes."""

from app.diagram.theme import DARK, FONTS, LIGHT, Theme


def style_sheet() -> str:
    """For words in a page and for an SVG that stands in it.

    The visitor's wish decides between light and dark, unless the page says ``data-theme``; on paper it is light.
    """
    fonts = "".join(f"--{name}:{font};" for name, font in FONTS.items())
    wish = f"@media (prefers-color-scheme:dark){{:root:not([data-theme=light]){_variables(DARK)}}}"
    dark = f"@media screen{{{wish}:root[data-theme=dark]{_variables(DARK)}}}"
    return f":root{{{fonts}}}:root{_variables(LIGHT)}{dark}{_classes()}"


def _variables(theme: Theme) -> str:
    return "{" + "".join(f"{name}:{colour};" for name, colour in theme.variables().items()) + "}"


def _classes() -> str:
    inks = "".join(f".{r}{{color:var(--ink-{r})}}svg .{r}{{fill:var(--ink-{r})}}" for r in LIGHT.ink)
    lines = "".join(f"svg .wire.{r},svg .line.{r}{{stroke:var(--ink-{r});fill:none}}" for r in LIGHT.ink)
    areas = "".join(f"svg .area.{r}{{fill:var(--fill-{r});stroke:var(--edge-{r})}}" for r in LIGHT.edge)
    return inks + lines + areas
