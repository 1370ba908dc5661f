"""The lines that are corrected in programs which give a network its layers, or a loop of JAX its first state.

PyTorch 2.13 and JAX 0.10 raised the messages for these programs.
"""

from pasted_programs import first_cause_and_lines, pasted

STORED = """
import torch
from torch import nn


class Scorer(nn.Module):
    def __init__(self, inputs, depth=1, width=26):
        super().__init__()
        self.rnn = nn.GRU(inputs, width, depth, bidirectional=True)
        self.score = nn.Linear(2 * width, 1)


stored = Scorer(9, 2).state_dict()
scorer = Scorer(9)
scorer.load_state_dict(stored)
"""

SCANNED = """
import jax
import jax.numpy as jnp

WIDTH, CODE = 33, 8


def lstm_step(weights, state, x):
    h, c = state
    i, f, g, o = jnp.split(x @ weights["w_x"] + h @ weights["w_h"], 4, axis=-1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def encode(weights, xs):
    h0 = jnp.zeros((xs.shape[1], CODE))
    return jax.lax.scan(lambda state, x: lstm_step(weights, state, x), (h0, h0), xs)


key = jax.random.key(2)
weights = {"w_x": jax.random.normal(key, (CODE, 4 * WIDTH)), "w_h": jax.random.normal(key, (WIDTH, 4 * WIDTH))}
print(encode(weights, jnp.ones((12, 5, CODE)))[1].shape)
"""

KEYS = ", ".join(
    f'"rnn.{kind}_{of}_l1{end}"' for end in ("", "_reverse") for kind in ("weight", "bias") for of in ("ih", "hh")
)


def test_the_network_that_loads_a_checkpoint_gets_its_layers() -> None:
    error = f"RuntimeError: Error(s) in loading state_dict for Scorer:\n\tUnexpected key(s) in state_dict: {KEYS}. "
    about, lines = first_cause_and_lines(pasted(STORED, ["scorer.load_state_dict(stored)"], error))

    assert about == ("kernel", "num_layers*directions", "checkpoint_layers")
    assert lines == {"scorer = Scorer(9)": "scorer = Scorer(9, depth=2)"}


def test_the_first_state_of_a_loop_gets_the_units_of_its_weights() -> None:
    frames = [
        "print(encode(weights, jnp.ones((12, 5, CODE)))[1].shape)",
        "return jax.lax.scan(lambda state, x: lstm_step(weights, state, x), (h0, h0), xs)",
        'i, f, g, o = jnp.split(x @ weights["w_x"] + h @ weights["w_h"], 4, axis=-1)\n    '
        + " " * 44
        + "~~^~~~~~~~~~~~~~~~",
    ]
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (8,) and (33,)."
    about, lines = first_cause_and_lines(pasted(SCANNED, frames, error))

    assert about == ("h_0", "num_units", "other_units")
    assert lines == {"h0 = jnp.zeros((xs.shape[1], CODE))": "h0 = jnp.zeros((xs.shape[1], WIDTH))"}
