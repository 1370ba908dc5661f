"""A new shape of a state needs the entries of all layers and directions.

PyTorch raised the messages for such programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import TORCH_WITH_PACKING, likely, pasted

from app.reading.errors.explanation import explain

REVIEWS = f"""{TORCH_WITH_PACKING}

class Reviews(nn.Module):
    def __init__(self, words, layers, units):
        super().__init__()
        self.layers, self.units = layers, units
        self.emb = nn.Embedding(words, 50)
        self.lstm = nn.LSTM(50, units, num_layers=layers, bidirectional={{both}}, batch_first=True)
        self.fc = nn.Linear({{width}}, 5)

    def forward(self, text):
        batch = text.size(0)
        _, (h_n, _) = self.lstm(self.emb(text))
        {{view}}
        {{part}}
        return self.fc(h)


net = Reviews(5000, 2, 64)
net(torch.randint(0, 5000, (32, 120)))
"""
VIEW = "h_n = h_n.view(self.layers, batch, self.units)"
ERROR = "RuntimeError: shape '[2, 32, 64]' is invalid for input of size 8192"


def of_reviews(part: str, width: str, view: str = VIEW, error: str = ERROR, both: bool = True) -> str:
    return pasted(REVIEWS.format(view=view, part=part, width=width, both=both), [view], error)


@pytest.mark.parametrize(
    ("part", "width", "first"),
    [
        ("h = torch.cat((h_n[-1][0], h_n[-1][1]), dim=1)", "2 * units", "self.layers, 2"),
        ("h = torch.cat((h_n[-1, 0], h_n[-1, 1]), dim=1)", "2 * units", "self.layers, 2"),
        ("h = torch.cat((h_n[-2], h_n[-1]), dim=1)", "2 * units", "self.layers * 2"),
        ("h = h_n[-1]", "units", "self.layers * 2"),
    ],
)
def test_a_state_of_both_directions_keeps_the_entries_that_the_program_reads(part: str, width: str, first: str) -> None:
    text = of_reviews(part, width)

    assert likely(text) == (["reshape_state_directions"], {VIEW: VIEW.replace("self.layers", first)})
    assert str(explain(text).mismatch.sentence) == (
        "The state has 4 entries, one for each layer and direction, but the new shape has 2."
    )


def test_a_state_of_one_direction_lacks_layers() -> None:
    view, error = VIEW.replace("self.layers", "1"), ERROR.replace("2, 32, 64", "1, 32, 64").replace("8192", "4096")
    text = of_reviews("h = h_n[-1]", "units", view, error, both=False)
    assert likely(text) == (["reshape_layers"], {view: view.replace("1", "2")})


def test_a_traceback_alone_quotes_its_line_and_does_not_decide_between_directions_and_layers() -> None:
    text = pasted("", [VIEW], ERROR).replace("in forward", "in lstm_reviews")
    mismatch = explain(text).mismatch

    assert [one.id for one in mismatch.causes] == ["reshape_state_directions", "reshape_layers"]
    assert [dict(one.lines) for one in mismatch.causes] == [
        {VIEW: VIEW.replace("self.layers", "self.layers, 2")},
        {VIEW: VIEW.replace("self.layers", "4")},
    ]
    assert "do not say" in str(mismatch.note)
