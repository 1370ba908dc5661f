"""The lines of the small programs in Keras."""

from ..listing import PRINT_OUTPUT, Listing

OF_RANK = (
    *("keras-3-rank-shape", "keras-2-rank-shape", "keras-1-rank-shape"),
    *("keras-3-rank", "keras-2-rank", "keras-1-rank"),
)
"""The messages of a layer about the number of axes."""

OF_FEATURES = (
    *("keras-2-axis-shape", "keras-1-axis-shape", "keras-3-axis-shape-2", "keras-2-axis-shape-2"),
    *("keras-1-axis-shape-2", "pytorch-product"),
)
"""The messages about the last axis of x."""

KERAS: dict[str, Listing] = {
    "other_batch": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([
            keras.Input(batch_shape=({expected_1}, {time}, {features})),
            keras.layers.{keras_class}({units}, stateful=True),
        ])
        x = np.zeros(({expected_1}, {time}, {features}))
        - output = model.predict(x, batch_size={got_1}, verbose=0)
        + output = model.predict(x, batch_size={expected_1}, verbose=0)
        """
        + PRINT_OUTPUT,
        "({expected_1}, {units})",
        when="a smaller batch of a call",
        of=("keras-stateful-batch",),
    ),
    "missing_axis": Listing(
        """
        import keras
        import numpy as np
        x = np.zeros(({batch}, {features_of_x}))
        - output = keras.layers.{keras_class}({units})(x)
        + output = keras.layers.{keras_class}({units})(x[:, np.newaxis])
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
        when="2 axes of a layer",
        of=OF_RANK,
    ),
    "missing_batch": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([keras.Input(({time}, {features})), keras.layers.{keras_class}({units})])
        x = np.zeros(({time}, {features}))
        - output = model.predict(x, verbose=0)
        + output = model.predict(x[np.newaxis], verbose=0)
        """
        + PRINT_OUTPUT,
        "(1, {units})",
        when="2 axes of a model",
    ),
    "missing_features_axis": Listing(
        """
        import keras
        import numpy as np
        x = np.zeros(({batch}, {steps_of_x}))
        - output = keras.layers.{keras_class}({units})(x)
        + output = keras.layers.{keras_class}({units})(x[..., np.newaxis])
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
        when="2 axes of a layer",
        of=OF_RANK,
    ),
    "return_sequences": Listing(
        """
        import keras
        model = keras.Sequential([
            keras.Input(({time}, {features_below})),
        -     {below},
        +     {below_with_steps},
            keras.layers.{keras_class}({units}),
        ])
        print(model.output_shape)
        """,
        "(None, {units})",
        when="x",
        of=OF_RANK,
    ),
    "repeated_vector": Listing(
        """
        import keras
        model = keras.Sequential([
            keras.Input(({time}, {features_below})),
            {below},
        +     keras.layers.RepeatVector({time}),
            keras.layers.{keras_class}({units}, return_sequences=True),
        ])
        print(model.output_shape)
        """,
        "(None, {time}, {units})",
        when="x",
        of=OF_RANK,
    ),
    "target_column": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([keras.Input((None, {features})), keras.layers.{keras_class}({units})])
        table = np.zeros(({batch} + {time}, {features_got}))
        - x = np.stack([table[n : n + {time}] for n in range({batch})])
        + x = np.stack([table[n : n + {time}, :-1] for n in range({batch})])
        output = model(x)
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
    ),
    "extra_axis": Listing(
        """
        import keras
        import numpy as np
        x = np.zeros(({batch}, {time}, 2, 5))
        - output = keras.layers.{keras_class}({units})(x)
        + output = keras.layers.{keras_class}({units})(keras.layers.Reshape(({time}, -1))(x))
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
        when="4 axes",
        of=OF_RANK,
    ),
    "other_features": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([
        -     keras.Input((None, {features})),
        +     keras.Input((None, {features_got})),
            keras.layers.{keras_class}({units}),
        ])
        output = model(np.zeros(({batch}, {time}, {features_got})))
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
        of=OF_FEATURES,
    ),
    "exchanged_shape": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([
        -     keras.Input(({features_got}, {time})),
        +     keras.Input(({time}, {features_got})),
            keras.layers.{keras_class}({units}),
        ])
        output = model(np.zeros(({batch}, {time}, {features_got})))
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
    ),
    "features_first": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([keras.Input((None, {features})), keras.layers.{keras_class}({units})])
        x = np.zeros(({batch}, {features}, {features_got}))
        - output = model(x)
        + output = model(x.swapaxes(1, 2))
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
    ),
    "other_columns": Listing(
        """
        import keras
        import numpy as np
        model = keras.Sequential([keras.Input((None, {features})), keras.layers.{keras_class}({units})])
        - x = np.zeros(({batch}, {time}, {features_got}))
        + x = np.zeros(({batch}, {time}, {features}))
        output = model(x)
        """
        + PRINT_OUTPUT,
        "({batch}, {units})",
    ),
    **dict.fromkeys(
        ("encoder_units", "decoder_units"),
        Listing(
            """
            import keras
            import numpy as np
            encoder = keras.layers.{keras_class}({got_1}, return_state=True)
            - decoder = keras.layers.{keras_class}({expected_1}, return_sequences=True)
            + decoder = keras.layers.{keras_class}({got_1}, return_sequences=True)
            x = keras.Input(({time}, {features}))
            _, *states = encoder(x)
            model = keras.Model(x, decoder(x, initial_state=states))
            output = model.predict(np.zeros(({batch}, {time}, {features})), verbose=0)
            """
            + PRINT_OUTPUT,
            "({batch}, {time}, {got_1})",
            when="h_0",
            of=("tensorflow-2-product",),
            runs_in="tensorflow",
        ),
    ),
    "last_batch": Listing(
        """
        import keras
        import numpy as np
        layer = keras.layers.{keras_class}({units}, stateful=True)
        x = np.zeros(({all_samples}, {time}, {features}))
        + x = x[: len(x) // {expected_1} * {expected_1}]
        for n in range(0, len(x), {expected_1}):
            output = layer(x[n : n + {expected_1}])
        """
        + PRINT_OUTPUT,
        "({expected_1}, {units})",
        when="stateful",
    ),
    "static_batch": Listing(
        """
        import keras
        model = keras.Sequential([
        -     keras.Input(({time}, {features})),
        +     keras.Input(({time}, {features}), batch_size=1),
            keras.layers.{keras_class}({units}, stateful=True),
        ])
        print(model.output_shape)
        """,
        "(1, {units})",
        of=("keras-stateful", "keras-2-stateful"),
    ),
    "transposed": Listing(
        """
        import keras
        import numpy as np
        layer = keras.layers.{keras_class}({units})
        layer.build((None, None, {features}))
        kernel = np.zeros(({got}))
        recurrent_kernel, bias = layer.get_weights()[1:]
        - layer.set_weights([kernel, recurrent_kernel, bias])
        + layer.set_weights([kernel.T, recurrent_kernel, bias])
        print(layer.get_weights()[0].shape)
        """,
        "({expected})",
        when="kernel",
    ),
    "dense_features": Listing(
        """
        import keras
        import numpy as np
        x = np.zeros(({batch}, {time}, {features}))
        output = keras.layers.LSTM({dense_got})(x)
        dense = keras.layers.Dense(10)
        - dense.build((None, {dense}))
        + dense.build((None, {dense_got}))
        output = dense(output)
        """
        + PRINT_OUTPUT,
        "({batch}, 10)",
        when="dense",
    ),
}
"""Cause -> the program in Keras."""
