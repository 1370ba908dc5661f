"""The frameworks, one file each: how they name, order and transpose the weights of a cell, and what they return."""

from app.frameworks.colah_numpy import COLAH
from app.frameworks.flax import FLAX
from app.frameworks.framework import Framework
from app.frameworks.keras import KERAS
from app.frameworks.onnx import ONNX
from app.frameworks.pytorch import PYTORCH
from app.frameworks.tf1 import TF1

FRAMEWORKS: dict[str, Framework] = {f.id: f for f in (COLAH, TF1, KERAS, PYTORCH, ONNX, FLAX)}

OURS = COLAH
"""Our own names and order, in which everything that is computed can be expressed."""
