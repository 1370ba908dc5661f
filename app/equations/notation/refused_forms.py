"""Refuses what no text may have, and says what to write instead."""

import re

from ...translations.phrases import Phrase, phrase
from ..places_and_errors import EquationsError, Place
from ..syntax import AxisLine
from .lines.functions_in_sentences import products_in
from .lines.line_kinds import is_equation, matches_in_equations
from .lines.pdf_text import pdf_text_of
from .parsing.conventions import INPUT, LAYER, NEXT_LAYER, without_first_layer
from .parsing.index_parser import wrong_step
from .parsing.paper_syntax import Apply, Binary, Symbol, Text, within
from .parsing.terms import is_capital
from .vocabulary.function_words import NETWORK
from .vocabulary.latex_commands import GREEK
from .vocabulary.usual_letters import COMPONENTS, DEFINITIONS

_STEP_BESIDE = re.compile(r"(?<![\\_{,])\b([A-Z]?)([A-Za-z]{0,3})([A-Za-z])t([-−–+])1(?![0-9])")
_NABLA = re.compile(r"\\nabla(?![A-Za-z])|∇")
DRAWN = re.compile(r"\\sim(?![A-Za-z])|∼|~(?=[ ]?(?:N|U|𝒩|Bern\w*)\()")
"""The sign of a tensor that is drawn at random: z_t ∼ N(μ_t, σ_t)."""
UNIT_IN_WORDS = "imaginary unit"
_COMPLEX = re.compile(
    r"\\mathbb[ ]?\{?C\}?|[ℂℜℑ]|\\(?:Re|Im)(?![A-Za-z])|(?<![A-Za-z])(?:Re|Im)\}?[ ]?(?:\\left|\\[,!])?[ ]?\\?[(\[{]"
    r"|(?<![_^{])\\(?:mathrm|operatorname|text|mathop)[ ]?\{(?:Re|Im)\}|\\mathfrak[ ]?\{[RI]\}"
    r"|(?:(?<![A-Za-z])exp[ ]?(?:\\left)?\(|(?<![A-Za-z])e\^\{?)[ ]?-?i[ ]?"
    r"(?:\\(?:var)?(?:theta|omega|phi|pi)|[Α-ω]|[a-z][ ]?(?:\\left)?[(_]|\\?[A-Z]|\\[a-z]{4,12}\{[A-Z])"
    rf"|\b{UNIT_IN_WORDS}\b"
    r"|[-+−(][ ]?i[ ]?(?:\\(?:omega|theta|Omega)(?![A-Za-z])|[ωθΩ])"
)
"""What only formulas of complex numbers have: ℂ, Re(h_t), e^{iθ}, exp(i g(β_t)), the imaginary unit."""
_THREE_INDICES = re.compile(
    r"(?<![A-Za-z\\])([A-Z])\}?_\{?[ ]?([ijklmn])[ ]?,?[ ]?(?!\2)([ijklmn])[ ]?,?[ ]?(?!\2|\3)[ijklmn]\b"
)
_THREE_FLAT_INDICES = re.compile(
    r"(?<![A-Za-z\\])([A-Z])([ijklmn])(?!\2)([ijklmn])(?!\2|\3)[ijklmn](?=[ ]?(?:[^\W\d_]|$))"
)
"""Such a weight in text of a PDF, Wijk."""
_HAS_STEP = re.compile(r"[_^(\[{,][ ]?t(?![A-Za-z])")
_PAIR = re.compile(r"(\\?[^\W\d_]+)\}?_\{?([ijkmn])\}?(?:\(t\))?[ ]?[-−+][ ]?\1\}?_\{?([ijkmn])(?![A-Za-z])")
_BEFORE_LAYER = re.compile(r"([A-Za-z]+|[Α-ω])\}?[ ]?((?:_(?:\{[\w, ]{1,9}\}|\w))?)[ ]?$")


def check_gradients(text: str) -> None:
    """EquationsError for a gradient in an equation, with what could be written."""
    for n, found in matches_in_equations(text, _NABLA):
        problem = phrase(
            "a gradient is not read; write its formula, and leave out lines that define a loss. For the loss "
            "{loss} it is {formula}", loss="‖M k - v‖²", formula=r"2 (M_{t-1} k_t - v_t) k_t^\top")  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


