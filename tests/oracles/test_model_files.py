"""The page finds the layers of the files that the real frameworks write, with their names and sizes."""

import re
from pathlib import Path
from typing import Any

import pytest
from model_files_of import BY_FRAMEWORK
from node_reader import read, recurrent
from programs_of import runnable, source

from app.core.model.text import chain_text
from app.reading.code.layers_in_order import read as read_code
from app.url_state.model.read_model import read_chain


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    names = metafunc.config.getoption("--frameworks").split(",")
    metafunc.parametrize("framework", [name for name in names if name in BY_FRAMEWORK])


@pytest.mark.filterwarnings("ignore")
def test_the_layers_of_real_files_are_found(framework: str, tmp_path: Path) -> None:
    files = list(BY_FRAMEWORK[framework]())
    for file in files:
        file.write(tmp_path / file.name)

    found = read(tmp_path / file.name for file in files)

    layers = [[tuple(layer.values()) for layer in recurrent(one)] if "layers" in one else one for one in found]
    assert dict(zip([file.name for file in files], layers, strict=True)) == {file.name: file.layers for file in files}
    chains = [re.sub(r",(gemm|matmul)\b", "", one["text"]) for one in found]  # exporters choose between both
    assert chains == [file.text for file in files]


SAVED = (
    "bidirectional-imdb",
    "functions-and-loop",
    "imdb",
    "list-of-layers",
    "masked-simple-rnn",
    "multivariate-pollution",
    "ner",
    "new-helpers-at-module-level",
    "new-hyper-tuned",
    "shared-encoder",
    "stateful",
    "two-inputs",
)
"""Programs of tests/reading of which both the code and the file say everything."""


@pytest.mark.filterwarnings("ignore")
def test_the_chain_of_a_saved_model_is_that_of_its_code(framework: str, tmp_path: Path) -> None:
    if framework != "keras":
        pytest.skip("the programs are written for Keras 3")
    import keras

    expected = []
    files = [tmp_path / f"{name}.keras" for name in SAVED]
    for file in files:
        names: dict[str, Any] = {"__name__": file.stem}
        exec(runnable(f"keras-{file.stem}"), names)
        [*_, model] = (value for value in names.values() if isinstance(value, keras.Model) and value.built)
        model.save(file)
        expected.append(chain_text(read_chain(read_code(source(f"keras-{file.stem}")).models[-1], 2000).chain))

    # code does not name what joins several tensors
    assert [re.sub(r"\b(concatenate|add)\b", "other", one["text"]) for one in read(files)] == expected
