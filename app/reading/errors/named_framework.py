"""Which framework a text names: the packages of frameworks, by their paths and names."""

import re

PACKAGES = {
    "torch": "pytorch",
    "keras": "keras",
    "tensorflow": "tf1",
    "onnxruntime": "onnx",
    "onnx": "onnx",
    "flax": "flax",
    "jax": "jax",
    "numpy": "numpy",
}
"""Package -> framework."""

PACKAGE = rf"(?<![a-z])({'|'.join(PACKAGES)})(?![a-z])"
PACKAGE_PATH = re.compile(rf"(?<![\w-])(?:tf_)?{PACKAGE}(?=[\\/])")
PACKAGE_NAME = re.compile(PACKAGE)

WORD = re.compile(r"[^\s\"'(),]+")


def named_framework(text: str) -> str:
    """The framework whose files a text names last, or else that it names last; "" without one."""
    lower = text.lower()
    named = PACKAGE_PATH.findall(lower) or PACKAGE_NAME.findall(WORD.sub(without_other_path, lower))
    return PACKAGES[named[-1]] if named else ""


def without_other_path(match: re.Match[str]) -> str:
    """A word, or "" if it is the path of a file that is not a framework's."""
    word = match[0]
    return "" if ("/" in word or "\\" in word) and not PACKAGE_PATH.search(word) else word
