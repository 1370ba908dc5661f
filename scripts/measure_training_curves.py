"""Trains on the digits at many num_units, and writes the accuracies to app/training/curves.json: the curves of the
training view. It takes ten minutes, so it is not part of any test; the file has the versions of what computed it."""

import json
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from app import __version__ as app_version
from app.process_environment import restart_with_settings

if TYPE_CHECKING:
    from app.training.default_schedule import Schedule

CELLS = ("lstm", "gru", "rnn")
NUM_UNITS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
SEEDS = (0, 1, 2)

FEW_DIGITS, MEMORISED_EPOCHS = 100, 100
"""How many digits can be memorised, and after how many epochs: 25 epochs of 100 digits are only 50 steps."""

UNITS_FOR_FEW, UNITS_FOR_ALL = (128, 8, 2), (128, 8)
"""num_units of the LSTMs that are trained on these, and on all digits, for as many epochs."""


def main() -> None:
    restart_with_settings()  # before NumPy is imported: one thread, as on a server
    from app.training.curves import FILE
    from app.training.default_schedule import DEFAULT
    from app.training.digits import TRAINING

    curves = {cell: [point(cell, n, DEFAULT) for n in NUM_UNITS] for cell in CELLS}
    memorised = [
        {
            "examples": examples,
            "epochs": MEMORISED_EPOCHS,
            **point("lstm", n, DEFAULT._replace(examples=examples, epochs=MEMORISED_EPOCHS)),
        }
        for examples, all_num_units in ((FEW_DIGITS, UNITS_FOR_FEW), (TRAINING, UNITS_FOR_ALL))
        for n in all_num_units
    ]
    file = {
        "schedule": DEFAULT._asdict(),
        "versions": {
            "unrolled": app_version,
            "numpy": version("numpy"),
            "python": platform.python_version(),
            "machine": platform.machine(),
        },
        "seeds": SEEDS,
        "curves": curves,
        "memorised": memorised,
    }
    FILE.write_text(written(file), "utf-8")


def point(cell: str, num_units: int, schedule: "Schedule") -> dict[str, Any]:
    """The accuracies of one num_units after the last epoch, by seed."""
    from app.core.cells import CELLS as BY_ID
    from app.training.tasks import TASKS
    from app.training.trainer import Trainer
    from app.training.training_and_result import Training

    stack = TASKS["digits"].stack(BY_ID[cell], num_units)
    trainings = [Training(stack, "digits", schedule, seed) for seed in SEEDS]
    last = [[*Trainer(training)][-1] for training in trainings]
    accuracies = ", ".join(f"{epoch.test:.1%}" for epoch in last)
    print(f"{cell}, {num_units} units, {schedule.examples} digits: {accuracies}", flush=True)
    return {
        "num_units": num_units,
        "parameters": trainings[0].parameters(),
        "train": [round(epoch.train, 4) for epoch in last],
        "test": [round(epoch.test, 4) for epoch in last],
    }


def written(file: dict[str, Any]) -> str:
    """JSON with a line for each point."""

    def lines(value: Any, indent: str) -> str:
        is_point = isinstance(value, dict) and "num_units" in value
        if is_point or not any(isinstance(part, dict | list) for part in _parts(value)):
            return json.dumps(value)
        deeper = indent + " "
        if isinstance(value, dict):
            parts = [f"{json.dumps(key)}: {lines(part, deeper)}" for key, part in value.items()]
        else:
            parts = [lines(part, deeper) for part in value]
        begin, end = "{}" if isinstance(value, dict) else "[]"
        return f"{begin}\n{deeper}" + f",\n{deeper}".join(parts) + f"\n{indent}{end}"

    return lines(file, "") + "\n"


def _parts(value: Any) -> list[Any]:
    return [*value.values()] if isinstance(value, dict) else value if isinstance(value, list) else []


if __name__ == "__main__":
    main()
