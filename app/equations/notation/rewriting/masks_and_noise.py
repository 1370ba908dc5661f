"""What papers draw at random: masks, which are read as their mean, and noise, which is left out."""

from dataclasses import replace

from ....translations.phrases import phrase
from ..parsing.paper_syntax import Apply, Binary, Domain, Equation, Joined, Number, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import rewritten, with_values


def without_noise(text: Text) -> list[Equation]:
    """The equations without noise that is added: + σ N(0, 1)."""

    def is_noise(e: Term) -> bool:
        pairs = (part for part in within(e) if isinstance(part, Binary | Apply))
        return any(_is_normal(part) for part in pairs)

    def written(e: Term) -> Term:
        match e:
            case Binary("+", left, right) if is_noise(right) and not is_noise(left):
                text.notes.append((e.place.line, phrase("Noise that is added is left out.")))
                return written(left)
        return rebuilt(e, written)

    return with_values(text.equations, written)


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
