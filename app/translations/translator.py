"""Translates phrases into one language, with its gettext catalog."""

import re
from collections.abc import Callable
from gettext import NullTranslations, c2py
from typing import Any

from ..size_expressions import Expression, chosen, fixed
from .numbers import NumberIn
from .phrases import COMMA, CommaSeparated, Phrase, Unfilled


class Translator:
    """Translates texts into one language: ``translate(text)``. Texts that are not in the catalog stay English.

    ``plural_forms`` is the number of plural forms of the language; ``plural_rule`` is the C expression of a
    Plural-Forms header that selects one of them for a number. ``separator`` separates the thousands of a number.
    """

    def __init__(
        self, catalog: NullTranslations, plural_forms: int = 2, plural_rule: str = "n != 1", separator: str = ","
    ) -> None:
        self._catalog = catalog
        self._separator = separator
        self._plural_forms = plural_forms
        self._plural_rule = c2py(plural_rule)

    def __call__(self, text: str, escape: Callable[[str], str] = str) -> str:
        """Translate a text. ``escape`` is applied to every part before they are joined: with a function that escapes
        HTML, the result is HTML."""
        if not isinstance(text, Phrase):
            return escape(self._catalog.gettext(text) if text else text)
        if self is ENGLISH and escape is str:
            return str(text)
        if text.plural:
            template = self._catalog.ngettext(text.template, text.plural, self._counted(text.n))
        else:
            template = self._catalog.gettext(text.template)

        def translated(value: Any) -> Any:
            if isinstance(value, CommaSeparated):
                return self(COMMA, escape).join(map(translated, value))
            if isinstance(value, Phrase):
                return self(value, escape)
            if isinstance(value, str):
                return escape(value)
            if self._separator != "," and isinstance(value, int | float):
                return NumberIn(value, self._separator)
            return value

        return escape(template).format_map(Unfilled({name: translated(value) for name, value in text.values.items()}))

    def plural_form(self, n: int) -> int:
        """The index of the plural form for a number."""
        return self._plural_rule(self._counted(n))

    def _counted(self, n: int) -> int:
        """A number that chooses a plural form. With two forms it only matters whether an expression is 1."""
        if isinstance(n, Expression) and self._plural_forms <= 2:
            return 1 if self._plural_forms == 2 and n == 1 else 2
        return fixed(n)

    def inflect(self, text: str, count: Callable[[str], int]) -> str:
        """Choose between the words in square brackets by a number. ``count`` returns the number of a name.

        ``[features:row|rows]`` has the plural forms of the text's language, in the order of its Plural-Forms header.
        ``[features=1:the one row|all rows]`` distinguishes exactly one from any other number, in every language; it may
        contain plural forms.

        >>> ENGLISH.inflect("{n} [n:row|rows]", {"n": 1}.__getitem__)
        '{n} row'
        """

        def form(match: re.Match[str]) -> str:
            forms, n = match[2].split("|"), count(match[1])
            # a text with another number of forms than the language is not translated, so it is English
            rule = self.plural_form if len(forms) == self._plural_forms else ENGLISH.plural_form
            if len(forms) > 2:
                return forms[rule(n)]
            return chosen(n == 1, forms[rule(1)], forms[rule(2)])

        def alternative(match: re.Match[str]) -> str:
            texts, is_one = (match[2], match[3]), count(match[1]) == 1
            if "{" in match[0]:  # with placeholders, which only a text without choices can have
                return texts[0] if is_one else texts[1]
            return chosen(is_one, *texts)

        return _EXACTLY_ONE.sub(alternative, _FORMS.sub(form, text)) if "[" in text else text


_FORMS = re.compile(r"\[(\w+):([^\[\]]*)\]")
_EXACTLY_ONE = re.compile(r"\[(\w+)=1:([^\[\]|]*)\|([^\[\]|]*)\]")

ENGLISH = Translator(NullTranslations())
"""Leaves every text unchanged."""
