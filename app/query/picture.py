"""The picture of a View, drawn from our equations with the names of the chosen framework."""

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
from ..diagram.training.scene import NOT_TRAINED, TrainingScene
from ..diagram.transforms.relabeling import in_language, without_shapes
from ..diagram.views import COMPOSITIONS, VIEWS
from ..frameworks import OURS
from ..frameworks.inputs_and_outputs import IOArray
from ..frameworks.last_output import last_output
from ..size_expressions import Expression
from ..translations.phrases import phrase
from ..translations.translator import ENGLISH, Translator
from .field_types import NONE
from .sample_text import SAMPLE
from .training.request_of_view import example_of, schedule_of
from .training.results import trained_network
from .training.scene_of_view import beliefs_of, course_of, training_scene
from .view import View
from .weight_arrays import arrays


def picture_of(view: View, format: str = "", translate: Translator = ENGLISH, arrays: bool | None = None) -> Picture:
    """Draw the picture, by default in the format of the View, and with the arrays of the run as the View says."""
    arrays = view.view in COMPOSITIONS and (view.arrays if arrays is None else arrays)
    picture = in_language(_draw(view, format or view.format, arrays), translate)
    return without_shapes(picture) if view.labels == "hidden" else picture


def size_of(view: View, format: str) -> tuple[float, float]:
    """The width and height of the picture. If only the arrays of the run could change it, nothing is drawn."""
    composition = COMPOSITIONS.get(view.view)
    picture = composition(scene(view, format, view.arrays)).picture("") if composition else picture_of(view, format)
    return picture.width, picture.height


@lru_cache(8)
def _draw(view: View, format: str, arrays: bool) -> Picture:
    """Draw the picture in English. It is cached, because a page uses one of the formats several times."""
    return VIEWS[view.view](scene(view, format, arrays))


def scene(view: View, format: str, arrays: bool = True) -> Scene:
    """The scene that a View describes."""
    return Scene(
        program=view.program,
        sizes=view.sizes,
        t=view.t,
        labels=view.labels,
        notation=view.size_notation,
        format=format,
        arrays=arrays,
        is_reversed=view.is_reversed,
        naming=naming(view),
        until=view.tensor if view.stepping else "",
        opened=view.tensor if view.equations else "",
        sample=view.followed,
        unit=view.unit,
        poked=None if view.poke == NONE else (view.poke, view.component),
        place=view.place,
        objective=view.shown_model.objective,
        matrices=matrices(view),
        training=training_of(view),
    )


def training_of(view: View) -> TrainingScene:
    """What was trained: of a trained network its epochs, and what it believes about the sample that is followed. The
    picture for other sizes has the learning curve, since no formula says what they learn."""
    if view.view != "training":
        return NOT_TRAINED
    shown = training_scene(view.stack, view.task, view.text or SAMPLE, schedule_of(view))
    if not view.trained or isinstance(view.num_units, Expression):
        return shown
    trained = trained_network(view)
    return replace(
        shown,
        course=course_of(trained.epochs, view.epochs, view.task),
        beliefs=beliefs_of(trained, example_of(view, trained.training)),
    )


@lru_cache(16)
def matrices(view: View) -> tuple[Matrix, ...]:
    """The weight arrays that the picture shows, in the layout of the framework."""
    return tuple(arrays(view.shown_model, view.place)) if view.view == "weights" else ()


def sizes(view: View) -> Sizes:
    """The size of each axis by its name, with the axes that only the framework's arrays have."""
    return view.shown_model.sizes


@lru_cache(256)
def shown_arrays(view: View, tensor: str) -> tuple[NamedArray, ...]:
    """The arrays that represent a tensor in the picture, with the axes that it shows: those of the framework, or the
    tensor itself if the framework has none. Questions about a shape are judged by them."""
    named = (naming(view) or our_naming(view.program)).arrays
    matrix_arrays = _merged(NamedArray(m.name, m.axes, tensor) for m in matrices(view) if tensor in m.tensors)
    own = NamedArray(tensor, tensor_of(view.program, tensor).axes, tensor)
    return (*(array for array in named if array.tensor == tensor), *matrix_arrays) or (own,)


@lru_cache(16)
def naming(view: View) -> Naming | None:
    """The framework's names of the gates and arrays of the cell in focus. None for a single cell in our own framework,
    whose names the picture has already."""
    stack, model = view.stack, view.shown_model
    if model.framework is OURS and len(stack.places) == 1:
        return None
    arrays = _merged(array for array in model.outputs if view.place in array.places)
    last, use = Naming.last, last_output(model, view.direction)
    between = *model.input.axes[:2], stack.output  # the axes between layers have the order of the input
    if view.layer + 1 < stack.num_layers:
        arrays.append(NamedArray(to_layer(view.layer + 1), between, "Y", is_code=False))
        last, use = phrase("last h"), None
    if view.layer:
        arrays.append(NamedArray(from_layer(view.layer - 1), between, "X", is_code=False))
    else:
        arrays += _merged([model.input])
    last_use = (use.words, use.code) if use else (last, "")
    place = before_step(view.place, stack) if len(stack.places) > 1 else ""
    return Naming(tuple(arrays), model.layout.letters, model.sizes, last, last_use, _initial_states(view), place)


def _initial_states(view: View) -> dict[str, str]:
    """The framework's names of the states before the first step of the cell in focus, by our names."""
    if view.shown_model.framework is OURS:
        return {}
    arrays = (array for array in view.shown_model.initial_states if view.place in array.places)
    return {array.tensor.removesuffix("_prev"): array.name for array in arrays}


def _merged(arrays: Iterable[IOArray | NamedArray]) -> list[NamedArray]:
    """Merge arrays that represent the same tensor with the same axes into one."""
    groups: dict[tuple[str, Axes], list[str]] = {}
    for array in arrays:
        groups.setdefault((array.tensor, array.axes), []).append(array.name)
    return [NamedArray(", ".join(names), axes, tensor) for (tensor, axes), names in groups.items()]
