"""The parts of the page about a model: its sentence, picture, table, the panel of a layer, and the fields of sizes."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from itertools import count
from typing import NamedTuple

from markupsafe import Markup

from ....core.model.chain import Count, Passed
from ....core.model.layer import GAPS, TIME
from ....core.model.shapes import Shape, axis_count
from ....core.model.text import LARGEST, UNKNOWN, layer_text
from ....diagram.model.model_picture import misfit_words, shape_line
from ....diagram.model.model_scene import ChainScene
from ....diagram.text_spans import Line
from ....diagram.transforms.relabeling import in_language
from ....frameworks import FRAMEWORKS
from ....frameworks.model_layers import class_name, is_wrapped, layer_count
from ....translations.numbers import grouped
from ....translations.phrases import Phrase, phrase, plural
from ....translations.translator import Translator
from ....url_state.field_types import Number, Value
from ....url_state.fields import FIELDS
from ....url_state.url_state import UrlState
from ....url_state_to_picture.model.changed_layer import changed_fields, changed_model
from ....url_state_to_picture.model.model_url_state import RUN_SIZES, ChainUrlState, repeated_sizes
from ....url_state_to_picture.model.picture_of_model import NamedLayer, picture_of_chain
from .links_and_accessible_names import as_svg


class LayerLink(NamedTuple):
    """A link over the slab of a layer: its part, its area as the path of an SVG, its query, and its accessible name."""

    part: int
    path: str
    link: str
    label: str
    is_selected: bool


@dataclass(frozen=True)
class ChainPicture:
    """The picture of a chain as SVG, its ``viewBox``, and the links over it. ``is_tall``: it does not fit a window."""

    svg: Markup
    box: str
    links: list[LayerLink]
    is_tall: bool


TALL = 700.0
"""A picture that is higher, in pixels, is not made smaller so that it fits the window."""


def chain_picture(chain_state: ChainUrlState, scene: ChainScene, translate: Translator) -> ChainPicture:
    """The picture of the model of a UrlState, with a link for each layer."""
    drawn = picture_of_chain(scene)
    picture = in_language(drawn.picture, translate)
    links = [
        LayerLink(
            area.part,
            area.area.path,
            chain_state.query(part=area.part),
            label_of(chain_state, chain_state.layers[area.part]),
            area.part == scene.selected,
        )
        for area in drawn.areas
    ]
    box = f"0 0 {picture.width:g} {picture.height:g}"
    return ChainPicture(as_svg(picture), box, links, picture.height > TALL)


def label_of(chain_state: ChainUrlState, named: NamedLayer) -> str:
    """``Bidirectional, LSTM, 64 units, each way, out 32 × 200 × 128``."""
    words = named.name
    for detail in named.details:
        words = phrase("{one}, {other}", one=words, other=detail)
    if named.passed.misfit:
        return phrase("{one}, {other}", one=words, other=misfit_words(named.passed.misfit))
    if not named.passed.reached:
        return phrase("{layer}, not reached", layer=words)
    return phrase("{layer}, out {shape}", layer=words, shape=shape_text(chain_state, named.passed.output))


def shape_text(chain_state: ChainUrlState, shape: Shape) -> str:
    return "".join(
        f" {span.text} " if span.text == "×" else span.text for span in line_of(chain_state, shape, multiplied=True)
    )


def line_of(chain_state: ChainUrlState, shape: Shape, multiplied: bool = False) -> Line:
    """A shape in the order of the framework's axes; with ``multiplied``, both directions are one number."""
    if multiplied:
        shape = tuple(replace(size, value=size.number, times=1) for size in shape)
    return shape_line(shape, chain_state.time_major)


class LayerRow(NamedTuple):
    """A layer in the table. ``gets_others``: its input is not all that it gets. ``opened`` has the fields of the page
    about it, None without one: scripts add what a file says about the layer."""

    part: int
    name: str
    details: tuple[str, ...]
    link: str
    input: Line | None
    gets_others: bool
    output: Line | None
    parameters: str
    opened: dict[str, Value] | None


