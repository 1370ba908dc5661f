"""The texts of a cause of a shape error."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ....translations.phrases import Phrase

OTHERS = ""
"""The key of the line for frameworks without one of their own."""


@dataclass(frozen=True)
class CauseText:
    """The title and the sentence of a cause, and by framework the corrected line and the wrong one, with the numbers of
    the message in braces.

    Beside frameworks, ``cell`` stands for the cells of PyTorch, which compute one step, ``keras states`` for states
    that are passed to a layer of Keras, ``keras features`` and ``tf1 features`` for weights that differ in the features
    alone, ``tf1 directions`` for a stack with two directions, ``keras convolution`` for a ConvLSTM, ``pytorch target``
    for a target with an axis more than the output, ``pytorch squeezed`` for states of which squeeze removes no axis,
    ``pytorch flattened`` for an output whose steps are in one axis with its units, ``onnx arrays`` for other weights of
    ONNX than W, which fits the node, and ``same units`` for a decoder with as many units as each direction of its
    encoder.
    """

    title: Phrase
    sentence: Phrase
    fixes: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
