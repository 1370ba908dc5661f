"""Hostile sources raise nothing, execute nothing and stay within bounds."""

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pairing import ALL_COMBINATIONS
from time_limit import time_limit

from app.reading.code.interpreter_limits import LARGEST_AXIS, MOST_LAYERS, MOST_UNKNOWN
from app.reading.code.layers_in_order import read
from app.reading.code.reading_result import Reading
from app.reading.pasted_text_limits import MAX_SOURCE_BYTES, MAX_SOURCE_TOKENS

MODEL = "import torch.nn as nn\nrnn = nn.LSTM(10, 20)\nout, h = rnn(x)\n"

DEEP = {
    "brackets": "x = " + "(" * 50_000 + ")" * 50_000,
    "lists": "x = " + "[" * 300 + "]" * 300,
    "signs": "x = " + "-" * 200_000 + "1",
    "not": "x = " + "not " * 50_000 + "y",
    "sum": "x = " + "a + " * 50_000 + "a",
    "power": "x = " + "9 ** " * 5000 + "9",
    "attributes": "x" + ".a" * 100_000,
    "calls": "x" + "()" * 100_000,
    "lambdas": "x = " + "lambda: " * 20_000 + "0",
    "conditions": "x = " + "a if b else " * 15_000 + "c",
    "comprehensions": "x = " + "[a for a in " * 3000 + "b" + "]" * 3000,
    "indentation": "".join(" " * n + "if x:\n" for n in range(500)),
    "elif": "if a:\n  pass\n" + "elif b:\n  pass\n" * 10_000,
    "f-strings": "x = " + "f'{" * 200 + "1" + "}'" * 200,
    "a deep f-string": "x = f'{" + "-" * 50_000 + "1}'",
}
HUGE = {
    "texts that double": "s = 'abcdefgh'\n" + "s = f'{s}{s}'\ns = '%s%s' % (s, s)\ns = s.replace('a', s)\n" * 500,
    "parts of a long axis": "import torch\nx = torch.zeros(10**11, 3)\n" + "y = x.split(1)\n" * 500,
    "lists in lists that are copied": "import copy\na = [1]\n"
    + f"a = [{'a,' * 20}]\n" * 12
    + "copy.deepcopy(a)\n" * 50,
    "classes with the same base twice": "class C0: pass\n"
    + "".join(f"class C{n}(C{n - 1}, C{n - 1}): pass\n" for n in range(1, 40))
    + "C39().x\n",
    "members of an enumeration": "from enum import Enum\nclass K(Enum):\n"
    + "".join(f"    A{n} = {n}\n" for n in range(3000))
    + "K(-1)\n" * 2000,
    "a list": "x = [" + "1," * 100_000 + "]",
    "a number": "x = " + "9" * 200_000,
    "a power": "x = 9 ** 9 ** 9 ** 9\ny = 'a' * 10 ** 10\nz = [0] * 10 ** 10\nw = 2 ** 32 ** 2",
    "a size": "import torch.nn as nn\ny = nn.LSTM(10 ** 9 * 10 ** 9, 10 ** 9, 10 ** 9, bidirectional=True)(x)",
    "a range": "import torch.nn as nn\nfor i in range(10 ** 9):\n  y = nn.Linear(i, 2)(x)",
    "a text": "x = '" + "a" * 200_000 + "'",
    "an open text": '"""' + "\\" * 200_000,
    "open texts": "'''a\"\"\" " * 30_000,
    "comments": "#\n" * 100_000,
    "line breaks": "\n" * MAX_SOURCE_BYTES,
    "continued lines": "\\\n" * 100_000,
    "loops": "".join(" " * n + "for a in range(60):\n" for n in range(12)) + " " * 12 + "x = a + 1",
    "calls": "".join(f"def f{n}(x):\n  f{n + 1}(x)\n  f{n + 1}(x)\n" for n in range(100)),
    "recursion": "def f(x):\n  return f(f(x))\nf(1)\n",
    "a model in itself": "class A:\n  def __init__(self):\n    self.a = A()\n"
    "  def forward(self, x):\n    return self.a(x)\n",
    "a list in itself": "a = []\na.append(a)\nimport torch.nn as nn\nclass A(nn.Module):\n"
    "  def __init__(self):\n    self.a = a\n  def forward(self, x):\n    return x\n",
    "layers": MODEL + "".join(f"y = nn.Linear({n}, 2)(x)\n" for n in range(6000)),
    "prompts": ">>> x = 1\n" * 20_000,
    "magic": "%x\n" * 60_000,
    "lines that are not Python": "x = = 1\n" * 30_000,
    "a class that is not Python": "class A:\n" + "  x = = 1\n" * 20_000,
}
EXECUTED = {
    "import": "import os\nos.mkdir(PATH)",
    "__import__": "__import__('os').mkdir(PATH)",
    "exec": "exec('import os; os.mkdir(PATH)')",
    "eval": "eval(\"__import__('os').mkdir(PATH)\")",
    "a decorator": "@__import__('os').mkdir(PATH)\ndef f(): pass",
    "a default": "def f(x=open(PATH, 'w')): pass",
    "a base": "class A(open(PATH, 'w')): pass",
    "a walrus": "if (f := open(PATH, 'w')): pass",
    "an f-string": "x = f\"{open(PATH, 'w')}\"",
    "an annotation": "x: open(PATH, 'w') = 1",
    "a comprehension": "[f(PATH, 'w') for f in (open,)]",
    "getattr": "getattr(__builtins__, 'open')(PATH, 'w')",
    "a magic": "%run PATH\n!touch PATH",
    "a model": "import torch.nn as nn\nclass A(nn.Module):\n  def forward(self, x):\n    open(PATH, 'w')\n",
}


