"""Strategies for valid queries, and changes to them."""

import dataclasses
from math import prod
from typing import Any
from urllib.parse import parse_qsl

from hypothesis import settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS

from app.core.cell import Cell
from app.core.cells import CELLS, PROJECTED
from app.core.program import capture
from app.core.stack import Stack
from app.diagram.views import VIEWS
from app.equations.cell_from_equations import cell_of
from app.equations.gallery import GALLERY
from app.frameworks import FRAMEWORKS
from app.url_state.field_types import BoundedInteger, Choice, DecimalNumber, Field, Flag, Index, TensorId, Value
from app.url_state.fields import FIELDS, SWITCHES
from app.url_state.text_field_types import EquationsText, FreeText, ModelText, MultipleChoice

VECTORS = [GALLERY[id] for id in ("mingru", "lstm_layer_norm", "indrnn")]
MATRICES = [GALLERY[id] for id in ("linear_attention", "mlstm")]
"""Equations, those with a matrix as state for an even number of units."""

MODELS = ("lstm(7)", "embedding(?,5).gru(9,bi,seq).dense(3)")
"""Models: layers with points between them."""

few_examples = settings(max_examples=100 if ALL_COMBINATIONS else 40)
"""Fewer than the default, because each query takes milliseconds."""


def pairs_of(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query.removeprefix("?"), keep_blank_values=True, strict_parsing=bool(query))


@st.composite
def valid_queries(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Queries with some of the fields, in any order, with values that go together."""
    values: dict[str, Any] = {}
    pairs = []
    for name, field in FIELDS.items():
        strategy = values_for(field, values)
        if strategy is not None and draw(st.booleans()):
            values[name] = draw(strategy)
            pairs.append((name, field.format(values[name])))
        else:
            values[name] = field.default_for(values)
    return draw(st.permutations(pairs))


def values_for(field: Field, values: dict[str, Any]) -> st.SearchStrategy[Any] | None:
    """A strategy for values of a field that go with the fields before it; None if the field must keep its default."""
    if isinstance(field, BoundedInteger):
        numbers = st.integers(field.low, largest(field, values))
        return st.none() | numbers if isinstance(field, Index) else numbers
    if field.name == "poke":
        return st.sampled_from(["none", "x", *(f"{state}_prev" for state in cell_in(values).states)])
    if isinstance(field, TensorId):
        return st.sampled_from(list(capture(cell_in(values)).by_id))
    if field.name in SWITCHES and field.name not in {s.name for s in FRAMEWORKS[values["framework"]].switches}:
        return None
    if field.name == "data":
        return st.just("random")  # inputs have their own tests
    if field.name == "trained":
        return st.just(False)  # a task sets sizes, which has its own tests
    if field.name == "view":
        return st.sampled_from([view for view in VIEWS if view != "training"])
    if isinstance(field, DecimalNumber):
        return st.sampled_from((field.low, field.high, "0.25"))
    if field.name in ("text", "cut"):
        return None
    if isinstance(field, ModelText):
        return st.sampled_from(MODELS) if field.name == "model" or values["model"] else None
    if isinstance(field, EquationsText):
        has_matrices = values["num_units"] % 2 == 0 and values["num_layers"] == 1
        return st.sampled_from(VECTORS + MATRICES * has_matrices) if values["cell"] == "own" else None
    if isinstance(field, FreeText):
        return st.text("abc é中!'()*~&=%+", max_size=field.max_length)
    if isinstance(field, MultipleChoice):
        return st.sets(st.sampled_from(field.choices)).map(lambda words: field.parse(",".join(words)))
    assert isinstance(field, Choice | Flag)
    if field.name == "beside_framework" and not values["beside"]:
        return None
    if field.name == "direction" and not values["bidirectional"]:
        return st.just("forward")
    return st.sampled_from(field.choices)


def cell_in(values: dict[str, Any]) -> Cell:
    """The cell, with a projection if it has one."""
    if values["cell"] == "own":
        return cell_of(values["equations"])
    return (PROJECTED if values["num_proj"] else CELLS)[values["cell"]]


def largest(field: BoundedInteger, values: dict[str, Any]) -> int:
    """The largest number that goes with the values of the fields before."""
    if field.name == "num_proj" and values["cell"] not in PROJECTED:
        return 0
    if field.name in ("row", "column"):
        rows, columns = grid_shape(values)
        return (columns if field.name == "column" else rows) - 1
    if field.name == "component":
        return components(values) - 1
    if field.name == "part":
        return len(str(values["model"]).split(".")) - 1
    bound: int = values[field.below] - 1 if field.below else field.high
    return bound


def shape_of(tensor: str, values: dict[str, Any]) -> tuple[int, ...]:
    """The shape of a tensor in the layer in focus."""
    stack_values = {field.name: values[field.name] for field in dataclasses.fields(Stack)}
    cell = cell_of(values["equations"]) if values["cell"] == "own" else CELLS[values["cell"]]
    stack = Stack(**{**stack_values, "cell": cell})
    return stack.program(values["layer"]).by_id[tensor].shape(stack.sizes)


def grid_shape(values: dict[str, Any]) -> tuple[int, int]:
    """Rows and columns of the selected tensor's values; of one with more than two axes, for one sample."""
    if not values["tensor"]:
        return 1, 1
    *rows, columns = (1, *shape_of(values["tensor"], values))
    axes = capture(cell_in(values)).by_id[values["tensor"]].axes
    if len(axes) > 2 and str(axes[0]) == "batch_size":
        del rows[:2]
    return prod(rows), columns


def components(values: dict[str, Any]) -> int:
    """The number of components of the poked tensor, in one sample."""
    return 1 if values["poke"] == "none" else prod(shape_of(values["poke"], values)[1:])


ONE_FIELD: dict[str, tuple[Value, ...]] = {
    "cell": (*CELLS, "own"),
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
