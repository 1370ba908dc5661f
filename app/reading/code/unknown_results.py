"""The end of a forward pass: what it returns, which may be unknown."""

from dataclasses import replace

from .values import ANY, OTHER, Layer, Recording, Step, Unknown, Value


def note_unknown_result(recording: Recording, value: Value) -> None:
    """Add an unknown layer to a forward pass with an unknown call if nothing is known of what it returns: the output of
    its last known layer may not be the end."""
    if isinstance(value, Unknown) and recording.has_unknown_call and recording.steps:
        recording.add(unknown_step(recording.steps[-1].layer))


def unknown_step(like: Layer) -> Step:
    """The call of a layer of which nothing is known, of the framework of another one."""
    layer = replace(like, kind=OTHER, config={}, line=0, name=None, parameters=None, options=())
    return Step(layer, (ANY,), (ANY,), 0)
