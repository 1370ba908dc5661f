"""The programs of typed cells in PyTorch and JAX compute our numbers."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from configurations import execute
from typed_cells import CASES, Case, case, difference

from app.typed_cells.code import own_program
from app.typed_cells.code.numpy_torch_jax import PYTORCH


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "framework" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--frameworks").split(",")
        metafunc.parametrize("framework", [id for id in ("pytorch", "flax") if id in wanted])


@pytest.fixture(autouse=True)
def usual_types() -> Iterator[None]:
    """A program in float64 allows it for all of JAX, also for the tests after it."""
    yield
    if "jax" in sys.modules:
        sys.modules["jax"].config.update("jax_enable_x64", False)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_program_of_a_typed_cell_computes_our_numbers(case: Case, framework: str, tmp_path: Path) -> None:
    assert difference(case.stack, framework, tmp_path) <= 1e-12


def test_a_program_in_float32_computes_our_numbers(framework: str, tmp_path: Path) -> None:
    assert difference(case("mlstm").stack, framework, tmp_path, "float32") <= 1e-6


def test_no_weight_has_the_name_of_an_attribute_of_a_module(framework: str) -> None:
    if framework == "pytorch":
        from torch import nn

        attributes = {name for name in dir(nn.Module()) if name[0].isalpha()}
        assert attributes <= PYTORCH.taken


def test_a_module_can_be_trained(framework: str) -> None:
    """Every weight gets a gradient through all steps."""
    if framework == "pytorch":
        names = execute(own_program(case("mlstm").stack, "pytorch"))
        names["Y"].sum().backward()
        assert all(weight.grad is not None for weight in names["cell"].parameters())
