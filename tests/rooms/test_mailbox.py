"""Places for what is still to be told."""

import asyncio

from app.rooms.mailbox import Outbox, Write


def says(said: list[str]) -> Write:
    """A line that takes everything."""

    def write(message: str) -> bool:
        said.append(message)
        return True

    return write


def test_who_waits_is_told_at_once_and_not_woken() -> None:
    async def lesson() -> tuple[list[str], bool]:
        said: list[str] = []
        outbox = Outbox(says(said))
        waiting = asyncio.create_task(outbox.wait())
        await asyncio.sleep(0)
        outbox.put("room", "first")
        outbox.put("room", "second")
        await asyncio.sleep(0)
        return said, waiting.done()

    assert asyncio.run(lesson()) == (["first", "second"], False)


def test_what_cannot_be_said_at_once_waits_and_the_newest_of_its_kind_is_what_is_told() -> None:
    async def lesson() -> list[str]:
        outbox = Outbox(lambda message: False)
        waiting = asyncio.create_task(outbox.wait())
        await asyncio.sleep(0)
        for message in ("first", "second"):
            outbox.put("room", message)
        outbox.put("here", "two of us")
        return await waiting

    assert asyncio.run(lesson()) == ["second", "two of us"]


def test_nothing_overtakes_what_somebody_has_taken_and_is_still_saying() -> None:
    async def lesson() -> tuple[list[str], list[str]]:
        said: list[str] = []
        outbox = Outbox(says(said))
        outbox.put("room", "first")
        taken = await outbox.wait()
        outbox.put("room", "second")  # whoever took the first one does not wait at the moment
        return said, [*taken, *await outbox.wait()]

    assert asyncio.run(lesson()) == ([], ["first", "second"])


def test_what_is_newest_is_told_last() -> None:
    async def lesson() -> list[str]:
        outbox = Outbox()
        outbox.put("room", "a question")
        outbox.put("verdict", "of the answer to it")
        outbox.put("room", "another question")
        return await outbox.wait()

    assert asyncio.run(lesson()) == ["of the answer to it", "another question"]