def layer_rows(chain_state: ChainUrlState) -> list[LayerRow]:
    """The layers of the table, from the input to the output."""
    return [
        LayerRow(
            n.part,
            n.name,
            n.details,
            chain_state.query(part=n.part),
            taken(chain_state, n),
            n.layer.reads_others,
            line_of(chain_state, n.passed.output) if n.passed.returns else None,
            count_text(n.count) if n.passed.reached else "?",
            _opened_fields(chain_state, n),
        )
        for n in chain_state.layers
    ]


def taken(chain_state: ChainUrlState, named: NamedLayer) -> Line | None:
    """What a layer gets; None for nothing that the layer before it returns, or if that is not known."""
    is_unknown = named.layer.kind in GAPS and named.part > 0 and not chain_state.chain.is_ordered
    is_taken = named.passed.reached and named.layer.kind != "elsewhere" and (named.layer.has_own_cell or not is_unknown)
    return line_of(chain_state, named.passed.input) if is_taken else None


def _opened_fields(chain_state: ChainUrlState, named: NamedLayer) -> dict[str, Value] | None:
    opened = chain_state.opened(named.part)
    return chain_state.fields_of(named)[0] if opened and opened.query is not None else None


def count_text(count: Count) -> str:
    """A number of parameters: ``1,280,000``, ``129 · ?``, ``720 + ?``."""
    if count.value is not None:
        return phrase("{n:,} + ?", n=count.value) if count.is_least else grouped(count.value)
    return "?" if count.factor is None else phrase("{n:,} · ?", n=count.factor)


def total_text(layers: Sequence[NamedLayer]) -> str:
    """The number of all parameters: ``1,399,754``, ``650 + ?``."""
    total = sum(n.count.value or 0 for n in layers)
    is_complete = all(n.count.is_exact for n in layers)
    return grouped(total) if is_complete else phrase("{n:,} + ?", n=total)


@dataclass(frozen=True)
class Summary:
    """What the sentence above the picture says. ``wrong`` is the layer that does not fit, with what it ``needs``;
    otherwise ``total`` is the number of known parameters, of which ``share`` percent are in the layers with the name
    ``largest``, of which there are ``largest_count``; ``is_least``: there may only be more in biases, in layers
    stacked on others, and in the unknown steps of a chain that is not ordered;
    ``are_in_layers``: none of them are in an unknown step, which is no layer; ``is_ordered``: whether it is known how
    the layers are connected; ``is_once``: whether the first and the last one certainly run once; ``knows_output`` and
    ``outputs``: see ``ChainUrlState``; ``last_runs``: how often the last one runs."""

    count: int
    input: Line
    output: Line | None
    is_ids: bool
    total: int
    is_complete: bool
    is_least: bool
    are_in_layers: bool
    is_ordered: bool
    knows_output: bool
    last_runs: int | None
    outputs: list[Line]
    unknown: int
    share: str
    largest: str
    largest_count: int
    wrong: str
    needs: str
    got: Line | None
    is_once: bool = True


