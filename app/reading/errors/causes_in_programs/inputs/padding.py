"""What a pasted program says about padded and reshaped sequences: in which order their axes are, and for how many steps
masks are made."""

import ast

from ....facts_about_sizes import fact
from ...axes_of_arrays import STEPS
from ...causes import cause
from ...code_lines.array_names import OF_LOSSES
from ...code_lines.array_origins import MAKERS, MODULES
from ...code_lines.axes_of_x import axes_of_x
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import last_name, name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, equal_sizes_needed, only_size, wrong_shape, wrong_size
from ..outputs.networks_and_losses import TARGET

# -- padded sequences --------------------------------------------------------------------------------------------------

PADDING = frozenset({"pad_sequence"})


def _is_time_first(tree: ProgramTree, made: ast.Call) -> bool:
    """Whether a call pads sequences with time first."""
    first = tree.argument(made, 1, "batch_first")
    return first is None or ast.unparse(first) == "False"


def _paddings(tree: ProgramTree, name: ast.Name) -> list[ast.Call]:
    """The calls that pad the sequences of an array, also in the function by which a DataLoader makes its batches."""
    if made := [one.made for one in tree.origins(name, makers=PADDING)]:
        return made
    for loop in (one for one in tree.above(name) if isinstance(one, ast.For)):
        target, iterated = loop.target, loop.iter
        if isinstance(iterated, ast.Call) and name_of(iterated) == "enumerate" and isinstance(target, ast.Tuple):
            target, iterated = target.elts[-1], iterated.args[0]
        names = [last_name(one) for one in target.elts] if isinstance(target, ast.Tuple) else []
        loader = tree.assigned(iterated) if isinstance(iterated, ast.Name) else iterated
        collate = tree.argument(loader, MOST_ARGUMENTS, "collate_fn") if isinstance(loader, ast.Call) else None
        function = tree.function_called(ast.Call(collate, [], [])) if collate is not None else None
        returned = tree.returned_by(function) if function else None
        if name.id in names and returned is not None:
            return [one.made for one in tree.origins(returned, (names.index(name.id),), makers=PADDING)]
    return []


MOST_ARGUMENTS = 6
"""The arguments of a DataLoader before its collate_fn."""


def _has_batch_first(found: Found) -> bool | None:
    """Whether all layers of PyTorch that a program calls have the batch first; None if they differ, or without any."""
    first = {one.layer.setting("batch_first") for one in found.program.calls if one.layer}
    return first.pop() if len(first) == 1 else None


def _padded(found: Found) -> tuple[ast.Name, ast.Call, bool] | None:
    """The only array in the sum or product that failed that was padded with its axes in another order than the layers
    have, the call that pads it, and whether it is in the first of both arrays."""
    tree, is_first = found.program.tree, _has_batch_first(found)
    for one in tree.nodes_in(tree.frames[-1]) if tree.frames and is_first is not None else []:
        if not isinstance(one, ast.BinOp) or tree.text(one) not in found.code:
            continue
        sides = [
            (node, made, side is one.left)
            for side in (one.left, one.right)
            for node in ast.walk(side)
            if isinstance(node, ast.Name)
            for made in _paddings(tree, node)
        ]
        wrong = [part for part in sides if _is_time_first(tree, part[1]) == is_first]
        if len(wrong) == 1:
            return wrong[0]
    return None


