"""Errors of pictures that cannot be drawn."""

from ..core.program import Program, Tensor


class DiagramError(ValueError):
    """A picture names a tensor that its program lacks, or needs matrices that its scene lacks."""


def tensor_of(program: Program, id: str) -> Tensor:
    """The tensor of a program with that id. Raises DiagramError."""
    try:
        return program.by_id[id]
    except KeyError:
        known = ", ".join(program.by_id)
        raise DiagramError(f"the picture names {id!r}; {program.cell.id} has {known}") from None
