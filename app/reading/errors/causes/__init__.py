"""Likely causes of shape errors: a sentence, and the corrected line in each framework."""

from ....translations.phrases import Unfilled
from ..cell_classes import CLASSES, KERAS_CLASSES
from ..mismatch import Cause
from .attention import ATTENTION
from .cause_text import OTHERS, CauseText
from .inputs import INPUTS
from .losses import LOSSES
from .outputs import OUTPUTS
from .packing_and_masks import PACKING_AND_MASKS
from .pairs_of_output_and_states import PAIRS
from .states import STATES
from .weights import WEIGHTS

CAUSES: dict[str, CauseText] = dict(
    **INPUTS, **STATES, **PACKING_AND_MASKS, **WEIGHTS, **OUTPUTS, **ATTENTION, **PAIRS, **LOSSES
)
"""Cause -> its texts, by what the cause is in; ``dict`` raises an error if one is there twice."""

NAMES = {
    **{"features": "input_size", "units": "hidden_size", "batch_axis": 1, "time_axis": 0, "state": "h_0"},
    **{
        "all_steps": "-1, x.size(1), -1",
        "state_of_step": "h",
        "batch_size": "batch_size",
        "of_x": "batch_size",
        "batch_of_x": "len(x)",
        "batch": "X.shape[1]",
        "weights": "W",
        "x": "x",
        "columns": "gates * num_units",
        "parts": "num_layers",
        "inputs": "inputs",
        "flat": "features",
    },
}
KERAS_NAMES = {**NAMES, "features": "features", "units": "num_units", "got": "features", "tf1_cell": "LSTMCell"}
"""What stands in a line for a size that is unknown."""


def batch_id(batch_size: int, made_for: int) -> str:
    """The id of the cause if a state was made for another batch than that of x: the last batch is a smaller one, and
    hardly a single sample if others are large."""
    is_one_of_many = batch_size == 1 and made_for >= LARGE_BATCH
    return "last_batch" if batch_size < made_for and not is_one_of_many else "other_batch"


LARGE_BATCH = 8
"""Samples of a batch after which the last one hardly has one sample. A power of two from here on is hardly what is left
for the last one."""


def cause(id: str, framework: str, **values: int | str | None) -> Cause:
    """A cause with its corrected line in a framework. ``values``: sizes of the message, None if unknown, and the
    cell."""
    text = CAUSES[id]
    if framework == "tensorflow" and framework not in text.fixes:
        framework = "keras"
    is_keras = framework.partition(" ")[0] in ("keras", "tf1")  # also "keras states"
    known = {name: value for name, value in values.items() if value is not None}
    known.setdefault("states", "(h_0, c_0)" if known.get("cell", "lstm") == "lstm" else "h_0")
    known["cell"] = (KERAS_CLASSES if is_keras else CLASSES)[str(known.get("cell") or "lstm")]
    if framework == "flax" and known["cell"] == CLASSES["rnn"]:
        known["cell"] = "Simple"  # as in SimpleCell
    written = Unfilled({**(KERAS_NAMES if is_keras else NAMES), **known})
    wrong = text.wrong.get(framework, text.wrong.get(OTHERS, "")).format_map(written)
    return Cause(
        id,
        text.title,
        text.sentence,
        text.fixes.get(framework, text.fixes[OTHERS]).format_map(Unfilled({"stack": "", **written})),
        "" if "{" in wrong else wrong,
    )
