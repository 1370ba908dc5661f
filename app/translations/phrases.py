"""Phrases: English texts that store their template and values, so that they can be translated later.

Any layer may make a phrase, but only the outermost layer knows the language of the reader. Until then a phrase is an
ordinary English string that can be compared, quoted and sent to programs. ``Translator`` translates it when a page or a
picture is rendered.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any


class Phrase(str):
    """A formatted English text with its template and values.

    ``template`` is the English text with names in braces, which is the msgid in catalogs; ``values`` are formatted into
    it. If the words depend on a number ``n``, ``template`` is the singular and ``plural`` the plural, the msgid_plural.
    ``is_plain`` is true if the English text, ``template`` and ``n`` determine every translation, because no value is
    HTML or has a plural.
    """

    template: str
    plural: str
    n: int
    values: Mapping[str, Any]
    is_plain: bool


def phrase(template: str, /, **values: Any) -> Phrase:
    """A translatable text. A name in braces without a value is left unchanged.

    >>> phrase("{n:,} of {units}", n=1000)
    '1,000 of {units}'
    """
    return _formatted(template, template, "", 1, values)


def plural(one: str, many: str, n: int, /, **values: Any) -> Phrase:
    """A translatable text whose words depend on ``n``, which is also one of its values. ``one`` and ``many`` are the
    English singular and plural; a translation has as many forms as its language. As with ngettext, a language may use
    the same form for 1 and 21, so a text that is true only for exactly one needs its own phrase.

    >>> plural("{n:,} row", "{n:,} rows", 1000)
    '1,000 rows'
    """
    return _formatted(one if n == 1 else many, one, many, n, {"n": n, **values})


def _formatted(english: str, template: str, many: str, n: int, values: Mapping[str, Any]) -> Phrase:
    result = Phrase(english.format_map(Unfilled(values)))
    result.template, result.plural, result.n, result.values = template, many, n, values
    result.is_plain = all(map(_is_plain, values.values()))
    return result


def _is_plain(value: Any) -> bool:
    if isinstance(value, Phrase):
        return value.is_plain and not value.plural
    return type(value) in (str, int, float) or (isinstance(value, CommaSeparated) and all(map(_is_plain, value)))


class Unfilled(dict[str, Any]):
    """Values for ``str.format_map`` that leave a name without a value in its braces."""

    def __missing__(self, name: str) -> "_Name":
        return _Name(name)


class _Name:
    """A name without a value, which formats as itself in braces."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> "_Name":
        if name.startswith("__"):
            raise AttributeError(name)
        return _Name(f"{self._name}.{name}")

    def __format__(self, spec: str) -> str:
        return f"{{{self._name}{':' if spec else ''}{spec}}}"


COMMA = phrase(", ")
"""What stands between the parts of a list. A phrase, because not all languages have this comma."""

SENTENCES = phrase("{sentence} {next}")
"""What stands between two sentences. A phrase, because not all languages have a space there."""


class CommaSeparated(tuple[str, ...]):
    """Texts with commas between them, as a value of a phrase."""

    def __format__(self, spec: str) -> str:
        return COMMA.join(self)


def joined_with_commas(texts: Iterable[str]) -> Phrase:
    """``a, b, c``."""
    return phrase("{texts}", texts=CommaSeparated(texts))


def joined_sentences(sentences: Iterable[str]) -> str:
    """``A sentence. Another one.``"""
    return reduce(lambda one, other: phrase(SENTENCES.template, sentence=one, next=other), sentences)


def joined_with_and(texts: Iterable[str]) -> str:
    """``a, b and c``."""
    *others, last = texts
    return phrase("{one} and {other}", one=CommaSeparated(others), other=last) if others else last


def joined_with_or(texts: Iterable[str]) -> str:
    """``a, b or c``."""
    *others, last = texts
    return phrase("{one} or {other}", one=CommaSeparated(others), other=last) if others else last
