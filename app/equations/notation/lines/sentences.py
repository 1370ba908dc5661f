"""What the sentences beside equations say about their names: where c = 8, where φ is the Swish activation."""

import re
import unicodedata
from collections.abc import Iterator

from ...limits import MOST_NAMES
from ..vocabulary.function_words import PARAMETRIC, function_of
from ..vocabulary.latex_commands import GREEK, PRINTED

Span = tuple[int, int]
"""Where a part of a sentence begins and ends."""

INTRODUCTIONS = ("where", "with", "for", "in which", "given that", "here", "such that", "when", "if")
"""The words that a sentence after an equation begins with."""

_IN_CODE = re.compile(r"([`$])([^`$=\n]{1,40}=(?!=)[^`$\n]{1,400})\1")
"""An equation in a sentence, set as code or as a formula."""
_IF = re.compile(r"\b(?:if|when|setting|taking|choosing|assuming|si|wenn|quand)[ ]?$", re.IGNORECASE)
"""The word before a formula that holds in one case alone."""
_ASIDE = re.compile(rf"(?<=[\s,;.(])(?:{'|'.join(INTRODUCTIONS)}|and)\b(?!\s*[(=_^])(?=\s)")
_OPEN_WORDS = re.compile(r"\\(?:text|textrm|mathrm|mbox)[ ]?\{[^{}\n]*$")
_BREAKS = re.compile(
    r"(?<![\\A-Za-z_{^])(?:where|with|for|in which|given|here|such|that|when|if|and|or|we|let|set|use|choose|take|fix|"
    r"is|are|was|the|an|as|both|respectively|during|by|throughout|at|from|on|see|following|learned|learnable|trainable|"
    r"initiali[sz]ed|initially|constant|constants|to|of|denotes?|being|be|having|each|all|case|experiments|default|"
    r"typically|usually|often|our|then|which)(?![A-Za-z_}(=])(?!\s*[=∈])|;|:(?=\s+[A-Za-z])|(?<=\d)\$|\.(?=\s|$|\$)",
    re.IGNORECASE,
)
_WORDS_IN_LATEX = re.compile(
    r"(?<=[ ~;,])\\(?:text|textrm|textit|mbox)[ ]?\{[^{}\n]*\}|(?<=_)\{\\text[ ]?\{[^{}\n]*\}\}"
)
"""Words beside an equation or below a brace."""
_SENTENCE = re.compile(r"(?<![\\A-Za-z_{])[A-Za-z]{2,}[ \t]{1,4}[A-Za-z]{3,}(?:[ \t]{1,4}[A-Za-z]{2,}|[.,]?\s*$)")
_IN_BRACKETS = re.compile(r"(?<=\s)\((?=[^()=]{1,20}=[^()=]{1,40}\)[ .,]{0,3}$)")
_RELATION = re.compile(r"=|∈|≔|\\in\b|\\coloneqq|←|\bin(?=[ ]\$?(?:\\mathbb|ℝ))")
_WORD = re.compile(r"(?<![\\A-Za-z_{])[A-Za-z]{3,}")
_NAME = r"(?<!\S)\$?(?!(?:where|with|for|here|and|the|that|which|constant|scalar|we)\b)([^\s$,]{1,40})\$?"
_BLANK = r"[ \t]{1,4}"
_NUMBER = (
    r"\$?([-−]?[0-9]{1,8}(?:\.[0-9]{1,8})?(?:[eE][-+−]?[0-9]{1,2})?"
    r"(?:/[0-9]{1,6}|\^\{?[-−]?[0-9]{1,2}\}?)?)(?![0-9A-Za-z])"
)
_SET_TO = re.compile(
    rf"{_NAME}(?:{_BLANK}(?:is|was|are)(?:{_BLANK}[A-Za-z-]{{1,20}}){{0,6}}?)?{_BLANK}"
    rf"(?:set|fixed|equal|kept|chosen|held){_BLANK}(?:to|at|as){_BLANK}(?:be{_BLANK})?{_NUMBER}"
)
_SET = re.compile(
    rf"\b(?:set|fix|choose|take|let|keep){_BLANK}{_NAME}{_BLANK}(?:to|at|as|be){_BLANK}(?:be{_BLANK})?{_NUMBER}",
    re.IGNORECASE,
)
_IS = re.compile(
    rf"{_NAME}{_BLANK}(?:is|equals|was|be){_BLANK}(?:the{_BLANK}|a{_BLANK})?(?:number{_BLANK}|constant{_BLANK})?{_NUMBER}"
)

