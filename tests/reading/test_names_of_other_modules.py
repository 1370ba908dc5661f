"""Names that a program has from modules that are not read."""

from app.reading.code.layers_in_order import read


def test_a_module_of_the_program_passes_on_what_is_called_like_a_layer_of_keras() -> None:
    reading = read(
        "from keras.models import Model\nfrom keras.layers import *\nfrom own_layers import *\nx = Input((7, 5))\n"
        "m = Model(x, Dense(3)(Own(4)(LSTM(6, return_sequences=True)(x))))\n"
    )

    assert [(layer.kind, layer.config["num_units"]) for layer in reading.layers] == [("lstm", 6), ("dense", 3)]
    assert [one.line for one in reading.unknown] == [5]  # a layer of its own


def test_the_usual_name_of_a_module_is_that_although_another_one_may_have_it() -> None:
    reading = read(
        "from tools import *\nclass Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
        "        self.a = nn.GRU(6, 9)\n        self.b = getattr(nn, KIND)(9, 4)\n"
        "    def forward(self, x):\n        return self.b(self.a(x)[0])\n"
    )

    assert [layer.kind for layer in reading.layers] == ["gru", "other"]
    assert [one.line for one in reading.unknown][:1] == [6]


def test_a_name_that_the_program_defines_is_not_that_of_a_framework() -> None:
    assert not read("from tools import *\nfrom keras.layers import *\ndef LSTM(n):\n    return n\nLSTM(6)\n").layers


def test_the_inner_modules_of_tensorflow_2_0_have_the_layers_of_keras() -> None:
    (layer,) = read("from tensorflow_core.python.keras.layers import GRUCell, RNN\ny = RNN(GRUCell(7))(x)\n").layers

    assert (layer.kind, layer.config["num_units"]) == ("gru", 7)


def test_a_model_has_the_name_of_its_method_or_of_its_class() -> None:
    parts = "        model = Sequential()\n        model.add(LSTM(4, input_shape=(5, 3)))\n        return model\n"
    source = "from keras import Sequential\nfrom keras.layers import *\nclass Forecast:\n    def {}(self):\n"

    usual, own = (read(source.format(name) + parts) for name in ("build", "hourly"))
    assert (usual.names, own.names) == (["Forecast"], ["hourly"])
    assert read("from keras.layers import *\ndef build(x):\n    model = LSTM(4)(x)\n    return model\n").names == [
        "build"
    ]
