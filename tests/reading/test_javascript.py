"""TensorFlow.js raises messages of Keras: they are explained with lines of JavaScript."""

import pytest

from app.reading.errors.explanation import explain
from app.reading.errors.small_programs.program_of_cause import first_program

CHECK = "Error: Error when checking {}: expected {} but got array with shape {}"


@pytest.mark.parametrize("shape", ["810,31", "[810,31]"])
@pytest.mark.parametrize("end", [".", ","])
@pytest.mark.parametrize("name", ["lstm_LSTM4_input", "gru_GRU1_input", "simple_rnn_SimpleRNN2_input"])
def test_an_x_that_lacks_an_axis_gets_it_in_javascript(name: str, end: str, shape: str) -> None:
    explanation = explain(CHECK.format("input", f"{name} to have 3 dimension(s){end}", shape))

    said = explanation.mismatch
    assert (said.tensor, said.axis, said.expected, said.got) == ("x", "rank", 3, 2)
    assert [one.fix for one in said.causes] == ["x = x.expandDims(1);", "x = x.expandDims(-1);"]
    assert first_program(explanation) is None


def test_an_unknown_size_is_written_as_nothing() -> None:
    said = explain(CHECK.format("input", "lstm_LSTM2_input to have shape [,18,5],", "[40,18,6]")).mismatch

    assert (said.axis, said.expected, said.got) == ("features", (None, 18, 5), (40, 18, 6))
    assert said.causes[0].fix == "tf.layers.lstm({units, inputShape: [null, 6]})"


PROGRAM = """const net = tf.sequential();
net.add(tf.layers.gru({units: 14, inputShape: [9, 2], returnSequences: true}));
"""


def test_a_program_in_javascript_gets_no_line_of_python() -> None:
    message = "Error: Input 0 is incompatible with layer gru_GRU1: expected ndim=3, found ndim={}"

    for axes, cause, line in (
        (4, "extra_axis", "tf.layers.reshape({targetShape"),
        (2, "missing_axis", "expandDims(1)"),
    ):
        said = explain(PROGRAM + message.format(axes)).mismatch
        assert said.first_cause == cause and line in said.causes[0].fix
        assert not any("np." in one.fix or "keras" in one.fix for one in said.causes)
    converter = "import tensorflowjs as tfjs\ntfjs.converters.save_keras_model(model, path)\n"
    for before in ("", converter):
        in_python = explain(before + message.format(2).replace("gru_GRU1", "gru_1")).mismatch
        assert in_python.causes[0].fix == "x = x[:, np.newaxis]"
