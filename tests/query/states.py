"""Valid queries, and changes of them."""

import dataclasses
from typing import Any
from urllib.parse import parse_qsl

from hypothesis import strategies as st

from app.core.cells import CELLS, PROJECTED
from app.core.program import capture
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS
from app.query.field_types import Choice, Counted, Field, Flag, Index, TensorId, Value
from app.query.fields import FIELDS, SWITCHES
from app.query.text_field_types import Several, Words


def pairs_of(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(query))


@st.composite
def valid_queries(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Some of the fields, in any order, each with a value that fits the others."""
    values: dict[str, Any] = {}
    named = []
    for name, field in FIELDS.items():
        fits = fitting(field, values)
        if fits is not None and draw(st.booleans()):
            values[name] = draw(fits)
            named.append((name, field.format(values[name])))
        else:
            values[name] = field.default_for(values)
    return draw(st.permutations(named))


def fitting(field: Field, values: dict[str, Any]) -> st.SearchStrategy[Any] | None:
    """What fits the values of the fields before; nothing where the field is of another framework."""
    if isinstance(field, Counted):
        numbers = st.integers(field.low, last(field, values))
        return st.none() | numbers if isinstance(field, Index) else numbers
    if isinstance(field, TensorId):
        cells = PROJECTED if values["num_proj"] else CELLS
        return st.sampled_from(list(capture(cells[values["cell"]]).by_id))
    if field.name in SWITCHES and field.name not in {s.name for s in FRAMEWORKS[values["framework"]].switches}:
        return None
    if field.name == "data":
        return st.just("random")  # what is read has its own tests
    if field.name in ("text", "cut"):
        return None
    if isinstance(field, Words):
        return st.text("abc é中!'()*~&=%+", max_size=field.longest)
    if isinstance(field, Several):
        return st.sets(st.sampled_from(field.choices)).map(lambda words: field.parse(",".join(words)))
    assert isinstance(field, Choice | Flag)
    if field.name == "direction" and not values["bidirectional"]:
        return st.just("forward")
    if field.name == "poke":
        return st.sampled_from([word for word in field.choices if word != "c_prev" or values["cell"] in HAVING_C])
    return st.sampled_from(field.choices)


HAVING_C = ("lstm", "lstm_peephole", "lstm_coupled")


def last(field: Counted, values: dict[str, Any]) -> int:
    """The largest number that fits the values of the fields before."""
    if field.name == "num_proj" and values["cell"] not in PROJECTED:
        return 0
    if field.name in ("row", "column"):
        rows, columns = sheet(values)
        return (columns if field.name == "column" else rows) - 1
    if field.name == "component":
        return width(values) - 1
    below: int = values[field.below] - 1 if field.below else field.high
    return below


def sheet(values: dict[str, Any]) -> tuple[int, int]:
    """Rows and columns of the selected tensor's values: of X and Y, of one sequence."""
    if not values["tensor"]:
        return 1, 1
    same_names = {field.name: values[field.name] for field in dataclasses.fields(Stack)}
    stack = Stack(**{**same_names, "cell": CELLS[values["cell"]]})
    shape = stack.program(values["layer"]).by_id[values["tensor"]].shape(stack.sizes)
    return (1, *shape)[-2], shape[-1]


def width(values: dict[str, Any]) -> int:
    """How many numbers the poked vector has."""
    h = values["num_proj"] or values["num_units"]
    below = values["features"] if values["layer"] == 0 else h * (1 + values["bidirectional"])
    widths: dict[str, int] = {"none": 1, "x": below, "h_prev": h, "c_prev": values["num_units"]}
    return widths[values["poke"]]


ONE_FIELD: dict[str, tuple[Value, ...]] = {
    "cell": tuple(CELLS),
    "framework": tuple(FRAMEWORKS),
    "bidirectional": (False, True),
    "num_layers": (1, 2, 8),
    "num_proj": (0, 3),
}
CHANGES: tuple[dict[str, Value], ...] = (
    *({name: value} for name, values in ONE_FIELD.items() for value in values),
    {"cell": "gru", "framework": "keras"},
    {"cell": "gru", "framework": "colah"},
    {"cell": "lstm", "framework": "keras"},
    {"num_layers": 1, "bidirectional": False, "cell": "rnn", "framework": "colah", "time_step": 1},
    {"tensor": "h"},
    {"tensor": ""},
    {"poke": "x"},
    {"poke": "none"},
    {"batch_size": 1},
    {"num_units": 2},
    {"features": 1, "num_units": 1},
)