def place_of_complex_numbers(text: str) -> Place | None:
    """Where the first equation has complex numbers, or None."""
    for n, line in enumerate(text.split("\n"), 1):
        if (found := _COMPLEX.search(line)) and (is_equation(line) or found[0] == UNIT_IN_WORDS):
            return Place(n, *found.span())
    return None


def check_layers(text: str) -> None:
    """EquationsError for a tensor of the layer below beside the input x, c^{l-1}_t, as a cell has one input."""
    if not INPUT.search(without_first_layer(text)):
        return
    following = NEXT_LAYER.search(text)
    letter = re.escape(following[1]) if following else ""
    below = (
        re.compile(rf"[_^](?:[{{(\[]{{1,2}}[ ]?{letter}[ ]?[,}})\]]|{letter}(?![A-Za-z0-9]))") if following else LAYER
    )
    for n, line in enumerate(text.split("\n"), 1):
        for found in below.finditer(line) if is_equation(line) else ():
            name = _BEFORE_LAYER.search(line[: found.start()])
            has_step = name and (name[2] or re.match(r"[)}\]]{0,2}[ ]?_", line[found.end() :]))
            is_tensor = name and (not name[1][0].isupper() or _HAS_STEP.search(line[: found.end() + 12], name.start()))
            if name and has_step and name[1] not in ("x", "X") and is_tensor:
                end = found.end() + sum(found[0].count(sign) for sign in "{([") - 1
                other = next(c for c in "uvpqyz" if not re.search(rf"(?<![A-Za-z]){c}[}}_^]", text) or c == "z")
                problem = phrase("{name} of the layer below is a second input beside x, which is not read; write "
                                 "{other} for it, which is read as a product of x with weights", name=name[1],
                                 other=f"{other}_t")  # fmt: skip
                letter = rf"(?<![A-Za-z\\]){re.escape(name[1])}\}}?"
                is_state = re.search(rf"{letter}(?:\^(?:\{{[^{{}}]{{1,5}}\}}|\w))?_\{{t[ ]?[-−–]", text)
                is_computed = re.search(
                    rf"^[ \t&$]*(?:\\[a-z]+[ ]?\{{)?{letter}[_^][^=\n]{{0,20}}=", text, re.MULTILINE
                )
                if name[1][0].isupper() and is_computed and not is_state:
                    problem = phrase("{name} of the layer below is a second input beside x, which is not read; if it "
                                     "is that of the top layer one step before, write {own} for it", name=name[1],
                                     own=f"{name[1]}_{{t-1}}^{following[1] if following else found[1]}")  # fmt: skip
                raise EquationsError(problem, Place(n, name.start(), end))


_FLAT_INDEX = re.compile(
    r"(?<![\w_^{(\[,])([A-Z])((?:[α-ωµ][A-Za-z]?|[A-Z][a-z]?),[α-ωµ][A-Za-z]?)(?!\w)(?=[ ]?(?:[^\W\d]|[=(+−*⊙]))"
)
"""The index of a matrix that is no longer lowered, with a comma: AβA,γA."""


_OF_PROGRAM = re.compile(
    r"(?<![\w.\\`])(?:np|numpy|torch|tf|jnp|jax|nn|self)\.[A-Za-z_]\w*|\[:, ?\w*(?::\w*)?\]|\[\.\.\.,|\bdef[ ]\w+\("
)
"""What only programs have: np.dot, self.W, A[:, :H]."""


def check_programs(text: str) -> None:
    """EquationsError for a line of a program, with what could be written."""
    for n, line in enumerate(text.split("\n"), 1):
        found = _OF_PROGRAM.search(line.partition("#")[0]) if "=" in line and "\\" not in line else None
        if found:
            problem = phrase("“{typed}” is of a program; write equations, such as {example}", typed=found[0],
                             example="h_t = tanh(W x_t + U h_{t-1} + b)")  # fmt: skip
            raise EquationsError(problem, Place(n, *found.span()))


_ONE_STEP = re.compile(r"(?<![\w\\])([a-z])\(([1-9][0-9]?)\)")
_COMPUTED_STEP = r"^[ \t$&]*{name}\([tn]\)[ \t]*&?="


def check_one_step(text: str) -> None:
    """EquationsError for the value of a tensor at one step, h(5), in a text that computes h(t)."""
    for n, found in matches_in_equations(text, _ONE_STEP):
        if re.search(_COMPUTED_STEP.format(name=found[1]), text, re.MULTILINE):
            problem = phrase("{typed} is the value of one step; write {name} for that of each step", typed=found[0],
                             name=f"{found[1]}(t)")  # fmt: skip
            raise EquationsError(problem, Place(n, *found.span()))


