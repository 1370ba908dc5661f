"""Models of Keras that a program makes one after the other, such as those of a training and of a decoder for later."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .values import Axes, Layer, ModelOfTensors, Recording, Step, layers_of


def in_models(recording: Recording) -> Iterator[Recording]:
    """One forward pass for each model, if a recording certainly has several: what is called after a model was made gets
    nothing that was computed before."""
    ends = sorted({model.count for model in recording.models if model.is_whole})
    if len(ends) == 1 and not recording.owner:
        recording = replace(recording, end=_end_of(recording.models, len(recording.steps)))
    if recording.owner or len(ends) < 2 or ends[-1] != len(recording.steps):
        yield recording
        return
    starts = [0, *(end for end, after in pairwise(ends) if _is_alone(recording.steps[end:after]))]
    for start, end in pairwise([*starts, ends[-1]]):
        made = [replace(one, count=one.count - start) for one in recording.models if start < one.count <= end]
        steps = recording.steps[start:end]
        yield replace(recording, steps=steps, models=made, end=_end_of(made, end - start))


def _end_of(models: Sequence[ModelOfTensors], count: int) -> Axes | None:
    """The axes of what the model returns that is made of all steps, if all such models return the same."""
    found = {one.end for one in models if one.is_whole and one.count == count}
    return found.pop() if len(found) == 1 else None


def _is_alone(steps: Sequence[Step]) -> bool:
    """Whether each layer certainly gets only what those before it return."""
    known = set[Layer]()
    for step in steps:
        if step.reads is None or not known.issuperset(layers_of(step.reads)):
            return False
        known.add(step.layer)
    return True
