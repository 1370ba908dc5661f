"""The weights of the cell in focus: each matrix to scale."""

from ....diagram.transforms.relabeling import in_language
from ....query.view import View
from ....query.weight_arrays import kernels
from ....translations.translator import Translator
from .picture_links import LinkedPicture, linked_picture


def weights(view: View, highlighted: frozenset[str], translate: Translator) -> dict[str, LinkedPicture]:
    """Each weight matrix of the cell in focus by its name in the framework. ``highlighted``: the tensors that the text
    beside the picture names."""
    return {
        name: linked_picture(view, in_language(matrix, translate), highlighted)
        for name, matrix in kernels(view.shown_model, view.place).items()
    }
