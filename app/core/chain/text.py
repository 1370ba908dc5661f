"""The text of a chain: kinds and sizes, ``embedding(10000,128).lstm(64,bi,seq).dense(10)``.

Layers follow each other with a point between them. In brackets are their sizes, with ``?`` for one that is not known,
and their switches. ``parse_chain`` and ``chain_text`` are inverse.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from ...translations.phrases import joined_with_or, phrase
from .chain import Chain
from .layer import KINDS, MERGES, TIME, AxisSize, Layer

UNKNOWN = "?"
INPUT = "input"

LARGEST = 2**31 - 1
"""A size is at most as large."""

MOST_STACKED = 1000
"""Stacked layers of a recurrent layer."""

SWITCHES = {
    "bi": "bidirectional",
    "seq": "every_step",
    "back": "go_backwards",
    "before": "reset_after",
    "nobias": "bias",
}
"""The words of switches. The last two turn theirs off, as their layers have them on by default."""

NUMBERS = {"layers": "num_layers", "proj": "num_proj"}
"""The sizes with a name: ``layers=2``."""

OFF = ("before", "nobias")

ALLOWED: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "embedding": (2, 2, ()),
    "recurrent": (1, 2, ("bi", *MERGES[1:], "seq", "back", "nobias")),
    "cell": (1, 2, ("nobias",)),
    "dense": (1, 2, ("nobias",)),
    "same": (0, 0, ()),
    "axes": (0, 4, ()),
    "flatten": (0, 0, ()),
    "repeat": (1, 1, ()),
}
"""By family of kinds: the least and the largest number of sizes, and the switches."""

EXAMPLES = {
    "embedding": "embedding(10000,128)",
    "recurrent": "lstm(64,bi,seq)",
    "cell": "lstm_cell(128,64)",
    "dense": "dense(10)",
    "same": "dropout",
    "axes": "convolution(t,64)",
    "flatten": "flatten",
    "repeat": "repeat(10)",
}

_LAYER = re.compile(r"([A-Za-z0-9_]+)(?:\(([^()]*)\))?")


class ChainError(ValueError):
    """A text that is not a chain."""


def chain_text(chain: Chain) -> str:
    """The text of a chain."""
    first = [_call(INPUT, map(_written, chain.input))] if chain.input is not None else []
    return ".".join(first + [layer_text(layer) for layer in chain.layers])


def _call(name: str, arguments: Iterator[str]) -> str:
    return f"{name}({','.join(arguments)})"


def layer_text(layer: Layer) -> str:
    """The text of one layer."""
    arguments = list(_arguments(layer))
    if not arguments and not (layer.family == "axes" and layer.axes is not None):
        return layer.kind
    return _call(layer.kind, iter(arguments))


def _arguments(layer: Layer) -> Iterator[str]:
    match layer.family:
        case "axes":
            yield from map(_written, layer.axes or ())
        case "embedding":
            yield from (_written(layer.features), _written(layer.num_units))
        case "recurrent" | "cell" | "dense" | "repeat":
            if layer.features is not None:
                yield str(layer.features)
            yield _written(layer.num_units)
    for word, name in SWITCHES.items():
        if getattr(layer, name) != (word in OFF):
            yield word
        if word == "bi" and layer.merge_mode != MERGES[0]:
            yield layer.merge_mode
    if layer.num_layers != 1:
        yield f"layers={_written(layer.num_layers)}"
    if layer.num_proj != 0:
        yield f"proj={_written(layer.num_proj)}"


def _written(size: AxisSize) -> str:
    return UNKNOWN if size is None else str(size)


def parse_chain(text: str) -> Chain:
    """Parse a text. Raises ChainError, which names the layer and what would fit."""
    pieces = "".join(text.split()).split(".")
    input: tuple[AxisSize, ...] | None = None
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
        arguments = match[2].split(",") if match[2] else []
        if match[1] == INPUT:
            if n:
                raise ChainError(phrase("input can only be the first; remove it, or write it before the layers"))
            input = tuple(_axis(piece, argument) for argument in arguments)
        else:
            layers.append(_layer(match[1], piece, arguments, has_brackets=match[2] is not None))
    if not layers:
        raise ChainError(phrase("A model needs a layer after its input, such as {example}", example="lstm(64)"))
    return Chain(tuple(layers), input)


def _layer(kind: str, piece: str, arguments: list[str], has_brackets: bool) -> Layer:
    if kind not in KINDS:
        near = get_close_matches(kind, KINDS, 1)
        raise ChainError(
            phrase(
                "“{kind}” is not a kind of layer; write {kinds}", kind=kind[:40], kinds=joined_with_or(near or KINDS)
            )
        )
    family = KINDS[kind]
    fewest, most, switches = ALLOWED[family]
    if family == "axes":
        _check(kind, piece, len(arguments), fewest, most)
        return Layer(kind, axes=tuple(_axis(piece, argument) for argument in arguments) if has_brackets else None)
    sizes, values = list[int | None](), dict[str, object]()
    for argument in arguments:
        name, equals, number = argument.partition("=")
        if name in (*switches, *(("before",) if kind == "gru" else ())) and not equals:
            named = "merge_mode" if name in MERGES else SWITCHES[name]
            value: object = name if name in MERGES else name not in OFF
        elif equals and name in NUMBERS and family == "recurrent" and (name != "proj" or kind == "lstm"):
            named, value = NUMBERS[name], _size(piece, number, MOST_STACKED if name == "layers" else LARGEST)
        elif values or equals or argument.isalpha():
            words = [
                *switches,
                *(("before",) if kind == "gru" else ()),
                *(f"{n}=2" for n in NUMBERS if switches[:1] == ("bi",)),
            ]
            raise ChainError(
                phrase(
                    "“{piece}”: {kind} has no “{word}”; it may have {words}",
                    piece=piece[:40],
                    kind=kind,
                    word=argument[:20],
                    words=joined_with_or(words),
                )
                if words
                else phrase(
                    "“{piece}”: {kind} has no “{word}”; write {example}",
                    piece=piece[:40],
                    kind=kind,
                    word=argument[:20],
                    example=EXAMPLES[family],
                )
            )
        else:
            sizes.append(_size(piece, argument))
            continue
        if named in values:
            raise ChainError(phrase("“{piece}”: “{word}” appears twice; write it once", piece=piece[:40], word=name))
        values[named] = value
    if values.get("merge_mode") and not values.get("bidirectional"):
        raise ChainError(
            phrase(
                "“{piece}”: only two directions are merged; add bi, or remove {word}",
                piece=piece[:40],
                word=str(values["merge_mode"]),
            )
        )
    _check(kind, piece, len(sizes), fewest, most)
    features, num_units = (*[None] * (2 - len(sizes)), *sizes)[:2]
    return Layer(kind, features, num_units, **values)  # type: ignore[arg-type]


def _check(kind: str, piece: str, count: int, fewest: int, most: int) -> None:
    if not fewest <= count <= most:
        example = EXAMPLES[KINDS[kind]]
        raise ChainError(
            phrase(
                "“{piece}”: {kind} has {n} sizes; write it like {example}",
                piece=piece[:40],
                kind=kind,
                n=count,
                example=example,
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
