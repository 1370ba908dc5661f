"""ONNX graphs in which a cell or its weights are used several times, and operations that nothing uses."""

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from node_reader import read
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper


def model_of(nodes: list[NodeProto], result: tuple[str, list[int]], **sizes: tuple[int, ...]) -> ModelProto:
    """A model of x, of 3 samples with 4 steps of 5 features."""
    weights = [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in sizes.items()]
    weights += [helper.make_tensor(f"at{n}", TensorProto.INT64, [], [n]) for n in range(4)]
    ends = [helper.make_tensor_value_info(name, 1, shape) for name, shape in (("x", [3, 4, 5]), result)]
    return helper.make_model(helper.make_graph(nodes, "graph", ends[:1], ends[1:], weights))


def unrolled(*heads: int, given: str = "x") -> list[NodeProto]:
    """Four steps of a simple RNN with 6 units, and a dense layer that gets some of them, each alone."""
    make, nodes = partial(own_node, given), []
    for n in range(4):
        before = f"h{n - 1}" if n else "first"
        nodes += [
            make("Gather", ["x", f"at{n}"], [f"x{n}"], axis=1),
            make("MatMul", [f"x{n}", "W"], [f"a{n}"]),
            make("MatMul", [before, "R"], [f"b{n}"]),
            make("Add", [f"a{n}", f"b{n}"], [f"s{n}"]),
            make("Tanh", [f"s{n}"], [f"h{n}"]),
        ]
        nodes += [make("MatMul", [f"h{n}", "D"], [f"y{n}"])] if n in heads else []
    nodes += [make("Unsqueeze", [f"y{n}", "axis"], [f"z{n}"]) for n in heads]
    return [*nodes, make("Concat", [f"z{n}" for n in heads], ["z"], axis=1)]


def own_node(given: str, kind: str, inputs: list[str], outputs: list[str], **attributes: Any) -> NodeProto:
    """A node whose values have other names for another input."""
    shared = {"W", "R", "D", "first", "axis", *(f"at{n}" for n in range(4))}

    def named(names: list[str]) -> list[str]:
        return [name if name in shared or given == "x" else f"{given} {name}" for name in names]

    return helper.make_node(kind, named(inputs), named(outputs), **attributes)


SIZES = {"W": (5, 6), "R": (6, 6), "D": (6, 2), "first": (3, 6), "axis": (1,)}


def found_in(path: Path, model: ModelProto) -> dict[str, Any]:
    path.write_bytes(model.SerializeToString())
    return read([path])[0]


@pytest.mark.parametrize(
    ("heads", "text"),
    [
        ((0, 1, 2, 3), "input(4,5).rnn(5,6,seq,nobias).step.dense(2,nobias,runs=4).other(4,2,params=0)"),
        ((1, 2), "input(4,5).rnn(5,6,seq,nobias).other(params=0).dense(6,2,nobias,runs=2).other(2,2,params=0)"),
        ((3,), "input(4,5).rnn(5,6,nobias).dense(2,nobias)"),
    ],
    ids=["every step", "two of them", "the last one"],
)
def test_a_layer_that_gets_steps_alone_says_which_of_them_go_on(
    tmp_path: Path, heads: tuple[int, ...], text: str
) -> None:
    found = found_in(tmp_path / "file", model_of(unrolled(*heads), ("z", [3, len(heads), 2]), **SIZES))

    assert found["text"] == text
    assert found["layers"][0].get("onlyLast", False) == (heads == (3,))


def test_a_layer_that_gets_each_step_of_two_runs_says_so(tmp_path: Path) -> None:
    nodes = [helper.make_node("Neg", ["x"], ["other x"]), *unrolled(0, 1, 2, 3), *unrolled(0, 1, 2, 3, given="other")]
    nodes.append(helper.make_node("Sub", ["z", "other z"], ["difference"]))
    found = found_in(tmp_path / "file", model_of(nodes, ("difference", [3, 4, 2]), **SIZES))

    assert found["text"].startswith("input(4,5).rnn(5,6,seq,nobias,runs=2).step.dense(2,nobias,runs=8).")


def test_operations_that_nothing_uses_or_only_their_shape_are_not_on_the_way_to_an_output(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Exp", ["x"], ["unused"]),
        helper.make_node("Transpose", ["x"], ["turned"], perm=[1, 0, 2]),
        helper.make_node("Abs", ["turned"], ["only_its_shape"]),
        helper.make_node("Shape", ["only_its_shape"], ["shape"]),
        helper.make_node("ConstantOfShape", ["shape"], ["zeros"]),
        helper.make_node("RNN", ["turned", "W", "R"], ["", "h"], hidden_size=6),
        helper.make_node("Neg", ["h"], ["negative"]),
        helper.make_node("Sqrt", ["negative"], ["root"]),
        helper.make_node("Squeeze", ["h", "axis"], ["z"]),
    ]
    sizes = {"W": (1, 6, 5), "R": (1, 6, 6), "axis": (1,)}
    found = found_in(tmp_path / "file", model_of(nodes, ("z", [3, 6]), **sizes))

    names = {name for place in ("operators", "lastOperators", "otherOperators") for name in found.get(place, [])}
    assert names == {"Transpose", "Squeeze"}


