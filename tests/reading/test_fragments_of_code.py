"""A message and a few lines of code, without a traceback, as people ask about them."""

import pytest

from app.reading.errors.explanation import Explanation, NotFoundError, explain


def first_of(text: str) -> tuple[str | None, str | None, str, str]:
    """The tensor, the axis, and the first cause with its line."""
    mismatch = explain(text).mismatch
    return mismatch.tensor, mismatch.axis, mismatch.causes[0].id, mismatch.causes[0].fix


def sizes_of(explanation: Explanation) -> tuple[int | None, int | None, int | None]:
    """The steps, the features and the units of the layer."""
    network = explanation.configuration
    assert network
    return network.time_step, network.features, network.num_units


# -- losses of Keras ---------------------------------------------------------------------------------------------------

AUTOENCODER = """
code = GRU(24)(inputs)
code = RepeatVector({steps})(code)
decoded = GRU(24, return_sequences=True)(code)
model = Model(inputs, decoded)
"""
DIFFERENCE = (
    "ValueError: Dimensions must be equal, but are {} and {} for '{{{{node {}}}}}' with input shapes: {}, {}.\n"
)


def test_a_difference_is_read_by_the_name_of_its_node_alone() -> None:
    message = DIFFERENCE.format(24, 5, "mean_squared_error/SquaredDifference", "[?,9,24]", "[?,9,5]")
    tensor, axis, cause, fix = first_of(message + AUTOENCODER.format(steps=9))

    assert (tensor, axis, cause) == ("target", None, "last_units")
    assert fix.startswith("keras.layers.Dense(5)")
    assert first_of("tf.keras: " + message + AUTOENCODER.format(steps=9))[:3] == (tensor, axis, cause)


def test_repeated_steps_are_the_cause_only_if_the_steps_differ() -> None:
    message = DIFFERENCE.format(9, 12, "mean_squared_error/SquaredDifference", "[?,9,24]", "[?,12,24]")

    assert first_of(message + AUTOENCODER.format(steps=9))[1:3] == ("time_step", "repeated_steps")


def test_a_node_whose_name_says_no_operation_is_not_read() -> None:
    with pytest.raises(NotFoundError):
        explain(DIFFERENCE.format(24, 5, "model/lambda/stack", "[?,9,24]", "[?,9,5]") + AUTOENCODER.format(steps=9))


def test_a_target_of_every_step_gets_its_last_axis() -> None:
    message = "InvalidArgumentError: Incompatible shapes: [16,12] vs. [16,12,1]\n"
    message += "\t [[{{node gradient_tape/binary_crossentropy/mul}}]]\n"
    message += "model.add(LSTM(8, return_sequences=True))\nmodel.add(Dense(1, activation='sigmoid'))\n"

    assert first_of(message) == ("target", "rank", "target_last_axis", "y = y[..., np.newaxis]")
