"""Reads the names and shapes of a parsed text with columns, rows or both, whichever fits best."""

from ..canonical import canonical
from ..cell_from_equations import cell_of, resolved
from ..places_and_errors import EquationsError, with_line
from ..syntax import Equations
from .cell_language.writer import Writer
from .names.inputs_states_and_weights import names_of
from .names.names_of_text import NamesOfText
from .parsed_text import parsed
from .parsing.paper_syntax import Symbol
from .shapes.orientation import COLUMN, ROW, usual_vectors, with_columns, with_rows
from .shapes.shapes import Shapes

ODD = 2
"""The penalty of a dot product that is added to a state, which is seldom meant."""


def checked(equations: Equations) -> str:
    """The canonical text, which is that of a cell. EquationsError, with a place in the text as typed, if it is not."""
    text = canonical(equations)
    try:
        cell_of(text)
    except EquationsError as error:
        resolved(equations)  # raises the same error, most often, with its place in the text as typed
        raise EquationsError(error.problem, equations.statements[0].place, lines_to_add=error.lines_to_add) from error
    return text


def best(v: NamesOfText) -> tuple[Writer, str]:
    """The text read with columns, with rows, or with rows before matrices and columns elsewhere: whichever fits, and
    better if several do."""
    written: list[tuple[int, Writer, Equations]] = []
    errors: list[tuple[float, EquationsError]] = []
    turned = with_columns(v)
    readings = ((v, COLUMN), (with_rows(v), ROW), *(((turned, COLUMN),) if turned.is_turned else ()))
    for own, vector, is_lenient in (*((*one, False) for one in readings), *((*one, True) for one in readings)):
        fits = written and min(penalty for penalty, *_ in written) < ODD  # without a row that is added to a column
        if is_lenient and (fits or not any(0 <= step < 1 for step, _ in errors)):
            break
        shapes, step = Shapes(own, vector, is_lenient), 0
        try:
            shapes.infer()
            step = 1
            writer = Writer(own, shapes)
            equations = Equations(tuple(writer.lines()))
            step = 2
            if not shapes.penalty:  # nothing fits better
                return writer, checked(equations)
            written.append((shapes.penalty, writer, equations))
        except EquationsError as error:
            errors.append((step + (vector == usual_vectors(v)) / 2 - is_lenient, error))
    ordered = sorted(written, key=lambda one: one[0])
    for n, (_, writer, equations) in enumerate(ordered):
        try:
            found = checked(equations)
        except EquationsError as error:
            errors.append((2, error))
            continue
        others = [(w, e) for _, w, e in ordered[n + 1 :] if w.shapes.is_lenient == writer.shapes.is_lenient]
        writer.is_open = any(w.shapes.vector != writer.shapes.vector and _is_cell(e) for w, e in others)
        return writer, found
    raise max(errors, key=lambda one: one[0])[1]  # of that which fits longer, as most lines are written


def _is_cell(equations: Equations) -> bool:
    try:
        cell_of(canonical(equations))
    except EquationsError:
        return False
    return True


def is_readable(text: str) -> bool:
    """Whether a text with an answer is a cell."""
    try:
        best(names_of(parsed(text)))
    except EquationsError:
        return False
    return True


def is_line(text: str, symbol: Symbol, said: str) -> bool:
    """Whether what a sentence says of a name would be read in a line of its own."""
    for with_sentences in (True, False):
        try:
            v = names_of(parsed(with_line(text, said), with_sentences))
            best(v)
            return symbol.id in {*v.computed, *v.text.all_domains, *v.declared, *v.aliases, *v.text.said_functions}
        except EquationsError:
            continue
    return False
