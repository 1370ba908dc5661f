"""What a client prefers, as Accept, Accept-Encoding and Accept-Language say it (RFC 9110, section 12.4.2)."""

import re

from starlette.datastructures import Headers

LONGEST = 50
"""Parts of a header that are read; browsers send fewer than ten."""

QUALITY = re.compile(r"q\s*=\s*(0(\.[0-9]*)?|1(\.0*)?)")


def qualities(headers: Headers, name: str) -> dict[str, float]:
    """Each value of a header, in lower case and in its order, with its quality: 1 is best, 0 refuses it. A part whose
    quality is invalid is ignored."""
    found: dict[str, float] = {}
    for part in ",".join(headers.getlist(name)).lower().split(",", LONGEST)[:LONGEST]:
        value, *parameters = (piece.strip() for piece in part.split(";"))
        weight = next((p for p in parameters if p.partition("=")[0].rstrip() == "q"), "q=1")
        if value and (quality := QUALITY.fullmatch(weight)):
            found.setdefault(value, float(quality[1]))
    return found
