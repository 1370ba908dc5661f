"""Cells in loops that read a step of words and a context in one array.

PyTorch 2.13 raised the error for this program, and ran it with the corrected line.
"""

import pytest
from pasted_programs import TORCH, likely, network, pasted

from app.reading.errors.explanation import explain

PROGRAM = f"""{TORCH}
class Caption(nn.Module):
    def __init__(self, words, width=24, units=17):
        super().__init__()
        self.embed = nn.Embedding(words, width)
        self.encoder = nn.GRU(5, units, batch_first=True, bidirectional=True)
        self.score = nn.Linear(2 * units, 1)
        self.cell = nn.GRUCell(width, 40)
    def forward(self, film, words):
        keys, _ = self.encoder(film)
        h = torch.zeros(film.size(0), 40)
        for t in range({{steps}}):
            context = (torch.softmax(self.score(keys), 1) * keys).sum(1)
            {{joined}}
            h = self.cell({{given}}, h)
        return h

model = Caption(50)
film, words = torch.zeros(6, 30, 5), torch.randint(50, (6, 12))
model(film, words)
"""
JOIN = "torch.cat([self.embed(words[:, t]), context], dim=-1)"
ERROR = "RuntimeError: input has inconsistent input_size: got 58, expected 24"


def captions(steps: str, is_named: bool = True) -> str:
    joined, given = (f"both = {JOIN}", "both") if is_named else ("pass", JOIN)
    program = PROGRAM.format(steps=steps, joined=joined, given=given)
    return pasted(program, ["model(film, words)", f"h = self.cell({given}, h)"], ERROR)


@pytest.mark.parametrize("is_named", [True, False])
@pytest.mark.parametrize(
    ("steps", "count"), [("words.size(1)", 12), ("words.size(1) - 1", 11), ("words.shape[1] - 1", 11)]
)
def test_the_cell_takes_as_many_steps_as_its_loop(steps: str, count: int, is_named: bool) -> None:
    assert network(explain(captions(steps, is_named))) == (6, count, 24, 40)


@pytest.mark.parametrize("steps", ["words.size(1) - 2", "limit", "film.size(1) - 1"])
def test_another_loop_says_no_steps(steps: str) -> None:
    assert network(explain(captions(steps)))[1] is None


def test_the_features_of_a_joined_x_are_a_sum_of_sizes_of_the_program() -> None:
    causes, lines = likely(captions("words.size(1)"))

    assert causes == ["joined_features"]
    assert lines == {"self.cell = nn.GRUCell(width, 40)": "self.cell = nn.GRUCell(width + 2 * units, 40)"}


def test_the_words_of_a_class_are_embedded_by_its_own_layer() -> None:
    other = "class Titles(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.embed = {}\n"
    for layer in ("nn.Embedding(9, 3)", "nn.Linear(9, 3)"):
        text = captions("words.size(1)", is_named=False).replace("class Caption", f"{other.format(layer)}class Caption")

        assert network(explain(text)) == (6, 12, 24, 40)
