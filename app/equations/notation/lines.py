"""Divides a text in the notation of papers into equations, lines of our own language, comments and prose."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...translations.phrases import Phrase, phrase
from ..errors import EquationsError, Place
from ..parser import parse
from ..syntax import AxisLine, Declaration, Output
from ..tokens import check_length
from .characters import greek
from .complex_numbers import not_read, with_real_parts
from .cursor import Conventions
from .derivatives import with_euler_steps
from .equation_parser import Parser
from .exact_latex import is_literal
from .function_words import function_of
from .indices import (
    COMPONENTS,
    IS_X,
    inputs_without_steps,
    rewritten,
    symbols_of,
    without_components,
    without_counts,
    without_heads,
    without_layer,
    without_styles,
)
from .latex_commands import COMMANDS, PRODUCTS
from .name_parser import wrong_step
from .names_of_text import is_capital, is_greek
from .normalisations import axis_of_means, with_normalisations
from .numbering import without_numbers
from .paper_syntax import Apply, Binary, Domain, Equation, Minus, Number, Symbol, Term, Text, within
from .paper_tokens import Source, Token
from .pdf_text import PdfText, pdf_text
from .remarks import without_remarks
from .rewriting import with_axes_of_functions, with_definitions
from .sentences import (
    aside,
    diagonals_in,
    equations_in,
    function_defined,
    functions_in,
    numbers_in,
    says_convolution,
    says_matrix,
    scalars_in,
    unknown_functions_in,
    words_of,
)
from .term_parser import MAX_SUMMANDS
from .usual_forms import with_usual_forms

STEP_LETTERS, SMALL_STEPS = "tnkisjlm", "ₜₙₖᵢₛⱼₗₘ"
"""The letters of steps, the most usual one first, and these as indices."""

_OWN = re.compile(r"\s*(?:axis\s+[A-Za-z]\w*\s*=|output\s*:|[A-Za-z]\w*\s*:(?!=)\s*[A-Za-z0-9])", re.ASCII)
_AXES_OF = re.compile(
    r"\s*\$?((?=[^\s:]*[\\_^{\u0080-\uffff])[^\s:=]{1,40})\s*:(?!=)(\s*\w+(?:\s*[,+*]\s*\w+)*\s*(?:=\s*[\d.]+\s*)?)\$?"
)
"""A line with the axes of a name as papers write it: W_{ic}: num_units."""
_COMPUTES_NEXT = re.compile(r"^[^=\n+]{1,40}[_({][ ]?[tn][ ]?\+[ ]?1[ ]?[)}]?[ ]{0,4}&?[ ]{0,4}=", re.MULTILINE)
_DIFFERENCE = re.compile(r"^[ \t&$]{0,8}(?:\\Delta|Δ|∆)[ ]?(?:\\[a-z]{3,9}[ ]?\{|[A-Za-su-z])", re.MULTILINE)
"""A line that computes a difference, which has a name with Δ: \\Delta\\tilde{u}_t = …"""
_HAS_E = re.compile(r"^[ \t&$]*e(?![A-Za-z0-9])[^=:∈+*/\n]{0,30}(?:[=:∈]|\\in\b)", re.MULTILINE)
_COUNTED = re.compile(
    r"^[ \t&$]{0,8}(?:\\[a-z]{2,10}\{)?([a-z])\}?(?:\^\{?[0-9]\}?|[¹²³⁴⁵⁶⁷⁸⁹])[ ]?(?:_|[ₜₙ]|&?[ ]?=)", re.MULTILINE
)
_RAISED = re.compile(
    r"^[ \t&$]{0,8}(?:\\math[a-z]{2,4}\{|\\boldsymbol\{|\\bm\{)?(\\[a-z]{2,10}|[^\W\d_])\}?"
    r"(?:_\{?(?:[tnk]|prev)\}?|[ₜₙ])?(?:\^\{?([0-9])\}?|([¹²³⁴⁵⁶⁷⁸⁹]))(?:_\{?(?:[tnk]|prev)\}?|[ₜₙ])?"
    r"[ ]{0,4}&?[ ]{0,4}(?:=|\\leftarrow|\\gets|←)",
    re.MULTILINE,
)
"""A line that computes a tensor with a raised number: \\sigma_t^2 = …"""
_ANSWER = re.compile(r"\s*\w+\s*=\s*[\w.+-]+\s*", re.ASCII)
_COMMENT = re.compile(r"\s*[#%]")
_RELATION = re.compile(r"=|←|∈|≔|\\leftarrow|\\gets|\\in\b|\\coloneqq|\\triangleq|\\equiv|≜|≡|:=")
_PROSE = re.compile(r"\W*(where|with|and|for|here|in which|given|let|note|we|the|initially|then|using|such)\b", re.I)
_WORD_BEFORE_FORMULA = re.compile(r"\s*[A-Za-z]{4,20}\$")
"""Mogrifier$(x, h)$ is a part of a sentence."""
_SENTENCE = re.compile(r"(?<![\\A-Za-z_])[A-Za-z]{2,}\s+(?:[A-Za-z]{2,}\s+)+[A-Za-z]{2,}")
_IN_DOLLARS = re.compile(r"\$[^$]{0,200}\$")
_WORDS = re.compile(r"(?:^|[$ ])[A-Za-z]{2,}[ ]{1,3}[A-Za-z]{3,}|\$[ ]{1,3}[A-Za-z]{2,}[ ]{1,3}\$")
"""Words beside formulas between dollars: $D$ is learned, $u$ and $v$."""
_STEP_BESIDE = re.compile(r"(?<![\\_{,])\b([A-Z]?)([A-Za-z]{0,3})([A-Za-z])t([-−–+])1(?![0-9])")
_DEFINITION = re.compile(
    r"[ \t$&]{0,8}(\\?[^\W\d]\w{0,11}[\u0300-\u0304]?(?:_\{?\w{1,4}\}?)?)\(([a-su-z])\)[ \t]{0,4}&?=([^=\n]{2,120})"
)
_DEFINED = re.compile(
    r"^[ \t$&]{0,8}(\\[A-Za-z]{2,10}|[^\W\d_])\([ ]?(?![tnkisjlm][ ]?\))\\?[a-zA-Z]+[ ]?"
    r"(?:[,;][ ]?[\\a-zA-Z_{} ]{1,24}){0,5}\)[ \t]{0,4}&?=(?!=)",
    re.MULTILINE,
)
"""A line that defines a function of names without steps: f(x, h; \\theta) = …"""
_OLDER = re.compile(r"[_{(\[,]t[ ]?[-−–][ ]?[0-9a-z]")
"""An older step, t-2 or t-i."""
_COMPONENT = re.compile(rf"[\])][ ]?[_^]\{{?([{''.join(COMPONENTS)}])\}}?(?!\w)")
"""The index of a component after brackets: [W x]_j."""
_CHILD = re.compile(
    r"(?:\\sum|∑)(?:\\limits)?[ ]?_[ ]?\{?[ ]?([a-z])[ ]?(?:\\in|∈)[ ]?(?:\\mathcal\{?)?[A-Z]\}?\(([a-z])\)"
)
"""A sum over the children of a node: \\sum_{k \\in C(j)}."""
_RAISED_INDEX = r"(?:\^[ ]?(?:\{[^{}]{1,12}\}|\w))?"
_SUMMED = re.compile(
    rf"(?:\\sum|∑)(?:\\limits)?[ ]?_\{{?[ ]?([a-z])[ ]?(?:=[ ]?1|\\neq?[ ]?[a-z])?[ ]?\}}?[ ]?{_RAISED_INDEX}[ ]?"
    rf"(?:\\[a-z]{{2,10}}[ ]?\{{)?(?:[A-Za-z]|\\[a-z]{{2,6}})\}}?[ ]?{_RAISED_INDEX}[ ]?"
    r"_\{[ ]?([a-z])[ ]?,?[ ]?\1[ ]?\}"
)
"""A sum over components: \\sum_j W_{ij}."""
_RANGE = re.compile(
    r"(?:\\sum|∑)(?:\\limits)?[ ]?_\{[ ]?([a-z])[ ]?=[ ]?([0-9]{1,2})[ ]?\}[ ]?"
    r"\^[ ]?\{?[ ]?([0-9]{1,2}|[A-Za-z])[ ]?(?:\}|(?!\w))"
)
"""A sum over a range: \\sum_{i=1}^{n}."""
_WHOLE_NUMBER = re.compile(
    r"(?<![\w\\])((?:\\?[A-Za-z]{1,12}|[α-ω])(?:_\{?\w{1,9}\}?)?(?:\^\{?\(?[lL]\)?\}?)?)[ ]?=[ ]?([0-9]{1,2})"
    r"(?!\w|\.[0-9]|(?:[ ,\u00a0\u2009\u202f]|\\,|\{,\})[0-9]{3}(?![0-9]))"
)
"""A whole number that a text gives to a name: N = 4, but not N = 10 000."""
_NABLA = re.compile(r"\\nabla(?![A-Za-z])|∇")
_SIM = re.compile(r"\\sim(?![A-Za-z])|∼")
_COMPLEX = re.compile(
    r"\\mathbb[ ]?\{?C\}?|[ℂℜℑ]|\\(?:Re|Im)(?![A-Za-z])|(?<![A-Za-z])(?:Re|Im)\}?[ ]?(?:\\left|\\[,!])?[ ]?\\?[(\[{]"
    r"|(?<![_^{])\\(?:mathrm|operatorname|text|mathop)[ ]?\{(?:Re|Im)\}|\\mathfrak[ ]?\{[RI]\}"
    r"|(?:(?<![A-Za-z])exp[ ]?(?:\\left)?\(|(?<![A-Za-z])e\^\{?)[ ]?-?i[ ]?"
    r"(?:\\(?:var)?(?:theta|omega|phi|pi)|[Α-ω]|[a-z][ ]?(?:\\left)?[(_])"
    r"|\bimaginary[ ]unit\b"
)
"""What only formulas of complex numbers have: ℂ, Re(h_t), e^{iθ}, exp(i g(β_t)), the imaginary unit."""
_FOR_SEVERAL = re.compile(r"\bfor[ ]{1,2}(?:odd|even)[ }]{1,3}\$?([a-z])\b")
_EARLIER_INDEX = re.compile(r"_\{[^{}]{1,12},[ ]?([a-z])[ ]?[-−–][ ]?1[ ]?\}")
"""An index that counts something else than steps: j of H_{i,j-1}."""
_HAS_VALUE = re.compile(r"[0-9(+*/^\\⊙Α-ω]")
_PRODUCT = rf"\\(?:{'|'.join(PRODUCTS)})"
_GOES_ON = re.compile(rf"\s*(?:&\s*)*(?:\\quad\s*|\\qquad\s*)*(?:[+\-−⊙∘·×*/=]|{_PRODUCT})")
_LAYER = re.compile(r"[_^][{(\[]{1,2}[ ]?(?:[a-z][ ]?,[ ]?)?(l|L|ℓ|\\ell)[ ]?[-−–][ ]?1[ ]?[,})\]]")
_NEXT_LAYER = re.compile(r"[_^][{(\[]{1,2}[ ]?(?:[a-z][ ]?,[ ]?)?(l|L|ℓ|\\ell)[ ]?\+[ ]?1[ ]?[,})\]]")
"""The index of a layer that a text computes from the one below, h^{(l+1)}_t from h^{(l)}_t."""
_BEFORE_LAYER = re.compile(r"([A-Za-z]+|[Α-ω])\}?[ ]?((?:_(?:\{[\w, ]{1,9}\}|\w))?)[ ]?$")
_X = re.compile(r"(?<![_^A-Za-z\\])(?<![_^]\{)x\}?[ ]?[_^(\[ₜ]")
_IS_OPEN = re.compile(rf"(?:(?<!_)[+\-−⊙∘·×*/=(,]|{_PRODUCT}|\\left\(|&)\s*$")


def parsed(text: str, with_sentences: bool = True) -> Text:
    """Parse a text, with what its sentences say about the names of its equations if ``with_sentences``. Raises
    EquationsError."""
    check_length(text)
    numberless, line = without_numbers(text)
    plain, remark = without_remarks(numberless)
    complex_place = _complex_place(text)
    _check_layers(plain)
    try:
        found = _Reader(plain).read(with_sentences)
        is_open = _open_functions(found)
        if functions := is_open | {*found.said_functions, *found.unknown_functions} & {*found.called}:
            found = _Reader(plain, functions).read(with_sentences)
            found.open_functions = functions
    except EquationsError as error:
        if complex_place and complex_place.line == error.place.line:
            raise EquationsError(not_read(), complex_place) from error
        _check_gradients(text)
        _check_samples(text, error.place.line)
        raise
    _check_lines_for_several(text, found)
    found.numbered_line, found.remark = line, remark
    if not is_literal(found):
        found.axis_of_means = axis_of_means(text)
        without_styles(found)
        changes = (
            with_euler_steps,
            _assigned,
            _without_steps,
            with_definitions,
            without_counts,
            with_usual_forms,
            _with_roots,
            with_axes_of_functions,
            without_layer,
            without_heads,
            with_normalisations,
            without_components,
            _decayed,
            _primed,
        )
        for changed in changes:
            found.equations = changed(found)
        if complex_place:
            found.equations = with_real_parts(found)
    found.equations = _shifted(found)
    return found


def _check_gradients(text: str) -> None:
    """EquationsError for a gradient in an equation, with what could be written."""
    for n, line in enumerate(text.split("\n"), 1):
        if (found := _NABLA.search(line)) and _is_equation(line):
            problem = phrase(
                "a gradient is not read; write its formula, and leave out lines that define a loss. For the loss "
                "{loss} it is {formula}", loss="‖M k - v‖²", formula=r"(M_{t-1} k_t - v_t) k_t^\top")  # fmt: skip
            raise EquationsError(problem, Place(n, *found.span()))


def _complex_place(text: str) -> Place | None:
    """Where the first equation has complex numbers, or None."""
    for n, line in enumerate(text.split("\n"), 1):
        if (found := _COMPLEX.search(line)) and _is_equation(line):
            return Place(n, *found.span())
    return None


def _check_layers(text: str) -> None:
    """EquationsError for a tensor of the layer below beside the input x, c^{l-1}_t, as a cell has one input."""
    if not _X.search(text):
        return
    following = _NEXT_LAYER.search(text)
    below = re.compile(rf"[_^][{{(\[]{{1,2}}[ ]?{re.escape(following[1])}[ ]?[,}})\]]") if following else _LAYER
    for n, line in enumerate(text.split("\n"), 1):
        for found in below.finditer(line) if _is_equation(line) else ():
            name = _BEFORE_LAYER.search(line[: found.start()])
            has_step = name and (name[2] or re.match(r"[)}\]]{0,2}[ ]?_", line[found.end() :]))
            if name and has_step and name[1] != "x" and not name[1][0].isupper():
                end = found.end() + sum(found[0].count(sign) for sign in "{([") - 1
                other = next(c for c in "uvpqyz" if not re.search(rf"(?<![A-Za-z]){c}[}}_^]", text) or c == "z")
                problem = phrase("{name} of the layer below is a second input beside x, which is not read; write "
                                 "{other} for it, which is read as a product of x with weights", name=name[1],
                                 other=f"{other}_t")  # fmt: skip
                raise EquationsError(problem, Place(n, name.start(), end))


def _check_samples(text: str, wrong: int) -> None:
    """EquationsError for a wrong line if it draws a tensor at random."""
    line = text.split("\n")[wrong - 1]
    if (found := _SIM.search(line)) and _is_equation(line):
        raise EquationsError(_random_tensor(), Place(wrong, *found.span()))


def _random_tensor() -> Phrase:
    return phrase("a tensor that is drawn at random is not read; write its mean, such as {example}",
                  example=r"z_t = \mu_t")  # fmt: skip


def _decayed(text: Text) -> list[Equation]:
    """The equations, with ĥ_t for ĥ_{t-1}, if a line computes it from h_{t-1} and no line computes ĥ_t."""
    steps: dict[str, set[int | None]] = {}
    for symbol in symbols_of(text.equations):
        steps.setdefault(symbol.id, set()).add(symbol.step)
    found = {
        own.names[0].id: own.names[0]
        for own in text.equations
        if len(own.names) == 1
        and steps[own.names[0].id] == {-1}
        and own.names[0].id not in {e.id for e in within(own.value) if isinstance(e, Symbol)}
    }
    for name in found.values():
        t = text.step.strip("_^()")
        sentence = phrase("{name} of step {t}-1 is computed in this step, so it is read as {meant}.", name=name.id, t=t,
                          meant=f"{name.id}_{t}")  # fmt: skip
        text.notes.append((name.place.line, sentence))
    return rewritten(text.equations, lambda e: replace(e, step=0) if e.id in found else e)


def _primed(text: Text) -> list[Equation]:
    """The equations, with h_t and h_{t-1} for h' = f(h), if the text has no other steps. x is that of the step."""
    symbols = symbols_of(text.equations)
    computed = {name.id for own in text.equations for name in own.names}
    used = {e.id for e in symbols}
    states = {id for name in computed if (id := name.removesuffix("_prime")) != name and id in used - computed}
    if not states or any(e.step is not None for e in symbols):
        return text.equations
    inputs = inputs_without_steps(text.equations, computed | states)
    sentence = phrase("A mark means the new value: {name}' is {name} of this step, and {name} that of the step before.",
                      name=min(states))  # fmt: skip
    text.notes.append((text.equations[0].place.line, sentence))

    def stepped(e: Symbol) -> Symbol:
        if e.id in states:
            return replace(e, step=-1)
        if e.id.removesuffix("_prime") in states:
            return replace(e, id=e.id.removesuffix("_prime"), step=0)
        if e.id in inputs:
            return replace(e, id="x", step=0, label="") if IS_X.fullmatch(e.id) else replace(e, step=0)
        return e

    return rewritten(text.equations, stepped)


