"""The picture of an error: red is what does not fit, and what the text does not say is a question mark."""

from dataclasses import replace
from math import dist

import pytest
from error_pictures import drawn, texts

from app.diagram.charts.sequences import SMALL
from app.diagram.elements import Box, Funnel, Heading, Label, Outline, Picture, Polyline, Text
from app.diagram.text_metrics import word_width
from app.diagram.thickness import thickness
from app.diagram.transforms.wrong_tensor import ERROR, GAP
from app.diagram.wires import Wire
from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.translations.translator import ENGLISH
from app.url_state_to_picture.error_pictures.error_picture import error_picture

STATE = "RuntimeError: Expected hidden[0] size ({}), got [{}]"
INPUT = "RuntimeError: input.size(-1) must be equal to input_size. Expected 10, got 12"


def red_wires(picture: Picture) -> list[Wire]:
    return [shape for shape in picture.shapes if isinstance(shape, Wire) and shape.axis == ERROR]


@pytest.mark.parametrize("format", ["wide", "narrow"])
def test_a_wrong_input_ends_in_a_bar_before_every_cell_as_thick_as_what_came(format: str) -> None:
    picture: Picture = getattr(drawn(INPUT), format)

    cells = [
        s
        for s in picture.shapes
        if isinstance(s, Box) and s.role in ("cell", "slab") and (s.role == "cell" or s.t == 0)
    ]
    wires = red_wires(picture)
    assert len(wires) == len(cells)
    for wire, cell in zip(wires, cells, strict=True):
        assert wire.points[-1][1] == pytest.approx(cell.y + cell.height + GAP, abs=1.5)
        assert (wire.head, wire.width) == (False, thickness(12))
    bars = [s for s in picture.shapes if isinstance(s, Polyline) and s.role == ERROR]
    assert {dist(*bar.points) for bar in bars} == {22.0}
    assert texts(picture, ERROR) == ["12"]
    inside = [s for s in picture.shapes if isinstance(s, Wire) and s.tensor == "x" and s.axis == "features"]
    assert {wire.width for wire in inside} == {thickness(10)}


def test_unknown_sizes_claim_no_thickness() -> None:
    picture = drawn(INPUT).wide

    wires = [s for s in picture.shapes if isinstance(s, Wire) and s.axis == "num_units"]
    assert {(wire.width, wire.dash) for wire in wires} == {(1.5, (4, 3))}
    assert set(texts(picture, "num_units")) == set(texts(picture, "batch_size")) == {"?"}


UNBATCHED = "RuntimeError: For unbatched 2-D input, hx should also be 2-D but got 3-D tensor"


@pytest.mark.parametrize("time_step", [None, 41])
def test_folded_steps_of_an_unknown_number_are_not_counted(time_step: int | None) -> None:
    explanation = explain(UNBATCHED)
    assert explanation.configuration
    network = replace(explanation.configuration, time_step=time_step)
    found = error_picture(explanation, network, comparison(explanation), ENGLISH)
    assert found

    (words,) = [one.text for one in found.wide.shapes if isinstance(one, Text) and "more steps" in one.text]
    assert words[0].isdigit() == ("41 steps" in found.wide.title) == (time_step is not None)
    assert any(map(str.isdigit, found.wide.title.partition(", step")[0])) == (time_step is not None)


@pytest.mark.parametrize(("batch_first", "shape"), [("True", ["32", "?", "28"]), ("False", ["?", "32", "28"])])
def test_x_has_its_axes_in_the_order_of_the_layer_of_which_a_text_shows_no_call(
    batch_first: str, shape: list[str]
) -> None:
    init = f"def __init__(self):\n        self.lstm = nn.LSTM(28, 128, 2, batch_first={batch_first})"
    picture = drawn(f"class Net(nn.Module):\n    {init}\n{STATE.format('2, 32, 128', '2, 17, 128')}").wide

    of_x = max((s for s in picture.shapes if isinstance(s, Label)), key=lambda label: label.y)
    assert [span.text for line in of_x.lines for span in line if span.text.strip() not in ("", "×")] == shape


@pytest.mark.parametrize(
    ("expected", "got", "missing", "without_a_cell"),
    [
        ("4, 3, 20", "3, 4, 20", ["missing"], 0),
        ("1, 7, 20", "2, 7, 20", [], 1),
        ("2, 7, 20", "2, 7, 64", [], 0),
        ("2, 20", "3, 20", [], 1),
    ],
)
def test_a_state_is_dealt_out_to_the_cells_sheet_by_sheet(
    expected: str, got: str, missing: list[str], without_a_cell: int
) -> None:
    for picture in (drawn(STATE.format(expected, got)).wide, drawn(STATE.format(expected, got)).narrow):
        said = texts(picture, ERROR)
        assert [text for text in said if text == "missing"] == missing
        assert len([text for text in said if "without a cell" in text]) == without_a_cell
        names = [s.text for s in picture.shapes if isinstance(s, Text) and s.text.startswith("h_0[")]
        assert len(names) == max(int(expected[0]), int(got[0]))
        for shape in picture.shapes:
            if isinstance(shape, Box):
                assert 0 <= shape.x <= shape.x + shape.width <= picture.width
                assert 0 <= shape.y <= shape.y + shape.height <= picture.height


def test_the_layers_of_weights_that_do_not_fit_are_red() -> None:
    picture = drawn(
        "weight_ih_l0: copying a param with shape torch.Size([80, 10]) from checkpoint, the shape in current model is"
        " torch.Size([80, 12])."
    ).wide

    assert len([s for s in picture.shapes if isinstance(s, Box) and s.role == "wrong"]) == 4
    assert texts(picture, ERROR) == ["10"] * 4
    assert red_wires(picture) == []


