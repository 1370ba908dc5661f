"""Rewrites equations that write steps in other ways, as those of a step and the one before."""

import re
from builtins import id as id_of
from collections import Counter
from dataclasses import replace

from ....translations.phrases import phrase
from ...places_and_errors import EquationsError
from ...syntax import Output
from ..parsing.index_parser import wrong_step
from ..parsing.paper_syntax import Apply, Equation, Joined, Symbol, Text, within
from ..parsing.terms import is_capital, is_greek, rewritten, symbols_of
from ..vocabulary.usual_letters import OUTPUTS
from .indices import IS_X, inputs_without_steps


def with_decayed_states(text: Text) -> list[Equation]:
    """The equations, with ĥ_t for ĥ_{t-1}, if a line computes it from h_{t-1} and no line computes ĥ_t."""
    steps: dict[str, set[int | None]] = {}
    for symbol in symbols_of(text.equations):
        steps.setdefault(symbol.id, set()).add(symbol.step)
    found = {
        own.names[0].id: own.names[0]
        for own in text.equations
        if len(own.names) == 1
        and steps[own.names[0].id] == {-1}
        and own.names[0].id not in {e.id for e in within(own.value) if isinstance(e, Symbol)}
    }
    t = text.step.strip("_^()")
    for name in found.values():
        sentence = phrase("{name} of step {t}-1 is computed in this step, so it is read as {meant}.", name=name.id, t=t,
                          meant=f"{name.id}_{t}")  # fmt: skip
        text.notes.append((name.place.line, sentence))
    found_twice = _computed_before(text, {*steps} | text.own_names)
    for name, new in found_twice.values():
        sentence = phrase("{name} of step {t}-1 is computed in this step, beside {meant}. Here it is called {new}.",
                          name=name.id, t=t, meant=f"{name.id}_{t}", new=new)  # fmt: skip
        text.notes.append((name.place.line, sentence))

    def written(e: Symbol, is_own: bool) -> Symbol:
        if e.id in found:
            return replace(e, step=0)
        if e.id in found_twice and e.step == -1 and not is_own:
            return replace(e, id=found_twice[e.id][1], step=0)
        return e

    equations: list[Equation] = []
    for own in text.equations:
        is_own = own.names[0].step == -1  # h_{t-1} = γ_t h_{t-1} reads the value of the step before
        changed = rewritten([own], lambda e, is_own=is_own: written(e, is_own))[0]  # type: ignore[misc]
        equations.append(replace(changed, names=tuple(written(name, False) for name in own.names)))
    return equations


def _computed_before(text: Text, taken: set[str]) -> dict[str, tuple[Symbol, str]]:
    """The tensors that one line computes as h̃_{t-1} and another one as h̃_t, each with a new name for the first."""
    now = {own.names[0].id for own in text.equations if own.names[0].step == 0}
    before = [own.names[0] for own in text.equations if len(own.names) == 1 and own.names[0].step == -1]
    count = Counter(name.id for name in before)
    return {
        name.id: (name, new)
        for name in before
        if count[name.id] == 1 and name.id in now and (new := f"{name.id}_before") not in taken
    }


def with_marks_as_steps(text: Text) -> list[Equation]:
    """The equations, with h_t and h_{t-1} for h' = f(h), if the text has no other steps. x is that of the step."""
    symbols = symbols_of(text.equations)
    computed = {name.id for own in text.equations for name in own.names}
    used = {e.id for e in symbols}
    states = {id for name in computed if (id := _without_mark(name)) != name and id in used - computed}
    if not states or any(e.step is not None for e in symbols):
        return text.equations
    inputs = inputs_without_steps(text.equations, computed | states)
    sentence = phrase("A mark means the new value: {name}' is {name} of this step, and {name} that of the step before.",
                      name=min(states))  # fmt: skip
    text.notes.append((text.equations[0].place.line, sentence))

    def stepped(e: Symbol) -> Symbol:
        if e.id in states:
            return replace(e, step=-1)
        if _without_mark(e.id) in states:
            return replace(e, id=_without_mark(e.id), step=0)
        if e.id in inputs:
            return replace(e, id="x", step=0, label="") if IS_X.fullmatch(e.id) else replace(e, step=0)
        return e

    text.own = [replace(s, name=id) if isinstance(s, Output) and (id := _without_mark(s.name)) in states else s
                for s in text.own]  # fmt: skip
    return rewritten(text.equations, stepped)


