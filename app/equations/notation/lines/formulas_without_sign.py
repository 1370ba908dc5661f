"""Formulas in a line of their own that give no tensor its value, such as the lower line of a fraction of a PDF."""

import re

from ..parsing.paper_syntax import Apply, Binary, Symbol, Term, Transposed, within
from ..vocabulary.function_words import function_of

_OPERATOR = re.compile(
    r"[^\s(\[{,][ ]?[-+−⊙∘◦·*/][ ]?[^\s)\]},]|[^\W\d_][\w.]{0,12}[({]|[|‖∥√∑Σ]|\\(?:odot|circ|cdot|frac)"
)
_WORD = re.compile(r"(?<![\\A-Za-z_{])[a-z]{3,}(?![A-Za-z_{(])")
_LABEL = re.compile(r"[^+/⊙∘()=]{1,60}:[ ]*$|[ \t]*(?:[-*•#>|]|[0-9]{1,2}[.)][ ])")
"""What is the heading of equations, or a line of a list."""
_BELOW = ("norm", "sum", "sqrt", "max", "maximum", "abs")


def may_be_formula(line: str) -> bool:
    """Whether a line without a sign of equality looks like a formula, and not like words."""
    words = (word for word in _WORD.findall(line) if not function_of(word))
    return bool(_OPERATOR.search(line)) and not (_LABEL.match(line) or any(words))


def is_formula(e: Term) -> bool:
    """Whether a term computes something of a tensor of a step."""
    return isinstance(e, Apply | Binary) and any(
        isinstance(part, Symbol) and part.step is not None for part in within(e)
    )


def is_like_divisor(e: Term) -> bool:
    """Whether a term is like what fractions have below: a sum, a norm, a dot product."""
    match e:
        case Binary("+" | "-", _, _) | Binary(" " | "·", Transposed(), _):
            return True
        case Apply(function, _, _):
            return function in _BELOW
    return False


def is_sum(e: Term) -> bool:
    """Whether a term has several parts, of which a fraction may be the last alone."""
    return isinstance(e, Binary) and e.sign in "+-"
