"""The values, names and branches in programs of PyTorch: what is certain about them, and what may change."""

import ast

import numpy as np
import pytest
from chains import config, layers, unknown

from app.reading.code.layers_in_order import read


def test_an_argument_without_a_value_keeps_its_name_in_shapes_only() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, input_size, hidden_size):
                super().__init__()
                self.rnn = nn.GRU(input_size, hidden_size)
            def forward(self, x):
                return self.rnn(x)[0]
    """
    assert layers(source) == ["rnn: gru ? ? input_size -> ? ? hidden_size"]
    assert config(source, "features", "num_units", "num_layers") == [None, None, 1]
    assert unknown(source) == []


def test_a_branch_on_a_known_setting_is_followed() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, attention=False):
                super().__init__()
                self.rnn = nn.RNN(4, 8, bias=False)
                self.attention = attention
                self.attend = nn.MultiheadAttention(8, 2) if attention else None
                self.last = nn.Linear(8, 1)
            def forward(self, x):
                x, h = self.rnn(x)
                if self.attention:
                    x = self.attend(x, x, x)[0]
                return self.last(h[0])
    """
    assert layers(source) == ["rnn: rnn ? ? 4 -> ? ? 8", "last: dense ? 8 -> ? 1"]
    assert unknown(source) == []


@pytest.mark.parametrize("change", ["for k, v in kw.items(): setattr(self, k, v)", "self.__dict__.update(kw)"])
def test_attributes_that_may_have_been_overwritten_are_unknown(change: str) -> None:
    source = f"""
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, **kw):
                super().__init__()
                self.hidden = 64
                {change}
                self.rnn = nn.GRU(10, self.hidden)
            def forward(self, x):
                return self.rnn(x)
    """
    assert layers(source) == ["rnn: gru ? ? 10 -> ? ? ?"]


def test_settings_in_a_dictionary_and_in_a_class() -> None:
    source = """
        import torch.nn as nn
        config = {"input_size": 12, "hidden_size": 34, "batch_first": True}
        class Settings:
            classes = 5
            dim = 7
        Settings.dim = 8
        class Net(nn.Module):
            def __init__(self, settings=Settings):
                super().__init__()
                self.rnn = nn.LSTM(**config)
                self.a = nn.Linear(34, settings.classes)
                self.b = nn.Linear(settings.classes, settings.dim)
            def forward(self, x):
                return self.b(self.a(self.rnn(x)[0]))
    """
    assert layers(source) == [
        "rnn: lstm ? ? 12 -> ? ? 34",
        "a: dense ? ? 34 -> ? ? 5",
        "b: dense ? ? 5 -> ? ? 8",
    ]


def test_a_name_is_what_it_was_bound_to_last() -> None:
    source = """
        import torch.nn as nn
        hidden = 10
        a = nn.Linear(3, hidden)
        hidden = 20
        b = nn.Linear(10, hidden)
        if some_flag:
            hidden = 30
        c = nn.Linear(20, hidden)
        y = c(b(a(x)))
    """
    assert layers(source) == [
        "a: dense ... 3 -> ... 10",
        "b: dense ... 10 -> ... 20",
        "c: dense ... 20 -> ... ?",
    ]


def test_a_global_that_a_function_changes_is_unknown() -> None:
    source = """
        import torch.nn as nn
        hidden = 10
        def enlarge():
            global hidden
            hidden = 20
        layer = nn.Linear(3, hidden)
        y = layer(x)
    """
    assert layers(source) == ["layer: dense ... 3 -> ... ?"]


def test_a_default_has_the_value_where_the_function_is_defined() -> None:
    source = """
        import torch.nn as nn
        hidden = 10
        class Net(nn.Module):
            def __init__(self, n=hidden):
                super().__init__()
                self.fc = nn.Linear(3, n)
            def forward(self, x):
                return self.fc(x)
        hidden = 20
        net = Net()
    """
    assert layers(source) == ["fc: dense ... 3 -> ... 10"]


def test_a_list_or_an_object_that_something_unknown_may_change_is_unknown() -> None:
    source = """
        import torch.nn as nn
        from helpers import fill
        class Options:
            hidden = 64
        options, sizes, same = Options(), [3, 4], [5]
        alias = same
        same += [6]
        fill(options)
        fill(sizes)
        y = nn.Linear(sizes[0], options.hidden)(x)
        z = nn.Linear(alias[0], same[1])(x)
    """
    assert layers(source) == ["-: dense ... -> ... ?", "-: dense ... -> ... 6"]


