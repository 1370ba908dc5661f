"""Text with placeholders: symbols, shapes and sizes come from the program.

Placeholders are in braces: ``{h}`` is the symbol of a tensor, ``{h.shape}`` its shape, ``{h.axes}`` the names of its
axes, ``{h.last}`` its symbol at the last time step; ``{num_units}`` is a size, ``{num_units.name}`` its name;
``{parameters}`` is the number of trainable parameters; any other name is a figure of the page, computed or measured
(trained_accuracies.py). Square brackets choose between words by a number: ``{features} [features:row|rows]``, see
``Translator.inflect``. Backticks mark code, asterisks emphasis.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ..core.axes import TIMES, Sizes, written
from ..core.program import Program
from ..core.stack import Stack
from ..translations.numbers import grouped, subscript
from ..translations.translator import ENGLISH, Translator

Figure = Callable[[Stack], int]
"""Computes a number from the stack in the picture."""

Figures = Mapping[str, Figure | int | str]
"""Figures by name. One that does not depend on the stack is a number, or a text such as 91.4%."""

PROPERTIES = ("symbol", "last", "shape", "axes")
"""The properties of a tensor that a placeholder can name."""


@dataclass(frozen=True)
class Token:
    """A part of a text. Its ``kind`` is words, code, strong or number; or symbol, last, shape or axes, for the tensor
    ``name``; or size or name, for the axis ``name``."""

    kind: str
    text: str = ""
    name: str = ""


class PlaceholderError(ValueError):
    """A placeholder names something that does not exist."""


def tokens(
    text: str, stack: Stack, layer: int = 0, figures: Figures | None = None, translate: Translator = ENGLISH
) -> list[Token]:
    """Split a text into tokens for a stack, in the language of ``translate``. Raises PlaceholderError if a placeholder
    names something that neither the stack nor the figures have."""
    program, sizes, figures = stack.program(layer), stack.sizes, figures or {}
    inflected = translate.inflect(text, lambda name: _count(name, stack, figures))
    return [_token(part, program, stack, sizes, figures) for part in _split(inflected)]


def tensors_in(text: str, program: Program) -> list[str]:
    """The ids of the tensors that a text names, without repetitions."""
    names = (part[1:-1].partition(".")[0] for part in _split(text) if part[0] == "{")
    return list(dict.fromkeys(name for name in names if name in program.by_id))


def plain(tokens: list[Token], stack: Stack, layer: int = 0, translate: Translator = ENGLISH) -> str:
    """Join tokens to plain text, with numbers in the language of ``translate``."""
    return "".join(_plain(token, stack.program(layer), stack.sizes, translate) for token in tokens)


_TOKEN = re.compile(r"(\{[^{}]*\}|`[^`]*`|\*[^*]+\*)")


def _split(text: str) -> Iterator[str]:
    return (part for part in _TOKEN.split(text) if part)


def _token(part: str, program: Program, stack: Stack, sizes: Sizes, figures: Figures) -> Token:
    if part[0] == "`":
        return Token("code", part[1:-1])
    if part[0] == "*" and len(part) > 1:
        return Token("strong", part[1:-1])
    if part[0] != "{":
        return Token("words", part)
    name, _, attribute = part[1:-1].partition(".")
    if name in program.by_id and (attribute or "symbol") in PROPERTIES:
        return Token(attribute or "symbol", name=name)
    if name in sizes and attribute in ("", "name"):
        return Token("name" if attribute else "size", name=name)
    if attribute:
        raise PlaceholderError(
            f"{part} is not there: {name} is no tensor of {stack}, which has {', '.join(program.by_id)}"
        )
    value = _value(name, stack, figures)
    return Token("number", value if isinstance(value, str) else grouped(value))


def _count(name: str, stack: Stack, figures: Figures) -> int:
    """A number that words depend on."""
    value = _value(name, stack, figures)
    if isinstance(value, str):
        raise PlaceholderError(f"words cannot depend on {name}: {value} is no number")
    return value


def _value(name: str, stack: Stack, figures: Figures) -> int | str:
    """The value of a size, a figure or ``parameters``; a figure may replace the latter."""
    if name in stack.sizes:
        return stack.sizes[name]
    counts: Figures = {"parameters": Stack.parameters, **figures}
    if name not in counts:
        known = (*stack.program().by_id, *stack.sizes, *counts)
        raise PlaceholderError(f"{{{name}}} is not there: {stack} and this page have {', '.join(known)}")
    figure = counts[name]
    return figure(stack) if callable(figure) else figure


def _plain(token: Token, program: Program, sizes: Sizes, translate: Translator) -> str:
    match token.kind:
        case "symbol":
            return program.by_id[token.name].symbol
        case "last":
            return program.by_id[token.name].symbol.replace("ₜ", subscript(sizes["time_step"] - 1))
        case "shape":
            return f" {TIMES} ".join(translate(grouped(size)) for size in program.by_id[token.name].shape(sizes))
        case "axes":
            return written(program.by_id[token.name].axes).replace("*", "·")
        case "size":
            return translate(grouped(sizes[token.name]))
        case "number":
            return translate(token.text)
        case "name":
            return token.name
        case _:
            return token.text
