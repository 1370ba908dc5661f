"""What sentences say that names are: numbers, vectors, matrices, diagonals, complex."""

import re
from collections.abc import Iterator

from .sentence_patterns import BLANK, IS_DENIED, OF_SIZE, Span, names_after, names_before

_OF_AXES = (
    r"(?:[ \t]{0,4}(?:∈|\\in)[ \t]{0,4}(?:(?:[ℝℂ]|\\mathbb[ ]?\{?[RC]\}?)[ ]?\^(?:\{[^{}]{1,30}\}|\S{1,8})"
    r"|[ℝℂRC][^\s^,;]{1,12})\$?)?"
)
"""The axes behind a name, A ∈ ℝ^{m×m}, or A ∈ Rm×m as PDFs have them."""
_IS_DIAGONAL = re.compile(
    rf"{_OF_AXES}{BLANK}(?:(?:is|are|be|being|denotes?){BLANK}"
    rf"(?:(?:{OF_SIZE}|(?!not\b|block\b)[A-Za-z-]{{1,16}}){BLANK}){{0,3}}?"
    rf"diagonal\b(?!{BLANK}plus|-)(?:{BLANK}(?:weight{BLANK})?matri(?:x|ces))?|\(diagonal(?:{BLANK}matrix)?\))"
)
_OTHER_NOUN = (
    r"(?!(?:and|or|of|plus|with|for|as|is|are|in|the|elements?|entr|values?|part|terms?|covariance)\b)[A-Za-z-]{3,16}"
)
_OF_NOUN = rf"(?:(?:{BLANK}(?:{OF_SIZE}|{_OTHER_NOUN})){{0,2}}?{BLANK}(?:matrix|(matrices)))?"
"""The noun behind an adjective, which has one name behind it, or several: diagonal transition matrices A and B."""
_DIAGONAL = re.compile(rf"(?<![\w-])(?<!block )diagonal(?!-){_OF_NOUN}", re.IGNORECASE)
"""Such a word before a name: the diagonal matrix A, with diagonal A."""
_ELEMENTS = re.compile(
    rf"{BLANK}?(?:,{BLANK})?(?:with|whose|having){BLANK}(?:(?:the|diagonal){BLANK}){{0,2}}"
    rf"(?:elements?|entr(?:y|ies)|values?)(?:{BLANK}(?:are|given{BLANK}by|being))?{BLANK}"
    r"\$?((?:[^\s,;]|(?<=[+\-*/=−])\s|\s(?=[+\-*/=−])){2,60})"
)
"""What the sentence of a diagonal matrix says of its elements: with elements e^{i\\omega_j}."""
_IS_COMPLEX = re.compile(
    rf"{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:(?!not\b|no\b|more\b|less\b|too\b)[A-Za-z-]{{1,16}}{BLANK}){{0,3}}?"
    rf"complex(?:-?[ ]?valued)?(?=[ ]{{0,2}}(?:[.,;)$]|$|\n)|{BLANK}(?:and|diagonal|numbers?|matrix|"
    r"matrices|vectors?|weights?|parameters?|tensors?|eigenvalues?|states?)\b)"
)
_IS_VECTOR = re.compile(
    rf"{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{BLANK}){{0,3}}?"
    rf"(?:(?:weights?|parameters?|row){BLANK})vectors?\b",
    re.IGNORECASE,
)
_IS_GIVEN = re.compile(
    rf"{BLANK}(?:is|denotes?|represents?){BLANK}(?:(?!not\b|no\b|weight|parameter|bias|row\b)[A-Za-z-]{{1,16}}{BLANK}){{1,4}}?"
    r"vector\b",
    re.IGNORECASE,
)
"""What sentences say of vectors that are no weights of a gate: T is the topic vector."""
_IS_MATRIX = re.compile(
    rf"{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:(?!not\b|no\b|diagonal\b)[A-Za-z-]{{1,16}}{BLANK}){{0,4}}?"
    rf"matri(?:x|ces)\b(?!{BLANK}(?:and|or){BLANK}(?:\S{{1,12}}{BLANK})?vectors?)",
    re.IGNORECASE,
)
_SPECIAL_WORDS = (
    r"(?:permutation|orthogonal|unitary|rotation|skew-?symmetric|antisymmetric|symmetric|circulant|Toeplitz|Hadamard"
    r"|off-?[ ]?diagonal|hollow|block-?[ ]?diagonal|banded|sparse"
    r"|(?:strictly[ ])?(?:(?:block-?[ ]?)?(?:lower|upper)[ -])?triangular)"
)
_IS_SPECIAL = re.compile(
    rf"{_OF_AXES}{BLANK}(?:is|are|be|being|denotes?){BLANK}"
    rf"(?:(?:{OF_SIZE}|(?!not\b|no\b)[A-Za-z-]{{1,16}}){BLANK}){{0,3}}?"
    rf"{_SPECIAL_WORDS}(?:{BLANK}(?:weight{BLANK})?matri(?:x|ces)\b|(?=[ ]?(?:[.,;\n]|$)))",
    re.IGNORECASE,
)
"""What sentences say of the numbers of a matrix, which changes no shape."""
_SPECIAL = re.compile(rf"(?<![\w-]){_SPECIAL_WORDS}(?!-){_OF_NOUN}", re.IGNORECASE)
"""Such words before a name: the lower triangular matrix A."""
_IS_ONES = re.compile(
    rf"{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:an?|the){BLANK}(?:matri(?:x|ces)|vectors?){BLANK}of{BLANK}(?:all{BLANK})?ones\b"
    rf"|{BLANK}(?:is|denotes?){BLANK}(?:an?|the){BLANK}all-?[ ]?ones?{BLANK}(?:matrix|vector)\b",
    re.IGNORECASE,
)
_IS_SCALAR = re.compile(
    rf"(?:{BLANK}(?:∈|\\in)[ \t]{{0,4}}[\[(][^\])\n]{{1,20}}[\])]\$?)?{BLANK}(?:is|are|be|being|denotes?){BLANK}"
    rf"(?:(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{BLANK}){{0,3}}?|[a-z](?:(?!{BLANK}(?:is|are|denotes?)\b)[^.;,=]){{1,60}},{BLANK}an?{BLANK})"
    rf"scalars?\b(?!-|{BLANK}(?:multiple|product|function))"
)
_IS_POSITIVE = re.compile(
    r"(?<![^\s($,])\$?([^\s$,()<>]{1,40})[ ]?(?:[>≥]|\\g(?:eq?|t)(?![A-Za-z]))[ ]?0"
    r"|(?<![\d.])0[ ]?(?:[<≤]|\\l(?:eq?|t)(?![A-Za-z]))[ ]?([^\s$,()<>]{1,40})"
    r"|(?<![^\s($,])\$?((?:[^\s$,()]|\([^\s$,()]{1,8}\)){1,40})[ ]?(?:∈|\\in)[ ]?[\[(][ ]?0[ ]?,[ ]?1[ ]?[\])](?!\^)"
)
_IN_INTERVAL = re.compile(
    r"[ ]{0,4}(?:∈|\\in(?![A-Za-z]))[ ]{0,4}[\[(][ ]?[-−]?[0-9.]{1,6}[ ]?,[ ]?[0-9.]{1,6}[ ]?[\])](?!\$?\^|\w)"
)
_SCALAR = re.compile(
    rf"\bscalar(?:(s)|(?:{BLANK}(?:forget|input|output|gating|learning|decay|write|update|step|mixing|leak|time))?"
    rf"{BLANK}(?:gate|rate|weight|factor|coefficient|decay|size|parameter|value|number|variable|constant)(s)?)?\b"
)
_IS_SOME_VECTOR = re.compile(
    rf"(?:[ ]{{0,2}}(?:∈|\\in)[ ]{{0,2}}[^\s,;.]{{1,24}})?{BLANK}(?:is|are|be|being|denotes?){BLANK}"
    rf"(?:(?!not\b|no\b|weights?\b|parameters?\b|row\b)[A-Za-z-]{{1,16}}{BLANK}){{0,3}}?"
    rf"vectors?\b(?!{BLANK}(?:of{BLANK})?(?:all{BLANK})?ones\b)",
    re.IGNORECASE,
)
_ROW = re.compile(rf"(?<![\w-])(?:weights?|parameter|row){BLANK}vector(s)?\b(?!{BLANK}of\b)", re.IGNORECASE)
_VECTOR = re.compile(
    rf"(?<![\w-])(?<!weight )(?<!weights )(?<!parameter )(?<!row )vector(s)?\b(?!{BLANK}of\b)", re.IGNORECASE
)
"""Such a word before a name: the vector θ."""
_BE_DIAGONAL = re.compile(
    rf"\b(?:constrain|restrict|take|choose|keep|assume|let)(?:ed)?{BLANK}\$?([^\s$,()]{{1,40}})\$?{BLANK}"
    rf"(?:to{BLANK}be{BLANK}|be{BLANK})?(?:an?{BLANK})?diagonal\b",
    re.IGNORECASE,
)
_DIAGONAL_OF = re.compile(
    r"(?<![^\s(,$])\$?([^\s$,=()]{1,40})[ ]?=[ ]?(?:\\(?:mathrm|operatorname|text)\{)?\\?diag\}?[ ]?\([^()]{1,30}?"
    r"(?:…|\.\.\.|\\[lc]?dots)[^()]{1,20}\)(\$?[ ]?(?:∈|\\in)[ ]?(?:\\mathbb\{?)?[ℂC])?"
)
"""A diagonal of numbers that have names of their own, Λ = diag(λ1, …, λN), and whether these are complex."""
_WITH_DIAGONAL = re.compile(
    rf"(?:\b(?:with|and)\b|,){BLANK}\$?([^\s$,()]{{1,40}})\$?{BLANK}diagonal\b(?!-|{BLANK}[a-z]{{0,12}}matri)"
)
"""With A diagonal."""
_SHARED = re.compile(
    rf"\b(?:shared|tied|same){BLANK}(?:(?!not\b|number|size|width|dim|units?\b)[A-Za-z-]{{1,16}}{BLANK}){{0,5}}?"
    rf"(?:layers|iterations|levels|depths?)\b",
    re.IGNORECASE,
)
"""Weights that are shared by all iterations."""
_CONVOLUTION = re.compile(
    r"(?:(?:is|are|denotes?|represents?|means?|stands?[ \t]for|being|=|:)[ \t]{1,4}(?:(?:a|the|an)[ \t]{1,4})?"
    r"(?:(?!not\b)[A-Za-z0-9-]{1,20}[ \t]{1,4}){0,2}|^\W{0,3}"
    r"|\b(?:weights|kernels?|filters?)[ ](?:of[ ](?:the[ ]|an?[ ])?)?)convolution",
    re.IGNORECASE,
)


