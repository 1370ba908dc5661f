"""Which functions sentences say that names are: where φ is the Swish activation."""

import re
from collections.abc import Iterator

from ..vocabulary.function_words import MODULUS, PARAMETRIC
from .sentence_patterns import BLANK, NAME, Span, names_before

_QUALIFIERS = (
    "leaky", "hard", "scaled", "squared", "shifted", "noisy", "randomized", "randomised", "thresholded", "clipped",
    "capped", "truncated", "modified", "parametric", "parameterized", "piecewise",
)  # fmt: skip
"""The words before a function that make it another one."""
WORDS = {
    "parametric relu": PARAMETRIC, "parametric-relu": PARAMETRIC, "prelu": PARAMETRIC,
    "parametric rectified linear": PARAMETRIC, "parameterized relu": PARAMETRIC, "parametric leaky relu": PARAMETRIC,
    "modrelu": MODULUS, "mod-relu": MODULUS, "modulus relu": MODULUS, "modular relu": MODULUS,
    "leaky-relu": "leaky_relu", "leakyrelu": "leaky_relu", "leaky rectified linear": "leaky_relu",
    "heaviside": "heaviside", "unit step": "heaviside", "step function": "heaviside", "hard sigmoid": "hard_sigmoid",
    "hard-sigmoid": "hard_sigmoid", "hard tanh": "hard_tanh", "leaky relu": "leaky_relu", "sign function": "sign",
    "hyperbolic tangent": "tanh", "tanh": "tanh", "logistic": "sigmoid", "sigmoid": "sigmoid", "relu": "relu",
    "rectified linear": "relu", "rectifier": "relu", "softplus": "softplus", "swish": "silu",
    "exponential linear": "elu", "gaussian error linear": "gelu", "sigmoid linear": "silu", "silu": "silu",
    "gelu": "gelu", "elu": "elu", "sine": "sin", "cosine": "cos",
    "softmax": "softmax", "soft-max": "softmax", "identity": "identity", "dropout": "identity",
    "linear": "identity", **dict.fromkeys(_QUALIFIERS, ""),
}  # fmt: skip
"""How sentences call functions; of the others none is ours."""
_KNOWN = "|".join(
    rf"{word}(?=[ ]{{0,2}}(?:[.,;:)$]|$|\n)|{BLANK}(?:function|activation|and|with|for|in|while|here)\b)"
    if word == "linear" else word for word in WORDS
)  # fmt: skip
"""These words; a linear map or layer is another thing than a linear function."""
_SLOPE = re.compile(
    rf"\bslopes?(?:{BLANK}(?:of|is|was|set|equal|fixed|to|below|0|zero|parameter|coefficient)\b){{0,4}}"
    r"[ ]?\$?[ ]?(?:\\?[^\W\d_]{1,6}[ ]?=|=)?[ ]?\$?[ ]?(0?\.[0-9]{1,6})"
    rf"|leaky[- ]?relu(?:{BLANK}(?:activation|function|with|unit|and|using)\b){{0,4}},?[ ]?\(?[ ]?\$?"
    r"(?:\\?[^\W\d_]{1,6}[ ]?=)[ ]?(0?\.[0-9]{1,6})"
    rf"|(?<![\d.])(0?\.[0-9]{{1,6}})\$?{BLANK}(?:negative{BLANK})?slope\b",
    re.IGNORECASE,
)
"""The slope of a leaky ReLU: with slope 0.2; leaky ReLU (α = 0.2)."""
_WITH_SLOPE = re.compile(
    rf"\}}?\$?(?:{BLANK}(?:activation|function|unit|non-?linearity)){{0,2}},?{BLANK}(?:with|whose|having){BLANK}"
    rf"(?:(?:[A-Za-z-]{{1,12}}|[0-9.]{{1,6}}){BLANK}){{0,3}}?(?:slopes?|leak)\b"
    rf"(?:(?:{BLANK}\S{{1,12}}){{0,2}}?{BLANK}is{BLANK}(?:learn|train))?",
    re.IGNORECASE,
)
"""What makes a ReLU a leaky one, or a parametric one: with a learned slope."""
_HERE = (
    rf"(?:(?:here|in{BLANK}(?:this|our)|we|generally|usually|both|which|namely|e\.g\.|i\.e\.),?{BLANK}"
    rf"(?:(?:and|in|this|our|paper|work|case|experiments|we|will|use|choose|chose|take|set|to|is|are|be|as|the|an?|"
    rf"chosen|both),?{BLANK}){{0,6}})"
)
"""The words before the function that a paper takes: here the identity; generally and in this paper tanh."""
_OTHER_WORDS = rf"(?:(?!(?:or|and|not)\b)(?:function,|[A-Za-z-]{{1,16}}){BLANK}){{0,6}}?"
_A_FUNCTION = rf"{_OTHER_WORDS}\$?\\?(?:text|mathrm)?\{{?({_KNOWN})\b"
_FUNCTION = re.compile(
    rf"{NAME}{BLANK}(?:(?:is|denotes|represents|means|=|being){BLANK}|(?=the\b)){_A_FUNCTION}", re.IGNORECASE
)
_GOES_ON = re.compile(r"\}?[ ]?(?:\([^()]{1,20}\)[ ]?[-−]|(?:\([^()]{1,20}\))?[ ]?[+*/·⊙])")
"""What follows the name of a function in a formula of another one: elu(x) + 1."""
_FORMULA_OF_FUNCTION = re.compile(r"[ ]?[+*/−-][ ]?[0-9.]{1,6}")
_OR = re.compile(
    rf"\}}?\$?(?:(?:{BLANK}(?:activation|function|map|non-?linearity|unit)){{0,2}}(?:,{BLANK}\S{{1,16}}){{0,3}},?"
    rf"{BLANK}or\b"
    rf"|(?:{BLANK}function)?{BLANK}\((?:usually|typically|often|e\.g\.|such as)(?![A-Za-z]))",
    re.IGNORECASE,
)
"""What follows a function that a sentence names as one of several: or tanh; (usually tanh)."""
_SUCH_AS = re.compile(r"\b(?:such as|e\.g\.|either|typically|usually|like)", re.IGNORECASE)
_FUNCTIONS = re.compile(
    rf"{NAME}{BLANK}and{BLANK}{NAME}{BLANK}(?:are|denote|represent){BLANK}{_A_FUNCTION}(?:{BLANK}[A-Za-z-]{{1,16}}){{0,2}}{BLANK}and{BLANK}{_A_FUNCTION}",
    re.IGNORECASE,
)
_BOTH = re.compile(
    rf"{NAME}{BLANK}and{BLANK}{NAME}{BLANK}(?:are|denote|represent|=){BLANK}(?:both{BLANK})?{_A_FUNCTION}"
    rf"(?!(?:{BLANK}[A-Za-z-]{{1,16}}){{0,2}}{BLANK}and\b(?!{BLANK}\S{{1,12}}{BLANK}(?:is|are|denotes?)\b))",
    re.IGNORECASE,
)
_ALL = re.compile(
    rf"{BLANK}(?:are|denote|represent){BLANK}(?:(?:both|all){BLANK})?{_A_FUNCTION}"
    rf"(?!(?:{BLANK}[A-Za-z-]{{1,16}}){{0,2}}{BLANK}and\b(?!{BLANK}\S{{1,12}}{BLANK}(?:is|are|denotes?)\b))",
    re.IGNORECASE,
)
"""What a sentence says of three functions or more: φ, ψ and χ are tanh."""
_CHOSEN = re.compile(
    rf"(?:\b(?:choose|use|chose|used|take|adopt|apply|with|and)\b|,){BLANK}(?:(?:the|an?){BLANK})?"
    rf"({_KNOWN})(?:{BLANK}(?:activation|function|map|non-?linearity)){{0,2}}{BLANK}(?:for|as){BLANK}"
    r"\$?([^\s$,;.]{1,40})(?=[\s,.;)$]|$)",
    re.IGNORECASE,
)
"""We choose the sigmoid for f and the identity for g."""
_SET = re.compile(
    rf"(?:\b(?:set|fix|choose|chose|take)|,|\band){BLANK}{NAME}{BLANK}(?:to{BLANK}be|to|as){BLANK}(?:(?:the|an?){BLANK})?"
    rf"\$?\\?({_KNOWN})\b",
    re.IGNORECASE,
)
"""We set f to tanh and g to the identity."""
_SETS = re.compile(r"\b(?:set|fix|choose|chose|take)\b", re.IGNORECASE)
_NEXT_NAME = rf"(?:,|,?{BLANK}and){BLANK}\S{{1,30}}{BLANK}(?:is|are|denotes?)\b"
_MAP = rf"(?:{BLANK}\S{{1,14}}{BLANK}(?:→|\\(?:to|mapsto|rightarrow)){BLANK}\S{{1,14}})?"
"""From where to where a function leads: σ: R → R."""
_MAY_BE = re.compile(rf"{NAME}{_MAP}{BLANK}(?:is|denotes|represents|means|can{BLANK}be|may{BLANK}be){BLANK}"
                     rf"((?:(?!{_NEXT_NAME})[^.;=]){{1,160}})", re.IGNORECASE)  # fmt: skip
