"""New data with other features than those with which a network of Flax was made and trained.

Flax 0.12 on JAX 0.7 raised the message for this program, which runs with the corrected line.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted

METER = """import jax
import jax.numpy as jnp
import flax.linen as nn


class Meter(nn.Module):
    units: int

    @nn.compact
    def __call__(self, x):
        return nn.Dense(1)(nn.RNN(nn.GRUCell(self.units))(x)[:, -1])


SIZES = {{"columns": 6, "steps": 14}}


def readings(samples, sizes, columns=8):
    return jnp.ones((samples, sizes["steps"], columns))


def mean_of(variables, x):
    return model.apply(variables, x).mean()


model = Meter(19)
variables = model.init(jax.random.key(0), jnp.zeros((1, SIZES["steps"], SIZES["columns"])))
{training}
later = readings(5, SIZES)
print(model.apply(variables, later).shape)
"""
CALL = "print(model.apply(variables, later).shape)"
OTHER = (
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/RNN_0(GRUCell_0)/ir", the given initializer is'
    " expected to generate shape (8, 19), but the existing parameter it received has shape (6, 19)."
)
NAMED = 'x = jnp.ones((24, SIZES["steps"], SIZES["columns"]))\ngradients = jax.grad(mean_of)(variables, x)'
NUMBER = "x = jnp.ones((24, 14, 6))\nprint(mean_of(variables, x))"


@pytest.mark.parametrize(("training", "size"), [(NAMED, 'SIZES["columns"]'), (NUMBER, "6")])
def test_new_data_are_the_odd_one_out_if_the_network_was_trained_with_others(training: str, size: str) -> None:
    about, lines = first_cause_and_lines(pasted(METER.format(training=training), [CALL], OTHER))

    assert about == ("x", "features", "other_columns")
    assert lines == {"later = readings(5, SIZES)": f"later = readings(5, SIZES, columns={size})"}


def test_without_a_training_the_weights_may_be_made_for_the_wrong_x() -> None:
    about, _ = first_cause_and_lines(pasted(METER.format(training=""), [CALL], OTHER))

    assert about == ("kernel", "features", "init_features")
