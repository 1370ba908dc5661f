"""The names of the models that a program makes: of their classes, variables or functions."""

import re
from collections.abc import Mapping, Sequence

from .values import Layer, Recording
from .word_sets import words

NAME = re.compile(r"\s*(?:(?:class|def|async def)\s+(\w{1,60})\b|(?:self\.)?(\w{1,60})\s*(?::[^=]{0,60})?=(?!=))")
"""The name that a line gives to a class, a function or a variable."""


CLASS = re.compile(r"(\s*)class\s+(\w{1,60})")


def names_of_models(passes: Sequence[Recording], classes: Mapping[Layer, str], lines: Sequence[str]) -> list[str]:
    """The names of forward passes. Those that one function makes have the names of what it gives them to, if these are
    others. ``classes``: by layer, the name of the class of Keras that has it."""
    names = [_name_of(one, lines) or _class_of(one, classes) for one in passes]
    made = [one.owner is None and names.count(name) > 1 for one, name in zip(passes, names, strict=True)]
    own = [_name_of_model(one, lines) if is_made else "" for one, is_made in zip(passes, made, strict=True)]
    is_one_each = all(own.count(name) == 1 for name, is_made in zip(own, made, strict=True) if is_made and name)
    return [(is_one_each and other) or name for name, other in zip(names, own, strict=True)]


def _name_of(recording: Recording, lines: Sequence[str]) -> str:
    """The name of what a forward pass is of: its class, or what the line where it begins makes."""
    if recording.owner:
        return recording.owner.of.node.name
    line = recording.line or _line_of_model(recording)
    match = NAME.match(lines[line - 1]) if 0 < line <= len(lines) else None
    name = (match[1] or match[2]) if match else ""
    return _name_in_class(lines[:line]) or name if name in USUAL_NAMES else name


def _class_of(recording: Recording, classes: Mapping[Layer, str]) -> str:
    """The name of the class that has all layers of a forward pass; "" if there is none."""
    found = {classes.get(step.layer, "") for step in recording.steps}
    return found.pop() if len(found) == 1 else ""


def _name_of_model(recording: Recording, lines: Sequence[str]) -> str:
    """The name of the variable or of the function around it that is the first model of all layers; "" if there is
    none."""
    made = (one.line for one in recording.models if one.is_whole and one.count == len(recording.steps))
    line = next(made, 0)
    if not 0 < line <= len(lines):
        return ""
    if match := NAME.match(lines[line - 1]):
        return match[1] or match[2]
    start = len(lines[line - 1]) - len(lines[line - 1].lstrip())
    around = (one for one in reversed(lines[:line]) if one.strip() and len(one) - len(one.lstrip()) < start)
    function = FUNCTION.match(next(around, ""))
    return function[1] if function else ""


FUNCTION = re.compile(r"\s*def\s+(\w{1,60})")


USUAL_NAMES = words("__init__ __call__ build _build build_model _build_model create_model make_model get_model model")
"""Names of methods and variables that do not say which model they make."""


def _name_in_class(lines: Sequence[str]) -> str:
    """The name of the method that the last of some lines is in, or of its class if that says no more; "" if the line
    is in no class."""
    *before, last = lines
    indentation, method = len(last) - len(last.lstrip()), ""
    for line in reversed(before):
        start = len(line) - len(line.lstrip())
        if start >= indentation or not line.strip() or line.lstrip()[0] in "#)]}":
            continue
        if found := CLASS.match(line):
            return method or found[2]
        indentation, name = start, NAME.match(line)
        method = name[1] if name and name[1] and name[1] not in USUAL_NAMES else method
    return ""


def _line_of_model(recording: Recording) -> int:
    """The line that makes a model of all layers of a program, if no model has only some; 0 otherwise."""
    if any(one.count < len(recording.steps) for one in recording.models):
        return 0
    return next((one.line for one in recording.models if one.is_whole), 0)
