"""Finishes lines that are written for each layer: which weights each has, what is below the first one, and what is
said of all of them."""

from dataclasses import replace
from itertools import pairwise

from ....core.axes import NUM_UNITS
from ....translations.phrases import phrase
from ..parsing.paper_syntax import Apply, Binary, Domain, Equation, Joined, Number, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import factors_of, is_capital, is_greek, rewritten, switch_of, symbols_of
from ..vocabulary.usual_letters import INPUTS


def with_layers(text: Text) -> list[Equation]:
    """The equations, in which each layer has weights of its own, the first one has the input below it, and h^*_{t-1} is
    the tensors of all layers, one after another."""
    if not text.layer_of:
        return text.equations
    _leave_out_given_layers(text)
    computed = {name.id for own in text.equations for name in own.names}
    uses: dict[str, set[int]] = {}
    for n, layer in text.layer_of.items():
        for e in within(text.equations[n].value):
            if isinstance(e, Symbol) and e.step is None and e.id not in text.indexed | computed and not is_greek(e.id):
                uses.setdefault(e.id, set()).add(layer)
    shared = {id for id, layers in uses.items() if len(layers) > 1} - text.own_names
    if shared and (text.is_shared_said or _are_iterations(text)):
        sentence = phrase("The weights without an index are the same in all lines of {i}: {names}.",
                          i=text.counted, names=", ".join(sorted(shared)))  # fmt: skip
        text.notes.append((text.equations[min(text.layer_of)].place.line, sentence))
        shared = set()
    if shared:
        name = min(shared)
        sentence = phrase("Each layer has weights of its own: {name} is {first} in the first one.", name=name,
                          first=_of_layer(name, 1))  # fmt: skip
        text.notes.append((text.equations[min(text.layer_of)].place.line, sentence))

    def of_layer(e: Symbol, layer: int) -> Symbol:
        return replace(e, id=_of_layer(e.id, layer), label=f"{e.label}{layer}") if e.id in shared else e

    text.linear |= {_of_layer(id, layer) for id in text.linear & shared for layer in text.layer_of.values()}
    layers = [text.layer_of.get(n, 0) for n in range(len(text.equations))]
    found = [rewritten([own], lambda e, layer=layer: of_layer(e, layer))[0]  # type: ignore[misc]
             for own, layer in zip(text.equations, layers, strict=True)]  # fmt: skip
    text.domains += _same_sizes(found, {*text.layer_of.values()})
    found = _without_layers_above(text, found, computed)
    below = (text.below_first - computed) & {e.id for e in symbols_of(found) if e.step is not None}
    found = _with_ones_below(text, found, below)
    found = _with_first_layer(text, found, below)
    wholes = {e.id for e in symbols_of(found) if e.step is not None and e.id.endswith("_star")} - computed

    def written(e: Term) -> Term:
        match e:
            case Symbol(id, int(), place) if id in wholes:
                base = id.removesuffix("_star")
                parts = tuple(replace(e, id=f"{base}_{n}", label=str(n)) for n in sorted({*text.layer_of.values()})
                              if f"{base}_{n}" in computed)  # fmt: skip
                return Joined(parts, place) if len(parts) > 1 else e
        return rebuilt(e, written)

    return [replace(own, value=written(own.value)) for own in found] if wholes else found


def _without_layers_above(text: Text, equations: list[Equation], computed: set[str]) -> list[Equation]:
    """The equations without the terms of a layer above the last one, which no line computes."""
    last = str(max(text.layer_of.values()) + 1)
    stepped = {e.id: e for e in symbols_of(equations) if e.step is not None and e.id in text.indexed - computed}
    above = {id for id in stepped if id.endswith(last) and f"{id.removesuffix(last)}{int(last) - 1}" in computed}
    if not above:
        return equations
    first = stepped[min(above)]
    sentence = phrase("No layer is above the last one, so the terms with {name} are left out there.", name=first.id)
    text.notes.append((first.place.line, sentence))

    def is_above(e: Term) -> bool:
        return any(isinstance(part, Symbol) and part.id in above for part in within(e))

    def written(e: Term) -> Term:
        match e:
            case Binary("+" | "-", left, right) if is_above(right) and not is_sum(right):
                return written(left)
            case Binary("+", left, right) if is_above(left) and not is_sum(left):
                return written(right)
        return rebuilt(e, written)

    whole = {own.names[0].id for own in equations if is_above(own.value) and not any(map(is_sum, within(own.value)))}
    if whole:  # s_top_down = U h_above, a term of other lines
        above |= whole
        equations = [own for own in equations if own.names[0].id not in whole]
    return [replace(own, value=written(own.value)) for own in equations]


def is_sum(e: Term) -> bool:
    return isinstance(e, Binary) and e.sign in "+-"


