"""Sizes and names that a program computes from texts and vocabularies. Python itself is the truth."""

import string

import pytest

from app.reading.code.layers_in_order import read


@pytest.mark.parametrize(
    "size",
    [
        'len(string.ascii_letters + " .,;\'")',
        "len(string.printable)",
        "len(ascii_lowercase) + 1",
        "len([c for c in ascii_lowercase + '?! '])",
        "len('a{0}b{1}'.format(10, 'xyz'))",
        "len('{n}-{}'.format(7, n=12))",
    ],
)
def test_a_size_is_what_python_computes(size: str) -> None:
    head = "import string\nfrom string import ascii_lowercase\nfrom torch import nn\n"
    (layer,) = read(f"{head}layer = nn.Linear({size}, 2)\n").layers

    assert layer.config["features"] == eval(size, {"string": string, "ascii_lowercase": string.ascii_lowercase})


@pytest.mark.parametrize(
    "key", ["'a{0}'.format(i)", "'a{}'.format(i)", "'a{n}'.format(n=i)", "f'a{i}'", "'a%d' % i", "'a' + str(i)"]
)
def test_a_part_of_a_sequential_has_the_name_that_the_program_computes(key: str) -> None:
    source = (
        "from torch import nn\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.net = nn.Sequential()\n        for i in range(2):\n"
        f"            self.net.add_module({key}, nn.Linear(3, 3))\n"
        "    def forward(self, x):\n        return self.net(x)\n"
    )

    assert [layer.name for layer in read(source).layers] == ["net.a0", "net.a1"]


@pytest.mark.parametrize(
    "key", ["'{:>3}'.format(7)", "'{0.real}'.format(7)", "'{3}'.format(7)", "'{}'.format(n)", "'{'.format(7)"]
)
def test_a_text_that_is_not_certain_is_unknown(key: str) -> None:
    (layer,) = read(f"from torch import nn\ndef f(n):\n    return nn.Linear(len({key}), 2)\n").layers

    assert layer.config["features"] is None


@pytest.mark.parametrize(
    ("arguments", "size"),
    [
        ("vocabulary=['a', 'b', 'c']", 4),
        ("vocabulary=list('abc'), oov_token=''", 4),
        ("vocabulary=['a', 'b'], num_oov_indices=3", 5),
        ("vocabulary=['a', 'b'], num_oov_indices=0", 2),
        ("vocabulary=['a', 'b'], mask_token=''", 4),
        ("vocabulary=['[UNK]', 'a', 'b']", None),
        ("vocabulary=words", None),
        ("max_tokens=20", None),
    ],
)
def test_a_lookup_has_the_tokens_of_the_source_and_those_that_stand_for_others(
    arguments: str, size: int | None
) -> None:
    lookup = f"import keras\nlookup = keras.layers.StringLookup({arguments})\n"
    (layer,) = read(f"{lookup}keras.Sequential([keras.layers.Dense(lookup.vocabulary_size())])\n").layers

    assert layer.config["num_units"] == size
