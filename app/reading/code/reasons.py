"""Why a line of a program is not certain, in a few words."""

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from ...translations.phrases import phrase
from .interpreter_limits import MOST_LAYERS
from .program_state import ProgramState
from .source_text import LONGER_PROGRAM, TOO_DEEP, Source
from .values import OTHER, Layer

NAMED = re.compile(r"(?:^|:)\s*(?:self\.)?(\w{1,60})\s*=(?!=)")
"""A line that gives something a name."""

IN_LOOP = phrase("a layer of a loop that is too long, or whose length is not known")

ONE_BRANCH = phrase("a layer that only one branch calls")

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
        return IN_LOOP
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
        if layers and all(program.in_loops.get(layer) and layer not in program.in_branches for layer in layers):
            return IN_LOOP
        return ONE_BRANCH
    if line in program.in_lists:
        return IN_LOOP
    if line in program.own_weights:
        return phrase("weights that no layer has")
    is_left = program.has_stopped or source.is_cut
    if is_left and not all(layer.is_used for layer in layers) and _has_other_place(line, source):
        return LONGER_PROGRAM
    if layers and not any(layer.is_used for layer in layers):
        return _without_call(line, layers, source, program)
    if any("own_cell" in layer.config for layer in layers):
        return phrase("a cell of your own")
    if any(layer.kind == OTHER for layer in layers):
        return phrase("a layer that is not read")
    if not all(layer.is_used for layer in layers):
        return _without_call(line, layers, source, program)
    return phrase("what this returns is not known")


INDIRECT = re.compile(
    r"\b(?:children|modules|getattr|vars|locals|globals|eval|exec|__dict__|_modules)\b|\.layers\s*[\[:]"
)
"""What may call a layer without its name."""


def _has_other_place(line: int, source: Source) -> bool:
    """Whether anything may call the layer that a line makes, since it has its name without giving it to something."""
    found = NAMED.search(source.lines[line - 1])
    if not found or INDIRECT.search(source.text):
        return True
    return re.search(rf"\b{found[1]}\b(?!\s*=(?!=))", source.text) is not None


def _without_call(line: int, layers: Iterable[Layer], source: Source, program: ProgramState) -> str:
    """Why a layer that a line makes is not certain, if no line calls it that is read. One that is not Python may lead
    to a call, and so may one where the layer of a branch has the same name as something else, unless no other line has
    the name of the layer."""
    text = source.lines[line - 1]
    named = re.compile(rf"\b{found[1]}\b") if (found := NAMED.search(text)) else None
    is_elsewhere = named is None or len(named.findall(source.text)) > len(named.findall(text))
    if source.mistakes and is_elsewhere:
        return MAYBE_CALLED
    if found and program.has_default_branch and re.search(rf"\b{found[1]}\s*\(", _class_around(line, source, program)):
        return ONE_BRANCH
    is_read = found is not None and re.search(rf"\b{found[1]}\b(?!\s*=(?!=))", source.text) is not None
    if is_read and not program.in_branches.isdisjoint(layers):
        return ONE_BRANCH
    return phrase("a layer that is never called")


def _class_around(line: int, source: Source, program: ProgramState) -> str:
    """The lines of the class that a line is in; "" if there is none."""
    nodes = (of.node for of in program.classes)
    ranges = (
        (node.lineno, node.end_lineno or line) for node in nodes if node.lineno <= line <= (node.end_lineno or line)
    )
    start, end = max(ranges, default=(1, 0))
    return "\n".join(source.lines[start - 1 : end])
