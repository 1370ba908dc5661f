"""How a shape is written: its numbers, its names or both, each part in the colour of its axis."""

from collections.abc import Callable

from app.core.axes import Axes, Axis, Sizes
from app.diagram.shapes import TIMES, Line, Run, line_width

Write = Callable[[str, Sizes], str]


def number(name: str, sizes: Sizes) -> str:
    return str(sizes[name])


def full_name(name: str, sizes: Sizes) -> str:
    return name


def letter(name: str, sizes: Sizes) -> str:
    """The letter of the literature, where there is no room for the name."""
    return LETTERS[name]


LETTERS = {"batch_size": "B", "time_step": "T", "features": "F", "num_units": "U", "num_proj": "P"}

LABELS = ("numbers", "names", "both")
"""The choices of the field ``labels``."""


def writers(labels: str, narrow: bool) -> tuple[Write, ...]:
    """What each label of a picture says, from top to bottom."""
    names = letter if narrow else full_name
    return {"numbers": (number,), "names": (names,), "both": (number, names)}[labels]


def axis_runs(axis: Axis, sizes: Sizes, write: Write) -> Line:
    """One axis: ``5``, ``4·5``, ``5+2``. Sums and multiples stay as they are, because that is what they teach."""
    runs: list[Run] = []
    for n, name in axis.terms:
        if runs:
            runs.append(PLUS)
        if n > 1:
            runs.append(Run(f"{n}·", "muted"))
        runs.append(Run(write(name, sizes), name))
    return tuple(runs)


def shape_line(axes: Axes, sizes: Sizes, write: Write = number) -> Line:
    """A whole shape in one line: ``3 × (5+2)``."""
    line: tuple[Run, ...] = ()
    for axis in axes:
        runs = axis_runs(axis, sizes, write)
        if len(axis.terms) > 1 and len(axes) > 1:
            runs = (Run("(", "muted"), *runs, Run(")", "muted"))
        line += (TIMES, *runs) if line else runs
    return line


PLUS = Run("+", "muted")


def wrapped(line: Line, size: float, room: float) -> tuple[Line, ...]:
    """The line in as few pieces as fit ``room`` pixels: broken before a ×, and where that is not enough before a +."""
    lines: tuple[Line, ...] = (line,)
    for sign in (TIMES, PLUS):
        lines = tuple(piece for line in lines for piece in _broken(line, sign, size, room))
    return lines


def _broken(line: Line, sign: Run, size: float, room: float) -> list[Line]:
    if line_width(line, size) <= room:
        return [line]
    pieces: list[Line] = [()]
    for run in line:
        if run == sign:
            pieces.append(())
        pieces[-1] += (run,)
    return pieces
