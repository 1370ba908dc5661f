"""Names of the sizes: ours, after BasicLSTMCell's num_units; those of Keras and of PyTorch; and those of lectures.

Pictures, axes, controls and coloured names follow the notation. Texts for screen readers, errors and JSON always have
our own names.
"""

from dataclasses import dataclass
from functools import cached_property

from ..core.axes import FRAMEWORK_SIZES, SIZES, Sizes


@dataclass(frozen=True)
class Notation:
    """``names`` and ``letters`` of ``SIZES``, in that order. Letters are for places with little room."""

    id: str
    names: tuple[str, ...]
    letters: str

    def name(self, size: str, sizes: Sizes | None = None) -> str:
        """The name of a size. A size that only a framework has is returned unchanged."""
        return self._names.get(size, size)

    def letter(self, size: str, sizes: Sizes) -> str:
        """The letter of a size. An axis of the cell's own has its name; a size that only a framework has is
        written as a number."""
        return self._letters.get(size) or (str(sizes[size]) if size in FRAMEWORK_SIZES else size)

    @cached_property
    def _names(self) -> dict[str, str]:
        return dict(zip(SIZES, self.names, strict=True))

    @cached_property
    def _letters(self) -> dict[str, str]:
        return dict(zip(SIZES, self.letters, strict=True))


OURS = Notation("num_units", SIZES, "BTFUP")

NOTATIONS = {
    one.id: one
    for one in (
        OURS,
        Notation("units", ("batch", "timesteps", "features", "units", "num_proj"), "BTFUP"),
        Notation("hidden_size", ("batch", "seq_len", "input_size", "hidden_size", "proj_size"), "NLIHP"),
        Notation("H", ("N", "T", "D", "H", "P"), "NTDHP"),
    )
}
"""The choices of the field ``notation``, by their names for num_units:
https://keras.io/api/layers/recurrent_layers/lstm/,
https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html,
and the letters N, T, D and H of Stanford's CS231n."""
