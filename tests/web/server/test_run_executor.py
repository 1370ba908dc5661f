"""Execution of runs: repeated requests for a run execute it once."""

import gc
import weakref
from typing import Any

import numpy as np
import pytest
from app_client import TestClient
from framework_queries import Query

from app.core.input_data import make_input
from app.core.ops import Array
from app.core.run import run_stack
from app.core.seeded_weights import Weights, stack_weights
from app.core.stack import Stack
from app.core.trace import StackTrace
from app.core.work_limits import Budget
from app.main import create_app
from app.url_state.parsing import parse
from app.url_state.url_state import UrlState
from app.url_state_to_picture import run_and_gradients as runs
from app.web.server.run_executor import Runner

Ran = list[Stack]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Ran:
    """The runs that are really executed from now on."""
    found: Ran = []

    def counted(stack: Stack, weights: Weights, X: Array, go_backwards: bool) -> StackTrace:
        found.append(stack)
        return run_stack(stack, weights, X, go_backwards)

    monkeypatch.setattr(runs, "run_stack", counted)
    return found


def trace(runner: Runner, state: UrlState) -> StackTrace:
    found, reason = runner.trace(state)
    assert found and not reason
    return found


def url_state(**fields: object) -> UrlState:
    return parse([(name, str(value)) for name, value in fields.items()], strict=True)


LOOKS: tuple[Query, ...] = (
    {"t": 0},
    {"t": 3, "tensor": "kernel", "row": 6, "column": 19},
    {"tensor": "h", "stepping": "true"},
    {"sample": 1, "unit": 4},
    {"poke": "h_prev", "component": 2},
    *({"view": view} for view in ("rolled", "batch", "units", "weights", "gradients")),
    {"labels": "both", "format": "hall", "theme": "dark"},
    {"framework": "pytorch", "batch_first": "true"},
    {"framework": "keras", "return_sequences": "true"},
)
"""Other views of the first run."""

OTHERS: tuple[Query, ...] = (
    {"seed": 1},
    {"batch_size": 4},
    {"time_step": 5},
    {"features": 3},
    {"num_units": 6},
    {"num_proj": 3},
    {"num_layers": 2},
    {"bidirectional": "true"},
    {"cell": "gru"},
    {"framework": "keras", "go_backwards": "true"},
)
"""Queries for other runs."""


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_a_cached_run_is_not_executed_again(ran: Ran, look: Query) -> None:
    runner = Runner(Budget())
    first = trace(runner, url_state())

    assert trace(runner, url_state(**look)) is first
    assert len(ran) == 1


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_a_different_run_is_executed(ran: Ran, other: Query) -> None:
    runner = Runner(Budget())

    assert trace(runner, url_state(**other)) is not trace(runner, url_state())
    assert ran == [url_state(**other).stack, url_state().stack]


def test_layers_and_directions_share_one_run(ran: Ran) -> None:
    runner = Runner(Budget())
    stacked = {"num_layers": 2, "bidirectional": "true"}

    looks = [url_state(**stacked, layer=layer, direction=way) for layer in (0, 1) for way in ("forward", "backward")]
    assert len({id(trace(runner, look)) for look in looks}) == 1
    assert len(ran) == 1


def test_only_the_last_two_runs_are_cached(ran: Ran) -> None:
    runner = Runner(Budget())
    one, two, three = (url_state(seed=seed) for seed in (1, 2, 3))
    requests = ((one, 1), (two, 2), (one, 2), (two, 2), (three, 3), (two, 3), (three, 3), (one, 4), (two, 5))

    for request, executed in requests:
        trace(runner, request)
        assert len(ran) == executed


def test_cached_runs_record_together_no_more_than_one_run_may(ran: Ran) -> None:
    small, large = url_state(seed=1), url_state(batch_size=4, seed=2)
    room = small.stack.bytes() + large.stack.bytes()

    for limit, executed in ((room, 2), (room - 1, 3)):
        runner = Runner(Budget(bytes=limit))
        ran.clear()
        for request in (small, large, small):
            trace(runner, request)
        assert len(ran) == executed


def test_cached_runs_are_dropped_before_a_new_one_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    runner = Runner(Budget(bytes=url_state().stack.bytes()))
    before = weakref.ref(trace(runner, url_state(seed=1)))
    held = []

    def observed(stack: Stack, *arguments: Any) -> StackTrace:
        gc.collect()
        held.append(before() is not None)
        return run_stack(stack, *arguments)

    monkeypatch.setattr(runs, "run_stack", observed)
    trace(runner, url_state(seed=2))
    assert held == [False]


def test_cached_runs_are_dropped_before_a_weights_file_is_made(ran: Ran) -> None:
    app = create_app()
    first = weakref.ref(trace(app.state.runner, url_state()))

    assert TestClient(app).get("/weights.npz?seed=1").status_code == 200
    gc.collect()
    assert first() is None and len(ran) == 1


def test_a_cached_run_equals_a_new_one(ran: Ran) -> None:
    """No response changes the trace that it is made from."""
    stacked: Query = {"num_layers": 2, "bidirectional": "true", "seed": 7}
    app = create_app()
    client = TestClient(app)
    looks: tuple[Query, ...] = ({"tensor": "h", "t": 0}, {"tensor": "X", "t": 3, "layer": 1, "direction": "backward"})
    for path in ("/", "/trace.json", "/gradients.json", "/tensor.json", "/values.json", "/poke.json"):
        for look in looks:
            query = {**stacked, **look, "poke": "h_prev", "component": 2, "stepping": "true"}
            assert client.get(path, params=query).status_code == 200
    cached = trace(app.state.runner, url_state(**stacked))
    assert len(ran) == 1

    stack = cached.stack
    new = run_stack(stack, stack_weights(stack, 7), make_input(stack.sizes, 7))
    for place in stack.places:
        for tensor in stack.program(place[0]).tensors:
            for t in range(stack.time_step):
                np.testing.assert_array_equal(cached.array(tensor.id, place, t), new.array(tensor.id, place, t))


def test_a_run_over_the_budget_is_not_executed_and_evicts_nothing(ran: Ran) -> None:
    runner = Runner(Budget())
    first = trace(runner, url_state())

    assert runner.trace(url_state(batch_size=1024, time_step=10_000))[0] is None
    assert trace(runner, url_state()) is first
    assert len(ran) == 1
