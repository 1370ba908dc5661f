"""The chain of layers of Keras programs, written in the manner of public code. Their shapes follow from Keras's
documentation; comparing with ``model.summary()`` needs its environment."""

from textwrap import dedent

import pytest
from chains import config, layers, unknown

from app.reading.code.layers_in_order import read
from app.url_state_to_picture.model.read_layer import query_of


def test_a_sequential_model_with_both_directions_and_a_layer_at_each_step() -> None:
    source = """
        from keras.models import Sequential
        from keras.layers import *
        model = Sequential()
        model.add(Bidirectional(LSTM(64, return_sequences=True), input_shape=(10, 8)))
        model.add(LSTM(32, return_sequences=True, name="second"))
        model.add(TimeDistributed(Dense(7)))
        model.add(Flatten())
        model.add(Dense(3, activation='softmax'))
        model.compile('adam', loss='mse')
    """
    assert layers(source) == [
        "-: lstm ? 10 8 -> ? 10 128",
        "second: lstm ? 10 128 -> ? 10 32",
        "-: dense ? 10 32 -> ? 10 7",
        "-: flatten ? 10 7 -> ? 70",
        "-: dense ? 70 -> ? 3",
    ]
    assert unknown(source) == []


def test_a_fragment_without_imports() -> None:
    source = """
        model = Sequential()
        model.add(LSTM(100, activation='relu', input_shape=(n_steps, 1)))
        model.add(RepeatVector(5))
        model.add(LSTM(100, return_sequences=True))
        model.add(TimeDistributed(Dense(1)))
    """
    assert layers(source) == [
        "-: lstm ? ? 1 -> ? 100",
        "-: repeat ? 100 -> ? 5 100",
        "-: lstm ? 5 100 -> ? 5 100",
        "-: dense ? 5 100 -> ? 5 1",
    ]


def test_a_fragment_means_the_same_as_with_its_imports() -> None:
    source = """
        a = Input((8, 12))
        x = GaussianNoise(0.1)(Conv1D(20, 3)(a))
        x = LayerNormalization()(AveragePooling1D(2, strides=1)(x))
        y = Bidirectional(CuDNNGRU(40, return_sequences=True))(MaxPooling1D()(x))
        z = Concatenate()([GlobalAveragePooling1D()(y), GlobalMaxPool1D()(y)])
        z = Add()([Dense(16)(z), Dense(16)(GRU(3)(Permute((2, 1))(y)))])
    """
    assert layers(source)[-6:-4] == ["-: pooling ? 2 80 -> ? 80"] * 2
    assert layers(source) == layers("from keras.layers import *" + source) and unknown(source) == []


def test_a_functional_model_in_a_function() -> None:
    source = """
        from tensorflow import keras
        from tensorflow.keras import layers
        def build(vocabulary=20000):
            inputs = keras.Input(shape=(None,), dtype="int32")
            x = layers.Embedding(vocabulary, 128)(inputs)
            x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(x)
            x = layers.Bidirectional(layers.LSTM(64))(x)
            outputs = layers.Dense(1, activation="sigmoid")(x)
            return keras.Model(inputs, outputs)
        model = build()
    """
    expected = [
        "-: embedding ? ? -> ? ? 128",
        "-: lstm ? ? 128 -> ? ? 128",
        "-: lstm ? ? 128 -> ? 128",
        "-: dense ? 128 -> ? 1",
    ]
    assert layers(source) == expected
    assert layers(source.replace("model = build()", "")) == expected, "also if nobody calls the function"


def test_an_encoder_hands_its_states_to_a_decoder() -> None:
    source = """
        from keras.models import Model
        from keras.layers import Input, LSTM, Dense
        latent_dim = 256
        encoder_inputs = Input(shape=(None, num_encoder_tokens))
        encoder = LSTM(latent_dim, return_state=True)
        encoder_outputs, state_h, state_c = encoder(encoder_inputs)
        decoder_inputs = Input(shape=(None, 93))
        decoder_lstm = LSTM(latent_dim, return_sequences=True, return_state=True)
        decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=[state_h, state_c])
        decoder_dense = Dense(93, activation='softmax')
        decoder_outputs = decoder_dense(decoder_outputs)
        model = Model([encoder_inputs, decoder_inputs], decoder_outputs)
    """
    assert layers(source) == [
        "encoder: lstm ? ? ? -> ? 256",
        "decoder_lstm: lstm ? ? 93 -> ? ? 256",
        "decoder_dense: dense ? ? 256 -> ? ? 93",
    ]


