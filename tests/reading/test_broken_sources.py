"""Sources with lines that are not Python: the rest is read, and these lines are listed with the true reason."""

import json

import pytest
from chains import layers

from app.reading.code.layers_in_order import read

NET = """import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnns = nn.ModuleList([nn.LSTM(10, 20), nn.LSTM(20, 30)])
    def forward(self, x):
        for rnn in self.rnns:
            x, _ = rnn(x)
        return x
"""
CHAIN = ["rnns.0: lstm ? ? 10 -> ? ? 20", "rnns.1: lstm ? ? 20 -> ? ? 30"]
LOOP = "        for rnn in self.rnns:\n"


def unknown(source: str) -> list[tuple[int, str]]:
    return [(line.line, line.reason) for line in read(source).unknown]


@pytest.mark.parametrize(
    "bad",
    [
        ["        foo = = x"],
        ["    else if:"],
        ["        raw, = = rnn((raw", "    else if:"],
        ["            foo = = x"],
        ["foo = = x"],
        ["              foo = = (x"],
    ],
    ids=repr,
)
def test_lines_after_a_header_that_are_not_python_do_not_hide_its_body(bad: list[str]) -> None:
    source = NET.replace(LOOP, LOOP + "".join(line + "\n" for line in bad))

    assert layers(source) == CHAIN
    assert unknown(source) == [(8 + n, "not Python") for n in range(len(bad))]


def test_a_header_whose_body_is_no_python_does_nothing() -> None:
    source = NET.replace("        return x\n", "        if x > 2:\n            y = = x\n        return x\n")

    assert layers(source) == CHAIN
    assert unknown(source) == [(10, "not Python")]


def test_a_header_without_a_body_is_said() -> None:
    source = NET.replace("        return x\n", "        if x > 2:\n        return x\n")

    assert layers(source) == CHAIN
    assert unknown(source) == [(9, "not Python")]


def test_the_body_of_a_header_that_is_not_python_is_uncertain() -> None:
    source = NET.replace("        return x\n", "        if x = 2:\n            self.a = 3\n        return x\n")

    assert layers(source) == CHAIN
    assert unknown(source) == [(9, "not Python")]


def test_a_class_with_too_many_lines_that_are_not_python_says_so() -> None:
    source = NET.replace("        return x\n", "        a = = 1\n" * 40)

    assert layers(source) == []
    assert (2, "too many lines that are not Python") in unknown(source)


@pytest.mark.parametrize("base", ["", "||||||| base\n        self.fc = nn.Linear(30, 9)\n"])
def test_the_first_side_of_a_merge_conflict_is_read(base: str) -> None:
    sides = (
        f"<<<<<<< HEAD\n        self.fc = nn.Linear(30, 3)\n{base}=======\n        self.fc = nn.Linear(30, 4)\n"
        ">>>>>>> other\n"
    )
    source = NET.replace("    def forward", f"{sides}    def forward").replace("return x", "return self.fc(x[-1])")
    reading = read(source)
    others = [line.text for line in reading.unknown if line.reason == "the other side of a merge conflict"]

    assert layers(source) == [*CHAIN, "fc: dense ? 30 -> ? 3"]
    assert others == ["self.fc = nn.Linear(30, 9)"] * bool(base) + ["self.fc = nn.Linear(30, 4)"]
    assert [line.text for line in reading.unknown if line.reason == "not Python"] == [
        "<<<<<<< HEAD",
        *["||||||| base"] * bool(base),
        "=======",
        ">>>>>>> other",
    ]


def test_a_line_of_signs_alone_is_no_merge_conflict() -> None:
    assert layers('"""Title\n=======\n"""\n' + NET) == CHAIN
    assert unknown('"""Title\n=======\n"""\n' + NET) == []


