"""The sizes that the input of a run implies, and those for which the axes of equations have whole sizes."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache
from math import lcm, prod

from ..core.axes import AxisError, OwnSize
from ..equations.cell_from_equations import OWN, cell_of
from ..size_expressions import plain
from ..training.tasks import TASKS
from ..translations.phrases import phrase
from .field_types import Values
from .fields import bounded
from .input_kinds import INPUTS
from .sample_text import SAMPLE

SMALL = 16
"""Below this number all features are tried for a num_units."""

NEAR, MULTIPLES = 32, 8
"""How far from a size another one is tried, and how many multiples of what sizes are divided by at each side."""

LARGEST_STEP = 1_000_000
"""The largest number whose multiples are tried."""

NO_SIZES = phrase("no features and num_units give each axis of the equations a whole size")


def implied_sizes(values: Values) -> dict[str, int]:
    """The sizes that the input implies, and one that the equations tie to another one."""
    implied = sizes_of_input(values)
    if is_tied(values):
        tied = "num_units" if "features" in implied else "features"
        implied[tied] = fitting_sizes(values)[tied]
    return implied


def is_tied(values: Values) -> bool:
    """Whether the equations tie features and num_units to each other."""
    return not {"features", "num_units"}.isdisjoint(own_sizes(values))


def fitting_sizes(values: Values) -> dict[str, int]:
    """features and num_units for which each axis of the equations has a whole size: those of the values, or the
    nearest ones. What the input implies stays the same, and num_units does rather than features."""
    num_units = fitting_units(values)
    return {"features": _fitting_features(values, num_units), "num_units": num_units}


def fitting_units(values: Values) -> int:
    """The num_units that is nearest to that of the values and for which there are features, see ``fitting_sizes``."""
    num_units: int = plain(values["num_units"])
    if not has_own_sizes(values):
        return num_units
    equations, features = values["equations"], sizes_of_input(values).get("features")
    found = (nearest_units(equations, n, features) for n in (num_units, features or SMALL, SMALL))
    return next((n for n in found if n), num_units)


def _fitting_features(values: Values, num_units: int) -> int:
    features: int = sizes_of_input(values).get("features") or plain(values["features"])
    return _nearest_features(values["equations"], num_units, features) if has_own_sizes(values) else features


def has_own_sizes(values: Values) -> bool:
    return bool(own_sizes(values))


def own_sizes(values: Values) -> Mapping[str, OwnSize]:
    """The sizes that the equations declare."""
    return cell_of(values["equations"]).own_sizes if values["cell"] == OWN and values["equations"] else {}


@lru_cache(256)
def nearest_units(equations: str, num_units: int, features: int | None) -> int | None:
    """The nearest num_units for which there are features; None if none was found."""
    near = _nearest_first(num_units, bounded("num_units").high, NEAR)
    multiples = _multiples(num_units, _step(equations), bounded("num_units").high)
    shares = (bounded("features").high // k for k in range(1, SMALL))  # the largest ones, where features are multiples
    return next((n for n in (*near, *multiples, *shares) if _features_for(equations, n, features)), None)


@lru_cache(256)
def _nearest_features(equations: str, num_units: int, features: int) -> int:
    """The features nearest to some number that fit num_units; that number if none do."""
    high = bounded("features").high
    candidates = (*_nearest_first(features, high, NEAR), *_multiples(features, _step(equations), high))
    tied = _features_for(equations, num_units, None)
    return next((m for m in (*candidates, *([tied] if tied else [])) if _fits(equations, m, num_units)), features)


@lru_cache(1024)
def _features_for(equations: str, num_units: int, features: int | None) -> int | None:
    """Some features that fit num_units: the given number, or else one that the equations tie to num_units, a small one
    or a multiple of what sizes are divided by. None if there are none."""
    if features is not None:
        return features if _fits(equations, features, num_units) else None
    own, known = cell_of(equations).own_sizes, {"num_units": num_units}
    for name, size in own.items():
        with suppress(AxisError):  # some follow from features
            known.setdefault(name, size.size(known))
    if "features" in known:
        candidates: tuple[int, ...] = (known["features"],)
    else:
        step, high = _step(equations), bounded("features").high
        parts = [num_units // n for n in range(1, SMALL)] if "num_units" in own else []
        candidates = (*range(1, SMALL), *(m for m in (step, 2 * step) if m <= high), *parts, num_units)
    return next((m for m in candidates if m and _fits(equations, m, num_units)), None)


@lru_cache(256)
def _step(equations: str) -> int:
    """A number whose multiples can be divided by all numbers that sizes are divided by."""
    own, known, step = cell_of(equations).own_sizes, dict[str, int](), 1
    for name, size in own.items():
        with suppress(AxisError):  # others follow from features or num_units
            known[name] = size.size(known)
        divisors = (by if isinstance(by, int) else known.get(by, 1) for by in size.divisors)
        step = lcm(step, min(LARGEST_STEP, prod(divisors)))
    return min(step, LARGEST_STEP)


def _fits(equations: str, features: int, num_units: int) -> bool:
    """Whether each axis has a whole size, and features and num_units are allowed."""
    try:
        sizes = cell_of(equations).sizes({"features": features, "num_units": num_units})
    except AxisError:
        return False
    return all(sizes.values()) and features <= bounded("features").high and num_units <= bounded("num_units").high


def _nearest_first(number: int, high: int, far: int) -> Iterator[int]:
    """The numbers from 1 to ``high``, at most ``far`` away from a number, the nearest first."""
    for distance in range(far + 1):
        for n in dict.fromkeys((number - distance, number + distance)):
            if 1 <= n <= high:
                yield n


def _multiples(number: int, step: int, high: int) -> Iterator[int]:
    """The multiples of a step, the nearest to a number first, a few of them."""
    nearest = round(number / step)
    yield from (n * step for n in _nearest_first(nearest, high // step, MULTIPLES))


def fitting_numbers(values: Values, name: str, numbers: Iterable[int]) -> list[int]:
    """Those numbers that a size can be: for which each axis of the equations has a whole size. The other size may
    follow from it."""
    if name not in ("features", "num_units") or not has_own_sizes(values):
        return [*numbers]
    equations = values["equations"]
    if name == "num_units":
        features = sizes_of_input(values).get("features")
        return [n for n in numbers if _features_for(equations, n, features)]
    return [n for n in numbers if _fits(equations, n, plain(values["num_units"]))]


def can_have_sizes(equations: str) -> bool:
    """Whether there are features and num_units for which each axis has a whole size."""
    cell = cell_of(equations)
    return not (cell.own_sizes or cell.size_rules) or nearest_units(equations, SMALL, None) is not None


def misfit(values: Values) -> str:
    """Why the sizes do not fit the equations, and which would."""
    sizes = {name: values[name] for name in ("features", "num_units")}
    would = ", ".join(f"{name} = {size}" for name, size in fitting_sizes(values).items())
    try:
        cell_of(values["equations"]).sizes(sizes)
    except AxisError as error:
        return phrase("{problem}; use {sizes}", problem=error.args[0], sizes=would)
    return phrase("each axis of the equations needs a size from 1; use {sizes}", sizes=would)


def is_of_training(values: Values) -> bool:
    """Whether the values show a training or a trained network: then the task sets the sizes of the input."""
    return bool(values["trained"] or values["view"] == "training")


def sizes_of_input(values: Values) -> dict[str, int]:
    """The sizes that the input implies, or the task of a training."""
    if is_of_training(values):
        return sizes_of_task(values["task"], values["text"])
    return INPUTS[values["data"]].sizes(values)


def sizes_of_task(task: str, text: str) -> dict[str, int]:
    """What a task reads: the number of steps, and of features at each step. One of the tasks reads a text."""
    sizes = TASKS[task].sizes(text or SAMPLE)
    return {"time_step": sizes["time_step"], "features": sizes["features"]}