_OF_AXES = (
    r"(?:[ \t]{0,4}(?:∈|\\in)[ \t]{0,4}(?:(?:[ℝℂ]|\\mathbb[ ]?\{?[RC]\}?)[ ]?\^(?:\{[^{}]{1,30}\}|\S{1,8})"
    r"|[ℝℂRC][^\s^,;]{1,12})\$?)?"
)
"""The axes behind a name, A ∈ ℝ^{m×m}, or A ∈ Rm×m as PDFs have them."""
_IS_DIAGONAL = re.compile(
    rf"{_OF_AXES}{_BLANK}(?:(?:is|are|be|being|denotes?){_BLANK}(?:(?!not\b|block\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,3}}?"
    rf"diagonal\b(?!{_BLANK}plus|-)(?:{_BLANK}(?:weight{_BLANK})?matri(?:x|ces))?|\(diagonal(?:{_BLANK}matrix)?\))"
)
_OTHER_NOUN = (
    r"(?!(?:and|or|of|plus|with|for|as|is|are|in|the|elements?|entr|values?|part|terms?|covariance)\b)[A-Za-z-]{3,16}"
)
_OF_NOUN = rf"(?:(?:{_BLANK}{_OTHER_NOUN}){{0,2}}?{_BLANK}(?:matrix|(matrices)))?"
"""The noun behind an adjective, which has one name behind it, or several: diagonal transition matrices A and B."""
_DIAGONAL = re.compile(rf"(?<![\w-])(?<!block )diagonal(?!-){_OF_NOUN}", re.IGNORECASE)
"""Such a word before a name: the diagonal matrix A, with diagonal A."""
_ELEMENTS = re.compile(
    rf"{_BLANK}?(?:,{_BLANK})?(?:with|whose|having){_BLANK}(?:(?:the|diagonal){_BLANK}){{0,2}}"
    rf"(?:elements?|entr(?:y|ies)|values?)(?:{_BLANK}(?:are|given{_BLANK}by|being))?{_BLANK}"
    r"\$?((?:[^\s,;]|(?<=[+\-*/=−])\s|\s(?=[+\-*/=−])){2,60})"
)
"""What the sentence of a diagonal matrix says of its elements: with elements e^{i\\omega_j}."""
_IS_COMPLEX = re.compile(
    rf"{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!not\b|no\b|more\b|less\b|too\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,3}}?"
    rf"complex(?:-?[ ]?valued)?(?=[ ]{{0,2}}(?:[.,;)$]|$|\n)|{_BLANK}(?:and|diagonal|numbers?|matrix|"
    r"matrices|vectors?|weights?|parameters?|tensors?|eigenvalues?|states?)\b)"
)
_IS_MASK = re.compile(
    rf"{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,4}}?"
    rf"(?:zoneout|dropout|random|Bernoulli|stochastic)(?:{_BLANK}(?:binary|identity|update))?[- ]masks?\b",
    re.IGNORECASE,
)
_IS_VECTOR = re.compile(
    rf"{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,3}}?"
    rf"(?:(?:weights?|parameters?|row){_BLANK})vectors?\b",
    re.IGNORECASE,
)
_IS_GIVEN = re.compile(
    rf"{_BLANK}(?:is|denotes?|represents?){_BLANK}(?:(?!not\b|no\b|weight|parameter|bias|row\b)[A-Za-z-]{{1,16}}{_BLANK}){{1,4}}?"
    r"vector\b",
    re.IGNORECASE,
)
"""What sentences say of vectors that are no weights of a gate: T is the topic vector."""
_IS_MATRIX = re.compile(
    rf"{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!not\b|no\b|diagonal\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,4}}?"
    rf"matri(?:x|ces)\b(?!{_BLANK}(?:and|or){_BLANK}(?:\S{{1,12}}{_BLANK})?vectors?)",
    re.IGNORECASE,
)
_SPECIAL_WORDS = (
    r"(?:permutation|orthogonal|unitary|rotation|skew-?symmetric|antisymmetric|symmetric|circulant|Toeplitz|Hadamard"
    r"|off-?[ ]?diagonal|hollow|block-?[ ]?diagonal|banded|sparse"
    r"|(?:strictly[ ])?(?:(?:block-?[ ]?)?(?:lower|upper)[ -])?triangular)"
)
_IS_SPECIAL = re.compile(
    rf"{_OF_AXES}{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,3}}?"
    rf"{_SPECIAL_WORDS}(?:{_BLANK}(?:weight{_BLANK})?matri(?:x|ces))\b",
    re.IGNORECASE,
)
"""What sentences say of the numbers of a matrix, which changes no shape."""
_SPECIAL = re.compile(rf"(?<![\w-]){_SPECIAL_WORDS}(?!-){_OF_NOUN}", re.IGNORECASE)
"""Such words before a name: the lower triangular matrix A."""
_IS_ONES = re.compile(
    rf"{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:an?|the){_BLANK}(?:matri(?:x|ces)|vectors?){_BLANK}of{_BLANK}(?:all{_BLANK})?ones\b"
    rf"|{_BLANK}(?:is|denotes?){_BLANK}(?:an?|the){_BLANK}all-?[ ]?ones?{_BLANK}(?:matrix|vector)\b",
    re.IGNORECASE,
)
_MEAN = re.compile(r"(?<![A-Za-z\\])[a-z]\}?_\{?([A-Za-z]{1,2})\}?[ ]?=[ ]?\$?(0?\.[0-9]{1,6})")
BERNOULLI = re.compile(
    r"[ ]{0,4}(?:\\[a-z]{4,12}[ ]?\{)?[ ]?(?:Bernoulli|Bern|Ber)\}?[ ]{0,2}(?:\\left)?"
    r"\(([^()]{1,40}|[^()]{1,20}\([^()]{1,20}\)[^()]{0,20})\)",
    re.IGNORECASE,
)
"""What stands behind the sign of a tensor that is drawn at random and is 1 or 0, and how often it is 1."""
_IS_SCALAR = re.compile(
    rf"(?:{_BLANK}(?:∈|\\in)[ \t]{{0,4}}[\[(][^\])\n]{{1,20}}[\])]\$?)?{_BLANK}(?:is|are|be|being|denotes?){_BLANK}"
    rf"(?:(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,3}}?|[a-z](?:(?!{_BLANK}(?:is|are|denotes?)\b)[^.;,=]){{1,60}},{_BLANK}an?{_BLANK})"
    rf"scalars?\b(?!-|{_BLANK}(?:multiple|product|function))"
)
_IS_INPUT = re.compile(
    rf"{_BLANK}(?:is|being|denotes?|represents?){_BLANK}(?:(?:the|an?|our|current|external|network|cell){_BLANK}){{0,3}}inputs?"
    rf"(?!{_BLANK}(?:gat|weight|matri|modul|proj|bias|transform|mask|node|siz|dim|act|nois|scal|map|connect|coeff|layer)|-)\b",
    re.IGNORECASE,
)
"""What a sentence says of the input: i_t is the input of the cell."""
_INPUT = re.compile(rf"\binput{_BLANK}(?:(?:vector|embedding|signal|token|features?){_BLANK})?{_NAME}", re.IGNORECASE)
_IS_OUTPUT = re.compile(
    rf"{_BLANK}(?:is|being|denotes?|represents?){_BLANK}(?:(?:the|an?|our|final|overall|network|cell|model|layer|spike)"
    rf"{_BLANK}){{0,3}}outputs?(?!{_BLANK}(?:gat|weight|matri|modul|proj|bias|transform|mask|nonlin|activ|func|map|layer)|-)\b",
    re.IGNORECASE,
)
"""What a sentence says of the output: y_t is the output of the cell."""
_OUTPUT = re.compile(rf"\boutput{_BLANK}(?:(?:vector|signal|spikes?|sequence){_BLANK})?{_NAME}", re.IGNORECASE)
_IS_START = re.compile(
    rf"{_NAME}{_BLANK}(?:is|denotes?|represents?|being){_BLANK}(?!(?:set|equal|0|not)\b)"
    r"([A-Za-z](?:[^.;,$\n]|\.(?=\w)){2,80}?)(?=[.;,\n]|$|[ ]and[ ]\S{1,20}[ ](?:is|are)\b)",
    re.IGNORECASE,
)
_KNOWN_START = re.compile(r"\b(?:zeros?|ones?|0|1)\b(?!-)|\binitiali[sz]ed\b", re.IGNORECASE)
_COMPARED = (rf"(?:{_BLANK}?(?:[<>≤≥]|\\(?:[gl]eq?|[gl]t)(?![A-Za-z])){_BLANK}?[0-9.]{{1,6}}\$?"
             rf"|[ ]?(?:∈|\\in){_BLANK}?[\[(][^\])\n]{{1,20}}[\])]\$?)?")  # fmt: skip
