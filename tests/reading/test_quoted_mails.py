"""Lines that a mail quotes are read as they were, also between lines that it does not quote."""

import pytest

from app.reading.errors.explanation import explain
from app.reading.errors.pasted_text import PastedText

PROGRAM = """import torch
from torch import nn

class Reader(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(6, 14, batch_first=True)

    def forward(self, x):
        h = torch.zeros(1, x.size(0), 10)
        y, h = self.gru(x, h)
        return y

Reader()(torch.zeros(3, 9, 6))
"""

TRACEBACK = """Traceback (most recent call last):
  File "/home/me/read.py", line 14, in <module>
    Reader()(torch.zeros(3, 9, 6))
  File "/home/me/read.py", line 11, in forward
    y, h = self.gru(x, h)
RuntimeError: Expected hidden size (1, 3, 14), got [1, 3, 10]
"""


def quoted(text: str, mark: str) -> str:
    return "".join(f"{mark}{line}".rstrip() + "\n" for line in text.splitlines())


@pytest.mark.parametrize("mark", ["> ", "> > ", ">> ", ">", "&gt; "])
def test_a_quoted_program_has_its_sizes_and_names(mark: str) -> None:
    text = "Hello,\n\n" + PROGRAM + "\n" + TRACEBACK
    mail = "On Mon, 9 Nov 2026, Mira wrote:\n" + quoted(text, mark) + "\nDid you print the shapes?\nTom\n"
    explanation, plain = explain(mail), explain(text)

    assert plain.configuration
    assert (plain.configuration.batch_size, plain.configuration.time_step) == (3, 9)
    assert explanation.configurations == plain.configurations
    assert explanation.mismatch.causes == plain.mismatch.causes


def test_empty_lines_between_quoted_ones_need_no_mark() -> None:
    text = "Hello,\n\n" + PROGRAM + "\n" + TRACEBACK
    mail = "Mira wrote:\n\n" + quoted(text, "> ").replace("\n>\n", "\n\n") + "\nTom\n"

    assert explain(mail).mismatch.causes == explain(text).mismatch.causes
    assert explain(mail).configurations == explain(text).configurations


def test_a_line_that_pytest_marks_keeps_its_place_among_the_others() -> None:
    marked = PROGRAM.replace("        y, h = self.gru(x, h)", ">       y, h = self.gru(x, h)")

    assert PastedText(marked).source.split("\n")[10].lstrip() == "y, h = self.gru(x, h)"
    assert PastedText(marked).source.split("\n")[9].startswith("        h = ")


def test_prompts_of_python_are_no_quotes() -> None:
    assert PastedText(">>> import torch\n>>> torch.zeros(3)\n").source.split() == ["import", "torch", "torch.zeros(3)"]
