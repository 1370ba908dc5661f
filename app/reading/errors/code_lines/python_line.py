"""One line of code as Python, and the same line with parts of it replaced; also of a traceback without its program."""

import ast
from typing import NamedTuple

from ...code.source_text import parse


class PythonLine(NamedTuple):
    """A line with one statement, whose nodes have their places in it."""

    text: str
    statement: ast.stmt

    def replaced(self, *parts: tuple[ast.expr, str]) -> str:
        """The line with other texts in place of nodes."""
        line = self.text.encode()
        for node, new in sorted(parts, key=lambda part: -part[0].col_offset):
            line = line[: node.col_offset] + new.encode() + line[node.end_col_offset :]
        return line.decode()

    def part(self, node: ast.expr) -> str:
        """A node as the line writes it."""
        return self.text.encode()[node.col_offset : node.end_col_offset].decode()


def python_line(code: str) -> PythonLine | None:
    """A line of code; None if it is more or less than one statement."""
    source = parse(code.strip())
    if "\n" in source.text or source.text != code.strip() or len(source.statements) != 1:
        return None
    return PythonLine(source.text, source.statements[0])