def within_bounds(chain: Reading) -> bool:
    """Whether the numbers of layers and lines are bounded, and sizes are positive."""
    sizes = [size for layer in chain.layers for size in (*layer.input, *layer.output) if isinstance(size, int)]
    is_short = len(chain.layers) <= MOST_LAYERS and len(chain.unknown) <= MOST_UNKNOWN
    return is_short and all(0 < size <= LARGEST_AXIS for size in sizes)


@pytest.mark.parametrize("source", [*DEEP.values(), *HUGE.values()], ids=[*DEEP, *HUGE])
def test_a_source_that_is_too_deep_or_too_large_is_read_within_bounds(source: str) -> None:
    with time_limit():
        assert within_bounds(read(source[:MAX_SOURCE_BYTES]))


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_a_model_beside_a_deep_statement_is_read(source: str) -> None:
    chain = read(f"{MODEL}{source}\n")

    assert [layer.kind for layer in chain.layers] == ["lstm"]


@pytest.fixture
def imported() -> Iterator[set[str]]:
    """The modules that are imported before a test; none is imported by it."""
    before = {*sys.modules}
    yield before
    assert {*sys.modules} - before == set()


@pytest.mark.parametrize("source", EXECUTED.values(), ids=EXECUTED)
def test_nothing_is_executed(source: str, tmp_path: Path, imported: set[str]) -> None:
    path = tmp_path / "executed"
    read(f"import antigravity, this\n{source.replace('PATH', repr(str(path)))}\nmodel = f()\n")

    assert not path.exists()