def check_flat_indices(text: str) -> None:
    """EquationsError for such an index, with what could be written."""
    for n, found in matches_in_equations(text, _FLAT_INDEX):
        first, second = (f"{part[0]}_{part[1:]}" if part[1:] else part for part in found[2].split(","))
        problem = phrase("write {right} instead of {typed}, and all other indices so", typed=found[0],
                         right=f"{found[1]}_{{{first},{second}}}")  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


_BLOCKS = re.compile(
    r"(?:(?:where|with|and|Where)\b.{0,400}|\)|\\circledast.{1,20}|⊛.{1,20})[ ]?=[ ]?&?[ ]?(\\begin\{[bpBv]?matrix\})"
    r"(?=[^\n]{0,200}\\\\)"
)
"""Blocks of a matrix in a sentence, or as what a function or a product is."""
_PARTS = "w_re = r_re ⊙ u_re - r_im ⊙ u_im; w_im = r_re ⊙ u_im + r_im ⊙ u_re"


_HAMILTON = "a_{t} = W_a x_{t} + U_a a_{{{t}-1}} - U_b b_{{{t}-1}} - U_c c_{{{t}-1}} - U_d d_{{{t}-1}}"


def check_samples(text: str, wrong: int) -> None:
    """EquationsError for a wrong line if it draws a tensor at random."""
    line = text.split("\n")[wrong - 1]
    if (found := DRAWN.search(line)) and is_equation(line):
        raise EquationsError(random_tensor(), Place(wrong, *found.span()))


def check_softmax(found: Text) -> None:
    """EquationsError for a softmax of what the text says is one number."""
    domains = (*found.domains, *found.said_domains)
    numbers = {name.id for domain in domains if not domain.sizes for name in domain.names}
    for own in found.equations:
        name, value = own.names[0], own.value
        if name.id in numbers and isinstance(value, Apply) and value.function == "softmax" and not value.index:
            problem = phrase(
                "{name} is one number in this text, whose softmax is always 1; a softmax over the steps is not read. "
                "Write σ for it, or leave out that {name} is a scalar",
                name=name.id,
            )
            raise EquationsError(problem, value.place)


def check_sums(found: Text) -> None:
    """EquationsError for a sum over a letter that is no axis, no components of a product and has no numbers."""
    own = {axis.name for axis in found.own if isinstance(axis, AxisLine)}
    for e in (e for equation in found.equations for e in within(equation.value)):
        match e:
            case Apply("sum", (letter,), _) if letter in (*COMPONENTS, "u") and letter not in own:
                raise EquationsError(open_sum(letter), e.place)


_FLAT_SUM = re.compile(
    r"(?:∑|Σ(?=[a-z][ ]))([a-z])(?![A-Za-z_=^])(?=[ ]{0,2}(?:[\w()−–-]{1,12}[ ]){0,2}?[\w(]{0,12}\1)"
)
"""A sum with the letter that it counts beside its sign, as PDFs have it: ∑j wij xj."""


_FLAT_SUM_OVER_STEPS = re.compile(r"[∑Σ][ ]?([tnk])(?:[ ]?[-−–‐][ ]?1)?[ ]?[a-z][ ]?=[ ]?[01](?![0-9])")
"""A sum over all earlier steps whose bounds a PDF has beside its sign: Σt−1i=1."""


def check_flat_sums(text: str) -> None:
    """EquationsError for such a sum, with what could be written."""
    for n, found in matches_in_equations(text, _FLAT_SUM_OVER_STEPS):
        raise EquationsError(sum_over_all_steps(found[1]), Place(n, *found.span()))
    for n, found in matches_in_equations(text, _FLAT_SUM):
        problem = phrase("a sum over {letter} that stands beside its sign is not read; write a product of a matrix "
                         "and a vector without indices, such as {product}, or write all indices as such: {sum}",
                         letter=found[1], product=r"W x for \sum_j W_{ij} x_j",
                         sum=rf"\sum_{found[1]}")  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


def sum_over_all_steps(t: str) -> Phrase:
    """What is wrong with a sum over all earlier steps."""
    return phrase("a sum over all steps before grows with {t}, but a state of a cell has a fixed size; write a state "
                  "for the sum, such as {line}, or a sum over some steps, such as {example}", t=t,
                  line=f"n_{t} = n_{{{t}-1}} + s_{t} v_{t}",
                  example=rf"\sum_{{i=1}}^{{3}} s_i h_{{{t}-i}}")  # fmt: skip


