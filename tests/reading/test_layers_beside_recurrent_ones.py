"""Keras' messages about the input of a layer count where the text names a recurrent layer beside it.

Keras 3.15 raised the messages for such programs, which run with the corrected lines.
"""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

FRAME = """Traceback (most recent call last):
  File "/home/me/model.py", line 9, in <module>
    {line}
  File "/home/me/venv/lib/python3.11/site-packages/keras/src/utils/traceback_utils.py", line 122, in error_handler
    raise e.with_traceback(filtered_tb) from None
ValueError: {message}
"""
BEGINNINGS = (
    "Input 0 with name 'None' of layer '{}' is incompatible with the layer: ",
    'Input 0 of layer "{}" is incompatible with the layer: ',
    "Input 0 of layer {} is incompatible with the layer: ",
    "Input 0 is incompatible with layer {}: ",
)
WITH_TWO_COLONS = "Input 0 of layer {} is incompatible with the layer: : "
OTHER_FEATURES = "expected axis -1 of input shape to have value 18, but received input with shape (None, 12)"
ONE_AXIS = "expected min_ndim=2, found ndim=1. Full shape received: (None,)"
OTHER_STEPS = "expected axis -1 of input shape to have value 18, but received input with shape (None, 5, 12)"
ONE_STEP = "expected ndim=3, found ndim=2. Full shape received: (None, 12)"
FEW_AXES = "expected min_ndim=3, found ndim=2. Full shape received: (None, 12)"


def raised(line: str, layer: str, rest: str, beginning: str = BEGINNINGS[0]) -> str:
    return FRAME.format(line=line, message=beginning.format(layer) + rest)


@pytest.mark.parametrize("beginning", BEGINNINGS)
@pytest.mark.parametrize("name", ["shared_head", "dense_1"])
def test_a_dense_layer_may_have_any_name(beginning: str, name: str) -> None:
    explanation = explain(raised("y = head(layers.LSTM(12)(x))", name, OTHER_FEATURES, beginning))
    mismatch = explanation.mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == (
        "dense_input",
        "features",
        (18,),
        (12,),
    )
    assert [one.id for one in mismatch.causes] == ["shared_dense", "dense_features"]
    assert mismatch.causes[0].lines == (("y = head(layers.LSTM(12)(x))", "y = head(layers.LSTM(18)(x))"),)


@pytest.mark.parametrize(
    "line", ["y = layers.Dense(3)(layers.LSTM(12)(x))", "y = head(LSTM(24)(x))", "model.add(LSTM(12))"]
)
def test_only_a_layer_that_was_made_before_is_shared(line: str) -> None:
    assert [one.id for one in explain(raised(line, "head", OTHER_FEATURES)).mismatch.causes] == ["dense_features"]


@pytest.mark.parametrize("beginning", [*BEGINNINGS, WITH_TWO_COLONS])
def test_prose_may_name_the_recurrent_layer(beginning: str) -> None:
    failed = raised('forecast = layers.Dense(3, name="forecast")(last)', "forecast", ONE_AXIS, beginning)
    mismatch = explain(f"A Dense layer gets the last state of my LSTM.\n\n{failed}").mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("dense_input", "rank", 2, 1)
    assert [one.id for one in mismatch.causes] == ["one_unit"]
    with pytest.raises(NotFoundError, match="Paste the source"):
        explain(failed)


@pytest.mark.parametrize(
    ("line", "layer"),
    [
        ('y = layers.LSTM(9)(norm(layers.BatchNormalization(name="scaled")(x)))', "scaled"),
        ('y = layers.LSTM(9)(layers.Conv1D(4, 3, name="scaled")(x))', "scaled"),
        ("y = layers.LSTM(9)(conv(x))", "conv1d_2"),
        ("y = norm(layers.LSTM(9, return_sequences=True)(x))", "batch_normalization"),
        ("y = layers.LSTM(9)(scaled(x))", "scaled"),
    ],
)
def test_another_layer_beside_a_recurrent_one_is_named_as_such(line: str, layer: str) -> None:
    with pytest.raises(NotFoundError, match="about another layer than the recurrent one"):
        explain(raised(line, layer, OTHER_STEPS))
    with pytest.raises(NotFoundError, match="names no LSTM"):
        explain(raised("y = layers.Dense(9)(scaled(x))", layer, OTHER_STEPS))


@pytest.mark.parametrize(
    ("line", "layer", "rest"),
    [
        ("y = layers.SpatialDropout1D(0.2)(layers.GRU(12)(x))", "spatial_dropout1d", ONE_STEP),
        ("y = layers.UpSampling1D(2)(layers.GRU(12)(x))", "up_sampling1d", ONE_STEP),
        ("y = layers.ZeroPadding1D(2)(layers.GRU(12)(x))", "zero_padding1d", ONE_STEP),
        ("y = layers.Cropping1D(2)(layers.GRU(12)(x))", "cropping1d", ONE_STEP),
        ("y = layers.Conv1D(2, 3)(layers.GRU(12)(x))", "conv1d", FEW_AXES),
        ('y = layers.Conv1D(2, 3, name="smooth")(layers.GRU(12)(x))', "smooth", FEW_AXES),
        ('y = layers.AveragePooling1D(2, name="half")(layers.GRU(12)(x))', "half", ONE_STEP),
    ],
)
def test_layers_of_steps_need_every_output(line: str, layer: str, rest: str) -> None:
    mismatch = explain(raised(line, layer, rest)).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "rank", 3, 2)
    assert [one.id for one in mismatch.causes] == ["return_sequences"]


PROGRAM = """import keras
from keras import layers

x = keras.Input((24, 7))
states = layers.LSTM(18, return_sequences=True, name="states")(x)
last = states[:, -1, 0]
y = layers.Dense(3, name="forecast")(last)
"""


@pytest.mark.parametrize("index", ["states[:, -1, 0]", "states[:, 3, -1]"])
def test_an_index_of_one_unit_reads_all_of_them(index: str) -> None:
    program = PROGRAM.replace("states[:, -1, 0]", index)
    text = program + raised('y = layers.Dense(3, name="forecast")(last)', "forecast", ONE_AXIS)
    (cause,) = explain(text).mismatch.causes

    assert cause.lines == ((f"last = {index}", f"last = {index.rpartition(',')[0]}, :]"),)


SHARED = """import keras
from keras import layers

head = layers.Dense(1, name="shared_head")
weather, traffic = keras.Input((24, 7)), keras.Input((24, 5))
first = head(layers.LSTM({first})(weather))
second = head(layers.LSTM(12)(traffic))
"""


def test_layers_before_a_shared_dense_layer_need_equal_units() -> None:
    line = "second = head(layers.LSTM(12)(traffic))"
    failed = raised(line, "shared_head", OTHER_FEATURES)
    (cause,) = explain(SHARED.format(first=18) + failed).mismatch.causes

    assert (cause.id, cause.lines) == ("shared_dense", ((line, "second = head(layers.LSTM(18)(traffic))"),))
    assert [one.id for one in explain(SHARED.format(first=6) + failed).mismatch.causes] == ["dense_features"]