def test_a_subclassed_model() -> None:
    source = """
        import tensorflow as tf
        class Net(tf.keras.Model):
            def __init__(self, units=32):
                super().__init__()
                self.emb = tf.keras.layers.Embedding(1000, 16)
                self.gru = tf.keras.layers.GRU(units, return_sequences=True, return_state=True)
                self.fc = tf.keras.layers.Dense(1000)
            def call(self, x, states=None, training=False):
                x = self.emb(x, training=training)
                x, states = self.gru(x, initial_state=states, training=training)
                return self.fc(x), states
    """
    assert layers(source) == [
        "emb: embedding ... -> ... 16",
        "gru: gru ? ? 16 -> ? ? 32",
        "fc: dense ? ? 32 -> ? ? 1000",
    ]
    assert config(source, "return_sequences", "return_state", "reset_after") == [True, True, True]


@pytest.mark.parametrize(
    ("merge", "length"), [("'concat'", "14"), ("'sum'", "7"), ("'mul'", "7"), ("'ave'", "7"), ("None", "7"), ("m", "?")]
)
def test_both_directions_are_merged(merge: str, length: str) -> None:
    source = f"""
        from keras.layers import Input, LSTM, Bidirectional
        y = Bidirectional(LSTM(7), merge_mode={merge})(Input((5, 3)))
    """
    assert layers(source) == [f"-: lstm ? 5 3 -> ? {length}"]


@pytest.mark.parametrize(("units", "length"), [(7, "14"), (8, "?")])
def test_a_layer_for_the_other_direction_need_not_have_the_same_size(units: int, length: str) -> None:
    source = f"""
        from keras.layers import Input, LSTM, Bidirectional
        backward = LSTM({units}, go_backwards=True)
        y = Bidirectional(LSTM(7), backward_layer=backward)(Input((5, 3)))
    """
    assert layers(source) == [f"-: lstm ? 5 3 -> ? {length}"]


def test_a_missing_return_sequences_is_seen_in_the_shape() -> None:
    source = """
        from tensorflow.keras.models import Sequential
        from tensorflow.keras.layers import LSTM
        model = Sequential([LSTM(8, input_shape=(10, 3)), LSTM(8)])
    """
    assert layers(source)[0] == "-: lstm ? 10 3 -> ? 8"
    assert unknown(source) == ["model = Sequential([LSTM(8, input_shape=(10, 3)), LSTM(8)])"]


def test_a_batch_with_a_size_and_old_names_of_arguments() -> None:
    source = """
        from keras.models import Sequential
        from keras.layers.recurrent import LSTM
        from keras.layers.core import Dense
        a = Sequential()
        a.add(LSTM(4, batch_input_shape=(1, 12, 1), stateful=True))
        a.add(Dense(output_dim=1))
        b = Sequential()
        b.add(LSTM(input_dim=6, output_dim=50, input_length=9))
    """
    assert layers(source) == ["-: lstm 1 12 1 -> 1 4", "-: dense 1 4 -> 1 1", "-: lstm ? 9 6 -> ? 50"]
    assert config(source, "stateful") == [True]


def test_a_layer_that_may_be_added_leaves_the_shape_open() -> None:
    source = """
        from keras.models import Sequential
        from keras.layers import LSTM, Dense
        model = Sequential()
        model.add(LSTM(8, input_shape=(10, 3)))
        if deep:
            model.add(Dense(20))
        model.add(Dense(1))
    """
    assert layers(source) == ["-: lstm ? 10 3 -> ? 8", "-: dense ? ? -> ? 1"]
    assert unknown(source) == ["model.add(Dense(20))"]