def open_sum(letter: str, prime: str = "") -> Phrase:
    """What is wrong with a sum over a letter that a text says nothing about."""
    row = "i" if letter == "j" else "j"
    return phrase("the text does not say what this sum over {i} is; write its numbers, such as {sum}, or products of "
                  "matrices and vectors without indices: {product}, {outer}", i=letter + prime,
                  sum=rf"\sum_{{{letter}{prime}=1}}^{{3}}",
                  product=rf"W x for \sum_{letter} W_{{{row}{letter}}} x_{letter}",
                  outer=rf"y x^T for y_{row} x_{letter}")  # fmt: skip


_ALL_STEPS = re.compile(r"(?<![A-Za-z_\\])[A-Z][a-z]?(X)[⊤ᵀ]")
"""The inputs of all steps behind a matrix of weights, WqX⊤."""


def all_steps(name: str) -> Phrase:
    """What is wrong with the inputs of all steps, X, and what could be written."""
    return phrase("{name} holds all steps, but a cell computes one after another; write x_t, and a state for a "
                  "sum over steps", name=name)  # fmt: skip


def check_all_steps(text: str) -> None:
    """EquationsError for the inputs of all steps in text of a PDF."""
    for n, found in matches_in_equations(text, _ALL_STEPS):
        raise EquationsError(all_steps(found[1]), Place(n, *found.span(1)))


def check_flat_layers(text: str, letter: str) -> None:
    """EquationsError for a tensor of the layer below in text of a PDF, hn−1t with the step t, whose layers have another
    letter than l."""
    below = re.compile(rf"[^\W\d_]([a-km-z])[-−–‐]1{letter}(?![^\W\d_])")
    for n, found in matches_in_equations(text, below):
        problem = phrase("{typed} has the index of a layer beside its step, which is not read in text of a PDF; "
                         "write all indices as LaTeX has them, such as {right}", typed=found[0],
                         right=f"{found[0][0]}^{{{found[1]}-1}}_{letter}")  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


_TIME_SINCE = re.compile(r"\([ ]?t[ ]?[-−–][ ]?t(?:_\{?[a-z]\}?|[ijknm](?![A-Za-z]))(?:[ ]?[-−–][ ]?1)?[ ]?\)")
"""The time since a step, (t − t_i)."""


def check_continuous_time(text: str) -> None:
    """EquationsError for a line of continuous time, c(t) = … exp(-δ (t - t_i)), with what could be written."""
    for n, found in matches_in_equations(text, _TIME_SINCE):
        problem = phrase("{typed} is continuous time, which is not read; write the line of the value at the next "
                         "step alone, with {delta} instead, and a line: {line}", typed=found[0], delta="Δ_i",
                         line="where Δ_i is the elapsed time")  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


def check_kronecker(found: Text) -> None:
    """EquationsError for a Kronecker product of matrices of weights, with what can be written."""
    computed = {name.id for own in found.equations for name in own.names}
    for e in (e for own in found.equations for e in within(own.value)):
        match e:
            case Binary("⊗", left, Symbol(id=id, step=None) as right) if is_capital(id) and id not in computed:
                first = left.right if isinstance(left, Binary) and left.sign == "⊗" else left
                if isinstance(first, Symbol) and first.step is None and is_capital(first.id):
                    problem = phrase("{a} ⊗ {b} is a Kronecker product of matrices of weights, which is not read; "
                                     "write one matrix for the whole product, such as {example}", a=first.id, b=id,
                                     example=f"U h_{{{found.step.strip('_^()')}-1}}")  # fmt: skip
                    raise EquationsError(problem, first.place.to(right.place))


def hamilton_product(sign: str, step: str, place: Place) -> EquationsError:
    """What is wrong with a Hamilton product beside something else, and what can be written."""
    problem = phrase(
        "the text says that {sign} is a Hamilton product, which is read only where all tensors are multiplied so, or "
        "number by number; write a line for each of the four parts, such as {line}", sign=sign,
        line=_HAMILTON.format(t=step.strip("_^()")),
    )  # fmt: skip
    return EquationsError(problem, place)