def test_a_size_that_a_loop_or_a_handler_may_change_is_unknown() -> None:
    source = """
        import torch.nn as nn
        n, m, k, j = 5, 5, 5, 5
        for i in range(3):
            if found(i):
                n = 7
                break
        while busy():
            m += 1
        try:
            work()
        except ValueError:
            k = 7
        match kind:
            case "wide":
                j = 7
        y = nn.Linear(n, 2)(x), nn.Linear(m, 2)(x), nn.Linear(k, 2)(x), nn.Linear(j, 2)(x), nn.Linear(i, 2)(x)
    """
    assert layers(source) == ["-: dense ... -> ... 2"] * 5


def test_true_is_not_1() -> None:
    source = "import torch.nn as nn\nif both:\n  n = True\nelse:\n  n = 1\nout, h = nn.LSTM(3, 4, n)(x)\n"

    assert config(source, "num_layers") == [None]


def test_a_dictionary_that_the_module_changes_has_its_last_values() -> None:
    source = """
        import torch.nn as nn
        from torch.nn.utils import weight_norm
        SIZES = {'input_size': 10, 'hidden_size': 20}
        SIZES['hidden_size'] = 21
        class Model(nn.Module):
            def __init__(self):
                super().__init__()
                self.dense = weight_norm(nn.Linear(4, 10))
                self.rnn = nn.GRU(**SIZES)
            def forward(self, x):
                return self.rnn(self.dense(x))[0]
    """
    assert layers(source) == ["dense: dense ... 4 -> ... 10", "rnn: gru ? ? 10 -> ? ? 21"]
    assert unknown(source) == []

    changed = (
        source
        + """
        def enlarge():
            SIZES['hidden_size'] = 99
    """
    )
    assert layers(changed)[1] == "rnn: gru ? ? 10 -> ? ? ?", "it is not known whether somebody calls it"


@pytest.mark.parametrize(
    ("decorator", "expected"),
    [("register('a')", "lstm ? ? 3 -> ? ? 4"), ("other('a')", None), ("torch.no_grad()", "lstm ? ? 3 -> ? ? 4")],
)
def test_a_decorator_of_the_source_is_followed(decorator: str, expected: str | None) -> None:
    source = f"""
        import torch, torch.nn as nn
        from somewhere import other
        def register(name):
            def wrap(of):
                print(name)
                return of
            return wrap
        @{decorator}
        def make(n):
            return nn.LSTM(n, 4)
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.rnn = make(3)
            def forward(self, x):
                return self.rnn(x)
    """
    assert layers(source) == ([] if expected is None else [f"rnn: {expected}"])


SIZES = """
    import torch.nn as nn

    class Sizes:
        units = 10

    class Model(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.GRU(3, Sizes.units)

        def forward(self, x):
            return self.rnn(x)[0]
"""


@pytest.mark.parametrize(
    "change",
    [
        "def change():\n        Sizes.units = 20",
        "def change():\n        give(Sizes)\n\n    def give(sizes):\n        setattr(sizes, 'units', 20)",
    ],
)
def test_a_size_that_a_function_changes_is_unknown(change: str) -> None:
    assert layers(SIZES) == ["rnn: gru ? ? 3 -> ? ? 10"]
    assert layers(f"{SIZES}\n    {change}\n") == ["rnn: gru ? ? 3 -> ? ? ?"]


@pytest.mark.parametrize(("number", "dropout"), [(".05", 0.05), ("0.05", 0.05), ("5.05e-2", 0.0505), ("1_0.0", 10.0)])
def test_a_number_in_any_notation(number: str, dropout: float) -> None:
    assert config(f"import torch.nn as nn\ny = nn.Dropout({number})(x)\n", "dropout") == [dropout]


