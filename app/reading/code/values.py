"""What the reader knows about a value of the program that it reads. What is not certain is unknown."""

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from math import prod
from typing import TYPE_CHECKING, ClassVar, Literal, TypeGuard, TypeVar, dataclass_transform

from .interpreter_limits import LARGEST_AXIS, LONGEST_TEXT, MOST_BASES

if TYPE_CHECKING:
    from .branches import LeftBranch

Axis = int | str | None
"""The size of an axis: a number, the name of the argument that says it, or None if it cannot be known."""

Axes = tuple[Axis, ...]

ANY = "..."
"""At the start of axes: any number of axes."""

OTHER = "other"
"""The kind of a layer whose kind is unknown, or which has no kind of its own."""


Class = TypeVar("Class")


@dataclass_transform(frozen_default=True)
def frozen(of: type[Class]) -> type[Class]:
    """A dataclass that nothing changes, as mypy checks. Tens of thousands of values are made of a long source, and if
    Python checked it too, making one would take three times as long."""
    return dataclass(unsafe_hash="__hash__" not in vars(of))(of)


def changed(value: Class, **attributes: object) -> Class:
    """A copy of a value with other ``attributes``, made several times faster than by a constructor that takes each."""
    copy = object.__new__(type(value))
    vars(copy).update(vars(value), **attributes)
    return copy


@dataclass_transform(frozen_default=True, eq_default=False)
def frozen_by_identity(of: type[Class]) -> type[Class]:
    """A dataclass that nothing changes, and of which only the same object is equal."""
    return dataclass(eq=False)(of)


class Value:
    """A value; without a class of its own, one that is unknown."""

    may_have_tensors: ClassVar = False
    """Whether it is a tensor, or may be a list of some."""


@frozen
class Unknown(Value):
    """An unknown value; with ``is_integer`` or ``is_float``, at least its type is known, and with ``made_at``, that a
    class of another library made it, which may be one of layers, in this line. ``axis``: it is the size of this axis of
    a tensor; ``is_shape``: it is the sizes of all."""

    is_integer: bool = False
    is_float: bool = False
    made_at: int | None = None
    axis: int | None = field(default=None, compare=False)
    is_shape: bool = field(default=False, compare=False)


UNKNOWN, INTEGER, FLOAT = Unknown(), Unknown(is_integer=True), Unknown(is_float=True)


@frozen
class Constant(Value):
    value: int | float | str | bool | None

    def __eq__(self, other: object) -> bool:
        """True is not 1."""
        if not isinstance(other, Constant):
            return False
        return type(self.value) is type(other.value) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)


NONE = Constant(None)


@frozen
class Argument(Value):
    """An argument of a model that nobody gives."""

    name: str


@frozen
class Reference(Value):
    """What another module defines, by its full name: ``torch.nn.LSTM``."""

    path: str


@frozen
class Tensor(Value):
    """A tensor. ``transposed_last``: the axes of another tensor, of which it is the transpose in the second
    and the third axis; ``transposed_first``: the same for the first two."""

    may_have_tensors = True

    axes: Axes = (ANY,)
    transposed_last: Axes | None = None
    transposed_first: Axes | None = None


@frozen
class Packed(Value):
    """PyTorch's PackedSequence: its axes as batch, time, features, and the order in which it was packed;
    ``transposed_first``: that of the tensor that was packed. Data of which not even the number of axes is known has
    ANY axes."""

    may_have_tensors = True

    axes: Axes
    batch_first: bool
    transposed_first: Axes | None = None


@frozen
class Tuple(Value):
    may_have_tensors = True

    items: tuple[Value, ...]


@dataclass(eq=False)
class Mutable(Value):
    """A value that the program may change. ``level``: how uncertain it was that the program makes it."""

    level: int


@dataclass(eq=False)
class List(Mutable):
    """A list, also a ModuleList; ``items`` is None if they are unknown. ``is_list``: whether it certainly is one of
    Python, and not a set or a range. ``each``: the layer that a loop puts into it an unknown number of times."""

    may_have_tensors = True

    items: list[Value] | None
    is_list: bool = False
    each: Value | None = None


@dataclass(eq=False)
class Repeated(Value):
    """A list that has one item an unknown number of times."""

    item: Value
    count: Value


@dataclass(eq=False)
class Dictionary(Mutable):
    """A dictionary, also a ModuleDict. ``depth``: how many functions were active when it was made; ``each``: as in a
    list; ``is_given``: whether it holds the named arguments of a call that the program itself makes, so that it may be
    empty."""

    items: dict[str, Value] | None
    depth: int = 0
    each: Value | None = None
    is_given: bool = False


