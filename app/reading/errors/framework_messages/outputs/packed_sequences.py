"""Messages about a PackedSequence where one tensor belongs. Only recurrent layers of PyTorch read and return it."""

import ast
import re

from .....translations.phrases import phrase
from ...causes import cause
from ...code_lines.program_nodes import name_of
from ...mismatch import Mismatch
from ..message_template import Found, MessageTemplate


def packed_for_tensor(found: Found) -> Mismatch:
    """A packed sequence, used like a tensor: what a layer returned, or an x that was packed before the last operation
    on it."""
    name, is_output = _packed_name(found)
    if not is_output:
        sentence = phrase("x is packed here, and only recurrent layers read a PackedSequence.")
        return Mismatch("x", None, sentence, causes=(cause("packed_too_early", "pytorch"),))
    sentence = phrase("A recurrent layer that reads a PackedSequence returns one, and it is used like a tensor here.")
    order = ", batch_first=True" if found.surroundings.flag("batch_first") else ""
    return Mismatch("output", None, sentence, causes=(cause("packed_output", "pytorch", name=name, order=order),))


def _packed_name(found: Found) -> tuple[str, bool]:
    """The name of the packed sequence in the line that failed, and whether a layer returned it."""
    tree = found.program.tree
    used = {one.id for one in tree.nodes_of_failure if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
    for one in tree.nodes if used else ():
        if not isinstance(one, ast.Assign) or not isinstance(one.value, ast.Call):
            continue
        stored = [node for target in one.targets for node in ast.walk(target) if isinstance(node, ast.Name)]
        names = [node.id for node in stored if isinstance(node.ctx, ast.Store) and node.id in used]
        function = name_of(one.value)
        if names and (PACKING.fullmatch(function) or RECURRENT.search(function)):
            return names[0], not PACKING.fullmatch(function)
    return "output", True


PACKING = re.compile(r"pack_(?:padded_)?sequence")
RECURRENT = re.compile(r"lstm|gru|rnn|layer", re.IGNORECASE)
"""The name of a function that returns a PackedSequence."""

TEMPLATES = tuple(
    MessageTemplate(id, "pytorch", "0.4-2", text, packed_for_tensor)
    for id, text in (
        ("pytorch-packed", "must be Tensor, not PackedSequence"),
        ("pytorch-packed-in-list", "expected Tensor as element {n:n} in argument {m:n}, but got PackedSequence"),
        ("pytorch-packed-attribute", "'PackedSequence' object has no attribute '{name:of_tensor}"),
        ("pytorch-packed-convolved", "received an invalid combination of arguments - got (PackedSequence,"),
        (
            "pytorch-packed-left",
            "unsupported operand type(s) for {operator:operator}: 'PackedSequence' and 'Tensor'",
        ),
    )
)
