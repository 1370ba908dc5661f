"""The small programs of /explain fail in the real framework as the message says, and run with their corrected lines."""

from contextlib import redirect_stdout
from io import StringIO

import pytest
from networks import PROGRAMS as NETWORKS
from raising import raised, run
from shape_errors import ERRORS, NAMED
from test_inputs_of_layers import TEXTS as OF_INPUTS

from app.reading.errors.causes.small_program_lines import CELLS, PYTORCH
from app.reading.errors.causes.small_programs import Program, program
from app.reading.errors.causes.small_programs_in_keras import KERAS
from app.reading.errors.explanation import Explanation, explain

MORE = tuple(
    f"{settings}RuntimeError: Expected hidden[{state}] size (4, 3, 20), got [3, 4, 20]"
    for state in (0, 1)
    for settings in ("", "nn.LSTM(8, 20, bidirectional=True, batch_first=True)\n")
)
OF_SIZES = tuple(
    f"RuntimeError: Expected hidden{state} size ({expected}), got [{got}]"
    for state in ("", "[0]", "[1]")
    for expected, got in (
        ("4, 3, 20", "8, 3, 20"),
        ("2, 3, 20", "1, 5, 10"),
        ("6, 5, 10", "2, 2, 1"),
        ("1, 3, 20", "2, 3, 10"),
        ("1, 3, 20", "2, 5, 10"),
        ("18, 3, 4", "18, 5, 4"),
        ("1, 3, 20", "3, 20"),
        ("2, 3, 20", "3, 20"),
        ("1, 3, 20", "5, 20"),
        ("2, 3, 20", "2, 3, 8"),
    )
)
"""Sizes of which several differ, and more layers than usual."""

PROJECTION = "nn.LSTM(10, 4, hidden_size=4)\nproj_size has to be smaller than hidden_size"

WITH_PROGRAM = (
    """
x = pad_sequence(samples)
packed = pack_padded_sequence(x, lengths, batch_first=True)
RuntimeError: Expected `len(lengths)` to be equal to batch_size, but got 5 (batch_size=9)""",
    """
import torch
from torch import nn
embed = nn.Embedding(80, 7)
gru = nn.GRU(7, 11, batch_first=True)
q = torch.randint(0, 80, (4, 6))
_, h = gru(q.float())
RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 6""",
    """
import torch
from torch import nn
lstm, dense = nn.LSTM(10, 20, proj_size=5), nn.Linear(20, 2)
_, (h, c) = lstm(torch.zeros(9, 4, 10))
dense(h[-1])
RuntimeError: mat1 and mat2 shapes cannot be multiplied (4x5 and 20x2)""",
    """
import numpy as np
import torch
from torch import nn
table = np.random.rand(300, 7)
x = np.stack([table[i : i + 20] for i in range(280)])
y = table[20:, -1]
lstm = nn.LSTM(6, 16, batch_first=True)
lstm(torch.tensor(x, dtype=torch.float32))
RuntimeError: input.size(-1) must be equal to input_size. Expected 6, got 7""",
    *(
        f"{NETWORKS.wrong(name)}\n{NETWORKS.recorded[name]}"
        for name in ("keras-one-sample", "keras-target-in-windows", "tensorflow-vector-of-a-decoder")
    ),
)
"""Errors of which the program says the cause."""

TEXTS = (
    *MORE,
    *WITH_PROGRAM,
    *OF_SIZES,
    *OF_INPUTS,
    PROJECTION,
    *(NAMED * error.anywhere + error.message for error in ERRORS),
)

PROGRAMS: dict[tuple[str, str, str], tuple[Explanation, Program]] = {
    (found.framework, cause.id, found.failing): (explanation, found)
    for explanation in map(explain, TEXTS)
    for cause in explanation.mismatch.causes
    if (found := program(explanation, cause))
}
"""Each program once, with the explanation for which it is shown."""


def test_every_listing_is_tested() -> None:
    tested = {(framework, cause) for framework, cause, _ in PROGRAMS}

    assert {("pytorch", cause) for cause in (*PYTORCH, *CELLS)} | {("keras", cause) for cause in KERAS} == tested


@pytest.mark.parametrize("key", PROGRAMS, ids=lambda key: f"{key[0]}-{key[1]}")
def test_a_program_fails_as_the_message_says_and_runs_once_it_is_corrected(
    request: pytest.FixtureRequest, key: tuple[str, str, str]
) -> None:
    explanation, found = PROGRAMS[key]
    if found.framework not in request.config.getoption("--frameworks").split(","):
        pytest.skip(f"{found.framework} is in another environment")

    again = explain(f"{found.failing}\n{raised(found.framework, found.failing)}").mismatch
    printed = StringIO()
    with redirect_stdout(printed):
        run(found.framework, found.running)

    said = explanation.mismatch
    axis = "order" if again.causes[0].id == "features_first" else said.axis  # the program says what x is
    assert (again.tensor, again.axis) == (said.tensor, axis)
    assert printed.getvalue().strip() == found.printed