LOOP = """import numpy as np
Wx, Wh, b = np.zeros((4, 9)), np.zeros((9, 9)), np.zeros({bias})
h = np.zeros((5, 9))
for x_t in np.zeros({x}):
    h = np.tanh(x_t @ Wx + h @ Wh + b)

Traceback (most recent call last):
  File "loop.py", line 5, in <module>
    h = np.tanh(x_t @ Wx + h @ Wh + b)
ValueError: operands could not be broadcast together with shapes {shapes}
"""


def test_a_loop_over_samples_reads_the_steps_of_one_in_red() -> None:
    found = drawn(LOOP.format(bias=9, x=(5, 13, 4), shapes="(13,9) (5,9)"))

    assert found.subject == "cell"
    assert set(texts(found.wide, ERROR)) == {"13"}


def test_a_wrong_bias_makes_the_layer_red_and_not_the_shapes_of_its_kernel() -> None:
    found = drawn(LOOP.format(bias=(9, 1), x=(13, 5, 4), shapes="(5,9) (9,1)"))

    assert found.subject == "gates"
    assert [s for s in found.wide.shapes if isinstance(s, (Box, Funnel)) and s.role == "wrong"]
    assert texts(found.wide, ERROR) == []


def test_weights_that_are_transposed_are_shown_as_the_framework_stores_them() -> None:
    found = drawn("ValueError: Layer lstm weight shape (10, 80) is not compatible with provided weight shape (80, 10).")

    assert found.subject == "weights"
    assert len([s for s in found.wide.shapes if isinstance(s, Polyline) and s.role == ERROR]) == 4
    assert texts(found.wide, ERROR) == ["80", "10"]
    assert not [s for s in found.wide.shapes if isinstance(s, Text) and "choose" in s.text]


PRODUCT = "self.lstm(x)\nRuntimeError: mat1 and mat2 shapes cannot be multiplied (160x128 and 64x10)"
WITHOUT_STEPS = "ValueError: Input 0 of layer 'lstm_1' is incompatible with the layer: expected ndim=3, found ndim=2."
EACH_STEP = (
    "LSTM `TimeDistributed` Layer should be passed an `input_shape` with at least 3 dimensions, received: (None, 64)"
)
OF_LAST_STEP = (
    "keras LSTM A target array with shape (32, 1) was passed for an output of shape (32, 200, 1) while using as loss"
)
SAMPLES = "self.lstm(x)\nself.linear(h)\nExpected input batch_size (15) to match target batch_size (3)."
PADDED = (
    "Expected total_length to be at least the length of the longest sequence in input, but got total_length=5 and max"
    " sequence length being 9"
)


@pytest.mark.parametrize(
    ("text", "layers", "said", "width"),
    [
        (PRODUCT, ["LSTM", "Linear"], ["128"], thickness(128)),
        (WITHOUT_STEPS, ["LSTM", "LSTM"], ["?", "?"], 1.5),
        (EACH_STEP, ["LSTM", "TimeDistributed"], ["?", "64"], thickness(64)),
        (OF_LAST_STEP, ["LSTM", "loss"], ["200"], thickness(1)),
        (SAMPLES, ["LSTM", "Linear", "loss", "target"], ["3"], 1.5),
        (PADDED, ["LSTM", "padding"], ["9"], 1.5),
        ("self.lstm(x)\nshape '[4, 20]' is invalid for input of size 720", ["LSTM", "new shape"], ["?"] * 3, 1.5),
        ("self.lstm(x)\nrunning_mean should contain 9 elements not 20", ["LSTM", "BatchNorm1d"], ["9"], 1.5),
    ],
)
def test_an_error_beside_the_recurrent_layer_is_a_red_wire_in_a_chain(
    text: str, layers: list[str], said: list[str], width: float
) -> None:
    found = drawn(text)

    assert found.subject == "chain"
    for picture in (found.wide, found.narrow):
        assert texts(picture, ERROR) == said
        red = [s for s in picture.shapes if isinstance(s, Polyline) and s.role == ERROR and s.width != 3.0]
        assert {wire.width for wire in red} == {width}
        names = [s.text for s in picture.shapes if isinstance(s, Heading)]
        assert set(names) >= set(layers)
        for shape in picture.shapes:
            if isinstance(shape, Heading):
                assert shape.x + word_width(shape.text, shape.size) <= picture.width


SORTED = "`lengths` array must be sorted in decreasing order when `enforce_sorted` is True"
EMPTY = "Length of all samples has to be greater than 0, but found an element in 'lengths' that is <= 0"
MASK = (
    "lstm The `mask` passed to the `TimeDistributed` layer has a shape ({}) that is incompatible with the input shape"
    " ({})"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Expected `len(lengths)` to be equal to batch_size, but got 3 (batch_size=5)", {"3", "missing"}),
        ("Expected `len(lengths)` to be equal to batch_size, but got 7 (batch_size=5)", {"7", "?"}),
        (SORTED, {"?"}),
        (EMPTY, {"≤ 0"}),
        ("'lengths' argument should be a 1D CPU int64 tensor, but got 2D cpu Long tensor", {"?"}),
        (MASK.format("32, 9", "32, 10, 8"), {"9"}),
        (MASK.format("32, 10, 1", "32, 10, 8"), {"32", "10", "1"}),
        ("You are passing a RNN mask that does not correspond to right-padded sequences", set()),
    ],
)
def test_lengths_and_masks_are_beside_the_sequences_and_red_where_they_do_not_fit(text: str, said: set[str]) -> None:
    found = drawn(text)

    assert found.subject == "sequences"
    for picture in (found.wide, found.narrow):
        words = [s.text for s in picture.shapes if isinstance(s, Text) and s.role == ERROR]
        assert {*texts(picture, ERROR), *words} == said
        assert [s for s in picture.shapes if isinstance(s, Polyline | Outline) and s.role == ERROR]


FROM_CHECKPOINT = (
    "copying a param with shape torch.Size([{}]) from checkpoint, the shape in current model is torch.Size([{}])."
)


