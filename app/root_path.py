"""The valid values of ROOT_PATH, the path prefix at which a proxy serves the app. This module is separate so that the
settings can check it without importing app.web."""

import re

FORWARDED = "auto"
"""With this value of ROOT_PATH, the proxy sends the prefix with every request, in X-Forwarded-Prefix."""

MAX_LENGTH = 200
"""Characters of a prefix. It is repeated in every link of a page."""

ALLOWED = re.compile(r"(/(?!\.{1,2}(/|\Z))[\w.~-]+)*", re.ASCII)
"""A prefix has no characters that need percent-encoding, and no dot segments."""

ALLOWED_IN_WORDS = (
    f"a path such as /unrolled, of at most {MAX_LENGTH} letters, digits and -._~ without . and .. as parts"
)
"""The same, in words."""


def is_prefix(text: str) -> bool:
    """Whether a text is a valid prefix; the empty text is."""
    return len(text) <= MAX_LENGTH and ALLOWED.fullmatch(text) is not None
