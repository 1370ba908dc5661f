"""The shapes between the layers of a chain, and the numbers of their parameters, are those of the real frameworks.

Every layer is made from the text of a chain alone. The chains have every pair of kinds of layers, with settings such
that every pair of those occurs as well, and random ones; their sizes are 1 or prime.
"""

import re
from itertools import cycle, product
from math import prod
from random import Random
from typing import Any, NamedTuple

import pytest
from chain_layers_of import KERNEL, REAL_LAYERS, RealLayers, Silent
from pairing import covering

from app.core.model.chain import Chain, Count, Passed
from app.core.model.layer import (
    GAPS,
    KINDS,
    MERGES,
    OF_SEVERAL_TENSORS,
    SWAP,
    TIME,
    WITH_OTHER_ARGUMENTS,
    AxisSize,
    Layer,
)
from app.core.model.shapes import REST, Shape, numbers
from app.core.model.text import chain_text, parse_chain, words_of
from app.frameworks import FRAMEWORKS
from app.frameworks.model_layers import parameter_count

SIZES = 1, 2, 3, 5, 7, 11
OF_PICTURES = ("conv_lstm",)

BUILT = [kind for kind in KINDS if kind not in (*GAPS, *OF_SEVERAL_TENSORS, *OF_PICTURES, SWAP)]
"""All kinds that a layer of a framework is made of. Its arrays have the batch first, so nothing swaps that."""
DECLARING = "recurrent", "cell", "dense"
"""The families whose layers may declare the length of their input."""

RANDOM = 150
"""Chains of any kinds, besides one for each pair of kinds."""


class Settings(NamedTuple):
    """The settings of a layer apart from its sizes. ``declares``: the "right" length of its input, a "wrong" one, or
    none; ``merge``: how it merges two directions, if it has two."""

    declares: str
    merge: str
    every_step: bool
    go_backwards: bool
    reset_after: bool | None
    bias: bool
    num_layers: int
    is_projected: bool


def settings(kind: str, is_last: bool) -> list[Settings]:
    """The fewest settings of a kind of layer in which every pair occurs. Only the last layer of a chain declares a
    wrong length: it stops the chain."""
    words, switch = words_of(kind), (False, True)
    declared = ("", "right", "wrong") if is_last else ("", "right")
    return covering(
        [
            Settings(*values)
            for values in product(
                declared if KINDS[kind] in DECLARING else ("",),
                ("", *MERGES) if "bi" in words else ("",),
                switch if "seq" in words else (False,),
                switch if "back" in words else (False,),
                (None, False) if "before" in words else (None,),
                switch if "nobias" in words else (True,),
                (1, 2, 3) if "layers" in words else (1,),
                switch if "proj" in words else (False,),
            )
        ],
        tuple,
    )


def made_layer(kind: str, of: Settings, coming: Shape, random: Random) -> Layer:
    """A layer of a kind after a shape."""
    last, units = coming[-1].number or 1, random.choice(SIZES)
    features = {"right": last, "wrong": last + random.choice(SIZES)}.get(of.declares)
    if coming[-1].number is None:
        features = None
    match kind:
        case "embedding":
            return Layer(kind, random.choice(SIZES), units)
        case "convolution":
            return Layer(kind, axes=(random.choice((TIME, None)), units))
        case "pooling":
            return Layer(kind, axes=(last,))
        case "reshape":  # of a vector to one step, of several axes to a vector
            rest = [size.number or 1 for size in coming[1:]]
            return Layer(kind, axes=(1, *rest) if len(rest) == 1 else (prod(rest),))
        case "repeat":
            return Layer(kind, num_units=units)
    if KINDS[kind] not in DECLARING:
        return Layer(kind)
    if KINDS[kind] != "recurrent":
        return Layer(kind, features, units, bias=of.bias)
    return Layer(
        kind,
        features,
        units + of.is_projected,
        bidirectional=bool(of.merge),
        merge_mode=of.merge or MERGES[0],
        every_step=of.every_step,
        go_backwards=of.go_backwards,
        reset_after=of.reset_after,
        bias=of.bias,
        num_layers=of.num_layers,
        num_proj=units if of.is_projected else 0,  # in PyTorch always fewer than units
    )


def can_follow(kind: str, coming: Shape) -> bool:
    """Whether a chain may have a kind of layer after a shape. The text says what a layer with axes returns, whether or
    not it can take what comes; and no layer returns ids."""
    is_known = all(size.number is not None for size in coming)
    match kind:
        case "embedding":
            return False
        case "convolution":
            return len(coming) == 3 and (coming[1].number or 0) >= KERNEL
        case "pooling" | "step":
            return len(coming) == 3
        case "reshape":
            return is_known
    return True


