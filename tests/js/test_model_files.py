"""Model files, read by the scripts of the page in Node: real ones, our own weights, and hostile ones."""

import json
import pickle
import re
import struct
import subprocess
import zipfile
from math import prod
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hostile_files import field, hostile, stored, varint, zipped
from hostile_files import safetensors as safetensors_file
from node_reader import NODE, read, recurrent
from onnx import ModelProto, TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

from app.core.model.text import chain_text, parse_chain
from app.frameworks import FRAMEWORKS
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture.model.picture_of_model import named_layers
from app.web.exports.weight_files import arrays_of, npz, safetensors

RECORDED = Path(__file__).parent / "model_files"

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
    "mobile.ptl": "gru(3,4,seq).other.dense(20,2)",
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
    "quantized_all.onnx": "input(2,3).gru(3,4,seq,after).gru(4,after).dense(5,gemm).dense(2,gemm)",
    "quantized.pt": "embedding(5,4).lstm(3,bi,seq,layers=2).gru(2,seq).other.dense(2,3)",
    "quantized3.keras": "input(6).embedding(5,4).lstm(3).dense(2)",
    "own_layer.weights.h5": "gru(3,4,seq)",
    "coding.weights.h5": "lstm(3,4,bi,seq).other.dense(8,5).other.lstm(5,6,seq).other.dense(6,3).other.dense(8,5)",
    "functional3.keras": "input(9,4).rnn(4,3).dense(2)",
    "functional3.h5": "input(9,4).rnn(4,3).dense(2)",
    "directions.tflite": "input(5,3).gru(3,4,bi).dense(7)",
    "stack.tflite": "input(5,3).lstm(3,4,seq).lstm(2,seq)",
    "in_if.onnx": "lstm(3,4,seq,apart,back,nobias)",
    "computed.onnx": "lstm(3,4,seq,apart,back,nobias)",
    "in_function.onnx": "lstm(3,4,seq,nobias).lstm(4,seq,nobias)",
    "projected.onnx": "input(2,3).lstm(3,4,bi,seq,proj=2)",
    "dissolved.onnx": "input(4,3).rnn(3,4,seq).rnn(4).dense(2,gemm)",
    "feedback.onnx": "lstm(5,4).other(params=0).dense(4,2,matmul,runs=3).other(params=0)",
    "words00.pt2": "input(5).embedding(9,3).step.lstm_cell(4,runs=5).dense(2,runs=5).other(5,2,params=0)",
    "words00.pt": "embedding(9,3).step.lstm_cell(4,runs=5).dense(2,runs=5).other(5,2,params=0)",
    "continued.pt": "gru(3,4,seq).dense(2).output",
    "ends.onnx": "input(5,3).gru(3,4,bi,seq,after).gru(4,bi,ends,after).other(8,params=0).dense(2,gemm)",
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


def test_the_code_of_torchscript_says_how_layers_are_connected_and_which_axis_is_the_batch() -> None:
    traced, scripted, *frozen = read(
        RECORDED / name for name in ("traced.pt", "last_state.pt", "frozen.pt", "optimized.pt")
    )

    assert [one["config"]["batch_first"] for one in traced["layers"] if "batch_first" in one["config"]] == [True, True]
    assert scripted["layers"][0]["config"]["batch_first"] is False
    assert traced["isOrdered"] and scripted["isOrdered"]
    assert all(one["isOrdered"] for one in frozen), "their weights are constants of the code"


def test_a_program_says_which_axis_its_loop_takes_the_steps_from() -> None:
    exported, traced = read(RECORDED / name for name in ("words00.pt2", "words00.pt"))

    assert exported["isBatchFirst"] and traced["isBatchFirst"], "both take the places of the second axis"
    assert (exported["batch"], exported["isComplete"]) == (3, True)
    for found in (exported, traced):
        assert [one.get("runs", 1) for one in found["layers"]] == [1, 5, 5]


def test_torchscript_says_which_states_it_gets_and_returns() -> None:
    (found,) = read([RECORDED / "continued.pt"])

    assert found["layers"][0]["begins"] == ["state"]
    assert found["inputs"] == [["state", ["..."]]] and found["outputs"] == [["rnn", ["..."], "h"]]


def test_what_takes_some_of_several_states_reads_only_the_layers_that_have_them() -> None:
    """The last states of both directions of the upper layer, of those of two layers."""
    (found,) = read([RECORDED / "ends.onnx"])

    assert "reads" not in found["layers"][-1], "it reads the layer before it alone"
    assert found["isComplete"], "what is between them has no parameters"


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


def test_a_layer_after_branches_reads_those_of_both(tmp_path: Path) -> None:
    value, make = helper.make_tensor_value_info, helper.make_node
    shapes = {"W": [1, 24, 4], "R": [1, 24, 6], "V": [1, 18, 4], "S": [1, 18, 6], "D": [6, 3]}
    weights = [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in shapes.items()]
    kinds = {"LSTM": "x W R", "GRU": "x V S"}
    branches = [
        helper.make_graph(
            [make(kind, inputs.split(), ["", kind], kind, hidden_size=6)], kind, [], [value(kind, 1, [1, 2, 6])]
        )
        for kind, inputs in kinds.items()
    ]
    nodes = [
        make("If", ["flag"], ["h"], then_branch=branches[0], else_branch=branches[1]),
        make("MatMul", ["h", "D"], ["z"], "head"),
    ]
    given = [value("x", TensorProto.FLOAT, [5, 2, 4]), value("flag", TensorProto.BOOL, [])]
    graph = helper.make_graph(nodes, "graph", given, [value("z", TensorProto.FLOAT, [1, 2, 3])], weights)
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file"])

    assert sorted(found["layers"][-1]["reads"]) == ["GRU", "LSTM"]
    branches_of = {one["name"]: one.get("branch") for one in found["layers"]}
    lstm, gru = ({"name": name, "of": "h"} for name in ("then_branch", "else_branch"))
    assert branches_of == {"LSTM": lstm, "GRU": gru, "head": None}, "only one of the two runs"
    assert found["inputs"] == [["flag", []]]


def test_the_state_of_an_optimizer_is_no_model(tmp_path: Path) -> None:
    state = dictionary(state=b"}", param_groups=b"]")
    (tmp_path / "file").write_bytes(b"\x80\x02" + state + b".")

    assert read([tmp_path / "file"])[0]["reason"] == "fileOptimizer"


def test_a_page_of_the_web_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_text("\n<!DOCTYPE html>\n<html><title>404</title>")

    assert read([tmp_path / "model.onnx"])[0]["reason"] == "fileWebPage"


def test_a_loop_in_the_code_of_torchscript_is_said_and_what_it_takes_from_the_input(tmp_path: Path) -> None:
    """The input of the cell is one step of the input of the model."""
    (looped,) = read([RECORDED / "looped.pt"])

    part, cell, *_ = looped["layers"]
    assert (part["kind"], cell["kind"], cell["isLooped"]) == ("step", "gru_cell", True)
    assert looped["input"] == ["t", 3] and looped["isBatchFirst"] is False, "the steps are the first axis"

    with zipfile.ZipFile(RECORDED / "looped.pt") as old, zipfile.ZipFile(tmp_path / "five.pt", "w") as new:
        for name in old.namelist():
            new.writestr(name, re.sub(rb"in range\(.*\):", b"in range(5):", old.read(name)))
    (five,) = read([tmp_path / "five.pt"])
    assert five["layers"][1]["runs"] == 5 and "isLooped" not in five["layers"][1]

    with zipfile.ZipFile(RECORDED / "looped.pt") as old, zipfile.ZipFile(tmp_path / "each.pt", "w") as new:
        for name in old.namelist():
            code = b"for i in range(4):\n      y = (head).forward(h0, )\n    return y"
            new.writestr(name, old.read(name).replace(b"return (head).forward(h0, )", code))
    (each,) = read([tmp_path / "each.pt"])
    assert each["text"].endswith("gru_cell(4,runs=t).dense(2,runs=4).other(2,params=0)"), "the output of the last run"

    with zipfile.ZipFile(RECORDED / "looped.pt") as old, zipfile.ZipFile(tmp_path / "some.pt", "w") as new:
        for name in old.namelist():
            code = b"for i in range(4):\n      if torch.eq(i, 1):\n        y = (head).forward(h0, )\n    return h0"
            new.writestr(name, old.read(name).replace(b"return (head).forward(h0, )", code))
    assert "dense(4,2,runs=?)" in read([tmp_path / "some.pt"])[0]["text"], "only some runs of the loop call it"

    texts = []
    for is_fixed in (True, False):
        again = b"h0 = (cell).forward(torch.select(x, 0, 0), h0, )\n    return (head).forward(h0, )"
        with zipfile.ZipFile(RECORDED / "looped.pt") as old, zipfile.ZipFile(tmp_path / "again.pt", "w") as new:
            for name in old.namelist():
                code = re.sub(rb"in range\(.*\):", b"in range(3):", old.read(name)) if is_fixed else old.read(name)
                new.writestr(name, code.replace(b"return (head).forward(h0, )", again))
        texts.append(read([tmp_path / "again.pt"])[0]["text"])
    assert texts == [f"input(t,3).step.gru_cell(4,runs={runs}).dense(2)" for runs in "4?"], "once more after the loop"


def test_cells_in_scripted_loops_have_the_sources_that_the_code_gives_them() -> None:
    """One reads the same input as the cell before it; another begins with its states, and reads its own predictions."""
    both_ways, decoding, tagged = read(RECORDED / name for name in ("both_ways.pt", "decoding.pt", "tagged.pt"))

    def said(found: dict[str, Any]) -> dict[str, tuple[bool, object, object, object]]:
        names = ("reads", "begins", "continues")
        return {one["name"]: (one["follows"], *map(one.get, names)) for one in found["layers"] if one["kind"] != "step"}

    assert said(both_ways) == {
        "there": (True, None, None, True),
        "back": (False, ["x"], None, True),
        "head": (False, ["there", "back"], None, None),
    }
    assert said(decoding) == {
        "encoder": (True, None, None, True),
        "decoder": (False, ["x", "head"], ["encoder"], True),
        "head": (True, None, None, None),
    }
    assert {follows for follows, *_ in said(tagged).values()} == {True}, "nothing is between its layers"


