"""Why a line of a program is not certain, in a few words."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from ...translations.phrases import phrase
from .interpreter_limits import MOST_LAYERS
from .program_state import ProgramState
from .source_text import LONGER_PROGRAM, TOO_DEEP, Source
from .values import OTHER, Layer

NAMED = re.compile(r"\s*(?:self\.)?(\w{1,60})\s*=(?!=)")
"""A line that gives something a name."""

MAYBE_CALLED = phrase("not known whether this layer is called: a line is not Python")


def reasons(lines: Iterable[int], several: Container[int], source: Source, program: ProgramState) -> Iterator[str]:
    """What is not known about each line that is unknown. ``several``: the lines with layers of an unknown number."""
    layers: dict[int, list[Layer]] = {}
    for layer in program.layers:
        layers.setdefault(layer.line, []).append(layer)
    for line in lines:
        yield _reason(line, layers.get(line, []), several, source, program)


def _reason(line: int, layers: Sequence[Layer], several: Container[int], source: Source, program: ProgramState) -> str:
    sizes = dict.fromkeys(name for layer in layers for name in layer.open_settings)
    sizes |= dict.fromkeys(program.open_sizes.get(line, ()))
    if line in source.reasons:
        return source.reasons[line]
    if line in several:
        return phrase("a layer of a loop that is too long, or whose length is not known")
    if line in source.mistakes:
        return phrase("not Python")
    if line in program.not_followed:
        return LONGER_PROGRAM
    if line in program.beyond_layers:
        return phrase("after {n} layers no further ones are read", n=MOST_LAYERS)
    if line in source.unknown:
        return TOO_DEEP
    if library := program.unread_classes.get(line):
        return phrase("{library} is not read", library=library)
    if sizes:
        return phrase("not known: {names}", names=", ".join(sizes))
    if line in program.contradictions:
        return phrase("sizes that do not fit each other")
    if line in program.made_in_branch - program.in_one_branch:
        return phrase("a layer that only one branch makes")
    if line in program.in_one_branch:
        return phrase("a layer that only one branch calls")
    if line in program.own_weights:
        return phrase("weights that no layer has")
    if (program.has_stopped or source.is_cut) and not all(layer.is_used for layer in layers):
        return LONGER_PROGRAM
    if layers and not any(layer.is_used for layer in layers):
        return _without_call(line, source)
    if any("own_cell" in layer.config for layer in layers):
        return phrase("a cell of your own")
    if any(layer.kind == OTHER for layer in layers):
        return phrase("a layer that is not read")
    if not all(layer.is_used for layer in layers):
        return _without_call(line, source)
    return phrase("what this returns is not known")


def _without_call(line: int, source: Source) -> str:
    """Why a layer that a line makes is not certain, if no line calls it that is read. One that is not Python may lead
    to a call, unless no other line has the name of the layer."""
    text = source.lines[line - 1]
    named = re.compile(rf"\b{found[1]}\b") if (found := NAMED.match(text)) else None
    if source.mistakes and not (named and len(named.findall(source.text)) == len(named.findall(text))):
        return MAYBE_CALLED
    return phrase("a layer that is never called")
