"""The font families of pictures, in CSS."""

MONO = '"DejaVu Sans Mono", Menlo, "Liberation Mono", monospace'
SERIF = 'Georgia, "DejaVu Serif", serif'
SANS = 'system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif'
FONT_FAMILIES = {"mono": MONO, "serif": SERIF, "sans": SANS}
