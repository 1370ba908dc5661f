"""Step by step: what is computed later than one tensor of one step is faint."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...core.program import Program
from ..folding import StepOrder
from ..graph import Node
from ..shapes import Box, Shape, Text


def faded_after(shapes: Iterable[Shape], program: Program, order: StepOrder, t: int, until: str) -> Iterator[Shape]:
    """The shapes of a picture, faint where they show what does not exist yet when ``until`` has been computed at step
    ``t``, in the ``order`` in which the cell takes the steps.

    A sign or a word that names no tensor is as faint as the node that it belongs to.
    """
    shapes = list(shapes)
    computed = {tensor.id: n for n, tensor in enumerate(program.tensors)}
    now = order(t), computed[until]
    shown: dict[Node, set[str]] = {}
    for shape in shapes:
        if shape.node:
            shown.setdefault(shape.node, {shape.node.tensor}).update((shape.tensor, *shape.also))

    def is_later(tensors: Iterable[str], at: int | None) -> bool:
        made = [computed[id] for id in tensors if id and program.by_id[id].per_step]
        return bool(made) and at is not None and (order(at), min(made)) > now

    for shape in shapes:
        node = shape.node
        faint = is_later(shown[node], node.t) if node else is_later((shape.tensor, *shape.also), shape.t)
        if isinstance(shape, Box) and shape.role == "slab" and shape.t is not None:
            faint = order(shape.t) > order(t)
        yield replace(shape, faint=True) if faint and not _is_always_there(shape) else shape


def _is_always_there(shape: Shape) -> bool:
    """Words about the picture itself: which steps it shows, where zeros enter."""
    return isinstance(shape, Text) and shape.role != "ink"