def wrong_layers(picture: Picture) -> list[str]:
    """The results of the layers that are red."""
    layers = [shape for shape in picture.shapes if isinstance(shape, Box | Funnel) and shape.role == "wrong"]
    return [layer.node.tensor for layer in layers if layer.node]


def test_weights_of_one_gate_leave_the_other_gates_as_they_are() -> None:
    text = (
        'flax {cell}\nFor parameter "kernel" in "/{cell}/{name}", the given initializer is expected to generate shape'
        " (20, 20), but the existing parameter it received has shape (30, 20)"
    )

    assert wrong_layers(drawn(text.format(cell="lstm", name="hi")).wide) == ["a_i"]
    assert wrong_layers(drawn(text.format(cell="gru", name="hn")).wide) == ["h_g"]


@pytest.mark.parametrize("before", ["", "self.gru(x)\n"])
def test_a_projection_is_red_in_an_lstm_whatever_else_the_text_names(before: str) -> None:
    picture = drawn(before + "weight_hr_l0: " + FROM_CHECKPOINT.format("5, 20", "8, 20")).wide

    assert wrong_layers(picture) == ["h"]
    assert "5" in texts(picture, ERROR)


def test_the_label_of_a_kernel_with_other_rows_is_red_in_its_units_only() -> None:
    picture = drawn("weight_ih_l0: " + FROM_CHECKPOINT.format("60, 10", "80, 10")).wide

    assert set(texts(picture, ERROR)) == {"20"}


@pytest.mark.parametrize(("cell", "returned"), [("LSTM", {"h", "c"}), ("GRU", {"h"})])
def test_all_that_a_layer_returns_is_red_if_its_pair_does_not_fit(cell: str, returned: set[str]) -> None:
    program = f"net = nn.Sequential(nn.{cell}(7, 14), nn.Linear(14, 3))\n"
    found = drawn(f"{program}TypeError: linear(): argument 'input' (position 1) must be Tensor, not tuple")

    assert found.subject == "returned"
    assert (
        {wire.tensor for wire in red_wires(found.wide)} == {wire.tensor for wire in red_wires(found.narrow)} == returned
    )


OF_CLASSES = """nn.LSTM(16, 64, batch_first=True)
nn.Linear(64, 27)
RuntimeError: Expected target size [18, 27], got [18, 32]"""
OF_ONE_VALUE = """import torch
from torch import nn
lstm, fc, bce = nn.LSTM(32, 64, batch_first=True), nn.Linear(64, 1), nn.BCELoss()
_, (h, _) = lstm(x)
prob = torch.sigmoid(fc(h[-1]))
loss = bce(prob, label)
Traceback (most recent call last):
  File "m.py", line 6, in <module>
    loss = bce(prob, label)
ValueError: Using a target size (torch.Size([24])) that is different to the input size (torch.Size([24, 1])) is\
 deprecated. Please ensure they have the same size."""
TWO_LAYERS = """import keras
from keras import layers
model = keras.Sequential([
    layers.Input((64, 9)),
    layers.LSTM(50, return_sequences=True),
    layers.LSTM(25),
    layers.Dense(6, activation="softmax"),
])
model.compile("adam", "categorical_crossentropy")
model.fit(x, y, batch_size=30)
Traceback (most recent call last):
  File "m.py", line 10, in <module>
    model.fit(x, y, batch_size=30)
ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(None, 7),\
 output.shape=(None, 6)
"""


WITHOUT_STEPS_OF_TAGS = """import keras
from keras import layers
model = keras.Sequential([layers.Input((17, 10)), layers.LSTM(36), layers.Dense(3, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
model.fit(x, y, batch_size=6)
Traceback (most recent call last):
  File "m.py", line 5, in <module>
    model.fit(x, y, batch_size=6)
ValueError: Arguments `target` and `output` must have the same rank (ndim). Received: target.shape=(6, 17, 3),\
 output.shape=(6, 3)
"""


@pytest.mark.parametrize(
    ("text", "layers", "shapes"),
    [
        (WITHOUT_STEPS_OF_TAGS, ["LSTM", "Dense", "loss"], ["6 × 17 × 10", "6 × 36", "6 × 3"]),
        (OF_CLASSES, ["LSTM", "Linear", "loss"], ["18 × 32 × 64", "18 × 32 × 27"]),
        (OF_ONE_VALUE, ["Linear", "loss", "target"], ["24 × 64", "24 × 1", "24"]),
        (
            TWO_LAYERS,
            ["LSTM", "Dense", "loss", "target"],
            ["30 × 64 × 9", "30 × 64 × 50", "30 × 25", "30 × 6", "? × 7"],
        ),
    ],
)
def test_a_loss_has_the_layers_before_it_and_what_does_not_fit(text: str, layers: list[str], shapes: list[str]) -> None:
    found = drawn(text)

    assert found.subject == "chain"
    for picture in (found.wide, found.narrow):
        names = [s.text for s in picture.shapes if isinstance(s, Heading)]
        assert set(names) >= set(layers)
        labels = [s for s in picture.shapes if isinstance(s, Label)]
        said = ["".join(span.text for span in line) for label in labels for line in label.lines]
        assert {"".join(one.split()) for one in said} >= {one.replace(" ", "") for one in shapes}


SHARED = """import numpy as np
import keras

short, wide = keras.layers.GRU(20), keras.layers.GRU(28)
score = keras.layers.Dense(3)
x = np.zeros((7, 11, 5), "float32")
print(score(short(x)).shape)
print(score(wide(x)).shape)
Traceback (most recent call last):
  File "m.py", line 8, in <module>
    print(score(wide(x)).shape)
ValueError: Input 0 with name 'None' of layer 'dense' is incompatible with the layer: expected axis -1 of input shape\
 to have value 20, but received input with shape (7, 28)
"""


def test_a_dense_layer_that_two_layers_share_has_its_units_and_what_it_gets() -> None:
    picture = drawn(SHARED).wide
    labels = [s for s in picture.shapes if isinstance(s, Label)]
    said = {"".join(span.text for span in line).replace(" ", "") for label in labels for line in label.lines}

    assert said >= {"7×11×5", "7×28"}
    assert "3 units" in [s.text for s in picture.shapes if isinstance(s, Text)]


