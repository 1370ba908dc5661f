"""Answers as they were sent, and how they are decoded."""

import gzip
from collections.abc import Callable

import brotli
import zstandard
from starlette.testclient import TestClient

DECODE: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


def raw(client: TestClient, path: str, accept: str) -> tuple[str | None, bytes]:
    """The encoding of an answer and its bytes as they were sent."""
    with client.stream("GET", path, headers={"Accept-Encoding": accept}) as answer:
        return answer.headers.get("content-encoding"), b"".join(answer.iter_raw())
