"""The Host header of requests."""

import re

from starlette.datastructures import Headers
from starlette.types import Scope

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|(?=[.-]*\w)[\w.-]*)?(:(?P<port>\d{0,5}))?", re.IGNORECASE | re.ASCII)
"""A Host header: an IP address or a host name, and a port. RFC 9112 allows an empty one."""


def names_a_host(scope: Scope) -> bool:
    """Whether a request has exactly one valid Host header, as RFC 9112 requires; HTTP/1.0 needs none."""
    hosts = Headers(scope=scope).getlist("host")
    if not hosts:
        return bool(scope.get("http_version") == "1.0")
    if len(hosts) != 1 or not (host := _HOST.fullmatch(hosts[0])):
        return False
    return int(host["port"] or 0) < 2**16
