"""Proxies in front of the app: which are trusted (FORWARDED_ALLOW_IPS), and at which path prefix one serves the app
(ROOT_PATH). This module is separate so that the settings can check both without importing app.web.

uvicorn takes the address of a client from the X-Forwarded-For of a trusted proxy, and the scheme from its
X-Forwarded-Proto: ``cli.serve`` tells it which are trusted, and ``web/requests_and_responses/client.py`` uses the
address. ``web/server/prefix.py`` reads X-Forwarded-Prefix.
"""

import re
from ipaddress import ip_network

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


def parse_root_path(text: str) -> str:
    """A prefix without a slash at its end, or ``FORWARDED``."""
    prefix = text.removesuffix("/")
    if prefix != FORWARDED and not is_prefix(prefix):
        raise ValueError(f"{ALLOWED_IN_WORDS}, or {FORWARDED}")
    return prefix


def parse_proxies(text: str) -> str:
    """IP addresses and networks. They are checked here because uvicorn regards any other text as the name of a socket,
    and then trusts no proxy."""
    try:
        for part in [] if text == "*" else text.split(","):
            ip_network(part.strip())
    except ValueError:
        raise ValueError("IP addresses and networks with commas between them, such as 10.0.0.0/8, or *") from None
    return text
