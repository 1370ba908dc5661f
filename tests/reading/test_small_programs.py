"""The program of a cause fails with its removed lines and runs with those added; make oracles executes both."""

import pytest
from shape_errors import ERRORS, NAMED

from app.reading.errors.causes import CAUSES
from app.reading.errors.explanation import Explanation, explain
from app.reading.errors.programs import CELLS, CONDITIONS, KERAS, PYTORCH, Program, first_program, program

STATE = "RuntimeError: Expected hidden[{}] size (4, 3, 20), got [3, 4, 20]"


def explained() -> list[Explanation]:
    return [explain(NAMED * error.anywhere + error.message) for error in ERRORS]


def programs() -> list[Program]:
    found = [program(one, cause) for one in explained() for cause in one.mismatch.causes]
    return [one for one in found if one]


def test_every_program_is_python_that_differs_in_its_signed_lines_and_prints_what_it_returns() -> None:
    found = programs()

    assert len(found) > 80
    for one in found:
        for text in (one.failing, one.running):
            compile(text, "program.py", "exec")
            assert "{" not in text
            assert text.splitlines()[-1].startswith("print(")
        assert one.failing != one.running


def test_every_program_is_that_of_a_cause_and_has_a_known_condition() -> None:
    for listings in (PYTORCH, CELLS, KERAS):
        assert listings.keys() <= CAUSES.keys()
        assert {listing.when for listing in listings.values()} <= CONDITIONS.keys()


def test_a_program_has_the_sizes_and_the_settings_of_the_text() -> None:
    found = first_program(explain("lstm = nn.LSTM(10, 20, bidirectional=True, batch_first=True)\n" + STATE.format(0)))

    assert found
    assert found.running.splitlines() == [
        "import torch",
        "lstm = torch.nn.LSTM(10, 20, num_layers=2,",
        "    bidirectional=True, batch_first=True)",
        "x = torch.zeros(3, 5, 10)",
        "h_0 = c_0 = torch.zeros(4, 3, 20)",
        "output, (h_n, c_n) = lstm(x, (h_0, c_0))",
        "print(tuple(output.shape), tuple(h_n.shape))",
    ]
    assert "h_0 = c_0 = torch.zeros(3, 4, 20)" in found.failing
    assert found.printed == "(3, 5, 40) (4, 3, 20)"


def test_an_error_in_c_keeps_a_right_h_because_h_is_compared_first() -> None:
    found = first_program(explain(STATE.format(1)))

    assert found
    assert "h_0 = torch.zeros(4, 3, 20)\nc_0 = torch.zeros(3, 4, 20)\n" in found.failing


@pytest.mark.parametrize(
    "message",
    [
        "RuntimeError: Expected hidden[0] size (4, 900, 90000), got [900, 4, 90000]",
        "RuntimeError: input must have 3 dimensions, got 2",
    ],
)
def test_a_program_that_is_too_large_or_would_not_fail_today_is_not_shown(message: str) -> None:
    assert first_program(explain(message)) is None