"""A range behind a name: a > 0, a ∈ [0, 1]."""
_NOT_SCALAR = r"(?:(?:not|no)\b|[A-Za-z-]{0,16}(?:wise|vector|matri|independent|per\b|each\b))"
_IS_RATE = re.compile(
    rf"{_COMPARED}{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!{_NOT_SCALAR})[A-Za-z-]{{1,16}}{_BLANK}){{0,4}}?"
    rf"(?:rates?|constants?|coefficients?|factors?|(?:hyper-?|tunable{_BLANK}|control{_BLANK})parameters?"
    rf"|step[ -]?sizes?|temperatures?|strengths?|ratios?|frequenc(?:y|ies))"
    rf"(?!-|{_BLANK}(?:vectors?|matri|for{_BLANK}each|per|of{_BLANK}each))\b",
    re.IGNORECASE,
)
_IS_QUANTITY = re.compile(
    rf"{_COMPARED}{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!{_NOT_SCALAR})[A-Za-z-]{{1,16}}{_BLANK}){{0,4}}?"
    rf"(?:resistance|capacitance|conductance|constant)s?"
    rf"(?=[ ]{{0,2}}(?:[.,;)$]|$|\n)|{_BLANK}(?:and|of|in|that|which)\b)",
    re.IGNORECASE,
)
"""What a sentence says of a capital that is a number: R_m is the membrane resistance."""
_TRAINED_NUMBERS = r"(?:weight|parameter|scalar|number|coefficient|constant|factor|variable)s?\b"
_TRAINED = re.compile(
    rf"\b(?:trainable|learnable|learned|learnt){_BLANK}(?:scalar{_BLANK})?{_TRAINED_NUMBERS}{_BLANK}"
    rf"\$?([^\s$,.;()]{{1,40}})\$?(?:(?:,|,?{_BLANK}and){_BLANK}\$?([^\s$,.;()]{{1,40}}))?",
    re.IGNORECASE,
)
"""Such a sentence in another order: with learned scalars α and β."""
_IS_TRAINED = re.compile(
    rf"{_COMPARED}{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!{_NOT_SCALAR})[A-Za-z-]{{1,16}}{_BLANK}){{0,3}}?"
    rf"(?:trainable|trained|learnable|learned|learnt)"
    rf"(?:(?:{_BLANK}(?!{_NOT_SCALAR})[A-Za-z-]{{1,16}}){{0,3}}?{_BLANK}{_TRAINED_NUMBERS}"
    rf"(?!-|{_BLANK}(?:vector|matri|for{_BLANK}each|per\b|of{_BLANK}each))"
    rf"|(?=[ ]{{0,2}}(?:[.,;)$]|$|\n)|{_BLANK}(?:and|by|from|during|with|jointly)\b))",
    re.IGNORECASE,
)
"""What a sentence says of numbers that are no constants: α and β are trainable weights."""
_IS_COUNT = re.compile(
    rf"{_BLANK}(?:is|be|being|denotes?|represents?){_BLANK}(?:the|a){_BLANK}(?:(?:total|maximum|maximal){_BLANK})?"
    rf"(?:number{_BLANK}of{_BLANK}(?:time[ -]?)?steps|sequence[ -]length"
    rf"|length{_BLANK}of{_BLANK}(?:the|a){_BLANK}sequence)\b",
    re.IGNORECASE,
)
"""What a sentence says of the number of steps: T is the number of time steps."""
_IS_POSITIVE = re.compile(
    r"(?<![^\s($,])\$?([^\s$,()<>]{1,40})[ ]?(?:[>≥]|\\g(?:eq?|t)(?![A-Za-z]))[ ]?0"
    r"|(?<![\d.])0[ ]?(?:[<≤]|\\l(?:eq?|t)(?![A-Za-z]))[ ]?([^\s$,()<>]{1,40})"
    r"|(?<![^\s($,])\$?((?:[^\s$,()]|\([^\s$,()]{1,8}\)){1,40})[ ]?(?:∈|\\in)[ ]?[\[(][ ]?0[ ]?,[ ]?1[ ]?[\])](?!\^)"
)
_NORMAL = r"(?:\\sim|∼|~)[ ]?(?:\\math[a-z]{2,3}[ ]?\{[ ]?)?(?:N|𝒩)[ ]?\}?[ ]?(?:\\left)?\([ ]?(?:\\math[a-z]{2}\{)?0"
_IS_NOISE = re.compile(
    rf"(?:{_BLANK}(?:is|are|be|being|denotes?){_BLANK}(?:(?!not\b|no\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,5}}?noise\b"
    rf"|[ ]{{0,2}}{_NORMAL})",
    re.IGNORECASE,
)
_NOISE = re.compile(
    rf"\b(?:Gaussian|white|additive|private|recurrent|process|neural|normal){_BLANK}noise{_BLANK}{_NAME}", re.IGNORECASE
)
_IS_BESIDE = re.compile(
    rf"{_BLANK}(?:(?:is|are|be|being|denotes?|represents?){_BLANK})?(?:the|an?){_BLANK}(?:[A-Za-z-]{{1,16}}{_BLANK}){{0,2}}?"
    rf"((?:elapsed{_BLANK}times?|inter-?[ ]?(?:event|arrival)[ ]times?"
    rf"|time{_BLANK}(?:intervals?|gaps?|lags?|differences?|lapses?|elapsed|since|between|spans?)|(?:masking|missingness|observation)"
    rf"{_BLANK}(?:vectors?|masks?|indicators?)))\b",
    re.IGNORECASE,
)
"""What sentences call inputs beside x: a time between two steps, or a mask of what is known."""
_SCALAR = re.compile(
    rf"\bscalar(?:(s)|(?:{_BLANK}(?:forget|input|output|gating|learning|decay|write|update|step|mixing|leak|time))?"
    rf"{_BLANK}(?:gate|rate|weight|factor|coefficient|decay|size|parameter|value|number|variable|constant)(s)?)?\b"
)
_IS_SOME_VECTOR = re.compile(
    rf"(?:[ ]{{0,2}}(?:∈|\\in)[ ]{{0,2}}[^\s,;.]{{1,24}})?{_BLANK}(?:is|are|be|being|denotes?){_BLANK}"
    rf"(?:(?!not\b|no\b|weights?\b|parameters?\b|row\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,3}}?"
    rf"vectors?\b(?!{_BLANK}(?:of{_BLANK})?(?:all{_BLANK})?ones\b)",
    re.IGNORECASE,
)
_ROW = re.compile(rf"(?<![\w-])(?:weights?|parameter|row){_BLANK}vector(s)?\b(?!{_BLANK}of\b)", re.IGNORECASE)
_VECTOR = re.compile(
    rf"(?<![\w-])(?<!weight )(?<!weights )(?<!parameter )(?<!row )vector(s)?\b(?!{_BLANK}of\b)", re.IGNORECASE
)
"""Such a word before a name: the vector θ."""
_BE_DIAGONAL = re.compile(
    rf"\b(?:constrain|restrict|take|choose|keep|assume|let)(?:ed)?{_BLANK}\$?([^\s$,()]{{1,40}})\$?{_BLANK}"
    rf"(?:to{_BLANK}be{_BLANK}|be{_BLANK})?(?:an?{_BLANK})?diagonal\b",
    re.IGNORECASE,
)
_WITH_DIAGONAL = re.compile(
    rf"(?:\b(?:with|and)\b|,){_BLANK}\$?([^\s$,()]{{1,40}})\$?{_BLANK}diagonal\b(?!-|{_BLANK}[a-z]{{0,12}}matri)"
)
"""With A diagonal."""
_IS_DENIED = re.compile(
    r"(?:\b(?:not|never|without|neither|nor|cannot|unlike|others?|avoid|rather than|instead of)|n['’]t)\b[^.;,]{0,60}$",
    re.IGNORECASE,
)
"""What stands before a claim that a text does not make about its own matrices: we do not constrain U to be diagonal."""
_SHARED = re.compile(
    rf"\b(?:shared|tied|same){_BLANK}(?:(?!not\b|number|size|width|dim|units?\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,5}}?"
    rf"(?:layers|iterations|levels|depths?)\b",
    re.IGNORECASE,
)
"""Weights that are shared by all iterations."""
_NAMED_BEFORE = re.compile(
    r"(?:^|(?<=[\s(]))\$?(\\Delta[ ]t(?=[$ ])"
    r"|(?:[^\s$,(){}]|\{[^$(){}]{1,20}\}|\{(?![^$(){}]{1,20}\})|\}|\([^\s$,()]{1,8}\)){1,40})\$?"
    r"(?:,|,?[ \t]{1,4}and|)\s{0,4}$"
)

