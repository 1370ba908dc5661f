"""The picture of a chain of layers, with the names and counts of the chosen framework."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

from ...core.model.axes_of_steps import PICTURE
from ...core.model.chain import Chain, Count, Passed
from ...core.model.layer import GAPS, MERGES, TIME, AxisSize, Layer
from ...core.model.shapes import Shape, axis_count, has_time, numbers
from ...diagram.model.model_picture import DrawnChain, draw
from ...diagram.model.model_scene import ChainScene, DrawnLayer, Format
from ...diagram.size_notation import Notation
from ...frameworks.framework_types import Framework
from ...frameworks.model_layers import (
    WRAPPER,
    cell_id,
    class_name,
    is_wrapped,
    layer_count,
    model_of,
    parameter_count,
    takes_one_sequence,
)
from ...translations.phrases import phrase, plural

FEW = 12
"""Up to so many layers each is drawn. Of more, equal neighbours are one."""


WITHOUT_STEPS = ("flatten", "pooling", "reshape")
"""The kinds of layers that make one vector of all steps, if they return no steps."""

VECTOR = 2
"""The axes of a batch of vectors."""

MOST, ENDS, AROUND = 40, 13, 6
"""At most so many layers are drawn: those at both ends, and those around the selected one."""


@dataclass(frozen=True)
class NamedLayer:
    """A layer of a chain in a framework: its name, a few words about it, its shapes and the number of its
    parameters."""

    part: int
    passed: Passed
    name: str
    details: tuple[str, ...]
    count: Count

    @property
    def layer(self) -> Layer:
        return self.passed.layer


def named_layers(
    chain: Chain, framework: Framework, batch_size: int | None, time_step: int | None, *, time_major: bool
) -> list[NamedLayer]:
    """The layers of a chain in a framework, which may have the time before the batch. Nothing is known about the
    parameters of layers that return nothing, unless a file has counted them."""
    passed = chain.passed(batch_size, time_step, time_major=time_major, takes_one=takes_one_sequence(framework))

    def count(one: Passed) -> Count:
        return parameter_count(framework, one) if one.returns else Count(one.layer.parameters)

    return [NamedLayer(n, one, *name_of(framework, one), count(one)) for n, one in enumerate(passed)]


def name_of(framework: Framework, passed: Passed) -> tuple[str, tuple[str, ...]]:
    """The name of a layer, and a few words about it."""
    name, words = _name_of(framework, passed)
    runs = passed.layer.runs
    others = (phrase("reads others, too"),) if passed.layer.gets_others else ()
    often = (_often(runs),) if runs != 1 else ()
    again = (phrase("weights of an earlier layer"),) if passed.layer.has_weights_of_another else ()
    return name, (*words, *again, *others, *often)


def _often(runs: AxisSize) -> str:
    return phrase("runs for each step") if runs == TIME else phrase("runs {n} times", n=size_text(runs))


def _name_of(framework: Framework, passed: Passed) -> tuple[str, tuple[str, ...]]:
    layer, name = passed.layer, class_name(framework, passed.layer, axis_count(passed.input))
    match layer.family:
        case "embedding":
            return name, (phrase("{n} ids", n=size_text(layer.features)),)
        case "dense":
            return name, (_units(layer.num_units),)
        case "repeat":
            return name, (phrase("{n} times", n=size_text(layer.num_units)),)
        case "recurrent" if is_wrapped(framework, layer):
            units, *layers = _about_cell(replace(layer, bidirectional=False))
            order = _in_order(framework, layer)
            return WRAPPER, (
                phrase("{name}, {units}", name=name, units=units),
                *layers,
                phrase("each way"),
                *_merge_of(layer),
                *order,
            )
        case "recurrent" | "cell":
            return name, (*_about_cell(layer), *_merge_of(layer), *_in_order(framework, layer))
    if layer.kind == "conv_lstm" and is_wrapped(framework, layer):
        return WRAPPER, (name, phrase("each way"))
    if layer.kind == "conv_lstm":
        return name, (phrase("both directions"),) if layer.bidirectional else ()
    if layer.kind == "step":
        return phrase("each step alone"), ()
    if layer.has_own_cell:
        return phrase("own cell"), ()
    if layer.kind == "other":
        return (phrase("operations"), phrase("unknown"))[layer.parameters != 0], ()
    if layer.kind == "elsewhere":
        return phrase("from elsewhere"), ()
    return name, ()


def _about_cell(layer: Layer) -> Iterator[str]:
    yield _units(layer.num_units)
    if layer.num_layers != 1:
        yield phrase("{n} layers", n=size_text(layer.num_layers))
    if layer.bidirectional:
        yield phrase("both directions")
    if layer.peepholes:
        yield phrase("peepholes")


def _merge_of(layer: Layer) -> tuple[str, ...]:
    """How a layer merges its directions, if not side by side."""
    return (f"merge_mode={layer.merge_mode}",) if layer.bidirectional and layer.merge_mode != MERGES[0] else ()


def _in_order(framework: Framework, layer: Layer) -> Iterator[str]:
    """In which order a layer computes and returns the steps, if not as usual, and where a GRU resets."""
    if _reverses(layer, framework):
        yield phrase("steps reversed")
    elif layer.go_backwards:
        yield phrase("runs backwards")
    if layer.kind == "gru" and _has_both_resets(framework):
        if cell_id(framework, layer) == "gru":
            yield phrase("resets before")
        elif layer.reset_after:
            yield phrase("resets after")


@cache
def _has_both_resets(framework: Framework) -> bool:
    """Whether a framework has a GRU that resets before the product and one that resets after it."""
    variants = (Layer("gru", num_units=1, reset_after=after) for after in (False, True))
    return all(model_of(framework, variant, 1) for variant in variants)


def _units(n: int | None) -> str:
    return phrase("? units") if n is None else plural("{n:,} unit", "{n:,} units", n)


def size_text(n: int | None) -> str:
    """A size in words; ``?`` if it is not known."""
    return "?" if n is None else phrase("{n:,}", n=n)


def chain_scene(
    layers: Sequence[NamedLayer],
    input: Shape,
    framework: Framework,
    *,
    selected: int | None,
    time_major: bool,
    format: Format,
    notation: Notation,
    knows_input: bool,
    knows_output: bool,
    takes_ids: bool,
) -> ChainScene:
    """The scene of the layers of a chain. Over ``FEW`` layers, equal neighbours are drawn as one, and over ``MOST``
    some of the others, too. ``knows_input`` and ``knows_output``: see ``ChainScene``."""
    drawn = [_drawn(layers, n, framework) for n in range(len(layers))]
    if len(drawn) > FEW:
        drawn = list(_folded(drawn, selected))
    if len(drawn) > MOST:
        drawn = list(_shortened(drawn, selected))
    words = phrase("ids") if takes_ids else ""
    return ChainScene(
        tuple(drawn),
        input,
        layer_count(framework, [one.layer for one in layers]),
        words,
        selected,
        time_major,
        format,
        notation=notation,
        knows_input=knows_input,
        knows_output=knows_output,
    )


def picture_of_chain(scene: ChainScene) -> DrawnChain:
    """The picture of a scene."""
    return draw(scene)


def _drawn(layers: Sequence[NamedLayer], n: int, framework: Framework) -> DrawnLayer:
    one, layer = layers[n], layers[n].layer
    above = layers[n + 1] if n + 1 < len(layers) else None
    state = layer.num_units if not layer.num_proj else layer.num_proj
    return DrawnLayer(
        n,
        one.passed,
        one.name,
        one.details,
        one.count,
        note=_note(one, framework),
        says=_says(one, above),
        taken_as=_taken_as(one, above),
        units=state if layer.is_recurrent else None,
        ends_at_first=_ends_at_first(layer),
        joins_ends=joins_ends(layer, framework),
        reverses=_reverses(layer, framework),
    )


def _ends_at_first(layer: Layer) -> bool:
    """Whether what goes on is the output of step 0, which the layer computes last."""
    is_one_way = layer.is_recurrent and layer.go_backwards and not layer.bidirectional
    return is_one_way and not layer.every_step and not layer.states_only


def joins_ends(layer: Layer, framework: Framework) -> bool:
    """Whether what goes on is the last output of each direction: those of the last step and of step 0."""
    is_joined = framework.id == "keras" or layer.joins_ends
    return layer.bidirectional and not layer.every_step and not layer.states_only and is_joined


def _reverses(layer: Layer, framework: Framework) -> bool:
    """Whether a layer returns the steps in the order in which it computes them, from the last to the first."""
    return framework.id == "keras" and layer.is_recurrent and layer.go_backwards and layer.every_step


def _note(one: NamedLayer, framework: Framework) -> tuple[str, ...]:
    """Why fewer steps go on than come in."""
    layer, passed = one.layer, one.passed
    if passed.returns and layer.kind in WITHOUT_STEPS and _becomes_vector(passed):
        return (phrase("all places become one vector"),)
    if not one.passed.returns or not has_time(passed.input) or has_time(passed.output):
        return ()
    is_recurrent = layer.family == "recurrent" or layer.kind == "conv_lstm"
    if not is_recurrent:  # of an unknown layer it is not known whether it got the steps at all
        is_vector = layer.kind in WITHOUT_STEPS and len(passed.output) == VECTOR
        return (phrase("all steps become one vector"),) if is_vector else ()
    if layer.states_only:
        return (phrase("only the last states go on"),)
    code = ("return_sequences=False",) if framework.id == "keras" else ()
    if joins_ends(layer, framework):
        return (phrase("both last outputs go on"), *code)
    if framework.id == "pytorch":  # output[:, -1], h_n, a mean: the text does not say which
        return (phrase("one vector for each sample goes on"),)
    if _ends_at_first(layer):
        return (phrase("only step 0 goes on"),)
    return (phrase("only the last step goes on"), *code)


def _becomes_vector(passed: Passed) -> bool:
    """Whether a picture that is no part of a sequence becomes a vector."""
    count = axis_count(passed.input)
    is_picture = count is not None and count >= PICTURE and not has_time(passed.input)
    return is_picture and axis_count(passed.output) == VECTOR


def _says(one: NamedLayer, above: NamedLayer | None) -> str:
    """Who says the size of an output that its own layer does not say."""
    if one.layer.kind not in GAPS or above is None or not says_features(above):
        return ""
    return phrase("as {name} says", name=above.name)


def says_features(named: NamedLayer) -> bool:
    """Whether a layer says the length of what it gets."""
    is_certain = named.layer.family in ("dense", "recurrent", "cell")
    return is_certain and named.passed.input[-1].value is not None


def _taken_as(one: NamedLayer, above: NamedLayer | None) -> tuple[str, str] | None:
    """What the next layer calls the last axis of an output, where that is another name."""
    last = one.passed.output[-1]
    if above is None or not one.passed.returns or not above.passed.returns or last.number is None:
        return None
    if above.layer.is_recurrent and last.name != "features":
        return phrase("= {n} features", n=last.number), "features"
    if above.layer.family == "dense" and last.name not in ("", "features"):
        return phrase("= {n} inputs", n=last.number), "muted"
    return None


def _folded(drawn: Sequence[DrawnLayer], selected: int | None) -> Iterator[DrawnLayer]:
    """Equal neighbours as one; the selected one stays."""

    def key(one: DrawnLayer) -> tuple[object, ...]:
        passed = one.passed
        shapes = numbers(passed.input), numbers(passed.output)
        return passed.layer, shapes, passed.misfit, passed.reached, one.part == selected

    for _, group in groupby(drawn, key):
        equal = list(group)
        if len(equal) < 3:
            yield from equal
            continue
        details = (*equal[0].details, phrase("{n:,} times the same", n=len(equal)))
        yield replace(
            equal[0],
            details=details,
            note=equal[-1].note,
            says=equal[-1].says,
            taken_as=equal[-1].taken_as,
            times=len(equal),
        )


def _shortened(drawn: Sequence[DrawnLayer], selected: int | None) -> Iterator[DrawnLayer]:
    """The layers at both ends and around the selected one. The others are drawn as one between them."""
    here = next((n for n, one in enumerate(drawn) if one.part == selected), 0)
    shown = {*range(ENDS), *range(len(drawn) - ENDS, len(drawn)), *range(here - AROUND, here + AROUND + 1)}
    for is_shown, group in groupby(enumerate(drawn), lambda entry: entry[0] in shown):
        layers = [layer for _, layer in group]
        if is_shown or len(layers) == 1:
            yield from layers
        else:
            yield _together(layers)


def _together(layers: Sequence[DrawnLayer]) -> DrawnLayer:
    """Several layers as one: what the first gets, and what the last returns."""
    first, last = layers[0].passed, layers[-1].passed
    count = sum(layer.times for layer in layers)
    counts = [layer.count and layer.count.value for layer in layers]
    known = sum(value * layer.times for layer in layers if (value := layer.count and layer.count.value))
    is_wrong = any(layer.passed.misfit for layer in layers)
    passed = Passed(Layer("reshape"), first.input, last.output, None, first.reached and not is_wrong)
    return DrawnLayer(
        layers[0].part,
        passed,
        phrase("{n:,} more layers", n=count),
        (),
        Count(
            None if None in counts else known,
            is_least=any(layer.count and layer.count.is_least for layer in layers),
        ),
        says=layers[-1].says,
        taken_as=layers[-1].taken_as,
        times=count,
    )
