"""A decoder of Keras that gets one vector lacks the layer that repeats it. An encoder returns every step only for a
layer that reads them.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines.
"""

import pytest
from pasted_programs import KERAS_WITH_OPS, first_cause_and_lines, ids, pasted, said

from app.reading.errors.causes_in_programs.causes_by_program import is_general
from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

REPEATED = f"""{KERAS_WITH_OPS}
model = keras.Sequential()
model.add(keras.Input((24, 1)))
model.add(layers.LSTM(40))
model.add(layers.RepeatVector(10))
model.add(layers.LSTM(40, return_sequences=True))
model.add(layers.TimeDistributed(layers.Dense(1)))
model.compile(loss="mse")
model.fit(X, Y)
"""


EVERY_STEP_REPEATED = f"""{KERAS_WITH_OPS}
inputs = keras.Input((20, 8))
z = layers.LSTM(32, return_sequences=True)(inputs)
z = layers.LSTM(16, return_sequences=True)(z)
z = layers.RepeatVector(20)(z)
z = layers.LSTM(16, return_sequences=True)(z)
z = layers.LSTM(24, return_sequences=True)(z)
"""


OF_REPEAT = (
    "ValueError: Input 0 with name 'None' of layer 'repeat_vector' is incompatible with the layer: expected ndim=2,"
    " found ndim=3. Full shape received: (None, 20, 16)"
)


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                REPEATED,
                ["model.fit(X, Y)"],
                "ValueError: Dimensions must be equal, but are 7 and 10 for '{{node"
                " compile_loss/mse/sub}} = Sub[T=DT_FLOAT](data_1, sequential_1/time_distributed_1/transpose_1)' with"
                " input shapes: [?,7,1], [?,10,1].",
            ),
            ("target", "time_step", "repeated_steps"),
            {"model.add(layers.RepeatVector(10))": "model.add(layers.RepeatVector(7))"},
        ),
        (
            pasted(EVERY_STEP_REPEATED, ["z = layers.RepeatVector(20)(z)"], OF_REPEAT),
            ("output", "rank", "repeated_every_step"),
            {
                "z = layers.LSTM(16, return_sequences=True)(z)": (
                    "z = layers.LSTM(16)(z)  # before: z = layers.RepeatVector(20)(z)"
                )
            },
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


def test_the_sizes_are_those_of_the_layer_whose_every_step_is_repeated() -> None:
    explanation = explain(pasted(EVERY_STEP_REPEATED, ["z = layers.RepeatVector(20)(z)"], OF_REPEAT))
    network = explanation.configuration

    assert network and (network.time_step, network.features, network.num_units) == (20, 32, 16)
    assert explanation.mismatch.shapes == ((None, 16), (None, 20, 16))


def test_only_networks_with_recurrence_repeat_a_vector() -> None:
    assert [one.id for one in explain(OF_REPEAT).mismatch.causes] == ["repeated_every_step"]


OF_VECTOR = (
    "ValueError: Input 0 with name 'None' of layer 'gru_1' is incompatible with the layer: expected ndim=3, found"
    " ndim=2. Full shape received: (None, {})"
)


IN_LIST = """from tensorflow import keras
from tensorflow.keras import layers

autoencoder = keras.Sequential([
    keras.Input((48, 2)),
    layers.GRU({below}),
    layers.GRU({above}, return_sequences=True),
    {more}layers.Dense(2),
])
"""


FAILED = ["autoencoder = keras.Sequential(["]


def of_list(below: int, above: int, more: str = "") -> Mismatch:
    return said(pasted(IN_LIST.format(below=below, above=above, more=more), FAILED, OF_VECTOR.format(below)))


def test_a_decoder_in_a_list_gets_its_vector_repeated_before_its_line() -> None:
    mismatch = of_list(12, 30)

    assert ids(mismatch) == ["repeated_vector", "return_sequences"]
    assert mismatch.causes[0].lines == (
        ("", "layers.RepeatVector(48),  # before: layers.GRU(30, return_sequences=True),"),
    )


@pytest.mark.parametrize(
    ("above", "more"),
    [
        (6, ""),  # the encoder goes on: it makes fewer values
        (30, "layers.GRU(8), layers.RepeatVector(48), layers.GRU(8, return_sequences=True), "),
    ],
)
def test_an_encoder_of_several_layers_returns_every_step(above: int, more: str) -> None:
    assert ids(of_list(12, above, more)) == ["return_sequences"]


APART = """from tensorflow import keras
from tensorflow.keras import layers

encoder = keras.Sequential([keras.Input((48, 2)), layers.GRU(12)])
decoder = keras.Sequential([keras.Input((12,)), layers.GRU(30, return_sequences=True), layers.Dense(2)])
"""


def test_a_decoder_with_an_input_of_its_own_gets_no_steps_from_its_encoder() -> None:
    line = "decoder = keras.Sequential([keras.Input((12,)), layers.GRU(30, return_sequences=True), layers.Dense(2)])"
    mismatch = said(pasted(APART, [line], OF_VECTOR.format(12)))

    assert ids(mismatch)[0] == "repeated_vector" and "return_sequences" not in ids(mismatch)
    repeated = "layers.RepeatVector(48), layers.GRU(30, return_sequences=True)"
    assert mismatch.causes[0].lines == ((line, line.replace("layers.GRU(30, return_sequences=True)", repeated)),)


ADDED = """from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Dense, GRU, Input{imported}

steps = 48
net = Sequential()
net.add(Input((steps, 2)))
net.add(GRU(12))
net.add(GRU(12, return_sequences=True))
net.add(Dense(2))
"""


@pytest.mark.parametrize("imported", ["", ", RepeatVector"])
def test_an_import_that_is_not_used_says_what_is_missing(imported: str) -> None:
    source = ADDED.format(imported=imported)
    mismatch = said(pasted(source, ["net.add(GRU(12, return_sequences=True))"], OF_VECTOR.format(12)))

    if not imported:
        assert ids(mismatch) == ["return_sequences"]
        return
    assert mismatch.causes[0].lines == (
        ("", "net.add(RepeatVector(steps))  # before: net.add(GRU(12, return_sequences=True))"),
    )


AUTOENCODER = """from keras import Input, Sequential
from keras.layers import LSTM, RepeatVector

autoencoder = Sequential([
    Input((25, 4)),
    LSTM(64, return_sequences=True),
    LSTM(16, {}),
    RepeatVector(25),
    LSTM(16, return_sequences=True),
    LSTM(64, return_sequences=True),
])
"""


OF_DECODER = (
    "ValueError: Input 0 with name 'None' of layer 'repeat_vector' is incompatible with the layer: expected ndim=2,"
    " found ndim=3. Full shape received: (None, 25, 16)"
)


@pytest.mark.parametrize(("given", "is_own"), [("return_sequences=True", True), ("dropout=0.1", False)])
def test_the_layer_before_the_repeated_vector_is_corrected_and_no_other(given: str, is_own: bool) -> None:
    found = explain(pasted(AUTOENCODER.format(given), ["autoencoder = Sequential(["], OF_DECODER))
    (first, *_) = found.mismatch.causes

    assert first.id == "repeated_every_step"
    assert first.is_own == is_own
    if is_own:
        assert first.lines == (("LSTM(16, return_sequences=True),", "LSTM(16),  # before: RepeatVector(25),"),)
        assert found.configuration
        assert (found.configuration.features, found.configuration.num_units) == (64, 16)


@pytest.mark.parametrize(("layer", "is_marked"), [("layers.Bidirectional(layers.LSTM(8))", True), ("LSTM(16)", False)])
def test_a_line_with_a_layer_that_the_text_does_not_show_is_general(layer: str, is_marked: bool) -> None:
    found = explain(pasted("", [f"model.add({layer})", "model.add(layers.RepeatVector(25))"], OF_DECODER))

    assert is_general(found.found, found.mismatch.causes[0]) == is_marked


OF_CALLED_LAYERS = (
    "ValueError: Input 0 with name 'None' of layer 'lstm_1' is incompatible with the layer: expected ndim=3, found"
    " ndim=2. Full shape received: (4, {})"
)


@pytest.mark.parametrize(
    "lines, below, units",
    [
        (["layers.LSTM(6)(layers.GRU(9)(np.zeros((4, 11, 3))))"], "layers.GRU(9", 9),
        (["summary = layers.SimpleRNN(9)(np.zeros((4, 11, 3)))", "layers.LSTM(6)(summary)"], "layers.SimpleRNN(9", 9),
        (
            [
                "first = layers.Bidirectional(layers.GRU(8))",
                "summary = first(np.zeros((4, 11, 3)))",
                "layers.LSTM(6)(summary)",
            ],
            "layers.GRU(8",
            16,
        ),
    ],
    ids=["nested", "named array", "both directions"],
)
def test_layers_that_are_called_on_arrays_say_which_one_returned_only_its_last_step(
    lines: list[str], below: str, units: int
) -> None:
    """The batch in the message is that of an array, and not open as in a model that is built."""
    program = KERAS_WITH_OPS + "\n".join(lines) + "\n"
    text = pasted(program, [lines[-1]], OF_CALLED_LAYERS.format(units))

    explanation = explain(text)

    (cause,) = explanation.mismatch.causes
    line = next(one for one in lines if f"{below})" in one)
    assert (cause.id, cause.wrong) == ("return_sequences", line)
    assert cause.fix == line.replace(f"{below})", f"{below}, return_sequences=True)")
    assert explanation.configuration and explanation.configuration.features == units


@pytest.mark.parametrize("given", ["layers.Dense(9)(np.zeros((4, 3)))", "np.zeros((4, 9))"])
def test_other_vectors_for_a_layer_that_is_called_say_nothing_of_a_layer_below(given: str) -> None:
    program = f"{KERAS_WITH_OPS}encoder = layers.GRU(9)(np.zeros((4, 11, 3)))\nlayers.LSTM(6)({given})\n"
    text = pasted(program, [f"layers.LSTM(6)({given})"], OF_CALLED_LAYERS.format(9))

    assert said(text).first_cause != "return_sequences"
