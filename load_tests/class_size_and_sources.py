"""A class of the largest size: behind one router, as in a school, or each student with an address of their own."""

from collections.abc import Iterator

from load_tests.http_client import HERE

CLASS = 300


def sources() -> Iterator[tuple[str, list[str]]]:
    """Each case with the address of every student. All of 127.0.0.0/8 is this machine."""
    yield f"{CLASS} addresses", [f"127.1.{k // 200}.{k % 200 + 1}" for k in range(CLASS)]
    yield "one address", [HERE] * CLASS
