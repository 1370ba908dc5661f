"""Lines of a statement that are left out because they are not Python, so that the others can be read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

UNKNOWN_NAME = "_unknown_"

NAME = r"[^\W\d]\w{0,60}(?:\.[^\W\d]\w{0,60}){0,4}"

CHANGES = (
    (re.compile(rf"(\s*{NAME}(?:\s*,\s*{NAME}){{0,9}}\s*)(?:[-+*/]|//)?=(?!=)"), rf"\1= {UNKNOWN_NAME}"),
    (re.compile(rf"(\s*{NAME}\.[^\W\d]\w{{0,60}}\()"), rf"\1{UNKNOWN_NAME})"),
    (re.compile(r"(\s+return)\b"), rf"\1 {UNKNOWN_NAME}"),
)
"""The beginnings of lines that change something, and lines that say so, but not to what."""

DEFINED = re.compile(rf"(\s*)(?:class|(?:async\s+)?def)\s+({NAME})")
"""The beginning of a class or a function: a block after it belongs to nothing else."""

HEADER = re.compile(r"\s*(?:if|elif|else|for|while|with|try|except|finally)\b")
"""The beginning of a header, which a block follows."""


@dataclass
class MendedLines:
    """What was done to lines, by their numbers from 0: ``left_out``: the text of those that are left out, or in whose
    place something is changed to what is unknown; ``closed``:
    that of headers such as ``for x in y:`` without a body, which have got one; ``opened``: headers whose body was found
    later; ``changes``: lines in the place of those that are left out."""

    left_out: dict[int, str] = field(default_factory=dict)
    closed: dict[int, str] = field(default_factory=dict)
    opened: set[int] = field(default_factory=set)
    changes: set[int] = field(default_factory=set)

    @property
    def mistakes(self) -> set[int]:
        """The lines that are not Python. A header whose body was left out is."""
        return {*self.left_out, *(n for n in self.closed if n + 1 not in self.left_out)}

    def mend(self, lines: list[str], wrong: int, message: str) -> bool:
        """Leave out the line with an error, or mend what one that was left out before had to do with it. Whether the
        lines have changed."""
        if not 0 <= wrong < len(lines):
            return False
        before = next((n for n in reversed(range(wrong)) if lines[n].strip()), None)
        for one in (wrong, before if "unindent" in message else wrong):
            if one in self.changes:  # it does not fit there
                self.changes.discard(one)
                lines[one] = ""
                return True
        if "expected an indented block" in message:
            is_last = not any(map(str.strip, lines[wrong + 1 :])) and lines[wrong].rstrip().endswith(":")
            header = wrong if is_last else before
            if header is not None and header not in self.opened and not self._has_body(lines, header, wrong):
                self.closed[header] = lines[header].rstrip()
                lines[header] = f"{self.closed[header]} pass"
                return True
        elif "unexpected indent" in message and before is not None and self._attach(lines, before, wrong):
            return True
        if lines[wrong].strip() in ("", "pass"):
            return False
        self.left_out[wrong] = lines[wrong].rstrip()
        defined = DEFINED.match(lines[wrong])
        if defined:
            lines[wrong + 1 :] = _without_block(lines[wrong + 1 :], len(defined[1]))
        lines[wrong] = defined.expand(rf"\1\2 = {UNKNOWN_NAME}") if defined else _change_in(lines[wrong])
        self.changes |= {wrong} if lines[wrong] else set()
        return True

    def _has_body(self, lines: list[str], header: int, wrong: int) -> bool:
        """Whether a header has a body after a line that is wrong in it."""
        after = next((line for line in lines[wrong + 1 :] if line.strip()), "")
        return _indentation(after) > _indentation(lines[header]) and not lines[wrong].rstrip().endswith(":")

    def _attach(self, lines: list[str], before: int, wrong: int) -> bool:
        """Make a line that is indented the body of the header before it, which was closed or left out."""
        closed = self.closed.get(before, "")
        if closed and _indentation(closed) < _indentation(lines[wrong]):
            lines[before] = self.closed.pop(before)
            self.opened.add(before)
            return True
        left_out = ((n, self.left_out.get(n, "")) for n in range(before + 1, wrong))
        headers = (n for n, line in left_out if line.endswith(":") or _is_header_of(line, lines[wrong]))
        header = next((n for n in headers if not lines[n]), None)
        if header is None:
            return False
        lines[header] = f"{' ' * _indentation(self.left_out[header])}if {UNKNOWN_NAME}:"
        return True


def _change_in(line: str) -> str:
    """A line in the place of one that is not Python: what that changes is unknown after it, "" if it changes
    nothing."""
    found = ((pattern.match(line), change) for pattern, change in CHANGES)
    return next((match.expand(change) for match, change in found if match and not line.rstrip().endswith(":")), "")


def _without_block(lines: Sequence[str], indentation: int) -> Iterator[str]:
    """Lines without those before the first one that is not indented further."""
    is_within = True
    for line in lines:
        is_within = is_within and (not line.strip() or _indentation(line) > indentation)
        yield "" if is_within else line


def _is_header_of(line: str, inner: str) -> bool:
    """Whether a line begins as a header of another one, which is indented further."""
    return HEADER.match(line) is not None and _indentation(line) < _indentation(inner)


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
