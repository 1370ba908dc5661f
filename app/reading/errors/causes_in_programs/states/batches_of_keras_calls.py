"""The batch that a call of a model of Keras takes, for layers that keep the states of another one."""

import ast
import re
from dataclasses import replace

from ...axes_of_arrays import RANK
from ...causes import cause
from ...code_lines.batches_of_calls import CALLS, USUAL_BATCH
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Cause, Mismatch, Shape, only_size, wrong_size

SAYS_USUAL = re.compile(rf"\bb(?:s|atch\w{{0,12}})[ _'\"]{{0,3}}(?:\w{{1,12}}[ _'\"]{{1,3}})?[=:(] ?{USUAL_BATCH}\b")
"""A line that chooses these, in lower case."""

OTHER_CALL = re.compile(r"_on_batch\b|\bgradienttape\b|(?:model|net|network)\(\w|_generator\b|dataset")
"""Other ways to run a model, which do not choose the batch, in lower case."""

OF_THEANO = "keras-0-"
"""A part of the ids of templates of Theano, whose messages do not say how many samples a call gets."""

NAMED_CALL = re.compile(r"\b(fit|predict|evaluate)\b")
"""A call in the words of a text in lower case."""

OF_BATCH = ("last_batch", "other_batch", "fixed_batch")
"""Causes of a batch that is not that of the states."""


def _batch(size: int | Shape | None) -> int | None:
    """The batch of a shape of x or of a state of one layer."""
    if isinstance(size, tuple):
        return size[-2] if len(size) == RANK and size[0] == 1 else next(iter(size), None)
    return size


def _batches(mismatch: Mismatch) -> tuple[int | None, int | None]:
    """The batch of x, and that of the states."""
    of_message = _batch(mismatch.expected), _batch(mismatch.got)
    return of_message if mismatch.tensor in ("h_0", "c_0") else of_message[::-1]


QUOTED_CALL = re.compile(
    r"^[ \t`>]{0,20}((?:\w{1,40} ?= ?)?[\w.]{1,60}\.(fit|predict|evaluate)\([^()\n]{1,200}\))[ \t`]{0,9}$", re.MULTILINE
)
"""A whole line that calls a model, and the name of the call."""


def _quoted_calls(found: Found) -> list[tuple[str, str]]:
    """The lines of a text without a whole program that call a model, and the names of the calls."""
    return QUOTED_CALL.findall(found.surroundings.original) if not found.program.tree.calls_of(*CALLS) else []


def _of_quoted_call(found: Found, kept: int) -> Cause | None:
    """A quoted line without the ``batch_size`` that the one which trains says."""
    lines = _quoted_calls(found)
    without = [(line, call) for line, call in lines if "batch_size" not in line and call != "fit"]
    fits = [size for line, call in lines for size in SAID.findall(line) if call == "fit"]
    if len(without) != 1 or len(fits) != 1 or kept not in found.surroundings.said_batches:
        return None
    line, call = without[0]
    likely = cause("batch_of_call", "keras", call=call, batch_size=kept)
    return replace(likely, wrong=line, fix=f"{line[:-1]}, batch_size={fits[0]})")


SAID = re.compile(r"\bbatch_size ?= ?(\w{1,40})\b")
"""The batch in a line that calls a model."""


def _gets_batches(call: ast.Call) -> bool:
    """Whether a call may get data that are batches already, and takes no ``batch_size``: they come without a target, or
    by their name."""
    has_target = len(call.args) > 1 or any(one.arg == "y" for one in call.keywords)
    is_alone = name_of(call) != "predict" and not has_target
    return is_alone or bool(OF_BATCHES.search(ast.unparse(call.args[0]).lower()))


OF_BATCHES = re.compile(r"(?<![a-z])(?:ds|dataset|gen|generator|loader|batches)(?![a-z])|(?:generator|sequence)\b")
"""The name of data that come in batches, in lower case."""


