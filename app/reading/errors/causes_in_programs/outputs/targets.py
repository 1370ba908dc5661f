"""What a pasted program says about the target of a loss: the steps that it lacks, and where its classes begin."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from ....code.operations import with_two_operands
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.array_names import role_of_layer
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, Size, only_size, wrong_rank
from ..inputs.calls_with_data import FITS, call_of_model

MOST_LINES = 8
"""Names and calls through which a target is followed."""

ENCODERS = ("one_hot", "to_categorical")
"""Functions that return a value for each class."""

UNCHANGED = ("astype", "reshape", "array", "asarray", "float", "long")
"""What changes neither the steps of a target nor its classes."""


# -- steps -------------------------------------------------------------------------------------------------------------


def _values(tree: ProgramTree, node: ast.expr | None) -> Iterator[ast.expr]:
    """What a target is made of, from the line that gives it to the loss back to its data."""
    for _ in range(MOST_LINES):
        if node is None:
            return
        yield node
        match node:
            case ast.Name():
                node = tree.assigned(node)
            case ast.Call(func=ast.Attribute(value=of), args=args) if name_of(node) in UNCHANGED:
                is_method = not isinstance(of, ast.Name) or of.id not in tree.imported
                node = of if is_method else next(iter(args), None)
            case ast.Call(args=[of, *_]) if name_of(node) in ENCODERS:
                node = of
            case _:
                return


def without_first_step(tree: ProgramTree, target: ast.expr) -> ast.Subscript | None:
    """The part of an array without its first step that a target is made of; None for another target."""
    for one in _values(tree, target):
        if isinstance(one, ast.Subscript) and isinstance(one.slice, ast.Tuple):
            is_later = [ast.unparse(part) for part in one.slice.elts[:2]] == [":", "1:"]
            return one if is_later else None
    return None


def _is_one_shorter(mismatch: Mismatch) -> bool:
    """Whether a target has one step less than the output."""
    output, target = _steps(mismatch.expected), _steps(mismatch.got)
    is_of_steps = (mismatch.tensor, mismatch.axis) == ("target", "time_step")
    return is_of_steps and output is not None and target is not None and output == target + 1


def _steps(size: Size) -> int | None:
    """The steps in the only size of a message, or in a shape."""
    shape = size if isinstance(size, tuple) else ()
    return shape[0] if len(shape) == 1 else shape[1] if shape else None


def _of_later_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target of Keras without its first step, for an output of all steps."""
    call = call_of_model(found.program.tree)
    is_cut = call and len(call.args) > 1 and without_first_step(found.program.tree, call.args[1])
    if found.framework != "keras" or not _is_one_shorter(mismatch) or not is_cut:
        return mismatch
    return replace(mismatch, causes=(cause("target_steps", "keras"),))