def summary(chain_state: ChainUrlState) -> Summary:
    layers = chain_state.layers
    counts = Counter[str]()
    for n in layers:
        counts[name_of_class(chain_state, n)] += n.count.value or 0
    (largest, most), total = counts.most_common(1)[0], counts.total()
    wrong = next((n for n in layers if n.passed.misfit), None)
    last = layers[-1].passed
    counted = [n for n in layers if chain_state.chain.is_ordered or n.layer.kind not in GAPS]
    return Summary(
        count=layer_count(chain_state.framework, chain_state.chain.layers),
        input=line_of(chain_state, chain_state.input),
        output=line_of(chain_state, last.output) if last.returns else None,
        is_ids=chain_state.chain.takes_ids,
        total=total,
        is_complete=all(n.count.is_exact for n in layers),
        is_least=all(n.count.value is not None for n in counted) and any(n.count.is_least for n in counted),
        are_in_layers=not any(n.count.value for n in layers if n.layer.kind in GAPS and not n.layer.has_own_cell),
        is_ordered=chain_state.chain.is_ordered,
        knows_output=chain_state.knows_output,
        last_runs=chain_state.size("time_step") if last.layer.runs == TIME else last.layer.runs,
        outputs=[line_of(chain_state, shape) for shape in chain_state.outputs],
        unknown=chain_state.unknown_sizes,
        share=_percent(most, total),
        largest_count=sum(bool(n.count.value) and name_of_class(chain_state, n) == largest for n in layers),
        largest=largest,
        wrong=wrong.name if wrong else "",
        needs=misfit_words(wrong.passed.misfit) if wrong and wrong.passed.misfit else "",
        got=line_of(chain_state, wrong.passed.input) if wrong else None,
    )


def full_name(chain_state: ChainUrlState, named: NamedLayer) -> str:
    """``Bidirectional LSTM``: the name of a layer, with that of a wrapped one."""
    name = name_of_class(chain_state, named)
    is_wrapped = named.layer.bidirectional and named.name != name
    return phrase("{wrapper} {name}", wrapper=named.name, name=name) if is_wrapped else named.name


def name_of_class(chain_state: ChainUrlState, named: NamedLayer) -> str:
    """The name of a layer; of one in a wrapper, its own."""
    if not is_wrapped(chain_state.framework, named.layer):
        return named.name
    return class_name(chain_state.framework, named.layer, axis_count(named.passed.input))


def _percent(part: int, whole: int) -> str:
    """A share in percent, which is 100 only of everything."""
    percent = 100 if part == whole else round(100 * part / whole)
    return ">99" if percent == 100 and part < whole else str(percent)


class SizeField(NamedTuple):
    """A field for a size that the model does not say. ``value`` is "" if it is not known. Its colour and its slider are
    those of ``name``, if it is one of ours; otherwise ``label`` says what it is, in the layer ``part``. ``id`` is that
    of its element, also after other sizes were written."""

    id: str
    name: str
    label: str
    value: str
    high: int
    letter: str
    has_slider: bool
    part: int | None = None


def run_size_fields(chain_state: ChainUrlState) -> list[SizeField]:
    """The sizes of the batch and of time."""
    names = RUN_SIZES if chain_state.chain.has_time else RUN_SIZES[:1]
    notation, found = chain_state.state.size_notation, []
    for name in names:
        field, value = FIELDS[name], chain_state.size(name)
        assert isinstance(field, Number)
        text = "" if value is None else str(value)
        found.append(SizeField(name, name, notation.name(name), text, field.high, notation.letter(name, {}), True))
    return found


def unknown_size_fields(chain_state: ChainUrlState, written: Mapping[int, str] | None = None) -> list[SizeField]:
    """The sizes that the text of the model leaves open, in its order, with those that are ``written`` by number."""
    written, found, places_in_text = written or {}, list[SizeField](), count()
    repeated = repeated_sizes(chain_state.state.model)

    def add(label: str, id: str, part: int | None = None) -> None:
        n = next(places_in_text)
        if n not in repeated:
            found.append(SizeField(id, f"size{n}", label, written.get(n, ""), LARGEST, "", False, part))

    for k, axis in enumerate(chain_state.chain.input or ()):
        if axis is None:
            add(_name_of_input(chain_state, k), f"input-{k}")
    for named, above in zip(chain_state.layers, [*chain_state.layers[1:], None], strict=True):
        words = _open_sizes(named, above)
        places = [k for k, argument in enumerate(layer_text(named.layer).split(",")) if UNKNOWN in argument]
        for n, k in enumerate(places):
            what = words[n] if n < len(words) else phrase("size")
            add(phrase("{layer}: {what}", layer=named.name, what=what), f"size-{named.part}-{k}", named.part)
    for n, axes in enumerate(chain_state.chain.outputs):
        for k, axis in enumerate(axes or ()):
            if axis is None:
                add(phrase("further output"), f"output-{n}-{k}")
    return found


