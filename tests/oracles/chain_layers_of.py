"""The layers of a chain, made in a real framework from the text of the chain alone.

A layer of a framework takes an array with the batch first and returns what goes on. What the text of a chain says and a
framework has no argument for is done as programs do it: the last step of an output, two directions merged by hand.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from math import prod
from typing import Any

from app.core.model.layer import MERGES, Layer

KERNEL = 3
"""The number of steps that a convolution reads."""

Call = Callable[[Any], Any]
"""What a layer computes."""


class Silent(Exception):
    """A layer computed something else from what does not fit, and raised nothing. PyTorch takes an input without time
    for one sequence without a batch, whose steps are the samples; a cell of Keras repeats its state along an axis too
    many."""


class RealLayers(ABC):
    """The layers of a framework."""

    without: frozenset[str]
    """The kinds, and the switches, that it does not have."""

    def has(self, layer: Layer) -> bool:
        """Whether it has a layer."""
        switches = {"before": layer.reset_after is False, "proj": layer.num_proj != 0}
        return layer.kind not in self.without and not any(switches.get(switch) for switch in self.without)

    @abstractmethod
    def array(self, shape: Iterable[int], ids: int) -> Any:
        """An array of numbers; of integers below ``ids``, if it is not 0."""

    @abstractmethod
    def layer(self, layer: Layer, shape: tuple[int, ...]) -> tuple[Call, Callable[[], int]]:
        """A layer for an input with a ``shape``, which matters only where the text does not say the number of features.
        Also a function that counts its trainable parameters, after it was called."""


class PyTorchLayers(RealLayers):
    without = frozenset({"masking", "before"})

    def array(self, shape: Iterable[int], ids: int) -> Any:
        import torch

        return torch.randint(0, ids, tuple(shape)) if ids else torch.rand(*shape)

    def layer(self, layer: Layer, shape: tuple[int, ...]) -> tuple[Call, Callable[[], int]]:
        module, call = self._made(layer, shape)
        return call or module, lambda: sum(p.numel() for p in module.parameters() if p.requires_grad)

    def _made(self, layer: Layer, shape: tuple[int, ...]) -> tuple[Any, Call | None]:
        """A module with its parameters, and what is computed with it, if that is more than calling it."""
        from torch import nn

        features, units, axes = layer.features or shape[-1], layer.num_units, layer.axes or ()
        match layer.family:
            case "embedding":
                return nn.Embedding(features, units), None
            case "recurrent":
                return self._recurrent(layer, features)
            case "cell":
                cells = {"lstm_cell": nn.LSTMCell, "gru_cell": nn.GRUCell, "rnn_cell": nn.RNNCell}
                cell = cells[layer.kind](features, units, bias=layer.bias)
                return cell, lambda x: cell(x)[0] if layer.cell == "lstm" else cell(x)
            case "dense":
                return nn.Linear(features, units, bias=layer.bias), None
            case "flatten":
                return nn.Flatten(), None
            case "repeat":
                return nn.Identity(), lambda x: x.unsqueeze(1).repeat(1, units, 1)
            case "transpose":
                return nn.Identity(), lambda x: x.permute(0, 2, 1)
            case "step":
                return nn.Identity(), lambda x: x[:, 0]
        match layer.kind:
            case "dropout":
                return nn.Dropout(), None
            case "activation":
                return nn.ReLU(), None
            case "prelu":
                return nn.PReLU(), None
            case "normalization":
                return nn.LayerNorm(shape[-1]), None
            case "reshape":
                return nn.Unflatten(1, axes) if len(shape) == 2 else nn.Flatten(), None
            case "convolution":
                padding = "same" if axes[0] == "t" else "valid"
                convolution = nn.Conv1d(shape[-1], axes[-1], KERNEL, padding=padding)
                return convolution, lambda x: convolution(x.transpose(1, 2)).transpose(1, 2)
        return nn.Identity(), lambda x: x.mean(1)  # pooling

    def _recurrent(self, layer: Layer, features: int) -> tuple[Any, Call]:
        from torch import nn

        units, projection = layer.num_units, {"proj_size": layer.num_proj} if layer.num_proj else {}
        of_kind = {"lstm": nn.LSTM, "gru": nn.GRU, "rnn": nn.RNN}[layer.kind]
        module: Any = of_kind(
            features,
            units,
            layer.num_layers,
            bias=layer.bias,
            batch_first=True,
            bidirectional=layer.bidirectional,
            **projection,
        )

        def call(x: Any) -> Any:
            output = module(x.flip(1) if layer.go_backwards else x)[0]
            if output.ndim < 3:
                raise Silent
            if layer.merge_mode != MERGES[0]:
                one, other = output.chunk(2, -1)
                output = {"sum": one + other, "mul": one * other, "ave": (one + other) / 2}[layer.merge_mode]
            return output if layer.every_step else output[:, -1]

        return module, call


class KerasLayers(RealLayers):
    without = frozenset({"proj"})

    def array(self, shape: Iterable[int], ids: int) -> Any:
        import numpy as np

        generator = np.random.default_rng(0)
        return generator.integers(0, ids, tuple(shape)) if ids else generator.random(tuple(shape), dtype="float32")

    def layer(self, layer: Layer, shape: tuple[int, ...]) -> tuple[Call, Callable[[], int]]:
        layers = self._made(layer)
        if layer.features and layer.family in ("recurrent", "dense", "cell"):
            layers[0].build((*[None] * (2 if layer.family == "recurrent" else 1), layer.features))

        def call(x: Any) -> Any:
            if layer.family == "cell":
                output = layers[0](x, layers[0].get_initial_state(len(x)))[0]
                if output.ndim > 2:
                    raise Silent
                return output
            for one in layers:
                x = one(x)
            return x

        return call, lambda: sum(prod(w.shape) for one in layers for w in one.trainable_weights)

    def _made(self, layer: Layer) -> list[Any]:
        from keras import layers

        units, axes = layer.num_units, layer.axes or ()
        match layer.family:
            case "embedding":
                return [layers.Embedding(layer.features, units)]
            case "recurrent":
                top = (layer.num_layers or 1) - 1
                return [self._recurrent(layer, n == top) for n in range(top + 1)]
            case "cell":
                cells = {"lstm_cell": layers.LSTMCell, "gru_cell": layers.GRUCell, "rnn_cell": layers.SimpleRNNCell}
                return [cells[layer.kind](units, use_bias=layer.bias)]
            case "dense":
                return [layers.Dense(units, use_bias=layer.bias)]
            case "flatten":
                return [layers.Flatten()]
            case "repeat":
                return [layers.RepeatVector(units)]
            case "transpose":
                return [layers.Permute((2, 1))]
            case "step":
                return [layers.Lambda(lambda x: x[:, 0])]
        return [
            {
                "dropout": lambda: layers.Dropout(0.5),
                "activation": lambda: layers.Activation("relu"),
                "prelu": layers.PReLU,
                "normalization": layers.LayerNormalization,
                "masking": layers.Masking,
                "reshape": lambda: layers.Reshape(axes),
                "convolution": lambda: layers.Conv1D(axes[-1], KERNEL, padding="same" if axes[0] == "t" else "valid"),
                "pooling": layers.GlobalAveragePooling1D,
            }[layer.kind]()
        ]

    def _recurrent(self, layer: Layer, is_top: bool) -> Any:
        from keras import layers

        of_kind = {"lstm": layers.LSTM, "gru": layers.GRU, "rnn": layers.SimpleRNN}[layer.kind]
        variant = {"reset_after": layer.reset_after is not False} if layer.kind == "gru" else {}

        def one(go_backwards: bool) -> Any:
            every_step = layer.every_step or not is_top
            return of_kind(
                layer.num_units,
                return_sequences=every_step,
                go_backwards=go_backwards,
                use_bias=layer.bias,
                **variant,
            )

        if not layer.bidirectional:
            return one(layer.go_backwards)
        other = one(not layer.go_backwards)  # by default it is one that goes backwards, even if the first does
        merge = layer.merge_mode if is_top else MERGES[0]
        return layers.Bidirectional(one(layer.go_backwards), merge_mode=merge, backward_layer=other)


REAL_LAYERS: dict[str, RealLayers] = {"pytorch": PyTorchLayers(), "keras": KerasLayers()}
"""By the id of the framework."""