def test_a_list_that_a_loop_empties() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, sizes):
                super().__init__()
                sizes.append(9)
                self.layers, before = nn.ModuleList(), sizes.pop(0)
                while sizes:
                    size = sizes.pop(0)
                    self.layers.append(nn.GRU(before, size))
                    before = size
            def forward(self, x):
                for layer in self.layers:
                    x, _ = layer(x)
                return x
        Net([5, 7])
    """
    assert layers(source) == ["layers.0: gru ? ? 5 -> ? ? 7", "layers.1: gru ? ? 7 -> ? ? 9"]


LONG = """
    import torch, torch.nn as nn
    class Net(nn.Module):
        def __init__(self, hidden=8):
            super().__init__()
            self.rnn = nn.LSTM(4, hidden)
            self.head = self.make_head(hidden,
                2)

        @staticmethod
        def make_head(size, classes,
                      bias=True):
            '''Returns the last layer.

    This text is less indented.
            '''
            if bias:
                return nn.Linear(size, classes)
            return nn.Linear(size, classes, bias=False)

        def encode(self, x):
            # a comment
            y, _ = self.rnn(x)
            z = y[-1]
            z = z.float()
            return z

        def one_line(self, x): return self.head(x)

        def forward(self, x):
            return self.one_line(self.encode(x))

        def train_step(self, batch):
            x, y = batch
            {mistake}
            y = y.float()
            y = y.mean()
            return y

    def build():
        net = Net(16)
        net.eval()
        return net

    net = build()
