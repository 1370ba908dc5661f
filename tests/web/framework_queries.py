"""What can be asked of the frameworks: which have which cell, with a query for each of their switches."""

from typing import Any

from app.core.cells import CELLS, PROJECTED
from app.frameworks import FRAMEWORKS

HAVING: dict[str, tuple[str, ...]] = {
    "lstm": ("colah", "tf1", "keras", "pytorch", "onnx", "flax"),
    "lstm_peephole": ("colah", "tf1", "onnx"),
    "lstm_coupled": ("colah", "onnx"),
    "gru": ("colah", "tf1", "keras", "onnx"),
    "gru_reset_after": ("colah", "keras", "pytorch", "onnx", "flax"),
    "rnn": ("colah", "tf1", "keras", "pytorch", "onnx", "flax"),
}
"""The frameworks that have a cell: facts, not taken from the app."""

PROJECTING = ("colah", "tf1", "pytorch")

Query = dict[str, Any]

THERE: list[Query] = [{"cell": cell, "framework": id} for cell, ids in HAVING.items() for id in ids] + [
    {"cell": cell, "framework": id, "num_proj": 3} for cell in PROJECTED for id in PROJECTING if id in HAVING[cell]
]
"""A query for every cell of every framework that has it."""

NOT_THERE: list[Query] = (
    [{"cell": cell, "framework": id} for cell in CELLS for id in FRAMEWORKS if id not in HAVING[cell]]
    + [
        {"cell": cell, "framework": id, "num_proj": 3}
        for cell in PROJECTED
        for id in FRAMEWORKS
        if id not in PROJECTING or id not in HAVING[cell]
    ]
    + [
        {"framework": "pytorch", "num_proj": 5},
        {"framework": "pytorch", "num_units": 1, "num_proj": 1},
        {"framework": "keras", "bidirectional": True, "go_backwards": True},
        {"framework": "onnx", "cell": "lstm_coupled", "layout": "1"},
    ]
)
"""What there is not: another cell, a projection, what does not go together."""

STACKED: Query = {"num_layers": 2, "bidirectional": True}


def named(query: Query) -> str:
    return " ".join(f"{name}={str(value).lower()}" for name, value in query.items())