def _with_ones_below(text: Text, equations: list[Equation], below: set[str]) -> list[Equation]:
    """The equations, with 1 for a gate z_0 below the first layer, where h_0 is the input behind a matrix."""
    rows = [factors_of(e) for own in equations for e in within(own.value) if isinstance(e, Binary) and e.sign == " "]
    names = [[e if isinstance(e, Symbol) else None for e in row] for row in rows]
    behind = {
        b.id for row in names for a, b in pairwise(row) if a and b and a.step is None and is_capital(a.id)
    } & below
    before = {row[0].id for row in names if row[0]} & below
    if len(behind) != 1 or not (gates := below - behind) or not gates <= before:
        return equations
    gate = next(e for e in symbols_of(equations) if e.id in gates)
    sentence = phrase("{gate} is below the first layer, as the input is, and is read as 1.", gate=gate.id)
    text.notes.append((gate.place.line, sentence))

    def written(e: Term) -> Term:
        if isinstance(e, Symbol) and e.id in gates:
            return Number(1.0, e.place)
        match e:
            case Binary(" ", Symbol(id), right) if id in gates:
                return written(right)
        return _without_known_conditions(rebuilt(e, written))

    below -= gates
    return [replace(own, value=written(own.value)) for own in equations]


def _without_known_conditions(e: Term) -> Term:
    """A term without the comparison of two numbers, 1 = 1, and what depends on it."""
    match e:
        case Binary("≐", Number(a), Number(b)):
            return Number(float(a == b), e.place)
        case Binary("⊙", Number(value), other) | Binary("⊙", other, Number(value)) if value in (0, 1):
            return other if value else Number(0.0, e.place)
        case Apply("where", (), (Number(value), a, b)):
            return a if value else b
    return e


def _leave_out_given_layers(text: Text) -> None:
    """Leave out a line that was written for a layer which has a line of its own, h^1_t = … beside h^n_t = …"""
    own = {name.id for n, one in enumerate(text.equations) if n not in text.layer_of for name in one.names}
    kept = [n for n, one in enumerate(text.equations) if n not in text.layer_of or one.names[0].id not in own]
    text.layer_of = {new: text.layer_of[n] for new, n in enumerate(kept) if n in text.layer_of}
    text.equations = [text.equations[n] for n in kept]


def _are_iterations(text: Text) -> bool:
    """Whether the lines are iterations within a step: what they compute is not read at the next step, and some weights
    have an index for each of them, so that the others have none: g_i = g_{i-1} + η_i U (g_{i-1} + h_{t-1})."""
    symbols = [e for n in text.layer_of for e in within(text.equations[n].value) if isinstance(e, Symbol)]
    made = {name.id for n in text.layer_of for name in text.equations[n].names}
    has_state = any(e.step == -1 and e.id in made for e in symbols_of(text.equations))
    computed = {name.id for own in text.equations for name in own.names}
    own = {e.id for e in symbols if e.id in text.indexed and (e.step is None or e.id not in computed)}
    own -= made | text.below_first
    return bool(own) and not has_state


def _with_first_layer(text: Text, equations: list[Equation], below: set[str]) -> list[Equation]:
    """The equations, with the input for s_0, or, if they read x and nothing of the step before, the last layer of that
    step."""
    stepped = [e for e in symbols_of(equations) if e.step is not None]
    is_recurrent = any(e.step == -1 for e in stepped)
    if is_recurrent or not any(e.id in INPUTS for e in stepped) or not below:
        return rewritten(
            equations, lambda e: replace(e, id="x", label="") if e.id in below and e.step is not None else e
        )
    last = max(text.layer_of.values())
    new = {id: f"{id.removesuffix('0')}{last}" for id in below}
    first = next(e for e in stepped if e.id in below)
    sentence = phrase(
        "{first} is read as the last layer of the step before, {last}.", first=first.id, last=new[first.id]
    )
    text.notes.append((first.place.line, sentence))
    return rewritten(
        equations, lambda e: replace(e, id=new[e.id], step=-1) if e.id in below and e.step is not None else e
    )


def _same_sizes(equations: list[Equation], layers: set[int]) -> list[Domain]:
    """That the states of all layers are as long."""
    switches = {own.names[0].id for own in equations if switch_of(own)}
    states = {e.id: e for own in equations for e in within(own.value) if isinstance(e, Symbol) and e.step == -1
              and e.id not in switches}  # fmt: skip
    found: dict[str, list[Symbol]] = {}
    for id, symbol in states.items():
        base, _, end = id.rpartition("_")
        if end.isdigit() and int(end) in layers and not is_capital(id):
            found.setdefault(base, []).append(symbol)
    return [Domain(tuple(each), (Symbol(str(NUM_UNITS), None, each[0].place),), 0.0, each[0].place)
            for each in found.values() if len(each) > 1]  # fmt: skip


def _of_layer(id: str, layer: int) -> str:
    return f"{id}{layer}" if "_" in id else f"{id}_{layer}"