def test_convolution_and_pooling_before_a_layer() -> None:
    source = """
        from keras.models import Sequential
        from keras.layers import Conv1D, MaxPooling1D, LSTM, Dropout
        model = Sequential()
        model.add(Conv1D(filters=16, kernel_size=3, input_shape=(100, 4)))
        model.add(MaxPooling1D(pool_size=2))
        model.add(Dropout(0.2))
        model.add(LSTM(8))
    """
    assert layers(source) == [
        "-: convolution ? 100 4 -> ? 98 16",
        "-: pooling ? 98 16 -> ? 49 16",
        "-: dropout ? 49 16 -> ? 49 16",
        "-: lstm ? 49 16 -> ? 8",
    ]


def test_merged_branches() -> None:
    source = """
        from keras.layers import Input, LSTM, GRU, Dense, concatenate, Concatenate
        a = LSTM(4)(Input((7, 2)))
        b = GRU(5)(Input((7, 3)))
        y = Dense(1)(concatenate([a, b]))
        z = Dense(2)(Concatenate()([a, b]))
    """
    assert layers(source)[2:] == ["-: dense ? 9 -> ? 1", "-: dense ? 9 -> ? 2"]


def test_a_model_in_a_method_of_a_class_that_is_no_model() -> None:
    source = """
        from keras.models import Sequential
        from keras.layers import LSTM, Dense
        class Forecaster:
            def __init__(self, steps=24, units=48):
                self.steps = steps
                self.model = self.build(units)
            def build(self, units):
                model = Sequential()
                model.add(LSTM(units, input_shape=(self.steps, 1)))
                model.add(Dense(units // 2))
                return model
    """
    assert layers(source) == ["-: lstm ? 24 1 -> ? 48", "-: dense ? 48 -> ? 24"]


def test_names_from_an_unknown_module_are_not_those_of_keras() -> None:
    assert layers("from helpers import *\nmodel = Sequential([LSTM(8, input_shape=(10, 3))])\n") == []


def test_notebook_lines_and_python_2_do_not_hide_the_model() -> None:
    source = """
        %matplotlib inline
        !pip install keras
        from keras.models import Sequential
        from keras.layers import LSTM
        print "Building the model..."
        model = Sequential()
        model.add(LSTM(8, input_shape=(10, 3)))
        model.summary?
        try:
            model.fit(x, y)
        except ValueError, e:
            print e
    """
    assert layers(source) == ["-: lstm ? 10 3 -> ? 8"]
    assert unknown(source) == []


def test_a_line_that_is_not_python_is_listed_and_the_rest_is_read() -> None:
    source = """
        from keras.models import Sequential
        from keras.layers import LSTM
        model = Sequential()
        <your layers here>
        model.add(LSTM(8, input_shape=(10, 3)))
    """
    assert layers(source) == ["-: lstm ? 10 3 -> ? 8"]
    assert unknown(source) == ["<your layers here>"]


def test_a_model_that_an_object_makes_and_calls() -> None:
    source = """
        from keras.layers import *
        from keras.models import Sequential, Model
        class GAN():
            def __init__(self, rows):
                self.shape = (rows, 1)
                self.discriminator = self.build_discriminator()
            def build_discriminator(self):
                model = Sequential()
                model.add(LSTM(512, input_shape=self.shape, return_sequences=True))
                model.add(Bidirectional(LSTM(256)))
                model.add(Dense(1, activation='sigmoid'))
                sequence = Input(shape=self.shape)
                return Model(sequence, model(sequence))
        if __name__ == '__main__':
            gan = GAN(rows=100)
    """
    assert layers(source) == [
        "-: lstm ? 100 1 -> ? 100 512",
        "-: lstm ? 100 512 -> ? 512",
        "-: dense ? 512 -> ? 1",
    ]


def test_functions_and_layers_of_the_source_are_in_the_order_of_the_forward_pass() -> None:
    source = """
        import keras
        from keras.layers import *
        class Attention(Layer):
            def __init__(self, units):
                super().__init__()
                self.score = Dense(units)
            def call(self, x):
                return self.score(x)
        def block(x, filters):
            x = Conv1D(filters, 3, padding='same')(x)
            return MaxPooling1D(2)(x)
        inputs = x = Input((128, 3))
        for filters in [32, 64]:
            x = block(x, filters)
        x = Attention(7)(LSTM(48, return_sequences=True)(x))
        model = keras.Model(inputs, Dense(6)(x))
    """
    assert layers(source) == [
        "-: convolution ? 128 3 -> ? 128 32",
        "-: pooling ? 128 32 -> ? 64 32",
        "-: convolution ? 64 32 -> ? 64 64",
        "-: pooling ? 64 64 -> ? 32 64",
        "-: lstm ? 32 64 -> ? 32 48",
        "score: dense ? 32 48 -> ? 32 7",
        "-: dense ? 32 7 -> ? 32 6",
    ]
    assert unknown(source) == []


