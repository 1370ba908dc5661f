"""The constants of Python's modules."""

import string
from collections.abc import Mapping

from .values import Constant

OF_STRING: Mapping[str, Constant] = {
    name: Constant(value) for name in string.__all__ if isinstance(value := getattr(string, name), str)
}
