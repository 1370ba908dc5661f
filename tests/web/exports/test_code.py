"""/code: a complete program in the chosen framework, or a function that converts its weights for another."""

import ast
import io
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from app_client import TestClient
from counting_runner import CountingRunner
from fastapi import FastAPI
from framework_queries import STACKED, SUPPORTED, UNSUPPORTED, Query, query_id
from pairing import in_turn
from supported_queries import QUERIES

from app.frameworks import FRAMEWORKS
from app.url_state.parsing import parse


def code(client: TestClient, query: Query) -> str:
    response = client.get("/code", params=query)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/x-python; charset=utf-8")
    return response.text


def refused(client: TestClient, query: Query) -> dict[str, Any]:
    response = client.get("/code", params=query)
    assert (response.status_code, response.headers["content-type"]) == (422, "application/json")
    error: dict[str, Any] = response.json()["error"]
    return error


@pytest.mark.parametrize("query", QUERIES, ids=query_id)
def test_every_program_is_python_with_a_title(client: TestClient, query: Query) -> None:
    program = ast.parse(code(client, query))

    docstring = ast.get_docstring(program) or ""
    framework = FRAMEWORKS[query["framework"]]
    assert ("NumPy" if framework.id == "colah" else framework.title) in docstring
    assert "batch_size 3" in docstring and "num_units 5" in docstring
    imported = {alias.name for node in ast.walk(program) if isinstance(node, ast.Import) for alias in node.names}
    assert "numpy" in imported


def test_every_shape_is_asserted_with_its_axes_in_a_comment(client: TestClient) -> None:
    assert "(1, 3, 5)" in code(client, {"framework": "pytorch"})
    text = code(client, {"framework": "pytorch", "batch_first": True})

    assert "num_layers × batch_size × num_units" in text and "batch_size × time_step × features" in text
    assert "batch_first=True" in text


@pytest.mark.parametrize("query", [{}, {"cell": "gru"}, {"cell": "rnn", **STACKED}, {"num_proj": 3, "num_layers": 2}])
def test_the_numpy_program_runs(client: TestClient, monkeypatch: pytest.MonkeyPatch, query: Query) -> None:
    """The program asserts every shape itself."""
    monkeypatch.setattr("sys.argv", ["generated.py"])
    namespace: dict[str, Any] = {"__name__": "generated"}
    with redirect_stdout(io.StringIO()):
        exec(compile(code(client, query), "generated", "exec"), namespace)

    assert np.shape(namespace["Y"]) == tuple(client.get("/trace.json", params=query).json()["outputs"]["Y"])


def test_with_the_weights_file_the_program_has_the_values_of_the_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    query: Query = {"cell": "gru", "num_layers": 2, "seed": 3}
    (tmp_path / "weights.npz").write_bytes(client.get("/weights.npz", params=query).content)
    monkeypatch.setattr("sys.argv", ["generated.py", str(tmp_path / "weights.npz")])
    namespace: dict[str, Any] = {"__name__": "generated"}
    exec(compile(code(client, query), "generated", "exec"), namespace)

    ours = client.get("/tensor.json", params={**query, "tensor": "Y", "layer": 1}).json()["values"]
    np.testing.assert_allclose(namespace["Y"], ours, atol=1e-6)


@pytest.mark.parametrize("query", [{}, {"cell": "gru", "num_layers": 3}, {"to": "keras"}])
def test_numpy_is_another_name_of_our_own_framework(client: TestClient, query: Query) -> None:
    assert code(client, {"framework": "numpy", **query}) == code(client, query)


@pytest.mark.parametrize("path", ["/", "/trace.json", "/diagram.json", "/weights.npz", "/tensor.json"])
def test_only_code_accepts_numpy_as_a_framework(client: TestClient, path: str) -> None:
    response = client.get(path, params={"framework": "numpy", "tensor": "h"})

    assert response.status_code == 422
    assert "framework must be colah, tf1, keras, pytorch, onnx or flax, not “numpy”" in response.text


@pytest.mark.parametrize("query", ["framework=numpy&framework=numpy", "framework=numpy&framework=keras"])
def test_an_error_quotes_numpy(client: TestClient, query: str) -> None:
    error = client.get(f"/code?{query}").json()["error"]

    assert (error["field"], error["value"]) == ("framework", query.rpartition("=")[2])
    assert error["message"] == "framework appears twice; give it once"


