"""Keras models, read by the scripts of the page in Node: layers in JSON, and saved models."""

import json
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hostile_files import field, varint, zipped
from node_reader import read
from small_model_files import RECORDED

from app.core.model.text import parse_chain
from app.frameworks.model_layers import CLASSES
from app.reading.code.frameworks import keras


def test_the_layers_in_the_json_of_keras_are_found_and_an_index_says_what_to_open(tmp_path: Path) -> None:
    layer = {"class_name": "GRU", "config": {"name": "gru", "units": 4, "batch_input_shape": [None, None, 3]}}
    model = {"class_name": "Sequential", "config": {"name": "model", "layers": [layer]}}
    (tmp_path / "model.json").write_text(json.dumps(model))
    index = {"metadata": {}, "weight_map": {"rnn.weight_ih_l0": "model-00001-of-00002.safetensors"}}
    (tmp_path / "index.json").write_text(json.dumps(index, indent=2))

    text, refused = read([tmp_path / "model.json", tmp_path / "index.json"])

    assert text["text"] == "gru(3,4,before)"
    assert refused["reason"] == "fileIndex"


def test_the_cells_of_a_keras_layer_are_a_chain(tmp_path: Path) -> None:
    cells = [{"class_name": kind, "config": {"units": units}} for kind, units in (("LSTMCell", 4), ("GRUCell", 2))]
    cell = {"class_name": "StackedRNNCells", "config": {"cells": cells}}
    rnn = {"name": "rnn", "cell": cell, "go_backwards": True, "return_sequences": False}
    shapes = [[None, None, 3], [None, 4]]  # of the input, and of an initial state
    stack = {"class_name": "RNN", "config": rnn, "build_config": {"input_shape": shapes}}
    model = {"class_name": "Sequential", "config": {"layers": [stack]}}
    (tmp_path / "file").write_bytes(zipped({"config.json": json.dumps(model).encode()}))

    assert read([tmp_path / "file"])[0]["text"] == "lstm(3,4,seq,back).gru(2,before)"

    both = {
        "class_name": "Bidirectional",
        "config": {"name": "both", "layer": {**stack, "config": rnn | {"go_backwards": False}}},
    }
    model = {"class_name": "Sequential", "config": {"layers": [both | {"build_config": {"input_shape": [None, 9, 3]}}]}}
    (tmp_path / "file").write_bytes(zipped({"config.json": json.dumps(model).encode()}))

    two = "lstm(3,4,seq).gru(2,before).other(t,3).lstm(4,seq,back).gru(2,before).other(4,others,params=0)"
    assert read([tmp_path / "file"])[0]["text"] == f"input(9,3).{two}"


def test_a_keras_layer_with_another_cell_keeps_its_settings_and_is_called_by_its_class(tmp_path: Path) -> None:
    """It would be a SimpleRNN by its first two arrays."""
    (found,) = read([RECORDED / "own_cells3.keras"])

    assert found["unknown"] == ["bidirectional (OwnCell)", "rnn_1 (OwnCell)"] and found["isOrdered"]
    assert [one.get("ownCell") for one in found["layers"]] == ["OwnCell", "OwnCell", None]
    assert "hasNoWeights" not in found

    with zipfile.ZipFile(RECORDED / "own_cells3.keras") as file:
        (tmp_path / "config.keras").write_bytes(zipped({"config.json": file.read("config.json")}))
    (found,) = read([tmp_path / "config.keras"])
    assert found["text"] == "input(9,4).other(9,6,own).other(2,own).dense(5)" and found["hasNoWeights"]


def test_each_class_has_one_kind_in_files_and_in_code_and_keeps_its_name(tmp_path: Path) -> None:
    first = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 9, 3]}}
    gru = {"class_name": "GRU", "config": {"name": "gru", "units": 4}}
    names = sorted(keras.SAME)
    for name in names:
        layers = [first, {"class_name": name, "config": {"name": "one"}}, gru]
        (tmp_path / name).write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    found = [one["layers"][0] for one in read([tmp_path / name for name in names])]

    assert {name: one["kind"] for name, one in zip(names, found, strict=True)} == {
        name: keras.kind_of(name) for name in names
    }
    in_training = {name for name, one in zip(names, found, strict=True) if one["kind"] == "dropout"}
    assert in_training == {"Dropout", "SpatialDropout1D", "GaussianDropout", "AlphaDropout", "GaussianNoise"}
    assert [one.get("className", CLASSES[one["kind"]]) for one in found] == names


