"""Searching texts with a question in plain words: the best results come first, and rare words count most."""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from math import log
from unicodedata import normalize

import regex

MOST = 10
"""The most results."""

TITLE = 2
"""How much more a word of the title counts than one of the text."""

ENOUGH = 0.4
"""The lowest score of a result, as a share of the best."""

Titled = tuple[str, str]
"""A title and a text."""


def found(sought: str, texts: Mapping[str, Titled]) -> list[str]:
    """The keys of the best texts, the best first. The last word of ``sought`` may be the beginning of a word.

    A word counts the more the fewer texts have it, so that “is” and “the” hardly count (Spärck Jones, A
    Statistical Interpretation of Term Specificity and its Application in Retrieval, 1972).
    """
    titles = {key: words_of(title) for key, (title, _) in texts.items()}
    every = {key: titles[key] | words_of(text) for key, (_, text) in texts.items()}
    having = Counter(word for words in every.values() for word in words)
    weights = {word: log(len(texts) / having[word]) ** 2 for word in _known_words(sought, having)}

    def score(key: str) -> float:
        return sum(w * (TITLE if word in titles[key] else 1) for word, w in weights.items() if word in every[key])

    scores = {key: score(key) for key in texts}
    best = max(scores.values(), default=0.0)
    good = [key for key in texts if scores[key] > 0 and scores[key] >= ENOUGH * best]
    return sorted(good, key=lambda key: -scores[key])[:MOST]


def _known_words(sought: str, known: Mapping[str, int]) -> set[str]:
    """The known words of a question; common ones only where there are no others."""
    words, typed = words_of(sought), regex.findall(r"\w+$", sought)
    last = next(iter(words_of(typed[0])), "") if typed else ""
    matching = {word for word in words if word in known}
    if last and last not in known:
        matching |= {word for word in known if word.startswith(last)}
    return matching - COMMON or matching


COMMON = frozenset(
    """
    a an and are can do does how i in is it of or should the to what when which why with
    cual como de del el en es la las los o para por que se son un una y
    """.split()  # noqa: SIM905
)
"""Words that any question may have, and that mean nothing for the search."""


@lru_cache(512)
def words_of(text: str) -> frozenset[str]:
    """The words of a text, without accents and plural endings; of a language without spaces, each character and each
    pair of neighbours."""
    plain = regex.sub(r"\p{M}", "", normalize("NFD", text.casefold()))
    words: set[str] = set()
    for run in regex.findall(r"\p{Han}+|[[\w--_]--\p{Han}]+", plain, flags=regex.VERSION1):
        if regex.match(r"\p{Han}", run):
            words |= {*run, *(run[k : k + 2] for k in range(len(run) - 1))}
        else:
            words.add(regex.sub(r"(?<=\w{3})e?s$", "", run))
    return frozenset(words)
