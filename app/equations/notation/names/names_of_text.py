"""The names of a text: the input, states, weights, numbers and functions, and what is open."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from ....core.axes import OwnSize
from ...syntax import ONE_NUMBER, AxisLine, Declaration, Output
from ..parsing.paper_syntax import Apply, Equation, Symbol, Term, Text, within
from ..parsing.terms import has_accent, is_difference_of_names
from ..vocabulary.usual_letters import DEFAULTS, FREE_FUNCTIONS, IDENTITY

TYPICAL = ("sigmoid", "tanh", "relu", "silu", "elu", "gelu")


@dataclass
class NamesOfText:
    """The names of a text.

    ``computed`` maps each name to its equation. ``given`` are tensors of a step that no line computes, ``weights``
    names without a step that none computes, both by their first use. ``starts`` are values before the first step,
    ``aliases`` the functions that the text names, ``functions`` those that it only uses, ``calls`` those of
    several terms. ``numbers`` are computed
    from numbers alone, ``sizes`` are lengths, such as d in √d. ``oldest`` is the oldest step of each name, such as
    -1. ``outputs`` are the tensors that could be the output, the likeliest first. ``renamed`` are names that differ
    in the cell language. ``mathematical`` are those of ``NUMBERS`` that the text uses as such. ``stepless`` are new
    names of tensors that differ from others only by having no step,
    ``inlined`` names of sums of matrices that are written where they are used, ``matrices`` capitals to which lines add
    outer products of columns, v kᵀ. ``open_starts`` are states whose start only words
    of the text say. ``slot_of_input`` is the name of a feature of the
    input, x_{t,j}. ``is_turned``: whether rows before
    matrices are read as columns, Wᵀ x for x W. ``has_identity``: whether I is the identity, and no weight;
    ``is_identity_open``: whether this is a guess.
    """

    text: Text
    computed: dict[str, Equation] = field(default_factory=dict)
    starts: dict[str, float] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, Equation] = field(default_factory=dict)
    given: dict[str, Symbol] = field(default_factory=dict)
    weights: dict[str, Symbol] = field(default_factory=dict)
    oldest: dict[str, int] = field(default_factory=dict)
    functions: dict[str, Apply] = field(default_factory=dict)
    calls: list[Apply] = field(default_factory=list)
    input: str = "x"
    sizes: dict[str, Symbol] = field(default_factory=dict)
    outputs: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    mathematical: dict[str, Symbol] = field(default_factory=dict)
    stepless: dict[str, str] = field(default_factory=dict)
    inlined: dict[str, Equation] = field(default_factory=dict)
    matrices: set[str] = field(default_factory=set)
    is_turned: bool = False
    slot_of_input: str = ""
    open_starts: set[str] = field(default_factory=set)
    has_identity: bool = False
    is_identity_open: bool = False

    @property
    def declared(self) -> dict[str, Declaration]:
        return {d.name: self._as_number(d) for d in self.text.own if isinstance(d, Declaration)}

    def _as_number(self, d: Declaration) -> Declaration:
        """A weight whose only axis has the size 1 is one number: zeta: one."""
        (line,) = [self.axes.get(str(axis)) for axis in d.axes] if len(d.axes) == 1 else (None,)
        is_number = line is not None and line.size == OwnSize(((1, ""),))
        return replace(d, axes=ONE_NUMBER) if is_number else d

    @property
    def axes(self) -> dict[str, AxisLine]:
        return {a.name: a for a in self.text.own if isinstance(a, AxisLine)}

    @property
    def states(self) -> list[str]:
        return [id for id in self.computed if self.oldest.get(id, 0) < 0 or id in self.declared]

    @property
    def output_line(self) -> Output | None:
        return next((o for o in self.text.own if isinstance(o, Output)), None)

    def function(self, e: Apply) -> str:
        """Our name of a function."""
        whole = "_".join((e.function, *e.index))
        key = e.function if e.function in self.aliases and not has_accent(e) else whole
        key = key if self.is_open(e.function) or key in self.aliases else e.function
        if key == "H" and key not in self.aliases and is_difference_of_names(e.arguments[0]):
            return "heaviside"  # of a potential and its threshold
        plain = "_".join((e.function, *e.index[1:])) if has_accent(e) else key  # as without its mark
        usual = DEFAULTS.get(plain) or (DEFAULTS["sigma"] if e.function == "sigma" else "")
        possible = self.text.possible_functions.get(key, []) if self.is_open(e.function) else []
        known = self.aliases.get(key) or (usual if usual in possible or not possible else possible[0])
        return known or ("tanh" if self.is_open(e.function) else e.function)

    def is_open(self, function: str) -> bool:
        """Whether a name of a function says nothing about which one it is."""
        return function in FREE_FUNCTIONS or function in self.text.open_functions

    def is_period(self, id: str) -> bool:
        """Whether the step is counted modulo a name: t mod T_i."""
        calls = (e for own in self.computed.values() for e in within(own.value) if isinstance(e, Apply))
        return any(e.function == "mod" and getattr(e.arguments[-1], "id", "") == id for e in calls)

    def is_weight(self, e: Term) -> bool:
        return isinstance(e, Symbol) and e.id in self.weights

    def is_identity(self, e: Term | str) -> bool:
        """Whether a term, or a name, is the identity matrix."""
        id = e if isinstance(e, str) else e.id if isinstance(e, Symbol) else ""
        return id == IDENTITY and self.has_identity and id in self.weights

    def name(self, id: str) -> str:
        """The name in the cell language."""
        return self.renamed.get(id, id)


def alternatives(first: str, of_vector: bool) -> Iterable[str]:
    """The usual functions, of a number or ``of_vector``, one of them first."""
    return dict.fromkeys((first, *TYPICAL, *(("softmax",) if of_vector else ())))
