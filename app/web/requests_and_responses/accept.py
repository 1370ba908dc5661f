"""Quality values in Accept, Accept-Encoding and Accept-Language (RFC 9110, section 12.4.2)."""

import re

from starlette.datastructures import Headers

LONGEST = 50
"""How many parts of a header are read; browsers send fewer than ten."""

QUALITY = re.compile(r"q\s*=\s*(0(\.[0-9]*)?|1(\.0*)?)")


def qualities(headers: Headers, name: str) -> dict[str, float]:
    """Each value of a header, in lower case and in the header's order, with its quality: 1 is the most preferred, 0 is
    not acceptable. Parts with an invalid quality are ignored."""
    found: dict[str, float] = {}
    for part in ",".join(headers.getlist(name)).lower().split(",", LONGEST)[:LONGEST]:
        value, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((p for p in parameters if p.partition("=")[0].rstrip() == "q"), "q=1")
        if value and (quality := QUALITY.fullmatch(weight)):
            found.setdefault(value, float(quality[1]))
    return found
