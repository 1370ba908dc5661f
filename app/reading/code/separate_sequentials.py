"""The forward passes of nn.Sequentials that a program calls one after the other, of which none gets what another one
returns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from .frameworks import pytorch
from .values import Chained, Layer, Recording, Step, layers_of


def separated(recording: Recording, chain_of: Mapping[Layer, Chained]) -> Iterator[Recording]:
    """One forward pass for each model, if a recording has certainly several: each layer is in an nn.Sequential."""
    groups = _groups(recording.steps, chain_of) if recording.owner is None else {}
    passes: dict[int, list[Step]] = {}
    for step in recording.steps if groups else ():
        passes.setdefault(id(groups[chain_of[step.layer]]), []).append(step)
    if len(passes) < 2:
        yield recording
        return
    for steps in passes.values():
        yield replace(recording, line=chain_of[steps[0].layer].line, steps=steps)


def _groups(steps: Iterable[Step], chain_of: Mapping[Layer, Chained]) -> dict[Chained, set[Chained]]:
    """For each nn.Sequential those that it is connected with; nothing if a layer is in none of them, or if it may get
    the output of any."""
    groups: dict[Chained, set[Chained]] = {}
    before: Chained | None = None
    for step in steps:
        chain = chain_of.get(step.layer)
        if chain is None or chain.framework != pytorch.FRAMEWORK or (chain is not before and step.reads is None):
            return {}
        before, group = chain, groups.setdefault(chain, {chain})
        for other in map(chain_of.get, layers_of(step.reads or ())):
            if other is None or other not in groups:
                return {}
            if other not in group:
                group |= groups[other]
                groups |= dict.fromkeys(groups[other], group)
    return groups
