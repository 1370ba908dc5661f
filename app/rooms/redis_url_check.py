"""The address of the Redis that stores rooms. redis-py parses it; parts that redis-py would ignore are errors."""

import re
from collections import Counter
from urllib.parse import SplitResult, parse_qsl, urlsplit

from redis.asyncio.connection import ConnectionPool, SSLConnection

ALLOWED = "the address of a Redis, such as redis://localhost:6379/0"

INTEGER, SECONDS, TEXT = r"[0-9]{1,9}", r"(?=.*[1-9])[0-9]{1,9}(\.[0-9]{1,9})?", r".+"
FLAG = r"(?i:true|false|yes|no)"

OPTIONS = {
    "client_name": TEXT,
    "db": INTEGER,
    "health_check_interval": INTEGER,
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
    "ssl_min_version": INTEGER,
    "ssl_password": TEXT,
    "username": TEXT,
}
"""The options of redis-py that an operator may set, each with a pattern of its valid values. Others would change the
format of the replies that the app reads."""


def check(url: str) -> None:
    """Raise ValueError, with what is allowed, unless redis-py uses every part of an address."""
    if not url.isprintable() or " " in url or not _is_address(url):
        raise ValueError(ALLOWED)
    parts = urlsplit(url)
    options = Counter[str](name for name in ("username", "password") if getattr(parts, name))
    options["db"] += parts.scheme != "unix" and len(parts.path) > 1
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        options[name] += 1
        if options[name] > 1:
            raise ValueError(f"{ALLOWED}, with one {name}")
        if name not in OPTIONS:
            raise ValueError(f"{ALLOWED}, with no options but {', '.join(OPTIONS)}")
        if not re.fullmatch(OPTIONS[name], value, re.ASCII):
            raise ValueError(f"{ALLOWED}, with a valid {name}")
    try:
        connection = ConnectionPool.from_url(url).make_connection()  # type: ignore[no-untyped-call]
        if isinstance(connection, SSLConnection):
            connection.ssl_context.get()  # loads the certificate files
    except Exception as error:  # redis-py checks options late, with various exceptions
        raise ValueError(f"{ALLOWED}, with options that redis-py accepts") from error


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return not parts.fragment and (_is_socket(parts) if parts.scheme == "unix" else _is_server(parts))
    except ValueError:  # the port is not a number, or a bracket is not closed
        return False


def _is_socket(parts: SplitResult) -> bool:
    """Whether it is the path of a Unix socket, without a host or port, which redis-py would ignore."""
    return len(parts.path) > 1 and not parts.hostname and parts.port is None


def _is_server(parts: SplitResult) -> bool:
    """Whether it is a host, a port other than 0 (redis-py reads 0 as no port), and the number of a database (redis-py
    reads a word as 0)."""
    host = re.fullmatch(r"[\w.:-]{1,253}", parts.hostname or "", re.ASCII)
    database = re.fullmatch(rf"(/({INTEGER})?)?", parts.path, re.ASCII)
    return parts.scheme in ("redis", "rediss") and bool(host and database) and parts.port != 0
