"""Which names of parts of a Flax cell show a recurrent layer in a message without any other text."""

import pytest

from app.reading.errors.explanation import NotFoundError, explain


def message(scope: str) -> str:
    return (
        "flax.errors.ScopeParamShapeError: Initializer expected to generate shape (7, 32) but got shape (9, 32) instead"
        f' for parameter "kernel" in "{scope}".'
    )


@pytest.mark.parametrize("scope", ["/GRUCell_0/in", "/RNN_0/SimpleCell_0/i", "/Mixer_1/GRUCell_2/in", "/Net_0/cell/ir"])
def test_a_part_of_a_cell_shows_its_kernel(scope: str) -> None:
    read = explain(message(scope))
    assert (read.mismatch.tensor, read.mismatch.axis) == ("kernel", "features")


@pytest.mark.parametrize("scope", ["/in", "/Encoder_0/in", "/Encoder_0/i"])
def test_a_short_name_alone_may_be_any_layer(scope: str) -> None:
    with pytest.raises(NotFoundError):
        explain(message(scope))
