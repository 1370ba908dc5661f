"""``unrolled.trace(model, x)``: the layers of a model, recorded while it runs."""

import random
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np

from ..reading.code.layers_in_order import read_layers
from ..reading.code.values import Step
from ..translations.phrases import phrase
from . import keras_models, pytorch_modules
from .recorded_calls import LayerCall, Recorder
from .replay import NotReplayed
from .traced_model import TracedLayer, TracedModel


def trace(model: Any, /, *inputs: Any, **keywords: Any) -> TracedModel:
    """Call a PyTorch module or a Keras model once, and record its layers.

    ``inputs`` and ``keywords`` are passed to the model as they are. The forward pass runs without gradients, and in
    PyTorch in evaluation mode; modes, states and random generators are as before afterwards. Each recurrent layer is
    computed again by our own program, with its weights, and compared.

    Raises TypeError if the model is neither, and whatever the model raises.

    >>> unrolled.trace(torch.nn.LSTM(10, 20), torch.zeros(7, 3, 10)).layers[0]["output"]
    [7, 3, 20]
    """
    return TracedModel(_traced(recorded_calls(model, inputs, keywords)))


def recorded_calls(model: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any]) -> list[LayerCall]:
    """The calls of layers in one forward pass, with what a replay needs. Raises TypeError if it is no model."""
    if keras_models.is_model(model):
        record = keras_models.record
    elif pytorch_modules.is_module(model):
        record = pytorch_modules.record
    else:
        raise TypeError(f"trace needs a PyTorch module or a Keras model, not {_kind(model)}")
    recorder = Recorder(recorded_calls.__code__)
    with _same_randomness():
        record(model, recorder, inputs, keywords)
    return list(recorder.calls.values())


def _kind(model: object) -> str:
    """What was passed instead of a model."""
    if isinstance(model, type):
        return f"the class {model.__name__}; make an object of it"
    return f"{'an' if type(model).__name__[0] in 'aeiouAEIOU' else 'a'} {type(model).__name__}"


@contextmanager
def _same_randomness() -> Iterator[None]:
    """The generators of Python, NumPy and PyTorch are as before afterwards."""
    python, numpy, torch = random.getstate(), np.random.get_state(), sys.modules.get("torch")
    try:
        with torch.random.fork_rng(range(torch.cuda.device_count())) if torch else nullcontext():
            yield
    finally:
        random.setstate(python)
        np.random.set_state(numpy)


def _traced(calls: list[LayerCall]) -> list[TracedLayer]:
    """The calls with their replays."""
    steps = [
        Step(
            call.made,
            call.input,
            call.output,
            line=0,
            name=call.name or None,
            given=call.input,
            reads=frozenset(one for one in call.reads if not isinstance(one, str)) if call.reads else None,
            swapped=call.swapped,
        )
        for call in calls
    ]
    return [
        TracedLayer(read, call.class_name, *_replayed(call), _reads(call, before, calls), call.times)
        for read, call, before in zip(read_layers(steps), calls, [None, *calls[:-1]], strict=True)
    ]


def _reads(call: LayerCall, before: LayerCall | None, calls: list[LayerCall]) -> str:
    """The names of the layers and inputs from which the input of a call is computed; "" if that is the layer before
    alone, or not known."""
    if before is None or call.reads == (before.made,):
        return ""
    names = {id(other.made): other.name or other.class_name for other in calls}
    return ", ".join(one if isinstance(one, str) else names.get(id(one), "?") for one in call.reads)


def _replayed(call: LayerCall) -> tuple[float | None, str]:
    """The largest difference of all replays of a call, or the reason why there is none."""
    if not call.replays:
        return None, ""
    try:
        return max(replay().difference() for replay in call.replays), ""
    except NotReplayed as reason:
        return None, reason.why
    except Exception as error:  # an error of ours must not hide the shapes
        words = phrase("Unrolled failed with {error}", error=f"{type(error).__name__}: {error}")
        return None, words
