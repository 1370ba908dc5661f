"""What a picture refuses to draw: tensors that its program lacks."""

from ..core.program import Program, Tensor


class DiagramError(ValueError):
    """A picture that names a tensor that its program lacks."""


def tensor_of(program: Program, id: str) -> Tensor:
    """The tensor of a program with that id. Raises DiagramError."""
    try:
        return program.by_id[id]
    except KeyError:
        known = ", ".join(program.by_id)
        raise DiagramError(f"the picture names {id!r}; {program.cell.id} has {known}") from None