def test_the_layers_of_a_chain_at_each_step() -> None:
    source = """
        import keras
        from keras import layers
        video = keras.Input((None, 64, 3))
        frame = keras.Sequential([keras.Input((64, 3)), layers.Conv1D(16, 3), layers.GlobalAveragePooling1D()])
        model = keras.Model(video, layers.GRU(32)(layers.TimeDistributed(frame)(video)))
    """
    assert layers(source) == [
        "-: convolution ? ? 64 3 -> ? ? 62 16",
        "-: pooling ? ? 62 16 -> ? ? 16",
        "-: gru ? ? 16 -> ? 32",
    ]


def test_the_channels_of_maps_may_be_first_everywhere() -> None:
    source = """
        from keras import backend as K
        from keras.layers import *
        from keras.models import Sequential
        K.set_image_data_format('{}')
        Sequential([Input((3, 20, 20)), Conv2D(8, 3), MaxPooling2D(2)])
    """
    assert layers(source.format("channels_last")) == [
        "-: convolution ? 3 20 20 -> ? 1 18 8",
        "-: pooling ? 1 18 8 -> ? ? 9 8",
    ]
    assert layers(source.format("channels_first"))[1] == "-: pooling ? ? ? ? -> ? ? ? ?"


def test_a_convolutional_lstm_is_a_kind_of_its_own() -> None:
    source = """
        from keras import Input, Sequential
        from keras.layers import *
        Sequential([
            Input((7, 20, 20, 3)),
            ConvLSTM2D(12, 3, padding="same", return_sequences=True),
            ConvLSTM2D(6, 5),
            GlobalAveragePooling2D(),
        ])
    """
    assert layers(source) == [
        "-: conv_lstm ? 7 20 20 3 -> ? 7 20 20 12",
        "-: conv_lstm ? 7 20 20 12 -> ? 16 16 6",
        "-: pooling ? 16 16 6 -> ? 6",
    ]
    assert unknown(source) == []


@pytest.mark.parametrize("layer", ["TimeDistributed(ConvLSTM1D(4, 3))", "ConvLSTM2D(count, 3)"])
def test_a_convolutional_lstm_of_which_less_is_known_is_of_no_kind(layer: str) -> None:
    source = f"from keras import *\nfrom keras.layers import *\nSequential([Input((5, 7, 9, 2)), {layer}])\n"

    assert [one.kind for one in read(source).layers] == ["other"]


COUNTS = {
    "Conv1D(8, 5)": ("40, 3", 128),
    "Conv1D(8, 5, groups=2, use_bias=False)": ("40, 6", 120),
    "Conv2D(4, (3, 5))": ("9, 9, 2", 124),
    "SeparableConv1D(8, 5, depth_multiplier=2)": ("40, 3", 86),
    "DepthwiseConv1D(5)": ("40, 3", 18),
    "Conv1DTranspose(8, 5)": ("40, 3", 128),
    "ConvLSTM1D(4, 3)": ("7, 9, 2", 304),
    "BatchNormalization()": ("40, 3", 6),
    "BatchNormalization(scale=False)": ("40, 3", 3),
    "LayerNormalization()": ("40, 3", 6),
    "LayerNormalization(axis=[1, 2], center=False)": ("40, 3", 120),
    "GroupNormalization(groups=3)": ("40, 6", 12),
    "RMSNormalization()": ("40, 3", 3),
    "UnitNormalization()": ("40, 3", 0),
    "PReLU()": ("40, 3", 120),
    "PReLU(shared_axes=[1])": ("40, 3", 3),
    "TimeDistributed(Conv1D(8, 5))": ("7, 40, 3", 128),
}
"""Layers with the axes of their input after the batch, and their numbers of trainable parameters in Keras 3.15."""


