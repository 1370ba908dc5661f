"""ONNX graphs, read by the scripts of the page in Node."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hostile_files import field
from node_reader import read
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator
from small_model_files import RECORDED, node, onnx


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


def test_the_parameters_of_a_graph_that_no_layer_has_are_where_it_uses_them() -> None:
    (found,) = read([RECORDED / "weighted.pt2"])

    layers = {one["name"]: one for one in found["layers"]}
    assert list(layers) == ["rnn", "weights", "head", "factor"]
    assert found["unused"] == ["unused.weight", "unused.bias"]
    assert found["unusedCount"] == 4 * 7 + 7
    assert layers["head"]["reads"] == ["weights", "rnn"] and layers["rnn"]["begins"] == ["first"]
    assert layers["rnn"]["config"]["parameters"] == 3 * 4 * (3 + 4 + 2) + 4, "its initial state is learned"
    assert found["unknown"] == ["weights", "factor"], "and not the initial state"


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
    assert (
        config["input_forget"]
        and config["lengths_of"] == "sequence_lens"
        and "lengths_of" not in other["layers"][0]["config"]
    )
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


def info(name: str, *axes: int, type_: int = TensorProto.FLOAT) -> Any:
    return helper.make_tensor_value_info(name, type_, axes)


def weights_of(**shapes: tuple[int, ...]) -> list[TensorProto]:
    return [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in shapes.items()]


RNN_WEIGHTS = {"W": (1, 4, 3), "R": (1, 4, 4)}
"""Those of a simple RNN with 4 units for vectors of 3."""


@pytest.mark.parametrize(
    ("operation", "inputs", "axes", "states"),
    [
        ("Relu", ["h"], [1, 2, 4], ",states"),
        ("Mul", ["h", "k"], [1, 2, 4], ",states"),
        ("Add", ["h", "k"], [1, 2, 4], ",states"),
        ("Squeeze", ["h", "first"], [2, 4], ""),
        ("Gather", ["h", "zero"], [2, 4], ""),
        ("Reshape", ["h", "vectors"], [2, 4], ""),
    ],
)
def test_a_last_state_has_its_axis_of_layers_until_an_operation_takes_it(
    operation: str, inputs: list[str], axes: list[int], states: str, tmp_path: Path
) -> None:
    nodes = [
        helper.make_node("RNN", ["x", "W", "R"], ["", "h"], hidden_size=4),
        helper.make_node(operation, inputs, ["y"]),
    ]
    constants = {"first": [0], "vectors": [2, 4]}
    weights = [*weights_of(**RNN_WEIGHTS, k=(1,)), helper.make_tensor("zero", TensorProto.INT64, [], [0])]
    weights += [numpy_helper.from_array(np.array(value), name) for name, value in constants.items()]
    model = helper.make_model(helper.make_graph(nodes, "graph", [info("x", 5, 2, 3)], [info("y", *axes)], weights))
    model.opset_import[0].version = 17
    (tmp_path / "file").write_bytes(model.SerializeToString())
    inferred: Any = ReferenceEvaluator(model).run(None, {"x": np.zeros((5, 2, 3), np.float32)})

    (found,) = read([tmp_path / "file"])

    assert [*inferred[0].shape] == axes, "as the reference computes it"
    assert found["text"] == f"input(5,3).rnn(3,4{states},nobias)"
    assert found["lastOperators"] == [operation]


def test_of_two_branches_either_may_return_the_last_state(tmp_path: Path) -> None:
    def branch(name: str) -> Any:
        node = helper.make_node("RNN", ["x", "W", f"R{name}"], ["", name], name=f"rnn_{name}", hidden_size=4)
        return helper.make_graph([node], name, [], [info(name, 1, 2, 4)])

    node = helper.make_node("If", ["c"], ["y"], name="if", then_branch=branch("a"), else_branch=branch("b"))
    given = [info("c", type_=TensorProto.BOOL), info("x", 5, 2, 3)]
    weights = weights_of(W=RNN_WEIGHTS["W"], Ra=RNN_WEIGHTS["R"], Rb=RNN_WEIGHTS["R"])
    graph = helper.make_graph([node], "graph", given, [info("y", 1, 2, 4)], weights)
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file"])

    assert [one["statesOnly"] for one in found["layers"]] == [True, True]
    assert "output" not in found, "the last layer returns what the model does"


@pytest.mark.parametrize(("times", "said"), [(3, 3), (None, "n")])
def test_a_layer_in_a_loop_runs_as_often_as_that_with_its_own_states(
    times: int | None, said: int | str, tmp_path: Path
) -> None:
    inner = helper.make_node("RNN", ["x", "W", "R", "", "", "s"], ["", "t"], name="rnn", hidden_size=4)
    again = helper.make_node("Identity", ["c"], ["d"])
    given = [info("i", type_=TensorProto.INT64), info("c", type_=TensorProto.BOOL), info("s", 1, 2, 4)]
    body = helper.make_graph([inner, again], "body", given, [info("d", type_=TensorProto.BOOL), info("t", 1, 2, 4)])
    loop = helper.make_node("Loop", ["n", "k", "s0"], ["y"], name="loop", body=body)
    weights = weights_of(**RNN_WEIGHTS, s0=(1, 2, 4))
    if times:
        weights.append(helper.make_tensor("n", TensorProto.INT64, [], [times]))
    ends = [info("k", type_=TensorProto.BOOL), info("x", 5, 2, 3)]
    ends += [] if times else [info("n", type_=TensorProto.INT64)]
    graph = helper.make_graph([loop], "graph", ends, [info("y", 1, 2, 4)], weights)
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file"])

    (layer,) = found["layers"]
    assert layer["loop"] == {"name": "loop", "times": said} and layer["continues"]
    assert found["text"] == "input(5,3).rnn(3,4,states,nobias)", "the loop returns the last state of its last run"


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
    assert [one.get("isBatchFirst") for one in (names, sizes, unknown)] == [True, True, True]
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

    assert two["text"] == "rnn(4,4,nobias).rnn(4,nobias)", "a loop returns its last state"


def test_operations_of_a_graph_on_the_way_to_another_output_are_neither_between_layers_nor_after_them(
    tmp_path: Path,
) -> None:
    nodes = [
        helper.make_node("RNN", ["x", "W", "R"], ["", "h"], hidden_size=4),
        helper.make_node("ReduceMax", ["h"], ["z"], keepdims=0),
        helper.make_node("Tanh", ["h"], ["t"]),
        helper.make_node("MatMul", ["t", "D"], ["d"]),
        helper.make_node("Exp", ["d"], ["y"]),
    ]
    weights = weights_of(**RNN_WEIGHTS, D=(4, 2))
    graph = helper.make_graph(nodes, "graph", [info("x", 5, 2, 3)], [info("y", 1, 2, 2), info("z")], weights)
    (tmp_path / "file").write_bytes(helper.make_model(graph).SerializeToString())
    (found,) = read([tmp_path / "file"])

    places = [found[name] for name in ("operators", "otherOperators", "lastOperators")]
    assert places == [["Tanh"], ["ReduceMax"], ["Exp"]]


def test_a_layer_after_the_last_step_of_a_graph_without_lengths_does_not_get_each_step(tmp_path: Path) -> None:
    sizes = {"W": (1, 12, 3), "R": (1, 12, 4), "one": (4,), "D": (4, 2), "d": (2,)}
    weights = [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in sizes.items()]
    weights += [helper.make_tensor(name, TensorProto.INT64, shape, [value]) for name, shape, value in INDICES]
    make = helper.make_node
    nodes = [
        make("GRU", ["x", "W", "R"], ["all"], hidden_size=4),
        make("Squeeze", ["all", "directions"], ["steps"]),
        make("LayerNormalization", ["steps", "one"], ["normal"], axis=-1),
        make("Gather", ["normal", "last"], ["step"], axis=0),
        make("Mul", ["step", "one"], ["scaled"]),
        make("Gemm", ["scaled", "D", "d"], ["y"], "head"),
    ]
    value = helper.make_tensor_value_info
    given, returned = value("x", 1, ["time", "batch", 3]), value("y", 1, ["batch", 2])
    graph = helper.make_graph(nodes, "graph", [given], [returned], weights)
    (tmp_path / "file.onnx").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file.onnx"])

    assert not any(one.get("isOfStep") for one in found["layers"])
    assert ".step." not in found["text"]


INDICES: tuple[tuple[str, list[int], int], ...] = (("directions", [1], 1), ("last", [], -1))
"""Constants of that graph: names, shapes and values."""


@pytest.mark.parametrize(
    "before",
    [
        [("MatMul", "x D", "{}")],
        [
            ("MatMul", "x D", "a"),
            ("Add", "bias a", "b"),
            ("Relu", "b", "c"),
            ("Dropout", "c", "d"),
            ("MatMul", "d E", "{}"),
        ],
        [("MatMul", "x D", "a"), ("LayerNormalization", "a bias bias", "{}")],
        [
            ("MatMul", "x D", "a"),
            ("Div", "a root", "b"),
            ("Erf", "b", "c"),
            ("Add", "c root", "e"),
            ("Mul", "a e", "d"),
            ("Clip", "d", "{}"),
        ],
        [("MatMul", "x D", "a"), ("Add", "x a", "{}")],
    ],
    ids=["dense", "two dense", "normalization", "GELU", "sum"],
)
@pytest.mark.parametrize("sizes", [[2, 6, 3], ["b", 6, 3], ["b", "t", 3]], ids=str)
@pytest.mark.parametrize("is_first", [True, False], ids=["batch first", "steps first"])
def test_layers_before_a_recurrent_one_get_the_batch_where_the_model_gets_it(
    tmp_path: Path, before: list[tuple[str, str, str]], sizes: list[int | str], is_first: bool
) -> None:
    """An exporter transposes only before the recurrent layer: the axes before that are those of the input."""
    make = helper.make_node
    value = "moved" if is_first else "given"
    nodes = [make(kind, inputs.split(), [output.format("given")]) for kind, inputs, output in before]
    nodes += [make("Transpose", ["given"], ["moved"], perm=[1, 0, 2])] if is_first else []
    nodes += [
        make("GRU", [value, "W", "R"], ["y"], hidden_size=4, direction="bidirectional"),
        make("ReduceSum", ["y"], ["z"], keepdims=0),
    ]
    shapes: dict[str, tuple[int, ...]] = {
        "D": (3, 3),
        "E": (3, 3),
        "bias": (3,),
        "root": (),
        "W": (2, 12, 3),
        "R": (2, 12, 4),
    }
    weights = [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in shapes.items()]
    ends = [helper.make_tensor_value_info("x", TensorProto.FLOAT, sizes), helper.make_tensor_value_info("z", 1, [])]
    graph = helper.make_graph(nodes, "graph", ends[:1], ends[1:], weights)
    (tmp_path / "file.onnx").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file.onnx"])

    assert found.get("isBatchFirst") == (True if is_first else None), "and else that of the layer"


def test_the_axes_before_an_operation_that_mixes_them_say_nothing_about_the_batch(tmp_path: Path) -> None:
    make = helper.make_node
    nodes = [
        make("MatMul", ["x", "D"], ["a"]),
        make("Reshape", ["a", "shape"], ["b"]),
        make("Transpose", ["b"], ["c"], perm=[1, 0, 2]),
        make("GRU", ["c", "W", "R"], ["y"], hidden_size=4),
        make("ReduceSum", ["y"], ["z"], keepdims=0),
    ]
    shapes = {"D": (3, 3), "W": (1, 12, 3), "R": (1, 12, 4)}
    weights = [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in shapes.items()]
    weights.append(numpy_helper.from_array(np.array([3, -1, 3]), "shape"))
    ends = [helper.make_tensor_value_info("x", 1, ["b", "t", 3]), helper.make_tensor_value_info("z", 1, [])]
    graph = helper.make_graph(nodes, "graph", ends[:1], ends[1:], weights)
    (tmp_path / "file.onnx").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file.onnx"])

    assert "isBatchFirst" not in found


def test_two_nodes_that_are_the_directions_of_one_layer_are_both_named(tmp_path: Path) -> None:
    make = helper.make_node
    nodes = [make("Slice", ["x", "last", "first", "axis", "back"], ["reversed"])]
    for name, given in (("forward", "x"), ("backward", "reversed")):
        nodes += [make("LSTM", [given, "W", "R"], [f"{name}_y"], f"/{name}/LSTM", hidden_size=4)]
        nodes += [make("Squeeze", [f"{name}_y", "one"], [name])]
    nodes += [make("Slice", ["backward", "last", "first", "axis", "back"], ["again"])]
    nodes += [make("Concat", ["forward", "again"], ["y"], axis=2)]
    weights = [numpy_helper.from_array(np.zeros(shape, np.float32), name) for name, shape in SIZES.items()]
    numbers = {"last": -1, "first": -(2**62), "axis": 0, "back": -1, "one": 1}
    weights += [numpy_helper.from_array(np.array([number]), name) for name, number in numbers.items()]
    ends = [helper.make_tensor_value_info("x", 1, [6, 2, 3]), helper.make_tensor_value_info("y", 1, [6, 2, 8])]
    graph = helper.make_graph(nodes, "graph", ends[:1], ends[1:], weights)
    (tmp_path / "file.onnx").write_bytes(helper.make_model(graph).SerializeToString())

    (found,) = read([tmp_path / "file.onnx"])

    (layer,) = found["layers"]
    assert layer["config"]["bidirectional"] and layer["directionsOf"] == ["/forward/LSTM", "/backward/LSTM"]


SIZES = {"W": (1, 16, 3), "R": (1, 16, 4)}
