"""The formula of a softmax, e^{a_i} / \\sum_j e^{a_j}, written as the function."""

from dataclasses import replace

from ..parsing.paper_syntax import Apply, Binary, Equation, Number, Symbol, Term, Text, parts_of, rebuilt
from ..vocabulary.usual_letters import COMPONENTS


def with_softmax(text: Text) -> list[Equation]:
    """The equations, with softmax(a_t) for e^{a_{t,i}} / \\sum_j e^{a_{t,j}}, also in functions that lines define."""
    text.definitions = {id: replace(own, value=_written(own.value)) for id, own in text.definitions.items()}
    computed = {name.id for own in text.equations for name in own.names}
    found = list[Equation]()
    for own in text.equations:
        value, name = _written(own.value), own.names[0]
        is_softmax = isinstance(own.value, Binary) and isinstance(value, Apply)
        if is_softmax and name.label[-1:] in COMPONENTS and _base(name) not in computed:  # p_{t,i} is one of p_t
            name = replace(name, id=_base(name), label=name.label[:-1])
        found.append(replace(own, names=(name, *own.names[1:]), value=value))
    return found


def _written(e: Term) -> Term:
    match e:
        case Binary("/", above, Apply("sum", (letter,), (below,)), place) if letter in COMPONENTS:
            one, each = _exponent(above), _exponent(below)
            if one and each and _is_component(one, each, letter):
                return Apply("softmax", (), (_whole(one, each),), place)
    return rebuilt(e, _written)


def _exponent(e: Term) -> Term | None:
    match e:
        case Apply("exp", (), (of,)) | Binary("^", Symbol(id="e"), of):
            return of
    return None


def _is_component(one: Term, each: Term, letter: str) -> bool:
    """Whether two terms are the same but for the index of a component, which is ``letter`` in the second one."""
    if isinstance(one, Number) and isinstance(each, Number):
        return one.value == each.value
    if isinstance(one, Symbol) and isinstance(each, Symbol):
        has_index = one.step is not None and one.label[-1:] in COMPONENTS
        if one.id == each.id:
            return one.step == each.step and not has_index
        is_of_same = _base(one) == _base(each) and one.step == each.step
        return is_of_same and each.label.endswith(letter) and (has_index or one.step is None)
    parts, others = parts_of(one), parts_of(each)
    is_like = type(one) is type(each) and len(parts) == len(others) > 0
    return is_like and all(_is_component(a, b, letter) for a, b in zip(parts, others, strict=True))


def _base(e: Symbol) -> str:
    return e.id.removesuffix(e.label[-1:]).rstrip("_") if e.label else e.id


def _whole(one: Term, each: Term) -> Term:
    """A term without the indices of its components, but those of the parameters of functions, which have no step."""
    if isinstance(one, Symbol) and isinstance(each, Symbol):
        is_component = one.id != each.id and one.step is not None
        return replace(one, id=_base(one), label=one.label[:-1]) if is_component else one
    others = iter(parts_of(each))
    return rebuilt(one, lambda part: _whole(part, next(others)))
