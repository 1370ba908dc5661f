"""Model files, read by the scripts of the page in Node: real ones, our own weights, and hostile ones."""

import json
import subprocess
import zipfile
from math import prod
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hostile_files import field, hostile, safetensors_of, varint
from hostile_files import safetensors as safetensors_file
from node_reader import NODE, read, recurrent
from onnx import ModelProto
from small_model_files import RECORDED, in_this_order, node, onnx

from app.core.model.text import chain_text, parse_chain
from app.frameworks import FRAMEWORKS
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.web.exports.weight_files import arrays_of, npz, safetensors

OUTSIDE = RECORDED.with_name("outside_files")


FOUND = {
    "state.pt": "lstm(3,4,bi,seq,proj=2)",
    "whole.pt": "lstm(3,4,bi,seq,proj=2)",
    "legacy.pth": "embedding(5,4).lstm(3,bi,seq,layers=2).gru(2,seq).other.dense(2,3)",
    "projected.pt2": "input(5,3).lstm(3,4,bi,seq,proj=2)",
    "weighted.pt2": (
        "input(5,3).gru(3,4,seq,params=112).other(5,params=4).other(4,others,params=0).dense(2).other(2,params=1)"
    ),
    "shared.pt2": "input(9,3).gru(3,4,runs=2).dense(2,runs=2).other(params=0)",
    "mobile.ptl": "gru(3,4,seq).other(params=0).dense(20,2)",
    "frozen.pt": "lstm(3,4,bi,seq,proj=2)",
    "optimized.pt": "embedding(5,3).gru(4).dense(2)",
    "traced.pt": "embedding(5,4).lstm(3,bi,seq,layers=2).gru(2).dense(3)",
    "both_ways.pt": "input(t,3).step.gru_cell(4,runs=t).elsewhere(t,3).step.gru_cell(4,runs=t)"
    ".other(others,params=0).dense(8,2)",
    "activated.pt": (
        "convolution(params=40).other(params=0).convolution(params=39).other(params=0).lstm(3,4,seq).dense(2)"
    ),
    "decoding.pt": "input(t,3).step.lstm_cell(4,runs=t)"
    ".elsewhere.lstm_cell(1,4,runs=6).dense(1,runs=6).other(6,params=0)",
    "dropping.pt": "gru(3,4).dropout.dense(2)",
    "tagged.pt": "input(t,3).step.dense(5,runs=t).lstm_cell(4,runs=t).dense(2,runs=t).other(t,2,params=0)",
    "looped.pt": "input(t,3).step.gru_cell(4,runs=t).dense(2)",
    "last_state.pt": "lstm(3,4,layers=2).dense(2)",
    "own_layer3.keras": "embedding(5,4).gru(3,seq)",
    "own_cells3.keras": "input(9,4).other(9,6,own,params=54).other(2,own,params=20).dense(5)",
    "quantized.onnx": "input(6).embedding(5,4).lstm(3,bi,seq).lstm(3,bi,seq).gru(2,after).dense(3)",
    "loops.onnx": "input(5,3).gru(3,4,bi,seq,before,params=192).dense(7,matmul)",
    "quantized_all.onnx": (
        "input(2,3).gru(3,4,seq,after).gru(4,after).normalization(params=8).dense(5,gemm).dense(2,gemm)"
    ),
    "quantized.pt": "embedding(5,4).lstm(3,bi,seq,layers=2).gru(2,seq).other.dense(2,3)",
    "quantized3.keras": "input(6).embedding(5,4).lstm(3).dense(2)",
    "own_layer.weights.h5": "gru(3,4,seq)",
    "coding.weights.h5": "lstm(3,4,bi,seq).other.dense(8,5).other.lstm(5,6,seq).other.dense(6,3).other.dense(8,5)",
    "functional3.keras": "input(9,4).rnn(4,3).dense(2)",
    "functional3.h5": "input(9,4).rnn(4,3).dense(2)",
    "directions.tflite": "input(5,3).gru(3,4,bi).dense(7)",
    "stack.tflite": "input(5,3).lstm(3,4,seq).lstm(2)",
    "in_if.onnx": "lstm(3,4,seq,apart,back,nobias)",
    "computed.onnx": "lstm(3,4,seq,apart,back,nobias)",
    "in_function.onnx": "lstm(3,4,seq,nobias).lstm(4,seq,nobias)",
    "projected.onnx": "input(2,3).lstm(3,4,bi,seq,proj=2)",
    "dissolved.onnx": "input(4,3).rnn(3,4,seq).rnn(4).dense(2,gemm)",
    "feedback.onnx": "lstm(5,4,seq).step.dense(2,matmul,runs=3).other(params=0)",
    "words00.pt2": "input(5).embedding(9,3).step.lstm_cell(4,runs=5).dense(2,runs=5).other(5,2,params=0)",
    "words00.pt": "embedding(9,3).step.lstm_cell(4,runs=5).dense(2,runs=5).other(5,2,params=0)",
    "continued.pt": "gru(3,4,seq).dense(2).output",
    "ends.onnx": "input(5,3).gru(3,4,bi,seq,after).gru(4,bi,ends,after).other(8,params=0).dense(2,gemm)",
    "unrolled_masked.onnx": "embedding(7,4).gru(5,bi,sum,seq,before,params=300).rnn(3,nobias).dense(2,matmul)",
    "unrolled_shared.onnx": "input(2,2).gru(2,4,after,own,runs=2).other(params=0).dense(8,2,matmul)",
    "nested.weights.h5": "lstm(4,3,seq).gru(2,seq).other.dense(2,5)",
    "tables.weights.h5": "embedding(7,4).gru(3,seq).other.dense(3,2,nobias)",
    "own_lstm3.keras": "input(9,4).lstm(4,3,seq).lstm(2).dense(5)",
    "steps.onnx": "input(3,3).gru(3,4,seq,before,params=96).lstm(2,seq).rnn(2).dense(3,gemm)",
}
"""The recorded files of real frameworks, see tests/oracles/model_files_of.py, and the texts of their chains."""


