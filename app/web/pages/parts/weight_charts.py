"""The weights of the cell in focus: each matrix to scale, and the numbers of parameters."""

from dataclasses import dataclass

from ....diagram.transforms.relabeling import in_language
from ....frameworks.model import numbers
from ....lessons.counts import parameters
from ....lessons.sentence import Word
from ....query.view import View
from ....query.weight_arrays import kernels
from ....translations.translator import Translator
from .picture_links import LinkedPicture, linked_picture


@dataclass(frozen=True)
class Weights:
    """Each matrix by its name in the framework. ``own``: the number of trainable parameters of the cell, with the
    ``formula`` that counts them; ``total``: that of all cells."""

    matrices: dict[str, LinkedPicture]
    formula: list[Word]
    own: int
    total: int


def weights(view: View, highlighted: frozenset[str], translate: Translator) -> Weights:
    """The weights of the cell in focus. ``highlighted``: the tensors that the text beside the picture names."""
    model = view.model
    arrays = model.cell_axes(view.place)
    return Weights(
        matrices={
            name: linked_picture(view, in_language(matrix, translate), highlighted)
            for name, matrix in kernels(model, view.place).items()
        },
        formula=parameters(arrays, model.sizes),
        own=numbers(arrays, model.sizes),
        total=model.parameter_count,
    )
