"""How generated programs are written: in lines of at most 100 characters, broken as Black breaks them."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..core.axes import Axes, Sizes, shape, written
from ..core.stack import Stack
from ..size_expressions import length

WIDTH = 100
INDENT = "    "

HAS_FILE = "if sys.argv[1:]:"
"""The line with which every program checks for a file of weights."""
LOAD = f"{HAS_FILE}  # a file from /weights.npz: the numbers of the picture instead of random ones"


@dataclass(frozen=True)
class Brackets:
    """Code that ends with brackets: on one line if it fits, else with the items indented below."""

    opening: str
    items: tuple["Code", ...]
    closing: str

    def __str__(self) -> str:
        return f"{self.opening}{', '.join(map(str, self.items))}{self.closing}"

    @property
    def may_share_a_line(self) -> bool:
        """Whether the items may share one line: arguments may, items of a list may not."""
        is_call = self.opening[-2:-1].isidentifier()
        return is_call or len(self.items) == 1


Code = str | Brackets
"""An expression, a statement or a whole line."""


def literal(value: object) -> Code:
    """A value as a Python literal, with double quotes."""
    if isinstance(value, list):
        return Brackets("[", tuple(map(literal, value)), "]")
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def call(function: str, *arguments: Code, **keywords: object) -> Brackets:
    """``torch.nn.LSTM(2, 5, batch_first=True)``: arguments are code, keywords are values."""
    named = (assign(name, literal(value), "=") for name, value in keywords.items())
    return Brackets(f"{function}(", (*arguments, *named), ")")


def assign(target: str, value: Code, sign: str = " = ") -> Code:
    if isinstance(value, Brackets):
        return replace(value, opening=f"{target}{sign}{value.opening}")
    return f"{target}{sign}{value}"


def unpack(names: Iterable[str], value: Brackets) -> Code:
    """``output, h_n = lstm(input)``, with one name per line if they do not fit into one."""
    on_one_line = assign(", ".join(names), value)
    if length(str(on_one_line)) <= WIDTH:
        return on_one_line
    return Brackets("(", tuple(names), f") = {value}")


def lines(code: Code, room: int = WIDTH) -> list[str]:
    """The lines of code, none longer than ``room`` if possible."""
    if isinstance(code, str) or length(str(code)) <= room:
        return [str(code)]
    inner = room - len(INDENT)
    joined = ", ".join(map(str, code.items))
    if code.may_share_a_line and length(joined) <= inner:
        return [code.opening, INDENT + joined, code.closing]
    comma = "," if len(code.items) > 1 else ""
    parts = (lines(item, inner - len(comma)) for item in code.items)
    below = [line for *before, end in parts for line in (*before, end + comma)]
    return [code.opening, *(INDENT + line for line in below), code.closing]


def program(*parts: Code | Iterable[Code]) -> str:
    """The text of statements and blocks of statements, one below the other."""
    return "\n".join(line for part in parts for code in _block(part) for line in lines(code)) + "\n"


def indented(*parts: Code | Iterable[Code], levels: int = 1) -> list[str]:
    """The lines of statements, indented as a body."""
    margin = INDENT * levels
    inside = (line for part in parts for code in _block(part) for line in lines(code, WIDTH - len(margin)))
    return [margin + line if line else "" for line in inside]


def _block(part: Code | Iterable[Code]) -> Iterable[Code]:
    return (part,) if isinstance(part, str | Brackets) else part


def opening(title: str, stack: Stack) -> list[str]:
    """The docstring of a program."""
    what = str(stack)
    return [f'"""{what[0].upper()}{what[1:]}, in {title}.', "", sizes_of(stack), '"""', ""]


def sizes_of(stack: Stack) -> str:
    """``batch_size 3, time_step 4, features 2, num_units 5``."""
    return ", ".join(f"{name} {size}" for name, size in stack.sizes.items())


def commented(code: str, axes: Axes, room: int = WIDTH) -> list[str]:
    """A line with the names of the axes after it, or above it if it is long."""
    comment = f"# {written(axes)}"
    return [f"{code}  {comment}"] if length(f"{code}  {comment}") <= room else [comment, code]


def table(name: str, arrays: Mapping[str, Axes], sizes: Sizes) -> list[str]:
    """A dict of the shapes of arrays, each with its axes."""
    entries = [
        line
        for array, axes in arrays.items()
        for line in commented(f'"{array}": {shape(axes, sizes)},', axes, WIDTH - len(INDENT))
    ]
    return [f"{name} = {{", *(INDENT + entry for entry in entries), "}"]


def asserted(arrays: Mapping[str, Axes], sizes: Sizes) -> list[str]:
    """``assert h_n.shape == (1, 3, 5)  # num_layers × batch_size × num_units`` for each array."""
    return [
        line
        for array, axes in arrays.items()
        for line in commented(f"assert {array}.shape == {shape(axes, sizes)}", axes)
    ]


def printed(array: str) -> str:
    """The last line of a program, which prints an array."""
    return f"print({array})"
