"""What is trained, and how."""

from dataclasses import dataclass
from typing import Annotated

from ...training.default_schedule import DEFAULT
from ...training.digits import TRAINING as TRAINING_DIGITS
from ...training.tasks import TASKS, TASKS_HELP
from ...translations.phrases import phrase
from ..field_types import Choice, DecimalNumber, Flag, Number
from .fields_of_class import fields_of


@dataclass(frozen=True)
class TrainingFields:
    """The training: what the network learns, and how. Adam, batches of 64 and the rest are fixed."""

    task: Annotated[str, Choice("digits", TASKS_HELP, tuple(TASKS))]
    epochs: Annotated[int, Number(DEFAULT.epochs, phrase("how often the training reads all of its examples"), 1, 200)]
    learning_rate: Annotated[
        str,
        DecimalNumber(
            str(DEFAULT.learning_rate), phrase("size of the steps of Adam, the method of training"), "0.0001", "1", 6
        ),
    ]
    examples: Annotated[
        int,
        Number(
            DEFAULT.examples, phrase("how many examples are trained on; all if there are fewer"), 1, TRAINING_DIGITS
        ),
    ]
    trained: Annotated[bool, Flag(False, phrase("show the network with its trained weights"), (False, True))]


TRAINING = fields_of(TrainingFields)