def says_convolution(sentence: str) -> bool:
    """Whether a sentence says that a product is a convolution."""
    return bool(_CONVOLUTION.search(sentence))


def says_shared(sentence: str) -> bool:
    """Whether a sentence says that all layers or iterations have the same weights."""
    found = _SHARED.search(sentence)
    return bool(found and not IS_DENIED.search(sentence, 0, found.start()))


def says_matrix(sentence: str, name: str) -> bool:
    """Whether a sentence says what matrix a name is, and not the identity: I is a projection, E and I are matrices."""
    other = rf"{BLANK}(?!identity\b)"
    words = rf"(?:{other}[A-Za-z-]{{1,20}}){{0,5}}?{other}(?:matri|project|weight|embedd)"
    domain, others = r"[^.;A-Za-z]{0,3}\\in\b[^.;]{1,60}?", rf",?{BLANK}and{BLANK}\S{{1,40}}"
    return bool(re.search(rf"(?<![\w\\]){name}\$?(?:{domain}|{others})?{BLANK}(?:is|are|denotes?){words}", sentence))


def scalars_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of tensors that are one number for each sample, and what says so: α and β are scalar gates."""
    yield from names_before(sentence, _IS_SCALAR)
    yield from names_after(sentence, _SCALAR)


def positive_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence compares with 0: a > 0."""
    for match in _IS_POSITIVE.finditer(sentence):
        yield match.span(match.lastindex or 1)


