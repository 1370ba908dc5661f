"""/open: the layers of a model, read from its source code, as a chain."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import Response

from ...core.model.chain import ANY_AXES
from ...core.model.layer import KINDS
from ...core.model.text import chain_text
from ...frameworks import FRAMEWORKS
from ...frameworks.model_layers import parameter_count
from ...reading.code.layers_in_order import read
from ...reading.code.reading_result import Reading, ReadLayer, UnknownLine
from ...reading.code.reasons import MAYBE_CALLED
from ...reading.code.source_text import KINDS as TOKEN_KINDS
from ...reading.code.source_text import LONGER_PROGRAM, PART_OF_NOTEBOOK, TOKEN, TOO_DEEP, TOO_LONG
from ...reading.code.values import ANY
from ...reading.errors.pasted_text import ERROR_NAME
from ...reading.pasted_text_limits import MAX_SOURCE_BYTES, MAX_SOURCE_KILOBYTES
from ...translations.phrases import joined_with_commas, phrase, plural
from ...url_state.field_types import BoundedInteger, FieldError
from ...url_state.fields import FIELDS
from ...url_state.fields.input_fields import MAX_TEXT_LENGTH
from ...url_state.parsing import parse
from ...url_state.url_state import UrlState
from ...url_state_to_picture.model.model_url_state import RUN_SIZES, ChainUrlState, with_sizes
from ...url_state_to_picture.model.read_layer import is_time_first
from ...url_state_to_picture.model.read_model import ORDER_OF, ReadChain, alone, read_chain
from ..requests_and_responses.language import language_of
from ..requests_and_responses.media_types import HTML
from ..requests_and_responses.posted_form import fields_of, respond_to_form
from ..requests_and_responses.responses import respond_at_once, url_state_of
from ..requests_and_responses.routing import Form
from .model import ModelPage, context_of, sizes_of
from .parts.model import proof, unknown_size_fields
from .parts.model_file_field import model_file_field
from .rendering import base_context, html

OPEN_FORM = Form(
    {
        "source": f"Python source code, at most {MAX_SOURCE_KILOBYTES} KB.",
        "number": "The number of the model in it, counted from 0.",
        "part": "The selected layer, counted from 0.",
        **{name: FIELDS[name].help for name in RUN_SIZES},
        "model": "The model that was read, as in links: part and sizes count only if it is the same.",
        "size0": "The first size that the model leaves open; the next ones are size1, size2 ...",
    },
    most=3 * MAX_SOURCE_BYTES,
)
"""Encoded, most characters of a source take one byte, line breaks and signs three."""

EXAMPLE = """from keras import Sequential
from keras.layers import *

