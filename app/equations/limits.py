"""Limits of typed equations: of texts, tensors and sizes, and of the notation of papers."""

MAX_CHARACTERS, MAX_LINES, MAX_NAME, MAX_NUMBER = 4_000, 120, 24, 24
"""Of a text: its characters, its lines, the characters of a name and of a number."""

MAX_TITLE = 40
"""Characters of the title of a cell."""

MAX_DEPTH, MAX_AXES, MAX_AXIS_TERMS, MAX_SIZE = 40, 6, 8, 4096
"""How deep expressions are nested; the axes of a tensor; the terms of an axis; a size that is a number."""

MAX_TENSORS = 250
"""The tensors of a step, with those that have no name in the text."""

# The notation of papers.

MAX_EQUATION_TERMS = 400
"""How many terms an equation has."""

MOST_LAYERS = 8
"""How many layers a text has at most whose lines are written for each."""

MAX_SUMMANDS = 32
"""How many terms a sum over a range has."""

MAX_EXPANDED = 200
"""How many terms products of sums become."""

MAX_STEPS = 64
"""How many steps a tensor may be before."""

MOST_ELEMENTS = 16
"""How many elements or blocks of a tensor a text names."""

MOST_NAMES = 20
"""How many names of one list are read."""

MOST_PARTS = 16
"""How often an axis stands in a sum, as in 4 d."""

MOST_TRIED = 3
"""How many names such as θ_K, θ_V and θ_Q are tried as matrices, and parts of sentences as lines, as each time the
whole text is read."""

MOST_TYPED = 24
"""How many characters a term has at most that a message repeats."""

MOST_TOKENS_OF_NAME = 16
"""How many tokens the name in a quotient such as dv/dt has."""
