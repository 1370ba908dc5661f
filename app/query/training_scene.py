"""What the view of the training shows of a View."""

from dataclasses import replace

from ..core.stack import Stack
from ..diagram.training.scene import MEASURES, Cost, CurvePoint, LearningCurve, TrainingScene
from ..diagram.training.size_axis import TICKS
from ..training.curves import curve
from ..training.tasks import TASKS


def training_scene(stack: Stack, task: str = "digits", text: str = "") -> TrainingScene:
    """The learning curve of a stack for a task."""
    return TrainingScene(MEASURES[task], learning_curve(stack, task, text))


def learning_curve(stack: Stack, task: str, text: str) -> LearningCurve:
    """What was measured in advance, if anything was, and what each num_units costs."""
    sizes = TASKS[task].sizes(text)
    sized = replace(stack, time_step=sizes["time_step"], features=sizes["features"])
    points = (curve(stack.cell.id) or ()) if task == "digits" and len(stack.places) == 1 and not stack.num_proj else ()
    outputs = len(TASKS[task].labels(text)) or 1
    return LearningCurve(
        tuple(CurvePoint(point.num_units, point.train, point.test) for point in points),
        tuple(Cost(n, parameters(replace(sized, num_units=n), outputs)) for n in TICKS),
        parameters(sized, outputs),
        joined=bool(points),
    )


def parameters(stack: Stack, outputs: int) -> int:
    """The number of parameters of a stack, and of a dense layer that reads its output."""
    return stack.parameters() + (stack.output.size(stack.sizes) + 1) * outputs
