"""/tensor.json: the values of one tensor."""

from typing import Any

import numpy as np
import pytest
from app_client import TestClient
from counting_runner import CountingRunner
from pairing import some

from app.core.cells import CELLS
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.program import capture
from app.core.run import run
from app.core.seeded_weights import make_weights
from app.core.trace import Trace

PROGRAM = capture(CELLS["lstm"])
SIZES = {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5}


def executed(sizes: dict[str, int], seed: int = 0) -> Trace:
    return run(PROGRAM, sizes, make_weights(PROGRAM, sizes, seed), make_input(sizes, seed))


def document(client: TestClient, tensor: str, **query: Any) -> dict[str, Any]:
    response = client.get("/tensor.json", params={"tensor": tensor, **query})
    assert response.status_code == 200
    found: dict[str, Any] = response.json()
    return found


@pytest.mark.parametrize("tensor", PROGRAM.by_id)
def test_every_tensor_of_every_step_has_the_recorded_values(client: TestClient, tensor: str) -> None:
    trace = executed(SIZES, seed=7)
    for t in range(4):
        found = document(client, tensor, t=t, seed=7)
        recorded = trace.array(tensor, t)

        assert found["executed"] and found["reason"] is None
        assert found["shape"] == list(recorded.shape) == list(np.shape(found["values"]))
        assert found["axes"] == [str(axis) for axis in PROGRAM.by_id[tensor].axes]
        np.testing.assert_array_equal(np.array(found["values"], np.float32), recorded)
        assert found["min"] == pytest.approx(recorded.min()) and found["max"] == pytest.approx(recorded.max())
        assert found["mean"] == pytest.approx(recorded.mean(), abs=1e-7)


@pytest.mark.parametrize("tensor", [t.id for t in PROGRAM.tensors if not t.per_step])
def test_a_tensor_without_steps_ignores_the_step(client: TestClient, tensor: str) -> None:
    first = document(client, tensor, t=0)

    assert first["t"] is None
    assert document(client, tensor, t=3) == first


@pytest.mark.parametrize("t", ["999999", "4", "-1", "last", ""])
def test_a_tensor_without_steps_ignores_an_invalid_step(client: TestClient, t: str) -> None:
    assert document(client, "kernel", t=t) == document(client, "kernel")
    refused = client.get("/tensor.json", params={"tensor": "h", "t": t})
    assert (refused.status_code, refused.json()["error"]["field"]) == (422, "t")


def test_a_tensor_with_steps_names_the_step(client: TestClient) -> None:
    for tensor in PROGRAM.step:
        assert document(client, tensor.id)["t"] == 2
        assert document(client, tensor.id, t=3)["t"] == 3


def test_the_states_start_at_zero(client: TestClient) -> None:
    assert document(client, "h_prev", t=0)["values"] == document(client, "c_prev", t=0)["values"] == [[0.0] * 5] * 3


def test_the_output_has_every_step(client: TestClient) -> None:
    steps = [document(client, "h", t=t)["values"] for t in range(4)]

    assert document(client, "Y")["values"] == [list(of_one_sequence) for of_one_sequence in zip(*steps, strict=True)]
    assert document(client, "h_T")["values"] == steps[-1]


def test_the_values_depend_only_on_the_seed(client: TestClient) -> None:
    values = [document(client, "kernel", seed=seed)["values"] for seed in (0, 1, 0)]

    assert values[0] == values[2] != values[1]


def test_up_to_100_000_values_are_nested_lists(client: TestClient) -> None:
    found = document(client, "h", batch_size=100, num_units=1000, features=1, time_step=1)

    assert np.shape(found["values"]) == (100, 1000)
    assert "pages" not in found


def test_more_values_are_in_pages(client: TestClient) -> None:
    sizes = {"batch_size": 1, "time_step": 2, "features": 100, "num_units": 256}
    pages = [document(client, "kernel", **sizes, page=page) for page in range(4)]
    whole = executed(sizes).array("kernel").reshape(-1)

    assert [p["page"] for p in pages] == [0, 1, 2, 3]
    assert [p["offset"] for p in pages] == [0, 100_000, 200_000, 300_000]
    assert [len(p["values"]) for p in pages] == [100_000, 100_000, 100_000, whole.size - 300_000]
    assert {p["pages"] for p in pages} == {4} and {tuple(p["shape"]) for p in pages} == {(356, 1024)}
    np.testing.assert_array_equal(np.concatenate([np.array(p["values"], np.float32) for p in pages]), whole)
    assert {p["min"] for p in pages} == {pages[0]["min"]} and pages[0]["min"] == pytest.approx(whole.min())


def test_one_more_value_makes_a_second_page(client: TestClient) -> None:
    query = {"batch_size": 1, "time_step": 2, "features": 4096, "num_units": 25}  # X: 1 × 2 × 4096

    assert "pages" not in document(client, "X", **query)
    assert document(client, "kernel", **query)["pages"] == 5  # 4121 × 100


def test_without_a_run_there_are_the_shape_and_the_reason(client: TestClient) -> None:
    sizes = {"batch_size": 80, "time_step": 70, "features": 400, "num_units": 1150}
    for id, tensor in PROGRAM.by_id.items():
        found = document(client, id, **sizes)

        assert found["shape"] == list(tensor.shape(sizes)), id
        assert found["executed"] is False
        assert found["reason"] == "needs 79.9 GFLOP (limit: 4)"
        assert found["values"] is found["min"] is found["max"] is found["mean"] is None


def test_one_request_is_one_run(client: TestClient, runner: CountingRunner) -> None:
    document(client, "h")

    assert runner.jobs == 1


