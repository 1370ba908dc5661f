"""The text of a chain: kinds and sizes, ``embedding(10000,128).lstm(64,bi,seq).dense(10)``.

Layers follow each other with a point between them. In brackets are their sizes, with ``?`` for one that is not known,
and their switches. ``parse_chain`` and ``chain_text`` are inverse.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from ...translations.phrases import joined_with_or, phrase
from .chain import Chain
from .layer import GAPS, KINDS, MERGES, TIME, WITH_OTHER_ARGUMENTS, AxisSize, Layer

UNKNOWN = "?"
CHANNELS = "channels"
INPUT = "input"
OUTPUT = "output"
OTHERS = "others"
ONE = "one"
TURNED = "turned"
ENDS = "ends"
STATES = "states"
APART = "apart"
MAYBE_BIAS = "maybebias"

UNORDERED = "unordered"
"""The first word of a chain whose source does not say how its layers are connected."""

LARGEST = 2**31 - 1
"""A size is at most as large."""

MOST_STACKED = 1000
"""Stacked layers of a recurrent layer."""

MOST_AXES = 4
"""Axes after the batch."""

OPERATIONS = ("gemm", "matmul")
"""The products of dense layers in ONNX."""

WORDS: dict[str, tuple[str, bool | str | None]] = {
    "bi": ("bidirectional", True),
    **{merge: ("merge_mode", merge) for merge in MERGES[1:]},
    "seq": ("every_step", True),
    ENDS: ("joins_ends", True),
    STATES: ("states_only", True),
    APART: ("directions_apart", True),
    "back": ("go_backwards", True),
    "before": ("reset_after", False),
    "after": ("reset_after", True),
    "nobias": ("bias", False),
    MAYBE_BIAS: ("bias", None),
    "peepholes": ("peepholes", True),
    "own": ("has_own_settings", True),
    CHANNELS: ("channels_first", True),
    ONE: ("of_one", True),
    OTHERS: ("gets_others", True),
    TURNED: ("has_transpose", True),
    **{word: ("operation", word) for word in OPERATIONS},
}
"""The words of switches that do not have their defaults: the field of a layer, and its value."""

PARAMETERS = "params"

OF_CALLS = {"runs": "runs", "batch": "batch"}
"""The numbers of a recorded call, which layers of any kind can have."""

NUMBERS = {"layers": "num_layers", "proj": "num_proj", PARAMETERS: "parameters", **OF_CALLS}
"""The sizes with a name: ``layers=2``."""

SIZES = {
    "embedding": (2, 2),
    "recurrent": (1, 2),
    "cell": (1, 2),
    "dense": (1, 2),
    "same": (0, 0),
    "axes": (1, MOST_AXES),
    "flatten": (0, 0),
    "repeat": (1, 1),
    "transpose": (0, MOST_AXES),
    "step": (0, 0),
}
"""By family of kinds, the least and the largest number of sizes."""

EXAMPLES = {
    "embedding": "embedding(10000,128)",
    "recurrent": "lstm(64,bi,seq)",
    "cell": "lstm_cell(128,64)",
    "dense": "dense(10)",
    "same": "dropout",
    "axes": "convolution(t,64)",
    "flatten": "flatten",
    "repeat": "repeat(10)",
    "transpose": "transpose",
    "step": "step",
}

_SIZE = re.compile(r"-?[0-9.]+|\?")
"""What is meant as a size, even if it is not a valid one."""

_LAYER = re.compile(r"([A-Za-z0-9_]+)(?:\(([^()]*)\))?")


class ChainError(ValueError):
    """A text that is not a chain."""


def chain_text(chain: Chain) -> str:
    """The text of a chain."""
    first = [] if chain.is_ordered else [UNORDERED]
    if chain.input is not None:
        first.append(_call(INPUT, map(_written, chain.input)))
    last = [OUTPUT if axes is None else _call(OUTPUT, map(_written, axes)) for axes in chain.outputs]
    return ".".join([*first, *map(layer_text, chain.layers), *last])


def _call(name: str, arguments: Iterator[str]) -> str:
    return f"{name}({','.join(arguments)})"


def layer_text(layer: Layer) -> str:
    """The text of one layer."""
    arguments = list(_arguments(layer))
    if not arguments:
        return layer.kind
    return _call(layer.kind, iter(arguments))


def _arguments(layer: Layer) -> Iterator[str]:
    match layer.family:
        case "axes":
            yield from map(_written, layer.axes or ())
        case "transpose":
            yield from map(str, layer.order)
        case "embedding":
            yield from (_written(layer.features), _written(layer.num_units))
        case "recurrent" | "cell" | "dense" | "repeat":
            if layer.features is not None:
                yield str(layer.features)
            yield _written(layer.num_units)
    yield from (word for word, (field, value) in WORDS.items() if getattr(layer, field) == value)
    if layer.num_layers != 1:
        yield f"layers={_written(layer.num_layers)}"
    if layer.num_proj != 0:
        yield f"proj={_written(layer.num_proj)}"
    if layer.parameters is not None:
        yield f"{PARAMETERS}={layer.parameters}"
    if layer.runs != 1:
        yield f"runs={_written(layer.runs)}"
    if layer.batch != 0:
        yield f"batch={_written(layer.batch)}"


def _written(size: AxisSize) -> str:
    return UNKNOWN if size is None else str(size)


def parse_chain(text: str) -> Chain:
    """Parse a text. Raises ChainError, which names the layer and what would fit."""
    pieces = "".join(text.split()).split(".")
    is_ordered = pieces[0] != UNORDERED
    if not is_ordered:
        del pieces[0]
    input: tuple[AxisSize, ...] | None = None
    outputs = list[tuple[AxisSize, ...] | None]()
    layers = []
    for n, piece in enumerate(pieces):
        match = _LAYER.fullmatch(piece)
        if not match:
            raise ChainError(
                phrase(
                    "“{piece}” is not a layer; write layers such as {example}, with points between them",
                    piece=piece[:40],
                    example="embedding(10000,128).lstm(64)",
                )
            )
        arguments = None if match[2] is None else match[2].split(",")
        if match[1] == OUTPUT:
            outputs.append(None if arguments is None else _axes(OUTPUT, piece, arguments))
        elif outputs:
            raise ChainError(phrase("output can only be the last; remove it, or write it after the layers"))
        elif match[1] != INPUT:
            layers.append(_layer(match[1], piece, arguments))
        elif n:
            raise ChainError(phrase("input can only be the first; remove it, or write it before the layers"))
        else:
            input = _axes(INPUT, piece, arguments or [])
    if not layers:
        raise ChainError(phrase("A model needs a layer after its input, such as {example}", example="lstm(64)"))
    return Chain(tuple(layers), input, is_ordered, tuple(outputs))


def words_of(kind: str) -> tuple[str, ...]:
    """The words that may follow the sizes of a kind of layer: those of switches and of sizes with a name."""
    match KINDS[kind]:
        case "recurrent":
            others = {
                "before": "gru",
                "after": "gru",
                "proj": "lstm",
                "peepholes": "lstm",
                CHANNELS: "",
                PARAMETERS: "",
                **dict.fromkeys((MAYBE_BIAS, *OPERATIONS, ENDS, STATES, APART, ONE, OTHERS, TURNED, *OF_CALLS), ""),
            }
            return tuple(word for word in (*WORDS, *NUMBERS) if others.get(word, kind) == kind)
        case "cell":
            return ("nobias", "own")
        case "dense":
            return ("nobias", PARAMETERS)
        case "axes" if kind == "conv_lstm":
            return ("bi", CHANNELS, PARAMETERS)
        case "axes" if kind == "other":
            return ("own", CHANNELS, PARAMETERS)
        case "axes":
            return (CHANNELS, PARAMETERS) if kind in WITH_OTHER_ARGUMENTS else (CHANNELS,)
        case "same" if kind in WITH_OTHER_ARGUMENTS:
            return (PARAMETERS,)
    return ()


def _layer(kind: str, piece: str, arguments: list[str] | None) -> Layer:
    """A layer; ``arguments`` is None if it has no brackets."""
    if kind not in KINDS:
        near = joined_with_or(get_close_matches(kind, KINDS, 1) or KINDS)
        raise ChainError(phrase("“{kind}” is not a kind of layer; write {kinds}", kind=kind[:40], kinds=near))
    family, sizes, switches = KINDS[kind], list[AxisSize](), dict[str, Any]()
    own = OPERATIONS if family == "dense" else (PARAMETERS,) if family in ("recurrent", "cell", "embedding") else ()
    of_stack = (ENDS, STATES, APART) if family == "recurrent" else ()
    of_table = (ONE,) if family == "embedding" else ()
    of_matrix = (MAYBE_BIAS,) if family in ("recurrent", "cell", "dense") else ()
    of_gap = (TURNED,) if kind in GAPS else ()
    recorded = (*OF_CALLS, OTHERS, *own, *of_stack, *of_table, *of_matrix, *of_gap)  # people need not write them
    for argument in arguments or ():
        word, equals, number = argument.partition("=")
        if word not in (*words_of(kind), *recorded) or bool(equals) != (word in NUMBERS):
            is_axis = family == "axes" and argument == TIME
            if switches or not (is_axis or _SIZE.fullmatch(argument)):
                raise _no_such_word(kind, piece, argument)
            sizes.append(_axis(piece, argument) if is_axis else _size(piece, argument))
            continue
        most = MOST_STACKED if word == "layers" else LARGEST
        field, value = (NUMBERS[word], _named_size(piece, word, number, most)) if equals else WORDS[word]
        if field in switches:
            raise ChainError(phrase("“{piece}”: “{word}” appears twice; write it once", piece=piece[:40], word=word))
        switches[field] = value
    if "merge_mode" in switches and "bidirectional" not in switches:
        message = phrase("“{piece}”: only two directions are merged; add bi", piece=piece[:40])
        raise ChainError(message)
    if (
        family == "axes"
        and not sizes
        and switches.keys()
        <= {"has_own_settings", "bidirectional", "gets_others", "has_transpose", NUMBERS[PARAMETERS], *OF_CALLS}
    ):
        return Layer(kind, **switches)
    _check(kind, piece, len(sizes))
    if family == "axes":
        return Layer(kind, axes=tuple(sizes), **switches)
    if family == "transpose":
        return Layer(kind, order=_order(piece, sizes), **switches)
    features, num_units = (*[None] * (2 - len(sizes)), *(None if size == TIME else size for size in sizes))[:2]
    return Layer(kind, features, num_units, **switches)


def _named_size(piece: str, word: str, size: str, most: int) -> AxisSize:
    """A size with a name; a layer may have no parameters, and run once for each step of the input."""
    if (word, size) == ("runs", TIME):
        return TIME
    return 0 if (word, size) == (PARAMETERS, "0") else _size(piece, size, most)


def _no_such_word(kind: str, piece: str, word: str) -> ChainError:
    words = [f"{word}=2" if word in NUMBERS else word for word in words_of(kind)]
    wanted = joined_with_or(words or [EXAMPLES[KINDS[kind]]])
    return ChainError(
        phrase(
            "“{piece}”: {kind} has no “{word}”; write {wanted}",
            piece=piece[:40],
            kind=kind,
            word=word[:20],
            wanted=wanted,
        )
    )


def _check(kind: str, piece: str, count: int) -> None:
    fewest, most = SIZES[KINDS.get(kind, "axes")]
    if not fewest <= count <= most:
        example = EXAMPLES[KINDS[kind]] if kind in KINDS else "input(t,10)"
        raise ChainError(
            phrase(
                "“{piece}” has another number of sizes than {kind}; write it like {example}",
                piece=piece[:40],
                kind=kind,
                example=example,
            )
        )


def _axes(kind: str, piece: str, arguments: list[str]) -> tuple[AxisSize, ...]:
    """The axes of an input or an output after the batch."""
    _check(kind, piece, len(arguments))
    return tuple(_axis(piece, argument) for argument in arguments)


def _order(piece: str, sizes: Sequence[AxisSize]) -> tuple[int, ...]:
    """The order of the axes of a transposition, which may be left out."""
    order = tuple(size for size in sizes if isinstance(size, int))
    if len(order) == len(sizes) and set(order) == set(range(1, len(sizes) + 1)):
        return order
    raise ChainError(
        phrase(
            "“{piece}”: the numbers of the axes must be 1 to {count}, each once; write it like {example}",
            piece=piece[:40],
            count=max(2, len(sizes)),
            example="transpose(2,1,3)",
        )
    )


def _axis(piece: str, text: str) -> AxisSize:
    return TIME if text == TIME else _size(piece, text)


def _size(piece: str, text: str, largest: int = LARGEST) -> int | None:
    if text == UNKNOWN:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,9}", text, re.ASCII) or int(text) > largest:
        raise ChainError(
            phrase(
                "“{piece}”: a size must be a whole number from 1 to {most:,} or ?, not “{text}”",
                piece=piece[:40],
                most=largest,
                text=text[:20],
            )
        )
    return int(text)
