"""States that papers give to a solver of differential equations, as one step of Euler's method."""

from ....translations.phrases import phrase
from ...places_and_errors import EquationsError
from ..parsing.paper_syntax import Apply, Binary, Equation, Symbol, Term, Text, rebuilt
from ..parsing.terms import symbols_of
from ..refused_forms import whole_cell
from ..vocabulary.latex_commands import GREEK

_SOLVERS = ("odesolve", "odesolver", "odeint", "odeblock")
_TIME = "t"
_ELAPSED = "elapsed time"


def with_solver_steps(text: Text) -> list[Equation]:
    """The equations, with h_{t-1} + Δ_t f(h_{t-1}) for ODESolve(f, h_{t-1}, (t_{i-1}, t_i)), where Δ_t is an input. The
    formula of f must be given."""
    t = text.step.strip("_^()")

    def written(e: Term) -> Term:
        match e:
            case Apply(name, (), (function, state, *times), place) if name.lower() in _SOLVERS:
                change = _change(text, function, state)
                duration = next((one for one in times if _is_duration(one)), None)
                if not isinstance(duration, Symbol):
                    duration = Symbol(_name_of_duration(text), 0, place)
                    text.inputs.setdefault(duration.id, _ELAPSED)
                sentence = phrase("{name} is read as one step of Euler's method, {line}.", name=name,
                                  line=f"h_{{{t}-1}} + {duration.id}_{t} · f(h_{{{t}-1}})")  # fmt: skip
                text.notes.append((place.line, sentence))
                return Binary("+", state, Binary(" ", duration, change, place), place)
        return rebuilt(e, written)

    return [Equation(own.names, written(own.value), own.place) for own in text.equations]


def _is_duration(e: Term) -> bool:
    """Whether an argument is a time between two steps, Δt, and no time or list of times."""
    return isinstance(e, Symbol) and e.id.partition("_")[0] in ("Delta", "delta", "tau", "dt", "Dt")


def _name_of_duration(text: Text) -> str:
    used = {e.id for e in symbols_of(text.equations)}
    return next(id for n in range(len(used) + 1) if (id := f"Delta{n or ''}") not in used)


def _change(text: Text, function: Term, state: Term) -> Term:
    """What the function of a solver is of a state."""
    match function:
        case Symbol(id=id, label=label):
            base = id.removesuffix(label).removesuffix("_")
            index = (label,) if label else ()
        case Apply(base, index, _):
            id = "_".join((base, *index))
        case _:
            return function
    if not (own := text.definitions.get(id)):
        name = "_".join(f"\\{part}" if part in GREEK else part for part in (base, *index))
        line = f"{name}(h) = tanh(W_{base} h + b_{base})"
        raise EquationsError(whole_cell(id, line), function.place, lines_to_add=(line,))
    arguments = (state, Symbol(_TIME, None, state.place))[: len(own.parameters)]
    return Apply(base, index, arguments, function.place)
