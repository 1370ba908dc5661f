"""Programs with a mistake, and what the real frameworks raise. ``make oracles ARGS=--record`` runs the programs and
writes what they raise into provoked.json.
"""

import json
from functools import cache
from pathlib import Path

from mistake import Mistake
from mistakes_in_keras import of_keras, of_keras_1, of_keras_3
from mistakes_in_other_frameworks import of_flax, of_numpy, of_onnx, of_tf1
from mistakes_in_pytorch import dense, inputs, new_in_pytorch, sequences, states
from mistakes_of_arguments_and_data import arguments_and_data
from mistakes_of_outputs import checkpoints_attention_and_masks, indexed_outputs_and_own_cells, reshaped, returned_pairs
from rare_mistakes import in_sources, rare, unforeseen

RECORDED = Path(__file__).with_name("provoked.json")


ENVIRONMENTS = {
    **{name: name for name in ("pytorch", "keras", "tensorflow", "onnx", "tf1", "flax")},
    **{"numpy": "onnx", "keras2": "tf1", "keras1": "tf1", "jax": "flax"},
}
"""The framework of a program -> the framework whose environment runs it; tensorflow is Keras 3 on TensorFlow, keras2 is
tf_keras, and keras1 the same with the behavior of TensorFlow 1, in which models are trained as in Keras 1."""


MISTAKES: tuple[Mistake, ...] = (
    *states(),
    *inputs(),
    *sequences(),
    *dense(),
    *new_in_pytorch(),
    *of_keras("keras"),
    *of_keras("keras2"),
    *of_keras_3(),
    *of_onnx(),
    *reshaped(),
    *of_keras_1(),
    *of_tf1(),
    *of_flax(),
    *of_numpy(),
    *rare(),
    *unforeseen(),
    *arguments_and_data(),
    *indexed_outputs_and_own_cells(),
    *checkpoints_attention_and_masks(),
    *returned_pairs(),
    *in_sources(),
)


@cache
def _stored() -> dict[str, dict[str, str]]:
    stored: dict[str, dict[str, str]] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return stored


def recorded() -> dict[str, str]:
    """What each program raised: its traceback."""
    return _stored()["texts"]


def others() -> dict[str, str]:
    """What the programs of other_programs.py raised."""
    return _stored()["others"]
