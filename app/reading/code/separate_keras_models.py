"""Models of Keras that a program makes one after the other, such as those of a training and of a decoder for later."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .frameworks import keras
from .program_state import end_after
from .separate_graphs import groups_of_steps
from .values import Axes, Layer, ModelOfTensors, Recording, Step, layers_of


def in_models(recording: Recording) -> Iterator[Recording]:
    """One forward pass for each model, if a recording certainly has several: those without common layers, whenever they
    are made, and those that are made one after the other."""
    for one in _without_common_layers(recording):
        yield from _one_after_the_other(one)


def _without_common_layers(recording: Recording) -> Iterator[Recording]:
    """One forward pass for each group of layers of which nothing is computed from two, if each belongs to a model."""
    steps, models = recording.steps, recording.models
    is_read = all(step.layer.framework == keras.FRAMEWORK and step.gets is not None for step in steps)
    if recording.owner or len(models) < 2 or not is_read or any(one.layers is None for one in models):
        yield recording
        return
    groups = groups_of_steps(steps, (one.layers or () for one in models))
    made = [_models_of(of, steps, models) for of in groups]
    if len(groups) < 2 or not all(made):
        yield recording
        return
    for of, models_of_group in zip(groups, made, strict=True):
        yield replace(recording, steps=of, models=models_of_group)


def _models_of(group: Sequence[Step], steps: Sequence[Step], models: Iterable[ModelOfTensors]) -> list[ModelOfTensors]:
    """The models of some of the steps, as if there were no others."""
    layers, found = {step.layer for step in group}, list[ModelOfTensors]()
    for one in models:
        before = [step for step in steps[: one.count] if step.layer in layers]
        if before and one.layers and not layers.isdisjoint(one.layers):
            end, is_whole = end_after(before[-1], one.outputs), before[-1].layer in one.layers
            found.append(replace(one, count=len(before), is_whole=is_whole, end=end))
    return found


def _one_after_the_other(recording: Recording) -> Iterator[Recording]:
    """One forward pass for each model, if a recording certainly has several: what is called after a model was made gets
    nothing that was computed before."""
    ends = sorted({model.count for model in recording.models if model.is_whole})
    if len(ends) == 1 and not recording.owner:
        recording = replace(recording, end=_end_of(recording.models, len(recording.steps)))
    if recording.owner or len(ends) < 2 or ends[-1] != len(recording.steps):
        yield recording
        return
    starts = [0]
    for end, after in pairwise(ends):
        starts += [end] if _is_alone(recording.steps[end:after]) or _has_own_inputs(recording, end) else []
    for start, end in pairwise([*starts, ends[-1]]):
        made = [replace(one, count=one.count - start) for one in recording.models if start < one.count <= end]
        steps = recording.steps[start:end]
        yield replace(recording, steps=steps, models=made, end=_end_of(made, end - start))


def _has_own_inputs(recording: Recording, end: int) -> bool:
    """Whether no model that is made after a number of steps has an input of one that is made before, or calls that.
    Keras makes no model that computes anything from other inputs than its own."""
    if recording.calls_models:
        return False
    before, after = [one for one in recording.models if one.count <= end], list[ModelOfTensors]()
    called = {step.layer for step in recording.steps[end:]}
    for one in recording.models[len(before) :]:
        if one.layers is None or not one.layers <= called:
            return False
        after.append(one)
    inputs = [frozenset[int]().union(*(one.inputs or () for one in of)) for of in (before, after)]
    is_known = all(one.inputs is not None for one in (*before, *after))
    return is_known and inputs[0].isdisjoint(inputs[1])


def _end_of(models: Sequence[ModelOfTensors], count: int) -> Axes | None:
    """The axes of what the model returns that is made of all steps, if all such models return the same."""
    found = {one.end for one in models if one.is_whole and one.count == count}
    return found.pop() if len(found) == 1 else None


def other_outputs(recording: Recording) -> list[Axes]:
    """The axes of the tensors that a model returns beside the one that is computed from its last layer, if they are
    certain, and all models that are made of all steps return the same."""
    made = [one for one in recording.models if one.is_whole and one.count == len(recording.steps)]
    if not made or any(one.outputs != made[0].outputs or one.layers is None for one in made):
        return []
    last = recording.steps[-1].layer
    others = [axes for axes, origin in made[0].outputs if last not in layers_of(origin or ())]
    return others if len(others) == len(made[0].outputs) - 1 else []


def _is_alone(steps: Sequence[Step]) -> bool:
    """Whether each layer certainly gets only what those before it return."""
    known = set[Layer]()
    for step in steps:
        if step.reads is None or not known.issuperset(layers_of(step.reads)):
            return False
        known.add(step.layer)
    return True
