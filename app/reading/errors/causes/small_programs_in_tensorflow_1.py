"""x."""

from .listing import Listing

TENSORFLOW_1: dict[str, Listing] = {}
TENSORFLOW_1_OTHERS: dict[str, Listing] = {}
