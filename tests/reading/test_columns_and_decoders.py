"""The program says that the target is still a column of x, or that a decoder gets one vector, and its lines are
corrected where nothing else depends on them.

Keras 3.15 and NumPy 2.4 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from test_lines_of_whole_programs import pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch


def said(text: str) -> Mismatch:
    return explain(text).mismatch


def ids(mismatch: Mismatch) -> list[str]:
    return [one.id for one in mismatch.causes]


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


COLUMNS = """import keras
import numpy as np

N = 6
table = np.random.rand(300, {columns})
x = np.stack([table[i : i + 20] for i in range(280)])
y = table[20:, {target}]
model = keras.Sequential([keras.Input((20, N)), keras.layers.LSTM(16), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y)
"""
OF_COLUMNS = (
    "ValueError: Input 0 of layer 'lstm' is incompatible with the layer: expected axis -1 of input shape to have value"
    " 6, but received input with shape (32, 20, {})"
)


@pytest.mark.parametrize(
    ("columns", "got", "target", "causes"),
    [
        ("7", 7, "-1", ["target_column", "other_features"]),
        ("7", 7, "6", ["target_column", "other_features"]),
        ("7", 7, "0", ["other_features"]),  # the first column
        ("9", 9, "-1", ["other_features"]),  # two columns more besides
    ],
)
def test_only_one_more_column_that_is_the_target_is_left_out(
    columns: str, got: int, target: str, causes: list[str]
) -> None:
    source = COLUMNS.format(columns=columns, target=target)

    assert ids(said(pasted(source, ["model.fit(x, y)"], OF_COLUMNS.format(got)))) == causes


@pytest.mark.parametrize(
    ("columns", "wrong", "fix"),
    [
        ("9", "N = 6", "N = 9"),
        ("N + 3", "keras.Input((20, N))", "keras.Input((20, 9))"),
    ],
)
def test_a_number_that_also_makes_the_data_stays(columns: str, wrong: str, fix: str) -> None:
    source = COLUMNS.format(columns=columns, target="-1")
    first = said(pasted(source, ["model.fit(x, y)"], OF_COLUMNS.format(9))).causes[0]

    assert wrong in first.wrong
    assert first.fix == first.wrong.replace(wrong, fix)


KEPT = """import numpy as np
def encode(x, W, U):
    n, steps, _ = x.shape
    kept = np.zeros(({sizes}))
    h = np.zeros((n, 9))
    for t in range(steps):
        h = np.tanh(x[:, t] @ W + h @ U)
        kept[t] = h
    return kept
encode(np.ones((4, 11, 3)), np.ones((3, 9)), np.ones((9, 9)))
"""
OF_KEPT = "ValueError: could not broadcast input array from shape (4,9) into shape ({})"


@pytest.mark.parametrize(
    ("sizes", "shape", "causes"),
    [
        ("n, steps, 9", "11,9", ["written_step"]),
        ("steps, 11, 9", "11,9", ["kept_array"]),  # time first, for another batch
    ],
)
def test_a_step_is_written_where_the_array_has_its_steps(sizes: str, shape: str, causes: list[str]) -> None:
    frames = ["encode(np.ones((4, 11, 3)), np.ones((3, 9)), np.ones((9, 9)))", "kept[t] = h"]
    mismatch = said(pasted(KEPT.format(sizes=sizes), frames, OF_KEPT.format(shape)))

    assert ids(mismatch)[:1] == causes
