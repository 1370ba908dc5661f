"""What a program says about what stands beside its recurrent layers: the state of an encoder, a factor of a product,
classes, weights after both directions, and the carry of a cell of linen.

PyTorch 2.13, Keras 3.15 on TensorFlow 2.21 and Flax 0.12 raised the messages for such programs, which run with the
corrected lines.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import Explanation, explain
from app.url_state_to_picture.error_pictures.layers_around_error import error_chain

PATHS = f"""{TORCH}
class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(2, 64, {{}}batch_first=True)

    def forward(self, past):
        _, last = self.rnn(past)
        return last

class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(2, 64)

    def forward(self, xy, state):
        for _ in range(12):
            state = self.cell(xy, state)
        return state

encoder, decoder = Encoder(), Decoder()
tracks = torch.randn(40, 20, 2)
past, future = tracks[:, :8], tracks[:, 8:]
code = encoder({{}})
pred = decoder(past[:, -1], code)
"""
OF_RANK = "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead"


def of_paths(settings: str = "", given: str = "past") -> Explanation:
    frames = ["pred = decoder(past[:, -1], code)", "state = self.cell(xy, state)"]
    return explain(pasted(PATHS.format(settings, given), frames, OF_RANK))


def test_an_encoder_returns_the_state_of_its_layer_without_the_axis_of_layers() -> None:
    right, of_two = of_paths(), of_paths("num_layers=2, ")

    assert right.mismatch.causes[0].lines == (("return last", "return last[-1]"),)
    assert not of_two.mismatch.causes[0].is_own


def test_a_sequence_of_which_only_parts_are_read_has_not_its_steps() -> None:
    parts, whole = of_paths().configuration, of_paths(given="tracks").configuration

    assert parts and whole
    assert (parts.time_step, whole.time_step) == (None, 20)


CLASSES = """import numpy as np
import keras
from keras import layers

class Classifier(keras.Model):
    def __init__(self, outputs=5):
        super().__init__()
        self.rnn = layers.SimpleRNN(24)
        self.head = layers.Dense(outputs, activation="softmax")

    def call(self, x):
        return self.head(self.rnn(x))

labels = np.random.choice(["walk", "run", "sit", "stand"], 300)
classes = sorted(set(labels))
target = {}
model = Classifier()
model.compile(loss="categorical_crossentropy")
model.fit(np.zeros((300, 100, 3)), target, batch_size=30)
"""
OF_CLASSES = (
    "ValueError: Arguments `target` and `output` must have the same shape. Received: target.shape=(30, 4),"
    " output.shape=(30, 5)"
)


def test_the_data_have_other_classes_than_the_last_layer() -> None:
    program = CLASSES.format("np.eye(len(classes))[[classes.index(one) for one in labels]]")
    found = explain(pasted(program, ["model.fit(np.zeros((300, 100, 3)), target, batch_size=30)"], OF_CLASSES))
    said, shapes = found.mismatch, comparison(found)

    assert (said.tensor, said.expected, said.got) == ("output", (30, 4), (30, 5))
    assert [one.id for one in said.causes] == ["dense_outputs"]
    assert said.causes[0].lines == (("model = Classifier()", "model = Classifier(outputs=4)"),)
    assert found.configuration and shapes and shapes.axes == ("batch_size", None)
    assert error_chain(found, found.configuration, shapes)


def test_a_target_may_be_wrong_if_a_line_says_its_classes() -> None:
    program = CLASSES.format("keras.utils.to_categorical([classes.index(one) for one in labels], 4)")
    said = explain(pasted(program, ["model.fit(np.zeros((300, 100, 3)), target, batch_size=30)"], OF_CLASSES)).mismatch

    assert (said.tensor, said.expected, said.got) == ("target", (30, 5), (30, 4))


TAGGER = """import jax
import jax.numpy as jnp
import flax.linen as nn

class Tagger(nn.Module):
    hidden: int

    def setup(self):
        self.embed = nn.Embed(70, 20)
        self.fwd = nn.RNN(nn.LSTMCell(self.hidden))
        self.bwd = nn.RNN(nn.LSTMCell(self.hidden){})
        self.w_out = self.param("w_out", nn.initializers.lecun_normal(), (self.hidden, 6))

    def __call__(self, tokens):
        e = self.embed(tokens)
        both = jnp.concatenate([self.fwd(e), self.bwd(e)], axis=-1)
        return both @ self.w_out

