"""Errors about products and sums whose shapes do not fit."""

from ....translations.phrases import phrase
from ...limits import MOST_TYPED
from ...places_and_errors import EquationsError
from ..parsing.paper_syntax import POINTWISE, Binary, Symbol, Term, Transposed
from .orientation import COLUMN, MATRIX, ROW, SCALAR
from .unknown_axes import Type


def kind_of_type(of: Type) -> str:
    rows, columns = of
    return MATRIX if rows and columns else COLUMN if rows else ROW if columns else SCALAR


def typed(e: Term, t: str) -> str:
    """A short term as papers write it, where ``t`` is the letter of the step; nothing for a longer one."""
    match e:
        case Symbol(id=id, step=step):
            found = id if step is None else f"{id}_{t}" if not step else f"{id}_{{{t}{step}}}"
        case Transposed(of):
            found = f"{inner}ᵀ" if (inner := typed(of, t)) else ""
        case Binary(" " | "⊙" as sign, left, right):
            pair = typed(left, t), typed(right, t)
            found = (" " if sign == " " else f" {sign} ").join(pair) if all(pair) else ""
        case _:
            found = ""
    return found if len(found) <= MOST_TYPED else ""


def misfit(e: Term, kinds: tuple[str | None, str | None] = (None, None), t: str = "t") -> EquationsError:
    """What stands there cannot be multiplied or added, as a matrix, row or column."""
    match e:
        case Binary(sign, left, right):
            words = {MATRIX: phrase("a matrix"), COLUMN: phrase("a column"), ROW: phrase("a row")}
            found = [(typed(side, t), words.get(kind or "")) for side, kind in zip((left, right), kinds, strict=True)]
            if all(name and kind for name, kind in found):
                (a, one), (b, other) = found
                problem = phrase("{a} is {one}, but {b} is {other}; write ᵀ where a vector is turned", a=a, one=one,
                                 b=b, other=other)  # fmt: skip
                if sign == " " and kinds[0] == MATRIX and _are_of_step(e.left, e.right):
                    problem = phrase("{a} is {one}, but {b} is {other}; write {rows} to multiply each row of {a} with "
                                     "its number, and {columns} for each column", a=a, one=one, b=b, other=other,
                                     rows=f"diag({b}) {a}", columns=f"{a} diag({b})")  # fmt: skip
                elif sign not in POINTWISE:
                    problem = phrase("{a} is {one}, but {b} is {other}, which is no product; write W x or x W in all "
                                     "lines, vᵀ for a row, and {a} ⊙ {b} of two vectors", a=a, one=one, b=b,
                                     other=other)  # fmt: skip
                return EquationsError(problem, e.place)
            if sign in POINTWISE:
                problem = phrase("a row and a column, or a vector and a matrix, stand on both sides of {sign}; write ᵀ "
                                 "where a vector is turned", sign=sign)  # fmt: skip
                return EquationsError(problem, e.place)
    problem = phrase("this is no product of a matrix with a vector; write W x or x W in all lines, and vᵀ for a row")
    return EquationsError(problem, e.place)


def _are_of_step(*sides: Term) -> bool:
    return all(isinstance(side, Symbol) and side.step is not None for side in sides)
