"""Linear layers, Linear(x) and Linear_q(x), written as products with weights and biases: W x + b."""

from collections.abc import Callable
from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import Apply, Binary, Equation, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import symbols_of
from ..vocabulary.function_words import LINEAR


def with_linear_layers(text: Text) -> list[Equation]:
    """The equations and definitions, with W_q x + b_q for Linear_q(x) wherever it stands, as a layer with a name has
    one weight. One without a name has weights of its own, with the name of the line."""
    values = [own.value for own in text.equations] + [own.value for own in text.definitions.values()]
    layers = [e for value in values for e in within(value)
              if isinstance(e, Apply) and e.function == LINEAR and len(e.arguments) == 1]  # fmt: skip
    if not layers:
        return text.equations
    sentence = phrase("A linear layer has a bias: {linear} is read as {meant}.", linear="Linear(x)", meant="W x + b")
    text.notes.append((layers[0].place.line, sentence))
    own_names = [*symbols_of(text.equations), *(name for d in text.domains for name in d.names)]
    taken = {e.id for e in own_names} | text.own_names
    sizes = {size.id for d in (*text.domains, *text.said_domains) for size in d.sizes if isinstance(size, Symbol)}
    numbered = {e.index[0] for e in layers if len(e.index) == 1 and e.index[0].isdigit()}
    names: dict[str, str] = {}

    def name_of(key: str, wanted: str) -> str:
        """The index of the weights of a layer, which is that of no other weights."""
        if key not in names:
            free = (
                f"{wanted}{n or ''}{'_linear' * is_other}" for is_other in (False, True) for n in (0, *range(2, 99))
            )
            names[key] = next(new for new in free if not {f"W_{new}", f"b_{new}"} & taken)
            taken.update((f"W_{names[key]}", f"b_{names[key]}"))
            text.linear.add(f"W_{names[key]}")
        return names[key]

    def with_weights_of(target: str) -> Callable[[Term], Term]:
        def written(e: Term) -> Term:
            match e:
                case Apply(function, index, (argument,), place) if function == LINEAR:
                    layer = "" if _is_size(index, sizes, numbered) else "".join(index)
                    of = written(argument)
                    own = name_of(f"layer {layer}" if layer else f"place {place}", layer or target)
                    W, b = (Symbol(f"{letter}_{own}", None, place, own) for letter in "Wb")
                    return Binary("+", Binary(" ", W, of, place), b, place)
            return rebuilt(e, written)

        return written

    for id, own in text.definitions.items():
        text.definitions[id] = replace(own, value=with_weights_of(id)(own.value))
    return [replace(own, value=with_weights_of(own.names[0].id)(own.value)) for own in text.equations]


def _is_size(index: tuple[str, ...], sizes: set[str], numbered: set[str]) -> bool:
    """Whether the index of a layer says how long its result is, and is no name: Linear_N, Linear_{d_h}. The only
    number, 1, is the size of one number."""
    match index:
        case (one,):
            return one in sizes or one[0] in "dDN" or (one.isdigit() and len(numbered) == 1)
        case (first, *_):
            return first in ("d", "D", "n", "N", "dim")
    return False