def check_said_kronecker(text: str) -> None:
    """EquationsError for the sign of a product that a sentence calls a Kronecker product."""
    lines = text.split("\n")
    signs = [sign for line in lines if not is_equation(line) for sign, kind in products_in(line) if kind == "Kronecker"]
    for n, line in enumerate(lines, 1):
        for sign in signs if is_equation(line) else ():
            if sign in line:
                problem = phrase(
                    "the text says that {sign} is a Kronecker product, which is not read; write one matrix for that of "
                    "matrices, {matrix}, or {outer} for that of two vectors, which has the same numbers", sign=sign,
                    matrix="U h_{t-1}", outer=r"u v^\top",
                )  # fmt: skip
                raise EquationsError(problem, Place(n, line.index(sign), line.index(sign) + len(sign)))


def check_flat_powers(text: str, found: Text) -> None:
    """EquationsError for a_c in a PDF whose text gives a and c alone: a^{c r_t}, whose exponent is no longer raised."""
    computed = {name.id for own in found.equations for name in own.names if name.step is not None}
    for e in (e for own in found.equations for e in within(own.value)) if found.pdf[0] else ():
        if (
            isinstance(e, Symbol)
            and e.step is None
            and re.fullmatch("[a-z]_[a-z]", e.id)
            and e.id not in found.own_names
        ):
            base, exponent = e.id[0], e.id[-1]
            given = [re.search(rf"(?<![^\s,($]){one}\$?[ ]?=", text) for one in (base, exponent)]
            if all(given) and e.id not in computed:
                problem = phrase("the text gives {a} and {c}, so {typed} may be a power whose exponent is no longer "
                                 "raised; write {power}", a=base, c=exponent, typed=f"{base}{exponent}",
                                 power=f"{base}^{{{exponent} …}}")  # fmt: skip
                raise EquationsError(problem, e.place)


_CONDITION = re.compile(r"[ \t$]{0,8}if[ ][^=\n]{1,40}[<>≤≥=]")


def check_conditions(text: str) -> None:
    """EquationsError for a line if v ≥ 30, then v ← c, with what could be written."""
    for n, line in enumerate(text.split("\n"), 1):
        if is_equation(line) and (found := _CONDITION.match(line)):
            problem = phrase("a line that begins with “if” is not read; write a product with the step function Θ, "
                             "which is 1 where its argument is positive and 0 elsewhere, such as {example}",
                             example=r"s_t = \Theta(u_t - 30), v_t = (1 - s_t) u_t + s_t c")  # fmt: skip
            raise EquationsError(problem, Place(n, *found.span()))


_TWO_VALUES = re.compile(r"(?<=[\s,)])if[ ][^\n]{1,80}?[<>≤≥≠=][^\n]{1,80}?[\s,](?:else|otherwise)(?![A-Za-z])")
"""The condition of one of two values, behind it: h_t = … if z_t > 0 else …"""


def check_two_values(text: str) -> None:
    """EquationsError for a line of two values with a condition, as programs have it, with what could be written."""
    for n, found in matches_in_equations(text, _TWO_VALUES):
        problem = phrase("a value with an “if” after it is not read; write it with where, which has the condition "
                         "and both values, such as {line}", line="h_t = where(z_t > 0, W x_t, h_{t-1})")  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


def check_memory(text: str) -> None:
    """EquationsError for a memory to which each step adds a row, V_t[i] for all i < t."""
    for n, found in matches_in_equations(text, _ROWS_OF_STEPS):
        problem = phrase("a memory with a row for each step grows with t, but a state of a cell has a fixed size; "
                         "write one, such as {line}",
                         line=r"V_t = V_{t-1} + w_t v_t^\top")  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


def check_three_indices(text: str) -> None:
    """EquationsError for a weight with three axes in a sum over two of them, W_{ijk} S_j I_k, with lines that can be
    written for it."""
    for n, line in enumerate(text.split("\n"), 1):
        found = _THREE_INDICES.search(line) or _THREE_FLAT_INDICES.search(line)
        if found and ("∑" in line or "\\sum" in line) and is_equation(line):
            W = found[1]
            problem = phrase("{W} has three indices, which is not read; write the cell in the language of cells alone, "
                             "with lines such as {shape} and {line}", W=W, shape=f"{W}: num_units, features, num_units",
                             line=f"h = sigmoid(dot(x, h_prev @ {W}))")  # fmt: skip
            raise EquationsError(problem, Place(n, *found.span()))


