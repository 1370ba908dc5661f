"""Programs that compute a recurrent cell themselves, or with Flax, with one wrong axis, and what is true about them.

A program is a text in ``own_cells``: a line with ``#!`` is wrong, and behind that mark stands the right one.
``make oracles ARGS=--record`` runs the programs and writes what they raise into own_cells.json.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("own_cells")
RECORDED = Path(__file__).with_name("own_cells.json")
WRONG = re.compile(r"^( *)(.*?)  #! (.*)$", re.MULTILINE)


class OwnCell(NamedTuple):
    """What is true: the tensor and the axis that are wrong, the cause, and the sizes of the network."""

    tensor: str | None
    axis: str | None
    cause: str
    batch_size: int
    time_step: int
    features: int
    num_units: int


OWN_CELLS = {
    "flax-carry-of-other-units": OwnCell("h_0", "num_units", "other_units", 6, 40, 3, 24),
    "flax-dense-layer-of-both-directions": OwnCell("dense_input", "features", "dense_directions", 6, 21, 16, 40),
    "flax-features-of-a-cell": OwnCell("x", "features", "other_features", 20, 15, 8, 32),
    "flax-only-the-last-step": OwnCell("output", "rank", "kept_last_step", 16, 30, 13, 50),
    "flax-state-of-other-units": OwnCell("h_0", "num_units", "other_units", 4, 11, 6, 20),
    "flax-steps-of-the-batch": OwnCell("x", "order", "step_axis", 12, 30, 4, 26),
    "jax-batch-for-one-sample": OwnCell("x", "rank", "vmap", 32, 20, 8, 28),
    "jax-column-bias-of-a-scan": OwnCell("bias", "rank", "column_bias", 1, 40, 3, 12),
    "jax-state-without-batch": OwnCell("h_0", "rank", "carry", 5, 17, 6, 22),
    "jax-transposed-kernel": OwnCell("kernel", "order", "kernel_order", 10, 25, 5, 18),
    "jax-weights-of-x-alone": OwnCell("kernel", "features", "joined_weights", 4, 18, 10, 25),
    "numpy-bias-of-columns": OwnCell("bias", "rank", "row_bias", 10, 7, 3, 5),
    "numpy-bias-of-each-gate": OwnCell("bias", "rank", "flat_bias", 8, 13, 3, 10),
    "numpy-column-bias": OwnCell("bias", "rank", "column_bias", 5, 20, 3, 16),
    "numpy-columns-next-to-each-other": OwnCell(None, None, "joined_columns", 1, 30, 5, 14),
    "numpy-features-of-every-layer": OwnCell("x", "features", "layer_below", 6, 8, 11, 30),
    "numpy-output-of-both-directions": OwnCell("dense_input", "features", "output_weights", 3, 12, 9, 24),
    "numpy-row-for-columns": OwnCell("x", "order", "samples_in_columns", 1, 21, 12, 64),
    "numpy-rows-for-columns": OwnCell("x", "order", "samples_in_columns", 10, 20, 7, 16),
    "numpy-step-without-batch": OwnCell("x", "rank", "step_without_batch", 1, 25, 4, 10),
    "numpy-steps-of-the-batch": OwnCell("x", "order", "step_axis", 32, 18, 7, 12),
    "numpy-transposed-output-weights": OwnCell("dense_kernel", "order", "kernel_order", 1, 25, 21, 100),
    "numpy-transposed-scores": OwnCell("dense_kernel", "order", "kernel_order", 9, 14, 6, 22),
    "numpy-weights-as-in-pytorch": OwnCell("kernel", "order", "kernel_order", 2, 10, 5, 8),
    "numpy-weights-of-fewer-gates": OwnCell("recurrent_kernel", "gates*num_units", "gate_weights", 4, 15, 6, 20),
}


def framework(name: str) -> str:
    return name.partition("-")[0]


def _text(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def wrong(name: str) -> str:
    """The program with its mistake."""
    return WRONG.sub(r"\1\2", _text(name))


def right(name: str) -> str:
    """The program without it."""
    return WRONG.sub(r"\1\3", _text(name))


def corrections(name: str) -> list[tuple[str, str]]:
    """The wrong lines of a program, each with the right one."""
    return [(match[2], match[3]) for match in WRONG.finditer(_text(name))]


@cache
def recorded() -> dict[str, str]:
    """What each program raised."""
    errors: dict[str, str] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return errors