@pytest.mark.parametrize("layer", COUNTS)
def test_parameters_that_depend_on_more_than_the_sizes_of_a_chain_are_counted(layer: str) -> None:
    shape, count = COUNTS[layer]

    source = f"import keras\nfrom keras.layers import *\nm = keras.Sequential([Input(({shape})), {layer}, LSTM(2)])"
    first, *_ = read(source).layers

    assert first.parameters == count


def test_parameters_that_the_source_leaves_open_are_not_counted() -> None:
    source = """
        import keras
        from keras.layers import *
        m = keras.Sequential([Input((None, 3)), PReLU(), Conv1D(units, 5), BatchNormalization(**options), LSTM(2)])
    """
    assert [one.parameters for one in read(dedent(source)).layers] == [None] * 4


@pytest.mark.parametrize(
    "layer",
    [
        "BatchNormalization(-1, 0.99, 0.001, False)",
        "LayerNormalization(-1, 0.001, False)",
        "Conv1D(8, 5, 1, 'same', None, 1, 1, None, False)",
    ],
)
def test_parameters_are_not_counted_if_a_switch_may_be_given_by_its_place(layer: str) -> None:
    source = f"import keras\nfrom keras.layers import *\nm = keras.Sequential([Input((40, 3)), {layer}, LSTM(2)])"

    assert read(source).layers[0].parameters is None


@pytest.mark.parametrize(
    "made",
    [
        "np.reshape(x, (len(x), 100, 1))",
        "numpy.reshape(x, newshape=(x.shape[0], 100, 1)) / float(count(x))",
        "np.expand_dims(np.zeros((count(x), 100)), axis=2)",
        "np.expand_dims(np.zeros((count(x), 100)), -1)",
    ],
)
def test_the_shape_of_an_array_of_numpy_is_that_of_the_input(made: str) -> None:
    source = f"""
        import numpy as np, numpy
        from keras.models import Sequential
        from keras.layers import LSTM

        def prepare(x):
            x = {made}
            return x, len(x)

        def train():
            x, y = prepare(load())
            model = Sequential()
            model.add(LSTM(20, input_shape=(x.shape[1], x.shape[2])))

        train()
    """

    assert layers(source) == ["-: lstm ? 100 1 -> ? 20"]


def test_maps_at_each_step_have_their_channels_though_their_shape_is_unknown() -> None:
    source = """
        from keras.models import Sequential
        from keras.layers import *

        def build(shape):
            model = Sequential()
            model.add(TimeDistributed(Conv2D(32, 3), input_shape=shape))
            model.add(TimeDistributed(BatchNormalization()))
            model.add(TimeDistributed(GlobalAveragePooling2D()))
            model.add(LSTM(20))
            return model
    """

    assert layers(source) == [
        "-: convolution ? ? ? ? ? -> ? ? ? ? 32",
        "-: normalization ? ? ? ? 32 -> ? ? ? ? 32",
        "-: pooling ? ? ? ? 32 -> ? ? 32",
        "-: lstm ? ? 32 -> ? 20",
    ]


def test_a_layer_of_another_library_is_a_step_of_which_nothing_is_known() -> None:
    """So a model that ends with it is not said to return the output of the layer before it."""
    source = """
        from keras.models import Model
        from keras.layers import Input, LSTM, Bidirectional
        from keras_contrib.layers import CRF
        from .attention import Attention
        from .callbacks import Scores

        x = Input(shape=(50, 28))
        y = Bidirectional(LSTM(64, return_sequences=True))(x)
        a = Attention(10)([y, x])
        crf = CRF(9, sparse_target=True)
        z = crf(a)
        scores = Scores(3)
        scores(x)
        model = Model(x, z)
        model.compile("adam", crf.loss_function)
    """

    assert layers(source) == ["-: lstm ? 50 28 -> ? 50 128", "-: other ... -> ...", "-: other ... -> ..."]
    assert unknown(source) == ["a = Attention(10)([y, x])", "z = crf(a)", "scores(x)"]


def test_a_number_among_joined_tensors_leaves_their_axes_open() -> None:
    source = """
        import torch
        import torch.nn as nn
        from keras import layers as L
        x = nn.Linear(2, 3)(x)
        x = nn.ReLU()(L.concatenate([x, x.sum()]))
    """

    assert layers(source)[-1] == "-: activation ... -> ..."


