"""/code: a complete program in the chosen framework, or a function that carries its weights to another."""

import ast
import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from counting_runner import CountingRunner
from fastapi import FastAPI
from framework_queries import NOT_THERE, STACKED, THERE, Query, named
from starlette.testclient import TestClient

from app.frameworks import FRAMEWORKS
from app.query.parsing import parse


def code(client: TestClient, query: Query) -> str:
    answer = client.get("/code", params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/x-python; charset=utf-8")
    return answer.text


def refused(client: TestClient, query: Query) -> dict[str, Any]:
    answer = client.get("/code", params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/json")
    error: dict[str, Any] = answer.json()["error"]
    return error


@pytest.mark.parametrize("query", [*THERE, *({**query, **STACKED} for query in THERE)], ids=named)
def test_every_program_is_python_and_says_what_it_is(client: TestClient, query: Query) -> None:
    program = ast.parse(code(client, query))

    said = ast.get_docstring(program) or ""
    framework = FRAMEWORKS[query["framework"]]
    assert ("NumPy" if framework.id == "colah" else framework.title) in said
    assert "batch_size 3" in said and "num_units 5" in said
    imported = {alias.name for node in ast.walk(program) if isinstance(node, ast.Import) for alias in node.names}
    assert "numpy" in imported


def test_every_shape_is_asserted_with_its_axes_behind_it(client: TestClient) -> None:
    assert "(1, 3, 5)" in code(client, {"framework": "pytorch"})
    text = code(client, {"framework": "pytorch", "batch_first": True})

    assert "num_layers × batch_size × num_units" in text and "batch_size × time_step × features" in text
    assert "batch_first=True" in text


@pytest.mark.parametrize("query", [{}, {"cell": "gru"}, {"cell": "rnn", **STACKED}, {"num_proj": 3, "num_layers": 2}])
def test_the_program_in_numpy_runs_as_it_is_sent(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, query: Query
) -> None:
    """It asserts every shape itself."""
    monkeypatch.setattr("sys.argv", ["generated.py"])
    made: dict[str, Any] = {"__name__": "generated"}
    with redirect_stdout(io.StringIO()):
        exec(compile(code(client, query), "generated", "exec"), made)

    assert np.shape(made["Y"]) == tuple(client.get("/trace.json", params=query).json()["outputs"]["Y"])


def test_the_program_with_the_file_of_weights_gives_the_numbers_of_the_picture(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    query: Query = {"cell": "gru", "num_layers": 2, "seed": 3}
    (tmp_path / "weights.npz").write_bytes(client.get("/weights.npz", params=query).content)
    monkeypatch.setattr("sys.argv", ["generated.py", str(tmp_path / "weights.npz")])
    made: dict[str, Any] = {"__name__": "generated"}
    exec(compile(code(client, query), "generated", "exec"), made)

    ours = client.get("/tensor.json", params={**query, "tensor": "Y", "layer": 1}).json()["values"]
    np.testing.assert_allclose(made["Y"], ours, atol=1e-6)


@pytest.mark.parametrize("query", [{}, {"cell": "gru", "num_layers": 3}, {"to": "keras"}])
def test_numpy_is_another_name_for_our_own_framework_here(client: TestClient, query: Query) -> None:
    assert code(client, {"framework": "numpy", **query}) == code(client, query)


@pytest.mark.parametrize("path", ["/", "/trace.json", "/diagram.json", "/weights.npz", "/tensor.json"])
def test_elsewhere_no_framework_is_called_numpy(client: TestClient, path: str) -> None:
    answer = client.get(path, params={"framework": "numpy", "tensor": "h"})

    assert answer.status_code == 422
    assert "framework is colah or tf1 or keras or pytorch or onnx or flax, not “numpy”" in answer.text


@pytest.mark.parametrize("query", ["framework=numpy&framework=numpy", "framework=numpy&framework=keras"])
def test_numpy_is_quoted_as_it_was_asked(client: TestClient, query: str) -> None:
    error = client.get(f"/code?{query}").json()["error"]

    assert (error["field"], error["value"]) == ("framework", query.rpartition("=")[2])
    assert error["message"] == "framework is given twice; once is enough"


@pytest.mark.parametrize("query", THERE, ids=named)
def test_the_weights_can_be_carried_to_every_framework_that_has_the_cell(client: TestClient, query: Query) -> None:
    cell = {name: value for name, value in query.items() if name != "framework"}
    for other in (q["framework"] for q in THERE if {**q, "framework": ""} == {**cell, "framework": ""}):
        function = ast.parse(code(client, {**query, "to": other})).body[-1]
        assert isinstance(function, ast.FunctionDef) and function.name == "convert"
        assert FRAMEWORKS[other].title in (ast.get_docstring(function) or "")


def test_converted_weights_are_what_the_other_framework_is_given(client: TestClient) -> None:
    query = {"num_layers": 2, "bidirectional": True}
    made: dict[str, Any] = {}
    exec(code(client, {"framework": "keras", "to": "pytorch", **query}), made)
    keras, pytorch = (_weights(client, {"framework": id, **query}) for id in ("keras", "pytorch"))
    converted = made["convert"](keras)

    assert set(converted) == set(pytorch) - {"input"}
    for name, array in converted.items():
        np.testing.assert_allclose(array, pytorch[name], atol=1e-7)


def _weights(client: TestClient, query: Query) -> dict[str, np.ndarray[Any, Any]]:
    return dict(np.load(io.BytesIO(client.get("/weights.npz", params=query).content)))


def test_without_to_nothing_is_converted(client: TestClient) -> None:
    assert code(client, {"to": "none"}) == code(client, {})
    assert "def convert" not in code(client, {})


@pytest.mark.parametrize("query", NOT_THERE, ids=named)
@pytest.mark.parametrize("path", ["/code", "/weights.npz", "/weights.safetensors"])
def test_what_a_framework_does_not_have_cannot_be_asked_of_it(
    client: TestClient, runner: CountingRunner, path: str, query: Query
) -> None:
    """The answer has the sentence of the trace, the nearest configuration, and who else could."""
    answer = client.get(path, params=query)
    error = answer.json()["error"]
    assert runner.asked == 0

    spoken = client.get("/trace.json", params=query).json()["framework"]
    nearest = " and ".join(f"{name}={str(value).lower()}" for name, value in spoken["nearest"].items())
    assert (answer.status_code, error["field"], error["value"]) == (422, "framework", query["framework"])
    assert error["message"] == f"{spoken['title']} does not support this: {spoken['refused']}; nearest: {nearest}"
    own = {"framework", "go_backwards", "layout"}
    for id in FRAMEWORKS:
        other = {**{name: value for name, value in query.items() if name not in own}, "framework": id}
        if id != query["framework"]:
            assert (id in error["allowed"]) == (client.get(path, params=other).status_code == 200)
    assert query["framework"] not in error["allowed"]


def test_a_refusal_reads_as_a_sentence(client: TestClient) -> None:
    assert refused(client, {"framework": "pytorch", "cell": "lstm_peephole"}) == {
        "field": "framework",
        "value": "pytorch",
        "message": "PyTorch does not support this: nn.LSTM has neither peepholes nor coupled gates; nearest: cell=lstm",
        "allowed": ["colah", "tf1", "onnx"],
    }


def test_weights_cannot_be_carried_to_who_has_no_such_cell(client: TestClient) -> None:
    error = refused(client, {"cell": "gru", "framework": "tf1", "to": "pytorch"})

    assert (error["field"], error["value"]) == ("to", "pytorch")
    assert error["message"].startswith("PyTorch does not support this: ")
    assert error["message"].endswith("; nearest: cell=gru_reset_after")
    assert error["allowed"] == ["colah", "tf1", "keras", "onnx"]


def test_who_asks_is_told_of_the_framework_before_the_target(client: TestClient) -> None:
    assert refused(client, {"cell": "gru", "framework": "flax", "to": "pytorch"})["field"] == "framework"


@pytest.mark.parametrize("query", ["framework=pytorch&cell=gru", "to=pytorch&cell=gru", "num_units=0"])
def test_a_refusal_is_not_answered_from_a_cache(client: TestClient, query: str) -> None:
    answer = client.get(f"/code?{query}", headers={"If-None-Match": "*"})

    assert answer.status_code == 422 and "etag" not in answer.headers


@pytest.mark.parametrize("query", THERE, ids=named)
def test_a_program_is_written_without_running_anything(
    client: TestClient, runner: CountingRunner, query: Query
) -> None:
    largest = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192, "num_layers": 8}
    code(client, {**query, **largest, "bidirectional": True})

    assert runner.asked == 0


def test_the_pages_program_is_the_one_of_its_twin(client: TestClient, app: FastAPI) -> None:
    view = parse([("framework", "pytorch"), ("num_layers", "2")], strict=True)

    assert code(client, {"framework": "pytorch", "num_layers": 2}) == view.model.code()
