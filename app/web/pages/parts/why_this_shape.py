"""The explanation of a tensor's shape, line by line, with rectangles."""

from dataclasses import dataclass

from markupsafe import Markup

from ....core.axes import Axes, Sizes
from ....core.program import Tensor
from ....diagram.charts.shape_rectangles import beside, cut, equal, product, repeated
from ....diagram.shape_labels import shape_line
from ....diagram.text_spans import Line
from ....diagram.transforms.relabeling import in_language
from ....teaching.around_picture.sentences import Word, fill_in
from ....teaching.around_picture.why_this_shape import DerivationStep, why
from ....translations.translator import ENGLISH, Translator
from ....url_state.url_state import UrlState
from .formatting import mathematics
from .links_and_accessible_names import as_svg


@dataclass(frozen=True)
class Reason:
    """A line of the explanation: an operand or operation, its shape, what happens to the shape, the shape ``after`` it
    if it changes, and, if two shapes become one, a picture of that."""

    symbol: Markup
    shape: Line | None
    words: list[Word]
    after: Line | None
    tensor: str
    link: str
    picture: Markup | None


def explanation(state: UrlState, t: Tensor, translate: Translator = ENGLISH) -> list[Reason]:
    """The lines that explain the shape of a tensor."""
    reasons, before = list[Reason](), None
    for line in why(state.program, t):
        reasons.append(
            Reason(
                symbol=mathematics(translate(line.symbol), state.t, state.step_sign),
                shape=shape_line(line.axes, state.sizes) if line.axes else None,
                words=fill_in(translate(line.words), state.sizes, translate),
                after=shape_line(line.after, state.sizes) if before not in (None, line.after) else None,
                tensor=line.tensor,
                link=state.query(tensor=line.tensor),
                picture=rectangles(line, before, state.sizes, translate) if before else None,
            )
        )
        before = line.after
    return reasons


def rectangles(line: DerivationStep, before: Axes, sizes: Sizes, translate: Translator) -> Markup | None:
    """What a line does to the shape before it, as rectangles; None if it does not change the shape, or if one is none
    of a rectangle."""
    operand, after, sign = line.axes or (), line.after, line.symbol[0]
    if len(before) != 2 or len(after) != 2 or len(operand) > 2:
        return None
    match line.kind:
        case "product":
            picture = product(before, operand, after, sizes, line.part)
        case "beside":
            picture = beside(before, operand, after, sizes)
        case "cut":
            picture = cut(before, after, line.part, sizes)
        case "rows":
            picture = repeated(before, operand, sign, sizes)
        case "equal":
            picture = equal(before, sign, sizes)
        case _:
            return None
    return as_svg(in_language(picture, translate))