def test_a_dropout_of_all_steps_of_which_one_goes_on_is_named_without_a_place() -> None:
    (found,) = read([RECORDED / "dropping.pt"])

    assert [one["name"] for one in found["layers"]] == ["rnn", "of_last", "head"]
    assert found["bare"] == ["of_all (Dropout)"]


@pytest.mark.parametrize("levels", [1, 30, 60])
def test_loops_in_each_other_are_followed_to_a_limit(tmp_path: Path, levels: int) -> None:
    """Each of them is followed twice, so that many levels would take forever."""
    loops = "".join(f"{'  ' * (n + 2)}for i{n} in range(3):\n" for n in range(levels))
    code = f"{loops}{'  ' * (levels + 2)}y = (head).forward(h0, )\n    return y"
    with zipfile.ZipFile(RECORDED / "looped.pt") as old, zipfile.ZipFile(tmp_path / "file.pt", "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"return (head).forward(h0, )", code.lstrip().encode()))

    (found,) = read([tmp_path / "file.pt"])

    assert found["isOrdered"] is (levels == 1) and found["ms"] < 1000


def test_code_that_calls_itself_or_is_no_code_is_not_followed(tmp_path: Path) -> None:
    for n, body in enumerate(("return (self).forward((self).forward(x, ), )", "return " + "(" * 5000, "def def ] = [")):
        with zipfile.ZipFile(RECORDED / "traced.pt") as old, zipfile.ZipFile(tmp_path / f"{n}.pt", "w") as new:
            for name in old.namelist():
                code = old.read(name)
                if name.endswith("/code/__torch__/torch_modules.py"):
                    head, _, _ = code.decode().partition("    gru = ")
                    code = (head + "    " + body + "\n").encode()
                new.writestr(name, code)

    for found in read(sorted(tmp_path.iterdir())):
        assert not found["isOrdered"] and found["hasCode"]
        assert found["text"].startswith("embedding(5,4).lstm(3,bi,seq,layers=2)")


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


def test_modules_of_other_classes_than_those_of_pytorch_are_named(tmp_path: Path) -> None:
    rnn = dictionary(weight_ih_l0=tensor(12, 3), weight_hh_l0=tensor(12, 4))
    gru = b"ctorch.nn.modules.rnn\nGRU\n)\x81" + dictionary(_parameters=rnn) + b"b"
    cell = b"c__main__\nOwnCell\n)\x81" + dictionary(_modules=dictionary(inner=gru)) + b"b"
    model = b"c__main__\nNet\n)\x81" + dictionary(_modules=dictionary(cell=cell)) + b"b"
    (tmp_path / "file").write_bytes(b"\x80\x02" + model + b".")

    assert read([tmp_path / "file"])[0]["ownClasses"] == ["cell (OwnCell)"]


def module(name: str, **state: bytes) -> bytes:
    """A module of PyTorch, or of another class, in a pickle."""
    path, _, own = name.rpartition(".")
    return f"c{path}\n{own}\n".encode() + b")\x81" + dictionary(**state) + b"b"


def test_the_modules_of_a_sequential_run_one_after_the_other(tmp_path: Path) -> None:
    """What a class of its own, and a recurrent layer with its states, gives to the module after it is not known."""
    nn = "torch.nn.modules"
    weights = {"weight_ih_l0": tensor(18, 4), "weight_hh_l0": tensor(18, 6)}
    gru = module(f"{nn}.rnn.GRU", _parameters=dictionary(**weights))
    own = module("__main__.Own", _parameters=dictionary(**weights))
    dense = {
        size: module(f"{nn}.linear.Linear", _parameters=dictionary(weight=tensor(*size), bias=tensor(size[0])))
        for size in ((4, 4), (4, 6))
    }
    tanh, same, pool = (module(f"{nn}.{name}") for name in ("activation.Tanh", "linear.Identity", "pooling.MaxPool1d"))

    def sequence(*modules: bytes) -> bytes:
        return module(
            f"{nn}.container.Sequential", _modules=dictionary(**{str(n): one for n, one in enumerate(modules)})
        )

    models = {
        "known": sequence(dense[4, 4], sequence(tanh, same, gru)),
        "own": sequence(dense[4, 4], pool, own, tanh, dense[4, 6]),
        "inside": module("__main__.Net", _modules=dictionary(body=sequence(dense[4, 4], gru))),
    }
    for name, model in models.items():
        (tmp_path / name).write_bytes(b"\x80\x02" + model + b".")

    known, own_class, inside = read(tmp_path / name for name in models)

    assert known["text"] == "dense(4,4).activation.gru(6,seq,nobias)" and known["isOrdered"]
    assert [one["name"] for one in known["layers"]] == ["0", "1.0", "1.2"] and "bare" not in known
    text = "dense(4,4).other(params=0).gru(4,6,seq,nobias,params=180).other(params=0).activation.dense(6,4)"
    assert own_class["text"] == text and own_class["ownClasses"] == ["2 (Own)"]
    assert [one["follows"] for one in own_class["layers"]] == [False, True, False, False, True]
    assert [one["name"] for one in own_class["layers"] if "written" in one] == ["2"], "it inherits from nn.GRU"
    assert not inside["isOrdered"], "another class may run its modules in any order"


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


def arrays(**shapes: list[int]) -> bytes:
    """A .safetensors file. Names have __ for the dots in them."""
    return safetensors_file(
        json.dumps(
            {
                name.replace("__", "."): {"dtype": "F32", "shape": shape, "data_offsets": [0, 0]}
                for name, shape in shapes.items()
            }
        ).encode()
    )


def in_this_order(**shapes: list[int]) -> bytes:
    """A .safetensors file whose arrays are one after the other."""
    header = json.loads(arrays(**shapes)[8:])
    for n, entry in enumerate(header.values()):
        entry["data_offsets"] = [n, n + 1]
    return safetensors_file(json.dumps(header).encode()) + bytes(len(header))


@pytest.mark.parametrize("length", [0x0208, 0x0480, 0x0300])
def test_the_length_of_a_header_is_not_taken_for_another_format(tmp_path: Path, length: int) -> None:
    """It begins as an ONNX model or a pickle does."""
    header = arrays(rnn__weight_ih_l0=[12, 3], rnn__weight_hh_l0=[12, 4])[8:]
    (tmp_path / "file").write_bytes(safetensors_file(header.ljust(length)))

    assert read([tmp_path / "file"])[0]["text"] == "gru(3,4,seq,nobias)"


OWN_ARRAYS: dict[str, dict[str, tuple[int, ...]]] = {
    "lstm(3,5,seq)": {"W": (3, 20), "U": (5, 20), "b": (20,)},
    "lstm(3,5,seq,nobias)": {f"{w}_{gate}": (5, n) for gate in "ifco" for w, n in (("W", 3), ("U", 5))},
    "lstm(4,5,seq,params=185).other(params=10)": {
        **{f"W{gate}": (5, 9) for gate in "fico"},
        "Wy": (2, 5),
        "bf": (5, 1),
    },
    "gru(3,5,seq)": {f"{w}_{a}{b}": (n, 5) for b in "zrh" for w, a, n in (("W", "x", 3), ("W", "h", 5), ("b", "", 1))},
    "rnn(3,5,seq).other.dense(5,2)": {"Wxh": (5, 3), "Whh": (5, 5), "Why": (2, 5), "bh": (5, 1), "by": (2, 1)},
    "rnn(3,5,seq,nobias).other(params=10)": {"Wax": (5, 3), "Waa": (5, 5), "Wya": (2, 5)},
    "gru(3,5,seq,nobias)": {"encoder_Wx": (3, 15), "encoder_Wh": (5, 15)},
    "lstm(3,4,seq).other.dense(4,2)": {
        "rnn_recurrent_kernel": (4, 16),
        "rnn_kernel": (3, 16),
        "rnn_bias": (16,),
        "dense_kernel": (4, 2),
        "dense_bias": (2,),
    },
    "rnn(3,4,seq,nobias).lstm(2,bi,seq).other.dense(4,5)": {
        f"arr_{n}": shape for n, shape in enumerate([(3, 4), (4, 4), *[(4, 8), (2, 8), (8,)] * 2, (4, 5), (5,)])
    },
    "lstm(4,4,seq).lstm(4,seq).other.dense(4,5)": {
        f"arr_{n}": shape for n, shape in enumerate([*[(4, 16), (4, 16), (16,)] * 2, (4, 5), (5,)])
    },
    "embedding(9,3).gru(5,seq).other.dense(5,2)": {
        f"arr_{n}": shape for n, shape in enumerate([(9, 3), (3, 15), (5, 15), (2, 15), (5, 2), (2,)])
    },
}
"""Arrays of programs in NumPy, with the names of equations or with numbers, and the text of their chain."""


def test_arrays_with_names_of_ones_own_are_layers(tmp_path: Path) -> None:
    for n, shapes in enumerate(OWN_ARRAYS.values()):
        arrays: dict[str, Any] = {name: np.zeros(shape) for name, shape in shapes.items()}
        np.savez(tmp_path / f"{n}.npz", **arrays)

    found = read(tmp_path / f"{n}.npz" for n in range(len(OWN_ARRAYS)))

    assert [one.get("text", one) for one in found] == list(OWN_ARRAYS)
    for one, shapes in zip(found, OWN_ARRAYS.values(), strict=True):
        assert known_parameters(one) == sum(map(prod, shapes.values())), one["text"]
        written = [layer["written"] for layer in one["layers"] if "written" in layer]
        assert all(each.get("isOfProgram") for each in written), "no class is known of arrays in NumPy"


def test_a_recurrent_layer_that_somebody_has_written_has_the_arrays_of_its_file(tmp_path: Path) -> None:
    """Their numbers are those of the file, and its vectors belong to it: biases and peepholes."""
    matrices: dict[str, tuple[int, ...]] = {"cell.weight_ih": (16, 3), "cell.weight_hh": (16, 4)}
    files: dict[str, dict[str, tuple[int, ...]]] = {
        "gates": {f"cell.{w}_{g}": s for g in "ifco" for w, s in (("W", (3, 4)), ("U", (4, 4)), ("b", (4,)))},
        "one matrix": {"cell.W": (3, 16), "cell.U": (4, 16), "cell.bias": (16,)},
        "peepholes": matrices | {"cell.bias": (16,)} | {f"cell.w_c{gate}": (4,) for gate in "ifo"},
        "normalized": matrices | {f"cell.norm.{name}": (16,) for name in ("weight", "bias")},
        "usual": matrices | {f"cell.bias_{name}": (16,) for name in ("ih", "hh")},
    }
    for n, shapes in enumerate(files.values()):
        arrays = {name: tensor(*shape) for name, shape in ({"fc.weight": (2, 4)} | shapes).items()}
        (tmp_path / str(n)).write_bytes(b"\x80\x02" + dictionary(**arrays) + b".")

    found = dict(zip(files, read(tmp_path / str(n) for n in range(len(files))), strict=True))

    for name, shapes in files.items():
        assert known_parameters(found[name]) == 8 + sum(map(prod, shapes.values())), name
    texts = {name: next(piece for piece in one["text"].split(".") if "lstm" in piece) for name, one in found.items()}
    assert texts == {
        "gates": "lstm(3,4,seq,params=128)",
        "one matrix": "lstm(3,4,seq,params=128)",
        "peepholes": "lstm_cell(3,4,params=140)",
        "normalized": "lstm_cell(3,4,nobias,params=144)",
        "usual": "lstm_cell(3,4)",
    }
    written = {name: [layer["written"] for layer in one["layers"] if "written" in layer] for name, one in found.items()}
    assert written["peepholes"][0]["names"] == ["bias", "w_ci", "w_cf", "w_co"] and not found["peepholes"]["unknown"]
    assert written["normalized"] and not written["usual"]
    assert not any(each.get("isOfProgram") for some in written.values() for each in some)


def known_parameters(found: dict[str, Any]) -> int:
    """The sum of the parameters that a page says of the layers of a file."""
    framework = FRAMEWORKS[found["framework"]]
    layers = named_layers(parse_chain(found["text"]), framework, None, None, time_major=True)
    return sum(one.count.value or 0 for one in layers)


class Shapes(pickle.Unpickler):
    """The sizes of the tensors in a pickle of PyTorch, by storage, without what else it would make."""

    def __init__(self, file: Any) -> None:
        super().__init__(file)
        self.sizes: dict[Any, int] = {}

    def persistent_load(self, pid: Any) -> Any:
        return pid[2]

    def find_class(self, module: str, name: str) -> Any:
        if name == "OrderedDict":
            return type(name, (dict,), {"__setstate__": lambda *_: None})
        if name == "_rebuild_tensor_v2":
            return lambda storage, offset, shape, *others: self.sizes.update({(storage, offset): prod(shape)})
        return type(name, (), {"__new__": lambda cls, *arguments: object.__new__(cls), "__setstate__": lambda *_: None})


def numbers_in(file: Path) -> int:
    """The numbers of a file that are trained, as another reader finds them."""
    if file.suffix == ".onnx":
        arrays = ModelProto.FromString(file.read_bytes()).graph.initializer
        return sum(prod(array.dims) for array in arrays if array.data_type == TensorProto.FLOAT)
    with zipfile.ZipFile(file) as archive:
        [name] = (name for name in archive.namelist() if name.endswith("data.pkl"))
        with archive.open(name) as pickled:
            shapes = Shapes(pickled)
            shapes.load()
    return sum(shapes.sizes.values())


WITH_ALL_ARRAYS = [
    "state.pt",
    "whole.pt",
    "traced.pt",
    "looped.pt",
    "last_state.pt",
    "words00.pt",
    "continued.pt",
    "ends.onnx",
    "steps.onnx",
]
"""The recorded files whose arrays are those of the model as it was made."""


@pytest.mark.parametrize("name", WITH_ALL_ARRAYS)
def test_the_known_parameters_of_a_chain_are_all_arrays_of_its_file(name: str) -> None:
    (found,) = read([RECORDED / name])

    assert known_parameters(found) == numbers_in(RECORDED / name) > 0


def test_a_matrix_before_a_layer_that_takes_its_columns_is_an_embedding(tmp_path: Path) -> None:
    """In many programs it is called encoder."""
    rnn = {"rnn__weight_ih_l0": [12, 3], "rnn__weight_hh_l0": [12, 4]}
    (tmp_path / "table").write_bytes(in_this_order(encoder__weight=[9, 3], **rnn))
    (tmp_path / "other").write_bytes(in_this_order(encoder__weight=[3, 9], **rnn))

    table, other = read([tmp_path / "table", tmp_path / "other"])

    assert table["text"] == "embedding(9,3).gru(4,seq,nobias)"
    of_model = {"gamma": [1], "queries__weight": [9, 7]}  # parameters of no layer, and a table that does not fit
    (tmp_path / "file").write_bytes(in_this_order(encoder__weight=[9, 3], **of_model, **rnn))
    (found,) = read([tmp_path / "file"])
    assert found["text"] == "embedding(9,3).gru(4,seq,nobias).other(params=64)"
    assert (other["text"], other["unknown"]) == ("dense(9,3,nobias).gru(4,seq,nobias)", [])


def test_matrices_without_a_bias_are_dense_layers_where_they_fit_what_comes_after_them(tmp_path: Path) -> None:
    """As in the prenet of Tacotron 2: what a cell gets beside them is not known."""
    cell = {"cell__weight_ih": [12, 8], "cell__weight_hh": [12, 4]}
    prenet = {"prenet__0__weight": [5, 3], "prenet__2__weight": [5, 5]}
    files = {
        "a": prenet | {"cell__weight_ih": [12, 5], "cell__weight_hh": [12, 4]},
        "b": prenet | cell,
        "c": {"prenet__0__weight": [5, 3], "prenet__2__weight": [7, 6]} | cell,
    }
    for name, shapes in files.items():
        arrays = {own.replace("__", "."): tensor(*shape) for own, shape in shapes.items()}
        (tmp_path / name).write_bytes(b"\x80\x02" + dictionary(**arrays) + b".")

    fitting, in_list, other = read(sorted(tmp_path.iterdir()))

    assert fitting["text"] == "dense(3,5,nobias).dense(5,nobias).gru_cell(4,nobias).other"
    assert in_list["text"] == "dense(3,5,nobias).dense(5,nobias).other.gru_cell(8,4,nobias).other"
    assert other["text"] == "other(params=15).other(params=42).gru_cell(8,4,nobias).other", "where the file has them"


def test_a_head_whose_matrix_is_left_out_has_that_of_the_embedding(tmp_path: Path) -> None:
    """Files of several parts do not repeat an array."""
    lm = {"embed__weight": [9, 3], "rnn__weight_ih_l0": [12, 3], "rnn__weight_hh_l0": [12, 3]}
    (tmp_path / "a").write_bytes(in_this_order(**lm, head__bias=[9]))
    (tmp_path / "b").write_bytes(in_this_order(**lm, head__bias=[7]))

    tied, other = read([tmp_path / "a", tmp_path / "b"])

    assert tied["text"] == "embedding(9,3).lstm(3,seq,nobias).other.dense(3,9,params=9)"
    assert tied["layers"][-1]["tiedTo"] == "embed" and tied["unknown"] == []
    assert other["unknown"] == ["head.bias"]


def test_two_lists_of_modules_may_alternate(tmp_path: Path) -> None:
    rnns = {f"rnns__{n}__{name}": [12, 4] for n in (0, 1) for name in ("weight_ih_l0", "weight_hh_l0")}
    (tmp_path / "a").write_bytes(in_this_order(**rnns))
    (tmp_path / "b").write_bytes(in_this_order(**rnns, norms__0__weight=[4], norms__1__weight=[4]))
    (tmp_path / "c").write_bytes(in_this_order(**rnns, norms__0__weight=[7], norms__1__weight=[7]))

    alone, beside, elsewhere = read(sorted(tmp_path.iterdir()))

    assert alone["text"] == "gru(4,4,seq,nobias).gru(4,seq,nobias)"
    assert beside["text"].startswith("gru(4,4,seq,nobias).other.gru(4,4,seq,nobias).")
    assert elsewhere["text"].startswith("gru(4,4,seq,nobias).gru(4,seq,nobias)."), "of another length"


def test_what_parametrizes_a_weight_is_counted_once(tmp_path: Path) -> None:
    """Orthogonal weights have a base beside the array that is trained."""
    rnn = {"rnn__weight_ih_l0": [12, 3], "rnn__parametrizations__weight_hh_l0__original": [12, 4]}
    base = {"rnn__parametrizations__weight_hh_l0__0__base": [12, 12]}
    (tmp_path / "file").write_bytes(in_this_order(**rnn, **base))

    (found,) = read([tmp_path / "file"])

    assert (found["text"], found["unknown"]) == ("gru(3,4,seq,nobias)", [])
    assert found["wrapped"] == ["rnn.parametrizations.weight_hh_l0.0.base"]


def test_an_average_of_a_model_beside_it_is_listed_once(tmp_path: Path) -> None:
    lstm = {"weight_ih_l0": [16, 3], "weight_hh_l0": [16, 4]}
    model, average, other = (
        {f"{name}__rnn__{own}": shape for own, shape in lstm.items()} for name in ("net", "ema", "b")
    )
    (tmp_path / "a").write_bytes(in_this_order(**model, **average, ema__steps=[1]))
    (tmp_path / "b").write_bytes(in_this_order(**model, **other))
    (tmp_path / "c").write_bytes(in_this_order(**model, **average, ema__head__weight=[2, 4]))

    once, two, larger = read(sorted(tmp_path.iterdir()))

    assert once["text"] == "lstm(3,4,seq,nobias)" and once["copies"] == ["net", "ema"]
    assert two["text"].count("lstm") == larger["text"].count("lstm") == 2, "not an average, and not the same"


def test_cells_of_flax_that_are_not_known_and_attention_are_one_layer_each(tmp_path: Path) -> None:
    """Each of their matrices could be a dense layer."""
    letters = {f"{x}{gate}": (rows, 4) for gate in "fn" for x, rows in (("i", 3), ("h", 4))}
    minimal = {f"MGUCell_0/{name}/kernel": shape for name, shape in letters.items()}
    known = {f"GRUCell_0/{x}{gate}/kernel": (4, 4) for gate in "rzn" for x in "ih"}
    cells: dict[str, Any] = {name: np.zeros(shape) for name, shape in (minimal | known).items()}
    np.savez(tmp_path / "a.npz", **cells)
    rnn = {"rnn__weight_ih_l0": [12, 3], "rnn__weight_hh_l0": [12, 4]}
    own = {"in_proj_weight": [12, 4], "in_proj_bias": [12], "out_proj__weight": [4, 4], "out_proj__bias": [4]}
    attention = {f"attn__{name}": shape for name, shape in own.items()}
    (tmp_path / "b").write_bytes(in_this_order(**rnn, **attention))

    cell, attending = read([tmp_path / "a.npz", tmp_path / "b"])

    assert (cell["text"], cell["unknown"]) == ("other(params=56).gru(4,4,seq)", ["MGUCell_0"])
    assert (attending["text"], attending["unknown"]) == ("gru(3,4,seq,nobias).attention(params=80)", [])


@pytest.mark.parametrize("collection", ["", "params__", "net__"])
def test_no_layer_of_flax_has_the_name_of_the_collection_of_all_parameters(collection: str, tmp_path: Path) -> None:
    cell = {f"GRUCell_0__{x}{gate}__kernel": [rows, 4] for gate in "rzn" for x, rows in (("i", 3), ("h", 4))}
    arrays = {f"{collection}{name}": shape for name, shape in (cell | {"head__kernel": [4, 2]}).items()}
    (tmp_path / "file").write_bytes(in_this_order(**arrays))

    (found,) = read([tmp_path / "file"])

    outer = "net." if collection == "net__" else ""
    assert found["layers"][-1]["name"] == f"{outer}head"


def test_the_types_of_numbers_are_named(tmp_path: Path) -> None:
    sizes = {"weight_ih_l0": (12, 3), "weight_hh_l0": (12, 4)}
    rnn: dict[str, Any] = {name: np.zeros(size, np.float16) for name, size in sizes.items()}
    np.savez(tmp_path / "half.npz", **rnn, steps=np.zeros(2, int))
    header = {name: {"shape": one.shape, "dtype": "BF16", "data_offsets": [0, 0]} for name, one in rnn.items()}
    (tmp_path / "brain.safetensors").write_bytes(safetensors_file(json.dumps(header).encode()))

    files = [tmp_path / "half.npz", tmp_path / "brain.safetensors", RECORDED / "quantized.pt", RECORDED / "legacy.pth"]

    assert [one["types"] for one in read(files)] == [["float16"], ["bfloat16"], ["float32", "int8"], ["float32"]]
    policies = [
        "float32",
        {"config": {"name": "mixed_float16"}},
        {"config": {"source_name": "float32", "mode": "int8"}},
    ]
    words = {"class_name": "InputLayer", "config": {"batch_shape": [None, 5, 3], "dtype": "int32"}}  # no number of it
    layers = [words, *({"class_name": "LSTM", "config": {"units": 4, "dtype": dtype}} for dtype in policies)]
    (tmp_path / "model.json").write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    (found,) = read([tmp_path / "model.json"])
    assert (found["types"], found["policies"]) == (["float32", "int8"], ["mixed_float16"])


def test_layers_whose_own_numbers_are_integers_are_told_from_others() -> None:
    """Keras and ONNX Runtime quantize some layers of these models, and have a scale for each id, row or unit."""
    keras, onnx, torch = read(RECORDED / name for name in ("quantized3.keras", "quantized.onnx", "quantized.pt"))

    def integers(found: dict[str, Any]) -> list[str]:
        return [one["kind"] for one in found["layers"] if any("int" in type for type in one["types"])]

    assert integers(keras) == ["embedding", "dense"] and keras["scales"] == 5 + 2
    assert integers(onnx) == ["embedding", "lstm", "lstm", "dense"], "there is no quantized GRU"
    assert integers(torch) == ["lstm", "gru", "dense"], "PyTorch was asked for these"
    types = {one["kind"]: sorted(one["types"]) for one in torch["layers"]}
    biased = ["float32", "int8"]
    assert types == {"embedding": ["float32"], "lstm": biased, "gru": biased, "dense": biased}, "biases stay float32"


def test_the_layers_in_the_json_of_keras_are_found_and_an_index_says_what_to_open(tmp_path: Path) -> None:
    layer = {"class_name": "GRU", "config": {"name": "gru", "units": 4, "batch_input_shape": [None, None, 3]}}
    model = {"class_name": "Sequential", "config": {"name": "model", "layers": [layer]}}
    (tmp_path / "model.json").write_text(json.dumps(model))
    index = {"metadata": {}, "weight_map": {"rnn.weight_ih_l0": "model-00001-of-00002.safetensors"}}
    (tmp_path / "index.json").write_text(json.dumps(index, indent=2))

    text, refused = read([tmp_path / "model.json", tmp_path / "index.json"])

    assert text["text"] == "gru(3,4,before)"
    assert refused["reason"] == "fileIndex"


def test_wrapped_weights_are_found(tmp_path: Path) -> None:
    """Spectral norm has vectors beside the weight, and cells have no level in their names."""
    rows = {"weight_hh_orig": [12, 4], "weight_hh_u": [12], "weight_hh_v": [4], "weight_ih_g": [12, 1]}
    (tmp_path / "file").write_bytes(arrays(**rows, weight_ih_v=[12, 3]))

    (found,) = read([tmp_path / "file"])
    assert found["text"] == "gru_cell(3,4,nobias,params=96).other", "36 + 48 numbers, and the length of 12 rows"
    assert found["wrapped"] == ["weight_hh_u", "weight_hh_v"]
    assert found["layers"][0]["lengths"] == 12


def test_what_a_normalization_of_weights_adds_is_in_no_layer(tmp_path: Path) -> None:
    """As torch.nn.utils.weight_norm, its parametrization, and the DropConnect of AWD-LSTM name arrays. The lengths of
    rows are trained."""
    rnn = {"rnn__module__weight_ih_l0": [16, 3], "rnn__module__weight_hh_l0_raw": [16, 4]}
    old = {"fc__weight_g": [2, 1], "fc__weight_v": [2, 4], "fc__bias": [2]}
    new = {"fc__parametrizations__weight__original0": [2, 1], "fc__parametrizations__weight__original1": [2, 4]}
    for name, dense in (("old", old), ("new", {**new, "fc__bias": [2]})):
        (tmp_path / name).write_bytes(in_this_order(**rnn, **dense))

    for found in read([tmp_path / "old", tmp_path / "new"]):
        assert found["text"] == "lstm(3,4,seq,nobias).other.dense(4,2,params=12)", "2 × 4 + 2 + 2"
        assert (found["unknown"], found["wrapped"]) == ([], [])


def test_the_raw_weight_of_a_wrapper_around_a_module_is_the_weight_of_the_module(tmp_path: Path) -> None:
    """As in the checkpoints of fastai, of which some have the weight after the dropout, too."""
    raw = {"rnns__0__weight_hh_l0_raw": [16, 4]}
    module = {"rnns__0__module__weight_ih_l0": [16, 3], "rnns__0__module__bias_ih_l0": [16]}
    both = {**module, "rnns__0__module__weight_hh_l0": [16, 4]}
    for name, arrays in (("raw", module), ("both", both)):
        (tmp_path / name).write_bytes(in_this_order(**raw, **arrays))

    for found in read([tmp_path / "raw", tmp_path / "both"]):
        assert (found["text"], found["unknown"]) == ("lstm(3,4,seq)", [])


def test_an_array_that_safetensors_has_under_one_of_its_names_has_the_others(tmp_path: Path) -> None:
    shapes = {"out__bias": [9], "out__weight": [9, 3], "rnn__weight_hh_l0": [16, 4], "rnn__weight_ih_l0": [16, 3]}
    header = json.loads(in_this_order(**shapes)[8:].partition(b"}}")[0] + b"}}")
    header["__metadata__"] = {"words.embedding.weight": "out.weight", "format": "pt"}
    (tmp_path / "tied").write_bytes(safetensors_file(json.dumps(header).encode()) + bytes(9))

    (found,) = read([tmp_path / "tied"])

    assert found["text"] == "embedding(9,3).lstm(4,seq,nobias).other.dense(3,9,params=9)"
    assert found["shared"] == [["out.weight", "words.embedding.weight"]]


def text(value: str) -> bytes:
    """A text in a pickle."""
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def tensor(*shape: int) -> bytes:
    sizes = b"".join(b"K%c" % size for size in shape)
    return b"ctorch._utils\n_rebuild_tensor_v2\n(NK\x00(" + sizes + b"ttR"


def dictionary(**entries: bytes) -> bytes:
    """A dictionary in a pickle. Names have __ for the dots in them."""
    return b"}(" + b"".join(text(name.replace("__", ".")) + value for name, value in entries.items()) + b"u"


def test_unusual_pickles_are_read(tmp_path: Path) -> None:
    arrays = {"weight_ih_l0": tensor(12, 3), "weight_hh_l0": tensor(12, 4)}
    state = dictionary(**{f"rnn__{name}": array for name, array in arrays.items()})
    sparse = b"ctorch._utils\n_rebuild_sparse_tensor\n(N(" + tensor(2, 9) + tensor(9, 1) + b"K\x0cK\x03\x86\x88ttR"
    namespace = b"ctypes\nSimpleNamespace\n)R"
    function = b"c__builtin__\ngetattr\n(ctorch\nnn\n" + text("tanh") + b"tR"
    stores = b"ctorch._utils\n_rebuild_tensor_v2\n(" + stored(b"\x80\x02N.") + b"K\x00K\x0cK\x03\x86\x88NtR"
    harmless = b"ccollections\ndeque\n)R", b"cfunctools\npartial\n(cown\nfunction\ntR", b"cdatetime\ntimezone\n)R"
    average = dictionary(**{f"rnn__{name}": array + b"0" + array for name, array in arrays.items()})
    settings = {"batch_first": text("yes"), "dropout": text("no"), "activation": function}
    module = b"ctorch.nn\nGRU\n)\x81" + dictionary(_parameters=dictionary(**arrays), **settings) + b"b"
    own = b"c__main__\nNet\n)\x81" + dictionary(_modules=dictionary(rnn=module)) + b"b"
    header = pickle.dumps(0x1950A86A20F9469CFC6C, 4) + pickle.dumps(1001, 4) + pickle.dumps({}, 4)
    pickles = {
        "sparse": dictionary(rnn__weight_ih_l0=sparse, rnn__weight_hh_l0=arrays["weight_hh_l0"]),
        "namespace": dictionary(options=namespace, model=state),
        "pickled": dictionary(rnn__weight_ih_l0=stores, rnn__weight_hh_l0=arrays["weight_hh_l0"]),
        "harmless": dictionary(model=state, history=harmless[0], function=harmless[1], zone=harmless[2]),
        "average": dictionary(model=state, average=average),
        "twice": dictionary(model=state + b"q\x09", average=b"h\x09"),
        "module": own,
        "legacy_of_protocol_4": state,
    }
    for name, content in pickles.items():
        before, after = (header, pickle.dumps([], 4)) if "legacy" in name else (b"", b"")
        (tmp_path / name).write_bytes(before + b"\x80\x02" + content + b"." + after)

    found = dict(zip(pickles, read(tmp_path / name for name in pickles), strict=True))

    assert {name: one.get("text", one) for name, one in found.items()} == dict.fromkeys(pickles, "gru(3,4,seq,nobias)")
    config = found["module"]["layers"][0]["config"]
    assert (config["batch_first"], config["dropout"]) == (None, None)
    assert {name for name, one in found.items() if one["copies"] == ["model", "average"]} == {"average", "twice"}
    left_out = {name: one["leftOut"] for name, one in found.items() if "leftOut" in one}
    assert left_out == {"namespace": ["options"], "harmless": ["history", "function", "zone"]}


def test_the_buffers_of_a_module_are_no_parameters(tmp_path: Path) -> None:
    rnn = dictionary(weight_ih_l0=tensor(12, 3), weight_hh_l0=tensor(12, 4))
    cell = b"ctorch.nn.modules.rnn\nGRU\n)\x81" + dictionary(_parameters=rnn) + b"b"
    arrays = dictionary(memory=tensor(5, 6)), dictionary(table=tensor(7, 2))
    parts = dictionary(_buffers=arrays[0], _parameters=arrays[1], _modules=dictionary(rnn=cell))
    (tmp_path / "file").write_bytes(b"\x80\x02cmine\nNet\n)\x81" + parts + b"b.")

    (found,) = read([tmp_path / "file"])

    assert found["text"] == "other(params=14).gru(3,4,seq,nobias)"
    assert sorted(found["unknown"]) == ["memory", "table"]


def test_a_text_that_would_be_too_long_has_no_numbers_of_parameters(tmp_path: Path) -> None:
    convolutions = {f"conv{n}__weight": [800, 300, 5] for n in range(90)}
    rnn = {"rnn__weight_ih_l0": [12, 3], "rnn__weight_hh_l0": [12, 4]}
    (tmp_path / "file").write_bytes(in_this_order(**convolutions, **rnn))

    text = ".".join(["convolution"] * 90) + ".other.gru(3,4,seq,nobias)"
    assert read([tmp_path / "file"])[0]["text"] == text


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


def test_arrays_of_keras_that_no_known_cell_has_are_not_taken_for_one(tmp_path: Path) -> None:
    cell = {"cell/kernel": (4, 48), "cell/recurrent_kernel": (12, 48), "cell/bias": (48,)}
    peepholes = {f"cell/{gate}_gate_peephole_weights": (12,) for gate in ("input", "forget", "output")}
    for name, shapes in {"a": cell, "b": cell | peepholes, "c": cell | {"cell/decay": (12,)}}.items():
        cells: dict[str, Any] = {own: np.zeros(shape) for own, shape in shapes.items()}
        np.savez(tmp_path / f"{name}.npz", **cells)

    plain, peeping, other = read(sorted(tmp_path.iterdir()))

    assert (plain["text"], peeping["text"]) == ("lstm(4,12,seq)", "lstm(4,12,seq,peepholes)")
    assert peeping["unknown"] == [] and other.get("reason") is not None


def test_a_file_without_a_recurrent_layer_names_what_may_be_one(tmp_path: Path) -> None:
    def entry(kind: str, name: str) -> dict[str, Any]:
        return {"class_name": kind, "config": {"name": name}}

    layers = [entry("Frames", "frames"), entry("Flatten", "flat"), entry("MyCell", "own"), entry("Dense", "out")]
    (tmp_path / "a.json").write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    kind = TensorProto.FLOAT
    state, given = (helper.make_tensor_value_info(name, kind, [2]) for name in "sx")
    step = helper.make_graph(
        [helper.make_node("Tanh", ["s"], ["t"])], "step", [state], [helper.make_tensor_value_info("t", kind, [2])]
    )
    scan = helper.make_node("Scan", ["x"], ["y"], num_scan_inputs=0, body=step)
    for name, nodes in (("b", [scan, scan]), ("c", [helper.make_node("MatMul", ["x", "x"], ["y"])])):
        graph = helper.make_graph(nodes, "graph", [given], [helper.make_tensor_value_info("y", kind, [2])])
        (tmp_path / f"{name}.onnx").write_bytes(helper.make_model(graph).SerializeToString())
    (tmp_path / "d.safetensors").write_bytes(
        safetensors_file(b'{"fc.weight": {"shape": [2, 3], "data_offsets": [0, 0]}}')
    )
    (tmp_path / "e.pt").write_bytes(b"\x80\x02}.")
    pickled = b"csklearn.linear_model\nClassifier\n)\x81" + dictionary(coefficients=tensor(4, 7)) + b"b"
    (tmp_path / "f.pkl").write_bytes(b"\x80\x02" + pickled + b".")
    dense = {"class_name": "Dense", "config": {"name": "out", "units": 2}}
    module = "__torch__.torch.nn.modules.container.___torch_mangle_3"
    script = f"c{module}\nSequential\n)\x81".encode("latin-1") + dictionary(weight=tensor(8, 6)) + b"b"
    (tmp_path / "f_script.pkl").write_bytes(b"\x80\x02" + script + b".")
    (tmp_path / "g.json").write_text(json.dumps({"class_name": "Sequential", "config": {"layers": [dense]}}))

    assert [(one["reason"], one["values"]) for one in read(sorted(tmp_path.iterdir()))] == [
        ("fileNoLayersKnown", {"names": ["frames (Frames)", "own (MyCell)"]}),
        ("fileNoLayersLoops", {"loops": ["2 × Scan"]}),
        ("fileNoLayersOperations", {}),
        ("fileNoLayersKnown", {"names": ["fc.weight 2 × 3"]}),
        ("fileNoArrays", {}),
        ("fileNoLayersKnown", {"names": ["sklearn.linear_model.Classifier", "coefficients 4 × 7"]}),
        ("fileNoLayersKnown", {"names": ["torch.nn.modules.container.Sequential", "weight 8 × 6"]}),
        ("fileNoLayersKnown", {"names": ["out dense(2)"]}),
    ], "only those who write graphs replace layers by operations"


def test_the_parameters_of_a_graph_that_no_layer_has_are_where_it_uses_them() -> None:
    (found,) = read([RECORDED / "weighted.pt2"])

    layers = {one["name"]: one for one in found["layers"]}
    assert list(layers) == ["rnn", "weights", "head", "factor"]
    assert found["unused"] == ["unused.weight", "unused.bias"]
    assert layers["head"]["reads"] == ["weights", "rnn"] and layers["rnn"]["begins"] == ["first"]
    assert layers["rnn"]["config"]["parameters"] == 3 * 4 * (3 + 4 + 2) + 4, "its initial state is learned"
    assert found["unknown"] == ["weights", "factor"], "and not the initial state"


def test_arrays_of_integers_are_no_parameters(tmp_path: Path) -> None:
    """Counters and places are saved beside the weights."""
    shapes = {"rnn.weight_ih_l0": [4, 3], "rnn.weight_hh_l0": [4, 4], "norm.steps": [], "places": [1, 9], "factor": []}
    kinds = {"norm.steps": "i8", "places": "i4"}
    entries = {
        name: {
            "shape": shape,
            "dtype": {"i8": "I64", "i4": "I32"}.get(kinds.get(name, ""), "F32"),
            "data_offsets": [0, 0],
        }
        for name, shape in shapes.items()
    }
    (tmp_path / "a.safetensors").write_bytes(safetensors_file(json.dumps(entries).encode()))
    arrays = {name: np.zeros(shape, kinds.get(name, "f4")) for name, shape in shapes.items()}
    np.savez(tmp_path / "b.npz", **arrays)  # type: ignore[arg-type]

    for found in read(sorted(tmp_path.iterdir())):
        assert (found["text"], found["unknown"]) == ("rnn(3,4,seq,nobias).other(params=1)", ["places", "factor"])


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


def test_the_sizes_that_an_onnx_file_fixes_are_those_of_one_id_for_each_sample_too(tmp_path: Path) -> None:
    """The shape of what is repeated for each step is not in the file; what it is joined with has all sizes but one."""
    sizes = {"table": (20, 5), "W": (1, 16, 9), "R": (1, 16, 4)}
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in sizes.items()]
    weights += [helper.make_tensor("one", TensorProto.INT64, [1], [1])]
    make = helper.make_node
    nodes = [
        make("Gather", ["table", "item"], ["vectors"]),
        make("Unsqueeze", ["vectors", "one"], ["step"]),
        make("Expand", ["step", "shape"], ["steps"]),
        make("Concat", ["x", "steps"], ["both"], axis=-1),
        make("Transpose", ["both"], ["time_first"], perm=[1, 0, 2]),
        make("LSTM", ["time_first", "W", "R"], ["y"], hidden_size=4),
    ]
    given = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [2, 12, 4]),
        helper.make_tensor_value_info("item", TensorProto.INT64, [2]),
        helper.make_tensor_value_info("shape", TensorProto.INT64, [3]),
    ]
    returned = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [12, 1, 2, 4])]
    graph = helper.make_graph(nodes, "graph", given, returned, weights)
    (tmp_path / "file.onnx").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file.onnx"])

    assert found["text"].startswith("embedding(20,5,one).other(12,9,others,params=0).lstm(4,seq")
    assert found["batch"] == 2


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