_NAMED_AFTER = re.compile(
    r"[ \t]{1,4}\$?((?:[^\s$,(){}.;:]|\.(?=\w)|\{(?:[^$(){}]|\{[^$(){}]{1,20}\}){1,30}\}){1,40})\$?"
)
_NEXT_NAMED = re.compile(r"(?:,?[ \t]{1,4}and|,(?![ \t]and))(?=[ \t])(?![ \t]{1,4}[a-z]{3,})")

_QUALIFIERS = (
    "leaky", "hard", "scaled", "squared", "shifted", "noisy", "randomized", "randomised", "thresholded", "clipped",
    "capped", "truncated", "modified", "parametric", "parameterized",
)  # fmt: skip
"""The words before a function that make it another one."""

WORDS = {
    "parametric relu": PARAMETRIC, "parametric-relu": PARAMETRIC, "prelu": PARAMETRIC,
    "parametric rectified linear": PARAMETRIC, "parameterized relu": PARAMETRIC, "parametric leaky relu": PARAMETRIC,
    "leaky-relu": "leaky_relu", "leakyrelu": "leaky_relu", "leaky rectified linear": "leaky_relu",
    "heaviside": "heaviside", "unit step": "heaviside", "step function": "heaviside", "hard sigmoid": "hard_sigmoid",
    "hard-sigmoid": "hard_sigmoid", "hard tanh": "hard_tanh", "leaky relu": "leaky_relu", "sign function": "sign",
    "hyperbolic tangent": "tanh", "tanh": "tanh", "logistic": "sigmoid", "sigmoid": "sigmoid", "relu": "relu",
    "rectified linear": "relu", "rectifier": "relu", "softplus": "softplus", "swish": "silu",
    "exponential linear": "elu", "gaussian error linear": "gelu", "sigmoid linear": "silu", "silu": "silu",
    "gelu": "gelu", "elu": "elu", "sine": "sin", "cosine": "cos",
    "softmax": "softmax", "soft-max": "softmax", "identity": "identity", "dropout": "identity",
    **dict.fromkeys(_QUALIFIERS, ""),
}  # fmt: skip
"""How sentences call functions; of the others none is ours."""

_SLOPE = re.compile(
    rf"\bslopes?(?:{_BLANK}(?:of|is|was|set|equal|fixed|to|below|0|zero|parameter|coefficient)\b){{0,4}}"
    r"[ ]?\$?[ ]?(?:\\?[^\W\d_]{1,6}[ ]?=|=)?[ ]?\$?[ ]?(0?\.[0-9]{1,6})"
    rf"|leaky[- ]?relu(?:{_BLANK}(?:activation|function|with|unit|and|using)\b){{0,4}},?[ ]?\(?[ ]?\$?"
    r"(?:\\?[^\W\d_]{1,6}[ ]?=)[ ]?(0?\.[0-9]{1,6})"
    rf"|(?<![\d.])(0?\.[0-9]{{1,6}})\$?{_BLANK}(?:negative{_BLANK})?slope\b",
    re.IGNORECASE,
)
"""The slope of a leaky ReLU: with slope 0.2; leaky ReLU (α = 0.2)."""
_WITH_SLOPE = re.compile(
    rf"\}}?\$?(?:{_BLANK}(?:activation|function|unit|non-?linearity)){{0,2}},?{_BLANK}(?:with|whose|having){_BLANK}"
    rf"(?:(?:[A-Za-z-]{{1,12}}|[0-9.]{{1,6}}){_BLANK}){{0,3}}?(?:slopes?|leak)\b"
    rf"(?:(?:{_BLANK}\S{{1,12}}){{0,2}}?{_BLANK}is{_BLANK}(?:learn|train))?",
    re.IGNORECASE,
)
"""What makes a ReLU a leaky one, or a parametric one: with a learned slope."""