PIECES = (
    *(
        "x",
        "self",
        "nn",
        "LSTM",
        "Linear",
        "forward",
        "__init__",
        "def ",
        "class ",
        "return ",
        "for ",
        "in ",
        "if ",
        "else",
    ),
    *(
        "import torch.nn as nn\n",
        "from keras.layers import *\n",
        "lambda ",
        "try:\n",
        "except:\n",
        "with ",
        "while ",
        "yield ",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        ".",
        "=",
        "==",
        "*",
        "**",
        "-",
        "+",
        "//",
        "@",
        ":=",
        "->",
        "...",
        "%",
        "!",
    ),
    *(
        "\n",
        "\n    ",
        "\n        ",
        " ",
        "\t",
        "\\\n",
        '"',
        "'",
        '"""',
        "f'{",
        "#",
        "0",
        "1",
        "-1",
        "007",
        "1e999",
        "9" * 40,
    ),
    *(
        "\0",
        "\ufeff",
        "\u2028",
        "\N{GRINNING FACE}",
        "é",
        "\r",
        "\x0c",
        "print ",
        "exec ",
        ">>> ",
        "In [1]: ",
        "```\n",
        "$",
        "?",
    ),
    *(
        "nn.LSTM(10, 20)",
        "self.rnn = ",
        "self.rnn(x)",
        "torch.cat((a, b), 1)",
        "x[:, -1]",
        "x.view(-1, 2)",
        "Sequential()",
    ),
    *(
        ".add(",
        "super().__init__()",
        "global x",
        "*args",
        "**kw",
        "range(3)",
        "model",
        "match x:\n  case ",
        "async ",
        "await ",
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
def test_any_pieces_of_python_are_read(source: str) -> None:
    assert within_bounds(read(source))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read(source: str) -> None:
    assert within_bounds(read(source))


VALUES = (
    *(
        "1",
        "-1",
        "0",
        "2.5",
        "True",
        "None",
        "'a'",
        "x",
        "self.n",
        "(1, 2)",
        "[1, 2]",
        "{}",
        "{'a': 1}",
        "nn",
        "nn.LSTM",
    ),
    *(
        "torch.zeros(2, 3)",
        "torch.zeros(5)",
        "x.shape",
        "x.size(0)",
        "x.size()",
        "len(x)",
        "range(3)",
        "self.rnn(x)",
        "x[0]",
    ),
    *(
        "nn.LSTM(2, 3)",
        "nn.Linear(2, 3)",
        "nn.Sequential(nn.ReLU())",
        "nn.ModuleList()",
        "self.layers",
        "lambda: 1",
        "1 + x",
    ),
    *(
        "torch.tensor(1)",
        "x.sum()",
        "slice(1)",
        "...",
        "self",
        "self.rnn",
        "Net",
        "Net()",
        "f",
        "f(x)",
        "print",
        "nn.GRUCell(2, 2)",
    ),
)
STATEMENTS = (
    *(
        "{a} = {b}",
        "x = {a}({b})",
        "x = {a}[{b}]",
        "x, y = {a}",
        "x, (y, z) = {a}",
        "x = {a}[:, {b}]",
        "x = {a}[..., {b}]",
    ),
    *("x = torch.cat({a}, {b})", "x = torch.cat(({a}, {b}), 1)", "x = torch.stack([{a}, {b}])", "x = x.view({a}, {b})"),
    *(
        "x = x.transpose({a}, {b})",
        "x = x.permute({a})",
        "x = x.unsqueeze({a})",
        "x = x.squeeze({a})",
        "x = x.mean({a})",
    ),
    *(
        "self.layers.append({a})",
        "self.rnn = nn.LSTM({a}, {b})",
        "self.rnn = nn.GRU({a}, {b}, batch_first=True)",
        "x += {a}",
    ),
    *(
        "for i in {a}: x = {b}",
        "if {a}: x = {b}",
        "x = {a} if {b} else x",
        "x = {a} * {b}",
        "x = {a} // {b}",
        "x = {a} ** {b}",
    ),
    *(
        "x = nn.Linear({a}, {b})(x)",
        "x = nn.Embedding({a}, {b})(x)",
        "x = nn.Flatten()({a})",
        "x = nn.Conv1d({a}, 2, 3)({b})",
    ),
    *("return {a}", "x = [{a} for i in {b}]", "x = {a} or {b}", "x = {a} < {b}", "del x", "x.y = {a}", "x[{a}] = {b}"),
    *(
        "x = nn.utils.rnn.pack_padded_sequence({a}, {b})",
        "x = nn.utils.rnn.pad_packed_sequence({a})",
        "x = getattr({a}, 'b')",
    ),
    *("x = L.LSTM({a}, return_sequences={b})(x)", "x = L.Bidirectional({a})(x)", "x = L.TimeDistributed({a})({b})"),
    *("x = L.Dense({a})({b})", "x = L.Input(shape={a})", "x = L.Reshape({a})(x)", "x = L.RepeatVector({a})({b})"),
    *(
        "x = L.Conv1D({a}, {b})(x)",
        "x = L.MaxPooling1D({a})({b})",
        "x = L.concatenate([{a}, {b}])",
        "x = L.Flatten()({a})",
    ),
)


@st.composite
def modules(draw: st.DrawFn) -> str:
    """A module with random statements, most of them wrong."""
    value = st.sampled_from(VALUES)
    statement = st.builds(lambda form, a, b: form.format(a=a, b=b), st.sampled_from(STATEMENTS), value, value)
    init, forward, outer = (draw(st.lists(statement, max_size=8)) for _ in range(3))
    head = "import torch\nimport torch.nn as nn\nfrom keras import layers as L\nclass Net(nn.Module):\n"
    methods = {"__init__(self, n=3, x=2)": init, "forward(self, x, h=None)": forward}
    text = "".join(
        f"  def {name}:\n" + "".join(f"    {line}\n" for line in ["pass", *m]) for name, m in methods.items()
    )
    return f"{head}{text}def f(x): return x\n" + "".join(f"{line}\n" for line in outer)


@settings(max_examples=400 if ALL_COMBINATIONS else 60, deadline=None)
@given(modules())
def test_generated_modules_are_read(source: str) -> None:
    assert within_bounds(read(source))


def test_only_what_is_not_python_is_left_out() -> None:
    good = "".join(f"layer{n} = nn.Linear({n + 1}, 2)\n" for n in range(40))
    lines = [
        "import torch.nn as nn",
        "x = = 1",
        *good.split("\n"),
        "y = (1",
        "class A:",
        "    def f(self):",
        "z = 1 1",
        MODEL,
    ]
    chain = read("\n".join(lines))

    assert [layer.kind for layer in chain.layers] == ["lstm"]
    assert [line.text for line in chain.unknown if "Linear" not in line.text] == [
        "x = = 1",
        "y = (1",
        "def f(self):",
        "z = 1 1",
    ]
    assert len(chain.unknown) == 44, "the layers are made, but not called"


def test_a_function_with_an_error_keeps_its_decorator() -> None:
    chain = read(f"@first\n@second(\n  1\n)\ndef f():\n  x = = 1\n  return 2\n{MODEL}")

    assert [layer.kind for layer in chain.layers] == ["lstm"]
    assert [line.text for line in chain.unknown] == ["x = = 1"]


CYCLES = {
    "functions and classes": f"class A:\n  def f(self): return 1 + A().f()\n\ndef g(): return A().f() + g()\n{MODEL}",
    "objects": "import torch.nn as nn\nclass A(nn.Module):\n  def __init__(self):\n    super().__init__()\n"
    "    self.rnn = nn.LSTM(3, 4)\n  def forward(self, x): return self.rnn(x)\na = A()\nb = a(x)\n",
    "a layer of a function": "import keras\nm = keras.Sequential([keras.Input((5, 3)), keras.layers.LSTM(4)])\n"
    "m.add(keras.layers.Lambda(lambda x: x + 1))\nm.add(keras.layers.BatchNormalization())\n",
    "lines that are not Python": f"def f():\n  return g(\n{MODEL}x = = 1\n{MODEL}",
}
"""Programs whose parts refer to each other, also by what Python notes of an error."""


@pytest.mark.parametrize("source", CYCLES.values(), ids=CYCLES)
def test_all_that_reading_makes_is_freed_without_a_garbage_collection(source: str) -> None:
    read(source)  # what is made once stays
    gc.collect()
    gc.disable()
    try:
        assert read(source).layers
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize("is_enabled", [True, False])
def test_reading_leaves_the_garbage_collector_as_it_was(is_enabled: bool) -> None:
    was_enabled = gc.isenabled()
    (gc.enable if is_enabled else gc.disable)()
    try:
        read(MODEL)
        assert gc.isenabled() == is_enabled
    finally:
        (gc.enable if was_enabled else gc.disable)()


def test_what_python_warns_about_is_read_in_silence() -> None:
    source = "x = '\\d'\ny = 1if x else 2\nz = 0x1for x in y\nw = 10L\nassert (x, 'y')\nx is 1\n'a' (1)\n" + MODEL

    assert [layer.kind for layer in read(source).layers] == ["lstm"]


def test_what_follows_too_many_tokens_is_listed() -> None:
    for line, tokens in {"a = b\n": 4, "f(a)\n": 5, "x = 1; y = 2\n": 8}.items():
        chain = read(MODEL + line * 40_000)
        rest = chain.unknown[-1]

        assert [layer.kind for layer in chain.layers] == ["lstm"]
        assert rest.text == line.strip() and abs(rest.line - MAX_SOURCE_TOKENS / tokens) < 10
