"""Graphs of TensorFlow 1 that a program makes one after the other, of which nothing is computed from two of them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from .frameworks import tf1
from .values import Layer, Part, Recording, Step, layers_of


def in_graphs(recording: Recording, origins: Iterable[frozenset[Layer | Part] | None]) -> Iterator[Recording]:
    """One forward pass for each graph, if a recording certainly has several. ``origins``: the layers that each tensor
    of the program comes from, which are connected if there are several."""
    steps = recording.steps
    is_read = all(step.layer.framework == tf1.FRAMEWORK and step.gets is not None for step in steps)
    if recording.owner or recording.has_unknown_call or not is_read:
        yield recording
        return
    graphs = groups_of_steps(steps, (layers_of(origin) for origin in {one for one in origins if one}))
    for of_graph in graphs:
        yield recording if len(graphs) == 1 else replace(recording, steps=of_graph)


def groups_of_steps(steps: Sequence[Step], connected: Iterable[Iterable[Layer]]) -> list[list[Step]]:
    """The steps in groups of which none reads what another one returns. ``connected``: layers that are in one group."""
    group_of = {step.layer: {step.layer} for step in steps}
    for step in steps:
        _connect(group_of, [step.layer, *layers_of(step.gets or ())])
    for layers in connected:
        _connect(group_of, layers)
    groups: dict[int, list[Step]] = {}
    for step in steps:
        groups.setdefault(id(group_of[step.layer]), []).append(step)
    return list(groups.values())


def _connect(group_of: dict[Layer, set[Layer]], layers: Iterable[Layer]) -> None:
    """Put layers into one group, with all that each of them is in a group with."""
    for one, other in pairwise(layer for layer in layers if layer in group_of):
        if group_of[one] is not group_of[other]:
            group = group_of[one] | group_of[other]
            group_of |= dict.fromkeys(group, group)
