"""A model of PyTorch that a text shows as Python prints it has the sizes of its layers, as its lines of code have."""

from collections.abc import Callable

import pytest

from app.reading.errors.explanation import NotFoundError, explain
from app.reading.errors.printed_models import with_made_layers

OF_FEATURES = "RuntimeError: input.size(-1) must be equal to input_size. Expected 6, got 4"
OF_PRODUCT = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (5x28 and 14x3)"

PRINTED = """Tagger(
  (words): Embedding(90, 6)
  (rnn): LSTM(6, 14, num_layers=2, batch_first=True, bidirectional=True)
  (drop): Dropout(p=0.2, inplace=False)
  (out): Linear(in_features=14, out_features=3, bias=True)
)
"""
MADE = """self.words = nn.Embedding(90, 6)
self.rnn = nn.LSTM(6, 14, num_layers=2, batch_first=True, bidirectional=True)
self.out = nn.Linear(in_features=14, out_features=3, bias=True)
"""


@pytest.mark.parametrize("error", [OF_FEATURES, OF_PRODUCT])
@pytest.mark.parametrize("change", [str, lambda text: "\n".join(map(str.strip, text.split("\n")))])
def test_a_printed_model_says_what_its_lines_of_code_say(error: str, change: Callable[[str], str]) -> None:
    printed, made = (explain(f"My model:\n\n{change(text)}\n{error}") for text in (PRINTED, MADE))

    assert printed.configuration
    assert (printed.configuration.num_units, printed.configuration.bidirectional) == (14, True)
    assert printed.configurations == made.configurations
    assert printed.mismatch.causes == made.mismatch.causes
    assert printed.batch_first is True


@pytest.mark.parametrize(
    "layer", ["GRU(6, 14, batch_first=True)", "(gru): GRU(6, 14, batch_first=True)", "\nI print the GRU:\nGRU(6, 14)"]
)
def test_one_printed_layer_is_enough(layer: str) -> None:
    known = explain(f"{layer}\n{OF_FEATURES}").configuration

    assert known and (known.features, known.num_units, known.num_layers, known.cell) == (6, 14, 1, "gru")


def test_layers_of_the_same_name_have_the_names_of_their_modules() -> None:
    text = "Pair(\n  (left): Side(\n    (rnn): GRU(6, 14)\n  )\n  (right): Side(\n    (rnn): GRU(4, 10)\n  )\n)\n"
    made = [line.partition(" = ")[0] for line in with_made_layers(text).split("\n") if line]

    assert made == ["self.left_rnn", "self.right_rnn"]


def test_lines_of_code_count_before_a_printed_model() -> None:
    for line in ("self.rnn = nn.LSTM(6, 14)", "from torch.nn import LSTM", "rnn = LSTM(6, 14)", "class LSTM(Cell):"):
        assert with_made_layers(f"{line}\n{PRINTED}") == f"{line}\n{PRINTED}"


def test_a_cell_that_a_line_of_code_calls_is_not_printed() -> None:
    assert with_made_layers("GRUCell(4, 6).step(x, h)") == "GRUCell(4, 6).step(x, h)"


def test_a_layer_of_keras_is_none_of_pytorch() -> None:
    for text in ("model.add(LSTM(14))", "LSTM(14, activation='tanh')", "LSTM(14, return_sequences=True)"):
        assert with_made_layers(text) == text


def test_a_printed_model_does_not_say_what_is_reshaped() -> None:
    with pytest.raises(NotFoundError, match="about a reshape"):
        explain(f"{PRINTED}\nRuntimeError: shape '[50, 2]' is invalid for input of size 70")