"""What a sentence says about a name, up to the next one."""
_IS_CHOICE = re.compile(r"\b(?:or|either|usually|typically|often|such as|like)\b|e\.g\.", re.IGNORECASE)
_WORDS_OF_FUNCTIONS = re.compile(rf"(?<![A-Za-z-])({_KNOWN})(?![A-Za-z])", re.IGNORECASE)
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
    rf"{NAME}{BLANK}(?:is|denotes|represents|means|being){BLANK}(?:(?:the|an?){BLANK})?"
    rf"\\?(?:text|mathrm)?\{{?((?:[A-Za-z-]{{1,20}}{BLANK})?[A-Za-z-]{{3,20}}){BLANK}{_KINDS}\b"
    rf"|{NAME}{BLANK}is{BLANK}(?:(?:the|an?){BLANK})?((?:(?:{'|'.join(_QUALIFIERS)}){BLANK})?(?:[A-Za-z-]{{0,16}}relu|[A-Za-z-]{{0,16}}sigmoid|tanh|softplus))\b",
    re.IGNORECASE,
)
_PRODUCT_SIGN = r"\$?(⊗|\\otimes|⊙|\\odot|∘|◦|\\circ|∗|\*|\\ast|⊛|\\circledast)\$?"
_PRODUCTS_OF_SIGNS = re.compile(
    rf"(?<!\S)({_PRODUCT_SIGN}(?:(?:,|,?{BLANK}and){BLANK}{_PRODUCT_SIGN})?){BLANK}"
    rf"(?:is|are|denotes?|represents?|means?|stands?{BLANK}for|being)\b([^.;\n]{{1,160}})"
)
_KINDS_OF_PRODUCTS = {
    "hamilton": "Hamilton", "quaternion": "Hamilton", "kronecker": "Kronecker", "outer": "outer", "tensor": "outer",
    "hadamard": "pointwise", "element": "pointwise", "elementwise": "pointwise", "pointwise": "pointwise",
    "component": "pointwise",
}  # fmt: skip
_KIND_OF_PRODUCT = re.compile(rf"\b({'|'.join(_KINDS_OF_PRODUCTS)})\b", re.IGNORECASE)
_IN_THE_PAPER = re.compile(
    rf"\}}?\$?(?:{BLANK}(?:activation|function|map|non-?linearity|unit)){{0,2}},?{BLANK}\(?[ ]?{_HERE}"
    rf"\$?\\?(?:text|mathrm)?\{{?({_KNOWN})\b",
    re.IGNORECASE,
)
"""The function that a paper takes for one of a kind: is a sigmoid function (we will use tanh)."""
_ARE_FUNCTIONS = re.compile(
    rf"(?:\((?:·|\.|\\cdot)\))?\$?{BLANK}(?:is|are|denotes?|represents?|being){BLANK}"
    rf"(?:(?!not\b|no\b|of\b|in\b|by\b)[A-Za-z-]{{1,16}}{BLANK}){{0,6}}?"
    rf"(?:activations?(?:{BLANK}functions?)?|(?:non-?linear|squashing|split|gating|transfer|output|elementwise){BLANK}functions?"
    rf"|(?:activation|non-?linear|squashing)-?{BLANK}?functions?|non-?linearit(?:y|ies))\b"
    rf"(?:(?:[ ]?,{BLANK}|{BLANK}\([ ]?)(?:{_HERE}|(?<=\()[ ]?(?:the{BLANK})?)\$?\\?({_KNOWN})\b)?",
    re.IGNORECASE,
)
"""α and β are activation functions (tanh)."""
_ARGUMENT = re.compile(r"\((?:·|\.|\\cdot|x|z|a)\)$|:$")


