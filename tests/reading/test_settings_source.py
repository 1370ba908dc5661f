"""Where programs keep settings: options of a command line, dataclasses, named tuples, enumerations, dictionaries."""

import pytest
from chains import layers, unknown

NET = """
    import torch.nn as nn
    class Net(nn.Module):
        def __init__(self, cfg):
            super().__init__()
            self.rnn = nn.GRU(cfg.features, cfg.hidden)
        def forward(self, x):
            return self.rnn(x)[0]
"""


def chain(settings: str) -> str:
    (layer,) = layers(f"{NET}\n    {settings.lstrip()}")
    return layer.removeprefix("rnn: gru ? ? ")


DATACLASS = """
    from dataclasses import dataclass, field
    @dataclass
    class Config:
        features: int = 5
        hidden: int = field(default=64)
"""


SMALL = """
        @classmethod
        def small(cls, hidden=9):
            return cls(hidden=hidden)
"""


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (f"{DATACLASS}\n    Net(Config())", "5 -> ? ? 64"),
        (f"{DATACLASS}\n    Net(Config(hidden=48))", "5 -> ? ? 48"),
        (f"{DATACLASS}\n    Net(Config(7))", "7 -> ? ? 64"),
        (f"{DATACLASS}\n    Net(Config(**read()))", "? -> ? ? ?"),
        (f"{DATACLASS}\n    Net(load(Config))", "? -> ? ? ?"),
        (DATACLASS, "cfg.features -> ? ? cfg.hidden"),
        (f"{DATACLASS}\n    cfg = Config()\n    cfg.hidden *= 2\n    Net(cfg)", "5 -> ? ? 128"),
        (f"{DATACLASS}\n    from dataclasses import replace\n    Net(replace(Config(), hidden=9))", "5 -> ? ? 9"),
        (f"{DATACLASS}{SMALL}\n    Net(Config.small())", "5 -> ? ? 9"),
        (f"{DATACLASS}{SMALL}\n    Net(Config().small())", "5 -> ? ? 9"),
        (f"{DATACLASS}\n    Config.__init__.__defaults__ = (7, 8)\n    Net(Config())", "? -> ? ? ?"),
    ],
)
def test_a_dataclass_has_the_values_that_it_is_made_with(settings: str, expected: str) -> None:
    assert chain(settings) == expected


ARGPARSE = """
    import argparse
    parser = argparse.ArgumentParser()
    parser.add_argument("--features", type=int, default=5)
    parser.add_argument("-n", "--n-hidden", dest="hidden", default="64", type=int)
    parser.add_argument("--bidirectional", action="store_true")
"""


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (f"{ARGPARSE}\n    args = parser.parse_args()\n    print(args)\n    Net(args)", "5 -> ? ? 64"),
        (f"{ARGPARSE}\n    parser.set_defaults(hidden=32)\n    Net(parser.parse_known_args()[0])", "5 -> ? ? 32"),
        (f"{ARGPARSE}\n    Net(parser.parse_args(['--hidden', '8']))", "? -> ? ? ?"),
        (f"{ARGPARSE}\n    more(parser)\n    Net(parser.parse_args())", "? -> ? ? ?"),
        (f"{ARGPARSE}\n    args = parser.parse_args()\n    change(args)\n    Net(args)", "? -> ? ? ?"),
    ],
)
def test_an_option_of_a_command_line_has_its_default(settings: str, expected: str) -> None:
    assert chain(settings) == expected