model = Sequential([
    Embedding(10_000, 128),
    Bidirectional(LSTM(64,
        return_sequences=True)),
    LSTM(32),
    Dense(10),
])
"""
"""The source that the page shows as an example."""

CARRIED = ("lang", "theme", "notation", "layout")
"""The fields of the query that the page about a source has, too."""

LONGEST_LAYER = 20
"""Lines of the statement that makes a layer."""


@dataclass(frozen=True)
class CodeLine:
    """A line of the source. ``parts`` are the layers that it makes; it is ``unknown`` if it is not certain."""

    text: str
    parts: tuple[int, ...]
    is_unknown: bool
    is_selected: bool

    @property
    def style(self) -> str:
        """Its classes."""
        if not (self.parts or self.is_unknown):  # most lines
            return ""
        classes = {"made": bool(self.parts), "unknown": self.is_unknown, "chosen": self.is_selected}
        return " ".join(name for name, applies in classes.items() if applies)


@dataclass(frozen=True)
class Code:
    """A source that was read: its lines, those that are not certain, and the number of the model that is shown, of
    ``models``, which has their names. ``message`` says what the page cannot show, or why there is no model;
    ``is_error``: whether it is an error message; ``inputs``: the shapes of the inputs beside that of the first
    layer; ``statistics``: by layer, the number of means and variances that are not counted; ``order``: which axis the
    page shows first if the layers differ in it; ``unused``: by line, how many parameters the layers have that are never
    called; ``has_other_statistics``: whether there are more means and variances, of layers whose size is not known;
    ``is_notebook``: whether the lines are those of the cells of a notebook; ``may_freeze``: whether layers may be left
    untrained."""

    source: str
    lines: Sequence[CodeLine]
    unknown: Sequence[UnknownLine]
    number: int
    models: Sequence[str]
    message: str = ""
    is_error: bool = False
    inputs: str = ""
    statistics: Mapping[int, int] = field(default_factory=dict)
    order: str = ""
    unused: Mapping[int, int] = field(default_factory=dict)
    is_notebook: bool = False
    has_other_statistics: bool = False
    may_freeze: bool = False

    @property
    def statistics_in_all(self) -> int:
        return sum(self.statistics.values())

    def lines_of(self, part: int) -> list[int]:
        """The numbers of the lines that make a layer."""
        return [n for n, line in enumerate(self.lines, 1) if part in line.parts]

    @property
    def selected_lines(self) -> list[int]:
        return [n for n, line in enumerate(self.lines, 1) if line.is_selected]


async def open_model(request: Request) -> Response:
    """The field for the source code of a model."""
    state = url_state_of(request)
    language = language_of(request, state)
    return await respond_at_once(request, lambda: empty_html(request, state, language, ""))


async def open_source(request: Request) -> Response:
    """A model as a chain of layers, read from its source code, which is parsed and never executed. It is in a form, so
    that it is in no URL or log."""
    state = url_state_of(request)
    language = language_of(request, state)
    try:
        return await respond_to_form(request, OPEN_FORM, lambda body: source_html(request, state, language, body), HTML)
    except FieldError as error:
        problem, status = error.message, 413 if error.field == "source" else 422

    def form_again(body: bytes) -> str:
        return empty_html(request, state, language, source_of(fields_of(body)), problem=problem)

    return await respond_to_form(request, OPEN_FORM, form_again, HTML, status=status)


def empty_html(
    request: Request, state: UrlState, language: str, source: str, code: Code | None = None, problem: str = ""
) -> str:
    """The page without a model; ``problem`` says why a form with this source is not valid."""
    context = base_context(request, state, language, "/open") | model_file_field() | {"code": code, "problem": problem}
    shown = {"source": source, "example": EXAMPLE, "kilobytes": MAX_SOURCE_KILOBYTES}
    return html("open_model.html", url_state=state, **shown, **context)


def source_of(fields: dict[str, str]) -> str:
    """The source code in a form, which has the line breaks of Windows there."""
    return fields.get("source", "").replace("\r\n", "\n")


def source_html(request: Request, state: UrlState, language: str, body: bytes) -> str:
    """The page about the source in a form. Raises FieldError."""
    fields = fields_of(body)
    source = source_of(fields)
    if len(source.encode(errors="replace")) > MAX_SOURCE_BYTES:
        raise FieldError("source", None, TOO_LONG, MAX_SOURCE_BYTES)
    if not source.strip():
        return empty_html(request, state, language, "")
    reading = read(source)
    models = reading.models
    if not models:
        is_error = ERROR_NAME.search(source) is not None
        message = "" if is_error else _without_layers(reading)
        code = Code(source, code_lines(reading, None, None), reading.unknown, 0, (), message, is_error)
        return empty_html(request, state, language, source, code)
    number = _index(fields["number"], len(models)) if "number" in fields else _first_with_state(models)
    is_last = number == len(models) - 1
    is_whole = reading.is_whole or not is_last
    result = reading.results[number]
    given = reading.given[number]
    end = reading.ends[number]
    has_all = reading.has_all_parameters(number)
    outputs = reading.outputs[number]
    chain = read_chain(models[number], MAX_TEXT_LENGTH, is_whole, has_all, result, given, end=end, outputs=outputs)
    model = chain_text(chain.chain)
    if fields.get("model", model) != model:  # the code was changed
        fields = {name: text for name, text in fields.items() if name in RUN_SIZES}
    sizes = sizes_of(fields.items())
    chain_state = _chain_state_of(state, chain, fields, sizes)
    part = chain_state.state.part
    message = "" if chain.is_whole else _first_layers(sum(line is not None for line in chain.lines))
    names = list(_names_of_models(reading))
    others = _other_inputs(reading, number)
    lines = code_lines(reading, chain, part)
    statistics = {n: read.statistics for n, read in enumerate(chain.reads) if read and read.statistics}
    order = _order_of_axes(models[number], chain)
    has_other_statistics = any(read and read.statistics is None for read in chain.reads)
    read_code = (source, lines, reading.unknown, number, names, message)
    maybe_called = {line.line for line in reading.unknown if line.reason == MAYBE_CALLED}
    unused = _unused_parameters([layer for layer in reading.unused if layer.line not in maybe_called])
    code = Code(
        *read_code,
        inputs=others,
        statistics=statistics,
        order=order,
        unused=unused,
        is_notebook=reading.is_notebook,
        has_other_statistics=has_other_statistics,
        may_freeze=reading.may_freeze,
    )
    unknown = unknown_size_fields(_chain_state_of(state, chain, fields, {}), sizes)
    context = context_of(request, chain_state, language, unknown) | base_context(request, state, language, "/open")
    page = context["page"]
    if isinstance(page, ModelPage):
        has_weights = reading.has_weights_beside(number)
        has_others = has_weights or reading.has_other_layers
        is_complete = page.summary.is_complete and not has_others and not _unused_parameters(reading.unused_of(number))
        said = replace(page.summary, is_complete=is_complete, is_once=not reading.loops[number])
        context["page"] = replace(page, summary=said, proof=proof(chain_state, has_weights, reading.one_way[number]))
    known = _sizes_in_code(chain)
    shown = {"code": code, "url_state": chain_state.state, "read": model, "known": known}
    return html("model.html", **context | shown)


def _names_of_models(reading: Reading) -> Iterator[str]:
    """The names of models, with their numbers. Calls of one model have the line that calls it."""
    for n, (name, line) in enumerate(zip(reading.names, reading.calls, strict=True), 1):
        text = f"{n} {name}".rstrip()
        is_one_of_several = name and reading.names.count(name) > 1 and line is not None
        yield phrase("{name}, called in line {n}", name=text, n=line) if is_one_of_several else text


def _unused_parameters(layers: Sequence[ReadLayer]) -> dict[int, int]:
    """By line, the number of parameters of layers that are never called, as far as it is known."""
    counts = dict[int, int]()
    for layer in layers:
        count = parameter_count(FRAMEWORKS[layer.framework], alone(layer))
        if layer.line and count.is_exact and count.value:
            counts[layer.line] = counts.get(layer.line, 0) + count.value
    return counts


def _first_with_state(models: Sequence[Sequence[ReadLayer]]) -> int:
    """The first model with a recurrent layer, or else the first one."""
    families = ("recurrent", "cell")
    return next((n for n, layers in enumerate(models) if any(KINDS.get(one.kind) in families for one in layers)), 0)


def _other_inputs(reading: Reading, number: int) -> str:
    """The shapes of the inputs of a model beside the one that its first layer gets."""
    of_keras = reading.inputs if len(reading.models) == 1 else []
    first, found = reading.models[number][0].input, of_keras or reading.given[number]
    inputs = [*found]
    if first in inputs:
        inputs.remove(first)
    others = inputs if len(inputs) < len(found) else []
    sizes = [["?" if size is None else "···" if size == ANY else str(size) for size in axes] for axes in others]
    return joined_with_commas(" × ".join(line) for line in sizes)


def _without_layers(reading: Reading) -> str:
    """Why a source has no layers."""
    if reading.unread_library:
        return phrase("{library} is not read.", library=reading.unread_library)
    if any(line.reason == PART_OF_NOTEBOOK for line in reading.unknown):
        return phrase("Paste the cells of the notebook, or its whole file.")
    if reading.mistake is not None:
        return phrase("Line {n} is not Python.", n=reading.mistake)
    for line in reading.unknown:
        if line.reason == TOO_DEEP:
            return phrase("The statement in line {n} is too long or too deeply nested.", n=line.line)
        if line.reason == LONGER_PROGRAM:
            return phrase("The program is longer than what is read here.")
    if reading.unknown:
        return phrase("What line {n} makes is not known.", n=reading.unknown[0].line)
    if reading.unread_star:
        return phrase("What comes from “{module}” is not known.", module=reading.unread_star)
    return phrase("Is it a PyTorch module or a Keras model?")


def _first_layers(count: int) -> str:
    return plural(
        "The model is too long: only its first {n} layer is shown.",
        "The model is too long: only its first {n} layers are shown.",
        count,
    )


KEEPING = frozenset(kind for kind, family in KINDS.items() if family in ANY_AXES)
"""The kinds of layers that have the order of axes of what they get."""


def _order_of_axes(layers: Sequence[ReadLayer], chain: ReadChain) -> str:
    """Which axis the page shows first, as for the first recurrent layer, if another layer has a different order and the
    chain has no step between them that transposes the axes; "" otherwise."""
    if any(transposed := chain.chain.transposed):
        shown = zip(chain.reads, transposed, strict=False)
        orders = {
            order != is_transposed for one, is_transposed in shown if one and (order := is_time_first(one)) is not None
        }
        return _of_order(orders, chain)
    recurrent = [(order, one) for one in layers if (order := is_time_first(one)) is not None]
    orders, of_input = {order for order, _ in recurrent}, {order != one.has_moved_samples for order, one in recurrent}
    if len(of_input) == 1 and chain.framework in ORDER_OF:
        others = (one for one in layers if one.kind == "embedding" or (one.kind in KEEPING and len(one.given) == 3))
        orders |= {one.has_moved_samples not in of_input for one in others}
    return _of_order(orders, chain)


def _of_order(orders: Collection[bool], chain: ReadChain) -> str:
    """The note about layers with these orders."""
    if len(orders) < 2:
        return ""
    if chain.is_time_first:
        return phrase("Some layers have the batch first, others the steps. All shapes here have the steps first.")
    return phrase("Some layers have the batch first, others the steps. All shapes here have the batch first.")


def _chain_state_of(state: UrlState, chain: ReadChain, fields: dict[str, str], sizes: dict[int, str]) -> ChainUrlState:
    """The UrlState of a chain that was read, with the sizes and the selected layer of the form, and the look of a
    UrlState."""
    texts = {name: FIELDS[name].format(state[name]) for name in CARRIED}
    texts |= {name: text.strip() for name in RUN_SIZES if (text := fields.get(name, "")).strip()}
    texts |= _sizes_in_code(chain) | chain.fields
    texts["model"] = with_sizes(texts["model"], sizes)
    texts["part"] = str(_index(fields["part"], len(chain.chain.layers)) if "part" in fields else chain.first_part)
    pairs = list(texts.items())
    return replace(
        ChainUrlState.of(parse(pairs, strict=True), pairs), settings=chain.settings, class_names=chain.class_names
    )


def _sizes_in_code(chain: ReadChain) -> dict[str, str]:
    """The size of the batch, if the code says it and a picture can have it."""
    field, size = FIELDS["batch_size"], chain.batch_size
    assert isinstance(field, BoundedInteger)
    return {"batch_size": str(size)} if size and field.low <= size <= field.high else {}


def _index(text: str, count: int) -> int:
    """An index in a form: the nearest one that exists."""
    return min(int(text), count - 1) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def code_lines(reading: Reading, chain: ReadChain | None, part: int | None) -> list[CodeLine]:
    """The lines of a source, with the layers of a chain that they make."""
    parts: dict[int, list[int]] = {}
    for n, layer in enumerate(chain.reads if chain else ()):
        for line in _lines_of(layer, reading.lines) if layer else ():
            parts.setdefault(line, []).append(n)
    unknown = {line.line for line in reading.unknown}
    lines = "\n".join(reading.lines).rstrip("\n").split("\n")
    return [
        CodeLine(text, tuple(parts.get(n, ())), n in unknown, part in parts.get(n, ()))
        for n, text in enumerate(lines, 1)
    ]


def _lines_of(layer: ReadLayer, lines: Sequence[str]) -> Iterable[int]:
    """The lines that make a layer."""
    if not layer.line:
        return ()
    return range(layer.line, (layer.last_line or _end(lines, layer.line)) + 1)


def _end(lines: Sequence[str], start: int) -> int:
    """The last line of the brackets that begin in a line, both counted from 1."""
    depth, line = 0, start
    for token in TOKEN.findall("\n".join(lines[start - 1 : start + LONGEST_LAYER])):
        kind = TOKEN_KINDS.get(token)
        if kind == "newline" and depth == 0:
            return line
        depth += (kind == "open") - (kind == "close")
        if depth < 0:  # a bracket that began earlier ends here
            return line
        line += token.count("\n")
    return start if depth else line