QUERIES = (
    "",
    "num_units=1&features=3",
    "num_layers=2&bidirectional=true",
    "cell=gru_reset_after&num_units=7",
    "cell=rnn&bidirectional=true",
    "num_proj=3&num_layers=2",
)


def test_the_chains_of_real_files_are_found() -> None:
    files = sorted(RECORDED.iterdir())

    assert {file.name: one.get("text", one) for file, one in zip(files, read(files), strict=True)} == FOUND


def test_a_graph_may_have_its_numbers_in_another_file(tmp_path: Path) -> None:
    model = ModelProto.FromString((RECORDED / "ends.onnx").read_bytes())
    for array in model.graph.initializer:
        if len(array.dims) > 1:
            array.ClearField("raw_data")
            array.data_location = 1
            array.external_data.add(key="location", value="weights.data")
    (tmp_path / "model.onnx").write_bytes(model.SerializeToString())

    (found,) = read([tmp_path / "model.onnx"])

    assert found["text"] == FOUND["ends.onnx"]
    assert found["outside"]["names"] == ["weights.data"] and found["outside"]["count"] > 4


def test_a_page_of_the_web_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_text("\n<!DOCTYPE html>\n<html><title>404</title>")

    assert read([tmp_path / "model.onnx"])[0]["reason"] == "fileWebPage"


def test_every_text_of_a_chain_is_canonical() -> None:
    """Python writes the same text."""
    for text in FOUND.values():
        assert chain_text(parse_chain(text)) == text


def test_the_layers_of_our_own_weights_are_found(tmp_path: Path) -> None:
    expected: list[tuple[str, UrlState]] = []
    files: list[Path] = []
    for framework in set(FRAMEWORKS) - {"colah"}:  # which stores x and h in one kernel without a name
        for query in QUERIES:
            url_state = parse(parse_qsl(f"framework={framework}&{query}"), strict=False)
            if url_state.shown_model.unsupported or url_state.shown_model.framework.id != framework:
                continue
            for write in (npz, safetensors):
                files.append(tmp_path / f"{len(files)}.{write.__name__}")
                files[-1].write_bytes(write(arrays_of(url_state)))
                expected.append((framework, url_state))

    for (framework, url_state), one in zip(expected, read(files), strict=True):
        assert one["framework"] == framework, url_state
        layers = recurrent(one)
        assert layers[0]["features"] == url_state.features
        assert layers[0]["kind"] == url_state.cell.partition("_")[0]
        assert sum(layer["num_layers"] for layer in layers) == url_state.num_layers, url_state
        for layer in layers:
            assert (layer["num_units"], layer["num_proj"]) == (url_state.num_units, url_state.num_proj), url_state
            assert layer["bidirectional"] == url_state.bidirectional, url_state