@frozen
class Choice(Value):
    """One of several constants, or of several things that other modules define."""

    options: tuple[Constant | Reference, ...]


Config = dict[str, Value]
Output = Callable[["Layer", Axes], Value]


@dataclass(eq=False)
class Layer(Value):
    """A layer of a framework. ``call`` gives the value of calling it, ``shown`` is the input that it then reads."""

    kind: str
    framework: str
    config: Config
    line: int
    call: Output
    takes: Callable[["Layer", Axes], Axes]
    name: str | None = None
    input: Axes | None = None
    """In Keras, the input that its arguments say."""
    is_used: bool = False
    is_exact: bool = True
    """Whether the page about a recurrent layer shows exactly this one."""
    is_exact_at_each_step: bool = False
    """The same for a layer that runs on each step of its input, without the steps."""
    last_line: int | None = None
    """The last line of the call that makes it."""
    several: bool = False
    """Whether it may take a list of tensors, of which the first says its output."""
    options: tuple["Layer", ...] = ()
    """The different layers of which it is one."""
    parameters: int | None = None
    """The number of its parameters, where it is not that of its sizes."""
    has_more_parameters: bool = False
    """Whether a recurrent layer has more parameters than its sizes say, such as the lengths of rows of weight_norm."""
    keeps_steps: bool = False
    """Whether a convolution returns as many steps as it gets."""
    statistics: int | None = 0
    """How many means and variances of batches it has, which are not trained."""
    lengths: int | None = None
    """How many more parameters weight_norm gives a convolution, if that is known: the lengths of the rows of its
    weight."""
    class_name: str = ""
    """The name of its class in the program, if others make the same layer; "" otherwise."""
    tied_to: "Layer | None" = None
    """The layer whose matrix it has."""
    may_be_tied: bool = False
    """Whether it is not certain whether it has the matrix of another layer."""
    wraps: "Layer | None" = None
    """The layer or cell that it runs at each step, whose weights it has."""

    @property
    def holder(self) -> "Layer":
        """The layer that has its weights without another one around it, as a cell alone: itself if it wraps none."""
        layer = self
        while layer.wraps:
            layer = layer.wraps
        return layer

    @property
    def matrix_of(self) -> "Layer":
        """The layer whose matrix it has, in the end: itself if that is its own."""
        if not self.tied_to:  # as most
            return self
        seen, layer = [self], self
        while layer.tied_to and layer.tied_to not in seen:
            layer = layer.tied_to
            seen.append(layer)
        return layer

    @property
    def without_matrix(self) -> int | None:
        """The number of its parameters beside its matrix; None if that follows from no size that is known."""
        bias, units = self.setting("bias"), self.size("num_units")
        if self.kind != "dense" or bias is False:
            return 0
        return units if bias and isinstance(units, int) else None

    @property
    def parameters_by_sizes(self) -> int | None:
        """The number of parameters of a dense layer with its matrix; None if that follows from no size that is
        known."""
        features, units, others = self.size("features"), self.size("num_units"), self.without_matrix
        if self.kind != "dense" or not isinstance(features, int) or not isinstance(units, int) or others is None:
            return None
        return features * units + others

    @property
    def is_uncertain(self) -> bool:
        """Whether a size or switch is unknown."""
        return any(self.open_settings)

    @property
    def open_settings(self) -> Iterator[str]:
        """The settings that are not known. Only PyTorch's layers say their features."""
        for name, value in self.config.items():
            if not isinstance(value, (Constant, Argument)) and (name != "features" or self.framework == "pytorch"):
                yield name

    def size(self, name: str) -> Axis:
        """A size of the configuration as an axis."""
        return axis(self.config.get(name, UNKNOWN))

    def setting(self, name: str) -> bool | None:
        """A switch of the configuration; None if it is unknown."""
        value = self.config.get(name)
        return bool(value.value) if isinstance(value, Constant) else None


What = Literal["one", "states", "changed"]


@frozen
class Part:
    """What a tensor is computed from, if that is not all that a layer returns as it returns it: ``one`` of its steps or
    states, its last ``states``, or all steps after an operation has ``changed`` them, such as a mean over the time."""

    layer: Layer
    what: What


def layers_of(sources: Iterable[Layer | Part]) -> Iterator[Layer]:
    """The layers that something is computed from."""
    return (one.layer if isinstance(one, Part) else one for one in sources)


