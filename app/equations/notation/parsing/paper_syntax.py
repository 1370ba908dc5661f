"""What papers write, parsed: names with their step, and operations without what these mean for shapes."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ...places_and_errors import Place
from ...syntax import Assignment, Statement


@dataclass(frozen=True, eq=False)
class Number:
    value: float
    place: Place


@dataclass(frozen=True, eq=False)
class Symbol:
    """A name, without its step: ``W_xh``, ``h_tilde``. ``step`` is 0 for h_t, -1 for h_{t-1}, None if it has none.
    ``label`` is the index alone: ``xh``."""

    id: str
    step: int | None
    place: Place
    label: str = ""


@dataclass(frozen=True, eq=False)
class Minus:
    of: "Term"
    place: Place


@dataclass(frozen=True, eq=False)
class Binary:
    """Two terms with a sign between them. The sign is a blank where they stand beside each other: ``W x``."""

    sign: str
    left: "Term"
    right: "Term"
    place: Place


@dataclass(frozen=True, eq=False)
class Apply:
    """A function: ``\\sigma_g(a)`` is ``sigma`` with the index ``g``."""

    function: str
    index: tuple[str, ...]
    arguments: tuple["Term", ...]
    place: Place


@dataclass(frozen=True, eq=False)
class Joined:
    """Vectors one after another: ``[h, x]``."""

    parts: tuple["Term", ...]
    place: Place


@dataclass(frozen=True, eq=False)
class Transposed:
    of: "Term"
    place: Place


Term = Number | Symbol | Minus | Binary | Apply | Joined | Transposed


@dataclass(frozen=True, eq=False)
class Equation:
    """``h_t = …``; several names only with a function that has several results."""

    names: tuple[Symbol, ...]
    value: Term
    place: Place


@dataclass(frozen=True, eq=False)
class Domain:
    """``W \\in \\mathbb{R}^{m \\times n}``, with an optional value before the first step."""

    names: tuple[Symbol, ...]
    sizes: tuple["Term", ...]
    start: float
    place: Place


@dataclass(frozen=True, eq=False)
class Definition:
    """``f(x, h) = tanh(W x + U h)``: a function with its parameters."""

    name: Symbol
    parameters: tuple[str, ...]
    value: Term


@dataclass
class Text:
    """A text in the notation of papers, parsed. ``titles`` are comments, ``skipped`` the numbers of lines of prose.
    ``step`` is what a name of a step ends with. ``called`` counts how often names stand before a bracket with a
    sum, ``open_functions`` are those that are functions, which the text does not name. ``said``,
    ``said_functions``, ``said_domains`` and ``said_diagonals``, matrices that have only a diagonal, are from
    sentences, as are the ``unread``, whose value is not understood, and
    the ``unused``, which no equation has. ``numbered_line`` is the first line with the
    number of an equation, or 0; ``pdf`` the first one with indices beside their letters, or 0, and the name at its
    left. ``ranges`` are names with an interval, such as [0, 1], in lines, ``said_ranges`` those in sentences,
    ``remark`` the first line with words beside an equation and these words, ``convolution`` the line that says that a
    product is one, or 0. ``below`` are names of the layer below, h^{l-1}, which are the input, and ``layer`` is the
    letter of a layer. ``layer_of`` has the layer of equations that are written for each of several, by their number,
    ``indexed`` the names whose index counts these or a sum, ``below_first`` those of layer 0. ``shifted`` is a name
    with a step t+1, which is read as t. ``notes`` are lines and what is assumed there. ``is_identity_said``: whether
    a sentence says that I is another matrix than the identity, ``is_shared_said``: that weights are the same in all
    layers, which are counted by the letter ``counted``. ``axis_of_means``: what a text says that means are over.
    ``linear`` are the
    matrices of linear layers, which stand at either side of a vector, ``counts`` names of numbers of steps,
    ``definitions`` functions that lines define, ``vectors`` the scales and shifts of normalisations, ``matrices``
    names with the indices of two components, w_{ij}, ``of_components`` those with one, θ_j, ``noise`` names of
    noise, which is left out where it is added, ``masks`` names of tensors that are 1 or 0 at random, ``means`` the
    means of some of them, ``slots`` names with the index of a slot, and what they are without it, ``said_vectors``
    capitals that sentences call vectors of weights, ``said_rows`` such small letters, ``trained`` names of numbers that
    sentences call weights, ``guessed_vectors`` those that
    are read so beside capitals, and whether they stand before the input, ``possible_functions`` those that sentences
    name as possible, ``unknown_functions`` what sentences call functions that are none of ours,
    ``complex_names`` names of ℂ, ``inputs`` what sentences call inputs beside x, ``diagonals_of_copies``
    what sentences say of matrices whose line stands for several, W_{γ_x} of γ, ``read_inputs`` those that are read
    as parts of the input, and whether as all of it, ``parts_of_input`` those that a sentence calls its parts, one after
    another, ``products`` signs and what sentences say that they are,
    ``separated`` names that are read as a matrix and a vector, ``ends`` how far the sums of softmaxes count, by
    lines, ``sizes`` how long the arguments of these are, ``said_inputs`` those that sentences call the input,
    ``said_outputs`` those that they call the output, ``said_starts`` states and what sentences call them before the
    first step, ``lengths`` how long lines say that axes of domains are, ``slope`` that of leaky ReLUs below 0,
    if a sentence gives one, ``summaries`` vectors that sentences call those of a whole input, ``is_latex``: whether
    the text has commands, ``weights_of_functions`` the weights that functions have, with the names of these in the text
    and ours."""

    equations: list[Equation] = field(default_factory=list)
    domains: list[Domain] = field(default_factory=list)
    own: list[Statement] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    guessed_steps: list[Symbol] = field(default_factory=list)
    step: str = "_t"
    called: Counter[str] = field(default_factory=Counter)
    open_functions: frozenset[str] = frozenset()
    said: list[tuple[Symbol, str]] = field(default_factory=list)
    said_functions: dict[str, tuple[str, Place]] = field(default_factory=dict)
    unknown_functions: dict[str, str] = field(default_factory=dict)
    possible_functions: dict[str, list[str]] = field(default_factory=dict)
    said_domains: list[Domain] = field(default_factory=list)
    said_diagonals: dict[str, tuple[Symbol, str]] = field(default_factory=dict)
    unread: dict[str, tuple[Symbol, str]] = field(default_factory=dict)
    unused: dict[str, tuple[Symbol, str]] = field(default_factory=dict)
    numbered_line: int = 0
    pdf: tuple[int, str] = (0, "")
    ranges: list[Symbol] = field(default_factory=list)
    said_ranges: list[Symbol] = field(default_factory=list)
    remark: tuple[int, str] = (0, "")
    convolution: int = 0
    below: list[Symbol] = field(default_factory=list)
    layer: str = ""
    layer_of: dict[int, int] = field(default_factory=dict)
    indexed: set[str] = field(default_factory=set)
    below_first: set[str] = field(default_factory=set)
    shifted: Symbol | None = None
    notes: list[tuple[int, str]] = field(default_factory=list)
    is_identity_said: bool = False
    is_shared_said: bool = False
    counted: str = ""
    axis_of_means: str = ""
    linear: set[str] = field(default_factory=set)
    counts: set[str] = field(default_factory=set)
    vectors: set[str] = field(default_factory=set)
    matrices: set[str] = field(default_factory=set)
    noise: dict[str, Place] = field(default_factory=dict)
    of_components: set[str] = field(default_factory=set)
    masks: dict[str, Symbol] = field(default_factory=dict)
    means: dict[str, float] = field(default_factory=dict)
    said_vectors: set[str] = field(default_factory=set)
    said_rows: set[str] = field(default_factory=set)
    trained: set[str] = field(default_factory=set)
    guessed_vectors: dict[str, tuple[Place, bool]] = field(default_factory=dict)
    slots: dict[str, str] = field(default_factory=dict)
    definitions: dict[str, Definition] = field(default_factory=dict)
    complex_names: set[str] = field(default_factory=set)
    inputs: dict[str, str] = field(default_factory=dict)
    diagonals_of_copies: dict[str, tuple[Symbol, str]] = field(default_factory=dict)
    read_inputs: dict[str, bool] = field(default_factory=dict)
    parts_of_input: list[Symbol] = field(default_factory=list)
    products: dict[str, str] = field(default_factory=dict)
    separated: dict[str, tuple[Symbol, str, str]] = field(default_factory=dict)
    ends: dict[int, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    said_inputs: list[str] = field(default_factory=list)
    said_outputs: list[str] = field(default_factory=list)
    said_starts: dict[str, tuple[Symbol, str]] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    slope: float | None = None
    is_latex: bool = False
    summaries: set[str] = field(default_factory=set)
    weights_of_functions: dict[str, tuple[str, str, Place]] = field(default_factory=dict)

    @property
    def all_domains(self) -> set[str]:
        """The names whose axes the text gives."""
        return {name.id for domain in self.domains for name in domain.names}

    @property
    def all_said(self) -> list[tuple[Symbol, str]]:
        """What sentences say about values and diagonals."""
        return [*self.said, *self.said_diagonals.values()]

    @property
    def own_names(self) -> set[str]:
        """The names that lines of the cell language declare."""
        return {s.name for s in self.own if not isinstance(s, Assignment)}


SLOTS = "slots"
"""The axis of the slots that a text counts with an index, M_t(i) or h_j."""

NUMBER, PRODUCT, OF_SLOT = "number", "product", "_slot"
"""What a name with the index of a slot is in each of them: w_t(i) is a number, unless it is a capital, and weights are
what their product needs. The end of the name of an input that has this index."""

SHIFTED = "shifted"
"""A tensor with the difference of two slots as its index, s_t(i - j)."""

FEATURE = "feature"
"""A number of the input: its index is that of the feature, from 0."""

POINTWISE = ("+", "-", "⊙", "/", "<", ">", "≤", "≥", "≠", "≐")
"""The signs that compute number by number."""

SUMS = ("+", "-")

OUR_SIGNS = {"⊙": "*", "∗": "*", "≤": "<=", "≥": ">=", "≠": "!=", "≐": "==", "^": "**"}
"""The signs that the cell language writes otherwise."""


def parts_of(e: Term) -> tuple[Term, ...]:
    """The terms that a term is made of."""
    match e:
        case Symbol() | Number():
            return ()
        case Binary(_, left, right):
            return left, right
        case Apply(_, _, arguments):
            return arguments
        case Joined(parts):
            return parts
    return (e.of,)


def rebuilt(e: Term, written: Callable[[Term], Term]) -> Term:
    """A term with each of its parts written anew."""
    match e:
        case Symbol() | Number():
            return e
        case Minus(of, place):
            return Minus(written(of), place)
        case Transposed(of, place):
            return Transposed(written(of), place)
        case Binary(sign, left, right, place):
            return Binary(sign, written(left), written(right), place)
        case Apply(function, index, arguments, place):
            return Apply(function, index, tuple(map(written, arguments)), place)
        case Joined(parts, place):
            return Joined(tuple(map(written, parts)), place)


def within(e: Term) -> Iterator[Term]:
    """A term and all terms in it, the innermost first."""
    found, left = [], [e]
    while left:
        one = left.pop()
        found.append(one)
        if not isinstance(one, Symbol | Number):  # most are, and a call takes as long as all else
            left += parts_of(one)
    return reversed(found)
