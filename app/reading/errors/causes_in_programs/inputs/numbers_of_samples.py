"""What a pasted program says about arrays of the same samples, of which one has another number of them, or has them in
another axis."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ...causes import cause
from ...code_lines.array_origins import MAKERS
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.inputs.numbers_of_samples import (
    number_of_samples,
    other_numbers,
    samples_of_list,
    slices_of_arrays,
)
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch
from .arrays_of_data import Data, array_of, batches, batches_beside, made_arrays, of_batch, says_cause
from .calls_with_data import FITS, SLICES, call_of_model, maker_of

OF_SAMPLES = ("other_samples", "samples_of_inputs", "list_of_samples")
"""Causes of arrays that have other numbers of samples."""


OF_JOINS = ("pytorch-join", "pytorch-0-join")


class Other(NamedTuple):
    """An array with another number of samples than the others, their axis, and the number that the others have."""

    array: Data
    axis: int
    wanted: int

    @property
    def samples(self) -> object:
        return self.array.axes[self.axis]


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
    if found.template.read not in (samples_of_list, number_of_samples, slices_of_arrays):
        return []
    inputs = [int(one) for one in found.text("inputs").split(",") if one]
    return [*(inputs or [found.number("expected")]), *([found.number("got")] if found.text("got") else [])]


def _arrays(found: Found, mismatch: Mismatch) -> list[Data]:
    """The arrays of the same samples, as far as the program makes them."""
    tree = found.program.tree
    if found.framework == "pytorch":
        return made_arrays(tree) if batches(found, mismatch) else []
    return [one for array in _given(tree) if (one := array_of(tree, array)) and one.written]


def _others(found: Found, mismatch: Mismatch) -> list[Other]:
    """The arrays of which one has another number of samples. Of two arrays of Keras either one may be wrong: the one
    with fewer samples comes first."""
    if found.framework == "pytorch":
        of_sizes = _other_of_two_sizes(found, mismatch)
        return [of_sizes] if of_sizes and of_sizes.array.written else []
    arrays, samples = _given(found.program.tree), _samples(found)
    numbers = [n for n, _ in Counter(samples).most_common()]
    if len(arrays) != len(samples) or len(numbers) != 2:
        return []
    if len(arrays) == 2:
        one, other = samples
        likely = sorted([(arrays[0], one, other), (arrays[1], other, one)], key=lambda each: each[1])
    else:
        most, other = numbers
        likely = [(arrays[samples.index(other)], other, most)] if samples.count(other) == 1 else []
    made = [(array_of(found.program.tree, array), wanted) for array, _, wanted in likely]
    return [Other(one, 0, wanted) for one, wanted in made if one and one.written]


def _other_of_two_sizes(found: Found, mismatch: Mismatch) -> Other | None:
    """The only array of a program of PyTorch, whose message says two numbers of samples, that has both in its first
    axes, or the one that only one has; of two arrays the one that is made last."""
    if not (sizes := batches(found, mismatch)) or sizes[0] == sizes[1]:
        return None
    data, beside = _arrays(found, mismatch), batches_beside(found, {*sizes})
    with_both = [one for one in data if sorted(one.axes[:2], key=str) == sorted(sizes, key=str)]
    if found.template.id in OF_JOINS and any(len(one.axes) == 2 for one in with_both):
        return None  # the last axis of two that are joined is that of features
    if with_both:
        if len(with_both) != 1 or len(beside) != 1:
            return None
        ((n, batch),) = beside
        return Other(with_both[0], n, batch) if isinstance(batch, int) and with_both[0].axes[n] != batch else None
    if {n for n, _ in beside} != {0} or len(beside) != len(sizes):
        return None
    by_size = dict[object, list[Data]]()
    with_one = [one for one in data if len({*one.axes[:2]} & {*sizes}) == 1]
    for one in sorted(with_one, key=lambda one: one.made.lineno):
        by_size.setdefault(one.axes[0], []).append(one)
    (wanted, _), (_, few) = sorted(by_size.items(), key=lambda item: -len(item[1]))
    return Other(few[0], 0, wanted) if len(few) == 1 and isinstance(wanted, int) else None


def _exchanged(found: Found, mismatch: Mismatch) -> tuple[ast.expr, ast.expr] | None:
    """The size of the array with other samples, and the only other one that is the number of all others."""
    tree = found.program.tree
    for array, axis, wanted in _others(found, mismatch):
        names = {tree.text(one.written[axis]) for one in _arrays(found, mismatch) if len(one.written) > axis}
        more = [one for n, one in enumerate(zip(array.written, array.axes, strict=True)) if n != axis]
        places = [one for one, n in more if n == wanted or (n is None and tree.text(one) in names)]
        if len(places) == 1 and not _is_as_declared(tree, array):
            return array.written[axis], places[0]
    return None


def _is_as_declared(tree: ProgramTree, array: Data) -> bool:
    """Whether the axes after the samples of an array are those that a model of Keras declares, or the units of the last
    layer with a number of them: then no other axis has the samples."""
    of_sample = array.axes[1:]
    if len(of_sample) == 1:
        layers = [one for one in tree.calls if one.args and OF_UNITS.fullmatch(name_of(one))]
        last = max(layers, key=lambda one: (one.lineno, one.col_offset), default=None)
        return last is not None and tree.number(last.args[0]) == of_sample[0]
    shapes = [one for one in tree.nodes if isinstance(one, ast.Tuple) and len(one.elts) == len(of_sample)]
    return any(tuple(map(tree.number, one.elts)) == of_sample for one in shapes)


OF_UNITS = re.compile("Dense|LSTM|GRU|SimpleRNN")
"""Layers of Keras whose first argument is the number of their units."""


def _of_samples(found: Found, mismatch: Mismatch) -> Mismatch:
    """Arrays of which one has another number of samples, which may be in another axis of it."""
    if found.framework == "pytorch":
        if says_cause(mismatch) or not _others(found, mismatch):
            return mismatch
        id = "exchanged_samples" if _exchanged(found, mismatch) else "other_samples"
        return of_batch(found, replace(mismatch, causes=(cause(id, "pytorch"),)))
    if mismatch.first_cause not in OF_SAMPLES:
        return mismatch
    *inputs, target = _samples(found) or [0]
    is_of_inputs = len(_given(found.program.tree)) == len(inputs) + 1
    if mismatch.first_cause == "list_of_samples" and is_of_inputs and len({*inputs}) == 1:
        mismatch = other_numbers(inputs[0], target)
    if mismatch.first_cause == "list_of_samples" or not _exchanged(found, mismatch):
        return mismatch
    return replace(mismatch, causes=(cause("exchanged_samples", found.framework),))


def samples_exchanged(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes an array, with its samples in the axis in which the others have them."""
    tree, both = found.program.tree, _exchanged(found, mismatch)
    return tree.corrected((both[0], tree.text(both[1])), (both[1], tree.text(both[0]))) if both else ()


