"""What the line that failed, or a pasted program, says about a new shape of a state of PyTorch: its first axis has an
entry for each layer and direction."""

import ast
from dataclasses import replace
from math import prod

from .....translations.phrases import phrase
from ....code.source_text import parse
from ....code.values import Layer
from ...causes import cause
from ...code_lines.corrected_lines import Correction
from ...code_lines.failed_line import KINDS
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...framework_messages.outputs.reshapes_and_norms import is_state
from ...mismatch import Cause, Mismatch, only_size
from .initial_states import DIRECTIONS

MOST_ENTRIES = 16
"""Layers times directions of a state: a larger first size of a new shape is that of another axis."""

STATE_AXES, WITH_DIRECTIONS = 3, 4
"""The axes of a state; those of one whose directions have their own axis."""


def _entries(found: Found, mismatch: Mismatch) -> int:
    """The size of the first axis of a state whose new shape has another one, and then the other axes of a state; 0 for
    another new shape."""
    shape, values = tuple(size or 0 for size in mismatch.beside), only_size(mismatch.expected) or 0
    is_of_state = found.framework == "pytorch" and mismatch.axis is None and is_state(found)
    if not is_of_state or len(shape) not in (STATE_AXES, WITH_DIRECTIONS) or 0 in shape or not values:
        return 0
    entries, left = divmod(values, prod(shape[1:]))
    is_one = len(shape) == STATE_AXES or shape[1] in (1, DIRECTIONS)
    return entries if is_one and not left and shape[0] != entries and max(entries, shape[0]) <= MOST_ENTRIES else 0


def _layer(found: Found) -> Layer | None:
    """The layer that returned the state, if the program says it."""
    one = found.program.reshape()
    layers = one.operands[0].layers if one and one.operands else ()
    return layers[0] if len(layers) == 1 and isinstance(layers[0].size("num_layers"), int) else None


def _of_entries(found: Found, mismatch: Mismatch) -> Mismatch:
    """A new shape for another number of layers and directions than a state has."""
    if not (entries := _entries(found, mismatch)):
        return mismatch
    shape, layer = mismatch.beside, _layer(found)
    first, directions = shape[0] or 1, found.surroundings.flag("bidirectional")
    sentence, note = mismatch.sentence, mismatch.note
    if layer:
        directions = bool(layer.setting("bidirectional"))
        layers = layer.size("num_layers")
        of_layers = layers if len(shape) == WITH_DIRECTIONS else (layers or 1) * (1 + directions)
        if of_layers != entries:
            return mismatch
        sentence = phrase("The new shape has {got} layers, and the state has {layers}.", got=first, layers=entries)
    else:
        note = phrase(
            "The line of code says that this is a state. The sizes do not say whether it has more layers or directions"
            " than the new shape."
        )
    causes = []
    if len(shape) == STATE_AXES and entries == DIRECTIONS * first and directions is not False:
        causes.append(_of_directions(found, mismatch))
        if layer and layer.size("num_layers") == first:
            sentence = phrase(
                "The state has {entries} entries, one for each layer and direction, but the new shape has {got}.",
                entries=entries,
                got=first,
            )
            return replace(mismatch, sentence=sentence, causes=tuple(causes))
    causes.append(_of_layers(found, mismatch, entries))
    return replace(mismatch, sentence=sentence, note=note, causes=tuple(causes))


def _of_directions(found: Found, mismatch: Mismatch) -> Cause:
    first, *rest = mismatch.beside
    new, old = (", ".join(map(str, shape)) for shape in ((first, DIRECTIONS, *rest), mismatch.beside))
    call = _call(found)
    as_product = call is not None and not _has_axis_of_directions(found.program.tree, call)
    text = f"{{}} * {DIRECTIONS}" if as_product else f"{{}}, {DIRECTIONS}"
    return _with_line(found, cause("reshape_state_directions", found.framework, new=new, old=old), text)


def _of_layers(found: Found, mismatch: Mismatch, entries: int) -> Cause:
    new, old = (", ".join(map(str, shape)) for shape in ((entries, *mismatch.beside[1:]), mismatch.beside))
    return _with_line(found, cause("reshape_layers", found.framework, new=new, old=old), str(entries))


def _with_line(found: Found, one: Cause, text: str) -> Cause:
    """A cause with the line that failed, and a ``text`` in place of the first size of the new shape."""
    if (call := _call(found)) and (sizes := _sizes(call)):
        tree = found.program.tree
        whole = f"({tree.text(sizes[0])})" if isinstance(sizes[0], ast.BinOp) else tree.text(sizes[0])
        lines = tree.corrected((sizes[0], text.format(whole)))
        return replace(one, wrong=lines[0][0], fix=lines[0][1], is_own=True) if lines else one
    correction = _in_text((found.program.tree.frames or [found.code])[-1], text)
    return replace(one, wrong=correction[0], fix=correction[1], is_own=True) if correction else one


def _in_text(line: str, text: str) -> Correction | None:
    """A line with one new shape, and a text in place of its first size; None for another line."""
    source = parse(line)
    nodes = [node for one in source.statements for node in ast.walk(one)]
    calls = [one for one in nodes if isinstance(one, ast.Call) and _is_reshape(one)]
    sizes = _sizes(calls[0]) if len(calls) == 1 and "\n" not in line and source.text == line else []
    if not sizes:
        return None
    written = line.encode()
    start, end = sizes[0].col_offset, sizes[0].end_col_offset or 0
    first = written[start:end].decode()
    first = f"({first})" if isinstance(sizes[0], ast.BinOp) else first
    return line, written[:start].decode() + text.format(first) + written[end:].decode()


def _is_reshape(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in KINDS["reshape"]


def _call(found: Found) -> ast.Call | None:
    """The call that gives the state a new shape in the program; None without one."""
    one = found.program.reshape()
    return one.node if one and isinstance(one.node, ast.Call) and _is_reshape(one.node) else None


def _sizes(call: ast.Call) -> list[ast.expr]:
    """The sizes of the new shape; [] for another call."""
    sizes = call.args[0].elts if len(call.args) == 1 and isinstance(call.args[0], ast.Tuple) else call.args
    return [] if any(isinstance(one, ast.Starred) for one in sizes) else sizes


def _has_axis_of_directions(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a program takes a direction of a layer of the new shape, ``h[-1, 0]``, ``h[-1][0]`` or ``top[0]`` with
    ``top = h[-1]``; or takes no part of it."""
    here = tree.function_of(call)
    parts = [one for one in tree.nodes if isinstance(one, ast.Subscript) and tree.function_of(one) is here]

    def parts_of(arrays: list[ast.expr], names: set[str]) -> list[ast.Subscript]:
        return [
            one for one in parts if one.value in arrays or (isinstance(one.value, ast.Name) and one.value.id in names)
        ]

    names = tree.targets_of(call)
    of_state = [one for one in parts_of([call], names) if one.lineno >= call.lineno]
    if not of_state or any(isinstance(one.slice, ast.Tuple) for one in of_state):
        return True
    assigned = (one for one in tree.nodes if isinstance(one, ast.Assign) and one.value in of_state)
    layers = {target.id for one in assigned for target in one.targets if isinstance(target, ast.Name)}
    return bool(parts_of([*of_state], layers - names))


RULES = (_of_entries,)
"""What the program says about the causes in new shapes of states."""
