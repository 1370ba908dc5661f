"""Static files at /static/<build>/...: compressed once, and cacheable for a year as long as that build is served."""

import gzip
import re
from collections.abc import Callable
from functools import lru_cache
from os import PathLike, stat_result
from pathlib import Path

import brotli
import zstandard
from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import NotModifiedResponse, StaticFiles
from starlette.types import Receive, Scope, Send

from ...diagram.painters.theme_css import style_sheet
from ..requests_and_responses.accept import qualities
from ..requests_and_responses.browser_caching import caching_of_build
from ..requests_and_responses.installed_files import ROOT
from ..requests_and_responses.responses import ChunkedResponse, respond_at_once
from ..requests_and_responses.style_sheet import page_style_sheet

# In the order of preference. Plotly, the largest file with 1.5 MB, takes each of them 0.1 s, once per process.
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=9),
    "zstd": lambda body: zstandard.compress(body, 12),
    "gzip": lambda body: gzip.compress(body, 9, mtime=0),
}


@lru_cache(maxsize=64)
def encoded(path: str, modified: int, encoding: str) -> bytes:
    """A file's content, compressed. ``modified``, its time stamp, distinguishes versions of the file in the cache."""
    body = Path(path).read_bytes()
    if Path(path).is_relative_to(ROOT / "static/js"):
        body = without_comments(body)
    return ENCODERS[encoding](body) if encoding else body


def without_comments(script: bytes) -> bytes:
    """A script without its ``/** ... */``, which are a third of it. Its lines keep their numbers."""
    return _COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), script)


_COMMENT = re.compile(rb"/\*\*.*?\*/ ?", re.DOTALL)


def preferred(headers: Headers) -> str:
    """The encoding that a client prefers, or "" if it prefers the plain file or accepts nothing else."""
    wanted = qualities(headers, "accept-encoding")
    offered = {encoding: wanted.get(encoding, wanted.get("*", 0)) for encoding in ENCODERS}
    best = max(offered, key=offered.__getitem__)
    return best if offered[best] > 0 and offered[best] >= wanted.get("identity", 0) else ""


class CompressedFiles(StaticFiles):
    """Serves the files of a folder, compressed if the client accepts that."""

    def file_response(
        self, full_path: str | PathLike[str], stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        encoding = preferred(Headers(scope=scope))
        plain = super().file_response(full_path, stat_result, scope, status_code)
        plain.headers["Cache-Control"] = caching_of_build(scope["path_params"].get("build"))
        plain.headers["Vary"] = "Accept-Encoding"
        if isinstance(plain, NotModifiedResponse) or not encoding:
            return plain
        headers = {k: v for k, v in plain.headers.items() if k not in ("content-length", "accept-ranges")}
        headers |= {"etag": f"W/{headers['etag']}", "Content-Encoding": encoding}
        return Compressed(str(full_path), stat_result.st_mtime_ns, encoding, status_code, headers)


class Compressed(ChunkedResponse):
    """A file, compressed in a worker thread, once. All responses share its bytes."""

    def __init__(self, path: str, modified: int, encoding: str, status: int, headers: dict[str, str]) -> None:
        super().__init__(status_code=status, headers=headers)
        self._file = path, modified, encoding

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.body = await to_thread.run_sync(encoded, *self._file, limiter=COMPRESSING)
        self.headers["Content-Length"] = str(len(self.body))
        await super().__call__(scope, receive, send)


COMPRESSING = CapacityLimiter(1)
"""One file at a time: other requests for the same file wait for it."""

FILES = CompressedFiles(directory=ROOT / "static")


async def embed_js(request: Request, build: str) -> Response:
    """The script that pages of other sites load to give a frame the height of what is in it."""
    return await FILES.get_response("js/embed.js", request.scope)


async def theme_css(request: Request, mark: str) -> Response:
    """The style sheet with the colours and fonts of pages and pictures, from app/diagram/theme.py."""
    return await respond_at_once(request, style_sheet, caching_of_build(mark))


async def page_css(request: Request, mark: str) -> Response:
    """The style sheet of the pages, joined from the files of static/css."""
    return await respond_at_once(request, page_style_sheet, caching_of_build(mark))