def test_parameters_of_convolutions_and_normalizations_are_counted(tmp_path: Path) -> None:
    layers = [
        ("Conv1D", {"filters": 8, "kernel_size": [5], "strides": [1], "padding": "same"}, 128),  # 5·3·8 + 8
        ("BatchNormalization", {"axis": [2], "center": False}, 8),
        ("PReLU", {"shared_axes": [1]}, 8),
        ("LayerNormalization", {"axis": [1, 2]}, 2 * 40 * 8),
        ("LSTM", {"units": 2}, None),
    ]
    entries = [{"class_name": name, "config": config} for name, config, _ in layers]
    entries[0]["build_config"] = {"input_shape": [None, 40, 3]}
    model = {"class_name": "Sequential", "config": {"layers": entries}}
    (tmp_path / "model.json").write_text(json.dumps(model))
    convolution = {
        "conv__weight": [8, 3, 5],
        "conv__bias": [8],
        "rnn__weight_ih_l0": [8, 8],
        "rnn__weight_hh_l0": [8, 2],
    }
    (tmp_path / "file").write_bytes(in_this_order(**convolution))

    arrays, keras = read([tmp_path / "file", tmp_path / "model.json"])

    assert [one["config"].get("parameters") for one in keras["layers"]] == [count for *_, count in layers]
    assert arrays["text"] == "convolution(params=128).other.lstm(8,2,seq,nobias)"


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


