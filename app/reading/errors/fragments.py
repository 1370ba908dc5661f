"""Which of many templates a long text can have, by its fragments of four bytes: one walk over the text instead of a
search for each template."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

LENGTH = 4
"""Bytes of a fragment. A program has few of those that are in a message."""

BITS = 16
FACTOR = np.uint32(2654435761)
"""A fragment is known by the highest bits of its product with this odd number (Knuth's), which are evenly spread."""

Numbers = NDArray[np.uint32]


def _fragments(text: str) -> Numbers:
    """The numbers of the fragments of a text, in their order: (fragments,)."""
    codes = np.frombuffer(text.encode(errors="surrogatepass"), np.uint8)
    count = max(0, len(codes) - LENGTH + 1)
    joined = np.zeros(count, np.uint32)
    for n in range(LENGTH):
        joined = (joined << np.uint32(8)) | codes[n : n + count]
    return (joined * FACTOR) >> np.uint32(32 - BITS)


class FragmentsOfTemplates:
    """The fragments of templates, each of which is a list of texts that everything that matches it has."""

    def __init__(self, templates: Iterable[Sequence[str]]) -> None:
        of_each = [np.concatenate([*map(_fragments, one)]) for one in templates]
        self._ends = np.cumsum([len(one) for one in of_each])
        self._all = np.concatenate(of_each)

    def possible_in(self, text: str) -> Iterator[int]:
        """The places of the templates whose fragments are all in a text, in their order. No other one can match it."""
        is_there = np.zeros(2**BITS, bool)
        is_there[_fragments(text)] = True
        missing = np.cumsum(np.concatenate([[0], ~is_there[self._all]]))  # up to each fragment
        yield from map(int, np.flatnonzero(np.diff(missing[self._ends], prepend=0) == 0))
