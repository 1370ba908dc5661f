"""Executing: who looks at a run asks for it again and again, and it is executed once."""

from collections.abc import Iterator

import numpy as np
import pytest
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.core.stack import Stack, StackTrace, run_stack, stack_weights
from app.core.weights import make_input
from app.main import create_app
from app.web import runs
from app.web.runs import Runner, execute
from app.web.view import View, parse

Ran = list[Stack]


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ran]:
    """What was really executed since the test began, which found nothing kept."""
    found: Ran = []

    def counted(stack: Stack, *given: object) -> StackTrace:
        found.append(stack)
        return run_stack(stack, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "run_stack", counted)
    runs._recorded.cache_clear()
    yield found
    runs._recorded.cache_clear()


def view(**fields: object) -> View:
    return parse([(name, str(value)) for name, value in fields.items()], strict=True)


LOOKS = (
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
"""Other ways to look at the first run."""

OTHERS = (
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
"""Other runs."""


@pytest.mark.parametrize("look", LOOKS, ids=str)
def test_another_look_at_the_same_run_executes_nothing_again(ran: Ran, look: dict[str, object]) -> None:
    first = execute(view())

    assert execute(view(**look)) is first
    assert len(ran) == 1


@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_another_run_is_executed_for_itself(ran: Ran, other: dict[str, object]) -> None:
    first, second = execute(view()), execute(view(**other))

    assert second is not first
    assert ran == [view().stack, view(**other).stack]


def test_layers_and_directions_of_one_run_are_looked_at_without_another(ran: Ran) -> None:
    stacked = {"num_layers": 2, "bidirectional": "true"}
    first = execute(view(**stacked))

    for layer in (0, 1):
        for direction in ("forward", "backward"):
            assert execute(view(**stacked, layer=layer, direction=direction)) is first
    assert len(ran) == 1


def test_the_last_two_runs_are_kept_and_none_before(ran: Ran) -> None:
    one, two, three = (view(seed=seed) for seed in (1, 2, 3))
    kept = ((one, 1), (two, 2), (one, 2), (two, 2), (three, 3), (two, 3), (three, 3), (one, 4), (two, 5))

    for asked, executed in kept:
        execute(asked)
        assert len(ran) == executed
    assert runs._recorded.cache_info().currsize == 2


def test_what_was_kept_is_what_would_be_executed_anew(ran: Ran) -> None:
    """Whoever reads a trace leaves it as it is, whatever was made of it."""
    asked = view(num_layers=2, bidirectional="true", seed=7)
    client = TestClient(create_app())
    for path in ("/", "/trace.json", "/gradients.json", "/tensor.json", "/values.json"):
        for query in ("t=0&tensor=h", "t=3&tensor=X&layer=1&direction=backward", "tensor=kernel&sample=1&unit=2"):
            assert client.get(f"{path}?num_layers=2&bidirectional=true&seed=7&{query}").status_code == 200
    assert len(ran) == 1

    stack = asked.stack
    kept, anew = execute(asked), run_stack(stack, stack_weights(stack, 7), make_input(stack.sizes, 7))
    for place in stack.places:
        for tensor in stack.program(place[0]).tensors:
            for t in range(stack.time_step):
                np.testing.assert_array_equal(kept.array(tensor.id, place, t), anew.array(tensor.id, place, t))


def test_what_is_over_the_budget_is_neither_executed_nor_kept(ran: Ran) -> None:
    trace, reason = Runner(Budget()).answer(view(batch_size=1024, time_step=10_000))

    assert trace is None and reason
    assert not ran and runs._recorded.cache_info().currsize == 0
