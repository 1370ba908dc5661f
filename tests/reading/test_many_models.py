"""Sources with more models than a chain has layers for."""

import pytest

from app.reading.code.interpreter_limits import MOST_LAYERS, MOST_MODELS
from app.reading.code.layers_in_order import read

MODELS = MOST_MODELS + 31


def model(n: int, units: int, rest: str = "") -> str:
    return f"""
class Model{n}(nn.Module):
    def __init__(self, words):
        super().__init__()
        self.embedding = nn.Embedding(words, 7)
        self.rnn = nn.GRU(7, {units}, batch_first=True)
        self.output = nn.Linear({units}, 3){rest}

    def forward(self, x):
        out, h_n = self.rnn(self.embedding(x))
        return self.output(out)
"""


def source(*models: str) -> str:
    return "import torch\nfrom torch import nn\n" + "".join(models)


MANY = source(*(model(n, 2 + n) for n in range(MODELS)))


def test_each_model_that_is_shown_is_as_it_is_alone() -> None:
    layers = read(MANY).layers
    assert len(layers) == MOST_LAYERS
    for n in (0, 1, 17, 65):
        alone = read(source(model(n, 2 + n))).layers
        shown = layers[3 * n : 3 * n + 3]
        assert [(one.name, one.config, one.output) for one in shown] == [
            (one.name, one.config, one.output) for one in alone
        ]


def test_models_that_are_not_shown_are_listed_with_the_reason() -> None:
    reading = read(MANY)
    classes = [one for one in reading.unknown if one.text.startswith("class ")]
    assert [one.text for one in classes] == [f"class Model{n}(nn.Module):" for n in range(MOST_LAYERS // 3 + 1, MODELS)]
    assert {str(one.reason) for one in classes} == {f"after {MOST_LAYERS} layers no further ones are read"}


def test_the_constructors_of_models_that_are_not_shown_are_not_followed() -> None:
    """What they do not understand is not listed."""
    models = [model(n, 2 + n, "\n        self.extra = nn.LSTM(*unknown)") for n in range(MODELS)]
    lines = [one.line for one in read(source(*models)).unknown]
    last = source(*models[: MOST_LAYERS // 3 + 1]).count("\n")
    assert max(line for line in lines if "extra" in source(*models).split("\n")[line - 1]) <= last


@pytest.mark.parametrize("first", [True, False], ids=["before its parts", "after its parts"])
def test_a_model_of_others_is_followed_with_its_parts(first: bool) -> None:
    whole = """
class Whole(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = Model5(40)
        self.other = nn.Linear(3, 11)

    def forward(self, x):
        return self.other(self.one(x))
"""
    models = [model(n, 2 + n) for n in range(MODELS)]
    layers = read(source(whole, *models) if first else source(*models[:6], whole, *models[6:])).layers
    names = [one.name for one in layers]
    assert names.count("other") == 1
    end = names.index("other") + 1
    assert names[end - 4 : end] == ["one.embedding", "one.rnn", "one.output", "other"]
    assert [one.config["num_units"] for one in layers[end - 3 : end]] == [7, 3, 11]
    assert sum(one.kind == "gru" and one.config["num_units"] == 7 for one in layers) == 1  # the part is no model


def test_a_late_model_whose_body_is_no_python_does_not_hide_others() -> None:
    broken = model(MODELS, 9).replace("self.output(out)", "self.output(out")
    text = source(*(model(n, 2 + n) for n in range(MODELS)), broken)
    assert len(read(text).layers) == MOST_LAYERS