def in_intervals(sentence: str) -> Iterator[Span]:
    """Names that are in an interval of numbers: β_t ∈ [0, 1]."""
    for names, _ in names_before(sentence, _IN_INTERVAL):
        yield from names


def vectors_in(sentence: str) -> Iterator[Span]:
    """Names of weights that are vectors: W_p is a weight vector, with weight vectors w and u."""
    for names, _ in (*names_before(sentence, _IS_VECTOR), *names_after(sentence, _ROW)):
        yield from names


def given_vectors_in(sentence: str) -> Iterator[Span]:
    """Names of other vectors: T is the topic vector."""
    for names, _ in names_before(sentence, _IS_GIVEN):
        yield from names


def named_vectors_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls vectors: the vector θ, α and β are trainable vectors."""
    for names, _ in (*names_after(sentence, _VECTOR), *names_before(sentence, _IS_SOME_VECTOR)):
        yield from names


def matrices_in(sentence: str) -> Iterator[Span]:
    """Names of weights that are matrices: w_z and u_z are weight matrices."""
    for names, _ in names_before(sentence, _IS_MATRIX):
        yield from names


def special_matrices_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of matrices whose numbers are no free ones, and what says so: P is a permutation matrix."""
    yield from names_before(sentence, _IS_SPECIAL)
    yield from names_after(sentence, _SPECIAL)


def ones_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of what is 1 everywhere, and what says so: E is a matrix of ones."""
    yield from names_before(sentence, _IS_ONES)


def complex_in(sentence: str) -> Iterator[Span]:
    """Names of complex tensors: A, B and C are complex."""
    for names, _ in names_before(sentence, _IS_COMPLEX):
        yield from names
    yield from (match.span(1) for match in _DIAGONAL_OF.finditer(sentence) if match[2])


def diagonals_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of matrices that have only a diagonal, and what says so: A, B and C are diagonal matrices."""
    yield from names_before(sentence, _IS_DIAGONAL)
    yield from names_after(sentence, _DIAGONAL)
    for match in (*_DIAGONAL_OF.finditer(sentence), *_WITH_DIAGONAL.finditer(sentence)):
        yield [match.span(1)], (match.start(1), match.end())
    for match in _BE_DIAGONAL.finditer(sentence):
        if IS_DENIED.search(sentence, max(0, match.start() - 80), match.start()):
            continue
        yield [match.span(1)], match.span()


def elements_after(sentence: str, end: int) -> str:
    """What a sentence says of the elements of a diagonal matrix, behind the word for it: with elements e^{i\\omega_j};
    nothing if it gives them a name alone."""
    found = _ELEMENTS.match(sentence, end)
    is_name = found and re.fullmatch(r"\\?[A-Za-z]{1,10}_?(?:\{?[a-z]{1,2}\}?)?\$?\.?", found[1])
    return found[0].strip(" .$,") if found and not is_name else ""