"""


@pytest.mark.parametrize("mistake", ["pass", "print 'loss', y", "not Python at all"])
def test_functions_are_parsed_when_they_are_followed(mistake: str) -> None:
    source = LONG.format(mistake=mistake)

    assert layers(source) == ["rnn: lstm ? ? 4 -> ? ? 16", "head: dense ? 16 -> ? 2"]
    assert unknown(source) == []


@pytest.mark.parametrize("mistake", ["print 'mean', z", "z = z z"])
def test_a_mistake_in_a_function_that_is_followed_is_listed_or_is_of_python_2(mistake: str) -> None:
    source = LONG.format(mistake="pass").replace("# a comment", mistake)

    assert layers(source) == ["rnn: lstm ? ? 4 -> ? ? 16", "head: dense ? 16 -> ? 2"]
    assert unknown(source) == ([mistake] if mistake.startswith("z") else [])


@pytest.mark.parametrize(
    ("size", "number"),
    [
        ("sum([2, 3])", 5),
        ("sum(10 * k for k in (2, 3))", 50),
        ("max([2, 5])", 5),
        ("math.ceil(7 / 2)", 4),
        ("int(np.prod([2, 3]))", 6),
        ("1 << 4", 16),
        ("sum([2, 3], start=4)", 9),
        ("[n + size for n, size in enumerate([5, 6], start=3)][1]", 10),
        ("max([2, -5], key=abs)", None),
        ("max(2, 5, *sizes)", None),
        ("sum(sizes)", None),
        ("np.ceil(3.5)", None),
        ("math.prod([2, n])", None),
        ("int(float('7.0'))", 7),
        ("int(float('7e0'))", None),
    ],
)
def test_a_size_may_be_computed_from_several(size: str, number: int | None) -> None:
    source = f"import math\nimport numpy as np\nimport torch.nn as nn\ndef f(n, sizes):\n  nn.Linear({size}, 2)(y)\n"

    assert layers(source)[0].split(" -> ")[0].split()[-1] == ("..." if number is None else str(number))


@pytest.mark.parametrize(
    ("size", "name"),
    [
        ("int(n)", "n"),
        ("int(float(n))", "n"),
        ("int(str(n))", "n"),
        ("int(options.width)", "options.width"),
        ("int(options['width'])", "options.width"),
        ("int(options.get('width', 9))", "options.width"),
        ("int(options.get(n))", "..."),
        ("int(n * 2)", "..."),
        ("int(n / 2)", "..."),
    ],
)
def test_a_number_of_a_size_is_the_same_size(size: str, name: str) -> None:
    source = f"import torch.nn as nn\ndef f(n: int, options: Options):\n  nn.Linear({size}, 2)(y)\n"

    assert layers(source)[0].split(" -> ")[0].split()[-1] == name


@pytest.mark.parametrize(
    ("line", "is_bound"),
    [
        ("    wide: int = 9", False),
        ("    wide: float | int = 9", False),
        ("    def other(self, wide: int = 9, *, n: int = 2): pass", False),
        ("    def other(\n        self,\n        wide : int=9,\n    ): pass", False),
        ("    int = round", True),
        ("    int: object = round", True),
        ("    if wide: int = round", True),
        ("    try: int = round\n    finally: int = round", True),
    ],
)
def test_a_type_with_a_default_is_no_other_name(line: str, is_bound: bool) -> None:
    source = f"import torch.nn as nn\nclass Options:\n{line}\ndef f(n):\n  nn.Linear(int(n), 2)(y)\n"

    assert layers(source)[0].split(" -> ")[0].split()[-1] == ("..." if is_bound else "n")


def test_the_arguments_of_a_function_that_nobody_calls_change_no_model_of_the_program() -> None:
    source = """
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, hidden=80):
                super().__init__()
                self.rnn = nn.GRU(32, hidden)
            def forward(self, x):
                return self.rnn(x)[0]
        def build(conf):
            return Net(hidden=conf["hidden"])
    """
    assert layers(source.rstrip() + "\n        model = Net()\n") == ["rnn: gru ? ? 32 -> ? ? 80"]
    assert unknown(source.rstrip() + "\n        model = Net()\n") == []
    assert layers(source) == ["rnn: gru ? ? 32 -> ? ? conf.hidden"]


@pytest.mark.parametrize("test", ["hasattr(self, 'drop')", "hasattr(self, 'rate')", "hasattr(self, name)"])
def test_an_attribute_of_which_it_is_not_certain_whether_it_is_set_decides_nothing(test: str) -> None:
    source = f"""
        import torch.nn as nn
        class Net(nn.Module):
            def __init__(self, rate):
                super().__init__()
                self.out = nn.Linear(8, 2)
                if rate:
                    self.drop = nn.Dropout(rate)
                    self.rate = 1
            def forward(self, x):
                if {test}:
                    x = self.drop(x)
                return self.out(x)
    """
    assert [layer.split(":")[0] for layer in layers(source)] == ["out"]
    assert "x = self.drop(x)" in unknown(source)


@pytest.mark.parametrize("test", ["isinstance(one, tuple)", "not isinstance(one, (int, str))"])
def test_layers_that_a_list_of_sizes_texts_and_tuples_makes(test: str) -> None:
    source = f"""
        import torch
        from torch import nn
        layers, last = [], 1
        for one in [4, "M", (2, 1), 6]:
            if one == "M":
                layers.append(nn.MaxPool2d(2))
            elif {test}:
                layers.append(nn.MaxPool2d(2, one, (0, 1)))
            else:
                layers += [nn.Conv2d(last, one, 3, padding=1)]
                last = one
        nn.Sequential(*layers)(torch.zeros(2, 1, 8, 20))
    """
    assert layers(source) == [
        "-: convolution 2 1 8 20 -> 2 4 8 20",
        "-: pooling 2 4 8 20 -> 2 4 4 10",
        "-: pooling 2 4 4 10 -> 2 4 2 11",
        "-: convolution 2 4 2 11 -> 2 6 2 11",
    ]


@pytest.mark.parametrize(
    ("made", "axes"),
    [
        ("torch.arange(2, end=9)", "7"),
        ("torch.arange(end=9)", "9"),
        ("torch.arange(9, 2, -3)", "3"),
        ("torch.arange(1, 10**30)", "?"),
        ("torch.arange(1, 100000000000000000000000000)", "?"),
    ],
)
def test_a_range_of_numbers_has_one_axis(made: str, axes: str) -> None:
    source = f"""
        import torch
        from torch import nn
        nn.Dropout()({made})
    """
    assert layers(source) == [f"-: dropout {axes} -> {axes}"]


def test_a_list_that_has_another_one_many_times_is_read_once() -> None:
    """Otherwise each line would double the time."""
    lines = ["a = [1]", *["a = [a, a]"] * 40, "nn.Dropout()(torch.tensor(a))"]
    assert layers("\n".join(["import torch", "from torch import nn", *lines])) == ["-: dropout ... -> ..."]
    three = ["a = [1]", *["a = [a, a]"] * 3, "nn.Dropout()(torch.tensor(a))"]
    assert layers("\n".join(["import torch", "from torch import nn", *three])) == ["-: dropout 2 2 2 1 -> 2 2 2 1"]


@pytest.mark.parametrize(
    "text",
    [
        *(
            r"'ab\t'",
            r"'\\'",
            r"'\x41\101\0'",
            r"'\u00e9\u00e8'",
            r"'\U0001F600'",
            r"u'\t\n ab'",
            r"'it\'s'",
            r"'\ud83d'",
        ),
        *(r"r'\t\d'", r"R'\\'", r"'\\d'", r"'\N{BULLET}'", r'"""\t\"\n"""'),
    ],
)
def test_an_escape_in_a_string_is_the_character_that_it_is_in_python(text: str) -> None:
    source = f"from torch import nn\nrnn = nn.GRU(len({text}), len(set({text})))\nrnn(x)\n"
    value = ast.literal_eval(text)

    assert config(source, "features", "num_units") == [len(value), len(set(value))]