def _name_of_input(chain_state: ChainUrlState, k: int) -> Phrase:
    """The label of an axis of the input after the batch. A picture may leave its height and its width open."""
    axes, first = chain_state.chain.input or (), chain_state.chain.layers[0]
    places = (1, 2) if first.takes_channels_first else (0, 1)
    if len(axes) != len(places) + 1 or first.kind not in OF_PICTURES or k not in places:
        return phrase("input")
    return phrase(
        "{layer}: {what}", layer=phrase("input"), what=phrase("height") if k == places[0] else phrase("width")
    )


OF_PICTURES = ("convolution", "pooling", "conv_lstm")
"""The kinds of layers that return pictures, if their output has more axes than steps of vectors."""


def _word_of_axis(passed: Passed, n: int, above: NamedLayer | None) -> str:
    """What an axis is of the output of a layer, counted after the batch. An embedding above takes steps."""
    layer, sizes = passed.layer, passed.output[1:]
    if above and above.layer.family == "embedding" and len(sizes) == 1:
        return phrase("steps")
    if n == (0 if layer.channels_first else len(sizes) - 1):
        return phrase("units")
    if sizes[n].name == "time_step":
        return phrase("steps")
    last = len(sizes) - 1 - (not layer.channels_first)
    if layer.kind not in OF_PICTURES:
        return phrase("size")
    return phrase("width") if n == last else phrase("height") if n == last - 1 else phrase("size")


def _open_sizes(named: NamedLayer, above: NamedLayer | None) -> list[str]:
    """What the unknown sizes of a layer are, in the order of its text."""
    layer = named.layer
    words: list[str] = []
    words += [_word_of_axis(named.passed, n, above) for n, axis in enumerate(layer.axes or ()) if axis is None]
    if layer.family == "embedding" and layer.features is None:
        words.append(phrase("ids"))
    if layer.family in ("embedding", "recurrent", "cell", "dense", "repeat") and layer.num_units is None:
        words.append(phrase("units") if layer.family != "repeat" else phrase("times"))
    if layer.num_layers is None:
        words.append(phrase("layers"))
    if layer.num_proj is None:
        words.append(phrase("projection"))
    if layer.runs is None:
        words.append(phrase("times"))
    if layer.batch is None:
        words.append(phrase("first axis"))
    return words


class WayBack(NamedTuple):
    """On the page about a layer of a model: the name of the layer, "" if it is no recurrent one; the query of the
    model, in which the layer is as the page shows it; and the query of the page as the layer is in the model, "" if it
    is so."""

    name: str
    model: str
    own_sizes: str


def way_back(url_state: UrlState, said: Set[str]) -> WayBack:
    """The links from the page about a layer back to its model. They have the sizes that this page's link ``said``, or
    that were changed here; the number of steps only if the model itself does not have it."""
    chain_state = ChainUrlState(url_state, frozenset())
    named, changed = chain_state.selected, changed_fields(chain_state)
    is_own = any(size.name == "time_step" and size.value is not None for size in named.passed.input)
    own: dict[str, Value] = {"time_step": FIELDS["time_step"].default} if is_own else {}
    back = ChainUrlState(url_state, frozenset(said) - own.keys())
    order = chain_state.order_at(url_state.part)
    model = back.query(model=changed_model(chain_state), part=url_state.part, **own, **order)
    name = full_name(chain_state, named) if named.layer.is_recurrent else ""
    if named.layer.family == "cell":  # the page shows all its calls, with shapes that a single one does not have
        name = phrase("{name} in a loop over the steps", name=name)
    if chain_state.backward_of(url_state.part) is not None:
        name = phrase("{name}, which runs backwards, beside a forward direction", name=name)
    return WayBack(name, model, url_state.query(**changed) if changed else "")


