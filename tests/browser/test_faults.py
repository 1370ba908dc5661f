"""A lesson on two replicas and one Redis, in which processes and connections fail."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from app_server import Server
from page_actions import becomes
from playwright.sync_api import Page, expect
from relay import Relay
from room_actions import LOST, answer, ask_for_concat, joined, opened
from visited_pages import Visit

from scripts.redis_server import RedisServer

BACK_WITHIN = 5_000  # ms


class School:
    """Two replicas with Redis behind a relay."""

    def __init__(self, folder: Path) -> None:
        self.redis = RedisServer(folder)
        self.replicas = [Server(ROOMS_URL=self.redis.url) for _ in range(2)]
        self.relay = Relay([replica.port for replica in self.replicas])
        self.url = self.relay.url

    def close(self) -> None:
        for replica in self.replicas:
            replica.stop()
        self.redis.stop()


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    school = School(tmp_path)
    yield school
    school.close()


@pytest.fixture
def lesson(visit: Visit, school: School) -> tuple[Page, list[Page]]:
    """A teacher and two students with an open question, which one student has answered."""
    teacher = opened(visit, at=school, tolerate=LOST)
    students = [joined(visit, teacher, at=school, tolerate=LOST) for _ in range(2)]
    expect(teacher.locator("#room-members")).to_have_text("2 students")
    ask_for_concat(teacher)
    answer(students[0], "3 x 7")
    expect(teacher.locator("#talk-answered")).to_have_text("1 of 2 students have answered")
    return teacher, students


def continue_lesson(teacher: Page, students: list[Page], right: str, then: int) -> None:
    """The others answer, the counts are right, and everybody sees the solution and the next state."""
    for student in students[1:]:
        answer(student, "3 x 4")
    answered = teacher.locator("#talk-answered")
    expect(answered).to_have_text("2 of 2 students have answered", timeout=BACK_WITHIN)
    answer(students[0], right)
    expect(students[0].locator("#talk-own .right")).to_be_visible(timeout=BACK_WITHIN)
    teacher.get_by_role("button", name="Reveal").click()
    expect(teacher.locator("#talk-answers .right")).to_contain_text("1 student", timeout=BACK_WITHIN)
    for page in students:
        shown = f"[h1, x2] is {right.replace('x', '×')}"
        expect(page.locator("#talk-title")).to_have_text(shown, timeout=BACK_WITHIN)
        expect(page.locator("#talk-right")).to_have_text("1 of 2 students were right", timeout=BACK_WITHIN)
    teacher.locator("#num_units").fill(str(then))
    for page in students:
        becomes(page, "location.search", f"?num_units={then}&tensor=concat")


@pytest.mark.full
@pytest.mark.parametrize("which", [0, 1])
def test_a_lesson_continues_after_a_replica_and_redis_are_killed(
    school: School, lesson: tuple[Page, list[Page]], which: int
) -> None:
    teacher, students = lesson
    school.replicas[which].stop()
    killed = time.monotonic()
    for page in (teacher, *students):
        expect(page.locator("#room-message")).not_to_contain_text("reconnecting", timeout=BACK_WITHIN)
    continue_lesson(teacher, students, right="3 x 9", then=6)
    assert time.monotonic() - killed < 20
    expect(teacher.locator("#room-members")).to_have_text("2 students", timeout=2 * BACK_WITHIN)

    teacher.get_by_role("button", name="Ask for the selected shape").click()
    answer(students[0], "3 x 4")
    expect(teacher.locator("#talk-answered")).to_have_text("1 of 2 students have answered")
    school.redis.stop()
    answer(students[1], "3 x 4")  # while it cannot be stored
    school.redis.start()
    expect(teacher.locator("#talk-answered")).to_have_text("2 of 2 students have answered", timeout=BACK_WITHIN)
    continue_lesson(teacher, students, right="3 x 8", then=4)


@pytest.mark.full
def test_frozen_connections_are_dropped_and_opened_again(school: School, lesson: tuple[Page, list[Page]]) -> None:
    teacher, students = lesson
    school.relay.freeze()
    answer(students[1], "3 x 4")  # it is not received
    expect(teacher.locator("#talk-answered")).to_have_text("2 of 2 students have answered", timeout=20_000)
    continue_lesson(teacher, students, right="3 x 9", then=6)
