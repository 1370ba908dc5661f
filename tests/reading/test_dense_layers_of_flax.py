"""The dense layer of Flax in the line that failed, of several that a network has, and the size for which it is made.

JAX 0.10 with Flax 0.12 raised the message for these programs, which run with the corrected lines.
"""

import pytest
from pasted_programs import likely, pasted

PROGRAM = """import jax.numpy as jnp
from flax import nnx


class Poses(nnx.Module):
    def __init__(self, marks, units, poses, *, rngs):
        self.enter = nnx.Linear({enter}, units, rngs=rngs)
        self.rnn = nnx.RNN(nnx.GRUCell(units, units, rngs=rngs))
        self.score = nnx.Linear(units, 1, rngs=rngs)
        self.leave = nnx.Linear({leave}, poses, rngs=rngs)

    def __call__(self, x):
        x = nnx.relu(self.enter({x}))
        x = self.rnn(x)
        weights = nnx.softmax(self.score(x), axis=1)
        return self.leave(jnp.sum(weights * x, axis={axis}))


model = Poses(9, 22, 4, rngs=nnx.Rngs(0))
model(jnp.zeros((3, 15, 9, 2)))
"""

LIBRARY = """  File "/env/lib/python3.11/site-packages/flax/nnx/nn/linear.py", line 422, in __call__
    y = self.dot_general(
"""
X = "x.reshape(3, 15, 18)"


def text(
    got: int,
    expected: int,
    enter: str = "marks * 2",
    leave: str = "units",
    x: str = X,
    axis: int = 1,
    last: bool = False,
) -> str:
    line = f"return self.leave(jnp.sum(weights * x, axis={axis}))" if last else f"x = nnx.relu(self.enter({x}))"
    sizes = f"({got},) and ({expected},)"
    error = f"TypeError: dot_general requires contracting dimensions to have the same shape, got {sizes}."
    program = PROGRAM.format(enter=enter, leave=leave, x=x, axis=axis)
    return pasted(program, ["model(jnp.zeros((3, 15, 9, 2)))", line], f"{LIBRARY}{error}")


@pytest.mark.parametrize(
    ("program", "wrong", "fixed"),
    [
        (
            text(18, 9, enter="marks"),
            "self.enter = nnx.Linear(marks, units, rngs=rngs)",
            "self.enter = nnx.Linear(2 * marks, units, rngs=rngs)",
        ),
        (
            text(22, 44, leave="units * 2", last=True),
            "self.leave = nnx.Linear(units * 2, poses, rngs=rngs)",
            "self.leave = nnx.Linear(units, poses, rngs=rngs)",
        ),
        (
            text(22, 31, leave="31", last=True),
            "self.leave = nnx.Linear(31, poses, rngs=rngs)",
            "self.leave = nnx.Linear(units, poses, rngs=rngs)",
        ),
    ],
)
def test_the_dense_layer_of_the_line_that_failed_is_made_for_what_it_gets(program: str, wrong: str, fixed: str) -> None:
    assert likely(program) == (["dense_features"], {wrong: fixed})


def test_a_dense_layer_reads_two_directions_only_in_a_program_that_has_them() -> None:
    program = text(44, 22, last=True)
    both = program.replace("nnx.RNN(nnx.GRUCell(units, units, rngs=rngs))", "nnx.Bidirectional(forward, backward)")

    assert [likely(one)[0] for one in (program, both)] == [["dense_features"], ["dense_directions"]]


@pytest.mark.parametrize(
    "program",
    [text(15, 22, axis=2, last=True), text(2, 18, x="x.reshape(3, 15, 9, 2)")],
    ids=["sum over the units", "features in two axes"],
)
def test_a_dense_layer_is_not_made_for_what_another_operation_has_left(program: str) -> None:
    assert likely(program) == (["dense_features"], {})
