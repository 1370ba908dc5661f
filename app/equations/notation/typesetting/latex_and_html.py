"""Sets equations of the cell language as mathematics: LaTeX to copy, and HTML for pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ....core.axes import Axis
from ...canonical import number_text
from ...equations_parser import parse
from ...function_syntax import OVER_AXES
from ...names import INPUT, PREVIOUS, TIME, Names
from ...syntax import (
    Assignment,
    AxisLine,
    Call,
    Declaration,
    Equations,
    Expression,
    Minus,
    Name,
    Number,
    Operation,
    Statement,
    nodes,
)
from ..vocabulary.function_words import function_of
from ..vocabulary.usual_letters import NUMBERS
from .html_style import ACCENTS, PRIME, Html, accented, greek_letter, has_greek, has_pairs

COMPARED, ADDED, MULTIPLIED, NEGATED, BESIDE, RAISED, ATOM = range(7)
"""How tightly parts bind, as papers set them."""

COMPARISONS = {"<": "<", ">": ">", "<=": "≤", ">=": "≥", "==": "≐", "!=": "≠"}
LIKE_OPERATORS = ("exp", "log", "tanh", "max", "sin", "cos", "min")
"""The functions for which LaTeX has a command."""


@dataclass(frozen=True)
class Formula:
    """An equation: the number of its line, what it computes, and itself as HTML and as LaTeX."""

    line: int
    names: tuple[str, ...]
    html: str
    latex: str


class Style(Protocol):
    """How the parts of a formula are written."""

    def number(self, value: float) -> str: ...
    def name(self, base: str, accents: tuple[str, ...], label: str, step: str) -> str: ...
    def word(self, text: str) -> str: ...
    def sign(self, sign: str) -> str: ...
    def row(self, *parts: str) -> str: ...
    def fenced(self, inside: str, opening: str, closing: str, over: str = "") -> str: ...
    def fraction(self, above: str, below: str) -> str: ...
    def root(self, inside: str) -> str: ...
    def raised(self, base: str, exponent: str) -> str: ...
    def called(self, function: str, over: str, arguments: list[str]) -> str: ...


class Latex:
    """Parts of a formula in LaTeX, which ``read`` understands."""

    signs: Mapping[str, str] = {
        "*": r" \odot ", "@": r" \, ", "dot": r" \cdot ", "outer": r" \otimes ", "+": " + ", "-": " - ", "=": " &= ",
        "≤": r" \le ", "≥": r" \ge ", "≐": r" \doteq ", "≠": r" \ne ", "<": " < ", ">": " > ", "minus": "-",
        "⊤": r"\top",        ",": ", ", "beside": r" \, ",
    }  # fmt: skip

    def number(self, value: float) -> str:
        return number_text(value)

    def name(self, base: str, accents: tuple[str, ...], label: str, step: str) -> str:
        text = self.word(base)
        for accent in accents:
            text = f"{text}'" if accent == PRIME else rf"\{accent}{{{text}}}"
        index = ", ".join(part for part in (label and self._label(label), step) if part)
        return f"{text}_{{{index}}}" if index else text

    def _label(self, label: str) -> str:
        words = accented(label)
        if any(marks for _, marks in words) or has_greek(words):
            return ", ".join(self._accented(*word) for word in words)
        is_short = len(label) < 3 and label.isalnum() and not label.startswith("t")
        return label if is_short or label.isdigit() else self._text(label)

    def _accented(self, word: str, marks: str) -> str:
        text = self.word(word)
        for mark in marks:
            text = rf"\{next(name for name, own in ACCENTS.items() if own == mark)}{{{text}}}"
        return text

    def word(self, text: str) -> str:
        if greek_letter(text):
            return rf"\{text}"
        return text if len(text) == 1 else self._text(text)

    def _text(self, text: str) -> str:
        return rf"\text{{{_escaped(text)}}}"

    def sign(self, sign: str) -> str:
        return self.signs[sign]

    def row(self, *parts: str) -> str:
        return "".join(parts)

    def fenced(self, inside: str, opening: str, closing: str, over: str = "") -> str:
        left, right = {"|": (r"\lvert ", r" \rvert"), "‖": (r"\lVert ", r" \rVert")}.get(opening, (opening, closing))
        sized = (rf"\left{left}", rf"\right{right.strip()}") if opening in "([" else (left, right)
        return f"{sized[0]}{inside}{sized[1]}{f'_{{{over}}}' if over else ''}"

    def fraction(self, above: str, below: str) -> str:
        return rf"\frac{{{above}}}{{{below}}}"

    def root(self, inside: str) -> str:
        return rf"\sqrt{{{inside}}}"

    def raised(self, base: str, exponent: str) -> str:
        return f"{base}^{{{exponent}}}"

    def called(self, function: str, over: str, arguments: list[str]) -> str:
        if function == "sigmoid":
            head = r"\sigma"
        elif function in LIKE_OPERATORS or function == "sum":
            head = rf"\{function}"
        else:
            head = rf"\operatorname{{{_escaped(function)}}}"
        return f"{head}{f'_{{{over}}}' if over else ''}{self.fenced(', '.join(arguments), '(', ')')}"


def _escaped(word: str) -> str:
    return word.replace("_", r"\_")


@dataclass(frozen=True)
class Setter:
    """Sets expressions in a style. ``steps``: names that have an index of the step. ``letters``: those of numbers of
    mathematics, π, which name nothing else."""

    style: Style
    steps: frozenset[str]
    axes: frozenset[str]
    letters: Mapping[float, str]

    def name(self, id: str) -> str:
        own = id.removesuffix(PREVIOUS)
        is_previous = own != id and own in self.steps
        step = "t-1" if is_previous else "t" if id in self.steps else ""
        id = own if is_previous else id
        if id in self.axes:
            return self.style.word(id)
        base, _, rest = id.partition("_")
        if function_of(base):
            base, rest = id, ""
        accents: list[str] = []
        while rest.partition("_")[0] in ACCENTS:
            accent, _, rest = rest.partition("_")
            accents.append(accent)
        return self.style.name(base, tuple(accents), rest.rstrip("_"), step)  # C_T_ is C with the index T

    def set(self, e: Expression) -> str:
        return self._set(e)[0]

    def _within(self, e: Expression, least: int) -> str:
        text, level = self._set(e)
        return text if level >= least else self.style.fenced(text, "(", ")")

    def _two(self, sign: str, left: Expression, right: Expression, level: int, right_level: int) -> tuple[str, int]:
        s = self.style
        return s.row(self._within(left, level), s.sign(sign), self._within(right, right_level)), level

    def _set(self, e: Expression) -> tuple[str, int]:
        s = self.style
        match e:
            case Number(value):
                return s.word(self.letters[value]) if value in self.letters else s.number(value), ATOM
            case Name(id):
                return (self.name(id) if id != TIME else s.word(TIME)), ATOM
            case Minus(of):
                return s.row(s.sign("minus"), self._within(of, NEGATED)), NEGATED
            case Call():
                return self._call(e)
            case Operation("**", base, exponent):
                return s.raised(self._within(base, ATOM), self.set(exponent)), RAISED
            case Operation("/", left, right):
                return s.fraction(self.set(left), self.set(right)), RAISED
            case Operation("@", left, right):
                return self._two("@", left, right, BESIDE, RAISED)
            case Operation("*", Number() as left, Name() | Call() as right) if self._set(right)[1] == ATOM:
                return self._two("beside", left, right, BESIDE, RAISED)
            case Operation("*", left, Operation("@") as right):  # D ⊙ (h F), as D * h @ F is (D ⊙ h) F
                return s.row(
                    self._within(left, MULTIPLIED), s.sign("*"), s.fenced(self.set(right), "(", ")")
                ), MULTIPLIED
            case Operation("*", left, right):
                return self._two("*", left, right, MULTIPLIED, NEGATED)
            case Operation("+" | "-" as sign, left, right):
                return self._two(sign, left, right, ADDED, MULTIPLIED)
        text, _ = self._two(COMPARISONS[e.sign], e.left, e.right, ADDED, ADDED)
        return text, COMPARED

    def _call(self, e: Call) -> tuple[str, int]:
        s, arguments = self.style, e.arguments
        has_bars = any(isinstance(n, Call) and n.function in ("abs", "norm") for a in arguments for n in nodes(a))
        match e.function, arguments:
            case "sqrt", (one,):
                return s.root(self.set(one)), ATOM
            case "abs", (one,) if not has_bars:
                return s.fenced(self.set(one), "|", "|"), ATOM
            case "norm", (one, Name(axis)) if not has_bars:
                return s.fenced(self.set(one), "‖", "‖", s.word(axis)), ATOM
            case "transpose", (one,):
                return s.raised(self._within(one, ATOM), s.sign("⊤")), RAISED
            case "dot", (left, right):
                return self._two("dot", left, right, MULTIPLIED, NEGATED)
            case "outer", (left, right):
                return self._two("outer", left, right, MULTIPLIED, RAISED)
            case "concat", _:
                parts = [self.set(a) for a in arguments]
                inside = [parts[0]]
                for part in parts[1:]:
                    inside += [s.sign(","), part]
                return s.fenced(s.row(*inside), "[", "]"), ATOM
        over: list[str] = []
        if e.function in (*OVER_AXES, "group_norm"):
            names = [a.id for a in arguments[1:] if isinstance(a, Name)]
            if len(names) == len(arguments) - 1:
                arguments, over = arguments[:1], [s.word(name) for name in names]
        index: list[str] = []
        for word in over:
            index += [s.sign(","), word] if index else [word]
        return s.called(e.function, s.row(*index) if index else "", [self.set(a) for a in arguments]), ATOM


def _setter(equations: Equations, style: Style) -> Setter:
    names = Names(equations)
    constants = {*names.own_sizes, "features", "num_units"} | {weight.name for weight in names.weights}
    used = {a: {one.id for one in nodes(a.value) if isinstance(one, Name)} for a in names.assignments}
    while found := {name for a in used if used[a] <= constants for name in a.names} - constants:
        constants |= found
    steps = ({*names.maker} - constants) | {INPUT} | {s.name for s in names.states}
    axes = frozenset({*names.own_sizes, "batch_size", "features", "num_units"})
    taken = axes | {*names.maker, *names.declared}
    return Setter(style, frozenset(steps), axes, {value: id for id, value in NUMBERS.items() if id not in taken})


def mathematics(text: str) -> tuple[Formula, ...]:
    """The lines of a text that compute something, as mathematics. Raises EquationsError if the text has mistakes."""
    equations = parse(text)
    latex, html = _setter(equations, Latex()), _setter(equations, Html(has_pairs(Names(equations).declared)))
    found = []
    for statement in equations.statements:
        if isinstance(statement, Assignment):
            line = _row(statement, latex).replace(" &= ", " = ")
            found.append(Formula(statement.place.line, statement.names, _row(statement, html), line))
    return tuple(found)


def _row(a: Assignment, setter: Setter) -> str:
    s = setter.style
    parts: list[str] = []
    for name in a.names:
        parts += [s.sign(","), setter.name(name)] if parts else [setter.name(name)]
    return s.row(*parts, s.sign("="), setter.set(a.value))


def to_latex(text: str) -> str:
    """Equations of the cell language in LaTeX, each in a line of ``align*``. ``read`` gives them back."""
    equations = parse(text)
    setter = _setter(equations, Latex())
    titles: list[str] = []
    rows: list[tuple[str, str]] = []
    for line in equations.lines:
        if line.statement:
            rows.append((_latex_line(line.statement, setter), line.comment))
        elif line.comment and not rows:
            titles.append(f"% {line.comment}")
    last = len(rows) - 1
    ends = [" \\\\"] * last + [""]
    body = [
        f"  {row}{end}{f'  % {comment}' if comment else ''}" for (row, comment), end in zip(rows, ends, strict=True)
    ]
    return "\n".join([*titles, r"\begin{align*}", *body, r"\end{align*}"])


def _latex_line(statement: Statement, setter: Setter) -> str:
    s = setter.style
    match statement:
        case AxisLine(name, size):
            terms = " + ".join(_size(n, term, s) for n, term in size.terms)
            for divisor in size.divisors:
                terms = rf"\frac{{{terms}}}{{{s.word(str(divisor))}}}"
            return rf"\text{{axis}} \; {s.word(name)} &= {terms}"
        case Declaration(name, axes, start):
            sizes = r" \times ".join(_axis(a, s) for a in axes)
            domain = rf"\mathbb{{R}}^{{{sizes}}}"
            first = rf", {setter.name(name).replace('t}', '0}')} = {number_text(start)}" if start else ""
            return rf"{setter.name(name)} &\in {domain}{first}"
        case Assignment():
            return _row(statement, setter)
    return rf"\text{{output}} &\colon {setter.name(statement.name)}"


def _size(n: int, name: str, s: Style) -> str:
    if not name:
        return str(n)
    return s.word(name) if n == 1 else rf"{n} \, {s.word(name)}"


def _axis(axis: Axis, s: Style) -> str:
    return " + ".join(_size(n, name, s) for n, name in axis.terms)
