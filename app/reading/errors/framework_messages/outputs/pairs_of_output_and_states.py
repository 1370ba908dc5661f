"""Messages about the pair that a recurrent layer returns, where one tensor belongs.

Any program raises them. So they are explained only if the text shows that the pair comes from a recurrent layer: its
call in the line that failed, or the line that named what it returned.
"""

import ast
import re
from dataclasses import replace

from .....translations.phrases import Phrase, phrase, plural
from ....code.values import Layer
from ...causes import cause
from ...code_lines.program_tree import ProgramTree
from ...mismatch import Mismatch, NoShapeError
from ..message_template import Found, MessageTemplate
from .pairs_in_code import LONGEST_LINE, PairProgram, Returned, lines_of_code
from .returning_layers import ReturningLayer, with_numbers

CAUSES = frozenset({"whole_pair", "pair_passed_on", "pair_of_states", "names_of_pair", "list_of_states"})
"""The ids of the causes that are found here."""


def pair_for_tensor(found: Found) -> Mismatch:
    """The pair that a recurrent layer returns, used like a tensor. Raises NoShapeError if the text shows none."""
    mismatch = _state_of_lstm(found) or _explained(
        found, _program(found).pair() or _passed_on(found) or _of_name(found)
    )
    if not mismatch:
        raise NoShapeError()
    return mismatch


def _of_name(found: Found) -> Returned | None:
    """What a recurrent layer returns that a text without any line of code names; None if it names several cells."""
    is_alone = not found.code and not found.frames[-1] and not [*found.program.tree.nodes]
    if not is_alone or not found.cell:
        return None
    return Returned(ReturningLayer(found.cell, is_cell=False), "whole_pair", f"output, _ = {found.cell}(x)")


def _passed_on(found: Found) -> Returned | None:
    """What a recurrent layer returns, under one name in a line of the traceback that gives it to a function."""
    tree = found.program.tree
    layers = {id(one.node): one.layer for one in found.program.calls if one.layer and one.layer.framework == "pytorch"}
    for line in reversed(tree.frames):
        names = [one for one in tree.nodes_in(line) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)]
        for name in names:
            layer, place = layers.get(id(tree.assigned(name))), tree.place_of(name)
            if not layer or place is None or not isinstance(next(tree.above(place), None), ast.Assign):
                continue
            made = tree.made_layer(layer)
            arguments = ", ".join(map(ast.unparse, (*made.args, *made.keywords))) if made else None
            if correction := tree.replaced((place, f"{place.id}, {_state_in_loop(tree, name)}")):
                return Returned(
                    ReturningLayer(layer.kind, False, arguments), "whole_pair", correction[1], correction[0]
                )
    return None


def _state_in_loop(tree: ProgramTree, result: ast.Name) -> str:
    """The state that the call of a layer in a loop gets, which its new state replaces; "_" without one."""
    call = tree.assigned(result)
    state = call.args[1] if isinstance(call, ast.Call) and len(call.args) > 1 else None
    parts = state.elts if isinstance(state, ast.Tuple) else [state]
    are_names = all(isinstance(one, ast.Name) for one in parts)
    return ast.unparse(state) if state is not None and are_names and tree.is_in_loop(state) else "_"


def _state_of_lstm(found: Found) -> Mismatch | None:
    """The states of an LSTM that lines of code give to a GRU or a simple RNN, which looks at their axes; None without
    them, if another line failed or changes them, or if the code looks at axes itself."""
    text, failed = found.surroundings.text, found.code.lower()
    given = GIVEN_STATE.search(text)
    if found.text("name") != "dim" or ".dim(" in text or not given or (failed and given[0] not in failed):
        return None
    layer, state = given.groups()
    changes = [line for line in text.split("\n") if re.search(rf"\b{state}\b[^=\n]{{0,80}}=[^=]", line)]
    changes = [line for line in changes if given[0] not in line]
    if len(changes) != 1 or not re.match(rf"[ \t]{{0,40}}[\w.]{{1,40}},\s?{state}\s?=\s?{OF_LSTM}", changes[0]):
        return None
    is_lstm = re.search(rf"\b{layer}\s?=\s?{OF_LSTM}", text)
    is_made = re.search(rf"\b{layer}\s?=\s?[\w.]{{0,40}}\b(?:gru|rnn)(?:cell)?\(", text)
    if is_lstm or not (is_made or layer.startswith("gru")):  # a layer called rnn may have any cell
        return None
    return pair_of_states(found)


