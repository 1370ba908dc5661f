"""The lines of a program that IPython and Rich show around the one that failed are read as if they were pasted."""

import pytest

from app.reading.errors.explanation import explain
from app.reading.errors.numbered_frames import numbered_frames
from app.reading.errors.pasted_text import PastedText

PROGRAM = """import torch
from torch import nn
rnn = nn.GRU(7, 19, batch_first=True)
x = torch.randn(5, 12, 7)
h0 = torch.zeros(1, 4, 19)
y, h = rnn(x, h0)"""

MESSAGE = "RuntimeError: Expected hidden size (1, 5, 19), got [1, 4, 19]"

LIBRARY = "/opt/lib/python3.11/site-packages/torch/nn/modules/rnn.py"

IN_LIBRARY = "raise RuntimeError(msg.format(expected_hidden_size, list(hx.size())))"

HEADINGS = {
    "Cell In[3], line {n}": f"File {LIBRARY}:260, in RNNBase.check_hidden_size(self, hx, expected_hidden_size, msg)",
    "Input In [3], in <cell line: {n}>()": f"File {LIBRARY}:260, in RNNBase.check_hidden_size(self, hx, expected, msg)",
    "<ipython-input-3-5e0c52e7a2b7> in <module>": f"{LIBRARY} in check_hidden_size(self, hx, hidden_size, msg)",
    "File ~/work/train.py:{n}, in <module>": f"File {LIBRARY}:260, in RNNBase.check_hidden_size(self, hx, size, msg)",
}


def in_notebook(program: str, heading: str, message: str = MESSAGE) -> str:
    """What IPython prints: the last line of a program fails, in a library whose own lines are shown below."""
    *before, failed = program.split("\n")
    n = len(before) + 1
    rows = [*(f"{k:7} {line}" for k, line in enumerate(before, 1)), f"----> {n} {failed}"]
    library = [HEADINGS[heading], "    259     hidden_size = 999", f"--> 260     {IN_LIBRARY}", "    261 "]
    first = f"{message.partition(':')[0]:42}Traceback (most recent call last)"
    return "\n".join(["-" * 75, first, heading.format(n=n), *rows, "", *library, "", message])


