"""The largest texts that are read. What a page says of them and the forms that accept them follow these numbers."""

MAX_ERROR_KILOBYTES = 64
MAX_ERROR_BYTES = MAX_ERROR_KILOBYTES * 2**10
"""Bytes of an error message with what surrounds it, in UTF-8."""

MAX_SOURCE_KILOBYTES = 256
MAX_SOURCE_BYTES = MAX_SOURCE_KILOBYTES * 2**10
"""Bytes of a source in UTF-8."""

MAX_SOURCE_TOKENS = 30_000
"""Tokens, with line breaks, that are parsed: more than 2,000 full lines have. What follows is unknown."""

MAX_SOURCE_STEPS = 15_000
"""Expressions and statements that are followed: those of about 2,000 lines."""
