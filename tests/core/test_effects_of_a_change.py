"""The effect of one changed number, compared with two plain runs: with a changed input, and from the middle on."""

import numpy as np
import pytest
import textbook

from app.core.cells import CELLS, PROJECTED
from app.core.effects_of_a_change import AMOUNT, FOLLOWING, following, poke
from app.core.input_data import make_input
from app.core.ops import Array
from app.core.program import Program, capture
from app.core.run import run
from app.core.seeded_weights import make_weights
from app.core.trace import Trace

PROGRAMS = {
    **{id: capture(cell) for id, cell in CELLS.items()},
    **{f"{id}, projected": capture(cell) for id, cell in PROJECTED.items()},
}
SIZES = {"batch_size": 3, "time_step": 7, "features": 2, "num_units": 5, "num_proj": 3}
STEP, SAMPLE = 2, 1

every_program = pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
both_types = pytest.mark.parametrize(("dtype", "error"), [(np.float32, 1e-5), (np.float64, 1e-13)])


def recorded(program: Program, dtype: type = np.float64, X: Array | None = None, **sizes: int) -> Trace:
    of = SIZES | sizes
    return run(program, of, make_weights(program, of, 1, dtype), make_input(of, 1, dtype) if X is None else X)


@every_program
@both_types
def test_a_changed_x_has_the_effect_of_a_run_with_a_changed_X(program: Program, dtype: type, error: float) -> None:
    trace = recorded(program, dtype)
    X = np.array(trace.array("X"))
    X[SAMPLE, STEP, 1] += 0.25
    other = recorded(program, dtype, X)
    found = poke(trace, STEP, "x", 1, SAMPLE, 0.25)

    for t in program.step:
        expected = (other.array(t.id, STEP) - trace.array(t.id, STEP))[SAMPLE]
        assert found.here[t.id].dtype == dtype
        np.testing.assert_allclose(found.here[t.id], expected, rtol=0, atol=error, err_msg=t.id)
    assert len(found.following) == 4
    for n, states in enumerate(found.following, STEP + 1):
        assert states.keys() == program.cell.states.keys()
        for id, values in states.items():
            expected = (other.array(id, n) - trace.array(id, n))[SAMPLE]
            np.testing.assert_allclose(values, expected, rtol=0, atol=error, err_msg=f"{id} of step {n}")


@pytest.mark.parametrize("state", ["h", "c"])
def test_a_changed_state_has_the_effect_of_a_textbook_that_starts_with_it(state: str) -> None:
    trace = recorded(PROGRAMS["lstm"])
    found = poke(trace, STEP, f"{state}_prev", 3, SAMPLE)

    def states(amount: float) -> list[dict[str, Array]]:
        before = {id: np.array(trace.array(f"{id}_prev", STEP)) for id in "hc"}
        before[state][SAMPLE, 3] += amount
        return steps(trace, before["h"], before["c"])

    for n, (plain, changed) in enumerate(zip(states(0), states(AMOUNT), strict=True)):
        values = found.following[n - 1] if n else found.here
        for id in "hc":
            np.testing.assert_allclose(values[id], (changed[id] - plain[id])[SAMPLE], rtol=0, atol=1e-13)


def steps(trace: Trace, h: Array, c: Array) -> list[dict[str, Array]]:
    """A textbook LSTM, from a step on."""
    values = []
    for t in range(STEP, SIZES["time_step"]):
        a = np.hstack([h, trace.array("x", t)]) @ trace.array("kernel") + trace.array("bias")
        f, i, g, o = np.split(a, 4, axis=1)
        c = textbook.sigmoid(f) * c + textbook.sigmoid(i) * np.tanh(g)
        h = textbook.sigmoid(o) * np.tanh(c)
        values.append({"h": h, "c": c})
    return values


@both_types
@pytest.mark.parametrize("id", [id for id, cell in CELLS.items() if "c" in cell.states])
@pytest.mark.parametrize("num_units", [1, 5, 89])
def test_a_number_of_c_changes_only_its_own_unit_in_this_step(
    id: str, num_units: int, dtype: type, error: float
) -> None:
    trace = recorded(PROGRAMS[id], dtype, num_units=num_units)
    k = num_units // 2
    here = poke(trace, STEP, "c_prev", k, SAMPLE).here

    for state in "hc":
        assert np.flatnonzero(here[state]).tolist() == [k]


@pytest.mark.parametrize("id", CELLS)
def test_a_number_of_h_changes_every_unit_in_this_step(id: str) -> None:
    here = poke(recorded(PROGRAMS[id]), STEP, "h_prev", 0, SAMPLE).here

    assert all(here["h"])


@every_program
def test_earlier_tensors_do_not_change_and_the_changed_number_grows_by_the_amount(program: Program) -> None:
    trace = recorded(program)
    for vector in ("x", *(f"{state}_prev" for state in program.cell.states)):
        here = poke(trace, STEP, vector, 1, SAMPLE).here
        for t in program.step:
            if t.op in ("step", "carry"):
                expected = np.zeros(len(here[t.id]))
                if t.id == vector:
                    expected[1] = AMOUNT
                np.testing.assert_allclose(here[t.id], expected, atol=1e-15)
            elif not any(here[i].any() for i in t.inputs if i in here):
                assert not here[t.id].any(), t.id


def test_later_steps_end_with_the_run_or_at_the_limit() -> None:
    trace = recorded(PROGRAMS["gru"], time_step=30)

    assert len(poke(trace, 29, "x", 0, 0).following) == 0
    assert len(poke(trace, 20, "x", 0, 0).following) == 9
    assert len(poke(trace, 0, "h_prev", 0, 0).following) == FOLLOWING


def test_large_cells_are_followed_for_fewer_steps_but_at_least_one() -> None:
    counts = [following(PROGRAMS["lstm"], SIZES | {"num_units": n}) for n in (5, 1000, 2000, 4000, 8192)]

    assert counts[0] == FOLLOWING and counts[-1] == 1
    assert counts == sorted(counts, reverse=True) and len({*counts}) > 2


def test_the_recorded_run_does_not_change() -> None:
    trace = recorded(PROGRAMS["lstm"])
    before = {t.id: np.array(trace.array(t.id, STEP)) for t in trace.program.step}
    poke(trace, STEP, "h_prev", 0, 0)

    for id, array in before.items():
        np.testing.assert_array_equal(trace.array(id, STEP), array)
