"""Reads equations in the notation of papers: text -> our language, what was assumed, and what should be asked."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...translations.phrases import phrase
from ..canonical import canonical, number_text
from ..errors import EquationsError, with_line
from ..limits import MOST_TRIED
from ..parser import parse
from ..syntax import Equations
from ..typed_cell import cell_of, resolved
from .lines.pdf_text import pdf_text_of
from .lines.sentences import readable
from .names.inputs_states_and_weights import names_of
from .names.names_of_text import NamesOfText, alternatives
from .our_language.exact_latex import is_literal, literal
from .our_language.writer import Writer
from .parsed_text import parsed
from .parsing.paper_syntax import Apply, Binary, Joined, Symbol, Text, Transposed, parts_of, within
from .parsing.terms import is_capital, is_greek
from .shapes.orientation import COLUMN, ROW, added_dots, said_vectors, usual_vectors, with_columns, with_rows
from .shapes.shapes import Shapes
from .unreadable import check_softmax, check_steps
from .vocabulary.usual_letters import IDENTITY, NUMBERS, WEIGHTS


@dataclass(frozen=True)
class Choice:
    """An answer: ``text`` is the whole text as typed, with a line that says so."""

    label: str
    text: str


@dataclass(frozen=True)
class Assumption:
    """What follows from a text only by custom, with other ways to read it. ``line`` counts from 1."""

    line: int
    sentence: str
    alternatives: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class Question:
    """What a text leaves open. The first choice is the one that was taken."""

    line: int
    sentence: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Reading:
    """``text`` is in our language. ``is_own``: it is what was typed. ``skipped``: numbers of lines of prose."""

    text: str
    is_own: bool = False
    assumptions: tuple[Assumption, ...] = ()
    questions: tuple[Question, ...] = ()
    skipped: tuple[int, ...] = ()


ODD = 2
"""The penalty of a dot product that is added to a state, which is seldom meant."""


_MARKS = re.compile(
    r"[^\x00-\x7f\u00a0\u2009\u202f\ufeff]|\\[A-Za-z\\\[]|\$|[{}\^|;&'~]|:=|<-|_t\b|_\{|_\(|(?<![\w\])])\["
    r"|\([tnk](?:\s*-\s*1)?\)|(?<![\w)])_"
)
_STEP_OF_WORD = re.compile(r"^[ \t]*([A-Za-z]t)[ \t]*=.{0,200}(?<![A-Za-z])\1[-−–]1(?![0-9])", re.MULTILINE)
_NEXT_STEP = re.compile(r"^[ \t]*[A-Za-z]{1,12}[tnk][ ]?\+[ ]?1[ \t]*=", re.MULTILINE)
_BESIDE = re.compile(r"[A-Za-z0-9_)]\s+(?:[A-Za-z(])|\)\s*\(|\)\s*[A-Za-z]|[0-9][A-Za-z(]", re.ASCII)


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


def read(text: str) -> Reading:
    """A text in either language in ours. Raises EquationsError, with the place in the text as typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if is_own(text):
        return Reading(text, is_own=True)
    is_pdf = bool(pdf_text_of(text))
    if not is_pdf and _STEP_OF_WORD.search(text):  # ht−1 is no difference where a line computes ht
        check_steps(text)
    try:
        return _read(text)
    except EquationsError:
        if not is_pdf:
            check_steps(text)
        raise


