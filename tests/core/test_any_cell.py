"""The run of any cell equals its operations applied one by one, tensor by tensor."""

import other_cells
import pytest
from pairing import paired
from plain_numpy import assert_runs_the_same

from app.core.program import Program
from app.core.run import prepared

EVERY = [value for value in vars(other_cells).values() if isinstance(value, Program)]


@pytest.mark.parametrize(
    ("of", "batch_size", "ahead"),
    paired(EVERY, (1, 3), (1, 10**9)),
    ids=lambda value: value.cell.id if isinstance(value, Program) else str(value),
)
def test_every_tensor_of_every_step_equals_the_operation_applied_separately(
    of: Program, batch_size: int, ahead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.core.compiled.plan.AHEAD", ahead)
    prepared.cache_clear()
    sizes = {"batch_size": batch_size, "time_step": 3, "features": 2, "num_units": 5, "num_proj": 3}
    assert_runs_the_same(of, sizes)
