"""The formula of a softmax, e^{a_i} / \\sum_j e^{a_j}, written as the function."""

import re
from dataclasses import replace

from ..parsing.paper_syntax import Apply, Binary, Domain, Equation, Number, Symbol, Term, Text, parts_of, rebuilt
from ..vocabulary.usual_letters import COMPONENTS

_RANGE = re.compile(
    r"(?P<sum>(?:\\exp|(?<![A-Za-z])exp|(?<![A-Za-z])e\^)[^\n+=]{1,60}?[/{(][ ]?(?:\\sum|∑)(?:\\limits)?[ ]?"
    r"_\{[ ]?(?P<letter>[a-z]))(?P<range>[ ]?=[ ]?1[ ]?\}[ ]?"
    r"\^(?:\{[ ]?(?P<n>[0-9]{1,2}|(?!T)[A-Za-z])[ ]?\}|(?P<m>[0-9]|(?!T)[A-Za-z])))"
    r"(?=[ ]?(?:\\exp|exp)[ ]?(?:\\left)?\((?P<of>[^()\n]{1,40})\)[ ]?(?:[})]|[ ,.$\\]*$)"
    r"|[ ]?e\^\{(?P<exponent>[^{}\n]{1,20}(?:\{[^{}\n]{1,20}\})?[^{}\n]{0,10})\}[ ]?(?:[})]|[ ,.$\\]*$))",
    re.MULTILINE,
)
"""The range of the sum of a softmax, / \\sum_{k=1}^{K} \\exp(a_{t,k})."""


_LAST_INDEX = re.compile(r"(?:[,{]|_)[ ]?([a-z])[ ]?\}[)} ]")
"""The index of the number above a softmax, i of \\exp(e_{t,i})."""
_SUMMED = re.compile(r"\\sum(?:\\limits)?[ ]?_\{[ ]?([a-z])[ ]?=[ ]?[0-9]{1,2}[ ]?\}[ ]?\^\{?[ ]?[0-9A-Z]")


def without_ranges(text: str) -> tuple[str, dict[int, str]]:
    """A text without the ranges of such sums, as long, and how far they count in each line."""
    ends: dict[int, str] = {}

    def written(match: re.Match[str]) -> str:
        if not re.search(rf"(?<![A-Za-z\\]){match['letter']}(?![A-Za-z])", match["of"] or match["exponent"]):
            return match[0]
        index = _LAST_INDEX.search(match["sum"])
        if index and any(found[1] == index[1] for found in _SUMMED.finditer(text)):  # i of a window, written for each
            return match[0]
        ends[text.count("\n", 0, match.start()) + 1] = match["n"] or match["m"]
        return f"{match['sum']}{'}'.ljust(len(match['range']))}"

    return _RANGE.sub(written, text), ends


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
        if is_softmax and (n := text.ends.get(own.place.line)):
            _take_length(text, value, n)
        found.append(replace(own, names=(name, *own.names[1:]), value=value))
    return found


def _take_length(text: Text, softmax: Term, n: str) -> None:
    """Take over how long the argument of a softmax is, if it is a name whose axes the text does not give."""
    match softmax:
        case Apply(_, _, (Symbol(id) as name,), place) if id not in text.all_domains | text.own_names:
            if n.isdigit():
                text.sizes[id] = int(n)
            else:
                text.domains.append(Domain((name,), (Symbol(n, None, place),), 0.0, place))


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
        return is_of_same and each.label.endswith(letter) and (has_index or one.step is None or not one.label)
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
