"""Loops of JAX over dictionaries of data, and whose first state is a pair.

JAX 0.10 raised the errors for these programs, and runs the corrected lines.
"""

import pytest
from pasted_programs import network, pasted, traceback

from app.reading.errors.explanation import explain

OF_PAIR = """import jax
import jax.numpy as jnp

key = jax.random.key(3)
W = jax.random.normal(key, (4 + 18, 4 * 18))


def move(state, frame):
    h, c = state
    i, f, g, o = jnp.split({gates}, 4, -1)
    c = jax.nn.sigmoid(f) * c + jax.nn.sigmoid(i) * jnp.tanh(g)
    h = jax.nn.sigmoid(o) * jnp.tanh(c)
    return (h, c), h


def encode(film, units):
    start = (jnp.zeros(units), jnp.zeros(units))
    _, every = jax.lax.scan(move, start, film.swapaxes(0, 1))
    return every


film = jnp.ones((7, 25, 4))
encode(film, 18)
"""
SCAN = "_, every = jax.lax.scan(move, start, film.swapaxes(0, 1))"
IN_CARRY = """TypeError: scan body function carry input and carry output must have equal types, but they differ:

  * the input carry component state[0] has type float32[18] but the corresponding output carry component has type\
 float32[7,18], so the shapes do not match;
  * the input carry component state[1] has type float32[18] but the corresponding output carry component has type\
 float32[7,18], so the shapes do not match.

Revise the function so that all output types match the corresponding input types."""
IN_JOIN = "TypeError: Cannot concatenate arrays with different numbers of dimensions: got (7, 4), (18,)."
SUM, JOIN = "frame @ W[:4] + h @ W[4:]", "jnp.concatenate([frame, h], -1) @ W"


@pytest.mark.parametrize(
    ("gates", "frames", "message"), [(SUM, [], IN_CARRY), (JOIN, [f"i, f, g, o = jnp.split({JOIN}, 4, -1)"], IN_JOIN)]
)
def test_both_states_of_a_loop_get_the_batch_of_x(gates: str, frames: list[str], message: str) -> None:
    text = pasted(OF_PAIR.replace("{gates}", gates), ["encode(film, 18)", SCAN, *frames], message)
    mismatch = explain(text).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("h_0", "rank", 2, 1)
    assert [one.lines for one in mismatch.causes] == [
        (
            (
                "start = (jnp.zeros(units), jnp.zeros(units))",
                "start = (jnp.zeros((film.shape[0], units)), jnp.zeros((film.shape[0], units)))",
            ),
        )
    ]
    assert network(explain(text)) == (7, 25, 4, 18)


def test_the_general_line_makes_as_many_states_as_the_message_names() -> None:
    frames = (
        f'My LSTM:\nTraceback (most recent call last):\n  File "/home/me/film.py", line 18, in encode\n    {SCAN}\n'
    )
    both, one = (
        explain(frames + text).mismatch
        for text in (IN_CARRY, IN_CARRY.replace("state[0]", "state").replace("state[1]", "state"))
    )

    assert both.causes[0].fix == "start = (jnp.zeros((film.shape[0], 18)), jnp.zeros((film.shape[0], 18)))"
    assert one.causes[0].fix == "start = jnp.zeros((film.shape[0], 18))"


OF_DICTIONARY = """import jax
import jax.numpy as jnp


def step(w, h, signal):
    z = jax.nn.sigmoid(signal @ w["in_z"] + h @ w["z"])
    n = jnp.tanh(signal @ w["in_n"] + h @ w["n"])
    h = (1 - z) * h + z * n
    return h, h


def encode(w, data, size):
    first = jnp.zeros((data["signal"].shape[0], size))
    last, _ = jax.lax.scan(lambda h, signal: step(w, h, signal), first, data["signal"])
    return last


keys = jax.random.split(jax.random.key(1), 4)
w = {
    name: jax.random.normal(key, (rows, 14))
    for name, key, rows in zip(("in_z", "z", "in_n", "n"), keys, (3, 14, 3, 14))
}
data = {"signal": jnp.ones((5, 40, 3))}
encode(w, data, 14)
"""
IN_STEP = 'z = jax.nn.sigmoid(signal @ w["in_z"] + h @ w["z"])'
OVER = 'last, _ = jax.lax.scan(lambda h, signal: step(w, h, signal), first, data["signal"])'
IN_SUM = "TypeError: add got incompatible shapes for broadcasting: (40, 14), (5, 14)."


@pytest.mark.parametrize("array", ['data["signal"]', "data.signal"])
def test_a_loop_over_an_item_puts_its_steps_first(array: str) -> None:
    over = OVER.replace('data["signal"]', array)
    program = OF_DICTIONARY.replace(OVER, over)
    (likely,) = explain(pasted(program, ["encode(w, data, 14)", over, IN_STEP], IN_SUM)).mismatch.causes[:1]

    assert likely.lines == ((over, over.replace(array, f"{array}.swapaxes(0, 1)")),)


def test_a_sum_that_makes_one_gate_has_as_many_columns_as_units() -> None:
    text = pasted(OF_DICTIONARY, ["encode(w, data, 14)", OVER, IN_STEP], IN_SUM)

    assert network(explain(text)) == (5, 40, 3, 14)


def test_the_line_of_the_traceback_alone_puts_the_steps_first() -> None:
    frames = "".join(
        f'  File "/home/me/gru.py", line {n}, in encode\n    {line}\n' for n, line in ((13, OVER), (6, IN_STEP))
    )
    likely = explain(f"Traceback (most recent call last):\n{frames}{IN_SUM}").mismatch.causes[0]

    assert likely.lines == ((OVER, OVER.replace('data["signal"]', 'data["signal"].swapaxes(0, 1)')),)


@pytest.mark.parametrize(
    ("call", "first"),
    [
        ("last, ys = lax.scan(lambda s, x_t: step(weights, s, x_t), (h0, c0), xs)", "scan_axis"),
        ("carry, ys = jax.lax.scan(step, h, x)", "scan_axis"),
        ("carry, ys = jax.lax.scan(step, jnp.zeros((52, 16)), x)", "last_batch"),
    ],
)
def test_a_scan_of_named_arrays_rather_runs_over_samples_than_over_fewer_of_a_last_batch(call: str, first: str) -> None:
    error = "TypeError: add got incompatible shapes for broadcasting: (31, 64), (52, 64)."
    mismatch = explain(traceback([call, "gates = x_t @ w + h @ u + b"], error)).mismatch

    assert sorted(one.id for one in mismatch.causes) == ["last_batch", "scan_axis"]
    assert mismatch.first_cause == first