def test_a_layer_that_was_built_for_other_vectors_than_come_says_both_lengths(tmp_path: Path) -> None:
    """Keras writes it, for directions with different num_units, and counts the weights that it has built."""
    layers = [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 9, 3]}},
        {"class_name": "GRU", "config": {"name": "first", "units": 5, "return_sequences": True}},
        {"class_name": "LSTM", "config": {"name": "second", "units": 4}, "build_config": {"input_shape": [None, 9, 6]}},
    ]
    (tmp_path / "file.json").write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    (found,) = read([tmp_path / "file.json"])

    assert found["text"].endswith(".lstm(6,4)") and "other" not in found["text"]
    assert [one["config"].get("misfitting") for one in found["layers"]] == [None, [6, 5]]


def test_directions_that_differ_are_two_layers(tmp_path: Path) -> None:
    def chain_of(kind: str, **other: Any) -> tuple[str, list[Any]]:
        forward = {"name": "f", "units": 8, "return_sequences": True, "use_bias": True, "reset_after": True}
        backward = forward | {"name": "b", "go_backwards": True} | other
        layers = {
            n: {"class_name": kind, "config": one} for n, one in (("layer", forward), ("backward_layer", backward))
        }
        both = {"class_name": "Bidirectional", "config": {"name": "both", "merge_mode": "concat", **layers}}
        first = {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, 9, 3]}}
        model = {
            "class_name": "Sequential",
            "config": {"layers": [first, both | {"build_config": {"input_shape": [None, 9, 3]}}]},
        }
        (tmp_path / "file.json").write_text(json.dumps(model))
        found = read([tmp_path / "file.json"])[0]
        return found["text"], [
            (one["name"], one.get("reads"), one["config"].get("activation"), one.get("joinsDirections"))
            for one in found["layers"]
        ]

    assert chain_of("GRU")[0] == "input(9,3).gru(3,8,bi,seq)", "they only have other names"
    assert (
        chain_of("GRU", reset_after=False)[0]
        == "input(9,3).gru(3,8,seq).elsewhere(9,3).gru(8,seq,back,before).other(9,16,others,params=0)"
    )
    assert chain_of("GRU", use_bias=False)[0].endswith("gru(8,seq,back,nobias).other(9,16,others,params=0)")
    assert chain_of("LSTM", units=2)[0].endswith("lstm(2,seq,back).other(9,10,others,params=0)")
    assert chain_of("LSTM", activation="relu")[1] == [
        ("both/forward/f", None, None, None),
        ("both/backward/b", ["x"], "relu", None),
        ("both", ["both/forward/f", "both/backward/b"], None, "concat"),
    ]


