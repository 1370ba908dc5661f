"""``unrolled.trace(model, x)``: the layers of a model, recorded while it runs."""

import random
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from itertools import zip_longest
from typing import Any

import numpy as np

from ..core.model.layer import KINDS
from ..reading.code.layers_of_pass import read_layers
from ..reading.code.values import Layer, Step
from ..translations.phrases import phrase
from . import keras_models, pytorch_modules
from .recorded_calls import LayerCall, Recorder
from .replay import NotReplayed
from .tensor_sources import Source
from .traced_model import RECURRENT, TracedLayer, TracedModel

MASK = re.compile("(?:^|_)mask$")
"""The parameters that say which steps count, and are no part of what flows from layer to layer."""


def trace(model: Any, /, *inputs: Any, **keywords: Any) -> TracedModel:
    """Call a PyTorch module or a Keras model once, and record its layers.

    ``inputs`` and ``keywords`` are passed to the model as they are. The forward pass runs without gradients, and in
    PyTorch in evaluation mode; modes, states and random generators are as before afterwards. Each recurrent layer is
    computed again by our own program, with its weights, and compared.

    Raises TypeError if the model is neither, and whatever the model raises.

    >>> unrolled.trace(torch.nn.LSTM(10, 20), torch.zeros(7, 3, 10)).layers[0]["output"]
    [7, 3, 20]
    """
    return _traced(recorded(model, inputs, keywords))


def recorded_calls(model: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any]) -> list[LayerCall]:
    """The calls of layers in one forward pass, with what a replay needs. Raises TypeError if it is no model."""
    return list(recorded(model, inputs, keywords).calls.values())


def recorded(model: Any, inputs: tuple[Any, ...], keywords: Mapping[str, Any]) -> Recorder:
    """One forward pass of a model. Raises TypeError if it is none."""
    if keras_models.is_model(model):
        record = keras_models.record
    elif pytorch_modules.is_module(model):
        record = pytorch_modules.record
    else:
        raise TypeError(f"trace needs a PyTorch module or a Keras model, not {_kind(model)}")
    recorder = Recorder(recorded.__code__)
    with _same_randomness():
        record(model, recorder, inputs, keywords)
    return recorder


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


def _traced(recorder: Recorder) -> TracedModel:
    """The calls with their replays."""
    calls = list(recorder.calls.values())
    befores = [None, *calls][: len(calls)]
    gives_steps = [recorder.gives_steps(*pair) for pair in zip_longest(calls, calls[1:])]
    steps = [
        Step(
            call.made,
            call.input,
            call.output,
            line=0,
            name=call.name or None,
            given=call.input,
            reads=_layers_read(call, before, gives),
            transposed_last=call.transposed_last,
        )
        for call, before, gives in zip(calls, befores, [False, *gives_steps][: len(calls)], strict=True)
    ]
    names = {id(call.made): call.name or call.class_name for call in calls}
    layers = [
        TracedLayer(
            replace(
                read,
                gives_steps=gives,
                joins_ends=call.goes_on == "ends",
                states_only=read.framework == "pytorch" and _gives_states_only(call, calls, recorder),
            ),
            call.class_name,
            *_replayed(call),
            _reads(call, before, names, recorder.first_input),
            call.times,
            begins=_listed(_others(call, _first_states(call) if is_later else _states(call)), names),
            continues=call.made in _states(call),
            later=_listed(_others(call, _later_states(call)), names) if is_later else "",
            begins_differ=not (is_later or _begin_alike(call, is_again)),
            begins_anew=read.framework == "pytorch"
            and call.times > 1
            and _is_recurrent(call)
            and (call.begins_with_zeros or not _gets_states(call)),
            is_again=is_again,
            has_others=_has_others(call, before),
            shared=call.shared,
            states_of=_states_read(call, before, names, n > 0 and gives_steps[n - 1]),
        )
        for n, (read, call, before, gives) in enumerate(
            zip(read_layers(steps), calls, befores, gives_steps, strict=True)
        )
        for is_again in [any(other.made is call.made for other in calls[:n])]
        for is_later in [not is_again and _begin_later(call)]
    ]
    last, given = calls[-1] if calls else None, recorder.axes_of_first_input
    outputs = [axes for axes, sources in recorder.results if sources and not (last and last.made in sources)]
    end = next(((axes, sources) for axes, sources in recorder.results if last and last.made in sources), None)
    model = partial(TracedModel, layers, outputs, given=given, has_all_parameters=recorder.has_all_parameters)
    if last is None or end is None or last.times > 1 or (end[0] == last.output and len(end[1]) == 1):
        return model()
    axes, sources = end
    if layers[-1].read.states_only and axes == last.states and len(sources) == 1:
        return model()
    return model(end=axes, has_others_at_end=len(sources) > 1)


def _layers_read(call: LayerCall, before: LayerCall | None, gives: bool) -> frozenset[Layer] | None:
    """The layers from which the input of a call is computed; None if they are not known. ``before`` is none of them if
    it gives its steps to others, and this call reads only its last states."""
    layers = {one for one in call.reads if not isinstance(one, str)}
    if gives and before is not None and before.made not in call.reads_steps:
        layers.discard(before.made)
    return frozenset(layers) if call.reads else None