def node(kind: bytes, inputs: str, output: str, attribute: bytes = b"") -> bytes:
    """A node of ONNX, with the names of its inputs."""
    names = b"".join(field(1, name.encode()) for name in inputs.split())
    return field(1, names + field(2, output.encode()) + field(4, kind) + attribute)


def onnx(nodes: bytes, weights: str, size: int = 4) -> bytes:
    """A model with square matrices."""
    shape = (b"\x08" + varint(size)) * 2
    return b"\x08\x08" + field(
        7, nodes + b"".join(field(5, shape + field(8, name.encode())) for name in weights.split())
    )


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


def test_operations_of_torchscript_are_named_between_layers_and_after_the_last_one() -> None:
    """See tests/oracles/torch_modules.py. A loop is followed twice, and what is in it is no operation after it."""
    both, tagged, plain = read(RECORDED / name for name in ("both_ways.pt", "tagged.pt", "continued.pt"))
    assert (both["operators"], "lastOperators" in both) == (["select", "cat"], False)
    assert (tagged["operators"], tagged["functions"], tagged["lastOperators"]) == (
        ["select", "tanh"],
        ["tanh"],
        ["stack"],
    )
    assert not {"operators", "lastOperators"} & plain.keys()


def test_functions_of_each_number_are_named_also_those_of_modules_and_of_pytorchs_own_code() -> None:
    """ReLU() and gelu(x) of Activated in tests/oracles/torch_modules.py."""
    (found,) = read([RECORDED / "activated.pt"])

    assert found["operators"] == ["relu", "max_pool1d", "gelu", "transpose"]
    assert found["functions"] == ["relu", "gelu"]


