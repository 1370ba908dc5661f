"""The largest sizes of a network that a visitor may ask for."""

MAX_BATCH_SIZE, MAX_TIME_STEP, MAX_FEATURES, MAX_NUM_UNITS, MAX_NUM_LAYERS = 1024, 10_000, 4096, 8192, 8
