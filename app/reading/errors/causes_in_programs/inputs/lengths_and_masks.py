"""What a pasted program says about the lengths of its samples, which it packs, pads or masks: the causes that this
leaves, and the lines that they correct."""

import ast
import re
from dataclasses import replace
from typing import NamedTuple

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...axes_of_arrays import RANK, axes_of_x_in_order
from ...causes import cause
from ...code_lines.array_origins import MOST_LINKS, UNCHANGED
from ...code_lines.corrected_lines import Corrections, all_of
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...code_lines.slices_of_samples import cut_in
from ...framework_messages.inputs.packing_and_masks import BATCH_FIRST, known_lengths, said_steps_first
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch, only_size, wrong_rank, wrong_shape, wrong_size
from ...sizes_of_data import batch_of_data

FEWER_ROWS = re.compile(r"pack_padded_sequence\([^\n]{1,200}enforce_sorted\s?=\s?False")
"""A line that packs the samples that have a length, in any order."""

PADDED = "pad_packed_sequence"
"""The function that returns the output of every step, whose rows may be steps."""


def _of_lost_rows(found: Found, mismatch: Mismatch) -> Mismatch:
    """An output with fewer samples than the target, because the samples without a length were not packed."""
    sizes = [one[0] for one in (mismatch.expected, mismatch.got) if isinstance(one, tuple) and one]
    is_of_samples = mismatch.tensor == "target" and len(sizes) == 2 and None not in sizes
    source = found.program.source
    if not is_of_samples or found.framework != "pytorch" or not FEWER_ROWS.search(source) or PADDED in source:
        return mismatch
    rows, samples = sizes
    losses = [one.operands[0].axes[:1] for one in found.program.operations if one.kind == "loss"]
    if (rows or 0) >= (samples or 0) or (rows,) in losses:  # a size that the program says is not that of lengths
        return mismatch
    facts = [fact("batch_size", samples or 0, "target")]
    return wrong_shape("lengths", "batch_size", (samples,), (rows,), [cause("lost_rows", "pytorch")], facts)