def parts_of(sources: Iterable[Layer | Part], what: What) -> frozenset[Layer | Part]:
    """What is computed from parts of what layers return. A part of a part is no larger than that."""
    return frozenset(one if isinstance(one, Part) else Part(one, what) for one in sources)


def is_states(of: Layer | Part) -> TypeGuard[Part]:
    return isinstance(of, Part) and of.what == "states"


def what_of(layer: Layer, sources: Iterable[Layer | Part]) -> What | None:
    """The part of a layer that something is computed from; None if that may be every step as it is."""
    found = {one.what if isinstance(one, Part) else None for one in sources if layer in layers_of((one,))}
    if not found or None in found:
        return None
    return "changed" if "changed" in found else "one" if "one" in found else "states"


@dataclass(eq=False)
class Maybe(Value):
    """A layer of a chain that may be left out, or repeated."""

    layer: Value


@dataclass(eq=False)
class Chained(Mutable):
    """Layers one after another: nn.Sequential, or Keras’s Sequential with the axes of its ``input``, which may be a
    ``tensor``."""

    items: list[Value]
    framework: str
    line: int
    input: Axes | None = None
    tensor: Value = NONE
    is_used: bool = False
    names: Sequence[str] = ()
    """The names of the items, if they are not numbered."""
    gives_states: bool = False
    """Whether it also returns the states of its layers, which are those of stacked cells in Keras."""


@frozen_by_identity
class Functional(Value):
    """A functional model of Keras, by its outputs and its inputs."""

    outputs: Value
    inputs: Value = UNKNOWN


@dataclass(eq=False)
class Function(Value):
    node: ast.FunctionDef | ast.AsyncFunctionDef
    scope: "Scope"
    of: "UserClass | None" = None
    defaults: Mapping[str, Value] = field(default_factory=dict)
    is_called: bool = False


def is_decorated(function: Function, name: str) -> bool:
    """Whether a function has a decorator without arguments: ``property``, ``staticmethod``, ``classmethod``."""
    return any(isinstance(one, ast.Name) and one.id == name for one in function.node.decorator_list)


@dataclass(eq=False)
class UserClass(Value):
    node: ast.ClassDef
    bases: list[Value]
    members: Mapping[str, Value]
    is_called: bool = False
    stand_in: Function | None = None
    """The method that is read in the place of a forward pass that does nothing, unless other classes, which may have
    one, are derived from it."""

    def member(self, name: str) -> Value | None:
        """A method or attribute, also of a base that the source defines."""
        if name in self.members:
            return self.members[name]
        return next((one.members[name] for one in self.lineage if name in one.members), None)

    @cached_property
    def lineage(self) -> Sequence["UserClass"]:
        """The class and the bases that the source defines, each once: the nearest ones, if there are many."""
        found: dict[int, UserClass] = {}
        left: list[Value] = [self]
        while left and len(found) < MOST_BASES:
            one = left.pop()
            if isinstance(one, UserClass) and id(one) not in found:
                found[id(one)] = one
                left += reversed(one.bases)
        return list(found.values())

    def method(self, *names: str) -> "Function | None":
        """The first of several methods that the class has."""
        return next((found for name in names if isinstance(found := self.member(name), Function)), None)

    def outer_bases(self) -> Iterable[Value]:
        """The bases that the source does not define."""
        for one in self.lineage:
            yield from (base for base in one.bases if not isinstance(base, UserClass))


@dataclass(eq=False)
class Instance(Mutable):
    """An object of a class of the source. ``runs``: the layers that each of its calls passed; ``unnamed``: layers with
    unknown names, by the expression of the name; ``is_built``: whether Keras’s ``build`` was called; ``is_of_run``:
    whether the program makes it when it runs; ``is_part_of_pass``: whether the forward pass of another one calls it."""

    of: UserClass
    line: int
    attributes: dict[str, Value] = field(default_factory=dict)
    runs: list["Recording"] = field(default_factory=list)
    unnamed: dict[str, Value] = field(default_factory=dict)
    is_built: bool = False
    copy_of: "Instance | None" = None
    is_of_run: bool = True
    is_part_of_pass: bool = False
    layer: "Layer | Chained | None" = None
    """The layer of a framework that it is, if its class is derived from the one of that."""
    unsure: frozenset[str] = frozenset()
    """The names of attributes that it may have or not."""
    input: Axes = (ANY,)
    """The axes of its input, where the program only says that it is built for these."""
    is_open: bool = False
    """Whether it may have attributes of any name."""


