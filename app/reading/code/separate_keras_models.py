"""Models of Keras that a program makes one after the other, such as those of a training and of a decoder for later."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .values import Layer, Recording, Step, layers_of


def in_models(recording: Recording) -> Iterator[Recording]:
    """One forward pass for each model, if a recording certainly has several: what is called after a model was made gets
    nothing that was computed before."""
    ends = sorted({count for _, count, is_whole in recording.models if is_whole})
    if recording.owner or len(ends) < 2 or ends[-1] != len(recording.steps):
        yield recording
        return
    starts = [0, *(end for end, after in pairwise(ends) if _is_alone(recording.steps[end:after]))]
    for start, end in pairwise([*starts, ends[-1]]):
        made = [(line, count - start, is_whole) for line, count, is_whole in recording.models if start < count <= end]
        yield replace(recording, steps=recording.steps[start:end], models=made)


def _is_alone(steps: Sequence[Step]) -> bool:
    """Whether each layer certainly gets only what those before it return."""
    known = set[Layer]()
    for step in steps:
        if step.reads is None or not known.issuperset(layers_of(step.reads)):
            return False
        known.add(step.layer)
    return True
