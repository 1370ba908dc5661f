"""Which of several equal lines is corrected: a comment names the line of code after it, if there are several.

PyTorch 2 raised the messages.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import explain

PROGRAM = f"""{TORCH}
class Tide(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru, self.height = nn.GRU(2, 13, batch_first=True), nn.Linear(13, 1)

    def forward(self, x):
        return self.height(self.gru(x)[0][:, -1])

hours, heights = torch.randn(8, 24, 2), torch.randn(8)
guess = Tide()(hours)
{{line}}
"""
LINE, FIX = (f"error = nn.functional.mse_loss({one}, heights)" for one in ("guess", "guess.squeeze(-1)"))
WARNING = """C:\\work\\tide.py:14: UserWarning: Using a target size (torch.Size([8])) that is different to the input \
size (torch.Size([8, 1])). This will likely lead to incorrect results{end}due to broadcasting. Please ensure they \
have the same size.
  error = nn.functional.mse_loss(guess, heights)
"""


@pytest.mark.parametrize("end", [" ", "\n"])
@pytest.mark.parametrize("between", ["error.backward()\n\n", "\nand this is what I get:\n"])
def test_a_line_that_a_warning_repeats_is_no_other_line(between: str, end: str) -> None:
    likely = explain(PROGRAM.format(line=LINE) + between + WARNING.format(end=end)).mismatch.causes[0]

    assert likely.lines == ((LINE, FIX),)


@pytest.mark.parametrize(("after", "place"), [("reader.train()", "  # before: reader.train()"), ("And I call it:", "")])
def test_only_code_after_one_of_two_equal_lines_is_its_place(after: str, place: str) -> None:
    made, called = "reader = nn.GRU(4, 9)", "reader(torch.zeros(3, 2, 5))"
    program = f"{TORCH}{made}\nprint(reader)\n{made}\n{after}\n{called}"
    error = "RuntimeError: input.size(-1) must be equal to input_size. Expected 4, got 5"
    likely = explain(pasted(program, [called], error)).mismatch.causes[0]

    assert likely.lines == ((made, made.replace("4", "5") + place),)
