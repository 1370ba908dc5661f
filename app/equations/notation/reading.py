"""Reads equations in the notation of papers: text -> the cell language, what was assumed, and what should be asked."""

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from ...translations.phrases import phrase
from ..equations_parser import parse
from ..limits import MAX_DEPTH
from ..names import INPUT, PREVIOUS
from ..places_and_errors import EquationsError, Place, with_line
from ..syntax import Assignment, names_in
from ..tokens import check_length
from .assumptions import Assumption, assumptions_of, without_input
from .best_reading import best, checked
from .cell_language.exact_latex_reader import is_literal, literal
from .choices import Choice
from .lines.broken_lines import with_whole_lines
from .lines.flat_indices import with_written_indices
from .lines.lines_of_sets import LinesOfSets, with_lines_of_sets
from .lines.markup import without_markup
from .lines.pdf_text import pdf_text_of
from .lines.step_letters import check_letter_of_previous_step, check_two_letters, with_one_letter
from .names.inputs_states_and_weights import names_of
from .open_questions import Question, questions_of
from .parsed_text import parsed
from .parsing.layers import UnknownDepth
from .parsing.paper_syntax import Symbol, Text
from .refused_forms import (
    check_all_steps,
    check_conditions,
    check_continuous_time,
    check_flat_cases,
    check_flat_indices,
    check_flat_layers,
    check_flat_powers,
    check_flat_sums,
    check_fourier,
    check_high_orders,
    check_kronecker,
    check_memory,
    check_one_step,
    check_programs,
    check_said_kronecker,
    check_series,
    check_softmax,
    check_steps,
    check_sums,
    check_three_indices,
    check_two_values,
)

_ALIKE = str.maketrans("\N{INCREMENT}ıȷ", "Δij")
"""Characters that PDFs have for others."""
_COMBINING = {"¯": "\u0304", "˜": "\u0303", "~": "\u0303", "ˆ": "\u0302"}
"""The marks that stand before a letter without its dot, as they stand behind it."""
_DOTLESS = re.compile("([¯˜ˆ~])([ıȷ])")


@dataclass(frozen=True)
class Reading:
    """``text`` is in the cell language. ``is_own``: it is what was typed. ``skipped``: numbers of lines of prose."""

    text: str
    is_own: bool = False
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    skipped: tuple[int, ...] = ()


_MARKS = re.compile(
    r"[^\x00-\x7f\u00a0\u2009\u202f\ufeff]|\\[A-Za-z\\\[]|\$|[{}\^|;&'~]|:=|<-|_t\b|_\{|_\(|(?<![\w\])])\["
    r"|\([tnk](?:\s*-\s*1)?\)|(?<![\w)])_"
)


_STEP_OF_WORD = re.compile(
    r"^[ \t]*([A-Za-z]t)(?:\([ijm]\))?[ \t]*=.{0,200}(?<![A-Za-z])\1[-−–]1(?![0-9])", re.MULTILINE
)


_NEXT_STEP = re.compile(r"^[ \t]*[A-Za-z]{1,12}[tnk][ ]?\+[ ]?1[ \t]*=", re.MULTILINE)


_BESIDE = re.compile(r"[A-Za-z0-9_)]\s+(?:[A-Za-z(])|\)\s*\(|\)\s*[A-Za-z]|[0-9][A-Za-z(]", re.ASCII)


_CODE = re.compile(r"^[ \t]*[^\s#%]", re.MULTILINE)
"""The begin of a line that is no comment."""


def is_own(text: str) -> bool:
    """Whether a text is in our own language, right or wrong, and not in that of papers."""
    if pdf_text_of(text) and "batch_size" not in text:
        return False
    if _NEXT_STEP.search(text):
        return False
    lines = [re.sub(r"(?<!\\)[#%].*", "", line) for line in text.split("\n")]
    code = [line for line in lines if line.strip() and not re.match(r"\s*axis\s", line)]
    if any(_MARKS.search(line) for line in code) or (not code and re.search(r"^\s*%", text, re.MULTILINE)):
        return False
    beside = [line for line in code if _BESIDE.search(re.sub(r"\b[A-Za-z]\w*\s*\(", "(", line.partition("=")[2]))]
    return not (beside and not _parses(text))


