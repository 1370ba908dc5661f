"""Lines of code that a person quotes in a sentence, without a program or a traceback."""

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from ...code.source_text import parse

MOST_CHARACTERS = 3_000
"""Characters of a text in which a line of code is looked for. A longer one shows a program."""

MOST_QUOTED = 3
"""Lines of code in a sentence. More of them are a program, which says more than its last line."""

PROGRAM = re.compile(r"^\s{0,20}(?:import |from \w[\w.]* import |class \w+)", re.MULTILINE)
"""A line of a program that is more than a quoted line."""

MOST_TRIED = 12
"""Parts of a text that may be code and that are parsed."""

LONGEST = 300
"""Characters of a line of code."""


OF_ARRAYS = (ast.Call, ast.BinOp, ast.Subscript, ast.AugAssign)
"""One of these is in every line that fails because of a shape."""

CODE = re.compile(r"`{1,3}([^`\n]{3,300})`{1,3}")
"""Code between the marks of a forum."""

INDENTED = re.compile(r"^(?:[ ]{2,40}|\t+|-{2,}> ?\d{0,5} {0,40})(\S[^\n]{2,300})$", re.MULTILINE)
"""An indented line, or one with the arrow of IPython."""

OF_FAILURE = r"(?:error|exception|fail|crash|rais|throw|happen|occur|problem|issue|stop|break)\w{0,6}\b"

SAID = re.compile(
    rf"(?i:\b{OF_FAILURE})[^\n.!?]{{0,80}}?"
    r"\b(?:in|at|on|is) (?:(?:this|the following|the) line(?: of code)?[ :`]{0,4}\n?[ ]{0,40}"
    r"|(?=`{0,3}[\w.]{1,40} ?=[^=]))`{0,3}([^\n]{3,300})"
)
"""The line of code of which a person says that it failed."""

NOT = re.compile(
    rf"(?:\b(?:no|not|never|without)|n['’]t) (?:(?:an? |the |any )?{OF_FAILURE}|(?:in|at|on) (?:this|the) )"
    r"(?![^\n]{0,80}?(?:[,;]|\bbut\b))",
    re.IGNORECASE,
)
"""What says that a line did not fail, without a clause that follows: that one may say where it failed."""

MOST_OF_WORD = 12
"""Characters before a word in which it is denied."""

TERM = r"(?:[\w.]{1,60}[\w\])]? ?[-+*/@] ?)?"
ASSIGNMENT = r"(?:[\w.]{1,40}, ?){0,3}[\w.]{1,40} ?[-+*/@]?= ?"
CALL = re.compile(rf"(?<![\w.])(?:(?:{ASSIGNMENT})?{TERM}[A-Za-z_][\w.]{{0,60}}[(\[]|{ASSIGNMENT}{TERM}\((?=[\w.]))")
"""The beginning of a call or an index in a sentence, with the name that it gets; or of a bracket that gets a name."""

MORE = re.compile(r"\.\w{1,30}[(\[]?|[(\[]| ?(?:[-+*/@]|\*\*) ?(?:[\w.]{1,60}[(\[]?|\()")
"""What may follow a bracket in an expression."""


BINARY = re.compile(
    r"(?:[A-Za-z_][\w.]{0,40} ?[-+*/@]?= ?[\w.]{1,40}|(?<=[\s`(])[A-Za-z_][\w.]{0,40}(?= ?@))"
    r"(?: ?[-+*/@] ?[A-Za-z_][\w.]{0,40})+"
)
"""A sum or product of arrays without a bracket, in a sentence."""


def quoted_line(source: str, message: str, operation: re.Pattern[str] | None) -> str:
    """The line of code in a text without a program that may have failed: the last one with the ``operation`` of the
    message, or else the last one; "" without one, or in a text that shows more of them than a sentence quotes."""
    line, is_denied = _said(source[-MOST_CHARACTERS:])
    if line and not is_denied and _is_code(line):
        return line
    if len(source) > MOST_CHARACTERS or PROGRAM.search(source):
        return ""
    text = source.replace(message, " ") if message else source
    text = text.replace(line, " ") if is_denied else text
    places: tuple[Iterable[str], ...] = (CODE.findall(text), INDENTED.findall(text), _in_sentence(text))
    for place in places:
        parts = (part.strip().rstrip(":;,") for part in islice(place, MOST_TRIED))
        if lines := list(dict.fromkeys(part for part in parts if part and _is_code(part))):
            fitting = [line for line in lines if operation and operation.search(line)]
            return (fitting or lines)[-1] if len(lines) <= MOST_QUOTED else ""
    return ""


def _said(text: str) -> tuple[str, bool]:
    """The line of which a person says that it failed, "" without one, and whether it is said that it did not fail."""
    said = SAID.search(text)
    if not said:
        return "", False
    return said[1].strip(" `"), bool(NOT.search(text, max(0, said.start() - MOST_OF_WORD), said.start(1)))


def only_line(source: str, pattern: re.Pattern[str]) -> str:
    """The only line of a program or a text with a pattern; "" without one, or if there are several."""
    lines = {line.strip() for line in source.split("\n") if pattern.search(line)}
    line = lines.pop() if len(lines) == 1 else ""
    return line if len(line) <= LONGEST else ""


def _is_code(line: str) -> bool:
    """Whether a line is one statement of Python that may compute arrays."""
    statements = parse(line).statements
    if len(statements) != 1 or isinstance(statements[0], (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
        return False
    one = statements[0]
    names_sizes = isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Tuple)
    return names_sizes or any(isinstance(node, OF_ARRAYS) for node in ast.walk(one))


def _in_sentence(text: str) -> Iterator[str]:
    """Expressions with a call or an index, from their beginning to the last bracket."""
    yield from BINARY.findall(text)
    end = 0
    while begun := CALL.search(text, end):
        end = _end_of_brackets(text, begun.end() - 1)
        while (more := MORE.match(text, end)) and end - begun.start() < LONGEST:
            end = _end_of_brackets(text, more.end() - 1) if more[0][-1] in "([" else more.end()
        yield text[begun.start() : end]


def _end_of_brackets(text: str, start: int) -> int:
    """Where the bracket at an offset is closed; the next character if it is not closed in its line."""
    depth = 0
    for n in range(start, min(len(text), start + LONGEST)):
        depth += (text[n] in "([{") - (text[n] in ")]}")
        if text[n] == "\n" and depth > 0:
            break
        if depth == 0:
            return n + 1
    return start + 1
