"""What a log writes before each line of a traceback: a time, a level, a process. Its own lines show what that is."""

import re
from collections.abc import Iterator
from itertools import islice

LEVEL = r"(?:TRACE|DEBUG|INFO|NOTICE|WARN(?:ING)?|ERROR|CRITICAL|FATAL|EXCEPTION)"

BEGINNING = re.compile(r"Traceback \(most recent call last\)|[ ]{2}File \"")
"""The first line of a traceback, or of one of its frames, after what a log writes before it."""

LONGEST_PREFIX = 120
"""Characters that a log writes before a line."""

VARYING = re.compile(rf"\d+|\b{LEVEL}\b[ ]*|(?<![^\W_])[IWEF](?=\d{{4}}[ ])", re.IGNORECASE)
"""What is another in each line: the numbers of a time, and the level, also as the letter of glog."""

MOST_BEGINNINGS = 20
"""Lines at which a traceback may begin."""


def without_log_prefixes(text: str) -> str:
    """A text without what a log writes before the lines of a traceback, if it stands before two of its first lines."""
    for prefix, place in islice(_prefixes(text), MOST_BEGINNINGS):
        if not VARYING.search(prefix):
            continue
        lines = re.compile(rf"^{_pattern(prefix)}", re.MULTILINE)
        end = text.find("\n", place) + 1
        if end and lines.match(text, end):
            return lines.sub("", text)
    return text


def _prefixes(text: str) -> Iterator[tuple[str, int]]:
    """What is before each beginning in its line, and where the beginning ends."""
    for beginning in BEGINNING.finditer(text):
        prefix = text[text.rfind("\n", 0, beginning.start()) + 1 : beginning.start()]
        if 0 < len(prefix) <= LONGEST_PREFIX:
            yield prefix, beginning.end()


def _pattern(prefix: str) -> str:
    """A pattern of a prefix with other numbers and levels. Its last space may be lost in an empty line."""
    parts, end = list[str](), 0
    for varying in VARYING.finditer(prefix):
        is_number, is_letter = varying[0].isdecimal(), len(varying[0]) == 1
        kind = r"\d{1,20}" if is_number else "[IWEF]" if is_letter else rf"(?i:{LEVEL})[ ]{{0,8}}"
        parts += [re.escape(prefix[end : varying.start()]), kind]
        end = varying.end()
    rest = prefix[end:]
    without_space = rest.rstrip(" ")
    parts += [re.escape(without_space), rf"(?:{re.escape(rest[len(without_space) :])}|[ ]*$)"]
    return "".join(parts)