def all_lengths(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes a set of the lengths, with a list of them, in their order."""
    tree = found.program.tree
    sets = [
        one
        for one in tree.nodes
        if isinstance(one, ast.SetComp) and isinstance(one.elt, ast.Call) and name_of(one.elt) == "len"
    ]
    if len(sets) != 1:
        return ()
    (lengths,) = sets
    outer: ast.expr = lengths
    for one in tree.above(lengths):
        if not isinstance(one, ast.Call) or name_of(one) not in ("sorted", "list", "tuple"):
            break
        outer = one
    return tree.corrected((outer, f"[{tree.text(lengths)[1:-1].strip()}]"))


def _of_empty_axis(found: Found, mismatch: Mismatch) -> Mismatch:
    """The axis of x without samples or steps; a program without a loop has no other batch to go on with."""
    tree, packed = found.program.tree, _packed(found)
    if mismatch.first_cause != "empty_batch" or not packed:
        return mismatch
    x, causes = packed[0], mismatch.causes
    if not any(isinstance(one, (ast.For, ast.While)) for one in tree.nodes):
        leaves = "return None" if tree.function_of(x) else "raise SystemExit  # nothing is left to compute"
        causes = (replace(causes[0], fix=f"if not {tree.operand(x)}.numel(): {leaves}"),)
    axes = tree.axes(x)
    empty = [n for n, size in enumerate(axes) if not size]  # a size of 0 is unknown
    order = axes_of_x_in_order(bool(BATCH_FIRST.search(found.code)))
    is_known = len(axes) == len(order) and len(empty) == 1
    named = zip(order, axes, strict=True) if is_known else ()
    facts = tuple(fact(name, size, "x") for name, size in named if isinstance(size, int) and size)
    empty_x = replace(mismatch, axis=order[empty[0]] if is_known else None, causes=causes, facts=facts)
    written = _written_lengths(found)
    if not written or not steps_of_lengths(found, empty_x):
        return empty_x
    sentence = phrase("x is made without steps, and the lengths count up to {steps}.", steps=max(written[2]))
    return replace(empty_x, causes=(replace(causes[0], sentence=sentence),))


def _of_steps_as_samples(found: Found, mismatch: Mismatch) -> Mismatch:
    """More lengths than the axis has that the call takes for the batch: that of the steps, as the layer has the batch
    first and the call does not say so. A loader says how many lengths there are."""
    steps = found.number("size") if found.template.id == "pytorch-2-more-lengths" else None
    if not steps or mismatch.first_cause != "lengths" or not found.surroundings.flag("batch_first"):
        return mismatch
    facts, samples = [fact("time_step", steps, "x")], batch_of_data(found)
    if not samples or samples <= steps:
        return replace(mismatch, facts=(*mismatch.facts, *facts))
    facts.append(fact("batch_size", samples, "loader"))
    return wrong_size("lengths", "batch_size", steps, samples, mismatch.causes[:1], [*mismatch.facts, *facts])


def _of_packed_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """The sizes of the x that is packed with wrong lengths: its own, which no layer has to say."""
    packed = _packed(found) if mismatch.tensor == "lengths" and found.framework == "pytorch" else None
    axes = found.program.tree.axes(packed[0]) if packed else ()
    order = axes_of_x_in_order(bool(BATCH_FIRST.search(found.code)))
    if len(axes) != RANK or found.program.made_layers:
        return mismatch
    named = zip(order, axes, strict=True)
    facts = tuple(fact(name, size, "x") for name, size in named if isinstance(size, int) and size)
    return replace(mismatch, facts=(*mismatch.facts, *facts))


def _written_lengths(found: Found) -> tuple[ast.expr, ast.List, list[int]] | None:
    """The x that is packed, and the lengths, if the call itself has a list of numbers."""
    packed, tree = _packed(found), found.program.tree
    if not packed or not isinstance(packed[1], ast.List):
        return None
    numbers = [tree.number(one) or 0 for one in packed[1].elts]
    return (packed[0], packed[1], numbers) if numbers and all(numbers) else None


def sorted_lengths(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that packs, with the samples of x and their lengths in the order that an old version needs."""
    if not (written := _written_lengths(found)):
        return ()
    (x, lengths, numbers), tree = written, found.program.tree
    order = sorted(range(len(numbers)), key=lambda n: -numbers[n])
    before = "" if BATCH_FIRST.search(found.code) else ":, "
    new = ", ".join(str(numbers[n]) for n in order)
    return tree.corrected((x, f"{tree.operand(x)}[{before}{order}]"), (lengths, f"[{new}]"))


def steps_of_lengths(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes an x without steps, with as many as the longest of the lengths in the call that packs it."""
    written, tree = _written_lengths(found), found.program.tree
    made = tree.made_by(written[0]) if written and mismatch.axis == "time_step" else None
    sizes = tree.sizes_of(made) if made and tree.is_maker(made) else []
    empty = [one for one in sizes if isinstance(one, ast.Constant) and one.value == 0]
    if not written or len(sizes) != RANK or len(empty) != 1:
        return ()
    return tree.corrected((empty[0], str(max(written[2]))))


def _of_list_of_lengths(found: Found, mismatch: Mismatch) -> Mismatch:
    """Lengths in a list, which only a tensor can sort together with their order, or compare with 0."""
    packed = _packed(found)
    if mismatch.first_cause not in OF_TENSOR or not packed or not _is_list(found.program.tree, packed[1]):
        return mismatch
    one, *others = mismatch.causes
    fix = re.sub(r"= (\w+)\.sort\(", r"= torch.tensor(\1).sort(", one.fix)
    fix = re.sub(r"\[(:, )?(\w+) > 0\], \2\[\2 > 0\]", r"[\1torch.tensor(\2) > 0], [n for n in \2 if n > 0]", fix)
    return replace(mismatch, causes=(replace(one, fix=fix), *others))


OF_TENSOR = ("sort_samples", "empty_sequence")
"""Causes whose general lines take the lengths for a tensor."""


def _is_list(tree: ProgramTree, lengths: ast.expr) -> bool:
    """Whether lengths are a list of Python, through names and parameters."""
    node: ast.expr | None = lengths
    for _ in range(MOST_LINKS):
        if not isinstance(node, ast.Name):
            break
        given = tree.given_to(node)
        node = given[1] if given else tree.assigned(node)
    return isinstance(node, (ast.List, ast.ListComp)) or (isinstance(node, ast.Call) and name_of(node) in MAKES_LIST)


MAKES_LIST = ("list", "sorted", "tolist")
"""Functions and methods that return a list."""


def _packed(found: Found) -> tuple[ast.expr, ast.expr] | None:
    """The x and the lengths in the only call that packs sequences in the line that failed."""
    tree = found.program.tree
    calls = tree.calls_of_failure("pack_padded_sequence")
    x, lengths = (tree.argument(calls[0], n, name) for n, name in PACKED) if len(calls) == 1 else (None, None)
    return (x, lengths) if x is not None and lengths is not None else None


def _of_axes_of_lengths(found: Found, mismatch: Mismatch) -> Mismatch:
    """Lengths with more than one axis, of which the program says the sizes, and how many samples x has."""
    packed, tree = _packed(found), found.program.tree
    if mismatch.first_cause != "lengths_axes" or mismatch.shapes[1:] not in ((), ((),)) or not packed:
        return mismatch
    x, lengths = map(tree.axes, packed)
    sizes = tuple(one for one in lengths if isinstance(one, int) and one)
    if len(sizes) != len(lengths) or len(sizes) < 2 or mismatch.got not in (None, len(sizes)):
        return mismatch
    samples = x[0 if BATCH_FIRST.search(found.code) else 1] if len(x) == RANK else None
    shapes = ((samples if isinstance(samples, int) and samples else None,), sizes)
    return wrong_rank("lengths", 1, len(sizes), mismatch.causes, mismatch.facts, shapes)


def lengths_of_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that packs, with the sums of a mask, if it gets one, with a value for each step of x, for lengths."""
    packed, tree = _packed(found), found.program.tree
    x, mask = (tree.axes(one) for one in packed) if packed else ((), ())
    if not packed or len(x) != RANK or None in mask or 1 in mask or mask not in (x[:2], x[1::-1]):
        return ()
    axis = int(bool(BATCH_FIRST.search(found.code)) == (mask == x[:2]))  # that of the steps
    return tree.corrected((packed[1], f"{tree.operand(packed[1])}.sum({axis})"))


PACKED = ((0, "input"), (1, "lengths"))
"""The first arguments of the function that packs sequences."""


def _source_of_samples(tree: ProgramTree, node: ast.expr | None) -> ast.expr | None:
    """The expression from which an array has its first axis: a name, or a part of an array, that a line makes."""
    for _ in range(MOST_LINKS):
        match node:
            case ast.Name():
                given = tree.given_to(node)
                value = given[1] if given else tree.assigned(node)
                is_other = isinstance(value, (ast.Name, ast.Subscript)) or _is_of_layer(value)
                if value is None or not (given or is_other):
                    return node
                node = value
            case ast.Call(args=[x]) if _is_of_layer(node):
                node = x
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name in UNCHANGED:
                node = owner
            case _:
                return node
    return None


def _is_of_layer(node: ast.expr | None) -> bool:
    """Whether an expression is what a layer of a network returns for one array."""
    return isinstance(node, ast.Call) and ast.unparse(node.func).startswith("self.") and len(node.args) == 1


def _number_of_samples(tree: ProgramTree, node: ast.expr | None) -> int | None:
    """How many samples an array or a list has, also one with an item for each of another; None if that is not known."""
    for _ in range(MOST_LINKS):
        if node is None or (tree.axes(node) and tree.axes(node)[0] is not None):
            break
        match node:
            case ast.Name():
                node = tree.assigned(node)
            case ast.Call(args=[of, *_]) if name_of(node) in LISTS:
                node = of
            case ast.Call(func=ast.Name("range"), args=[count]):
                return tree.number(count)
            case ast.ListComp(generators=[ast.comprehension(iter=of, ifs=[])]):
                node = of
            case _:
                cut = cut_in(tree, node)
                return tree.number(cut.size) if cut else None
    first = tree.axes(node)[0] if node is not None and tree.axes(node) else None
    return first if isinstance(first, int) else None


LISTS = ("tensor", "as_tensor", "LongTensor", "list")
"""What has an item for each of a list."""


def _of_all_lengths(found: Found, mismatch: Mismatch) -> Mismatch:
    """More lengths than samples, whose numbers the program says."""
    if not mismatch.causes or mismatch.causes[-1].id != "more_lengths" or not (packed := _packed(found)):
        return mismatch
    tree = found.program.tree
    is_said = found.template.id == "pytorch-2-more-lengths" and not _lacks_batch_first(found)
    said = found.number("size") if is_said else None
    expected = said or _samples_packed(found, packed[0]) or batch_of_data(found)
    got = _number_of_samples(tree, _source_of_samples(tree, packed[1]))
    if expected is None or got is None or expected >= got:
        return mismatch
    likely = [cause("more_lengths", "pytorch")]
    return wrong_size("lengths", "batch_size", expected, got, likely, [fact("batch_size", expected, "x")])


def _lacks_batch_first(found: Found) -> bool:
    """Whether the call that packs takes the steps for the batch, which the layer has first."""
    return not BATCH_FIRST.search(found.code) and found.surroundings.flag("batch_first") is True


def _samples_packed(found: Found, x: ast.expr) -> int | None:
    """The samples of an x that is packed, or of the list of sequences that are padded to it with as many axes in the
    same order; None if that is not known."""
    tree = found.program.tree
    is_first = BATCH_FIRST.search(found.code) is not None or _lacks_batch_first(found)
    source = _source_of_samples(tree, x)
    padding = tree.assigned(source) if isinstance(source, ast.Name) else source
    if isinstance(padding, ast.Call) and name_of(padding) == "pad_sequence":
        is_same = [*map(ast.unparse, tree.keywords(padding, "batch_first"))] == ["True"] * is_first
        return _number_of_samples(tree, tree.argument(padding, 0, "sequences")) if is_same else None
    axes = () if is_first else tree.axes(x)
    first = axes[1] if len(axes) == RANK else None
    return _number_of_samples(tree, source) if is_first else first if isinstance(first, int) else None


def _of_missing_lengths(found: Found, mismatch: Mismatch) -> Mismatch:
    """Fewer lengths than the x that is packed has samples, and steps, so that no other axis is the batch."""
    packed = _packed(found) if mismatch.first_cause == "lengths" and found.framework == "pytorch" else None
    axes, lengths = found.program.tree.axes(packed[0]) if packed else (), only_size(mismatch.got)
    if len(axes) != RANK or not lengths:
        return mismatch
    is_fewer = all(isinstance(size, int) and size > lengths for size in axes[:2])
    return replace(mismatch, causes=(cause("missing_lengths", "pytorch"),)) if is_fewer else mismatch


def samples_with_length(found: Found, mismatch: Mismatch) -> Corrections:
    """The call that packs, with only the samples of x that have a length."""
    tree, packed = found.program.tree, _packed(found)
    if not packed or not isinstance(packed[1], ast.Name):
        return ()
    before = "" if BATCH_FIRST.search(found.code) else ":, "
    x, lengths = map(tree.operand, packed)
    return tree.corrected((packed[0], f"{x}[{before}: len({lengths})]"))


class OtherList(NamedTuple):
    """The line that makes lengths, the list in it, and the part of this list that another line pads."""

    made: ast.Assign
    counted: ast.Name
    padded: ast.Name
    padding: ast.Call


def _other_list(found: Found) -> OtherList | None:
    """The lengths of a list of which only a part is padded: a filter or a slice of it, without other lengths."""
    tree, packed = found.program.tree, _packed(found)
    x, lengths = (_source_of_samples(tree, one) for one in packed) if packed else (None, None)
    padding = tree.assigned(x) if isinstance(x, ast.Name) else x
    value = tree.assigned(lengths) if isinstance(lengths, ast.Name) else None
    made = next(tree.above(value), None) if value is not None else None
    if not isinstance(padding, ast.Call) or name_of(padding) != "pad_sequence" or not isinstance(made, ast.Assign):
        return None
    padded, counted = tree.argument(padding, 0, "sequences"), _counted(made.value)
    if not isinstance(padded, ast.Name) or counted is None:
        return None
    match tree.assigned(padded):
        case (
            ast.ListComp(generators=[ast.comprehension(iter=ast.Name(whole), ifs=[_, *_])])
            | ast.Subscript(value=ast.Name(whole), slice=ast.Slice())
        ) if whole == counted.id != padded.id:
            return OtherList(made, counted, padded, padding)
    return None


def _counted(lengths: ast.expr) -> ast.Name | None:
    """The only list of whose items an expression has the lengths."""
    loops = [one.iter for node in ast.walk(lengths) for one in getattr(node, "generators", ())]
    maps = [one for one in ast.walk(lengths) if isinstance(one, ast.Call) and name_of(one) == "map"]
    lists = [*loops, *(one.args[1] for one in maps if len(one.args) > 1)]
    return lists[0] if len(lists) == 1 and isinstance(lists[0], ast.Name) else None


def _of_other_list(found: Found, mismatch: Mismatch) -> Mismatch:
    """The lengths of a list of which only a part is padded."""
    is_of_lengths = bool(mismatch.causes) and mismatch.causes[-1].id in ("more_lengths", "lengths")
    if not is_of_lengths or found.framework != "pytorch" or not _other_list(found):
        return mismatch
    return replace(mismatch, causes=(cause("lengths_of_list", "pytorch"),))


def lengths_of_list(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the lengths, with the list that is padded; before the line that pads it, if that list is made
    after the lengths."""
    tree, other = found.program.tree, _other_list(found)
    if not other:
        return ()
    if tree.is_known_at(other.padded, other.made.lineno):
        return tree.corrected((other.counted, other.padded.id))
    value = tree.text_with(other.made.value, (other.counted, other.padded.id))
    name = ast.unparse(other.made.targets[0])
    return [("", f"{name} = {value}  # before: {tree.line(other.padding)}")] if value else ()


def lengths_of_batch(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that gives the network all lengths, with those of the part of the data that it also gives."""
    tree, packed = found.program.tree, _packed(found)
    x, lengths = (_source_of_samples(tree, one) for one in packed) if packed else (None, None)
    padding = tree.assigned(x) if isinstance(x, ast.Name) else x
    if isinstance(padding, ast.Call) and name_of(padding) == "pad_sequence":
        x = _source_of_samples(tree, tree.argument(padding, 0, "sequences"))
    elif isinstance(padding, ast.Call) and isinstance(padding.func, ast.Attribute) and name_of(padding) in EXCHANGES:
        x = padding.func.value
    if not isinstance(x, ast.Subscript) or not isinstance(x.slice, ast.Slice) or not isinstance(lengths, ast.Name):
        return ()
    if tree.function_of(x) is not tree.function_of(lengths) or x.lineno > lengths.lineno:
        return ()
    return tree.corrected((lengths, f"{lengths.id}[{tree.text(x.slice)}]"))


EXCHANGES = ("transpose", "swapaxes", "permute")
"""Methods that exchange axes."""


def packed_batch_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The only line that packs the sequences, which does not say that the batch is first; or which says it, though a
    sentence says that the steps are."""
    tree = found.program.tree
    packing = tree.calls_of("pack_padded_sequence")
    if said_steps_first(found):
        left = tree.without_argument(packing[0], "batch_first")
        return tree.corrected(left) if left else ()
    return _with_batch_first(tree, packing[0]) if len(packing) == 1 else ()


def padded_batch_first(found: Found, mismatch: Mismatch) -> Corrections:
    """The first line that pads sequences and does not say that the batch is first."""
    tree = found.program.tree
    return next(filter(None, (_with_batch_first(tree, one) for one in tree.calls_of("pad_sequence"))), ())


def _with_batch_first(tree: ProgramTree, call: ast.Call) -> Corrections:
    """The line of a call with batch_first=True; () if the call says it, or something else than False."""
    said = [*map(ast.unparse, tree.keywords(call, "batch_first"))]
    return all_of([tree.with_argument(call, "batch_first", "True")]) if said in ([], ["False"]) else ()


def steps_of_mask(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that makes the only mask of lengths, for as many steps as the argument has of which x is made, or as the
    padded array beside it."""
    tree = found.program.tree
    if cut := _cut_steps(found):
        return tree.corrected((cut, tree.text(cut.value)))
    if slices := _cut_of_mask(found, mismatch):
        return tree.corrected((slices, ":"))
    masks = tree.calls_of("sequence_mask")
    if not masks:
        return _steps_of_range(found, mismatch)
    function = tree.function_of(masks[0]) if len(masks) == 1 else None
    value = _source_of_x(found)
    if not function or "tf" not in tree.imported or not isinstance(value, ast.Name):
        return ()
    if value.id not in tree.parameters(function):
        return ()
    new, length = f"tf.shape({value.id})[1]", tree.argument(masks[0], 1, "maxlen")
    return tree.corrected((length, new)) if length else all_of([tree.with_argument(masks[0], "maxlen", new)])


def _source_of_x(found: Found) -> ast.expr | None:
    """The array of which the x is made that a layer gets beside a mask."""
    call = found.program.call_with("mask")
    x = call.node.args[0] if call and isinstance(call.node, ast.Call) and call.node.args else None
    value = found.program.tree.assigned(x) if isinstance(x, ast.Name) else x
    while isinstance(value, ast.Call) and value.args:
        value = value.args[0]
    return value


def _cut_steps(found: Found) -> ast.Subscript | None:
    """The only part in a mask of the array of which x is made that lacks some of its steps: ``tokens[:, 1:]``; None
    without one."""
    tree, call, source = found.program.tree, found.program.call_with("mask"), _source_of_x(found)
    given = [*tree.keywords(call.node, "mask")] if call and isinstance(call.node, ast.Call) else []
    if len(given) != 1 or not isinstance(source, ast.Name):
        return None
    mask = tree.assigned(given[0]) if isinstance(given[0], ast.Name) else given[0]
    parts = [one for one in ast.walk(mask) if isinstance(one, ast.Subscript)] if mask else []
    match parts:
        case [ast.Subscript(ast.Name(name), ast.Tuple([ast.Slice(None, None, None), ast.Slice(first, last, None)]))]:
            is_cut = name == source.id and (first is None) != (last is None)
            return parts[0] if is_cut and tree.function_of(parts[0]) is tree.function_of(source) else None
    return None


def _cut_of_mask(found: Found, mismatch: Mismatch) -> ast.Slice | None:
    """The slice by which the program cuts from the mask of the call that failed as many steps as it lacks, in the line
    that gives the mask its name: ``mask = mask[:, 1:]``; None without one."""
    tree, call, expected, got = found.program.tree, found.program.call_with("mask"), mismatch.expected, mismatch.got
    given = [*tree.keywords(call.node, "mask")] if call and isinstance(call.node, ast.Call) else []
    if len(given) != 1 or not isinstance(expected, tuple) or not isinstance(got, tuple) or mismatch.axis != "time_step":
        return None
    mask = tree.assigned(given[0]) if isinstance(given[0], ast.Name) else given[0]
    lacking = (expected[-1] or 0) - (got[-1] or 0)
    match mask:
        case ast.Subscript(_, ast.Tuple([ast.Slice(None, None, None), ast.Slice(first, last, None) as cut])):
            is_first = last is None and first is not None and ast.unparse(first) == str(lacking)
            is_last = first is None and last is not None and ast.unparse(last) == str(-lacking)
            return cut if is_first or is_last else None
    return None


def _steps_of_range(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that compares ``arange`` of the longest length with lengths, with the steps for which a line of the same
    function makes an array."""
    tree, steps = found.program.tree, mismatch.expected[-1] if isinstance(mismatch.expected, tuple) else None
    compared = [one for one in tree.nodes if isinstance(one, ast.Compare)]
    ranges = [node for one in compared for node in ast.walk(one) if isinstance(node, ast.Call) and node.args]
    ranges = [one for one in ranges if name_of(one) == "arange" and is_longest(one.args[0])]
    if len(ranges) != 1 or not steps or mismatch.axis != "time_step":
        return ()
    function = tree.function_of(ranges[0])
    makers = (one for one in tree.calls if tree.is_maker(one) and tree.function_of(one) is function)
    sizes = [size for one in makers for size in tree.sizes_of(one)[1:2] if tree.number(size) == steps]
    return tree.corrected((ranges[0].args[0], tree.text(sizes[0]))) if sizes else ()


def is_longest(node: ast.expr) -> bool:
    """Whether an expression is the maximum of an array: ``lengths.max()``, ``max(lengths)``."""
    while isinstance(node, ast.Call) and name_of(node) in ("int", "item"):
        inner = node.func.value if isinstance(node.func, ast.Attribute) else next(iter(node.args), None)
        if inner is None:
            return False
        node = inner
    return isinstance(node, ast.Call) and name_of(node) in ("max", "amax")


def cut_lengths(found: Found, mismatch: Mismatch) -> Corrections:
    """The line with the numbers of the lengths, of which none is larger than x has steps."""
    tree, lengths = found.program.tree, known_lengths(found)
    steps = next((one.value for one in mismatch.facts if one.terms == (("time_step",),)), None)
    lists = (one for one in tree.nodes if isinstance(one, (ast.List, ast.Tuple)))
    written = [one for one in lists if lengths and tuple(map(tree.number, one.elts)) == lengths]
    if steps is None or len(written) != 1:
        return ()
    pairs = zip(written[0].elts, lengths, strict=True)
    return tree.corrected(*((node, str(steps)) for node, length in pairs if length > steps))


RULES = (
    _of_steps_as_samples,
    _of_axes_of_lengths,
    _of_lost_rows,
    _of_all_lengths,
    _of_other_list,
    _of_missing_lengths,
    _of_empty_axis,
    _of_packed_x,
    _of_list_of_lengths,
)
"""What the program says about its lengths."""

CORRECTIONS = {
    "lengths_axes": lengths_of_mask,
    "lost_rows": all_lengths,
    "sort_samples": sorted_lengths,
    "empty_batch": steps_of_lengths,
    "more_lengths": lengths_of_batch,
    "lengths_of_list": lengths_of_list,
    "missing_lengths": samples_with_length,
    **dict.fromkeys(("lengths", "packed_axis"), packed_batch_first),
    "longer_sequence": cut_lengths,
    "padded_time_first": padded_batch_first,
    "short_mask": steps_of_mask,
}
"""Cause -> the lines that it corrects."""
