"""What is certain about a value that is one of two, as after a branch."""

from .interpreter_limits import MOST_OPTIONS
from .values import (
    ANY,
    INTEGER,
    OTHER,
    UNKNOWN,
    Axes,
    Choice,
    Config,
    Constant,
    Layer,
    Reference,
    Tensor,
    Tuple,
    Unknown,
    Value,
)


def joined_axes(one: Axes, another: Axes) -> Axes:
    """What is certain about axes that are the one or the other."""
    if len(one) == len(another) and ANY not in (one[:1] + another[:1]):
        return tuple(a if a == b else None for a, b in zip(one, another, strict=True))
    last = one[-1] if one and another and one[-1] == another[-1] and one[-1] != ANY else None
    return (ANY,) if last is None else (ANY, last)


def joined(one: Value, another: Value) -> Value:
    """What is certain about a value that is the one or the other."""
    if one is another or one == another:
        return INTEGER if isinstance(one, Unknown) and one.axis != another.axis else one  # type: ignore[attr-defined]
    match one, another:
        case Layer(), Layer() if len(one.options) + len(another.options) < MOST_OPTIONS:
            return joined_layer(one, another)
        case ((Reference() | Choice()), (Reference() | Choice() | Constant(None))):
            options = tuple(dict.fromkeys((*_options(one), *_options(another))))
            return Choice(options) if len(options) <= MOST_OPTIONS else UNKNOWN
        case Constant(None), (Reference() | Choice()):
            return joined(another, one)
        case Tensor(axes), Tensor(others):
            return Tensor(joined_axes(axes, others))
        case Tuple(items), Tuple(others) if len(items) == len(others):
            return Tuple(tuple(map(joined, items, others)))
        case ((Constant(int()) | Unknown(True)), (Constant(int()) | Unknown(True))):
            return INTEGER
    return UNKNOWN


def _options(value: Reference | Choice | Constant) -> tuple[Constant | Reference, ...]:
    return value.options if isinstance(value, Choice) else (value,)


def joined_config(one: Config, another: Config) -> Config:
    """What is certain about the settings of a layer that is the one or the other."""
    return {name: v if v == another[name] else UNKNOWN for name, v in one.items() if name in another}


def joined_layer(one: Layer, another: Layer) -> Layer:
    """A layer that is the one or the other: of kind ``other`` if their kinds differ."""
    is_alike = (one.kind, one.framework, one.config) == (another.kind, another.framework, another.config)

    def takes(layer: Layer, axes: Axes) -> Axes:
        read = joined_axes(one.takes(one, axes), another.takes(another, axes))
        layer.config = joined_config(one.config, another.config)
        return read

    return Layer(
        kind=one.kind if one.kind == another.kind else OTHER,
        framework=one.framework,
        config=joined_config(one.config, another.config),
        line=one.line,
        call=lambda layer, axes: joined(one.call(one, axes), another.call(another, axes)),
        takes=takes,
        name=one.name if one.name == another.name else None,
        is_exact=is_alike and one.is_exact and another.is_exact,
        options=(*(one.options or (one,)), *(another.options or (another,))),
    )
