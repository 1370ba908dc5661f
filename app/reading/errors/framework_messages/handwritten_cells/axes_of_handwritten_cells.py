"""The axes along which a handwritten cell joins, splits and multiplies its arrays: what the failed line says."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from .....translations.phrases import Phrase, phrase
from ....code.operations import JOINS, with_two_operands
from ....code.values import ANY, Axes
from ....facts_about_sizes import GATES, Fact, fact
from ...axes_of_arrays import AXES_OF_X
from ...causes import batch_id, cause
from ...code_lines.failed_line import LineOperation
from ...code_lines.program_nodes import factors_of, name_of, nodes_of_line
from ...code_lines.program_tree import ProgramTree
from ...code_lines.slices_of_samples import rests_of_slices
from ...mismatch import Mismatch, Shape, written, wrong_rank
from ..message_template import Found
from ..states.carried_states import state_of_one_sample

TRANSPOSES = ("swapaxes", "transpose", "moveaxis")

JOINING = JOINS | {"column_stack"}

WEIGHTS_FIRST = re.compile(r"(?:dot|matmul)\(\s?(?:self\.)?w\w{0,6}\s?,|\bw\w{0,6}\s?@")
"""A product of weights with an array, in lower case: samples are columns, whose first axis is not the batch."""

ALONG_FIRST = re.compile(r"\baxis\s?=\s?0\b|[)\]]\s?,\s?0\s?\)|\bconcatenate\(\s?[(\[][^()\[\]]{1,80}[)\]]\s?\)")
"""A join along the first axis, which it names, or which is the usual one."""

ALONG_NAMED = re.compile(r"\b(axis\s?=\s?)0\b")
"""The first axis, as an argument with its name."""

RNN_OF_FLAX = re.compile(r"\bRNN\(")

SPLITS = re.compile(r"split\(|chunk\(|reshape\(|\[[^\[\],\n]{0,30}:[^\[\],\n]{0,30}\]")
"""How gates are taken apart, in lower case."""

NAMED_BOTH = re.compile(r"\b(?:hx|xh)\b")
"""An array with the names of two others."""


def has_columns(found: Found) -> bool:
    """Whether samples are columns in a program of NumPy."""
    is_numpy = found.template.framework == "numpy"
    return is_numpy and WEIGHTS_FIRST.search(found.surroundings.text) is not None


def of_factors(found: Found, inner: int, outer: int) -> Phrase:
    """What a product sums over, of which nothing says which factor is wrong."""
    products = with_two_operands(found.line.operations, "product")
    names = next(([array.text for array in one.operands] for one in products), ["", ""])
    if not all(names):
        return phrase(
            "The product sums over the last axis of its first factor, {inner}, and the first axis of its second factor,"
            " {outer}.",
            inner=inner,
            outer=outer,
        )
    return phrase(
        "The product sums over the last axis of {left}, {inner}, and the first axis of {right}, {outer}.",
        left=names[0],
        inner=inner,
        right=names[1],
        outer=outer,
    )


def with_shapes_of_program(found: Found, inner: int, outer: int) -> Found:
    """The message of a product with the shapes of both factors, as far as the program says them; as it is if it says
    them itself."""
    if len(found.shape("left")) > 1 or len(found.shape("right")) > 1 or found.text("b"):
        return found
    tree = found.program.tree
    for factors in tree.products_in(found.code):
        left, right = (tree.axes_of_made(one) for one in factors)
        left, right = left if len(left) == 2 else (None, inner), right if len(right) == 2 else (outer, None)
        left = left if isinstance(left[1], int) else (left[0], inner)
        right = right if isinstance(right[0], int) else (outer, right[1])
        if left[1] == inner and right[0] == outer and isinstance(right[1] or left[0], int):
            return replace(found, values={**found.values, "left": _written(left), "right": _written(right)})
    return found


def of_output_weights(found: Found, operation: LineOperation, inner: int, outer: int) -> Mismatch:
    """The product of what a cell returns and weights: either may have its axes in another order, or the weights another
    size."""
    n = operation.factors.index("kernel") if "kernel" in operation.factors else 1
    found = with_shapes_of_program(replace(found, code=_text(operation, found)), inner, outer)
    weights, array = (found.shape("left"), found.shape("right"))[:: -1 if n else 1]
    expected, got = (outer, inner) if n else (inner, outer)
    sentence = of_factors(found, inner, outer)
    name, other = operation.operands[n].text, operation.operands[1 - n].text
    if len(weights) == 2 and weights[n] == got != expected:
        needed = weights[::-1]
        likely = cause("kernel_order", found.framework)
        if operation.operands[n].is_plain and found.code.count(name) == 1:
            likely = replace(likely, wrong=found.code, fix=found.code.replace(name, f"{name}.T"), is_own=True)
        return Mismatch("dense_kernel", "order", sentence, needed, weights, (likely,), is_of_equals=True)
    if len(array) == 2 and array[n] == expected != got and array[1 - n] == got:
        likely = cause("samples_in_columns", found.framework)
        likely = replace(likely, wrong=other, fix=f"{other}.T", is_own=True)
        return Mismatch("dense_input", "order", sentence, array[::-1], array, (likely,), is_of_equals=True)
    sizes: list[object] = [None, None]
    sizes[n], sizes[1 - n] = weights[n] if len(weights) == 2 else "outputs", got
    shape = ", ".join(map(str, sizes))
    causes = [cause("output_weights", found.framework, name=name, shape=shape)]
    if len(weights) != 2:
        causes.append(replace(cause("kernel_order", found.framework), fix=f"{name} = {name}.T"))
    return Mismatch("dense_input", "features", sentence, (expected,), (got,), tuple(causes), is_of_equals=True)


def _text(operation: LineOperation, found: Found) -> str:
    """The only product in a line of code, as it is written there, or else the line."""
    nodes = [one for one in ast.walk(found.line.statement) if factors_of(one)] if found.line.statement else []
    texts = {ast.unparse(one) for one in nodes if isinstance(one, ast.expr)}
    named = [one for one in texts if all(array.text in one for array in operation.operands)]
    return min(named, key=len) if named and min(named, key=len) in found.code else found.code


def known_size(size: object) -> int | None:
    """A size that is a number; None for one that is only named."""
    return size if isinstance(size, int) else None


def _written(axes: Sequence[object]) -> str:
    return ",".join(str(size) if isinstance(size, int) else "?" for size in axes)


def joined_factor(found: Found) -> bool:
    """Whether a factor of the product that failed is x and h in one array: the program joins it, or it has the names of
    two arrays of a call in the traceback."""
    if found.template.framework not in ("numpy", "jax", "tensorflow cell"):
        return False
    tree = found.program.tree
    if has_joined_factor(tree, found.code):
        return True
    in_frames = {name for line in tree.frames for name in re.findall(r"\b[hx]\b", line)}
    return in_frames == {"h", "x"} and NAMED_BOTH.search(found.code) is not None


def has_joined_factor(tree: ProgramTree, code: str) -> bool:
    """Whether the program joins arrays under the name of a factor in a line of code."""
    names = [one for factors in tree.products_in(code) for one in factors if isinstance(one, ast.Name)]
    return any(isinstance(made, ast.Call) and name_of(made) in JOINING for made in map(tree.assigned, names))


def split_along_batch(found: Found, left: Shape, right: Shape) -> Mismatch | None:
    """A gate and a state of which the sizes say that the gates were split along the batch: a gate has a part of the
    samples, and the units of all gates. None for other arrays, and for a program that splits nothing."""
    if found.program.is_whole and not SPLITS.search(found.surroundings.text):
        return None
    for gate, state in ((left, right), (right, left)):
        if len(gate) != 2 or len(state) != 2 or None in (*gate, *state):
            continue
        (rows, columns), (batch, units) = gate, state
        for gates in (GATES["lstm"], GATES["gru"]):
            if rows and units and rows * gates == batch and columns == units * gates:
                sentence = phrase(
                    "The gates were split along the batch: a gate is {gate}, and the state is {state}.",
                    gate=f"{rows} × {columns}",
                    state=f"{batch} × {units}",
                )
                likely = cause("split_axis", found.template.framework, gates=gates)
                facts = (fact("batch_size", batch, "state"), fact("num_units", units, "state"))
                return Mismatch(None, None, sentence, causes=(likely,), facts=facts)
    return None


STEP_OF_ROWS = re.compile(r"[\w.]+\[:, ?[a-z_]\w*(?:, ?:)?\]")
"""A step of all samples, with a row for each: ``x[:, t]``."""


def joined_along_batch(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """x and h with a row for each sample, which the line that failed joins along the first axis; None for another
    join. Nothing says which one is wrong if samples may be columns."""
    joins = with_two_operands(found.line.operations, "join")
    roles = [array.role for array in joins[-1].operands] if joins else []
    if axis != 1 or sorted(roles) != ["h", "x"] or not ALONG_FIRST.search(found.code) or has_columns(found):
        return None
    sentence = phrase(
        "The arrays are joined along axis {along}, so they must have the same size along axis {axis}, and have {a} and"
        " {b}.",
        along=0,
        axis=1,
        a=a,
        b=b,
    )
    framework = found.template.framework
    of_x, of_h = (a, b) if roles[0] == "x" else (b, a)
    of_rows, code = cause("joined_rows", framework), found.code
    if (of_last := ALONG_NAMED.sub(r"\g<1>1", code)) != code:
        of_rows = replace(of_rows, wrong=code, fix=of_last, is_own=True)
    batches, x = _batches(found), joins[-1].operands[roles.index("x")]
    if len(batches) == 1 or STEP_OF_ROWS.fullmatch(x.text):
        of_batch = [fact("batch_size", batches.pop(), "x")] if len(batches) == 1 else []
        facts = (fact("features", of_x, "x"), fact("num_units", of_h, "h"), *of_batch)
        return Mismatch("x", "features", sentence, (of_h,), (of_x,), (of_rows,), facts, is_of_equals=True)
    if "axis" not in found.code:  # it may have been forgotten
        return Mismatch(None, None, sentence, causes=(of_rows,))
    transposed = replace(cause("samples_in_columns", framework), fix=f"{x.text} = {x.text}.T")
    causes = (of_rows, transposed, cause(batch_id(of_x, of_h), framework))  # a line that names the axis may mean it
    return Mismatch("h_0", "batch_size", sentence, (of_x,), (of_h,), causes, is_of_equals=True)


def joined_columns(found: Found, axis: int, a: int, b: int) -> Mismatch | None:
    """x and h as columns, which the line that failed joins next to each other; None for another join."""
    joins = with_two_operands(found.line.operations, "join")
    if axis or not joins or {one.role for one in joins[-1].operands} != {"x", "h"}:
        return None
    if joins[-1].name == "vstack" or ALONG_FIRST.search(found.code):
        return None
    known = [operand.axes for one in found.program.operations if one.kind == "join" for operand in one.operands]
    are_columns = bool(known) and all(len(axes) == 2 and axes[1] == 1 for axes in known)
    if not (are_columns or COLUMN.search(found.code) or has_columns(found)):
        return None
    names = [array.text for array in joins[-1].operands]
    sentence = phrase(
        "{left} and {right} are columns with {a} and {b} rows, and are joined next to each other.",
        left=names[0],
        right=names[1],
        a=a,
        b=b,
    )
    of_x, of_h = (a, b) if joins[-1].operands[0].role == "x" else (b, a)
    facts = (fact("features", of_x, "x"), fact("num_units", of_h, "h"))
    return Mismatch(None, None, sentence, causes=(cause("joined_columns", found.framework),), facts=facts)


COLUMN = re.compile(r"reshape\(-1, ?1\)|\[:, ?(?:None|np\.newaxis)\]")
"""An array that a line makes a column."""


def step_without_batch(found: Found) -> Mismatch | None:
    """A step of x with one axis, which is joined with a state with two; None for another join."""
    joins = with_two_operands(found.line.operations, "join")
    if found.framework not in ("numpy", "jax") or not joins or {one.role for one in joins[-1].operands} != {"x", "h"}:
        return None
    x = next(one for one in joins[-1].operands if one.role == "x")
    made = (one for op in found.program.operations if op.kind == "join" for one in op.operands if one.text == x.text)
    axes = next(made, None)
    if axes and ANY not in axes.axes and len(axes.axes) != 1:
        return None
    likely = replace(cause("step_without_batch", found.framework), wrong=x.text, fix=f"{x.text}[None]", is_own=True)
    return wrong_rank("x", 2, 1, [likely])


def batch_of_join(found: Found, operations: Sequence[LineOperation]) -> Mismatch | None:
    """A batch for a cell of JAX that joins x and the state of one sample; None for another join."""
    left, right = found.shape("left"), found.shape("right")
    arrays = [*zip(operations[-1].operands, (left, right), strict=False)]
    by_role = {array.role: (array.text, shape) for array, shape in arrays}
    if found.framework != "jax" or {*by_role} != {"x", "h"} or len(by_role["x"][1]) != 2 or len(by_role["h"][1]) != 1:
        return None
    text, shape = by_role["x"]
    if without_samples := state_of_one_sample(found, shape[0] or 0, by_role["h"][1][0] or 0):
        features = fact("features", shape[-1] or 0, "x")
        return replace(without_samples, facts=(*without_samples.facts, features))
    sentence = phrase(
        "{x} has shape {shape}, one axis more than a step of one sample, and the state is a vector: the cell"
        " computes one sample.",
        x=text,
        shape=written(shape),
    )
    facts = (fact("features", shape[-1] or 0, "x"), fact("num_units", by_role["h"][1][0] or 0, "h"))
    return Mismatch("x", "rank", sentence, 1, 2, (cause("vmap", "jax"),), facts, ((shape[-1],), shape))


def _batches(found: Found) -> set[int]:
    """The first sizes of the arrays that the program joins, if it says the shape of both."""
    joins = with_two_operands(found.program.operations, "join")
    axes = [operand.axes for one in joins[:1] for operand in one.operands]
    is_known = all(len(one) == 2 and isinstance(one[0], int) for one in axes)
    return {one[0] for one in axes if isinstance(one[0], int)} if is_known else set()


def of_rnn_of_flax(found: Found, of_x: int, of_h: int, units: int) -> Mismatch | None:
    """x and the state of flax.linen.RNN with other batches: x may have time first. None for a cell."""
    facts, tree, made = [fact("num_units", units, "h")], found.program.tree, _rnn_called(found)
    if made and (said := tree.argument(made, len(made.args), "time_major")) is not None:
        axes = _x_of_call(found, of_h)
        is_known = ast.unparse(said) == "True" and axes[1:2] == (of_x,)
        return _batch_first(found, of_x, of_h, facts, known_size(axes[2])) if is_known else None
    if not (made or RNN_OF_FLAX.search(found.code)) or "time_major" in found.code:
        return None
    calls = [one for one in tree.calls_in(tree.frames[-1]) if isinstance(one.func, ast.Call)] if tree.frames else []
    x = next((tree.assigned(one.args[0]) for one in calls if one.args), None)
    if isinstance(x, ast.Call) and name_of(x) in TRANSPOSES:
        sentence = phrase(
            "The layer takes the first axis of x for the batch, but x has time first: {steps} steps. The state has"
            " {samples} samples.",
            steps=of_x,
            samples=of_h,
        )
        facts += [fact("batch_size", of_h, "state"), fact("time_step", of_x, "x")]
        return Mismatch("x", "order", sentence, causes=(cause("time_major", "flax"),), facts=tuple(facts))
    is_first_call = any(".init(" in line for line in tree.frames)  # no batch was before it
    ids: Sequence[str] = ("time_major", "other_batch") if is_first_call else (batch_id(of_x, of_h), "time_major")
    if rests_of_slices(tree).get(of_x) == of_h:  # the samples of the first axis
        return of_batches(found, of_x, of_h, ["last_batch"], [*facts, fact("batch_size", of_x, "x")])
    if x_of_call := _x_of_call(found, of_x):  # all of an array, and no batch of a loop
        ids = ids if is_first_call else ("other_batch", "time_major")
        ids = ids if known_size(x_of_call[1]) in (None, of_h) else ("other_batch",)
        sizes = zip(AXES_OF_X, map(known_size, x_of_call), strict=True)
        facts += [fact(name, size, "x") for name, size in sizes if size]
    elif not is_first_call and _is_rest_of_data(tree, of_x, of_h):
        ids, facts = ids[:1], [*facts, fact("batch_size", of_x, "x")]
    return of_batches(found, of_x, of_h, ids, facts)


def _is_rest_of_data(tree: ProgramTree, rest: int, batch: int) -> bool:
    """Whether the only samples that the program makes are so many more than whole batches, and have other steps."""
    made = {axes for one in tree.calls if tree.is_maker(one) and len(axes := tree.axes(one)) == len(AXES)}
    known = [(samples, steps) for samples, steps, _ in made if isinstance(samples, int)]
    return len(known) == 1 and known[0][0] > batch > rest == known[0][0] % batch and known[0][1] != rest


AXES = ("samples", "steps", "features")
"""The axes of an x of Flax with the batch first."""


def _rnn_called(found: Found) -> ast.Call | None:
    """What makes the layer of Flax that the last line of the traceback calls; None for anything else."""
    tree = found.program.tree
    for call in tree.calls_in(tree.frames[-1]) if tree.frames else ():
        made = call.func if isinstance(call.func, ast.Call) else tree.assigned(call.func)
        if isinstance(made, ast.Call) and name_of(made) == "RNN":
            return made
    return None


def _batch_first(found: Found, steps: int, samples: int, facts: Sequence[Fact], features: int | None) -> Mismatch:
    """An x with the batch first of a layer that reads time first."""
    sentence = phrase(
        "The layer takes the first axis of x for time, but it is the batch: the state has {samples} samples, and x has"
        " {steps} steps.",
        samples=samples,
        steps=steps,
    )
    sizes = (("batch_size", samples), ("time_step", steps), ("features", features))
    known = (fact(name, size, "x") for name, size in sizes if size)
    return Mismatch("x", "order", sentence, causes=(cause("not_time_major", "flax"),), facts=(*facts, *known))


def _x_of_call(found: Found, batch: int) -> Axes:
    """The axes of the array with such a batch that a line of the traceback passes to the network; () without one."""
    tree = found.program.tree
    arguments = (one for call in tree.calls_in_frames for one in call.args)
    known = {axes for one in arguments if isinstance(one, ast.Name) and len(axes := tree.axes_of_made(one)) == 3}
    fitting = [axes for axes in known if axes[0] == batch]
    return fitting[0] if len(fitting) == 1 else ()


def of_batches(found: Found, of_x: int, of_h: int, ids: Sequence[str], facts: Sequence[Fact]) -> Mismatch:
    """x and h with other batches, of which nothing says which one is right."""
    sentence = phrase(
        "In a step, x has {x} samples as it is read, and the state has {h}: they must be equal.", x=of_x, h=of_h
    )
    causes = tuple(cause(id, found.framework) for id in ids)
    return Mismatch("h_0", "batch_size", sentence, (of_x,), (of_h,), causes, tuple(facts), is_of_equals=True)


def of_loop(found: Found, of_x: int, of_h: int) -> Mismatch | None:
    """x and h of a step with other batches, if the loop over x may run over another axis than time; None for no loop
    that is known."""
    if of_samples := loop_over_samples(found, of_x, of_h):
        return of_samples
    for step in steps(found):
        axes, n = found.program.tree.axes_of_made(step.value), axis_of_step(step)
        if not axes and not n and _has_state_of_first(found, step.value):
            axes = (of_h, of_x, None)
        if len(axes) == 3 and axes[:2] == ((of_h, of_x), (of_x, of_h))[n]:
            return _of_step(found, n, axes)
    if found.framework == "jax" and any("lax.scan(" in line for line in found.program.tree.frames):
        ids = ("scan_axis", batch_id(of_x, of_h))  # a last batch would have fewer samples than the state
        is_first = of_x > of_h or _scans_named_arrays(found)
        return of_batches(found, of_x, of_h, ids if is_first else ids[::-1], ())
    return None


def _scans_named_arrays(found: Found) -> bool:
    """Whether the only scan in the traceback gets its x and its states by their names: it makes none for a number of
    samples, so that these are rather those of x."""
    nodes = (node for line in found.program.tree.frames for node in nodes_of_line(line))
    scans = [one for one in nodes if isinstance(one, ast.Call) and name_of(one) == "scan" and len(one.args) > 2]
    arrays = [part for one in scans for given in one.args[1:3] for part in _parts(given)]
    return len(scans) == 1 and all(isinstance(one, ast.Name | ast.Attribute) for one in arrays)


def _parts(given: ast.expr) -> list[ast.expr]:
    """The arrays of a tuple or a list; or an array alone."""
    return given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]


def loop_over_samples(found: Found, of_x: int, of_h: int) -> Mismatch | None:
    """A loop over the first axis of an x that has so many samples first, and then so many steps, or for whose first
    axis the state is made; None for another."""
    for one in (*loops(found), *(call.args[0] for call in unstacked(found))):
        axes = found.program.tree.axes_of_made(one)
        if not axes and _has_state_of_first(found, one):
            axes = (of_h, of_x, None)
        if len(axes) == 3 and axes[:2] == (of_h, of_x):
            sentence = samples_for_time(of_h, of_x)
            sizes = zip(AXES_OF_X, axes, strict=True)
            facts = tuple(fact(name, size, "x") for name, size in sizes if isinstance(size, int))
            return Mismatch("x", "order", sentence, causes=(cause("scan_axis", found.framework),), facts=facts)
    return None


def unstacked(found: Found) -> Iterator[ast.Call]:
    """The calls that take the steps of x apart along its first axis, for the loops around the line that failed:
    ``for x_t in tf.unstack(x)``."""
    tree = found.program.tree
    over = {one.iter for node in tree.nodes_of_failure for one in tree.above(node) if isinstance(one, ast.For)}
    for call in (one for one in over if isinstance(one, ast.Call) and name_of(one) == "unstack"):
        axis = tree.argument(call, 2, "axis")
        if call.args and (axis is None or tree.number(axis) == 0):
            yield call


def _has_state_of_first(found: Found, x: ast.expr) -> bool:
    """Whether the function that runs over an array makes a state for each entry of its first axis."""
    tree, function = found.program.tree, found.program.tree.function_of(x)
    made = [one for one in tree.calls if tree.is_maker(one) and tree.function_of(one) is function]
    states = [sizes for one in made if len(sizes := tree.sizes_of(one)) == 2]
    return isinstance(x, ast.Name) and any(tree.is_size_of(sizes[0], x.id, 0) for sizes in states)


def samples_for_time(samples: int, steps: int) -> Phrase:
    """The sentence about a loop over the samples of x."""
    return phrase(
        "The loop takes the first axis of x for time, but it is the batch: the state has {samples} samples, and"
        " x has {steps} steps.",
        samples=samples,
        steps=steps,
    )


def _of_step(found: Found, axis: int, axes: Axes) -> Mismatch:
    """An index for time in the axis of the batch."""
    batch, time = axes[axis], axes[1 - axis]
    sentence = phrase(
        "The index of the step is in axis {axis} of x, which is the batch: the state has {samples} samples, and x has"
        " {steps} steps.",
        axis=axis,
        samples=batch,
        steps=time,
    )
    sizes = zip(AXES_OF_X, (batch, time, axes[2]), strict=True)
    facts = tuple(fact(name, size, "x") for name, size in sizes if isinstance(size, int))
    id = "first_axis_step" if axis else "step_axis"
    return Mismatch("x", "order", sentence, causes=(cause(id, found.framework),), facts=facts)


def steps(found: Found) -> Iterator[ast.Subscript]:
    """The parts of arrays that the lines of the traceback take with a variable as the index of one of their first two
    axes: ``x[t]``, ``x[t, :]`` or ``x[:, t]``; also those to which a name in these lines is bound before."""
    tree = found.program.tree
    for line in reversed(tree.frames):
        for node in tree.nodes_in(line):
            match tree.assigned(node) if isinstance(node, ast.Name) else node:
                case ast.Subscript(slice=ast.Name()) as step:
                    yield step
                case ast.Subscript(slice=ast.Tuple(elts=[ast.Slice(), ast.Name(), *others])) as step:
                    if all(map(_is_whole, others)):
                        yield step
                case ast.Subscript(slice=ast.Tuple(elts=[ast.Name(), *others])) as step:
                    if all(map(_is_whole, others)):
                        yield step


def _is_whole(index: ast.expr) -> bool:
    """Whether an index takes all entries of an axis."""
    return isinstance(index, ast.Slice) and index.lower is index.upper is index.step is None


def axis_of_step(step: ast.Subscript) -> int:
    """The axis of such an index."""
    return int(isinstance(step.slice, ast.Tuple) and isinstance(step.slice.elts[0], ast.Slice))


def index_of_step(step: ast.Subscript) -> ast.expr:
    """The variable that is such an index."""
    return step.slice.elts[axis_of_step(step)] if isinstance(step.slice, ast.Tuple) else step.slice


def is_step(found: Found) -> bool:
    """Whether a line of the traceback takes a step of x by an index of its first axis, and no line says the axes of
    x."""
    tree, taken = found.program.tree, [*steps(found)]
    known = (tree.axes_of_made(one.value) for one in taken)
    return not any(len(axes) == 3 and None not in axes for axes in known) and any(
        STEP.search(line) for line in (found.code, *tree.frames, *map(ast.unparse, taken))
    )


STEP = re.compile(
    r"\b(?:xs?|inputs?|inp|seqs?|sequences?|batch|data|\w{1,20}_batch)\[(?:t|i|k|n|step|ts?|time)\]", re.IGNORECASE
)
"""A step of x in a line of code."""


def loops(found: Found) -> Iterator[ast.expr]:
    """The arrays over whose first axis the loops of the traceback run."""
    tree = found.program.tree
    for line in tree.frames:
        for call in tree.calls_in(line):
            if name_of(call) == "scan" and len(call.args) > 2:
                yield call.args[2]
            yield from (_counted(one.iter) for one in tree.above(call) if isinstance(one, ast.For))


def _counted(over: ast.expr) -> ast.expr:
    """The array over which a loop runs, also one that counts its entries."""
    return over.args[0] if isinstance(over, ast.Call) and name_of(over) == "enumerate" and over.args else over
