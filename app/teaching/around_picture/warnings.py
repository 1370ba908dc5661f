"""Warnings below the picture: sizes that are equal by chance, and values that are no numbers."""

from ...core.axes import Sizes
from ...core.trace import StackTrace
from ...translations.phrases import CommaSeparated, Phrase, phrase
from ...translations.translator import ENGLISH, Translator
from .sentences import Word, fill_in


def coincidences(sizes: Sizes, translate: Translator = ENGLISH) -> list[list[Word]]:
    """For each size that several axes share, a warning that they are different axes."""
    names = {n: [f"{{{name}.name}}" for name in sizes if sizes[name] == n] for n in sizes.values()}
    return [fill_in(translate(_warning(n, same)), sizes, translate) for n, same in names.items() if len(same) > 1]


def _warning(n: int, names: list[str]) -> Phrase:
    *others, last = names
    if len(names) == 2:
        return phrase(
            "{first} and {last} are both {n:,} here: the same number, but different axes.",
            first=others[0],
            last=last,
            n=n,
        )
    return phrase(
        "{others} and {last} are all {n:,} here: the same number, but different axes.",
        others=CommaSeparated(others),
        last=last,
        n=n,
    )


def not_finite(trace: StackTrace | None, translate: Translator) -> list[list[Word]]:
    """A warning if a run has values that are no numbers or too large ones, from which all that follow are the same."""
    first = trace.first_not_finite if trace and trace.stack.cell.text else None
    if not trace or not first:
        return []
    symbol = next(iter(trace.traces.values())).program.by_id[first[0]].symbol
    text = phrase("From {tensor} in step {t} on, values are NaN or infinite.", tensor=symbol, t=first[1])
    return [[(translate(text), "")]]
