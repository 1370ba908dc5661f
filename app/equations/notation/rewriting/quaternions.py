"""Hamilton products, W ⊗ h_{t-1}, of quaternions, as products of their four parts, which are real numbers."""

from dataclasses import replace

from ....core.axes import Axis, OwnSize
from ....translations.phrases import phrase
from ...syntax import AxisLine, Declaration
from ..parsing.paper_syntax import Apply, Binary, Equation, Joined, Minus, Number, Symbol, Term, Text, within
from ..parsing.terms import is_capital, is_greek, symbols_of
from ..refused_forms import hamilton_product
from ..vocabulary.usual_letters import INPUTS

PARTS = ("r", "i", "j", "k")
"""The ends of the names of the four parts."""

_PRODUCT = (
    ((0, 0, "+"), (1, 1, "-"), (2, 2, "-"), (3, 3, "-")),
    ((0, 1, "+"), (1, 0, "+"), (2, 3, "+"), (3, 2, "-")),
    ((0, 2, "+"), (1, 3, "-"), (2, 0, "+"), (3, 1, "+")),
    ((0, 3, "+"), (1, 2, "+"), (2, 1, "-"), (3, 0, "+")),
)
"""Each part of a Hamilton product: the parts that are multiplied, and their signs."""


def with_quaternions(text: Text) -> list[Equation]:
    """The equations, with four for each, if sentences call a product that of Hamilton. Functions and all other products
    work part by part. EquationsError for what cannot be written so."""
    sign = next((sign for sign, kind in text.products.items() if kind == "Hamilton"), "")
    symbols = symbols_of(text.equations)
    if not sign or not any(
        isinstance(e, Binary) and e.sign == sign for own in text.equations for e in within(own.value)
    ):
        return text.equations
    computed = [own.names[0].id for own in text.equations]
    input = next((e for e in symbols if e.step == 0 and e.id in INPUTS and e.id not in computed), None)
    numbers = {name.id for d in text.said_domains if not d.sizes for name in d.names}

    def parts(e: Term) -> tuple[Term, ...]:
        """The four parts of a term, or one number."""
        match e:
            case Number():
                return (e,)
            case Symbol(id, step) if step is None and (id in numbers or (is_greek(id) and not is_capital(id))):
                return (e,)
            case Symbol(id, step) if step is None or id in computed or (input and id == input.id):
                return tuple(_part(e, n) for n in range(len(PARTS)))
            case Minus(of, place):
                return tuple(Minus(part, place) for part in parts(of))
            case Apply(function, index, (argument,), place):
                return tuple(Apply(function, index, (part,), place) for part in parts(argument))
            case Binary(own, left, right, place):
                pair = parts(left), parts(right)
                if own == sign and len(pair[0]) == len(pair[1]) == len(PARTS):
                    return _hamilton(e, *pair)
                if own == " " and min(map(len, pair)) > 1 and any(map(_is_matrix, (left, right))):
                    raise hamilton_product(sign, text.step, place)
                own = "⊙" if min(map(len, pair)) > 1 and own in " ·∗" else own
                count = max(map(len, pair))
                one, other = (side * count if len(side) == 1 else side for side in pair)
                return tuple(Binary(own, a, b, place) for a, b in zip(one, other, strict=True))
        raise hamilton_product(sign, text.step, e.place)

    found: list[Equation] = []
    if input:
        names = tuple(_part(input, n) for n in range(len(PARTS)))
        found.append(Equation(names, Apply("split", (), (input, Number(4.0, input.place)), input.place), input.place))
    for own in text.equations:
        if len(own.names) > 1 or own.names[0].step != 0:
            raise hamilton_product(sign, text.step, own.place)
        values = parts(own.value)
        values = values * len(PARTS) if len(values) == 1 else values
        found += [Equation((_part(own.names[0], n),), value, own.place) for n, value in enumerate(values)]
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol) and e.step == 0}
    whole = next((own.names[0] for own in text.equations[::-1] if own.names[0].id not in used), None)
    whole = whole or text.equations[-1].names[0]
    joined = Joined(tuple(_part(whole, n) for n in range(len(PARTS))), whole.place)
    found.append(Equation((whole,), joined, whole.place))
    if input:
        _declare_axis(text, input, sign)
    sentence = phrase("{sign} is the Hamilton product: each tensor has four parts, such as {names}, and functions work "
                      "part by part.", sign=sign, names=", ".join(f"{whole.id}_{part}" for part in PARTS))  # fmt: skip
    text.notes.append((text.equations[0].place.line, sentence))
    return found


def _declare_axis(text: Text, input: Symbol, sign: str) -> None:
    """Say that a part of the input has a fourth of its features, and so have the rows of weights before it."""
    taken = {e.id for e in symbols_of(text.equations)} | text.own_names
    name = next(name for n in range(len(taken) + 1) if (name := f"Q{n or ''}") not in taken)
    products = (e for own in text.equations for e in within(own.value) if isinstance(e, Binary) and e.sign == sign)
    weights = {e.left.id: e.left for e in products if isinstance(e.left, Symbol) and e.left.step is None
               and isinstance(e.right, Symbol) and e.right.id == input.id}  # fmt: skip
    text.own.append(AxisLine(name, OwnSize(((1, "features"),), (len(PARTS),)), input.place))
    axes = Axis(((1, name),)), Axis(((1, "num_units"),))
    for weight in weights.values():
        text.own += [Declaration(_part(weight, n).id, axes, 0.0, weight.place) for n in range(len(PARTS))]


def _hamilton(e: Binary, left: tuple[Term, ...], right: tuple[Term, ...]) -> tuple[Term, ...]:
    sign = " " if _is_matrix(e.left) or _is_matrix(e.right) else "⊙"
    found: list[Term] = []
    for terms in _PRODUCT:
        total: Term | None = None
        for a, b, plus in terms:
            product = Binary(sign, replace(left[a]), replace(right[b]), e.place)
            total = Binary(plus, total, product, e.place) if total else product
        assert total
        found.append(total)
    return tuple(found)


def _part(e: Symbol, n: int) -> Symbol:
    return replace(e, id=f"{e.id}_{PARTS[n]}", label=f"{e.label}_{PARTS[n]}".lstrip("_"))


def _is_matrix(e: Term) -> bool:
    return isinstance(e, Symbol) and e.step is None and is_capital(e.id)
