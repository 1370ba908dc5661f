"""Lines of a statement that are left out because they are not Python, so that the others can be read."""

import re
from dataclasses import dataclass, field

UNKNOWN_NAME = "_unknown_"

NAME = r"[^\W\d]\w{0,60}(?:\.[^\W\d]\w{0,60}){0,4}"

CHANGES = (
    (re.compile(rf"(\s*{NAME}(?:\s*,\s*{NAME}){{0,9}}\s*)(?:[-+*/]|//)?=(?!=)"), rf"\1= {UNKNOWN_NAME}"),
    (re.compile(rf"(\s*{NAME}\.[^\W\d]\w{{0,60}}\()"), rf"\1{UNKNOWN_NAME})"),
    (re.compile(r"(\s+return)\b"), rf"\1 {UNKNOWN_NAME}"),
)
"""The beginnings of lines that change something, and lines that say so, but not to what."""


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
        self.left_out[wrong], lines[wrong] = lines[wrong].rstrip(), _change_in(lines[wrong])
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
        headers = (n for n in range(before + 1, wrong) if self.left_out.get(n, "").endswith(":"))
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


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())
