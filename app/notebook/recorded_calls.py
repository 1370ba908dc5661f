"""Records the calls of layers in one forward pass, with the axes of what they take and return."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from sys import _getframe
from types import CodeType, FrameType
from typing import Any, Literal

import numpy as np

from ..core.model.layer import KINDS
from ..core.ops import Array
from ..reading.code.joined_values import joined_axes
from ..reading.code.values import ANY, Axes, Layer
from ..translations.phrases import joined_with_or, phrase
from .replay import NotReplayed, Replay, StackedReplay, computes_in
from .tensor_sources import Source, StatesOf, TensorSources, has_shape, tensors_in

GoesOn = Literal["step", "ends", "steps", "states"]
"""One step for each sample; the last ones of both directions; what is computed from steps; or only from last states."""


@dataclass
class LayerCall:
    """A layer that is called at one place of a program. ``made``: its kind and configuration, as if they were read from
    source code; ``reads``: the layers and inputs of the model from which its input is computed, in any of its calls,
    none if that is not known; ``reads_steps``: those of whose steps, and not of their last states alone; ``arguments``:
    the same of each argument that has tensors, by the name of its parameter; ``runs``: the same in each call by itself;
    ``given``: the ids of the tensors of each argument in the first call; ``states``: the axes of the first one that
    a recurrent layer returns; ``goes_on``: what the next layer, or the caller of the model, gets of it;
    ``transposed_last``: the axes of what the layer before returned, if it takes that with the second and the third axis
    transposed; ``shared``: how many of its parameters earlier layers have as well; ``times``: how often it is called;
    ``begins_with_zeros``: whether each state that it is given in any call has only zeros, which no layer has computed;
    ``replays``: for each call of a recurrent layer a function that makes its replay, or raises NotReplayed."""

    name: str
    class_name: str
    made: Layer
    input: Axes
    output: Axes
    reads: tuple[Source, ...] = ()
    reads_steps: set[Layer] = field(default_factory=set)
    arguments: dict[str, tuple[Source, ...]] = field(default_factory=dict)
    runs: list[dict[str, tuple[Source, ...]]] = field(default_factory=list)
    given: dict[str, tuple[int, ...]] = field(default_factory=dict)
    states: Axes | None = None
    goes_on: GoesOn | None = None
    transposed_last: Axes | None = None
    shared: int = 0
    times: int = 0
    begins_with_zeros: bool = True
    replays: list[Callable[[], Replay | StackedReplay]] = field(default_factory=list)


@dataclass
class _Active:
    """A module that is being called, None outside of all. ``is_container``: whether it calls its parts one after the
    other at one place; ``calls``: how many of them it has called; ``has_layers``: whether layers were recorded in
    it."""

    module: object = None
    is_container: bool = False
    calls: int = 0
    has_layers: bool = False


class Recorder:
    """The layers of a forward pass, in the order of their calls. A layer that is called several times at one place, as
    in a loop, is recorded once. ``stop`` is the code that calls the model, up to which all calls have the same
    frames. ``has_all_parameters``: whether each parameter of the model is one of a recorded layer."""

    def __init__(self, stop: CodeType) -> None:
        self.stop = stop
        self.calls: dict[Hashable, LayerCall] = {}
        self._active = [_Active()]
        self._made: dict[int, Layer] = {}
        self._shared: dict[int, int] = {}
        self._counted: set[int] = set()
        self.sources = TensorSources()
        self._inputs: list[tuple[str, Any]] = []
        self._last: Any = None
        self._begins_with_input = False
        self._copies: Copies = {}
        self.results: list[tuple[Axes, tuple[Source, ...]]] = []
        self._taken: set[tuple[Axes, frozenset[Layer]]] = set()
        self.has_all_parameters = False

    def clear(self) -> None:
        """Forget all calls: those before the forward pass, with which Keras builds a model."""
        self.calls.clear()
        self._taken.clear()
        self._inputs.clear()
        self._last = None

    def note_input(self, name: str, value: Any) -> None:
        """The tensors in a value are an input of the model."""
        tensors = [*tensors_in(value)]
        self.sources.note(tensors, (name,))
        self._inputs += [(name, tensor) for tensor in tensors]

    @property
    def first_input(self) -> str:
        """The name of the first argument of the model with tensors; "" without any."""
        return self._inputs[0][0] if self._inputs else ""

    @property
    def axes_of_first_input(self) -> Axes | None:
        """Those of the first input, if all is computed from that which its first layer gets; None if it is not."""
        first = next(iter(self.calls.values()), None)
        sources = {one for one in first.reads if one is not first.made} if first else set()
        if first is None or not self._inputs or sources != {self.first_input}:
            return None
        return first.input if self._begins_with_input else axes_of(self._inputs[0][1])

    def note_results(self, value: Any) -> None:
        """What the model returns: the axes of each tensor, and from which layers it is computed."""
        tensors = {id(tensor): tensor for tensor in tensors_in(value)}
        last = next(reversed(self.calls.values()), None)
        self.results = [
            (last.output if last and tensor is self._last else axes_of(tensor), self.sources.of(tensor))
            for tensor in tensors.values()  # of a packed sequence, the layer's output has the axes of the padded one
        ]
        if self.calls:
            self._note_what_goes_on(tensors.values())
        self._note_taken(tensors.values())

    def note_parameters(self, parameters: Iterable[object]) -> None:
        """All parameters of the model, after its call."""
        self.has_all_parameters = {id(one) for one in parameters} <= self._counted

    def _note_taken(self, tensors: Iterable[Any]) -> None:
        """Something gets tensors that may have the steps of layers."""
        self._taken |= {(axes_of(tensor), steps) for tensor in tensors if (steps := self.sources.steps_of(tensor))}

    def _note_what_goes_on(self, tensors: Iterable[Any]) -> None:
        """Something gets the first of some tensors that is computed from the last layer."""
        call = next(reversed(self.calls.values()), None)
        if call is None or KINDS.get(call.made.kind) != "recurrent" or self._last is None:
            return
        for tensor in tensors:
            if call.made in self.sources.of(tensor):
                is_of_steps = call.made in self.sources.steps_of(tensor)
                if tensor is self._last:
                    call.goes_on = "steps"
                    return
                call.goes_on = _what_goes_on(self._last, tensor, is_of_steps)
                return

    def gives_steps(self, call: LayerCall, after: LayerCall | None) -> bool:
        """Whether something certainly gets every step that a recurrent layer returns. ``after``: the next call. If that
        reads only the last states, the steps are for others."""
        if KINDS.get(call.made.kind) != "recurrent":
            return False
        taken = [axes for axes, steps in self._taken if call.made in steps]
        if call.goes_on == "steps":
            return True
        has_states = after is not None and call.made in after.reads and call.made not in after.reads_steps
        return (has_states and bool(taken)) or any(
            len(axes) > 2 and ANY not in call.output and axes[:2] == call.output[:2] for axes in taken
        )

    def takes_steps(self, call: LayerCall) -> bool:
        """Whether something gets what is computed from steps of a layer."""
        return any(call.made in steps for _, steps in self._taken)

    def begin(self, module: object, is_container: bool = False) -> None:
        """The call of a module begins."""
        self._active[-1].calls += 1
        self._active.append(_Active(module, is_container))

    def end(self, module: object) -> bool:
        """The call of a module ends. Returns whether it may be a layer: no layers were recorded in it. The calls in it
        that have not ended raised an error, which the model caught."""
        while True:
            ended = self._active.pop()
            self._active[-1].has_layers |= ended.has_layers
            if ended.module is module:
                return not ended.has_layers

    def add(
        self,
        owner: object,
        names: tuple[str, str],
        describe: Callable[[], Layer | None],
        values: tuple[Any, Any],
        axes: tuple[Axes, Axes],
        replay: Callable[[Any], Replay | StackedReplay] | None,
        arguments: Mapping[str, Any],
        weights: Sequence[tuple[int, int]] = (),
    ) -> None:
        """Record a call, which has just ended, with what the layer took and returned. ``names``: its own, and that of
        its class; ``describe`` gives None for a module that is no layer; ``replay`` makes the replay of a recurrent
        layer from these values; ``arguments``: what was passed, by the names of the parameters; ``weights``: the id and
        the size of each array of its parameters."""
        made = self._made.get(id(owner)) or describe()
        if made is None:
            return
        if id(owner) not in self._made:
            self._shared[id(owner)] = sum(size for key, size in weights if key in self._counted)
            self._counted |= {key for key, _ in weights}
        self._made[id(owner)] = made
        self._active[-1].has_layers = True
        key = (id(owner), *self._place())
        call = self.calls.get(key)
        given = next(tensors_in(values[0]), None)
        reads = self.sources.of(given) or self._input_like(given)
        if call is None:
            self._note_what_goes_on(() if given is None else (given,))
            if not self.calls:
                self._begins_with_input = any(given is one for _, one in self._inputs[:1])
            call = self.calls[key] = LayerCall(*names, made, *axes, shared=self._shared[id(owner)])
            before = self._last if self._last is not None else self._input_of(reads)
            if _is_transposed(before, given):
                call.transposed_last = axes_of(before)
        call.times += 1
        call.reads_steps |= self.sources.steps_of(given)
        call.reads = tuple(dict.fromkeys((*call.reads, *reads)))
        passed = {name: [*tensors_in(value)] for name, value in arguments.items()}
        self._note_taken(chain(*passed.values()) if passed else tensors_in(values[0]))
        if not call.given:
            call.given = {name: tuple(map(id, tensors)) for name, tensors in passed.items()}
        run = dict[str, tuple[Source, ...]]()
        for name, tensors in passed.items():
            if tensors:
                sources = [one for tensor in tensors for one in self.sources.of(tensor) or self._input_like(tensor)]
                run[name] = tuple(sources)
                if not call.runs or call.runs[-1].get(name) != run[name]:  # of most runs they are the same
                    call.arguments[name] = tuple(dict.fromkeys((*call.arguments.get(name, ()), *sources)))
        call.runs.append(run)
        if call.begins_with_zeros:
            states_given = chain(*[*passed.values()][1:])
            call.begins_with_zeros = not any(self.sources.of(one) or not _has_only_zeros(one) for one in states_given)
        call.input, call.output = joined_axes(call.input, axes[0]), joined_axes(call.output, axes[1])
        output, *states = [*tensors_in(values[1])] or [None]
        call.states = axes_of(states[0]) if states else None
        self.sources.note([] if output is None else [output], (made,))
        states = [one for one in states if one is not output]  # which of Keras may be the last state
        self.sources.note(states, (StatesOf(made) if KINDS.get(made.kind) == "recurrent" else made,))
        self._last = output
        if replay:
            copies: Copies = {}
            call.replays.append(partial(replay, (kept(values[0], self._copies), kept(values[1], copies))))
            self._copies = copies  # the next call may get what this one returned

    def knows(self, owner: object) -> bool:
        """Whether a call of a layer has been recorded, so that its weights are counted."""
        return id(owner) in self._made

    def of_last(self, value: Any) -> Any:
        """The tensor in a value that the last layer returned; the first one if there is none."""
        tensors = [*tensors_in(value)]
        return next((tensor for tensor in tensors if tensor is self._last), next(iter(tensors), None))

    def _input_of(self, reads: Iterable[Source]) -> Any:
        """The tensor of the only input of the model from which something is computed; None if there are several."""
        tensors = [tensor for name, tensor in self._inputs if name in reads]
        return tensors[0] if len(tensors) == 1 and len([*reads]) == 1 else None

    def _input_like(self, tensor: Any) -> tuple[str, ...]:
        """The name of the input of the model of which a tensor is a copy, as Keras makes some, or the names of those
        that it may be; none if there is no such input."""
        alike = [name for name, one in self._inputs if axes_of(one) == axes_of(tensor) and _are_close(one, tensor)]
        return (joined_with_or(alike),) if alike else ()

    def _place(self) -> Iterator[Hashable]:
        """Where the program is: the line of each frame, and the number of the call in each container."""
        frame: FrameType | None = _getframe(2)
        while frame is not None and frame.f_code is not self.stop:
            yield id(frame.f_code), frame.f_lineno  # hashing the code itself takes long
            frame = frame.f_back
        yield from (active.calls for active in self._active if active.is_container)


def _what_goes_on(output: Any, tensor: Any, is_of_steps: bool) -> GoesOn | None:
    """What a tensor has of the output of a recurrent layer: its rows are steps of that, or of both directions side by
    side. None if that is not known."""
    sizes, given = axes_of(output), axes_of(tensor)
    is_vector = len(given) < 3 and given[-1:] == sizes[-1:]
    if is_vector:
        try:
            rows, steps = (array.reshape(-1, array.shape[-1]) for array in map(array_of, (tensor, output)))
        except NotReplayed:  # they have no values in NumPy
            return None
        if _has_rows(steps, rows):
            return "step"
        if all(map(_has_rows, *(np.array_split(one, 2, axis=1) for one in (steps, rows)))):
            return "ends"
    if not is_of_steps:
        return "states"
    return "steps" if is_vector else None


def _has_rows(array: Array, rows: Array) -> bool:
    """Whether an array has all of some rows."""
    return {row.tobytes() for row in rows} <= {row.tobytes() for row in array}


def _is_transposed(one: Any, another: Any) -> bool:
    """Whether a tensor certainly is another one with the second and the third axis transposed: it has its values, which
    those of a reshaped one are not, or its order in memory says it."""
    axes = axes_of(one)
    if len(axes) != 3 or axes_of(another) != (axes[0], axes[2], axes[1]):
        return False
    try:
        before, after = array_of(one), array_of(another)
    except NotReplayed:  # they have no values in NumPy
        return False
    is_view = hasattr(another, "is_contiguous") and not another.is_contiguous()
    is_reshaped = 1 not in axes[1:] and not is_view and np.array_equal(before.reshape(after.shape), after)
    return not is_reshaped and np.array_equal(before.swapaxes(1, 2), after)


def _has_only_zeros(tensor: Any) -> bool:
    """Whether all numbers of a tensor certainly are zeros."""
    try:
        return not array_of(tensor).any()
    except NotReplayed:  # it has no values in NumPy
        return False


def _are_close(one: Any, another: Any) -> bool:
    """Whether two tensors have the same numbers, apart from the precision of their type."""
    try:
        return np.allclose(array_of(one), array_of(another), rtol=1e-6)
    except (NotReplayed, TypeError):  # they have no values in NumPy, or no numbers
        return False


def axes_of(value: Any) -> Axes:
    """The axes of a tensor, or of the first one in a value."""
    tensor = value if has_shape(value) else next(tensors_in(value), None)
    return (ANY,) if tensor is None else tuple(tensor.shape)


Copies = dict[int, tuple[Any, Any]]
"""Tensors of PyTorch and their copies, by the id of the tensor."""


def kept(value: Any, copies: Copies) -> Any:
    """A value that the program does not change later: with copies of the tensors and arrays that can be changed.
    ``copies``: those that there are, such as of the states that the call before returned."""
    if isinstance(value, tuple | list):
        items = [kept(item, copies) for item in value]
        if hasattr(value, "_fields"):
            return type(value)(*items)
        return tuple(items) if isinstance(value, tuple) else items  # the classes of TensorFlow's lists are its own
    if isinstance(value, dict):
        return {name: kept(item, copies) for name, item in value.items()}
    if isinstance(value, np.ndarray):
        return value.copy()
    if hasattr(value, "assign"):  # a variable of Keras
        return array_of(value).copy()
    if not hasattr(value, "detach"):
        return value
    tensor, copy = copies.get(id(value), (None, None))
    if tensor is not value or not _are_equal(copy, value):
        copy = value.detach().clone()
        copies[id(value)] = value, copy
    return copy


def _are_equal(one: Any, another: Any) -> bool:
    """Whether two tensors of PyTorch certainly have the same numbers."""
    try:
        return bool(one.equal(another))
    except RuntimeError:  # they have none, as on the device meta
        return False


def array_of(tensor: Any) -> Array:
    """A tensor of any framework as an array. Raises NotReplayed if NumPy does not have its type, or if it has no
    values."""
    try:
        value = getattr(tensor, "value", tensor)  # of a variable of Keras
        tensor = tensor if callable(value) else value
        if hasattr(tensor, "detach"):  # PyTorch
            tensor = tensor.detach().cpu()
        return np.asarray(tensor.numpy() if hasattr(tensor, "numpy") else tensor)
    except TypeError:  # bfloat16
        raise NotReplayed(computes_in(str(tensor.dtype))) from None
    except NotImplementedError:
        words = phrase(
            "its tensors have no values, only shapes: they are on the device {device}", device=str(tensor.device)
        )
        raise NotReplayed(words) from None
    except RuntimeError:
        raise NotReplayed(phrase("its tensors have no values of their own, as in a call by torch.vmap")) from None
