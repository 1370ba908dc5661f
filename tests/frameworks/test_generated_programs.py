"""The programs of /code: all are well formatted, and those that need no large framework compute our numbers."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from configurations import (
    SIZES,
    Configuration,
    execute,
    execute_with_weights,
    largest_difference,
    outputs_of,
    run_ours,
    some_configurations,
    some_stacks,
    with_default_switches,
)

from app.core.cells import CELLS
from app.core.stack import Stack
from app.frameworks import FRAMEWORKS
from app.frameworks.conversion import convert
from app.frameworks.framework_types import Framework

QUICK = ("colah", "onnx")


LARGEST = [
    Stack(CELLS["lstm"], 1024, 10_000, 4096, 8192, num_layers=8, bidirectional=True),
    Stack(CELLS["lstm_peephole"], 1024, 10_000, 4096, 8192, 8191, num_layers=8, bidirectional=True),
    Stack(CELLS["gru"], 1024, 10_000, 4096, 8192, num_layers=8, bidirectional=True),
    Stack(CELLS["gru_reset_after"], 1024, 10_000, 4096, 8192, num_layers=8, bidirectional=True),
]


@pytest.mark.parametrize("configuration", [c for id in QUICK for c in some_configurations(FRAMEWORKS[id])], ids=str)
def test_a_program_computes_our_numbers_and_shapes(configuration: Configuration, tmp_path: Path) -> None:
    ours = run_ours(configuration)
    outputs = outputs_of(configuration, execute_with_weights(configuration, ours, tmp_path))
    assert largest_difference(configuration, ours, outputs) <= 1e-6


@pytest.mark.parametrize("configuration", some_configurations(FRAMEWORKS["colah"]), ids=str)
def test_in_float64_numpy_computes_our_numbers_to_the_last_digits(configuration: Configuration, tmp_path: Path) -> None:
    ours = run_ours(configuration, np.float64)
    outputs = outputs_of(configuration, execute_with_weights(configuration, ours, tmp_path))
    assert largest_difference(configuration, ours, outputs) <= 1e-12


@pytest.mark.parametrize("configuration", [*with_default_switches(FRAMEWORKS["onnx"], SIZES[:1])], ids=str)
def test_onnx_runtime_does_not_support_float64(configuration: Configuration, tmp_path: Path) -> None:
    """If this fails, tests/oracles can compare in float64, too."""
    with pytest.raises(Exception, match=r"does not support double|Could not find an implementation"):
        execute_with_weights(configuration, run_ours(configuration, np.float64), tmp_path)


@pytest.mark.parametrize("id", QUICK)
def test_a_program_runs_with_random_weights(id: str) -> None:
    for configuration in some_configurations(FRAMEWORKS[id]):
        execute(configuration.model.code())


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("lstm", "output, (h_n, c_n) = lstm(input)"),
        ("gru_reset_after", "output, h_n = gru(input)"),
        ("rnn", "output, h_n = rnn(input)"),
    ],
)
def test_pytorch_returns_one_state_alone_and_two_states_as_a_pair(cell: str, line: str) -> None:
    """As in the documentation of torch.nn.LSTM, GRU and RNN."""
    assert line in FRAMEWORKS["pytorch"].model(Stack(CELLS[cell], 3, 4, 2, 5)).code().splitlines()


@pytest.mark.parametrize("framework", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_every_program_is_formatted_without_unused_names(framework: Framework, tmp_path: Path) -> None:
    known = [
        *some_configurations(framework),
        *(Configuration(framework, stack, framework.defaults) for stack in LARGEST),
    ]
    programs = {c.model.code(): str(c) for c in known if c.is_supported}
    check_style(programs, tmp_path)


@pytest.mark.parametrize("source", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_every_conversion_function_is_formatted_without_unused_names(source: Framework, tmp_path: Path) -> None:
    programs = {}
    for target in FRAMEWORKS.values():
        for stack in (*some_stacks(), *LARGEST):
            old, new = source.model(stack), target.model(stack)
            if not old.unsupported and not new.unsupported:
                programs[convert(old, new)] = f"{stack}, {source.id} to {target.id}"
    check_style(programs, tmp_path)


def check_style(programs: dict[str, str], folder: Path) -> None:
    """Formatted as by ruff, in lines of 100 characters, without unused names."""
    for n, (program, name) in enumerate(programs.items()):
        (folder / f"{n} {name[:200]}.py").write_text(program, encoding="utf-8")
    # TensorFlow 1 needs an environment variable before it is imported.
    rules = ["--isolated", "--quiet", "--no-cache", "--line-length", "100"]
    ruff("check", *rules, "--select", "E,F,I,B,UP,SIM", "--ignore", "E402", str(folder))
    ruff("format", "--diff", *rules, str(folder))


def ruff(*arguments: str) -> None:
    done = subprocess.run([sys.executable, "-m", "ruff", *arguments], capture_output=True, text=True, check=False)
    assert not done.returncode, (done.stdout + done.stderr)[:4000]
