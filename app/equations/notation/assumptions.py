"""What a text leaves open and is read by custom, with other ways to read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ...translations.phrases import Phrase, phrase, plural
from ..limits import MOST_TRIED
from ..places_and_errors import with_line
from .best_reading import is_line
from .cell_language.expressions import SLOPE
from .cell_language.writer import MORE_THAN_1, POSITIVE, UNIT, Writer
from .choices import Choice, is_beside_input, line_of, possible_functions, said_unknown, with_domain
from .lines.equations_in_sentences import readable
from .names.names_of_text import NamesOfText
from .open_questions import _is_factor
from .parsing.paper_syntax import Apply, Binary, Symbol, Term, within
from .parsing.terms import is_capital, is_greek
from .rewriting.complex_numbers import IMAGINARY_END, REAL_END
from .shapes.orientation import COLUMN, added_dots
from .vocabulary.function_words import MODULUS
from .vocabulary.unicode_characters import greek
from .vocabulary.usual_letters import IDENTITY, NUMBERS, WEIGHTS


@dataclass(frozen=True)
class Assumption:
    """What follows from a text only by custom, with other ways to read it. ``line`` counts from 1."""

    line: int
    sentence: str
    alternatives: tuple[Choice, ...] = ()


def assumptions_of(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """What was assumed, in this order."""
    yield from _of_writing(text, v, w)
    yield from _of_names(text, v, w)
    yield from _of_vectors(text, v, w)
    yield from _of_axes(text, v, w)
    yield from _of_steps(text, v, w)


def without_input() -> Phrase:
    return phrase("No line uses an input: the cell is the same for every x.")


@dataclass
class _Together:
    """What is said of several names alike, as one assumption: for each, its line, its name and other ways to read
    it."""

    names: list[str] = field(default_factory=list)
    line: int = 0
    choices: dict[str, Choice] = field(default_factory=dict)

    def add(self, name: str, line: int, choices: Iterable[Choice] = ()) -> None:
        self.line = self.line or line
        self.names.append(name)
        for choice in choices:
            self.choices.setdefault(choice.label, choice)

    def plural(self, one: str, many: str, **values: str) -> Assumption:
        """What is said, with words for one name and for several, as for ``plural`` of phrases."""
        sentence = plural(one, many, len(self.names), names=", ".join(self.names), **values)
        return Assumption(self.line, sentence, tuple(self.choices.values()))


def _together(found: Iterable[tuple[str, str, int]]) -> dict[str, _Together]:
    """The names of which the same is said, by what that is; each with its line."""
    said: dict[str, _Together] = {}
    for kind, name, line in found:
        said.setdefault(kind, _Together()).add(name, line)
    return said


def _of_writing(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """How the text is read, and what is left out."""
    if v.text.pdf[0]:
        line, typed = v.text.pdf
        with_step = (e for e in v.computed.values() if e.names[0].step is not None)
        letter = greek(typed[0]) or typed[0]
        names = min(with_step, key=lambda e: (
            e.place.line < line, not e.names[0].id.startswith(letter), e.names[0].id.replace("_", "") != typed[:-1]
        )).names  # fmt: skip
        sentence = phrase("Letters beside each other are read as names with an index: {typed} as {meant}.", typed=typed,
                          meant=f"{names[0].id}_{v.text.step[-1]}")  # fmt: skip
        yield Assumption(line, sentence)
        yield from _of_one_letter(v)
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
    for symbol in {symbol.id: symbol for symbol in v.text.ranges if symbol.id not in w.shapes.in_ranges}.values():
        sentence = phrase("The range of {name} is not read: it says nothing about shapes.", name=symbol.id)
        yield Assumption(symbol.place.line, sentence)
    for said, line in {said: symbol.place.line for symbol, said in v.text.all_said}.items():
        yield Assumption(line, phrase("“{said}” is read from the sentence.", said=readable(said)))
    tries = MOST_TRIED
    for symbol, said in v.text.unread.values():
        if symbol.step is None and symbol.id not in (*v.weights, *v.given, *v.functions):
            continue
        sentence = phrase("“{said}” in the sentence is not read.", said=readable(said))
        if tries and is_line(text, symbol, said):
            sentence = phrase("“{said}” in the sentence is not read; write it in a line of its own.",
                              said=readable(said))  # fmt: skip
        tries -= tries > 0
        yield Assumption(symbol.place.line, sentence)
    for d in v.declared.values():
        if d.name not in {*v.computed, *v.weights, *v.given, *v.renamed}:
            sentence = phrase("No line uses {name}, so its axes are not read.", name=d.name)
            yield Assumption(d.place.line, sentence)
    unused = {
        id: found
        for id, found in v.text.unused.items()
        if id not in (*v.computed, *v.weights, *v.given, *v.functions, *v.aliases, *v.text.definitions, v.input)
    }
    if unused:
        symbol, _ = next(iter(unused.values()))
        sentence = phrase("Sentences give values to names that no equation uses, which are not read: {names}.",
                          names=", ".join(unused))  # fmt: skip
        yield Assumption(symbol.place.line, sentence)
    if v.is_turned:
        sentence = phrase(
            "Vectors are rows before a matrix, as in x W, and columns elsewhere, so that v kᵀ is an outer product."
        )
        yield Assumption(w.first_place.line, sentence)


def _of_one_letter(v: NamesOfText) -> Iterator[Assumption]:
    """Matrices that stand before several tensors in one line of a PDF, which may flatten two letters to one."""
    for own in dict.fromkeys(v.computed.values()):
        behind: dict[str, dict[str, Symbol]] = {}
        for e in within(own.value):
            match e:
                case Binary(" ", Symbol(id, None) as weight, Symbol(other, int())) if is_capital(id):
                    behind.setdefault(id, {})[other] = weight
        for id, others in behind.items():
            if len(others) > 1:
                sentence = phrase("{W} stands before {names} in one line and is one matrix for all of them. If the "
                                  "paper prints them in several fonts, write another name for one.", W=id,
                                  names=", ".join(others))  # fmt: skip
                yield Assumption(own.place.line, sentence)


def _of_names(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """What names are, and what they are called here."""
    if v.input not in ("x", ""):
        sentence = phrase("{name} is the input. Here it is called x.", name=v.input)
        if (new := v.renamed.get("x", "x")) != "x":
            sentence = phrase("{name} is the input. Here it is called x, and {x} is called {new}.", name=v.input, x="x",
                              new=new)  # fmt: skip
        yield Assumption(line_of(v, v.input), sentence)
    if not (v.input or v.given):
        place = next(iter(v.computed.values())).place
        yield Assumption(place.line, without_input())
    for id, new in v.stepless.items():
        sentence = phrase("{name} and {name}_t are two tensors. Here {name} is called {new}.", name=id, new=new)
        yield Assumption(line_of(v, id), sentence)
    yield from _of_inlined(v)
    if v.text.separated:
        found, matrix, vector = next(iter(v.text.separated.values()))
        sentence = phrase("Names such as {name} are read as a matrix and a vector: {matrix} {vector}.", name=found.id,
                          matrix=matrix, vector=f"{vector}{v.text.step}")  # fmt: skip
        yield Assumption(found.place.line, sentence)
    yield from _of_given(text, v, w)
    yield from _of_small_letters(text, v)
    yield from _of_identity(text, v, w)
    for id, symbol in v.mathematical.items():
        sentence = phrase("{name} is read as the number {value}….", name=id, value=f"{NUMBERS[id]:.5f}")
        if id == "e":
            sentence = phrase("e is read as the number 2.71828…, so that e^a is exp(a).")
        yield Assumption(symbol.place.line, sentence)
    yield from _of_sigmas(text, v, w)
    calls = [e for own in dict.fromkeys(v.computed.values()) for e in within(own.value) if isinstance(e, Apply)]
    if rounded := next((e for e in calls if v.function(e) == "round"), None):
        sentence = phrase("What is rounded is read as a number between 0 and 1: 1 above 0.5, else 0.")
        yield Assumption(rounded.place.line, sentence)
    if not v.text.slope and (leaky := next((e for e in calls if v.function(e) == "leaky_relu"), None)):
        sentence = phrase("The text does not say the slope of the leaky ReLU below 0. Here it is {slope}.", slope=SLOPE)
        yield Assumption(leaky.place.line, sentence)
    for id, (name, function, place) in v.text.weights_of_functions.items():
        if id in v.weights and function == MODULUS:
            sentence = phrase("{name} is the modReLU of real numbers, relu(|z| + {b}) ⊙ sign(z), with one weight per "
                              "unit.", name="modReLU" if name == function else name, b=id)  # fmt: skip
            yield Assumption(place.line, sentence)
        elif id in v.weights:
            sentence = phrase("{name} is a parametric ReLU, max(0, z) + {slope} min(0, z), whose slope is one weight.",
                              name="PReLU" if name == function else name, slope=id)  # fmt: skip
            answer = f"{id}: num_units"
            choices = (Choice(phrase("one weight per unit"), with_line(text, answer)),) if id not in v.declared else ()
            yield Assumption(place.line, sentence, choices)
    odd = _Together()
    for id in (id for id, symbol in v.weights.items() if _is_odd_weight(v, w, symbol)):
        others = (Choice(answer, with_line(text, answer)) for answer in (f"{id} = 0.5", f"{id}: 1"))
        odd.add(v.name(id), v.weights[id].place.line, others)
    if odd.names:
        yield odd.plural("No line computes {names}, so it is a weight with one value per unit.",
                       "No line computes {names}, so they are weights with one value per unit.")  # fmt: skip


def _of_given(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """Which tensors that no line computes are made from x."""
    found: dict[str, _Together] = {}
    alone = len(v.given) == 1
    for id, symbol in v.given.items():
        answer = f"{id}{v.text.step} = {v.input or 'x'}{v.text.step}"
        choices = [Choice(answer, with_line(text, answer))] if not v.slot_of_input else []
        range_of_it = w.range_of(id)
        if range_of_it == UNIT and _is_factor(v, id):
            label = phrase("one number") if alone else f"{id} ∈ ℝ"
            choices.append(Choice(label, with_domain(text, v, id, "")))
        own = found.setdefault(range_of_it, _Together())
        own.add(id, symbol.place.line, choices if any(w.shapes.types[id]) else ())
    for range_of_it, names in found.items():
        if range_of_it == UNIT:
            yield names.plural(
                "No line computes {names}, so it is read as a gate: the sigmoid of a product of x with weights.",
                "No line computes {names}, so they are read as gates: the sigmoid of a product of x with weights.",
            )
        elif range_of_it == POSITIVE:
            yield names.plural(
                "No line computes {names}, which is positive in a memory, so it is read as the softplus of a product "
                "of x with weights.",
                "No line computes {names}, which are positive in a memory, so they are read as the softplus of a "
                "product of x with weights.",
            )
        elif range_of_it == MORE_THAN_1:
            yield names.plural(
                "No line computes {names}, which is greater than 1 in a memory, so it is read as 1 plus the softplus "
                "of a product of x with weights.",
                "No line computes {names}, which are greater than 1 in a memory, so they are read as 1 plus the "
                "softplus of a product of x with weights.",
            )
        else:
            yield names.plural("No line computes {names}, so it is read as a product of x with weights.",
                             "No line computes {names}, so they are read as products of x with weights.")  # fmt: skip


def _of_inlined(v: NamesOfText) -> Iterator[Assumption]:
    """Which names are written where they are used."""
    found = _together((_way_of_writing(own.value), id, own.place.line) for id, own in v.inlined.items())
    for way, names in found.items():
        if way == "sum":
            yield names.plural("{names} is written where it is used, as a sum of products.",
                             "{names} are written where they are used, as sums of products.")  # fmt: skip
        elif way == "cases":
            yield names.plural("{names} is written where it is used, in each of its cases.",
                             "{names} are written where they are used, in each of their cases.")  # fmt: skip
        else:
            yield names.plural("{names} is written where it is used.", "{names} are written where they are used.")


def _way_of_writing(value: Term) -> str:
    match value:
        case Apply("where"):
            return "cases"
        case Apply() | Binary(" " | "·" | "⊙"):
            return "term"
    return "sum"


def _of_small_letters(text: str, v: NamesOfText) -> Iterator[Assumption]:
    """Which small letters are vectors of weights, as matrices are capitals."""
    guessed = {id: found for id, found in v.text.guessed_vectors.items() if id in v.weights}
    if not guessed:
        return
    sentence = phrase("Matrices are capitals in this text, so these small letters are vectors, and their products are "
                      "one number: {names}.", names=", ".join(guessed))  # fmt: skip
    lines = (
        f"{id}: {'features' if is_of_input else 'num_units'}, num_units" for id, (_, is_of_input) in guessed.items()
    )
    choices = (Choice(phrase("matrices"), with_line(text, "\n".join(lines))),) if not v.text.layer_of else ()
    yield Assumption(next(iter(guessed.values()))[0].line, sentence, choices)


def _of_sigmas(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """Which functions those called σ are, one sentence for all that are the same: σ_i, σ_f and σ_o."""
    found: dict[str, list[str]] = {}
    for key, e in v.functions.items():
        if key not in v.aliases and e.function == "sigma" and not said_unknown(v, key):
            found.setdefault(v.function(e), []).append(key)
    for function, keys in found.items():
        possible = [set(possible_functions(w, v.functions[key], function)) for key in keys]
        usual = possible_functions(w, v.functions[keys[0]], function)
        others = [f for f in usual if f != function and all(f in one for one in possible)]
        choices = tuple(Choice(f, with_line(text, "\n".join(f"{key} = {f}" for key in keys))) for f in others)
        sentence = phrase("{name} is read as {function}.", name=keys[0], function=function)
        if len(keys) > 1:
            sentence = phrase("{names} are read as {function}.", names=", ".join(keys), function=function)
        yield Assumption(v.functions[keys[0]].place.line, sentence, choices)


def _of_identity(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """Whether I is read as the identity, if the text leaves it open."""
    is_vector = not v.has_identity and not all(w.shapes.types.get(IDENTITY, ()))
    if IDENTITY not in v.weights or not v.is_identity_open or is_vector or is_beside_input(v, IDENTITY):
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
        if f"{a}{state}".count("_im"):  # as is said of the real parts
            continue
        sentence = phrase("{a} is a vector and {S} a matrix, so each row of {S} is multiplied with its number of {a}.",
                          a=v.name(a), S=v.name(state))  # fmt: skip
        choices = (Choice(phrase("one number"), with_domain(text, v, a, "")),)
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
    numbers = _Together()
    for id in (id for id, is_said in w.shapes.numbers.items() if not is_said):
        numbers.add(v.name(id), line_of(v, id))
    if numbers.names:
        yield numbers.plural("{names} is multiplied with a matrix, so it is one number for each sample.",
                           "{names} are multiplied with matrices, so each is one number for each sample.")  # fmt: skip
    in_ranges = _Together()
    for id in sorted(w.shapes.in_ranges):
        axes = f"{id}: batch_size, num_units"
        in_ranges.add(v.name(id), line_of(v, id), (Choice(axes, with_line(text, axes)),))
    if in_ranges.names:
        yield in_ranges.plural("{names} is in an interval, so it is one number for each sample.",
                               "{names} are in intervals, so each is one number for each sample.")  # fmt: skip
    if w.ties:
        yield Assumption(
            w.first_place.line, phrase("x is combined with the state element by element, so both have the same size.")
        )
    for name, size in w.own_axes.items():
        is_open = size.names and len(size.terms) == 1  # no sum of parts, 4 * num_units + 1
        if name not in v.axes and is_open and name not in ("features", "U2", "F2") and not name.endswith("2"):
            others = tuple(Choice(f"axis {name} = {other}", f"axis {name} = {other}\n{text}")
                           for other in ("4", "num_units / 2"))  # fmt: skip
            sentence = phrase("The text does not give the size of the axis {axis}. Here it is {size}.", axis=name,
                              size=str(size))  # fmt: skip
            yield Assumption(w.first_place.line, sentence, others)
    for name in sorted(w.unused):
        sentence = phrase("No tensor has the axis {axis}. Declare one, such as {example}.", axis=name,
                          example=f"{v.states[0]}: batch_size, {name}")  # fmt: skip
        yield Assumption(v.axes[name].place.line, sentence)
    open: dict[str, _Together] = {}
    for id, axis, letter in w.left_open():
        choice = Choice(f"axis {axis} = 4", f"axis {axis} = 4\n{text}")
        open.setdefault(letter, _Together()).add(id, line_of(v, id), (choice,))
    for letter, names in open.items():
        if letter:
            yield names.plural(
                "{names} is {letter} long, a size that the text does not give. Here it is num_units.",
                "{names} are {letter} long, a size that the text does not give. Here it is num_units.", letter=letter
            )  # fmt: skip
        else:
            yield names.plural("The text does not say how long {names} is. Here it is num_units.",
                             "The text does not say how long {names} are. Here they are num_units.")  # fmt: skip
    ranks = [*w.open_ranks()]
    choices = {axis: Choice(f"axis {axis} = 4", f"axis {axis} = 4\n{text}") for _, _, axis in ranks}
    if len(ranks) == 1:
        one, other, _ = ranks[0]
        sentence = phrase("The text does not say how many columns {one} and rows {other} have. Here it is num_units.",
                          one=one, other=other)  # fmt: skip
        yield Assumption(line_of(v, ""), sentence, tuple(choices.values()))
    elif ranks:
        pairs = ", ".join(f"{one} {other}" for one, other, _ in ranks)
        sentence = phrase("The text does not say how many columns and rows matrices beside each other have: {pairs}. "
                          "Here it is num_units.", pairs=pairs)  # fmt: skip
        yield Assumption(line_of(v, ""), sentence, tuple(choices.values()))


def _of_steps(text: str, v: NamesOfText, w: Writer) -> Iterator[Assumption]:
    """Which step is meant, and what is before the first one."""
    for id, oldest in v.oldest.items():
        if oldest < -1:
            sentence = phrase("Older values of {name} are kept in states of their own.", name=id)
            yield Assumption(line_of(v, id), sentence)
    for symbol in v.text.guessed_steps:
        sentence = phrase("{typed} is read as the previous step, {meant}.", typed="t-1", meant="{t-1}")
        yield Assumption(symbol.place.line, sentence)
    real = v.outputs[0] if v.outputs and not v.output_line else ""
    if (
        real.endswith(REAL_END)
        and (imaginary := real.removesuffix(REAL_END) + IMAGINARY_END) in v.computed.keys() - v.outputs
    ):
        sentence = phrase("{name} is complex. The output of the cell is its real part alone, {real}.",
                          name=v.name(real).removesuffix(REAL_END), real=v.name(real))  # fmt: skip
        answer = f"output: {v.name(imaginary)}"
        yield Assumption(line_of(v, real), sentence, (Choice(answer, with_line(text, answer)),))
    computed = {v.name(id) for id in v.computed}
    dead = _Together()
    for name, place in w.dead.items():
        if name in computed:
            dead.add(name, place.line)
    if dead.names:
        yield dead.plural(
            "Neither the output nor a state is computed from {names}, so its line is left out.",
            "Neither the output nor a state is computed from {names}, so their lines are left out.",
        )
    unstarted = [s for s in v.states if s not in v.starts and s not in v.declared]
    if unstarted:
        sentence = phrase("Before the first step these states are 0: {names}.", names=", ".join(map(v.name, unstarted)))
        ones = (f"{id}_0 = 1" for id in unstarted)
        yield Assumption(line_of(v, unstarted[0]), sentence, tuple(Choice(one, with_line(text, one)) for one in ones))


def _is_odd_weight(v: NamesOfText, w: Writer, symbol: Symbol) -> bool:
    """Whether a weight is a vector, though its letter does not say so: r_on, τ_i."""
    is_vector = sum(axis is not None for axis in w.shapes.types.get(symbol.id, ())) == 1
    is_usual = symbol.id[0] in (*WEIGHTS, "a", "e", "p", "q") or is_capital(symbol.id) or is_greek(symbol.id)
    is_per_unit = is_greek(symbol.id) and symbol.id in v.text.of_components  # τ_i
    is_vector_of_letter = is_vector and is_capital(symbol.id) and not _is_said_to_be_one(v, w, symbol.id)
    is_usual = is_usual and not (is_per_unit or v.is_period(symbol.id) or is_vector_of_letter)
    return is_vector and not is_usual and symbol.id not in v.declared and symbol.id not in v.text.all_domains


def _is_said_to_be_one(v: NamesOfText, w: Writer, id: str) -> bool:
    """Whether a text says, or is asked, that a capital is a vector of weights, or custom does."""
    asked = {weight.id for weight in w.shapes.diagonals}
    is_said = (
        w.shapes.is_in_pointwise(id)
        or id in asked | v.text.said_vectors | {*v.text.said_diagonals} | v.text.vectors | v.text.of_components
    )
    is_turned = any(axis and axis.root is w.shapes.features.root for axis in w.shapes.types[id])
    return is_said or is_turned or id.partition("_")[0] in ("Lambda", "A", "D", "Theta") or id in v.text.slots


def _kinds(vector: str) -> str:
    return phrase("columns") if vector == COLUMN else phrase("rows")
