"""The equations within sentences: where c = 8, with f = tanh and g = σ."""

import re
import unicodedata
from collections.abc import Iterator

from ..vocabulary.function_words import function_of
from ..vocabulary.latex_commands import GREEK, PRINTED
from .sentence_patterns import BLANK, NAME, Span
from .words_after_equations import RELATION

_IN_CODE = re.compile(r"([`$])([^`$=\n]{1,40}=(?!=)[^`$\n]{1,400})\1")
"""An equation in a sentence, set as code or as a formula."""
_IF = re.compile(r"\b(?:if|when|setting|taking|choosing|assuming|si|wenn|quand)[ ]?$", re.IGNORECASE)
"""The word before a formula that holds in one case alone."""
_BREAKS = re.compile(
    r"(?<![\\A-Za-z_{^])(?:where|with|for|in which|given|here|such|that|when|if|and|or|we|let|set|use|choose|take|fix|"
    r"is|are|was|the|an|as|both|respectively|during|by|throughout|at|from|on|see|following|learned|learnable|trainable|"
    r"initiali[sz]ed|initially|constant|constants|to|of|denotes?|being|be|having|each|all|case|experiments|default|"
    r"typically|usually|often|our|then|which)(?![A-Za-z_}(=])(?!\s*[=∈])|;|:(?=\s+[A-Za-z])|(?<=\d)\$|\.(?=\s|$|\$)",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![\\A-Za-z_{])[A-Za-z]{3,}")
_NUMBER = (
    r"\$?([-−]?[0-9]{1,8}(?:\.[0-9]{1,8})?(?:[eE][-+−]?[0-9]{1,2})?"
    r"(?:/[0-9]{1,6}|\^\{?[-−]?[0-9]{1,2}\}?)?)(?![0-9A-Za-z])"
)
_SET_TO = re.compile(
    rf"{NAME}(?:{BLANK}(?:is|was|are)(?:{BLANK}[A-Za-z-]{{1,20}}){{0,6}}?)?{BLANK}"
    rf"(?:set|fixed|equal|kept|chosen|held){BLANK}(?:to|at|as){BLANK}(?:be{BLANK})?{_NUMBER}"
)
_SET = re.compile(
    rf"\b(?:set|fix|choose|take|let|keep){BLANK}{NAME}{BLANK}(?:to|at|as|be){BLANK}(?:be{BLANK})?{_NUMBER}",
    re.IGNORECASE,
)
_IS = re.compile(
    rf"{NAME}{BLANK}(?:is|equals|was|be){BLANK}(?:the{BLANK}|a{BLANK})?(?:number{BLANK}|constant{BLANK})?{_NUMBER}"
)
_STYLED = re.compile(r"\\(?:mathrm|mathbf|boldsymbol|bm|text|textrm|operatorname|mathit|mathcal)[ ]?\{([^{}]{1,40})\}")
_GREEK_COMMAND = re.compile(rf"\\(?:var)?({'|'.join(sorted(GREEK, key=len, reverse=True))})(?![A-Za-z])", re.IGNORECASE)
_LEADING_WORDS = re.compile(
    r"[\s,$(]{0,4}(?:(?:an?|The)[ \t]{1,4})?(?:[a-z]{3,20}[ \t]{1,4}){1,4}"
    r"(?=[^\s=∈]{1,30}(?:,[ ][^\s=∈]{1,20}){0,3}[ \t]{0,4}(?:=|∈|\\in\b))"
)
"""The words before a name, in a part of a sentence that gives it a value."""


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
    formulas |= {z: "identity"}
    named = re.fullmatch(rf"\\?([A-Za-z]{{2,10}})(?:\({z}\))?[.,;]?", right)
    return formulas.get(right.rstrip(".,;")) or (function_of(named[1]) if named else "")


def equations_in(sentence: str) -> Iterator[Span]:
    """The parts of a sentence that are like equations or domains: c = 8, W ∈ ℝ^d."""
    formulas = [match.span(2) for match in _IN_CODE.finditer(sentence) if not _IF.search(sentence[: match.start()])]
    begin = 0
    breaks = (match.span() for match in _BREAKS.finditer(sentence) if not _is_between_arguments(sentence, match))
    for start, end in (*breaks, (len(sentence), len(sentence))):
        for first, last in _between_commas(sentence, begin, start):
            inside = next((span for span in formulas if first < span[0] < last <= span[1] + 1), None)
            yield inside or (first, last)  # The output $y_t = V h_t$
        begin = end


def _is_between_arguments(sentence: str, match: re.Match[str]) -> bool:
    """Whether a semicolon separates the arguments of a function: f(x; W)."""
    before = sentence[max(0, match.start() - 24) : match.start()]
    return match[0] == ";" and bool(re.search(r"\w\([^()]{1,20}$", before))


def _between_commas(sentence: str, begin: int, end: int) -> Iterator[Span]:
    """Divides a part at its commas, but not within brackets and not between names before the relation: W, U ∈ ℝ^d is
    one."""
    depth, start, has_relation = 0, begin, False
    for at in range(begin, end):
        depth += (sentence[at] in "([{") - (sentence[at] in ")]}")
        has_relation = has_relation or bool(RELATION.match(sentence, at))
        if sentence[at] == "," and depth <= 0 and (has_relation or _WORD.search(sentence, start, at)):
            yield from _equation(sentence, start, at)
            start, has_relation = at + 1, False
    yield from _equation(sentence, start, end)


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
    relation = RELATION.search(sentence, start, end)
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