@pytest.mark.parametrize("first", ["item", "x"])
def test_an_embedding_of_one_id_for_each_sample_reads_its_own_input(first: str, tmp_path: Path) -> None:
    """An input of shape () beside a sequence, in either order. The configuration of Keras 2 says of any Embedding that
    it gets ids of some steps. Keras turns (2,) into (2, 5), and that into (2, 8, 5)."""
    shapes = {"item": [None], "x": [None, 8, 4]}
    inputs: list[dict[str, Any]] = [
        {"class_name": "InputLayer", "name": name, "config": {"name": name, "batch_shape": shapes[name]}}
        for name in sorted(shapes, key=lambda name: name != first)
    ]
    others: list[tuple[str, str, list[str], dict[str, Any]]] = [
        ("Embedding", "emb", ["item"], {"input_dim": 20, "output_dim": 5, "batch_input_shape": [None, None]}),
        ("RepeatVector", "steps", ["emb"], {"n": 8}),
        ("Concatenate", "both", ["x", "steps"], {"axis": -1}),
        ("LSTM", "lstm", ["both"], {"units": 9, "return_sequences": True}),
    ]
    layers = inputs + [
        {
            "class_name": kind,
            "name": name,
            "config": config | {"name": name},
            "inbound_nodes": [[[source, 0, 0] for source in sources]],
        }
        for kind, name, sources, config in others
    ]
    model = {"class_name": "Functional", "config": {"layers": layers, "output_layers": [["lstm", 0, 0]]}}
    (tmp_path / "model.json").write_text(json.dumps(model))

    (found,) = read([tmp_path / "model.json"])

    assert found["text"] == "embedding(20,5,one).repeat(8).concatenate(8,9).lstm(9,seq)"
    assert found["inputs"] == [["x", [None, 8, 4]]]
    passed = parse_chain(found["text"]).passed(2, None)
    assert [[size.number for size in one.output] for one in passed] == [[2, 5], [2, 8, 5], [2, 8, 9], [2, 8, 9]]
    assert not any(one.misfit for one in passed)


def test_what_only_computes_masks_in_a_keras_model_is_no_layer_between_others(tmp_path: Path) -> None:
    """Keras 3 writes masks as layers and arguments; Keras 2 writes only those that are given as arguments."""

    def node(source: str) -> dict[str, Any]:
        return {"class_name": "__keras_tensor__", "config": {"keras_history": [source, 0, 0]}}

    def entry(kind: str, name: str, *sources: str, mask: str = "", **config: Any) -> dict[str, Any]:
        keywords = {"mask": node(mask)} if mask else {}
        calls = [{"args": [node(source) for source in sources], "kwargs": keywords}] if sources else []
        return {"class_name": kind, "config": {"name": name, **config}, "inbound_nodes": calls}

    layers = [
        entry("InputLayer", "given_mask"),
        entry("InputLayer", "ids", batch_shape=[None, 9]),
        entry("NotEqual", "not_equal", "ids"),
        entry("Embedding", "words", "ids", input_dim=7, output_dim=3),
        entry("Any", "any", "not_equal"),
        entry("LSTM", "lstm", "words", mask="any", units=4, return_sequences=True),
        entry("NotEqual", "other", "lstm"),
        entry("GRU", "gru", "lstm", mask="given_mask", units=2, reset_after=True),
        entry("Average", "ends", "gru", "other"),
    ]
    old = [
        {**one, "name": one["config"]["name"], "inbound_nodes": [[[source, 0, 0, mask] for source in sources]]}
        for one, sources, mask in zip(
            [layers[n] for n in (1, 2, 3, 5)],
            ([], ["ids"], ["ids"], ["words"]),
            ({}, {}, {}, {"mask": ["not_equal", 0, 0]}),
            strict=True,
        )
    ]
    for name, model in (("new", layers), ("old", old)):
        config = {"layers": model, "output_layers": [[model[-1]["config"]["name"], 0, 0]]}
        (tmp_path / name).write_text(json.dumps({"class_name": "Functional", "config": config}))

    new, two = read([tmp_path / "new", tmp_path / "old"])

    assert two["text"] == "input(9).embedding(7,3).lstm(4,seq)"
    assert new["text"] == "input(9).embedding(7,3).lstm(4,seq).other.elsewhere(9,4).gru(2).average(2)", (
        "a comparison that is computed with"
    )
    assert new["unknown"] == ["other (NotEqual)"]
    assert not [one for one in new["layers"] if "begins" in one]


