"""/weights.npz and /weights.safetensors: our seeded weights and the input in the framework's own names and layout."""

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import safetensors.numpy
from counting_runner import CountingRunner
from fastapi import FastAPI
from framework_queries import STACKED, THERE, Query, named
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.core.ops import Array

Arrays = dict[str, Array]

READ: dict[str, Callable[[bytes], Arrays]] = {
    "/weights.npz": lambda body: dict(np.load(io.BytesIO(body), allow_pickle=False)),
    "/weights.safetensors": safetensors.numpy.load,
}


def weights(client: TestClient, path: str, query: Query) -> Arrays:
    answer = client.get(path, params=query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/octet-stream")
    assert answer.headers["content-disposition"] == f'attachment; filename="{path[1:]}"'
    return READ[path](answer.content)


@pytest.mark.parametrize("query", [*THERE, *({**query, **STACKED} for query in THERE)], ids=named)
@pytest.mark.parametrize("path", READ)
def test_the_file_has_the_arrays_that_the_trace_announces(client: TestClient, path: str, query: Query) -> None:
    arrays = weights(client, path, query)
    spoken = client.get("/trace.json", params=query).json()["framework"]

    announced = {entry["name"]: tuple(entry["shape"]) for entry in (*spoken["weights"], *spoken["takes"])}
    assert {name: array.shape for name, array in arrays.items()} == announced
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize("path", READ)
def test_our_own_are_those_of_the_tensors(client: TestClient, path: str) -> None:
    arrays = weights(client, path, {"seed": 7})

    assert list(arrays) == ["kernel", "bias", "X"] or path != "/weights.npz"
    for name, array in arrays.items():
        tensor = client.get("/tensor.json", params={"tensor": name, "seed": 7}).json()
        np.testing.assert_array_equal(array, np.array(tensor["values"], np.float32))


def test_a_framework_has_the_same_numbers_in_its_own_places(client: TestClient) -> None:
    ours, theirs = (weights(client, "/weights.npz", {"framework": id}) for id in ("colah", "pytorch"))
    h, x = ours["kernel"][:5], ours["kernel"][5:]
    f, i, g, o = (slice(5 * k, 5 * k + 5) for k in range(4))
    order = np.r_[i, f, g, o]

    np.testing.assert_array_equal(theirs["weight_ih_l0"], x[:, order].T)
    np.testing.assert_array_equal(theirs["weight_hh_l0"], h[:, order].T)
    np.testing.assert_array_equal(theirs["bias_ih_l0"] + theirs["bias_hh_l0"], ours["bias"][order])
    np.testing.assert_array_equal(theirs["input"], ours["X"].swapaxes(0, 1))


def test_the_forget_bias_of_tensorflow_1_is_not_stored(client: TestClient) -> None:
    added, plain = (weights(client, "/weights.npz", {"framework": "tf1", "forget_bias": b}) for b in "10")
    name = next(name for name in added if name.endswith("bias"))

    np.testing.assert_allclose(plain[name] - added[name], np.repeat([0, 0, 1, 0], 5), atol=1e-6)  # i, j, f, o


@pytest.mark.parametrize("query", [{}, {"framework": "pytorch", **STACKED}, {"seed": 5}], ids=named)
@pytest.mark.parametrize("path", READ)
def test_the_same_address_gives_the_same_bytes(client: TestClient, path: str, query: Query) -> None:
    first, second = (client.get(path, params=query) for _ in range(2))

    assert first.content == second.content
    assert first.headers["etag"] == second.headers["etag"]


@pytest.mark.parametrize("path", READ)
def test_another_seed_gives_other_numbers_and_what_is_looked_at_none(client: TestClient, path: str) -> None:
    queries: tuple[Query, ...] = ({}, {"seed": 1}, {"t": 0, "tensor": "h"})
    bodies = [client.get(path, params=query).content for query in queries]

    assert bodies[0] == bodies[2] != bodies[1]


@pytest.mark.parametrize("path", READ)
def test_weights_are_given_out_also_where_nothing_is_executed(client: TestClient, path: str) -> None:
    query = {"batch_size": 1, "time_step": 10_000, "num_layers": 8, "num_units": 8}

    assert not client.get("/trace.json", params=query).json()["executed"]
    assert len(weights(client, path, query)) == 2 * 8 + 1


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ({"num_units": 8192}, "num_units", "the weights and the input are 1,074 MB, the limit is 64"),
        ({"num_units": 2000}, "num_units", "the weights and the input are 64.1 MB, the limit is 64"),
        (
            {"num_units": 8192, "num_layers": 8, "bidirectional": True, "framework": "pytorch"},
            *("num_units", "the weights and the input are 47,249 MB, the limit is 64"),
        ),
        (
            {"time_step": 10_000, "batch_size": 1024, "features": 4096},
            *("time_step", "the weights and the input are 167,772 MB, the limit is 64"),
        ),
    ],
    ids=str,
)
@pytest.mark.parametrize("path", READ)
def test_what_is_too_large_to_give_out_is_refused_with_both_numbers(
    client: TestClient, runner: CountingRunner, path: str, query: Query, field: str, message: str
) -> None:
    answer = client.get(path, params=query, headers={"If-None-Match": "*"})

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/json")
    assert answer.json()["error"] == {
        "field": field,
        "value": str(query[field]),
        "message": message,
        "allowed": {"bytes": 64_000_000},
    }
    assert runner.asked == 0


def test_the_limit_is_the_operators(app: FastAPI, client: TestClient, runner: CountingRunner) -> None:
    exactly = 4 * (7 * 20 + 20 + 3 * 4 * 2)
    try:
        runner.budget = Budget(bytes=exactly)
        assert client.get("/weights.npz").status_code == 200
        runner.budget = Budget(bytes=exactly - 1)
        error = client.get("/weights.npz").json()["error"]
    finally:
        runner.budget = Budget()
    assert error["message"] == "the weights and the input are 0.000736 MB, the limit is 0.000735"


def test_nothing_in_the_file_could_be_executed(client: TestClient) -> None:
    body = client.get("/weights.npz", params={"framework": "keras"}).content

    assert b"pickle" not in body and b"numpy.core" not in body
    with np.load(io.BytesIO(body), allow_pickle=False) as file:
        assert all(file[name].dtype.kind == "f" for name in file.files)


def test_one_question_is_made_once(client: TestClient, runner: CountingRunner) -> None:
    client.get("/weights.npz")
    assert runner.asked == 1

    tag: Any = client.get("/weights.npz").headers["etag"]
    assert client.get("/weights.npz", headers={"If-None-Match": tag}).status_code == 304
    assert runner.asked == 2