model = Tagger(hidden=36)
variables = model.init(jax.random.PRNGKey(0), jnp.zeros((8, 13), int))
"""
OF_PRODUCT = "TypeError: dot_general requires contracting dimensions to have the same shape, got (72,) and (36,)."


def test_weights_of_linen_after_both_directions_have_twice_the_units() -> None:
    frames = ["variables = model.init(jax.random.PRNGKey(0), jnp.zeros((8, 13), int))", "return both @ self.w_out"]
    found = explain(pasted(TAGGER.format(", reverse=True, keep_order=True"), frames, OF_PRODUCT))
    forward = explain(pasted(TAGGER.format(""), frames, OF_PRODUCT))
    line = 'self.w_out = self.param("w_out", nn.initializers.lecun_normal(), (self.hidden, 6))'

    assert [one.id for one in found.mismatch.causes] == ["output_directions"]
    assert found.mismatch.causes[0].lines == ((line, line.replace("(self.hidden", "(2 * self.hidden")),)
    assert found.configuration and (found.configuration.num_units, found.configuration.bidirectional) == (36, True)
    assert forward.configuration and not forward.configuration.bidirectional


CARRY = """import jax.numpy as jnp
import flax.linen as nn

class Decoder(nn.Module):
    @nn.compact
    def __call__(self, memory, x):
        cell = nn.LSTMCell({})
        carry, y = cell((jnp.zeros((6, 40)), memory), x)
        return y
"""
IN_CELL = '  File "/lib/site-packages/flax/linen/recurrent.py", line 236, in __call__\n    new_c = f * c + i * g\n'


@pytest.mark.parametrize(("units", "tensor", "expected", "got"), [(40, "h_0", 40, 24), (24, "c_0", 24, 40)])
def test_a_cell_of_linen_takes_its_units_from_h(units: int, tensor: str, expected: int, got: int) -> None:
    error = f"{IN_CELL}TypeError: mul got incompatible shapes for broadcasting: (6, 24), (6, 40)."
    frame = "carry, y = cell((jnp.zeros((6, 40)), memory), x)"
    said = explain(pasted(CARRY.format(units), [frame], error)).mismatch

    assert (said.tensor, said.axis, said.expected, said.got) == (tensor, "num_units", (6, expected), (6, got))
    assert [one.id for one in said.causes] == ["other_units"]


ATTENTION = """from tensorflow import keras
from tensorflow.keras import layers as L

def translator():
    source, target = L.Input((30,)), L.Input((10,))
    states, last = L.GRU(32, return_sequences=True, return_state=True)(L.Embedding(37, 24)(source))
    steps = L.GRU(32, return_sequences=True)(L.Embedding(11, 16)(target), initial_state=last)
    weights = L.Softmax()(L.Dot(axes=(2, 2))([steps, states]))
    context = L.Dot(axes=(1, 1))([weights, states])
    return keras.Model([source, target], context)

model = translator()
"""


def test_the_layer_of_a_product_is_the_one_whose_output_is_a_factor() -> None:
    error = (
        "ValueError: Incompatible input shapes: axis values 10 (at axis 1) != 30 (at axis 1). Full input shapes:"
        " (None, 10, 30), (None, 30, 32)"
    )
    frames = ["model = translator()", "context = L.Dot(axes=(1, 1))([weights, states])"]
    network = explain(pasted(ATTENTION, frames, error)).configuration

    assert network and (network.time_step, network.features, network.num_units) == (30, 24, 32)


BATCH = f"""{TORCH}{{}}
def collate(items):
    visits, outcome = zip(*items)
    return torch.stack(visits), torch.stack(outcome)

net = nn.GRU(12, 30, batch_first=True)
visits, outcome = collate([(torch.zeros(14, 12), torch.zeros(1)), (torch.zeros(9, 12), torch.zeros(1))])
net(visits)
"""


@pytest.mark.parametrize(
    ("imported", "name"),
    [
        ("from torch.nn.utils.rnn import pad_sequence", "pad_sequence"),
        ("", "torch.nn.utils.rnn.pad_sequence"),
    ],
)
def test_what_a_function_stacks_is_padded(imported: str, name: str) -> None:
    error = (
        f"    {'^' * 19}\n"
        "RuntimeError: stack expects each tensor to be equal size, but got [14, 12] at entry 0 and [9, 12] at entry 1"
    )
    line = "return torch.stack(visits), torch.stack(outcome)"
    underlined = f"{' ' * 7}{error.lstrip()}"
    found = explain(pasted(BATCH.format(imported), [line], f"    {underlined}"))

    right = line.replace("torch.stack(visits)", f"{name}(visits, batch_first=True)")
    assert found.mismatch.causes[0].lines == ((line, right),)
