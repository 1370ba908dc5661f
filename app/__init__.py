"""Unrolled: the shape of every tensor in a recurrent network."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .live.explain import explain as explain
    from .live.trace import trace as trace
    from .notebook import Picture as Picture

__version__ = "0.1.0"

_MODULES = {"Picture": "notebook", "explain": "live.explain", "trace": "live.trace"}
"""What notebooks use, and the modules that have it. They are imported at the first use, because their imports are slow
and other modules do not need them."""


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
