"""Names as mathematics writes them: K_tilde as K with a tilde, W_alpha as W with the index α. Their ids stay."""

import re
from functools import lru_cache
from unicodedata import normalize

from ..equations.notation.typesetting.html_style import ACCENTS, accented, greek_letter, spelled


@lru_cache(1024)
def letters(name: str) -> tuple[str, str]:
    """The letter or the word of a name, with its accents as combining characters, and its index."""
    word, _, rest = name.partition("_")
    letter, accents = greek_letter(word) or word, ""
    if numbered := re.fullmatch("([A-Za-z])([0-9]+)", letter):  # W1
        letter, rest = numbered[1], "_".join(filter(None, (numbered[2], rest)))
    while (len(letter) == 1 or letter == "Δt") and (accent := rest.partition("_")[0]) in ACCENTS:
        accents += ACCENTS[accent]
        rest = rest.partition("_")[2]
    if index := spelled(rest):
        return normalize("NFC", letter + accents), index
    indices = [normalize("NFC", (greek_letter(index) or index) + marks) for index, marks in accented(rest)]
    return normalize("NFC", letter + accents), ",".join(indices)


def with_step(name: str, step: str) -> tuple[str, str]:
    """The letter of a name, and its index followed by that of the step."""
    letter, index = letters(name)
    return letter, f"{index},{step}" if index else step
