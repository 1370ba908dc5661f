"""The steps for which a model was made, by the list of its layers or by its export."""

import pytest

from app.reading.errors.explanation import explain
from app.reading.facts_about_sizes import common_sizes

LAYERS = """Layer (type)                 Output Shape              Param #
=================================================================
gru_1 (GRU)                  (None, {}, 32)            3648
_________________________________________________________________
dense_1 (Dense)              (None, 4)                 132
"""
RANK = "ValueError: Error when checking : expected gru_1_input to have 3 dimensions, but got array with shape (15, 5)"


@pytest.mark.parametrize(("steps", "cause"), [(15, "missing_batch"), (16, "missing_axis")])
def test_the_list_of_layers_tells_whether_x_is_one_sample(steps: int, cause: str) -> None:
    explanation = explain(f"{LAYERS.format(steps)}\n{RANK}")

    assert explanation.mismatch.first_cause == cause
    if cause == "missing_batch":
        sizes = common_sizes(explanation.configurations)
        assert (sizes.time_step, sizes.features) == (15, 5)


BOUNDS = "Invalid value/s in sequence_lens. All values must be > 0 and < seq_length. seq_length=33"


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("I convert my encoder (PyTorch) to ONNX.", "exported_steps"),
        ("torch.onnx.export(encoder, example, 'encoder.onnx')", "exported_steps"),
        ("I run my encoder.", "empty_sequence"),
        ("torch.onnx.export(encoder, example, 'encoder.onnx')\nlengths = [33, 0, 12]", "empty_sequence"),
    ],
)
def test_an_export_fixes_the_steps_unless_the_text_lists_an_empty_sequence(text: str, cause: str) -> None:
    explanation = explain(f"My LSTM.\n{text}\n\n{BOUNDS}")

    assert explanation.mismatch.first_cause == cause
    assert common_sizes(explanation.configurations).time_step == 33
