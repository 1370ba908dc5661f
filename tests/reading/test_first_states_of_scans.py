"""What a program says about the first state of a scan, of JAX or of TensorFlow 2.

TensorFlow 2.21 and JAX 0.10 raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.explanation import explain
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import answer_to

TENSORFLOW = """import tensorflow as tf

UNITS = 16
Wx, Wh = tf.Variable(tf.random.normal((5, UNITS))), tf.Variable(tf.random.normal((UNITS, UNITS)))

def step(h, x_t):
    return tf.tanh(x_t @ Wx + h @ Wh)

{}
def predict(x):
    {}
    h0 = tf.zeros((1, UNITS))
    return {}[-1]

with tf.GradientTape() as tape:
    loss = tf.reduce_mean(predict(tf.random.normal((32, 10, 5))))
"""
STEPS = "steps = tf.transpose(x, [1, 0, 2])"
SCANS = {
    "tf.scan(step, steps, initializer=h0)": (STEPS, "tf.shape(x)[0]"),
    "tf.scan(step, steps, h0)": (STEPS, "tf.shape(x)[0]"),
    "tf.scan(step, x, initializer=h0)": ("pass", "tf.shape(x)[1]"),
}


@pytest.mark.parametrize("scan", SCANS)
@pytest.mark.parametrize("decorator", ["@tf.function", ""])
def test_a_scan_of_tensorflow_2_is_no_cell_of_version_1(scan: str, decorator: str) -> None:
    steps, batch = SCANS[scan]
    message = "ValueError: Inconsistent shapes: saw (32, 16) but expected (1, 16)"
    text = pasted(TENSORFLOW.format(decorator, steps, scan), [f"return {scan}[-1]"], message)
    found = explain(text)
    answer = answer_to(found, {}, parse([], strict=True), translator("en"))

    assert answer.framework == "TensorFlow"
    assert answer.link and "tf1" not in answer.link
    assert found.configuration and found.configuration.cell == "rnn"
    assert (found.configuration.batch_size, found.configuration.num_units) == (32, 16)
    assert found.mismatch.causes[0].lines == (("h0 = tf.zeros((1, UNITS))", f"h0 = tf.zeros(({batch}, UNITS))"),)


@pytest.mark.parametrize("other", ["x = tf.placeholder(tf.float32)", "tf.compat.v1.disable_eager_execution()"])
def test_a_program_with_what_version_2_lost_is_one_of_version_1(other: str) -> None:
    source = f"{other}\n" + TENSORFLOW.format("", STEPS, "tf.scan(step, steps, h0)")
    message = "ValueError: Inconsistent shapes: saw (32, 16) but expected (1, 16)"

    assert explain(pasted(source, ["return tf.scan(step, steps, h0)[-1]"], message)).framework == "tf1"


JAX = """import jax
import jax.numpy as jnp

HIDDEN = 24

def rnn(p, xs):
    def step(h, x):
        h = jnp.tanh(x @ p["W"] + h @ p["U"])
        return h, h
    h0 = jnp.zeros({})
    last, _ = jax.lax.scan(step, h0, jnp.swapaxes(xs, 0, 1))
    return last
"""
CARRY = (
    "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n\nThe input"
    " carry h has type float32[{}] but the corresponding output carry component has type float32[16,24], so the shapes"
    " do not match."
)
SCAN = "last, _ = jax.lax.scan(step, h0, jnp.swapaxes(xs, 0, 1))"


@pytest.mark.parametrize(
    ("size", "before", "fixed"),
    [
        ("HIDDEN", "24", "(xs.shape[0], HIDDEN)"),
        ("(HIDDEN,)", "24", "(xs.shape[0], HIDDEN)"),
        ("(24,)", "24", "(xs.shape[0], 24)"),
        ("[24]", "24", "(xs.shape[0], 24)"),
        ("shape=(HIDDEN,)", "24", "shape=(xs.shape[0], HIDDEN)"),
        ("(1, HIDDEN)", "1,24", "(xs.shape[0], HIDDEN)"),
    ],
)
def test_the_first_state_gets_the_batch_in_one_tuple(size: str, before: str, fixed: str) -> None:
    (first, *_) = explain(pasted(JAX.format(size), [SCAN], CARRY.format(before))).mismatch.causes

    assert first.lines == ((f"h0 = jnp.zeros({size})", f"h0 = jnp.zeros({fixed})"),)


def test_a_traceback_alone_says_which_array_has_the_batch() -> None:
    (first, *_) = explain(pasted("", [SCAN], CARRY.format("24"))).mismatch.causes

    assert first.fix == "h0 = jnp.zeros((xs.shape[0], 24))"


def test_a_state_with_more_axes_than_those_of_a_cell_has_no_named_axis() -> None:
    mismatch = explain(pasted("", [SCAN], CARRY.format("16,5,24").replace("[16,24]", "[16,7,24]"))).mismatch

    assert (mismatch.tensor, mismatch.axis, mismatch.got) == ("h_0", None, (16, 5, 24))


OF_DICTIONARY = """import jax.numpy as jnp
from jax import lax


def init(sensors, width):
    return {"U": jnp.ones((sensors, width)), "W": jnp.ones((width, width))}


def roll(weights, series, start):
    def step(state, frame):
        state = jnp.tanh(frame @ weights["U"] + state @ weights["W"])
        return state, state
    return lax.scan(step, start, series)


SENSORS, WIDTH, RUNS, TICKS = 4, 15, 6, 11
weights = init(SENSORS, WIDTH)
series = jnp.ones((TICKS, RUNS, SENSORS))
start = jnp.zeros((RUNS, SENSORS))
roll(weights, series, start)
"""


def test_a_first_state_gets_the_name_that_the_program_has_for_its_units() -> None:
    frames = [
        "roll(weights, series, start)",
        "return lax.scan(step, start, series)",
        'state = jnp.tanh(frame @ weights["U"] + state @ weights["W"])',
    ]
    error = "TypeError: dot_general requires contracting dimensions to have the same shape, got (4,) and (15,)."

    found = explain(pasted(OF_DICTIONARY, frames, error))

    assert found.mismatch.causes[0].lines == (
        ("start = jnp.zeros((RUNS, SENSORS))", "start = jnp.zeros((RUNS, WIDTH))"),
    )
    network = found.configuration
    assert network
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (6, 11, 4, 15)
