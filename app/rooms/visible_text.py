"""Text without invisible characters, which could hide from the teacher what somebody typed, or reverse it."""

from unicodedata import category, combining
from urllib.parse import parse_qsl, quote, urlencode

UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Categories of Unicode: control characters, formatting (direction, joiners, tags), unassigned, private, surrogates,
separators of lines and paragraphs."""

BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u034f")
"""Letters and marks that are drawn as nothing."""

JOINER, SELECTOR = "\u200d", "\ufe0f"
"""One joins two emoji; the other, after an emoji, asks for its colours."""

MOST_MARKS = 2
"""The most accents over one letter; more would reach into the lines above and below."""


def visible(text: str) -> str:
    """A text with visible characters only. White space becomes a space; joiners stay between emoji."""
    seen: list[str] = []
    marks = 0
    for character, after in zip(text, text[1:] + " ", strict=False):
        marks = marks + 1 if combining(character) else 0
        if character.isspace():
            seen.append(" ")
        elif character == JOINER:
            if seen and _is_emoji(seen[-1]) and _is_emoji(after):
                seen.append(character)
        elif category(character) not in UNSEEN and character not in BLANK and marks <= MOST_MARKS:
            seen.append(character)
    return "".join(seen)


def visible_title(query: str) -> str:
    """A query whose title has visible characters only. Its other values are data and stay as they are."""
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    shown = [(name, visible(value) if name == "title" else value) for name, value in pairs]
    return query if shown == pairs else f"?{urlencode(shown, quote_via=quote)}"


def _is_emoji(character: str) -> bool:
    return character == SELECTOR or category(character) in ("So", "Sk")
