"""Full-text search with a question in plain words. Rare words have the most weight. What else is found by a text: the
``search_terms`` of each question in app/teaching/questions."""

from collections import Counter
from collections.abc import Hashable, Mapping
from functools import lru_cache
from math import fsum, log
from typing import TypeVar
from unicodedata import normalize

import regex

MAX_RESULTS = 10

TITLE_WEIGHT = 2
"""The weight of a word in the title, relative to one in the text."""

MIN_SCORE = 0.4
"""The lowest score of a result, relative to the best one."""

MIN_COVERAGE = 1 / 3
"""The lowest share of a query's words, without common ones, that occur in a result. A sentence about something else
often has one word of ours."""

TitledText = tuple[str, str]
"""A title and a text."""

Key = TypeVar("Key", bound=Hashable)


def search(query: str, texts: Mapping[Key, TitledText]) -> list[Key]:
    """The keys of the texts that match a query, best first. The last word of the query may be incomplete.

    Words are weighted by inverse document frequency, so that “is” and “the” hardly count (Spärck Jones, A Statistical
    Interpretation of Term Specificity and its Application in Retrieval, 1972).
    """
    titles = {key: words_of(title) for key, (title, _) in texts.items()}
    all_words = {key: titles[key] | words_of(text) for key, (_, text) in texts.items()}
    frequency = Counter(word for words in all_words.values() for word in words)
    weights = {word: log(len(texts) / frequency[word]) ** 2 for word in _known_words(query, frequency)}
    needed = MIN_COVERAGE * len(words_of(query) - COMMON)

    def score(key: Key) -> float:
        matching = weights.keys() & all_words[key]
        if len(matching) < needed:
            return 0.0
        # exact, so that texts with the same words have the same score, in whatever order
        return fsum(weights[word] * (TITLE_WEIGHT if word in titles[key] else 1) for word in matching)

    scores = {key: score(key) for key in texts}
    best = max(scores.values(), default=0.0)
    good = [key for key in texts if scores[key] > 0 and scores[key] >= MIN_SCORE * best]
    return sorted(good, key=lambda key: -scores[key])[:MAX_RESULTS]


def _known_words(query: str, known: Mapping[str, int]) -> set[str]:
    """The words of a query that occur in a text; common words only if there are no others."""
    words, last_typed = words_of(query), regex.findall(r"\w+$", query)
    last = next(iter(words_of(last_typed[0])), "") if last_typed else ""
    matching = {word for word in words if word in known}
    if last and last not in known:
        matching |= {word for word in known if word.startswith(last)}
    return matching - COMMON or matching


COMMON = frozenset(
    """
    a an and are between can do does how i in is it of or should the to what when which why with
    cual como de del el en es la las los o para por que se son un una y
    什 么 什么 是 是什 么是 为 为什 怎 怎么 么样 如 何 如何 哪 哪个 个 多少 吗 呢 的 了 有 和 与
    """.split()  # noqa: SIM905
)
"""Stop words, in English, Spanish and Chinese; those of Chinese also as the pairs that ``words_of`` makes of them."""


@lru_cache(512)
def words_of(text: str) -> frozenset[str]:
    """The words of a text, without accents and plural endings; of a name such as h_0 its parts, and h0. For Chinese,
    which has no spaces, each character and each pair of adjacent characters."""
    plain = regex.sub(r"\p{M}", "", normalize("NFKD", text.casefold()))
    words = {name.replace("_", "") for name in regex.findall(r"\b[a-z]\w*_\w+\b", plain)}
    for run in regex.findall(r"\p{Han}+|[[\w--_]--\p{Han}]+", plain, flags=regex.VERSION1):
        if regex.match(r"\p{Han}", run):
            words |= {*run, *(run[k : k + 2] for k in range(len(run) - 1))}
        else:
            words.add(regex.sub(r"(?<=\w{3})e?s$", "", run))
    return frozenset(words)
