"""The batch size with which a pasted program of Keras trains and asks its model."""

from .program_nodes import name_of
from .program_tree import ProgramTree

USUAL_BATCH = 32
"""The samples that Keras takes at a time without ``batch_size``, since version 1."""

CALLS = {"fit": 2, "predict": 1, "evaluate": 2}
"""Calls that take batches -> the place of ``batch_size`` among their arguments."""


def batch_of_calls(tree: ProgramTree) -> str:
    """The ``batch_size`` that all calls which say one say; that of Keras if none does, and 1 in a program that calls no
    model."""
    calls = tree.calls_of(*CALLS)
    sizes = {tree.text(size) for one in calls if (size := tree.argument(one, CALLS[name_of(one)], "batch_size"))}
    if len(sizes) == 1:
        return sizes.pop()
    return str(USUAL_BATCH) if calls else "1"
