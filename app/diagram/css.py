"""Theme -> style sheet: the palette as custom properties for light and dark, and roles as classes."""

from app.diagram.theme import DARK, LIGHT, Theme


def style_sheet() -> str:
    """For words in a page and for an SVG that stands in it; the visitor's wish decides between light and dark."""
    dark = f"@media screen and (prefers-color-scheme:dark){{:root{_variables(DARK)}}}"
    return f":root{_variables(LIGHT)}{dark}{_classes()}"


def _variables(theme: Theme) -> str:
    return "{" + "".join(f"{name}:{colour};" for name, colour in theme.variables().items()) + "}"


def _classes() -> str:
    inks = "".join(f".{r}{{color:var(--ink-{r})}}svg .{r}{{fill:var(--ink-{r})}}" for r in LIGHT.ink)
    lines = "".join(f"svg .wire.{r},svg .line.{r}{{stroke:var(--ink-{r});fill:none}}" for r in LIGHT.ink)
    areas = "".join(f"svg .area.{r}{{fill:var(--fill-{r});stroke:var(--edge-{r})}}" for r in LIGHT.edge)
    return inks + lines + areas
