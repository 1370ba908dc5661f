"""The picture of a UrlState, drawn from our equations with the names of the chosen framework."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from ..core.axes import Axes, Sizes
from ..diagram.array_names import NamedArray, Naming, our_naming
from ..diagram.block_matrix import Matrix
from ..diagram.diagram_error import tensor_of
from ..diagram.elements import Picture
from ..diagram.layer_names import before_step, from_layer, to_layer
from ..diagram.scene import Scene
from ..diagram.training_scene import NOT_TRAINED, TrainingScene
from ..diagram.transforms.relabeling import in_language, without_shapes
from ..diagram.views import COMPOSITIONS, VIEWS
from ..frameworks import OURS
from ..frameworks.arrays import IOArray
from ..frameworks.last_output import last_output
from ..size_expressions import Expression
from ..translations.phrases import phrase
from ..translations.translator import ENGLISH, Translator
from ..url_state.field_types import NONE
from ..url_state.sample_text import SAMPLE
from ..url_state.url_state import UrlState
from .training.cached_trainings import trained_network
from .training.training_request_of_state import example_of, schedule_of
from .training.training_scene_of_state import beliefs_of, course_of, training_scene
from .weight_arrays import arrays


def picture_of(
    state: UrlState, format: str = "", translate: Translator = ENGLISH, arrays: bool | None = None
) -> Picture:
    """Draw the picture, by default in the format of the UrlState, and with the arrays of the run as the UrlState
    says."""
    arrays = state.view in COMPOSITIONS and (state.arrays if arrays is None else arrays)
    picture = in_language(_draw(state, format or state.format, arrays), translate)
    return without_shapes(picture) if state.labels == "hidden" else picture


def size_of(state: UrlState, format: str) -> tuple[float, float]:
    """The width and height of the picture. If only the arrays of the run could change it, nothing is drawn."""
    composition = COMPOSITIONS.get(state.view)
    picture = composition(scene(state, format, state.arrays)).picture("") if composition else picture_of(state, format)
    return picture.width, picture.height


@lru_cache(8)
def _draw(state: UrlState, format: str, arrays: bool) -> Picture:
    """Draw the picture in English. It is cached, because a page uses one of the formats several times."""
    return VIEWS[state.view](scene(state, format, arrays))


def scene(state: UrlState, format: str, arrays: bool = True) -> Scene:
    """The scene that a UrlState describes."""
    return Scene(
        program=state.program,
        sizes=state.sizes,
        t=state.t,
        labels=state.labels,
        notation=state.size_notation,
        format=format,
        arrays=arrays,
        is_reversed=state.is_reversed,
        naming=naming(state),
        until=state.tensor if state.stepping else "",
        opened=state.tensor if state.equations else "",
        sample=state.followed,
        unit=state.unit,
        poked=None if state.poke == NONE else (state.poke, state.component),
        place=state.place,
        objective=state.shown_model.objective,
        matrices=matrices(state),
        training=training_of(state),
    )


def training_of(state: UrlState) -> TrainingScene:
    """What was trained: of a trained network its epochs, and what it believes about the sample that is followed. The
    picture for other sizes has the learning curve, since no formula says what they learn."""
    if state.view != "training":
        return NOT_TRAINED
    shown = training_scene(state.stack, state.task, state.text or SAMPLE, schedule_of(state))
    if not state.trained or isinstance(state.num_units, Expression):
        return shown
    trained = trained_network(state)
    return replace(
        shown,
        course=course_of(trained.epochs, state.epochs, state.task),
        beliefs=beliefs_of(trained, example_of(state, trained.training)),
    )


@lru_cache(16)
def matrices(state: UrlState) -> tuple[Matrix, ...]:
    """The weight arrays that the picture shows, in the layout of the framework."""
    return tuple(arrays(state.shown_model, state.place)) if state.view == "weights" else ()


def sizes(state: UrlState) -> Sizes:
    """The size of each axis by its name, with the axes that only the framework's arrays have."""
    return state.shown_model.sizes


@lru_cache(256)
def shown_arrays(state: UrlState, tensor: str) -> tuple[NamedArray, ...]:
    """The arrays that represent a tensor in the picture, with the axes that it shows: those of the framework, or the
    tensor itself if the framework has none. Questions about a shape are judged by them."""
    named = (naming(state) or our_naming(state.program)).arrays
    matrix_arrays = _merged(NamedArray(m.name, m.axes, tensor) for m in matrices(state) if tensor in m.tensors)
    own = NamedArray(tensor, tensor_of(state.program, tensor).axes, tensor)
    return (*(array for array in named if array.tensor == tensor), *matrix_arrays) or (own,)


@lru_cache(16)
def naming(state: UrlState) -> Naming | None:
    """The framework's names of the gates and arrays of the cell in focus. None for a single cell in our own framework,
    whose names the picture has already."""
    stack, model = state.stack, state.shown_model
    if model.framework is OURS and len(stack.places) == 1:
        return None
    arrays = _merged(array for array in model.outputs if state.place in array.places)
    last, use = Naming.last, last_output(model, state.direction)
    between = *model.input.axes[:2], stack.output  # the axes between layers have the order of the input
    if state.layer + 1 < stack.num_layers:
        arrays.append(NamedArray(to_layer(state.layer + 1), between, "Y", is_code=False))
        last, use = phrase("last h"), None
    if state.layer:
        arrays.append(NamedArray(from_layer(state.layer - 1), between, "X", is_code=False))
    else:
        arrays += _merged([model.input])
    last_use = (use.words, use.code) if use else (last, "")
    place = before_step(state.place, stack) if len(stack.places) > 1 else ""
    return Naming(tuple(arrays), model.layout.letters, model.sizes, last, last_use, _initial_states(state), place)


def _initial_states(state: UrlState) -> dict[str, str]:
    """The framework's names of the states before the first step of the cell in focus, by our names."""
    if state.shown_model.framework is OURS:
        return {}
    arrays = (array for array in state.shown_model.initial_states if state.place in array.places)
    return {array.tensor.removesuffix("_prev"): array.name for array in arrays}


def _merged(arrays: Iterable[IOArray | NamedArray]) -> list[NamedArray]:
    """Merge arrays that represent the same tensor with the same axes into one."""
    groups: dict[tuple[str, Axes], list[str]] = {}
    for array in arrays:
        groups.setdefault((array.tensor, array.axes), []).append(array.name)
    return [NamedArray(", ".join(names), axes, tensor) for (tensor, axes), names in groups.items()]
