"""Parses a text in the notation of papers, and rewrites what papers write specially."""

import re
from collections import Counter
from collections.abc import Iterator

from ...translations.phrases import phrase
from ..places_and_errors import EquationsError, Place
from ..tokens import check_length
from .cell_language.exact_latex_reader import is_literal
from .lines.equation_numbers import without_numbers
from .lines.equations_and_prose import LineReader
from .lines.equations_in_sentences import readable
from .lines.pdf_text import pdf_text_of
from .lines.signs_of_concatenation import sum_of_circles, with_concatenations
from .lines.step_letters import without_marked_steps
from .lines.words_beside_equations import without_remarks
from .parsing.conventions import NAMED_T, without_top_layer
from .parsing.paper_syntax import Apply, Binary, Symbol, Text, within
from .parsing.terms import symbols_of
from .refused_forms import (
    check_blocks,
    check_gradients,
    check_layers,
    check_lines_for_several,
    check_samples,
    place_of_complex_numbers,
)
from .rewriting.abbreviations import with_usual_forms
from .rewriting.blocks import with_blocks
from .rewriting.complex_numbers import not_read, with_real_parts
from .rewriting.constant_inputs import with_constant_inputs
from .rewriting.derivatives import with_euler_steps
from .rewriting.dots_of_weights import with_dots_of_weights
from .rewriting.functions_of_text import with_axes_of_functions, with_definitions, with_functions_of_index, with_roots
from .rewriting.functions_with_weights import with_functions_of_weights
from .rewriting.indices import (
    without_components,
    without_components_of_weights,
    without_counts,
    without_heads,
    without_layer,
    without_lines_of_numbers,
    without_styles,
)
from .rewriting.linear_layers import with_linear_layers
from .rewriting.lines_of_layers import with_layers
from .rewriting.masks_and_noise import with_masks
from .rewriting.matrices import with_equal_matrices, with_lines_of_functions
from .rewriting.missing_indices import with_missing_indices
from .rewriting.names_and_signs import with_parted_names
from .rewriting.normalisations import axis_of_means, with_normalisations
from .rewriting.parts_of_input import with_parts_of_input
from .rewriting.quaternions import with_quaternions
from .rewriting.second_forms_of_tensors import without_other_forms
from .rewriting.shifts import with_shifts
from .rewriting.softmax import with_softmax, without_ranges
from .rewriting.solvers import with_solver_steps
from .rewriting.state_spaces import with_features_as_slots, with_ones_of_diagonals
from .rewriting.steps import (
    shifted,
    with_assignments,
    with_decayed_states,
    with_marks_as_steps,
    with_missing_steps,
    without_cycles,
    without_tuples,
)
from .vocabulary.function_words import function_of

_STEP_OF_TIME = re.compile(r"([_(\[{][ ]?t[ ]?[-−–+][ ]?)(\\Delta[ ]?t|[Δδ][ ]?t|\\delta[ ]?t|dt)(?=[ ]?[)\]}])")
"""A step of time that is written as such, x(t + Δt)."""


_SUM = re.compile(r"Σ(?=[ ]?_(?:\{[ ]?[a-z][ ]?=|\{?[ ]?[ijkmn](?![A-Za-z,])))")
"""The letter Σ before a range, which is a sum."""
_PRIMED = re.compile(r"(?:\\sum|∑)(?:\\limits)?[ ]?_\{[ ]?([a-z])'[ ]?=")
"""A sum over a letter with a prime."""
_LAYER_AND_STEP = re.compile(r"(?<![A-Za-z])[a-z]\([1-9]\)\([tnk]\)")
"""The number of a layer in brackets before a step, x(1)(t)."""
_LAYER_BEFORE_STEP = re.compile(r"(?<=[A-Za-z])\(([1-9])\)")
"""Such numbers, which are an index of the same length."""


_INDEX_BEHIND_STEP = re.compile(r"(?<![A-Za-z\\])([a-z])(\([tnk](?:[ ]?[-−–][ ]?1)?\))([A-Z])(?![\w(\[])")
"""A capital behind the step of a letter, which a PDF puts before the index below it: y(t)H, of y_H^{(t)}."""


