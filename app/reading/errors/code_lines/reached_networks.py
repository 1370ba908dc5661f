"""Whether the array that the line that failed makes becomes the x of a network of a pasted program."""

import ast
from collections.abc import Iterable, Iterator

from .program_nodes import Functions, name_of
from .program_tree import ProgramTree

FITS = ("fit", "fit_generator", "predict", "evaluate", "train_on_batch", "test_on_batch", "predict_on_batch")
DATASETS = ("DataLoader", "TensorDataset", "from_tensor_slices", "timeseries_dataset_from_array", "TimeseriesGenerator")
MODELS = ("Sequential", "Model", "LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional")
"""Methods that give data to a model, what makes batches of data, and what makes a model or a recurrent layer."""

MOST_ROUNDS = 8
"""Names through which an array is followed."""

Names = set[tuple[str, Functions | None]]
"""Names of the array, or of what is made of it, each with the function that gives it."""


def reaches_network(tree: ProgramTree) -> bool:
    """Whether what the line that failed makes is given to a network: by its names, parameters and functions."""
    reads: list[ast.AST] = [*tree.nodes_of_failure]
    names: Names = set()
    for _ in range(MOST_ROUNDS):
        if any(_is_given(tree, one) for one in reads):
            return True
        returning = {function for one in reads if (function := _function_that_returns(tree, one))}
        calls = [call for function in returning for call in tree.calls_by_function.get(function, [])]
        names |= {name for one in (*reads, *calls) for name in _next(tree, one)}
        named = [one for one in tree.nodes if isinstance(one, ast.Name) and _is(tree, one, names)]
        if {*named, *calls} <= {*reads}:
            return False
        reads = [*dict.fromkeys((*reads, *named, *calls))]
    return False


def _is(tree: ProgramTree, node: ast.Name, names: Names) -> bool:
    """Whether a name that is read is one of the array."""
    if not isinstance(node.ctx, ast.Load):
        return False
    function = tree.function_of(node)
    return (node.id, function) in names or ((node.id, None) in names and node.id not in tree.parameters(function))


def _is_given(tree: ProgramTree, node: ast.AST) -> bool:
    """Whether a node is in an argument of the call of a network, or of a method that gives data to one."""
    below = node
    for above in tree.above(node):
        if isinstance(above, ast.stmt):
            return False
        if isinstance(above, ast.Call) and below is not above.func and _is_network(tree, above):
            return True
        below = above
    return False


def _is_network(tree: ProgramTree, call: ast.Call) -> bool:
    """Whether a call is that of a network or a recurrent layer, or gives it data."""
    if name_of(call) in (*FITS, *DATASETS):
        return True
    made = call.func if isinstance(call.func, ast.Call) else tree.assigned(call.func)
    return isinstance(made, ast.Call) and (name_of(made) in MODELS or tree.forward_of(name_of(made)) is not None)


def _next(tree: ProgramTree, node: ast.AST) -> Iterator[tuple[str, Functions | None]]:
    """The names that get what is made of a node, in its statement or in the function that is called with it."""
    below, function = node, tree.function_of(node)
    for above in tree.above(node):
        if isinstance(above, ast.Call) and below is not above.func and (called := tree.function_called(above)):
            places = [n for n, one in enumerate(above.args) if one is below]
            yield from ((name, called) for n in places for name in tree.parameters(called)[n : n + 1])
        if isinstance(above, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            targets = above.targets if isinstance(above, ast.Assign) else [above.target]
            yield from ((name, function) for name in _stored(targets))
        elif isinstance(above, (ast.For, ast.comprehension)) and below is above.iter:
            yield from ((name, function) for name in _stored([above.target]))
        if isinstance(above, ast.stmt):
            return
        below = above


def _function_that_returns(tree: ProgramTree, node: ast.AST) -> Functions | None:
    """The function that returns what is made of a node; None without one."""
    is_returned = any(isinstance(one, ast.Return) for one in tree.above(node))
    return tree.function_of(node) if is_returned else None


def _stored(targets: Iterable[ast.expr]) -> Iterator[str]:
    """The names in targets."""
    for target in targets:
        yield from (one.id for one in ast.walk(target) if isinstance(one, ast.Name))
