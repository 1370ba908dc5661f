"""The code of a room, which students type or scan."""

from secrets import choice

CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""The characters of codes. None is mistaken for another one when it is read aloud or from a projector."""

CODE_LENGTH = 5
"""Characters of a code. There are 33 million codes."""

MAX_TYPED_LENGTH = 4 * CODE_LENGTH
"""Characters of a typed code, which may have spaces and hyphens."""


def random_code() -> str:
    """A random code."""
    return "".join(choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def code_of(text: str) -> str:
    """The code in a typed text, which may have lower-case letters, spaces and hyphens; empty if there is none."""
    if len(text) > MAX_TYPED_LENGTH:
        return ""
    code = "".join(character for character in text.upper() if character in CODE_ALPHABET)
    return code if len(code) == CODE_LENGTH else ""
