"""What a run costs: trainable parameters, multiplications and additions, bytes."""

from math import prod

from cells import GIVEN
from stacks import Place, Run

FLOAT32 = 4


def parameters(run: Run) -> dict[str, int]:
    """How many numbers each weight has, by our own name, in all layers and directions."""
    own = {(place, name): w for place, weights in run.weights.items() for name, w in weights.items()}
    return {run.case.name_of(place, name): w.value.size for (place, name), w in own.items()}


def flops(run: Run) -> int:
    """Of a whole run: 2·n for each number of a product over n, 1 for its bias, 1 for each pointwise operation."""
    return sum(of_a_cell(run, place) for place in run.case.places)


def of_a_cell(run: Run, place: Place) -> int:
    return run.case.time_step * _of_a_step(run, place)


def _of_a_step(run: Run, place: Place) -> int:
    rows, weights, step = run.case.batch_size, run.weights[place], run.steps[place][0]
    products = sum(2 * rows * prod(w.shape) for w in weights.values() if len(w.shape) == 2)
    biases = sum(rows * w.shape[0] for name, w in weights.items() if name.endswith("bias"))
    copied_or_multiplied = {*GIVEN, "concat", "reset_concat", *_results_of_products(run)}
    pointwise = [v for id, v in step.items() if id not in copied_or_multiplied and not v.is_block]
    return products + biases + sum(v.value.size for v in pointwise)


def _results_of_products(run: Run) -> list[str]:
    made = {"gru": ["a", "a_g"], "gru_reset_after": ["x_a", "h_a"]}.get(run.case.cell, ["a"])
    return [*made, "h"] if run.case.num_proj else made


def recorded_bytes(run: Run) -> int:
    """X, the weights and every array that a step writes, at every step; what is cut or given to a step is a view."""
    return FLOAT32 * sum(_numbers(run, place) for place in run.case.places)


def _numbers(run: Run, place: Place) -> int:
    case = run.case
    X = case.batch_size * case.time_step * case.width_of_x(place[0])
    weights = sum(w.value.size for w in run.weights[place].values())
    written = sum(v.value.size for id, v in run.steps[place][0].items() if id not in GIVEN and not v.is_block)
    return X + weights + case.time_step * written