def _assigned(text: Text) -> list[Equation]:
    """The equations, with h_t = f(h_{t-1}) for h ← f(h), a name without a step that a line computes from itself. Lines
    before it have the old value, and those behind it the new one."""
    if not any(own.names[0].step is None for own in text.equations):
        return text.equations
    stepped = {e.id for e in symbols_of(text.equations) if e.step is not None} | text.own_names
    lines: dict[str, list[int]] = {}
    for n, own in enumerate(text.equations):
        name = own.names[0]
        is_own = any(isinstance(e, Symbol) and e.id == name.id for e in within(own.value))
        is_block = isinstance(own.value, Apply) and own.value.function == "where" and is_capital(name.id)
        if len(own.names) == 1 and name.id not in stepped and (is_own or name.id in lines) and not is_block:
            lines.setdefault(name.id, []).append(n)
    if not lines:
        return text.equations
    first = text.equations[next(iter(lines.values()))[0]].names[0]
    sentence = phrase("{name} is computed from itself, so it is a state: its new value from that of the step before.",
                      name=first.id)  # fmt: skip
    text.notes.append((first.place.line, sentence))

    def at(e: Symbol, line: int, is_left: bool) -> Symbol:
        if e.id not in lines or e.step is not None:
            return e
        count = sum(n < line for n in lines[e.id]) + is_left  # how often it was computed before
        if not count:
            return replace(e, step=-1)
        is_last = count == len(lines[e.id])
        return replace(e, id=e.id if is_last else f"{e.id}_new{count if count > 1 else ''}", step=0)

    return [
        replace(
            rewritten([own], lambda e, n=n: at(e, n, False))[0],  # type: ignore[misc]
            names=tuple(at(name, n, True) if n in lines.get(name.id, ()) else name for name in own.names),
        )
        for n, own in enumerate(text.equations)
    ]