_FLAT_CASES = re.compile(
    r"=[ ]{0,3}([{⎧⎨][^}\\\n]{1,80}?(?<![A-Za-z])(?:if|for|when|otherwise)(?![A-Za-z])[^}\n]{0,80})$"
)
"""Values with their conditions behind one brace, as PDFs have them."""


def check_flat_cases(text: str) -> None:
    """EquationsError for such values, with what could be written."""
    for n, line in enumerate(text.split("\n"), 1):
        if found := _FLAT_CASES.search(line.rstrip()):
            problem = phrase("values with their conditions behind one brace are not read; write them with where, which "
                             "has the condition and both values, such as {line}",
                             line="m_t = where(mod(t, T) == 0, 1, 0)")  # fmt: skip
            raise EquationsError(problem, Place(n, *found.span(1)))


_SUM_OF_SEVERAL = re.compile(
    r"(?:\\sum|[∑Σ])(?:\\limits)?[ ]?_?\{?[ ]?[ijkl]_?\{?[0-9]?\}?[ ]?,[ ]?(?:[ijkl]|\\[lc]?dots|[.·…⋯])[^=\n]{0,200}"
    r"(?:⊗|\\otimes|([a-z])\}?_(?:\{[^{}]{0,12}\}|\w).{0,8}\1\}?_)"
)
"""A sum over several letters of a product of tensors: \\sum_{i,j} W_{ij} s_i s_j."""


def check_high_orders(text: str) -> None:
    """EquationsError for such a sum, with lines that can be written for it."""
    for n, found in matches_in_equations(text, _SUM_OF_SEVERAL):
        lines = (
            "axis S = num_units + 1; axis S2 = S; h: batch_size, num_units; W_x: features, num_units; "
            "W: S, S2, num_units; s = concat(0 * h_prev[0:1] + 1, h_prev); "
            "h = tanh(x @ W_x + dot(s @ identity(S, S2), s @ W))"
        )
        problem = phrase("a sum over several indices of products of tensors is not read; write the cell in the "
                         "language of cells alone, with lines such as these, each in a line of its own: {lines}",
                         lines=lines)  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


_SERIES = re.compile(
    r"(?<![A-Za-z\\_])(?:\\(?:mathbf|bm|boldsymbol|vec)[ ]?\{x\}|x)\^\{?([dijkmn])\}?(?![_A-Za-z0-9(^{])"
)
_INPUT_OF_STEP = re.compile(r"(?<![A-Za-z\\_])(?:\{?x\}?)_\{?t(?![A-Za-z])")


def check_series(text: str) -> None:
    """EquationsError for the whole series of a feature, x^k beside x_t^k, which no step of a cell reads."""
    for n, found in matches_in_equations(text, _SERIES) if _INPUT_OF_STEP.search(text) else ():
        problem = phrase("{typed} has no step, so it is the whole series of a feature, and a cell reads one step "
                         "after another; write {x} for it, and lines of whole vectors, without {k}, such as {line}",
                         typed=f"x^{found[1]}", x="x_t", k=found[1],
                         line=r"a_t = \mathrm{softmax}(W x_t)")  # fmt: skip
        raise EquationsError(problem, Place(n, *found.span()))


_FOURIER = re.compile(
    r"((?:\\(?:mathcal|mathscr|mathbf|mathbb)[ ]?\{?[ ]?F(?![A-Za-z])[ ]?\}?|[ℱ𝓕]|(?<![\w\\{])F(?![\w}]))[ ]?)"
    r"(\^[ ]?\{?[ ]?[-−–][ ]?1[ ]?\}?|⁻¹)?"
)
_SCRIPT_FS = ("\\mathcal", "\\mathscr", "ℱ", "𝓕")
_OF_FOURIER = re.compile("fourier|(?:[fd]f|dc)t(?![a-z])", re.IGNORECASE)
"""The name of a function that is a transform: FFT, IDFT."""
_SAYS_FOURIER = re.compile(
    r"(?<![A-Za-z\\])F(?![A-Za-z])[^.\n]{0,60}(?:Fourier|(?<![A-Za-z])[FD]FT(?![A-Za-z]))"
    r"|(?:Fourier|(?<![A-Za-z])[FD]FT)[^.\n]{0,30}(?<![A-Za-z\\])F(?![A-Za-z])"
)
_FLAT_FOURIER = re.compile("(F)([-−–]1)?(?![a-z])")
"""F in text of a PDF where a sentence says that it is a Fourier transform."""


