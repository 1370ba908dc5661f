"""The batch and the steps of x in functions that a program only hands on, as an optimizer that calls a closure.

PyTorch 2.13 raised the message for these programs, whose x has 7 samples of 11 steps, except where time comes first.
"""

import pytest
from pasted_programs import TORCH, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = (
    TORCH
    + """
class Pair(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.first = nn.GRUCell(inputs, width)
        self.second = nn.GRUCell(inputs, width)

    def forward(self, notes):
        low = high = None
        for note in {loop}:
            low = self.first(note, low)
            high = self.second(low, high)
        return high


def train(net, notes, goal):
    optimizer = torch.optim.LBFGS(net.parameters())

    def closure({parameters}):
        optimizer.zero_grad()
        error = (net(notes) - goal).pow(2).mean()
        error.backward()
        return error

    {call}


train(Pair(5, 14), torch.randn(7, 11, 5), torch.zeros(7, 14))
"""
)
LINES = ["{call}", "error = (net(notes) - goal).pow(2).mean()", "high = self.second(low, high)"]
MESSAGE = "RuntimeError: input has inconsistent input_size: got 14 expected 5"
SECOND, UNKNOWN = (7, 11), (None, None)


def sizes(loop: str, call: str, parameters: str = "") -> tuple[int | None, ...]:
    program = PROGRAM.format(loop=loop, call=call, parameters=parameters)
    return network(explain(pasted(program, [one.format(call=call) for one in LINES], MESSAGE)))


@pytest.mark.parametrize("call", ["optimizer.step(closure)", "optimizer.step(closure=closure)", "closure()"])
def test_a_closure_is_followed_to_the_x_of_its_network(call: str) -> None:
    assert sizes("notes.unbind(1)", call) == (7, 11, 5, 14)


@pytest.mark.parametrize(
    ("loop", "known"),
    [
        ("notes.unbind(dim=1)", SECOND),
        ("torch.unbind(notes, 1)", SECOND),
        ("notes.transpose(0, 1)", SECOND),
        ("notes", SECOND[::-1]),
        ("[part.squeeze(1) for part in notes.chunk(11, dim=1)]", UNKNOWN),
    ],
)
def test_the_loop_says_the_axis_of_the_steps_to_the_cell_above(loop: str, known: tuple[int | None, ...]) -> None:
    assert sizes(loop, "elsewhere(closure, notes)", "notes") == (*known, 5, 14)
