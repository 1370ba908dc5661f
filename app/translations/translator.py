"""Translates phrases into one language, with its gettext catalog."""

import re
from collections.abc import Callable
from gettext import NullTranslations, c2py
from typing import Any

from .numbers import NumberIn
from .phrases import CommaSeparated, Phrase, Unfilled


class Translator:
    """Translates texts into one language: ``translate(text)``. What the catalog lacks stays English.

    ``plural_forms`` is how many plural forms the language has, ``plural_rule`` says which of them a number takes: the
    expression in C of a Plural-Forms header. ``separator`` stands between the thousands of a number.
    """

    def __init__(
        self, catalog: NullTranslations, plural_forms: int = 2, plural_rule: str = "n != 1", separator: str = ","
    ) -> None:
        self._catalog = catalog
        self._separator = separator
        self._plural_forms = plural_forms
        self.plural_form = c2py(plural_rule)

    def __call__(self, text: str, escape: Callable[[str], str] = str) -> str:
        """The translation of a text. ``escape`` is applied to every part before they are put together: with one that
        escapes HTML, the whole is HTML."""
        if not isinstance(text, Phrase):
            return escape(self._catalog.gettext(text) if text else text)
        if self is ENGLISH and escape is str:
            return str(text)
        if text.plural:
            template = self._catalog.ngettext(text.template, text.plural, text.n)
        else:
            template = self._catalog.gettext(text.template)

        def translated(value: Any) -> Any:
            if isinstance(value, CommaSeparated):
                return escape(", ").join(map(translated, value))
            if isinstance(value, Phrase):
                return self(value, escape)
            if isinstance(value, str):
                return escape(value)
            if self._separator != "," and isinstance(value, int | float):
                return NumberIn(value, self._separator)
            return value

        return escape(template).format_map(Unfilled({name: translated(value) for name, value in text.values.items()}))

    def inflect(self, text: str, count: Callable[[str], int]) -> str:
        """Choose between the words in square brackets; ``count`` says how many there are of a name.

        ``[features:row|rows]`` has the plural forms of the text's language, in the order of its Plural-Forms header.
        ``[features=1:the one row|all rows]`` tells exactly one from any other number, in every language; plural forms
        may stand in it.

        >>> ENGLISH.inflect("{n} [n:row|rows]", {"n": 1}.__getitem__)
        '{n} row'
        """

        def form(found: re.Match[str]) -> str:
            forms, n = found[2].split("|"), count(found[1])
            # another number of forms than the language has: a text that is not translated, so it is English
            return forms[self.plural_form(n) if len(forms) == self._plural_forms else int(n != 1)]

        def alternative(found: re.Match[str]) -> str:
            return found[2] if count(found[1]) == 1 else found[3]

        return _EXACTLY_ONE.sub(alternative, _FORMS.sub(form, text)) if "[" in text else text


_FORMS = re.compile(r"\[(\w+):([^\[\]]*)\]")
_EXACTLY_ONE = re.compile(r"\[(\w+)=1:([^\[\]|]*)\|([^\[\]|]*)\]")

ENGLISH = Translator(NullTranslations())
"""Leaves every text as it is."""