_OTHER_WORDS = rf"(?:(?!(?:or|and|not)\b)(?:function,|[A-Za-z-]{{1,16}}){_BLANK}){{0,6}}?"
_A_FUNCTION = rf"{_OTHER_WORDS}\$?\\?(?:text|mathrm)?\{{?({'|'.join(WORDS)})\b"
_FUNCTION = re.compile(
    rf"{_NAME}{_BLANK}(?:(?:is|denotes|represents|means|=|being){_BLANK}|(?=the\b)){_A_FUNCTION}", re.IGNORECASE
)
_GOES_ON = re.compile(r"\}?[ ]?(?:\([^()]{1,20}\)[ ]?[-−]|(?:\([^()]{1,20}\))?[ ]?[+*/·⊙])")
"""What follows the name of a function in a formula of another one: elu(x) + 1."""
_FORMULA_OF_FUNCTION = re.compile(r"[ ]?[+*/−-][ ]?[0-9.]{1,6}")
_OR = re.compile(
    rf"\}}?\$?(?:(?:{_BLANK}(?:activation|function|map|non-?linearity|unit)){{0,2}}(?:,{_BLANK}\S{{1,16}}){{0,3}},?"
    rf"{_BLANK}or\b"
    rf"|(?:{_BLANK}function)?{_BLANK}\((?:usually|typically|often|e\.g\.|such as)(?![A-Za-z]))",
    re.IGNORECASE,
)
"""What follows a function that a sentence names as one of several: or tanh; (usually tanh)."""
_SUCH_AS = re.compile(r"\b(?:such as|e\.g\.|either|typically|usually|like)", re.IGNORECASE)
_FUNCTIONS = re.compile(
    rf"{_NAME}{_BLANK}and{_BLANK}{_NAME}{_BLANK}(?:are|denote|represent){_BLANK}{_A_FUNCTION}(?:{_BLANK}[A-Za-z-]{{1,16}}){{0,2}}{_BLANK}and{_BLANK}{_A_FUNCTION}",
    re.IGNORECASE,
)
_BOTH = re.compile(
    rf"{_NAME}{_BLANK}and{_BLANK}{_NAME}{_BLANK}(?:are|denote|represent|=){_BLANK}(?:both{_BLANK})?{_A_FUNCTION}"
    rf"(?!(?:{_BLANK}[A-Za-z-]{{1,16}}){{0,2}}{_BLANK}and\b(?!{_BLANK}\S{{1,12}}{_BLANK}(?:is|are|denotes?)\b))",
    re.IGNORECASE,
)
_CHOSEN = re.compile(
    rf"(?:\b(?:choose|use|chose|used|take|adopt|apply|with|and)\b|,){_BLANK}(?:(?:the|an?){_BLANK})?"
    rf"({'|'.join(WORDS)})(?:{_BLANK}(?:activation|function|map|non-?linearity)){{0,2}}{_BLANK}(?:for|as){_BLANK}"
    r"\$?([^\s$,;.]{1,40})(?=[\s,.;)$]|$)",
    re.IGNORECASE,
)
"""We choose the sigmoid for f and the identity for g."""
_NEXT_NAME = rf"(?:,|,?{_BLANK}and){_BLANK}\S{{1,30}}{_BLANK}(?:is|are|denotes?)\b"
_MAY_BE = re.compile(rf"{_NAME}{_BLANK}(?:is|denotes|represents|means|can{_BLANK}be|may{_BLANK}be){_BLANK}"
                     rf"((?:(?!{_NEXT_NAME})[^.;=]){{1,160}})", re.IGNORECASE)  # fmt: skip
"""What a sentence says about a name, up to the next one."""
_IS_CHOICE = re.compile(r"\b(?:or|either|usually|typically|often|such as|like)\b|e\.g\.", re.IGNORECASE)
_WORDS_OF_FUNCTIONS = re.compile(rf"(?<![A-Za-z])({'|'.join(WORDS)})(?![A-Za-z])", re.IGNORECASE)
_KINDS = r"(?:activation|non-?linearity|function)s?"
_OPEN_KIND = re.compile(
    r"(?:any|some|an?|the|non-?linear|(?:element|point|component)-?wise|usual|standard|given|suitable|smooth|squashing|"
    r"differentiable|applied|used|gating|gate|kernel|feature|decay|transfer|transition|output|state|hidden|recurrent|"
    r"scalar|appropriate|fixed|arbitrary|common|monotonic|bounded|activation|function|nonlinearity|non-linearity|"
    r"learned|learnable|trainable|defined|chosen|point|ours|zero|one|positive|not|also|which|matrix|vector|constant)",
    re.IGNORECASE,
)
"""The words before activation that name no function."""
_UNKNOWN_FUNCTION = re.compile(
    rf"{_NAME}{_BLANK}(?:is|denotes|represents|means|being){_BLANK}(?:(?:the|an?){_BLANK})?"
    rf"\\?(?:text|mathrm)?\{{?((?:[A-Za-z-]{{1,20}}{_BLANK})?[A-Za-z-]{{3,20}}){_BLANK}{_KINDS}\b"
    rf"|{_NAME}{_BLANK}is{_BLANK}(?:(?:the|an?){_BLANK})?((?:(?:{'|'.join(_QUALIFIERS)}){_BLANK})?(?:[A-Za-z-]{{0,16}}relu|[A-Za-z-]{{0,16}}sigmoid|tanh|softplus))\b",
    re.IGNORECASE,
)
_CONVOLUTION = re.compile(
    r"(?:(?:is|are|denotes?|represents?|means?|stands?[ \t]for|being|=|:)[ \t]{1,4}(?:(?:a|the|an)[ \t]{1,4})?"
    r"(?:(?!not\b)[A-Za-z0-9-]{1,20}[ \t]{1,4}){0,2}|^\W{0,3})convolution",
    re.IGNORECASE,
)
_PRODUCT_SIGN = r"\$?(⊗|\\otimes|⊙|\\odot|∘|◦|\\circ|∗|\*|\\ast|⊛|\\circledast)\$?"
_PRODUCTS_OF_SIGNS = re.compile(
    rf"(?<!\S)({_PRODUCT_SIGN}(?:(?:,|,?{_BLANK}and){_BLANK}{_PRODUCT_SIGN})?){_BLANK}"
    rf"(?:is|are|denotes?|represents?|means?|stands?{_BLANK}for|being)\b([^.;\n]{{1,160}})"
)
_KINDS_OF_PRODUCTS = {
    "hamilton": "Hamilton", "quaternion": "Hamilton", "kronecker": "Kronecker", "outer": "outer", "tensor": "outer",
    "hadamard": "pointwise", "element": "pointwise", "elementwise": "pointwise", "pointwise": "pointwise",
    "component": "pointwise",
}  # fmt: skip
_KIND_OF_PRODUCT = re.compile(rf"\b({'|'.join(_KINDS_OF_PRODUCTS)})\b", re.IGNORECASE)
_ARE_FUNCTIONS = re.compile(
    rf"(?:\((?:·|\.|\\cdot)\))?\$?{_BLANK}(?:is|are|denotes?|represents?|being){_BLANK}"
    rf"(?:(?!not\b|no\b|of\b|in\b|by\b)[A-Za-z-]{{1,16}}{_BLANK}){{0,4}}?"
    rf"(?:activations?(?:{_BLANK}functions?)?|(?:non-?linear|squashing|split|gating|transfer|output|elementwise){_BLANK}functions?"
    rf"|(?:activation|non-?linear|squashing)-?{_BLANK}?functions?|non-?linearit(?:y|ies))\b"
    rf"(?:{_BLANK}\([ ]?(?:(?:e\.g\.|here|usually|both),?[ ])?\$?\\?({'|'.join(WORDS)})\b)?",
    re.IGNORECASE,
)
"""α and β are activation functions (tanh)."""
_ARGUMENT = re.compile(r"\((?:·|\.|\\cdot|x|z|a)\)$")