@pytest.mark.parametrize(("sequences", "output"), [("True", "? 30 32"), ("False", "? 32")])
def test_a_cell_of_ones_own_says_the_length_of_what_it_returns(sequences: str, output: str) -> None:
    """``keras.layers.RNN`` takes it from ``output_size``, or else from the first ``state_size``."""
    source = f"""
        import keras
        from keras import layers
        class Cell(keras.Layer):
            def __init__(self, units):
                super().__init__()
                self.state_size = [units, units]
            def call(self, x, states):
                return x, states
        y = layers.RNN(Cell(32), return_sequences={sequences})(keras.Input((30, 8)))
    """
    assert layers(source) == [f"-: other ? 30 8 -> {output}"]


def test_a_class_that_only_gives_a_layer_another_name_is_that_layer() -> None:
    source = """
        from keras import Input, layers
        class Memory(layers.LSTM):
            \"\"\"Without a body.\"\"\"
        class Cell(layers.LSTMCell):
            pass
        class Changed(layers.LSTM):
            def call(self, x):
                return x
        x = Memory(16, return_sequences=True)(Input((9, 4)))
        y = layers.RNN(Cell(5))(x)
        z = Changed(7)(x)
    """
    assert layers(source)[:2] == ["-: lstm ? 9 4 -> ? 9 16", "-: lstm ? 9 16 -> ? 5"]
    assert all("lstm" not in line for line in layers(source)[2:])


@pytest.mark.parametrize(
    "characters", ['sorted(list("2345bcde"))', 'sorted(set("22334455bcde"))', 'set("2345bcde")', "sorted([8, 7] * 4)"]
)
def test_the_number_of_characters_of_a_text_is_known(characters: str) -> None:
    source = f"""
        from keras import Input, layers
        characters = {characters}
        y = layers.Dense(len(characters) + 1)(Input((4,)))
    """
    assert layers(source) == ["-: dense ? 4 -> ? 9"]


def test_a_class_derived_from_a_layer_is_that_layer() -> None:
    source = """
        from tensorflow import keras
        from tensorflow.keras import layers

        class Sequences(layers.LSTM):
            def __init__(self, units, **kwargs):
                super().__init__(units, return_sequences=True, **kwargs)

        class Last(layers.Dense):
            def call(self, x):
                return super().call(x[:, -1])

        model = keras.Sequential([keras.Input((5, 3)), Sequences(8), layers.Bidirectional(Sequences(4)), Last(2)])
    """
    assert layers(source) == [
        "-: lstm ? 5 3 -> ? 5 8",
        "-: lstm ? 5 8 -> ? 5 8",
        "-: dense ? 8 -> ? 2",
    ]
    assert unknown(source) == []


def test_a_class_derived_from_a_layer_does_not_vanish_if_its_constructor_is_not_read() -> None:
    source = """
        from tensorflow import keras

        class Own(keras.layers.LSTM):
            def __init__(self, units):
                start(super(), units)

        model = keras.Sequential([keras.Input((5, 3)), Own(8), keras.layers.Dense(2)])
    """
    assert layers(source) == ["-: other ? 5 3 -> ...", "-: dense ... -> ... 2"]
    assert "model = keras.Sequential([keras.Input((5, 3)), Own(8), keras.layers.Dense(2)])" in unknown(source)


def test_a_subclassed_model_is_built_for_the_axes_that_the_program_says() -> None:
    source = """
        from tensorflow import keras

        class Own(keras.Model):
            def __init__(self):
                super().__init__()
                self.embed = keras.layers.Embedding(30, 4)
                self.last = keras.layers.GRU(6)

            def call(self, x):
                return self.last(self.embed(x))

        model = Own()
        model.build((None, 40))
    """
    assert layers(source) == ["embed: embedding ? 40 -> ? 40 4", "last: gru ? 40 4 -> ? 6"]


def test_a_convolution_says_its_channels() -> None:
    source = """
        from tensorflow import keras
        model = keras.Sequential([keras.Input((20, 3)), keras.layers.Conv1D(8, 5)])
    """
    assert config(source, "features", "num_units") == [3, 8]


