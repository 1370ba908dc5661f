"""A loop that carries its state to a smaller last batch, of which a text does not show what makes the batches.

PyTorch 2 raised the message; the loop runs with the new line.
"""

import pytest
from pasted_programs import TORCH, pasted

from app.reading.errors.explanation import explain

BOX = """╭──────────────────── Traceback (most recent call last) ────────────────────╮
│ /home/me/pulse.py:19 in <module>                                           │
│                                                                            │
│   16 {made}                                    │
│   17 {zeros}                                             │
│   18 for (beats,) in ecg:                                                  │
│ ❱ 19 │   {called} │
│   20                                                                       │
╰────────────────────────────────────────────────────────────────────────────╯
RuntimeError: Expected hidden{of} size ({expected}), got [{got}]"""
GRU, LSTM = "reader = nn.GRU(3, 11, batch_first=True)", "reader = nn.LSTM(3, 11)"


@pytest.mark.parametrize(
    ("made", "zeros", "called", "of", "condition"),
    [
        (GRU, "h = torch.zeros(1, 24, 11)", "_, h = reader(beats, h.detach())", "", "beats.size(0) != h.size(1)"),
        (
            LSTM,
            "h = c = torch.zeros(1, 24, 11)",
            "_, (h, c) = reader(beats, (h, c))",
            "[0]",
            "beats.size(1) != h.size(1)",
        ),
        (
            LSTM,
            "state = (torch.zeros(1, 24, 11),) * 2",
            "_, state = reader(beats, state)",
            "[0]",
            "beats.size(1) != state[0].size(1)",
        ),
    ],
)
def test_a_smaller_batch_is_left_out_of_a_shown_loop(
    made: str, zeros: str, called: str, of: str, condition: str
) -> None:
    text = BOX.format(made=made, zeros=zeros, called=called, of=of, expected="1, 5, 11", got="1, 24, 11")
    likely = explain(text).mismatch.causes[0]

    assert likely.is_own
    assert likely.lines == (("", f"if {condition}: continue  # before: {called}"),)


def test_a_program_that_shows_its_loader_drops_the_last_batch() -> None:
    loader = "ecg = torch.utils.data.DataLoader(data, batch_size=24)"
    loop = "h = torch.zeros(1, 24, 11)\nfor (beats,) in ecg:\n    _, h = reader(beats, h.detach())\n"
    error = "RuntimeError: Expected hidden size (1, 5, 11), got [1, 24, 11]"
    program = f"{TORCH}{loader}\n{GRU}\n{loop}"
    likely = explain(pasted(program, ["_, h = reader(beats, h.detach())"], error)).mismatch.causes[0]

    assert likely.lines == ((loader, loader.replace(")", ", drop_last=True)")),)
