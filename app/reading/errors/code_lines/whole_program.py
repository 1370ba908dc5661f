"""Whether a pasted program is whole: it has all lines of its own that the traceback shows, and imports only packages
without networks of their own."""

import ast
import sys

from ...code.source_text import parse
from ..pasted_text import PastedText, without_spaces

WITHOUT_OWN_LAYERS = sys.stdlib_module_names | {
    *("torch", "torchvision", "torchaudio", "tensorflow", "tensorflow_datasets", "keras", "flax", "jax", "optax"),
    *("numpy", "pandas", "scipy", "sklearn", "matplotlib", "seaborn", "tqdm", "PIL", "cv2", "einops", "onnx"),
    *("onnxruntime", "h5py"),
}
"""Packages whose layers a program names where it makes them."""


def is_whole_program(pasted: PastedText) -> bool:
    """Whether a text has a whole program, with the lines of a traceback in it."""
    source = without_spaces(pasted.source)
    lines = [without_spaces(line) for line in pasted.lines_of_program]
    return bool(lines) and all(line in source for line in lines) and _imports_packages(pasted.source)


def _imports_packages(source: str) -> bool:
    """Whether a program imports something, and only packages that are known."""
    roots = set[str]()
    for statement in parse(source).statements:
        for node in ast.walk(statement):
            if isinstance(node, ast.Import):
                roots |= {one.name.partition(".")[0] for one in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots.add("" if node.level else (node.module or "").partition(".")[0])
    return bool(roots) and roots <= WITHOUT_OWN_LAYERS
