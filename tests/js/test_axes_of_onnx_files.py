"""Where the batch is in the input of an ONNX graph that gives its recurrent layer other axes, read in Node."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from node_reader import read
from onnx import NodeProto, helper, numpy_helper

make = helper.make_node
POOL: dict[str, Any] = {"kernel_shape": [2], "strides": [2]}
BETWEEN: dict[str, list[NodeProto]] = {
    "MaxPool": [make("MaxPool", ["a"], ["b"], **POOL)],
    "AveragePool and a function": [make("AveragePool", ["a"], ["p"], **POOL), make("Relu", ["p"], ["b"])],
    "GlobalAveragePool": [make("GlobalAveragePool", ["a"], ["b"])],
    "Pad": [make("Pad", ["a", "pads"], ["b"])],
    "Resize": [make("Resize", ["a", "", "scales"], ["b"])],
    "Slice": [make("Slice", ["a", "one", "three", "two"], ["b"])],
    "Gather": [make("Gather", ["a", "both"], ["b"], axis=2)],
    "TopK": [make("TopK", ["a", "three"], ["b", "places"])],
    "ReduceMean and Sub": [make("ReduceMean", ["a"], ["m"], axes=[2]), make("Sub", ["a", "m"], ["b"])],
    "Split and Concat": [make("Split", ["a"], ["s", "r"], axis=2), make("Concat", ["s", "r"], ["b"], axis=2)],
    "Unsqueeze and Squeeze": [make("Unsqueeze", ["a", "two"], ["u"]), make("Squeeze", ["u", "two"], ["b"])],
    "Reshape": [make("Reshape", ["a", "kept"], ["b"])],
}
"""Operations that keep the batch where it is: the first axis of a, and of b."""


def written(path: Path, between: list[NodeProto], sizes: list[int | str], is_first: bool, conv: bool) -> Path:
    """A graph that returns one step. Its input has the batch first, or the steps."""
    nodes = [
        make("Transpose", ["x"], ["a" if not conv else "c"], perm=[0, 2, 1] if is_first else [1, 2, 0]),
        *([make("Conv", ["c", "K"], ["a"])] if conv else []),
        *between,
        make("Transpose", ["b"], ["given"], perm=[2, 0, 1]),
        make("GRU", ["given", "W", "R"], ["", "last"], hidden_size=4),
        make("Squeeze", ["last", "zero"], ["z"]),
    ]
    weights = [
        *(
            numpy_helper.from_array(np.ones(shape, np.float32), name)
            for name, shape in {"K": (3, 3, 1), "W": (1, 12, 3), "R": (1, 12, 4)}.items()
        ),
        *(
            numpy_helper.from_array(np.array(numbers), name)
            for name, numbers in {
                "zero": [0],
                "one": [1],
                "two": [2],
                "three": [3],
                "both": [0, 2],
                "pads": [0, 0, 1, 0, 0, 2],
                "kept": [0, 3, -1],
            }.items()
        ),
        numpy_helper.from_array(np.array([1, 1, 2], np.float32), "scales"),
    ]
    ends = helper.make_tensor_value_info("x", 1, sizes), helper.make_tensor_value_info("z", 1, None)
    graph = helper.make_graph(nodes, "graph", [ends[0]], [ends[1]], weights)
    path.write_bytes(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)]).SerializeToString())
    return path


@pytest.mark.parametrize("conv", [False, True])
@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN)
def test_an_operation_before_a_recurrent_layer_keeps_the_batch(
    between: list[NodeProto], conv: bool, tmp_path: Path
) -> None:
    """Also one that is as long as the steps, or of any length; and whatever the model returns of the layer."""
    cases: dict[tuple[int | str, ...], bool] = {
        (5, 8, 3): True,
        (1, 8, 3): True,
        (8, 8, 3): True,
        ("any", 8, 3): True,
        (8, 5, 3): False,
        (8, "any", 3): False,
    }
    files = [
        written(tmp_path / str(n), between, list(sizes), is_first, conv)
        for n, (sizes, is_first) in enumerate(cases.items())
    ]

    found = read(files)

    assert [one.get("isBatchFirst", False) for one in found] == [*cases.values()]
    assert {tuple(one.get("input") or [8, 3]) for one in found} == {(8, 3)}


def test_windows_are_between_the_input_and_the_layer(tmp_path: Path) -> None:
    (found,) = read([written(tmp_path / "file", BETWEEN["MaxPool"], [8, 8, 3], True, False)])

    assert found["text"] == "input(8,3).other(4,3,params=0).gru(4,before,nobias)"


@pytest.mark.parametrize("target", [[3, -1, 3], [-1, 3, 3]])
def test_a_shape_that_mixes_the_axes_says_nothing_about_the_batch(target: list[int], tmp_path: Path) -> None:
    nodes = [make("Constant", [], ["mixed"], value=numpy_helper.from_array(np.array(target)))]
    mixing = [*nodes, make("Reshape", ["a", "mixed"], ["b"])]

    (found,) = read([written(tmp_path / "file", mixing, ["b", 9, 3], True, False)])

    assert "isBatchFirst" not in found


def test_a_value_that_comes_on_many_ways_is_followed_once(tmp_path: Path) -> None:
    """Each sum doubles the number of ways to the input."""
    names = ["a", *(f"s{n}" for n in range(60)), "b"]
    sums = [make("Add", [one, one + "r"], [other]) for one, other in pairwise(names)]
    parts = [make("Relu", [one], [one + "r"]) for one in names[:-1]]
    both = [node for pair in zip(parts, sums, strict=True) for node in pair]

    (found,) = read([written(tmp_path / "file", both, [2, 9, 3], True, False)])

    assert found["isBatchFirst"] is True
