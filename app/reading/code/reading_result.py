"""What was read from a source: layers, models, and the lines that are unknown."""

from collections.abc import Sequence
from itertools import pairwise

from .values import ANY, Axes, What, frozen

OPEN = -1
"""The number of parameters of a layer of which it is not known how many another layer has as well."""

Setting = int | float | str | bool | None


@frozen
class ReadLayer:
    """A layer of the chain. ``config``: None for what is unknown; ``line``: where it is made, from 1, None for a layer
    without a source; ``is_exact``: whether the page about a recurrent layer shows exactly this one, apart from its
    bias; ``follows``: whether its input is computed from the output of the layer before it, None if that is not
    certain; ``given``: the axes of the tensor that it gets, of which ``input`` is what it reads;
    ``is_transposed_last``: whether that is the output of the layer before it, or the input of the model, with the
    second and the third axis transposed; ``gives_steps``: whether something certainly gets every step that it returns;
    ``joins_ends`` and ``states_only``: as in a chain, if that is certain; ``parameters`` and ``keeps_steps``: those of
    the layer; ``own``: how many of its parameters no layer before it has, None for all, OPEN if that is not known;
    ``statistics``: how many means and variances it has, None if unknown; ``has_other_samples``: whether the
    samples of its input may be others than those of the model; ``gets``: which part of the output of the layer before
    it goes on, None if that may be all of it; ``has_moved_samples``: whether its samples are along another axis than
    those of the input of the model; ``is_transposed_first``: whether it gets the output of the layer before it with the
    first two axes transposed; ``class_name``: that of the layer; ``packed_first``: whether the packed sequence that it
    gets has the batch first, whatever its own setting says, None if it gets none;
    ``is_exact_at_each_step``: whether the page shows exactly what runs on each step of the input;
    ``last_line``: that of the call that makes it, None if it is not known."""

    name: str | None
    kind: str
    framework: str
    config: dict[str, Setting]
    input: Axes
    output: Axes
    line: int | None
    is_exact: bool
    follows: bool | None = None
    given: Axes = (ANY,)
    is_transposed_last: bool = False
    parameters: int | None = None
    keeps_steps: bool = False
    gives_steps: bool = False
    joins_ends: bool = False
    states_only: bool = False
    own: int | None = None
    statistics: int | None = 0
    has_other_samples: bool = False
    gets: What | None = None
    has_moved_samples: bool = False
    is_transposed_first: bool = False
    class_name: str = ""
    packed_first: bool | None = None
    is_exact_at_each_step: bool = False
    last_line: int | None = None


@frozen
class UnknownLine:
    """A line that was not understood, or whose sizes are not certain, and why."""

    line: int
    text: str
    reason: str


@frozen
class Reading:
    """What is certain about the models of a source. ``starts``: the index of the first layer of each model; ``lines``:
    those of the source; ``is_whole``: whether the last model has all its layers; ``names``: of each model that of its
    class, its function or its variable, "" if it has none; ``calls``: of each model the line that calls it, None if the
    source does not; ``inputs``: the axes of inputs of Keras, in the order in
    which the source makes them; ``mistake``: the number of the first line that is not
    Python, from 1, None if there is none; ``not_understood``: the lines that may call
    what has parameters and is no layer that was read; ``has_other_weights``: whether the program makes weights that
    belong to no layer; ``has_other_layers``: whether it makes more layers with weights than are certain, as in a loop
    that is too long; ``results``: the axes of what each model returns; ``ends``: these, if they certainly are others
    than those of the output of its last layer, whatever samples they have; ``loops``: whether each model calls its
    first or its last layer in a loop; ``one_way``: whether each model has only what one of several branches calls;
    ``given``: the axes of the tensors that each model is called with, if all are known;
    ``outputs``: those of the tensors that each model certainly returns beside what comes from its last layer;
    ``unread_library``: the name of a library that a model is written for, and that is not read; ``unread_star``:
    the module of the program of which all names are imported, "" if there is none; ``unused``: the
    layers that are never called; ``is_notebook``: whether the lines are those of the cells of a notebook;
    ``foreign``: for each model the lines that make weights or layers of other ones alone; ``weights``: the lines that
    make weights which belong to no layer; ``may_freeze``: whether the program may leave layers untrained."""

    layers: Sequence[ReadLayer]
    unknown: Sequence[UnknownLine]
    starts: Sequence[int] = ()
    lines: Sequence[str] = ()
    is_whole: bool = True
    names: Sequence[str] = ()
    calls: Sequence[int | None] = ()
    inputs: Sequence[Axes] = ()
    mistake: int | None = None
    not_understood: frozenset[int] = frozenset()
    has_other_weights: bool = False
    has_other_layers: bool = False
    results: Sequence[Axes] = ()
    ends: Sequence[Axes | None] = ()
    loops: Sequence[bool] = ()
    one_way: Sequence[bool] = ()
    given: Sequence[Sequence[Axes]] = ()
    outputs: Sequence[Sequence[Axes]] = ()
    unread_library: str = ""
    unread_star: str = ""
    unused: Sequence[ReadLayer] = ()
    foreign: Sequence[frozenset[int]] = ()
    is_notebook: bool = False
    weights: frozenset[int] = frozenset()
    may_freeze: bool = False

    def has_weights_beside(self, number: int) -> bool:
        """Whether a model may have weights that belong to none of its layers."""
        return self.has_other_weights and not (self.weights and self.weights <= self.foreign[number])

    def has_all_parameters(self, number: int) -> bool:
        """Whether a model certainly has no parameters beside those of its layers."""
        is_understood = self.not_understood <= self.foreign[number]
        return self.is_whole and is_understood and not self.has_weights_beside(number)

    def unused_of(self, number: int) -> list[ReadLayer]:
        """The layers that a model may have and that are never called."""
        return [layer for layer in self.unused if layer.line not in self.foreign[number]]

    @property
    def models(self) -> Sequence[Sequence[ReadLayer]]:
        """The layers of each model."""
        return [self.layers[start:end] for start, end in pairwise([*self.starts, len(self.layers)])]