_DOTS = re.compile(r"([·⋅.])[ ]?\1[ ]?\1")
"""Dots that leave something out, with blanks in a PDF."""
_OF_DOT = re.compile(r"[^\s=]{1,20}\([ ]?(?:·|⋅|∙|•|\\cdot)[ ]?\)[ ]?=[^=\n;]{1,120}")
_DOT_AS_ARGUMENT = re.compile(r"(?<=[(,])(\s{0,2})(·|⋅|∙|•|\\cdot)(?=\s{0,2}[),])")
"""The argument of a function that a text defines with a dot, φ(·) = max(0, ·)."""
_BEFORE_RANGE = re.compile(
    r"(?<=[\w)\]}])(?:(?<![A-Za-z]{2})[ \t]{1,40}|(?<!for)(?<!all)(?<!each)(?<!every)[ \t]{2,40})"
    r"(?=[a-z][ ]?=[ ]?[0-9]{1,2}[ ]?(?:,[ ]?(?:[0-9]{1,2}[ ]?,[ ]?)?)?(?:…|\\[lc]?dots|\.\.))"
)
"""Blanks between an equation and the range of its index: i = 1, …, N."""
_UNIT_OF_INDEX = re.compile(r"(?<=[a-df-z][_^]\{)([a-z]{1,4})_(?:\{([ijkl])\}|([ijkl]))(?=[ ,}])")
"""The letter of a unit at a word of an index, y^{out_j}."""
_OF_LIST = re.compile(
    r"(?:\\(?:begin|end)[ ]?\{(?:itemize|enumerate|description)\}|\\item(?![A-Za-z]))(?:\[[^\[\]\n]{0,80}\])?"
)
"""The commands of a list, which say nothing about its equations."""
_DOT_BEHIND = re.compile(r"(?<=[^\W\d_])˙(?![\w({])")
"""A dot that a PDF has behind its letter, ḣ of a derivative."""


_TURNED_BEFORE_STEP = re.compile(r"(?<![^\W_])([a-zα-ω])([T⊤])[ ]([tnk][-−–‐]1)(?![0-9.])")
"""A sign of transposition that a PDF has before the step behind a blank, hT t−1."""
_TURNED_CAPITAL = re.compile(r"(?<![^\W_])([A-Z])[ ]T(?=[ ][^\W\d_])")
_ALONE_T = re.compile(r"(?<![^\W_])T(?![^\W_])")
"""A T that is a sign of transposition where all stand behind a matrix and a blank, W T xt."""
_LONG_ARROW = re.compile(r"\\(?:longleftarrow|Leftarrow|Longleftarrow)(?![A-Za-z])|[⟵⇐⟸]")
"""Arrows that stand for = as \\leftarrow does."""


_TURNED = r"T|⊤|\\top|\\intercal"
_TURNED_BEFORE_INDEX = re.compile(
    rf"(\^(?:\{{(?:{_TURNED})\}}|{_TURNED}))(_(?:[^\W_]|\\[a-z]{{2,10}}(?![A-Za-z])|\{{[^{{}}\n]{{1,20}}\}}))"
)
"""A sign of transposition before an index, \\eta^T_j."""


_PRIME = re.compile(r"\^[ ]?(?:\\prime(?![A-Za-z])|\{[ ]?\\prime[ ]?\})")
"""A prime as a raised sign, c^\\prime_t."""


_STAR = re.compile(r"\^[ ]?\{[ ]?([*∗]|\\ast)[ ]?\}")
"""A raised star in braces."""
_OTHER_WAY = re.compile(r"\\(?:text|mathrm|textrm|quad\\text|;\\text)[ ]?\{[ ]?(?:OR|or|Or)[ ]?\}")
"""The word between two ways to compute a tensor: σ(f̃_t) OR exp(f̃_t)."""


_END_OR_BRACKET = re.compile(r"[(\[{)\]},;&$\n]|\\q?quad|\\\\")


_LABEL_IN_BRACKETS = re.compile(r"(?<![A-Za-z\\])([A-Z])\(([a-z])\)(?=[ ]?[·*]?[ ]?[a-z]\([tn](?:[ ]?[-−–][ ]?1)?\))")
"""The label of a matrix in brackets before a tensor with its step in brackets: W(h) h(t-1)."""
_RING = re.compile(r"(?<=[\w)\]}])[ ]o[ ](?=[A-Za-z(\[])")
"""The letter o for the sign ∘, f_t o c_{t-1}."""
_COMPUTES_O = re.compile(r"^[^=\n]*(?<![\w\\])o[ ]*(?:,[^=\n]*)?=", re.MULTILINE)


_CHANGES = (
    with_blocks,
    without_lines_of_numbers,
    without_tuples,
    with_parted_names,
    with_solver_steps,
    with_equal_matrices,
    with_softmax,
    with_linear_layers,
    with_layers,
    with_euler_steps,
    with_assignments,
    with_missing_steps,
    without_components_of_weights,
    without_components,  # γ_x^d is a component of γ_x
    with_missing_indices,
    with_masks,
    with_functions_of_index,
    with_functions_of_weights,
    with_definitions,
    without_counts,
    with_usual_forms,
    with_dots_of_weights,
    with_roots,
    with_lines_of_functions,
    with_axes_of_functions,
    without_layer,
    without_heads,
    with_normalisations,
    with_shifts,
    with_features_as_slots,
    with_ones_of_diagonals,
    with_decayed_states,
    with_marks_as_steps,
    with_parts_of_input,
    with_constant_inputs,
)
"""What is rewritten, in this order."""


