"""Names that a text writes with an index in one line and without it in another: y_{t-1} beside y^H_t, γ_h beside γ."""

from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import Equation, Symbol, Text, within
from ..parsing.terms import is_capital, is_greek, rewritten, symbols_of
from ..vocabulary.latex_commands import ACCENTS
from ..vocabulary.usual_letters import COMPONENTS, INPUTS

_MARKS = {*ACCENTS.values(), "prime", "star", "cal", "plus", "minus", "raw"}
"""What follows a letter and makes another tensor of it."""


def with_missing_indices(text: Text) -> list[Equation]:
    """The equations, with y^H_{t-1} for y_{t-1} that no line computes, if y^H is the only such tensor that one does,
    and with a line for each of γ_x and γ_h, if lines use only these and one computes γ."""
    stepped = [e for e in symbols_of(text.equations) if e.step is not None]
    computed = {name.id: own for own in text.equations for name in own.names if len(own.names) == 1}
    known = {*computed, *INPUTS} | text.own_names
    new: dict[str, str] = {}
    for id in dict.fromkeys(e.id for e in stepped if e.step == -1 and e.id not in known):
        candidates = [other for other in computed if _is_with_index(other, id)]
        own = [other for other in candidates if id in _names_in(computed[other])]
        if len(found := own if len(own) == 1 else candidates) == 1:
            new[id] = found[0]
            place = next(e.place for e in stepped if e.id == id)
            sentence = phrase("No line computes {name}, so it is read as {other}.", name=id, other=found[0])
            text.notes.append((place.line, sentence))
    equations = rewritten(
        text.equations, lambda e: replace(e, id=new[e.id]) if e.id in new and e.step is not None else e
    )
    return _with_copies(text, equations)


def _with_copies(text: Text, equations: list[Equation]) -> list[Equation]:
    symbols = [e for own in equations for e in within(own.value) if isinstance(e, Symbol)]
    used = {e.id for e in symbols}
    computed = {name.id for own in equations for name in own.names}
    given = dict.fromkeys(e.id for e in symbols if e.step == 0 and e.id not in computed | text.own_names)
    found: list[Equation] = []
    for own in equations:
        name = own.names[0]
        copies = [id for id in given if _is_with_index(id, name.id)] if len(own.names) == 1 else []
        if name.id in used or name.step != 0 or not copies:
            found.append(own)
            continue
        sentence = phrase("{name} is computed for each of its indices: {copies}.", name=name.id,
                          copies=", ".join(copies))  # fmt: skip
        text.notes.append((own.place.line, sentence))
        for id in copies:
            end = id.removeprefix(f"{name.id}_")

            def of_copy(e: Symbol, end: str = end) -> Symbol:
                is_weight = e.step is None and e.id not in computed and not is_greek(e.id)
                return replace(e, id=f"{e.id}_{end}", label=f"{e.label}_{end}") if is_weight else e

            copy = rewritten([own], of_copy)[0] if len(copies) > 1 else own
            _take_diagonals(text, copy)
            found.append(replace(copy, names=(replace(name, id=id, label=end),)))
    return found


def _take_diagonals(text: Text, copy: Equation) -> None:
    """What sentences say of the weights of one copy: W_{γ_x}, which is W_x there, is diagonal."""
    name = copy.names[0].id
    for e in (e for e in within(copy.value) if isinstance(e, Symbol) and e.step is None and is_capital(e.id)):
        base = e.id.partition("_")[0]
        for said in {e.id, f"{base}_{name}"} & text.diagonals_of_copies.keys():
            text.said_diagonals[e.id] = text.diagonals_of_copies[said]


def _is_with_index(id: str, name: str) -> bool:
    """Whether a name is another one with an index, and with no mark, number or component: y_H of y."""
    index = id.removeprefix(f"{name}_")
    return id != index and index.partition("_")[0] not in _MARKS and index not in COMPONENTS and not index.isdigit()


def _names_in(own: Equation) -> set[str]:
    return {e.id for e in within(own.value) if isinstance(e, Symbol)}