def check_fourier(text: str) -> None:
    """EquationsError for a Fourier transform, \\mathcal{F} beside its inverse or where a sentence says so."""
    found = [*matches_in_equations(text, _FOURIER)]
    is_said = any(_SAYS_FOURIER.search(line) for line in text.split("\n") if not is_equation(line))
    inverses = [(n, match) for n, match in found if match[2] and (is_said or match[1].startswith(_SCRIPT_FS))]
    if is_said and not inverses:
        inverses = found or [*matches_in_equations(text, _FLAT_FOURIER)]
    for n, match in inverses:
        name = match[0].rstrip()
        raise EquationsError(fourier(name), Place(n, match.start(), match.start() + len(name)))


def fourier(name: str) -> Phrase:
    """What is wrong with a Fourier transform, and what could be written."""
    return phrase("{name} is a Fourier transform, which is not computed; write a matrix of weights for each transform "
                  "and each inverse, which has the same shapes, such as {example}", name=name,
                  example="P D Q h_{t-1}")  # fmt: skip


_ROWS_OF_STEPS = re.compile(r"(?<![A-Za-z_{])[ij][ ]?(?:<|\\lt|\\leq?|≤|=)[ ]?t(?![A-Za-z_])")
"""A row for each of the steps so far: i < t, i = t."""


def check_pairs(text: str, components: frozenset[str]) -> None:
    """EquationsError for a term of two components of one tensor, sin(θ_j - θ_i)."""
    for n, found in matches_in_equations(text, _PAIR) if components else ():
        if found[2] != found[3] and {found[2], found[3]} <= components:
            problem = phrase("a term of two components of {name}, {typed}, is not read: it is a matrix of pairs",
                             name=found[1], typed=found[0])  # fmt: skip
            raise EquationsError(problem, Place(n, *found.span()))


def check_blocks(text: str, n: int) -> None:
    """EquationsError for a line that gives a function or a product by the blocks of a matrix, with what could be
    written instead."""
    line = text.split("\n")[n - 1]
    found = _BLOCKS.search(line)
    if not found:
        return
    name = next((one for one in DEFINITIONS if re.search(rf"(?<![A-Za-z]){one}\}}?[ ]?\(", line, re.IGNORECASE)), "")
    example = DEFINITIONS.get(name if len(name) > 1 else "", _PARTS)
    problem = phrase("definitions by blocks of a matrix are not read; leave them out, and write the lines of each "
                     "block, or one formula, such as {example}", example=example)  # fmt: skip
    raise EquationsError(problem, Place(n, *found.span(1)))


def random_tensor() -> Phrase:
    return phrase("a tensor that is drawn at random is not read; write its mean, such as {example}",
                  example=r"z_t = \mu_t")  # fmt: skip


_FLAT_FUNCTION = re.compile(r"[ \t]{0,8}([^\W\d_]{2,6})\([ ]?[^\W\d_]{2,4}[ ]?\)[ \t]{0,4}=")
"""The left side of a line in text of a PDF that defines a function of a tensor without a step, dh(zh) =."""


def check_steps(text: str) -> None:
    """EquationsError for a step beside its letter, Uht−1, in a text that is not read so."""
    lines = text.split("\n")
    functions = {n: found for n, line in enumerate(lines, 1) if (found := _FLAT_FUNCTION.match(line))}
    others = "\n".join("" if n in functions else line for n, line in enumerate(lines, 1))
    if functions and pdf_text_of(others):
        n, found = next(iter(functions.items()))
        raise EquationsError(line_of_function(found[1]), Place(n, *found.span()))
    for n, line in enumerate(text.split("\n"), 1):
        found = _STEP_BESIDE.search(line)
        if found and is_equation(line):
            matrix = f"{found[1]}_{{{found[2]}}} " if found[1] and found[2] else f"{found[1]} " if found[1] else ""
            right = f"{matrix}{found[3]}_{{t-1}}"
            beside = phrase("write {right} instead of {typed}, and all other indices so", right=right, typed=found[0])
            problem = wrong_step("t") if found[4] == "+" else beside
            raise EquationsError(problem, Place(n, found.start(), found.end()))


def line_of_function(name: str) -> Phrase:
    """What is wrong with a line that defines a function which no term calls."""
    return phrase("a line that defines the function {name} is not read; leave it out, and write its formula where it "
                  "is used", name=name)  # fmt: skip


