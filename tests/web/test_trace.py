"""/trace.json: what was recorded."""

from typing import Any

import pytest
from counting import CountingRunner
from starlette.testclient import TestClient

from app.lessons.presets import PRESETS

BF, BU = ("batch_size", "features"), ("batch_size", "num_units")
B4U, BUF = ("batch_size", "4*num_units"), ("batch_size", "num_units+features")

# id, role, axes, shape, per_step, op, inputs, formula
LSTM: tuple[tuple[str, str, tuple[str, ...], list[int], bool, str, str, str], ...] = (
    ("X", "input", ("batch_size", "time_step", "features"), [3, 4, 2], False, "given", "", "X = made from the seed"),
    ("kernel", "weight", ("num_units+features", "4*num_units"), [7, 20], False, "given", "", "W = made from the seed"),
    ("bias", "weight", ("4*num_units",), [20], False, "given", "", "b = made from the seed"),
    ("x", "input", BF, [3, 2], True, "step", "X", "xₜ = step t of X"),
    ("h_prev", "state", BU, [3, 5], True, "carry", "h", "hₜ₋₁ = h of the step before, zeros at step 0"),
    ("c_prev", "state", BU, [3, 5], True, "carry", "c", "cₜ₋₁ = c of the step before, zeros at step 0"),
    ("concat", "intermediate", BUF, [3, 7], True, "concat", "h_prev x", "[hₜ₋₁, xₜ]"),
    ("a", "intermediate", B4U, [3, 20], True, "affine", "concat kernel bias", "aₜ = [hₜ₋₁, xₜ] W + b"),
    ("a_f", "intermediate", BU, [3, 5], True, "split", "a", "a_f = block 1 of 4 of aₜ"),
    ("a_i", "intermediate", BU, [3, 5], True, "split", "a", "a_i = block 2 of 4 of aₜ"),
    ("a_g", "intermediate", BU, [3, 5], True, "split", "a", "a_g = block 3 of 4 of aₜ"),
    ("a_o", "intermediate", BU, [3, 5], True, "split", "a", "a_o = block 4 of 4 of aₜ"),
    ("f", "intermediate", BU, [3, 5], True, "sigmoid", "a_f", "fₜ = σ(a_f)"),
    ("i", "intermediate", BU, [3, 5], True, "sigmoid", "a_i", "iₜ = σ(a_i)"),
    ("g", "intermediate", BU, [3, 5], True, "tanh", "a_g", "gₜ = tanh(a_g)"),
    ("o", "intermediate", BU, [3, 5], True, "sigmoid", "a_o", "oₜ = σ(a_o)"),
    ("kept", "intermediate", BU, [3, 5], True, "mul", "f c_prev", "fₜ ∗ cₜ₋₁"),
    ("added", "intermediate", BU, [3, 5], True, "mul", "i g", "iₜ ∗ gₜ"),
    ("c", "state", BU, [3, 5], True, "add", "kept added", "cₜ = fₜ ∗ cₜ₋₁ + iₜ ∗ gₜ"),
    ("tanh_c", "intermediate", BU, [3, 5], True, "tanh", "c", "tanh(cₜ)"),
    ("h", "state", BU, [3, 5], True, "mul", "o tanh_c", "hₜ = oₜ ∗ tanh(cₜ)"),
    ("Y", "output", ("batch_size", "time_step", "num_units"), [3, 4, 5], False, "stack", "h", "Y = h of every step"),
    ("h_T", "output", BU, [3, 5], False, "last", "h", "h_T = h of the last step"),
    ("c_T", "output", BU, [3, 5], False, "last", "c", "c_T = c of the last step"),
)


def trace(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/trace.json", params=query)
    assert answer.status_code == 200
    document: dict[str, Any] = answer.json()
    return document


def size(axis: str, sizes: dict[str, int]) -> int:
    """An axis of the contract, computed here anew: ``4*num_units``, ``num_units+features``."""
    terms = (term.rpartition("*") for term in axis.split("+"))
    return sum(int(multiple or 1) * sizes[name] for multiple, _, name in terms)


def test_a_trace_has_these_parts_and_no_others(client: TestClient) -> None:
    parts = ["config", "executed", "reason", "axes", "tensors", "outputs", "parameters", "flops", "bytes"]

    assert list(trace(client)) == parts


def test_the_tensors_come_in_the_order_of_computing(client: TestClient) -> None:
    assert [t["id"] for t in trace(client)["tensors"]] == [row[0] for row in LSTM]


@pytest.mark.parametrize(("id", "role", "axes", "shape", "per_step", "op", "inputs", "formula"), LSTM)
def test_each_tensor_of_the_lstm_is_described(
    client: TestClient,
    id: str,
    role: str,
    axes: tuple[str, ...],
    shape: list[int],
    per_step: bool,
    op: str,
    inputs: str,
    formula: str,
) -> None:
    (tensor,) = (t for t in trace(client)["tensors"] if t["id"] == id)

    assert (tensor["role"], tuple(tensor["axes"]), tensor["shape"]) == (role, axes, shape)
    assert (tensor["per_step"], tensor["op"], tensor["inputs"]) == (per_step, op, inputs.split())
    assert tensor["formula"] == formula
    assert tensor["symbol"] in formula and tensor["name"]


def test_a_sentence_says_the_axes_and_the_shape(client: TestClient) -> None:
    sentences = {t["id"]: t["sentence"] for t in trace(client)["tensors"]}

    assert sentences["concat"] == "concat: batch_size by num_units plus features, 3 by 7"
    assert sentences["a"] == "a: batch_size by 4 times num_units, 3 by 20"
    assert sentences["X"] == "X: batch_size by time_step by features, 3 by 4 by 2"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda p: p.title)
