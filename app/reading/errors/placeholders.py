"""Placeholders of messages in lines of source code, which a traceback may quote: ``'Expected {}, got {}'``. No size
stands there, so that such a line is no message."""

import re

PLACEHOLDER = re.compile(
    r"(?<!\{)\{(?:\}|[^{}\n\d,:\"'][^{}\n,]{0,80}\}|\d{0,2}(?:![ars])?:[^{}\n\"',]{0,10}\})(?!\})|%[srd]"
)
"""``{}``, ``{size}`` and ``{0:d}`` of Python, and ``%s``; not the sizes in brackets that ONNX writes."""

QUOTES = re.compile("[\"'`]")

NO_SIZE = "\1"
"""Stands for each character of a placeholder, and for none that a person pastes."""


def without_placeholders(text: str) -> str:
    """A text with other characters in place of the placeholders in strings, so that no template of a message fits
    them. All other characters stay where they are."""
    if "{" not in text and "%" not in text:
        return text
    return "\n".join(map(_without_placeholders_in_strings, text.split("\n")))


def _without_placeholders_in_strings(line: str) -> str:
    may_have_some = ("{" in line or "%" in line) and QUOTES.search(line)
    return PLACEHOLDER.sub(lambda one: NO_SIZE * len(one[0]), line) if may_have_some else line
