"""What frameworks call the classes of cells."""

TF1_CELLS = {
    "basic_lstm_cell": "BasicLSTMCell",
    "lstm_cell": "LSTMCell",
    "gru_cell": "GRUCell",
    "basic_rnn_cell": "BasicRNNCell",
}
"""Scope of the variables of a cell in TensorFlow 1 -> its class."""

CLASSES = {"lstm": "LSTM", "gru": "GRU", "rnn": "RNN"}
KERAS_CLASSES = {**CLASSES, "rnn": "SimpleRNN"}
"""The class of each kind of cell: in PyTorch and ONNX, and in Keras."""