def test_hostile_files_are_refused_with_a_reason(tmp_path: Path) -> None:
    samples, outside = ({file.name: file.read_bytes() for file in folder.iterdir()} for folder in (RECORDED, OUTSIDE))
    cases = list(hostile(samples, outside))
    for name, content, _ in cases:
        (tmp_path / name).write_bytes(content)

    found = read(tmp_path / name for name, *_ in cases)

    reasons = {name: (one.get("reason"), reason) for (name, _, reason), one in zip(cases, found, strict=True)}
    assert {name: pair for name, pair in reasons.items() if pair[0] != (pair[1] or pair[0]) or not pair[0]} == {}
    assert max(one["ms"] for one in found) < 600  # of processor time, on a machine that does other things as well


def test_of_an_incomplete_file_the_size_and_what_is_needed_are_named(tmp_path: Path) -> None:
    whole = {name: (RECORDED / name).read_bytes() for name in ("projected.onnx", "functional3.h5")}
    whole["file.safetensors"] = in_this_order(rnn__weight_ih_l0=[12, 3], rnn__weight_hh_l0=[12, 4])
    for name, content in whole.items():
        (tmp_path / name).write_bytes(content[: len(content) - 2])

    for name, found in zip(whole, read(tmp_path / name for name in whole), strict=True):
        assert found["reason"] == "fileTruncated", name
        assert found["values"] == {"size": len(whole[name]) - 2, "needed": len(whole[name])}, name


def test_of_an_archive_whose_end_is_missing_nothing_is_said_of_what_is_needed(tmp_path: Path) -> None:
    (tmp_path / "state.pt").write_bytes((RECORDED / "state.pt").read_bytes()[:-500])

    (found,) = read([tmp_path / "state.pt"])

    size = (tmp_path / "state.pt").stat().st_size
    assert (found["reason"], found["values"]) == ("fileCut", {"size": size})


@pytest.mark.parametrize("inner", ["state.pt", "functional3.keras"])
def test_the_end_of_an_archive_in_a_file_is_not_taken_for_that_of_the_file(tmp_path: Path, inner: str) -> None:
    """One of PyTorch has 64 bits for the place of its directory, others have 32."""
    with zipfile.ZipFile(tmp_path / "whole", "w") as archive:
        archive.writestr("model/models/model.json", "{}" * 99)
        archive.write(RECORDED / inner, "model/data/inner")
        archive.writestr("model/version", "1")
    (tmp_path / "cut").write_bytes((tmp_path / "whole").read_bytes()[:-40])

    (found,) = read([tmp_path / "cut"])

    assert (found["reason"], found["values"]) == ("fileCut", {"size": (tmp_path / "cut").stat().st_size})


def test_a_size_that_no_layer_has_is_not_shown_rounded(tmp_path: Path) -> None:
    np.savez(tmp_path / "file.npz", kernel=np.zeros((2, 2)))
    with zipfile.ZipFile(tmp_path / "file.npz") as archive:
        header = archive.read("kernel.npy")
    with zipfile.ZipFile(tmp_path / "file.npz", "w") as archive:
        archive.writestr("kernel.npy", header.replace(b"(2, 2), }", b"(99999999999999999999, 2), }"))
    header = json.dumps({"kernel": {"dtype": "F32", "shape": [10**20 - 1, 2], "data_offsets": [0, 8]}}).encode()
    (tmp_path / "file").write_bytes(safetensors_file(header) + bytes(8))

    found = read([tmp_path / "file.npz", tmp_path / "file"])

    assert [one["reason"] for one in found] == ["fileSize"] * 2
    assert [one["values"]["size"] for one in found] == ["99999999999999999999", "≈ 1.00e+20"]


