"""The sizes of a recurrent layer in the table that ``model.summary()`` of Keras prints."""

import re
from typing import NamedTuple

from ..facts_about_sizes import GATES
from .framework_messages.message_template import OF_INPUT, Found

CELLS = {"lstm": "lstm", "cudnnlstm": "lstm", "gru": "gru", "cudnngru": "gru", "simplernn": "rnn", "bidirectional": ""}
"""The class of a layer in the table -> its cell, "" where the table does not say it."""

BIASES = {"lstm": 1, "simplernn": 1, "cudnnlstm": 2, "cudnngru": 2}
"""Class -> the vectors of biases of a gate. A GRU has one or two."""

ROW = re.compile(
    rf"^[ │|┃]{{0,6}}(\w{{1,60}}) \(({'|'.join(CELLS)})\)[ │|┃]{{1,60}}"
    r"\[?\((none|\d{1,6}), (?:(none|\d{1,6}), )?(\d{1,6})\)"
    r"(?:, [^\n]{0,80}\])?[ │|┃]{1,60}(\d[\d,]{0,12})\b",
    re.MULTILINE | re.IGNORECASE,
)
"""A recurrent layer with its name, its class, the shape of its output, and the number of its parameters."""


class Row(NamedTuple):
    """A recurrent layer of the table: the sizes are those of its output, the steps None for its last step."""

    name: str
    kind: str
    batch: int | None
    steps: int | None
    width: int
    parameters: int

    @property
    def sizes(self) -> dict[str, int | None]:
        known = {"batch_size": self.batch, "time_step": self.steps}
        if not (cell := CELLS[self.kind]):
            return known | {"directions": 2}
        return known | {"gates": GATES[cell], "num_units": self.width, "directions": 1, "features": self._features}

    @property
    def _features(self) -> int | None:
        """The rows of the kernel, by the number of parameters: those of all gates, each with its biases."""
        columns = GATES[CELLS[self.kind]] * self.width
        rows, rest = divmod(self.parameters, columns)
        biases = BIASES.get(self.kind)
        features = None if biases is None or rest else rows - self.width - biases
        return features if features and features > 0 else None


def sizes_in_summary(found: Found) -> dict[str, int]:
    """The sizes of the layer that a message of Keras names, or of the only recurrent one in the table."""
    rows = [_row(*groups) for groups in ROW.findall(found.program.source)] if found.framework == "keras" else []
    named = [one for one in rows if one.name == found.text("layer").removesuffix(OF_INPUT)]
    rows = named[-1:] or rows
    return {name: size for name, size in rows[0].sizes.items() if size} if len(rows) == 1 else {}


def _row(name: str, kind: str, batch: str, steps: str, width: str, parameters: str) -> Row:
    counts = [int(size) if size.isdecimal() else None for size in (batch, steps)]
    return Row(name.lower(), kind.lower(), counts[0], counts[1], int(width), int(parameters.replace(",", "")))
