"""Texts with slots (``size_expressions.py``), filled for other sizes on the server, as templates are in a browser."""

import re
from collections.abc import Callable, Container, Mapping
from functools import cached_property
from sys import getsizeof
from typing import Any, NamedTuple

from ....size_expressions import FIRST_SLOT, OPERATIONS, WHOLE, Formulas, Node

Writers = Mapping[str, Callable[..., str]]
"""Functions that write the operands of slots, by format."""

_SLOT = re.compile(f"[{chr(FIRST_SLOT)}-{chr(0xFFFFF)}]")


Step = tuple[int, Callable[..., Any], int, int | None, int | None]
"""A value, and the function of one to three others that computes it: all by their indices."""


class Text(NamedTuple):
    """A text as a format of Python's ``%``, and the slots that are written into it."""

    format: str
    slots: list[int]

    @classmethod
    def of(cls, text: str) -> "Text":
        slots = [ord(character) - FIRST_SLOT for character in _SLOT.findall(text)]
        return cls(_SLOT.sub("%s", text.replace("%", "%%")), slots)

    def filled(self, slots: list[str]) -> str:
        """The text with what is written in all slots."""
        return self.format % tuple([slots[n] for n in self.slots])


class SlottedText:
    """A text for all sizes with the same conditions. ``given`` are the formats whose writers are given when it is
    filled."""

    def __init__(self, text: str, formulas: Formulas, given: Container[str] = ()) -> None:
        compared = formulas.needed(formulas.conditions)
        numbers = {k for _, *operands in formulas.slots for k in operands if isinstance(k, int)}
        rest = sorted({*formulas.needed(numbers)} - {*compared})
        self._values: list[Any] = [None] * len(formulas.nodes)
        self._sizes: list[tuple[int, str]] = []
        self._checks: list[tuple[list[Step], int, bool]] = []
        steps: list[Step] = []
        for index in compared:
            self._add_to(steps, index, formulas.nodes[index])
            if index in formulas.conditions:
                self._checks.append((steps, index, formulas.conditions[index]))
                steps = []
        self._rest: list[Step] = []
        for index in rest:
            self._add_to(self._rest, index, formulas.nodes[index])
        self._writers = {spec: write for spec, write in formulas.writers.items() if spec not in given}
        # Most slots are numbers, which are formatted first, without functions; no number depends on another slot.
        self._numbers: list[tuple[int, str, int]] = []
        self._written: list[tuple[int, str, list[Text | int]]] = []
        for n, (spec, *operands) in enumerate(formulas.slots):
            if len(operands) == 1 and isinstance(operands[0], int) and spec not in (*formulas.writers, WHOLE):
                self._numbers.append((n, spec, operands[0]))
            else:
                self._written.append((n, spec, [Text.of(one) if isinstance(one, str) else one for one in operands]))
        self._text = Text.of(text)

    @cached_property
    def size(self) -> int:
        """About the size in bytes: of the text, and of each step, slot and operand."""
        operands = sum(len(operands) for *_, operands in self._written)
        steps = len(self._rest) + sum(len(steps) for steps, *_ in self._checks)
        slots = 2 * len(self._numbers) + len(self._written)
        return getsizeof(self._text.format) + 200 * (steps + slots + operands)

    def _add_to(self, steps: list[Step], index: int, node: Node) -> None:
        """Add the step that computes a node, unless its value is known, or a size."""
        name, *operands = node
        if name == "size":
            self._sizes.append((index, *operands))
        elif name == "constant":
            self._values[index] = operands[0]
        else:
            a, b, c = (*operands, None, None)[:3]
            steps.append((index, OPERATIONS[name], a, b, c))

    def filled(self, sizes: Mapping[str, int], writers: Writers) -> str | None:
        """The text for some sizes; None if a condition does not hold. ``writers``: those of further formats, which
        have texts among their operands."""
        values = [*self._values]
        for index, name in self._sizes:
            values[index] = sizes[name]
        try:
            for steps, index, result in self._checks:
                _compute(values, steps)
                if values[index] != result:
                    return None
            _compute(values, self._rest)
        except (ArithmeticError, ValueError):  # of a formula behind a condition
            return None
        writers = {**self._writers, **writers}
        slots = [""] * (len(self._numbers) + len(self._written))
        for n, spec, index in self._numbers:
            slots[n] = format(values[index], spec)
        for n, spec, operands in self._written:
            slots[n] = writers[spec](*[values[one] if isinstance(one, int) else one.filled(slots) for one in operands])
        return self._text.filled(slots)


def _compute(values: list[Any], steps: list[Step]) -> None:
    for result, function, a, b, c in steps:
        if b is None:
            values[result] = function(values[a])
        elif c is None:
            values[result] = function(values[a], values[b])
        else:
            values[result] = function(values[a], values[b], values[c])
