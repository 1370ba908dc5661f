"""The sizes of the arrays that lines of code give to a network: the only one that fits its input, and one that it
gives to its recurrent layer, whose line the text lacks.

Keras 3.15 and PyTorch 2.13 raised the messages for such programs.
"""

import pytest
from pasted_programs import network, pasted

from app.reading.errors.explanation import explain

MODEL = """import numpy as np, keras
days = keras.Input((17, 4))
y = keras.layers.GRU(9)(days)
model = keras.Model(days, keras.layers.Dense(1)(y), name="forecast")
weather = np.random.rand(5, 17, 4).astype("float32")
h = np.zeros((5, 9), "float32")
print(model([weather, h]).shape)
"""
OF_INPUTS = (
    "ValueError: Layer \"forecast\" expects 1 named input(s) with keys ['input_layer'], but it received 2 input"
    " tensors. Pass inputs as a dict, e.g. `layer({'input_layer': ...})`."
)


def test_the_array_that_fits_the_input_of_a_model_has_the_samples() -> None:
    explanation = explain(pasted(MODEL, ["print(model([weather, h]).shape)"], OF_INPUTS))

    assert explanation.mismatch.causes[0].lines == (
        ("print(model([weather, h]).shape)", "print(model(weather).shape)"),
    )
    assert network(explanation) == (5, 17, 4, 9)


NOTEBOOK = """---------------------------------------------------------------------------
RuntimeError                              Traceback (most recent call last)
Cell In[2], line 13
     10         y, _ = self.gru({given})
     11         return self.head(y.reshape(-1, y.size(2)))
     12 net = Labels()
---> 13 print(net(torch.randn(6, 15, 9)).shape)

Cell In[2], line 11, in forward(self, words)
      9     def forward(self, words):
     10         y, _ = self.gru({given})
---> 11         return self.head(y.reshape(-1, y.size(2)))
     12 net = Labels()
     13 print(net(torch.randn(6, 15, 9)).shape)

File /lib/site-packages/torch/nn/modules/linear.py:125, in Linear.forward(self, input)
--> 125     return F.linear(input, self.weight, self.bias)

RuntimeError: mat1 and mat2 shapes cannot be multiplied (90x44 and 22x3)
"""


@pytest.mark.parametrize(("given", "features"), [("words", 9), ("self.embed(words)", None)])
def test_an_array_that_a_network_gives_to_its_layer_has_its_features(given: str, features: int | None) -> None:
    sizes = network(explain(NOTEBOOK.format(given=given)))

    assert sizes == (None, None, features, None)  # no line says whether the batch is first


OF_FLAX = """import jax
import jax.numpy as jnp
from flax import linen as nn


class Tagger(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(4)(nn.RNN(nn.LSTMCell(21))(x))


def loss_of(params, x, marks):
    scores = Tagger().apply(params, x)
    return -jnp.mean(marks * jax.nn.log_softmax(scores))


x = jnp.ones((6, 8, 11))
{marks}
params = Tagger().init(jax.random.PRNGKey(1), x)
print(loss_of(params, {x}, marks))
"""


@pytest.mark.parametrize(
    ("marks", "x", "shape", "features"),
    [
        ("marks = jnp.ones((6, 4))", "x", "(6, 4)", 11),
        ("marks = jnp.ones((6, 4))", "load()", "(6, 4)", None),
    ],
)
def test_the_x_that_a_loss_gets_says_its_features(marks: str, x: str, shape: str, features: int | None) -> None:
    frames = [f"print(loss_of(params, {x}, marks))", "return -jnp.mean(marks * jax.nn.log_softmax(scores))"]
    error = f"ValueError: Incompatible shapes for broadcasting: shapes=[{shape}, (6, 8, 4)]"

    assert network(explain(pasted(OF_FLAX.format(marks=marks, x=x), frames, error))) == (6, 8, features, 21)