def _without_steps(text: Text) -> list[Equation]:
    """The equations, with x_{t-1} for x in x(t) = f(x, I), if the text has no step before. Other arguments of such
    functions, which are no Greek letters, are inputs of the step."""
    symbols = symbols_of(text.equations)
    states = {e.id for own in text.equations for e in within(own.value) if isinstance(e, Symbol) and e.step is None
              and any((name.id, name.step) == (e.id, 0) for name in own.names)}  # fmt: skip
    if not states or any(e.step is not None and e.step < 0 for e in symbols) or text.shifted:
        return text.equations
    state = next(name for own in text.equations for name in own.names if name.id in states)
    t = text.step.strip("_^()")
    sentence = phrase("{name} without a step is read as that of the step before, beside {meant}.", name=state.id,
                      meant=f"{state.id}_{t}")  # fmt: skip
    text.notes.append((state.place.line, sentence))
    calls = [e for own in text.equations for e in within(own.value) if isinstance(e, Apply) and len(e.arguments) > 1]
    inputs = {
        a.id for e in calls for a in e.arguments if isinstance(a, Symbol) and a.step is None and not is_greek(a.id)
    }

    def stepped(e: Symbol) -> Symbol:
        if e.step is None and e.id in states | inputs:
            return replace(e, step=-1 if e.id in states else 0)
        return e

    return rewritten(text.equations, stepped)