@frozen
class Member(Value):
    """A member of an enumeration."""

    of: UserClass
    name: str
    value: Value


@frozen_by_identity
class Method(Value):
    """A method of a value."""

    owner: Value
    name: str


@frozen_by_identity
class Super(Value):
    """``super()`` in a method of ``of``."""

    owner: Instance
    of: UserClass


@dataclass(eq=False)
class Scope:
    """Names and values of a module, function or class. ``of``: the class of which a function is a method."""

    names: dict[str, Value]
    outer: "Scope | None" = None
    of: UserClass | None = None
    returned: list[Value] = field(default_factory=list)
    yielded: list[Value] = field(default_factory=list)
    left: "list[LeftBranch]" = field(default_factory=list)


Sites = tuple[tuple[int, int], ...]
"""The lines and columns of calls, one in another."""


@frozen
class Step:
    """A call of a layer in the forward pass, at a line. ``given``: the axes of the tensor that it gets; ``reads``: the
    layers from whose outputs, or parts of them, its input is computed, None if they are not certain;
    ``transposed_last`` and ``transposed_first``: those of a tensor, for its input; ``has_other_samples``: whether the
    samples of its input may be others than those of the model, and ``has_moved_samples``: whether they are along
    another axis; ``sites``: the calls in which it is called; ``tensor``: what it gets, if that is one tensor;
    ``after``: how many tensors the program had noted before; ``packed_first``: whether a packed sequence that it gets
    was packed with the batch first, None if it gets none; ``gets``: the layers that all its arguments come from, also
    initial states, None if they are not certain."""

    layer: Layer
    input: Axes
    output: Axes
    line: int
    name: str | None = None
    given: Axes = (ANY,)
    reads: frozenset[Layer | Part] | None = field(default=None, compare=False)
    transposed_last: Axes | None = None
    has_other_samples: bool = False
    has_moved_samples: bool = field(default=False, compare=False)
    transposed_first: Axes | None = None
    sites: "Sites" = field(default=(), compare=False)
    tensor: Tensor | None = field(default=None, compare=False)
    after: int = field(default=0, compare=False)
    packed_first: bool | None = field(default=None, compare=False)
    gets: frozenset[Layer | Part] | None = field(default=None, compare=False)

    def may_repeat(self, other: "Step") -> bool:
        """Whether no size that is known in both is another one."""
        return may_be_equal(self.input, other.input) and may_be_equal(self.output, other.output)

    def named(self, name: str | None) -> "Step":
        """This step with the name of its layer."""
        return self if name == self.name else changed(self, name=name)


@dataclass(eq=False)
class Recording:
    """The steps of one forward pass; ``level``: how uncertain it was that it happens; ``has_unknown_call``: whether a
    tensor was given to something unknown; ``called_at``: the line where the program calls the model;
    ``is_of_run``: whether the program makes the model when it runs; ``result``: the axes of what it returns, as far as
    they are certain; ``repeated``: in how many loops it is; ``in_loops``: the layers that it calls in loops; ``given``:
    the axes of the tensors that the program calls it with, if all are known; ``models``: the models of Keras that are
    made of its tensors; ``end``: the axes of what it returns, if they certainly are others than those of the output of
    its last layer; ``returned``: the layers that all it returns is computed from, None if they are not certain;
    ``ways``: of each test of which nothing is known, by its place, how many steps there were before it and what each of
    its branches calls, if they have no call in common; ``is_one_way``: whether the steps are those
    of one of several branches; ``divided``: the layers of TensorFlow 1 whose output is reshaped to more axes, with
    these."""

    line: int
    level: int
    steps: list[Step] = field(default_factory=list)
    owner: Instance | None = None
    has_unknown_call: bool = False
    called_at: int | None = None
    is_of_run: bool = True
    result: Axes = (ANY,)
    repeated: int = 0
    in_loops: set[Layer] = field(default_factory=set)
    models: list["ModelOfTensors"] = field(default_factory=list)
    given: list[Axes] = field(default_factory=list)
    end: Axes | None = None
    returned: frozenset[Layer | Part] | None = None
    ways: dict[Sites, tuple[int, list[list[Step]]]] = field(default_factory=dict)
    is_one_way: bool = False
    calls_models: bool = False
    """Whether it calls a model of Keras that is made of tensors."""
    divided: dict[Layer, Axes] = field(default_factory=dict)
    _known: dict[tuple[Layer, int, Sites], list[Step]] = field(default_factory=dict)

    def add(self, step: Step) -> None:
        """Add a step, unless it repeats one, as in a loop: the same call with no other sizes. What one of
        them leaves open is no other size."""
        same = self._known.setdefault((step.layer, step.line, step.sites), [])
        if not same or not any(one.may_repeat(step) for one in same):
            same.append(step)
            self.steps.append(step)

    @property
    def steps_by_way(self) -> list[list[Step]]:
        """The steps of each way, if there is only one test of which nothing is known."""
        place, ways = next(iter(self.ways.values())) if len(self.ways) == 1 else (0, [])
        return [[*self.steps[:place], *way, *self.steps[place:]] for way in ways] or [self.steps]

    @property
    def key(self) -> "Key":
        """What forward passes of the same model have in common."""
        return tuple([(step.layer.kind, step.layer.line) for step in self.steps])

    def cut(self, length: int) -> None:
        """Forget the steps after the first ones."""
        for step in self.steps[length:]:
            self._known[step.layer, step.line, step.sites].remove(step)
        del self.steps[length:]
        self.ways = {place: ways for place, ways in self.ways.items() if ways[0] <= length}