def parsed(text: str, with_sentences: bool = True) -> Text:
    """Parse a text, with what its sentences say about the names of its equations if ``with_sentences``. Raises
    EquationsError."""
    check_length(text)
    text, other_way = _without_other_way(_with_usual_signs(text))
    text = _with_usual_indices(text)
    text, (line_of_step, said_step) = without_marked_steps(text)
    text, (line_of_sign, said_sign) = with_concatenations(text)
    line_of_sum = sum_of_circles(text)
    text, (line_of_top, top) = without_top_layer(text)
    text, ends = without_ranges(text)
    numberless, line = without_numbers(text := _without_primes(text))
    plain, remark = without_remarks(_STEP_OF_TIME.sub(_with_number, numberless))
    complex_place = place_of_complex_numbers(text)
    try:
        reader = LineReader(plain)
        if not reader.conventions.layers:
            check_layers(plain)
        found = reader.read(with_sentences)
        is_open = _open_functions(found)
        said = {*found.said_functions, *found.unknown_functions, *found.definitions}
        if functions := is_open | said & {*found.called} | found.definitions.keys():
            found = LineReader(plain, functions).read(with_sentences)
        if numbers := _numbers_before_brackets(found) - functions - found.said_functions.keys():
            found = LineReader(plain, functions, numbers).read(with_sentences)
        terms = (e for own in found.equations for e in within(own.value))
        applied = {e.function for e in terms if isinstance(e, Apply) and not function_of(e.function)}
        found.open_functions = functions | (applied & found.said_functions.keys())
    except EquationsError as error:
        if complex_place and complex_place.line == error.place.line and not _is_part(text, complex_place):
            raise EquationsError(not_read(), complex_place) from error
        check_blocks(text, error.place.line)
        check_gradients(text)
        check_samples(text, error.place.line)
        raise
    check_lines_for_several(text, found)
    if line_of_sum:
        sentence = phrase("⊕ is read as +. Where it joins vectors, write {example}.", example="[x_t; h_{t-1}]")
        found.notes.append((line_of_sum, sentence))
    for line_of_it, said_of_it in ((line_of_step, said_step), (line_of_sign, said_sign), (line_of_top, top)):
        if said_of_it:
            found.notes.append((line_of_it, phrase("“{said}” is read from the sentence.", said=readable(said_of_it))))
    found.notes += other_way
    found.numbered_line, found.remark, found.ends = line, remark, ends
    found.equations = without_other_forms(found, text)
    if not is_literal(found):
        found.axis_of_means = axis_of_means(text)
        without_styles(found)
        for changed in _CHANGES:
            found.equations = changed(found)
        found.equations = with_quaternions(found)
        if complex_place or found.complex_names & {e.id for e in symbols_of(found.equations)}:
            found.equations = with_real_parts(found)
    found.equations = shifted(found)
    found.equations = without_cycles(found)
    return found


def _with_usual_signs(text: str) -> str:
    """A text with one form of each sign: arrows, sums, primes, stars, circles."""
    text = _SUM.sub("∑", _LONG_ARROW.sub(_with_short_arrow, text))
    text = _LABEL_IN_BRACKETS.sub(r"\1_\2 ", text)
    text = text if _COMPUTES_O.search(text) else _RING.sub(" ∘ ", text)
    text = _PRIME.sub(lambda match: "'".ljust(len(match[0])), text)
    return _STAR.sub(lambda match: f"^{match[1]}".ljust(len(match[0])), text)


def _with_usual_indices(text: str) -> str:
    """A text with its indices, lists and dots as the parser reads them."""
    if len({match[2] or match[3] for match in _UNIT_OF_INDEX.finditer(text)}) == 1:
        text = _UNIT_OF_INDEX.sub(lambda match: match[1].ljust(len(match[0])), text)
    text = text if NAMED_T.search(text) else _TURNED_BEFORE_INDEX.sub(_with_index_first, text)
    text = _LAYER_BEFORE_STEP.sub(r"_\1 ", text) if _LAYER_AND_STEP.search(text) else text
    if any(re.match(rf"[ \t]*{_INDEX_BEHIND_STEP.pattern}[ \t]*=", line) for line in text.split("\n")):
        text = _INDEX_BEHIND_STEP.sub(r"\1\3\2", text)
    text = _OF_LIST.sub(lambda match: " " * len(match[0]), text)
    text = _DOTS.sub(lambda match: "…".ljust(len(match[0])), text)
    text = _OF_DOT.sub(lambda match: _DOT_AS_ARGUMENT.sub(_with_letter, match[0]), text)
    text = _BEFORE_RANGE.sub(lambda match: f"{match[0][1:]},", text)
    if len(_TURNED_CAPITAL.findall(text)) == len(_ALONE_T.findall(text)):
        text = _TURNED_CAPITAL.sub(r"\1ᵀ ", text)
    text = _TURNED_BEFORE_STEP.sub(lambda match: f"{match[1]}{match[2]}{match[3]} ", text)
    return text if pdf_text_of(text) else _DOT_BEHIND.sub("\u0307", text)