def line_of_element(name: str) -> Phrase:
    """What is wrong with a line that computes an element of a matrix, L_t[i, j] = …"""
    return phrase("a line of the elements of {name} is not read; write one of all of it, such as {example}", name=name,
                  example=f"{name}_t = {name}_{{t-1}} + w_t p_{{t-1}}^T")  # fmt: skip


def line_for_several(letter: str, example: str) -> Phrase:
    return phrase("a line for several {i} is not read; write a line for each: {example}", i=letter, example=example)


def first_of_several(typed: str, letter: str) -> str:
    """The beginnings of lines for each number of an index: a_{1,t} = …, a_{2,t} = …"""
    lines = (re.sub(rf"(?<![A-Za-z\\]){letter}(?![A-Za-z])", str(n), typed) for n in (1, 2))
    return ", ".join(f"{line} = …" for line in lines)


def check_lines_for_several(text: str, found: Text) -> None:
    """EquationsError for a line that computes a_{i,t} where others use a_{1,t}, as a sum over i does, or from s_{i,t}
    where a sum uses s_{1,t}."""
    computed = {name.id for own in found.equations for name in own.names}
    used = {e.id for own in found.equations for e in within(own.value) if isinstance(e, Symbol)} - computed
    for own in (own for own in found.equations if own.names[0].step == 0):
        name, letter = own.names[0], own.names[0].label[-1:]
        parts = [e.id for e in within(own.value) if isinstance(e, Symbol) and e.step == 0 and e.label.endswith(letter)]
        is_summed = bool({f"{id[:-1]}1" for id in parts} & used & found.indexed)
        is_one_of_several = name.id.endswith(letter) and (f"{name.id[:-1]}1" in used or is_summed)
        if letter in COMPONENTS and is_one_of_several:
            typed = text.split("\n")[name.place.line - 1][name.place.start : name.place.end]
            raise EquationsError(line_for_several(letter, first_of_several(typed, letter)), name.place)


def _in_latex(label: str) -> str:
    return f"\\{label}" if label in GREEK else label


def whole_cell(name: str, line: str) -> str:
    """What is wrong with a function of several tensors that nothing says more about, and a line that defines it."""
    return phrase("{name} stands for a whole cell or network; write its formula, or a line such as {example}",
                  name=name, example=line or f"{name}(x, h) = tanh(W x + U h + b)")  # fmt: skip


def unknown_function(name: str, place: Place, count: int, said: str = "") -> EquationsError:
    """What is wrong with a function that is not known, and what could be written. ``said``: the formula that a sentence
    gives it, which is not read."""
    if said:
        problem = phrase("“{said}” in the sentence is not read; write the formula of {name} in a line of its own, such "
                         "as {line}", said=said, name=name, line=f"{name}(z) = max(0, z)")  # fmt: skip
        return EquationsError(problem, place)
    if re.search("conv", name, re.IGNORECASE):
        line = f"{name} = identity"
        problem = phrase("{name} is a convolution over steps, which is not read; the line {line} leaves it out, or "
                         "write it as a sum such as {example}", name=name, line=line,
                         example=r"w_0 \odot a_t + w_1 \odot a_{t-1}")  # fmt: skip
    elif _OF_FOURIER.search(name):
        return EquationsError(fourier(name), place)
    elif re.search("norm", name, re.IGNORECASE):
        line = f"{name} = layer_norm"
        problem = phrase("{name} is no function that is known; write its formula, or a line such as {line}", name=name,
                         line=line)  # fmt: skip
    elif name.lower() not in DEFINITIONS and (count > 1 or NETWORK.search(name)):
        parameters = "xhcuvyzw"[:count]
        base, _, label = name.partition("_")
        own = f"{base},{_in_latex(label)}" if label.isalnum() else name
        products = [f"{matrix}_{{{own}}} {x}" for matrix, x in zip("WUV", parameters, strict=False)]
        written = rf"\mathrm{{{base}}}_{{{_in_latex(label)}}}" if label.isalnum() else name
        line = f"{written}({', '.join(parameters)}) = tanh({' + '.join(products)} + b_{{{own}}})"
        return EquationsError(whole_cell(name, line), place, lines_to_add=(line,))
    else:
        line = DEFINITIONS.get(name.lower(), f"{name} = tanh").replace("Rotation", name)
        problem = phrase("{name} is no function that is known; say which one in a line: {line}", name=name, line=line)
    return EquationsError(problem, place, lines_to_add=(line,))
