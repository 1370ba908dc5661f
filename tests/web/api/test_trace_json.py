"""/trace.json: the recorded tensors."""

import tracemalloc
from typing import Any
from urllib.parse import parse_qsl

import pytest
from app_client import TestClient
from counting_runner import CountingRunner

from app.core.axes import Sizes
from app.core.cells import CELLS, PROJECTED
from app.core.program import capture
from app.core.stack import Stack
from app.teaching.example_models import EXAMPLE_MODELS, ExampleModel
from app.url_state.parsing import parse

BF, BU = ("batch_size", "features"), ("batch_size", "num_units")
B4U, BUF = ("batch_size", "4*num_units"), ("batch_size", "num_units+features")

SEEDED = "random values from the seed"

# id, role, axes, shape, per_step, op, inputs, formula
LSTM: tuple[tuple[str, str, tuple[str, ...], list[int], bool, str, str, str], ...] = (
    (
        "X",
        "input",
        ("batch_size", "time_step", "features"),
        [3, 4, 2],
        False,
        "given",
        "",
        "X = random values from the seed",
    ),
    (
        "kernel",
        "weight",
        ("num_units+features", "4*num_units"),
        [7, 20],
        False,
        "given",
        "",
        "W = random values from the seed",
    ),
    ("bias", "weight", ("4*num_units",), [20], False, "given", "", f"b = {SEEDED}"),
    ("x", "input", BF, [3, 2], True, "step", "X", "xₜ = step t of X"),
    ("h_prev", "state", BU, [3, 5], True, "carry", "h", "hₜ₋₁ = h of the previous step, zeros at the start"),
    ("c_prev", "state", BU, [3, 5], True, "carry", "c", "cₜ₋₁ = c of the previous step, zeros at the start"),
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
    response = client.get("/trace.json", params=query)
    assert response.status_code == 200
    document: dict[str, Any] = response.json()
    return document


def query_of(stack: Stack) -> dict[str, Any]:
    """The fields of a query for a stack, which have the same names."""
    return {**vars(stack), "cell": stack.cell.id}


def pairs_of(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query.removeprefix("?"))


def size(axis: str, sizes: Sizes) -> int:
    """An axis of the contract, computed independently: ``4*num_units``, ``num_units+features``."""
    terms = (term.rpartition("*") for term in axis.split("+"))
    return sum(int(multiple or 1) * sizes[name] for multiple, _, name in terms)


def test_the_document_has_exactly_these_keys(client: TestClient) -> None:
    about = ["config", "executed", "reason", "axes"]
    of_the_cell, of_the_run = ["tensors"], ["outputs", "parameters", "flops", "bytes", "framework", "unit"]

    assert list(trace(client)) == [*about, *of_the_cell, *of_the_run]


def test_tensors_are_in_the_order_of_computation(client: TestClient) -> None:
    assert [t["id"] for t in trace(client)["tensors"]] == [row[0] for row in LSTM]


def test_each_tensor_of_the_lstm_is_described(client: TestClient) -> None:
    tensors = {t["id"]: t for t in trace(client)["tensors"]}

    for id, role, axes, shape, per_step, op, inputs, formula in LSTM:
        tensor = tensors[id]
        assert (tensor["role"], tuple(tensor["axes"]), tensor["shape"]) == (role, axes, shape), id
        assert (tensor["per_step"], tensor["op"], tensor["inputs"]) == (per_step, op, inputs.split()), id
        assert tensor["formula"] == formula
        assert tensor["symbol"] in formula and tensor["name"], id


def test_a_sentence_has_the_axes_and_the_shape(client: TestClient) -> None:
    sentences = {t["id"]: t["sentence"] for t in trace(client)["tensors"]}

    assert sentences["concat"] == "concat: batch_size by num_units plus features, 3 by 7"
    assert sentences["a"] == "a: batch_size by 4 times num_units, 3 by 20"
    assert sentences["X"] == "X: batch_size by time_step by features, 3 by 4 by 2"


@pytest.mark.parametrize("example", EXAMPLE_MODELS, ids=lambda p: p.title)
def test_every_shape_is_that_of_its_axes(client: TestClient, example: ExampleModel) -> None:
    document = trace(client, **query_of(example.stack))

    assert document["axes"] == example.sizes
    for t in document["tensors"]:
        assert t["shape"] == [size(axis, example.sizes) for axis in t["axes"]]


EVERY_CELL = tuple(
    Stack(CELLS[cell], 3, 4, 2, 5, num_proj) for cell in CELLS for num_proj in ((0, 6) if cell in PROJECTED else (0,))
)


@pytest.mark.parametrize("stack", EVERY_CELL, ids=str)
def test_every_cell_is_executed_and_described_by_its_program(client: TestClient, stack: Stack) -> None:
    document = trace(client, **query_of(stack))
    program = capture((PROJECTED if stack.num_proj else CELLS)[stack.cell.id])

    assert document["executed"]
    assert [t["id"] for t in document["tensors"]] == list(program.by_id)
    for t in document["tensors"]:
        assert t["shape"] == [size(axis, stack.sizes) for axis in t["axes"]]
        assert t["sentence"].startswith(f"{t['id']}: ") and t["name"] and t["symbol"] in t["formula"]
    assert [t["id"] for t in document["tensors"] if t["role"] == "weight"] == list(program.cell.weights)
    assert document["parameters"]["by_weight"] == program.parameters(stack.sizes)


@pytest.mark.parametrize("stack", EVERY_CELL, ids=str)
def test_inputs_come_before_the_tensors_computed_from_them(client: TestClient, stack: Stack) -> None:
    previous: set[str] = set()
    for t in trace(client, **query_of(stack))["tensors"]:
        assert t["op"] == "carry" or set(t["inputs"]) <= previous
        previous.add(t["id"])


def test_a_projection_changes_the_size_of_h_but_not_of_c(client: TestClient) -> None:
    document = trace(client, num_proj=6)
    shapes = {t["id"]: t["shape"] for t in document["tensors"]}

    assert document["axes"] == {"batch_size": 3, "time_step": 4, "features": 2, "num_units": 5, "num_proj": 6}
    assert (shapes["h"], shapes["m"], shapes["c"], shapes["concat"]) == ([3, 6], [3, 5], [3, 5], [3, 8])
    assert document["outputs"] == {"X": [3, 4, 2], "Y": [3, 4, 6], "h_T": [3, 6], "c_T": [3, 5]}


def test_a_cell_without_a_cell_state_has_no_such_output(client: TestClient) -> None:
    for cell in ("gru", "gru_reset_after", "rnn"):
        assert trace(client, cell=cell)["outputs"] == {"X": [3, 4, 2], "Y": [3, 4, 5], "h_T": [3, 5]}


@pytest.mark.parametrize(
    ("query", "axis", "width"),
    [
        ({"num_layers": 2, "layer": 0}, "features", 2),
        ({"num_layers": 2, "layer": 1}, "num_units", 5),
        ({"num_layers": 8, "layer": 7, "cell": "rnn"}, "num_units", 5),
        ({"num_layers": 2, "layer": 1, "num_proj": 3}, "num_proj", 3),
        ({"num_layers": 2, "layer": 0, "bidirectional": True, "direction": "backward"}, "features", 2),
        ({"num_layers": 2, "layer": 1, "bidirectional": True}, "2*num_units", 10),
        ({"num_layers": 3, "layer": 2, "bidirectional": True, "direction": "backward"}, "2*num_units", 10),
        ({"num_layers": 2, "layer": 1, "bidirectional": True, "num_proj": 3}, "2*num_proj", 6),
    ],
)
def test_a_layer_reads_the_output_of_the_layer_below(
    client: TestClient, query: dict[str, Any], axis: str, width: int
) -> None:
    document = trace(client, **query)
    tensors = {t["id"]: t for t in document["tensors"]}

    assert document["executed"]
    assert (tensors["X"]["axes"], tensors["X"]["shape"]) == (["batch_size", "time_step", axis], [3, 4, width])
    assert (tensors["x"]["axes"], tensors["x"]["shape"]) == (["batch_size", axis], [3, width])
    for t in tensors.values():
        assert t["shape"] == [size(a, document["axes"]) for a in t["axes"]]


def test_a_stack_has_one_input_one_output_and_the_final_states_of_every_cell(client: TestClient) -> None:
    outputs = trace(client, num_layers=2, bidirectional=True, num_proj=3, layer=1, direction="backward")["outputs"]

    assert outputs.pop("X") == [3, 4, 2] and outputs.pop("Y") == [3, 4, 6]
    places = [f"layer_{layer}/{direction}" for layer in (0, 1) for direction in ("forward", "backward")]
    assert list(outputs) == [f'{state}_T["{place}"]' for place in places for state in "hc"]
    assert {name[0]: shape for name, shape in outputs.items()} == {"h": [3, 3], "c": [3, 5]}


def test_a_single_bidirectional_layer_has_no_number(client: TestClient) -> None:
    assert list(trace(client, bidirectional=True, cell="gru")["outputs"]) == [
        *("X", "Y", 'h_T["forward"]', 'h_T["backward"]')
    ]


def test_outputs_have_shapes(client: TestClient) -> None:
    assert trace(client)["outputs"] == {"X": [3, 4, 2], "Y": [3, 4, 5], "h_T": [3, 5], "c_T": [3, 5]}


@pytest.mark.parametrize(("features", "num_units", "total"), [(2, 5, 160), (28, 128, 80_384), (1, 8192, 268_500_992)])
def test_parameters_are_counted_as_in_the_textbook(
    client: TestClient, features: int, num_units: int, total: int
) -> None:
    parameters = trace(client, features=features, num_units=num_units)["parameters"]

    assert parameters["total"] == total == 4 * num_units * (num_units + features + 1)
    assert parameters["by_weight"] == {"kernel": (num_units + features) * 4 * num_units, "bias": 4 * num_units}
    assert parameters["formula"] == "(num_units+features) × 4*num_units + 4*num_units"


# features 10, num_units 20; counted by real frameworks, without the second biases of PyTorch and Keras
KNOWN = (
    ({"num_layers": 2}, 5_920 - 2 * 80),  # torch.nn.LSTM(10, 20, 2)
    ({"num_layers": 2, "bidirectional": True}, 15_040 - 4 * 80),  # torch.nn.LSTM(10, 20, 2, bidirectional=True)
    ({"num_proj": 5, "num_layers": 2}, 2_520 - 2 * 80),  # torch.nn.LSTM(10, 20, 2, proj_size=5)
    ({"cell": "gru_reset_after", "num_layers": 2}, 4_440),  # torch.nn.GRU(10, 20, 2)
    ({"cell": "rnn", "num_layers": 2, "bidirectional": True}, 3_760 - 4 * 20),  # torch.nn.RNN(10, 20, 2, ...)
    ({"cell": "gru"}, 1_860),  # keras.layers.GRU(20, reset_after=False)
    ({"cell": "lstm_peephole"}, 2_540),  # tf.nn.rnn_cell.LSTMCell(20, use_peepholes=True)
    ({"cell": "lstm_coupled"}, 1_860),  # three gates of 31 × 20
)


@pytest.mark.parametrize(("query", "total"), KNOWN, ids=str)
def test_parameters_are_counted_over_all_layers_and_directions(
    client: TestClient, query: dict[str, Any], total: int
) -> None:
    document = trace(client, features=10, num_units=20, **query)
    parameters = document["parameters"]

    assert parameters["total"] == sum(parameters["by_weight"].values()) == total
    assert computed(parameters["formula"], document["axes"]) == total


def computed(formula: str, sizes: dict[str, int]) -> int:
    return int(eval(formula.replace("×", "*"), {"__builtins__": {}}, sizes))


def test_a_weights_name_begins_with_its_layer_and_direction(client: TestClient) -> None:
    by_weight = trace(client, num_layers=2, bidirectional=True)["parameters"]["by_weight"]

    assert by_weight == {
        **{f"layer_0/{d}/{w}": n for d in ("forward", "backward") for w, n in (("kernel", 7 * 20), ("bias", 20))},
        **{f"layer_1/{d}/{w}": n for d in ("forward", "backward") for w, n in (("kernel", 15 * 20), ("bias", 20))},
    }
    formula = trace(client, num_layers=3, bidirectional=True)["parameters"]["formula"]
    assert formula == (
        "2 × ((num_units+features) × 4*num_units + 4*num_units) + "
        "4 × ((num_units+2*num_units) × 4*num_units + 4*num_units)"
    )


def test_work_and_memory_are_those_of_all_layers_and_directions(client: TestClient) -> None:
    one, both = trace(client), trace(client, bidirectional=True)
    deep = trace(client, num_layers=3, features=5)

    assert (both["flops"], both["bytes"]) == (2 * one["flops"], 2 * one["bytes"])
    assert deep["flops"] == 3 * trace(client, features=5)["flops"]  # features = num_units, so all layers are alike


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
    first = {
        **{"cell": "lstm", "batch_size": 3, "time_step": 4, "features": 2, "num_units": 5, "num_proj": 0},
        **{"num_layers": 1, "bidirectional": False, "framework": "colah", "time_major": False, "forget_bias": "1"},
        **{"return_sequences": False, "return_state": False, "go_backwards": False, "merge_mode": "concat"},
        **{"unit_forget_bias": True, "batch_first": False, "layout": "0", "return_carry": False, "seed": 0},
        **{"equations": ""},
        **{"data": "random", "text": "", "cut": "characters"},
        **{"view": "unrolled", "t": 2, "layer": 0, "direction": "forward", "tensor": ""},
        **{"stepping": False, "sample": None, "unit": None, "row": 0, "column": 0, "poke": "none", "component": 0},
    }
    changes: dict[str, Any] = {"num_units": 7, "t": 3, "tensor": "h", "num_layers": 2, "layer": 1}
    changes |= {"view": "units", "stepping": True, "sample": 2, "unit": 6, "row": 1, "column": 6}
    changes |= {"poke": "h_prev", "component": 6}
    framework: dict[str, Any] = {"framework": "pytorch", "batch_first": True}

    assert trace(client)["config"] == first
    assert trace(client, **changes, **framework, labels="both", theme="dark")["config"] == {
        **first,
        **changes,
        **framework,
    }


@pytest.mark.parametrize(
    ("sizes", "reason"),
    [
        ((3, 4, 2, 5), None),
        ((128, 28, 28, 128), None),
        ((1, 10_000, 1, 1), None),
        ((80, 70, 400, 1150), "needs 79.9 GFLOP (limit: 4)"),
        ((1024, 10_000, 1, 1), "would record 655 MB (limit: 64)"),
        ((1024, 10_000, 4096, 8192), "needs 8,247,428 GFLOP (limit: 4)"),
    ],
)
def test_a_run_over_the_budget_is_not_executed_and_has_a_reason(
    client: TestClient, sizes: tuple[int, int, int, int], reason: str | None
) -> None:
    document = trace(client, **query_of(Stack(CELLS["lstm"], *sizes)))

    assert (document["executed"], document["reason"]) == (reason is None, reason)
    assert [t["id"] for t in document["tensors"]] == [row[0] for row in LSTM]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"num_layers": 8}, None),
        ({"time_step": 10_000, "bidirectional": True}, None),
        ({"time_step": 2_500, "num_layers": 8}, None),
        ({"time_step": 2_501, "num_layers": 8}, "takes 20,008 steps in 8 cells (limit: 20,000)"),
        (
            {"time_step": 10_000, "num_layers": 8, "bidirectional": True, "cell": "rnn", "num_units": 1},
            "takes 160,000 steps in 16 cells (limit: 20,000)",
        ),
        ({"num_units": 1500, "batch_size": 32}, None),
        ({"num_units": 1500, "batch_size": 32, "num_layers": 2}, "needs 6.92 GFLOP (limit: 4)"),
    ],
    ids=str,
)
def test_every_layer_and_direction_counts_towards_the_budget(
    client: TestClient, query: dict[str, Any], reason: str | None
) -> None:
    document = trace(client, **query)

    assert (document["executed"], document["reason"]) == (reason is None, reason)
    assert all(t["shape"] == [size(a, document["axes"]) for a in t["axes"]] for t in document["tensors"])


