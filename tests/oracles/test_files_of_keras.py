"""What the page finds in files that Keras writes, or NumPy of Keras's arrays."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from keras import Input, Sequential, layers
from node_reader import read

pytestmark = pytest.mark.filterwarnings("ignore")


def parameters(found: dict[str, Any]) -> dict[str, int]:
    """The counts that a file says of its normalizations, by their names."""
    return {one["name"]: one["config"]["parameters"] for one in found["layers"] if one["kind"] == "normalization"}


def test_normalizations_are_found_among_arrays_without_names(tmp_path: Path) -> None:
    model = Sequential(
        [
            Input((None, 5)),
            layers.LSTM(7, return_sequences=True),
            layers.LayerNormalization(),
            layers.Dense(3, use_bias=False),
            layers.BatchNormalization(),
            layers.Dense(8),
            layers.BatchNormalization(),
            layers.SimpleRNN(8, return_sequences=True),
            layers.LayerNormalization(),
            layers.GRU(4),
            layers.Dense(2),
        ]
    )
    np.savez(tmp_path / "weights.npz", *model.get_weights())
    (found,) = read([tmp_path / "weights.npz"])

    norm = "normalization"
    assert [one["kind"] for one in found["layers"]] == [
        "lstm",
        norm,
        "dense",
        norm,
        "dense",
        norm,
        "rnn",
        norm,
        "gru",
        "dense",
    ]
    assert list(parameters(found).values()) == [14, 6, 16, 16], "not the means and variances"
    assert found["statistics"] == 2 * 3 + 2 * 8 and found["unknown"] == []


def test_vectors_without_names_that_may_be_of_several_layers_keep_the_names_of_the_file(tmp_path: Path) -> None:
    """A batch normalization and another one, in either order."""
    arrays = [np.zeros(shape) for shape in [(5, 28), (7, 28), (28,), *[(7,)] * 6, (7, 2), (2,)]]
    np.savez(tmp_path / "weights.npz", *arrays)
    (found,) = read([tmp_path / "weights.npz"])

    assert found["unknown"] == [f"arr_{n}" for n in range(3, 9)]