def notebook(*cells: tuple[str, str], version: int = 4, is_list: bool = True) -> str:
    """The file of a notebook, from the types and sources of its cells."""
    key = "input" if version == 3 else "source"
    parts: list[object] = [
        {"cell_type": kind, "metadata": {}, "outputs": [], key: text.splitlines(keepends=True) if is_list else text}
        for kind, text in cells
    ]
    inner = {"worksheets": [{"cells": parts}]} if version == 3 else {"cells": parts}
    return json.dumps({**inner, "metadata": {}, "nbformat": version}, indent=1)


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("is_list", [True, False])
def test_the_cells_of_a_notebook_are_read(version: int, is_list: bool) -> None:
    cells = [("markdown", "# nn.LSTM(1, 2)"), ("code", "%matplotlib inline\n!pip install torch"), ("code", NET)]
    source = notebook(*cells, ("code", "%%bash\nls <"), ("code", "?Net"), version=version, is_list=is_list)
    reading = read(source)

    assert layers(source) == CHAIN
    assert reading.unknown == []
    assert {layer.line for layer in reading.layers} == {8}
    assert reading.lines[7] == "        self.rnns = nn.ModuleList([nn.LSTM(10, 20), nn.LSTM(20, 30)])"


def test_a_part_of_a_notebook_asks_for_its_cells() -> None:
    for source in (notebook(("code", NET))[:-40], notebook(("code", NET))[20:]):
        reading = read(source)
        assert reading.layers == []
        assert [line.reason for line in reading.unknown] == ["a part of a notebook: paste its cells, or all of it"]


@pytest.mark.parametrize(
    "source", ['{"cells": ' + "[" * 100_000, '{"cells": 3, "nbformat": 4}', '{"cells": [3, {"cell_type": "code"}]}']
)
def test_a_notebook_without_cells_is_nothing(source: str) -> None:
    assert read(source).layers == []


def test_a_question_mark_before_a_name_asks_a_notebook_for_help() -> None:
    source = NET + "?Net\n??Net.forward\nNet?\n%time\n"
    assert (layers(source), unknown(source)) == (CHAIN, [])


@pytest.mark.parametrize("line", ["return self.head(x", "y = = self.head(x)", "x = self.head(x))"])
@pytest.mark.parametrize("name", ["head", "tail"])
def test_a_layer_that_a_line_which_is_not_python_may_call_is_not_said_to_be_never_called(line: str, name: str) -> None:
    source = f"""import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(6, 14)
        self.{name} = nn.Linear(14, 3)
    def forward(self, x):
        x, _ = self.rnn(x)
        {line}
        return x
"""
    reasons = {one.line: one.reason for one in read(source).unknown}

    is_open = name == "head"
    said = "not known whether this layer is called: a line is not Python" if is_open else "a layer that is never called"
    assert reasons[6] == said
    assert 9 in reasons


KERAS_HEAD = "import keras\nfrom keras import layers\n"

LOST = [
    """model = keras.Sequential([keras.Input((9, 5)), layers.LSTM(7)])
model.add(layers.RepeatVector(3))  # lost
model.add(layers.GRU(6))
model.add(layers.Dense(2))
""",
    """given = keras.Input((9, 5))
x = layers.LSTM(7, return_sequences=True)(given)
x = layers.GRU(8)(x)  # lost
model = keras.Model(given, layers.Dense(2)(x))
""",
    """import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        size, parts = 9, [nn.Linear(4, 6)]
        size = min(3, 11)  # lost
        parts.append(nn.Linear(6, 5))  # lost
        parts.append(nn.Linear(5, size))
        self.net, self.rnn = nn.Sequential(*parts), nn.LSTM(3, 8)
        self.last = nn.Linear(8, 2)
    def forward(self, x):
        x, _ = self.rnn(self.net(x))
        return self.last(x)
""",
    """import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.rnn = nn.Linear(9, 4), nn.LSTM(4, 8)
        self.last = nn.Linear(8, 2)
    def read(self, x):
        return self.rnn(self.first(x))  # lost
    def forward(self, x):
        x, _ = self.read(x)
        return self.last(x)
""",
    """import torch.nn as nn
options = dict(width=6)
options.update(dict(width=8))  # lost
net = nn.Sequential(nn.Linear(9, options["width"]), nn.Linear(8, 2))
""",
]


