"""Phrases: English texts that know how they were made, so that they can be translated later.

Any layer may make a phrase; only the outermost knows who reads it. Until then a phrase is an ordinary English string,
to be compared, quoted and sent to programs. ``Translator`` translates it when a page or a picture is made.
"""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any


class Phrase(str):
    """A formatted English text, with what it was formatted from.

    ``template`` is the English text with names in braces, the msgid of the catalogs; ``values`` are formatted into it.
    Where the words depend on a number ``n``, ``template`` is the singular and ``plural`` the plural, the msgid_plural.
    ``is_plain`` says that the English text, ``template`` and ``n`` determine every translation: no value is HTML or has
    a plural of its own.
    """

    template: str
    plural: str
    n: int
    values: Mapping[str, Any]
    is_plain: bool


def phrase(template: str, /, **values: Any) -> Phrase:
    """A text to be translated. A name in braces without a value here stays as it is.

    >>> phrase("{n:,} of {units}", n=1000)
    '1,000 of {units}'
    """
    return _formatted(template, template, "", 1, values)


def plural(one: str, many: str, n: int, /, **values: Any) -> Phrase:
    """A text whose words depend on ``n``, which is formatted into it as well. ``one`` and ``many`` are its English
    singular and plural; a translation has as many forms as its language. As with ngettext, a language may use the form
    of 1 for 21 too: what is true of exactly one is a phrase of its own.

    >>> plural("{n:,} row", "{n:,} rows", 1000)
    '1,000 rows'
    """
    return _formatted(one if n == 1 else many, one, many, n, {"n": n, **values})


def _formatted(english: str, template: str, many: str, n: int, values: Mapping[str, Any]) -> Phrase:
    made = Phrase(english.format_map(Unfilled(values)))
    made.template, made.plural, made.n, made.values = template, many, n, values
    made.is_plain = all(map(_is_plain, values.values()))
    return made


def _is_plain(value: Any) -> bool:
    if isinstance(value, Phrase):
        return value.is_plain and not value.plural
    return type(value) in (str, int, float) or (isinstance(value, CommaSeparated) and all(map(_is_plain, value)))


def joined_with_and(texts: Iterable[str]) -> str:
    """``a and b and c``."""
    return reduce(lambda one, other: phrase("{one} and {other}", one=one, other=other), texts)


class CommaSeparated(tuple[str, ...]):
    """Texts with commas between them, as a value of a phrase."""

    def __format__(self, spec: str) -> str:
        return ", ".join(self)


class Unfilled(dict[str, Any]):
    """Values for ``str.format_map``: a name without a value stays in its braces."""

    def __missing__(self, name: str) -> "_Name":
        return _Name(name)


class _Name:
    """A name without a value, which formats as it stands in its braces."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> "_Name":
        if name.startswith("__"):
            raise AttributeError(name)
        return _Name(f"{self._name}.{name}")

    def __format__(self, spec: str) -> str:
        return f"{{{self._name}{':' if spec else ''}{spec}}}"
