"""Axes that are not known yet."""

from collections.abc import Iterator

ONE = "1"
"""The name of a part that is one number."""


class Unknown:
    """An axis that is not known yet; equal to another one, or to several one after another, once it is. ``letter`` is
    what the text calls its size, ``size`` a number that it must be, or 0."""

    __slots__ = ("hint", "letter", "name", "parts", "same", "size")

    def __init__(self, hint: str = "", name: str = "", letter: str = "") -> None:
        self.hint, self.name, self.letter = hint, name, letter
        self.same: Unknown | None = None
        self.size = 0
        self.parts: tuple[Unknown, ...] = ()

    @property
    def root(self) -> "Unknown":
        return self.same.root if self.same else self


Type = tuple[Unknown | None, Unknown | None]
"""Rows and columns; None is one."""


def flat(axis: Unknown) -> Iterator[Unknown]:
    for part in axis.root.parts:
        yield part
        yield from flat(part)