def _with_roots(text: Text) -> list[Equation]:
    """The equations, with a line for σ_t, the root of σ_t², if a line computes only the square."""
    names = {name.id: name for own in text.equations for name in own.names}
    used = (
        {e.id: e for e in symbols_of(text.equations) if e.step == 0} if any(id.endswith("_2") for id in names) else {}
    )
    found = [*text.equations]
    for id in (id for id in names if id.removesuffix("_2") in used.keys() - names.keys()):
        root = replace(names[id], id=id.removesuffix("_2"), label="")
        if is_greek(root.id):
            found.append(Equation((root,), Apply("sqrt", (), (names[id],), root.place), root.place))
            sentence = phrase("{name} is read as the root of {square}.", name=root.id, square=f"{root.id}^2")
            text.notes.append((root.place.line, sentence))
    return found


def _shifted(text: Text) -> list[Equation]:
    """The equations, with h_t = f(h_{t-1}, x_t) for h_{t+1} = f(h_t, x_t): each tensor that has a step t+1 is counted
    from one step earlier. EquationsError if a line computes such a tensor at t."""
    later = {e.id: e for e in symbols_of(text.equations) if e.step == 1}
    if not later:
        return text.equations
    now = {name.id for own in text.equations for name in own.names if name.step == 0}
    for id, symbol in later.items():
        if id in now:
            raise EquationsError(wrong_step(text.step.strip("_^()")), symbol.place)

    def earlier(symbol: Symbol) -> Symbol:
        is_later = symbol.id in later and symbol.step is not None
        return replace(symbol, step=(symbol.step or 0) - 1) if is_later else symbol

    text.shifted = next(iter(later.values()))
    return rewritten(text.equations, earlier)


def pdf_text_of(text: str) -> PdfText | None:
    """How a text that is copied from a PDF writes indices beside their letters; None for other texts."""
    return pdf_text([line for line in text.split("\n") if _is_equation(line)])


def _is_equation(line: str) -> bool:
    """Whether a line is a part of an equation of a paper: no answer such as f = tanh, line of ours, or sentence."""
    right = line.partition("=")[2].strip()
    is_answer = bool(_ANSWER.fullmatch(line)) and (bool(function_of(right)) or not right[:1].isalpha())
    is_other = _OWN.match(line) or _COMMENT.match(line) or _PROSE.match(line) or _SENTENCE.search(line)
    return bool(line.strip()) and not (is_answer or is_other)


def check_steps(text: str) -> None:
    """EquationsError for a step beside its letter, Uht−1, in a text that is not read so."""
    for n, line in enumerate(text.split("\n"), 1):
        found = _STEP_BESIDE.search(line)
        if found and _is_equation(line):
            matrix = f"{found[1]}_{{{found[2]}}} " if found[1] and found[2] else f"{found[1]} " if found[1] else ""
            right = f"{matrix}{found[3]}_{{t-1}}"
            beside = phrase("write {right} instead of {typed}, and all other indices so", right=right, typed=found[0])
            problem = wrong_step("t") if found[4] == "+" else beside
            raise EquationsError(problem, Place(n, found.start(), found.end()))


