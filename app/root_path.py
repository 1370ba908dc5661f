"""What ROOT_PATH may be: the prefix behind which a proxy has the app. The settings check it without loading the web."""

import re

FORWARDED = "auto"
"""The value of ROOT_PATH with which the proxy gives the prefix of every request, in X-Forwarded-Prefix."""

LONGEST = 200
"""The largest number of characters of a prefix, which is repeated in every address of a page."""

ALLOWED = re.compile(r"(/(?!\.{1,2}(/|\Z))[\w.~-]+)*", re.ASCII)
"""What a prefix looks like: it needs no escapes, and none of its parts is a dot segment."""

ALLOWED_IN_WORDS = f"a path such as /unrolled, of at most {LONGEST} letters, digits and -._~ without . and .. as parts"
"""The same in words."""


def is_prefix(text: str) -> bool:
    return len(text) <= LONGEST and ALLOWED.fullmatch(text) is not None
