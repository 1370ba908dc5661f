"""How thick a wire is."""

from ..size_expressions import log2


def thickness(size: int) -> float:
    """The thickness of a wire that carries ``size`` numbers: half pixels, growing with the logarithm of the size."""
    return round(2 * (1.5 + 0.62 * log2(size))) / 2