def sigmoid(z: Array) -> Array:
    return 1 / (1 + np.exp(-z))


def textbook(X: Array, kernel: Array, bias: Array) -> tuple[Array, Array]:
    """h and c of every step of an LSTM over X, batch_size × time_step × num_units, in float64, not by the app."""
    h = c = np.zeros((X.shape[0], len(bias) // 4))
    hs, cs = [], []
    for x in X.swapaxes(0, 1):
        f, i, g, o = np.split(np.hstack([h, x]) @ kernel + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        hs.append(h)
        cs.append(c)
    return np.stack(hs, axis=1), np.stack(cs, axis=1)


def values(client: TestClient, tensor: str, **query: Any) -> Array:
    return np.array(document(client, tensor, **query)["values"])


STACK: dict[str, Any] = {"num_layers": 3, "bidirectional": True, "seed": 11, "time_step": 6}


@pytest.fixture(scope="module")
def stacked(client: TestClient) -> dict[tuple[int, str], tuple[Array, Array, Array]]:
    """The input of each cell of STACK, and its h and c at each step, by an independent loop.

    The backward direction reads the steps from the last to the first, and its results are reversed again.
    """
    found = {}
    X = values(client, "X", **STACK)
    for layer in range(3):
        outputs = []
        for direction, turn in (("forward", 1), ("backward", -1)):
            own = {**STACK, "layer": layer, "direction": direction}
            h, c = textbook(X[:, ::turn], values(client, "kernel", **own), values(client, "bias", **own))
            found[layer, direction] = X, h[:, ::turn], c[:, ::turn]
            outputs.append(h[:, ::turn])
        X = np.concatenate(outputs, axis=-1)
    return found


PLACES = [(layer, direction) for layer in range(3) for direction in ("forward", "backward")]
Stacked = dict[tuple[int, str], tuple[Array, Array, Array]]


@pytest.mark.parametrize(("layer", "direction"), PLACES)
def test_every_layer_and_direction_equals_an_independent_loop(
    client: TestClient, stacked: Stacked, layer: int, direction: str
) -> None:
    own = {**STACK, "layer": layer, "direction": direction}
    X, h, c = stacked[layer, direction]
    last = 5 if direction == "forward" else 0

    np.testing.assert_allclose(values(client, "X", **own), X, atol=1e-6)
    np.testing.assert_allclose(values(client, "Y", **own), h, atol=1e-6)
    np.testing.assert_allclose(values(client, "h_T", **own), h[:, last], atol=1e-6)
    np.testing.assert_allclose(values(client, "c_T", **own), c[:, last], atol=1e-6)
    for t in some(range(6), 3):
        before = t - 1 if direction == "forward" else t + 1
        np.testing.assert_allclose(values(client, "x", **own, t=t), X[:, t], atol=1e-6)
        np.testing.assert_allclose(values(client, "h", **own, t=t), h[:, t], atol=1e-6)
        np.testing.assert_allclose(values(client, "c", **own, t=t), c[:, t], atol=1e-6)
        expected = h[:, before] if 0 <= before < 6 else np.zeros_like(h[:, 0])
        np.testing.assert_allclose(values(client, "h_prev", **own, t=t), expected, atol=1e-6)


def test_further_layers_have_weights_of_their_own_and_do_not_change_the_first(client: TestClient) -> None:
    kernels = [values(client, "kernel", **STACK, layer=layer, direction=d) for layer, d in PLACES]

    assert len({kernel[:5, 0].tobytes() for kernel in kernels}) == len(PLACES)
    np.testing.assert_array_equal(kernels[0], values(client, "kernel", seed=11))


def test_the_input_of_the_run_is_the_same_in_both_directions(client: TestClient) -> None:
    forward, backward = (document(client, "X", **STACK, direction=d) for d in ("forward", "backward"))

    assert forward == backward == document(client, "X", seed=11, time_step=6)


@pytest.mark.parametrize("cell", CELLS)
def test_the_backward_direction_is_the_forward_one_over_the_reversed_input(client: TestClient, cell: str) -> None:
    """Compares only the loop over time: the run with that direction's weights over the reversed X."""
    query = {"cell": cell, "bidirectional": True, "direction": "backward"}
    program = capture(CELLS[cell])
    weights = {w: values(client, w, **query).astype(np.float32) for w in program.cell.weights}
    trace = run(program, SIZES, weights, values(client, "X", **query).astype(np.float32)[:, ::-1])

    for t in some(range(4), 2):
        for tensor in program.step:
            np.testing.assert_array_equal(
                values(client, tensor.id, **query, t=t).astype(np.float32), trace.array(tensor.id, 3 - t)
            )


def test_keras_with_go_backwards_computes_the_last_step_first(client: TestClient) -> None:
    query = {"framework": "keras", "go_backwards": True}
    turned = textbook(values(client, "X")[:, ::-1], values(client, "kernel"), values(client, "bias"))[0]

    np.testing.assert_array_equal(values(client, "X", **query), values(client, "X"))
    np.testing.assert_allclose(values(client, "Y", **query), turned[:, ::-1], atol=1e-6)
    np.testing.assert_allclose(values(client, "h_T", **query), turned[:, -1], atol=1e-6)
    np.testing.assert_array_equal(values(client, "h_T", **query), values(client, "h", **query, t=0))


def test_an_unsupported_configuration_is_run_as_in_our_own_framework(client: TestClient) -> None:
    refused = {"framework": "keras", "go_backwards": True, "bidirectional": True}

    for direction in ("forward", "backward"):
        ours = document(client, "Y", bidirectional=True, direction=direction)
        assert document(client, "Y", **refused, direction=direction) == ours
