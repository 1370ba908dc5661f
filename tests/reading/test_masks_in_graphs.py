"""Messages that name a recurrent layer of Keras only by an operation in its scope, most of them about its mask."""

import numpy as np
import pytest

from app.reading.errors.explanation import NotFoundError, explain

TRANSPOSED = "ValueError: Dimension must be {} but is 3 for '{}' (op: 'Transpose') with input shapes: [?,{}], [3]."

CHOSEN = (
    "ValueError: Dimension 1 in both shapes must be equal, but are {units} and {columns}. Shapes are [?,{units}] and"
    " [?,{columns}]. for '{operation}' (op: 'Select') with input shapes: [?,{columns}], [?,{units}], [?,{units}]."
)

RUN = (
    "tensorflow.python.framework.errors_impl.InvalidArgumentError: Inputs to operation {operation} of type Select must"
    " have the same size and shape.  Input 0: [6,{columns}] != input 1: [6,{units}]"
)

LIST = """InvalidArgumentError:  Specified a list with shape [24,7] from a tensor with shape [9,7]
\t [[node model_2/{}/TensorArrayUnstack/TensorListFromTensor (defined at train.py:40) ]] [Op:__inference_train_77]
"""


@pytest.mark.parametrize("layer", ["lstm_4", "gru_11", "simple_rnn_2_1", "bidirectional_3"])
@pytest.mark.parametrize(("axes", "sizes"), [(3, "25,18"), (4, "25,18,11")])
def test_a_layer_puts_time_first_in_its_mask_by_the_axes_of_x(layer: str, axes: int, sizes: str) -> None:
    explanation = explain(TRANSPOSED.format(axes, f"{layer}/transpose_1", sizes))
    mismatch = explanation.mismatch

    assert explanation.framework == "keras"
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("mask", "rank", 2, axes)
    assert [(one.terms, one.value) for one in mismatch.facts] == [((("time_step",),), 25)]


@pytest.mark.parametrize("message", [CHOSEN, RUN])
@pytest.mark.parametrize(("features", "units"), [(12, 30), (30, 30), (5, 44)])
def test_a_mask_of_features_is_repeated_for_all_units(message: str, features: int, units: int) -> None:
    columns = np.tile(np.ones((6, features), bool), [1, units]).shape[1]
    explanation = explain(message.format(operation="bidirectional_7/while/Select", columns=columns, units=units))
    mismatch = explanation.mismatch

    assert explanation.framework == "keras"
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("mask", "rank", 2, 3)
    assert mismatch.shapes[1][-1] == features
    assert mismatch.causes[0].fix == "mask = tf.reduce_any(mask, axis=-1)"


@pytest.mark.parametrize("layer", ["lstm", "gru_3", "simple_rnn_1", "bidirectional_5/forward_gru_2"])
def test_the_list_of_steps_of_a_layer_has_the_batch_of_its_states(layer: str) -> None:
    explanation = explain(LIST.format(layer))
    mismatch = explanation.mismatch

    assert explanation.framework == "keras"
    assert (mismatch.tensor, mismatch.axis, mismatch.expected, mismatch.got) == ("x", "batch_size", (24,), (9,))


@pytest.mark.parametrize("scope", ["map", "dense_3", "bidirectional_loss", "lstm_of_dense"])
def test_other_scopes_name_no_recurrent_layer(scope: str) -> None:
    with pytest.raises(NotFoundError):
        explain(CHOSEN.format(operation=f"{scope}/Select_2", columns=60, units=20))