class Crumb(NamedTuple):
    """A level of detail: model, layer, cell, unit. ``link`` is None for the current one, and where there is none."""

    name: str
    link: str | None


def crumbs(chain_state: ChainUrlState) -> list[Crumb]:
    """The levels below the model: the selected layer, its cell and its first unit."""
    opened = chain_state.opened(chain_state.state.part)
    query = opened.query if opened else None
    names = phrase("layer"), phrase("cell"), phrase("unit")
    further = "&view=rolled", "", "&view=units&unit=0"
    order = dict(zip(names, further, strict=True))
    return [Crumb(phrase("model"), None)] + [
        Crumb(name, None if query is None else f"/{query}{extra}") for name, extra in order.items()
    ]


def frameworks() -> list[tuple[str, str]]:
    """The ids and titles of the frameworks."""
    return [(id, framework.title) for id, framework in FRAMEWORKS.items()]


def proof(chain_state: ChainUrlState, has_other_weights: bool = False, is_one_way: bool = False) -> str:
    """How much of the model is known. ``has_other_weights``: whether it has weights that no layer has; ``is_one_way``:
    whether only one of several branches calls its layers."""
    steps = [n.layer for n in chain_state.layers if n.layer.kind == "other"]
    own = sum(not n.layer.has_picture for n in chain_state.layers)
    unknown = sum(layer.parameters != 0 and not layer.has_own_cell for layer in steps)
    count = layer_count(chain_state.framework, chain_state.chain.layers)
    layers = plural("{n} layer", "{n} layers", count)
    if any(n.passed.misfit for n in chain_state.layers):
        return phrase("{layers}, one does not fit", layers=layers)
    if not chain_state.chain.is_ordered:
        if count == 1:
            return phrase("{layers}, whose place in the model is not known", layers=layers)
        return phrase("{layers}, in an order that is not known", layers=layers)
    if not chain_state.knows_output:
        return phrase("{layers}, the last in a loop", layers=layers)
    if unknown:
        return plural("{layers} and {n} unknown step", "{layers} and {n} unknown steps", unknown, layers=layers)
    if own:
        return plural(
            "{layers}, {n} of them with a cell that no picture shows",
            "{layers}, {n} of them with cells that no picture shows",
            own,
            layers=layers,
        )
    if steps:
        return plural(
            "{layers} and {n} step without parameters",
            "{layers} and {n} steps without parameters",
            len(steps),
            layers=layers,
        )
    if chain_state.unknown_sizes:
        return plural(
            "{layers}, {n} size unknown", "{layers}, {n} sizes unknown", chain_state.unknown_sizes, layers=layers
        )
    has_others = any(n.layer.reads_others or n.layer.kind == "elsewhere" for n in chain_state.layers)
    if chain_state.chain.outputs and not has_others:
        return phrase("{layers}, without the further outputs of the model", layers=layers)
    if has_others:
        return phrase("{layers}, of which not all connections are shown", layers=layers)
    partly = sum(not is_known(n) for n in chain_state.layers)
    if partly:
        return phrase("{layers}, {unknown} of them not completely known", layers=layers, unknown=partly)
    if is_one_way:
        return phrase("{layers}, which only one branch calls", layers=layers)
    if has_other_weights:
        return phrase("{layers}, and weights that no layer has", layers=layers)
    return phrase("✓ {layers}, nothing unknown", layers=layers)


def is_known(named: NamedLayer) -> bool:
    """Whether the shapes of a layer are known, apart from the batch and the time, and the number of its parameters."""
    sizes = (*named.passed.input, *named.passed.output)
    return named.count.is_exact and all(size.value is not None or size.name in RUN_SIZES for size in sizes)
