"""Texts that name no recurrent layer, no samples that could have different shapes, or no sizes of states."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

SAMPLES = """# Bidirectional GRU fails

It throws ```ValueError: All input arrays must have the same shape.``` on one of the backends:

```python
import os
os.environ["KERAS_BACKEND"] = "jax"
import jax.numpy as jnp
import keras
x = jnp.{}
y = keras.layers.Bidirectional(keras.layers.GRU(6, return_state=True))(x)
```
"""


def test_one_array_with_certain_sizes_has_no_samples_of_different_lengths() -> None:
    with pytest.raises(NotFoundError):
        explain(SAMPLES.format("ones([3, 8, 5])"))


def test_a_list_of_samples_may_have_different_lengths() -> None:
    assert explain(SAMPLES.format("stack(clips)")).mismatch.first_cause == "unequal_lengths"


LOSS = (
    "My segmentation network ends with {0}.\nInvalidArgumentError: Incompatible shapes: [4096] vs. [256]\n"
    "\t [[node loss/{0}_loss/mul (defined at /keras/backend/tensorflow_backend.py:30) ]]"
)


@pytest.mark.parametrize("layer", ["crfrnn", "crfasrnn", "crf_as_rnn"])
def test_a_crf_that_is_computed_as_an_rnn_is_no_recurrent_layer(layer: str) -> None:
    with pytest.raises(NotFoundError):
        explain(LOSS.format(layer))
    assert explain(LOSS.format("rnn")).mismatch.tensor == "target"


def test_states_without_sizes_have_no_batch() -> None:
    said = explain("InvalidArgumentError: input_h and input_c must have the same shape w/o projection: () []").mismatch

    assert (said.tensor, said.expected, said.got) == ("c_0", (), ())