def _is_part(text: str, place: Place) -> bool:
    """Whether a real or imaginary part stands at a place, which is read."""
    return bool(re.search(r"Re|Im", text.split("\n")[place.line - 1][place.start : place.end]))


def _without_primes(text: str) -> str:
    """A text with another letter and a blank for the letter of a sum with a prime, \\sum_{j'=1}^{3}, as long."""
    for letter in dict.fromkeys(match[1] for match in _PRIMED.finditer(text)):
        other = next((c for c in "kmnlij" if not re.search(rf"(?<![A-Za-z\\]){c}(?![A-Za-z])", text)), letter)
        text = re.sub(rf"(?<=[_^{{,]){letter}'", f"{other} ", text)
    return text


def _without_other_way(text: str) -> tuple[str, list[tuple[int, str]]]:
    """A text with blanks instead of the second of two ways to compute a tensor, and notes of it."""
    notes = list[tuple[int, str]]()
    for match in _OTHER_WAY.finditer(text):
        end = next((at for at in _ends(text, match.end())), len(text))
        said = readable(text[match.end() : end].strip())
        sentence = phrase("Of two ways, the first is read. The other one is {other}.", other=said)
        notes.append((text.count("\n", 0, match.start()) + 1, sentence))
        text = f"{text[: match.start()]}{' ' * (end - match.start())}{text[end:]}"
    return text, notes


def _ends(text: str, at: int) -> Iterator[int]:
    """Where a term may end that begins at a character: at a comma, a blank or a sign of LaTeX outside of brackets."""
    depth = 0
    for match in _END_OR_BRACKET.finditer(text, at):
        depth += (match[0] in "([{") - (match[0] in ")]}")
        if depth < 0 or (not depth and match[0] not in ")]}"):
            yield match.start()


def _with_number(match: re.Match[str]) -> str:
    """t + 1 for t + Δt, which is as long, so that all characters keep their places."""
    return f"{match[1]}1{' ' * (len(match[2]) - 1)}"


def _with_letter(match: re.Match[str]) -> str:
    """z for a dot, which is as long."""
    return f"{match[1]}{'z'.ljust(len(match[2]))}"


def _with_index_first(match: re.Match[str]) -> str:
    """\\eta_j^T for \\eta^T_j, which is as long."""
    before_letter = match[1][-1].islower() and match.string[match.end() : match.end() + 1].isalpha()  # \\topx
    return match[0] if before_letter else f"{match[2]}{match[1]}"


def _with_short_arrow(match: re.Match[str]) -> str:
    """An arrow of one sign for a longer one, which is as long, so that all characters keep their places."""
    return "←" if len(match[0]) == 1 else r"\leftarrow".ljust(len(match[0]))


def _numbers_before_brackets(text: Text) -> frozenset[str]:
    """The names with an index that stand before a bracket as functions do, f or g, and elsewhere as a factor, so that
    they are numbers: g_L (V - E_L) beside g_L Δ_T."""
    terms = [e for own in text.equations for e in within(own.value)]
    called = {"_".join((e.function, *e.index)) for e in terms if isinstance(e, Apply) and e.index}
    factors = (side for e in terms if isinstance(e, Binary) and e.sign in " ·⊙" for side in (e.left, e.right))
    return frozenset(e.id for e in factors if isinstance(e, Symbol) and e.step is None and e.id in called)


def _open_functions(text: Text) -> frozenset[str]:
    """The names that stand before a bracket with a sum wherever they are used, and that nothing in the text says more
    about: s of s(W h + U x + b)."""
    left = [name for own in text.equations for name in own.names]
    computed = {name.id for name in left if name.step is None}
    domains = (*text.domains, *text.said_domains)
    declared = text.own_names | text.trained | {name.id for domain in domains for name in domain.names}
    declared -= {name.id for name in left if name.step is not None}
    symbols = (e for own in text.equations for e in within(own.value) if isinstance(e, Symbol))
    uses = Counter(e.id for e in symbols if e.step is None)  # h of h(c_t) may be a function beside a state h_t
    is_open = (id for id, n in text.called.items() if n and uses[id] <= n)
    return frozenset(id for id in is_open if id not in computed and id not in declared)
