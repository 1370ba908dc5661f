"""Functions without their bodies. A body is parsed when its function is followed, and most functions never are: they
load data, or train."""

import re
from itertools import accumulate

DEFINITION = re.compile(r"^( *+)def (\w++)", re.MULTILINE)
HEADER = re.compile(r"def (?:[^\n]*[^:\s] *\n){0,30}?[^\n]*: *\n")
"""The first line of a function, or those up to one that ends with a colon."""

FOLLOWED = ("__init__", "forward", "call", "build")
"""Functions that are followed anyway if their class is."""

FEWEST_LINES = 5
"""Lines of a body that it is worthwhile to leave out."""

FEWEST_OF_LATE = 2
"""The same, if the function is probably not followed."""

Place = tuple[int, int]
"""The line of a definition, from 0, and its column."""


def without_bodies(text: str, is_late: bool = False) -> tuple[str, dict[Place, str]]:
    """A statement of the outermost level in which functions have ``pass`` for a body, in as many lines, and the whole
    text of these functions. In a class these are its methods. ``is_late``: whether the class is so far behind others
    that its methods are probably not followed."""
    functions: dict[Place, str] = {}
    first = DEFINITION.search(text)
    if not first or (first[1] and not text.lstrip("\n").startswith("class ")):
        return text, functions
    indentation, parts, done, line = first[1], list[str](), 0, 0
    fewest = FEWEST_OF_LATE if is_late else FEWEST_LINES
    body = re.compile(rf"(?:{indentation} [^\n]*\n| *\n)*+")
    for found in DEFINITION.finditer(text):
        start = found.start()
        if start < done or found[1] != indentation or (found[2] in FOLLOWED and not is_late):
            continue
        header = HEADER.match(text, found.end(1))
        end = _end_of_body(body, text, header.end(), fewest) if header and _is_header(header[0]) else None
        if header is None or end is None:
            continue
        line += text.count("\n", done, start)
        functions[line, len(indentation)] = text[start:end]
        parts += [text[done : header.end() - 1], " pass\n", "\n" * text.count("\n", header.end(), end)]
        line += text.count("\n", start, end)
        done = end
    return "".join([*parts, text[done:]]), functions


def _is_header(text: str) -> bool:
    """Whether only brackets join the lines of a header, and it defines one function."""
    *begun, _ = accumulate(line.count("(") - line.count(")") for line in text.split("\n")[:-1])
    return text.count("(") == text.count(")") and all(depth > 0 for depth in begun) and text.count("def ") == 1


def _end_of_body(body: re.Pattern[str], text: str, start: int, fewest: int) -> int | None:
    """The end of a body; None if it has fewer lines, or if a string goes on after it."""
    found = body.match(text, start)
    inner = found[0].rstrip() if found else ""
    is_cut = inner.count('"""') % 2 or inner.count("'''") % 2
    return None if is_cut or inner.count("\n") + 1 < fewest else start + len(inner) + 1
