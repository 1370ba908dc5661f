"""/weights.npz and /weights.safetensors: the weights and the input in the framework's names and layout."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from app_client import TestClient
from counting_runner import CountingRunner
from fastapi import FastAPI
from framework_queries import STACKED, Query, query_id
from pairing import in_turn
from supported_queries import QUERIES

from app.core.ops import Array
from app.core.work_limits import Budget

Arrays = dict[str, Array]

READ: dict[str, Callable[[bytes], Arrays]] = {
    "/weights.npz": lambda body: dict(np.load(io.BytesIO(body), allow_pickle=False)),
    "/weights.safetensors": safetensors.numpy.load,
}


def weights(client: TestClient, path: str, query: Query) -> Arrays:
    response = client.get(path, params=query)
    assert (response.status_code, response.headers["content-type"]) == (200, "application/octet-stream")
    assert response.headers["content-disposition"] == f'attachment; filename="{path[1:]}"'
    return READ[path](response.content)


@pytest.mark.parametrize(("path", "query"), in_turn(READ, QUERIES))
def test_the_file_has_the_arrays_in_trace_json(client: TestClient, path: str, query: Query) -> None:
    arrays = weights(client, path, query)
    framework = client.get("/trace.json", params=query).json()["framework"]

    announced = {entry["name"]: tuple(entry["shape"]) for entry in (*framework["weights"], *framework["takes"])}
    assert {name: array.shape for name, array in arrays.items()} == announced
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("path", READ)
def test_our_own_arrays_equal_the_tensors(client: TestClient, path: str) -> None:
    arrays = weights(client, path, {"seed": 7})

    assert list(arrays) == ["kernel", "bias", "X"] or path != "/weights.npz"
    for name, array in arrays.items():
        tensor = client.get("/tensor.json", params={"tensor": name, "seed": 7}).json()
        np.testing.assert_array_equal(array, np.array(tensor["values"], np.float32))


def test_a_frameworks_arrays_have_the_same_numbers_in_its_layout(client: TestClient) -> None:
    own, pytorch = (weights(client, "/weights.npz", {"framework": id}) for id in ("colah", "pytorch"))
    h, x = own["kernel"][:5], own["kernel"][5:]
    f, i, g, o = (slice(5 * k, 5 * k + 5) for k in range(4))
    order = np.r_[i, f, g, o]

    np.testing.assert_array_equal(pytorch["weight_ih_l0"], x[:, order].T)
    np.testing.assert_array_equal(pytorch["weight_hh_l0"], h[:, order].T)
    np.testing.assert_array_equal(pytorch["bias_ih_l0"] + pytorch["bias_hh_l0"], own["bias"][order])
    np.testing.assert_array_equal(pytorch["input"], own["X"].swapaxes(0, 1))


def test_the_forget_bias_of_tensorflow_1_is_not_stored(client: TestClient) -> None:
    added, plain = (weights(client, "/weights.npz", {"framework": "tf1", "forget_bias": b}) for b in "10")
    name = next(name for name in added if name.endswith("bias"))

    np.testing.assert_allclose(plain[name] - added[name], np.repeat([0, 0, 1, 0], 5), atol=1e-6)  # i, j, f, o


@pytest.mark.parametrize("query", [{}, {"framework": "pytorch", **STACKED}, {"seed": 5}], ids=query_id)
@pytest.mark.parametrize("path", READ)
def test_the_same_link_gives_the_same_bytes(client: TestClient, path: str, query: Query) -> None:
    first, second = (client.get(path, params=query) for _ in range(2))

    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


@pytest.mark.parametrize("path", READ)
def test_the_arrays_depend_on_the_seed_but_not_on_the_selection(client: TestClient, path: str) -> None:
    queries: tuple[Query, ...] = ({}, {"seed": 1}, {"t": 0, "tensor": "h"})
    bodies = [client.get(path, params=query).content for query in queries]

    assert bodies[0] == bodies[2] != bodies[1]


@pytest.mark.parametrize("path", READ)
def test_weights_can_be_downloaded_without_a_run(client: TestClient, path: str) -> None:
    query = {"batch_size": 1, "time_step": 10_000, "num_layers": 8, "num_units": 8}

    assert not client.get("/trace.json", params=query).json()["executed"]
    assert len(weights(client, path, query)) == 2 * 8 + 1


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"num_units": 8192}, "num_units", "The weights and the input take 1,074 MB; the limit is 64 MB"),
        ({"num_units": 2000}, "num_units", "The weights and the input take 64.1 MB; the limit is 64 MB"),
        (
            {"num_units": 8192, "num_layers": 8, "bidirectional": True, "framework": "pytorch"},
            *("num_units", "The weights and the input take 47,249 MB; the limit is 64 MB"),
        ),
        (
            {"time_step": 10_000, "batch_size": 1024, "features": 4096},
            *("time_step", "The weights and the input take 167,772 MB; the limit is 64 MB"),
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("path", READ)
def test_a_file_that_is_too_large_is_rejected_with_its_size_and_the_limit(
    client: TestClient, runner: CountingRunner, path: str, query: Query, field: str, message: str
) -> None:
    response = client.get(path, params=query, headers={"If-None-Match": "*"})

    assert (response.status_code, response.headers["content-type"]) == (422, "application/json")
    assert response.json()["error"] == {
        "field": field,
        "value": str(query[field]),
        "message": message,
        "allowed": {"bytes": 64_000_000},
    }
    assert runner.jobs == 0


def test_the_operator_sets_the_limit(app: FastAPI, client: TestClient, runner: CountingRunner) -> None:
    exactly = 4 * (7 * 20 + 20 + 3 * 4 * 2)
    try:
        runner.budget = Budget(bytes=exactly)
        assert client.get("/weights.npz").status_code == 200
        runner.budget = Budget(bytes=exactly - 1)
        error = client.get("/weights.npz").json()["error"]
    finally:
        runner.budget = Budget()
    assert error["message"] == "The weights and the input take 0.000736 MB; the limit is 0.000735 MB"


def test_nothing_in_the_file_could_be_executed(client: TestClient) -> None:
    body = client.get("/weights.npz", params={"framework": "keras"}).content

    assert b"pickle" not in body and b"numpy.core" not in body
    with np.load(io.BytesIO(body), allow_pickle=False) as file:
        assert all(file[name].dtype.kind == "f" for name in file.files)


def test_one_request_makes_the_file_once(client: TestClient, runner: CountingRunner) -> None:
    client.get("/weights.npz")
    assert runner.jobs == 1

    tag: Any = client.get("/weights.npz").headers["etag"]
    assert client.get("/weights.npz", headers={"If-None-Match": tag}).status_code == 304
    assert runner.jobs == 2
