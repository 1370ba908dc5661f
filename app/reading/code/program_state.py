"""What is known while a program is followed: its names, and everything that it has made and called."""

import ast
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

from ..pasted_text_limits import MAX_SOURCE_STEPS
from .branches import Branch, LeftBranch, called_in_all
from .interpreter_limits import MOST_ITEMS
from .names_without_import import BoundNames, changed_names
from .samples import MOVED, OTHERS, SAME, SECOND, Samples
from .signatures import Arguments
from .source_text import Source
from .values import (
    ANY,
    NONE,
    UNKNOWN,
    Argument,
    Axes,
    Chained,
    Dictionary,
    Function,
    Functional,
    Instance,
    Key,
    Layer,
    List,
    Packed,
    Part,
    Recording,
    Scope,
    Sites,
    Step,
    Tensor,
    Tuple,
    Unknown,
    UserClass,
    Value,
    layers_of,
    may_be_equal,
)

Origin = frozenset[Layer | Part] | None
"""The layers, or parts of what they return, that a tensor comes from; None if they are not certain."""


class OutOfSteps(Exception):
    """The program is too long to be followed to its end."""


def tensors_in(value: Value) -> Sequence[Tensor | Packed]:
    """A tensor, or the first ones in a tuple or list."""
    if isinstance(value, (Tensor, Packed)):
        return (value,)
    if not value.may_have_tensors:
        return ()
    found: list[Tensor | Packed] = []
    left = [value]
    for one, _ in zip(left, range(MOST_ITEMS), strict=False):  # it grows meanwhile
        if not one.may_have_tensors:
            continue
        if isinstance(one, (Tensor, Packed)):
            found.append(one)
        elif isinstance(one, (Tuple, List)) and one.items:
            left += one.items[:MOST_ITEMS]
    return found


def _sizes(axes: Axes) -> Axes:
    """Axes of which only numbers are known."""
    return tuple(one if isinstance(one, int) or one == ANY else None for one in axes)


def _may_be_output(axes: Axes, step: Step) -> bool:
    """Whether a tensor may be the output of a layer as far as its axes are known, of which the number is known or
    unknown as that of the output."""
    is_same = (ANY in axes) == (ANY in step.output)
    return is_same and may_be_equal(_sizes(axes), _sizes(step.output))


def end_after(step: Step, outputs: Iterable[tuple[Axes, Origin]]) -> Axes | None:
    """``ProgramState.end_of`` for outputs of a model whose last layer is called in a step."""
    ends = [axes for axes, origin in outputs if origin is None or step.layer in layers_of(origin)]
    return ends[0] if ends and not any(_may_be_output(axes, step) for axes in ends) else None


def joined_origin(origins: Iterable[Origin]) -> Origin:
    """The layers that something comes from that is computed from several tensors."""
    found: frozenset[Layer | Part] = frozenset()
    for origin in origins:
        if origin is None:
            return None
        if origin:  # of most operands it is empty
            found |= origin
    return found


def worst(samples: Iterable[Origin]) -> Samples:
    """The samples of what is computed from several tensors."""
    found = SAME
    for one in samples:
        if one is OTHERS:
            return OTHERS
        if one is MOVED or one is SECOND:
            found = one if found is SAME or found is one else MOVED
    return found


