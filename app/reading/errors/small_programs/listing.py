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


def in_pytorch(lines: str, printed: str, *of: str, when: str = "") -> Listing:
    """A program in PyTorch that raises the messages of some templates."""
    return Listing("import torch\n" + lines.strip("\n"), printed, when, of)


def in_keras(lines: str, printed: str, *of: str, when: str = "") -> Listing:
    """The same in Keras."""
    return Listing("import keras\nimport numpy as np\n" + lines.strip("\n"), printed, when, of)


STATES = "{shape_of_output} {shape_of_h}"
PRINT = "print(tuple(output.shape), tuple(h_n.shape))"
PRINT_OUTPUT = "print(tuple(output.shape))"
