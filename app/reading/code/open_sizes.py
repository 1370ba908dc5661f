"""The sizes that programs for Keras and TensorFlow 1 leave open. What layers get in them, the input says."""

from collections.abc import Sequence

from .frameworks import pytorch
from .values import Layer, Step, Unknown

SIZED = ("embedding", "dense", "convolution", "lstm", "gru", "rnn", "lstm_cell", "gru_cell", "rnn_cell")
"""The kinds of layers with sizes."""


def open_sizes(layers: Sequence[Layer], passes: Sequence[Sequence[Step]]) -> dict[int, list[str]]:
    """By line, the names of the sizes that are not known: those that the program says of a layer, and the features of
    layers that get the input of a model. Those of PyTorch are known already, which says all of them."""
    called = [(n == 0, step) for steps in passes for n, step in enumerate(steps)]
    of_input = {step.layer for is_first, step in called if is_first or step.reads == frozenset()}
    found: dict[int, list[str]] = {}
    for layer in dict.fromkeys([*layers, *(step.layer for _, step in called)]):
        if layer.framework == pytorch.FRAMEWORK or layer.kind not in SIZED or not layer.line:
            continue
        says_features = layer.kind == "embedding" or layer in of_input
        names = [*["features"] * says_features, "num_units"]
        is_open = [name for name in names if isinstance(layer.config.get(name), Unknown)]
        found.setdefault(layer.line, []).extend(is_open)
    return {line: [*dict.fromkeys(names)] for line, names in found.items() if names}
