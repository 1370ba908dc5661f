"""Short programs whose own line is corrected: of a padded output, of arrays with other units, and of an input of Keras.

PyTorch 2 and Keras 3 raised the messages; the programs run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, TORCH_WITH_PACKING, likely, pasted, traceback

from app.reading.errors.explanation import explain


def test_a_padded_output_keeps_the_names_of_its_line() -> None:
    line = "song, beats = pad_packed_sequence(heard, True, 0.0, total_length=5)"
    error = (
        "ValueError: Expected total_length to be at least the length of the longest sequence in input, but got"
        " total_length=5 and max sequence length being 12"
    )
    for text in (traceback([line], error), pasted(f"{TORCH_WITH_PACKING}{line}", [line], error)):
        assert explain(text).mismatch.causes[0].lines == ((line, line.replace("=5", "=12")),)


@pytest.mark.parametrize("line", ["mixed = out[:, -1] * gains", "mixed = gains + out[:, -1]"])
def test_an_array_with_other_units_is_projected_by_its_name(line: str) -> None:
    program = f"""{TORCH}
listener = nn.GRU(6, 28, batch_first=True)
gains = torch.rand(4, 17)
out, _ = listener(torch.randn(4, 9, 6))
{line}
"""
    a, b = (28, 17) if line.endswith("gains") else (17, 28)
    error = f"The size of tensor a ({a}) must match the size of tensor b ({b}) at non-singleton dimension 1"
    cause = explain(pasted(program, [line], f"RuntimeError: {error}")).mismatch.causes[0]

    assert cause.is_own and cause.lines == (("", f"gains = nn.Linear(17, 28)(gains)  # before: {line}"),)


def test_the_input_of_a_model_that_is_not_trained_is_corrected_first() -> None:
    program = """import numpy as np
import keras

weather = keras.Input((36, 5))
model = keras.Model(weather, keras.layers.LSTM(12)(weather))
{trained}model.predict(np.zeros((2, 36, 8)))
"""
    error = (
        "ValueError: Invalid input shape for input Tensor(shape=(2, 36, 8), dtype=float32) with name"
        " 'keras_tensor' and path ''. Expected shape (None, 36, 5), but input has incompatible shape (2, 36, 8)"
    )
    failed = "model.predict(np.zeros((2, 36, 8)))"
    ids, lines = likely(pasted(program.format(trained=""), [failed], error))

    assert ids == ["other_features", "other_columns"]
    assert lines == {"weather = keras.Input((36, 5))": "weather = keras.Input((36, 8))"}
    trained = "model.compile(loss='mse')\nmodel.fit(history, rain)\n"
    assert likely(pasted(program.format(trained=trained), [failed], error))[0][0] == "other_columns"
