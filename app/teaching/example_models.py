"""Well-known configurations, each with its source."""

from dataclasses import dataclass

from ..core.axes import Sizes
from ..core.cells import LSTM
from ..core.stack import Stack
from ..translations.phrases import phrase


@dataclass(frozen=True)
class ExampleModel:
    """A configuration with its title and source."""

    title: str
    stack: Stack
    source: str

    @property
    def sizes(self) -> Sizes:
        return self.stack.sizes


def lstm(batch_size: int, time_step: int, features: int, num_units: int, layers: int = 1, both: bool = False) -> Stack:
    return Stack(LSTM, batch_size, time_step, features, num_units, num_layers=layers, bidirectional=both)


EXAMPLE_MODELS = (
    ExampleModel(
        phrase("All different"),
        lstm(3, 4, 2, 5),
        phrase("four different sizes, so that no axis can be mistaken for another"),
    ),
    ExampleModel(
        phrase("MNIST by rows"),
        lstm(128, 28, 28, 128),
        phrase("jasdeep06, Understanding LSTM in TensorFlow: 28 rows of 28"),
    ),
    ExampleModel(
        phrase("150 characters"),
        lstm(3, 50, 27, 64),
        phrase("Stack Overflow, answer 53760729: 150 characters cut into 3 × 50, one-hot"),
    ),
    ExampleModel("PyTorch docs", lstm(3, 5, 10, 20, layers=2), phrase("example in the torch.nn.LSTM docs: two layers")),
    ExampleModel(
        "Keras IMDB",
        lstm(32, 80, 128, 128),
        phrase("keras-team/keras, examples/imdb_lstm.py: after an embedding of size 128"),
    ),
    ExampleModel(
        "Keras BiLSTM",
        lstm(32, 200, 128, 64, layers=2, both=True),
        phrase("keras.io, bidirectional_lstm_imdb: two bidirectional layers after an embedding of size 128"),
    ),
    ExampleModel(
        "char-rnn",
        lstm(50, 50, 65, 128, layers=2),
        phrase("karpathy/char-rnn: tiny Shakespeare, 65 characters, one-hot encoded"),
    ),
    ExampleModel(
        "AWD-LSTM",
        lstm(80, 70, 400, 1150),
        phrase("salesforce/awd-lstm-lm: first layer, default settings (WikiText-2)"),
    ),
)
