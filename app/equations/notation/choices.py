"""Answers to what a text leaves open: each is the text with one line more."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..places_and_errors import with_line
from .cell_language.writer import Writer
from .names.names_of_text import NamesOfText, alternatives
from .parsing.paper_syntax import Apply, Binary, within


@dataclass(frozen=True)
class Choice:
    """An answer: ``text`` is the whole text as typed, with a line that says so."""

    label: str
    text: str


def said_unknown(v: NamesOfText, key: str) -> str:
    """What sentences call a function that is none of ours, or nothing."""
    return v.text.unknown_functions.get(key, "") if key not in v.text.said_functions else ""


def is_beside_input(v: NamesOfText, id: str) -> bool:
    """Whether a name stands before the input: θ x_t."""
    pairs = (e for own in v.computed.values() for e in within(own.value) if isinstance(e, Binary) and e.sign == " ")
    return any(getattr(e.left, "id", "") == id and getattr(e.right, "id", "") == v.input for e in pairs)


def possible_functions(w: Writer, e: Apply, first: str) -> Iterable[str]:
    """The functions that an application could be of, one of them first. A softmax needs a vector wherever the function
    is applied."""
    parts = (part for own in dict.fromkeys(w.v.computed.values()) for part in within(own.value))
    same = [e, *(part for part in parts if isinstance(part, Apply) and part.function == e.function)]
    usual = alternatives(first, of_vector=all(any(w.shapes.terms[id(one.arguments[0])]) for one in same))
    return dict.fromkeys((first, *w.v.text.possible_functions.get("_".join((e.function, *e.index)), ()), *usual))


def with_function(text: str, key: str, function: str) -> Choice:
    return Choice(function, with_line(text, f"{key} = {function}"))


def with_domain(text: str, v: NamesOfText, id: str, sizes: str) -> str:
    """A text with a line that says which sizes a tensor has: none is one number."""
    raised = f"^{{{sizes}}}" if sizes else ""
    return with_line(text, rf"{id}{v.text.step} \in \mathbb{{R}}{raised}")


def line_of(v: NamesOfText, id: str) -> int:
    if id in v.computed:
        return v.computed[id].place.line
    return next(iter(v.computed.values())).place.line
