"""The names of the axes of error messages, for readers."""

from ..translations.phrases import phrase

NAMES = {
    "num_layers*directions": (phrase("layers × directions"), phrase("layers·dirs")),
    "gates*num_units": (phrase("gates × num_units"), phrase("gates·units")),
}
"""The names of axes that are products, and their short forms. Other names are the same in every language."""


def axis_name(axis: str, short: bool = False) -> str:
    """The name of an axis, such as "layers × directions"."""
    return NAMES[axis][short] if axis in NAMES else axis