def test_the_bounds_of_values_are_found_in_each_recurrent_operator_of_onnx(tmp_path: Path) -> None:
    node_of = {
        f"{operator}_{clip}": helper.make_node(operator, ["x", "W", "R"], ["y"], hidden_size=4)
        for operator in ("LSTM", "GRU", "RNN")
        for clip in (None, 3.0, 0.1)
    }
    for name, one in node_of.items():
        if not name.endswith("None"):
            one.attribute.append(helper.make_attribute("clip", float(name.partition("_")[2])))
        (tmp_path / f"{name}.onnx").write_bytes(onnx(field(1, one.SerializeToString()), "W R"))

    found = read(tmp_path / f"{name}.onnx" for name in node_of)

    clips = [one["layers"][0]["config"].get("clip") for one in found]
    assert clips == [None, {"setting": "clip", "limit": 3}, {"setting": "clip", "limit": 0.1}] * 3
    assert [",own" in one["text"] for one in found] == [False, True, True] * 3


def test_the_bound_of_c_that_tensorflows_converter_writes_is_found() -> None:
    (found,) = read([RECORDED / "stack.tflite"])
    assert [one["config"]["cell_clip"] for one in found["layers"]] == [10, 10]
    assert "own" not in found["text"]


def test_an_lstm_of_onnx_may_have_coupled_gates_lengths_of_samples_and_peepholes(tmp_path: Path) -> None:
    coupled = field(5, field(1, b"input_forget") + b"\x18\x01")
    (tmp_path / "coupled.onnx").write_bytes(onnx(node(b"LSTM", "x W R B n", "y", coupled), "W R B"))
    names = b"".join(field(1, name) for name in (b"x", b"W", b"R", b"B", b"", b"", b"", b"P"))
    (tmp_path / "peepholes.onnx").write_bytes(onnx(field(1, names + field(2, b"y") + field(4, b"LSTM")), "W R B P"))

    one, other = read([tmp_path / "coupled.onnx", tmp_path / "peepholes.onnx"])

    config = one["layers"][0]["config"]
    assert config["input_forget"] and config["has_lengths"] and "has_lengths" not in other["layers"][0]["config"]
    assert other["text"].endswith(",seq,peepholes)")


