"""First states that a program makes with another size than its layer takes: which line says the right one.

Flax 0.12 on JAX 0.7 and PyTorch 2.13 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import explain
from app.reading.errors.mismatch import Mismatch

OF_FLAX = """import jax
import jax.numpy as jnp
import flax.linen as nn

class Ecg(nn.Module):
    units: int

    @nn.compact
    def __call__(self, beats):
        start = {start}
        states = nn.RNN({cell}(self.units))(beats, initial_carry=start)
        return states[{last}]

beats = jnp.zeros((14, 50, 2))
net = Ecg(units=22)
params = net.init(jax.random.PRNGKey(1), beats)
"""
IN_CELL = '  File "/lib/python3.11/site-packages/flax/linen/recurrent.py", line 599, in __call__\n    {}\n'
OF_GRU = IN_CELL.format("r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))")
OF_SUM = "TypeError: add got incompatible shapes for broadcasting: ({}, 22), ({}, 22)."
ZEROS = "jnp.zeros((beats.shape[1], self.units))"


def of_flax(start: str, made: int, last: str = ":, -1", cell: str = "nn.GRUCell") -> Mismatch:
    program = OF_FLAX.format(start=start, cell=cell, last=last)
    layer = f"states = nn.RNN({cell}(self.units))(beats, initial_carry=start)"
    frames = ["params = net.init(jax.random.PRNGKey(1), beats)", layer]
    return explain(pasted(program, frames, OF_GRU + OF_SUM.format(14, made))).mismatch


@pytest.mark.parametrize("start", [ZEROS, f"({ZEROS}, {ZEROS})"])
def test_a_carry_for_the_steps_of_x_is_made_for_its_samples(start: str) -> None:
    said = of_flax(start, made=50)

    (cause,) = said.causes
    assert cause.id == "other_batch"
    assert cause.lines == ((f"start = {start}", f"start = {start.replace('[1]', '[0]')}"),)
    assert "beats.shape[1] is time_step" in str(cause.sentence)
    sizes = {fact.terms[0][0]: fact.value for fact in said.facts}
    assert (sizes["batch_size"], sizes["time_step"]) == (14, 50)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("beats.shape[1:]", "beats[:, 0].shape"),
        ("beats[0].shape", "beats[:, 0].shape"),
        ("(beats.shape[1], beats.shape[2])", "(beats.shape[0], beats.shape[2])"),
        ("input_shape=beats.shape[1:]", "input_shape=beats[:, 0].shape"),
    ],
)
def test_a_carry_for_the_shape_of_one_sample_is_made_for_that_of_one_step(wrong: str, right: str) -> None:
    made = "nn.GRUCell(self.units).initialize_carry(jax.random.key(4), {})"
    said = of_flax(made.format(wrong), made=50)

    assert [one.lines for one in said.causes] == [
        ((f"start = {made.format(wrong)}", f"start = {made.format(right)}"),),
    ]
    assert "beats.shape[1] is time_step" in str(said.causes[0].sentence)
    assert not said.is_of_equals
    assert of_flax(made.format(wrong), made=50, last="-1").first_cause == "time_major"


def test_a_layer_of_flax_whose_last_step_is_read_from_the_first_axis_has_time_first() -> None:
    assert of_flax(ZEROS, made=50, last="-1").first_cause == "time_major"


def test_time_is_not_first_if_the_carry_has_neither_the_samples_nor_the_steps() -> None:
    assert [one.id for one in of_flax("jnp.zeros((7, self.units))", made=7).causes] == ["other_batch"]


OF_LAYERS = f"""{TORCH}
class River(nn.Module):
    def __init__(self, gauges, hidden, layers):
        super().__init__()
        self.hidden, self.layers = hidden, layers
        self.core = nn.RNN(gauges, hidden, {{arguments}})

    def forward(self, x, h):
        y, h = self.core(x, h)
        return y, h

model = River(gauges=4, hidden=33, layers={{layers}})
h = torch.zeros({{parts}}, 15, model.hidden)
pred, h = model(torch.zeros(72, 15, 4), h)
"""


def of_layers(
    layers: int, parts: str, made: int, arguments: str = 'nonlinearity="relu"', expected: int = 1
) -> Mismatch:
    program = OF_LAYERS.format(layers=layers, parts=parts, arguments=arguments)
    error = f"RuntimeError: Expected hidden size ({expected}, 15, 33), got [{made}, 15, 33]"
    frames = ["pred, h = model(torch.zeros(72, 15, 4), h)", "y, h = self.core(x, h)"]
    return explain(pasted(program, frames, error)).mismatch


@pytest.mark.parametrize(
    ("layers", "parts", "made", "arguments", "expected"),
    [
        (2, "model.layers", 2, 'nonlinearity="relu"', 1),
        (3, "model.layers", 3, "dropout=0.1", 1),
        (2, "2 * model.layers", 4, "bidirectional=True", 2),
    ],
)
def test_a_layer_gets_the_number_of_layers_for_which_its_state_is_made(
    layers: int, parts: str, made: int, arguments: str, expected: int
) -> None:
    said = of_layers(layers, parts, made, arguments, expected)

    (cause,) = said.causes
    line = f"self.core = nn.RNN(gauges, hidden, {arguments}"
    assert cause.id == "layers_not_given"
    assert cause.lines == ((f"{line})", f"{line}, num_layers=layers)"),)


def test_a_state_whose_size_has_no_name_may_be_that_of_two_directions() -> None:
    assert [one.id for one in of_layers(2, "2", 2).causes] == ["one_direction", "layers"]


OF_PACKED = f"""{TORCH}from torch.nn.utils.rnn import pack_padded_sequence, pack_sequence

class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 45)

    def forward(self, tracks):
        longest = max(len(t) for t in tracks)
        packed = {{packed}}
        h0 = torch.zeros(1, longest, 45)
        c0 = torch.zeros(1, longest, 45)
        out, (h, c) = self.lstm(packed, (h0, c0))
        return h[-1]

tracks = [torch.randn(n, 2) for n in (31, 27, 25, 19, 12, 8)]
Encoder()(tracks)
"""
OF_PACKED_STATE = (
    '  File "/lib/python3.11/site-packages/torch/nn/modules/rnn.py", line 1177, in forward\n    result = _VF.lstm(\n'
    "RuntimeError: The size of tensor a (31) must match the size of tensor b (6) at non-singleton dimension 0"
)
FRAMES = ["Encoder()(tracks)", "out, (h, c) = self.lstm(packed, (h0, c0))"]


@pytest.mark.parametrize(
    ("packed", "batch"),
    [
        ("pack_sequence(tracks)", "len(tracks)"),
        ("pack_padded_sequence(tracks, lengths)", "tracks.size(1)"),
        ("pack_padded_sequence(tracks, lengths, batch_first=True)", "tracks.size(0)"),
    ],
)
def test_a_state_for_packed_sequences_is_made_for_their_number(packed: str, batch: str) -> None:
    (cause,) = explain(pasted(OF_PACKED.format(packed=packed), FRAMES, OF_PACKED_STATE)).mismatch.causes

    assert cause.id == "other_batch"
    assert cause.lines == tuple(
        (f"{state} = torch.zeros(1, longest, 45)", f"{state} = torch.zeros(1, {batch}, 45)") for state in ("h0", "c0")
    )


def test_the_batch_of_packed_sequences_is_no_size_of_an_array() -> None:
    (cause,) = explain(pasted("", FRAMES, OF_PACKED_STATE)).mismatch.causes

    assert "packed.batch_sizes[0]" in cause.fix
