"""Step by step: what is computed later than one tensor of one step is faint."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from app.core.program import Program
from app.diagram.shapes import Box, Shape, Text


def stepped(
    shapes: Iterable[Shape], program: Program, turn: Callable[[int], int], t: int, until: str
) -> Iterator[Shape]:
    """The shapes of a picture, faint where they show what is not there yet when ``until`` has been made at step ``t``.

    ``turn`` gives the place of a step in the order in which the cell takes them. A sign or a word that names no tensor
    goes with the shape before it.
    """
    order = {tensor.id: n for n, tensor in enumerate(program.tensors)}
    now = turn(t), order[until]
    faint = False
    for shape in shapes:
        made = [order[id] for id in (shape.tensor, *shape.also) if id and program.by_id[id].per_step]
        if made and shape.t is not None:
            faint = (turn(shape.t), min(made)) > now
        elif isinstance(shape, Box):
            faint = shape.role == "slab" and shape.t is not None and turn(shape.t) > turn(t)
        yield replace(shape, faint=True) if faint and not _is_always_there(shape) else shape


def _is_always_there(shape: Shape) -> bool:
    """Words about the picture itself: which steps there are, where zeros come in."""
    return isinstance(shape, Text) and shape.role != "ink"