def functions_in(sentence: str) -> Iterator[tuple[Span, str]]:
    """Names and the functions that a sentence gives them: φ is the Swish activation."""
    pairs = [((match[1], match.span(1), match[3]), (match[2], match.span(2), match[4]))
             for match in _FUNCTIONS.finditer(sentence)]  # fmt: skip
    pairs += [((match[1], match.span(1), match[3]), (match[2], match.span(2), match[3]))
              for match in _BOTH.finditer(sentence)]  # fmt: skip
    single = [(match[1], match.span(1), _function_of(sentence, match)) for match in _FUNCTION.finditer(sentence)
              if not (_GOES_ON.match(sentence, match.end()) or _is_one_of(sentence, match))]  # fmt: skip
    for names, (_, end) in names_before(sentence, _ALL):
        said = _ALL.search(sentence, names[-1][1], end)
        single += [(sentence[first:last], (first, last), said[1]) for first, last in names if said and len(names) > 2]
    single += [(match[2], match.span(2), match[1]) for match in _CHOSEN.finditer(sentence)]
    if _SETS.search(sentence):
        single += [(match[1], match.span(1), match[2]) for match in _SET.finditer(sentence)]
    for name, (start, _), word in (*(one for pair in pairs for one in pair), *single):
        if function := WORDS[word.lower()]:
            yield (start, start + len(_ARGUMENT.sub("", name))), function


def _function_of(sentence: str, match: re.Match[str]) -> str:
    """The word for a function that a sentence names, that of the one that a paper takes for it, and for a ReLU with a
    slope below 0 that of a leaky or parametric one."""
    found = _WITH_SLOPE.match(sentence, match.end()) if WORDS[match[2].lower()] in ("relu", "leaky_relu") else None
    is_learned = found and re.search("learn|train|parametr|adapt", found[0], re.IGNORECASE)
    chosen = _IN_THE_PAPER.match(sentence, match.end())
    return "prelu" if is_learned else "leaky relu" if found else chosen[1] if chosen else match[2]


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
    for names, (_, end) in names_before(sentence, _ARE_FUNCTIONS):
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
