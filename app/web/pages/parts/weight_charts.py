"""The weights of the cell in focus: each matrix to scale."""

from ....diagram.transforms.relabeling import in_language
from ....translations.translator import Translator
from ....url_state.url_state import UrlState
from ....url_state_to_picture.weight_arrays import kernels
from .links_and_accessible_names import LinkedPicture, linked_picture


def weights(state: UrlState, highlighted: frozenset[str], translate: Translator) -> dict[str, LinkedPicture]:
    """Each weight matrix of the cell in focus by its name in the framework. ``highlighted``: the tensors that the text
    beside the picture names."""
    return {
        name: linked_picture(state, in_language(matrix, translate), highlighted)
        for name, matrix in kernels(state.shown_model, state.place).items()
    }
