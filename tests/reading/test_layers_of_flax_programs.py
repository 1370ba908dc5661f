"""Cells of Flax in several objects, or in a list: which line makes the one that does not fit.

Flax 0.12 on JAX 0.7 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import Explanation, explain

FLAX = "import jax\nimport jax.numpy as jnp\nfrom flax import nnx\n"
IN_CELL = '  File "/lib/python3.11/site-packages/flax/nnx/nn/recurrent.py", line 722, in __call__\n    {}\n'


def failed(program: str, frames: list[str], line: str, error: str) -> Explanation:
    """An explanation of a message that a line of a cell of Flax raised."""
    return explain(pasted(program, frames, IN_CELL.format(line) + error))


OBJECTS = f"""{FLAX}
class Encoder(nnx.Module):
    def __init__(self, columns, units, rngs):
        self.cell, self.units = nnx.GRUCell(columns, units, rngs=rngs), units

    def __call__(self, x):
        h = jnp.zeros((len(x), self.units))
        for t in range(x.shape[1]):
            h, _ = self.cell(h, x[:, t])
        return h

class Decoder(nnx.Module):
    def __init__(self, columns, units, rngs):
        self.cell = nnx.GRUCell(columns, units, rngs=rngs)

    def __call__(self, h, x):
        h, y = self.cell(h, x)
        return y

class Weather(nnx.Module):
    def __init__(self, rngs):
        self.encoder = Encoder(5, 70, rngs)
        self.decoder = Decoder(5, 30, rngs)

    def __call__(self, x):
        return self.decoder(self.encoder(x), x[:, -1])

Weather(nnx.Rngs(0))(jnp.zeros((9, 26, 5)))
"""
FRAMES = ["return self.decoder(self.encoder(x), x[:, -1])", "h, y = self.cell(h, x)"]
OF_H = "h_transformed = self.dense_h(h)\n                    ^^^^^^^^^^^^^^^"
OF_STATE = "TypeError: dot_general requires contracting dimensions to have the same shape, got (70,) and (30,)."


def test_the_decoder_of_flax_gets_the_units_of_its_encoder() -> None:
    explanation = failed(OBJECTS, FRAMES, OF_H, OF_STATE)

    assert [one.lines for one in explanation.mismatch.causes] == [
        (("self.decoder = Decoder(5, 30, rngs)", "self.decoder = Decoder(5, 70, rngs)"),)
    ]
    network = explanation.configuration
    assert network and (network.batch_size, network.time_step, network.num_units) == (9, None, 30)


def test_a_decoder_in_the_traceback_gets_the_state_of_its_encoder() -> None:
    causes = failed("", FRAMES, OF_H, OF_STATE).mismatch.causes

    assert [one.id for one in causes] == ["encoder_units"]


STACK = f"""{FLAX}
class Stack(nnx.Module):
    def __init__(self, columns, widths, rngs):
        self.layers = nnx.List([nnx.RNN(nnx.LSTMCell(columns, w, rngs=rngs)) for w in widths])

    def __call__(self, x):
        for layer in self.layers:
            x = layer(x)
        return x

Stack(7, [46, 22], nnx.Rngs(0))(jnp.zeros((4, 31, 7)))
"""
OF_STACK = "TypeError: dot_general requires contracting dimensions to have the same shape, got (46,) and (7,)."
GATE = "i = self.gate_fn(self.ii(inputs) + self.hi(h))\n                     ^^^^^^^^^^^^^^^"


def test_layers_of_a_comprehension_get_the_units_of_those_below() -> None:
    causes = failed(STACK, ["x = layer(x)"], GATE, OF_STACK).mismatch.causes

    assert [one.id for one in causes] == ["layer_below"]
    assert causes[0].fix == (
        "self.layers = nnx.List([nnx.RNN(nnx.LSTMCell(i, w, rngs=rngs)) for i, w in zip([columns, *widths], widths)])"
    )


TAGGER = f"""{FLAX}
class Tagger(nnx.Module):
    def __init__(self, rngs):
        self.embed = nnx.Embed(90, 12, rngs=rngs)
        self.rnn = nnx.RNN(nnx.GRUCell(12, 34, rngs=rngs))

    def __call__(self, tokens, carry):
        x = self.embed(tokens)
        return self.rnn(x, initial_carry=carry)

SIZE = 16
zeros = jnp.zeros((SIZE, 34))
tokens = jax.random.randint(jax.random.key(0), (50, 11), 0, 90)

@nnx.jit
def step(model, x):
    def loss(m):
        return m(x, zeros).mean()
    return nnx.value_and_grad(loss)(model)

for n in range(0, len(tokens), SIZE):
    step(Tagger(nnx.Rngs(0)), tokens[n:n + SIZE])
