"""What a program says about the states of cells that it calls for each step: the axes, samples and units they need.

PyTorch 2.13, Keras 3.15, TensorFlow 2.21, Flax 0.12, JAX 0.10 and NumPy 2.4 raised the messages for such programs,
which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, TORCH_WITH_PACKING, first_cause_and_lines, likely, network, pasted

from app.reading.errors.explanation import Explanation, explain

WALKER = f"""{TORCH}
class Walker(nn.Module):
    def __init__(self):
        super().__init__()
        self.core = nn.GRUCell(11, 33)
    def initial(self, n):
        return torch.zeros(1, n, 33)
    def step(self, obs, h):
        return self.core(obs, h)

agent = Walker()
h = agent.initial(6)
h = agent.step(torch.zeros(6, 11), h)
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        (
            pasted(
                WALKER,
                ["h = agent.step(torch.zeros(6, 11), h)", "return self.core(obs, h)"],
                "ValueError: GRUCell: Expected hidden to be 1D or 2D, got 3D instead",
            ),
            ("h_0", "rank", "squeeze"),
            {"return torch.zeros(1, n, 33)": "return torch.zeros(n, 33)"},
        ),
    ],
)
def test_the_likeliest_cause_corrects_the_lines_of_the_program(
    text: str, said: tuple[str | None, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(text) == (said, lines)


def test_the_state_of_a_cell_says_which_axis_of_x_is_the_batch() -> None:
    program = f"""{TORCH}
class Meter(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.LSTMCell(4, 20)
    def forward(self, x):
        b, steps, _ = x.shape
        h, c = x.new_zeros(b, 20), x.new_zeros(b, 20)
        for t in range(steps):
            h, c = self.cell(x, (h, c))
        return h

Meter()(torch.zeros(10, 48, 4))
"""
    error = "ValueError: LSTMCell: Expected input to be 1D or 2D, got 3D instead"

    assert network(explain(pasted(program, ["h, c = self.cell(x, (h, c))"], error))) == (10, 48, 4, 20)


AGENT = f"""{TORCH}
class Agent(nn.Module):
    def __init__(self, obs=10, enc=64, mem=48):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(obs, enc), nn.Tanh())
        self.memory = nn.{{cell}}(enc, mem)

    def act(self, obs, {{names}}):
        return self.memory(self.encoder(obs), {{state}})


agent, obs = Agent(), torch.randn(6, 10)
h = agent.encoder(obs)
c = torch.zeros(6, 48)
for _ in range(3):
    {{names}} = agent.act(obs, {{names}})
"""


POINTER = f"""{TORCH}
class Pointer(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.LSTM(32, 48{{layers}}, batch_first=True)
        self.cell = nn.LSTMCell(32, 48)

    def forward(self, points):
        memory, {{states}} = self.encoder(points)
        x = points.mean(dim=1)
        for _ in range(9):
            {{states}} = self.cell(x, {{states}})
        return memory


Pointer()(torch.randn(4, 9, 32))
"""


@pytest.mark.parametrize(
    ("text", "said", "lines"),
    [
        *(
            (
                pasted(
                    AGENT.format(cell=cell, names=names, state=state),
                    [f"{names} = agent.act(obs, {names})", f"return self.memory(self.encoder(obs), {state})"],
                    "RuntimeError: hidden0 has inconsistent hidden_size: got 64, expected 48",
                ),
                ("h_0", "num_units", ["other_units"]),
                {"h = agent.encoder(obs)": "h = torch.zeros(obs.size(0), 48)"},
            )
            for cell, names, state in (("GRUCell", "h", "h"), ("LSTMCell", "h, c", "(h, c)"))
        ),
        *(
            (
                pasted(
                    POINTER.format(layers=layers, states=states),
                    [f"{states} = self.cell(x, {states})"],
                    "ValueError: LSTMCell: Expected hx[0] to be 1D or 2D, got 3D instead",
                ),
                ("h_0", "rank", ["squeeze"]),
                {"": f"{fixed}  # before: x = points.mean(dim=1)"},
            )
            for layers, states, fixed in (
                ("", "(h, c)", "h, c = h.squeeze(0), c.squeeze(0)"),
                (", 2", "(h, c)", "h, c = h[-1], c[-1]"),
                ("", "state", "state = tuple(s.squeeze(0) for s in state)"),
            )
        ),
    ],
)
def test_only_the_wrong_line_is_corrected(text: str, said: tuple[str, str, list[str]], lines: dict[str, str]) -> None:
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, [one.id for one in mismatch.causes]) == said
    assert dict(mismatch.causes[0].lines) == lines and mismatch.causes[0].is_own


CELL = f"""{TORCH_WITH_PACKING}
cell = nn.LSTMCell(6, 20)
x = torch.randn(18, 25, 6)
h, c = torch.zeros({{h}}), torch.zeros({{c}})
for t in range(25):
    h, c = cell(x[:, t], (h, c))
"""


@pytest.mark.parametrize(
    ("h", "c", "number", "corrected"),
    [
        ("18, 20", "20, 18", 1, ("18, 20", "18, 20")),
        ("20, 18", "18, 20", 0, ("18, 20", "18, 20")),
        ("20, 18", "20, 18", 0, ("18, 20", "18, 20")),
        ("12, 20", "18, 20", 0, None),
    ],
)
def test_a_state_of_a_cell_with_as_many_samples_as_units_has_its_axes_exchanged(
    h: str, c: str, number: int, corrected: tuple[str, str] | None
) -> None:
    got = (h, c)[number].partition(",")[0]
    error = f"RuntimeError: Input batch size 18 doesn't match hidden{number} batch size {got}"
    text = pasted(CELL.format(h=h, c=c), ["h, c = cell(x[:, t], (h, c))"], error)
    ids, lines = likely(text)
    mismatch = explain(text).mismatch

    assert ((mismatch.tensor, mismatch.axis) == (("h_0", "c_0")[number], "order")) == bool(corrected)
    assert (ids == ["state_axes"]) == bool(corrected)
    if corrected:
        assert list(lines.values()) == ["h, c = torch.zeros({}), torch.zeros({})".format(*corrected)]


POSES = f"""{TORCH_WITH_PACKING}

class Poses(nn.Module):
    def __init__(self, joints=51, units=96):
        super().__init__()
        self.units = units
        self.cell = nn.LSTMCell(joints, units)

    def forward(self, clip):
        {{h}}
        {{c}}
        for t in range(clip.shape[1]):
            h, c = self.cell(clip[:, t], (h, c))
        return h


net = Poses()
net(torch.randn(24, 30, 51))
"""


H, C = "h = torch.zeros(1, self.units)", "c = torch.zeros(1, self.units)"


def test_both_states_of_a_cell_get_the_batch_of_the_array_whose_steps_it_reads() -> None:
    error = "RuntimeError: Input batch size 24 doesn't match hidden0 batch size 1"
    frames = ["net(torch.randn(24, 30, 51))", "h, c = self.cell(clip[:, t], (h, c))"]
    text = pasted(POSES.format(h=H, c=C), frames, error)
    assert likely(text)[1] == {line: line.replace("1,", "clip.shape[0],") for line in (H, C)}


MELODY = """import tensorflow as tf
from tensorflow.keras import layers

class Melody(tf.keras.Model):
    def __init__(self, size=72):
        super().__init__()
        self.note = layers.Embedding(48, 24)
        self.cell = layers.GRUCell(size)

    def compose(self, first):
        state = tf.zeros((first.shape[0], 24))
        for _ in range(4):
            hidden, state = self.cell(self.note(first), [state])
        return hidden

Melody().compose(tf.constant([1, 2, 3]))
"""


def test_the_state_of_a_cell_of_keras_gets_its_units() -> None:
    error = (
        "tensorflow.python.framework.errors_impl.InvalidArgumentError: Exception encountered when calling"
        " GRUCell.call().\n\n{{function_node __wrapped__MatMul_device_/job:localhost/replica:0/task:0/device:CPU:0}}"
        " Matrix size-incompatible: In[0]: [3,24], In[1]: [72,216] [Op:MatMul] name: \n\nArguments received by"
        " GRUCell.call():\n  • inputs=tf.Tensor(shape=(3, 24), dtype=float32)\n"
        "  • states=['tf.Tensor(shape=(3, 24), dtype=float32)']\n  • training=False"
    )
    frames = ["Melody().compose(tf.constant([1, 2, 3]))", "hidden, state = self.cell(self.note(first), [state])"]
    line = "state = tf.zeros((first.shape[0], 24))"
    assert likely(pasted(MELODY, frames, error))[1] == {line: line.replace("24", "72")}


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


def test_a_cell_has_not_the_steps_of_its_encoder() -> None:
    parts, whole = of_paths().configuration, of_paths(given="tracks").configuration

    assert parts and whole
    assert (parts.time_step, whole.time_step) == (None, None)


@pytest.mark.parametrize(("read", "steps"), [("tracks[:, :6].unbind(1)", None), ("tracks", 21)])
def test_a_sequence_of_which_only_parts_are_read_has_not_its_steps(read: str, steps: int | None) -> None:
    program = f"{TORCH}cell = nn.GRUCell(3, 15)\ntracks = torch.randn(21, 8, 3)\nh = torch.zeros(1, 8, 15)\n"
    line = "h = cell(xy, h)"
    found = explain(pasted(f"{program}for xy in {read}:\n    {line}\n", [line], OF_RANK)).configuration

    assert found and found.time_step == steps


SUMMARY = f"""{TORCH}
reader = nn.{{layer}}(5, 13, batch_first=True)
writer = nn.{{layer}}Cell(5, 13)
_, state = reader(torch.randn(6, 11, 5))
{{line}}
"""
OF_SUMMARY = "ValueError: {}Cell: Expected {} to be 1D or 2D, got 3D instead"


@pytest.mark.parametrize(
    ("layer", "name", "line"),
    [
        ("LSTM", "hx[0]", "h, c = writer(torch.zeros(6, 5), state)"),
        ("GRU", "hidden", "h = writer(torch.zeros(6, 5), state)"),
    ],
)
def test_a_cell_has_no_setting_and_no_steps_of_the_layer_before_it(layer: str, name: str, line: str) -> None:
    text = pasted(SUMMARY.format(layer=layer, line=line), [line], OF_SUMMARY.format(layer, name))
    explanation = explain(text)

    assert explanation.batch_first is None
    assert network(explanation) == (6, 1, 5, 13)


@pytest.mark.parametrize(("setting", "batch_first"), [("", False), (", batch_first=True", True)])
def test_a_layer_has_not_the_batch_first_of_another_one(setting: str, batch_first: bool) -> None:
    line = "out, _ = second(y)"
    made = f"first = nn.GRU(5, 13{', batch_first=True' * (not batch_first)})\nsecond = nn.GRU(14, 8{setting})\n"
    program = f"{TORCH}{made}y, _ = first(torch.randn(6, 11, 5))\n{line}\n"
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 14, got 13"

    assert explain(pasted(program, [line], error)).batch_first is batch_first


CARRY_OF_CELL = """import jax.numpy as jnp
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
    said = explain(pasted(CARRY_OF_CELL.format(units), [frame], error)).mismatch

    assert (said.tensor, said.axis, said.expected, said.got) == (tensor, "num_units", (6, expected), (6, got))
    assert [one.id for one in said.causes] == ["other_units"]
