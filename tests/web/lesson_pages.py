"""Every page of every lesson, with the View of its own picture."""

from urllib.parse import parse_qsl

from app.lessons.learn import LESSONS
from app.lessons.page import Page
from app.web.learn import pages_of
from app.web.view import View, parse

USUAL = parse([], strict=True)

PAGES: dict[str, tuple[Page, View]] = {
    f"{slug} {number}": (lesson.pages[number - 1], parse(parse_qsl(query.removeprefix("?")), strict=True))
    for slug, lesson in LESSONS.items()
    for number, _, query in pages_of(USUAL, lesson)
}
