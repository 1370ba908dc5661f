"""Leaves out indices that say nothing about shapes: those of layers, heads, components and styles."""

import re
from collections import Counter
from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import Binary, Equation, Symbol, Text, within
from ..parsing.terms import index_of, is_capital, rewritten, symbols_of
from ..vocabulary.usual_letters import COMPONENTS, CURRENT, INPUTS

IS_X = re.compile("x(?!i$)_?[a-z]?")  # ξ is called xi


def inputs_without_steps(equations: list[Equation], others: set[str]) -> set[str]:
    """The names that have the step of x in a text without steps: x, else what stands behind a matrix, W u, else u, else
    I as a term of a sum."""
    used = {e.id for e in symbols_of(equations)}
    products = [e for own in equations for e in within(own.value) if isinstance(e, Binary) and e.sign == " "]
    behind = {e.right.id for e in products if isinstance(e.left, Symbol) and e.left.id[0].isupper()
              and isinstance(e.right, Symbol) and e.right.id[0].islower()}  # fmt: skip
    factors = {id(part) for e in products for part in within(e.left)}  # (A - I) h has the identity
    sums = [e for own in equations for e in within(own.value) if isinstance(e, Binary) and e.sign in "+-"]
    sides = [side for e in sums for side in (e.left, e.right) if id(side) not in factors]
    of_current = {CURRENT} & {side.id for side in sides if isinstance(side, Symbol)} - others
    return (
        {id for id in used - others if IS_X.fullmatch(id)} or behind - others or used & {*INPUTS} - others or of_current
    )


def without_styles(text: Text) -> None:
    """Call a calligraphic M by its letter, if the text has no other M."""
    symbols = symbols_of(text.equations)
    known = {e.id for e in symbols} | text.own_names | text.all_domains
    plain = {id: new for id in known if (new := re.sub(r"_cal(?=_|$)", "", id, count=1)) != id}
    plain = {id: new for id, new in plain.items() if id not in text.own_names and new not in known}

    def named(e: Symbol) -> Symbol:
        return replace(e, id=plain.get(e.id, e.id))

    text.equations = rewritten(text.equations, named)
    for domains in (text.domains, text.said_domains):
        domains[:] = [replace(one, names=tuple(map(named, one.names))) for one in domains]


def without_components(text: Text) -> list[Equation]:
    """The equations, with x̂_t for x̂^d_t: an index of the line of a tensor that other lines use without it counts its
    components."""
    stepped = {e.id for e in symbols_of(text.equations) if e.step is not None}
    computed = {name.id for own in text.equations for name in own.names}

    def parts(own: Equation, letter: str) -> list[Symbol]:
        """What has an index in a line of a tensor that has it."""
        is_its = own.names[0].step == 0 and own.names[0].label[-1:] == letter
        return [e for e in symbols_of([own]) if e.label.endswith(letter)] if is_its else []

    letters = [own.names[0].label[-1:] for own in text.equations]
    for own, letter in zip(text.equations, letters, strict=True):
        whole = _without_label(own.names[0], letter)
        if letter not in COMPONENTS or whole not in stepped - computed or len(parts(own, letter)) < 3:
            continue
        lines = [line for line in text.equations if len(parts(line, letter)) > 1]
        others = {name.id for line in text.equations if line not in lines for name in line.names}
        if {_without_label(line.names[0], letter) for line in lines} & others:
            continue
        new = {id(e): replace(e, id=_without_label(e, letter), label=e.label[:-1].rstrip("_"))
               for line in lines for e in parts(line, letter)}  # fmt: skip
        sentence = phrase("The index {d} of {name} counts components. It is left out: the line is that of all of them.",
                          d=letter, name=whole)  # fmt: skip
        text.notes.append((own.place.line, sentence))
        return rewritten(text.equations, lambda e, new=new: new.get(id(e), e))  # type: ignore[misc]
    return text.equations


def without_components_of_weights(text: Text) -> list[Equation]:
    """The equations, with λ for λ_j in a line that computes its numbers from those of weights, if other lines use λ
    and none uses λ_j."""
    symbols = [e for own in text.equations for e in within(own.value) if isinstance(e, Symbol)]
    used = {e.id for e in symbols if e.step is None} - {e.id for e in symbols if e.step is not None}
    computed = {name.id for own in text.equations for name in own.names}

    def letter_of(own: Equation) -> str:
        """The letter that counts the numbers of what a line computes, or nothing."""
        name, letter = own.names[0], own.names[0].label[-1:]
        is_one = name.step is None and letter in COMPONENTS and len(own.names) == 1 and not is_capital(name.id)
        return letter if is_one and _without_label(name, letter) in used - computed else ""

    lines = {id(own): letter for own in text.equations if (letter := letter_of(own))}
    elsewhere = {e.id for e in symbols_of([own for own in text.equations if id(own) not in lines])}
    new: dict[str, str] = {}
    for own in (own for own in text.equations if id(own) in lines and own.names[0].id not in elsewhere):
        letter = lines[id(own)]
        new |= {e.id: _without_label(e, letter) for e in symbols_of([own]) if e.label.endswith(letter)}
        new |= {e.id: e.id.replace(f"_{letter}_", "_", 1) for e in symbols_of([own])
                if e.label.startswith(f"{letter}_")}  # fmt: skip
    text.of_components |= {*new.values()} - used - computed
    return _renamed(text.equations, new)


