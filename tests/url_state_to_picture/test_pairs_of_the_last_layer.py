"""The pair that several layers of PyTorch return, used as one tensor: the output is that of the last layer.

PyTorch 2.13 raised the message for these programs.
"""

import pytest
from error_pictures import drawn
from pasted_programs import TORCH, pasted

from app.diagram.elements import Label
from app.reading.errors.explanation import explain
from app.reading.errors.small_programs.program_of_cause import first_program
from app.translations.languages import translator
from app.url_state.parsing import parse
from app.web.pages.parts.explained_error import answer_to

PROGRAM = f"""{TORCH}
class Tagger(nn.Module):
    def __init__(self, channels=6, width=17, tags=4, depth=DEPTH):
        super().__init__()
        self.below = nn.CELL(channels, width, num_layers=depth, batch_first=True)
        self.tags = nn.Linear(width, tags)
    def forward(self, x):
        y = self.below(x)
        return self.tags(y)
print(Tagger()(torch.zeros(5, 8, 6)).shape)
"""
FRAMES = ["print(Tagger()(torch.zeros(5, 8, 6)).shape)", "return self.tags(y)"]
MESSAGE = "TypeError: linear(): argument 'input' (position 1) must be Tensor, not tuple"


def tagger(cell: str, depth: int) -> str:
    return pasted(PROGRAM.replace("CELL", cell).replace("DEPTH", str(depth)), FRAMES, MESSAGE)


@pytest.mark.parametrize("cell", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize(("depth", "last"), [(1, None), (2, "layer 1"), (3, "layer 2")])
def test_what_the_last_layer_returns_is_red(cell: str, depth: int, last: str | None) -> None:
    text = tagger(cell, depth)
    picture = drawn(text)
    link = answer_to(explain(text), {}, parse([], strict=True), translator("en")).link or ""
    labels = [s for s in picture.wide.shapes if isinstance(s, Label) and s.tensor == "x"]

    assert picture.subject == "returned"
    assert ["".join(span.text for line in one.lines for span in line) for one in labels] == [
        "5×6" if depth == 1 else "5×17"
    ]
    assert (f"&layer={last[-1]}" in link) if last else ("layer=" not in link)


@pytest.mark.parametrize(("cell", "depth"), [("LSTM", 1), ("GRU", 2)])
def test_sizes_that_a_program_says_by_names_are_in_the_shapes_that_a_layer_returns(cell: str, depth: int) -> None:
    sizes = explain(tagger(cell, depth)).mismatch.sentence.values

    assert sizes == {"output": "(batch_size, time_step, 17)", "state": f"({depth}, batch_size, 17)"}


def test_the_small_program_has_the_dense_layer_of_the_program() -> None:
    program = first_program(explain(tagger("GRU", 2)))

    assert program and "torch.nn.Linear(17, 4)" in program.running
    assert program.printed == "(5, 8, 4)"