def _without_mark(id: str) -> str:
    """A name without its mark, m_1 of m_1', which is m_prime_1."""
    return re.sub(r"_prime(?=_|$)", "", id, count=1)


def with_assignments(text: Text) -> list[Equation]:
    """The equations, with h_t = f(h_{t-1}) for h ← f(h), a name without a step that a line computes from itself. Lines
    before it have the old value, and those behind it the new one."""
    if not any(own.names[0].step is None for own in text.equations):
        return text.equations
    stepped = {e.id for e in symbols_of(text.equations) if e.step is not None} | text.own_names
    lines: dict[str, list[int]] = {}
    for n, own in enumerate(text.equations):
        name = own.names[0]
        is_own = any(isinstance(e, Symbol) and e.id == name.id for e in within(own.value))
        is_block = isinstance(own.value, Apply) and own.value.function == "where" and is_capital(name.id)
        if len(own.names) == 1 and name.id not in stepped and (is_own or name.id in lines) and not is_block:
            lines.setdefault(name.id, []).append(n)
    if not lines:
        return text.equations
    first = text.equations[next(iter(lines.values()))[0]].names[0]
    sentence = phrase("{name} is computed from itself, so it is a state: its new value from that of the step before.",
                      name=first.id)  # fmt: skip
    text.notes.append((first.place.line, sentence))

    def at(e: Symbol, line: int, is_left: bool) -> Symbol:
        if e.id not in lines or e.step is not None:
            return e
        count = sum(n < line for n in lines[e.id]) + is_left  # how often it was computed before
        if not count:
            return replace(e, step=-1)
        is_last = count == len(lines[e.id])
        return replace(e, id=e.id if is_last else f"{e.id}_new{count if count > 1 else ''}", step=0)

    return [
        replace(
            rewritten([own], lambda e, n=n: at(e, n, False))[0],  # type: ignore[misc]
            names=tuple(at(name, n, True) if n in lines.get(name.id, ()) else name for name in own.names),
        )
        for n, own in enumerate(text.equations)
    ]


def with_missing_steps(text: Text) -> list[Equation]:
    """The equations, with x_{t-1} for x in x(t) = f(x, I), if the text has no step before. Other arguments of such
    functions, which are no Greek letters, are inputs of the step."""
    symbols = symbols_of(text.equations)
    states = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol) and e.step is None
              and any((name.id, name.step) == (e.id, 0) for name in own.names)}  # fmt: skip
    if not states or any(e.step is not None and e.step < 0 for e in symbols) or text.shifted:
        return text.equations
    state = next(name for own in text.equations for name in own.names if name.id in states)
    t = text.step.strip("_^()")
    sentence = phrase("{name} without a step is read as that of the step before, beside {meant}.", name=state.id,
                      meant=f"{state.id}_{t}")  # fmt: skip
    text.notes.append((state.place.line, sentence))
    calls = [e for own in text.equations for e in within(own.value) if isinstance(e, Apply) and len(e.arguments) > 1]
    inputs = {
        a.id for e in calls for a in e.arguments if isinstance(a, Symbol) and a.step is None and not is_greek(a.id)
    }

    def stepped(e: Symbol) -> Symbol:
        if e.step is None and e.id in states | inputs:
            return replace(e, step=-1 if e.id in states else 0)
        return e

    return rewritten(text.equations, stepped)


def without_tuples(text: Text) -> list[Equation]:
    """The equations without those that only name several tensors as one, s_t = (h_t, c_t), which no other one uses."""
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}

    def is_unused(own: Equation) -> bool:
        names = own.value.parts if isinstance(own.value, Joined) else ()
        are_tensors = bool(names) and all(isinstance(e, Symbol) and e.step is not None for e in names)
        return are_tensors and len(own.names) == 1 and own.names[0].id not in used | text.own_names and twice(own)

    def twice(own: Equation) -> bool:
        return sum(own.names[0].id == other.names[0].id for other in text.equations) > 1 or own.names[0].step != 0

    for own in (own for own in text.equations if is_unused(own)):
        sentence = phrase("{name} only names several tensors as one, and no line uses it. It is left out.",
                          name=own.names[0].id)  # fmt: skip
        text.notes.append((own.place.line, sentence))
    return [own for own in text.equations if not is_unused(own)]