def test_the_layers_of_a_saved_model_are_in_its_metadata(tmp_path: Path) -> None:
    """The decoder has an input of its own, and the states of the encoder."""

    def layer(kind: str, name: str, settings: dict[str, Any], *before: tuple[str, int]) -> dict[str, Any]:
        nodes = [[[source, 0, output, {}] for source, output in before]] if before else []
        return {"class_name": kind, "name": name, "config": {"name": name, **settings}, "inbound_nodes": nodes}

    def given(name: str, features: int) -> dict[str, Any]:
        shape = {"class_name": "__tuple__", "items": [None, None, features]}
        return layer("InputLayer", name, {"batch_input_shape": shape})

    encoder = layer("LSTM", "encoder", {"units": 5, "return_state": True}, ("x", 0))
    decoder = layer("LSTM", "decoder", {"units": 5}, ("y", 0), ("encoder", 1), ("encoder", 2))
    model = {"class_name": "Functional", "config": {"layers": [given("x", 6), encoder, given("y", 4), decoder]}}
    metadata = field(1, field(3, b"root") + field(5, json.dumps(model).encode()))
    (tmp_path / "keras_metadata.pb").write_bytes(metadata)
    (tmp_path / "model.zip").write_bytes(zipped({"m/saved_model.pb": b"", "m/keras_metadata.pb": metadata}))

    found = read(sorted(tmp_path.iterdir()))

    assert [one.get("text", one) for one in found] == ["lstm(6,5).elsewhere(?,4).lstm(5)"] * 2


def test_the_variables_of_a_saved_model_are_read(tmp_path: Path) -> None:
    def entry(name: bytes, value: bytes, shared: int = 0) -> bytes:
        return bytes([shared, len(name) - shared, len(value)]) + name[shared:] + value

    def block(entries: bytes) -> bytes:
        return entries + struct.pack("<II", 0, 1)

    def shape(*sizes: int) -> bytes:
        return field(2, b"".join(field(2, b"\x08" + varint(size)) for size in sizes))

    names = b"lstm/cell/kernel/.ATTRIBUTES/VARIABLE_VALUE", b"lstm/cell/recurrent_kernel/.ATTRIBUTES/VARIABLE_VALUE"
    data = block(entry(b"", b"") + entry(names[0], shape(3, 16)) + entry(names[1], shape(4, 16), len("lstm/cell/")))
    index = block(entry(b"z", b"\x00" + varint(len(data))))
    handles = (varint(0) + varint(0) + varint(len(data) + 5) + varint(len(index))).ljust(40, b"\0")
    content = data + bytes(5) + index + bytes(5) + handles + bytes.fromhex("57fb808b247547db")
    (tmp_path / "variables.index").write_bytes(content)
    (tmp_path / "model.zip").write_bytes(zipped({"saved_model.pb": b"", "variables/variables.index": content}))

    assert [one["text"] for one in read(sorted(tmp_path.iterdir()))] == ["lstm(3,4,seq,nobias)"] * 2


def test_a_layer_of_a_class_that_is_derived_from_that_of_keras_has_the_settings_of_the_file(tmp_path: Path) -> None:
    (found,) = read([RECORDED / "own_lstm3.keras"])

    classes = [(one.get("className"), "written" in one) for one in found["layers"]]
    assert [one["name"] for one in found["layers"][:2]] == ["middle/low", "top"]
    assert classes == [("OwnLSTM", True), ("OwnLSTM", True), (None, False)]
    assert [one["config"].get("return_sequences") for one in found["layers"]] == [True, False, None]
    assert found["isOrdered"] and not found["unknown"]

    with zipfile.ZipFile(RECORDED / "own_lstm3.keras") as file:
        members = {name: file.read(name) for name in file.namelist()}
    without = members["config.json"].replace(b'"return_sequences"', b'"returned"')
    (tmp_path / "file.keras").write_bytes(zipped(members | {"config.json": without}))
    (found,) = read([tmp_path / "file.keras"])
    assert not found["isOrdered"], "a layer of which the configuration does not say what it returns"


def test_weights_of_keras_have_the_names_of_their_layers_and_say_no_kind_that_is_not_clear() -> None:
    nested, tables = read([RECORDED / "nested.weights.h5", RECORDED / "tables.weights.h5"])

    assert [one["name"] for one in nested["layers"]] == ["backbone/low", "backbone/high", "head"]
    assert [one["name"] for one in tables["layers"]] == ["a", "c", "d"]
    assert tables["unknown"] == ["b/0"], "a matrix whose name tells neither an embedding nor a dense layer"
