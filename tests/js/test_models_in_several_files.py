"""Models of which each file has some of the arrays, as large ones are saved."""

import json
from pathlib import Path
from typing import Any

import pytest
from hostile_files import safetensors_of
from node_reader import read_models

LSTM = {"weight_ih_l0": [16, 3], "weight_hh_l0": [16, 4], "bias_ih_l0": [16], "bias_hh_l0": [16]}


def test_a_layer_that_begins_in_one_file_and_ends_in_another_is_whole(tmp_path: Path) -> None:
    lstm = {f"decoder.rnn.{name}": shape for name, shape in LSTM.items()}
    parts = [{"decoder.emb.weight": [9, 3], **dict([*lstm.items()][:2])}, dict([*lstm.items()][2:])]
    files = [tmp_path / f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    for file, part in zip(files, parts, strict=True):
        file.write_bytes(safetensors_of(part))
    both, one, other = read_models([files, files[:1], files[1:]])

    assert both["text"] == "embedding(9,3).lstm(4,seq)"
    assert one["text"] == "embedding(9,3).lstm(4,seq,nobias)" and other["reason"] == "fileNoLayersKnown"


@pytest.mark.parametrize("elsewhere", ["weight_ih_l0_reverse", "weight_hh_l0_reverse", "weight_hh_l0", "bias_ih_l0"])
def test_arrays_of_the_reverse_direction_say_that_there_are_two(elsewhere: str, tmp_path: Path) -> None:
    """One array is in another file; those of either direction say all sizes."""
    both = {f"{name}{way}": shape for name, shape in LSTM.items() for way in ("", "_reverse")}
    shapes = {f"reader.{name}": shape for name, shape in both.items() if name != elsewhere}
    (tmp_path / "model-00001-of-00002.safetensors").write_bytes(safetensors_of(shapes))
    (found,) = read_models([[tmp_path / "model-00001-of-00002.safetensors"]])

    assert (found["text"], found["unknown"]) == ("lstm(3,4,bi,seq)", [])


def test_arrays_with_the_names_and_not_the_shapes_of_a_layer_are_named(tmp_path: Path) -> None:
    shapes = {f"rnn.{name}": shape for name, shape in {**LSTM, "weight_ih_l0": [17, 3]}.items()}
    (tmp_path / "odd.safetensors").write_bytes(safetensors_of(shapes))
    (found,) = read_models([[tmp_path / "odd.safetensors"]])

    assert (found["reason"], found["values"]) == (
        "fileShapes",
        {"parts": ["rnn"], "name": "rnn.weight_hh_l0", "shape": "16 × 4"},
    )


def test_arrays_do_not_say_the_activation_of_a_simple_rnn_of_pytorch(tmp_path: Path) -> None:
    rnn = {f"rnn.{name}": [size // 4 for size in shape[:1]] + shape[1:] for name, shape in LSTM.items()}
    (tmp_path / "rnn.safetensors").write_bytes(
        safetensors_of({**rnn, **{f"lstm.{name}": shape for name, shape in LSTM.items()}})
    )
    (found,) = read_models([[tmp_path / "rnn.safetensors"]])
    activations = {layer["kind"]: layer["config"].get("activation", "tanh") for layer in found["layers"]}

    assert activations == {"rnn": None, "lstm": "tanh"}


LISTENER = {f"listener.rnn{n}.{name}": [4 * size for size in shape] for n in (0, 1) for name, shape in LSTM.items()}
SPELLER = {
    "speller.emb.weight": [9, 16],
    "speller.cell0.weight_ih": [64, 32],
    "speller.cell0.weight_hh": [64, 16],
    "speller.cell1.weight_ih": [64, 16],
    "speller.cell1.weight_hh": [64, 16],
}


def test_layers_are_not_moved_out_of_their_module_or_before_those_with_lower_numbers(tmp_path: Path) -> None:
    """The embedding returns what the second cell takes, which gets the output of the first. Files sort the names."""
    parts = [dict(sorted(part.items())) for part in (LISTENER, SPELLER)]
    files = [tmp_path / f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    for file, part in zip(files, parts, strict=True):
        file.write_bytes(safetensors_of(part))
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": dict.fromkeys([*LISTENER, *SPELLER], "")}))
    both, indexed = read_models([files, [*files, index]])

    def names(found: dict[str, Any]) -> list[str]:
        return [layer["name"] for layer in found["layers"]]

    listener, speller = ["listener.rnn0", "listener.rnn1"], ["speller.emb", "speller.cell0", "speller.cell1"]
    assert names(indexed) == [*listener, *speller], "the order of the index"
    assert names(both) in ([*listener, *speller], [*speller, *listener]), "none is between those of another module"
    assert [layer["name"] for layer in both["layers"] if layer["follows"]] == ["speller.cell1"]


def test_a_file_that_does_not_sort_its_arrays_has_the_order_of_the_model(tmp_path: Path) -> None:
    """Both orders would fit, and the layers of two modules are not joined although their sizes fit."""
    lstm = {f"{module}.rnn.{name}": [4 * size for size in shape] for module in "ba" for name, shape in LSTM.items()}
    square = {name: [64, 16] if "weight" in name else shape for name, shape in lstm.items()}
    (tmp_path / "a").write_bytes(safetensors_of(square))
    (tmp_path / "sorted").write_bytes(safetensors_of(dict(sorted(square.items()))))
    found, by_name = read_models([[tmp_path / "a"], [tmp_path / "sorted"]])

    assert [(layer["name"], layer["follows"]) for layer in found["layers"]] == [("b.rnn", False), ("a.rnn", False)]
    assert [layer["name"] for layer in by_name["layers"]] == ["a.rnn", "b.rnn"]


def test_the_order_of_several_files_is_that_of_their_index_unless_it_sorts_the_names(tmp_path: Path) -> None:
    shapes = {"rnn." + name: shape for name, shape in LSTM.items()} | {"out.weight": [2, 4], "out.bias": [2]}
    found = list[dict[str, Any]]()
    for names in (list(shapes), sorted(shapes)):
        folder = tmp_path / str(len(found))
        folder.mkdir()
        files = [folder / f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
        for file, part in zip(files, ("rnn.", "out."), strict=True):
            file.write_bytes(safetensors_of({name: shapes[name] for name in sorted(shapes) if name.startswith(part)}))
        index = folder / "model.safetensors.index.json"
        index.write_text(json.dumps({"weight_map": dict.fromkeys(names, "")}))
        found += read_models([[*files, index]])

    assert [(one.get("isOfIndex"), one.get("isFitted")) for one in found] == [(True, None), (None, True)]


def test_a_parameter_of_the_model_itself_has_its_place_in_the_order_of_the_index(tmp_path: Path) -> None:
    """PyTorch lists it before the modules. The file sorts the names."""
    arrays = {"bias": [9], "tok.weight": [9, 3], **{f"rnn.{name}": shape for name, shape in LSTM.items()}}
    files = [tmp_path / f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    for n, file in enumerate(files):
        file.write_bytes(safetensors_of(dict(sorted(arrays.items())[n::2])))
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": dict.fromkeys(arrays, "")}))
    (found,) = read_models([[*files, index]])

    assert found["isOfIndex"] and [layer["name"] for layer in found["layers"]] == ["bias", "tok", "rnn"]
