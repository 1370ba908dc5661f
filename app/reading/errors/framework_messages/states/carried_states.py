"""States of a loop that have another shape after a step than before, and sequences of other lengths in one loop."""

import ast
import re
from dataclasses import replace

from .....translations.phrases import phrase
from ....facts_about_sizes import fact
from ...causes import cause
from ...code_lines.program_nodes import name_of
from ...mismatch import Cause, Mismatch, Shape, of_unknown_arrays, written, wrong_rank, wrong_shape, wrong_size
from ..message_template import Found

SCAN = re.compile(r"\bscan\b")
"""The loop that keeps each state in a list of TensorFlow; programs write anything into their own lists."""

OF_RECURRENCE = re.compile("state|hidden|cell|lstm|gru|rnn")
"""A part of the name of a state; loops have other variables, such as scores and tokens, too."""


def carry(found: Found) -> Mismatch:
    """A state that has another shape after a step of a loop than before. Loops of TensorFlow have other variables
    with fewer axes."""
    got, expected, framework = found.shape("before"), found.shape("after"), found.template.framework
    if found.framework == "tensorflow":
        framework = found.framework
    tensor = "c_0" if re.search(r"(?:^|\W)c$", found.text("name")) else "h_0"
    if framework in ("tf1", "tensorflow") and not _may_be_state(found, got, expected):
        return of_unknown_arrays()
    if of_column := _of_column(found, got, expected):
        return of_column
    if of_returned := _of_returned_axis(found, got, expected):
        return of_returned
    if len(got) != len(expected):
        known = zip(("batch_size", "num_units"), expected, strict=False) if expected[1:] == got else ()
        facts = [fact(axis, size, "state") for axis, size in known if size]
        likely = _with_names(found, cause("carry", framework), expected) if facts else cause("carry", framework)
        return wrong_rank(tensor, len(expected), len(got), [likely], facts, (expected, got))
    axes = ("batch_size", "num_units") if len(got) == 2 else ("num_units",) if len(got) == 1 else ()
    differing = [axis for axis, one, other in zip(axes, got, expected, strict=False) if one != other]
    is_of_one = differing == ["batch_size"] and got[0] == 1
    named = zip(axes, expected, strict=False)  # a state of a convolution has more axes, without names
    facts = [fact(axis, size, "state") for axis, size in named if size and is_of_one]
    return wrong_shape(tensor, differing[0] if differing else None, expected, got, [cause("carry", framework)], facts)


def _with_names(found: Found, likely: Cause, shape: Shape) -> Cause:
    """A cause whose line makes the first state, with the names of the loop in the line that failed: ``scan(step, h0,
    xs)``, whose x has the steps first, or an array whose first two axes it exchanges."""
    nodes = ast.walk(found.line.statement) if found.line.statement else iter(())
    for one in nodes:
        match one:
            case ast.Call(args=[_, ast.Name(state), ast.Name(x)]) if (
                found.framework == "jax" and name_of(one) == "scan"
            ):
                return replace(likely, fix=f"{state} = {_zeros(found, f'{x}.shape[1]', shape)}")
            case ast.Call(args=[_, ast.Name(state), ast.Call() as xs]) if (
                found.framework == "jax" and name_of(one) == "scan" and (x := _transposed(xs))
            ):
                return replace(likely, fix=f"{state} = {_zeros(found, f'{x}.shape[0]', shape)}")
    return likely


def _zeros(found: Found, batch: str, shape: Shape) -> str:
    """Zeros for a batch, as many times as the message names a part of the state: ``s[0]`` and ``s[1]``."""
    zeros = f"jnp.zeros(({batch}, {shape[-1]}))"
    parts = [int(one) for one in PART_OF_CARRY.findall(found.surroundings.text)]
    return f"({', '.join([zeros] * (max(parts) + 1))})" if parts and max(parts) < MOST_STATES else zeros


PART_OF_CARRY = re.compile(r"carry component \w{1,40}\[(\d)\]")
"""A part of the state of a loop of JAX, in lower case."""

MOST_STATES = 2


def _transposed(call: ast.Call) -> str:
    """The name of the array whose first two axes a call exchanges; "" for another call."""
    match call:
        case (
            ast.Call(func=ast.Attribute(value=ast.Name(x), attr="swapaxes"), args=[ast.Constant(0), ast.Constant(1)])
            | ast.Call(
                func=ast.Attribute(value=ast.Name("jnp"), attr="swapaxes"),
                args=[ast.Name(x), ast.Constant(0), ast.Constant(1)],
            )
        ):
            return x
    return ""