@frozen
class ModelOfTensors:
    """A model of Keras that a line makes of tensors: the number of steps that the forward pass has then, whether the
    model has the last one, the axes of what it returns, as ``end`` of a recording, the axes and layers of each of its
    outputs, None if these are not certain, and the ids of its inputs, None if it may have others."""

    line: int
    count: int
    is_whole: bool
    end: Axes | None = None
    outputs: tuple[tuple[Axes, frozenset[Layer | Part] | None], ...] = ()
    inputs: frozenset[int] | None = None

    @property
    def layers(self) -> set[Layer] | None:
        """The layers that it certainly returns the outputs of; None if there may be others."""
        origins = [origin for _, origin in self.outputs if origin is not None]
        is_certain = origins and len(origins) == len(self.outputs)
        return {layer for origin in origins for layer in layers_of(origin)} if is_certain else None


Key = tuple[tuple[str, int], ...]
"""The kind and the line of each layer of a forward pass."""


def text(value: str) -> Value:
    """A text that is not too long."""
    return Constant(value) if len(value) <= LONGEST_TEXT else UNKNOWN


def axis(value: Value) -> Axis:
    """A size as an axis. A size of a tensor is positive."""
    if isinstance(value, Constant):
        size = value.value
        return size if type(size) is int and 0 < size <= LARGEST_AXIS else None
    return value.name if isinstance(value, Argument) else None


def size(of: Axis) -> Value:
    """The size of an axis as a value."""
    match of:
        case int():
            return Constant(of)
        case str() if of != ANY:
            return Argument(of)
    return INTEGER


def sizes_of_axes(of: Axes) -> Value:
    """The sizes of all axes of a tensor. One that is not known still is that of an axis."""
    if ANY in of:
        return Unknown(is_shape=True)
    return Tuple(tuple(size_of_axis(of, n) for n in range(len(of))))


def size_of_axis(of: Axes, n: int) -> Value:
    """The size of an axis, counted from the first one, of a tensor with these axes."""
    is_known = ANY not in of and n < len(of) and of[n] is not None
    return size(of[n]) if is_known else Unknown(is_integer=True, axis=n)


def times(*axes: Axis) -> Axis:
    """The product of sizes: unknown unless all are numbers, or all but one are 1."""
    others = [size for size in axes if size != 1]
    if len(others) < 2:
        return others[0] if others else 1
    numbers = [size for size in others if isinstance(size, int)]
    return _bounded(prod(numbers)) if len(numbers) == len(others) else None


def plus(*axes: Axis) -> Axis:
    numbers = [size for size in axes if isinstance(size, int)]
    return _bounded(sum(numbers)) if len(numbers) == len(axes) else None


def _bounded(size: int) -> Axis:
    return size if size <= LARGEST_AXIS else None


def last(axes: Axes) -> Axis:
    """The last axis; None if it is unknown."""
    return axes[-1] if axes and axes[-1] != ANY else None


def may_be_equal(one: Axes, another: Axes) -> bool:
    """Whether axes may be the same: no size that is known in both differs."""
    if ANY not in one[:1] + another[:1] and len(one) != len(another):
        return False
    pairs = takewhile(lambda pair: ANY not in pair, zip(reversed(one), reversed(another), strict=False))
    return all(a == b or a is None or b is None for a, b in pairs)