def _open_functions(text: Text) -> frozenset[str]:
    """The names that stand before a bracket with a sum wherever they are used, and that nothing in the text says more
    about: s of s(W h + U x + b)."""
    left = [name for own in text.equations for name in own.names]
    computed = {name.id for name in left if name.step is None}
    declared = text.own_names | {name.id for domain in text.domains for name in domain.names}
    declared -= {name.id for name in left if name.step is not None}
    symbols = (e for own in text.equations for e in within(own.value) if isinstance(e, Symbol))
    uses = Counter(e.id for e in symbols if e.step is None)  # h of h(c_t) may be a function beside a state h_t
    is_open = (id for id, n in text.called.items() if n and uses[id] <= n)
    return frozenset(id for id in is_open if id not in computed and id not in declared)


def _is_step(text: str, letter: str, sign: str = "[-−–]") -> bool:
    """Whether a text has an index such as t-1."""
    openings = ("_", "{", "(", "[", "<", "⟨", "langle", ",")
    found = re.finditer(rf"(?<![A-Za-z]){letter}[ ]?{sign}[ ]?1(?![0-9])", text)
    return any(text[max(0, one.start() - 12) : one.start()].rstrip().endswith(openings) for one in found)


def _layer(text: str) -> str:
    """The letter of the layers of a text that computes one from the one below, h^{l-1}_t, and has no other input, or
    that has layers l+1."""
    if found := _NEXT_LAYER.search(text):
        return {"l": "l", "L": "L"}.get(found[1], "ell")
    found = _LAYER.search(text)
    has_other_x = found and _X.search(re.sub(rf"x(?:_t)?{re.escape(found[0])}", "", text))
    return {"l": "l", "L": "L"}.get(found[1], "ell") if found and not has_other_x else ""


def _has_component(text: str, letter: str) -> bool:
    """Whether a tensor at the left has the index of a component."""
    return bool(re.search(rf"^[^=\n]{{0,40}}[_^]\{{?{letter}\b[^=\n]{{0,40}}=", text, re.MULTILINE))


def _whole_numbers(text: str) -> dict[str, frozenset[int]]:
    """The whole numbers that a text gives to each name: those of lines of their own, else those of sentences."""
    found: dict[bool, dict[str, frozenset[int]]] = {False: {}, True: {}}
    for match in _WHOLE_NUMBER.finditer(text):
        own = found[_is_line(text, *match.span())]
        name = re.sub(r"\^.*|[\\{}]", "", match[1])
        name = greek(name[0]) + name[1:] if greek(name[0]) else name
        own[name] = own.get(name, frozenset()) | {int(match[2])}
    return found[False] | found[True]


def _summed(text: str, step: str) -> frozenset[str]:
    """The letters of components that a text sums over, as in \\sum_j W_{ij} x_j."""
    found = {letter for match in _SUMMED.finditer(text) for letter in (match[1], match[2])}
    return frozenset(found - {step})


def _ranges(text: str, numbers: Mapping[str, frozenset[int]]) -> dict[str, tuple[int, int]]:
    """From where to where sums count, by their letters, if both are numbers or have one in the text."""
    found: dict[str, tuple[int, int]] = {}
    for match in _RANGE.finditer(text):
        values = numbers.get(match[3], frozenset()) if match[3].isalpha() else frozenset({int(match[3])})
        if len(values) == 1 and 0 <= max(values) - int(match[2]) < MAX_SUMMANDS:
            found[match[1]] = int(match[2]), max(values)
    return found


def _is_line(text: str, begin: int, end: int) -> bool:
    """Whether a part of a text is a line of its own, with its signs of LaTeX."""
    line = text[text.rfind("\n", 0, begin) + 1 : begin], text[end:].partition("\n")[0]
    return not "".join(line).strip(" \t$&.,;\\")


def _letter(typed: str) -> str:
    """The name of a letter: sigma, for \\sigma or σ."""
    return COMMANDS.get(typed[1:], typed[1:]) if typed[0] == "\\" else greek(typed) or typed


def _defined(text: str) -> set[str]:
    """The letters of functions that lines define: f(x, h) = …"""
    return {_letter(match[1]) for match in _DEFINED.finditer(text)}


def _raised(match: re.Match[str]) -> tuple[str, str]:
    """The letter and the raised number of a tensor at the left."""
    return _letter(match[1]), match[2] or str("¹²³⁴⁵⁶⁷⁸⁹".index(match[3]) + 1)


def _conventions(text: str, functions: frozenset[str]) -> Conventions:
    """How a text writes steps, and its names of functions, with those that are found already."""
    before = {c for c in STEP_LETTERS if _is_step(text, c)}
    before |= {c for c, small in zip(STEP_LETTERS, SMALL_STEPS, strict=True) if f"{small}₋₁" in text}
    before |= {"t"} if _OLDER.search(text) else set()
    child = _CHILD.search(text)
    if child:
        before.add(child[2])
    elif "_prev" in text or "_{prev}" in text:  # i of x^i, i-1 counts something else
        before &= {"t"}
    after = {c for c in STEP_LETTERS if not before and _is_step(text, c, r"\+")}
    after |= {c for c, small in zip(STEP_LETTERS, SMALL_STEPS, strict=True) if not before and f"{small}₊₁" in text}
    if before and (layer := _layer(text)) and before <= {layer}:  # [n+1] beside ^{(l-1)}
        after = {c for c in STEP_LETTERS if _is_step(text, c, r"\+")}
        before = before if not after else set()
    letter = next((c for c in STEP_LETTERS if c in (before or after)), "t")
    after |= {letter} if _COMPUTES_NEXT.search(text) and _is_step(text, letter, r"\+") else set()
    named = re.finditer(r"^[ \t]*(\w+)[ \t]*=[ \t]*([A-Za-z]+)[ \t]*$", text, re.MULTILINE)
    return Conventions(
        step_letter=letter,
        raised_steps=not re.search(rf"_\s*(?:\{{[^{{}}]{{0,30}})?{letter}\b|[{SMALL_STEPS}]", text),
        is_literal=bool(re.search(r"\\mathbb\{R\}\^\{\\text\{batch", text)),
        counted=frozenset(match[1] for match in _COUNTED.finditer(text)),
        raised=frozenset(map(_raised, _RAISED.finditer(text))),
        layer=_layer(text),
        has_next_layer=bool(_NEXT_LAYER.search(text)),
        has_next=bool(after),
        child=child[1] if child else "",
        component=next((m[1] for m in _COMPONENT.finditer(text) if m[1] != letter and _has_component(text, m[1])), ""),
        numbers=(numbers := _whole_numbers(text)),
        components=_summed(text, letter) if "sum" in text or "∑" in text else frozenset(),
        ranges=_ranges(text, numbers) if "sum" in text or "∑" in text else {},
        own_numbers=frozenset(m[1] for m in _WHOLE_NUMBER.finditer(text) if _is_line(text, *m.span())),
        has_differences=bool(_DIFFERENCE.search(text)),
        has_e=bool(_HAS_E.search(text)),
        functions=functions
        | _defined(text)
        | {m[1] for m in named if function_of(m[2]) not in ("", "identity")},  # I = identity
    )


