"""Encoded response bodies, and how to decode them."""

import gzip
from collections.abc import Callable

import brotli
import zstandard
from app_client import TestClient

DECODE: dict[str, Callable[[bytes], bytes]] = {
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    "br": brotli.decompress,
    "gzip": gzip.decompress,
}


def raw(client: TestClient, path: str, accept: str) -> tuple[str | None, bytes]:
    """The encoding of a response and its encoded body."""
    with client.stream("GET", path, headers={"Accept-Encoding": accept}) as response:
        return response.headers.get("content-encoding"), b"".join(response.iter_raw())
