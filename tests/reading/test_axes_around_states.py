"""A state that fits, whose x, step or samples have other axes: in models of ONNX, and in loops and vmap of JAX.

ONNX Runtime 1.27 and JAX 0.7 raised the messages for such programs, which run with the corrected lines.
"""

from pasted_programs import ids, pasted, said

JAX = "import jax\nimport jax.numpy as jnp\nfrom functools import partial\n"


SPEECH = """import numpy as np
import onnxruntime as ort

session = ort.InferenceSession("speech.onnx")
sounds = np.zeros({}, np.float32)
h = c = np.zeros((1, 6, 24), np.float32)
out, h, c = session.run(None, {{"sounds": sounds, "h0": h, "c0": c}})
"""
RUNS = 'out, h, c = session.run(None, {"sounds": sounds, "h0": h, "c0": c})'
OF_SPEECH = (
    "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned"
    " while running LSTM node. Name:'' Status Message: Input initial_h must have shape {1,90,24}. Actual:{1,6,24}"
)


def test_an_x_of_onnx_with_its_samples_first_gets_its_steps_first() -> None:
    mismatch = said(pasted(SPEECH.format((6, 90, 11)), [RUNS], OF_SPEECH))

    assert (mismatch.tensor, mismatch.axis) == ("x", "order")
    assert (mismatch.expected, mismatch.got) == ((90, 6, 11), (6, 90, 11))
    assert {one.value for one in mismatch.facts if one.terms == (("batch_size",),)} == {6}
    assert [one.fix for one in mismatch.causes] == [RUNS.replace('": sounds', '": sounds.swapaxes(0, 1)')]


def test_a_state_of_onnx_for_other_samples_is_not_said_to_be_of_an_exchanged_x() -> None:
    mismatch = said(pasted(SPEECH.format((50, 90, 11)), [RUNS], OF_SPEECH))

    assert (mismatch.tensor, ids(mismatch)) == ("h_0", ["other_batch"])


def test_the_message_of_onnx_alone_says_both_causes() -> None:
    assert ids(said(OF_SPEECH)) == ["other_batch", "exchanged_axes"]


WALK = f"""{JAX}
def step(w, h, x_t):
    h = jnp.tanh(jnp.concatenate([x_t, h], -1) @ w)
    return h[:, None], h

def walk(w, x):
    h0 = jnp.zeros((len(x), 12))
    return jax.lax.scan(lambda h, x_t: step(w, h, x_t), h0, x.swapaxes(0, 1))

walk(jnp.zeros((15, 12)), jnp.zeros((7, 9, 3)))
"""
SCANS = "return jax.lax.scan(lambda h, x_t: step(w, h, x_t), h0, x.swapaxes(0, 1))"
OF_CARRY = (
    "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n\nThe input"
    " carry h has type float32[7,12] but the corresponding output carry component has type float32[7,1,12], so the"
    " shapes do not match."
)


def test_the_state_that_a_step_returns_loses_its_new_axis() -> None:
    mismatch = said(pasted(WALK, [SCANS], OF_CARRY))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("output", "rank", 2, 3)
    assert [one.lines for one in mismatch.causes] == [(("return h[:, None], h", "return h, h"),)]


def test_without_the_program_the_step_removes_the_axis_that_is_new() -> None:
    assert [one.fix for one in said(pasted("", [SCANS], OF_CARRY)).causes] == ["return h.squeeze(1), h"]


def test_a_first_state_without_a_batch_still_lacks_it() -> None:
    error = OF_CARRY.replace("[7,12]", "[12]").replace("[7,1,12]", "[7,12]")
    mismatch = said(pasted("", [SCANS], error))

    assert (mismatch.tensor, mismatch.got, ids(mismatch)) == ("h_0", 1, ["carry"])


EACH = f"""{JAX}
def run(w, h0, x):
    w_x, w_h = w

    def step(h, x_t):
        h = jnp.tanh(w_x @ x_t + w_h @ h)
        return h, h
    return jax.lax.scan(step, h0, x)

units = 14
w = jnp.zeros((units, 3)), jnp.zeros((units, units))
x = jnp.zeros((5, 9, 3))
h0 = jnp.zeros((len(x), units))
out = {{}}
"""
OF_PRODUCT = "TypeError: dot_general requires contracting dimensions to have the same shape, got (14,) and (5,)."
STEP, MARKS = "h = jnp.tanh(w_x @ x_t + w_h @ h)", "~~~~^~~"
STEPS = f"{STEP}\n{' ' * (4 + STEP.index('w_h'))}{MARKS}"
CALLS = ("jax.vmap(partial(run, w, h0))(x)", "jax.vmap(run, in_axes=(None, None, 0))(w, h0, x)")


def test_a_state_that_vmap_passes_on_as_a_whole_has_no_samples() -> None:
    for call in CALLS:
        frames = [f"out = {call}", "return jax.lax.scan(step, h0, x)", STEPS]
        mismatch = said(pasted(EACH.format(call), frames, OF_PRODUCT))

        assert (mismatch.tensor, mismatch.axis, mismatch.shapes) == ("h_0", "rank", ((14,), (5, 14)))
        assert [one.fix for one in mismatch.causes] == ["h0 = jnp.zeros(units)"]


def test_a_batch_in_vmap_is_the_first_cause_without_the_program() -> None:
    frames = [CALLS[0], STEPS]

    assert ids(said(pasted("", frames, OF_PRODUCT)))[:2] == ["vmapped_state", "other_units"]


TABLES = """import jax
import jax.numpy as jnp
import numpy as np
import flax.linen as nn

def batches(table, size):
    for i in range(0, len(table), size):
        yield table[i : i + size].reshape(size, -1, {})

table = np.zeros((40, 12, 3))
model = nn.RNN(nn.GRUCell(features=10))
variables = model.init(jax.random.key(0), jnp.ones((1, 12, 3)))
for x in batches(table, 8):
    model.apply(variables, x)
"""
OF_KERNEL = (
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/cell/ir", the given initializer is expected to'
    " generate shape ({0}, 10), but the existing parameter it received has shape (3, 10)."
)


def test_a_reshape_keeps_the_features_for_which_the_weights_were_made() -> None:
    mismatch = said(pasted(TABLES.format(6), ["model.apply(variables, x)"], OF_KERNEL.format(6)))

    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "features", (3,), (6,))
    assert [one.fix for one in mismatch.causes] == ["yield table[i : i + size].reshape(size, -1, 3)"]
