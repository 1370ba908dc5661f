"""What ``unrolled.explain`` shows of a shape error: a sentence, both shapes, the picture and the likely causes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape

from ..core.axis_names import axis_name
from ..diagram.transforms.relabeling import in_language
from ..reading.errors.causes_by_numbers import decision
from ..reading.errors.causes_in_programs.causes_by_program import is_general
from ..reading.errors.expected_and_given_shape import Comparison, comparison
from ..reading.errors.explanation import Explanation
from ..reading.errors.mismatch import Cause, Shape
from ..reading.errors.pasted_text import without_spaces
from ..text_table import text_table
from ..translations.phrases import joined_sentences, phrase
from ..translations.translator import ENGLISH, Translator
from ..url_state.state_of_configuration import is_drawn, state_of_error
from ..url_state_to_picture.error_pictures.error_picture import error_picture, picture_of_shapes
from .display import axes_text, drawn, figure, link_below

GENERAL_FORM = phrase("A general form: the names are not those of your program.")
EXPECTED, YOURS, OPEN = phrase("expected"), phrase("yours"), phrase("Open this network")


@dataclass(frozen=True)
class ExplainedError:
    """A shape error. A notebook displays its picture; a terminal prints its text. ``source``: the lines of the program
    that raised it, "" if they are not known."""

    explanation: Explanation
    translate: Translator = ENGLISH
    source: str = ""

    @cached_property
    def shapes(self) -> Comparison | None:
        """Both shapes; None if the message does not say them. It may not say all sizes of the network."""
        shapes, network = comparison(self.explanation), self.explanation.configuration
        if not shapes or not network:
            return shapes
        sizes = [getattr(network, axis, None) if axis else None for axis in shapes.axes]
        shapes = replace(shapes, expected=_filled(shapes.expected, sizes))
        if self.explanation.mismatch.tensor != "x" or shapes.shift != 0:
            return shapes
        equal = [None if n in shapes.differing else size for n, size in enumerate(sizes)]
        return replace(shapes, got=_filled(shapes.got, equal))

    @property
    def sentence(self) -> str:
        """What the message says."""
        return self.translate(joined_sentences(self.explanation.mismatch.sentences))

    @cached_property
    def causes(self) -> tuple[Cause, ...]:
        """The likely causes, the most likely first, without those with the corrected line of one before."""
        causes = decision(self.explanation.mismatch, self.shapes, may_ask=False).causes
        return tuple({cause.fix.partition("  #")[0]: cause for cause in reversed(causes)}.values())[::-1]

    def __repr__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        """The text: the sentence, both shapes, and for each cause the wrong and the corrected line."""
        yield self.sentence
        if self.shapes:
            yield from ("", shapes_text(self.shapes, self.translate))
        for cause in self.causes:
            yield from ("", self.translate(cause.sentence))
            yield from (f"  {sign} {line}" for sign, line in _diff(cause))
            if self._is_general(cause):
                yield f"  {self.translate(GENERAL_FORM)}"

    def _repr_html_(self) -> str:
        shapes, network = self.shapes, self.explanation.configuration
        has_picture = network and is_drawn(self.explanation, network)
        picture = error_picture(self.explanation, network, shapes, self.translate) if network and has_picture else None
        state = state_of_error(self.explanation, network) if network else None
        return figure(
            f'<p class="sentence">{escape(self.sentence)}</p>',
            drawn(in_language(picture_of_shapes(shapes), self.translate) if shapes else None),
            drawn(picture.wide if picture else None),
            *map(self._html_cause, self.causes),
            link_below(self.translate(OPEN), f"/{state.query()}" if state else None),
        )

    def _html_cause(self, cause: Cause) -> str:
        lines = "".join(_html_line(*line) for line in _diff(cause))
        mark = f'<p class="hint">{escape(self.translate(GENERAL_FORM))}</p>' if self._is_general(cause) else ""
        return f"<p>{self.translate(cause.sentence, escape)}</p><pre>{lines}</pre>{mark}"

    def _is_general(self, cause: Cause) -> bool:
        """Whether the program does not have a line that is to be corrected, or not the names of the corrected one."""
        if any(without_spaces(wrong) not in without_spaces(self.source) for wrong, _ in cause.lines):
            return True
        return is_general(self.explanation.found, cause)


def shapes_text(shapes: Comparison, translate: Translator) -> str:
    """Both shapes under one another, with the names of their axes where they can be told."""
    expected, yours = translate(EXPECTED), translate(YOURS)
    if shapes.shift is None:
        return text_table([(expected, axes_text(shapes.expected)), (yours, axes_text(shapes.got))])
    sizes = [["?" if size is None else str(size) for size in shape] for shape in (shapes.expected, shapes.got)]
    rows = [
        ["", *(translate(axis_name(axis or "")) for axis in shapes.axes)],
        [expected, *sizes[0]],
        [yours, *[""] * shapes.shift, *sizes[1]],
        ["", *("≠" if n in shapes.differing else "" for n in range(len(shapes.axes)))],
    ]
    return text_table(rows)


def _filled(shape: Shape, sizes: Sequence[int | None]) -> Shape:
    """A shape with other sizes in place of those that are unknown."""
    return tuple(other if size is None else size for size, other in zip(shape, sizes, strict=True))


def _diff(cause: Cause) -> Iterator[tuple[str, str]]:
    """The wrong and the corrected lines of a cause, each with its sign."""
    for wrong, fix in cause.lines:
        if wrong:
            yield "−", wrong
        yield from (("+", line) for line in fix.split("\n") if line)


def _html_line(sign: str, line: str) -> str:
    return f'<span class="{"added" if sign == "+" else "removed"}">{escape(f"{sign} {line}")}</span>\n'
