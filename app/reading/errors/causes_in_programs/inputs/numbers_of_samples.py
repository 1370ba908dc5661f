"""What a pasted program says about the arrays of one model, or of one dataset, that have other numbers of samples."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ....code.values import Axes
from ...causes import cause
from ...code_lines.array_origins import MAKERS, sizes_of_origin
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...framework_messages.outputs import losses
from ...mismatch import Mismatch
from .samples_targets_and_lengths import SLICES, call_of_model

OF_SAMPLES = ("other_samples", "samples_of_inputs", "list_of_samples")
"""Causes of arrays that have other numbers of samples."""


class Sizes(NamedTuple):
    """The sizes in the call that makes an array, as expressions, and the numbers that they are, None if unknown."""

    made: ast.Call
    written: list[ast.expr]
    known: Axes


def _given(tree: ProgramTree) -> list[ast.expr]:
    """The arrays that a dataset, or a model of Keras, gets with the same samples: x, and the target."""
    slices = [one for one in tree.calls_of_failure(SLICES) if one.args]
    call = slices[0] if slices else call_of_model(tree)
    named = [one.value for one in call.keywords if one.arg == "y"] if call else []
    return [part for one in (*call.args[:2], *named) for part in _parts(one)] if call else []


def _parts(arrays: ast.expr) -> Iterator[ast.expr]:
    """The arrays in a list, or in a dictionary."""
    match arrays:
        case ast.List(elts) | ast.Tuple(elts) | ast.Dict(values=elts):
            for one in elts:
                yield from _parts(one)
        case _:
            yield arrays


def _samples(found: Found) -> list[int]:
    """The numbers of samples in a message, in the order of its arrays; [] for a message that says others."""
    if found.template.read not in (losses.samples_of_list, losses.number_of_samples, losses.slices_of_arrays):
        return []
    inputs = [int(one) for one in found.text("inputs").split(",") if one]
    return [*(inputs or [found.number("expected")]), *([found.number("got")] if found.text("got") else [])]


def _sizes(tree: ProgramTree, array: ast.expr) -> Sizes | None:
    """The sizes of the only line that makes, or reshapes, an array; None without one."""
    origins = [*tree.origins(array, makers=MAKERS | {"reshape"})]
    if len(origins) != 1:
        return None
    (origin,) = origins
    written, known = tree.sizes_of(origin.made), tree.axes(origin.made)
    if not known or None in known:
        known = tuple(map(tree.number, sizes_of_origin(tree, origin)))
    return Sizes(origin.made, written, known) if len(written) == len(known) else None


def _others(found: Found) -> list[tuple[ast.expr, int, int]]:
    """The arrays of which one has another number of samples than the others, with this number and that of the others.
    Of two arrays either one may be wrong: the one with fewer samples comes first."""
    arrays, samples = _given(found.program.tree), _samples(found)
    numbers = [n for n, _ in Counter(samples).most_common()]
    if len(arrays) != len(samples) or len(numbers) != 2:
        return []
    if len(arrays) == 2:
        one, other = samples
        return sorted([(arrays[0], one, other), (arrays[1], other, one)], key=lambda each: each[1])
    most, other = numbers
    return [(arrays[samples.index(other)], other, most)] if samples.count(other) == 1 else []


def _exchanged(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The first size of the array with other samples, and the only other size that is the number of all others."""
    tree = found.program.tree
    firsts = {tree.text(one.written[0]) for array in _given(tree) if (one := _sizes(tree, array))}
    for array, _, wanted in _others(found):
        if sizes := _sizes(tree, array):
            more = zip(sizes.written[1:], sizes.known[1:], strict=True)
            places = [one for one, n in more if n == wanted or (n is None and tree.text(one) in firsts)]
            if len(places) == 1:
                return sizes.written[0], places[0]
    return None


def _of_samples(found: Found, mismatch: Mismatch) -> Mismatch:
    """Arrays of which one has another number of samples, which may be in another axis of it."""
    if not mismatch.causes or mismatch.causes[0].id not in OF_SAMPLES:
        return mismatch
    *inputs, target = _samples(found) or [0]
    is_of_inputs = len(_given(found.program.tree)) == len(inputs) + 1
    if mismatch.causes[0].id == "list_of_samples" and is_of_inputs and len({*inputs}) == 1:
        mismatch = losses.other_numbers(inputs[0], target)
    if mismatch.causes[0].id == "list_of_samples" or not _exchanged(found):
        return mismatch
    return replace(mismatch, causes=(cause("exchanged_samples", found.framework),))


def samples_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes an array, with its samples in the first axis."""
    tree, both = found.program.tree, _exchanged(found)
    return tree.corrected((both[0], tree.text(both[1])), (both[1], tree.text(both[0]))) if both else ()


def as_many_made(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the array with other samples, with as many as the others have."""
    tree = found.program.tree
    for array, samples, wanted in _others(found):
        sizes = _sizes(tree, array)
        function = tree.function_of(sizes.made) if sizes else None
        is_once = not function or len(tree.calls_by_function.get(function, [])) < 2
        is_made = sizes is not None and name_of(sizes.made) in MAKERS  # a reshape keeps its values
        if sizes and is_made and is_once and tree.number(sizes.written[0]) == samples:
            return tree.corrected((sizes.written[0], tree.name_of_size(sizes.written[0], wanted)))
    return ()


def steps_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only array with the features before the steps, with both in the other order."""
    tree, got = found.program.tree, mismatch.got
    if (mismatch.axis, found.framework) != ("order", "keras") or not isinstance(got, tuple) or len(got) != 3:
        return ()
    arrays = [one for array in _given(tree) if (one := _sizes(tree, array)) and one.known[1:] == got[1:]]
    if len(arrays) != 1:
        return ()
    _, first, second = arrays[0].written
    return tree.corrected((first, tree.text(second)), (second, tree.text(first)))


RULES = (_of_samples,)
"""What the program says about the samples of its arrays."""

CORRECTIONS = {
    "exchanged_samples": samples_first,
    "features_first": steps_first,
    **dict.fromkeys(("other_samples", "samples_of_inputs"), as_many_made),
}
"""Cause -> the lines that it corrects."""
