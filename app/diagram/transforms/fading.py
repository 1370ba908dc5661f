"""Stepping through a step: shapes of tensors that are not computed yet are faint."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ...core.program import Program
from ..elements import Box, Shape, Text
from ..folded_steps import StepOrder
from ..graph import Node


def faded_after(shapes: Iterable[Shape], program: Program, order: StepOrder, t: int, until: str) -> Iterator[Shape]:
    """The shapes of a picture, faint if they show tensors that are not computed yet when ``until`` of step ``t`` has
    been computed, in the ``order`` in which the cell computes the steps.

    A sign or a word that names no tensor is as faint as its node.
    """
    shapes = list(shapes)
    computed = {tensor.id: n for n, tensor in enumerate(program.tensors)}
    now = order(t), computed[until]
    shown: dict[Node, set[str]] = {}
    for shape in shapes:
        if shape.node:
            shown.setdefault(shape.node, {shape.node.tensor}).update((shape.tensor, *shape.also))

    def is_later(tensors: Iterable[str], at: int | None) -> bool:
        shown_here = [computed[id] for id in tensors if id and program.by_id[id].per_step]
        return bool(shown_here) and at is not None and (order(at), min(shown_here)) > now

    for shape in shapes:
        node = shape.node
        faint = is_later(shown[node], node.t) if node else is_later((shape.tensor, *shape.also), shape.t)
        if isinstance(shape, Box) and shape.role == "slab" and shape.t is not None:
            faint = order(shape.t) > order(t)
        yield replace(shape, faint=True) if faint and not _is_about_the_picture(shape) else shape


def _is_about_the_picture(shape: Shape) -> bool:
    """Whether a shape is a word about the picture itself: which steps it shows, where zeros enter."""
    return isinstance(shape, Text) and shape.role != "ink"
