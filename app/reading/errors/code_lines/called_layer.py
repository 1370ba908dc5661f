"""The layer of a network that the line that failed calls, and what its input is, by the names in that line."""

import ast
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from .array_names import role_of
from .failed_line import Array, FailedLine
from .program_nodes import CONCATENATIONS, last_name

Input = Literal["data", "output", "join", "embedding", "convolution", "prediction"]
"""What a layer gets: ``prediction`` is what the network returned for the step before."""

NAMED_LIKE_LAYER = re.compile(r"(?i)lstm|gru|rnn|cell|enc(?:oder)?\b|dec(?:oder)?\b")
"""The name of a recurrent layer among others of a line."""

JOINS = (*CONCATENATIONS, "hstack")

NAMES: dict[Input, re.Pattern[str]] = {
    "join": re.compile(
        r"(?:rnn|lstm|gru|cell|dec(?:oder)?|step|attn)_?(?:in|inp|inputs?)|(?:combined?|concat\w*|joined|merged|joint)"
        r"(?:_\w{1,12})?|\w{1,12}_(?:cat|concat|joined)"
    ),
    "embedding": re.compile(r"\w*emb\w*|e"),
    "convolution": re.compile(r"(?:conv|cnn)\w*|fmaps?|feature_?maps?"),
    "prediction": re.compile(
        r"y_?(?:prev|hat|pred)|preds?|prediction|(?:prev|last)_?(?:y|out(?:put)?|pred\w*)|pred_\w{1,8}"
    ),
}
"""What an input is -> its names, in lower case. The first one counts."""

TARGET = re.compile(r"ys?|y_?t")
"""Names of an input that says nothing: an output, or the target that a decoder reads for each next step."""


class CalledLayer(NamedTuple):
    """A layer by its ``name`` in the program, ``self.lstm2``, the expression of its x, and what that is."""

    name: str
    x: Array
    input: Input


def called_layer(line: FailedLine) -> CalledLayer | None:
    """The layer of a network that the line calls; None if it calls none, or several that may be it."""
    calls = {ast.unparse(one.func): one for one in _calls(line)}
    named = [name for name in calls if NAMED_LIKE_LAYER.search(name.rpartition(".")[2])]
    outer = line.statement.value if isinstance(line.statement, (ast.Expr, ast.Assign, ast.Return)) else None
    if len(named) == 1:
        name = named[0]
    elif not named and isinstance(outer, ast.Call) and ast.unparse(outer.func) in calls and not _passes_on(outer):
        name = ast.unparse(outer.func)
    else:
        return None
    x = calls[name].args[0]
    return CalledLayer(name, line.array(x), _input(line, x))


def _passes_on(call: ast.Call) -> bool:
    """Whether a call gets the arguments of its function, whatever they are, as methods of libraries do."""
    return isinstance(call.args[0], ast.Starred)


def _calls(line: FailedLine) -> Iterator[ast.Call]:
    """The calls of attributes of self, which are layers of a network, with an x."""
    for one in ast.walk(line.statement) if line.statement else ():
        if isinstance(one, ast.Call) and one.args and isinstance(one.func, (ast.Attribute, ast.Subscript)):
            owner: ast.expr = one.func
            while isinstance(owner, (ast.Attribute, ast.Subscript)):
                owner = owner.value
            if isinstance(owner, ast.Name) and owner.id == "self":
                yield one


def _input(line: FailedLine, x: ast.expr) -> Input:
    """What an expression is, by the function that makes it or by its name."""
    node = _inner(x)
    if isinstance(node, ast.Call):
        name = last_name(node.func).lower()
        if name in JOINS:
            return "join"
        if NAMES["embedding"].fullmatch(name):
            return "embedding"
        return "output" if NAMED_LIKE_LAYER.search(name) else "data"
    name = last_name(node).lower()
    made = line.made(name)
    if isinstance(made, ast.Call) and last_name(made.func).lower() in JOINS:
        return "join"
    for what, names in NAMES.items():
        if names.fullmatch(name):
            return what
    if TARGET.fullmatch(name):
        return "data"
    is_any = len(name) == 1 and name not in LETTERS
    return "output" if not is_any and role_of(name) in ("output", "h", "c") else "data"


LETTERS = ("h", "c", "o")
"""Names of one letter that say what an array is: any other may be that of data."""

METHODS = ("unsqueeze", "squeeze", "contiguous", "float", "to", "transpose", "permute", "view", "reshape", "detach")
"""Methods that return the same values."""

MOST_LAYERS = 4
"""Methods and layers such as dropout around an array."""


def _inner(node: ast.expr) -> ast.expr:
    """The array around which there are only methods, parts, and layers that change no size."""
    for _ in range(MOST_LAYERS):
        if isinstance(node, ast.Subscript):
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            node = node.func.value
        elif isinstance(node, ast.Call) and node.args and re.search("(?i)drop|relu|tanh|norm", last_name(node.func)):
            node = node.args[0]
    return node