def _calls_without(found: Found) -> tuple[list[ast.Call], list[ast.Call]]:
    """The calls of a model without ``batch_size``, those in the traceback if it has any, and all calls with it."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of(*CALLS) if isinstance(one.func, ast.Attribute) and one.args]
    given = [one for one in calls if tree.argument(one, CALLS[name_of(one)], "batch_size") is not None]
    without = [one for one in calls if one not in given and not _gets_batches(one)]
    failed = [one for one in tree.calls_in_frames if name_of(one) in CALLS]
    return ([one for one in without if one in failed] if failed else without), given


def _of_call(found: Found, mismatch: Mismatch) -> Mismatch:
    """A call without ``batch_size``, for which Keras takes 32 samples at a time, or another call than those that say
    the batch of the states."""
    if found.framework != "keras" or mismatch.axis != "batch_size" or mismatch.first_cause not in OF_BATCH:
        return mismatch
    got, kept = _batches(mismatch)
    keeps_states = mismatch.tensor == "x" or "stateful" in found.surroundings.text  # else the program gives them
    if not kept or got == kept or not keeps_states:
        return mismatch
    if OF_THEANO in found.template.id and (quoted := _of_quoted_call(found, kept)):
        return replace(mismatch, causes=(quoted, *(one for one in mismatch.causes if one.id != "last_batch")))
    without, given = _calls_without(found)
    is_usual = got == USUAL_BATCH and not SAYS_USUAL.search(found.surroundings.text)
    is_forgotten = len(without) == 1 and name_of(without[0]) != "fit" and any(name_of(one) == "fit" for one in given)
    is_of_data = got is None or got % kept == 0  # else the call gets other samples than whole batches
    said = found.surroundings.said_batches | found.surroundings.fixed_batches
    is_of_states = is_forgotten and is_of_data and kept in said
    if without and not (is_usual or is_of_states):
        return mismatch
    named = NAMED_CALL.findall(found.surroundings.text)
    is_other = not named and OTHER_CALL.search(found.surroundings.text)
    if not without and (given or not is_usual or is_other or found.program.tree.calls_of(*CALLS)):
        return mismatch
    call = next(iter([*map(name_of, without), *named]), "fit")
    arguments = "x" if call == "predict" else "x, y"
    likely = cause("batch_of_call", "keras", call=call, arguments=arguments, batch_size=kept)
    return replace(mismatch, causes=(likely, *(one for one in mismatch.causes if one.id != "last_batch")))


def batch_of_call(found: Found, mismatch: Mismatch) -> Corrections:
    """The first call without ``batch_size``, with that of the states; as the other calls write it."""
    tree, (without, given) = found.program.tree, _calls_without(found)
    _, kept = _batches(mismatch)
    said = [tree.argument(one, CALLS[name_of(one)], "batch_size") for one in given]
    names = {ast.unparse(one) for one in said if one is not None and tree.number(one) in (None, kept)}
    size = names.pop() if len(names) == 1 else str(kept)
    corrections = [tree.with_argument(one, "batch_size", size) for one in without[:1]]
    return [one for one in corrections if one]


def _shapes_with_batch(found: Found, batch: int) -> list[ast.expr]:
    """The numbers that are this batch at the beginning of the shapes of inputs."""
    tree = found.program.tree
    shapes = [
        key.value for call in tree.calls for key in call.keywords if key.arg in ("batch_input_shape", "batch_shape")
    ]
    firsts = [one.elts[0] for one in shapes if isinstance(one, (ast.Tuple, ast.List)) and one.elts]
    return [one for one in firsts if tree.number(one) == batch]


def _batch_of_fit(tree: ProgramTree) -> ast.expr | None:
    """The ``batch_size`` of the only call of ``fit``; None without one."""
    calls = tree.calls_of("fit")
    return tree.argument(calls[0], CALLS["fit"], "batch_size") if len(calls) == 1 else None


def _of_shape(found: Found, mismatch: Mismatch) -> Mismatch:
    """A batch in the shape of the input that is not the one which ``fit`` says: of more samples than the data have."""
    if found.framework != "keras" or mismatch.axis != "batch_size" or mismatch.first_cause not in OF_BATCH:
        return mismatch
    (got, kept), tree = _batches(mismatch), found.program.tree
    said = _batch_of_fit(tree)
    is_said = said is not None and tree.number(said) == got
    if not got or not kept or got > kept or not is_said or not _shapes_with_batch(found, kept):
        return mismatch
    likely = cause("batch_of_shape", "keras", batch_size=got)
    return wrong_size("h_0", "batch_size", got, kept, [likely], mismatch.facts)


def _of_smaller_batch(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with fewer samples than the model returns for a batch of the shape that the program gives its input: x
    has as few."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_target = (mismatch.tensor, mismatch.axis, mismatch.first_cause) == ("target", "batch_size", "last_batch")
    if found.framework != "keras" or not is_of_target or not expected or not _shapes_with_batch(found, expected):
        return mismatch
    return wrong_size("x", "batch_size", expected, got, mismatch.causes, mismatch.facts)


def batch_of_shape(found: Found, mismatch: Mismatch) -> Corrections:
    """The shape of the input with the batch that ``fit`` says."""
    tree, (_, kept) = found.program.tree, _batches(mismatch)
    said, firsts = _batch_of_fit(tree), _shapes_with_batch(found, kept or 0)
    return tree.corrected((firsts[0], tree.text(said))) if said is not None and len(firsts) == 1 else ()


def whole_batches_of_call(found: Found, mismatch: Mismatch) -> Corrections:
    """The call in the traceback with the samples and targets of whole batches, as many as its states have; () unless
    these are names."""
    tree, (got, kept) = found.program.tree, _batches(mismatch)
    calls = [one for one in tree.calls_in_frames if name_of(one) in CALLS and isinstance(one.func, ast.Attribute)]
    if found.framework != "keras" or len(calls) != 1 or not got or not kept or got >= kept:
        return ()
    size = tree.argument(calls[0], CALLS[name_of(calls[0])], "batch_size")
    arrays = [one for one in calls[0].args[: len(OF_SAMPLES)] if one is not size]
    arrays += [one.value for one in calls[0].keywords if one.arg in OF_SAMPLES]
    if not isinstance(size, (ast.Constant, ast.Name)) or tree.number(size) != kept or not arrays:
        return ()
    batch, names = tree.text(size), [one for one in arrays if isinstance(one, ast.Name)]
    if len(names) != len(arrays) or any(map(_is_dataset, map(tree.assigned, names))):
        return ()
    return tree.corrected(*((one, f"{one.id}[: len({one.id}) // {batch} * {batch}]") for one in names))


OF_SAMPLES = ("x", "y")
"""The arguments of a call of a model that have all samples."""


def _is_dataset(made: ast.expr | None) -> bool:
    """Whether an array that a call gets is a dataset, or the like, which has no slices."""
    return (
        isinstance(made, ast.Call) and re.search(r"dataset|batch|generator|from_", ast.unparse(made.func)) is not None
    )


RULES = (_of_smaller_batch, _of_shape, _of_call)
"""What the calls of a model say about the batch."""

CORRECTIONS = {
    "batch_of_call": batch_of_call,
    "batch_of_shape": batch_of_shape,
    "last_batch": whole_batches_of_call,
}
"""Cause -> the lines that it corrects."""