def _parses(text: str) -> bool:
    try:
        parse(text)
    except EquationsError:
        return False
    return True


def _of_own(text: str) -> Iterator[Assumption]:
    """What is assumed of a text in the cell language: that it means to read no input."""
    with suppress(EquationsError):
        lines = [s for s in parse(text).statements if isinstance(s, Assignment)]
        used = {name.id.removesuffix(PREVIOUS) for line in lines for name in names_in(line.value)}
        if lines and INPUT not in used:
            yield Assumption(lines[0].place.line, without_input())


def read(text: str) -> Reading:
    """A text in either language in ours. Raises EquationsError, with the place in the text as typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _DOTLESS.sub(lambda match: f"{match[2]}{_COMBINING[match[1]]}", text).translate(_ALIKE)
    check_length(text)
    check_programs(text)
    check_two_values(text)
    if not is_own(text) or not _CODE.search(text):
        text = without_markup(text)
    if is_own(text):
        return Reading(text, is_own=True, assumptions=tuple(_of_own(text)))
    try:
        return _read_lines(text)
    except UnknownDepth as error:
        return _with_depth(text, error)


def _with_depth(text: str, error: UnknownDepth) -> Reading:
    """A text read with the usual number of layers, which is asked."""
    (line,) = error.lines_to_add
    name, _, number = line.partition(" = ")
    with_depth = with_line(text, line)
    found = _with_answers(_read_lines(with_depth), with_depth, text)
    answers = (f"{name} = {n}" for n in dict.fromkeys((int(number), 1, 2, 3, 4)))
    choices = tuple(Choice(answer, with_line(text, answer)) for answer in answers)
    question = Question(error.place.line, phrase("How many layers does the cell have?"), choices)
    return replace(found, questions=(question, *found.questions))


def _with_answers(found: Reading, read: str, typed: str) -> Reading:
    """What was read of a text, with answers that are added to the text as it was typed."""

    def answers(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        own = read.rstrip()
        texts = (f"{typed.rstrip()}{one.text.removeprefix(own)}" if one.text.startswith(own) else one.text
                 for one in choices)  # fmt: skip
        return tuple(replace(one, text=text) for one, text in zip(choices, texts, strict=True))

    assumptions = (replace(one, alternatives=answers(one.alternatives)) for one in found.assumptions)
    questions = (replace(one, choices=answers(one.choices)) for one in found.questions)
    return replace(found, assumptions=tuple(assumptions), questions=tuple(questions))


def _read_lines(text: str) -> Reading:
    typed, of_sets = text, with_lines_of_sets(text)
    check_length(of_sets.text)
    text = with_written_indices(with_whole_lines(of_sets.text))
    try:
        return _with_lines(_with_answers(_read_paper(text), text, typed), of_sets)
    except RecursionError as error:
        n, line = max(enumerate(typed.split("\n"), 1), key=lambda one: len(one[1]))
        problem = phrase("more than {n} operations follow each other; give some of them a name", n=MAX_DEPTH)
        raise EquationsError(problem, Place(n, 0, len(line))) from error
    except EquationsError as error:
        if text == typed:
            raise
        n = of_sets.lines[error.place.line - 1]
        line = typed.split("\n")[n - 1]
        is_same = text.split("\n")[error.place.line - 1] == line
        place = replace(error.place, line=n) if is_same else Place(n, 0, len(line))
        raise type(error)(error.problem, place, error.fixes, error.lines_to_add) from error


def _with_lines(found: Reading, of_sets: LinesOfSets) -> Reading:
    """What was read of lines for each letter of a set, with the numbers of the lines as typed."""
    line = of_sets.lines
    notes = (
        Assumption(n, phrase("A line with {letter} stands for several, and is written for each: {names}.",
                             letter=letter, names=names))
        for n, letter, names in of_sets.written
    )  # fmt: skip
    assumptions = (replace(one, line=line[one.line - 1]) for one in found.assumptions)
    questions = (replace(one, line=line[one.line - 1]) for one in found.questions)
    skipped = dict.fromkeys(line[n - 1] for n in found.skipped)
    return replace(found, assumptions=(*notes, *assumptions), questions=tuple(questions), skipped=tuple(skipped))


def _read_paper(text: str) -> Reading:
    text = with_one_letter(text)
    check_letter_of_previous_step(text)
    check_series(text)
    check_said_kronecker(text)
    check_flat_sums(text)
    check_continuous_time(text)
    check_one_step(text)
    check_fourier(text)
    check_all_steps(text)
    is_pdf = bool(pdf := pdf_text_of(text))
    if pdf and not pdf.layer:
        check_flat_layers(text, pdf.letter)
    if not is_pdf and _STEP_OF_WORD.search(text):  # ht−1 is no difference where a line computes ht
        check_steps(text)
    try:
        return _read(text)
    except EquationsError:
        check_conditions(text)
        check_flat_cases(text)
        check_flat_indices(text)
        check_memory(text)
        check_two_letters(text)
        check_three_indices(text)
        check_high_orders(text)
        if not is_pdf:
            check_steps(text)
        raise


def _read(text: str) -> Reading:
    found = parsed(text)
    if is_literal(found):
        return Reading(checked(literal(found, text)), skipped=tuple(found.skipped))
    check_softmax(found)
    check_flat_powers(text, found)
    check_kronecker(found)
    check_sums(found)
    is_said = bool(found.said or found.said_domains or found.said_functions or found.said_diagonals)
    try:
        return _reading(text, found)
    except EquationsError as error:
        problem = error
        if not is_said or found.complex_names or found.products:  # without its sentences the text would be another one
            raise
        whole = found
    unread = whole.unread | {symbol.id: (symbol, said) for symbol, said in whole.all_said}
    domains, functions = whole.said_domains, whole.said_functions
    names = [name for domain in domains for name in domain.names]
    found = parsed(text, with_sentences=False)
    if not found.equations:
        raise problem
    found.unread = {**unread}
    plain: Reading | EquationsError
    try:
        plain = _reading(text, _with_note_of_sizes(found, names))
    except EquationsError as error:
        if (str(error), error.place) == (str(problem), problem.place):  # it is about no sentence
            raise
        plain = error
    if domains or functions:
        with suppress(EquationsError):
            found = parsed(text, with_sentences=False)
            found.unread, found.said_domains, found.said_functions = {**unread}, [*domains], functions
            return _reading(text, found)
        with suppress(EquationsError):  # what they say beside sizes may fit
            found = parsed(text)
            sized = {name.id for name in names}
            found.said_domains = []
            found.said = [(name, said) for name, said in found.said if name.id not in sized or "=" in said]
            return _reading(text, _with_note_of_sizes(found, names))
    if isinstance(plain, EquationsError):
        raise problem if whole.definitions.keys() - found.definitions.keys() else plain
    return plain


def _with_note_of_sizes(found: Text, names: Sequence[Symbol]) -> Text:
    """A text that notes which names have sizes in sentences that are not read."""
    if names:
        sentence = phrase("The sizes that sentences give do not fit, and are not read: {names}.",
                          names=", ".join(dict.fromkeys(name.id for name in names)))  # fmt: skip
        found.notes.append((names[0].place.line, sentence))
    return found


def _reading(text: str, found: Text) -> Reading:
    found.domains += found.said_domains
    v = names_of(found)
    writer, canonical_text = best(v)
    v = writer.v
    return Reading(
        canonical_text,
        assumptions=tuple(assumptions_of(text, v, writer)),
        questions=tuple(questions_of(text, v, writer)),
        skipped=tuple(found.skipped),
    )
