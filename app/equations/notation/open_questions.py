"""What a text leaves open and a visitor is asked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ...translations.phrases import phrase
from ..canonical import number_text
from ..limits import MOST_TRIED
from ..places_and_errors import with_line
from .best_reading import is_readable
from .cell_language.writer import Writer
from .choices import Choice, is_beside_input, line_of, possible_functions, said_unknown, with_domain, with_function
from .lines.equations_in_sentences import readable
from .lines.functions_in_sentences import WORDS
from .lines.roles_in_sentences import ARE_PARTS
from .names.names_of_text import NamesOfText
from .parsing.paper_syntax import Apply, Binary, Joined, Symbol, Transposed, parts_of, within
from .parsing.terms import is_capital
from .refused_forms import UNIT_IN_WORDS
from .shapes.orientation import COLUMN, ROW, added_dots, said_vectors
from .vocabulary.latex_commands import GREEK


@dataclass(frozen=True)
class Question:
    """What a text leaves open. The first choice is the one that was taken."""

    line: int
    sentence: str
    choices: tuple[Choice, ...]


def questions_of(text: str, v: NamesOfText, w: Writer) -> Iterator[Question]:
    yield from _of_functions(text, v, w)
    yield from _of_inputs(text, v)
    for id, (symbol, said) in v.text.said_starts.items():
        if id in v.open_starts:
            taken = v.starts.get(id, 0.0)
            answers = [f"{id}_0 = {number_text(start)}" for start in dict.fromkeys((taken, 0.0, 1.0))]
            sentence = phrase("The text calls {name} “{said}”. Here a state begins with the same number everywhere: "
                              "which one?", name=symbol.id, said=readable(said))  # fmt: skip
            yield Question(symbol.place.line, sentence,
                           tuple(Choice(answer, with_line(text, answer)) for answer in answers))  # fmt: skip
    if w.is_open and not said_vectors(v):
        other = ROW if w.shapes.vector == COLUMN else COLUMN
        for turned, part in added_dots(v, other)[:1]:
            labels = {w.shapes.vector: phrase("an outer product"), other: phrase("a dot product")}
            sizes = {COLUMN: r"K \times 1", ROW: r"1 \times K"}
            choices = tuple(Choice(label, with_domain(text, v, turned.id, sizes[vector]))
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
        is_number = id == "dt" or _is_beside_a_matrix(v, w, id) or _is_multiple_of_identity(v, id)
        answers = [f"{id} = {value}", f"{id} = 1" if is_number else f"{id}: num_units", f"{id}: 1"]
        matrix = f"{id}: {'features' if is_beside_input(v, id) else 'num_units'}, num_units"
        is_matrix = is_capital(id)
        is_input_weight = not is_number and is_beside_input(v, id)  # γ I(t) of a liquid cell
        if (is_matrix or symbol.label[:1].isupper() or is_input_weight) and tries:
            tries -= 1
            is_matrix = is_readable(with_line(text, matrix))
        is_matrix = is_matrix and not (is_number and is_capital(id)) and not _is_multiple_of_identity(v, id)
        answers += [matrix] if is_matrix else []
        choices = tuple(Choice(answer, with_line(text, answer)) for answer in dict.fromkeys(answers))
        if id == "i":
            unit = Choice(phrase("imaginary unit"), with_line(text, f"where {id} is the {UNIT_IN_WORDS}"))
            choices += (unit,) if is_readable(unit.text) else ()
        yield Question(symbol.place.line, phrase("What is the value of {name}, or is it a weight?", name=id), choices)
    is_open = len({*v.outputs}) > 1 and v.outputs[0] != "h"
    if not v.output_line and is_open and _is_layer(v, w):
        choices = tuple(Choice(f"output: {v.name(id)}", with_line(text, f"output: {v.name(id)}")) for id in v.outputs)
        yield Question(line_of(v, v.outputs[0]), phrase("Which tensor is the output of the cell?"), choices)


def _of_functions(text: str, v: NamesOfText, w: Writer) -> Iterator[Question]:
    """Which functions names are that the text leaves open."""
    for key, e in v.functions.items():
        said = said_unknown(v, key)
        if key not in v.aliases and (said or e.function != "sigma"):
            possible = dict.fromkeys(
                (*possible_functions(w, e, v.function(e)), *(("identity",) if len(e.arguments) == 1 else ()))
            )
            choices = tuple(with_function(text, key, f) for f in possible)
            if key in v.text.open_functions and key not in v.computed:  # or no function at all
                is_matrix = key[0].isupper()
                others = (f"{key}: num_units, num_units",) if is_matrix else (f"{key} = 0.5", f"{key}: num_units")
                choices += tuple(Choice(answer, with_line(text, answer)) for answer in others)
            sentence = phrase("Which function is {name}?", name=key)
            if said and (sum_of := re.fullmatch(r"(\w+)[ ]?\+[ ]?([\d.]+)", said)) and WORDS.get(sum_of[1].lower()):
                line = f"{key}(x) = {WORDS[sum_of[1].lower()]}(x) + {sum_of[2]}"
                choices += (Choice(line, with_line(text, line)),)
            if said:
                sentence = phrase("The text calls {name} “{said}”, which is not known here. Which function is {name}?",
                                  name=key, said=said)  # fmt: skip
            yield Question(e.place.line, sentence, choices)


def _of_inputs(text: str, v: NamesOfText) -> Iterator[Question]:
    """Whether inputs beside x are one number of each sample or vectors."""
    step, x = v.text.step, v.input or "x"
    lines = {False: rf"{x}_{{{step.strip('_^()')},1}}", True: f"{x}{step}"}
    parts = _parts_of_input(text, v, [x, *(id for id, is_vector in v.text.read_inputs.items() if is_vector)])
    for id, is_vector in v.text.read_inputs.items():
        labels = {False: phrase("a number of {x}", x=x), True: phrase("a vector, {x}", x=x)}
        written = [(one, _with_readable(text, id, step, lines[one])) for one in (is_vector, not is_vector)]
        choices = [Choice(labels[one], made or text) for one, made in written if made or one == is_vector]
        computed = with_domain(text, v, id, "")
        choices += [Choice(phrase("a number, computed from {x}", x=x), computed)] if is_readable(computed) else []
        choices += parts if is_vector else []
        sentence = phrase("The text calls {name} “{said}”, and no line computes it. Which part of the input is it?",
                          name=id, said=v.text.inputs[id])  # fmt: skip
        yield Question(line_of(v, id), sentence, tuple(choices))


def _parts_of_input(text: str, v: NamesOfText, ids: Sequence[str]) -> list[Choice]:
    """The answer that some inputs are parts of the input, if there are several."""
    lines = text.split("\n")
    typed: dict[str, str] = {}
    for e in (e for own in v.computed.values() for e in within(own.value) if isinstance(e, Symbol) and e.step == 0):
        name = lines[e.place.line - 1][e.place.start : e.place.end]
        if e.id in ids and (e.id not in typed or len(name) < len(typed[e.id])):
            typed[e.id] = name
    names = [typed[id] for id in ids if id in typed]
    if len(names) < max(2, len(ids)):
        return []
    made = with_line(text, f"where {', '.join(names[:-1])} and {names[-1]} are {ARE_PARTS}")
    label = phrase("{n} equal parts of the input: {names}", n=len(ids), names=", ".join(ids))
    return [Choice(label, made)] if is_readable(made) else []


def _with_readable(text: str, id: str, step: str, value: str) -> str:
    """A text with a line for an input, whose name is written as that text needs it; nothing if none is read."""
    base, _, index = id.partition("_")
    names = (id, f"\\{id}" if base.lower() in GREEK else rf"\mathrm{{{base}}}{f'_{{{index}}}' if index else ''}")
    return next((made for name in names if is_readable(made := with_line(text, f"{name}{step} = {value}"))), "")


def _is_factor(v: NamesOfText, id: str) -> bool:
    """Whether a tensor is a factor element by element wherever it stands, so that it could be one number."""
    for e in (e for own in dict.fromkeys(v.computed.values()) for e in within(own.value)):
        is_other = isinstance(e, Apply | Transposed | Joined) or (isinstance(e, Binary) and e.sign == "⊗")
        if is_other and any(isinstance(part, Symbol) and part.id == id for part in parts_of(e)):
            return False
    return True


def _is_beside_a_matrix(v: NamesOfText, w: Writer, id: str) -> bool:
    """Whether a line with a name computes with matrices of the step, so that it can only be a number."""
    lines = [[*within(e.value)] for e in dict.fromkeys(v.computed.values())]
    with_it = (line for line in lines if any(isinstance(e, Symbol) and e.id == id for e in line))
    names = (e.id for line in with_it for e in line if isinstance(e, Symbol) and e.id in v.computed)
    return any(all(w.shapes.types[name]) for name in names)


def _is_multiple_of_identity(v: NamesOfText, id: str) -> bool:
    """Whether a name stands before the identity: γ I."""
    lines = dict.fromkeys((*v.computed.values(), *v.inlined.values()))
    pairs = (e for own in lines for e in within(own.value) if isinstance(e, Binary) and e.sign in (" ", "·"))
    return any(getattr(e.left, "id", "") == id and v.is_identity(e.right) for e in pairs)


def _is_layer(v: NamesOfText, w: Writer) -> bool:
    """Whether what could be the output is a vector, and the state is one, too."""
    return all(sum(a is not None for a in w.shapes.types[id]) == 1 for id in v.outputs[:2])


def _constant_of(w: Writer, id: str) -> float:
    value = w.constant(id).value
    return getattr(value, "value", 0.5)
