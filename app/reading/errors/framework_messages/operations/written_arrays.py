"""Messages about an array into which something of another shape is written: a step of an output, or a sample.

Networks without recurrence raise them as well. The line that failed says which array it is.
"""

import ast
from dataclasses import replace

from .....translations.phrases import Phrase, phrase
from ....code.source_text import parse
from ...axes_of_arrays import MATRIX, RANK
from ...causes import cause
from ...code_lines.array_names import role_of
from ...mismatch import Cause, Mismatch, Shape, from_code, of_unknown_arrays, wrong_rank, wrong_shape, wrong_size
from ...mismatch import written as as_written
from ..inputs.samples_of_different_lengths import OF_IMAGES
from ..message_template import Found, MessageTemplate

TENSORS = {"output": "output", "h": "h_0", "c": "c_0", "x": "x", "mask": "mask"}
"""What an array is called like -> the tensor."""


def written(found: Found) -> Mismatch:
    """An entry of an array that gets a value of another shape: a sample of x, or a step of an output."""
    expected, got = found.shape("expected"), found.shape("got")
    statement = statement_of(found)
    name = _written_name(statement)
    differing = [n for n, (one, other) in enumerate(zip(expected, got, strict=False)) if one != other]
    role = "" if OF_IMAGES.search(found.code.lower()) else role_of(name)
    is_of_matrices = len(expected) == len(got) == MATRIX
    if role == "x" and is_of_matrices and len(differing) == 1:
        return from_code(_of_sample(expected, got, differing[0]))
    sentence, causes, is_output = _both_sides(statement, expected, got), [], role in ("output", "h")
    lacks_samples = expected == got[1:] and _is_first_index(statement)
    if name and role != "x" and (len(expected) == len(got) or lacks_samples) and name not in MAY_BE_TARGETS:
        sizes = ", ".join(map(str, got))
        causes = [cause(KEPT[0] if is_output else KEPT[1], found.framework, name=name, sizes=f"n, {sizes}")]
    if name and (got == (*expected, 1) or expected == (*got, 1)):
        causes = [_of_column(found, statement, expected, got)]
    may_be_columns = expected[-1:] == got[-1:] == (1,) or not _is_first_index(statement)
    is_known = is_output and causes and is_of_matrices and len(differing) == 1 and not may_be_columns
    axis = ("batch_size", "num_units")[differing[0]] if is_known else None
    tensor = "output" if is_output and causes and is_of_matrices else None
    if axis == "batch_size" and (of_step := _of_step(found, statement)):
        causes.append(of_step)
    return Mismatch(tensor, axis, sentence, expected, got, tuple(causes), is_of_equals=True)


def _of_column(found: Found, statement: ast.stmt | None, expected: Shape, got: Shape) -> Cause:
    """A column that is written where there is no axis for it, or values without one where there is."""
    likely = cause("written_column" if len(got) > len(expected) else "written_without_axis", found.framework)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.value, (ast.Name, ast.Attribute)):
        return likely
    index = "[..., 0]" if len(got) > len(expected) else "[..., None]"
    line = ast.unparse(statement)
    return replace(likely, wrong=line, fix=f"{line}{index}", is_own=True)


def _of_step(found: Found, statement: ast.stmt | None) -> Cause | None:
    """A step that is written along the axis of the samples; None unless a variable is its index."""
    match statement:
        case ast.Assign(targets=[ast.Subscript(value=array, slice=index)], value=value):
            new = exchanged_index(index)
        case _:
            return None
    fix = f"{ast.unparse(array)}[{new}] = {ast.unparse(value)}"
    likely = replace(cause("written_step", found.framework), wrong=ast.unparse(statement), fix=fix, is_own=True)
    return likely if new else None


def exchanged_index(index: ast.expr) -> str:
    """The index of a step along the other one of the first two axes; "" for another index than a variable."""
    match index:
        case ast.Name(name):
            return f":, {name}"
        case ast.Tuple(elts=[ast.Slice(lower=None, upper=None, step=None), ast.Name(name)]):
            return name
    return ""


KEPT = ("kept_outputs", "kept_array")
"""The causes of an array, for outputs or anything else, that was made for another shape than what is written."""

MAY_BE_TARGETS = ("y", "o")
"""Names of arrays that may be outputs or targets."""


def statement_of(found: Found) -> ast.stmt | None:
    """The assignment that failed, of which Python underlines only a part."""
    lines = (parse(line).statements for line in found.program.tree.frames[-1:])
    statements = [found.line.statement, *(one for line in lines for one in line)]
    return next((one for one in statements if isinstance(one, ast.Assign)), None)


def _both_sides(statement: ast.stmt | None, expected: Shape, got: Shape) -> Phrase:
    """What is written, and where, with both shapes."""
    shapes = {"expected": as_written(expected), "got": as_written(got)}
    match statement:
        case ast.Assign(targets=[ast.Subscript() as target], value=value):
            sides = {"target": ast.unparse(target), "value": ast.unparse(value)}
            if len(sides["value"]) <= LONGEST_SIDE:
                return phrase(
                    "{target} has shape {expected}, but {value}, which is written into it, has shape {got}.",
                    **sides,
                    **shapes,
                )
    return phrase("An array of shape {got} is written into one of shape {expected}.", **shapes)


LONGEST_SIDE = 60
"""Characters of a value that a sentence repeats."""


def _of_sample(expected: Shape, got: Shape, axis: int) -> Mismatch:
    """A sample with other steps than the array of all samples. A spectrogram has its steps along the last axis, so
    that this one has no name."""
    if axis == 0:
        return wrong_size("x", "time_step", expected[0] or 0, got[0], [cause("unequal_lengths", "numpy")])
    return wrong_shape("x", None, expected, got)


def _written_name(statement: ast.stmt | None) -> str:
    """The name of the array of which a statement writes an entry; "" for another statement."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    value = targets[0].value if targets and isinstance(targets[0], ast.Subscript) else None
    return value.id if isinstance(value, ast.Name) else value.attr if isinstance(value, ast.Attribute) else ""


def _is_first_index(statement: ast.stmt | None) -> bool:
    """Whether a statement writes an entry of the first axis. Programs that have samples as columns write that of the
    last one."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    return any(isinstance(one, ast.Subscript) and not isinstance(one.slice, ast.Tuple) for one in targets)


def in_place(found: Found) -> Mismatch:
    """A sum or a product that is written into its first array, which would need another shape."""
    got, expected = found.shape("got"), found.shape("expected")
    statement = found.line.statement
    if not isinstance(statement, ast.AugAssign):
        return of_unknown_arrays()
    tensor = TENSORS.get(found.line.array(statement.target).role, "")
    if not tensor or max(len(got), len(expected)) > RANK:  # the arrays of images have more
        return of_unknown_arrays()
    if len(got) != len(expected):
        return from_code(wrong_rank(tensor, len(expected), len(got), shapes=(expected, got)))
    return from_code(wrong_shape(tensor, None, expected, got))


TEMPLATES = (
    MessageTemplate(
        "numpy-write",
        "numpy",
        "1.10-2",
        "could not broadcast input array from shape {got:shape} into shape {expected:shape}",
        written,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-write",
        "pytorch",
        "1.9-2",
        "shape mismatch: value tensor of shape {got:shape} cannot be broadcast to indexing result of shape"
        " {expected:shape}",
        written,
        anywhere=True,
    ),
    MessageTemplate(
        "pytorch-in-place",
        "pytorch",
        "0.4-2",
        "output with shape {got:shape} doesn't match the broadcast shape {expected:shape}",
        in_place,
        anywhere=True,
    ),
)
