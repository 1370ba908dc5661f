"""Means, variances and normalisations of papers, written with the functions of the cell language."""

import re

from ....core.ops.reductions import SMALLEST_VARIANCE
from ....translations.phrases import phrase
from ...places_and_errors import EquationsError, Place
from ..parsing.paper_syntax import Apply, Binary, Equation, Number, Symbol, Term, Text, rebuilt, within
from ..parsing.terms import symbols_of
from ..vocabulary.function_words import NORMALISATIONS

MOMENTS = ("expectation", "variance")

_BLANK = r"\s{1,4}"
_OVER_UNITS = re.compile(
    rf"\b(?:over|across|along){_BLANK}(?:(?:all|the|its|hidden|feature){_BLANK}){{0,3}}"
    r"(?:units|features|neurons|components|elements|dimensions?|channels|layer)\b"
)
_OVER_BATCH = re.compile(r"\b(?:mini-?)?batch\b", re.IGNORECASE)
_IN_LAYER = re.compile(r"\blayer[ -]normali[sz]", re.IGNORECASE)


def axis_of_means(text: str) -> str:
    """What a text says that means are over: units, batch, or nothing."""
    is_of_units = _OVER_UNITS.search(text) or (_IN_LAYER.search(text) and not _OVER_BATCH.search(text))
    return "units" if is_of_units else "batch" if _OVER_BATCH.search(text) else ""


def with_normalisations(text: Text) -> list[Equation]:
    """The equations, with means, variances and normalisations as operations of the cell language: LN(a; α, β) is
    α ⊙ layer_norm(a) + β. EquationsError if they are over a batch, as samples do not depend on each other here."""
    aliases = {own.names[0].id for own in text.equations if own.names[0].id in NORMALISATIONS}
    known = {*NORMALISATIONS, *MOMENTS, "dropout"}
    if not any(isinstance(e, Apply) and e.function in known for own in text.equations for e in within(own.value)):
        return text.equations
    taken = {e.id for e in symbols_of(text.equations)}
    found: list[Equation] = []
    target = text.equations[0].names[0]

    def named(e: Term) -> Symbol:
        """A name of a term that is used several times, with a line of its own."""
        if isinstance(e, Symbol):
            return e
        id = next(new for n in range(999) if (new := f"{target.id}_raw{n or ''}") not in taken)
        taken.add(id)
        symbol = Symbol(id, target.step, e.place)
        found.append(Equation((symbol,), e, e.place))
        return symbol

    def note(e: Apply, sentence: str) -> None:
        text.notes.append((e.place.line, sentence))

    def written(e: Term) -> Term:
        match e:
            case Apply(name, _, (argument,), place) if name in MOMENTS:
                _check_axis(text, e)
                note(e, phrase("Means and variances are over the units."))
                inner = written(argument)
                return _variance(named(inner), place) if name == "variance" else _mean(inner, place)
            case Apply("dropout", _, (argument, *_)):
                note(e, phrase("{name} is left out, as in a trained network.", name="Dropout"))
                return written(argument)
            case Apply(name, index, (argument, *more), place) if name in NORMALISATIONS and len(more) < 3:
                if name == "batch_norm" and name not in aliases:
                    raise _batch_norm(place)
                if name == "rms_norm":
                    note(e, phrase("RMSNorm(a) is read as a / sqrt(mean(a²) + ε), without a weight."))
                text.vectors |= {one.id for one in more if isinstance(one, Symbol) and one.step is None}
                inner = named(written(argument)) if name in ("l2_norm", "rms_norm") else written(argument)
                return _scaled(_normalised(name, index, inner, place), [*map(written, more)])
        return rebuilt(e, written)

    for own in text.equations:
        target = own.names[0]
        found.append(Equation(own.names, written(own.value), own.place))
    return found


def _normalised(name: str, index: tuple[str, ...], a: Term, place: Place) -> Term:
    if name == "l2_norm":
        return Binary("/", a, Apply("norm", (), (a,), place), place)
    if name == "rms_norm":
        square = _mean(_square(a, place), place)
        root = Apply("sqrt", (), (Binary("+", square, Number(SMALLEST_VARIANCE, place), place),), place)
        return Binary("/", a, root, place)
    return Apply(name, index, (a,), place)


def _scaled(e: Term, more: list[Term]) -> Term:
    """A normalised term with its scale and shift, if it has these."""
    if more and not _is_number(more[0], 1.0):
        e = Binary("⊙", more[0], e, e.place)
    if len(more) > 1 and not _is_number(more[1], 0.0):
        e = Binary("+", e, more[1], e.place)
    return e


def _is_number(e: Term, value: float) -> bool:
    return isinstance(e, Number) and e.value == value


def _mean(a: Term, place: Place) -> Term:
    return Apply("mean", (), (a,), place)


def _variance(a: Term, place: Place) -> Term:
    return _mean(_square(Binary("-", a, _mean(a, place), place), place), place)


def _square(a: Term, place: Place) -> Term:
    return Binary("^", a, Number(2.0, place), place)


def _check_axis(text: Text, e: Apply) -> None:
    """EquationsError for a mean unless the text says that it is over the units."""
    example = "layer_norm(a)"
    if text.axis_of_means == "batch":
        problem = phrase("a mean over a batch is not read, as samples do not depend on each other; leave batch "
                         "normalisation out, as it is a scale and a shift at test time, or write {example}",
                         example=example)  # fmt: skip
        raise EquationsError(problem, e.place)
    if not text.axis_of_means:
        line = "where means are over the units"
        problem = phrase("a mean or variance: if it is over the units, as in layer normalisation, add the line "
                         "“{line}”; if it is over a batch, leave it out, or write {example}", line=line,
                         example=example)  # fmt: skip
        raise EquationsError(problem, e.place, lines_to_add=(line,))


def _batch_norm(place: Place) -> EquationsError:
    lines = "BN = identity", "BN = layer_norm"
    problem = phrase("batch normalisation has means over a batch, which is not read. Add the line {left_out}, which "
                     "keeps its scale and its shift as at test time, or {other}", left_out=lines[0],
                     other=lines[1])  # fmt: skip
    return EquationsError(problem, place, lines_to_add=lines)
