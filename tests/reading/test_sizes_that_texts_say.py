"""Sizes of a network that the text says beside its message: of the x that fails, and of the layer below.

NumPy, JAX, PyTorch 2, Keras 3 and tf_keras 2.19 raised the messages.
"""

from dataclasses import asdict

import pytest
from pasted_programs import TORCH, pasted, traceback

from app.reading.errors.explanation import explain
from app.reading.errors.small_programs.program_of_cause import first_program

SCANNED = """import jax
import jax.numpy as jnp

def glide(h, reading):
    h = jnp.tanh(jnp.dot(reading, W_x) + jnp.dot(h, W_h))
    return h, h

W_x, W_h = jnp.zeros((5, 14)), jnp.zeros((14, 14))
last, every = jax.lax.scan(glide, jnp.zeros((2, 14)), jnp.zeros((8, 2, 3)))
"""
LOOPED = """import numpy as np

def step(reading, h):
    return np.tanh(reading @ W + h @ U)

W, U = np.zeros((5, 14)), np.zeros((14, 14))
h = np.zeros((2, 14))
for reading in np.zeros((8, 2, 3)):
    h = step(reading, h)
"""
IN_GUFUNC = (
    "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
    " (n?,k),(k,m?)->(n?,m?) (size 5 is different from 3)"
)


@pytest.mark.parametrize(
    ("program", "step", "error"),
    [
        (
            SCANNED,
            "h = jnp.tanh(jnp.dot(reading, W_x) + jnp.dot(h, W_h))",
            "TypeError: dot_general requires contracting dimensions to have the same shape, got (3,) and (5,).",
        ),
        (LOOPED, "return np.tanh(reading @ W + h @ U)", IN_GUFUNC),
    ],
)
def test_an_x_with_other_features_has_its_steps_and_its_samples(program: str, step: str, error: str) -> None:
    known = explain(pasted(program, [program.splitlines()[-1].strip(), step], error)).configuration

    assert known and (known.batch_size, known.time_step, known.num_units) == (2, 8, 14)


@pytest.mark.parametrize(("samples", "batch"), [(6, 6), (500, None)])
def test_a_model_for_any_batch_gets_the_samples_of_its_call(samples: int, batch: int | None) -> None:
    error = (
        "ValueError: Invalid input shape for input Tensor(shape=(2, 36, 8), dtype=float32) with name 'keras_tensor' and"
        f" path ''. Expected shape (None, 36, 5), but input has incompatible shape ({samples}, 36, 8)"
    )
    known = explain(f"model = Sequential([Input((36, 5)), LSTM(12)])\n{error}").configuration

    assert known and known.batch_size == batch


def test_a_layer_gets_the_units_of_the_one_below() -> None:
    error = (
        'ValueError: Input 0 of layer "gru_1" is incompatible with the layer: expected ndim=3, found ndim=2. Full shape'
        " received: (None, 37)"
    )
    known = explain(traceback(["net.add(keras.layers.GRU(11))"], error)).configuration

    assert known and {"features": 37, "num_units": 11}.items() <= asdict(known).items()


@pytest.mark.parametrize(
    ("options", "sizes", "squeezed", "order"),
    [
        (", batch_first=True", "3, 1, 17", "torch.zeros(3, 1, 17, 9)", (3, 17)),
        (", batch_first=True", "3, 17, 1", "torch.zeros(3, 17, 1, 9)", (3, 17)),
        ("", "17, 1, 3", "torch.zeros(17, 1, 3, 9)", (3, 17)),
    ],
)
def test_an_axis_of_size_one_leaves_the_sizes_of_the_others(
    options: str, sizes: str, squeezed: str, order: tuple[int, int]
) -> None:
    program = f"{TORCH}scan = nn.GRU(9, 13{options})\nrows = torch.rand({sizes}, 9)\nscan(rows)\n"
    error = "ValueError: GRU: Expected input to be 2D or 3D, got 4D instead"
    explanation = explain(pasted(program, ["scan(rows)"], error))
    known, small = explanation.configuration, first_program(explanation)

    assert known and (known.batch_size, known.time_step, known.features) == (*order, 9)
    assert small and squeezed in small.failing
    assert f"x.squeeze({sizes.split(', ').index('1')})" in small.running
