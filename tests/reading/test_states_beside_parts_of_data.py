"""A state that was made once, before a loop over parts of the data, does not fit the last part, which is smaller: a
number that fits this one would not fit the first."""

import pytest

from app.reading.errors.explanation import explain

PROGRAM = """import torch
from torch import nn

{layer}
rows = torch.randn({shape})
{made}
for part in {parts}:
    {line}

Traceback (most recent call last):
  File "/home/me/chunks.py", line 8, in <module>
    {line}
RuntimeError: {message}
"""

OF_CELL = "Input batch size 5 doesn't match hidden0 batch size 8"
OF_LAYER = "Expected hidden size (2, 5, 9), got [2, 8, 9]"
OF_LSTM = "Expected hidden[0] size (2, 5, 9), got [2, 8, 9]"


def lines_of(**values: str) -> tuple[tuple[str, str], ...]:
    return explain(PROGRAM.format(**values)).mismatch.causes[0].lines


@pytest.mark.parametrize("parts", ["rows.split(8)", "torch.split(rows, 8)", "rows.split(8, dim=0)"])
def test_a_cell_that_carries_its_state_takes_as_many_samples_of_it_as_the_part_has(parts: str) -> None:
    values = {"layer": "cell = nn.GRUCell(12, 9)", "shape": "29, 12", "made": "h = torch.zeros(8, 9)"}

    lines = lines_of(**values, parts=parts, line="h = cell(part, h)", message=OF_CELL)

    assert lines == (("h = cell(part, h)", "h = cell(part, h[:part.size(0)])"),)


@pytest.mark.parametrize(
    ("kind", "line", "fixed", "message"),
    [
        ("GRU", "out, h = layer(part, h)", "out, h = layer(part, h[:, :part.size(0)].contiguous())", OF_LAYER),
        (
            "LSTM",
            "out, (h, c) = layer(part, (h, c))",
            "out, (h, c) = layer(part, (h[:, :part.size(0)].contiguous(), c[:, :part.size(0)].contiguous()))",
            OF_LSTM,
        ),
    ],
)
def test_a_layer_that_carries_its_states_does_so_in_their_second_axis(
    kind: str, line: str, fixed: str, message: str
) -> None:
    layer = f"layer = nn.{kind}(12, 9, num_layers=2, batch_first=True)"
    made = "h, c = torch.zeros(2, 8, 9), torch.zeros(2, 8, 9)"

    lines = lines_of(layer=layer, shape="29, 6, 12", made=made, parts="rows.split(8)", line=line, message=message)

    assert lines == ((line, fixed),)


def test_a_state_that_is_not_carried_is_made_in_the_loop() -> None:
    line = "out = cell(part, h)"
    values = {"layer": "cell = nn.RNNCell(12, 9)", "shape": "29, 12", "made": "h = torch.zeros(8, 9)"}

    lines = lines_of(**values, parts="rows.split(8)", line=line, message=OF_CELL)

    assert lines == (("", f"h = torch.zeros(part.size(0), 9)  # before: {line}"),)


def test_the_steps_of_one_batch_all_have_as_many_samples() -> None:
    line = "h = cell(part, h)"
    values = {"layer": "cell = nn.GRUCell(12, 9)", "shape": "5, 12, 6", "made": "h = torch.zeros(8, 9)"}

    lines = lines_of(**values, parts="rows.split(1, dim=2)", line=line, message=OF_CELL)

    assert line not in dict(lines)
