"""What terms are, and what they are made of: capitals, Greek letters, summands, factors."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from ....translations.phrases import Phrase, phrase
from ...function_syntax import FUNCTIONS
from ..vocabulary.function_words import PIECEWISE
from ..vocabulary.latex_commands import ACCENTS, GREEK
from ..vocabulary.usual_letters import INPUTS
from .paper_syntax import (
    Apply,
    Binary,
    Equation,
    Minus,
    Number,
    Symbol,
    Term,
    Transposed,
    rebuilt,
    within,
)


def has_accent(e: Apply) -> bool:
    """Whether a function is one with a mark above it, which is another one than that without."""
    return e.index[:1] != () and e.index[0] in ACCENTS.values()


def is_peephole(weight: Term, other: Term) -> bool:
    """Whether a matrix is probably diagonal: a peephole W_ci c_{t-1}, or W_ic c_{t-1}, or eigenvalues Λ x_{t-1}."""
    if isinstance(weight, Symbol) and weight.id.partition("_")[0] == "Lambda":
        return isinstance(other, Symbol) and other.step == -1
    label = weight.label if isinstance(weight, Symbol) else ""
    is_named = len(label) == 2 and "c" in label and "h" not in label  # W_hc leads from c to h
    return is_named and isinstance(other, Symbol) and other.id.lower() == "c"


def index_of(labels: Sequence[str], may_be_greek: bool = False) -> str:
    """The labels of a name as its index. Letters that together name a Greek letter are set apart: x and i are no ξ."""
    joined = "".join(labels)
    is_word = len(labels) > 1 and joined in GREEK and not may_be_greek
    return "_".join(labels) if is_word or any(len(one) > 1 for one in labels) else joined


def is_greek(id: str) -> bool:
    """Whether a name begins with a small Greek letter."""
    return id.partition("_")[0] in GREEK or id == "dt"


def is_capital(id: str) -> bool:
    return id[:1].isupper()


def is_turned_vector(e: Term) -> bool:
    """Whether a term is a transposed vector of the step, a product of such tensors or a sum with one: kᵀ, (β k)ᵀ,
    (v - S k)ᵀ."""
    if not isinstance(e, Transposed):
        return False
    return all(map(_is_small, factors_of(e.of))) or any(map(_is_small, summands_of(e.of)))


def _is_small(e: Term) -> bool:
    """Whether a term is a small letter with a step, or the input."""
    return isinstance(e, Symbol) and (e.step is not None or e.id == INPUTS[0]) and not is_capital(e.id)


def summands_of(e: Term) -> Iterator[Term]:
    match e:
        case Binary("+" | "-", left, right):
            yield from summands_of(left)
            yield from summands_of(right)
        case Minus(of):
            yield from summands_of(of)
        case _:
            yield e


def factors_of(e: Term) -> list[Term]:
    """What stands beside each other in a product."""
    if isinstance(e, Binary) and e.sign == " ":
        return [*factors_of(e.left), *factors_of(e.right)]
    return [e]


def parts_of_one(equation: Equation) -> bool:
    """Whether a line splits a tensor into numbers: a, b = split(p, 1, 1)."""
    match equation.value:
        case Apply("split", _, (_, *sizes)):
            return len(sizes) == len(equation.names) and all(isinstance(n, Number) and n.value == 1 for n in sizes)
    return False


def equal_parts(n: int) -> Phrase:
    """What is said of a line that splits a vector."""
    return phrase("Several names at the left are read as equal parts, one after another: {example}.",
                  example=f"split(…, {n})")  # fmt: skip


def is_one(e: Term) -> bool:
    return isinstance(e, Number) and e.value == 1


def is_of_numbers(e: Term) -> bool:
    """Whether a term is computed from numbers alone."""
    return all(isinstance(part, Number | Minus | Binary) for part in within(e))


def is_difference_of_names(e: Term) -> bool:
    """Whether a name or a number is taken from a name: v - θ."""
    match e:
        case Binary("-", Symbol(), Symbol() | Number()):
            return True
    return False


def is_alias(equation: Equation) -> bool:
    """Whether a line names a function: σ = tanh."""
    known = (*FUNCTIONS, *PIECEWISE)
    return equation.names[0].step is None and isinstance(equation.value, Symbol) and equation.value.id in known


def rewritten(equations: list[Equation], of: Callable[[Symbol], Symbol]) -> list[Equation]:
    """Equations with other symbols."""

    def written(e: Term) -> Term:
        return of(e) if isinstance(e, Symbol) else rebuilt(e, written)

    return [replace(own, names=tuple(map(of, own.names)), value=written(own.value)) for own in equations]


def symbols_of(equations: Iterable[Equation]) -> list[Symbol]:
    return [e for own in equations for e in (*own.names, *within(own.value)) if isinstance(e, Symbol)]


def with_values(equations: list[Equation], written: Callable[[Term], Term]) -> list[Equation]:
    return [replace(own, value=written(own.value)) for own in equations]


def bare_of(e: Term) -> Term:
    """A term without its transposition."""
    return e.of if isinstance(e, Transposed) else e


def switch_of(own: Equation) -> Symbol | None:
    """The tensor that decides whether a tensor is 1 or 0, z̃_t of z_t = 1 if z̃_t > 0.5, else 0; None for others."""
    match own.value:
        case Apply("where", (), (Binary(_, Symbol(_, 0) as e, Number()), Number(1.0 | 0.0), Number(1.0 | 0.0))):
            return e
    return None
