"""TorchScript files, read by the scripts of the page in Node: what their code says about layers and loops."""

import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from node_reader import read
from small_model_files import RECORDED


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


@pytest.mark.parametrize(
    ("code", "operators", "computed"),
    [
        (b"y, _1 = torch.max(_0, 1)\n    return ((head).forward(torch.mean(_0, [1]), ), y)", ("mean", "max"), True),
        (b"return ((head).forward(torch.mean(_0, [1]), ), _0)", ("mean", None), False),
    ],
)
def test_what_a_program_returns_beside_its_last_layer_has_operations_of_its_own(
    code: bytes, operators: tuple[str, str | None], tmp_path: Path, *, computed: bool
) -> None:
    """The maximum of all steps, of a function that returns two tensors, or all steps as they are."""
    with zipfile.ZipFile(RECORDED / "continued.pt") as old, zipfile.ZipFile(tmp_path / "file.pt", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, re.sub(rb"return \(.*", code, content) if name.endswith("modules.py") else content)
    (found,) = read([tmp_path / "file.pt"])

    between, other = operators
    assert found["operators"] == [between] and "lastOperators" not in found
    assert found.get("otherOperators") == (other and [other])
    assert found["outputs"] == [["rnn", ["..."], *(["", True] if computed else [])]]


def test_functions_of_each_number_are_named_also_those_of_modules_and_of_pytorchs_own_code() -> None:
    """ReLU() and gelu(x) of Activated in tests/oracles/torch_modules.py."""
    (found,) = read([RECORDED / "activated.pt"])

    assert found["operators"] == ["relu", "max_pool1d", "gelu", "transpose"]
    assert found["functions"] == ["relu", "gelu"]
