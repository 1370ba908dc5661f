"""Whether a pasted program is whole: it has all lines of its own that the traceback shows, and imports only packages
without networks of their own."""

import re
import sys

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
    """Whether a program imports something, and only packages that are known. Only its lines of imports are read."""
    roots = set[str]()
    for of, names in IMPORT.findall(source):
        roots |= {of.partition(".")[0]} if of else {one.split()[0].partition(".")[0] for one in names.split(",") if one}
    return bool(roots) and roots <= WITHOUT_OWN_LAYERS


MODULE = r"\w[\w.]{0,80}(?:[ ]{1,4}as[ ]{1,4}\w{1,40})?"

IMPORT = re.compile(
    r"^[ \t]{0,40}(?:from[ ]{1,4}([\w.]{1,100})[ ]{1,4}import\b"
    rf"|import[ ]{{1,4}}({MODULE}(?:,[ ]{{0,4}}{MODULE}){{0,10}})[ ]{{0,40}}(?:#|$))",
    re.MULTILINE,
)
"""A line that imports a module, with the packages before their points."""
