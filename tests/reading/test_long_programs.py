"""Programs that are longer than what is read: their models are, and where reading ends is said."""

from textwrap import dedent

import pytest
from chains import layers

from app.reading.code.interpreter_limits import MOST_LAYERS
from app.reading.code.layers_in_order import read
from app.reading.pasted_text_limits import MAX_SOURCE_STEPS, MAX_SOURCE_TOKENS

MODEL = dedent(
    """
    import torch
    from torch import nn
    SIZE = 20
    class Tagger(nn.Module):
        def __init__(self, encoder):
            super().__init__()
            self.encoder = encoder
            self.fc = nn.Linear(SIZE, 3)
        def forward(self, x):
            return self.fc(self.encoder(x))
    class Encoder(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.GRU(10, SIZE)
        def forward(self, x):
            return self.rnn(x)[0]
    """
)
MADE = "model = Tagger(Encoder())\n"
CHAIN = ["encoder.rnn: gru ? ? 10 -> ? ? 20", "fc: dense ? ? 20 -> ? ? 3"]
TOO_LONG = "the program is longer than what is read here"

IDLE = ("print(foo({n}, bar))", "x = compute({n}, x)  # a comment", "show('a', load(path))")
BUSY = (
    "rows[{n}] = 2 * other.count(x) + {n}",
    "a = {n} + 1 + 2 + 3",
    "if done:\n  z = {n} + 1 + x",
    "y = data.rows({n}, 7).sum()",
)


def long(statement: str) -> str:
    """So many statements that even half of them would need all steps, if each of their parts counts."""
    return "".join(statement.format(n=n) + "\n" for n in range(MAX_SOURCE_STEPS // 6))


@pytest.mark.parametrize("statement", IDLE)
def test_statements_that_have_nothing_to_do_with_layers_cost_nothing(statement: str) -> None:
    for source in (MODEL + MADE + long(statement), MODEL + long(statement) + MADE):
        reading = read(source)
        assert layers(source) == CHAIN
        assert (reading.unknown, reading.is_whole, reading.calls) == ([], True, [None])


@pytest.mark.parametrize("statement", BUSY)
def test_the_models_of_a_program_that_is_too_long_are_read(statement: str) -> None:
    assert layers(MODEL + MADE + long(statement)) == CHAIN
    for made in ("", MADE):  # after the end of what is read
        source = MODEL + long(statement) + made
        reading = read(source)
        assert layers(source) == ["fc: dense ... 20 -> ... 3", "rnn: gru ? ? 10 -> ? ? 20"]
        assert not reading.is_whole
        assert {line.reason for line in reading.unknown if line.line > MODEL.count("\n")} == {TOO_LONG}


def test_what_a_program_changes_after_the_end_of_what_is_read_is_unknown() -> None:
    statements = [f"a = {n} + 1 + 2 + 3 + 4 + 5" for n in range(MAX_SOURCE_STEPS // 9)]
    for change in ("SIZE = 30", "for SIZE in sizes: pass", "import torch as SIZE"):
        assert layers("\n".join([MODEL, *statements, change]))[1] == "rnn: gru ? ? 10 -> ? ? ?"


def test_what_the_statement_changes_in_which_reading_ends_is_unknown() -> None:
    found = {
        count: layers(f"{MODEL}SIZE = len([{'a.b, ' * count}])\n")[1] for count in (9, MAX_SOURCE_STEPS // 2 - 1000)
    }

    assert [*found.values()] == ["rnn: gru ? ? 10 -> ? ? 9", "rnn: gru ? ? 10 -> ? ? ?"]


def test_a_list_of_layers_that_changes_after_the_end_of_what_is_read_is_unknown() -> None:
    source = "import torch\nfrom torch import nn\nparts = [nn.Linear(10, 20)]\n"
    statements = [f"a = {n} + 1 + 2 + 3 + 4 + 5" for n in range(MAX_SOURCE_STEPS // 9)]
    model = dedent(
        """
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.parts = nn.ModuleList(parts)
                self.rnn = nn.GRU(20, 5)
            def forward(self, x):
                for part in self.parts:
                    x = part(x)
                return self.rnn(x)
        """
    )
    assert layers(source + model) == ["parts.0: dense ... 10 -> ... 20", "rnn: gru ? ? 20 -> ? ? 5"]
    found = layers("\n".join([source, *statements, "parts.append(nn.Linear(20, 20))", model]))
    assert found == ["rnn: gru ? ? 20 -> ? ? 5"]


def test_layers_that_are_called_after_the_end_of_what_is_read_are_not_said_to_be_never_called() -> None:
    source = "from torch import nn\nrnn = nn.GRU(10, 20)\n" + long(BUSY[0]) + "y, h = rnn(x)\n"
    reading = read(source)

    assert {line.reason for line in reading.unknown} == {TOO_LONG}
    assert reading.unused == []


def test_the_part_of_a_source_with_too_many_tokens_is_said() -> None:
    source = MODEL + MADE + "foo(a, b)\n" * (MAX_SOURCE_TOKENS // 7)
    reading = read(source)

    assert layers(source) == CHAIN
    assert [line.reason for line in reading.unknown] == [TOO_LONG]


def test_models_after_the_last_layer_that_is_shown_are_said() -> None:
    nets = [
        f"class Net{n}(nn.Module):\n  def __init__(self):\n    self.rnn = nn.GRU({n}, 20)\n"
        "  def forward(self, x):\n    return self.rnn(x)[0]\n"
        for n in range(1, MOST_LAYERS + 3)
    ]
    reading = read("from torch import nn\n" + "".join(nets))

    assert len(reading.models) == MOST_LAYERS
    assert [(line.text, line.reason) for line in reading.unknown] == [
        (f"class Net{n}(nn.Module):", "after 200 layers no further ones are read")
        for n in (MOST_LAYERS + 1, MOST_LAYERS + 2)
    ]


def test_the_first_layer_of_a_model_that_is_not_read_any_more_is_listed() -> None:
    count = MOST_LAYERS + 5
    made = "".join(f"        self.r{n} = nn.LSTM(8, 8)\n" for n in range(count))
    called = "".join(f"        x, _ = self.r{n}(x)\n" for n in range(count))
    head = "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
    reading = read(f"{head}{made}    def forward(self, x):\n{called}        return x\n")

    assert [(line.text, line.reason) for line in reading.unknown] == [
        (f"self.r{MOST_LAYERS} = nn.LSTM(8, 8)", "after 200 layers no further ones are read")
    ]


@pytest.mark.parametrize(("use", "reason"), [("", "a layer that is never called"), ("model.spare(x)\n", TOO_LONG)])
def test_a_layer_that_nothing_names_again_is_never_called(use: str, reason: str) -> None:
    """What is not followed may call only what it names."""
    spare = MODEL.replace("self.fc =", "self.spare = nn.Linear(SIZE, 7)\n        self.fc =")
    rest = "".join(f"rows[{n}] = 2 * other.count(x) + {n}\n" for n in range(MAX_SOURCE_STEPS // 8))
    found = read(f"{spare}{MADE}y = model(x)\n{rest}{use}")

    assert {one.text: one.reason for one in found.unknown}["self.spare = nn.Linear(SIZE, 7)"] == reason
