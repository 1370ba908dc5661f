"""Blocks of lines that a text names and uses several times: (h', m') = LSTM(H, m, W), then LSTM(H, m_1, W_1)."""

from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import Apply, Equation, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import symbols_of


def with_blocks(text: Text) -> list[Equation]:
    """The equations, with the lines of a block for each line that uses it, each with tensors and weights of its own."""
    calls = {n: call for n, own in enumerate(text.equations) if (call := _call(own))}
    for n, call in calls.items():
        uses = {m: other for m, other in calls.items() if m != n and _is_other_use(call, other)}
        names = text.equations[n].names
        others = [own for m, own in enumerate(text.equations) if m not in calls]
        body = _body(others, names, {a.id for a in call.arguments if isinstance(a, Symbol)})
        if not uses or not {name.id for name in names} <= {name.id for own in body for name in own.names}:
            continue
        sentence = phrase(
            "{name} is a block of lines. They are written for each line that uses it.", name=call.function
        )
        text.notes = [
            note for note in text.notes if note[0] not in {call.place.line, *(c.place.line for c in uses.values())}
        ]
        text.notes.append((call.place.line, sentence))
        taken = {e.id for e in symbols_of(text.equations)}
        copies = {m: _copy(body, names, call, text.equations[m], other, i, taken)
                  for i, (m, other) in enumerate(uses.items(), 1)}  # fmt: skip
        found = list[Equation]()
        for m, own in enumerate(text.equations):
            found += copies.get(m, [own] if m != n and own not in body else [])
        return found
    return text.equations


def _call(own: Equation) -> Apply | None:
    """The call of a block that is the whole value of several names, or None."""
    match own.value:
        case Apply("split", (), (Apply(_, (), (_, _, *_)) as call, _)) if len(own.names) > 1:
            return call
    return None


def _is_other_use(call: Apply, other: Apply) -> bool:
    return (call.function, len(call.arguments)) == (other.function, len(other.arguments))


def _body(lines: list[Equation], names: tuple[Symbol, ...], given: set[str]) -> list[Equation]:
    """The lines that the names of a block are computed in, without those of its arguments."""
    by_name = {name.id: own for own in lines for name in own.names}
    found, left = list[Equation](), [name.id for name in names]
    while left:
        own = by_name.get(left.pop())
        if own and own not in found:
            found.append(own)
            left += [e.id for e in within(own.value) if isinstance(e, Symbol) and e.id not in given]
    return [own for own in lines if own in found]


def _copy(
    body: list[Equation], names: tuple[Symbol, ...], call: Apply, use: Equation, other: Apply, n: int, taken: set[str]
) -> list[Equation]:
    """The lines of a block with the names and arguments of a line that uses it."""
    values: dict[str, Term] = {}
    weights: dict[str, str] = {}
    used = {e.id for own in body for e in within(own.value) if isinstance(e, Symbol)}
    for formal, actual in zip(call.arguments, other.arguments, strict=True):
        if isinstance(formal, Symbol):
            values[formal.id] = actual
            if formal.id not in used and isinstance(actual, Symbol):
                weights[formal.id] = actual.id
    left = {name.id: new for name, new in zip(names, use.names, strict=True)}
    inner = {name.id for own in body for name in own.names}
    functions = {e.function for own in body for e in within(own.value) if isinstance(e, Apply)}

    def symbol(e: Symbol) -> Symbol:
        if e.id in left:
            return replace(e, id=left[e.id].id, step=left[e.id].step, label=left[e.id].label)
        base, _, index = e.id.partition("_")
        if base in weights and e.id not in inner:
            return replace(e, id=f"{weights[base]}{index}" if "_" in weights[base] else f"{weights[base]}_{index}")
        return replace(e, id=_new(e.id, n, taken), label=f"{e.label}{n}") if e.id not in functions else e

    def written(e: Term) -> Term:
        if isinstance(e, Symbol):
            return values[e.id] if e.id in values else symbol(e)
        return rebuilt(e, written)

    return [replace(own, names=tuple(map(symbol, own.names)), value=written(own.value)) for own in body]


def _new(id: str, n: int, taken: set[str]) -> str:
    """A name with a number that no other one has."""
    new = f"{id}{n}" if "_" in id else f"{id}_{n}"
    while new in taken:
        new = f"{new}_block"
    return new
