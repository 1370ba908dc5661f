"""Dense layers that read every step of an output: the page compares its whole shape, and the picture has every step.

PyTorch 2.13 and NumPy 2 raised the errors of these programs; PyTorch puts samples and steps into one axis.
"""

import pytest
from pasted_programs import pasted

from app.reading.errors.expected_and_given_shape import comparison
from app.reading.errors.explanation import explain
from app.url_state_to_picture.error_pictures.layers_around_error import error_chain

IN_PYTORCH = """
import torch
from torch import nn


class Tagger(nn.Module):
    def __init__(self, features=7, hidden=21, tags=5):
        super().__init__()
        self.gru = nn.GRU(features, hidden, bidirectional=True{})
        self.tag = nn.Linear(hidden, tags)

    def forward(self, x):
        y, _ = self.gru(x)
        return self.tag(y)


scores = Tagger()(torch.randn(16, 9, 7))
"""

IN_NUMPY = """
import numpy as np


def run(W, U, xs):
    h, hs = np.zeros((xs.shape[1], U.shape[0])), []
    for x in xs:
        h = np.tanh(x @ W + h @ U)
        hs.append(h)
    return np.stack(hs)


class Reader:
    def __init__(self, n_in, n_units, n_out):
        rng = np.random.default_rng(0)
        self.W, self.U = rng.normal(size=(n_in, n_units)), rng.normal(size=(n_units, n_units))
        self.V, self.C = rng.normal(size=(n_in, n_units)), rng.normal(size=(n_units, n_units))
        self.W_out = rng.normal(size=(n_units, n_out))

    def __call__(self, xs):
        there = run(self.W, self.U, xs)
        back = run(self.V, self.C, xs[::-1])[::-1]
        hs = np.concatenate([there, back], axis=-1)
        return np.dot(hs, self.W_out)


scores = Reader(n_in=6, n_units=22, n_out=4)(np.ones((15, 9, 6)))
"""

FLAT = "RuntimeError: mat1 and mat2 shapes cannot be multiplied (144x42 and 21x5)"
OF_STEPS = "ValueError: shapes (15,9,44) and (22,4) not aligned: 44 (dim 2) != 22 (dim 0)"
TIME_FIRST = ("time_step", "batch_size", "features")
BATCH_FIRST = ("batch_size", "time_step", "features")


@pytest.mark.parametrize(
    ("program", "line", "error", "axes", "expected", "got", "passed"),
    [
        (IN_PYTORCH.format(""), "return self.tag(y)", FLAT, TIME_FIRST, (16, 9, 21), (16, 9, 42), (9, 16, 42)),
        (
            IN_PYTORCH.format(", batch_first=True"),
            "return self.tag(y)",
            FLAT,
            BATCH_FIRST,
            (16, 9, 21),
            (16, 9, 42),
            (16, 9, 42),
        ),
        (
            IN_NUMPY,
            "return np.dot(hs, self.W_out)",
            OF_STEPS,
            TIME_FIRST,
            (15, 9, 22),
            (15, 9, 44),
            (9, 15, 44),
        ),
    ],
)
def test_a_dense_layer_of_each_step_gets_samples_and_steps(
    program: str,
    line: str,
    error: str,
    axes: tuple[str, ...],
    expected: tuple[int, ...],
    got: tuple[int, ...],
    passed: tuple[int, ...],
) -> None:
    explanation = explain(pasted(program, [program.strip().split("\n")[-1], line], error))
    shapes = comparison(explanation)
    assert shapes and explanation.configuration
    assert (shapes.axes, shapes.expected, shapes.got) == (axes, expected, got)
    assert shapes.differing == (2,)

    chain = error_chain(explanation, explanation.configuration, shapes)
    assert chain
    wire = chain.layers[-1].passed.input
    assert [(size.name, size.value) for size in wire] == [*zip(BATCH_FIRST[:2], passed, strict=False), ("", passed[2])]
    assert chain.layers[-1].passed.layer.num_units == {IN_NUMPY: 4}.get(program, 5)


def test_a_layer_that_reads_x_in_both_directions_is_the_only_one() -> None:
    frames = [IN_NUMPY.strip().split("\n")[-1], "return np.dot(hs, self.W_out)"]
    network = explain(pasted(IN_NUMPY, frames, OF_STEPS)).configuration

    assert network and (network.num_layers, network.bidirectional) == (1, True)


def test_a_dense_layer_of_the_last_step_gets_samples() -> None:
    program = IN_PYTORCH.format(", batch_first=True").replace("self.tag(y)", "self.tag(y[:, -1])")
    frames = [program.strip().split("\n")[-1], "return self.tag(y[:, -1])"]
    shapes = comparison(explain(pasted(program, frames, FLAT.replace("144", "16"))))

    assert shapes and shapes.got == (16, 42)