@pytest.mark.parametrize("program", LOST)
def test_what_a_line_that_is_not_python_changes_is_unknown_after_it(program: str) -> None:
    whole = read(KERAS_HEAD + program)
    broken = read(KERAS_HEAD + program.replace(")  # lost", ""))

    assert {one.reason for one in broken.unknown} >= {"not Python"}
    assert "sizes that do not fit each other" not in {one.reason for one in broken.unknown}
    rest = list(whole.layers)
    for layer in broken.layers:
        while layer.kind != rest[0].kind or layer.line != rest[0].line:
            rest.pop(0)
        true = rest.pop(0)
        for axes, whole_axes in ((layer.input, true.input), (layer.output, true.output)):
            for n in range(1, min(len(axes), len(whole_axes)) + 1):
                assert axes[-n] in (None, "...", whole_axes[-n])
        assert len(layer.input) == len(true.input) or "..." in (*layer.input, *true.input)
    assert broken.layers


def test_a_line_in_the_place_of_one_that_is_not_python_may_not_fit_there_either() -> None:
    source = "rows = [\n    first(1),\n    second.third(2, = 3),\n]\nimport torch.nn as nn\nrnn = nn.GRU(2, 3)\n"

    assert layers(source) == ["rnn: gru ? ? 2 -> ? ? 3"]


def test_prose_that_begins_with_a_word_of_python_ends_no_program() -> None:
    source = "import torch.nn as nn\nreturn to the model in (the\nrnn = nn.GRU(2, 3)\nraise it to\n"

    assert layers(source) == ["rnn: gru ? ? 2 -> ? ? 3"]


INDENTED = """    class Tagger(nn.Module):
        def __init__(self, size=11):
            nn.Module.__init__(self)
            self.rnn = nn.LSTM(size, 13)
    # in the middle
        def forward(self, x):
            print "x", x.size()
            return self.rnn(x)[0]
"""


@pytest.mark.parametrize("before", ["# a fragment\n", "#\n\n    # two\n# lines\n"])
@pytest.mark.parametrize("after", ["", "# the end\n"])
@pytest.mark.parametrize("fragment", [INDENTED, INDENTED.replace('print "x", x.size()', "pass")], ids=["2", "3"])
def test_comments_do_not_count_for_the_indentation_of_a_fragment(before: str, after: str, fragment: str) -> None:
    source = before + fragment + after

    assert layers(source) == ["rnn: lstm ? ? 11 -> ? ? 13"]
    assert unknown(source) == []


TWO_CLASSES = """import torch.nn as nn
class Tagger(nn.Module):
    def __init__(self, size, units):
        super().__init__()
        self.rnn = nn.GRU(size, units)
    def forward(self, x):
        return self.rnn(x)[0]
{header}
    def __init__(self, size, units):
        super().__init__()
        self.rnn = nn.LSTM(size * 3, units * 3)

    def forward(self, x):
        return self.rnn(x)[0]
model = Tagger(11, 13)
"""


@pytest.mark.parametrize(
    "header", ["class Other(nn.Module)", "class Other(nn.Module:", "class Other(nn.Module", "class Other nn.Module:"]
)
def test_methods_after_a_class_that_is_not_python_are_not_those_of_the_class_before(header: str) -> None:
    source = TWO_CLASSES.format(header=header)

    assert layers(source) == ["rnn: gru ? ? 11 -> ? ? 13"]
    assert unknown(source) == [(8, "not Python")]


def test_the_body_of_a_method_that_is_not_python_is_not_that_of_the_method_before() -> None:
    source = NET.replace("(self, x):", "(self, x)")

    assert layers(source) == []
    assert (6, "not Python") in unknown(source)


def test_what_follows_a_header_without_a_colon_is_uncertain() -> None:
    before = "        self.rnns = nn.ModuleList([nn.GRU(10, 20)])\n        if big\n    "
    source = NET.replace("        self.rnns", f"{before}        self.rnns")

    assert layers(source) != CHAIN
    assert "rnns.0: gru ? ? 10 -> ? ? 20" not in layers(source)
    assert (6, "not Python") in unknown(source)
