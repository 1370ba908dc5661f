"""What a pasted program says about the function whose gradient JAX computes: it returns a value for each sample."""

import ast

from ...code_lines.corrected_lines import Corrections
from ...code_lines.program_tree import ProgramTree
from ...framework_messages.message_template import Found
from ...mismatch import Mismatch

GRADIENTS = ("grad", "value_and_grad")


def _returned(tree: ProgramTree, function: ast.expr | None) -> ast.expr | None:
    """What a function returns: a name, a lambda, or either of them compiled."""
    match function:
        case ast.Lambda(body=body):
            return body
        case ast.Call(args=[of, *_]):
            return _returned(tree, of)
        case ast.Name(id=name):
            functions = tree.functions_named(name)
            return tree.returned_by(functions[0]) if len(functions) == 1 else _returned(tree, tree.assigned(function))
    return None


def _of_gradient(tree: ProgramTree) -> ast.expr | None:
    """What the only function returns whose gradient the program computes."""
    calls = [one for one in tree.calls_of(*GRADIENTS) if one.args]
    returned = {id(one): one for call in calls if (one := _returned(tree, call.args[0])) is not None}
    return returned.popitem()[1] if len(returned) == 1 else None


def mean_of_loss(found: Found, mismatch: Mismatch) -> Corrections:
    """The line that returns the loss, as the mean of its values."""
    tree = found.program.tree
    value = _of_gradient(tree)
    if isinstance(value, ast.Tuple) and value.elts:
        value = value.elts[0]  # the others are no loss
    if value is None or "jnp" not in tree.imported:
        return ()
    return tree.corrected((value, f"jnp.mean({tree.text(value)})"))


CORRECTIONS = {"loss_of_values": mean_of_loss}
"""Cause -> the lines that it corrects."""