OF_LSTM = r"[\w.]{0,40}lstm\w{0,20}\("
GIVEN_STATE = re.compile(r"(?<![a-z])((?:gru|rnn)\w{0,20})\([\w.]{1,40},\s?([a-z_]\w{0,40})\)")
"""A call of a GRU or a simple RNN with a state, in lower case."""


def pair_of_states(_: Found) -> Mismatch:
    """(h, c) passed to a GRU or a simple RNN for h."""
    return Mismatch("h_0", None, number_of_states_differs(1, 2), (1,), (2,), (cause("number_of_states", "pytorch"),))


def number_of_states_differs(expected: int, got: int) -> Phrase:
    return plural(
        "The layer has {n} state, but got {got}.", "The layer has {n} states, but got {got}.", expected, got=got
    )


def unpacked(found: Found) -> Mismatch | None:
    """What a recurrent layer returns, with names that do not match it; None if the text does not show this."""
    return _explained(found, _program(found).unpacked())


def _program(found: Found) -> PairProgram:
    return PairProgram(found.surroundings.original, found.code)


def _explained(found: Found, returned: Returned | None) -> Mismatch | None:
    if not returned:
        return None
    returned = replace(returned, layer=with_numbers(found.program.tree, returned.layer))
    layer, fix = returned.layer, returned.fix
    if returned.id == "whole_pair" and (state := _state_read_later(found.program.tree, returned.wrong)):
        fix = WITHOUT_STATE.sub(rf"\g<1>{state} =", fix)
    likely = cause(returned.id, "pytorch", fix=fix, wrong=returned.wrong)
    return Mismatch(
        "output",
        None,
        _sentence(returned, found.surroundings.flag("batch_first")),
        causes=(likely,),
        facts=tuple(layer.facts),
    )


WITHOUT_STATE = re.compile(r"^(\w{1,40}, )_ =")
"""The beginning of a line that leaves out the state which a layer returns."""


def _state_read_later(tree: ProgramTree, line: str) -> str:
    """The name of the state that a layer gets in a line, if the function reads it after this line, as a loop does that
    keeps the states of all layers; "" without one."""
    for statement in tree.nodes_in(line) if line else ():
        match statement:
            case ast.Assign(value=ast.Call(args=[_, ast.Name(state)], keywords=[])):
                function, end = tree.function_of(statement), statement.lineno
                names = (one for one in tree.nodes if isinstance(one, ast.Name) and one.id == state)
                read = (one for one in names if isinstance(one.ctx, ast.Load) and one.lineno > end)
                return state if any(tree.function_of(one) is function for one in read) else ""
    return ""


def _sentence(returned: Returned, batch_first: bool | None) -> Phrase:
    """What the layer returns."""
    layer = returned.layer
    shapes = {"output": layer.output(batch_first), "state": layer.state}
    if layer.is_cell and layer.cell in ("lstm", ""):
        return phrase("A cell of an LSTM returns a pair of tensors, (h, c), each with shape {state}.", **shapes)
    if layer.is_cell:
        return phrase("A cell of a GRU or a simple RNN returns one tensor, h, with shape {state}.", **shapes)
    if returned.id == "pair_of_states":
        return phrase("An LSTM returns its last states as a pair, (h_n, c_n), each with shape {state}.", **shapes)
    if layer.cell == "lstm":
        return phrase(
            "An LSTM returns a pair: output, with shape {output}, and its last states (h_n, c_n), each with shape"
            " {state}.",
            **shapes,
        )
    if layer.cell or returned.id == "names_of_pair":  # that of an LSTM would fit these names
        return phrase(
            "A GRU or a simple RNN returns a pair: output, with shape {output}, and its last state h_n, with shape"
            " {state}.",
            **shapes,
        )
    return phrase(
        "A recurrent layer returns a pair: output, with shape {output}, and its last states, with shape {state}.",
        **shapes,
    )


