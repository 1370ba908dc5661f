"""Messages of TensorFlow about a loop over the steps whose state has another shape after a step than before.

Networks without recurrence raise them as well.
"""

from ..message_template import MessageTemplate
from .carried_states import carry

TEMPLATES = tuple(
    MessageTemplate(id, "tf1", versions, text, carry, anywhere=True)
    for id, versions, text in (
        (
            "tf1-loop",
            "1",
            "The shape for {name:scope} is not an invariant for the loop. It enters the loop with shape {before:shape},"
            " but has shape {after:shape} after one iteration",
        ),
        (
            "tensorflow-loop",
            "2",
            "Input tensor `{name:scope}` enters the loop with shape {before:shape}, but has shape {after:shape} after"
            " one iteration",
        ),
        ("tensorflow-scan", "1-2", "Inconsistent shapes: saw {after:shape} but expected {before:shape}"),
    )
)
