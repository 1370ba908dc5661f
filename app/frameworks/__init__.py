"""The frameworks, one file each: how they name, order and transpose the weights of a cell, and what they return."""

from app.frameworks.colah_numpy import Colah
from app.frameworks.flax import Flax
from app.frameworks.framework import Framework
from app.frameworks.keras import Keras
from app.frameworks.onnx import Onnx
from app.frameworks.pytorch import PyTorch
from app.frameworks.tf1 import TensorFlow1

FRAMEWORKS: dict[str, Framework] = {f.id: f for f in (Colah(), TensorFlow1(), Keras(), PyTorch(), Onnx(), Flax())}

OURS = FRAMEWORKS["colah"]
"""Our own names and order, in which everything that is computed can be expressed."""