def test_every_shape_is_that_of_its_axes(client: TestClient, preset: Any) -> None:
    document = trace(client, **preset.sizes)

    assert document["axes"] == preset.sizes
    for t in document["tensors"]:
        assert t["shape"] == [size(axis, preset.sizes) for axis in t["axes"]]


def test_inputs_stand_before_what_is_made_from_them(client: TestClient) -> None:
    seen: set[str] = set()
    for t in trace(client)["tensors"]:
        assert t["op"] == "carry" or set(t["inputs"]) <= seen
        seen.add(t["id"])


def test_outputs_are_given_with_their_shapes(client: TestClient) -> None:
    assert trace(client)["outputs"] == {"X": [3, 4, 2], "Y": [3, 4, 5], "h_T": [3, 5], "c_T": [3, 5]}


@pytest.mark.parametrize(("features", "num_units", "total"), [(2, 5, 160), (28, 128, 80_384), (1, 8192, 268_500_992)])
def test_parameters_are_counted_as_in_the_text_book(
    client: TestClient, features: int, num_units: int, total: int
) -> None:
    parameters = trace(client, features=features, num_units=num_units)["parameters"]

    assert parameters["total"] == total == 4 * num_units * (num_units + features + 1)
    assert parameters["by_weight"] == {"kernel": (num_units + features) * 4 * num_units, "bias": 4 * num_units}
    assert parameters["formula"] == "(num_units+features) × 4*num_units + 4*num_units"


def test_parameters_do_not_depend_on_batch_size_or_time_step(client: TestClient) -> None:
    assert trace(client)["parameters"] == trace(client, batch_size=7, time_step=50)["parameters"]


def test_work_and_memory_are_those_of_the_equations(client: TestClient) -> None:
    document = trace(client)
    batch_size, time_step, features, num_units = 3, 4, 2, 5
    product = 2 * batch_size * (num_units + features) * 4 * num_units + batch_size * 4 * num_units
    pointwise = 9 * batch_size * num_units  # f, i, g, o, kept, added, c, tanh_c, h
    recorded = batch_size * ((num_units + features) + 4 * num_units + 9 * num_units)  # concat, a and the same nine

    assert document["flops"] == time_step * (product + pointwise)
    assert document["bytes"] == 4 * (batch_size * time_step * features + 160 + time_step * recorded)


def test_the_configuration_is_complete_and_canonical(client: TestClient) -> None:
    assert trace(client, num_units=7, t=3, tensor="h", labels="both", theme="dark")["config"] == {
        **{"cell": "lstm", "batch_size": 3, "time_step": 4, "features": 2, "num_units": 7, "num_proj": 0},
        **{"num_layers": 1, "bidirectional": False, "framework": "colah", "seed": 0},
        **{"view": "unrolled", "t": 3, "layer": 0, "direction": "forward", "tensor": "h"},
    }


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ((3, 4, 2, 5), None),
        ((128, 28, 28, 128), None),
        ((1, 10_000, 1, 1), None),
        ((80, 70, 400, 1150), "needs 79.9 GFLOP, the limit is 4"),
        ((1024, 10_000, 1, 1), "records 655 MB, the limit is 64"),
        ((1024, 10_000, 4096, 8192), "needs 8,247,428 GFLOP, the limit is 4"),
    ],
)
def test_what_is_too_much_is_not_executed_and_the_reason_is_given(
    client: TestClient, sizes: tuple[int, ...], reason: str | None
) -> None:
    names = ("batch_size", "time_step", "features", "num_units")
    document = trace(client, **dict(zip(names, sizes, strict=True)))

    assert (document["executed"], document["reason"]) == (reason is None, reason)
    assert [t["id"] for t in document["tensors"]] == [row[0] for row in LSTM]


def test_a_trace_is_of_a_real_run(client: TestClient, runner: CountingRunner) -> None:
    trace(client)

    assert runner.asked == 1