def test_a_chain_for_two_inputs_is_shown_for_each_and_its_weights_count_once() -> None:
    source = """
        from keras import Model, Sequential
        from keras.layers import LSTM, Concatenate, Dense, Embedding, Input
        shared = Sequential([Embedding(500, 30), LSTM(25)])
        left, right = Input((20,)), Input((20,))
        model = Model([left, right], Dense(1)(Concatenate()([shared(left), shared(right)])))
    """
    once = ["-: embedding ? 20 -> ? 20 30", "-: lstm ? 20 30 -> ? 25"]
    assert layers(source) == [*once, *once, "-: dense ? 50 -> ? 1"]
    assert [layer.own for layer in read(dedent(source)).layers] == [None, None, 0, 0, None]


@pytest.mark.parametrize(
    ("forward", "backward", "is_shown"),
    [
        ("", "", True),
        ("", "activation='relu', ", False),
        ("activation='relu', ", "", False),
        ("", "unroll=True, ", True),  # it computes the same
    ],
)
def test_a_page_shows_two_directions_only_if_both_have_its_settings(
    forward: str, backward: str, is_shown: bool
) -> None:
    source = (
        "from keras.layers import *\nfrom keras import Sequential\n"
        f"b = LSTM(10, {backward}go_backwards=True)\n"
        f"Sequential([Input((5, 3)), Bidirectional(LSTM(10, {forward}), backward_layer=b)])\n"
    )
    (layer,) = read(source).layers

    assert (query_of(layer) is not None) == is_shown


def test_how_two_directions_are_merged_is_not_claimed_without_being_known() -> None:
    source = "def f(merge, x):\n    return keras.layers.Bidirectional(keras.layers.GRU(8), merge_mode=merge)(x)\n"
    (layer,) = read(f"import keras\n{source}").layers

    assert query_of(layer) is None


@pytest.mark.parametrize(
    "units", ["(64, 16)[::-1]", "[64, 16][::-1]", "reversed((64, 16))", "[16, 5, 64][::2]", "(1, 64, 16)[:0:-1]"]
)
def test_a_part_of_a_list_may_have_steps(units: str) -> None:
    source = (
        "from keras import Input, Model\nfrom keras.layers import GRU\nx = inputs = Input((24, 5))\n"
        f"for units in {units}:\n    x = GRU(units, return_sequences=True)(x)\nmodel = Model(inputs, x)\n"
    )
    assert layers(source) == ["-: gru ? 24 5 -> ? 24 16", "-: gru ? 24 16 -> ? 24 64"]


FRAMES = """from keras import Input, Model, Sequential
from keras.layers import GRU, Conv2D, Dense, Flatten, MaxPooling2D, TimeDistributed
first = Conv2D(6, 3, input_shape=(12, 10, 3))
seen = Input((12, 10, 3))
INNER
model = Sequential([TimeDistributed(inner, input_shape=(7, 12, 10, 3)), GRU(4)])
"""


@pytest.mark.parametrize(
    "inner",
    [
        "inner = Sequential([first, MaxPooling2D(), Flatten()])",
        "inner = Sequential([seen, Conv2D(6, 3), MaxPooling2D(), Flatten()])",
        "inner = Model(seen, Flatten()(MaxPooling2D()(Conv2D(6, 3)(seen))))",
    ],
)
def test_a_model_at_each_step_gets_the_input_that_its_wrapper_says(inner: str) -> None:
    source = FRAMES.replace("INNER", inner)
    found = read(source).models[-1]  # Keras: (None, 7, 12, 10, 3), (None, 7, 120), (None, 4)

    assert (found[0].input, found[-1].input, found[-1].output) == ((None, 7, 12, 10, 3), (None, 7, 120), (None, 4))
    without = read(source.replace(", input_shape=(7, 12, 10, 3)", "")).models[-1]
    assert without[0].input == (None, None, 12, 10, 3)
    assert (without[-1].input, without[-1].output) == ((None, None, 120), (None, 4))


def test_a_layer_at_each_step_gets_what_it_says_itself_at_each_of_them() -> None:
    source = "from keras import layers, Sequential\nm = Sequential([layers.TimeDistributed(LAYER), layers.GRU(4)])\n"
    found = read(source.replace("LAYER", "layers.Dense(3, input_shape=(5,))")).layers

    assert [layer.input for layer in found] == [(None, None, 5), (None, None, 3)]