"""
GATES = "r = self.gate_fn(xi_r + hh_r)"
OF_BATCH = "TypeError: add got incompatible shapes for broadcasting: (2, 34), (16, 34)."


def test_a_smaller_batch_takes_a_part_of_the_carry_whose_samples_are_no_steps() -> None:
    frames = ["return m(x, zeros).mean()", "return self.rnn(x, initial_carry=carry)"]
    explanation = failed(TAGGER, frames, GATES, OF_BATCH)

    assert explanation.mismatch.causes[0].fix == "return m(x, zeros[: len(x)]).mean()"
    assert explanation.configuration and explanation.configuration.time_step is None


OF_KERAS = (
    "Exception encountered:\n'Exception encountered when calling GRU.call().\n\nmat1 and mat2 shapes cannot be"
    " multiplied (16x90 and 62x186)\n\nArguments received by GRU.call():\n  •"
    " sequences=torch.Tensor(shape=torch.Size([16, 9, 40]), dtype=float32)\n  •"
    " initial_state=torch.Tensor(shape=torch.Size([16, 90]), dtype=float32)\n  • mask=None'"
)


def test_a_state_in_a_model_of_keras_is_rather_that_of_an_encoder() -> None:
    causes = explain(pasted("", ["model.fit([articles, summaries], targets)"], OF_KERAS)).mismatch.causes

    assert [one.id for one in causes] == ["decoder_units", "other_units"]


SUM_OF_CELL = """  File "/lib/site-packages/flax/linen/recurrent.py", line {}, in __call__
    {}
TypeError: add got incompatible shapes for broadcasting: (20, 32), (40, 32)."""


@pytest.mark.parametrize("parameters", ["variables", "params", "p"])
@pytest.mark.parametrize("calls", ["Tagger().apply({}, x, carry)", "run({}, x, carry)"])
def test_a_smaller_batch_takes_a_part_of_a_carry_as_long_as_its_data(parameters: str, calls: str) -> None:
    call = calls.format(parameters)
    source = f"""import jax.numpy as jnp
import flax.linen as nn

class Tagger(nn.Module):
    @nn.compact
    def __call__(self, x, carry):
        return nn.RNN(nn.GRUCell(32))(x, initial_carry=carry)

run = jit(Tagger().apply)
carry = jnp.zeros((40, 32))

def outputs({parameters}, x, carry):
    return {call}

for n in range(0, 100, 40):
    outputs({parameters}, data[n : n + 40], carry)
"""
    line = SUM_OF_CELL.format(588, "r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))")
    (first, *_) = explain(pasted(source, [f"return {call}"], line)).mismatch.causes

    assert first.lines == ((f"return {call}", f"return {call.replace('carry)', 'carry[: len(x)])')}"),)


@pytest.mark.parametrize(
    ("code", "cell"),
    [
        ("r = self.gate_fn(dense_i(name='ir')(inputs) + dense_h(name='hr')(h))", "gru"),
        ("i = self.gate_fn(dense_i(name='ii')(inputs) + dense_h(name='hi')(h))", "lstm"),
        ("new_carry = dense_i(name='i')(inputs) + dense_h(name='h')(carry)", "rnn"),
    ],
)
def test_the_line_of_a_cell_of_linen_names_its_class(code: str, cell: str) -> None:
    found = explain(pasted("", [], SUM_OF_CELL.format(588, code)))

    assert found.configuration and found.configuration.cell == cell


OF_FEATURES = """  File "/lib/site-packages/flax/nnx/nn/recurrent.py", line 213, in __call__
    i = self.gate_fn(self.ii(inputs) + self.hi(h))
                     ^^^^^^^^^^^^^^^
  File "/lib/site-packages/flax/nnx/nn/linear.py", line 422, in __call__
    y = self.dot_general(
        ^^^^^^^^^^^^^^^^^
TypeError: dot_general requires contracting dimensions to have the same shape, got (36,) and (7,)."""


@pytest.mark.parametrize(
    ("below", "cause"),
    [
        ("self.lower(x)", "units_below"),
        ("self.pad(x)", "other_features"),
    ],
)
def test_x_is_data_only_if_no_layer_below_returns_it(below: str, cause: str) -> None:
    source = f"""{FLAX}
class Forecast(nnx.Module):
    def __init__(self, channels, hidden, rngs):
        self.lower = nnx.RNN(nnx.LSTMCell(channels, hidden, rngs=rngs))
        self.upper = nnx.RNN(nnx.LSTMCell(channels, hidden, rngs=rngs))

    def __call__(self, x):
        x = {below}
        x = self.upper(x)
        return x

pred = Forecast(7, 36, nnx.Rngs(0))(jnp.ones((10, 48, 7)))
"""
    (first, *_) = explain(pasted(source, ["x = self.upper(x)"], OF_FEATURES)).mismatch.causes

    assert first.id == cause
    assert first.lines == (
        (
            "self.upper = nnx.RNN(nnx.LSTMCell(channels, hidden, rngs=rngs))",
            "self.upper = nnx.RNN(nnx.LSTMCell(hidden, hidden, rngs=rngs))",
        ),
    )
