"""Programs of Keras in R: their errors get lines of R, and none of Python."""

import pytest

from app.reading.errors.explanation import explain
from app.reading.errors.small_programs.program_of_cause import program

MODEL = "model <- keras_model_sequential() %>%\n  {}(units = 24, input_shape = c(9, 4))\n"
ERROR = "Error in py_call_impl(callable, dots$args, dots$keywords) : \n  ValueError: {}\n"
RANK = "Input 0 is incompatible with layer {}: expected ndim={}, found ndim={}"
FRAME = 'Detailed traceback: \n  File "/env/keras/engine/base_layer.py", line 440, in __call__\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (MODEL.format("layer_gru") + ERROR.format(RANK.format("gru_1", 3, 2)), "x <- array_reshape(x, append(dim(x)"),
        (ERROR.format(RANK.format("conv_lst_m2d_1", 5, 4)), "x <- array_reshape(x, append(dim(x)"),
        (ERROR.format(RANK.format("lstm_1", 3, 2)) + FRAME, "x <- array_reshape(x, append(dim(x)"),
        (ERROR.format("If a RNN is stateful, it needs to know its batch size."), "layer_input(batch_shape = c("),
        (MODEL.format("layer_lstm") + RANK.format("lstm_1", 3, 2), "x <- array_reshape(x, append(dim(x)"),
    ],
)
def test_a_program_in_r_gets_lines_of_r(text: str, line: str) -> None:
    explanation = explain(text)
    causes = explanation.mismatch.causes

    assert causes[0].fix.startswith(line)
    assert not any("np." in one.fix or "keras." in one.fix or one.wrong or one.others for one in causes)
    assert [program(explanation, one) for one in causes] == [None] * len(causes)


def test_a_program_in_python_that_speaks_of_r_gets_lines_of_python() -> None:
    text = "In R it was layer_lstm(units = 24).\nfrom keras.layers import LSTM\n\n" + RANK.format("lstm_1", 3, 2)

    assert explain(text).mismatch.causes[0].fix == "x = x[:, np.newaxis]"
