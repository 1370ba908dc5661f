"""Adam, with a limit for the norm of the gradient."""

from math import sqrt

import numpy as np

from ..core.gradients import norm
from ..core.ops import Array
from .default_schedule import Schedule

DECAY, SQUARE_DECAY, EPSILON = 0.9, 0.999, 1e-8
"""Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015, section 2; also PyTorch's defaults."""

LARGEST_NORM = 1.0
"""The largest norm of a gradient, over all parameters together. Longer ones are shortened."""

TINY = 1e-6
"""Added to a norm before it divides, as in torch.nn.utils.clip_grad_norm_."""


class Adam:
    """Updates parameters in place."""

    def __init__(self, values: Array, schedule: Schedule) -> None:
        self.values, self.learning_rate, self.steps = values, schedule.learning_rate, 0
        self.mean, self.square, self.room, self.change = np.zeros((4, len(values)), values.dtype)

    def step(self, gradient: Array) -> None:
        """Update all parameters by their gradient, which is overwritten."""
        self.steps += 1
        if (factor := LARGEST_NORM / (norm(gradient) + TINY)) < 1:
            gradient *= factor
        correction, square_correction = 1 - DECAY**self.steps, 1 - SQUARE_DECAY**self.steps
        self.mean *= DECAY
        self.mean += np.multiply(gradient, 1 - DECAY, self.room)
        self.square *= SQUARE_DECAY
        np.multiply(gradient, gradient, self.room)
        self.square += np.multiply(self.room, 1 - SQUARE_DECAY, self.room)
        np.sqrt(self.square, self.room)
        self.room *= 1 / sqrt(square_correction)
        self.room += EPSILON
        np.divide(self.mean, self.room, self.change)
        self.change *= self.learning_rate / correction
        self.values -= self.change