def as_many_made(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the array with other samples, with as many as the others have."""
    tree = found.program.tree
    for other in _others(found, mismatch):
        made, size = other.array.made, other.array.written[other.axis]
        function = tree.function_of(made)
        is_once = not function or len(tree.calls_by_function.get(function, [])) < 2
        is_made = name_of(made) in MAKERS  # a reshape keeps its values
        if is_made and is_once and tree.number(size) == other.samples:
            return tree.corrected((size, _as_written(tree, size, other.wanted, _arrays(found, mismatch), other.axis)))
    return ()


def _as_written(tree: ProgramTree, size: ast.expr, wanted: int, arrays: list[Data], axis: int) -> str:
    """A number of samples as another array of the same function has it, or as a parameter, or else the number."""
    same = [one.written[axis] for one in arrays if len(one.written) > axis and one.axes[axis] == wanted]
    names = [one for one in same if isinstance(one, ast.Name) and tree.function_of(one) is tree.function_of(size)]
    return names[0].id if names else tree.name_of_size(size, wanted)


def steps_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only array with the features before the steps, with both in the other order; or the call
    of the model with an array of NumPy, with its axes exchanged."""
    tree, got = found.program.tree, mismatch.got
    if (mismatch.axis, found.framework) != ("order", "keras") or not isinstance(got, tuple) or len(got) != 3:
        return ()
    arrays = [one for one in _arrays(found, mismatch) if one.axes[1:] == got[1:]]
    if len(arrays) != 1:
        return _exchanged_at_call(tree)
    _, first, second = arrays[0].written
    return tree.corrected((first, tree.text(second)), (second, tree.text(first)))


def _exchanged_at_call(tree: ProgramTree) -> Corrections:
    """The only call that gives data to a model of Keras, with the axes of an array of NumPy exchanged."""
    calls = [one for one in tree.calls_of(*FITS) if one.args]
    data = calls[0].args[0] if len(calls) == 1 and not calls[0].keywords else None
    made = maker_of(tree, data) if isinstance(data, ast.Name) else None
    if made is None or not isinstance(data, ast.Name) or not tree.text(made).startswith(("np.", "numpy.")):
        return ()
    return tree.corrected((data, f"{data.id}.swapaxes(1, 2)"))


RULES = WITHOUT_CAUSES = (_of_samples,)
"""What the program says about the samples of its arrays."""

CORRECTIONS = {
    "exchanged_samples": samples_exchanged,
    "features_first": steps_first,
    **dict.fromkeys(("other_samples", "samples_of_inputs"), as_many_made),
}
"""Cause -> the lines that it corrects."""
