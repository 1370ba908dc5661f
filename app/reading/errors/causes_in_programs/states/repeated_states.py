"""What a pasted program says about the state of an encoder for a decoder whose x has each sample several times, such as
the beams of a search."""

import ast
import re
from dataclasses import replace

from ...causes import cause
from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_nodes import name_of
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

MODULES_OF_STATES = ("ops", "keras.ops", "tf")
"""Modules whose ``repeat`` takes a state of Keras."""


def _times(mismatch: Mismatch) -> int:
    """How often x has the samples of the state; 0 unless it is a whole number, and only their batches differ."""
    expected, got = mismatch.expected, mismatch.got
    if mismatch.axis != "batch_size" or not isinstance(expected, tuple) or not isinstance(got, tuple):
        return 0
    pairs = [(one or 0, other or 0) for one, other in zip(expected, got, strict=False) if one != other]
    if len(pairs) != 1 or pairs[0][1] < 2 or pairs[0][0] % pairs[0][1]:
        return 0
    return pairs[0][0] // pairs[0][1]


def _repeated(found: Found, mismatch: Mismatch) -> list[tuple[ast.Name, str]]:
    """The states in the call that failed, which no line makes, each repeated as the same function repeats x; [] for
    other states."""
    tree, times = found.program.tree, _times(mismatch)
    if mismatch.tensor not in ("h_0", "c_0") or not times or not tree.frames:
        return []
    if found.framework == "flax":
        return _repeated_carry(tree, times)
    for call in tree.calls_in(tree.frames[-1]):
        given = tree.argument(call, 1, "initial_state" if found.framework == "keras" else "hx")
        parts = given.elts if isinstance(given, (ast.Tuple, ast.List)) else [given]
        states = [one for one in parts if isinstance(one, ast.Name) and tree.made_by(one) is None]
        repeat = _repeat(tree, found.framework, call, times)
        is_pair = found.framework == "pytorch" and len(parts) == 1 and found.cell == "lstm"
        if repeat and states and len(states) == len(parts) and not is_pair:
            return [(one, repeat.format(one.id)) for one in states]
    return []


def _repeated_carry(tree: ProgramTree, times: int) -> list[tuple[ast.Name, str]]:
    """The carry of a decoder of Flax in the line that failed, which another layer returns in the same function for its
    own x, with each sample repeated; [] for another carry."""
    for call in tree.calls_in_frames:
        for carry in (one for one in tree.keywords(call, "initial_carry") if isinstance(one, ast.Name)):
            returned = [
                one.value
                for one in tree.nodes
                if isinstance(one, ast.Assign) and tree.function_of(one) is tree.function_of(call)
                if isinstance(one.targets[0], ast.Tuple) and ast.unparse(one.targets[0].elts[0]) == carry.id
            ]
            match returned:
                case [ast.Call(args=[x, *_])] if call.args and ast.unparse(x) != ast.unparse(call.args[0]):
                    is_of_encoder = "jax" in tree.imported
                case _:
                    is_of_encoder = False
            if is_of_encoder:
                numpy = "jnp" if "jnp" in tree.imported else "jax.numpy"
                return [(carry, f"jax.tree.map(lambda one: {numpy}.repeat(one, {times}, axis=0), {carry.id})")]
    return []


def _repeat(tree: ProgramTree, framework: str, call: ast.Call, times: int) -> str:
    """The call that repeats the samples of a state so many times, as the function of a call repeats those of another
    array, with ``{}`` for the state; "" without it."""
    for one in (each for each in tree.calls if tree.function_of(each) is tree.function_of(call)):
        module = tree.text(one.func.value) if isinstance(one.func, ast.Attribute) else ""
        first = 1 if module in (*MODULES_OF_STATES, "torch") else 0  # after the array
        count = tree.argument(one, first)
        named = [key.value for key in one.keywords if key.arg in ("axis", "dim")]
        axis = tree.argument(one, first + 1) or next(iter(named), None)
        if count is None or axis is None or tree.number(count) != times or tree.number(axis) != 0:
            continue
        if framework == "keras" and name_of(one) == "repeat" and module in MODULES_OF_STATES:
            return f"{module}.repeat({{}}, {tree.text(count)}, axis=0)"
        if framework == "pytorch" and name_of(one) == "repeat_interleave":
            return f"{{}}.repeat_interleave({tree.text(count)}, dim=1)"
    return ""


def _of_repeated_x(found: Found, mismatch: Mismatch) -> Mismatch:
    """A state of the samples of an x that the program has repeated, or of a decoder whose state no line makes."""
    times = _times(mismatch)
    is_of_decoder = found.framework == "keras" and not found.program.has_code and DECODES.search(found.code)
    if not _repeated(found, mismatch) and not (is_of_decoder and times and mismatch.tensor in ("h_0", "c_0")):
        return mismatch
    return replace(mismatch, causes=(cause("state_of_one", found.framework, times=times),))


DECODES = re.compile(r"(?i:dec)\w{0,20}\([^\n]{0,80}initial_state\s?=")
"""The call of a decoder, which gets its state from an encoder."""


def repeated_state(found: Found, mismatch: Mismatch) -> Corrections:
    """The call of the layer, with its states repeated."""
    return found.program.tree.corrected(*_repeated(found, mismatch))


RULES = (_of_repeated_x,)
"""What the program says about the states of repeated samples."""

CORRECTIONS = {"state_of_one": repeated_state}
"""Cause -> the lines that it corrects."""
