"""A recurrent layer that was read from source leads to the page of exactly its configuration."""

from textwrap import dedent

import pytest

from app.core.cells import CELLS
from app.reading.code.layers_in_order import read
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.model.read_layer import query_of

TORCH = "import torch\nimport torch.nn as nn\n"
KERAS = "from keras.layers import *\n"


def query(source: str) -> str | None:
    """The query of the first layer."""
    return query_of(read(dedent(source)).layers[0])


def url_state(source: str) -> UrlState:
    found = query(source)
    assert found is not None

    return parse(
        [(name, text) for name, _, text in (pair.partition("=") for pair in found[1:].split("&"))], strict=True
    )


def test_the_page_has_the_sizes_and_settings_of_a_pytorch_module() -> None:
    found = url_state(
        f"{TORCH}y = nn.LSTM(10, 20, 2, batch_first=True, bidirectional=True, proj_size=7)(torch.zeros(6, 9, 10))"
    )

    assert (found.framework, found.cell, found.batch_size, found.time_step) == ("pytorch", "lstm", 6, 9)
    assert (found.features, found.num_units, found.num_proj, found.num_layers) == (10, 20, 7, 2)
    assert found.bidirectional and found.batch_first and not found.chosen_model.unsupported


def test_sizes_of_the_input_that_nobody_says_have_their_defaults() -> None:
    found = url_state(f"{TORCH}y = nn.GRU(10, 20)(x)")

    assert (found.cell, found.batch_size, found.time_step) == ("gru_reset_after", 3, 4)


def test_the_page_has_the_settings_of_a_keras_layer() -> None:
    found = url_state(f"{KERAS}y = Bidirectional(GRU(6, return_sequences=True), merge_mode='sum')(Input((12, 5)))")

    assert (found.framework, found.cell, found.time_step, found.features) == ("keras", "gru_reset_after", 12, 5)
    assert (found.merge_mode, found.return_sequences, found.bidirectional) == ("sum", True, True)


@pytest.mark.parametrize(
    ("layer", "cell"),
    [("GRU(6, reset_after=False)", "gru"), ("SimpleRNN(6)", "rnn"), ("LSTM(6, go_backwards=True)", "lstm")],
)
def test_the_cell_is_the_variant_that_the_layer_has(layer: str, cell: str) -> None:
    found = url_state(f"{KERAS}y = {layer}(Input((12, 5)))")

    assert found.cell == cell and found.stack.cell is CELLS[cell]
    assert found.go_backwards == ("go_backwards" in layer)


def test_a_cell_alone_is_in_its_framework_which_decides_on_its_biases() -> None:
    found = url_state(f"{TORCH}h = nn.GRUCell(10, 20)(torch.zeros(7, 10))")

    assert (found.framework, found.cell, found.batch_size, found.num_units) == ("pytorch", "gru_reset_after", 7, 20)
    assert found.shown_model.parameter_count == 3 * 20 * (10 + 20 + 2)


@pytest.mark.parametrize(
    "source",
    [
        f"{TORCH}y = nn.Linear(10, 20)(x)",
        f"{TORCH}y = nn.LSTM(10, n)(x)",
        f"{TORCH}y = nn.LSTM(10, 20, bidirectional=both)(x)",
        f"{TORCH}y = nn.LSTM(10, 20, batch_first=first)(x)",
        f"{TORCH}y = nn.LSTM(10, 20, bias=False)(x)",
        f"{TORCH}y = nn.RNN(10, 20, nonlinearity='relu')(x)",
        f"{TORCH}y = nn.LSTM(10, 20, num_layers=9)(x)",
        f"{TORCH}y = nn.LSTM(5000, 20)(x)",
        f"{TORCH}y = nn.LSTM(10, 20)(torch.zeros(4, 5000, 10))",
        f"{KERAS}y = LSTM(6, activation='relu')(Input((12, 5)))",
        f"{KERAS}y = LSTM(6)(Input((12, n)))",
        f"{KERAS}y = GRU(6, reset_after=r)(Input((12, 5)))",
        f"{KERAS}y = LSTM(6, **settings)(Input((12, 5)))",
        f"{KERAS}y = TimeDistributed(LSTM(6))(x)",
    ],
)
def test_a_layer_that_no_page_shows_exactly_has_no_query(source: str) -> None:
    assert query(source) is None


def test_a_layer_at_each_step_leads_to_the_page_about_one_step() -> None:
    found = url_state(f"{KERAS}y = TimeDistributed(LSTM(6))(Input((9, 12, 5)))")

    assert (found.framework, found.time_step, found.features, found.num_units) == ("keras", 12, 5, 6)
    assert query(f"{KERAS}y = TimeDistributed(LSTM(6, activation='relu'))(Input((9, 12, 5)))") is None


def test_a_cell_of_keras_alone_has_the_features_of_the_step_that_it_reads() -> None:
    found = url_state(f"import keras\n{KERAS}y, h = GRUCell(11)(keras.ops.zeros((3, 6)), [keras.ops.zeros((3, 11))])")

    assert (found.framework, found.batch_size, found.features, found.num_units) == ("keras", 3, 6, 11)
