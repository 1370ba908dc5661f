"""What is said about weights of a cell that a program of NumPy or JAX keeps in a dictionary, one of which is wrong.

JAX 0.10 and NumPy 2.4 raised the messages for these programs.
"""

from pasted_programs import first_cause_and_lines, pasted, traceback

from app.reading.errors.explanation import explain

OWNGATE = """
import jax
import jax.numpy as jnp


def weights(key, columns, width):
    rows = columns + width
    keys = jax.random.split(key, 3)
    return {
        "r": jax.random.normal(keys[0], (width, width)) / 8,
        "z": jax.random.normal(keys[1], (rows, width)) / 8,
        "n": jax.random.normal(keys[2], (rows, width)) / 8,
    }


def gru_step(w, x, h):
    both = jnp.concatenate([x, h], axis=-1)
    z = jax.nn.sigmoid(both @ w["z"])
    r = jax.nn.sigmoid(both @ w["r"])
    n = jnp.tanh(jnp.concatenate([x, r * h], axis=-1) @ w["n"])
    return (1 - z) * n + z * h


w, h = weights(jax.random.key(3), 5, 31), jnp.zeros((4, 31))
for x in jnp.ones((12, 4, 5)):
    h = gru_step(w, x, h)
"""

TURNED = """
import numpy as np


def of_all_gates(inputs, width, seed=0):
    draw = np.random.default_rng(seed).normal
    return {"w_x": draw(size=(3 * width, inputs)), "w_h": draw(size=(3 * width, width))}


def gru_step(x, h, w):
    gates = x @ w["w_x"] + h @ w["w_h"].T
    r, z = (1 / (1 + np.exp(-one)) for one in np.split(gates, 3, axis=1)[:2])
    return z * h + (1 - z) * np.tanh(r * gates[:, -h.shape[1] :])


h = np.zeros((7, 18))
for x in np.zeros((10, 7, 6)):
    h = gru_step(x, h, of_all_gates(6, 18))
"""

JOINED = 'n = np.tanh(np.concatenate([x, r * h], axis=1) @ self.w["n"] + self.b["n"])'

UNDERLINED = 'gates = x @ w["w_x"] + h @ w["w_h"].T\n            ~~^~~~~~~~~~'


def core(size: int, other: int) -> str:
    return (
        "ValueError: matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature"
        f" (n?,k),(k,m?)->(n?,m?) (size {size} is different from {other})"
    )


def test_only_the_gate_is_marked_whose_key_the_weights_have() -> None:
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (36,) and (31,)."
    text = pasted(OWNGATE, ['r = jax.nn.sigmoid(both @ w["r"])'], error)
    about, lines = first_cause_and_lines(text)

    assert about == ("kernel", "features", "joined_weights")
    assert explain(text).mismatch.gate == "r"
    assert lines == {
        '"r": jax.random.normal(keys[0], (width, width)) / 8,': (
            '"r": jax.random.normal(keys[0], (width + 5, width)) / 8,'
        )
    }


def test_weights_beside_transposed_ones_of_the_same_dictionary_are_transposed_too() -> None:
    about, lines = first_cause_and_lines(pasted(TURNED, [UNDERLINED], core(54, 6)))

    assert about[:2] == ("kernel", "order")
    assert lines == {'gates = x @ w["w_x"] + h @ w["w_h"].T': 'gates = x @ w["w_x"].T + h @ w["w_h"].T'}


def test_weights_of_joined_x_and_h_are_no_weights_of_attention() -> None:
    frames = ["h = self.step(sequence[:, t], h)", JOINED]
    mismatch = explain(traceback(frames, core(40, 47))).mismatch

    assert (mismatch.tensor, mismatch.axis) == ("kernel", "features")
    assert [one.id for one in mismatch.causes] == ["kernel_rows"]