LARGEST = {"batch_size": 1024, "time_step": 10_000, "features": 4096, "num_units": 8192, "num_layers": 8}


@pytest.mark.parametrize("cell", CELLS)
def test_the_largest_stack_has_shapes_at_once(client: TestClient, runner: CountingRunner, cell: str) -> None:
    projection = {"num_proj": 8192} if cell in PROJECTED else {}
    url_state = parse([(n, str(v)) for n, v in {"cell": cell, **LARGEST, **projection}.items()], strict=True)
    url_state = parse([*pairs_of(url_state.query()), ("bidirectional", "true")], strict=True)
    tracemalloc.start()
    reason = runner.budget.refusal(url_state.stack)
    shapes = url_state.program.shapes(url_state.sizes)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert reason and peak < 100_000
    assert shapes["Y"] == (1024, 10_000, 8192)
    document = trace(client, **dict(pairs_of(url_state.query())))
    assert not document["executed"] and document["parameters"]["total"] > 10**9


def test_a_followed_unit_has_the_parameters_that_it_owns_and_that_read_it(client: TestClient) -> None:
    assert trace(client)["unit"] is None
    unit = trace(client, unit=3)["unit"]

    assert (unit["index"], unit["count"]) == (3, 4 * (2 + 5 + 1))
    owns = [(piece["array"], piece["index"], piece["gate"], piece["count"]) for piece in unit["owns"]]
    columns = list(zip("figo", (3, 8, 13, 18), strict=True))
    assert owns == [("kernel", f"[:, {k}]", gate, 7) for gate, k in columns] + [
        ("bias", f"[{k}]", gate, 1) for gate, k in columns
    ]
    assert [(p["array"], p["index"], p["count"]) for p in unit["read_by"]] == [("kernel", "[3, :]", 20)]


def test_a_trace_is_of_a_real_run(client: TestClient, runner: CountingRunner) -> None:
    trace(client)

    assert runner.jobs == 1
