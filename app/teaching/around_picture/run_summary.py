"""What a run has confirmed: numbers of tensors and shapes, and its time."""

from ...core.trace import StackTrace
from ...translations.phrases import phrase, plural


def run_summary(trace: StackTrace | None) -> str:
    """The numbers of tensors recorded and shapes confirmed in a run, and its time; "" without a run."""
    if trace is None:
        return ""
    milliseconds = f"{1000 * trace.seconds:.1f}" if trace.seconds < 0.1 else f"{1000 * trace.seconds:.0f}"
    return phrase(
        "{tensors}, {shapes}, {ms} ms",
        tensors=plural("{n:,} tensor recorded", "{n:,} tensors recorded", trace.recorded),
        shapes=plural("{n:,} shape confirmed", "{n:,} shapes confirmed", trace.confirmed),
        ms=milliseconds,
    )