def all_but_last_step(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that computes the output, or gives a model its x, without the last step."""
    if not _is_one_shorter(mismatch):
        return ()
    return _shorter_x(found, _steps(mismatch.expected)) if found.framework == "keras" else _shorter_output(found)


def _shorter_x(found: Found, steps: int | None) -> Corrections:
    """The calls of a model of Keras with x without its last step, and the steps of its input."""
    tree = found.program.tree
    call = call_of_model(tree)
    if not call or len(call.args) < 2 or not all(isinstance(one, ast.Name) for one in call.args[:2]):
        return ()
    names = [*map(ast.unparse, call.args[:2])]
    calls = [one for one in tree.calls_of(*FITS) if [*map(ast.unparse, one.args[:2])] == names]
    shapes = [tree.argument(one, 0, "shape") for one in tree.calls_of("Input", "InputLayer")]
    firsts = [one.elts[0] for one in shapes if isinstance(one, (ast.Tuple, ast.List)) and one.elts]
    sizes = [one for one in firsts if tree.number(one) == steps]
    return tree.corrected(
        *((one, str(int(text) - 1) if (text := tree.text(one)).isdecimal() else f"{text} - 1") for one in sizes),
        *((one.args[0], f"{names[0]}[:, :-1]") for one in calls),
    )


def _shorter_output(found: Found) -> Corrections:
    """The call of a network of what its target is cut from, without the last step."""
    tree = found.program.tree
    nodes = tree.nodes_of_failure
    read = [one for one in nodes if isinstance(one, (ast.Name, ast.Subscript)) and isinstance(one.ctx, ast.Load)]
    arrays = [_given(tree, one) for one in read]
    data = {ast.unparse(cut.value) for one in arrays if (cut := without_first_step(tree, one))}
    made = [tree.assigned(one) for one in arrays if isinstance(one, ast.Name)]
    calls = [one for one in (*made, *nodes) if isinstance(one, ast.Call) and {*map(ast.unparse, one.args)} & data]
    calls = [one for one in dict.fromkeys(calls) if name_of(one) not in ENCODERS]
    if len(calls) != 1:
        return ()
    inputs = calls[0].args[1:] if name_of(calls[0]) in ("apply", "apply_fn") else calls[0].args
    of_decoder = [one for one in inputs if ast.unparse(one) in data]
    if len(inputs) > 1 and len(of_decoder) == 1:  # beside what its encoder reads
        return tree.corrected((of_decoder[0], f"{tree.operand(of_decoder[0])}[:, :-1]"))
    return tree.corrected((calls[0], f"{tree.text(calls[0])}[:, :-1]"))


def _given(tree: ProgramTree, array: ast.expr) -> ast.expr:
    """What the only call of a function of the program gives it for an array; the array itself if it is no parameter."""
    for _ in range(MOST_LINES):
        given = tree.given_to(array) if isinstance(array, ast.Name) and tree.assigned(array) is None else None
        if not given:
            break
        array = given[1]
    return array


def _of_next_step(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target of only the last step, for a model that predicts the token after each one: by its name and its loss.
    Without tokens, the last column of a table is the usual target."""
    tree = found.program.tree
    if mismatch.first_cause != "not_return_sequences" or not _last_of_data(found):
        return mismatch
    if not tree.calls_of("Embedding", "Embed", "one_hot"):
        return mismatch
    causes = [*mismatch.causes]
    classes = [one.name for one in tree.nodes if isinstance(one, ast.ClassDef)]
    is_of_language = any(map(OF_LANGUAGE.search, classes)) and OF_CLASSES.search(found.program.source)
    causes.insert(0 if is_of_language else 1, cause("next_steps", found.framework))
    return replace(mismatch, causes=tuple(causes))


OF_LANGUAGE = re.compile(r"(?:Char|Lang|Word|Token|Text)(?![a-z])|Character|Language|LM|GPT|Next(?![a-z])")
"""The name of a model that predicts each next word."""

OF_CLASSES = re.compile(r"(?i)cross_?entropy|log_softmax|one_hot|nll_?loss")
"""A loss of classes."""


def _last_of_data(found: Found) -> ast.expr | None:
    """The index of the last step of data whose steps before it are the input: ``data[:, :-1]`` and ``data[:, -1]``;
    None without such a target."""
    parts = [one for one in found.program.tree.nodes if isinstance(one, ast.Subscript)]
    indices = [(one.value, one.slice.elts) for one in parts if isinstance(one.slice, ast.Tuple)]
    of_steps = [(ast.unparse(of), ast.unparse(at[0]), at[1]) for of, at in indices if len(at) > 1]
    inputs = {of for of, first, steps in of_steps if (first, ast.unparse(steps)) == (":", ":-1")}
    last = [steps for of, first, steps in of_steps if of in inputs and (first, ast.unparse(steps)) == (":", "-1")]
    return last[0] if len(last) == 1 else None


def next_steps(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the target, with all steps after the first."""
    last = _last_of_data(found)
    return found.program.tree.corrected((last, "1:")) if last is not None else ()


def last_step_of_network(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of JAX that calls a network whose output the loss in the line that failed reads, with its last step."""
    tree = found.program.tree
    if found.framework not in ("jax", "flax") or mismatch.tensor != "output":
        return ()
    names = [one for one in tree.nodes_of_failure if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
    made = dict.fromkeys(value for one in names if isinstance(value := tree.assigned(one), ast.Call))
    calls = [one for one in made if name_of(one) == "apply" or role_of_layer(name_of(one)) == "output"]
    return tree.corrected((calls[0], f"{tree.text(calls[0])}[:, -1]")) if len(calls) == 1 else ()


# -- classes -----------------------------------------------------------------------------------------------------------


def _first_class(found: Found, mismatch: Mismatch) -> tuple[ast.Call, ast.expr] | None:
    """The call that encodes classes counted from 1, which makes a column for 0, too, and these classes; None for
    others."""
    tree, call = found.program.tree, call_of_model(found.program.tree)
    expected, got = mismatch.expected, mismatch.got
    if (found.framework, mismatch.tensor) != ("keras", "target") or not call or expected == got:
        return None
    if (
        not isinstance(expected, tuple)
        or not isinstance(got, tuple)
        or got != (*expected[:-1], (expected[-1] or 0) + 1)
    ):
        return None
    encoders = [one for one in tree.calls_of("to_categorical") if len(one.args) == 1 and not one.keywords]
    return (encoders[0], encoders[0].args[0]) if len(encoders) == 1 else None


def _of_classes_from_one(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with one class more than the output, whose classes are counted from 1."""
    first = _first_class(found, mismatch)
    if not first:
        return mismatch
    others = () if _begins_at_one(found, first[1]) else mismatch.causes
    return replace(mismatch, causes=(cause("classes_from_one", "keras"), *others))


def _begins_at_one(found: Found, classes: ast.expr) -> bool:
    """Whether the program draws classes from 1 on."""
    tree = found.program.tree
    drawn = [one for one in _values(tree, classes) if isinstance(one, ast.Call) and name_of(one) in INTEGERS]
    return any(len(one.args) > 1 and tree.number(one.args[0]) == 1 for one in drawn)


INTEGERS = ("integers", "randint", "random_integers")
"""Functions that draw numbers from one on."""


def classes_from_zero(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that encodes the classes, counted from 0."""
    tree, first = found.program.tree, _first_class(found, mismatch)
    return tree.corrected((first[1], f"{tree.operand(first[1])} - 1")) if first else ()


def _of_higher_target(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with one axis more than a vector of each sample, with which PyTorch compares it from the last axis on:
    the second one of the target meets the samples of the output."""
    computed = with_two_operands(found.program.failed_operations, "loss")
    output = computed[0].operands[0].axes if len({id(one.node) for one in computed}) == 1 else ()
    is_of_target = (mismatch.tensor, mismatch.axis, found.template.id) == ("target", None, "pytorch-broadcast")
    samples = only_size(mismatch.expected)
    if not is_of_target or len(output) != 2 or found.number("i") != 1 or samples is None:
        return mismatch
    values = output[1]
    if not isinstance(values, int) or samples == values or output[0] not in (None, samples):
        return mismatch
    vector = (samples, values)
    facts = (*mismatch.facts, fact("batch_size", samples, "output"))
    return replace(wrong_rank("target", 2, 3, mismatch.causes, facts, (vector, ())), beside=vector)


def _of_target_with_steps(found: Found, mismatch: Mismatch) -> Mismatch:
    """A target with three axes, with which PyTorch compares, from the last axis on, the vectors that a model of Keras
    returns: the message counts an axis that they do not have."""
    is_of_target = (mismatch.tensor, mismatch.axis, found.template.id) == ("target", None, "pytorch-broadcast")
    last = found.program.operations[-1] if found.program.operations else None
    if found.framework != "keras" or not is_of_target or not last or not last.layer or last.layer.kind != "dense":
        return mismatch
    if len(last.operands[0].axes) != 2 or found.number("i") != 2:
        return mismatch
    vector = (None, only_size(mismatch.expected))
    return replace(wrong_rank("target", 2, 3, mismatch.causes, mismatch.facts, (vector, ())), beside=vector)


def classes_without_axis(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of a loss of PyTorch for classes, whose target has an axis of size 1 after its samples."""
    computed = {id(one.node): one for one in found.program.failed_operations if one.kind == "loss"}
    if (mismatch.tensor, mismatch.axis, mismatch.expected) != ("target", "rank", 1) or len(computed) != 1:
        return ()
    (loss,) = computed.values()
    target, tree = loss.operands[1] if len(loss.operands) > 1 else None, found.program.tree
    if not target or target.node is None or len(target.axes) != 2 or target.axes[-1] != 1:
        return ()
    return tree.corrected((target.node, f"{tree.operand(target.node)}.squeeze(1)"))


RULES = (_of_target_with_steps, _of_higher_target, _of_later_steps, _of_next_step, _of_classes_from_one)
"""What the program says about the causes in its targets."""

CORRECTIONS = {
    "target_steps": all_but_last_step,
    "next_steps": next_steps,
    "classes_from_one": classes_from_zero,
    "target_shape": classes_without_axis,
}
"""Cause -> the lines that it corrects."""