def _states_read(call: LayerCall, before: LayerCall | None, names: Mapping[int, str], gives: bool) -> str:
    """The name of the layer before a call, which gives its steps to others, if its last states are all that the call
    reads; "" otherwise."""
    is_alone = before is not None and _sources(call) == {before.made} and before.made not in call.reads_steps
    return _listed(call.reads, names) if gives and is_alone else ""


def _sources(call: LayerCall) -> set[Source]:
    """The layers and inputs from which all is computed that a call is given, apart from states."""
    return {*call.reads, *(one for _, sources in _arguments_of_layer(call) for one in sources)}


def _has_others(call: LayerCall, before: LayerCall | None) -> bool:
    """Whether the input of a call is computed from more than the output of the layer before it, or from several inputs
    of the model."""
    reads = _sources(call) - {call.made}
    return len(reads) > 1 and (before is None or before.made in reads)


def _gives_states_only(call: LayerCall, calls: Iterable[LayerCall], recorder: Recorder) -> bool:
    """Whether none of the steps of a recurrent layer goes on, but last states that are no vector of its output."""
    if recorder.takes_steps(call) or not _is_stack(call):
        return False
    begins_another = any(call.made in _states(other) for other in calls if other.made is not call.made)
    is_read = any(call.made in other.reads for other in calls)
    return call.goes_on == "states" or (begins_another and not is_read)


def _arguments_of_layer(call: LayerCall) -> Iterator[tuple[str, tuple[Source, ...]]]:
    """The sources of the arguments from which a layer computes its output; the states of a recurrent layer come on
    their own."""
    arguments = () if _is_recurrent(call) else call.arguments.items()
    yield from ((name, sources) for name, sources in arguments if sources and not MASK.search(name))


def _reads(call: LayerCall, before: LayerCall | None, names: Mapping[int, str], first_input: str) -> str:
    """The names of the layers and inputs from which what a call is given is computed, with those of parameters if they
    are several; "" if that is the layer before alone, for the first layer the first input, or not known."""
    arguments = dict(_arguments_of_layer(call))
    of_all = dict.fromkeys(source for sources in arguments.values() for source in sources)
    reads = tuple(of_all) or call.reads
    count = len({one for name in arguments for one in call.given.get(name, ())})  # of tensors, such as of several runs
    if not reads or (reads == ((first_input,) if before is None else (before.made,)) and count < 2):
        return ""
    if len(arguments) < 2:
        return _listed(reads * count if len(reads) == 1 and count > 1 else reads, names)
    by_sources: dict[str, list[str]] = {}
    for name, sources in arguments.items():
        by_sources.setdefault(_listed(sources, names), []).append(name)
    return ", ".join(f"{sources} ({', '.join(parameters)})" for sources, parameters in by_sources.items())


def _states(call: LayerCall) -> list[Source]:
    """The layers and inputs from which the states that a recurrent layer gets are computed, in all of its runs."""
    return _states_among(call.arguments) if _is_recurrent(call) else []


def _states_among(arguments: Mapping[str, tuple[Source, ...]]) -> list[Source]:
    """The sources of the states among the arguments of a recurrent layer, of which the first is its input."""
    _, *states = [sources for name, sources in arguments.items() if not MASK.search(name)] or [()]
    return [one for sources in states for one in sources]


def _begin_alike(call: LayerCall, is_again: bool) -> bool:
    """Whether all runs of a recurrent layer get states of the same sources; or whether all but the first get its own,
    and only the first those of others. ``is_again``: its first run is elsewhere, so that all here are later ones."""
    runs = [frozenset(_states_among(run)) for run in call.runs] if _is_recurrent(call) else []
    if not any(call.made in run for run in runs):
        return len(set(runs)) < 2
    others = frozenset[Source]().union(*runs) - {call.made}
    return any(all(call.made in run for run in runs[n:]) and others <= runs[0] for n in ((0, 1) if is_again else (1,)))


def _begin_later(call: LayerCall) -> bool:
    """Whether all runs of a recurrent layer but the first get states of the same sources, among which are others that
    the first one does not get."""
    first, *later = (
        [frozenset(_states_among(run)) for run in call.runs] if _is_recurrent(call) else [frozenset[Source]()]
    )
    return len(set(later)) == 1 and not later[0] - {call.made} <= first


def _first_states(call: LayerCall) -> list[Source]:
    return _states_among(call.runs[0])


def _later_states(call: LayerCall) -> list[Source]:
    return _states_among(call.runs[-1])


def _others(call: LayerCall, sources: Iterable[Source]) -> Iterable[Source]:
    """Some sources without the layer itself, each once."""
    return dict.fromkeys(one for one in sources if one is not call.made)


def _gets_states(call: LayerCall) -> bool:
    """Whether a recurrent layer of PyTorch is given states in any of its runs, whatever they are computed from."""
    return len(call.arguments) > 1


def _is_stack(call: LayerCall) -> bool:
    return KINDS.get(call.made.kind) == "recurrent"


def _is_recurrent(call: LayerCall) -> bool:
    return KINDS.get(call.made.kind) in RECURRENT


def _listed(sources: Iterable[Source], names: Mapping[int, str]) -> str:
    return ", ".join(one if isinstance(one, str) else names.get(id(one), "?") for one in sources)


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