def without_layer(text: Text) -> list[Equation]:
    """The equations, with h_t for h^{(l)}_t, if x and all computed tensors with a step have this index, and no other
    tensor has the name without it: it is that of the layer."""
    names = [name for own in text.equations for name in own.names if name.step is not None]
    letter = names[0].label if names else ""
    if letter not in ("l", "L", "ell"):
        return text.equations
    stepped = [e for e in symbols_of(text.equations) if e.step is not None]
    ids = {e.id for e in symbols_of(text.equations)}
    new = {e.id: _without_label(e, letter) for e in stepped if e.label == letter}
    if {"x", *(name.id for name in names)} & ids - new.keys() or {*new.values()} & ids:
        return text.equations
    sentence = phrase("The layer index {l} is left out: the cell is one layer.", l=letter)
    text.notes.append((stepped[0].place.line, sentence))
    weights = {e.id: e for e in symbols_of(text.equations) if e.step is None and len(e.label) > 1}
    for shorter in (
        {id: _without_first(e) for id, e in weights.items() if e.label[0] == letter},
        {id: _without_label(e, letter) for id, e in weights.items() if e.label[-1] == letter},
    ):
        if len({*shorter.values()}) == len(shorter) > 1 and not {*shorter.values()} & ids:
            new |= shorter  # W_xi for W^l_{xi}
    return _renamed(text.equations, new)


def without_counts(text: Text) -> list[Equation]:
    """The equations without those of numbers that only count steps: s = 4 of h_{t-s}."""
    if not text.counts:
        return text.equations
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    unused = text.counts - used
    return [own for own in text.equations if not {own.names[0].id, own.names[0].id.removesuffix("_l")} & unused]


def without_heads(text: Text) -> list[Equation]:
    """The equations, with q_t and W_q for q^h_t and W^h_q: an index of several lines of tensors that other lines use
    without it counts heads."""
    letters = Counter(own.names[0].label[-1:] for own in text.equations if own.names[0].step == 0)
    if not any(n > 1 and letter.isalpha() for letter, n in letters.items()):
        return text.equations
    stepped = {e.id for e in symbols_of(text.equations) if e.step is not None}
    computed = {name.id for own in text.equations for name in own.names}
    lines: dict[str, list[Equation]] = {}
    for own in text.equations:
        name, letter = own.names[0], own.names[0].label[-1:]
        if name.step == 0 and letter.isalpha() and _without_label(name, letter) in stepped - computed:
            lines.setdefault(letter, []).append(own)
    for letter, found in lines.items():
        if len(found) < 2:
            continue
        new = {e.id: _without_label(e, letter) for e in symbols_of(found) if e.label.endswith(letter)}
        if len({*new.values()}) == len(new):
            name = found[0].names[0]
            sentence = phrase("The index {d} of {name} counts heads. It is left out: each head computes the same.",
                              d=letter, name=new[name.id])  # fmt: skip
            text.notes.append((name.place.line, sentence))
            return _renamed(text.equations, new)
    return text.equations


def _renamed(equations: list[Equation], new: dict[str, str]) -> list[Equation]:
    """Equations with other names."""
    return rewritten(equations, lambda e: replace(e, id=new.get(e.id, e.id)))


def _without_first(symbol: Symbol) -> str:
    """The name of a symbol without the first letter of its index."""
    label = symbol.label[1:]
    label = label.removeprefix("_") if "_" in label else index_of(label)
    return f"{symbol.id.removesuffix(symbol.label)}{label}"


def _without_label(symbol: Symbol, letter: str) -> str:
    """The name of a symbol without the last letter of its index."""
    label = symbol.label.removesuffix(letter)
    label = label.removesuffix("_") if "_" in label else index_of(label)
    return f"{symbol.id.removesuffix(symbol.label)}{label}".removesuffix("_")


def without_lines_of_numbers(text: Text) -> list[Equation]:
    """The equations without those that give the numbers of weights by their indices, A_n = -1/2 + iπ n, beside A."""
    used = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol)}
    computed = {name.id for own in text.equations for name in own.names}

    def weight_of(own: Equation) -> str:
        name = own.names[0]
        base = name.id.removesuffix(f"_{name.label}")
        letters = {*name.label} & {*COMPONENTS}
        counts = any(isinstance(e, Symbol) and e.step in (None, 0) and e.id in letters for e in within(own.value))
        is_weight = name.step is None and base in used - computed - {name.id} and name.id not in used
        return base if letters and {*name.label} == letters and counts and is_weight else ""

    lines = [(own, weight) for own in text.equations if (weight := weight_of(own))]
    for own, weight in lines:
        sentence = phrase("The line of {name} gives the numbers of {weight} by their index, which is not read: "
                          "{weight} is a weight.", name=own.names[0].id, weight=weight)  # fmt: skip
        text.notes.append((own.place.line, sentence))
    left_out = [own for own, _ in lines]
    return [own for own in text.equations if own not in left_out]