OWN_LAYER = """import numpy as np
import keras
from keras import layers

class Rank(layers.Layer):
    def __init__(self):
        super().__init__()
        self.input_spec = layers.InputSpec(max_ndim=2)
    def call(self, x):
        return x[:, :1]

x = np.zeros((3, 8, 5), "float32")
h = layers.GRU(13, return_sequences=True)(x)
y = Rank()(h)

Traceback (most recent call last):
  File "m.py", line 13, in <module>
    y = Rank()(h)
ValueError: Input 0 with name 'None' of layer 'rank' is incompatible with the layer: expected max_ndim=2, found ndim=3
"""


def test_a_layer_of_the_program_that_gets_every_step_is_no_loss() -> None:
    picture = drawn(OWN_LAYER).wide

    assert [one.text for one in picture.shapes if isinstance(one, Heading)][2:] == ["GRU", "rank"]
    assert texts(picture, ERROR)[2] == "13"


PACKED = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence
gru = nn.GRU(5, 8, batch_first=True)
x = torch.zeros(4, 4, 5)
gru(pack_padded_sequence(x, torch.tensor([9, 3, 3, 1])))
Traceback (most recent call last):
  File "m.py", line 6, in <module>
    gru(pack_padded_sequence(x, torch.tensor([9, 3, 3, 1])))
  File "/usr/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 1461, in forward
    result = _VF.gru(
RuntimeError: start (16) + length (1) exceeds dimension size (16).
"""
SPLIT = """import numpy as np
W, U, h = np.ones((5, 32)), np.ones((8, 32)), np.zeros((4, 8))
c = np.zeros((4, 8))
for t in range(9):
    i, f, o, g = np.split(X[:, t] @ W + h @ U, 4, axis=0)
    c = f * c + i * g
    h = o * np.tanh(c)
Traceback (most recent call last):
  File "m.py", line 6, in <module>
    c = f * c + i * g
ValueError: operands could not be broadcast together with shapes (1,32) (4,8)
"""
JOINED = """import numpy as np
W, h, x = np.ones((8, 5)), np.zeros((8, 1)), np.ones((5, 1))
for t in range(9):
    z = np.vstack((h, x))
    h = np.tanh(np.dot(W, z))
Traceback (most recent call last):
  File "m.py", line 5, in <module>
    h = np.tanh(np.dot(W, z))
ValueError: shapes (8,5) and (13,1) not aligned: 5 (dim 1) != 13 (dim 0)
"""
SCORES = """from keras import Input, layers
query = layers.GRU(8, return_sequences=True)(Input((9, 5)))
scores = layers.Dot(axes=[2, 1])([query, layers.GRU(8, return_sequences=True)(Input((7, 5)))])
Traceback (most recent call last):
  File "m.py", line 3, in <module>
    scores = layers.Dot(axes=[2, 1])([query, layers.GRU(8, return_sequences=True)(Input((7, 5)))])
ValueError: Incompatible input shapes: axis values 8 (at axis 2) != 7 (at axis 1). Full input shapes: (None, 9, 8),\
 (None, 7, 8)
"""
TIME_FIRST = """import onnxruntime
x = helper.make_node("Transpose", ["x"], ["xs"], perm=[1, 0, 2])
y = helper.make_node("GRU", ["xs", "W", "R"], ["", "h"], hidden_size=8)
session.run(None, {"x": x})
Traceback (most recent call last):
  File "m.py", line 4, in <module>
    session.run(None, {"x": x})
InvalidArgument: Got invalid dimensions for input: x for the following indices
 index: 0 Got: 9 Expected: 4
 index: 1 Got: 4 Expected: 9
 Please fix either the inputs/outputs or the model.
"""


TIME_FIRST_MEMORY = """import torch
from torch import nn

memory, last = nn.GRU(5, 16)(torch.zeros(21, 4, 5))
energies = torch.bmm(memory, last[-1].unsqueeze(2))

Traceback (most recent call last):
  File "m.py", line 5, in <module>
    energies = torch.bmm(memory, last[-1].unsqueeze(2))
               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
RuntimeError: Expected size for first two dimensions of batch2 tensor to be: [21, 16] but got: [4, 16].
"""

ONE_STATE = """import torch
from torch import nn

encoder, decoder = nn.LSTM(4, 11, batch_first=True), nn.LSTM(4, 11, batch_first=True)
x = torch.zeros(5, 8, 4)
_, (h, _) = encoder(x)
out, _ = decoder(x, h)

Traceback (most recent call last):
  File "m.py", line 7, in <module>
    out, _ = decoder(x, h)
             ^^^^^^^^^^^^^
  File "/v/site-packages/torch/nn/modules/rnn.py", line 1146, in forward
    f"also be 3-D but got ({hx[0].dim()}-D, {hx[1].dim()}-D) tensors"
                                             ~~^^^
IndexError: index 1 is out of bounds for dimension 0 with size 1
"""


@pytest.mark.parametrize(
    ("text", "subject", "red", "wires"),
    [
        (PACKED, "cell", "x", {"x"}),
        (SPLIT, "gates", "", set()),
        (JOINED, "gates", "kernel", set()),
        (SCORES, "output", "", {"h"}),
        (TIME_FIRST, "cell", "x", {"x"}),
        (ONE_STATE, "cell", "h_0", {"h_prev"}),
        (TIME_FIRST_MEMORY, "output", "", {"h"}),
    ],
)
def test_what_does_not_fit_is_red_where_only_the_program_names_it(
    text: str, subject: str, red: str, wires: set[str]
) -> None:
    found = drawn(text)

    assert (found.subject, found.red) == (subject, red)
    assert {wire.tensor for wire in red_wires(found.wide)} == wires
    assert bool(wrong_layers(found.wide)) == (subject == "gates")


def test_a_step_of_x_has_the_steps_for_its_batch_if_both_axes_are_exchanged() -> None:
    assert texts(drawn(TIME_FIRST).wide, ERROR) == ["9"]


STATES = """import numpy as np
def sigmoid(a):
    return 1 / (1 + np.exp(-a))
def lstm_step(x, h, c, W, U):
    a = x @ W + h @ U
    i, f, o, g = np.split(a, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
def run(x, W, U):
    h = np.zeros(({h}))
    c = np.zeros(({c}))
    for t in range(x.shape[1]):
        h, c = lstm_step(x[:, t], h, c, W, U)
    return h
run(np.ones((4, 9, 5)), np.ones((5, 32)), np.ones((8, 32)))
Traceback (most recent call last):
  File "m.py", line 15, in <module>
    run(np.ones((4, 9, 5)), np.ones((5, 32)), np.ones((8, 32)))
  File "m.py", line 13, in run
    h, c = lstm_step(x[:, t], h, c, W, U)
  File "m.py", line 5, in lstm_step
    a = x @ W + h @ U
                ~~^~~
ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?)
 (size 8 is different from 4)
"""


@pytest.mark.parametrize(("c", "red"), [("8, 4", {"h_prev", "c_prev"}), ("4, 8", {"h_prev"})])
def test_both_states_are_red_if_the_program_makes_both_with_exchanged_axes(c: str, red: set[str]) -> None:
    wires = red_wires(drawn(STATES.format(h="8, 4", c=c)).wide)

    assert {wire.tensor for wire in wires} == red


OF_CELL = """import torch
from torch import nn
layer, cell = nn.{kind}(5, 13, batch_first=True), nn.{kind}Cell(5, 13)
{before}
{call}
Traceback (most recent call last):
  File "/home/me/decoder.py", line 5, in <module>
    {call}
ValueError: {kind}Cell: Expected {argument} to be 1D or 2D, got 3D instead
"""


@pytest.mark.parametrize(
    "values",
    [
        ("GRU", "y, h = layer(torch.zeros(7, 11, 5))", "h = cell(torch.zeros(7, 5), h)", "hidden"),
        ("LSTM", "y, (h, c) = layer(torch.zeros(7, 11, 5))", "h, c = cell(torch.zeros(7, 5), (h, c))", "hx[0]"),
        ("RNN", "h = torch.zeros(1, 7, 13)", "h = cell(torch.zeros(7, 5), h)", "hidden"),
    ],
)
def test_a_state_of_a_cell_with_an_axis_of_layers_is_drawn_with_the_shape_of_the_program(
    values: tuple[str, str, str, str],
) -> None:
    text = OF_CELL.format(**dict(zip(("kind", "before", "call", "argument"), values, strict=True)))
    shapes = comparison(explain(text))
    assert shapes and shapes.got == (1, 7, 13)

    for picture in (drawn(text).wide, drawn(text).narrow):
        assert texts(picture, ERROR) == ["1", "7", "13"]


def test_a_state_with_unknown_sizes_is_drawn_with_all_its_axes() -> None:
    text = "h = cell(x, h)\nValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead"

    assert texts(drawn(text).wide, ERROR) == ["?", "?", "?"]


def test_sequences_are_drawn_with_the_features_of_the_program() -> None:
    program = "rnn = nn.GRU(6, 21)\npacked = pack_padded_sequence(torch.zeros(9, 4, 6), [5, 9, 2, 7])\nrnn(packed)\n"
    error = "RuntimeError: `lengths` array must be sorted in decreasing order when `enforce_sorted` is True."

    assert texts(drawn(f"import torch\nfrom torch import nn\n{program}{error}").wide, "features") == ["6"]


OF_ONNX = (
    "[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero status code returned while running GRU node. Name:'' Status"
    " Message: Invalid value/s in sequence_lens. All values must be >= 0 and <= seq_length. seq_length=8"
)


@pytest.mark.parametrize(
    ("text", "shown", "red"),
    [
        (f"lens = np.array([8, 5, 10, 3])\n{OF_ONNX}", ["8", "5", "10", "3"], ["10"]),
        (f"lengths = torch.tensor([7, 0, 6])\npack_padded_sequence(x, lengths)\n{EMPTY}", ["7", "0", "6"], ["0"]),
        (f"lengths = [4, 3, 2, 9]\npack_padded_sequence(x, lengths)\n{SORTED}", ["4", "2", "9"], ["9"]),
    ],
)
def test_lengths_that_the_text_lists_are_drawn_and_none_is_an_example(
    text: str, shown: list[str], red: list[str]
) -> None:
    found = drawn(text)

    assert found.subject == "sequences" and not found.is_example
    for picture in (found.wide, found.narrow):
        labels = [s for s in picture.shapes if isinstance(s, Label) and s.size == SMALL]
        assert [span.text for label in labels for line in label.lines for span in line] == shown
        assert texts(picture, ERROR) == red


@pytest.mark.parametrize("text", [OF_ONNX, EMPTY, SORTED])
def test_a_wrong_length_that_no_text_lists_is_an_example(text: str) -> None:
    assert drawn(text).is_example


@pytest.mark.parametrize(
    ("packing", "message", "said"),
    [
        ("torch.tensor([9, 12, 3, 3])", SORTED, {"12"}),
        ("[9, 6, 0, 0]", EMPTY, {"0"}),
        ("lengths=torch.as_tensor([7, 7, 8])", SORTED, {"8"}),
    ],
)
def test_the_lengths_in_the_line_that_packs_them_say_which_one_is_wrong(
    packing: str, message: str, said: set[str]
) -> None:
    line = f"packed = pack_padded_sequence(notes, {packing}, batch_first=True)"
    found = drawn(
        f'Traceback (most recent call last):\n  File "m.py", line 3, in <module>\n    {line}\nRuntimeError: {message}'
    )

    assert not found.is_example
    assert said <= {s.text for s in found.wide.shapes if isinstance(s, Text)} | {*texts(found.wide, ERROR)}


def test_the_gates_with_peepholes_are_red_if_these_do_not_fit() -> None:
    message = (
        "[ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned while running LSTM node. Name:'' Status Message:"
        " Input P must have shape {1,27}. Actual:{1,36}"
    )
    found = drawn(message)

    assert (found.subject, found.red) == ("gates", "P")
    assert [s for s in found.wide.shapes if isinstance(s, Box | Funnel) and s.role == "wrong"]


def test_arrays_of_weights_have_question_marks_for_unknown_sizes() -> None:
    message = (
        "[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero status code returned while running LSTM node. Name:''"
        " Status Message: Input R must have shape {1,36,9}. Actual:{1,9,36}"
    )
    found = drawn(message)

    assert found.subject == "weights"
    assert "?" in texts(found.wide, "features")


def test_a_projection_without_a_size_is_in_no_picture_and_nothing_is_said_to_be_red() -> None:
    message = "ValueError: proj_size has to be smaller than hidden_size\n"

    assert drawn("RuntimeError: LSTM\n" + message).subject == "network"
    assert drawn("lstm = nn.LSTM(9, 15, proj_size=15)\n" + message).subject == "cell"


CARRY = """import jax
import jax.numpy as jnp
w, u = jnp.ones((4, 17)), jnp.ones((17, 17))
def step(h, x_t):
    h = jnp.tanh(x_t @ w + h @ u)
    return h, h
{state}
last, all_of_them = jax.lax.scan(step, h, jnp.ones((11, 6, 4)))
Traceback (most recent call last):
  File "scan.py", line 8, in <module>
    last, all_of_them = jax.lax.scan(step, h, jnp.ones((11, 6, 4)))
TypeError: scan body function carry input and carry output must have equal types, but they differ:
The input carry h has type float32[{got}] but the corresponding output carry component has type float32[6,17], so the\
 shapes do not match.
"""


def test_a_state_that_lacks_an_axis_is_drawn_with_the_axes_that_came() -> None:
    found = drawn(CARRY.format(state="h = jnp.zeros(17)", got="17"))

    assert (found.subject, found.red) == ("cell", "h_0")
    for picture in (found.wide, found.narrow):
        assert texts(picture, ERROR) == ["17"]


PACKED = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence
gru = nn.GRU(5, 13, batch_first=True)
x = torch.zeros(7, 11, 5)
packed = pack_padded_sequence(x, torch.tensor([11, 9, 8, 4, 3, 2, 1]), enforce_sorted=False)
out, h = gru(packed)
Traceback (most recent call last):
  File "packed.py", line 7, in <module>
    out, h = gru(packed)
  File "torch/nn/modules/rnn.py", line 1461, in forward
    result = _VF.gru(
RuntimeError: start (31) + length (3) exceeds dimension size (31).
"""


def test_a_packed_batch_gives_a_cell_the_steps_of_a_sample_and_its_own_features() -> None:
    found = drawn(PACKED)

    assert found.red == "x"
    of_x = next(s for s in found.wide.shapes if isinstance(s, Label) and s.tensor == "x")
    assert [(span.text, span.role) for line in of_x.lines for span in line[::2]] == [("11", ERROR), ("5", "features")]


MASK_OF_WORDS = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

class Scores(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(90, 6)
        self.gru = nn.GRU(6, 21, batch_first=True{directions})
        self.score = nn.Linear({width}, 1)

    def forward(self, words, lengths):
        packed = pack_padded_sequence(self.embedding(words), lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.gru(packed)[0], batch_first=True)
        scores = self.score(states).squeeze(-1)
        return scores.masked_fill(words == 0, -1e9)

words = torch.randint(0, 90, (8, 14))
print(Scores()(words, torch.tensor([12, 9, 8, 4, 3, 2, 2, 1])).shape)
Traceback (most recent call last):
  File "scores.py", line 19, in <module>
    print(Scores()(words, torch.tensor([12, 9, 8, 4, 3, 2, 2, 1])).shape)
  File "scores.py", line 16, in forward
    return scores.masked_fill(words == 0, -1e9)
RuntimeError: The size of tensor a (14) must match the size of tensor b (12) at non-singleton dimension 1
"""


@pytest.mark.parametrize(
    ("directions", "width", "units"), [("", 21, ["21"]), (", bidirectional=True", 42, ["2·", "21"])]
)
def test_a_mask_is_beside_the_output_that_is_padded_to_fewer_steps(
    directions: str, width: int, units: list[str]
) -> None:
    for picture in (drawn(text := MASK_OF_WORDS.format(directions=directions, width=width)).wide, drawn(text).narrow):
        above = next(s for s in picture.shapes if isinstance(s, Label))
        (line,) = above.lines
        assert line[0].text.strip() == "output"
        assert [span.text for span in line[1:] if span.text.strip("× ")] == ["8", "12", *units]


@pytest.mark.parametrize("cell", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("format", ["wide", "narrow"])
def test_all_names_of_a_picture_of_the_first_step_are_in_it(cell: str, format: str) -> None:
    state = "hx[0]" if cell == "LSTM" else "hidden"
    text = f"ValueError: {cell}Cell: Expected {state} to be 1D or 2D, got 3D instead"
    picture: Picture = getattr(drawn(text), format)

    names = [one for one in picture.shapes if isinstance(one, Text) and one.angle == 0]
    assert names
    for one in names:
        width = word_width(one.text, one.size, one.sub)
        assert one.size > 0
        assert one.x + {"start": 1.0, "middle": 0.5, "end": 0.0}[one.anchor] * width <= picture.width


def test_an_x_that_is_packed_along_its_steps_has_its_own_shape() -> None:
    program = """import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence
reader = nn.GRU(3, 14, batch_first=True)
x = torch.randn(5, 8, 3)
packed = pack_padded_sequence(x, torch.tensor([8, 6, 5, 2, 1]))
"""
    message = "RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 5 (batch_size=8)"
    frame = 'Traceback (most recent call last):\n  File "a.py", line 6, in <module>\n'
    picture = drawn(
        f"{program}{frame}    packed = pack_padded_sequence(x, torch.tensor([8, 6, 5, 2, 1]))\n{message}"
    ).wide
    (shape,) = [
        [span.text for span in line if span.role in ("batch_size", "time_step", "features")]
        for one in picture.shapes
        if isinstance(one, Label)
        for line in one.lines
        if line[0].text.strip() == "x"
    ]

    assert shape == ["5", "8", "3"]


@pytest.mark.parametrize("samples", [1, 2, 3])
def test_a_mask_has_no_more_rows_than_its_batch(samples: int) -> None:
    row = "[0, 7, 4, 1]"
    program = f"""import numpy as np
import tensorflow as tf
words = np.array([{", ".join([row] * samples)}])
model = tf.keras.Sequential([tf.keras.layers.Embedding(50, 6, mask_zero=True), tf.keras.layers.GRU(11)])
model(words)
"""
    message = (
        "InvalidArgumentError: assertion failed: [You are passing a RNN mask that does not correspond to right-padded"
    )
    picture = drawn(f"{program}{message} sequences, while using cuDNN, which is not supported.").wide

    sequences = [one for one in picture.shapes if isinstance(one, Box) and one.role == "view"]
    assert len(sequences) == samples


ROWS = """import numpy as np
units, channels = 14, 6
W = np.zeros((units + channels, units))
def run(inputs):
    h = np.zeros((inputs.shape[0], units))
    for k in range(inputs.shape[1]):
        joined = np.concatenate([inputs[:, k, :], h], axis=0)
        h = np.tanh(joined @ W)
    return h
print(run(np.ones((10, 5, channels))).shape)
Traceback (most recent call last):
  File "rows.py", line 10, in <module>
    print(run(np.ones((10, 5, channels))).shape)
  File "rows.py", line 7, in run
    joined = np.concatenate([inputs[:, k, :], h], axis=0)
ValueError: all the input array dimensions except for the concatenation axis must match exactly, but along dimension 1,\
 the array at index 0 has size 6 and the array at index 1 has size 14
"""


def test_both_arrays_of_a_join_along_the_batch_are_red() -> None:
    found = drawn(ROWS)

    assert found.subject == "cell"
    assert {wire.tensor for wire in red_wires(found.wide)} == {"x", "h_prev"}


METER = """import torch
from torch import nn
class Meter(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(5, 31)
    def forward(self, x):
        h = torch.zeros(1, 24, 31)
        return self.gru(x, h)[0]
print(Meter()(torch.randn(24, 13, 5)).shape)
Traceback (most recent call last):
  File "meter.py", line 10, in <module>
    print(Meter()(torch.randn(24, 13, 5)).shape)
  File "meter.py", line 9, in forward
    return self.gru(x, h)[0]
RuntimeError: Expected hidden size (1, 13, 31), got [1, 24, 31]
"""


def test_x_without_batch_first_is_drawn_as_the_layer_reads_it() -> None:
    explanation, picture = explain(METER), drawn(METER).wide
    found = explanation.configuration
    of_x = max((s for s in picture.shapes if isinstance(s, Label)), key=lambda label: label.y)

    assert explanation.mismatch.causes[0].id == "batch_first"
    assert found and (found.batch_size, found.time_step) == (24, 13)  # once it is corrected
    assert [span.text for line in of_x.lines for span in line if span.text.strip() not in ("", "×")] == [
        "24",
        "13",
        "5",
    ]


POLICY = """import jax
import jax.numpy as jnp
import flax.linen as nn


class Policy(nn.Module):
    units: int

    @nn.compact
    def __call__(self, carry, obs):
        return nn.RNN({cell}(self.units), return_carry=True)(obs, initial_carry=carry)


def start(envs):
    return {start}


policy = Policy(64)
key = jax.random.PRNGKey(2)
obs = jax.random.normal(key, (12, 13, 26))
params = policy.init(key, start(12), obs)
carry, y = policy.apply(params, start(12), obs)
eval_obs = jax.random.normal(key, (16, 13, 26))
carry, y = policy.apply(params, carry, eval_obs)

Traceback (most recent call last):
  File "policy.py", line 24, in <module>
    carry, y = policy.apply(params, carry, eval_obs)
  File "policy.py", line 11, in __call__
    return nn.RNN({cell}(self.units), return_carry=True)(obs, initial_carry=carry)
  File "site-packages/flax/linen/recurrent.py", line 355, in __call__
    {sum}
  File "site-packages/jax/_src/numpy/ufuncs.py", line 1238, in add
    out = lax.add(x, y)
          ^^^^^^^^^^^^^
TypeError: add got incompatible shapes for broadcasting: {shapes}.
"""
"""JAX 0.10 and Flax 0.12 raised the message for both cells."""


OF_LSTM = {
    "cell": "nn.OptimizedLSTMCell",
    "start": "jnp.zeros((envs, 64)), jnp.zeros((envs, 64))",
    "sum": "i = self.gate_fn(dense_h['i'] + dense_i['i'])",
    "shapes": "(12, 64), (16, 64)",
}
OF_GRU = {
    "cell": "nn.GRUCell",
    "start": "jnp.zeros((envs, 64))",
    "sum": "r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))",
    "shapes": "(16, 64), (12, 64)",
}


@pytest.mark.parametrize(("program", "wires"), [(OF_LSTM, {"h_prev", "c_prev"}), (OF_GRU, {"h_prev"})])
def test_all_arrays_of_a_carry_of_other_data_are_red_with_their_samples(
    program: dict[str, str], wires: set[str]
) -> None:
    found = drawn(POLICY.format(**program))

    assert (found.subject, found.red) == ("cell", "h_0")
    for picture in (found.wide, found.narrow):
        assert {wire.tensor for wire in red_wires(picture)} == wires
        assert {*texts(picture, ERROR)} == {"12"}


def test_nothing_is_red_beside_a_carry_that_no_earlier_call_has_returned() -> None:
    text = POLICY.format(**OF_LSTM).replace("carry, y = policy.apply(params, start(12), obs)", "carry = load()")

    assert drawn(text).red == ""


BACKWARDS = """import numpy as np

rng = np.random.default_rng(2)
W_in, W_h, W_out = rng.normal(size=(16, 5)), rng.normal(size=(16, 16)), rng.normal(size={shape})


def train(xs, target, h):
    states = []
    for x in xs:
        h = np.tanh(W_in @ x + W_h @ h)
        states.append(h)
    y = np.dot({first})
    slope = y - target
    return np.dot(W_out, slope)


train(rng.normal(size=(8, 5, 1)), np.zeros((3, 1)), np.zeros((16, 1)))

Traceback (most recent call last):
  File "letters.py", line 18, in <module>
    train(rng.normal(size=(8, 5, 1)), np.zeros((3, 1)), np.zeros((16, 1)))
  File "letters.py", line {line}
    {code}
ValueError: shapes {shapes} (dim 0)
"""


@pytest.mark.parametrize(
    ("shape", "first", "line", "code", "shapes", "subject"),
    [
        (
            *("(3, 16)", "W_out, h", "14, in train", "return np.dot(W_out, slope)"),
            *("(3,16) and (3,1) not aligned: 16 (dim 1) != 3", "network"),
        ),
        (
            *("(16, 3)", "W_out, h", "12, in train", "y = np.dot(W_out, h)"),
            *("(16,3) and (16,1) not aligned: 3 (dim 1) != 16", "output"),
        ),
    ],
)
def test_the_output_is_red_only_in_a_product_of_which_it_is_a_factor(
    shape: str, first: str, line: str, code: str, shapes: str, subject: str
) -> None:
    found = drawn(BACKWARDS.format(shape=shape, first=first, line=line, code=code, shapes=shapes))

    assert found.subject == subject
    assert bool(red_wires(found.wide)) == (subject == "output")


@pytest.mark.parametrize("units", [9, 1536])
def test_a_state_with_an_axis_more_is_written_beside_the_border_of_the_cell(units: int) -> None:
    explanation = explain(f"import torch\ngru = torch.nn.GRU(12, {units})\ngru(x, h)\n{UNBATCHED}")
    network, said = explanation.configuration, comparison(explanation)
    assert network and said
    shapes = replace(said, got=(1, 128, units))
    found = error_picture(explanation, network, shapes, ENGLISH)
    assert found

    (cell,) = [one for one in found.wide.shapes if isinstance(one, Box) and one.role == "cell"]
    (label,) = [
        one for one in found.wide.shapes if isinstance(one, Label) and any(s.role == ERROR for s in one.lines[0])
    ]
    left, _, right, _ = label.bounds()
    assert left >= -0.1
    assert right <= cell.x - 4


def test_words_and_names_for_which_there_is_no_room_are_left_out() -> None:
    explanation = explain(INPUT)
    assert explanation.configuration
    for steps, units in ((1, None), (2, 24)):
        network = replace(explanation.configuration, time_step=steps, num_units=units)
        found = error_picture(explanation, network, comparison(explanation), ENGLISH)
        assert found
        texts = [one for one in found.wide.shapes if isinstance(one, Text) and not isinstance(one, Heading)]
        assert min(one.size for one in texts) >= 8.5
        assert not any("last output" in one.text for one in texts)
        assert all(one.x + word_width(one.text, one.size) / 2 <= found.wide.width for one in texts if one.sub == "T")


EXCHANGED = """import numpy as np
import keras

days = keras.Sequential([keras.Input((5, 31)), keras.layers.GRU(18), keras.layers.Dense(1)], name="days")
days.compile("adam", "mse")
days.fit(np.zeros((9, 31, 5)), np.zeros((9, 1)), batch_size=9)

Traceback (most recent call last):
  File "days.py", line 6, in <module>
    days.fit(np.zeros((9, 31, 5)), np.zeros((9, 1)), batch_size=9)
ValueError: Input 0 of layer "days" is incompatible with the layer: expected shape=(None, 5, 31), found shape=(9, 31, 5)
"""


def test_the_kernel_is_that_of_the_layer_that_expects_the_axes_of_x_exchanged() -> None:
    explanation = explain(EXCHANGED)
    network, said = explanation.configuration, comparison(explanation)
    assert network and said and said.verdict == "exchanged"
    found = error_picture(explanation, network, said, ENGLISH)
    assert found

    assert set(texts(found.wide, "features")) == {"31"}
    assert texts(found.wide, ERROR) == ["5"]


OF_LIST = """import tensorflow.compat.v1 as tf

tf.disable_v2_behavior()
pixels = tf.placeholder(tf.float32, [None, 19, 11])
cell = tf.nn.rnn_cell.GRUCell(38)
rows, _ = tf.nn.static_rnn(cell, tf.unstack(pixels, 19, 1), dtype=tf.float32)
table = tf.get_variable("table", [11, 4])
scores = tf.matmul({of}, table)

Traceback (most recent call last):
  File "rows.py", line 8, in <module>
    scores = tf.matmul({of}, table)
ValueError: Dimensions must be equal, but are 38 and 11 for '{{node MatMul}} = MatMul[T=DT_FLOAT, transpose_a=false,\
 transpose_b=false](rnn/rnn/gru_cell/add_18, table/read)' with input shapes: [?,38], [11,4].
"""


def test_the_last_of_a_list_of_outputs_has_the_samples_of_the_batch() -> None:
    shapes = comparison(explain(OF_LIST.replace("{of}", "rows[-1]")))

    assert shapes and (shapes.axes, shapes.got) == (("batch_size", "features"), (None, 38))
