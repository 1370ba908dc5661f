"""Biases as papers write them: W [1; x], and b_t of a step."""

from collections import Counter
from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import Binary, Equation, Joined, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import is_one, rewritten, symbols_of, with_values


def with_biases(text: Text) -> list[Equation]:
    """The equations, with W u + b for W [1; u]: the column of W that is multiplied with 1 is a bias."""

    def written(e: Term) -> Term:
        match e:
            case Binary(" " | "·" as sign, left, right, place):
                weight, joined = (left, right) if isinstance(right, Joined) else (right, left)
                if isinstance(weight, Symbol) and weight.step is None and isinstance(joined, Joined):
                    rest = tuple(written(part) for part in joined.parts if not is_one(part))
                    if len(rest) == len(joined.parts) - 1 and rest:
                        vector = rest[0] if len(rest) == 1 else Joined(rest, joined.place)
                        one, other = (weight, vector) if weight is left else (vector, weight)
                        bias = Symbol("_".join(part for part in ("b", weight.label or weight.id) if part), None, place)
                        sentence = phrase("The 1 in the brackets is multiplied with a bias, {b}.", b=bias.id)
                        text.notes.append((place.line, sentence))
                        return Binary("+", Binary(sign, one, other, place), bias, place)
        return rebuilt(e, written)

    return with_values(text.equations, written)


def with_biases_of_step(text: Text) -> list[Equation]:
    """The equations, with a weight for a bias with a step that no line computes and that is added wherever it stands:
    b_t, or d_i of a gate i_i beside d_f and d_o of others."""
    symbols = symbols_of(text.equations)
    known = {name.id for own in text.equations for name in own.names} | text.own_names | text.all_domains
    sums = [e for own in text.equations for e in within(own.value) if isinstance(e, Binary) and e.sign in "+-"]
    added = [part for e in sums for part in (e.left, e.right) if isinstance(part, Symbol)]
    t, taken = text.step.strip("_^()"), {e.id for e in symbols}
    siblings = Counter(e.id[0] for e in {e.id: e for e in symbols if e.step is None}.values()
                       if e.label and e.label[0] in known and e.id == f"{e.id[0]}_{e.label}")  # fmt: skip
    biases = {"b", *(id for id, n in siblings.items() if n > 1 and t in known)}
    uses = [e for e in symbols if e.step == 0 and e.id.partition("_")[0] in biases and e.id not in known]
    others = {e.id for e in uses if not any(e is part for part in added)}
    new = {e.id: f"{e.id}_{t}" if "_" not in e.id else f"{e.id}{t}" for e in uses if e.id not in others}
    new = {name: weight for name, weight in new.items() if weight not in taken}
    for name in new:
        place = next(e.place for e in uses if e.id == name)
        text.notes.append((place.line, phrase("No line computes {name}, so it is a bias of weights.", name=name)))
    return rewritten(
        text.equations, lambda e: replace(e, id=new[e.id], step=None) if e.step == 0 and e.id in new else e
    )
