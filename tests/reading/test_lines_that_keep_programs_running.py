"""Corrected lines of whole programs that leave the rest of the program running.

PyTorch 2.13 raised the messages for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH, first_cause_and_lines, pasted

STACK = f"""{TORCH}
class Stack(nn.Module):
    def __init__(self, seen, width, layers):
        super().__init__()
        self.proj = nn.Linear(seen, width)
        self.layers = nn.ModuleList([nn.GRU({{features}}, width) for _ in range(layers)])

    def forward(self, x, states):
        x, kept = self.proj(x), []
        for gru, state in zip(self.layers, states):
            {{names}} = gru(x, state)
            x = x + y
            kept.append(state)
        return x, kept

net = Stack(7, 24, 2)
states = [None, None]
for chunk in range(2):
    y, states = net(torch.zeros(12, 5, 7), states)
    states = [one.detach() for one in states]
"""
OF_STACK = ["y, states = net(torch.zeros(12, 5, 7), states)"]

PREFIXED = f"""{TORCH}
class Captions(nn.Module):
    def __init__(self, width=18, units=25, words=60):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.gru = nn.GRU(width, units, batch_first=True)

    def forward(self, image, words):
        steps = self.embed(words)
        steps = torch.cat(({{image}}, steps), dim={{dim}})
        return self.gru(steps)[0]

Captions()(torch.zeros(4, 18), torch.zeros(4, 6).long())
"""
WRITER = f"""{TORCH}
class Writer(nn.Module):
    def __init__(self, width=18, units=25):
        super().__init__()
        self.embed = nn.Embedding(units, width)
        self.gru = nn.GRU(width, units, batch_first=True)

    def write(self, image):
        state = None
        word = image.unsqueeze(1)
        for _ in range(3):
            steps, state = self.gru(word, state)
            best = steps.squeeze(1).argmax(1)
            word = self.embed(best)

Writer().write(torch.zeros(4, 18))
"""
OF_CAPTIONS = "Captions()(torch.zeros(4, 18), torch.zeros(4, 6).long())"


@pytest.mark.parametrize(
    ("program", "frames", "error", "meaning", "lines"),
    [
        pytest.param(
            STACK.format(features="width", names="y"),
            [*OF_STACK, "x = x + y"],
            "TypeError: unsupported operand type(s) for +: 'Tensor' and 'tuple'",
            ("output", None, "whole_pair"),
            {"y = gru(x, state)": "y, state = gru(x, state)"},
            id="a state that is kept for the next chunk",
        ),
        pytest.param(
            STACK.format(features="seen", names="y, state"),
            [*OF_STACK, "y, state = gru(x, state)"],
            "RuntimeError: input.size(-1) must be equal to input_size. Expected 7, got 24",
            ("x", "features", "other_features"),
            {
                "self.layers = nn.ModuleList([nn.GRU(seen, width) for _ in range(layers)])": (
                    "self.layers = nn.ModuleList([nn.GRU(width, width) for _ in range(layers)])"
                )
            },
            id="layers of which the first one gets the units, too",
        ),
        pytest.param(
            PREFIXED.format(image="image.unsqueeze(1)", dim=2),
            [OF_CAPTIONS, "steps = torch.cat((image.unsqueeze(1), steps), dim=2)"],
            "RuntimeError: Sizes of tensors must match except in dimension 2."
            " Expected size 1 but got size 6 for tensor number 1 in the list.",
            ("x", "time_step", "joined_axis"),
            {
                "steps = torch.cat((image.unsqueeze(1), steps), dim=2)": (
                    "steps = torch.cat((image.unsqueeze(1), steps), dim=1)"
                )
            },
            id="a step before others that is joined along the features",
        ),
        pytest.param(
            PREFIXED.format(image="image", dim=1),
            [OF_CAPTIONS, "steps = torch.cat((image, steps), dim=1)"],
            "RuntimeError: Tensors must have same number of dimensions: got 2 and 3",
            ("x", "rank", "join_axis"),
            {"steps = torch.cat((image, steps), dim=1)": "steps = torch.cat((image.unsqueeze(1), steps), dim=1)"},
            id="a vector that is a step before others",
        ),
        pytest.param(
            WRITER,
            ["Writer().write(torch.zeros(4, 18))", "steps, state = self.gru(word, state)"],
            "RuntimeError: For unbatched 2-D input, hx should also be 2-D but got 3-D tensor",
            ("x", "rank", "missing_axis"),
            {"word = self.embed(best)": ("word = self.embed(best).unsqueeze(1)")},
            id="a step that the end of a loop makes without its axis",
        ),
    ],
)
def test_the_program_runs_with_the_corrected_line(
    program: str, frames: list[str], error: str, meaning: tuple[str, str | None, str], lines: dict[str, str]
) -> None:
    assert first_cause_and_lines(pasted(program, frames, error)) == (meaning, lines)
