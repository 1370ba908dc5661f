"""Why a tensor has its shape: every chain ends at the shape that a run recorded, each line follows from the last."""

import numpy as np
import pytest

from app.core.cells import CELLS, PROJECTED
from app.core.initializers import stack_weights
from app.core.input_data import make_input
from app.core.ops import OPS
from app.core.run import run_stack
from app.core.stack import Stack
from app.lessons.sentence import spelled
from app.lessons.why import RULES, line_text, why

STACKS = {
    **{id: Stack(CELLS[id], 3, 4, 2, 5) for id in CELLS},
    **{f"{id}, projected": Stack(CELLS[id], 7, 1, 11, 5, num_proj=3) for id in PROJECTED},
    "one of everything": Stack(CELLS["lstm"], 1, 1, 1, 1),
    "above two directions": Stack(CELLS["gru"], 2, 3, 13, 5, num_layers=2, bidirectional=True),
}
every_stack = pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)


def test_there_is_a_rule_for_every_operation() -> None:
    assert all(id in RULES or op.kind in RULES for id, op in OPS.items())
    assert RULES.keys() <= OPS.keys() | {op.kind for op in OPS.values()}


@every_stack
def test_every_chain_ends_at_the_shape_that_the_run_recorded(stack: Stack) -> None:
    trace = run_stack(stack, stack_weights(stack, 0), make_input(stack.sizes, 0))
    for layer, direction in stack.places:
        for t in stack.program(layer).tensors:
            after = why(stack.program(layer), t)[-1].after
            recorded = trace.array(t.id, (layer, direction), 0).shape
            assert tuple(axis.size(stack.sizes) for axis in after) == recorded, t.id


@every_stack
def test_numpy_agrees_with_each_line(stack: Stack) -> None:
    """What a line says is taken, put together by NumPy with what there was before, has the shape after it."""
    for layer in range(stack.num_layers):
        program = stack.program(layer)
        for t in program.tensors:
            first, *lines = why(program, t)
            made = np.zeros([axis.size(stack.sizes) for axis in first.after])
            for line in lines:
                taken = np.zeros([axis.size(stack.sizes) for axis in line.axes or ()])
                match line.symbol.split()[0]:
                    case "·":
                        made = made @ taken
                    case "+" | "∗":
                        made = made + taken
                    case "beside":
                        made = np.concatenate([made, taken], axis=-1)
                    case "one":
                        made = made[:, 0]
                    case "every":
                        made = np.stack([made] * stack.time_step, axis=1)
                    case "block":
                        made = np.split(made, int(line.symbol.split()[-1]), axis=-1)[0]
                assert made.shape == tuple(axis.size(stack.sizes) for axis in line.after), (t.id, line)


@every_stack
def test_every_line_is_of_a_tensor_that_there_is(stack: Stack) -> None:
    for layer in range(stack.num_layers):
        program = stack.program(layer)
        assert {line.tensor for t in program.tensors for line in why(program, t)} <= program.by_id.keys()


def test_a_chain_reads_as_one_would_explain_it() -> None:
    stack = STACKS["lstm"]
    program = stack.program()

    assert [line_text(line, stack.sizes) for line in why(program, program.by_id["f"])] == [
        "[hₜ₋₁, xₜ] 3 × 7 → 3 × 7",
        "· W_f 7 × 5, block 1 of the 4 of W; the inner axes meet and vanish → 3 × 5",
        "+ b_f 5, the same for each of 3 rows → 3 × 5",
        "σ, one number at a time → 3 × 5",
    ]


def test_words_have_the_sizes_with_their_axes() -> None:
    assert spelled("the same for each of {batch_size} rows", {"batch_size": 1024}) == [
        ("the same for each of ", ""),
        ("1,024", "batch_size"),
        (" rows", ""),
    ]