@pytest.mark.parametrize("query", SUPPORTED, ids=query_id)
def test_weights_can_be_converted_for_every_framework_with_the_cell(client: TestClient, query: Query) -> None:
    cell = {name: value for name, value in query.items() if name != "framework"}
    for other in (q["framework"] for q in SUPPORTED if {**q, "framework": ""} == {**cell, "framework": ""}):
        function = ast.parse(code(client, {**query, "to": other})).body[-1]
        assert isinstance(function, ast.FunctionDef) and function.name == "convert"
        assert FRAMEWORKS[other].title in (ast.get_docstring(function) or "")


def test_converted_weights_equal_the_other_frameworks(client: TestClient) -> None:
    query = {"num_layers": 2, "bidirectional": True}
    namespace: dict[str, Any] = {}
    exec(code(client, {"framework": "keras", "to": "pytorch", **query}), namespace)
    keras, pytorch = (_weights(client, {"framework": id, **query}) for id in ("keras", "pytorch"))
    converted = namespace["convert"](keras)

    assert set(converted) == set(pytorch) - {"input"}
    for name, array in converted.items():
        np.testing.assert_allclose(array, pytorch[name], atol=1e-7)


def _weights(client: TestClient, query: Query) -> dict[str, np.ndarray[Any, Any]]:
    return dict(np.load(io.BytesIO(client.get("/weights.npz", params=query).content)))


def test_without_to_there_is_no_conversion(client: TestClient) -> None:
    assert code(client, {"to": "none"}) == code(client, {})
    assert "def convert" not in code(client, {})


@pytest.mark.parametrize(("path", "query"), in_turn(["/code", "/weights.npz", "/weights.safetensors"], UNSUPPORTED))
def test_a_program_for_an_unsupported_configuration_is_rejected(
    client: TestClient, runner: CountingRunner, path: str, query: Query
) -> None:
    """The error has the reason in trace.json, the nearest configuration, and the frameworks that support it."""
    response = client.get(path, params=query)
    error = response.json()["error"]
    assert runner.jobs == 0

    about = client.get("/trace.json", params=query).json()["framework"]
    nearest = " and ".join(f"{name}={str(value).lower()}" for name, value in about["nearest"].items())
    assert (response.status_code, error["field"], error["value"]) == (422, "framework", query["framework"])
    assert error["message"] == f"{about['title']} does not support this: {about['refused']}; closest: {nearest}"
    own = {"framework", "go_backwards", "layout"}
    for id in FRAMEWORKS:
        other = {**{name: value for name, value in query.items() if name not in own}, "framework": id}
        if id != query["framework"]:
            assert (id in error["allowed"]) == (client.get(path, params=other).status_code == 200)
    assert query["framework"] not in error["allowed"]


def test_the_error_is_a_sentence(client: TestClient) -> None:
    assert refused(client, {"framework": "pytorch", "cell": "lstm_peephole"}) == {
        "field": "framework",
        "value": "pytorch",
        "message": "PyTorch does not support this: nn.LSTM has neither peepholes nor coupled gates; closest: cell=lstm",
        "allowed": ["colah", "tf1", "onnx"],
    }


def test_weights_cannot_be_converted_for_a_framework_without_the_cell(client: TestClient) -> None:
    error = refused(client, {"cell": "gru", "framework": "tf1", "to": "pytorch"})

    assert (error["field"], error["value"]) == ("to", "pytorch")
    assert error["message"].startswith("PyTorch does not support this: ")
    assert error["message"].endswith("; closest: cell=gru_reset_after")
    assert error["allowed"] == ["colah", "tf1", "keras", "onnx"]


def test_an_error_of_the_framework_comes_before_one_of_the_target(client: TestClient) -> None:
    assert refused(client, {"cell": "gru", "framework": "flax", "to": "pytorch"})["field"] == "framework"


@pytest.mark.parametrize("query", ["framework=pytorch&cell=gru", "to=pytorch&cell=gru", "num_units=0"])
def test_an_invalid_query_is_never_304(client: TestClient, query: str) -> None:
    response = client.get(f"/code?{query}", headers={"If-None-Match": "*"})

    assert response.status_code == 422 and "etag" not in response.headers


def test_a_program_needs_no_run(client: TestClient, runner: CountingRunner) -> None:
    largest = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192, "num_layers": 8}
    for query in SUPPORTED:
        code(client, {**query, **largest, "bidirectional": True})

    assert runner.jobs == 0


def test_the_page_has_the_program_of_code(client: TestClient, app: FastAPI) -> None:
    state = parse([("framework", "pytorch"), ("num_layers", "2")], strict=True)

    assert code(client, {"framework": "pytorch", "num_layers": 2}) == state.shown_model.code()