def _read(text: str) -> Reading:
    found = parsed(text)
    if is_literal(found):
        return Reading(_checked(literal(found, text)), skipped=tuple(found.skipped))
    check_softmax(found)
    is_said = bool(found.said or found.said_domains or found.said_functions or found.said_diagonals)
    try:
        return _reading(text, found)
    except EquationsError:
        if not is_said or found.complex_names:  # without its sentences the text would be one of real numbers
            raise
        whole = found
    unread = whole.unread | {symbol.id: (symbol, said) for symbol, said in whole.all_said}
    domains, functions = whole.said_domains, whole.said_functions
    found = parsed(text, with_sentences=False)
    found.unread, found.said_domains, found.said_functions = {**unread}, [*domains], functions
    try:
        return _reading(text, found)
    except EquationsError:
        if not domains and not functions:
            raise
    found = parsed(text, with_sentences=False)
    found.unread = unread
    if names := [name for domain in domains for name in domain.names]:
        sentence = phrase("The sizes that sentences give do not fit, and are not read: {names}.",
                          names=", ".join(dict.fromkeys(name.id for name in names)))  # fmt: skip
        found.notes.append((names[0].place.line, sentence))
    return _reading(text, found)


def _reading(text: str, found: Text) -> Reading:
    found.domains += found.said_domains
    v = names_of(found)
    writer, canonical_text = _best(v)
    v = writer.v
    return Reading(
        canonical_text,
        assumptions=tuple(_assumptions(text, v, writer)),
        questions=tuple(_questions(text, v, writer)),
        skipped=tuple(found.skipped),
    )


def _checked(equations: Equations) -> str:
    """The canonical text, which is that of a cell. EquationsError, with a place in the text as typed, if it is not."""
    text = canonical(equations)
    try:
        cell_of(text)
    except EquationsError as error:
        resolved(equations)  # raises the same error, most often, with its place in the text as typed
        raise EquationsError(error.problem, equations.statements[0].place, lines_to_add=error.lines_to_add) from error
    return text


def _best(v: NamesOfText) -> tuple[Writer, str]:
    """The text read with columns, with rows, or with rows before matrices and columns elsewhere: whichever fits, and
    better if several do."""
    written: list[tuple[int, Writer, Equations]] = []
    errors: list[tuple[float, EquationsError]] = []
    turned = with_columns(v)
    readings = ((v, COLUMN), (with_rows(v), ROW), *(((turned, COLUMN),) if turned.is_turned else ()))
    for own, vector, is_lenient in (*((*one, False) for one in readings), *((*one, True) for one in readings)):
        fits = written and min(penalty for penalty, *_ in written) < ODD  # without a row that is added to a column
        if is_lenient and (fits or not any(0 <= step < 1 for step, _ in errors)):
            break
        shapes, step = Shapes(own, vector, is_lenient), 0
        try:
            shapes.infer()
            step = 1
            writer = Writer(own, shapes)
            equations = Equations(tuple(writer.lines()))
            step = 2
            if not shapes.penalty:  # nothing fits better
                return writer, _checked(equations)
            written.append((shapes.penalty, writer, equations))
        except EquationsError as error:
            errors.append((step + (vector == usual_vectors(v)) / 2 - is_lenient, error))
    ordered = sorted(written, key=lambda one: one[0])
    for n, (_, writer, equations) in enumerate(ordered):
        try:
            found = _checked(equations)
        except EquationsError as error:
            errors.append((2, error))
            continue
        others = [(w, e) for _, w, e in ordered[n + 1 :] if w.shapes.is_lenient == writer.shapes.is_lenient]
        writer.is_open = any(w.shapes.vector != writer.shapes.vector and _is_cell(e) for w, e in others)
        return writer, found
    raise max(errors, key=lambda one: one[0])[1]  # of that which fits longer, as most lines are written


def _is_cell(equations: Equations) -> bool:
    try:
        cell_of(canonical(equations))
    except EquationsError:
        return False
    return True


