"""Vectors of each sample that are the same in all steps, such as the summary c of an encoder, as states that stay."""

import re
from builtins import id as id_of
from dataclasses import replace

from ....core.axes import BATCH_SIZE
from ....translations.phrases import phrase
from ...syntax import Declaration
from ..parsing.paper_syntax import Binary, Equation, Symbol, Text, within
from ..parsing.terms import is_capital, rewritten, symbols_of


def with_constant_inputs(text: Text) -> list[Equation]:
    """The equations, with a line c_t = c_{t-1} for each vector c without a step that the text calls the summary of an
    input or declares with a batch, or that only stands behind matrices of weights, C c: no weights do."""
    symbols = symbols_of(text.equations)
    computed = {name.id for own in text.equations for name in own.names}
    if not any(e.step is not None and e.id not in computed for e in symbols):  # one without a step may be the input
        return text.equations
    declared = {d.name for d in text.own if isinstance(d, Declaration) and BATCH_SIZE in d.axes}
    free = {e.id: e for e in symbols if e.step is None and e.id not in computed}
    stepped = {e.id for e in symbols if e.step is not None}
    behind = _behind_matrices(text) - text.own_names - text.trained - text.said_vectors - text.said_rows - text.vectors
    found = {id: e for id, e in free.items() if id in text.summaries | declared | behind and id not in stepped}
    for id, e in found.items():
        sentence = phrase("{name} has no step, so it is a vector of each sample that stays the same. It is read as a "
                          "state, whose value before the first step is this vector.", name=id)  # fmt: skip
        text.notes.append((e.place.line, sentence))
        if id in declared:
            sentence = phrase("{name} is 1 before the first step, as it would stay 0 otherwise.", name=id)
            text.notes.append((e.place.line, sentence))
    text.own = [replace(s, start=s.start or 1.0) if isinstance(s, Declaration) and s.name in found else s
                for s in text.own]  # fmt: skip
    lines = [Equation((replace(e, step=0),), replace(e, step=-1), e.place) for e in found.values()]
    equations = rewritten(text.equations, lambda e: replace(e, step=0) if e.id in found else e)
    return [*equations, *lines]


def _behind_matrices(text: Text) -> set[str]:
    """The small letters without a step that stand behind a capital without one wherever they are used."""
    found, others = set[str](), set[str]()
    for own in text.equations:
        right = set[int]()
        for e in within(own.value):
            match e:
                case Binary(" " | "·", Symbol(matrix, None), Symbol(step=None) as vector) if is_capital(matrix):
                    right.add(id_of(vector))
        for e in within(own.value):
            if isinstance(e, Symbol) and e.step is None:
                (found if id_of(e) in right else others).add(e.id)
    return {id for id in found - others if re.fullmatch("[a-z](?:_.*)?", id)}