UPDATED = """
    class C:
        def __init__(self, **others):
            self.features, self.hidden = 5, 64
            self.__dict__.update(others)
"""


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("from types import SimpleNamespace as N\n    Net(N(features=5, hidden=64))", "5 -> ? ? 64"),
        (
            "from collections import namedtuple\n    Net(namedtuple('C', 'features hidden')(5, hidden=64))",
            "5 -> ? ? 64",
        ),
        ("from absl import flags\n    flags.DEFINE_integer('hidden', 64, '')\n    Net(flags.FLAGS)", "? -> ? ? 64"),
        (
            "from easydict import EasyDict as D\n    c = D(a={'features': 5})\n    c.a.hidden = 64\n    Net(c.a)",
            "5 -> ? ? 64",
        ),
        (
            "from yacs.config import CfgNode\n    c = CfgNode(dict(features=5))\n    c.merge_from_file(f)\n    Net(c)",
            "? -> ? ? ?",
        ),
        ("class C(Base):\n        features = 5\n        hidden = 64\n    Net(C(hidden=8))", "5 -> ? ? 8"),
        ("class C:\n        features = 5\n        hidden = 64\n    C.hidden = 8\n    Net(C)", "5 -> ? ? 8"),
        (
            "class C:\n        features = hidden = 5\n    def f():\n        C.hidden = 8\n    f()\n    Net(C)",
            "5 -> ? ? ?",
        ),
        (f"{UPDATED}\n    Net(C(hidden=8))", "5 -> ? ? 8"),
        (f"{UPDATED}\n    Net(C(**read()))", "? -> ? ? ?"),
        (
            "import os\n    class C:\n        features = 5\n        hidden = int(os.getenv('H', 64))\n    Net(C)",
            "5 -> ? ? 64",
        ),
    ],
)
def test_other_objects_that_hold_settings(settings: str, expected: str) -> None:
    assert chain(settings) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("b = {**a, 'hidden_size': 8}", "5 -> ? ? 8"),
        ("b = dict(a, hidden_size=8)", "5 -> ? ? 8"),
        ("b = a | {'hidden_size': 8}", "5 -> ? ? 8"),
        ("b = a.copy()\n    b.update(hidden_size=8)", "5 -> ? ? 8"),
        ("b = dict(a)\n    b['hidden_size'] = b.pop('hidden_size') // 8", "5 -> ? ? 8"),
        ("b = a\n    a.setdefault('num_layers', 1)\n    change(b)", "? -> ? ? ?"),
        ("b = a\n    def change():\n        b['hidden_size'] = 8", "? -> ? ? ?"),
    ],
)
def test_dictionaries_that_are_merged_copied_and_changed(change: str, expected: str) -> None:
    source = f"""
    import torch, torch.nn as nn
    a = {{'input_size': 5, 'hidden_size': 64}}
    {change}
    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.rnn = nn.GRU(**b)
        def forward(self, x):
            return self.rnn(x)[0]
    """
    assert layers(source) == [f"rnn: gru ? ? {expected}"]


def test_a_lightning_module_keeps_the_arguments_of_its_constructor() -> None:
    source = """
    import torch.nn as nn
    import pytorch_lightning as pl
    class Net(pl.LightningModule):
        def __init__(self, features, hidden=64, lr=0.1):
            super().__init__()
            self.save_hyperparameters()
            self.rnn = nn.GRU(self.hparams.features, self.hparams["hidden"])
        def forward(self, x):
            return self.rnn(x)[0]
    Net(5)
    """
    assert layers(source) == ["rnn: gru ? ? 5 -> ? ? 64"]


def test_members_of_enumerations_in_conditions_and_as_sizes() -> None:
    source = """
    import torch.nn as nn
    from enum import Enum, IntEnum
    from functools import partial
    class Kind(Enum):
        LSTM = "lstm"
        GRU = "gru"
    class Size(IntEnum):
        SMALL = 16
    def make(kind):
        match kind:
            case Kind.LSTM:
                return nn.LSTM(5, Size.SMALL)
            case Kind.GRU:
                return partial(nn.GRU, hidden_size=Size.SMALL.value)(5)
            case _:
                raise ValueError
    class Net(nn.Module):
        def __init__(self, kind):
            super().__init__()
            self.rnn = make(kind)
            self.bidirectional = kind == "gru"
        def forward(self, x):
            return self.rnn(x)[0]
    Net(Kind("gru"))
    """
    assert layers(source) == ["rnn: gru ? ? 5 -> ? ? 16"]
    assert unknown(source) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('\'{"features": 5, "hidden": 64}\'', "5 -> ? ? 64"),
        ('\'{"features": [5], "hidden": {"of": 64}}\'', "? -> ? ? ?"),
        ('f\'{{"features": {n}, "hidden": 64}}\'', "? -> ? ? ?"),
        ("'no JSON {'", "? -> ? ? ?"),
        ("open(path).read()", "? -> ? ? ?"),
    ],
)
def test_a_text_in_json_has_the_values_that_it_says(text: str, expected: str) -> None:
    settings = f"import json\n    from types import SimpleNamespace as N\n    Net(N(**json.loads({text})))"
    assert chain(settings) == expected