def test_a_refusal_names_what_the_file_says(tmp_path: Path) -> None:
    """A negative size, no more bytes than are certainly needed, and the offsets that are wrong."""
    size = field(5, field(1, b"hidden_size") + b"\x18" + b"\xff" * 9 + b"\x01")
    (tmp_path / "0.onnx").write_bytes(b"\x08\x08" + field(7, field(1, field(2, b"y") + field(4, b"LSTM") + size)))
    (tmp_path / "1.safetensors").write_bytes(safetensors_file(b"{}", 2**39 + 1))
    right, wrong = ({"shape": [2, 2], "data_offsets": offsets} for offsets in ([0, 16], [-5, 16]))
    header = json.dumps({"weight_ih_lé": right, "weight_hh_l0": wrong}, ensure_ascii=False).encode()
    (tmp_path / "2.safetensors").write_bytes(safetensors_file(header) + bytes(16))

    values = [one["values"] for one in read(sorted(tmp_path.iterdir()))]

    at = 8 + header.rindex(b'"data_offsets"')
    assert values == [{"size": "-1"}, {"size": 10, "needed": 2**39 + 9}, {"format": "safetensors", "at": at}]


@pytest.mark.parametrize("length", [0x0208, 0x0480, 0x0300])
def test_the_length_of_a_header_is_not_taken_for_another_format(tmp_path: Path, length: int) -> None:
    """It begins as an ONNX model or a pickle does."""
    whole = in_this_order(rnn__weight_ih_l0=[12, 3], rnn__weight_hh_l0=[12, 4])
    size = 8 + int.from_bytes(whole[:8], "little")
    (tmp_path / "file").write_bytes(safetensors_file(whole[8:size].ljust(length)) + whole[size:])

    assert read([tmp_path / "file"])[0]["text"] == "gru(3,4,seq,nobias)"


def test_an_array_that_safetensors_has_under_one_of_its_names_has_the_others(tmp_path: Path) -> None:
    shapes = {"out__bias": [9], "out__weight": [9, 3], "rnn__weight_hh_l0": [16, 4], "rnn__weight_ih_l0": [16, 3]}
    whole = in_this_order(**shapes)
    header, _, numbers = whole[8:].partition(b"}}")
    described = json.loads(header + b"}}")
    described["__metadata__"] = {"words.embedding.weight": "out.weight", "format": "pt"}
    (tmp_path / "tied").write_bytes(safetensors_file(json.dumps(described).encode()) + numbers)

    (found,) = read([tmp_path / "tied"])

    assert found["text"] == "embedding(9,3).lstm(4,seq,nobias).other.dense(3,9,params=9)"
    assert found["shared"] == [["out.weight", "words.embedding.weight"]]


def test_another_activation_than_tanh_is_found(tmp_path: Path) -> None:
    relu = {"class_name": "LSTM", "config": {"units": 4, "activation": "relu"}}
    own = {"class_name": "GRU", "config": {"units": 4, "activation": {"class_name": "Own", "config": {}}}}
    hard = {"class_name": "LSTM", "config": {"units": 4, "recurrent_activation": "hard_sigmoid"}}
    model = {
        "class_name": "Sequential",
        "config": {"layers": [relu, own, {"class_name": "LSTM", "config": {"units": 4}}, hard]},
    }
    (tmp_path / "model.json").write_text(json.dumps(model))
    activations = field(5, field(1, b"activations") + field(9, b"Relu"))
    (tmp_path / "rnn.onnx").write_bytes(onnx(node(b"RNN", "x W R", "y", activations), "W R"))
    of_gates = field(
        5, field(1, b"activations") + b"".join(field(9, one) for one in (b"HardSigmoid", b"Tanh", b"Tanh"))
    )
    (tmp_path / "lstm.onnx").write_bytes(onnx(node(b"LSTM", "x W R", "y", of_gates), "W R"))

    found = read(tmp_path / name for name in ("model.json", "rnn.onnx", "lstm.onnx"))

    layers = [layer for one in found for layer in one["layers"]]
    assert [layer["config"].get("activation") for layer in layers] == ["relu", "Own", None, None, "relu", None]
    gates = [layer["config"].get("recurrent_activation") for layer in layers]
    assert gates == [None, None, None, "hard_sigmoid", None, "hardsigmoid"]


def test_what_a_file_has_between_its_layers_and_after_them_is_named() -> None:
    coding, directions = read(RECORDED / name for name in ("coding.weights.h5", "directions.tflite"))

    assert coding["bare"] == ["gaussian_noise", "repeat_vector"] and coding["unknown"] == []
    assert directions["lastOperators"] == directions["functions"] == ["RELU", "SOFTMAX"]


