"""Unrolled: the shape of every tensor in a recurrent network."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook import Picture as Picture

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import ``Picture`` at its first use, because its imports are slow and other modules do not need them."""
    if name == "Picture":
        from .notebook import Picture

        return Picture
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