def test_an_export_of_a_projection_has_the_sizes_of_its_weights_and_says_that_it_contradicts_itself() -> None:
    """ONNX has no projections: PyTorch's exporter writes their length as hidden_size, and only c is longer."""
    (found,) = read([RECORDED / "projected.onnx"])
    assert found["layers"][0]["config"]["contradicting"] == [2, 4]


@pytest.mark.parametrize("rows, units", [(16, "4"), (8, "?")])
def test_an_lstm_of_onnx_with_a_longer_state_c_has_the_units_of_the_matrices_in_the_file_or_unknown_ones(
    rows: int, units: str, tmp_path: Path
) -> None:
    """PyTorch's exporter takes 4 · hidden_size rows of matrices that have 4 · num_units. If these are not in the file,
    what it says is not true of any layer."""
    sizes = {"W_": (rows, 3), "R_": (rows, 2), "h": (1, 1, 2), "c": (1, 1, 4)}
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in sizes.items()]
    integers = {"zero": [0], "eight": [8]}
    weights += [numpy_helper.from_array(np.array(one, np.int64), name) for name, one in integers.items()]
    nodes = [helper.make_node("Slice", [f"{one}_", "zero", "eight", "zero"], [f"{one}s"]) for one in "WR"]
    nodes += [helper.make_node("Unsqueeze", [f"{one}s", "zero"], [one]) for one in "WR"]
    nodes.append(helper.make_node("LSTM", ["x", "W", "R", "", "", "h", "c"], ["y"], hidden_size=2))
    given, returned = (helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in "xy")
    graph = helper.make_graph(nodes, "graph", [given], [returned], weights)
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file"])

    assert found["text"] == f"lstm(3,{units},seq,apart,nobias,proj=2)"
    assert found["layers"][0]["config"]["contradicting"] == [2, 4]


def test_a_slice_to_the_largest_number_goes_to_the_end(tmp_path: Path) -> None:
    """As converters of TensorFlow write it, here of the first of two layers' states: c has as many numbers as h."""
    ends = {"starts": [0, 0], "stops": [1, 2**63 - 1], "axes": [0, 2]}
    weights = [helper.make_tensor(name, TensorProto.INT64, [len(one)], one) for name, one in ends.items()]
    for name, shape in {"W": [1, 16, 3], "R": [1, 16, 4]}.items():
        weights.append(numpy_helper.from_array(np.zeros(shape, np.float32), name))
    nodes = [
        helper.make_node("Slice", ["states", "starts", "stops", "axes"], ["c"]),
        helper.make_node("LSTM", ["x", "W", "R", "", "", "", "c"], ["y"], hidden_size=4),
    ]
    given = [
        helper.make_tensor_value_info(n, TensorProto.FLOAT, s) for n, s in (("x", [5, 2, 3]), ("states", [2, 2, 4]))
    ]
    returned = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [5, 1, 2, 4])]
    graph = helper.make_graph(nodes, "graph", given, returned, weights)
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())

    assert read([tmp_path / "file"])[0]["text"] == "input(5,3).lstm(3,4,seq,apart,nobias)"


