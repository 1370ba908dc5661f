"""Configurations that people meet, each with where it comes from."""

from dataclasses import dataclass

from app.core.axes import Sizes


@dataclass(frozen=True)
class Preset:
    title: str
    batch_size: int
    time_step: int
    features: int
    num_units: int
    source: str

    @property
    def sizes(self) -> Sizes:
        return {name: getattr(self, name) for name in ("batch_size", "time_step", "features", "num_units")}


PRESETS = (
    Preset("all sizes differ", 3, 4, 2, 5, "made for this page, so that no axis can be taken for another"),
    Preset("MNIST by rows", 128, 28, 28, 128, "jasdeep06, Understanding LSTM in TensorFlow: 28 rows of 28 pixels"),
    Preset("150 characters", 3, 50, 27, 64, "Stack Overflow, answer 53760729: 150 characters cut into 3 × 50, one-hot"),
    Preset("PyTorch docs", 3, 5, 10, 20, "the example of torch.nn.LSTM, first layer"),
    Preset("Keras IMDB", 32, 80, 128, 128, "keras-team/keras, examples/imdb_lstm.py: behind an embedding of 128"),
    Preset("AWD-LSTM", 80, 70, 400, 1150, "salesforce/awd-lstm-lm, first layer of the Penn Treebank model"),
)
