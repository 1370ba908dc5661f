"""Elements and blocks of tensors, a_t[0], as the results of a split."""

from collections.abc import Iterator
from dataclasses import replace

from ....core.axes import OwnSize
from ....translations.phrases import phrase
from ...limits import MOST_ELEMENTS
from ...places_and_errors import EquationsError, Place
from ..names.names_of_text import NamesOfText
from ..parsing.paper_syntax import Apply, Binary, Equation, Number, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import is_capital
from ..vocabulary.usual_letters import INPUTS


def with_softmax_of_numbers(text: Text) -> list[Equation]:
    """The equations, with a line for each number of s_t = softmax(a_t), if lines compute those of a_t, a_{t,1} and so
    on, and none a_t."""
    computed = {name.id: name for own in text.equations for name in own.names}
    found: list[Equation] = []
    for own in text.equations:
        match own.value:
            case Apply("softmax", (), (Symbol(id, 0),), place) if id not in computed and len(own.names) == 1:
                first = 0 if f"{id}_0" in computed else 1
                last = next((n for n in range(first, MOST_ELEMENTS + 1) if f"{id}_{n}" not in computed), first) - 1
                numbers = [Symbol(f"{id}_{n}", 0, place, str(n)) for n in range(first, last + 1)]
                if len(numbers) > 1:
                    powers = [Apply("exp", (), (number,), place) for number in numbers]
                    for n, power in enumerate(powers, first):
                        total: Term = powers[0]
                        for other in powers[1:]:
                            total = Binary("+", total, other, place)
                        name = replace(own.names[0], id=f"{own.names[0].id}_{n}", label=str(n))
                        found.append(Equation((name,), Binary("/", power, total, place), own.place))
                    continue
        found.append(own)
    return found


def with_elements(text: Text) -> list[Equation]:
    """The equations, with a line that splits a tensor whose elements or blocks they use: a_t[0], a_{t,1}, U[t, 0]. A
    small letter has elements, numbers of each sample; a capital has blocks, and so has what stands behind a matrix."""
    computed = {name.id for own in text.equations for name in own.names}
    behind = [e for own in text.equations for one in within(own.value) for e in _behind_capital(one)]
    blocks: set[str] = set()
    used: dict[str, dict[int, Term]] = {}
    numbered: dict[str, tuple[str, int]] = {}
    for e in (e for own in text.equations for e in within(own.value)):
        match e:
            case Apply("element", (n,), (Symbol(id, step),)):
                if step != 0 or id not in computed:
                    raise _no_whole(text, id, step, e.place)
                used.setdefault(id, {})[int(n)] = e
                blocks |= {id} if is_capital(id) or e in behind else set()
            case Symbol(id, 0, label=label) if label.isdigit() and len(label) < 4 and id not in computed:
                base = id.removesuffix(label).removesuffix("_")
                if base in computed:
                    _check_columns(text, base, e)
                    used.setdefault(base, {})[int(label)] = e
                    blocks |= {base} if is_capital(base) or e in behind else set()
                    numbered[id] = base, int(label)
    if not used:
        return text.equations
    taken = {e.id for own in text.equations for e in (*own.names, *within(own.value)) if isinstance(e, Symbol)}
    names = {
        (id, n): next(new for k in range(99) if (new := f"{id}_{n}{'_' * k}") not in taken - {*numbered})
        for id, own in used.items()
        for n in own
    }

    def written(e: Term) -> Term:
        match e:
            case Apply("element", (n,), (Symbol(id, step),), place):
                return Symbol(names[id, int(n)], step, place)
            case Symbol(id, step, place) if id in numbered:
                return Symbol(names[numbered[id]], step, place)
        return rebuilt(e, written)

    found = [replace(own, value=written(own.value)) for own in text.equations]
    for id, own in used.items():
        first, count, place = min(own), len(own), next(iter(own.values())).place
        parts = [names[id, n] for n in sorted(own)]
        if first == 0 and 1 < max(own) + 1 <= MOST_ELEMENTS and (count > 1 or max(own) > 1):
            parts = [names.get((id, n), f"{id}_{n}") for n in range(max(own) + 1)]
            count = len(parts)
        elif count < 2 or first > 1 or sorted(own) != [*range(first, first + count)]:
            line = f"{id}_1, {id}_2 = split({id}, 2)"
            problem = phrase("which parts {name} has does not follow from this one; write a line such as {line}, and "
                             "use these names", name=id, line=line)  # fmt: skip
            raise EquationsError(problem, place)
        ones = () if id in blocks else (Number(1.0, place),) * count
        whole = Symbol(id, 0, place)
        symbols = tuple(Symbol(part, 0, place) for part in parts)
        found.append(Equation(symbols, Apply("split", (), (whole, *ones), place), place))
        sentence = phrase("{name} has {n} elements, one number each, as the text uses {first} to {last}.", name=id,
                          n=count, first=parts[0], last=parts[-1])  # fmt: skip
        if id in blocks:
            sentence = phrase("{name} has {n} blocks one after another, as the text uses {first} to {last}.", name=id,
                              n=count, first=parts[0], last=parts[-1])  # fmt: skip
        text.notes.append((place.line, sentence))
    return found


def _check_columns(text: Text, id: str, e: Symbol) -> None:
    """EquationsError for a column of a matrix of the step, A_t^k, with what could be written."""
    sizes = next((d.sizes for d in text.domains for name in d.names if (name.id, name.step) == (id, e.step)), ())
    if len(sizes) == 2:
        lines = (
            f"axis K = 3; axis units = num_units; {id}: batch_size, K, num_units; U: K, num_units, units; "
            f"o = sigmoid({id} @ U); z = sum(o, K)"
        )
        problem = phrase(
            "{name} is a column of the matrix {matrix}, which is not read; write the cell in the language of cells "
            "alone, with an axis for the number of a column, such as with these lines, each in a line of its own: "
            "{lines}", name=f"{id}^{e.label}", matrix=id, lines=lines
        )  # fmt: skip
        raise EquationsError(problem, e.place)


def _no_whole(text: Text, id: str, step: int | None, place: Place) -> EquationsError:
    """What is wrong with the parts of a tensor that no line computes."""
    computed = {name.id for own in text.equations for name in own.names}
    if step == 0 and id not in (*computed, *INPUTS):
        t = text.step.strip("_^()")
        line = f"{id}[{t}] = W x[{t}]"
        problem = phrase(
            "no line computes {name}, whose parts the text uses; add one, such as {line}", name=id, line=line
        )
        return EquationsError(problem, place, lines_to_add=(line,))
    problem = phrase("{name} of this step is read by its elements only if a line computes it; give this a name and a "
                     "line of its own", name=id)  # fmt: skip
    return EquationsError(problem, place)


def _behind_capital(e: Term) -> Iterator[Term]:
    """h_t of a product W h_t."""
    match e:
        case Binary(" ", Symbol(id, None), right) if is_capital(id):
            yield right


def with_numbers_of_axis(v: NamesOfText, equation: Equation) -> Equation:
    """A line that splits a tensor into numbers, a_0, a_1 = split(a_t, 2), if it has an axis of this size: A = 2."""
    match equation.value:
        case Apply("split", index, (Symbol(id) as whole, *counts), place) if len(counts) < 2:
            line, count = v.axes.get(id[0].upper()), len(equation.names)
            if line and line.size == OwnSize(((count, ""),)):
                ones = (Number(1.0, place),) * count
                return replace(equation, value=Apply("split", index, (whole, *ones), place))
    return equation
