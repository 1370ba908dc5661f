"""Queues of messages to clients."""

import asyncio

from app.rooms.mailbox import Outbox, Write


def writer(written: list[str]) -> Write:
    """A connection that accepts every message."""

    def write(message: str) -> bool:
        written.append(message)
        return True

    return write


def test_a_waiting_reader_is_written_to_directly_and_not_woken() -> None:
    async def lesson() -> tuple[list[str], bool]:
        written: list[str] = []
        outbox = Outbox(writer(written))
        waiting = asyncio.create_task(outbox.wait())
        await asyncio.sleep(0)
        outbox.put("room", "first")
        outbox.put("room", "second")
        await asyncio.sleep(0)
        return written, waiting.done()

    assert asyncio.run(lesson()) == (["first", "second"], False)


def test_a_message_that_cannot_be_written_is_queued_and_replaced_by_a_newer_one() -> None:
    async def lesson() -> list[str]:
        outbox = Outbox(lambda message: False)
        waiting = asyncio.create_task(outbox.wait())
        await asyncio.sleep(0)
        for message in ("first", "second"):
            outbox.put("room", message)
        outbox.put("here", "two of us")
        return await waiting

    assert asyncio.run(lesson()) == ["second", "two of us"]


def test_no_message_overtakes_one_that_is_being_sent() -> None:
    async def lesson() -> tuple[list[str], list[str]]:
        written: list[str] = []
        outbox = Outbox(writer(written))
        outbox.put("room", "first")
        taken = await outbox.wait()
        outbox.put("room", "second")  # the reader is not waiting now
        return written, [*taken, *await outbox.wait()]

    assert asyncio.run(lesson()) == ([], ["first", "second"])


def test_the_newest_message_is_sent_last() -> None:
    async def lesson() -> list[str]:
        outbox = Outbox()
        outbox.put("room", "a question")
        outbox.put("verdict", "of the answer to it")
        outbox.put("room", "another question")
        return await outbox.wait()

    assert asyncio.run(lesson()) == ["of the answer to it", "another question"]
