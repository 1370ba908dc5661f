"""Breaks long lines of code: a sum has a line for each term, a call for each argument, as Black breaks them."""

from collections.abc import Iterator

from ...frameworks.program_text import INDENT
from ...size_expressions import length

OPERATORS = ((" > ", " >= ", " < ", " <= ", " == ", " != "), (" + ", " - "), (" * ", " / ", " @ "))
"""The operators at which a line is broken, from the loosest to the tightest."""


def broken(name: str, expression: str, room: int) -> list[str]:
    """The lines of an assignment, none longer than ``room`` if possible."""
    line = f"{name} = {expression}"
    if length(line) <= room:
        return [line]
    if _operands(expression) or not expression.endswith((")", "]")):
        return [f"{name} = (", *_indented(_lines(expression, room - len(INDENT))), ")"]
    first, *rest = _lines(expression, room, len(f"{name} = "))
    return [f"{name} = {first}", *rest]


def _lines(text: str, room: int, before: int = 0) -> list[str]:
    """The lines of an expression that is in brackets, or that begins after ``before`` characters of a line."""
    if before + length(text) <= room:
        return [text]
    if operands := _operands(text):
        return [line for operand in operands for line in _lines(operand, room)]
    opening = next((n for n, depth in enumerate(_depths(text)) if depth), len(text))
    closing = next((n for n, depth in enumerate(_depths(text)) if n > opening and not depth), len(text))
    inner = text[opening + 1 : closing]
    if not inner:
        return [text]
    inside = room - len(INDENT)
    if length(inner) <= inside:
        parts = [inner]
    else:
        arguments = _parts(inner, (", ",))
        comma = "," if len(arguments) > 1 else ""
        parts = [
            line
            for argument in arguments
            for *before, end in [_lines(argument.removeprefix(", "), inside - len(comma))]
            for line in (*before, end + comma)
        ]
    return [text[: opening + 1], *_indented(parts), text[closing:]]


def _operands(text: str) -> list[str]:
    """The operands of the loosest operator outside of brackets, each but the first with its operator."""
    for operators in OPERATORS:
        if len(parts := _parts(text, operators)) > 1:
            return [part.lstrip() for part in parts]
    return []


def _parts(text: str, separators: tuple[str, ...]) -> list[str]:
    """A text, cut before each separator that is outside of brackets."""
    depths = [*_depths(text)]
    cuts = [n for n, depth in enumerate(depths) if n and not depth and text.startswith(separators, n)]
    return [text[begin:end] for begin, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]


def _depths(text: str) -> Iterator[int]:
    """How many brackets are open at each character; a closing one is outside of its pair."""
    depth = 0
    for character in text:
        depth += (character in "([") - (character in ")]")
        yield depth


def _indented(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]
