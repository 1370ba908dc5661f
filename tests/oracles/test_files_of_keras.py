"""What the page finds in files that Keras writes, or NumPy of Keras's arrays."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from keras import Input, Sequential, layers
from node_reader import read, recurrent

from app.core.model.text import parse_chain

pytestmark = pytest.mark.filterwarnings("ignore")


def parameters(found: dict[str, Any]) -> dict[str, int]:
    """The counts that a file says of its normalizations, by their names."""
    return {one["name"]: one["config"]["parameters"] for one in found["layers"] if one["kind"] == "normalization"}


class Block(layers.Layer):  # type: ignore[misc]
    """A recurrent layer and others, of a class that Keras does not know."""

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.rec = layers.LSTM(units, return_sequences=True)
        self.norm, self.ff = layers.LayerNormalization(), layers.Dense(units)

    def build(self, shape: tuple[int | None, ...]) -> None:
        inner = (*shape[:-1], self.rec.units)
        self.rec.build(shape)
        self.norm.build(inner)
        self.ff.build(inner)

    def call(self, x: Any) -> Any:
        return self.ff(self.norm(self.rec(x)))

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "units": self.rec.units}


def test_recurrent_layers_in_layers_of_own_classes_are_found_by_their_weights(tmp_path: Path) -> None:
    model = Sequential([Input((None, 5)), Block(7, name="one"), Block(6, name="two"), layers.GRU(4), layers.Dense(2)])
    model.save(tmp_path / "blocks.keras")
    (found,) = read([tmp_path / "blocks.keras"])

    assert [(one["name"], one["features"], one["num_units"]) for one in recurrent(found)[:-1]] == [
        ("one/rec", 5, 7),
        ("two/rec", 7, 6),
    ]
    assert found["ownClasses"] == ["one (Block)", "two (Block)"] and not found["unknown"]
    assert [one.kind for one in parse_chain(found["text"]).layers if one.kind != "other"] == [
        *("lstm", "normalization", "dense") * 2,
        "gru",
        "dense",
    ]
    counted = [one["config"]["parameters"] for one in found["layers"] if "parameters" in one["config"]]
    assert counted == [14, 0, 12, 0], "what each of the layers returns has no parameters of its own"


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


def test_two_directions_are_summed_if_all_layers_fit_in_an_order_only_then(tmp_path: Path) -> None:
    """The dense layer takes both directions of the second recurrent layer, which takes the sum of the first's."""
    both = layers.Bidirectional(layers.LSTM(6, return_sequences=True), merge_mode="sum", name="both")
    last = layers.Bidirectional(layers.GRU(6), name="last")
    model = Sequential([Input((7,)), layers.Embedding(20, 5, name="ids"), both, last, layers.Dense(3, name="end")])
    model.save_weights(tmp_path / "summed.weights.h5")
    (found,) = read([tmp_path / "summed.weights.h5"])

    assert [layer["name"] for layer in found["layers"]] == ["ids", "both", "last", "end"]
    assert "lstm(6,bi,sum,seq).gru(6,bi,seq)" in found["text"]


def test_metrics_and_optimizers_are_no_part_of_the_weights_of_a_compiled_model(tmp_path: Path) -> None:
    """Keras 2 saves its metrics as groups beside the layers; an older file may have a layer with that name."""
    model = Sequential([Input((9, 4)), layers.GRU(6, name="steps"), layers.Dense(2, name="end")])
    model.compile("adam", "mse")
    model.fit(np.ones((3, 9, 4)), np.ones((3, 2)), verbose=0)
    path = tmp_path / "compiled.weights.h5"
    model.save_weights(path)
    with h5py.File(path, "a") as file:
        file["metrics/mean/vars/0"], file["metrics/mean/vars/1"] = np.float32(3), np.float32(7)
    with h5py.File(tmp_path / "old.weights.h5", "w") as file:
        file.attrs["layer_names"] = [b"metrics"]
        for name, shape in (("kernel:0", (4, 24)), ("recurrent_kernel:0", (6, 24)), ("bias:0", (24,))):
            file[f"metrics/metrics/lstm_cell/{name}"] = np.zeros(shape)
    compiled, old = read([path, tmp_path / "old.weights.h5"])

    assert (compiled["leftOut"], compiled["unknown"]) == (["metrics", "optimizer"], [])
    assert [layer["name"] for layer in compiled["layers"]] == ["steps", "end"]
    assert [(layer["name"], layer["kind"]) for layer in old["layers"]] == [("metrics", "lstm")]


def test_groups_that_contain_themselves_are_named_if_there_are_no_arrays(tmp_path: Path) -> None:
    """A link to the root is one to a group around it, too; one to a group beside it is not. Arrays are read once."""
    for name in ("alone", "root", "beside", "arrays"):
        with h5py.File(tmp_path / f"{name}.h5", "w") as file:
            inner = file.create_group("encoder/gru")
            if name in ("alone", "arrays"):
                inner["up"] = file["encoder"]
            if name in ("root", "arrays"):
                inner["top"] = file["/"]
            if name == "beside":
                file["copy"] = inner
            if name == "arrays":
                shapes = {"kernel": (5, 27), "recurrent_kernel": (9, 27), "bias": (2, 27)}
                inner.update({key: np.zeros(shape) for key, shape in shapes.items()})
    found = read([tmp_path / f"{name}.h5" for name in ("alone", "root", "beside", "arrays")])

    assert [(one.get("reason"), one.get("values")) for one in found[:3]] == [
        ("fileCyclicGroups", {"name": "encoder/gru/up"}),
        ("fileCyclicGroups", {"name": "encoder/gru/top"}),
        ("fileNoArrays", {}),
    ]
    assert [(one["kind"], one["config"]["num_units"]) for one in found[3]["layers"]] == [("gru", 9)]