def made_chain(kinds: list[str], random: Random) -> tuple[str, int, int]:
    """A chain of layers of some kinds, without those that cannot be there, and sizes of its batch and time."""
    batch_size, time_step, features = random.choices(SIZES, k=3)
    first = KINDS[kinds[0]]
    input: tuple[AxisSize, ...] | None = (TIME, features)
    if first == "embedding":
        input = None
    elif first == "cell":
        input = (features,)
    elif first == "dense":
        input = random.choice([(features,), (TIME, features), (2, 3, features)])
    layers: list[Layer] = []
    for n, kind in enumerate(kinds):
        choices = CHOICES[kind, n == len(kinds) - 1]
        *_, last = Chain((*layers, Layer("dropout")), input).passed(batch_size, time_step)
        if (kind == "embedding" and not layers) or can_follow(kind, last.input):
            layers.append(made_layer(kind, next(choices), last.input, random))
    return chain_text(Chain(tuple(layers), input)), batch_size, time_step


CHOICES = {(kind, last): cycle(settings(kind, last)) for kind in BUILT for last in (False, True)}
"""The settings of each kind in turn, and of one that is the last layer."""


def chains() -> list[tuple[str, int, int]]:
    random = Random(17)
    kinds = [list(pair) for pair in product(BUILT, BUILT)]
    kinds += [random.choices(BUILT, k=random.randint(1, 7)) for _ in range(RANDOM)]
    made = dict.fromkeys(made_chain(some, random) for some in kinds if some != ["embedding"] * len(some))
    return [one for one in made if not re.fullmatch(r"input\([^()]*\)", one[0])]  # a convolution needs enough steps


def real_layers(request: pytest.FixtureRequest, framework: str) -> RealLayers:
    if framework not in request.config.getoption("--frameworks").split(","):
        pytest.skip(f"{framework} is in another environment")
    return REAL_LAYERS[framework]


CHAINS = chains()


@pytest.mark.filterwarnings("ignore:.*does not support masking", "ignore:LSTM with projections")
@pytest.mark.parametrize("framework", REAL_LAYERS)
@pytest.mark.parametrize(("text", "batch_size", "time_step"), CHAINS, ids=lambda value: str(value))
def test_layers_return_the_shapes_and_have_the_parameters_of_the_chain(
    request: pytest.FixtureRequest, framework: str, text: str, batch_size: int, time_step: int
) -> None:
    """A layer that does not fit raises. What is known without half of the sizes is also true."""
    real, chain = real_layers(request, framework), parse_chain(text)
    shape = real_shape(chain.shape_of_input(batch_size, time_step))
    partly_known = parse_chain(with_unknown_sizes(text)).passed(None, None)
    first = chain.layers[0]
    x = real.array(shape, (first.features or 0) if first.kind == "embedding" else 0)
    for passed, partly in zip(chain.passed(batch_size, time_step), partly_known, strict=True):
        if not real.has(passed.layer):
            return
        if passed.misfit:
            assert does_not_fit(real, passed, x)
            return
        call, count = real.layer(passed.layer, tuple(x.shape))
        x = call(x)
        for one in (passed, partly):
            assert_agrees(one, tuple(x.shape), parameter_count(FRAMEWORKS[framework], one), count())
        has_unknown_count = passed.layer.kind in WITH_OTHER_ARGUMENTS or passed.input[-1].number is None
        assert has_unknown_count or parameter_count(FRAMEWORKS[framework], passed).value is not None


def with_unknown_sizes(text: str) -> str:
    """The text of a chain in which every second size is not known."""
    turn = cycle((False, True))
    return re.sub(r"(?<=[(,=])\d+", lambda size: "?" if next(turn) else size[0], text)


def real_shape(shape: Shape) -> tuple[int, ...]:
    return tuple(size.number or 0 for size in shape)


def assert_agrees(passed: Passed, shape: tuple[int, ...], count: Count, parameters: int) -> None:
    """What is known about a layer is true."""
    known = numbers(passed.output)
    assert passed.misfit is None
    if REST not in known:
        assert [size if size is not None else shape[n] for n, size in enumerate(known[: len(shape)])] == list(shape)
        assert len(known) == len(shape)
    if passed.layer.family == "recurrent" and passed.layer.num_layers is None:  # it is not known how many are counted
        assert count.value is None or (count.is_least and count.value <= parameters)
    else:
        assert count.value in (None, parameters)
    assert parameters % (count.factor or 1) == 0


def does_not_fit(real: RealLayers, passed: Passed, x: Any) -> bool:
    try:
        call, _ = real.layer(passed.layer, tuple(x.shape))
        call(x)
    except Silent:
        return passed.misfit is not None and passed.misfit.what == "axes"
    except (RuntimeError, ValueError):  # Keras raises either
        return True
    return False
