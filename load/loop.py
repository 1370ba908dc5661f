"""The class and the crowd again, on servers whose event loop is watched. What is not ordinary is watched where it is
tried: see load/hostile.py and load/search.py."""

from collections.abc import Iterator

from benchmarks.row import Row
from load import anything, faults, lesson, opening, proxied, worst
from load.watched import Watch

PARTS = {
    "a class follows its teacher": lesson,
    "a class opens the page": opening,
    "links of a school, behind the proxy": proxied,
    "the largest requests at once": worst,
    "Redis or a replica is killed": faults,
    "anything that can be asked": anything,
}


def rows() -> Iterator[Row]:
    for what, part in PARTS.items():
        watch = Watch()
        for _ in part.rows(watch.serving):
            pass
        yield watch.row(what)