def state_of_one_sample(found: Found, batch: int, units: int) -> Mismatch | None:
    """A first state without samples, in a loop of JAX over an x of which the program exchanges the samples and the
    steps: it computes a batch. None for another loop."""
    for line in found.program.tree.frames:
        of_line = replace(found, code=line)
        nodes = ast.walk(of_line.line.statement) if of_line.line.statement else iter(())
        calls = [one for one in nodes if isinstance(one, ast.Call) and name_of(one) == "scan" and len(one.args) > 2]
        if len(calls) == 1 and isinstance(xs := calls[0].args[2], ast.Call) and _transposed(xs):
            facts = (fact("batch_size", batch, "x"), fact("num_units", units, "h"))
            shape = (batch, units)
            likely = _with_names(of_line, cause("carry", found.framework), shape)
            return wrong_rank("h_0", len(shape), 1, [likely], facts, (shape, shape[1:]))
    return None


def _of_column(found: Found, before: Shape, after: Shape) -> Mismatch | None:
    """A state with one axis to which a step adds a column, so that it becomes a matrix; None for any other."""
    units = before[0] if len(before) == 1 else None
    if not units or units == 1 or after != (units, units) or found.framework != "jax":
        return None
    sentence = phrase(
        "A step gets a state of shape {before} and returns one of shape {after}: a vector and a column add up to that.",
        before=written(before),
        after=written(after),
    )
    causes = (cause("column_bias", "jax", bias="b", size=units), cause("carry", "jax"))
    facts = (fact("num_units", units, "h"),)
    return Mismatch("bias", "rank", sentence, 1, 2, causes, facts, ((units,), (units, 1)))


def _of_returned_axis(found: Found, before: Shape, after: Shape) -> Mismatch | None:
    """A state of all samples that a step returns with a new axis of size 1; None for any other."""
    if len(before) < BATCH_AND_UNITS or len(after) != len(before) + 1 or found.framework != "jax":
        return None
    new = [n for n, size in enumerate(after) if size == 1 and (*after[:n], *after[n + 1 :]) == before]
    if not new:
        return None
    sentence = phrase(
        "A step gets a state of shape {before} and returns one of shape {after}, with one axis more.",
        before=written(before),
        after=written(after),
    )
    known = zip(("batch_size", "num_units"), before, strict=False) if len(before) == BATCH_AND_UNITS else ()
    facts = tuple(fact(name, size, "state") for name, size in known if size)
    likely = (cause("returned_axis", "jax", state_axis=new[0]),)
    return Mismatch("output", "rank", sentence, len(before), len(after), likely, facts, (before, after))


BATCH_AND_UNITS = 2
"""The axes of a state of all samples."""


def _may_be_state(found: Found, before: Shape, after: Shape) -> bool:
    """Whether a variable of a loop of TensorFlow is a state: by its name, or a matrix that differs in its batch in a
    loop that the program does not write itself. ``tf.scan`` has no names."""
    if not len(before) == len(after) == 2:
        return False
    if found.template.id == "tensorflow-scan":
        return ".write(" not in found.code and SCAN.search(found.surroundings.text) is not None
    is_own = "while_loop(" in found.surroundings.text
    return OF_RECURRENCE.search(found.text("name")) is not None or (not is_own and before[1] == after[1])


def steps_of_scan(found: Found) -> Mismatch:
    """Sequences with different numbers of steps in one ``jax.lax.scan``."""
    sizes = [int(size) for size in found.text("sizes").split(",") if size.isdecimal()]
    if len(sizes) < 2:
        return of_unknown_arrays()
    sentence = phrase("The sequences have different numbers of steps: {steps}.", steps=", ".join(map(str, sizes)))
    expected, got = sizes[0], next((size for size in sizes if size != sizes[0]), sizes[0])
    return Mismatch("x", "time_step", sentence, (expected,), (got,), (cause("scan_steps", "jax"),))


def length_of_scan(found: Found) -> Mismatch:
    """Sequences with another number of steps than the ``length`` of a ``jax.lax.scan``: their first axis is another
    one."""
    expected, sizes = found.number("expected"), found.shape("sizes")
    got = next((size for size in sizes if size not in (None, expected)), None)
    return wrong_size("x", "time_step", expected, got, [cause("scan_axis", "jax")])


def structure_of_carry(found: Found) -> Mismatch:
    """A step of ``jax.lax.scan`` that returns a state with another structure than it gets."""
    sentence = phrase("The state that a step returns has another structure than the one that it gets.")
    return Mismatch("h_0", None, sentence, causes=(cause("carry_structure", "jax"),))
