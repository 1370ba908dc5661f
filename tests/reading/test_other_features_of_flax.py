"""What is said about data that a function of the program makes with other features than those of the training.

Flax 0.12 raised the message for this program.
"""

import pytest
from pasted_programs import first_cause_and_lines, pasted

from app.reading.errors.explanation import explain

PROGRAM = """
import jax
import jax.numpy as jnp
from flax import linen as nn


class Meter(nn.Module):
    @nn.compact
    def __call__(self, loads):
        states = nn.RNN(nn.OptimizedLSTMCell(19))(loads)
        return nn.Dense(1)(states[:, -1])


def hours(key, homes, columns):
    loads = jax.random.normal(jax.random.key(key), (homes, 24, columns))
    return loads, loads.sum((1, 2))


def train(model, loads, target):
    return model.init(jax.random.key(0), loads)


def score(model, weights, loads, target):
    return jnp.abs(model.apply(weights, loads)[:, 0] - target).mean()


model, past = Meter(), hours(1, 12, columns=9)
weights = train(model, *past)
recent_loads, recent_target = hours(2, 5, columns=8)
print(score(model, weights, recent_loads, recent_target))
"""

FRAMES = [
    "print(score(model, weights, recent_loads, recent_target))",
    "return jnp.abs(model.apply(weights, loads)[:, 0] - target).mean()",
]
ERROR = (
    'flax.errors.ScopeParamShapeError: For parameter "kernel" in "/scan(OptimizedLSTMCell_0)/ii", the given initializer'
    " is expected to generate shape (8, 19), but the existing parameter it received has shape (9, 19)."
)
NAMES = "recent_loads, recent_target"


@pytest.mark.parametrize(("names", "given"), [(NAMES, NAMES), ("recent", "*recent")])
def test_the_call_that_makes_other_data_gets_the_features_of_the_training(names: str, given: str) -> None:
    program = PROGRAM.replace(f"{NAMES} =", f"{names} =").replace(f"weights, {NAMES}", f"weights, {given}")
    text = pasted(program, [FRAMES[0].replace(NAMES, given), FRAMES[1]], ERROR)
    about, lines = first_cause_and_lines(text)
    network = explain(text).configuration

    assert about == ("x", "features", "other_columns")
    assert lines == {f"{names} = hours(2, 5, columns=8)": f"{names} = hours(2, 5, columns=9)"}
    assert network and (network.batch_size, network.time_step, network.features, network.num_units) == (5, 24, 9, 19)
