"""What sentences say that names do: inputs, outputs, starts, rates, weights, masks and noise."""

import re
from collections.abc import Iterator

from .sentence_patterns import BLANK, NAME, Span, names_before

_IS_MASK = re.compile(
    rf"{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{BLANK}){{0,4}}?"
    rf"(?:zoneout|dropout|random|Bernoulli|stochastic)(?:{BLANK}(?:binary|identity|update))?[- ]masks?\b",
    re.IGNORECASE,
)
_MEAN = re.compile(r"(?<![A-Za-z\\])[a-z]\}?_?\{?([A-Za-z]{1,2})\}?[ ]?=[ ]?\$?(0?\.[0-9]{1,6})")
_IS_INPUT = re.compile(
    rf"{BLANK}(?:is|being|denotes?|represents?){BLANK}(?:(?:the|an?|our|current|external|network|cell){BLANK}){{0,3}}inputs?"
    rf"(?!{BLANK}(?:gat|weight|matri|modul|proj|bias|transform|mask|node|siz|dim|act|nois|scal|map|connect|coeff|layer)|-)\b",
    re.IGNORECASE,
)
"""What a sentence says of the input: i_t is the input of the cell."""
_INPUT = re.compile(rf"\binput{BLANK}(?:(?:vector|embedding|signal|token|features?){BLANK})?{NAME}", re.IGNORECASE)
_IS_OUTPUT = re.compile(
    rf"{BLANK}(?:is|being|denotes?|represents?){BLANK}(?:(?:the|an?|our|final|overall|network|cell|model|layer|spike)"
    rf"{BLANK}){{0,3}}outputs?(?!{BLANK}(?:gat|weight|matri|modul|proj|bias|transform|mask|nonlin|activ|func|map|layer)|-)\b"
    rf"(?!{BLANK}of{BLANK}(?:the|an?|its|our){BLANK}(?:[a-z-]{{1,16}}{BLANK}){{0,2}}?"
    r"(?:backbone|encoder|sub-?network|head|block|module|gate|mlp|convolution|attention|embedding)\b)",
    re.IGNORECASE,
)
"""What a sentence says of the output, and of no part of the cell: y_t is the output of the cell."""
_OUTPUT = re.compile(rf"\boutput{BLANK}(?:(?:vector|signal|spikes?|sequence){BLANK})?{NAME}", re.IGNORECASE)
_IS_START = re.compile(
    rf"{NAME}{BLANK}(?:is|denotes?|represents?|being){BLANK}(?!(?:set|equal|0|not)\b)"
    r"([A-Za-z](?:[^.;,$\n]|\.(?=\w)){2,80}?)(?=[.;,\n]|$|[ ]and[ ]\S{1,20}[ ](?:is|are)\b)",
    re.IGNORECASE,
)
_KNOWN_START = re.compile(r"\b(?:zeros?|ones?|0|1)\b(?!-)|\binitiali[sz]ed\b", re.IGNORECASE)
_COMPARED = (rf"(?:{BLANK}?(?:[<>≤≥]|\\(?:[gl]eq?|[gl]t)(?![A-Za-z])){BLANK}?[0-9.]{{1,6}}\$?"
             rf"|[ ]?(?:∈|\\in){BLANK}?(?:[\[(][^\])\n]{{1,20}}[\])]"
             r"|(?:ℝ|R|\\mathbb[ ]?\{?R\}?)(?:_\+|\^\+)?)\$?)?")  # fmt: skip