def _assumptions(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """What was assumed, in this order."""
    yield from _of_writing(text, v, w)
    yield from _of_names(text, v, w)
    yield from _of_vectors(text, v, w)
    yield from _of_axes(text, v, w)
    yield from _of_steps(text, v)


def _of_writing(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """How the text is read, and what is left out."""
    if v.text.pdf[0]:
        line, typed = v.text.pdf
        names = next(e.names for e in v.computed.values() if e.names[0].step is not None)
        sentence = phrase("Letters beside each other are read as names with an index: {typed} as {meant}.", typed=typed,
                          meant=f"{names[0].id}_{v.text.step[-1]}")  # fmt: skip
        yield Assumption(line, sentence)
    if v.text.numbered_line:
        sentence = phrase("Numbers in brackets beside equations are read as their numbers, not as factors.")
        yield Assumption(v.text.numbered_line, sentence)
    if v.text.remark[0]:
        line, words = v.text.remark
        yield Assumption(line, phrase("Words beside equations are not read: “{words}”.", words=words))
    for symbol in {symbol.id: symbol for symbol in reversed(v.text.below)}.values():
        sentence = phrase("The layer index {l} is left out: {name} of the layer below is the input x.", l=v.text.layer,
                          name=symbol.id)  # fmt: skip
        yield Assumption(symbol.place.line, sentence)
    notes: dict[str, int] = {}
    for line, note in v.text.notes:
        notes.setdefault(note, line)
    yield from (Assumption(line, note) for note, line in notes.items())
    if later := v.text.shifted:
        t = v.text.step.strip("_^()")
        sentence = phrase(
            "{name} of step {t}+1 is read as that of step {t}, and of {t} as of {t}-1.", name=later.id, t=t
        )
        yield Assumption(later.place.line, sentence)
    if v.text.convolution:
        sentence = phrase("A convolution is not drawn. It is read as a product of a matrix and a vector.")
        yield Assumption(v.text.convolution, sentence)
    for symbol in {symbol.id: symbol for symbol in v.text.ranges}.values():
        sentence = phrase("The range of {name} is not read: it says nothing about shapes.", name=symbol.id)
        yield Assumption(symbol.place.line, sentence)
    for said, line in {said: symbol.place.line for symbol, said in v.text.all_said}.items():
        yield Assumption(line, phrase("“{said}” is read from the sentence.", said=readable(said)))
    tries = MOST_TRIED
    for symbol, said in v.text.unread.values():
        if symbol.step is None and symbol.id not in (*v.weights, *v.given, *v.functions):
            continue
        sentence = phrase("“{said}” in the sentence is not read.", said=readable(said))
        if tries and _is_line(text, symbol, said):
            sentence = phrase("“{said}” in the sentence is not read; write it in a line of its own.",
                              said=readable(said))  # fmt: skip
        tries -= tries > 0
        yield Assumption(symbol.place.line, sentence)
    if v.is_turned:
        sentence = phrase(
            "Vectors are rows before a matrix, as in x W, and columns elsewhere, so that v kᵀ is an outer product."
        )
        yield Assumption(w.first_place.line, sentence)


def _of_names(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """What names are, and what they are called here."""
    if v.input not in ("x", ""):
        yield Assumption(_line(v, v.input), phrase("{name} is the input. Here it is called x.", name=v.input))
    for id, new in v.stepless.items():
        sentence = phrase("{name} and {name}_t are two tensors. Here {name} is called {new}.", name=id, new=new)
        yield Assumption(_line(v, id), sentence)
    for id, own in v.inlined.items():
        sentence = phrase("{name} is written where it is used, as a sum of products.", name=id)
        if isinstance(own.value, Apply) and own.value.function == "where":
            sentence = phrase("{name} is written where it is used, in each of its cases.", name=id)
        elif isinstance(own.value, Apply) or (isinstance(own.value, Binary) and own.value.sign == "⊙"):
            sentence = phrase("{name} is written where it is used.", name=id)
        yield Assumption(own.place.line, sentence)
    if v.separated:
        found, matrix, vector = next(iter(v.separated.values()))
        sentence = phrase("Names such as {name} are read as a matrix and a vector: {matrix} {vector}.", name=found.id,
                          matrix=matrix, vector=f"{vector}{v.text.step}")  # fmt: skip
        yield Assumption(found.place.line, sentence)
    for id, symbol in v.given.items():
        sentence = phrase("No line computes {name}, so it is read as a product of x with weights.", name=id)
        if w.is_gate(id):
            sentence = phrase(
                "No line computes {name}, so it is read as a gate: the sigmoid of a product of x with weights.", name=id
            )
        answer = f"{id}{v.text.step} = {v.input or 'x'}{v.text.step}"
        choices: tuple[Choice, ...] = (Choice(answer, with_line(text, answer)),) if not v.slot_of_input else ()
        if w.is_gate(id) and _is_factor(v, id):
            choices += (Choice(phrase("one number"), _with_domain(text, v, id, "")),)
        yield Assumption(symbol.place.line, sentence, choices if any(w.shapes.types[id]) else ())
    yield from _of_identity(text, v, w)
    for id, symbol in v.mathematical.items():
        sentence = phrase("{name} is read as the number {value}….", name=id, value=f"{NUMBERS[id]:.5f}")
        if id == "e":
            sentence = phrase("e is read as the number 2.71828…, so that e^a is exp(a).")
        yield Assumption(symbol.place.line, sentence)
    for key, e in v.functions.items():
        function = v.function(e)
        if key not in v.aliases and e.function == "sigma" and not _said_unknown(v, key):
            others = tuple(_named(text, key, f) for f in _functions(w, e, function) if f != function)
            sentence = phrase("{name} is read as {function}.", name=key, function=function)
            yield Assumption(e.place.line, sentence, others)
    for id in (id for id, symbol in v.weights.items() if _is_odd_weight(v, w, symbol)):
        sentence = phrase("No line computes {name}, so it is a weight with one value per unit.", name=v.name(id))
        others = tuple(Choice(answer, with_line(text, answer)) for answer in (f"{id} = 0.5", f"{id}: 1"))
        yield Assumption(v.weights[id].place.line, sentence, others)


def _of_identity(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """Whether I is read as the identity, if the text leaves it open."""
    is_vector = not v.has_identity and not all(w.shapes.types.get(IDENTITY, ()))
    if IDENTITY not in v.weights or not v.is_identity_open or is_vector or _is_beside_input(v, IDENTITY):
        return
    answer, sentence = f"{IDENTITY} = identity", phrase("I is read as a matrix of weights.")
    if v.has_identity:
        answer, sentence = f"{IDENTITY}: num_units, num_units", phrase("I is read as the identity.")
    yield Assumption(v.weights[IDENTITY].place.line, sentence, (Choice(answer, with_line(text, answer)),))


def _of_vectors(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """How products are read that depend on whether vectors are rows or columns."""
    if mixed := w.shapes.is_mixed:
        sentence = phrase("A row is added to a column here. Both are read as vectors of the same size.")
        yield Assumption(mixed.place.line, sentence)
    features = w.shapes.features.root
    for id, symbol in w.shapes.of_one.items():
        if any(axis and axis.root is features for axis in w.shapes.types[id]):
            sentence = phrase("The input of the text is one number. Here it has features, and {name} has weights for "
                              "each of them.", name=v.name(id))  # fmt: skip
            yield Assumption(symbol.place.line, sentence)
            break
    for a, state, place in w.scaled_rows():
        sentence = phrase("{a} is a vector and {S} a matrix, so each row of {S} is multiplied with its number of {a}.",
                          a=v.name(a), S=v.name(state))  # fmt: skip
        choices = (Choice(phrase("one number"), _with_domain(text, v, a, "")),)
        yield Assumption(place.line, sentence, choices)
    for row in w.shapes.rows:
        sentence = phrase(
            "The vector {q} stands before a matrix, so it is read as a row there: {q}ᵀ.", q=v.name(row.id)
        )
        yield Assumption(row.place.line, sentence)
    if not w.is_open:
        for turned, part in added_dots(v, w.shapes.vector)[:1]:
            sentence = phrase("The product with {k}ᵀ is one number for each sample: its vectors are {kind} in this "
                              "text.", k=turned.id, kind=_kinds(w.shapes.vector))  # fmt: skip
            yield Assumption(part.place.line, sentence)


def _of_axes(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """Which axes tensors have, and how long these are."""
    for id in (id for id, is_said in w.shapes.numbers.items() if not is_said):
        sentence = phrase("{name} is multiplied with a matrix, so it is one number for each sample.", name=v.name(id))
        yield Assumption(_line(v, id), sentence)
    if w.ties:
        yield Assumption(
            w.first_place.line, phrase("x is combined with the state element by element, so both have the same size.")
        )
    for name, size in w.own_axes.items():
        if name not in v.axes and size.names and name not in ("features", "U2", "F2") and not name.endswith("2"):
            others = tuple(Choice(f"axis {name} = {other}", f"axis {name} = {other}\n{text}")
                           for other in ("4", "num_units / 2"))  # fmt: skip
            sentence = phrase("The text does not give the size of the axis {axis}. Here it is {size}.", axis=name,
                              size=str(size))  # fmt: skip
            yield Assumption(w.first_place.line, sentence, others)
    for name in sorted(w.unused):
        sentence = phrase("No tensor has the axis {axis}. Declare one, such as {example}.", axis=name,
                          example=f"{v.states[0]}: batch_size, {name}")  # fmt: skip
        yield Assumption(v.axes[name].place.line, sentence)
    for id, axis in w.left_open():
        sentence = phrase("The text does not say how long {name} is. Here it is num_units.", name=id)
        choices = (Choice(f"axis {axis} = 4", f"axis {axis} = 4\n{text}"),)
        yield Assumption(_line(v, id), sentence, choices)
    for one, other, axis in w.open_ranks():
        sentence = phrase("The text does not say how many columns {one} and rows {other} have. Here it is num_units.",
                          one=one, other=other)  # fmt: skip
        yield Assumption(_line(v, ""), sentence, (Choice(f"axis {axis} = 4", f"axis {axis} = 4\n{text}"),))


def _of_steps(text: str, v: NamesOfText) -> Iterator[Assumption]:
    """Which step is meant, and what is before the first one."""
    for id, oldest in v.oldest.items():
        if oldest < -1:
            sentence = phrase("Older values of {name} are kept in states of their own.", name=id)
            yield Assumption(_line(v, id), sentence)
    for symbol in v.text.guessed_steps:
        sentence = phrase("{typed} is read as the previous step, {meant}.", typed="t-1", meant="{t-1}")
        yield Assumption(symbol.place.line, sentence)
    unstarted = [s for s in v.states if s not in v.starts and s not in v.declared]
    if unstarted:
        sentence = phrase("Before the first step these states are 0: {names}.", names=", ".join(map(v.name, unstarted)))
        others = (Choice(f"{unstarted[0]}_0 = 1", with_line(text, f"{unstarted[0]}_0 = 1")),)
        yield Assumption(_line(v, unstarted[0]), sentence, others)


def _questions(text: str, v: NamesOfText, w: Writer) -> Iterator[Question]:
    for key, e in v.functions.items():
        said = _said_unknown(v, key)
        if key not in v.aliases and (said or e.function != "sigma"):
            choices = tuple(_named(text, key, f) for f in _functions(w, e, v.function(e)))
            if key in v.text.open_functions and key not in v.computed:  # or no function at all
                is_matrix = key[0].isupper()
                others = (f"{key}: num_units, num_units",) if is_matrix else (f"{key} = 0.5", f"{key}: num_units")
                choices += tuple(Choice(answer, with_line(text, answer)) for answer in others)
            sentence = phrase("Which function is {name}?", name=key)
            if said:
                sentence = phrase("The text calls {name} “{said}”, which is not known here. Which function is {name}?",
                                  name=key, said=said)  # fmt: skip
            yield Question(e.place.line, sentence, choices)
    if w.is_open and not said_vectors(v):
        other = ROW if w.shapes.vector == COLUMN else COLUMN
        for turned, part in added_dots(v, other)[:1]:
            labels = {w.shapes.vector: phrase("an outer product"), other: phrase("a dot product")}
            sizes = {COLUMN: r"K \times 1", ROW: r"1 \times K"}
            choices = tuple(Choice(label, _with_domain(text, v, turned.id, sizes[vector]))
                            for vector, label in labels.items())  # fmt: skip
            sentence = phrase("Is the product with {k}ᵀ an outer product, which is a matrix, or a dot product, which "
                              "is one number?", k=turned.id)  # fmt: skip
            yield Question(part.place.line, sentence, choices)
    if diagonal := [weight for weight in w.shapes.diagonals if weight.id not in v.declared]:
        labels = {"num_units": phrase("one value per unit"), "num_units, num_units": phrase("a matrix")}
        choices = tuple(
            Choice(label, with_line(text, "\n".join(f"{weight.id}: {axes}" for weight in diagonal)))
            for axes, label in labels.items()
        )
        names = ", ".join(weight.id for weight in diagonal)
        sentence = phrase("Are these matrices, or one value per unit (diagonal): {names}?", names=names)
        yield Question(diagonal[0].place.line, sentence, choices)
    tries = MOST_TRIED
    for id, symbol in v.weights.items():
        has_axes = any(w.shapes.types.get(id, (None, None))) or id in w.slotted
        if id in v.declared or v.is_identity(id) or id in v.sizes or has_axes or w.is_scalar(id):
            continue
        value = number_text(_constant_of(w, id))
        is_number = id == "dt" or _is_beside_a_matrix(v, w, id)
        answers = [f"{id} = {value}", f"{id} = 1" if is_number else f"{id}: num_units", f"{id}: 1"]
        matrix = f"{id}: {'features' if _is_beside_input(v, id) else 'num_units'}, num_units"
        is_matrix = is_capital(id)
        if (is_matrix or symbol.label[:1].isupper()) and tries:
            tries -= 1
            is_matrix = _is_readable(with_line(text, matrix))
        answers += [matrix] if is_matrix and not (is_number and is_capital(id)) else []
        choices = tuple(Choice(answer, with_line(text, answer)) for answer in dict.fromkeys(answers))
        yield Question(symbol.place.line, phrase("What is the value of {name}, or is it a weight?", name=id), choices)
    is_open = len({*v.outputs}) > 1 and v.outputs[0] != "h"
    if not v.output_line and is_open and _is_layer(v, w):
        choices = tuple(Choice(f"output: {v.name(id)}", with_line(text, f"output: {v.name(id)}")) for id in v.outputs)
        yield Question(_line(v, v.outputs[0]), phrase("Which tensor is the output of the cell?"), choices)


def _said_unknown(v: NamesOfText, key: str) -> str:
    """What sentences call a function that is none of ours, or nothing."""
    return v.text.unknown_functions.get(key, "") if key not in v.text.said_functions else ""


def _is_odd_weight(v: NamesOfText, w: Writer, symbol: Symbol) -> bool:
    """Whether a weight is a vector, though its letter does not say so: r_on, τ_i."""
    is_vector = sum(axis is not None for axis in w.shapes.types.get(symbol.id, ())) == 1
    is_usual = symbol.id[0] in (*WEIGHTS, "a", "e", "p", "q") or is_capital(symbol.id) or is_greek(symbol.id)
    is_per_unit = is_greek(symbol.id) and symbol.id in v.text.of_components  # τ_i
    is_usual = is_usual and not (is_per_unit or _is_period(v, symbol.id))
    return is_vector and not is_usual and symbol.id not in v.declared and symbol.id not in v.text.all_domains


def _is_factor(v: NamesOfText, id: str) -> bool:
    """Whether a tensor is a factor element by element wherever it stands, so that it could be one number."""
    for e in (e for own in dict.fromkeys(v.computed.values()) for e in within(own.value)):
        is_other = isinstance(e, Apply | Transposed | Joined) or (isinstance(e, Binary) and e.sign == "⊗")
        if is_other and any(isinstance(part, Symbol) and part.id == id for part in parts_of(e)):
            return False
    return True


def _is_period(v: NamesOfText, id: str) -> bool:
    """Whether the step is counted modulo a name: t mod T_i."""
    calls = (e for own in v.computed.values() for e in within(own.value) if isinstance(e, Apply))
    return any(e.function == "mod" and getattr(e.arguments[-1], "id", "") == id for e in calls)


def _is_beside_input(v: NamesOfText, id: str) -> bool:
    """Whether a name stands before the input: θ x_t."""
    pairs = (e for own in v.computed.values() for e in within(own.value) if isinstance(e, Binary) and e.sign == " ")
    return any(getattr(e.left, "id", "") == id and getattr(e.right, "id", "") == v.input for e in pairs)


def _is_readable(text: str) -> bool:
    """Whether a text with an answer is a cell."""
    try:
        _best(names_of(parsed(text)))
    except EquationsError:
        return False
    return True


def _is_line(text: str, symbol: Symbol, said: str) -> bool:
    """Whether what a sentence says of a name would be read in a line of its own."""
    for with_sentences in (True, False):
        try:
            v = names_of(parsed(with_line(text, said), with_sentences))
            _best(v)
            return symbol.id in {*v.computed, *v.text.all_domains, *v.declared, *v.aliases, *v.text.said_functions}
        except EquationsError:
            continue
    return False


def _is_beside_a_matrix(v: NamesOfText, w: Writer, id: str) -> bool:
    """Whether a line with a name computes with matrices of the step, so that it can only be a number."""
    lines = [[*within(e.value)] for e in dict.fromkeys(v.computed.values())]
    with_it = (line for line in lines if any(isinstance(e, Symbol) and e.id == id for e in line))
    names = (e.id for line in with_it for e in line if isinstance(e, Symbol) and e.id in v.computed)
    return any(all(w.shapes.types[name]) for name in names)


def _is_layer(v: NamesOfText, w: Writer) -> bool:
    """Whether what could be the output is a vector, and the state is one, too."""
    return all(sum(a is not None for a in w.shapes.types[id]) == 1 for id in v.outputs[:2])


def _constant_of(w: Writer, id: str) -> float:
    value = w.constant(id).value
    return getattr(value, "value", 0.5)


def _functions(w: Writer, e: Apply, first: str) -> Iterable[str]:
    """The functions that an application could be of, one of them first. A softmax needs a vector wherever the function
    is applied."""
    parts = (part for own in dict.fromkeys(w.v.computed.values()) for part in within(own.value))
    same = [e, *(part for part in parts if isinstance(part, Apply) and part.function == e.function)]
    return alternatives(first, of_vector=all(any(w.shapes.terms[id(one.arguments[0])]) for one in same))


def _named(text: str, key: str, function: str) -> Choice:
    return Choice(function, with_line(text, f"{key} = {function}"))


def _with_domain(text: str, v: NamesOfText, id: str, sizes: str) -> str:
    """A text with a line that says which sizes a tensor has: none is one number."""
    raised = f"^{{{sizes}}}" if sizes else ""
    return with_line(text, rf"{id}{v.text.step} \in \mathbb{{R}}{raised}")


def _kinds(vector: str) -> str:
    return phrase("columns") if vector == COLUMN else phrase("rows")


def _line(v: NamesOfText, id: str) -> int:
    if id in v.computed:
        return v.computed[id].place.line
    return next(iter(v.computed.values())).place.line