def test_a_slice_of_the_states_of_several_layers_is_that_of_the_layers_in_it(tmp_path: Path) -> None:
    make, ends = helper.make_node, {"last": [-1], "first": [0], "one": [1], "end": [2**63 - 1], "axis": [0]}
    weights = [helper.make_tensor(name, TensorProto.INT64, [1], one) for name, one in ends.items()]
    for name in ("lower", "upper", "decoder"):
        weights += [numpy_helper.from_array(np.zeros((1, 16, 4), np.float32), f"{kind}_{name}") for kind in "WR"]

    def lstm(name: str, x: str, *states: str) -> Any:
        returned = [f"{part}_{name}" for part in ("y", "h", "c")]
        return make("LSTM", [x, f"W_{name}", f"R_{name}", "", "", *states], returned, name=name, hidden_size=4)

    def begins(start: str, end: str) -> list[str]:
        nodes = [lstm("lower", "x"), make("Squeeze", ["y_lower"], ["s"]), lstm("upper", "s")]
        for part in "hc":
            nodes += [
                make("Concat", [f"{part}_lower", f"{part}_upper"], [part], axis=0),
                make("Slice", [part, start, end, "axis"], [f"{part}_given"]),
            ]
        nodes.append(lstm("decoder", "z", "", "h_given", "c_given"))
        given = [helper.make_tensor_value_info(n, TensorProto.FLOAT, [5, 2, 4]) for n in "xz"]
        graph = helper.make_graph(nodes, "graph", given, [helper.make_tensor_value_info("y_decoder", 1, None)], weights)
        (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())
        one = {layer["name"]: layer for layer in read([tmp_path / "file"])[0]["layers"]}
        return list(one["decoder"]["begins"])

    assert begins("last", "end") == ["upper"] and begins("first", "one") == ["lower"]
    assert sorted(begins("first", "end")) == ["lower", "upper"]


@pytest.mark.parametrize("direction", ["forward", "reverse", "bidirectional"])
@pytest.mark.parametrize("sizes", [(5, 2), ("T", "N")], ids=["fixed", "dynamic"])
def test_every_step_that_a_graph_returns_as_it_is_has_an_axis_of_directions(
    sizes: tuple[int | str, ...], direction: str, tmp_path: Path
) -> None:
    """No operation is between the layer and the output of the graph; Squeeze is one, and drops the axis."""
    directions = 1 + (direction == "bidirectional")
    shapes = {"W": (directions, 12, 3), "R": (directions, 12, 4)}
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in shapes.items()]
    weights.append(helper.make_tensor("axis", TensorProto.INT64, [1], [1]))
    gru = helper.make_node("GRU", ["x", "W", "R"], ["Y"], hidden_size=4, direction=direction)
    squeeze = helper.make_node("Squeeze", ["Y", "axis"], ["z"])
    given = [helper.make_tensor_value_info("x", TensorProto.FLOAT, [*sizes, 3])]
    raw = helper.make_tensor_value_info("Y", TensorProto.FLOAT, [sizes[0], directions, sizes[1], 4])
    squeezed = helper.make_tensor_value_info("z", TensorProto.FLOAT, [*sizes, 4])
    for name, nodes, result in (("raw", [gru], raw), ("squeezed", [gru, squeeze], squeezed)):
        graph = helper.make_graph(nodes, "graph", given, [result], weights)
        (tmp_path / name).write_bytes(helper.make_model(graph).SerializeToString())

    found = read([tmp_path / "raw", *([tmp_path / "squeezed"] if directions == 1 else [])])
    words = {"forward": "", "reverse": ",back", "bidirectional": ""}[direction]
    both, start = ("bi," if directions == 2 else ""), ("input(5,3)." if sizes == (5, 2) else "")
    expected = [f"{start}gru(3,4,{both}seq{apart}{words},before,nobias)" for apart in (",apart", "")]
    assert [one["text"] for one in found] == expected[: len(found)]


@pytest.mark.parametrize(
    ("state", "direction", "head", "text"),
    [
        ("c", "forward", True, "input(5,3).lstm(3,4,states,nobias).other(4,params=0).dense(2,nobias)"),
        ("h", "forward", True, "input(5,3).lstm(3,4,nobias).dense(2,nobias)"),
        ("h", "bidirectional", False, "input(5,3).lstm(3,4,bi,states,nobias)"),
        ("c", "bidirectional", False, "input(5,3).lstm(3,4,bi,states,nobias)"),
    ],
)
def test_a_graph_says_which_of_the_last_states_goes_on(
    state: str, direction: str, text: str, tmp_path: Path, *, head: bool
) -> None:
    """Of h and c only h is a step of the output; what is returned as it is passes no further operation."""
    directions = 1 + (direction == "bidirectional")
    shapes = {"W": (directions, 16, 3), "R": (directions, 16, 4), "D": (4, 2)}
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in shapes.items()]
    weights.append(helper.make_tensor("axis", TensorProto.INT64, [1], [0]))
    nodes = [helper.make_node("LSTM", ["x", "W", "R"], ["", "h", "c"], hidden_size=4, direction=direction)]
    axes = [2, 2] if head else [directions, 2, 4]
    if head:
        nodes += [helper.make_node("Squeeze", [state, "axis"], ["s"]), helper.make_node("MatMul", ["s", "D"], ["y"])]
    ends = {"x": [5, 2, 3], "y" if head else state: axes}
    given, returned = (helper.make_tensor_value_info(name, TensorProto.FLOAT, sizes) for name, sizes in ends.items())
    graph = helper.make_graph(nodes, "graph", [given], [returned], weights)
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())

    assert read([tmp_path / "file"])[0]["text"] == text


def test_a_graph_that_swaps_its_axes_has_those_of_its_input(tmp_path: Path) -> None:
    """Its lengths have only names. Of what the layer returns, the graph uses only the last state."""
    make, float32 = helper.make_node, TensorProto.FLOAT
    nodes = [
        *(make("Gather", [name, "ids"], [f"{name}_of_ids"]) for name in "EF"),
        make("Concat", ["E_of_ids", "F_of_ids"], ["both"], axis=-1),
        make("Transpose", ["both"], ["steps_first"], perm=[1, 0, 2]),
        make("GRU", ["steps_first", "W", "R"], ["Y", "Y_h"], hidden_size=4, direction="bidirectional"),
        make("Transpose", ["Y_h"], ["batch_first"], perm=[1, 0, 2]),
        make("Reshape", ["batch_first", "shape"], ["flat"]),
        make("MatMul", ["flat", "D"], ["logits"]),
        make("Add", ["logits", "d"], ["sums"]),
        make("Cast", ["sums"], ["z"], to=float32),
    ]
    shapes = {"E": [7, 3], "F": [7, 2], "W": [2, 12, 5], "R": [2, 12, 4], "D": [8, 2], "d": [2]}
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in shapes.items()]
    weights.append(numpy_helper.from_array(np.array([0, 8]), "shape"))
    lengths: tuple[tuple[str, list[str | int | None], list[str | int | None]], ...] = (
        ("names", ["b", "t"], ["b", 2]),
        ("sizes", [2, 9], [2, 2]),
        ("unknown", [None, None], [None, 2]),
    )
    for name, ids, out in lengths:
        ends = [
            helper.make_tensor_value_info("ids", TensorProto.INT64, ids),
            helper.make_tensor_value_info("z", float32, out),
        ]
        graph = helper.make_graph(nodes, "graph", ends[:1], ends[1:], weights)
        (tmp_path / name).write_bytes(helper.make_model(graph).SerializeToString())

    names, sizes, unknown = read(tmp_path / name for name in ("names", "sizes", "unknown"))

    gru = "gru(4,bi,ends,before,nobias)"
    rest = f"elsewhere(?).embedding(7,2).other(?,5,others,params=0).{gru}.other(8,params=0).dense(2,matmul)"
    assert names["text"] == f"embedding(7,3).{rest}"
    assert sizes["text"] == f"input(9).embedding(7,3).{rest}".replace("?", "9")
    assert [one.get("isBatchFirst") for one in (names, sizes, unknown)] == [True, True, None]
    assert (names.get("batch"), sizes["batch"]) == (None, 2)


def test_shapes_that_an_exporter_does_not_write_are_computed(tmp_path: Path) -> None:
    """ONNX's reference implementation runs the graph: its output is the truth."""
    make, float32 = helper.make_node, TensorProto.FLOAT
    window: dict[str, Any] = {"kernel_shape": [5], "strides": [2], "pads": [1, 2]}
    nodes = [
        make("Conv", ["x", "K", "k"], ["c"], **window),
        make("Relu", ["c"], ["r"]),
        make("MaxPool", ["r"], ["p"], kernel_shape=[2], strides=[2]),
        make("Transpose", ["p"], ["steps_first"], perm=[2, 0, 1]),
        make("GRU", ["steps_first", "W", "R"], ["Y"], hidden_size=4),
        make("Squeeze", ["Y", "one"], ["y"]),
        make("Transpose", ["y"], ["z"], perm=[1, 0, 2]),
        make("MatMul", ["z", "D"], ["product"]),
        make("Add", ["product", "d"], ["logits"]),
    ]
    shapes = {"K": [6, 3, 5], "k": [6], "W": [1, 12, 6], "R": [1, 12, 4], "D": [4, 2], "d": [2]}
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in shapes.items()]
    weights.append(numpy_helper.from_array(np.array([1]), "one"))
    given = helper.make_tensor_value_info("x", float32, [2, 3, 30])
    *conv, last = (helper.make_tensor_value_info(name, float32, None) for name in ("c", "p", "logits"))
    graph = helper.make_graph(nodes, "graph", [given], [last], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    inner = helper.make_graph(nodes[:3], "graph", [given], conv, weights)
    first = helper.make_model(inner, opset_imports=model.opset_import)
    x = {"x": np.zeros((2, 3, 30), np.float32)}
    convolved, pooled, returned = (np.shape(y) for one in (first, model) for y in ReferenceEvaluator(one).run(None, x))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("logits", float32, returned))
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file"])

    (_, channels, steps), (batch, short, _) = convolved, returned
    convolution = f"convolution({channels},{steps},channels,params=96)"
    rest = f"other({short},6,params=0).gru(4,seq,before,nobias).dense(2,matmul)"
    assert found["text"] == f"input(3,30).{convolution}.{rest}"
    assert (short, found["batch"], found["isBatchFirst"]) == (pooled[2], batch, True)
    assert found["operators"] == ["Relu", "MaxPool", "Transpose", "Squeeze"], "those that are no layers"


