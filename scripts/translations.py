"""Updates the translation files: adds new English texts without a translation, and removes texts that no longer exist.

If an English text has changed, its old translation is marked as fuzzy: it is not used until somebody corrects it.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.teaching.translatable_texts import messages  # noqa: E402
from app.translations.languages import CATALOGS, LANGUAGES  # noqa: E402
from app.translations.phrases import COMMA, SENTENCES  # noqa: E402
from app.web.requests_and_responses.routing import Routes  # noqa: E402
from app.web.routes import ROUTES  # noqa: E402

SOURCES = [("templates/**.html", "jinja2.ext.babel_extract"), ("app/**.py", "python")]

KEYWORDS = {"_": (1,), "ngettext": (1, 2), "phrase": (1,), "plural": (1, 2)}
"""The functions with texts to translate, and the positions of these arguments: one, or singular and plural."""


def english() -> Catalog:
    """A catalog of every text to translate, with the places where it is used."""
    catalog = Catalog(fuzzy=False)
    for text, where in messages():
        catalog.add(text, locations=[(where, None)])  # type: ignore[list-item]
    for route in Routes(ROUTES).documented:
        catalog.add(route.description, locations=[(route.path, None)])  # type: ignore[list-item]
    for file, _, message, comments, _ in extract_from_dir(ROOT, SOURCES, keywords=KEYWORDS):
        if message in (COMMA, SENTENCES) or has_words("".join(message)):
            catalog.add(message, locations=[(file, None)], auto_comments=comments)  # type: ignore[list-item]
    return catalog


def has_words(text: str) -> bool:
    """Whether a text has words to translate, besides the names in braces."""
    return any(map(str.isalpha, re.sub(r"\{[^{}]*\}", "", text)))


HEADER = """# Unrolled in {name}: see CONTRIBUTING.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
"""Without dates and names, so that a file changes only if its texts change."""


def strings(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def main() -> None:
    for language, name in LANGUAGES.items():
        if language != "en":
            update(language, name)


def update(language: str, name: str) -> None:
    """Rewrite the file of a language with its existing translations. A new file gets the plural rule of its
    language."""
    path = CATALOGS / f"{language}.po"
    catalog = read_po(path.open("rb")) if path.exists() else Catalog(language)
    catalog.update(english())
    catalog.obsolete.clear()
    with path.open("wb") as file:
        file.write(HEADER.format(name=name, language=language, plural_forms=catalog.plural_forms).encode())
        write_po(file, catalog, width=120, omit_header=True)
    missing = sum(1 for message in catalog if message.id and (message.fuzzy or not all(strings(message))))
    print(f"{path.relative_to(ROOT)}: {missing} of {len(catalog)} texts to translate")


if __name__ == "__main__":
    main()