def in_box(program: str, failed: int, first: int = 1, message: str = MESSAGE, width: int = 90) -> str:
    """What Rich prints: the lines of a program from the ``first`` on, and how far each is indented."""
    rows = [f"/home/me/work/train.py:{failed} in <module>", ""]
    for n, line in enumerate(program.split("\n"), 1):
        indentation = len(line) - len(line.lstrip())
        code = "│   " * (indentation // 4) + line.lstrip()
        if n >= first:
            rows += [f"{'❱' if n == failed else ' '} {n:3} │ {code}"]
    rows += ["", f"{LIBRARY}:260 in check_hidden_size", "", f"❱ 260 │   {IN_LIBRARY}", "  261 │   hidden_size = 999"]
    title = " Traceback (most recent call last) "
    lines = [f"╭{title:─^{width - 2}}╮", *(f"│ {row:{width - 4}} │" for row in rows), f"╰{'─' * (width - 2)}╯"]
    return "\n".join([*lines, message])


@pytest.mark.parametrize("heading", HEADINGS)
def test_ipython_shows_sizes_and_names_of_a_program(heading: str) -> None:
    explanation = explain(in_notebook(PROGRAM, heading))
    network = explanation.configuration

    assert network
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (5, 12, 7, 19)
    assert [one.fix for one in explanation.mismatch.causes] == ["h0 = torch.zeros(1, 5, 19)"]


def test_rich_shows_sizes_and_names_of_a_program() -> None:
    explanation = explain(in_box(PROGRAM, failed=6, first=3))
    network = explanation.configuration

    assert network
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (5, 12, 7, 19)
    assert [one.fix for one in explanation.mismatch.causes] == ["h0 = torch.zeros(1, 5, 19)"]
    assert explanation.found.code == "y, h = rnn(x, h0)"


CLASS = """class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(6, 9)

    def forward(self, x):
        out, _ = self.rnn(x)
        if self.training:
            out = self.drop(out)
        return self.head(out)

net = Tagger()
net(torch.zeros(8, 3, 6))"""


def test_a_fragment_that_begins_within_a_block_is_code_without_its_indentation() -> None:
    program = PastedText(in_box(CLASS, failed=10, first=9)).program

    assert program.split("\n") == [
        "out = self.drop(out)",
        "return self.head(out)",
        "net = Tagger()",
        "net(torch.zeros(8, 3, 6))",
    ]


def test_a_line_that_is_broken_in_a_box_is_one_line() -> None:
    row = "│ {:86} │"
    broken = ["❱   6 │ y, h = rnn(torch.randn(5, 12, 7),", "      │ torch.zeros(1, 4, 19))"]
    box = in_box(PROGRAM, failed=6).replace(row.format("❱   6 │ y, h = rnn(x, h0)"), "\n".join(map(row.format, broken)))

    assert PastedText(box).lines_of_program == ["y, h = rnn(torch.randn(5, 12, 7), torch.zeros(1, 4, 19))"]


def test_a_long_path_in_a_box_may_be_that_of_a_library() -> None:
    whole = f"│ {LIBRARY + ':260 in check_hidden_size':86} │"
    folder, _, file = LIBRARY.rpartition("/")
    broken = f"│ {folder + '/':86} │\n│ {file + ':260 in check_hidden_size':86} │"
    box = in_box(PROGRAM, failed=6)

    assert whole in box
    assert len(numbered_frames(box.replace(whole, broken))) == len(numbered_frames(box)) == 1


def test_lines_that_the_program_in_the_text_has_are_not_read_twice() -> None:
    assert PastedText(f"{PROGRAM}\n\n{in_box(PROGRAM, failed=6)}").program.strip() == PROGRAM


IN_TWO_CELLS = """---------------------------------------------------------------------------
RuntimeError                              Traceback (most recent call last)
Cell In[8], line 3
      1 net = Speaker()
      2 x = torch.zeros(8, 15, 5)
----> 3 net(x)

Cell In[6], line 9, in Speaker.forward(self, x)
      7     def forward(self, x):
      8         h0 = torch.zeros(2, 6, 11)
----> 9         return self.gru(x, h0)

RuntimeError: Expected hidden size (2, 8, 11), got [2, 6, 11]
"""


def test_cells_of_a_notebook_are_read_apart_the_called_one_first() -> None:
    assert PastedText(IN_TWO_CELLS).program.split("\n")[1:] == [
        "def forward(self, x):",
        "    h0 = torch.zeros(2, 6, 11)",
        "    return self.gru(x, h0)",
        "net = Speaker()",
        "x = torch.zeros(8, 15, 5)",
        "net(x)",
    ]


BY_RICH_15 = """╭──────────────── Traceback (most recent call last) ─────────────────╮
│ /home/me/listen.py:11 in <module>                                  │
│                                                                    │
│    8 │   │   start = torch.zeros(1, 4, 19)                         │
│    9 │   │   return reader(sound, start)                           │
│   10                                                               │
│ ❱ 11 listen(torch.randn(5, 12, 7))                                 │
│   12                                                               │
│                                                                    │
│ /home/me/listen.py:9 in listen                                     │
│                                                                    │
│    6 │   reader = nn.GRU(7, 19, batch_first=True)                  │
│    7 │   if sound.ndim == 3:                                       │
│    8 │   │   start = torch.zeros(1, 4, 19)                         │
│ ❱  9 │   │   return reader(sound, start)                           │
│   10                                                               │
│   11 listen(torch.randn(5, 12, 7))                                 │
│   12                                                               │
│                                                                    │
│ /opt/lib/python3.11/site-packages/torch/nn/modules/module.py:1778  │
│ in _wrapped_call_impl                                              │
│                                                                    │
│   1777 │   │   else:                                               │
│ ❱ 1778 │   │   │   return self._call_impl(*args, **kwargs)         │
│   1779 │                                                           │
╰────────────────────────────────────────────────────────────────────╯
RuntimeError: Expected hidden size (1, 5, 19), got [1, 4, 19]"""
"""What Rich 15 prints, shortened, with other paths: no line stands after the numbers of code without indentation."""


def test_rich_draws_a_line_only_where_code_is_indented() -> None:
    pasted = PastedText(BY_RICH_15)
    network = explain(BY_RICH_15).configuration

    assert pasted.lines_of_program == ["listen(torch.randn(5, 12, 7))", "return reader(sound, start)"]
    assert "if sound.ndim == 3:\n    start = torch.zeros(1, 4, 19)" in pasted.program
    assert network
    assert (network.batch_size, network.time_step, network.features, network.num_units) == (5, 12, 7, 19)


def test_a_line_that_rich_breaks_at_the_width_of_its_box_is_one_line() -> None:
    whole = "│ ❱  6 last, _ = nn.GRU(7, 19, batch_first=True)(torch.randn(5, 12, 7), start) │"
    broken = "│ ❱  6 last, _ = nn.GRU(7, 19, batch_first=True)(torch.r │\n│ andn(5, 12, 7), start) │"
    box = "╭ Traceback (most recent call last) ╮\n│ /home/me/listen.py:6 in <module>     │\n{}\n╰──╯\n" + MESSAGE

    assert PastedText(box.format(broken)).lines_of_program == PastedText(box.format(whole)).lines_of_program
    assert PastedText(box.format(broken)).lines_of_program[0].endswith("(torch.randn(5, 12, 7), start)")