def test_the_steps_of_a_result_are_those_of_the_layers_that_keep_them(tmp_path: Path) -> None:
    """The file says only the shapes of both ends, and has a function after the last layer."""
    make, float32 = helper.make_node, TensorProto.FLOAT
    nodes = [
        make("Conv", ["x", "K"], ["c"], kernel_shape=[3], pads=[1, 1]),
        make("MaxPool", ["c"], ["p"], kernel_shape=[2], strides=[2]),
        make("Transpose", ["p"], ["steps_first"], perm=[2, 0, 1]),
        make("Shape", ["steps_first"], ["sizes"]),
        make("Reshape", ["steps_first", "sizes"], ["same"]),
        make("GRU", ["same", "W", "R"], ["Y"], hidden_size=4),
        make("Squeeze", ["Y", "one"], ["y"]),
        make("MatMul", ["y", "D"], ["product"]),
        make("LogSoftmax", ["product"], ["logp"], axis=-1),
    ]
    shapes = {"K": [6, 3, 3], "W": [1, 12, 6], "R": [1, 12, 4], "D": [4, 2]}
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in shapes.items()]
    weights.append(numpy_helper.from_array(np.array([1]), "one"))
    given = helper.make_tensor_value_info("x", float32, [5, 3, 50])
    returned = helper.make_tensor_value_info("logp", float32, None)
    graph = helper.make_graph(nodes, "graph", [given], [returned], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    (shape,) = (np.shape(y) for y in ReferenceEvaluator(model).run(None, {"x": np.zeros((5, 3, 50), np.float32)}))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("logp", float32, shape))
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file"])

    steps, batch, _ = shape
    assert found["text"].endswith(f".other({steps},6,params=0).gru(4,seq,before,nobias).dense(2,nobias)")
    assert found["batch"] == batch
    assert found["operators"] == ["MaxPool", "Transpose", "Reshape", "Squeeze"]
    assert found["lastOperators"] == found["functions"] == ["LogSoftmax"]


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


def test_the_axes_of_dissolved_layers_are_those_of_the_parts_that_steps_take() -> None:
    """The first model is given batches of 2 × 4 × 3, and swaps the first two axes; the second one is given 3 steps."""
    swapped, steps = read([RECORDED / "dissolved.onnx", RECORDED / "steps.onnx"])

    assert (swapped["isBatchFirst"], swapped["batch"], swapped["input"]) == (True, 2, [4, 3])
    assert ("isBatchFirst" in steps, steps["batch"], steps["input"]) == (False, 1, [3, 3])


def test_only_with_recurrence_two_products_and_tanh_are_a_simple_rnn(tmp_path: Path) -> None:
    """An attention has the same sum."""
    total = node(b"MatMul", "x W", "a") + node(b"MatMul", "h R", "b") + node(b"Add", "a b", "s")
    body = total + node(b"Tanh", "s", "y")
    ends = [
        field(number, field(1, name)) for number, name in ((11, b"n"), (11, b"c"), (11, b"h"), (12, b"c"), (12, b"y"))
    ]
    loop = node(b"Loop", "n c first", "last", field(5, field(1, b"body") + field(6, body + b"".join(ends))))
    (tmp_path / "attention.onnx").write_bytes(onnx(body, "W R"))
    (tmp_path / "loop.onnx").write_bytes(onnx(loop + node(b"MatMul", "last D", "z"), "W R D"))

    attention, rnn = read([tmp_path / "attention.onnx", tmp_path / "loop.onnx"])

    assert attention["reason"] == "fileNoLayersOperations"
    assert rnn["text"] == "rnn(4,4,nobias).dense(4,nobias)"


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


def program(parameters: dict[str, list[int]], nodes: list[tuple[str, list[str | list[str]], str]]) -> bytes:
    """A .pt2 file: the shapes of its parameters, and its nodes."""

    def argument(names: str | list[str]) -> dict[str, Any]:
        if isinstance(names, str):
            return {"name": "", "arg": {"as_tensor": {"name": names}}}
        return {"name": "", "arg": {"as_tensors": [{"name": name} for name in names]}}

    graph = {
        "nodes": [
            {
                "target": f"torch.ops.aten.{kind}.default",
                "inputs": [argument(name) for name in given],
                "outputs": [{"as_tensor": {"name": output}}],
            }
            for kind, given, output in nodes
        ],
        "tensor_values": {name: {"sizes": [{"as_int": n} for n in shape]} for name, shape in parameters.items()},
    }
    specs = [{"parameter": {"arg": {"name": name}, "parameter_name": name}} for name in parameters]
    module = {"graph": graph, "signature": {"input_specs": specs}}
    return zipped({"a/models/model.json": json.dumps({"graph_module": module}).encode()})


def test_an_embedding_may_have_the_matrix_of_a_dense_layer_and_steps_may_share_layers(tmp_path: Path) -> None:
    parameters = {
        "table.weight": [9, 4],
        "rnn.weight_ih_l0": [16, 4],
        "rnn.weight_hh_l0": [16, 4],
        "norm.weight": [4],
        "fc.weight": [9, 4],
        "fc.bias": [9],
    }
    nodes: list[tuple[str, list[str | list[str]], str]] = [
        ("embedding", ["fc.weight", "x"], "e"),
        ("lstm", ["e", "h", ["rnn.weight_ih_l0", "rnn.weight_hh_l0"]], "y"),
        ("layer_norm", ["y", "", "norm.weight"], "n"),
        ("linear", ["n", "fc.weight", "fc.bias"], "z"),
        ("linear", ["n", "fc.weight", "fc.bias"], "again"),
    ]
    (tmp_path / "tied.pt2").write_bytes(program(parameters, nodes))
    del parameters["table.weight"]  # newer versions write it once
    (tmp_path / "once.pt2").write_bytes(program(parameters, nodes))

    for found in read([tmp_path / "tied.pt2", tmp_path / "once.pt2"]):
        assert found["text"] == "embedding(9,4).lstm(4,seq,nobias).normalization(params=4).dense(9,params=9,runs=2)"


def test_arrays_with_the_same_storage_count_once(tmp_path: Path) -> None:
    def text(value: str) -> bytes:
        return b"X" + struct.pack("<I", len(value)) + value.encode()

    def tensor(name: str, key: str, *shape: int) -> bytes:
        storage = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text(key) + text("cpu") + b"K\x01tQ"
        sizes = b"(" + b"".join(b"K%c" % size for size in shape) + b"t"
        return text(name) + b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + b"K\x00" + sizes + b")\x89}tR"

    rnn = tensor("rnn.weight_ih_l0", "1", 16, 4) + tensor("rnn.weight_hh_l0", "2", 16, 4)
    table, dense = tensor("table.weight", "0", 9, 4), tensor("fc.weight", "0", 9, 4) + tensor("fc.bias", "3", 9)
    (tmp_path / "tied.pt").write_bytes(zipped({"a/data.pkl": b"\x80\x02}(" + table + rnn + dense + b"u."}))

    (found,) = read([tmp_path / "tied.pt"])

    assert found["text"] == "embedding(9,4).lstm(4,seq,nobias).other.dense(4,9,params=9)"
    assert found["shared"] == [["table.weight", "fc.weight"]]
    assert chain_text(parse_chain(found["text"])) == found["text"]


def test_copies_of_a_matrix_in_each_step_are_of_one_layer(tmp_path: Path) -> None:
    """As PyTorch's exporter writes a simple RNN with relu: the product with x is one of all steps."""
    start = node(b"MatMul", "n X", "x") + node(b"Slice", "x", "x0") + node(b"Relu", "x0", "h0")
    steps = b"".join(
        node(b"Slice", "x", f"x{n}")
        + node(b"MatMul", f"h{n - 1} R{n}", f"p{n}")
        + node(b"Add", f"p{n} x{n}", f"s{n}")
        + node(b"Relu", f"s{n}", f"h{n}")
        for n in (1, 2, 3)
    )
    (tmp_path / "steps.onnx").write_bytes(onnx(start + steps + node(b"MatMul", "h3 D", "z"), "X R1 R2 R3 D"))

    (found,) = read([tmp_path / "steps.onnx"])
    assert found["text"] == "rnn(4,4,nobias,own).dense(4,nobias)"
    assert found["layers"][0]["config"]["activation"] == "relu"


def test_loops_may_have_the_same_names_within(tmp_path: Path) -> None:
    ends = [
        field(number, field(1, name)) for number, name in ((11, b"n"), (11, b"c"), (11, b"h"), (12, b"c"), (12, b"y"))
    ]

    def loop(given: str, last: str, number: int) -> bytes:
        products = node(b"MatMul", f"{given} W{number}", "a") + node(b"MatMul", f"h R{number}", "b")
        body = products + node(b"Add", "a b", "s") + node(b"Tanh", "s", "y") + b"".join(ends)
        return node(b"Loop", "n c first", last, field(5, field(1, b"body") + field(6, body)))

    (tmp_path / "loops.onnx").write_bytes(onnx(loop("x", "one", 1) + loop("one", "two", 2), "W1 R1 W2 R2"))

    (two,) = read([tmp_path / "loops.onnx"])

    assert two["text"] == "rnn(4,4,nobias).rnn(4,seq,nobias)"


def test_of_a_large_file_few_bytes_are_read(tmp_path: Path) -> None:
    """The arrays are holes in the files."""
    size = 100_000_000
    header = {"rnn.weight_ih_l0": [4 * 1024, 5080], "rnn.weight_hh_l0": [4 * 1024, 1024]}
    entries = {name: {"dtype": "F32", "shape": shape, "data_offsets": [0, size]} for name, shape in header.items()}
    node = b"".join(field(number, text) for number, text in ((1, b"X"), (1, b"W"), (1, b"R"), (2, b"Y"), (4, b"LSTM")))
    weights = b"\x08\x01\x08\x80\x20\x08\x80\x08" + field(8, b"R") + b"\x4a" + varint(size)
    initializer = b"\x2a" + varint(len(weights) + size) + weights
    graph = field(1, node) + initializer
    starts = {
        "large.safetensors": safetensors_file(json.dumps(entries).encode()),
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
