"""What sizes are called in programs with recurrent layers: patterns, which are searched in their names or texts."""

import re

SAMPLES = re.compile(r"batch|^bsz?$", re.IGNORECASE)

SAMPLES_OF_DATA = re.compile(r"batch|^(?:bsz?|b)$|\.size\(|\.shape\[|\blen\(", re.IGNORECASE)
"""The size of a batch, by its name or by what reads it."""

STEPS = re.compile(r"window|step|seq|len|look_?back|time", re.IGNORECASE)

STEPS_OF_DATA = re.compile(r"\bmax\(|long|steps?\b|len(?:gth)?s?\b|\bshape\[|\bsize\(", re.IGNORECASE)
"""A size that a program takes from its data, or names after the length of sequences."""

NO_STEPS = re.compile(r"batch|^bsz?$|epoch|class|layer|unit|hid|feat|dim|seed", re.IGNORECASE)

FEATURES = re.compile(r"feat|dim|channel|var|sensor|input_size", re.IGNORECASE)

INPUT_SIZE = re.compile(r"emb|feat|input|n_in\b|vocab", re.IGNORECASE)
HIDDEN_SIZE = re.compile(r"hid|unit", re.IGNORECASE)
"""The two sizes of a recurrent layer of PyTorch."""

NO_WIDTH = re.compile(r"batch|bsz|epoch|step|len|vocab|class|layer|seed|window|horizon|heads", re.IGNORECASE)
"""What is neither a number of features nor one of units."""

LAYERS = re.compile(r"(?:\b|_)(?:n_?)?(?:layers?|depth)\b", re.IGNORECASE)
