"""What a program does with a finished model: training it, using it, saving it and drawing it change no layer."""

import pytest

from app.reading.code.layers_in_order import read

HEADS = {
    "functional": """import numpy as np, keras
from keras import layers
a, b = keras.Input((7, 5)), keras.Input((3,))
y = layers.Dense(2)(layers.Concatenate()([layers.LSTM(8)(a), b]))
model = keras.Model([a, b], y)
""",
    "Sequential": """import numpy as np, keras
from keras import layers
model = keras.Sequential([layers.Input((7, 5)), layers.LSTM(8), layers.Dense(2)])
""",
    "class": """import numpy as np, keras
from keras import layers
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn, self.fc = layers.LSTM(8), layers.Dense(2)
    def call(self, x):
        return self.fc(self.rnn(x))
model = Net()
model(np.zeros((4, 7, 5)))
""",
    "PyTorch": """import torch
from torch import nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.fc = nn.LSTM(5, 8, batch_first=True), nn.Linear(8, 2)
    def forward(self, x):
        return self.fc(self.rnn(x)[0])
model = Net()
""",
    "nn.Sequential": "import torch\nfrom torch import nn\nmodel = nn.Sequential(nn.Linear(5, 8), nn.Linear(8, 2))\n",
    "TensorFlow 1": """import numpy as np, tensorflow as tf
x = tf.placeholder(tf.float32, [None, 7, 5])
y, _ = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(8), x, dtype=tf.float32)
z = tf.layers.dense(y[:, -1], 2)
""",
}

OF_KERAS = (
    "model.fit(np.zeros((4, 7, 5)), np.zeros((4, 2)), epochs=3)",
    "model.fit([np.zeros((4, 7, 5)), np.zeros((4, 3))], np.zeros((4, 2)), epochs=3)",
    "print(model.predict(np.zeros((4, 7, 5))).shape)",
    "loss = model.evaluate(np.zeros((4, 7, 5)), np.zeros((4, 2)))",
    "model.train_on_batch(np.zeros((4, 7, 5)), np.zeros((4, 2)))",
    "np.save('p', model.predict_proba(np.zeros((4, 7, 5))))",
    "keras.utils.plot_model(model)",
    "keras.models.load_model('m.keras').predict(np.zeros((4, 7, 5)))",
)
OF_TORCH = (
    "torch.onnx.export(model, torch.zeros(4, 7, 5), 'm.onnx')",
    "from torchinfo import summary; summary(model, input_data=torch.zeros(4, 7, 5))",
    "trainer.fit(model, torch.zeros(4, 7, 5))",
)
OF_TF1 = (
    "with tf.Session() as s:\n    print(s.run(z, feed_dict={x: np.zeros((4, 7, 5))}))",
    "s = tf.Session(); p = s.run([z, y], {x: np.zeros((4, 7, 5))})",
)
USES = [
    *((head, use) for head in ("functional", "Sequential", "class") for use in OF_KERAS),
    *((head, use) for head in ("PyTorch", "nn.Sequential") for use in OF_TORCH),
    *(("TensorFlow 1", use) for use in OF_TF1),
]


@pytest.mark.parametrize(("head", "use"), USES)
def test_training_or_using_a_model_leaves_it_as_it_is(head: str, use: str) -> None:
    alone, used = read(HEADS[head]), read(HEADS[head] + use + "\n")

    assert used.layers == alone.layers != []
    assert [line.reason for line in used.unknown] == []
    assert used.has_all_parameters(0)


def test_what_an_unknown_function_makes_of_a_tensor_of_a_graph_still_is_unknown() -> None:
    reading = read(HEADS["TensorFlow 1"] + "w = nobody(z)\n")

    assert [line.text for line in reading.unknown] == ["w = nobody(z)"]
