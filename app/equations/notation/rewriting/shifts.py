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
            case Apply("sum", (one,), (Binary(" " | "·" | "⊙" | "∗", left, right),)) if one == SLOTS:
                whole, shift = (left, right) if _is_shift(right) else (right, left)
                if isinstance(shift, Apply) and isinstance(by := shift.arguments[0], Symbol) and _is_shift(shift):
                    shifts.setdefault(by.id, by)
                    if not isinstance(whole, Symbol):
                        name = Symbol(f"{by.id}_of", 0, e.place, "of")
                        named.append(Equation((name,), written(whole), e.place))
                        whole = name
                    return _in_three_parts(whole, by)
        return rebuilt(e, written)

    found = [Equation(own.names, written(own.value), own.place) for own in text.equations]
    for by in shifts.values():
        named += _lines_of_shifts(text, by)
    return [*found, *named] if shifts else text.equations


def _in_three_parts(whole: Symbol, by: Symbol) -> Term:
    back, ahead = (Apply(ROLLED, (way,), (whole,), whole.place) for way in (BACK, AHEAD))
    moved: tuple[Term, ...] = (back, whole, ahead)
    parts = [Binary("⊙", number, one, whole.place) for number, one in zip(_numbers(by), moved, strict=True)]
    return Binary("+", Binary("+", parts[0], parts[1], whole.place), parts[2], whole.place)


def _numbers(by: Symbol) -> tuple[Symbol, ...]:
    return tuple(Symbol(f"{by.id}_{n}", 0, by.place, str(n)) for n in (1, 2, 3))


def _lines_of_shifts(text: Text, by: Symbol) -> list[Equation]:
    """The lines that split s into its three numbers, and that compute s if none does."""
    place, found = by.place, list[Equation]()
    sentence = phrase("{s}(i-j) shifts by one slot, by none or by one slot the other way, as in most memories, so that "
                      "{s} has three numbers.", s=by.id)  # fmt: skip
    text.notes.append((place.line, sentence))
    computed = {name.id for own in text.equations for name in own.names}
    if by.id not in computed:
        symbols = symbols_of(text.equations)
        inputs = [e.id for e in symbols if e.step is not None and e.id in INPUTS[:2] and e.id not in computed]
        weight, x = Symbol(f"W_{by.id}", None, place, by.id), Symbol((inputs or ["x"])[0], 0, place)
        found.append(Equation((by,), Apply("softmax", (), (Binary(" ", weight, x, place),), place), place))
        sentence = phrase("No line computes {name}, so it is read as the softmax of a product of x with weights.",
                          name=by.id)  # fmt: skip
        text.notes.append((place.line, sentence))
    ones = (Number(1.0, place),) * 3
    return [*found, Equation(_numbers(by), Apply("split", (), (by, *ones), place), place)]


def _is_shift(e: Term) -> bool:
    return isinstance(e, Apply) and e.function == SHIFTED