class _Reader:
    """Divides a text into equations and lines of other kinds."""

    def __init__(self, text: str, functions: frozenset[str] = frozenset()) -> None:
        own = pdf_text_of(text)
        self.source, self.text, self.found = Source(text, own), text, Text()
        self.conventions = c = _conventions(text, functions)
        if own:
            self.conventions = c = replace(c, step_letter=own.letter, raised_steps=False, has_next=own.has_next)
            left = [(n, line.partition("=")[0].partition(",")[0].strip().removesuffix("+1"))
                    for n, line in enumerate(text.split("\n"), 1) if _is_equation(line)]  # fmt: skip
            self.found.pdf = next(one for one in left if one[1].endswith(own.letter))
            for name in sorted(own.turned):
                at = next((n for n, line in enumerate(text.split("\n"), 1) if name in line), 1)
                sentence = phrase("{name} is read as {function}.", name=name, function=f"{name[:-1]}ᵀ")
                self.found.notes.append((at, sentence))
        self.found.layer = c.layer
        if c.has_next_layer and _X.search(text):
            sentence = phrase("The layer index {l} is left out: the cell is one layer.", l=c.layer)
            self.found.notes.append((1, sentence))
        if c.components:
            sentence = phrase("A sum over the components {j} is a product of a matrix and a vector; their indices are "
                              "left out.", j=max(c.components))  # fmt: skip
            self.found.notes.append((1, sentence))
        if c.component:
            sentence = phrase("The index {d} counts components. It is left out: a line is that of all of them.",
                              d=c.component)  # fmt: skip
            self.found.notes.append((1, sentence))
        self.found.step = f"^({c.step_letter})" if c.raised_steps else f"_{c.step_letter}"
        self.sentences: list[tuple[int, int]] = []
        self.samples: list[tuple[Symbol, Place]] = []

    def read(self, with_sentences: bool) -> Text:
        lines = self.text.split("\n")
        n = 0
        while n < len(lines):
            end = n + 1
            line = lines[n]
            depth = _opened(line)
            if _COMMENT.match(line) or not line.strip():
                self._comment(line)
            elif _OWN.match(line) and not depth and "\\" not in line:
                self._own_line(n, line)
            elif own := self._with_name(n, line):
                self._own_line(n, own)
            else:
                while end < len(lines) and (
                    depth > 0
                    or _unbalanced("\n".join(lines[n:end]))
                    or (_IS_OPEN.search(_bare(lines[end - 1])) and not _OWN.match(lines[end]))
                    or (_GOES_ON.match(lines[end]) and lines[end].strip())
                ):
                    depth += _opened(lines[end])
                    end += 1
                self._lines(lines, n, end)
            n = end
        computed = {name.id for own in self.found.equations for name in own.names}
        for name, at in self.samples:
            is_initial = name.step is None and not name.id.startswith("epsilon")  # W ∼ U(-a, a)
            if name.id not in computed and not is_initial:
                raise EquationsError(_random_tensor(), at)
        if with_sentences:
            self._read_sentences()
        return self.found

    def _read_sentences(self) -> None:
        """What the sentences say about names of the equations: their numbers, functions, equations and domains."""
        found = self.found
        symbols = [e for own in found.equations for e in within(own.value) if isinstance(e, Symbol)]
        computed = {name.id for own in found.equations for name in own.names}
        known = computed | {s.name for s in found.own if isinstance(s, AxisLine | Declaration)}
        used = {(e.id, e.step is not None) for e in symbols}
        stepped = {name.id for own in found.equations for name in own.names if name.step is not None}
        known -= {id for id in stepped if (id, False) in used}  # a and a_t may be two tensors
        for begin, end in self.sentences:
            sentence = self.text[begin:end]
            found.is_identity_said = found.is_identity_said or says_matrix(sentence, "I")
            if says_convolution(sentence):
                found.convolution = found.convolution or self.source.place(begin, end).line
            for (start, stop), function in functions_in(sentence):
                if name := self._name_at(begin + start, begin + stop):
                    found.said_functions.setdefault(name.id, (function, name.place))
            for (start, stop), said in unknown_functions_in(sentence):
                if name := self._name_at(begin + start, begin + stop):
                    found.unknown_functions.setdefault(name.id, said)
            for names, (start, stop) in scalars_in(sentence):
                named = [(self._name_at(begin + first, begin + last), first) for first, last in names]
                numbers = [(name, first) for name, first in named if name and (name.id, name.step is not None) in used
                           and name.id not in found.all_domains | found.own_names]  # fmt: skip
                for name, _ in numbers:
                    found.said_domains.append(Domain((name,), (), 0.0, name.place))
                    found.said.append(
                        (name, sentence[start if len(numbers) == len(names) else numbers[0][1] : stop].replace("$", ""))
                    )
            for names, (start, stop) in diagonals_in(sentence):
                for name in (self._name_at(begin + first, begin + last) for first, last in names):
                    if name and (name.id, False) in used and name.id not in known and name.id[0].isupper():
                        self.found.said_diagonals[name.id] = name, sentence[start:stop].replace("$", "")
            spans = [(start, start, stop) for start, stop in equations_in(sentence)]
            spans += [(start, number, stop) for (start, _), (number, stop) in numbers_in(sentence)]
            for start, value, stop in spans:
                if value == start and (definition := self._definition(self.text[begin + start : begin + stop])):
                    name = self._name_at(begin + start + definition.start(1), begin + start + definition.end(1))
                    is_read = self._define(begin + start, definition) or self._define_formula(
                        begin + start, begin + stop
                    )
                    if not is_read and name:
                        found.unread.setdefault(name.id, (name, definition[0].strip()))
                    continue
                self._read_part(begin + start, begin + value, begin + stop, used, known, computed)

    def _definition(self, text: str) -> re.Match[str] | None:
        """A function of one argument that a text defines; h(n) is a tensor where n is the step."""
        found = _DEFINITION.fullmatch(text)
        return found if found and found[2] != self.conventions.step_letter else None

    def _define(self, begin: int, definition: re.Match[str]) -> bool:
        """A function that a line or a sentence defines: σ(z) = tanh(z). False if it has another formula."""
        if name := self._name_at(begin + definition.start(1), begin + definition.end(1)):
            argument, right = definition[2], re.sub(r"[\s{}$]|\\left|\\right", "", definition[3])
            function = function_defined(right.replace("−", "-"), argument)
            if function:
                self.found.said_functions.setdefault(name.id, (function, name.place))
                return True
        return False

    def _define_formula(self, start: int, stop: int) -> bool:
        """A function that a sentence defines by a formula of ours: φ(x) = elu(x) + 1. False if it cannot be read."""
        probe = Text()
        try:
            parser = self._parser(start, stop, probe)
            parser.statement()
        except EquationsError:
            self.source.restart()
            return False
        if parser.next.kind != "end" or not probe.definitions or probe.equations:
            return False
        self.found.definitions |= probe.definitions
        self.found.said += [(own.name, self.text[start:stop]) for own in probe.definitions.values()]
        return True

    def _name_at(self, start: int, stop: int) -> Symbol | None:
        """The name that a part of a sentence is; None if it is no name."""
        try:
            parser = self._parser(start, stop, Text())
            name = parser.symbol()
            return name if parser.next.kind == "end" else None
        except EquationsError:
            self.source.restart()
            return None

    def _read_part(self, start: int, value: int, stop: int, used: set[tuple[str, bool]], known: set[str],
                   computed: set[str]) -> None:  # fmt: skip
        """Take over the equation or domain that a part of a sentence is, if the equations use its name. ``value``:
        where its number begins, if the sentence has words instead of =, else ``start``."""
        found, probe = self.found, Text()
        name = self._name_of(start, stop)
        if not name:
            return
        is_start = name.label == "0" and name.id.removesuffix("_0") in computed
        is_used = (name.id, name.step is not None) in used
        try:
            parser = self._parser(value, stop, probe)
            if value > start:
                probe.equations.append(Equation((name,), parser.expression(), name.place))
            else:
                parser.statement()
            is_read = parser.next.kind == "end"
        except EquationsError:
            self.source.restart()
            is_read = False
        names = known | {id for id, _ in used}
        found.complex_names |= probe.complex_names
        found.said_domains += [d for d in probe.domains if is_read and names & {one.id for one in d.names}]
        is_new = name.step == 0 and not is_used and not (is_read and not self._tensors(probe) & computed)
        is_named = is_used or is_start or is_new
        if probe.domains or name.id in known or name.id == self.conventions.step_letter or not is_named:
            return
        words = words_of(self.text[value:stop])
        is_read = is_read and all(function_of(word) or (word, False) in used or word in known for word in words)
        if is_read and (is_used or is_new or all(_is_constant(one.value) for one in probe.equations)):
            found.equations += probe.equations
            parts = (e for one in probe.equations for e in within(one.value) if isinstance(e, Symbol))
            used |= {(e.id, e.step is not None) for e in parts}
            found.said += [(name, self.text[start:stop]) for _ in probe.equations]
            known.add(name.id)
            computed |= {name.id} if is_new else set()
        elif (is_used or is_new) and name.id not in computed and _HAS_VALUE.search(self.text, value, stop):
            found.unread.setdefault(name.id, (name, self.text[start:stop]))

    def _name_of(self, start: int, stop: int) -> Symbol | None:
        """The name that a part of a sentence begins with, even if what follows cannot be read, or None."""
        try:
            return self._parser(start, stop, Text()).symbol()
        except EquationsError:
            self.source.restart()
            return self._name_at(start, max(start, self.text.find("=", start, stop)))

    def _tensors(self, found: Text) -> set[str]:
        """The names with a step that some equations use."""
        symbols = (e for one in found.equations for e in within(one.value) if isinstance(e, Symbol))
        return {e.id for e in symbols if e.step is not None}

    def _parser(self, begin: int, end: int, found: Text) -> Parser:
        """A parser of a part of a sentence."""
        tokens = [*self.source.tokens(begin, end)]
        return Parser(self.conventions, found, [*tokens, Token("end", "", self.source.place(end, end))])

    def _comment(self, line: str) -> None:
        if text := line.strip().lstrip("#% ").strip():
            self.found.titles.append(text)

    def _with_name(self, n: int, line: str) -> str:
        """A line with the axes of a name, W_{ic}: num_units, with this name in our language; nothing if it is another
        line."""
        if not (found := _AXES_OF.fullmatch(_bare(line))):
            return ""
        begin = sum(len(before) + 1 for before in self.text.split("\n")[:n])
        name = self._name_at(begin + found.start(1), begin + found.end(1))
        return f"{name.id}:{found[2]}" if name and name.step is None else ""

    def _own_line(self, n: int, line: str) -> None:
        try:
            tree = parse("\n" * n + _bare(line))
        except EquationsError as error:
            place = Place(n + 1, error.place.start, error.place.end)
            raise EquationsError(error.problem, place, error.fixes, error.lines_to_add) from None
        self.found.own += [s for s in tree.statements if isinstance(s, AxisLine | Declaration | Output)]

    def _lines(self, lines: Sequence[str], first: int, end: int) -> None:
        begin = sum(len(line) + 1 for line in lines[:first])
        text = "\n".join(lines[first:end])
        is_display = bool(_opened(lines[first])) or "\\begin" in text
        if not (is_display or _PROSE.match(text)) and (stop := aside(text)) < len(text):
            self._part(begin, text[:stop], False)
            self._lines_of_aside(begin + stop, text[stop:])
        else:
            self._part(begin, text, is_display)

    def _lines_of_aside(self, begin: int, text: str) -> None:
        """What follows an equation in its line: and with another equation, or a sentence."""
        if text.startswith("and"):
            stop = aside(text[3:]) + 3
            self._part(begin + 3, text[3:stop], False)
            if stop < len(text):
                self._lines_of_aside(begin + stop, text[stop:])
        else:
            self._prose(begin, begin + len(text))

    def _prose(self, begin: int, end: int) -> None:
        first, last = (self.source.place(at, at).line for at in (begin, end))
        self.found.skipped += [n for n in range(first, last + 1) if n not in self.found.skipped]
        self.sentences.append((begin, end))

    def _check_unreadable(self, begin: int, text: str) -> None:
        """EquationsError for a line that stands for several, with what could be written."""
        stop = begin + len(text)
        rest = self.text[stop : stop + 30].partition("\n")[0]
        found = _FOR_SEVERAL.search(self.text, begin, stop + len(rest))
        if found and "=" in text and re.search(rf"[_^]\{{?[ ]?{found[1]}\b", text):
            problem = _line_for_several(found[1], "x^1 = …, x^3 = …")
            raise EquationsError(problem, self.source.place(*found.span()))
        left, _, right = text.partition("=")
        known = (self.conventions.step_letter, self.conventions.layer)
        for letter in (match[1] for match in _EARLIER_INDEX.finditer(right) if match[1] not in known):
            if re.search(rf"_\{{[^{{}}]{{1,12}},[ ]?{letter}[ ]?\}}", left):
                typed = left.strip(" &$\t\n")
                start = begin + text.index(typed)
                place = self.source.place(start, start + len(typed))
                raise EquationsError(_line_for_several(letter, _for_each(typed, letter)), place)

    def _part(self, begin: int, text: str, is_display: bool) -> None:
        without_words = re.sub(
            r"\\(?:text|mathrm|operatorname|begin|end|label|tag|mathit|textrm)\*?\s*\{[^{}]*\}", "", text
        )
        without_commands = re.sub(r"\\[A-Za-z]+", " ", without_words)
        begins_as_prose = bool(_PROSE.match(text) or _WORD_BEFORE_FORMULA.match(text))
        is_prose = begins_as_prose or not _RELATION.search(text) or bool(_SENTENCE.search(without_commands))
        is_prose = is_prose or ("$" in text and bool(_WORDS.search(_IN_DOLLARS.sub("$", text))))
        if (sign := _SIM.search(text)) and is_prose and (name := self._name_at(begin, begin + sign.start())):
            self.samples.append((name, self.source.place(begin + sign.start(), begin + sign.end())))
        if is_prose and not is_display:
            self._prose(begin, begin + len(text))
            return
        if (definition := self._definition(text)) and self._define(begin, definition):
            return
        self._check_unreadable(begin, text)
        is_latex, own = self.source.is_latex, self.source.pdf
        self.source.is_latex = is_latex and not _ANSWER.fullmatch(text)
        self.source.pdf = own if _is_equation(text) else None
        tokens = _without_continuations([*self.source.tokens(begin, begin + len(text))])
        self.source.is_latex, self.source.pdf = is_latex, own
        last = self.source.place(begin + len(text), begin + len(text))
        Parser(self.conventions, self.found, [*tokens, Token("end", "", last)]).statements()


