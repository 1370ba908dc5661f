"""What a name means that a fragment uses and does not bind, by Python or by convention."""

import re

from .frameworks import keras, pytorch
from .word_sets import words

USUAL_MODULES = {
    "np": "numpy",
    "jnp": "jax.numpy",
    "nn": "torch.nn",
    "torch": "torch",
    "F": "torch.nn.functional",
    "tf": "tensorflow",
    "keras": "keras",
    "layers": "keras.layers",
}
"""The modules that names mean by convention, in a fragment without imports."""

OVER_AXES = words(
    """
    Conv SeparableConv DepthwiseConv ConvLSTM MaxPool MaxPooling AvgPool AveragePooling GlobalMaxPool GlobalMaxPooling
    GlobalAvgPool GlobalAveragePooling ZeroPadding Cropping UpSampling
    """
)
"""The beginnings of names of layers of Keras that end in the number of axes."""

USUAL_KERAS = frozenset(
    {
        *words("Sequential Model Input Bidirectional TimeDistributed Lambda Permute Concatenate Dropout"),
        *(keras.RECURRENT.keys() | keras.SIMPLE.keys() | keras.MERGES),
        *(keras.SAME - pytorch.ACTIVATIONS - pytorch.DROPOUTS - pytorch.SIMPLE.keys()),
        *(f"{beginning}{count}D" for beginning in OVER_AXES for count in (1, 2, 3)),
    }
)
"""Classes of Keras that a fragment without imports names alone: those that are read, except layers of attention, which
are often other ones, and activations, which PyTorch has too."""

USUAL_TORCH = words("pack_padded_sequence pad_packed_sequence")

BUILTINS = words(
    """
    len range xrange int float bool max min abs round list tuple set sorted reversed enumerate zip str map hasattr
    isinstance print repr type sum iter next
    """
)
"""Functions of Python whose values may be known, or that change nothing."""

SPECIAL = words("getattr setattr super dict vars self __name__")
"""Other names that have a meaning of their own."""

USUAL = frozenset({*USUAL_MODULES, *USUAL_KERAS, *USUAL_TORCH, *BUILTINS, *SPECIAL})

_SEVERAL = re.compile(r"\n *+((?:[^\W\d]\w*+ *+, *+)++[^\n=()]{0,80}+)=(?!=)")
_BOUND = r"{name}(?<![.\w]{name})(?!\w)(?: *+(?::?=(?!=)|:[^\n=()]{{1,80}}=(?!=))|(?<=( ){name})(?!\.))"
"""A name that is assigned, or with a space before it. It begins with the name, which is found much faster."""
LONGEST_WORD = 8
"""Characters of a word that binds a name, and of what is before it."""
_BINDS = re.compile(r"\b(?:def|class|as|import|for|global|del)\Z")
_ANNOTATED = re.compile(r"(?:[\n(,*][ \n]*+(?!(?:else|try|finally)\b)[\w.]++ *+:|\|)\Z")
"""What is before the type that a variable or a parameter has: ``size: int = 3``."""
LONGEST_VARIABLE = 80
"""Characters of what is before such a type."""
_CHANGED = re.compile(r"\b(?:global|nonlocal) +([\w, ]+)")


class BoundNames:
    """The usual names that a source may bind to something else, somewhere. It is searched for one name after another,
    which is faster than to search for any name."""

    def __init__(self, text: str) -> None:
        self.text = f"\n{text}"
        self.named = {name.strip() for names in _SEVERAL.findall(self.text) for name in names.split(",")}
        self.known: dict[str, bool] = {}

    def __contains__(self, name: str) -> bool:
        if name not in USUAL:
            return False
        if name not in self.known:
            self.known[name] = name in self.named or self._is_bound(name)
        return self.known[name]

    def _is_bound(self, name: str) -> bool:
        """Whether a name is assigned, or follows a word that binds it."""
        for found in re.finditer(_BOUND.format(name=name), self.text):
            end = found.start()
            while self.text[end - 1] == " ":
                end -= 1
            is_assigned = not found[1] and not _ANNOTATED.search(self.text, max(0, end - LONGEST_VARIABLE), end)
            if is_assigned or (found[1] and _BINDS.search(self.text, max(0, end - LONGEST_WORD), end)):
                return True
        return False


def changed_names(text: str) -> frozenset[str]:
    """The names of a module that its functions may change."""
    if "global" not in text and "nonlocal" not in text:
        return frozenset()
    return frozenset(name.strip() for match in _CHANGED.finditer(text) for name in match[1].split(","))
