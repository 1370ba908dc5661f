"""The ways of a forward pass, if all that it calls is in the branches of a test of which nothing is known."""

from collections.abc import Container, Iterator
from dataclasses import replace

from .interpreter_limits import MOST_OPTIONS
from .unknown_results import unknown_step
from .values import ANY, Layer, Recording


def each_way(recording: Recording, made_in_branch: Container[Layer]) -> Iterator[Recording]:
    """A forward pass; one for each way that calls layers, if nothing is called whichever way it takes. Of a layer that
    is ``made_in_branch`` nothing is known, since another one may be made."""
    if recording.steps or not recording.ways:
        yield recording
        return
    ways = [steps for steps in recording.steps_by_way if any(step.layer not in made_in_branch for step in steps)]
    for way in ways if len(ways) <= MOST_OPTIONS else ():
        steps = [unknown_step(step.layer) if step.layer in made_in_branch else step for step in way]
        steps += [unknown_step(way[-1].layer)] if recording.has_unknown_call else []
        yield replace(recording, steps=steps, result=(ANY,), end=None, returned=None, is_one_way=True)
