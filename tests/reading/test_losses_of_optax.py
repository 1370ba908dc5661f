"""Losses of Optax whose target has another number of axes than the output.

Optax 0.2 raised the messages on JAX 0.7, for programs that run with the corrected lines.
"""

import pytest
from pasted_programs import causes_and_lines, likely, pasted, said

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain

PROGRAM = """import jax.numpy as jnp
import optax
from flax import linen as nn

class Phones(nn.Module):
    units: int
    classes: int

    @nn.compact
    def __call__(self, frames):
        return nn.Dense(self.classes)(nn.RNN(nn.GRUCell(self.units))(frames))

def loss_fn(params, frames, phones):
    scores = Phones(17, 30).apply(params, frames)
    return {loss}.mean()
"""
ONE_HOT, BINARY = "optax.softmax_cross_entropy(scores, phones)", "optax.sigmoid_binary_cross_entropy(scores, phones)"
OF_LOSS = """  File "/lib/site-packages/optax/losses/_classification.py", line 296, in {loss}
    return -(labels * log_probs).sum(axis, where=where)
             ~~~~~~~^~~~~~~~~~~
  File "/lib/site-packages/jax/_src/numpy/array_methods.py", line 774, in _operator_mul
    return ufuncs.multiply(self, cast(ArrayLike, other))
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/lib/site-packages/jax/_src/numpy/ufuncs.py", line 1280, in multiply
    x, y = promote_args("multiply", x, y)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
ValueError: Incompatible shapes for broadcasting: shapes=[{target}, {output}]"""


def text(loss: str, output: tuple[int, ...], target: tuple[int, ...]) -> str:
    name = loss.partition("(")[0].removeprefix("optax.")
    error = OF_LOSS.format(loss=name, output=output, target=target)
    return pasted(PROGRAM.format(loss=loss), [f"return {loss}.mean()"], error)


@pytest.mark.parametrize(("output", "target"), [((6, 13, 30), (6, 13)), ((8, 30), (8,))])
def test_a_loss_for_a_value_for_each_class_refuses_their_indices(
    output: tuple[int, ...], target: tuple[int, ...]
) -> None:
    pasted_text = text(ONE_HOT, output, target)
    (tensor, axis, causes), lines = causes_and_lines(pasted_text)
    configuration = explain(pasted_text).configuration

    assert (tensor, axis, causes[0]) == ("target", "rank", "class_indices")
    assert (said(pasted_text).expected, said(pasted_text).got) == (len(output), len(target))
    assert lines == {
        "return optax.softmax_cross_entropy(scores, phones).mean()": (
            "return optax.softmax_cross_entropy_with_integer_labels(scores, phones).mean()"
        )
    }
    assert configuration and configuration.batch_size == output[0]


def test_the_target_of_another_loss_is_not_taken_for_indices() -> None:
    pasted_text = text(BINARY, (6, 13, 30), (6, 13))

    assert (said(pasted_text).tensor, said(pasted_text).axis) == ("target", "rank")
    assert likely(pasted_text) == (["target_shape"], {})


TAGS = """import flax.linen as nn
import jax
import jax.numpy as jnp
import optax


class Tags(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(4)(nn.RNN(nn.GRUCell(15))(x))


def loss(params, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(Tags().apply(params, x), y).mean()


x, y = jnp.zeros((7, 9, 5)), jnp.zeros(7, int)
params = Tags().init(jax.random.PRNGKey(0), x)
print(loss(params, x, y))
"""
OF_TAGS = """  File "/lib/optax/losses/_classes.py", line 401, in softmax_cross_entropy_with_integer_labels
    logits, jnp.expand_dims(labels, axis), axis=axis
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/lib/site-packages/jax/_src/numpy/lax_numpy.py", line 2408, in expand_dims
    return lax.expand_dims(a, axis)
           ^^^^^^^^^^^^^^^^^^^^^^^^
  File "/lib/site-packages/jax/_src/util.py", line 483, in canonicalize_axis
    raise ValueError(f"axis {axis} is out of bounds for array of dimension {num_dims}")
ValueError: axis 2 is out of bounds for array of dimension 2"""


def test_a_message_of_numpy_that_jax_raises_is_that_of_a_program_of_flax() -> None:
    frames = [
        "print(loss(params, x, y))",
        "return optax.softmax_cross_entropy_with_integer_labels(Tags().apply(params, x), y).mean()",
    ]
    explanation = explain(pasted(TAGS, frames, OF_TAGS))
    shapes = comparison(explanation)

    assert explanation.framework == "flax"
    assert explanation.mismatch.first_cause == "not_return_sequences"
    assert shapes and shapes.axes == ("batch_size", None)