def _of_padded_mask(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask or a target that was padded with its axes in another order than the output has."""
    if found.template.id != "pytorch-broadcast" or found.number("i") != 1 or not (padded := _padded(found)):
        return mismatch
    a, b = found.number("a"), found.number("b")
    own, other = (a, b) if padded[2] else (b, a)
    tensor = "target" if TARGET.search(padded[0].id) else "mask"
    batch, steps = (own, other) if _has_batch_first(found) else (other, own)
    facts = [*mismatch.facts, fact("batch_size", batch, "mask"), fact("time_step", steps, "mask")]
    if _has_batch_first(found):
        likely = [cause("padded_beside_output", "pytorch", name=padded[0].id)]
        return wrong_shape(tensor, "order", (batch, steps), (steps, batch), likely, facts)
    sentence = equal_sizes_needed(a, b)
    late = cause("padded_batch_first", "pytorch", name=padded[0].id)
    return Mismatch(tensor, "order", sentence, causes=(late,), facts=tuple(facts))


def padded_as_output(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that pads the sequences, with their axes in the order of the output."""
    tree, padded = found.program.tree, _padded(found)
    return all_of([tree.with_argument(padded[1], "batch_first", str(_has_batch_first(found)))]) if padded else ()


def _padded_x(found: Found) -> tuple[ast.Name, ast.Call] | None:
    """The array that the traceback gives a network whose layers of PyTorch all have the batch first, if it was padded
    with time first, and the call that pads it."""
    tree = found.program.tree
    layers = [one.layer for one in found.program.calls if one.layer]
    if not layers or not all(one.framework == "pytorch" and one.setting("batch_first") for one in layers):
        return None
    names = [one for call in tree.calls_in_frames for one in call.args[:1] if isinstance(one, ast.Name)]
    padded = [(name, made) for name in names for made in _paddings(tree, name) if _is_time_first(tree, made)]
    return padded[0] if len({id(made) for _, made in padded}) == 1 else None


def _of_padded_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """Sequences that were padded with time first, for a layer with the batch first, which takes steps for samples."""
    steps, batch = (one[0] if isinstance(one, tuple) and one else None for one in (mismatch.expected, mismatch.got))
    is_of_batch = (mismatch.tensor, mismatch.axis) == ("target", "batch_size")
    if not is_of_batch or not steps or not batch or not _padded_x(found):
        return mismatch
    facts = [*mismatch.facts, fact("batch_size", batch, "target"), fact("time_step", steps, "output")]
    facts = [one for one in facts if one.terms != (("batch_size",),) or one.value == batch]
    return wrong_shape("x", "order", (batch, steps), (steps, batch), [cause("padded_for_layer", "pytorch")], facts)


def padded_for_layer(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that pads the sequences of x, with the batch first."""
    tree, padded = found.program.tree, _padded_x(found)
    return all_of([tree.with_argument(padded[1], "batch_first", "True")]) if padded else ()


def _mask_of_losses(found: Found) -> tuple[ast.Name, ast.Name, int, int] | None:
    """A mask by which the line that failed multiplies losses, both with two axes, the losses, and the steps of the
    losses and of the mask."""
    tree, left, right = found.program.tree, found.shape("left"), found.shape("right")
    if found.template.id == "pytorch-broadcast" and found.number("i") == 1:
        sizes = found.number("a"), found.number("b")
    elif len(left) == len(right) == 2 and left[0] == right[0] and left[1] and right[1]:
        sizes = left[1], right[1]
    else:
        return None
    for one in tree.nodes_in(tree.frames[-1]) if tree.frames else []:
        match one:
            case ast.BinOp(left=ast.Name() as a, op=ast.Mult(), right=ast.Name() as b) if tree.text(one) in found.code:
                masks = [bool(OF_LOSSES.search(name.id)) for name in (a, b)]
                if masks == [False, True]:
                    return b, a, *sizes
                if masks == [True, False]:
                    return a, b, *sizes[::-1]
    return None


def _of_mask_of_losses(found: Found, mismatch: Mismatch) -> Mismatch:
    """A mask with other steps than the losses of each step have."""
    if mismatch.tensor is not None or not (both := _mask_of_losses(found)):
        return mismatch
    _, _, expected, got = both
    if not found.program.calls or not got or not expected:
        return mismatch
    batch = (found.shape("left") or (None,))[0]
    facts = [fact("time_step", expected, "losses"), *([fact("batch_size", batch, "losses")] if batch else [])]
    return wrong_size("mask", "time_step", expected, got, [cause("mask", found.framework)], facts)


def steps_of_losses(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a mask, with the steps of the losses, or of the other arrays that its function makes."""
    tree, both = found.program.tree, _mask_of_losses(found)
    if not both or mismatch.tensor != "mask":
        return ()
    mask, losses, _, got = both
    made = [one.made for one in tree.origins(mask, makers=MASKS)]
    if len(made) != 1:
        return ()
    sizes = (
        [made[0].args[1]] if name_of(made[0]) == "sequence_mask" and len(made[0].args) > 1 else tree.sizes_of(made[0])
    )
    wrong = [one for one in sizes[-1:] if tree.number(one) in (None, got)]
    if not wrong or len(sizes) > len(STEPS):
        return ()
    is_same = tree.function_of(losses) is tree.function_of(made[0])
    if is_same and tree.is_known_at(losses, made[0].lineno):
        return tree.corrected((wrong[0], f"{losses.id}.shape[1]"))
    beside = {
        ast.unparse(tree.sizes_of(one)[1])
        for one in tree.calls
        if tree.is_maker(one)
        and tree.function_of(one) is tree.function_of(made[0])
        and len(tree.sizes_of(one)) > 1
        and ast.unparse(tree.sizes_of(one)[0]) == ast.unparse(sizes[0])
    } - {ast.unparse(wrong[0])}
    return tree.corrected((wrong[0], beside.pop())) if len(beside) == 1 and len(sizes) == len(STEPS) else ()


MASKS = MAKERS | {"sequence_mask"}
"""Functions that make a mask."""

# -- reshaped sequences ------------------------------------------------------------------------------------------------


def _exchanging_reshape(tree: ProgramTree) -> tuple[ast.expr, ast.expr] | None:
    """The last two sizes of the only reshape that exchanges those of an array with three axes."""
    found = []
    for call in tree.calls_of("reshape"):
        sizes = call.args[-1].elts if call.args and isinstance(call.args[-1], (ast.Tuple, ast.List)) else call.args
        match sizes[-2:]:
            case [
                ast.Subscript(value=ast.Attribute(attr="shape") as a, slice=ast.Constant(2)) as first,
                ast.Subscript(value=ast.Attribute(attr="shape") as b, slice=ast.Constant(1)) as second,
            ] if ast.unparse(a) == ast.unparse(b):
                found.append((first, second))
    return found[0] if len(found) == 1 else None


def _of_reshape(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x that a reshape gives its features before its steps."""
    likely = [one for one in mismatch.causes if one.id == "features_first"]
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    is_of_features = (mismatch.tensor, mismatch.axis) == ("x", "features") and expected is not None and got is not None
    if not likely or not is_of_features or not _exchanging_reshape(found.program.tree):
        return mismatch
    facts = [*mismatch.facts, fact("time_step", got or 0, "x")]
    return wrong_shape("x", "order", (None, got, expected), (None, expected, got), likely, facts)


def sizes_in_order(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the reshape, with the sizes in the order of the array."""
    tree, sizes = found.program.tree, _exchanging_reshape(found.program.tree)
    if not sizes or mismatch.axis != "order":
        return ()
    first, second = sizes
    return tree.corrected((first, tree.text(second)), (second, tree.text(first)))


def _reshaped_features(found: Found, made_for: int, features: int) -> ast.expr | None:
    """The last size of the only reshape that gives an array with the features of a layer another number of them; None
    without one."""
    tree, sizes = found.program.tree, list[ast.expr]()
    for call in tree.calls_of("reshape"):
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        is_method = owner is not None and last_name(owner) not in MODULES
        array, *given = [owner, *call.args] if owner is not None and is_method else call.args or [call]
        given = list(given[0].elts) if given and isinstance(given[0], (ast.Tuple, ast.List)) else given
        if not given or tree.number(given[-1]) != features:
            continue
        axes = axes_of_x(tree, array)
        sizes += [given[-1]] if len(axes) == len(given) and axes[-1] == made_for else []
    return sizes[0] if len(sizes) == 1 else None


def _of_reshaped_features(found: Found, mismatch: Mismatch) -> Mismatch:
    """An x whose features a reshape changes, for weights that were made for those of the array before."""
    expected, got = mismatch.expected, mismatch.got
    is_of_x = (mismatch.tensor, mismatch.axis) == ("x", "features")
    if not isinstance(expected, tuple) or not isinstance(got, tuple) or not expected or not got:
        return mismatch
    made_for, features = (expected[-1], got[-1]) if is_of_x else (got[0], expected[0])
    is_of_init = mismatch.tensor == "kernel" and any(one.id == "init_features" for one in mismatch.causes)
    if not (is_of_x or is_of_init) or not made_for or not features:
        return mismatch
    if _reshaped_features(found, made_for, features) is None:
        return mismatch
    units = [one for one in mismatch.facts if one.terms != (("features",),)]
    facts = [*units, fact("features", made_for, "kernel")]
    likely = cause("reshaped_features", found.framework, features=made_for)
    return wrong_size("x", "features", made_for, features, [likely], facts)


def kept_features(found: Found, mismatch: Mismatch) -> Corrections:
    """The line of the reshape, with the features of the array before."""
    expected, got = only_size(mismatch.expected), only_size(mismatch.got)
    size = _reshaped_features(found, expected, got) if expected and got else None
    return found.program.tree.corrected((size, str(expected))) if size is not None else ()


RULES = (_of_padded_mask, _of_padded_x, _of_reshape, _of_reshaped_features)
"""What the program says about the causes in its padded sequences."""

WITHOUT_CAUSES = (_of_padded_mask, _of_mask_of_losses)
"""The same for messages of which nothing else says a cause."""


def unpacked_batch_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that pads an output again, with the batch first, as it was packed."""
    tree = found.program.tree
    packed, padded = tree.calls_of("pack_padded_sequence"), tree.calls_of("pad_packed_sequence")
    is_packed = any(
        key.arg == "batch_first" and tree.text(key.value) == "True" for one in packed for key in one.keywords
    )
    if len(padded) != 1 or not is_packed or any(key.arg == "batch_first" for key in padded[0].keywords):
        return ()
    return all_of([tree.with_argument(padded[0], "batch_first", "True")])


def padded_stack(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of PyTorch that stacks sequences of different lengths, as one that pads them."""
    tree = found.program.tree
    calls = [one for one in tree.calls_of_failure("stack") if len(one.args) == 1 and not one.keywords]
    calls = [one for one in calls if tree.text(one) == found.code] or calls
    if found.framework != "pytorch" or len(calls) != 1 or not ast.unparse(calls[0].func).startswith("torch."):
        return ()
    name = "pad_sequence" if "pad_sequence" in tree.imported else "torch.nn.utils.rnn.pad_sequence"
    return tree.corrected((calls[0], f"{name}({tree.text(calls[0].args[0])}, batch_first=True)"))


def padded_at_end(found: Found, mismatch: Mismatch) -> Corrections:
    """The only call of Keras that pads sequences, with the padding after them; or the sequences that the program
    writes, with their zeros at the end."""
    tree = found.program.tree
    if calls := tree.calls_of("pad_sequences"):
        return all_of([tree.with_argument(calls[0], "padding", "'post'")]) if len(calls) == 1 else ()
    given = [call.args[0] for call in tree.calls_of_failure() if call.args]
    for x in given:
        made = tree.assigned(x) if isinstance(x, ast.Name) else x
        rows = made.args[0] if isinstance(made, ast.Call) and made.args else made
        written = [one for one in rows.elts if isinstance(one, ast.List)] if isinstance(rows, ast.List) else []
        moved = [(one, text) for one in written if (text := _with_zeros_last(tree, one)) != tree.text(one)]
        if moved:
            return tree.corrected(*moved)
    return ()


def _with_zeros_last(tree: ProgramTree, row: ast.List) -> str:
    """The text of a list of numbers, with the zeros before the others after them."""
    values = [tree.text(one) for one in row.elts]
    start = next((n for n, one in enumerate(row.elts) if tree.number(one) != 0), 0)
    return f"[{', '.join((*values[start:], *values[:start]))}]" if start else tree.text(row)


CORRECTIONS = {
    "padding": padded_at_end,
    "unequal_lengths": padded_stack,
    "time_first": unpacked_batch_first,
    **dict.fromkeys(("padded_beside_output", "padded_batch_first"), padded_as_output),
    "padded_for_layer": padded_for_layer,
    "mask": steps_of_losses,
    "features_first": sizes_in_order,
    "reshaped_features": kept_features,
}
"""Cause -> the lines that it corrects."""
