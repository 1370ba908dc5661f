"""Texts with slots, written for other sizes: what a browser does with templates (``expressions.py``), on the server."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from ...expressions import FIRST_SLOT, OPERATIONS, Formulas

Step = tuple[int, Callable[..., Any], tuple[int, ...], bool | None]
"""The index of a value, the function and the values that it is computed from, and the result of a condition."""

Pieces = list[str | int]
"""A text in pieces; an index stands for what is written in that slot."""

Writers = Mapping[str, Callable[..., str]]
"""Functions that write the operands of slots, by format."""

_SLOT = re.compile(f"([{chr(FIRST_SLOT)}-{chr(0xFFFFF)}])")


class SlottedText:
    """A text for all sizes with the same conditions."""

    def __init__(self, text: str, formulas: Formulas) -> None:
        compared = formulas.needed(formulas.conditions)
        numbers = {k for _, *operands in formulas.slots for k in operands if isinstance(k, int)}
        rest = sorted({*formulas.needed(numbers)} - {*compared})
        self._values: list[Any] = [None] * len(formulas.nodes)
        self._sizes: list[tuple[int, str]] = []
        self._steps: list[Step] = []
        for index in (*compared, *rest):
            name, *operands = formulas.nodes[index]
            if name == "size":
                self._sizes.append((index, *operands))
            elif name == "constant":
                self._values[index] = operands[0]
            else:
                self._steps.append((index, OPERATIONS[name], (*operands,), formulas.conditions.get(index)))
        self._slots: list[tuple[str, list[Pieces | int]]] = [
            (spec, [_pieces(one) if isinstance(one, str) else one for one in operands])
            for spec, *operands in formulas.slots
        ]
        self._writers = formulas.writers
        self._pieces = _pieces(text)

    def written(self, sizes: Mapping[str, int], writers: Writers) -> str | None:
        """The text for some sizes; None if a condition does not hold. ``writers``: those of further formats."""
        values = [*self._values]
        for index, name in self._sizes:
            values[index] = sizes[name]
        try:
            for index, function, operands, expected in self._steps:
                result = values[index] = function(*[values[k] for k in operands])
                if expected is not None and result != expected:
                    return None
        except ArithmeticError:  # of a formula behind a condition
            return None
        writers = {**self._writers, **writers}
        slots: list[str] = []
        for spec, written in self._slots:
            known = [_joined(one, slots) if isinstance(one, list) else values[one] for one in written]
            slots.append(writers[spec](*known) if spec in writers else format(known[0], spec))
        return _joined(self._pieces, slots)


def _pieces(text: str) -> Pieces:
    return [ord(piece) - FIRST_SLOT if n % 2 else piece for n, piece in enumerate(_SLOT.split(text))]


def _joined(pieces: Pieces, slots: list[str]) -> str:
    return "".join([piece if isinstance(piece, str) else slots[piece] for piece in pieces])