class ProgramState:
    """The state of an interpreter, which its subclasses change. ``recordings``: the layers that were called, in order;
    ``unknown``: the numbers of lines that were not understood; ``layers``, ``chains``, ``instances``, ``functions`` and
    ``classes``: everything that the program made; ``others``: the layers of other libraries, by the line that makes
    them; ``flags``: the options of its command line; ``counters``: what loops take one by one, also numbers from 0 to
    an unknown one; ``passes``: the forward passes of models, without those that are known to be of parts of others;
    ``has_default_branch``: whether a default of a forward pass decides what is called;
    ``has_stopped``: whether the rest of the program is not followed; ``stopped_in``: the forward passes that were
    followed then; ``is_run``: whether the program itself comes to the current statement, so that it is not followed
    only because nobody calls it; ``unsure``: the lines that are unknown otherwise; ``of_layers``: those that are
    because of the layers that they make alone; ``contradictions``,
    ``in_one_branch``, ``in_lists``, ``not_followed``, ``beyond_layers`` and ``unread_classes``: why some
    are, the last one with the name of a library;
    ``samples``: those of tensors that may not be as in the input of the model; ``open_sizes``: by
    line, the names of those that a layer leaves open; ``sites``: the calls that are followed, as far as they are of
    parts of a model; ``symbolic``: the inputs of Keras, by their ids; ``of_parts``: whether calls outside of models
    are of parts of one; ``products``: the layers of products with variables of TensorFlow 1; ``variables``: those of
    each variable, by its id and their kind; ``free_variables``: those that belong to no layer; ``own_weights``: the
    lines that make weights of PyTorch or Keras which belong to none; ``inputs_of_models``: what models of Keras are
    made with as their inputs; ``inner_inputs``: those of models that others call with their own tensors;
    ``sequences``: the recurrent layer of PyTorch that returns a tensor, by its id; ``vocabularies``: the number of
    tokens that a layer knows, by its id; ``in_loops``: the layers that are made in loops of which not each time is
    followed, with the number of these, or in branches; ``in_branches``: those of them that are made in branches alone;
    ``made_in_branch``: the lines of those of them that may be in no model;
    ``uncounted``: in how many lists of an unknown length the current expression is; ``several``: those of ``in_loops``
    of which there are more than are recorded, as far as it is known; ``recorded``: all layers that certainly are
    called; ``replaced``: those in the place of which an attribute got another value."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.bound, self.changed = BoundNames(source.text), changed_names(source.text)
        self.module = Scope({})
        self.stars: list[str] = []
        self.patched: set[str] = set()
        self.flags: dict[str, Value] = {}
        self.has_imports = False
        self.data_format: Value = NONE
        self.unknown: set[int] = set()
        self.unsure: set[int] = set()
        self.of_layers = set[int]()
        self.contradictions, self.in_one_branch, self.in_lists = set[int](), set[int](), set[int]()
        self.open_sizes: dict[int, list[str]] = {}
        self.not_followed, self.beyond_layers = set[int](), set[int]()
        self.unread_classes: dict[int, str] = {}
        self.layers: list[Layer] = []
        self.in_loops = dict[Layer, int]()
        self.in_branches = set[Layer]()
        self.made_in_branch = set[int]()
        self.several, self.recorded = set[Layer](), set[Layer]()
        self.replaced = set[Layer]()
        self.chains: list[Chained] = []
        self.instances: list[Instance] = []
        self.functions: list[Function] = []
        self.classes: list[UserClass] = []
        self.members = set[str]()
        self.recordings = [Recording(0, 0)]
        self.active = [self.recordings[0]]
        self.symbolic = dict[int, Tensor]()
        self.inputs_of_models: list[Value] = []
        self.inner_inputs = dict[Functional | Chained, Value]()
        self.of_parts = dict[tuple[int, int], bool]()
        self.others: dict[int, Layer] = {}
        self.branches: list[Branch] = []
        self.origins: dict[int, tuple[Value, Origin]] = {}
        self.operands: list[Origin] = []
        self.sequences: dict[int, Layer] = {}
        self.own_weights = set[int]()
        self.with_lengths: dict[Value, int] = {}
        self.vocabularies: dict[int, Value] = {}
        self.free_variables = set[int]()
        self.products: dict[int, tuple[Value, Layer]] = {}
        self.variables: dict[tuple[int, str], tuple[Value, Layer]] = {}
        self.samples: dict[int, tuple[Value, Samples]] = {}
        self.counters: list[Value] = []
        self.steps = self.steps_of_list = MAX_SOURCE_STEPS
        self.sites: Sites = ()
        self.uncertain = 0
        self.repeated = 0
        self.uncounted = 0
        self.depth = 0
        self.has_changed = False
        self.has_default_branch = False
        self.passes, self.passes_of_parts = set[Key](), set[Key]()
        self.has_stopped = False
        self.is_run = True
        self.stopped_in: list[Recording] = []

    @property
    def level(self) -> int:
        """How uncertain it is that the current statement is executed exactly once."""
        return self.uncertain + self.repeated

    @property
    def inputs(self) -> list[Axes]:
        """The axes of the inputs of Keras, without those that are certainly in no model."""
        given = [tensors_in(of) for of in self.inputs_of_models]
        inner = [id(one) for one in self.inner_inputs.values()]
        outer = Counter(id(of) for of in self.inputs_of_models) - Counter(inner)
        used = {id(one) for of in self.inputs_of_models if id(of) in outer for one in tensors_in(of)}
        if not all(of and all(id(one) in self.symbolic for one in of) for of in given):
            used = set()
        return [one.axes for key, one in self.symbolic.items() if key in used or not used]

    @property
    def has_other_weights(self) -> bool:
        """Whether a program may have weights that belong to no layer."""
        return bool(self.own_weights or self.free_variables)

    @property
    def of_unknown_number(self) -> set[Layer]:
        """The layers of which it is not known how many a loop makes: those that a forward pass calls in the same loop,
        and those that it certainly has none or several of. The number of cells of TensorFlow 1 is read."""
        others = self.in_loops.keys() - self.recorded
        return self.several | {one for one in others if not (one.framework == "tf1" and one.kind.endswith("_cell"))}

    def stop(self, node: ast.AST) -> NoReturn:
        """The rest of the program is not followed."""
        line = getattr(node, "lineno", 1)
        self.unknown.add(line)
        self.not_followed.add(line)
        self.has_stopped = True
        self.stopped_in += self.active
        raise OutOfSteps

    def origin(self, value: Value) -> Origin:
        """The layers that return a tensor or from whose outputs it is computed; None if that is not certain."""
        match value:
            case Tensor() | Packed() | Unknown():
                known = self.origins.get(id(value))
                return known[1] if known else None
            case Argument():
                return frozenset()
            case Tuple(items=(first, *_)):
                return self.origin(first)
        return None

    def origin_of_all(self, values: Iterable[Value]) -> Origin:
        """The layers that all tensors come from that something is called with, also those in lists."""
        found, left = list[Origin](), list(values)
        for one, _ in zip(left, range(MOST_ITEMS), strict=False):  # it grows meanwhile
            match one:
                case Tuple() | List():
                    left += one.items or (UNKNOWN,)
                case Dictionary():
                    left += one.items.values() if one.items is not None else (UNKNOWN,)
                case Tensor() | Packed() | Unknown() | Argument():
                    found.append(self.origin(one))
        return joined_origin(found) if len(left) <= MOST_ITEMS else None

    def note_inputs(self, values: Iterable[Value]) -> None:
        """Note the inputs of a model, which come from no layer, whatever they are."""
        for one in values:
            if isinstance(one, (Tensor, Unknown)):
                self.origins[id(one)] = one, frozenset()

    def note_origin(self, value: Value, origin: Origin) -> None:
        """Note the layers that tensors come from. The tensors are kept, since another one may get the id."""
        for tensor in tensors_in(value):
            self.origins.setdefault(id(tensor), (tensor, origin))

    def note_part(self, of: Value, value: Value, origin: Origin) -> None:
        """Note what is computed from parts of a tensor, whose samples it has unless others are noted."""
        if self.samples:
            self.note_samples(tensors_in(value), self.samples_of(of))
        self.note_origin(value, origin)

    def samples_of(self, value: Value) -> Samples:
        """The samples of a tensor."""
        known = self.samples.get(id(value))
        return known[1] if known else SAME

    def note_samples(self, tensors: Iterable[Value], samples: Samples) -> None:
        """Note the samples of new tensors, which are kept, since another one may get the id."""
        for one in tensors:
            self.samples.setdefault(id(one), (one, samples))

    def note_inner(self, model: Functional | Chained, inputs: Value, arguments: Arguments) -> None:
        """Note the inputs of a model that is called with tensors of Keras, which it gets in the place of these."""
        given = [one for of in arguments.all for one in tensors_in(of)]
        if any(id(one) in self.symbolic or self.origin(one) for one in given):
            self.inner_inputs[model] = inputs

    def note_result(self, recording: Recording, value: Value) -> None:
        """Note what a forward pass returns: the first of several tensors, if it comes from the last layer, and it
        certainly has the samples of the input or all its sizes are known."""
        first = next(iter(tensors_in(value)), None)
        origin = self.origin(first) if isinstance(first, Tensor) else None
        if isinstance(first, Tensor) and origin and recording.steps and recording.steps[-1].layer in layers_of(origin):
            is_same = id(first) in self.samples and self.samples_of(first) is SAME
            recording.result = first.axes if is_same or all(isinstance(n, int) for n in first.axes) else (ANY,)
        recording.end = self.end_of(recording, value)
        recording.returned = joined_origin(map(self.origin, tensors_in(value) or (value,)))

    def end_of(self, recording: Recording, value: Value) -> Axes | None:
        """The axes of the first of the tensors that come from the last layer, or that may, if all of these certainly
        have other axes than its output, or it is no longer known how many; None otherwise."""
        return end_after(recording.steps[-1], self.outputs_in(value)) if recording.steps else None

    def outputs_in(self, value: Value) -> tuple[tuple[Axes, Origin], ...]:
        """The axes and the origin of each tensor that something returns."""
        return tuple([(one.axes, self.origin(one)) for one in tensors_in(value)])

    def pass_samples_on(self, tensors: Iterable[Value], operands: Sequence[Origin]) -> list[Samples]:
        """Note the samples of new tensors that are computed from operands. What is not as in the input of those that an
        expression returns."""
        read = worst(operands)
        self.note_samples([one for one in tensors if id(one) not in self.origins], read)
        returned = worst(map(self.samples_of, tensors))
        return [] if returned is SAME else [returned]

    @contextmanager
    def doubt(self) -> Iterator[None]:
        """Within this context it is not certain that a statement is executed."""
        self.uncertain += 1
        try:
            yield
        finally:
            self.uncertain -= 1

    @contextmanager
    def in_unknown_number(self) -> Iterator[None]:
        """Within this context an expression gives each of an unknown number of items."""
        self.uncounted += 1
        try:
            with self.doubt():
                yield
        finally:
            self.uncounted -= 1

    @contextmanager
    def in_some_steps(self) -> Iterator[None]:
        """Within this context a statement is executed in some steps of a loop: layers are called, but it is not certain
        what else changes."""
        recording = self.active[-1]
        recording.level += 1
        try:
            with self.doubt():
                yield
        finally:
            recording.level -= 1

    @contextmanager
    def recording(self, recording: Recording) -> Iterator[None]:
        if recording.owner is None:
            self.recordings.append(recording)
        self.active.append(recording)
        try:
            yield
        finally:
            self.active.pop()

    @contextmanager
    def one_branch(self) -> Iterator[Branch]:
        """Within this context the program takes one of several branches."""
        branch = Branch(self.uncertain, self.active[-1], Recording(0, self.uncertain))
        self.branches.append(branch)
        try:
            yield branch
        finally:
            self.branches.pop()

    def record_in_branch(self, step: Step, level: int) -> None:
        """Record an uncertain call in the branch that the program takes, or else as unknown."""
        if self.branches and self.branches[-1].takes(level, self.active[-1]):
            self.branches[-1].calls.add(step)
        else:
            self.unknown.add(step.line)
            (self.in_lists if self.uncounted else self.in_one_branch).add(step.line)

    def settle(self, branches: Sequence[Branch], place: tuple[int, int]) -> set[int]:
        """Record what the program calls in all of several branches of a test at a place, as certain as it was before
        them. The lines that are not certain because of that alone."""
        if not branches:
            return set()
        common, lines, layers = called_in_all(branches, self.in_branches)
        self.recorded |= layers if self.uncertain - 1 <= self.active[-1].level else set()
        new = lines - self.unknown
        self.unknown |= lines
        self.in_one_branch |= lines
        level, recording = self.uncertain - 1, self.active[-1]
        is_branch = bool(self.branches) and self.branches[-1].takes(level, recording)
        is_open = bool(lines) or any(one.calls.ways for one in branches)
        if is_open and (is_branch or level <= recording.level):
            of = self.branches[-1].calls if level > recording.level else recording
            ways = [] if common else [way for one in branches for way in one.calls.steps_by_way]
            of.ways[(*self.sites, place)] = len(of.steps), ways
        for step in common:
            if level > recording.level:
                self.record_in_branch(step, level)
            else:
                recording.add(step)
        return new

    def follow_left(self, left: Iterable[LeftBranch]) -> None:
        """What a function calls in branches in which it returns is certain if it calls the same after them."""
        for one in left:
            if self.active[-1] is one.of and one.has_the_same_calls():
                self.unknown -= one.lines
                self.in_one_branch -= one.lines

    def made_instance(self, of: UserClass, line: int) -> Instance:
        instance = Instance(self.level, of, line, is_of_run=self.is_run)
        self.instances.append(instance)
        return instance

    def made_dictionary(self, items: dict[str, Value] | None) -> Dictionary:
        return Dictionary(self.level, items, self.depth)

    def bind(self, name: str, value: Value, scope: Scope) -> None:
        scope.names[name] = UNKNOWN if name in self.changed else value

    # what the subclasses do

    def run(self, statements: Sequence[ast.stmt], scope: Scope) -> bool:
        """Follow statements; whether they end the function, the loop or the program."""
        raise NotImplementedError

    def value(self, node: ast.expr, scope: Scope) -> Value:
        """What is certain about the value of an expression."""
        raise NotImplementedError

    def item_of(self, items: Value, node: ast.expr) -> Value:
        """What a loop over unknown items takes."""
        raise NotImplementedError

    def assign(self, target: ast.expr, value: Value, scope: Scope) -> None:
        """Bind the names of a target, or set an attribute or an item."""
        raise NotImplementedError

    def attribute(self, owner: Value, name: str) -> Value:
        """``owner.name``."""
        raise NotImplementedError

    def name(self, name: str, scope: Scope) -> Value:
        """The value of a name."""
        raise NotImplementedError

    def defaults(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> dict[str, Value]:
        """The defaults of parameters."""
        raise NotImplementedError

    def set_attribute(self, owner: Value, name: str, value: Value) -> None:
        """``owner.name = value``."""
        raise NotImplementedError

    def forget(self, owner: Instance) -> None:
        """Attributes of an object change, and it is not known which."""
        raise NotImplementedError

    def call_function(self, function: Function, arguments: Arguments) -> Value:
        """Follow a function; the value that it returns."""
        raise NotImplementedError

    def result(self, callee: Value, arguments: Arguments, node: ast.Call) -> Value | None:
        """The value of a call; None if it cannot be known."""
        raise NotImplementedError

    def outermost(self, function: Function, arguments: Arguments) -> Value:
        """Call a function, whose calls are a forward pass of their own, unless it is called from one."""
        raise NotImplementedError

    def copied(self, value: Value, depth: int = 0) -> Value:
        """A copy of a value."""
        raise NotImplementedError

    def dictionary_with(self, arguments: Arguments) -> Dictionary:
        """``dict(others, name=value)``."""
        raise NotImplementedError

    def ordered(self, arguments: Arguments) -> Dictionary:
        """A dictionary of pairs, or a copy of a dictionary."""
        raise NotImplementedError

    def become_layer(self, instance: Instance, base: str, arguments: Arguments | None, line: int) -> None:
        """An object whose class is derived from one of layers is a layer."""
        raise NotImplementedError

    def call_layer_of(self, instance: Instance, arguments: Arguments, line: int) -> Value | None:
        """Call the layer of a framework that an object is; None if it is none."""
        raise NotImplementedError

    def call_instance(self, instance: Instance, arguments: Arguments, line: int, is_part: bool = False) -> Value | None:
        """The forward pass of an object; None if it has none."""
        raise NotImplementedError
