"""ONNX graphs with an If, of which one branch runs: recurrent layers whose last states it returns."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from node_reader import read
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

SIZES = {"W": (2, 12, 3), "R": (2, 12, 4), "V": (2, 12, 3), "D": (8, 5)}


def info(name: str, *shape: int, kind: int = TensorProto.FLOAT) -> Any:
    return helper.make_tensor_value_info(name, kind, shape)


def gru(result: str, weights: str = "W") -> NodeProto:
    name = f"gru {weights}"
    return helper.make_node("GRU", ["x", weights, "R"], ["", result], name, hidden_size=4, direction="bidirectional")


def branch(node: NodeProto) -> GraphProto:
    (result,) = filter(None, node.output)
    return helper.make_graph([node], result, [], [info(result, 2, 2, 4)])


def zeros() -> NodeProto:
    return helper.make_node("ConstantOfShape", ["shape"], ["zeros"])


def found_in(path: Path, first: NodeProto) -> dict[str, Any]:
    """A model whose dense layer gets the states of both directions, side by side."""
    nodes = [
        first,
        helper.make_node("Transpose", ["h"], ["turned"], perm=[1, 0, 2]),
        helper.make_node("Flatten", ["turned"], ["flat"]),
        helper.make_node("MatMul", ["flat", "D"], ["y"], "head"),
    ]
    weights = [numpy_helper.from_array(np.ones(shape, np.float32), name) for name, shape in SIZES.items()]
    weights.append(numpy_helper.from_array(np.array([2, 2, 4]), "shape"))
    given = [info("x", 6, 2, 3), info("flag", kind=TensorProto.BOOL)]
    graph = helper.make_graph(nodes, "graph", given, [info("y", 2, 5)], weights)
    path.write_bytes(helper.make_model(graph).SerializeToString())
    return read([path])[0]


def either(then: NodeProto, other: NodeProto) -> NodeProto:
    return helper.make_node("If", ["flag"], ["h"], then_branch=branch(then), else_branch=branch(other))


@pytest.mark.parametrize(
    "first",
    [either(gru("a"), zeros()), either(zeros(), gru("a")), either(gru("a"), gru("b"))],
    ids=["then", "else", "both"],
)
def test_a_layer_in_a_branch_is_read_as_the_same_one_without_branches(tmp_path: Path, first: NodeProto) -> None:
    """Only one branch runs, so that the layer runs once, also if it is in both."""
    alone = found_in(tmp_path / "alone", gru("h"))
    found = found_in(tmp_path / "file", first)

    assert found["text"] == alone["text"] and ",ends," in alone["text"]
    assert found["operators"] == ["If", *alone["operators"]]


def test_the_states_of_different_layers_in_two_branches_go_on_of_both(tmp_path: Path) -> None:
    found = found_in(tmp_path / "file", either(gru("a"), gru("b", "V")))

    *layers, head = found["layers"]
    assert [one["joinsEnds"] for one in layers] == [True, True]
    assert sorted(head["reads"]) == ["gru V", "gru W"]
