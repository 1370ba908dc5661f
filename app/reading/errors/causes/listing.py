"""A small program with sizes in braces: it fails for a cause, and is then corrected."""

from typing import NamedTuple


class Listing(NamedTuple):
    """The lines of a program, with sizes in braces, and what it prints. A line may begin with ``-`` or ``+``.

    ``when`` names a condition of ``CONDITIONS`` without which the program would fail in another way; ``of`` are the
    templates of the only messages that it raises, () for any; ``runs_in`` is the framework in which it runs, if it is
    not that of the message.
    """

    lines: str
    printed: str
    when: str = ""
    of: tuple[str, ...] = ()
    runs_in: str = ""


STATES = "{shape_of_output} {shape_of_h}"
PRINT = "print(tuple(output.shape), tuple(h_n.shape))"
PRINT_OUTPUT = "print(tuple(output.shape))"
