"""Small complete programs that fail as a message says, and run with the corrected lines.

``make oracles`` executes them in the real frameworks.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import dedent
from typing import NamedTuple

from ..causes_in_programs.outputs.joined_outputs import joined_output
from ..explanation import Explanation
from ..mismatch import Cause
from .conditions import CONDITIONS
from .frameworks.flax import FLAX
from .frameworks.jax import JAX, JAX_C, JAX_OTHERS
from .frameworks.keras import KERAS
from .frameworks.keras_2 import KERAS_1, KERAS_2, KERAS_2_OTHERS, KERAS_2_STATES
from .frameworks.keras_models import MODELS, OTHER_MODELS
from .frameworks.numpy import NUMPY, NUMPY_COLUMNS, NUMPY_JOINED, NUMPY_OTHER_COLUMNS, NUMPY_OTHERS
from .frameworks.onnx import ONNX, ONNX_OTHERS, ONNX_RANKS
from .frameworks.pytorch import JOINED_OUTPUT, PYTORCH, STATES_FOR_LAYERS
from .frameworks.pytorch_cells import CELLS
from .frameworks.pytorch_outputs import OTHER_OUTPUTS, OUTPUTS, PACKED, PAIRS, STEPS, TARGETS
from .frameworks.pytorch_weights import (
    JOINED_CELLS,
    OBJECTS,
    OF_CELLS,
    OWN_CELLS,
    PERHAPS_SQUEEZED,
    SQUEEZED,
    TIME_FIRST,
    WEIGHTS,
)
from .frameworks.tensorflow_1 import TENSORFLOW_1, TENSORFLOW_1_CELLS, TENSORFLOW_1_OTHERS
from .listing import Listing
from .sizes_and_names import Value, values_of


class ProgramLine(NamedTuple):
    """A line of a program. ``sign``: - for a line that makes it fail, + for one that corrects it, "" for the others."""

    sign: str
    text: str


@dataclass(frozen=True)
class Program:
    """A program in a framework; ``printed`` is what it prints once it is corrected. ``framework`` is that in which it
    runs: Keras 3, tf_keras (``keras2``) and Keras 3 on TensorFlow (``tensorflow``) are three."""

    framework: str
    lines: tuple[ProgramLine, ...]
    printed: str

    @property
    def failing(self) -> str:
        """The program that fails."""
        return self._without("+")

    @property
    def running(self) -> str:
        """The program that runs."""
        return self._without("-")

    def _without(self, sign: str) -> str:
        return "".join(f"{line.text}\n" for line in self.lines if line.sign != sign)


MOST_VALUES = 2_000_000
"""Values of all arrays of a program: a larger one is not shown."""

OF_KERAS_1 = ("keras-1-check-rank", "keras-1-check-shape", "keras-2-target", "keras-2-fixed-batch", "keras-state-sizes")

OF_KERAS_2 = ("keras-shapes", "keras-unknown", "keras-kept-h_0", "keras-kept-c_0", "keras-3-number-in-order")
"""Messages of tf_keras; the former only in graphs."""

IN_GRAPHS = "import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"

HEADS = {
    "tensorflow": {"import keras\n": 'import os\nos.environ["KERAS_BACKEND"] = "tensorflow"\nimport keras\n'},
    "keras2": {"import keras\n": "import tf_keras as keras\n"},
    "keras1": {"import keras\n": f"{IN_GRAPHS}import tf_keras as keras\n"},
}
"""Framework -> what stands in a program in place of the import of Keras."""

OF_TENSORFLOW_1 = (TENSORFLOW_1, TENSORFLOW_1_OTHERS, TENSORFLOW_1_CELLS)

LISTINGS: Mapping[str, tuple[Mapping[str, Listing], ...]] = {
    "pytorch": (
        *SQUEEZED,
        PERHAPS_SQUEEZED,
        PYTORCH,
        STATES_FOR_LAYERS,
        OUTPUTS,
        OTHER_OUTPUTS,
        TARGETS,
        STEPS,
        WEIGHTS,
        TIME_FIRST,
        OWN_CELLS,
        JOINED_CELLS,
        OBJECTS,
        *PAIRS,
        *PACKED,
    ),
    "keras": (KERAS, MODELS, OTHER_MODELS, KERAS_2, KERAS_2_OTHERS, KERAS_2_STATES, KERAS_1, *OF_TENSORFLOW_1),
    "tf1": (*OF_TENSORFLOW_1, KERAS_2, KERAS_2_OTHERS),
    "onnx": (ONNX, ONNX_OTHERS, ONNX_RANKS),
    "flax": (FLAX,),
    "jax": (JAX, JAX_OTHERS, JAX_C),
    "numpy": (NUMPY, NUMPY_COLUMNS, NUMPY_OTHERS, NUMPY_OTHER_COLUMNS, NUMPY_JOINED),
}
"""Framework -> cause -> the programs, the first of which that fits is shown."""

OF_PYTORCH_CELLS: tuple[Mapping[str, Listing], ...] = (CELLS, OF_CELLS)
"""The same for the cells of PyTorch, which compute one step."""


def program(explanation: Explanation, cause: Cause) -> Program | None:
    """The program that fails for a cause; None if there is none for the sizes of the message, or for its layer."""
    said = explanation.mismatch.expected, explanation.mismatch.got
    if explanation.found.surroundings.is_javascript or explanation.found.surroundings.is_r:
        return None
    if not explanation.configuration or (said[0] == said[1] and isinstance(said[0], tuple)):
        return None
    values = dict(values_of(explanation))
    if _values_of_arrays(values) > MOST_VALUES:
        return None
    framework = _library(explanation)
    written = (_written(framework, one, values) for one in _listings(explanation, cause.id))
    return next(filter(None, written), None)


def _listings(explanation: Explanation, cause: str) -> Iterator[Listing]:
    """The programs that fail for a cause with the message that was read."""
    if cause == "dense_features" and joined_output(explanation.found, explanation.mismatch):
        yield JOINED_OUTPUT
        return
    is_cell = explanation.framework == "pytorch" and explanation.is_of_one_step
    for of_causes in OF_PYTORCH_CELLS if is_cell else LISTINGS.get(explanation.framework, ()):
        one = of_causes.get(cause)
        if one and _raises(one, explanation) and CONDITIONS[one.when](explanation):
            yield one


def _raises(listing: Listing, explanation: Explanation) -> bool:
    """Whether a program raises the message that was read. Older versions of Keras raise each only where that is
    said."""
    if listing.of:
        return explanation.found.template.id in listing.of
    return _library(explanation) not in ("keras1", "keras2")


def _library(explanation: Explanation) -> str:
    """The framework, or the version of Keras, that raises a message."""
    id = explanation.found.template.id
    if explanation.framework not in ("keras", "tf1"):
        return explanation.framework
    if id in OF_KERAS_1:
        return "keras1"
    return "keras2" if id in OF_KERAS_2 or id.startswith(("keras-2-", "tensorflow-", "tf1-")) else "keras"


def _written(framework: str, listing: Listing, values: Mapping[str, object]) -> Program | None:
    """A program with its sizes; None if the message does not say one of them."""
    text = dedent(listing.lines)
    for name, value in HEADS.get(listing.runs_in or framework, {}).items():
        text = text.replace(name, value)
    try:
        lines = [line.format_map(values) for line in text.splitlines()]
        printed = listing.printed.format_map(values)
    except (KeyError, IndexError):
        return None
    found = Program(listing.runs_in or framework, tuple(_signed(lines)), printed)
    return found if found.failing != found.running else None


def first_program(explanation: Explanation) -> Program | None:
    """The program of the most likely cause; None if there is none."""
    causes = explanation.mismatch.causes
    return program(explanation, causes[0]) if causes else None


def _signed(lines: list[str]) -> Iterator[ProgramLine]:
    """Lines with their signs. A line that is broken has one sign."""
    for whole in filter(str.strip, lines):
        sign, text = (whole[0], whole[2:]) if whole[:2] in ("- ", "+ ") else ("", whole)
        for line in text.split("\n"):
            yield ProgramLine(sign, line)


def _values_of_arrays(values: Mapping[str, Value]) -> int:
    """About as many values as the largest array of a program has: that of all steps, or a matrix."""
    largest = max((value for value in values.values() if isinstance(value, int)), default=1)
    batch, time, units = (size for name in ("batch", "time", "units") if isinstance(size := values[name], int))
    return largest * max(batch * time, units)
