"""The page finds the layers of the files that the real frameworks write, with their names and sizes."""

from pathlib import Path

import pytest
from model_files_of import BY_FRAMEWORK
from node_reader import read, recurrent


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
    assert [one["text"] for one in found] == [file.text for file in files]
