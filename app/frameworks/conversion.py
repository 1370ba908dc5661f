"""The generated function that converts weights: it splits them into blocks and packs these for another framework."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import accumulate

from .arrays import axes_of
from .program_text import Brackets, Code, assign, call, indented, program, sizes_of, table
from .stack_in_framework import Model
from .weight_layout import VECTORS, Parameter, WeightLayout, heights

NAMES = {"x": "x", "h": "h", "b": "b", "b_h": "bh", "p": "p", "w": "projection"}
"""Part -> its name in the text, before the letter of the gate."""


def convert(source: Model, target: Model) -> str:
    """The text of a function ``convert(weights)`` that converts the weights of one model to those of another one of the
    same stack, as dicts of NumPy arrays by full name.

    Raises Unsupported where a framework does not support its model.
    """
    source.check()
    target.check()
    stack, old, new = source.stack, source.layout, target.layout
    before, after = source.framework.title, target.framework.title
    body: list[Code] = ["made = {}"]
    for place in stack.places:
        body += [f"# layer {place[0]}, {place[1]}"] if len(stack.places) > 1 else []
        for p in old.parameters:
            body += _unpacked(p, source.expression(p.name, place), heights(stack, place))
        body += _changed(old, new, before, after)
        body += [target.assignment(p.name, place, _packed(p)) for p in new.parameters]
    function = program(
        table("shapes", axes_of(source.weights), source.sizes),
        "",
        "",
        "def convert(weights):",
        indented(
            f'"""Weights of {before} in, weights of {after} out.',
            "",
            str(stack),
            sizes_of(stack),
            '"""',
            "assert {name: array.shape for name, array in weights.items() if name in shapes} == shapes",
            body,
            f"return {target.finished}",
        ),
    )
    # If every array is unchanged or only transposed, the function does not need NumPy.
    return f"import numpy as np\n\n{function}" if "np." in function else function


def usage(source: Model, target: Model) -> str:
    """The lines that use this function: after the program of one model they convert its weights, and after that of the
    other they load them."""
    return program(
        f"# after the {source.framework.title} program",
        assign("converted", call("convert", source.stored_arrays)),
        "",
        f"# after the {target.framework.title} program",
        target.load("converted"),
    )


def _name(part: str, gate: str) -> str:
    return f"{NAMES[part]}_{gate}" if gate else NAMES[part]


def _unpacked(p: Parameter, array: str, heights: dict[str, int]) -> Iterator[Code]:
    """Split a parameter into its blocks: first into rows, if it has several, then into gates."""
    if p.transposed:
        array = f"{array}.T"
    if len(p.parts) == 1:
        yield _gates(p, p.parts[0], array)
        return
    rows = ", ".join(NAMES[part] for part in p.parts)
    if p.flat:
        yield assign(rows, call("np.split", array, str(len(p.parts))))
    elif p.parts[0] in VECTORS:
        yield f"{rows} = {array}"
    else:
        ends = list(accumulate(heights[part] for part in p.parts))
        yield assign(rows, call("np.split", array, str(ends[:-1])))
    for part in p.parts:
        yield _gates(p, part, NAMES[part])


def _gates(p: Parameter, part: str, row: str) -> Code:
    """Split a row of blocks into one for each gate."""
    names = [_name(part, gate) for gate in p.gates]
    if len(names) == 1:
        return f"{names[0]} = {row}"
    across = [] if part in VECTORS else ["axis=1"]
    return assign(", ".join(names), call("np.split", row, str(len(names)), *across))


def _changed(old: WeightLayout, new: WeightLayout, source: str, target: str) -> Iterator[str]:
    """Changes of values where the two frameworks compute differently. ``source`` and ``target`` are their titles."""
    available = list(old.blocks)
    for gate, more in old.added:
        if more:
            yield f"b_{gate} = b_{gate} + {more}  # {source} adds it in each step"
    for other, our in old.opposite:
        for part in [part for part, gate in available if gate == other]:
            yield f"{_name(part, our)} = -{_name(part, other)}  # {source}’s {other} is 1 − {our}"
            available.remove((part, other))
    for other, our in new.opposite:
        for part in [part for part, gate in available if gate == our]:
            old_name, new_name = _name(part, our), _name(part, other)
            yield f"{new_name}, {old_name} = -{old_name}, np.zeros_like({old_name})  # {target}’s {other} is 1 − {our}"
            available.append((part, other))
    for part, gate in available:
        if part == "b_h" and (part, gate) not in new.blocks:
            yield f"b_{gate} = b_{gate} + bh_{gate}  # {target} has one bias"
    if more_biases := [gate for part, gate in new.blocks if part == "b_h" and (part, gate) not in available]:
        names = " = ".join(f"bh_{gate}" for gate in more_biases)
        yield f"{names} = np.zeros_like(b_{more_biases[0]})  # {target} has two biases"
    for gate, more in new.added:
        if more:
            yield f"b_{gate} = b_{gate} - {more}  # {target} adds it in each step"


def _packed(p: Parameter) -> Code:
    """Pack the blocks of a parameter into its array."""
    rows = [[_name(part, gate) for gate in p.gates] for part in p.parts]
    if p.flat:
        return _row([name for row in rows for name in row])
    if p.parts[0] in VECTORS:
        return call("np.stack", _listed([_row(row) for row in rows]))
    if len(rows) > 1:
        array: Code = call("np.block", _listed([_listed(row) for row in rows]))
    else:
        array = _row(rows[0], "axis=1")
    if not p.transposed:
        return array
    return f"{array}.T" if isinstance(array, str) else replace(array, closing=f"{array.closing}.T")


def _row(names: list[str], *across: str) -> Code:
    """Blocks concatenated; a single one is returned unchanged."""
    return names[0] if len(names) == 1 else call("np.concatenate", _listed(names), *across)


def _listed(items: Iterable[Code]) -> Brackets:
    return Brackets("[", tuple(items), "]")
