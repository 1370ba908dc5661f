"""A projection that is as large as the units of its LSTM: the line of the program gets a smaller one.

PyTorch 2 raised the message, and runs the corrected lines.
"""

import pytest
from pasted_programs import TORCH, pasted, traceback

from app.reading.errors.explanation import explain
from app.url_state.state_of_configuration import state_of_error

ERROR = "ValueError: proj_size has to be smaller than hidden_size"


@pytest.mark.parametrize(
    ("arguments", "smaller"),
    [
        ("9, 14, proj_size=14", "9, 14, proj_size=7"),
        ("9, 14, proj_size=30, batch_first=True", "9, 14, proj_size=7, batch_first=True"),
        ("input_size=9, hidden_size=14, proj_size=14", "input_size=9, hidden_size=14, proj_size=7"),
        ("9, width, num_layers=2, proj_size=width", "9, width, num_layers=2, proj_size=width // 2"),
    ],
)
def test_the_line_gets_half_of_the_units(arguments: str, smaller: str) -> None:
    line, fix = (f"reader = nn.LSTM({one})" for one in (arguments, smaller))
    for text in (traceback([line], ERROR), pasted(f"{TORCH}width = 14\n{line}\n", [line], ERROR)):
        likely = explain(text).mismatch.causes[0]
        assert likely.is_own and likely.lines == ((line, fix),)


def test_the_picture_lacks_a_projection_that_no_layer_can_have() -> None:
    explanation = explain(pasted(f"{TORCH}", ["reader = nn.LSTM(9, 14, proj_size=14)"], ERROR))
    assert explanation.configuration
    state = state_of_error(explanation, explanation.configuration)

    assert state and (state.num_units, state.num_proj) == (14, 0)
    assert not state.chosen_model.unsupported
