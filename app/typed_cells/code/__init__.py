"""Programs of typed cells: in NumPy a loop, in PyTorch a module, in JAX a scan, with the lines of the equations."""

from collections.abc import Callable
from functools import lru_cache

from ...core.stack import Stack
from .jax_program import jax_program
from .numpy_program import numpy_program
from .pytorch_program import pytorch_program

Writer = Callable[[Stack, str], str]
"""A stack and the type of its numbers, float32 or float64 -> a complete program."""

WRITERS: dict[str, Writer] = {"colah": numpy_program, "pytorch": pytorch_program, "flax": jax_program}
"""By the id of the framework that it stands for."""


@lru_cache(16)
def own_program(stack: Stack, framework: str, dtype: str = "float32") -> str:
    """A program that runs a stack of a typed cell and asserts every shape. Cached, because links on its page lead to
    pages with the same one.

    With a file of weights in our own names as its argument it computes with those, else with random ones. KeyError if
    the framework has no writer.
    """
    return WRITERS[framework](stack, dtype)