"""A range behind a name: a > 0, a ∈ [0, 1], a ∈ ℝ."""
_NOT_SCALAR = r"(?:(?:not|no)\b|[A-Za-z-]{0,16}(?:wise|vector|matri|independent|per\b|each\b))"
_IS_RATE = re.compile(
    rf"{_COMPARED}{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:(?!{_NOT_SCALAR})[A-Za-z-]{{1,16}}{BLANK}){{0,4}}?"
    rf"(?:rates?|constants?|coefficients?|factors?|(?:hyper-?|tunable{BLANK}|control{BLANK})parameters?"
    rf"|step[ -]?sizes?|temperatures?|strengths?|ratios?|frequenc(?:y|ies)|slopes?)"
    rf"(?!-|{BLANK}(?:vectors?|matri|for{BLANK}each|per|of{BLANK}each))\b",
    re.IGNORECASE,
)
_IS_QUANTITY = re.compile(
    rf"{_COMPARED}{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:(?!{_NOT_SCALAR})[A-Za-z-]{{1,16}}{BLANK}){{0,4}}?"
    rf"(?:resistance|capacitance|conductance|constant|factor|potential|threshold|voltage)s?"
    rf"(?=[ ]{{0,2}}(?:[.,;)$]|$|\n)|{BLANK}(?:and|of|in|that|which)\b)",
    re.IGNORECASE,
)
"""What a sentence says of a capital that is a number: R_m is the membrane resistance."""
_TRAINED_NUMBERS = r"(?:weight|parameter|scalar|number|coefficient|constant|factor|variable)s?\b"
_TRAINED = re.compile(
    rf"\b(?:trainable|learnable|learned|learnt){BLANK}(?:scalar{BLANK})?{_TRAINED_NUMBERS}{BLANK}"
    rf"\$?([^\s$,.;()]{{1,40}})\$?(?:(?:,|,?{BLANK}and){BLANK}\$?([^\s$,.;()]{{1,40}}))?",
    re.IGNORECASE,
)
"""Such a sentence in another order: with learned scalars α and β."""
_IS_TRAINED = re.compile(
    rf"{_COMPARED}{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:(?!{_NOT_SCALAR})[A-Za-z-]{{1,16}}{BLANK}){{0,3}}?"
    rf"(?:trainable|trained|learnable|learned|learnt)"
    rf"(?:(?:{BLANK}(?!{_NOT_SCALAR})[A-Za-z-]{{1,16}}){{0,3}}?{BLANK}{_TRAINED_NUMBERS}"
    rf"(?!-|{BLANK}(?:vector|matri|for{BLANK}each|per\b|of{BLANK}each))"
    rf"|(?=[ ]{{0,2}}(?:[.,;)$]|$|\n)|{BLANK}(?:and|by|from|during|with|jointly)\b))",
    re.IGNORECASE,
)
"""What a sentence says of numbers that are no constants: α and β are trainable weights."""
_IS_COUNT = re.compile(
    rf"{BLANK}(?:is|be|being|denotes?|represents?){BLANK}(?:the|a){BLANK}(?:(?:total|maximum|maximal){BLANK})?"
    rf"(?:number{BLANK}of{BLANK}(?:time[ -]?)?steps|sequence[ -]length"
    rf"|length{BLANK}of{BLANK}(?:the|a){BLANK}sequence)\b",
    re.IGNORECASE,
)
"""What a sentence says of the number of steps: T is the number of time steps."""
_NORMAL = r"(?:\\sim|∼|~)[ ]?(?:\\math[a-z]{2,3}[ ]?\{[ ]?)?(?:N|𝒩)[ ]?\}?[ ]?(?:\\left)?\([ ]?(?:\\math[a-z]{2}\{)?0"
_IS_NOISE = re.compile(
    rf"(?:{BLANK}(?:is|are|be|being|denotes?){BLANK}(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{BLANK}){{0,5}}?noise\b"
    rf"|[ ]{{0,2}}{_NORMAL})",
    re.IGNORECASE,
)
_NOISE = re.compile(
    rf"\b(?:Gaussian|white|additive|private|recurrent|process|neural|normal){BLANK}noise{BLANK}{NAME}", re.IGNORECASE
)
_IS_SUMMARY = re.compile(
    rf"{BLANK}(?:is|denotes?|represents?|being){BLANK}(?:the|an?|our){BLANK}"
    rf"(?:(?!weight|bias|param|learn|train|hidden|not\b|no\b)[A-Za-z-]{{1,16}}{BLANK}){{0,3}}?"
    rf"(?:(?:context|summary|thought|condition(?:ing)?|topic|style|latent|speaker|image|sentence|encoded)(?:{BLANK}"
    rf"(?:vector|representation|encoding|embedding|code|feature))?s?(?!{BLANK}(?:weight|matri|gate|bias|siz|dim|window)|-)\b"
    rf"|(?:embedding|representation|encoding)s?{BLANK}of|outputs?{BLANK}of{BLANK}(?:the|an?){BLANK}encoder\b)(?![^.;,]{{0,60}}(?:learn|train))",
    re.IGNORECASE,
)
"""What sentences call a vector of each sample that is the same in all steps: c is the summary of the source."""
_IS_BESIDE = re.compile(
    rf"{BLANK}(?:(?:is|are|be|being|denotes?|represents?){BLANK})?(?:the|an?){BLANK}(?:[A-Za-z-]{{1,16}}{BLANK}){{0,2}}?"
    rf"((?:elapsed{BLANK}times?|inter-?[ ]?(?:event|arrival)[ ]times?"
    rf"|time{BLANK}(?:intervals?|gaps?|lags?|differences?|lapses?|elapsed|since|between|spans?)|(?:masking|missingness|observation)"
    rf"{BLANK}(?:vectors?|masks?|indicators?)))\b",
    re.IGNORECASE,
)
"""What sentences call inputs beside x: a time between two steps, or a mask of what is known."""