_STYLED = re.compile(r"\\(?:mathrm|mathbf|boldsymbol|bm|text|textrm|operatorname|mathit|mathcal)[ ]?\{([^{}]{1,40})\}")
_GREEK_COMMAND = re.compile(rf"\\(?:var)?({'|'.join(sorted(GREEK, key=len, reverse=True))})(?![A-Za-z])", re.IGNORECASE)


def readable(said: str) -> str:
    """What a sentence says, without the commands of LaTeX that only style it: α for \\alpha."""
    plain = re.sub(r"\$|\\(?:left|right|,|;|!)", "", said)
    plain = _STYLED.sub(r"\1", plain.replace(r"\mathbb{R}", "ℝ").replace(r"\mathbb{C}", "ℂ"))
    for command, sign in PRINTED.items():
        plain = re.sub(rf"\\{command}(?![A-Za-z])", sign, plain)
    plain = re.sub(r"\\(?=(?:tanh|sigmoid|exp|log|max|min|sqrt)(?![A-Za-z]))", "", plain)
    plain = re.sub(r"(?<=\S) +(?=[),])", "", plain)
    return _GREEK_COMMAND.sub(lambda match: _letter(match[1]), plain)


def _letter(name: str) -> str:
    """α, for alpha."""
    size = "CAPITAL" if name[0].isupper() else "SMALL"
    return unicodedata.lookup(f"GREEK {size} LETTER {name.upper().replace('LAMBDA', 'LAMDA')}")


def function_defined(right: str, argument: str) -> str:
    """Our name of the function that a formula of one argument is, without blanks; nothing if it is another one."""
    z = argument
    exponents = (f"e^-{z}", f"exp(-{z})", rf"\exp(-{z})", rf"e^(-{z})", f"e-{z}")
    formulas = {f"1/(1+{e})": "sigmoid" for e in exponents} | {rf"\frac11+{e}": "sigmoid" for e in exponents}
    formulas |= {f"max(0,{z})": "relu", f"max({z},0)": "relu", rf"\max(0,{z})": "relu", rf"\max({z},0)": "relu"}
    named = re.fullmatch(rf"\\?([A-Za-z]{{2,10}})\({z}\)[.,;]?", right)
    return formulas.get(right.rstrip(".,;")) or (function_of(named[1]) if named else "")


def _is_inside(text: str, at: int) -> bool:
    """Whether a character stands in brackets."""
    return sum(text.count(c, 0, at) for c in "([{") > sum(text.count(c, 0, at) for c in ")]}")


def aside(text: str) -> int:
    """Where the words after an equation begin: h_t = …, where c = 8. The length of the text if there are none."""
    text = _WORDS_IN_LATEX.sub(lambda match: " " * len(match[0]), text)
    for match in _ASIDE.finditer(text):
        if _RELATION.search(text, 0, match.start()) and (match[0] != "and" or _RELATION.search(text, match.end())):
            words = _OPEN_WORDS.search(text, max(0, match.start() - 40), match.start())
            return words.start() if words else match.start()
    words = _SENTENCE.search(text)
    commas = (n for n in range(words.start() if words else 0) if text[n] in ",;" and not _is_inside(text, n))
    comma = max(commas, default=-1)
    in_brackets = _IN_BRACKETS.search(text[-80:])
    start = max(0, len(text) - 80) + in_brackets.start() if in_brackets else comma
    return start if start > 0 and _RELATION.search(text, 0, start) else len(text)


def equations_in(sentence: str) -> Iterator[Span]:
    """The parts of a sentence that are like equations or domains: c = 8, W ∈ ℝ^d."""
    formulas = [match.span(2) for match in _IN_CODE.finditer(sentence) if not _IF.search(sentence[: match.start()])]
    begin = 0
    for start, end in (*(match.span() for match in _BREAKS.finditer(sentence)), (len(sentence), len(sentence))):
        for first, last in _between_commas(sentence, begin, start):
            inside = next((span for span in formulas if first < span[0] < last <= span[1] + 1), None)
            yield inside or (first, last)  # The output $y_t = V h_t$
        begin = end


def _between_commas(sentence: str, begin: int, end: int) -> Iterator[Span]:
    """Divides a part at its commas, but not within brackets and not between names before the relation: W, U ∈ ℝ^d is
    one."""
    depth, start, has_relation = 0, begin, False
    for at in range(begin, end):
        depth += (sentence[at] in "([{") - (sentence[at] in ")]}")
        has_relation = has_relation or bool(_RELATION.match(sentence, at))
        if sentence[at] == "," and depth <= 0 and (has_relation or _WORD.search(sentence, start, at)):
            yield from _equation(sentence, start, at)
            start, has_relation = at + 1, False
    yield from _equation(sentence, start, end)


_LEADING_WORDS = re.compile(
    r"[\s,$(]{0,4}(?:(?:an?|The)[ \t]{1,4})?(?:[a-z]{3,20}[ \t]{1,4}){1,4}"
    r"(?=[^\s=∈]{1,30}[ \t]{0,4}(?:=|∈|\\in\b))"
)
"""The words before a name, in a part of a sentence that gives it a value."""


def _equation(sentence: str, start: int, end: int) -> Iterator[Span]:
    while start < end and sentence[end - 1] in " \t\n.,:$":
        end -= 1
    if sentence[start:end].lstrip().startswith("(") and sentence[end - 1] == ")":
        start, end = sentence.index("(", start) + 1, end - 1
    if words := _LEADING_WORDS.match(sentence, start, end):  # leak rate a = 0.1
        start = words.end()
    while start < end and sentence[start] in " \t\n,.:$(":
        if sentence[start] == "(" and sentence.count("(", start, end) <= sentence.count(")", start, end):
            break
        start += 1
    relation = _RELATION.search(sentence, start, end)
    if relation and start < relation.start() and relation.end() < end:
        yield start, end


def words_of(text: str) -> list[str]:
    """The words of three letters or more, which are names or functions in an equation."""
    return _WORD.findall(text)