def test_an_operation_that_says_which_branch_runs_is_needed(tmp_path: Path) -> None:
    make, value = helper.make_node, helper.make_tensor_value_info
    nodes = [make("RNN", ["x", kind, "R"], ["", f"h{kind}"], hidden_size=6) for kind in ("V", "W")]
    branches = [
        helper.make_graph([make("Identity", [f"h{kind}"], [f"b{kind}"])], kind, [], [value(f"b{kind}", 1, [1, 4, 6])])
        for kind in ("V", "W")
    ]
    nodes += [
        make("IsNaN", ["x"], ["condition"]),
        make("If", ["condition"], ["z"], then_branch=branches[0], else_branch=branches[1]),
    ]
    sizes = {"V": (1, 6, 5), "W": (1, 6, 5), "R": (1, 6, 6)}
    found = found_in(tmp_path / "file", model_of(nodes, ("z", [1, 4, 6]), **sizes))

    assert found["operators"] == ["IsNaN"] and "otherOperators" not in found


@pytest.mark.parametrize("names", [("fw", "bw"), ("rnn", "rnn")])
def test_branches_with_the_same_weights_in_opposite_directions_are_two_layers(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    """Their weights are counted once; also if both nodes have the same name."""
    branches = []
    for direction, name in zip(("forward", "reverse"), names, strict=True):
        node = helper.make_node("RNN", ["x", "W", "R"], [f"y {direction}"], name, hidden_size=6, direction=direction)
        ends = [helper.make_tensor_value_info(f"y {direction}", 1, [3, 1, 4, 6])]
        branches.append(helper.make_graph([node], direction, [], ends))
    nodes = [
        helper.make_node("IsNaN", ["x"], ["condition"]),
        helper.make_node("If", ["condition"], ["z"], then_branch=branches[0], else_branch=branches[1]),
    ]
    sizes = {"W": (1, 6, 5), "R": (1, 6, 6)}
    found = found_in(tmp_path / "file", model_of(nodes, ("z", [3, 1, 4, 6]), **sizes))

    first, second = found["layers"]
    assert {one["branch"]["name"]: one["config"]["go_backwards"] for one in (first, second)} == {
        "then_branch": False,
        "else_branch": True,
    }
    assert first["name"] != second["name"] and "elsewhere" in found["text"]
    assert "parameters" not in first["config"] and second["config"]["parameters"] == 0
    assert second["weightsOf"] == first["name"]


@pytest.mark.parametrize(("order", "count"), [([0, 2, 1], 5 * 3 * 5 + 5), ([0, 1, 2], 5 * 3 * 5)])
def test_a_vector_that_is_added_to_the_channels_of_a_convolution_is_its_bias(
    tmp_path: Path, order: list[int], count: int
) -> None:
    """As an exporter writes one whose channels are the last axis: here there are as many channels as steps."""
    nodes = [
        helper.make_node("Transpose", ["x"], ["turned"], perm=[0, 2, 1]),
        helper.make_node("Conv", ["turned", "K"], ["c"], pads=[1, 2]),
        helper.make_node("Transpose", ["c"], ["d"], perm=order),
        helper.make_node("Add", ["d", "b"], ["e"]),
        helper.make_node("Transpose", ["e"], ["f"], perm=[2, 0, 1] if order[1] == 1 else [1, 0, 2]),
        helper.make_node("RNN", ["f", "W", "R"], ["z"], hidden_size=6),
    ]
    sizes = {"K": (5, 5, 3), "b": (1, 1, 5), "W": (1, 6, 5), "R": (1, 6, 6)}
    model = model_of(nodes, ("z", [5, 1, 3, 6]), **sizes)
    model.graph.input[0].CopyFrom(helper.make_tensor_value_info("x", 1, [3, 5, 5]))
    found = found_in(tmp_path / "file", model)

    convolution = next(one for one in found["layers"] if one["kind"] == "convolution")
    assert convolution["config"]["parameters"] == count
    others = [one["config"].get("parameters", 0) for one in found["layers"] if one["kind"] == "other"]
    assert sum(others) == (0 if order[1] == 2 else 5), "else it is a step of its own"
    assert found["isComplete"]
