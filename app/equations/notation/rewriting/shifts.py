"""A circular shift of the slots of a memory, \\sum_j w_t(j) s_t(i - j), written out for shifts by one slot."""

from ....translations.phrases import phrase
from ..parsing.paper_syntax import SHIFTED, SLOTS, Apply, Binary, Equation, Number, Symbol, Term, Text, rebuilt
from ..parsing.terms import symbols_of
from ..vocabulary.usual_letters import INPUTS

ROLLED = "rolled"
"""A tensor whose slots are shifted by one: ahead, w(i - 1), or back, w(i + 1)."""

AHEAD, BACK = "ahead", "back"


def with_shifts(text: Text) -> list[Equation]:
    """The equations, with s_1 w(i + 1) + s_2 w(i) + s_3 w(i - 1) for a circular shift of w by s, which has a number for
    each of three shifts."""
    shifts: dict[str, Symbol] = {}
    named: list[Equation] = []

    def written(e: Term) -> Term:
        match e:
            case Apply("sum", (one,), (Binary(" " | "·" | "⊙" | "∗", left, right),), place) if one == SLOTS:
                sides = (left, right) if _is_shift(right) else (right, left)
                match sides:
                    case (whole, Apply(_, _, (Symbol() as by,))) if _is_shift(sides[1]):
                        shifts.setdefault(by.id, by)
                        if not isinstance(whole, Symbol):
                            name = Symbol(f"{by.id}_of", 0, place, "of")
                            named.append(Equation((name,), written(whole), place))
                            whole = name
                        moved = (Apply(ROLLED, (BACK,), (whole,), place), whole, Apply(ROLLED, (AHEAD,), (whole,), place))
                        parts = [Binary("⊙", Symbol(f"{by.id}_{n}", 0, by.place, str(n)), one, place)
                                 for n, one in enumerate(moved, 1)]  # fmt: skip
                        return Binary("+", Binary("+", parts[0], parts[1], place), parts[2], place)
        return rebuilt(e, written)

    found = [Equation(own.names, written(own.value), own.place) for own in text.equations]
    if not shifts:
        return text.equations
    found += named
    symbols = symbols_of(text.equations)
    computed = {name.id for own in text.equations for name in own.names}
    given = [e.id for e in symbols if e.step is not None and e.id in INPUTS[:2] and e.id not in computed]
    for id, by in shifts.items():
        place = by.place
        sentence = phrase("{s}(i-j) shifts by one slot, by none or by one slot the other way, as in most memories, so "
                          "that {s} has three numbers.", s=id)  # fmt: skip
        text.notes.append((place.line, sentence))
        if id not in computed:
            weight, x = Symbol(f"W_{id}", None, place, id), Symbol((given or ["x"])[0], 0, place)
            found.append(Equation((by,), Apply("softmax", (), (Binary(" ", weight, x, place),), place), place))
            sentence = phrase("No line computes {name}, so it is read as the softmax of a product of x with weights.",
                              name=id)  # fmt: skip
            text.notes.append((place.line, sentence))
        parts = tuple(Symbol(f"{id}_{n}", 0, place, str(n)) for n in (1, 2, 3))
        found.append(Equation(parts, Apply("split", (), (by, *(Number(1.0, place),) * 3), place), place))
    return found


def _is_shift(e: Term) -> bool:
    return isinstance(e, Apply) and e.function == SHIFTED