def numbers_in(sentence: str) -> Iterator[tuple[Span, Span]]:
    """Names and the numbers that they are set to in words: c is a constant set to 8."""
    for pattern in (_SET_TO, _SET, _IS):
        for match in pattern.finditer(sentence):
            yield match.span(1), match.span(2)


def says_convolution(sentence: str) -> bool:
    """Whether a sentence says that a product is a convolution."""
    return bool(_CONVOLUTION.search(sentence))


def says_shared(sentence: str) -> bool:
    """Whether a sentence says that all layers or iterations have the same weights."""
    found = _SHARED.search(sentence)
    return bool(found and not _IS_DENIED.search(sentence, 0, found.start()))


def says_matrix(sentence: str, name: str) -> bool:
    """Whether a sentence says what matrix a name is, and not the identity: I is a projection, E and I are matrices."""
    other = rf"{_BLANK}(?!identity\b)"
    words = rf"(?:{other}[A-Za-z-]{{1,20}}){{0,5}}?{other}(?:matri|project|weight|embedd)"
    domain, others = r"[^.;A-Za-z]{0,3}\\in\b[^.;]{1,60}?", rf",?{_BLANK}and{_BLANK}\S{{1,40}}"
    return bool(re.search(rf"(?<![\w\\]){name}\$?(?:{domain}|{others})?{_BLANK}(?:is|are|denotes?){words}", sentence))


def _names_before(sentence: str, pattern: re.Pattern[str]) -> Iterator[tuple[list[Span], Span]]:
    """The names in a row before what a pattern finds, A, B and C, and all of it."""
    for match in pattern.finditer(sentence):
        names: list[Span] = []
        end = match.start()
        while len(names) < MOST_NAMES and (found := _NAMED_BEFORE.search(sentence, max(0, end - 60), end)):
            if names and not re.search(r",|\band\b", sentence[found.end(1) : end]):
                break
            names.append(found.span(1))
            end = found.start()
        if names:
            yield names[::-1], (names[-1][0], match.end())


def _names_after(sentence: str, pattern: re.Pattern[str]) -> Iterator[tuple[list[Span], Span]]:
    """The names behind what a pattern finds, of which its groups tell that they are several, and all of it."""
    for match in pattern.finditer(sentence):
        if _IS_DENIED.search(sentence, max(0, match.start() - 80), match.start()):
            continue
        names: list[Span] = []
        found = _NAMED_AFTER.match(sentence, match.end())
        while found and len(names) < (MOST_NAMES if any(match.groups()) else 1):
            names.append(found.span(1))
            following = _NEXT_NAMED.match(sentence, found.end())
            found = _NAMED_AFTER.match(sentence, following.end()) if following else None
        if names:
            yield names, (match.start(), names[-1][1])


def scalars_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of tensors that are one number for each sample, and what says so: α and β are scalar gates."""
    yield from _names_before(sentence, _IS_SCALAR)
    yield from _names_after(sentence, _SCALAR)


def inputs_in(sentence: str) -> Iterator[tuple[Span, str]]:
    """Names of inputs beside x, and what a sentence calls them: Δ_t is the elapsed time."""
    for names, (_, end) in _names_before(sentence, _IS_BESIDE):
        said = _IS_BESIDE.search(sentence, names[-1][1], end)
        yield from ((name, said[1] if said else "") for name in names)


def input_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls the input: i_t is the input of the cell."""
    for names, _ in _names_before(sentence, _IS_INPUT):
        yield names[-1]
    for match in _INPUT.finditer(sentence):
        yield match.span(1)


def output_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls the output: y_t is the output of the cell, output x_n."""
    for names, _ in _names_before(sentence, _IS_OUTPUT):
        yield names[-1]
    for match in _OUTPUT.finditer(sentence):
        yield match.span(1)


def starts_in(sentence: str) -> Iterator[tuple[Span, str]]:
    """Names and what a sentence says that they are, if these are words: d_0 is the vector of the dialogue act."""
    for match in (match for match in _IS_START.finditer(sentence) if not _KNOWN_START.search(match[2])):
        yield match.span(1), match[2].strip()


def rates_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls numbers without the word: a is the leaking rate, a > 0."""
    for names, _ in _names_before(sentence, _IS_RATE):
        yield from names


def quantities_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls a number, capitals too: R_m is the membrane resistance."""
    for names, _ in _names_before(sentence, _IS_QUANTITY):
        yield from names


def trained_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of numbers that are weights, and what says so: α and β are trainable weights."""
    yield from _names_before(sentence, _IS_TRAINED)
    for match in _TRAINED.finditer(sentence):
        yield [match.span(n) for n in (1, 2) if match[n]], match.span()


def counts_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls the number of steps: T is the number of time steps."""
    for names, _ in _names_before(sentence, _IS_COUNT):
        yield from names


def positive_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence compares with 0: a > 0."""
    for match in _IS_POSITIVE.finditer(sentence):
        yield match.span(match.lastindex or 1)


def noise_in(sentence: str) -> Iterator[Span]:
    """Names of noise: ν is a noise vector, ξ ∼ N(0, 1)."""
    for names, _ in _names_before(sentence, _IS_NOISE):
        yield from names
    for match in _NOISE.finditer(sentence):
        yield match.span(1)


def masks_in(sentence: str) -> Iterator[Span]:
    """Names of masks that are drawn at random: d_c and d_h are zoneout masks."""
    for names, _ in _names_before(sentence, _IS_MASK):
        yield from names


def means_in(sentence: str) -> dict[str, float]:
    """The numbers between 0 and 1 that a sentence gives to names with an index, by these indices: z_c = 0.5."""
    return {match[1]: float(match[2]) for match in _MEAN.finditer(sentence)}


def vectors_in(sentence: str) -> Iterator[Span]:
    """Names of weights that are vectors: W_p is a weight vector, with weight vectors w and u."""
    for names, _ in (*_names_before(sentence, _IS_VECTOR), *_names_after(sentence, _ROW)):
        yield from names


def given_vectors_in(sentence: str) -> Iterator[Span]:
    """Names of other vectors: T is the topic vector."""
    for names, _ in _names_before(sentence, _IS_GIVEN):
        yield from names


def named_vectors_in(sentence: str) -> Iterator[Span]:
    """Names that a sentence calls vectors: the vector θ, α and β are trainable vectors."""
    for names, _ in (*_names_after(sentence, _VECTOR), *_names_before(sentence, _IS_SOME_VECTOR)):
        yield from names


def matrices_in(sentence: str) -> Iterator[Span]:
    """Names of weights that are matrices: w_z and u_z are weight matrices."""
    for names, _ in _names_before(sentence, _IS_MATRIX):
        yield from names


