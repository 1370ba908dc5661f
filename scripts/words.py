"""Bring the files of translations up to the English: what is new is added without a translation, what is gone leaves.

A text whose English was changed counts as new; its old translation stays beside it, marked as fuzzy, for who mends it.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from app.lessons.messages import messages  # noqa: E402
from app.translations.languages import CATALOGS, LANGUAGES  # noqa: E402
from app.web.pages.docs import paths  # noqa: E402

SOURCES = [("templates/**.html", "jinja2.ext.babel_extract"), ("app/**.py", "python")]

# what stands in a call of each is a text: in all places, or in these
CALLS: dict[str, tuple[int, ...] | None] = {"_": (1,), "_n": (2, 3), "phrase": (1,), "plural": (2, 3)}


def english() -> Catalog:
    """Every text that is to be translated, and where it stands."""
    catalog = Catalog(fuzzy=False)
    for text, where in messages():
        catalog.add(text, locations=[(where, None)])  # type: ignore[list-item]
    for path, what in paths():
        catalog.add(what, locations=[(path, None)])  # type: ignore[list-item]
    for file, _, message, comments, _ in extract_from_dir(ROOT, SOURCES, keywords=CALLS):
        for one in filter(has_words, [message] if isinstance(message, str) else message):
            catalog.add(one, locations=[(file, None)], auto_comments=comments)  # type: ignore[list-item]
    return catalog


def has_words(text: str) -> bool:
    """Whether there is anything to translate, beside what is put in."""
    return any(map(str.isalpha, re.sub(r"\{[^{}]*\}", "", text)))


HEADER = """# Unrolled in {name}: see CONTRIBUTING.md.
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
"""No dates and no names, so that a file changes only where its words do."""


def main() -> None:
    for language, name in LANGUAGES.items():
        if language != "en":
            bring_up(language, name)


def bring_up(language: str, name: str) -> None:
    """Write the file of a language anew, with what is translated already."""
    path = CATALOGS / f"{language}.po"
    catalog = read_po(path.open("rb")) if path.exists() else Catalog()
    catalog.update(english())
    catalog.obsolete.clear()
    with path.open("wb") as file:
        file.write(HEADER.format(name=name, language=language).encode())
        write_po(file, catalog, width=120, omit_header=True)
    left = sum(1 for one in catalog if one.id and (not one.string or one.fuzzy))
    print(f"{path.relative_to(ROOT)}: {left} of {len(catalog)} left to translate")


if __name__ == "__main__":
    main()