STATES = {"lstm": 2, "gru": 1, "rnn": 1}
"""Cell -> how many states it has."""


def layer_without_states(found: Found) -> Layer | None:
    """The layer of Keras in the line that failed that gives its output and its states names, but returns only the
    output; None for another line."""
    tree = found.program.tree
    calls = {id(one.node): one.layer for one in found.program.calls if one.layer and one.layer.framework == "keras"}
    for node in tree.nodes_of_failure:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            layer, names = calls.get(id(node.value)), len(node.targets[0].elts)
            if layer and layer.setting("return_state") is False and names == 1 + STATES.get(layer.kind, 0):
                return layer
    return None


def without_states(found: Found) -> Mismatch | None:
    """The names of the states of a layer of Keras that does not return them; None if the text does not show that."""
    if not (layer := layer_without_states(found)):
        return None
    sentence = phrase("The layer returns only its output, and the line reads its states as well.")
    return Mismatch("output", None, sentence, causes=(cause("return_state", "keras", cell=layer.kind),))


def iterated_tensor(found: Found) -> Mismatch:
    """The output of a layer of Keras in a model that is not made to the end, taken apart. Raises NoShapeError for
    another tensor."""
    if not (mismatch := without_states(found)):
        raise NoShapeError()
    return mismatch


RETURN_STATE = re.compile(r",?\s?return_state\s?=\s?True")
"""The argument of a layer of Keras that returns its states as well."""


def list_of_states(found: Found) -> Mismatch | None:
    """The list that a layer of Keras with return_state=True returns, as the input of another layer; None if the text
    does not show that layer."""
    failed, lines = found.code, lines_of_code(found.surroundings.original.split("\n"))
    for line in lines:
        if not RETURN_STATE.search(line) or len(line) > LONGEST_LINE:
            continue
        assigned = re.fullmatch(r"(\w{1,40})\s?=\s?(.{1,200}\)\(.{1,80}\))", line)
        if assigned and re.search(rf"[(,]\s?{assigned[1]}\b", failed or found.surroundings.original):
            fix = f"{assigned[1]}, *_ = {assigned[2]}"
        elif line.endswith((",", "),")) or ".add(" in line or "Sequential(" in line:
            fix = RETURN_STATE.sub("", line)
        else:
            continue
        sentence = phrase(
            "With return_state=True a layer returns a list: output and its last states. It has {got} tensors, but the"
            " next layer reads {expected}.",
            expected=found.number("expected"),
            got=found.number("got"),
        )
        likely = cause("list_of_states", "keras", fix=fix, wrong=line)
        return Mismatch("output", None, sentence, causes=(likely,))
    return None


TEMPLATES = (
    *(
        MessageTemplate(id, "keras", versions, text, iterated_tensor, anywhere=True)
        for id, versions, text in (
            ("keras-iterated", "2", "Cannot iterate over a Tensor with unknown first dimension"),
            ("keras-3-iterated", "3", "Iterating over a symbolic KerasTensor is not supported"),
        )
    ),
    *(
        MessageTemplate(id, "pytorch", versions, text, pair_for_tensor, anywhere=True)
        for id, versions, text in (
            ("pytorch-pair", "0.4-2", "must be Tensor, not tuple"),
            ("pytorch-pair-in-list", "0.4-2", "expected Tensor as element {n:n} in argument {m:n}, but got tuple"),
            ("pytorch-pair-attribute", "0.4-2", "'tuple' object has no attribute '{name:of_tensor}"),
            ("pytorch-pair-index", "0.4-2", "tuple indices must be integers or slices, not tuple"),
            ("pytorch-pair-convolved", "0.4-2", "received an invalid combination of arguments - got (tuple,"),
            ("pytorch-pair-added", "0.4-2", 'can only concatenate tuple (not "Tensor") to tuple'),
            ("pytorch-pair-left", "0.4-2", "unsupported operand type(s) for {operator:operator}: 'tuple' and 'Tensor'"),
            (
                "pytorch-pair-right",
                "0.4-2",
                "unsupported operand type(s) for {operator:operator}: 'Tensor' and 'tuple'",
            ),
        )
    ),
)
