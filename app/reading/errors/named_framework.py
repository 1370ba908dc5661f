"""Which framework a text names: the packages of frameworks, by their paths and names."""

import re

PACKAGES = {
    "torch": "pytorch",
    "keras": "keras",
    "tensorflow": "tensorflow",
    "onnxruntime": "onnx",
    "onnx": "onnx",
    "flax": "flax",
    "jax": "jax",
    "numpy": "numpy",
}
"""Package -> framework."""

OF_BACKENDS = ("keras", "flax")
"""Frameworks that call another one of these."""

PACKAGE = rf"(?<![a-z])({'|'.join(PACKAGES)})(?![a-z])"
PACKAGE_PATH = re.compile(rf"(?<![\w-])(?:tf_)?{PACKAGE}(?=[\\/])")
PACKAGE_NAME = re.compile(PACKAGE)

PATH = re.compile(r"(?<![^\s\"'(),])[^\s\"'(),/\\]*[/\\][^\s\"'(),]*")
"""A word with a slash, from its beginning on."""

INSTALLED = re.compile(r"^.{0,300}-packages(?=[\\/])")
"""The folder in which packages are installed: the first folder in it names the package."""


def named_framework(text: str) -> str:
    """The framework whose files a text names last, or else that it names last, but not the backend of another one; ""
    without one."""
    lower = text.lower()
    paths = (PACKAGE_PATH.search(INSTALLED.sub("", word)) for word in PATH.findall(lower))
    named = [path[1] for path in paths if path] or PACKAGE_NAME.findall(PATH.sub(without_other_path, lower))
    found = [PACKAGES[one] for one in named]
    return next((one for one in OF_BACKENDS if one in found), found[-1] if found else "")


def without_other_path(match: re.Match[str]) -> str:
    """A path, or "" if it is that of a file that is not a framework's."""
    return match[0] if PACKAGE_PATH.search(match[0]) else ""
