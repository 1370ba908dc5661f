"""The address of the Redis that stores rooms. redis-py parses it; parts that redis-py would ignore are errors."""

import re
from collections import Counter
from urllib.parse import SplitResult, parse_qsl, urlsplit

from redis.asyncio.connection import ConnectionPool, SSLConnection

REDIS = "the address of a Redis, such as redis://localhost:6379/0"

WHOLE, SECONDS, TEXT = r"[0-9]{1,9}", r"(?=.*[1-9])[0-9]{1,9}(\.[0-9]{1,9})?", r".+"
FLAG = r"(?i:true|false|yes|no)"

OPTIONS = {
    "client_name": TEXT,
    "db": WHOLE,
    "health_check_interval": WHOLE,
    "max_connections": r"[1-9][0-9]{0,8}",
    "password": TEXT,
    "protocol": r"[23]",
    "socket_connect_timeout": SECONDS,
    "socket_keepalive": FLAG,
    "socket_timeout": SECONDS,
    "ssl_ca_certs": TEXT,
    "ssl_ca_path": TEXT,
    "ssl_cert_reqs": r"none|optional|required",
    "ssl_certfile": TEXT,
    "ssl_check_hostname": FLAG,
    "ssl_ciphers": TEXT,
    "ssl_keyfile": TEXT,
    "ssl_min_version": WHOLE,
    "ssl_password": TEXT,
    "username": TEXT,
}
"""The options of redis-py that an operator may set, and their values; others change what the app reads."""


def check(url: str) -> None:
    """Raise ValueError, with what is allowed, unless redis-py understands all of an address."""
    if not url.isprintable() or " " in url or not _names_a_place(url):
        raise ValueError(REDIS)
    parts = urlsplit(url)
    given = Counter[str](name for name in ("username", "password") if getattr(parts, name))
    given["db"] += parts.scheme != "unix" and len(parts.path) > 1
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        given[name] += 1
        if given[name] > 1:
            raise ValueError(f"{REDIS}, with one {name}")
        if name not in OPTIONS:
            raise ValueError(f"{REDIS}, with no options but {', '.join(OPTIONS)}")
        if not re.fullmatch(OPTIONS[name], value, re.ASCII):
            raise ValueError(f"{REDIS}, with a valid {name}")
    try:
        connection = ConnectionPool.from_url(url).make_connection()  # type: ignore[no-untyped-call]
        if isinstance(connection, SSLConnection):
            connection.ssl_context.get()  # reads the files and versions that are named
    except Exception as error:  # redis-py passes options on unchecked, and each raises another error
        raise ValueError(f"{REDIS}, with options that redis-py accepts") from error


def _names_a_place(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return not parts.fragment and (_is_socket(parts) if parts.scheme == "unix" else _is_server(parts))
    except ValueError:  # a port that is no number, brackets that do not close
        return False


def _is_socket(parts: SplitResult) -> bool:
    """A path on this machine; what stood there for a host would be ignored."""
    return len(parts.path) > 1 and not parts.hostname and parts.port is None


def _is_server(parts: SplitResult) -> bool:
    """A host, a port that is not 0 (which is read as none), and a database (where a word is read as 0)."""
    host = re.fullmatch(r"[\w.:-]{1,253}", parts.hostname or "", re.ASCII)
    database = re.fullmatch(rf"(/({WHOLE})?)?", parts.path, re.ASCII)
    return parts.scheme in ("redis", "rediss") and bool(host and database) and parts.port != 0
