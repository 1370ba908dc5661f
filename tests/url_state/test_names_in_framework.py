"""The chosen framework: if it does not support the stack, the page keeps our names and gives the reason."""

from dataclasses import replace
from typing import Any

import pytest

from app.core.cell import Cell
from app.core.cells import CELLS, LSTM
from app.frameworks import FRAMEWORKS, OURS
from app.url_state.field_types import FieldError
from app.url_state.names_in_framework import check, field_values, names, supporting_frameworks
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState

PLAIN = parse([], strict=True)


@pytest.fixture
def unknown(monkeypatch: pytest.MonkeyPatch) -> Cell:
    """An LSTM that no framework supports."""
    cell = replace(LSTM, id="unknown", title="unknown cell")
    monkeypatch.setitem(CELLS, cell.id, cell)
    return cell


@pytest.mark.parametrize("framework", [id for id in FRAMEWORKS if id != OURS.id])
def test_an_unsupported_cell_keeps_our_names_and_its_program_is_an_error(unknown: Cell, framework: str) -> None:
    state = replace(PLAIN, cell=unknown.id, framework=framework)

    assert state.shown_model.framework is OURS and state.shown_model.layout == PLAIN.shown_model.layout
    assert names(state) == {}
    assert supporting_frameworks(state) == [OURS.id]
    unsupported = state.chosen_model.unsupported
    assert unsupported and str(unsupported) == f"{FRAMEWORKS[framework].title} has no unknown cell"
    nearest = field_values(unsupported.nearest)
    assert not replace(state, **nearest).chosen_model.unsupported
    with pytest.raises(FieldError, match=f"has no unknown cell; closest: cell={nearest['cell']}"):
        check(state)


@pytest.mark.parametrize(
    ("framework", "changes", "refused", "nearest"),
    [
        ("keras", {"cell": "lstm_coupled", "num_proj": 3}, "projection", {"cell": "lstm", "num_proj": 0}),
        ("onnx", {"cell": "lstm_coupled", "layout": "1"}, "layout 0", {"layout": "0"}),
        ("pytorch", {"num_proj": 5}, "requires proj_size < hidden_size", {"num_proj": 4}),
    ],
)
def test_the_nearest_model_is_given_as_values_of_fields(
    framework: str, changes: dict[str, Any], refused: str, nearest: dict[str, Any]
) -> None:
    state: UrlState = replace(PLAIN, framework=framework, **changes)
    unsupported = state.chosen_model.unsupported
    assert unsupported and refused in str(unsupported) and field_values(unsupported.nearest) == nearest