def test_the_operations_of_an_exported_program_are_named_also_those_that_keep_the_axes() -> None:
    """The nodes of torch.export before the last layer."""
    path = RECORDED / "weighted.pt2"
    with zipfile.ZipFile(path) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith("models/model.json"))
        nodes = json.loads(archive.read(name))["graph_module"]["graph"]["nodes"]
    called = [node["target"].split(".")[3] for node in nodes if node["target"].startswith("torch.ops.aten.")]
    between = dict.fromkeys(called[: called.index("linear")])

    (found,) = read([path])

    assert found["operators"] == [one for one in between if one not in ("gru", "contiguous")]
    assert found["functions"] == ["softmax"]


def test_convolutions_and_normalizations_are_in_the_chain(tmp_path: Path) -> None:
    """With their parameters: 16 in each matrix."""
    steps = [
        node(b"Conv", "n W K", "c"),
        node(b"LSTM", "c W R", "h"),
        node(b"LayerNormalization", "h W R", "l"),
        node(b"MatMul", "l D", "z"),
        node(b"MatMul", "z D", "again"),
    ]
    (tmp_path / "model.onnx").write_bytes(onnx(b"".join(steps), "W R K D"))
    rnn = {"rnn__weight_ih_l0": [16, 3], "rnn__weight_hh_l0": [16, 4]}
    others = {"norm__weight": [4], "norm__bias": [4], "fc__weight": [5, 4], "fc__bias": [5], "rest": [6, 6]}
    (tmp_path / "arrays").write_bytes(in_this_order(**rnn, **others))

    graph, arrays = read([tmp_path / "model.onnx", tmp_path / "arrays"])

    kinds = ["convolution", "lstm", "normalization", "dense"]  # one that is used again is one layer
    assert [one["kind"] for one in graph["layers"]] == kinds
    assert [one["config"].get("parameters") for one in graph["layers"]] == [32, None, 32, None]
    assert [one["follows"] for one in graph["layers"][:3]] == [False, True, True]
    assert arrays["text"] == "lstm(3,4,seq,nobias).other(params=36).normalization(params=8).dense(4,5)"


def test_of_a_large_file_few_bytes_are_read(tmp_path: Path) -> None:
    """The arrays are holes in the files."""
    shapes = {"rnn.weight_ih_l0": [4 * 1024, 5080], "rnn.weight_hh_l0": [4 * 1024, 1024]}
    size = 4 * sum(map(prod, shapes.values()))
    node = b"".join(field(number, text) for number, text in ((1, b"X"), (1, b"W"), (1, b"R"), (2, b"Y"), (4, b"LSTM")))
    weights = b"\x08\x01\x08\x80\x20\x08\x80\x08" + field(8, b"R") + b"\x4a" + varint(size)
    initializer = b"\x2a" + varint(len(weights) + size) + weights
    graph = field(1, node) + initializer
    starts = {
        "large.safetensors": safetensors_of(shapes)[:-size],
        "large.onnx": b"\x08\x08\x3a" + varint(len(graph) + size) + graph,
    }
    for name, start in starts.items():
        with (tmp_path / name).open("wb") as file:
            file.write(start)
            file.truncate(len(start) + size)

    first, second = read(tmp_path / name for name in starts)

    assert (first["text"], second["text"]) == ("lstm(5080,1024,seq,nobias)", "lstm(1024,seq,nobias)")
    assert max(first["bytesRead"], second["bytesRead"]) < 20_000


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.full)])
def test_every_changed_file_is_read_or_refused_in_little_time_and_memory(count: int) -> None:
    run = subprocess.run(
        [NODE, "--max-old-space-size=200", Path(__file__).with_name("fuzz_files.js"), RECORDED, str(count), str(count)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout)
    assert sum(found["reasons"].values()) == count
    assert found["memory"] < 256_000_000
    assert found["slowest"] < 2000  # ms, on a machine that does other things as well


@pytest.mark.parametrize("text", ["import torch\n", "class Net: ...\n", '{"cells": []}', "é" * 2000])
def test_code_is_not_taken_for_a_model_file(tmp_path: Path, text: str) -> None:
    (tmp_path / "code.py").write_text(text)

    assert read([tmp_path / "code.py"])[0].get("isText")
