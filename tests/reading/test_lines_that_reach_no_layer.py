"""A line beside a recurrent layer, whose operands come from no such layer and whose result reaches none, is no error of
one; an array that reaches the layer is.

PyTorch 2.13 and Keras 3.15 with PyTorch raised the messages for these programs.
"""

import pytest
from pasted_programs import traceback

from app.reading.errors.explanation import NotFoundError, explain

TAGGER = """class Tagger(nn.Module):
    def __init__(self, vocab=50, hidden=24):
        super().__init__()
        self.emb = nn.Embedding(vocab, 12)
        self.lstm = nn.LSTM(12, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 9)

    def forward(self, ids):
        h, _ = self.lstm(self.emb(ids))
        return self.out(h)

"""
IMPORTED = "import torch\nfrom torch import nn\n"
KERAS = "import keras\nimport numpy as np\nfrom keras import layers\ntagger = keras.Sequential([layers.LSTM(18)])\n"
JOINED = "RuntimeError: Sizes of tensors must match except in dimension {}. Expected size {} but got size {} for tensor"
JOINED += " number 1 in the list."
MULTIPLIED = "RuntimeError: mat1 and mat2 shapes cannot be multiplied ({} and {})"
NOTHING_SAYS = "nothing says that the line that failed is about a recurrent layer"
NO_ORIGIN = "no line of the text makes the arrays"


def pasted(before: str, lines: str, message: str, failed: str = "") -> str:
    return f"{before}{lines}\n\n" + traceback([failed or lines.split("\n")[-1]], message)


@pytest.mark.parametrize(
    ("before", "lines", "message", "asked"),
    [
        (
            TAGGER,
            "for photos, masks in loader:\n    a = torch.cat([photos, masks], 1)",
            JOINED.format(1, 32, 16),
            "origin",
        ),
        (TAGGER, "for image, crop in loader:\n    a = torch.cat([image, crop], 1)", JOINED.format(1, 32, 16), "origin"),
        (IMPORTED + TAGGER, "z = nn.Linear(1024, 10)(features)", MULTIPLIED.format("5x3072", "1024x10"), "origin"),
        (
            IMPORTED + TAGGER,
            "attend = nn.MultiheadAttention(32, 4)\nq = torch.randn(10, 2, 30)\nseen, weights = attend(q, q, q)",
            "AssertionError: was expecting embedding dimension of 32, but got 30",
            "own",
        ),
        (
            IMPORTED + "reader = nn.GRU(7, 9)\n",
            "x = torch.randn(6, 5, 7)\ntorch.cat([x, torch.randn(6, 4, 7)], dim=2)",
            JOINED.format(2, 5, 4),
            "own",
        ),
        (
            KERAS,
            'ae = keras.Sequential([layers.Dense(5), layers.Dense(19)])\nae.compile("adam", "mse")\n'
            "ae.fit(np.zeros((8, 20)), np.zeros((8, 20)))",
            "RuntimeError: The size of tensor a (20) must match the size of tensor b (19) at non-singleton dimension 1",
            "own",
        ),
    ],
)
def test_a_line_whose_result_reaches_no_recurrent_layer_gets_no_picture(
    before: str, lines: str, message: str, asked: str
) -> None:
    with pytest.raises(NotFoundError, match=NO_ORIGIN if asked == "origin" else NOTHING_SAYS):
        explain(pasted(before, lines, message))


@pytest.mark.parametrize(
    ("lines", "failed"),
    [
        ("x = torch.cat([left, right], 2)", ""),  # called like an input
        ("z = torch.cat([left, right], 2)\nscores = reader(z)", "z = torch.cat([left, right], 2)"),
        ("z = torch.cat([left, output], 2)", ""),  # called like an output
        ("left, _ = reader(torch.randn(6, 5, 7))\nz = torch.cat([left, right], 2)", ""),
        ("left = torch.load(path)\nz = torch.cat([left, right], 2)", ""),
        ("left = encode(table)\nz = torch.cat([left, right], 2)", ""),
    ],
)
def test_a_line_that_may_reach_a_recurrent_layer_is_explained(lines: str, failed: str) -> None:
    before = "import torch\nfrom torch import nn\nimport own\nreader = nn.GRU(7, 9)\n"

    assert explain(pasted(before, lines, JOINED.format(2, 5, 4), failed)).framework == "pytorch"


def test_a_file_of_torchvision_is_none_of_the_program() -> None:
    frame = '  File "/opt/torchvision/models/vgg.py", line 70, in forward\n    x = self.classifier(x)\n'
    text = pasted(IMPORTED + TAGGER, "z = nn.Linear(1024, 10)(seen)", frame + MULTIPLIED.format("5x3072", "1024x10"))

    with pytest.raises(NotFoundError, match=NO_ORIGIN):
        explain(text)
