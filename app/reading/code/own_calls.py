"""Calls of functions, classes and objects of the source."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from . import records
from .axes_of_operations import is_tensor, tensor_of
from .frameworks.pytorch_functions import method
from .interpreter_limits import MOST_CALLS, MOST_LAYERS
from .joined_values import joined
from .library_calls import LibraryCalls
from .object_methods import FORWARD, base_layer, is_keras_layer
from .parts_of_values import ids_of_parts
from .program_state import OutOfSteps
from .signatures import Arguments
from .streams import TENSORS, is_own_dataset, stream_of
from .unknown_results import note_unknown_result
from .values import (
    NONE,
    UNKNOWN,
    Axes,
    Dictionary,
    Function,
    Instance,
    Recording,
    Scope,
    Tensor,
    Tuple,
    Unknown,
    UserClass,
    Value,
)


class OwnCalls(LibraryCalls):
    """Calls what the source defines."""

    def outermost(self, function: Function, arguments: Arguments) -> Value:
        """Call a function. What it calls is a forward pass of its own, unless it is called from one."""
        function.is_called = True
        if len(self.active) > 1:
            return self.call_function(function, arguments)
        recording = Recording(function.node.lineno, self.uncertain)
        with self.recording(recording):
            value = self.call_function(function, arguments)
        if returns_tensor(value) and self.joins(recording):
            self.recordings.remove(recording)
        return value

    def joins(self, recording: Recording) -> bool:
        """Add the steps of a forward pass to the one that is followed, unless it is uncertain."""
        if self.uncertain > self.active[-1].level:
            return False
        for step in recording.steps:
            self.active[-1].add(step)
        return True

    def call_function(self, function: Function, arguments: Arguments) -> Value:
        """Follow a function with its arguments; the value that it returns."""
        function.is_called = True
        node, scope = function.node, Scope({}, function.scope, function.of)
        body = self.source.body(node)
        if self.depth >= MOST_CALLS:
            return UNKNOWN
        scope.names = self.parameters(function, arguments)
        self.depth += 1
        try:
            ended = self.run(body, scope)
        finally:
            self.depth -= 1
        self.follow_left(scope.left)
        if scope.yielded:
            return stream_of(reduce(joined, scope.yielded))
        values = scope.returned if ended else [*scope.returned, NONE]
        if not values:  # it always raises
            return UNKNOWN
        found = values[0]
        for value in values[1:]:
            found = joined(found, value)
        return found

    def parameters(self, function: Function, arguments: Arguments) -> dict[str, Value]:
        """The value of each parameter of a function."""
        parameters = function.node.args
        plain = [*parameters.posonlyargs, *parameters.args]
        values: dict[str, Value] = {p.arg: value for p, value in zip(plain, arguments.positional, strict=False)}
        for parameter in (*plain[len(values) :], *parameters.kwonlyargs):
            name = parameter.arg
            values[name] = arguments.named_or(name, function.defaults.get(name, UNKNOWN))
        if parameters.vararg:
            rest = tuple(arguments.positional[len(plain) :])
            values[parameters.vararg.arg] = Tuple(rest) if arguments.is_complete else UNKNOWN
        if parameters.kwarg:
            others = {name: value for name, value in arguments.named.items() if name not in values}
            entries = others if arguments.is_complete else None
            values[parameters.kwarg.arg] = Dictionary(self.level, entries, self.depth + 1, is_given=self.is_run)
        return values

    def construct(self, of: UserClass, arguments: Arguments, line: int) -> Value:
        """Make an object of a class of the source."""
        of.is_called = True
        self.steps -= len(of.node.body)
        if records.is_enumeration(of):
            return records.member_with(of, arguments.get("value", 0, UNKNOWN))
        instance, given = self.made_instance(of, line), arguments
        init = of.method("__init__")
        if init is None:
            instance.attributes |= records.attributes_of(of, arguments)
            if is_own_dataset(instance):
                instance.attributes[TENSORS] = Tuple(tuple(arguments.positional))
            init, arguments = of.method("__post_init__"), Arguments()
        if init and of.method(*FORWARD, "__call__"):
            with self.recording(Recording(line, self.uncertain, owner=instance)):
                self.call_function(init, arguments.after(instance))
        elif init:  # it may make models, and call them
            self.outermost(init, arguments.after(instance))
        if base := base_layer(of):
            self.become_layer(instance, base, None if of.method("__init__") else given, line)
        return instance

    def call_instance(self, instance: Instance, arguments: Arguments, line: int, is_part: bool = False) -> Value | None:
        """Call an object: its forward pass. It is recorded for itself, unless another model calls it. ``is_part``:
        whether it is a part of a chain."""
        forward = instance.of.stand_in or instance.of.method(*FORWARD, "__call__")
        if forward is None:
            return self.call_layer_of(instance, arguments, line)
        full = arguments.after(instance)
        self.build(instance, arguments)
        active = self.active[-1]
        if active.owner:
            _note_part_of_pass(instance)
            return self.call_function(forward, full)
        if is_part:  # the models in it are parts of the chain too
            active.owner = instance
            _note_part_of_pass(instance)
            try:
                return self.call_function(forward, full)
            finally:
                active.owner = None
        recording = Recording(line, self.uncertain, owner=instance, called_at=line, repeated=self.repeated)
        recording.given = _known_axes(arguments.all)
        instance.runs.append(recording)
        if not is_keras_layer(instance.of):
            full = arguments.changed(self.input_of_pass).after(instance)
        with self.recording(recording):
            value = self.call_function(forward, full)
        note_unknown_result(recording, value)
        self.note_result(recording, value)
        if is_keras_layer(instance.of) and self.joins(recording):
            recording.cut(0)
            recording.ways.clear()
        if recording.key not in self.passes_of_parts:
            self.passes.add(recording.key)
        if self.layers_of_passes() > MOST_LAYERS:
            self.leave_out_parts()
            if self.layers_of_passes() > MOST_LAYERS:  # no more are shown
                self.has_stopped = True
                raise OutOfSteps
        return value

    def input_of_pass(self, value: Value) -> Value:
        """An argument of a forward pass, which certainly comes from none of its layers."""
        is_tensor_of_others = isinstance(value, Tensor) and self.origin(value) is None
        if value is not UNKNOWN and not is_tensor_of_others:
            return value
        own = replace(value) if isinstance(value, Tensor) else Unknown()
        self.note_samples([own] if id(value) in self.samples else (), self.samples_of(value))
        self.note_inputs([own])
        return own

    def layers_of_passes(self) -> int:
        return sum(map(len, self.passes))

    def leave_out_parts(self) -> None:
        """Leave out the forward passes of models that are parts of others, which are not shown."""
        self.steps -= len(self.instances)  # so that a program cannot make this happen without end
        parts = ids_of_parts(self.instances, self.chains)
        whole = (instance for instance in self.instances if id(instance) not in parts)
        shown = {recording.key for instance in whole for recording in instance.runs}
        self.passes_of_parts |= self.passes - shown
        self.passes = shown

    def build(self, instance: Instance, arguments: Arguments) -> None:
        """Follow ``build(input_shape)``, which Keras calls before the first call."""
        build = instance.of.method("build")
        if build is None or instance.is_built or not is_keras_layer(instance.of, "Model"):
            return
        instance.is_built = self.has_changed = True
        given = tensor_of(arguments.positional[0] if arguments.positional else UNKNOWN)
        self.call_function(build, Arguments((instance, method("size", given, (), {}) or UNKNOWN)))


def _note_part_of_pass(instance: Instance | None) -> None:
    """Note that the forward pass of another object calls one, or a copy of it."""
    while instance and not instance.is_part_of_pass:
        instance.is_part_of_pass = True
        instance = instance.copy_of


def returns_tensor(value: Value) -> bool:
    """Whether a function returns tensors: then it is a part of the forward pass that calls it."""
    return is_tensor(value) or (isinstance(value, Tuple) and any(map(is_tensor, value.items)))


def _known_axes(values: Sequence[Value]) -> list[Axes]:
    """The axes of tensors that have more than one, if all of them are known; nothing otherwise."""
    found = [value.axes for value in values if isinstance(value, Tensor) and len(value.axes) != 1]
    is_known = all(isinstance(size, int) for axes in found for size in axes)
    return found if is_known else []
