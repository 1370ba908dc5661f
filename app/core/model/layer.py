"""A layer of a chain: its kind, sizes and switches. None is a size that is not known."""

from dataclasses import dataclass, field
from typing import Literal

Family = Literal["embedding", "recurrent", "cell", "dense", "same", "axes", "flatten", "repeat", "transpose", "step"]
"""Kinds that have the same arguments and compute their output in the same way."""

KINDS: dict[str, Family] = {
    "embedding": "embedding",
    "lstm": "recurrent",
    "gru": "recurrent",
    "rnn": "recurrent",
    "lstm_cell": "cell",
    "gru_cell": "cell",
    "rnn_cell": "cell",
    "dense": "dense",
    "dropout": "same",
    "activation": "same",
    "prelu": "same",
    "normalization": "same",
    "masking": "same",
    "convolution": "axes",
    "conv_lstm": "axes",
    "pooling": "axes",
    "reshape": "axes",
    "concatenate": "axes",
    "add": "axes",
    "subtract": "axes",
    "multiply": "axes",
    "average": "axes",
    "maximum": "axes",
    "minimum": "axes",
    "dot": "axes",
    "attention": "axes",
    "other": "axes",
    "elsewhere": "axes",
    "flatten": "flatten",
    "repeat": "repeat",
    "transpose": "transpose",
    "swap": "same",
    "step": "step",
}
"""The kinds of layers, as /read.json names them."""

OF_SEVERAL_TENSORS = ("concatenate", "add", "subtract", "multiply", "average", "maximum", "minimum", "dot", "attention")
"""The kinds that join the output of the layer before with other tensors."""

WITH_OTHER_ARGUMENTS = ("normalization", "prelu", "convolution", "conv_lstm", "attention", "other")
"""The kinds whose number of parameters depends on more than their sizes."""

OF_SIZES: tuple[Family, ...] = ("embedding", "recurrent", "cell", "dense")
"""The families whose number of parameters follows from their sizes."""

MERGES = ("concat", "sum", "mul", "ave")
"""How the outputs of two directions are combined into one tensor."""

SWAP = "swap"
"""The kind that transposes the first two axes, the batch and the steps, as ``x.transpose(0, 1)``. Shapes have the batch
first before and after it; only the order in which they are shown changes."""

MOVES = ("transpose", SWAP, "step")
"""The kinds that only move numbers: axes change places, and each step is taken alone, for layers that run once for
each."""

GAPS = ("other", "elsewhere")
"""Kinds that stand for what comes before a layer: a step of which nothing is known, and a tensor that is not computed
from the layer before, such as a second input or the output of an earlier layer."""

TIME: Literal["t"] = "t"
"""The axis of time as it comes in, in the axes of a layer."""

AxisSize = int | Literal["t"] | None
"""A size in the axes of an input or an output; TIME is the number of time steps."""


@dataclass(frozen=True)
class Layer:
    """One layer.

    ``features`` is the length of its input: None if it takes any, and for an embedding the number of different ids.
    ``num_units`` is the length of its output, for a repetition the number of times. ``axes`` are those of its output
    after the batch, of a layer that computes them in a way of its own; None if nothing is known about them. The first
    one is time, or the channels if ``channels_first``. ``parameters`` is the number of its parameters, of one of
    ``WITH_OTHER_ARGUMENTS``; of an embedding or a dense layer, that of its own, if its matrix is that of
    another layer, and of a recurrent one that with its learned initial states, or of a class that somebody has written;
    0 of any of them, if its weights are those of a layer before it, as when one is called again.
    ``operation`` is the product of a dense layer in the graph of a file: layers that differ in it alone are equal.
    ``order`` is that of a transposition: which axis of its input, counted from 1 after the batch, each axis of its
    output is; without it two axes are transposed.
    ``runs`` is how often the layer is called at its place, TIME if that is once for each step of the input, and
    ``batch`` the size of its batch, if that is not the one of the model, for which it is 0; None if it is another one
    that is not known.
    ``joins_ends``: whether the last state of each of two directions goes on, and not the last step, where a framework
    does not say which.
    ``states_only``: whether none of its outputs goes on, but its last states, one after the other of all its layers and
    directions.
    ``of_one``: whether an embedding gets one id for each sample, and no axis of steps.
    ``gets_others``: whether it reads something beside what the layer before returns, although its kind does not say so.
    ``has_transpose``: of ``GAPS``, whether what comes after it has the batch and the steps in another order than
    before.

    The other fields are about recurrent layers: ``every_step`` goes on, or only the last one; ``reset_after`` is the
    variant of a GRU, None for that of its framework; ``peepholes``: whether the gates of an LSTM also see c;
    ``has_own_settings``: whether a setting, such as its activation, is another one than in a picture of its cell, or
    the cell itself is; ``bias``: None if its source has none, and it may have one;
    ``directions_apart``: whether every step has an axis of directions, as in ONNX.
    """

    kind: str
    features: int | None = None
    num_units: int | None = None
    axes: tuple[AxisSize, ...] | None = None
    order: tuple[int, ...] = ()
    channels_first: bool = False
    bidirectional: bool = False
    merge_mode: str = "concat"
    every_step: bool = False
    go_backwards: bool = False
    reset_after: bool | None = None
    bias: bool | None = True
    peepholes: bool = False
    has_own_settings: bool = False
    num_layers: int | None = 1
    num_proj: int | None = 0
    parameters: int | None = None
    of_one: bool = False
    gets_others: bool = False
    has_transpose: bool = False
    runs: AxisSize = 1
    batch: int | None = 0
    operation: str = field(default="", compare=False)
    joins_ends: bool = field(default=False, compare=False)
    states_only: bool = field(default=False, compare=False)
    directions_apart: bool = field(default=False, compare=False)

    @property
    def reads_others(self) -> bool:
        """Whether it reads something beside what the layer before returns."""
        return self.gets_others or self.kind in OF_SEVERAL_TENSORS

    @property
    def transposes_steps(self) -> bool:
        """Whether the batch and the steps are in another order after it."""
        return self.kind == SWAP or self.has_transpose

    @property
    def has_own_cell(self) -> bool:
        """Whether it is a recurrent layer whose cell is none of those that are known."""
        return self.kind == "other" and self.has_own_settings

    @property
    def has_picture(self) -> bool:
        """Whether its cell, if it has one, is one that a picture can show: none that is unknown or that convolves."""
        return not self.has_own_cell and self.kind != "conv_lstm"

    @property
    def family(self) -> Family:
        return KINDS[self.kind]

    @property
    def cell(self) -> str:
        """The kind of its cell: lstm, gru or rnn."""
        return self.kind.removesuffix("_cell")

    @property
    def is_recurrent(self) -> bool:
        return self.family in ("recurrent", "cell")

    @property
    def has_parameters(self) -> bool:
        """Whether it may have parameters."""
        return self.family in OF_SIZES or self.kind in WITH_OTHER_ARGUMENTS

    @property
    def has_weights_of_another(self) -> bool:
        """Whether all its weights are those of a layer before it."""
        return self.family in OF_SIZES and self.parameters == 0

    @property
    def takes_channels_first(self) -> bool:
        """Whether its input has the channels before the steps, too."""
        return self.channels_first and self.kind in ("convolution", "pooling")

    @property
    def directions(self) -> int:
        return 1 + self.bidirectional
