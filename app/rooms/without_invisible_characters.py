"""Removes invisible characters from text: they could hide from the teacher what somebody typed, or reverse it."""

from unicodedata import category, combining
from urllib.parse import parse_qsl, quote, urlencode

INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode categories: control, format (direction, joiners, tags), unassigned, private use and surrogate characters,
line and paragraph separators."""

BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f")
"""Letters and marks without a visible glyph."""

JOINER, SELECTOR = "\u200d", "\ufe0f"
"""The joiner combines two emoji into one; the variation selector after an emoji selects its coloured form."""

MAX_MARKS = 2
"""Combining marks on one letter. More would overlap the lines above and below."""


def visible(text: str) -> str:
    """A text without invisible characters. Whitespace becomes spaces, and joiners are kept between emoji."""
    result: list[str] = []
    marks = 0
    for character, following in zip(text, text[1:] + " ", strict=False):
        marks = marks + 1 if combining(character) else 0
        if character.isspace():
            result.append(" ")
        elif character == JOINER:
            if result and _is_emoji(result[-1]) and _is_emoji(following):
                result.append(character)
        elif category(character) not in INVISIBLE and character not in BLANK and marks <= MAX_MARKS:
            result.append(character)
    return "".join(result)


def visible_title(query: str) -> str:
    """A query with invisible characters removed from its title. Other values are data and stay unchanged."""
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    cleaned = [(name, visible(value) if name == "title" else value) for name, value in pairs]
    return query if cleaned == pairs else f"?{urlencode(cleaned, quote_via=quote)}"


def _is_emoji(character: str) -> bool:
    return character == SELECTOR or category(character) in ("So", "Sk")
