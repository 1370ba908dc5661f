"""Reading what is said: shapes and numbers in words, and how close they have to be."""

import re

import numpy as np
from numpy.typing import ArrayLike


def evaluated(shape: str) -> list[int]:
    """The sizes of a shape as a page writes it: ``3 × (5+2) × 4·5``."""
    assert re.fullmatch(r"[\d×()+· ]+", shape), f"“{shape}” is no shape"
    return [int(eval(axis.replace("·", "*"))) for axis in shape.split("×")]


def evaluated_axes(axes: str, sizes: dict[str, int]) -> list[int]:
    return [int(eval(axis.replace("·", "*"), {}, sizes)) for axis in axes.split("×")]


def numbers_in(words: str) -> list[int]:
    return [int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", words)]


PLURALS = "rows|columns|steps|times|numbers|units|samples|sequences|gates|cells|characters|words|values|sizes|pixels"


ONE = re.compile(rf"(?<![×·+–−:] )(?<![\d.,×·+–−])\b1 (?:different |equal |more |other )?(?:{PLURALS})\b")


def check_plurals(words: str, where: str) -> None:
    """No noun in the plural is counted as one."""
    if wrong := ONE.search(words):
        raise AssertionError(f"{where}: “{words[max(0, wrong.start() - 40) : wrong.end() + 20]}”")


def decimal(text: str) -> float:
    return float(text.replace("−", "-").replace("+", "").replace(",", ""))


def assert_close(said: ArrayLike, true: ArrayLike, where: str, rtol: float = 1e-5, atol: float = 2e-6) -> None:
    """Numbers of an answer are those of the truth: by default as close as float32 comes to float64."""
    np.testing.assert_allclose(np.asarray(said), np.asarray(true), rtol=rtol, atol=atol, err_msg=where)
