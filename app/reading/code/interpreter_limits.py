"""How much is read of a source: what is beyond a limit is unknown. Its size: ``reading/pasted_text_limits.py``."""

MOST_DIGITS = 30
"""Digits of a number. A longer one is replaced by an unknown name."""

MOST_PARSED = 6
"""How often a text is parsed, on average of its parts, while lines with errors are looked for."""

ALWAYS_PARSED = 30_000
"""Characters that may be parsed beside those, so that a short text with several errors is read."""

MOST_REPAIRS = 24
"""Lines that are left out because they are not Python."""

LONGEST_TEXT = 1000
"""Characters of a text; a longer one is unknown."""

LONGEST_NAME = 200
"""Characters of the name of an argument with those of its attributes."""

LARGEST_NUMBER = 10**9
"""A number whose absolute value is larger is unknown."""

LONGEST_RANGE = 64
"""Numbers of a range that are taken one by one; a longer one is a loop whose body is read as a whole."""

LONGEST_LIST = 1000
"""Items of a list that multiplication may make."""

LARGEST_AXIS = 10**12
"""A larger size is unknown."""

MOST_BASES = 50
"""Bases of a class of the source."""

MOST_OPTIONS = 6
"""Layers of which a layer may be one. It is unknown if there are more."""

MOST_PARTS = 16
"""Parts into which a tensor is split."""

DEEPEST_DICTIONARY = 8
"""Dictionaries in dictionaries."""

DEEPEST_LIST = 4
"""Lists in lists that are looked into."""

MOST_ITEMS = 30
"""Items of a list of which it is noted where they come from."""

MOST_CALLS = 12
"""Nested calls of functions of the source."""

LONGEST_WHILE = 12
"""How often the body of ``while`` is followed with values that are certain."""

RESERVED_STEPS = 3000
"""Steps that are left for the classes of a program when it is too long to be followed itself."""

MOST_LAYERS = 200
"""Layers of the models of a source."""

MOST_MODELS = MOST_LAYERS // 2
"""Models that are all followed, since most have a recurrent layer and another one. Of a source with more, later ones
are followed only if they are shown."""

MOST_INPUTS = 20
"""Inputs that are listed."""

MOST_UNKNOWN = 200
"""Unknown lines that are listed."""

LONGEST_LINE = 200
"""Characters of a line that is repeated."""
