"""A cursor over the tokens of equations, from which the classes of the parser are derived."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import isfinite

from ....translations.phrases import phrase
from ...limits import MAX_DEPTH, MAX_EQUATION_TERMS, MAX_NAME
from ...places_and_errors import EquationsError, Place
from .paper_syntax import Term, Text
from .token import Token


@dataclass(frozen=True)
class Conventions:
    """How a text writes steps: the letter of a step, and whether it is raised, h^{t-1}. ``is_literal``: whether all
    axes are declared. ``functions``: names that the text gives to functions. ``has_e``: whether it gives e a
    meaning. ``has_differences``: whether it computes tensors whose names have a Δ: Δũ_t. ``has_small_steps``: whether
    \\delta t is a step of time. ``has_steps_in_brackets``: whether steps stand in brackets, h(t-1).
    ``counted``: letters whose raised numbers tell names apart, as a line computes one of them: d^1_t.
    ``raised``: letters and numbers of tensors that a line computes, behind their step: \\sigma_t^2. ``of_layers``:
    letters at which the letter of layers is raised, so that a raised number is a layer, too: h^j and h^1.
    ``greek_labels``: Greek letters that are raised at matrices. ``with_values``: names, most of all capitals,
    that the text gives a value. ``no_functions``: names before brackets that are numbers.
    ``declared``: names that lines of the cell language declare.
    ``has_next``: whether it computes h_{t+1} from h_t and writes no step t-1.
    ``layer``: the letter of the layer, if the input is the tensor of the layer below, h^{l-1}_t; ``computes_x``:
    whether x is no input; ``layers``: the letter of layers whose lines are written for each, and ``count_of_layers``
    the name of their number; ``has_next_layer``: whether a text calls the layers l+1 and l. ``child``: the letter of
    the children of a node, which in a chain are the step before: k of \\sum_{k \\in C(j)}. ``numbers``: whole numbers
    that the text gives to names, which may be the bounds of sums; ``own_numbers`` have lines of their own.
    ``component``: the letter of a component of vectors, if the text writes those of terms in brackets: [W x]_j.
    ``components``: the letters of sums over them, j and i of \\sum_j W_{ij} x_j. ``slots``: the letters that count the
    slots of a memory or its rows, M_t(i) or h_j. ``ranges``: from where to where the sums of the text count, by their
    letters."""

    step_letter: str = "t"
    raised_steps: bool = False
    is_literal: bool = False
    functions: frozenset[str] = frozenset()
    has_e: bool = False
    has_differences: bool = False
    has_small_steps: bool = False
    has_steps_in_brackets: bool = False
    counted: frozenset[str] = frozenset()
    raised: frozenset[tuple[str, str]] = frozenset()
    of_layers: frozenset[str] = frozenset()
    greek_labels: frozenset[str] = frozenset()
    with_values: frozenset[str] = frozenset()
    no_functions: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    computes_x: bool = False
    layer: str = ""
    layers: str = ""
    count_of_layers: str = ""
    has_next_layer: bool = False
    has_next: bool = False
    child: str = ""
    component: str = ""
    numbers: Mapping[str, frozenset[int]] = field(default_factory=dict)
    own_numbers: frozenset[str] = frozenset()
    components: frozenset[str] = frozenset()
    slots: frozenset[str] = frozenset()
    ranges: Mapping[str, tuple[int, int]] = field(default_factory=dict)


class Cursor:
    """The tokens of a text, which are taken one by one; ``found`` is what is read from them."""

    def __init__(self, conventions: Conventions, found: Text, tokens: list[Token]) -> None:
        self.conventions, self.tokens, self.found = conventions, tokens, found
        self.at = self.depth = self.terms = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.next
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def peek(self, n: int = 1) -> Token:
        return self.tokens[min(self.at + n, len(self.tokens) - 1)]

    def is_sign(self, *signs: str) -> bool:
        return self.next.kind == "sign" and self.next.text in signs

    def accept(self, *signs: str) -> Token | None:
        return self.take() if self.is_sign(*signs) else None

    def expect(self, sign: str) -> Token:
        if token := self.accept(sign):
            return token
        raise self.unexpected(phrase("“{sign}” is missing", sign=sign))

    def unexpected(self, problem: str) -> EquationsError:
        found = self.next
        if found.text == "…":
            return EquationsError(phrase("“…” leaves something out; write it"), found.place)
        if found.kind == "end":
            return EquationsError(phrase("the line ends, and {problem}", problem=problem), found.place)
        return EquationsError(phrase("at “{found}” {problem}", found=found.text, problem=problem), found.place)

    @contextmanager
    def nested(self, most: int = MAX_DEPTH, problem: str = "", place: Place | None = None) -> Iterator[None]:
        """One level of brackets, accents or operations in each other. EquationsError if there are more than ``most``,
        with its problem and its place if these are not brackets at the next token."""
        self.depth += 1
        if self.depth > most:
            brackets = phrase("brackets are nested more than {n} deep; give a part a name of its own", n=MAX_DEPTH)
            raise EquationsError(problem or brackets, place or self.next.place)
        yield
        self.depth -= 1

    def _counted(self, made: Term) -> Term:
        self.terms += 1
        if self.terms > MAX_EQUATION_TERMS:
            problem = phrase(
                "more than {n} operations follow each other; give some of them a name", n=MAX_EQUATION_TERMS
            )
            raise EquationsError(problem, made.place)
        return made

    def number(self) -> float:
        minus = self.accept("-")
        if self.next.kind != "number":
            raise self.unexpected(phrase("{what} is missing", what=phrase("a number")))
        value = self._number()
        return -value if minus else value

    def _number(self) -> float:
        token = self.take()
        value = float(token.text)
        if not isfinite(value) or len(token.text) > MAX_NAME:
            raise EquationsError(phrase("“{text}” is too large", text=token.text), token.place)
        return value
