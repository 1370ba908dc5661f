"""A layer of Keras that a line adds to a model with a fixed batch, above another one.

Keras 3.14 raised the message for such a program, which runs with every step of the layer below.
"""

import pytest
from pasted_programs import ids, traceback

from app.reading.errors.explanation import explain

ADDED = """  File "/lib/keras/src/models/sequential.py", line 122, in add
    self._maybe_rebuild()
  File "/lib/keras/src/models/sequential.py", line 149, in _maybe_rebuild
    self.build(input_shape)
ValueError: Input 0 with name 'None' of layer '{}' is incompatible with the layer: expected ndim=3, found ndim=2. Full
 shape received: ({}, 22)"""


@pytest.mark.parametrize("batch", [5, None])
def test_an_added_layer_with_a_number_is_above_another_one_that_returns_its_last_step(batch: int | None) -> None:
    mismatch = explain(traceback(["model.add(layers.GRU(9))"], ADDED.format("gru_1", batch))).mismatch

    assert mismatch.causes[0].fix == "keras.layers.GRU(22, return_sequences=True)"


def test_the_first_layer_of_its_class_that_gets_a_fixed_batch_lacks_an_axis() -> None:
    mismatch = explain(traceback(["model.add(layers.GRU(9))"], ADDED.format("gru", 5))).mismatch

    assert ids(mismatch) == ["missing_axis", "missing_features_axis"]
