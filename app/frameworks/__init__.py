"""The frameworks, one file each: how they name, order and transpose the weights of a cell, and what they return."""

from .colah_numpy import COLAH
from .flax import FLAX
from .framework_types import Framework
from .keras import KERAS
from .onnx import ONNX
from .pytorch import PYTORCH
from .tf1 import TF1

FRAMEWORKS: dict[str, Framework] = {f.id: f for f in (COLAH, TF1, KERAS, PYTORCH, ONNX, FLAX)}

OURS = COLAH
"""Our own names and order, in which everything that is computed can be expressed."""