ARE_PARTS = "parts of the input"
_ARE_PARTS = re.compile(rf"{BLANK}are{BLANK}(?:(?:the|equal|three|two|all){BLANK}){{0,2}}{ARE_PARTS}\b", re.IGNORECASE)


def parts_in(sentence: str) -> Iterator[list[Span]]:
    """Names that a sentence calls the parts of the input, one after another: x_t, m_t and δ_t are parts of the
    input."""
    for names, _ in names_before(sentence, _ARE_PARTS):
        yield names


def inputs_in(sentence: str) -> Iterator[tuple[Span, str]]:
    """Names of inputs beside x, and what a sentence calls them: Δ_t is the elapsed time."""
    for names, (_, end) in names_before(sentence, _IS_BESIDE):
        said = _IS_BESIDE.search(sentence, names[-1][1], end)
        yield from ((name, said[1] if said else "") for name in names)


def summaries_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls a vector of the whole input: c is the context vector."""
    for names, _ in names_before(sentence, _IS_SUMMARY):
        yield from names


def input_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls the input: i_t is the input of the cell."""
    for names, _ in names_before(sentence, _IS_INPUT):
        yield names[-1]
    for match in _INPUT.finditer(sentence):
        yield match.span(1)


def output_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls the output: y_t is the output of the cell, output x_n."""
    for names, _ in names_before(sentence, _IS_OUTPUT):
        yield names[-1]
    for match in _OUTPUT.finditer(sentence):
        yield match.span(1)


def starts_in(sentence: str) -> Iterator[tuple[Span, str]]:
    """Names and what a sentence says that they are, if these are words: d_0 is the vector of the dialogue act."""
    for match in (match for match in _IS_START.finditer(sentence) if not _KNOWN_START.search(match[2])):
        yield match.span(1), match[2].strip()


def rates_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls numbers without the word: a is the leaking rate, a > 0."""
    for names, _ in names_before(sentence, _IS_RATE):
        yield from names


def quantities_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls a number, capitals too: R_m is the membrane resistance."""
    for names, _ in names_before(sentence, _IS_QUANTITY):
        yield from names


def trained_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of numbers that are weights, and what says so: α and β are trainable weights."""
    yield from names_before(sentence, _IS_TRAINED)
    for match in _TRAINED.finditer(sentence):
        yield [match.span(n) for n in (1, 2) if match[n]], match.span()


def counts_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls the number of steps: T is the number of time steps."""
    for names, _ in names_before(sentence, _IS_COUNT):
        yield from names


def noise_in(sentence: str) -> Iterator[Span]:
    """Names of noise: ν is a noise vector, ξ ∼ N(0, 1)."""
    for names, _ in names_before(sentence, _IS_NOISE):
        yield from names
    for match in _NOISE.finditer(sentence):
        yield match.span(1)


def masks_in(sentence: str) -> Iterator[Span]:
    """Names of masks that are drawn at random: d_c and d_h are zoneout masks."""
    for names, _ in names_before(sentence, _IS_MASK):
        yield from names


def means_in(sentence: str) -> dict[str, float]:
    """The numbers between 0 and 1 that a sentence gives to names with an index, by these indices: z_c = 0.5."""
    return {match[1]: float(match[2]) for match in _MEAN.finditer(sentence)}
