"""The end of a forward pass: what it returns, which may be unknown."""

from dataclasses import replace

from .values import ANY, OTHER, Recording, Step, Unknown, Value


def note_unknown_result(recording: Recording, value: Value) -> None:
    """Add an unknown layer to a forward pass with an unknown call if nothing is known of what it returns: the output of
    its last known layer may not be the end."""
    if isinstance(value, Unknown) and recording.has_unknown_call and recording.steps:
        last = recording.steps[-1].layer
        end = replace(last, kind=OTHER, config={}, line=0, name=None, parameters=None, options=())
        recording.add(Step(end, (ANY,), (ANY,), 0))
