"""The shapes of a case's weights, from the papers: no answer of the app is needed to know them."""

from collections.abc import Iterator

import numpy as np
from autodiff import Array
from stacks import Case, Place, Run

GATES = {"lstm": 4, "lstm_peephole": 4, "lstm_coupled": 3, "rnn": 1}


def of_weights(case: Case) -> dict[str, tuple[int, ...]]:
    """By our own full names."""
    return {case.name_of(place, name): shape for place in case.places for name, shape in _of_a_cell(case, place)}


def _of_a_cell(case: Case, place: Place) -> Iterator[tuple[str, tuple[int, ...]]]:
    U, x, h = case.num_units, case.width_of_x(place[0]), case.width_of_h
    match case.cell:
        case "gru":
            yield from {"kernel": (h + x, 2 * U), "bias": (2 * U,)}.items()
            yield from {"candidate_kernel": (h + x, U), "candidate_bias": (U,)}.items()
        case "gru_reset_after":
            yield from {"kernel": (x, 3 * U), "bias": (3 * U,)}.items()
            yield from {"recurrent_kernel": (U, 3 * U), "recurrent_bias": (3 * U,)}.items()
        case cell:
            yield from {"kernel": (h + x, GATES[cell] * U), "bias": (GATES[cell] * U,)}.items()
    if case.cell == "lstm_peephole":
        yield from {"p_f": (U,), "p_i": (U,), "p_o": (U,)}.items()
    if case.num_proj:
        yield "projection", (U, case.num_proj)


def numbered(case: Case) -> dict[str, Array]:
    """Weights of which each number is another one, from 1 on: so each can be found again in any layout."""
    found, begin = dict[str, Array](), 1
    for name, shape in of_weights(case).items():
        found[name] = np.arange(begin, begin + np.prod(shape), dtype=np.float64).reshape(shape)
        begin += found[name].size
    return found


def dry_run(case: Case) -> Run:
    """A run of zeros: every tensor has its shape."""
    zeros = {name: np.zeros(shape) for name, shape in of_weights(case).items()}
    return Run(case, {"X": np.zeros((case.batch_size, case.time_step, case.features)), **zeros})
