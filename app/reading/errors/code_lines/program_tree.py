"""A pasted program as a tree, and its lines with a part replaced."""

import ast
import re

from .corrected_lines import Correction, Corrections, all_of
from .made_layers import MadeLayers
from .program_nodes import Functions

WARNING = re.compile(r"[^\s:][^\n]{0,300}?:\d{1,6}: \w{0,40}Warning: ")
"""The first line of a warning of Python, with the place of the line that it repeats."""

MOST_OF_WARNING = 10
"""Lines of a warning, which a terminal may break."""

COMMENT = re.compile(r"\s{1,40}#[^\"'#]{0,300}$")
"""A comment at the end of a line, which is in no string."""


def without_comment(line: str) -> str:
    """A line of code without the comment at its end."""
    return COMMENT.sub("", line) if "#" in line else line


class ProgramTree(MadeLayers):
    """A program that was read, whose lines can be corrected."""

    def replaced(self, *parts: tuple[ast.AST, str]) -> Correction | None:
        """The line of the program with these nodes, and the same with others in their place; None if they are not all
        in one line."""
        numbers = {getattr(node, "lineno", 0) for node, _ in parts} | {
            getattr(node, "end_lineno", 0) for node, _ in parts
        }
        if len(numbers) != 1 or not 0 < (n := numbers.pop()) <= len(self._program.lines):
            return None
        line = self._program.lines[n - 1].encode()
        fixed = line
        for node, text in sorted(parts, key=lambda one: -getattr(one[0], "col_offset", 0)):
            start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
            fixed = fixed[:start] + text.encode() + fixed[end:]
        shown, corrected = (without_comment(one.decode().strip()) for one in (line, fixed))
        return (shown, corrected + self.place(n)) if fixed != line else None

    def corrected(self, *parts: tuple[ast.AST, str]) -> Corrections:
        """The lines of the program with these nodes, each with others in their place; () if one is not in one line."""
        by_line = dict[int, list[tuple[ast.AST, str]]]()
        for part in parts:
            by_line.setdefault(getattr(part[0], "lineno", 0), []).append(part)
        return all_of([self.replaced(*by_line[n]) for n in sorted(by_line)])

    def text_with(self, node: ast.expr, *parts: tuple[ast.expr, str]) -> str:
        """An expression as the program writes it, with others in place of parts of it; "" unless it is in one line."""
        if node.end_lineno != node.lineno or any(part.lineno != node.lineno for part, _ in parts):
            return ""
        text = self.text(node).encode()
        for part, new in sorted(parts, key=lambda one: -one[0].col_offset):
            start, end = (n - node.col_offset for n in (part.col_offset, part.end_col_offset or 0))
            text = text[:start] + new.encode() + text[end:]
        return text.decode()

    def place(self, n: int) -> str:
        """A comment that tells one of several equal lines: the line of code after it; "" for the only one. A line that
        a warning repeats is none of the program."""
        lines = [one.strip() for one in self._program.lines]
        equal = [k for k, one in enumerate(lines) if one == lines[n - 1] and not self._is_of_warning(k)]
        after = next((k for k in range(n, len(lines)) if lines[k]), len(lines))
        is_code = any(getattr(one, "lineno", 0) == after + 1 for one in self.nodes)
        return f"  # before: {lines[after]}" if len(equal) > 1 and is_code else ""

    def _is_of_warning(self, k: int) -> bool:
        """Whether a line, counted from 0, is the one that a warning repeats below its message."""
        lines = self._program.lines
        first = next((m for m in range(k - 1, max(-1, k - MOST_OF_WARNING), -1) if WARNING.match(lines[m])), None)
        between = lines[first + 1 : k] if first is not None else [""]
        return lines[k].startswith("  ") and all(one and not one[0].isspace() for one in between)

    def comment(self, node: ast.AST) -> str:
        """The comment in the line of a node; "" without one."""
        n = getattr(node, "lineno", 0)
        found = COMMENT.search(self._program.lines[n - 1]) if 0 < n <= len(self._program.lines) else None
        return found[0].strip() if found else ""

    def with_argument(self, call: ast.Call, name: str, value: str) -> Correction | None:
        """The line of a call, and the same with an argument, in place of another value of it."""
        arguments = [*call.args, *(one.value for one in call.keywords)]
        given = [one.value for one in call.keywords if one.arg == name]
        if not arguments or call.end_lineno != call.lineno:
            return None
        if given:
            return self.replaced((given[0], value))
        last = max(arguments, key=lambda one: one.col_offset)
        return self.replaced((last, f"{self.text(last)}, {name}={value}"))

    def with_every_step(self, call: ast.Call) -> Correction | None:
        """The line that makes a layer of Keras, which returns every step; in a loop with a condition, all layers but
        the last one do."""
        given = [one.value for one in call.keywords if one.arg == "return_sequences"]
        names = {one.id for value in given for one in ast.walk(value) if isinstance(one, ast.Name)}
        for loop in self.above(call):
            match loop:
                case ast.For(target=ast.Name(name), iter=ast.Call(func=ast.Name("range"), args=[end])) if name in names:
                    return self.with_argument(call, "return_sequences", f"{name} < {self.text(end)} - 1")
        return self.with_argument(call, "return_sequences", "True")

    def without_argument(self, call: ast.Call, name: str) -> tuple[ast.AST, str] | None:
        """The part of a call with an argument, and what is left of it without it; None if it has none."""
        arguments: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        given = sorted(arguments, key=lambda one: (one.lineno, one.col_offset))
        for n, one in enumerate(given):
            if isinstance(one, ast.keyword) and one.arg == name:
                if n:
                    return between(given[n - 1], one, of_first=False, of_last=True), ""
                return (between(one, given[1]) if given[1:] else one), ""
        return None

    def with_parameter(self, call: ast.Call, function: Functions, name: str, value: str) -> Correction | None:
        """The line of a call, and the same with a value for a parameter of the function that it calls."""
        given = self.argument(call, self.parameters(function).index(name), name)
        if given is not None:
            return self.replaced((given, value))
        unpacked = [one.value for one in call.keywords if one.arg is None]
        if unpacked:
            entries = [entry for one in unpacked if (entry := self.entry(one, name)) is not None]
            return self.replaced((entries[0], value)) if len(entries) == 1 else None
        if call.args or call.keywords:
            return self.with_argument(call, name, value)
        return self.replaced((call, f"{self.text(call.func)}({name}={value})"))

    def entry(self, mapping: ast.expr, key: str) -> ast.expr | None:
        """The value of a key in a dictionary, or in a call of ``dict``; None without one."""
        made = self.assigned(mapping) if isinstance(mapping, (ast.Name, ast.Attribute, ast.Subscript)) else mapping
        match made:
            case ast.Call(func=ast.Name("dict"), keywords=keywords):
                return next((one.value for one in keywords if one.arg == key), None)
            case ast.Dict(keys, values):
                named = zip(keys, values, strict=True)
                return next((value for one, value in named if one and ast.unparse(one) == repr(key)), None)
        return None

    def call_with(self, call: ast.Call, n: int, name: str, value: str) -> str:
        """A call with another value of an argument, by its place or its name."""
        old, new = self.argument(call, n, name), ast.parse(value, mode="eval").body
        args = [new if one is old else one for one in call.args]
        keywords = [ast.keyword(one.arg, new if one.value is old else one.value) for one in call.keywords]
        return ast.unparse(ast.Call(call.func, args, keywords))


def between(
    one: ast.expr | ast.keyword, other: ast.expr | ast.keyword, *, of_first: bool = True, of_last: bool = False
) -> ast.expr:
    """The text from one node to the next, as an expression; with or without the text of each."""
    start = (one.lineno, one.col_offset) if of_first else (one.end_lineno or 0, one.end_col_offset or 0)
    end = (other.end_lineno or 0, other.end_col_offset or 0) if of_last else (other.lineno, other.col_offset)
    return ast.Name("", lineno=start[0], col_offset=start[1], end_lineno=end[0], end_col_offset=end[1])
