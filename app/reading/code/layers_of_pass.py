"""The layers of a forward pass, from its steps: what each gets, returns and has that none before it has."""

from collections.abc import Container, Iterator, Mapping, Sequence
from types import MappingProxyType

from .interpreter_limits import LARGEST_AXIS
from .reading_result import OPEN, ReadLayer, Setting
from .values import Axes, Constant, Layer, Part, Step, Value, changed, last, layers_of, what_of


def read_layers(
    steps: Sequence[Step],
    places: Mapping[int, int] = MappingProxyType({}),
    returned: frozenset[Layer | Part] | None = None,
) -> Iterator[ReadLayer]:
    """The layers of a forward pass. One that is called again, also by a layer that runs it at each step, has no further
    parameters, and one whose matrix a layer before it has only its bias. ``places``: when tensors were noted, by their
    ids; ``returned``: the layers that all the pass returns is computed from, None if they are not certain."""
    before, known, given = None, set[Layer](), set[int]()
    last_read = dict[Layer | Part, int]()
    for n, step in enumerate(steps):
        if step.reads and len(step.given) > 2:
            last_read |= dict.fromkeys(step.reads, n)
    of_states = _of_states(steps, returned)
    for n, step in enumerate(steps):
        was_there = before is not None and places.get(id(step.tensor), before.after) < before.after
        if was_there or (step.reads is None and id(step.tensor) in given):  # before the layer before it was called
            step = changed(step, reads=frozenset())
        gives_steps = last_read.get(step.layer, 0) > n + 1
        own, states_only = _own_parameters(step.layer, known), step.layer in of_states
        yield read_layer(step, before, own, gives_steps=gives_steps, states_only=states_only)
        given.add(id(step.tensor or step))
        known |= {step.layer, step.layer.matrix_of, step.layer.holder}
        before = step


def _of_states(steps: Sequence[Step], returned: frozenset[Layer | Part] | None) -> set[Layer]:
    """The layers with several last states, one of each layer and direction, of which nothing else certainly goes
    on."""
    uses = [step.reads for step in steps] + [returned]
    read = [one for use in uses if use is not None for one in use]
    states = {one.layer for one in read if isinstance(one, Part) and one.what == "states"}
    others = {*layers_of(one for one in read if not (isinstance(one, Part) and one.what == "states"))}
    return {one for one in states - others if None not in uses and _has_several_states(one)}


def _has_several_states(layer: Layer) -> bool:
    return layer.setting("bidirectional") is True or layer.size("num_layers") not in (None, 1)


def _own_parameters(layer: Layer, known: Container[Layer]) -> int | None:
    """How many parameters of a layer none of those that are known has; None for all."""
    if layer in known or layer.holder in known:
        return 0
    if layer.may_be_tied or layer.matrix_of.may_be_tied:
        return OPEN
    if layer.has_more_parameters:
        return OPEN if layer.parameters is None else layer.parameters
    if layer.matrix_of is layer and layer.kind == "dense" and layer.parameters not in (None, layer.parameters_by_sizes):
        return layer.parameters
    return layer.without_matrix if layer.matrix_of in known else None


def read_layer(
    step: Step, before: Step | None, own: int | None, *, gives_steps: bool = False, states_only: bool = False
) -> ReadLayer:
    layer, transposed_first = step.layer, step.transposed_first
    is_whole = before is not None and step.reads is not None and before.layer in step.reads
    return ReadLayer(
        name=step.name,
        kind=layer.kind,
        framework=layer.framework,
        config={name: _setting(value) for name, value in layer.config.items()},
        input=_known(step.input),
        output=_known(step.output),
        line=layer.line or None,
        is_exact=layer.is_exact,
        last_line=layer.last_line,
        is_exact_at_each_step=layer.is_exact_at_each_step,
        follows=None if step.reads is None or before is None else is_whole or before.layer in layers_of(step.reads),
        gets=what_of(before.layer, step.reads) if before and step.reads and not is_whole else None,
        given=step.given,
        is_transposed_last=step.transposed_last is not None
        and (step.transposed_last == before.output if before else not step.reads),
        parameters=layer.parameters,
        keeps_steps=layer.keeps_steps,
        gives_steps=gives_steps,
        states_only=states_only,
        own=own,
        statistics=layer.statistics if own is None else 0,
        has_other_samples=step.has_other_samples,
        has_moved_samples=step.has_moved_samples,
        class_name=layer.class_name,
        packed_first=step.packed_first,
        is_transposed_first=before is not None and is_whole and _is_output_of(before, transposed_first),
    )


def _is_output_of(step: Step, axes: Axes | None) -> bool:
    """Whether axes are those of what a step returns; in TensorFlow 1 that is one of two directions, which a program may
    join."""
    if axes is None or last(axes) is None or axes[:-1] != step.output[:-1]:
        return False
    is_pair = step.layer.framework == "tf1" and step.layer.setting("bidirectional") is True
    size = last(step.output)
    return last(axes) == size or (is_pair and isinstance(size, int) and last(axes) == 2 * size)


def _known(axes: Axes) -> Axes:
    """Axes without sizes that no tensor has, which arithmetic of a program may make."""
    return tuple(None if isinstance(one, int) and one > LARGEST_AXIS else one for one in axes)


def _setting(value: Value) -> Setting:
    """A value of a configuration for JSON; None if it is unknown."""
    if not isinstance(value, Constant) or (isinstance(value.value, int) and abs(value.value) > 2**53):
        return None
    return value.value
