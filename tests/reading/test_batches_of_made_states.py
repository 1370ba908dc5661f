"""States for another batch than that of x, whose batch is said in the call of a function or of a class.

ONNX Runtime 1.23, and Flax 0.12 on JAX 0.7, raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted, traceback

from app.reading.errors.explanation import explain

RUNNER = """import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

COLUMNS, UNITS = 4, 15


def network():
    weights = {{"W": np.ones((1, 4 * UNITS, COLUMNS)), "R": np.ones((1, 4 * UNITS, UNITS))}}
    names = ["X", "W", "R", "", "", "initial_h", "initial_c"]
    node = helper.make_node("LSTM", names, ["Y", "Y_h", "Y_c"], hidden_size=UNITS)
    inputs = [helper.make_tensor_value_info("X", TensorProto.FLOAT, ["t", "b", COLUMNS])]
    inputs += [helper.make_tensor_value_info(one, TensorProto.FLOAT, [1, "n", UNITS]) for one in names[5:]]
    outputs = [helper.make_tensor_value_info(one, TensorProto.FLOAT, None) for one in ("Y", "Y_h", "Y_c")]
    arrays = [numpy_helper.from_array(one.astype("float32"), name) for name, one in weights.items()]
    graph = helper.make_graph([node], "g", inputs, outputs, arrays)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8).SerializeToString()


class Runner:
    def __init__(self, model, samples):
        self.session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
        {made}

    def run(self, x):
        y, self.h, self.c = self.session.run(None, {{"X": x, "initial_h": self.h, "initial_c": self.c}})
        return y


def blank(samples):
    return np.zeros((1, samples, UNITS), "float32")


runner = Runner(network(), {given})
print(runner.run(np.ones((21, 7, COLUMNS), "float32")).shape)
"""
IN_RUNNER = [
    'print(runner.run(np.ones((21, 7, COLUMNS), "float32")).shape)',
    'y, self.h, self.c = self.session.run(None, {"X": x, "initial_h": self.h, "initial_c": self.c})',
]
OF_ONNX = (
    "onnxruntime.capi.onnxruntime_pybind11_state.Fail: [ONNXRuntimeError] : 1 : FAIL : Non-zero status code returned"
    " while running LSTM node. Name:'' Status Message: Input initial_h must have shape {1,7,15}. Actual:{1,2,15}"
)
BOTH = "self.h, self.c = blank(samples), blank(samples)"
APART = 'self.h = np.zeros((1, samples, UNITS), "float32")\n        self.c = np.zeros((1, samples, UNITS), "float32")'


@pytest.mark.parametrize("made", [BOTH, APART])
@pytest.mark.parametrize("given", ["{}", "samples={}"])
def test_the_call_of_a_class_says_the_batch_of_the_states_that_its_object_keeps(made: str, given: str) -> None:
    text = pasted(RUNNER.format(made=made, given=given.format(2)), IN_RUNNER, OF_ONNX)
    about, lines = first_cause_and_lines(text)

    assert about == ("h_0", "batch_size", "other_batch")
    wrong, right = (f"runner = Runner(network(), {given.format(batch)})" for batch in (2, 7))
    assert lines == {wrong: right}


READER = """import jax
import jax.numpy as jnp
from flax import linen as nn


class Reader(nn.Module):
    @nn.compact
    def __call__(self, x, carry):
        carry, y = nn.RNN(nn.OptimizedLSTMCell(18), return_carry=True)(x, initial_carry=carry)
        return carry, y


def start(samples, units=18):
    return jnp.zeros((samples, units)), jnp.zeros((samples, units))


def parts(samples=12, steps=25):
    for key in jax.random.split(jax.random.PRNGKey(2), 3):
        yield jax.random.normal(key, (samples, steps, 6))


def main():
    model, carry = Reader(), start({samples})
    variables = model.init(jax.random.PRNGKey(0), jnp.ones((1, 25, 6)), start(1))

    def loss(variables, x, carry):
        carry, y = model.apply(variables, x, carry)
        return y.mean(), carry

    for x in parts():
        (_, carry), _ = jax.value_and_grad(loss, has_aux=True)(variables, x, carry)


main()
"""
IN_READER = [
    "main()",
    "(_, carry), _ = jax.value_and_grad(loss, has_aux=True)(variables, x, carry)",
    "carry, y = model.apply(variables, x, carry)",
    "carry, y = nn.RNN(nn.OptimizedLSTMCell(18), return_carry=True)(x, initial_carry=carry)",
]
OF_CARRY = (
    "TypeError: scan body function carry input and carry output must have equal types, but they differ:\n\n"
    "  * the input carry component c[1][0] has type float32[{samples},18] but the corresponding output carry component"
    " has type float32[12,18], so the shapes do not match;\n  * the input carry component c[1][1] has type"
    " float32[{samples},18] but the corresponding output carry component has type float32[12,18], so the shapes do not"
    " match.\n\nRevise the function so that all output types match the corresponding input types."
)


def test_the_call_of_a_function_says_the_batch_of_a_carry_that_a_function_in_another_one_gets() -> None:
    error = OF_CARRY.format(samples=1)
    about, lines = first_cause_and_lines(pasted(READER.format(samples=1), IN_READER, error))

    assert about == ("h_0", "batch_size", "carry")
    assert lines == {"model, carry = Reader(), start(1)": "model, carry = Reader(), start(12)"}


def test_without_the_program_no_axis_of_x_is_taken_for_the_batch_of_a_carry() -> None:
    in_flax = '  File "/site-packages/flax/linen/recurrent.py", line 1135, in __call__\n    scan_output = scan(carry)\n'
    explanation = explain(traceback(IN_READER, in_flax + OF_CARRY.format(samples=1)))

    assert [one.fix for one in explanation.mismatch.causes] == ["h = c = jnp.zeros((batch_size, num_units))"]
