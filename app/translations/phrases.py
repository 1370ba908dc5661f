"""Phrases: English texts that know how they were put together, so that they can be said in another language.

Every layer may say something; none but the outermost knows who reads it. So a phrase stays an ordinary string on its
way, to be compared, quoted and sent to programs, and is translated where somebody reads it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

Say = Callable[[str], str]
"""A text in another language, or itself where that has none."""

ENGLISH: Say = str
"""As it is."""


class Phrase(str):
    """``template`` has the names of ``values`` in braces, and may have others, for who sets it. ``is_text``: whether no
    value is more than text and numbers, such as HTML."""

    template: str
    values: Mapping[str, Any]
    is_text: bool


def phrase(template: str, **values: Any) -> Phrase:
    """A text to be translated. A name in braces that has no value here stays as it is.

    >>> phrase("{n:,} of {units}", n=1000)
    '1,000 of {units}'
    """
    made = Phrase(template.format_map(_Kept(values)))
    made.template, made.values = template, values
    made.is_text = all(map(_is_text, values.values()))
    return made


def _is_text(value: Any) -> bool:
    if isinstance(value, Phrase):
        return value.is_text
    return type(value) in (str, int, float) or (isinstance(value, Listed) and all(map(_is_text, value)))


def plural(n: int, one: str, many: str, **values: Any) -> Phrase:
    """Of two texts the one for ``n``, which is put in as well."""
    return phrase(one if n == 1 else many, n=n, **values)


def inflected(text: str, count: Callable[[str], int]) -> str:
    """A text with its words for one or for many: ``count`` says how many there are of a name.

    >>> inflected("{n} [n:row|rows]", {"n": 1}.__getitem__)
    '{n} row'
    """
    return _FORMS.sub(lambda found: found[2] if count(found[1]) == 1 else found[3], text)


_FORMS = re.compile(r"\[(\w+):([^\[\]|]*)\|([^\[\]]*)\]")


def together(texts: Iterable[str]) -> str:
    """``a and b and c``."""
    return reduce(lambda one, other: phrase("{one} and {other}", one=one, other=other), texts)


class Listed(tuple[str, ...]):
    """Texts with commas between them, as a value of a phrase."""

    def __format__(self, spec: str) -> str:
        return ", ".join(self)


def translated(text: str, translations: Mapping[str, str], written: Callable[[str], str] = str) -> str:
    """A text by its translation; where that is missing, in English. ``written`` is done to every part before they are
    put together: with one that escapes, the whole is HTML."""
    if not isinstance(text, Phrase):
        return written(translations.get(text) or text)

    def put_in(value: Any) -> Any:
        if isinstance(value, Listed):
            return written(", ").join(map(put_in, value))
        if isinstance(value, Phrase):
            return translated(value, translations, written)
        return written(value) if isinstance(value, str) else value

    template = written(translations.get(text.template) or text.template)
    return template.format_map(_Kept({name: put_in(value) for name, value in text.values.items()}))


class _Kept(dict[str, Any]):
    """Values of which one that is missing stays a name in braces."""

    def __missing__(self, name: str) -> "_Name":
        return _Name(name)


class _Name:
    """A name that somebody else puts in: written as it stands in its braces."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> "_Name":
        if name.startswith("__"):
            raise AttributeError(name)
        return _Name(f"{self._name}.{name}")

    def __format__(self, spec: str) -> str:
        return f"{{{self._name}{':' if spec else ''}{spec}}}"