def special_matrices_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of matrices whose numbers are no free ones, and what says so: P is a permutation matrix."""
    yield from _names_before(sentence, _IS_SPECIAL)
    yield from _names_after(sentence, _SPECIAL)


def ones_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of what is 1 everywhere, and what says so: E is a matrix of ones."""
    yield from _names_before(sentence, _IS_ONES)


def complex_in(sentence: str) -> Iterator[Span]:
    """Names of complex tensors: A, B and C are complex."""
    for names, _ in _names_before(sentence, _IS_COMPLEX):
        yield from names


def diagonals_in(sentence: str) -> Iterator[tuple[list[Span], Span]]:
    """Names of matrices that have only a diagonal, and what says so: A, B and C are diagonal matrices."""
    yield from _names_before(sentence, _IS_DIAGONAL)
    yield from _names_after(sentence, _DIAGONAL)
    for match in _WITH_DIAGONAL.finditer(sentence):
        yield [match.span(1)], (match.start(1), match.end())
    for match in _BE_DIAGONAL.finditer(sentence):
        if _IS_DENIED.search(sentence, max(0, match.start() - 80), match.start()):
            continue
        yield [match.span(1)], match.span()


def elements_after(sentence: str, end: int) -> str:
    """What a sentence says of the elements of a diagonal matrix, behind the word for it: with elements e^{i\\omega_j};
    nothing if it gives them a name alone."""
    found = _ELEMENTS.match(sentence, end)
    is_name = found and re.fullmatch(r"\\?[A-Za-z]{1,10}_?(?:\{?[a-z]{1,2}\}?)?\$?\.?", found[1])
    return found[0].strip(" .$,") if found and not is_name else ""


def functions_in(sentence: str) -> Iterator[tuple[Span, str]]:
    """Names and the functions that a sentence gives them: φ is the Swish activation."""
    pairs = [((match[1], match.span(1), match[3]), (match[2], match.span(2), match[4]))
             for match in _FUNCTIONS.finditer(sentence)]  # fmt: skip
    pairs += [((match[1], match.span(1), match[3]), (match[2], match.span(2), match[3]))
              for match in _BOTH.finditer(sentence)]  # fmt: skip
    single = [(match[1], match.span(1), _with_slope(sentence, match)) for match in _FUNCTION.finditer(sentence)
              if not (_GOES_ON.match(sentence, match.end()) or _is_one_of(sentence, match))]  # fmt: skip
    single += [(match[2], match.span(2), match[1]) for match in _CHOSEN.finditer(sentence)]
    for name, (start, _), word in (*(one for pair in pairs for one in pair), *single):
        if function := WORDS[word.lower()]:
            yield (start, start + len(_ARGUMENT.sub("", name))), function


def _with_slope(sentence: str, match: re.Match[str]) -> str:
    """The word for a function that a sentence names, and for a ReLU with a slope below 0 that of a leaky or parametric
    one."""
    found = _WITH_SLOPE.match(sentence, match.end()) if WORDS[match[2].lower()] in ("relu", "leaky_relu") else None
    is_learned = found and re.search("learn|train|parametr|adapt", found[0], re.IGNORECASE)
    return "prelu" if is_learned else "leaky relu" if found else match[2]


def slope_in(sentence: str) -> float | None:
    """The slope below 0 that a sentence gives to leaky ReLUs, or None."""
    found = _SLOPE.search(sentence)
    return float(next(filter(None, found.groups()))) if found else None


def possible_functions_in(sentence: str) -> Iterator[tuple[Span, list[str]]]:
    """Names and the functions of which a sentence says that each is possible: g is the identity or tanh."""
    for match in _MAY_BE.finditer(sentence):
        if _IS_CHOICE.search(match[2]):
            found = [
                function for word in _WORDS_OF_FUNCTIONS.finditer(match[2]) if (function := WORDS[word[1].lower()])
            ]
            if found:
                yield (match.start(1), match.start(1) + len(_ARGUMENT.sub("", match[1]))), [*dict.fromkeys(found)]


def _is_one_of(sentence: str, match: re.Match[str]) -> bool:
    """Whether a sentence names a function as one of several: tanh or identity, such as tanh."""
    return bool(_OR.match(sentence, match.end()) or _SUCH_AS.search(match[0]))


def unknown_functions_in(sentence: str) -> Iterator[tuple[Span, str]]:
    """Names and what a sentence calls their functions, if that is none of ours: σ is the modrelu activation."""
    for match in _UNKNOWN_FUNCTION.finditer(sentence):
        n = 1 if match[1] else 3
        words = match[n + 1].split()
        if words[-1].lower() not in WORDS and not _OPEN_KIND.fullmatch(words[-1]):
            words = [word for word in words if not _OPEN_KIND.fullmatch(word)]
        elif not (len(words) > 1 and WORDS.get(words[0].lower()) == ""):
            continue
        start = match.start(n)
        yield (start, start + len(_ARGUMENT.sub("", match[n]))), " ".join(words)
    for match in _FUNCTION.finditer(sentence):  # σ is the ELU + 1
        if formula := _FORMULA_OF_FUNCTION.match(sentence, match.end()):
            yield (match.start(1), match.start(1) + len(_ARGUMENT.sub("", match[1]))), f"{match[2]}{formula[0]}"


def activations_in(sentence: str) -> Iterator[tuple[Span, str]]:
    """Names that a sentence calls activation functions, and our name of the function that stands behind in brackets,
    or nothing: α and β are activation functions (tanh)."""
    for names, (_, end) in _names_before(sentence, _ARE_FUNCTIONS):
        said = _ARE_FUNCTIONS.search(sentence, names[-1][1], end)
        for start, stop in names:
            name = _ARGUMENT.sub("", sentence[start:stop])
            yield (start, start + len(name)), WORDS[said[1].lower()] if said and said[1] else ""


def products_in(sentence: str) -> Iterator[tuple[str, str]]:
    """Signs, as they are typed, and the products that a sentence says they are: ⊗ is the Hamilton product."""
    for match in _PRODUCTS_OF_SIGNS.finditer(sentence):
        signs = [sign for sign in match.groups()[1:3] if sign]
        said = re.split(_PRODUCT_SIGN, match[4], maxsplit=1)[0]  # * is the convolution and ⊙ the Hadamard product
        kinds = [_KINDS_OF_PRODUCTS[kind[1].lower()] for kind in _KIND_OF_PRODUCT.finditer(said)]
        kinds = [*dict.fromkeys(kinds)][: len(signs)]
        yield from zip(signs, kinds if len(kinds) == len(signs) else kinds * len(signs), strict=False)