def _line_for_several(letter: str, example: str) -> Phrase:
    return phrase("a line for several {i} is not read; write a line for each: {example}", i=letter, example=example)


def _for_each(typed: str, letter: str) -> str:
    """The beginnings of lines for each number of an index: a_{1,t} = …, a_{2,t} = …"""
    lines = (re.sub(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])", str(n), typed) for n in (1, 2))
    return ", ".join(f"{line} = …" for line in lines)


def _check_lines_for_several(text: str, found: Text) -> None:
    """EquationsError for a line that computes a_{i,t} where others use a_{1,t}, as a sum over i does."""
    computed = {name.id for own in found.equations for name in own.names}
    used = {e.id for own in found.equations for e in within(own.value) if isinstance(e, Symbol)} - computed
    for name in (own.names[0] for own in found.equations if own.names[0].step == 0):
        letter = name.label[-1:]
        if letter in COMPONENTS and name.id.endswith(letter) and f"{name.id[:-1]}1" in used:
            typed = text.split("\n")[name.place.line - 1][name.place.start : name.place.end]
            raise EquationsError(_line_for_several(letter, _for_each(typed, letter)), name.place)


def _is_constant(e: Term) -> bool:
    return all(isinstance(part, Number) for part in within(e) if not isinstance(part, Minus | Binary))


def _bare(line: str) -> str:
    """A line without its comment."""
    return re.split(r"(?<!\\)[#%]", line)[0]


def _opened(text: str) -> int:
    """How many environments a text opens that it does not close."""
    depth = len(re.findall(r"\\begin\b|\\\[", re.sub(r"\\\\\[", "", text))) - len(re.findall(r"\\end\b|\\\]", text))
    return depth + (text.count("$$") % 2)


def _unbalanced(text: str) -> bool:
    return sum(text.count(c) for c in "([{") > sum(text.count(c) for c in ")]}")


def _without_continuations(tokens: list[Token]) -> list[Token]:
    """Without ends of lines after which an equation goes on."""
    kept: list[Token] = []
    for n, token in enumerate(tokens):
        following = next((t for t in tokens[n + 1 :] if t.kind != "end"), None)
        goes_on = following and following.kind == "sign" and following.text in "+-⊙∗·⊗/=∈"
        is_index = len(kept) > 1 and kept[-2].text == "_"  # [x]_+
        ended = bool(kept) and kept[-1].kind == "sign" and kept[-1].text in "+-⊙∗·⊗/=" and not is_index
        if token.kind == "end" and (goes_on or ended) and kept:
            continue
        kept.append(token)
    return kept
