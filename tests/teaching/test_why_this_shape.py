"""Why a tensor has its shape: every derivation ends at the shape recorded in a run, and each step follows from the
last."""

import numpy as np
import pytest

from app.core.cells import CELLS, PROJECTED
from app.core.input_data import make_input
from app.core.ops import OPS
from app.core.run import run_stack
from app.core.seeded_weights import stack_weights
from app.core.stack import Stack
from app.teaching.around_picture.sentences import fill_in
from app.teaching.around_picture.why_this_shape import RULES, line_text, why

STACKS = {
    **{id: Stack(CELLS[id], 3, 4, 2, 5) for id in CELLS},
    **{f"{id}, projected": Stack(CELLS[id], 7, 1, 11, 5, num_proj=3) for id in PROJECTED},
    "one of everything": Stack(CELLS["lstm"], 1, 1, 1, 1),
    "above two directions": Stack(CELLS["gru"], 2, 3, 13, 5, num_layers=2, bidirectional=True),
}
every_stack = pytest.mark.parametrize("stack", STACKS.values(), ids=STACKS)


def test_every_operation_has_a_rule() -> None:
    assert all(id in RULES or op.kind in RULES for id, op in OPS.items())
    assert RULES.keys() <= OPS.keys() | {op.kind for op in OPS.values()}


@every_stack
def test_every_derivation_ends_at_the_shape_recorded_in_a_run(stack: Stack) -> None:
    trace = run_stack(stack, stack_weights(stack, 0), make_input(stack.sizes, 0))
    for layer, direction in stack.places:
        for t in stack.program(layer).tensors:
            after = why(stack.program(layer), t)[-1].after
            recorded = trace.array(t.id, (layer, direction), 0).shape
            assert tuple(axis.size(stack.sizes) for axis in after) == recorded, t.id


@every_stack
def test_numpy_agrees_with_each_step(stack: Stack) -> None:
    """NumPy applies each step to arrays of the shapes before it."""
    for layer in range(stack.num_layers):
        program = stack.program(layer)
        for t in program.tensors:
            first, *lines = why(program, t)
            result = np.zeros([axis.size(stack.sizes) for axis in first.after])
            for line in lines:
                operand = np.zeros([axis.size(stack.sizes) for axis in line.axes or ()])
                match line.symbol.split()[0]:
                    case "·":
                        result = result @ operand
                    case "+" | "∗":
                        result = result + operand
                    case "concatenated":
                        result = np.concatenate([result, operand], axis=-1)
                    case "one":
                        result = result[:, 0]
                    case "every":
                        result = np.stack([result] * stack.time_step, axis=1)
                    case "block":
                        result = np.split(result, int(line.symbol.split()[-1]), axis=-1)[0]
                assert result.shape == tuple(axis.size(stack.sizes) for axis in line.after), (t.id, line)


@every_stack
def test_every_step_names_a_tensor_of_the_program(stack: Stack) -> None:
    for layer in range(stack.num_layers):
        program = stack.program(layer)
        assert {line.tensor for t in program.tensors for line in why(program, t)} <= program.by_id.keys()


def test_a_derivation_as_text() -> None:
    stack = STACKS["lstm"]
    program = stack.program()

    assert [line_text(line, stack.sizes) for line in why(program, program.by_id["f"])] == [
        "[hₜ₋₁, xₜ] 3 × 7 → 3 × 7",
        "· W_f 7 × 5, block 1 of the 4 of W; the inner axes match and are summed over → 3 × 5",
        "+ b_f 5, broadcast over 3 rows → 3 × 5",
        "σ, element by element → 3 × 5",
    ]


def test_the_input_has_samples_and_a_weight_has_inputs_and_outputs() -> None:
    program = STACKS["lstm"].program()
    X, kernel = (" ".join(line.words for line in why(program, program.by_id[id])) for id in ("X", "kernel"))

    assert X.startswith("samples, their steps, ") and kernel.startswith("one row per input value, ")


def test_sizes_in_a_text_have_their_axes() -> None:
    assert fill_in("the same for each of {batch_size} rows", {"batch_size": 1024}) == [
        ("the same for each of ", ""),
        ("1,024", "batch_size"),
        (" rows", ""),
    ]
