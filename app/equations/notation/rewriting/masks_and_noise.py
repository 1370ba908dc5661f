"""What papers draw at random: masks, which are read as their mean, and noise, which is left out."""

from dataclasses import replace

from ....translations.phrases import phrase
from ...places_and_errors import Place
from ..parsing.paper_syntax import (
    Apply,
    Binary,
    Domain,
    Equation,
    Joined,
    Minus,
    Number,
    Symbol,
    Term,
    Text,
    rebuilt,
    within,
)
from ..parsing.terms import rewritten, with_values


def without_noise(text: Text) -> list[Equation]:
    """The equations without noise that is added: + σ N(0, 1), or + ν of what a sentence calls noise."""

    def is_noise(e: Term) -> bool:
        match e:
            case Symbol(id=id):
                return id in text.noise
            case Minus(of) | Apply("sigma", _, (of,)):  # σ ξ_t
                return is_noise(of)
            case Binary(" " | "·" | "⊙" | "∗" | "/", left, right) if not _is_normal(e):
                return is_noise(left) or is_noise(right)
        return _is_normal(e)

    scales = set[str]()

    def without(noise: Term, place: Place) -> None:
        scales.update(part.id for part in within(noise) if isinstance(part, Symbol) and part.step == 0)
        text.notes.append((place.line, phrase("Noise that is added is left out.")))

    def written(e: Term) -> Term:
        match e:
            case Binary("+" | "-", left, right) if is_noise(right) and not is_noise(left):
                without(right, e.place)
                return written(left)
            case Binary("+", left, right) if is_noise(left) and not is_noise(right):
                without(left, e.place)
                return written(right)
        return rebuilt(e, written)

    found = with_values(text.equations, written)
    unused = scales - {e.id for own in found for e in within(own.value) if isinstance(e, Symbol)}
    return [own for own in found if not {name.id for name in own.names} <= unused]  # σ_t of μ_t + σ_t ε


def with_masks(text: Text) -> list[Equation]:
    """The equations, with the mean of a mask that is drawn at random, one number in all steps unless a line computes
    it."""
    if not text.masks:
        return text.equations
    ids = {name.id for name in text.masks.values()}
    stepped = {own.names[0].id for own in text.equations if own.names[0].step is not None}
    computed = {own.names[0].id for own in text.equations}
    for name in text.masks.values():
        sentence = phrase("{name} is drawn at random. Here it is its mean, as in a trained network.", name=name.id)
        text.notes.append((name.place.line, sentence))
        if name.id not in computed:
            text.said_domains.append(Domain((replace(name, step=None),), (), 0.0, name.place))
    numbers = ids - stepped
    return rewritten(text.equations, lambda e: replace(e, step=None) if e.id in numbers else e)


def _is_normal(e: Term) -> bool:
    """N(0, 1), or N(0, I)."""
    match e:
        case Binary(" ", Symbol(id=id), Joined((Number(), _))) | Apply(id, _, (Number(), _)):
            return id in ("N", "N_cal")
    return False
