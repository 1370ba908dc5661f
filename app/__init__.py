"""Unrolled: the shape of every tensor in a recurrent network."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .notebook.explain import explain as explain
    from .notebook.picture import Picture as Picture
    from .notebook.trace import trace as trace

__version__ = "0.1.0"

_MODULES = {"Picture": "notebook.picture", "explain": "notebook.explain", "trace": "notebook.trace"}
"""What notebooks use, and the modules that have it. They are imported at the first use, because their imports are slow
and other modules do not need them."""


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