@pytest.mark.parametrize(
    ("given", "units"),
    [
        ("[7, 9]", [7, 9]),
        ("[7] + [9]", [7, 9]),
        ("[6] * 2", [6, 6]),
        ("list((7, 9))", [7, 9]),
        ("[n + 1 for n in (6, 8)]", [7, 9]),
        ("sorted((9, 7))", [7, 9]),
        ("7", [7, 7]),
    ],
)
@pytest.mark.parametrize("test", ["not isinstance(units, list)", "not isinstance(units, (list, tuple))"])
def test_a_list_of_sizes_is_a_list_and_one_size_is_none(test: str, given: str, units: list[int]) -> None:
    source = f"""
        from torch import nn
        class Stack(nn.Module):
            def __init__(self, units, depth=2):
                super().__init__()
                if {test}:
                    units = [units] * depth
                self.cells = nn.ModuleList([nn.GRU(5 if n == 0 else units[n - 1], units[n]) for n in range(depth)])
            def forward(self, x):
                for cell in self.cells:
                    x, _ = cell(x)
                return x
        Stack({given})
    """
    assert [line.rpartition(" ")[2] for line in layers(source)] == list(map(str, units))
    assert unknown(source) == []


def test_a_set_or_range_of_sizes_is_not_taken_for_a_list() -> None:
    for given in ("range(7, 9)", "{7, 9}", "nn.ModuleList([])"):
        source = f"""
            from torch import nn
            units = {given}
            size = 3 if isinstance(units, list) else 4
            nn.Linear(5, size)
        """
        assert config(source, "num_units") == [None]


def test_a_number_in_the_place_of_a_switch_is_whether_it_is_not_0() -> None:
    source = "from torch import nn\na = nn.LSTMCell(3, 4, 1)\nb = nn.GRU(4, 5, 2, 0, 1)\nc = nn.Linear(5, 6, 0)\n"
    reading = read(f"{source}y = c(b(a(x)[0])[0])\n")
    cell, gru, dense = (layer.config for layer in reading.layers)

    assert (cell["bias"], gru["bias"], gru["batch_first"], dense["bias"]) == (True, False, True, False)
    assert (gru["num_layers"], gru["dropout"]) == (2, 0.0)


def test_another_matrix_leaves_the_bias_of_the_constructor() -> None:
    source = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self, table):\n        super().__init__()\n"
        "        self.out = nn.Linear(8, 90, bias=False)\n        self.out.weight = table.weight\n"
        "    def forward(self, x):\n        return self.out(x)\n"
    )
    (layer,) = read(source).layers

    assert (layer.config["bias"], layer.config["num_units"]) == (False, None)


def test_a_range_of_python_2_is_a_range() -> None:
    source = "from torch import nn\nall = nn.Sequential(*[nn.Linear(4, 4) for _ in xrange(3)])\ny = all(x)\n"

    assert [layer.kind for layer in read(source).layers] == ["dense"] * 3


@pytest.mark.parametrize(
    "array",
    [
        "np.random.rand(7, 5)",
        "1 * np.random.randn(len('abc') + 1, 9)",
        "np.random.uniform(-0.25, 0.25, (7, 5)).astype(np.float32)",
        "np.random.normal(0, 1, size=(7, 5))",
        "np.random.randint(3, 8, [6, 2])",
        "np.random.random((4, 3))",
        "np.random.standard_normal(size=(4, 3))",
        "np.float32(np.random.random_sample((4, 3)))",
        "np.full((4, 3), 0.1)",
    ],
)
def test_a_random_array_says_the_sizes_of_an_embedding(array: str) -> None:
    shape = eval(array, {"np": np}).shape
    source = (
        f"import numpy as np\nimport torch.nn as nn\nw = {array}\nids = nn.Embedding(len(w), w.shape[1])\ny = ids(x)\n"
    )

    assert config(source, "features", "num_units") == [*shape]


def test_of_a_random_array_with_an_unknown_length_the_other_size_is_known() -> None:
    source = "import numpy as np\nimport torch.nn as nn\nw = np.random.uniform(-1, 1, (rows, 13))\n"

    assert config(f"{source}y = nn.Embedding(*w.shape)(x)", "features", "num_units") == [None, 13]


@pytest.mark.parametrize("number", ["np.random.rand()", "np.random.uniform(0, 3)", "np.random.randint(2, 9)"])
def test_one_random_number_is_no_array(number: str) -> None:
    source = f"import numpy as np\nimport torch.nn as nn\ny = nn.Linear(6, int({number}))(x)\n"

    assert config(source, "features", "num_units") == [6, None]