def without_cycles(text: Text) -> list[Equation]:
    """The equations, with M_{t-1} for M_t in the lines that M_t is computed from, w_t = f(M_t) of a memory. There M
    must be the only state of the cycle, or its only capital."""
    by_name = {name.id: own for own in text.equations for name in own.names}
    needs = {id: {e.id for e in within(own.value) if isinstance(e, Symbol) and e.step == 0} & by_name.keys()
             for id, own in by_name.items()}  # fmt: skip
    before = {e.id for e in symbols_of(text.equations) if e.step == -1}

    def reached(start: str) -> set[str]:
        found, left = set[str](), [start]
        while left:
            new = needs[left.pop()] - found
            found |= new
            left += new
        return found

    all_reached = {id: reached(id) for id in by_name}
    cyclic = {id: {other for other in all_reached[id] if id in all_reached[other]} - {id} for id in by_name}
    changed: dict[int, str] = {}
    for id in (id for id in sorted(by_name) if id in before and cyclic[id] and id not in needs[id]):
        states = (cyclic[id] | {id}) & before
        if states == {id} or {one for one in states if is_capital(one)} == {id}:
            for other in (other for other in sorted(cyclic[id]) if id in needs[other]):
                changed[id_of(by_name[other])] = id
                sentence = phrase("{M} is computed from {w}, so {w} is computed from {M} of the step before.", M=id,
                                  w=other)  # fmt: skip
                text.notes.append((by_name[other].place.line, sentence))

    def earlier(e: Symbol, own: Equation) -> Symbol:
        return replace(e, step=-1) if e.id == changed.get(id_of(own)) and e.step == 0 else e

    return [replace(rewritten([own], lambda e, own=own: earlier(e, own))[0], names=own.names)  # type: ignore[misc]
            for own in text.equations]  # fmt: skip


def shifted(text: Text) -> list[Equation]:
    """The equations, with h_t = f(h_{t-1}, x_t) for h_{t+1} = f(h_t, x_t): each tensor that has a step t+1 is counted
    from one step earlier. EquationsError if a line computes such a tensor at t."""
    later = {e.id: e for e in symbols_of(text.equations) if e.step == 1}
    if not later:
        return text.equations
    readouts = _readouts(text, {*later})
    now = {name.id for own in text.equations for name in own.names if name.step == 0}
    for id, symbol in later.items():
        if id in now:
            raise EquationsError(wrong_step(text.step.strip("_^()")), symbol.place)

    def earlier(symbol: Symbol) -> Symbol:
        is_later = symbol.id in later and symbol.step is not None
        return replace(symbol, step=(symbol.step or 0) - 1) if is_later else symbol

    text.shifted = next(iter(later.values()))
    if not readouts:
        return rewritten(text.equations, earlier)
    others = rewritten([own for own in text.equations if own.names[0].id not in readouts], earlier)
    before = {own.names[0].id: own for own in text.equations if own.names[0].id in readouts}
    kept = iter(rewritten(others, lambda e: replace(e, step=-1) if e.id in readouts and e.step == 0 else e))
    return [own if own.names[0].id in before else next(kept) for own in text.equations]


def _readouts(text: Text, later: set[str]) -> set[str]:
    """The outputs that lines compute of step t from the new values of h_{t+1} = f(h_t, x_{t+1}, y_t): y_t = g(h_t, x_t)
    where the input of the step t+1 is read, so that t+1 is only another name of t, and what they are computed from."""
    symbols = symbols_of(text.equations)
    computed = {name.id for own in text.equations for name in own.names}
    given = {e.id for e in symbols if e.step is not None} - computed
    if not given or not given <= later:
        return set()
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    parts = {own.names[0].id: [e for e in symbols_of([own]) if e not in own.names and e.step is not None]
             for own in text.equations if len(own.names) == 1 and own.names[0].step == 0}  # fmt: skip
    of_now = {*parts}
    while others := {id for id in of_now if not _is_of_now(parts[id], later, of_now)}:
        of_now -= others
    said = {s.name for s in text.own if isinstance(s, Output)}
    left = [
        id for id in of_now if id[0] in OUTPUTS or id not in used or id in said or given & {e.id for e in parts[id]}
    ]
    found = set[str]()
    while left:  # a spike that the output is computed from
        found.add(id := left.pop())
        left += {e.id for e in parts[id]} & of_now - found
    return found


def _is_of_now(parts: list[Symbol], later: set[str], others: set[str]) -> bool:
    """Whether a line has new values alone, of this step, and what others of its kind were."""
    is_new = any(e.step == 0 for e in parts)
    return is_new and all(e.id in others if e.step == -1 else e.step == 0 and e.id in later | others for e in parts)
