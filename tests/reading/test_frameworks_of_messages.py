"""Messages that frameworks share: which one raised them, and whether it is about a recurrent layer at all."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain

OF_CELL = "ValueError: Input 0 of layer my_lstm_cell is incompatible with the layer: expected ndim=2, found ndim=3"
FRAME = '  File "/env/lib/python3.6/site-packages/{}", line 371, in {}\n    {}\n'
IN_CELL = FRAME.format("tensorflow/python/ops/rnn_cell_impl.py", "__call__", "*args, **kwargs)")
MERGED = "perands could not be broadcast together with shapes (4, 2) (3,)"
OF_KERAS = "from keras.layers import LSTM\nmodel.add(LSTM(6))\n"
IN_CONCAT = (
    FRAME.format("keras/layers/recurrent.py", "build", "self.W = K.concatenate([self.W_z, self.W_r, self.W_h])")
    + FRAME.format("tensorflow/python/ops/array_ops.py", "concat", "tensor_shape.scalar())")
    + FRAME.format("tensorflow/python/framework/tensor_shape.py", "assert_is_compatible_with", "raise ValueError(")
)


@pytest.mark.parametrize(
    ("text", "framework"),
    [
        (IN_CELL + OF_CELL, "tf1"),
        (OF_CELL, "keras"),
        (f"{OF_KERAS}ValueError: O{MERGED}", "keras"),
        (f"h = lstm_step(x, h)\nValueError: o{MERGED}", "numpy"),
    ],
)
def test_frames_and_letters_tell_the_framework(text: str, framework: str) -> None:
    assert explain(text).framework == framework


def test_cell_of_tensorflow_1_is_called_in_its_own_loop() -> None:
    (likely,) = explain(IN_CELL + OF_CELL).mismatch.causes
    assert likely.id == "one_step" and "tf.nn.dynamic_rnn" in likely.fix


def test_join_of_other_versions_is_about_no_shape() -> None:
    with pytest.raises(NotFoundError, match="version of Keras"):
        explain(f"{IN_CONCAT}ValueError: Shapes (3, 70, 70) and () are incompatible")


def test_answer_about_another_network_does_not_name_the_layer() -> None:
    text = "asker · description · 2021\nI train the {}.\nValueError: Cannot feed value of shape (8, 3) for Tensor"
    text += " 'Placeholder:0', which has shape '(?, 2)'\nhelper · comment · 2021\nThe same in my RNN model.\n"
    assert explain(text.format("model"))
    with pytest.raises(NotFoundError):
        explain(text.format("CNN"))
