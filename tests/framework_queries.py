"""Queries for every cell of every framework, supported or not."""

from typing import Any

from app.core.cells import CELLS, PROJECTED
from app.frameworks import FRAMEWORKS

FRAMEWORKS_WITH: dict[str, tuple[str, ...]] = {
    "lstm": ("colah", "tf1", "keras", "pytorch", "onnx", "flax"),
    "lstm_peephole": ("colah", "tf1", "onnx"),
    "lstm_coupled": ("colah", "onnx"),
    "gru": ("colah", "tf1", "keras", "onnx"),
    "gru_reset_after": ("colah", "keras", "pytorch", "onnx", "flax"),
    "rnn": ("colah", "tf1", "keras", "pytorch", "onnx", "flax"),
}
"""The frameworks that have a cell. These facts are independent of the app."""

FRAMEWORKS_WITH_PROJECTION = ("colah", "tf1", "pytorch")

Query = dict[str, Any]

SUPPORTED: list[Query] = [{"cell": cell, "framework": id} for cell, ids in FRAMEWORKS_WITH.items() for id in ids] + [
    {"cell": cell, "framework": id, "num_proj": 3}
    for cell in PROJECTED
    for id in FRAMEWORKS_WITH_PROJECTION
    if id in FRAMEWORKS_WITH[cell]
]
"""A query for every cell of every framework that has it."""

UNSUPPORTED: list[Query] = (
    [{"cell": cell, "framework": id} for cell in CELLS for id in FRAMEWORKS if id not in FRAMEWORKS_WITH[cell]]
    + [
        {"cell": cell, "framework": id, "num_proj": 3}
        for cell in PROJECTED
        for id in FRAMEWORKS
        if id not in FRAMEWORKS_WITH_PROJECTION or id not in FRAMEWORKS_WITH[cell]
    ]
    + [
        {"framework": "pytorch", "num_proj": 5},
        {"framework": "pytorch", "num_units": 1, "num_proj": 1},
        {"framework": "keras", "bidirectional": True, "go_backwards": True},
        {"framework": "onnx", "cell": "lstm_coupled", "layout": "1"},
    ]
)
"""Queries for other cells, projections, and settings that the framework does not combine."""

STACKED: Query = {"num_layers": 2, "bidirectional": True}


def query_id(query: Query) -> str:
    """The id of a test for a query."""
    return " ".join(f"{name}={str(value).lower()}" for name, value in query.items())
