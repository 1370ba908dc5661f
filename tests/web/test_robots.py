"""Crawlers may fetch a finite number of pages."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from app_client import TestClient

from app.core.work_limits import Budget
from app.main import create_app
from app.settings import Settings
from app.teaching.lessons.order import LESSONS
from app.teaching.questions import QUESTIONS

PAGES = ("/", "/learn", "/questions", "/docs")
"""A crawler that follows links from the main page."""


def rules(client: TestClient, path: str = "/robots.txt") -> RobotFileParser:
    """The rules as Python parses them, which does not support wildcards."""
    response = client.get(path)
    assert (response.status_code, response.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    parser = RobotFileParser()
    parser.parse(response.text.splitlines())
    return parser


class Crawler(HTMLParser):
    """Follows every link from the main page that neither the rules, a ``rel`` nor the page itself forbid, until it
    has found ``most`` URLs."""

    def __init__(self, client: TestClient, most: int) -> None:
        super().__init__()
        self.rules, self.found = rules(client), ["/"]
        for path in self.found:  # the list grows meanwhile
            self.at, page = path, client.get(path).text
            if len(self.found) < most and not has_nofollow(page):
                self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        link = urljoin(self.at, (values.get("href") or "").partition("#")[0])
        if tag != "a" or urlsplit(link).netloc or "nofollow" in (values.get("rel") or ""):
            return
        if link not in self.found and self.rules.can_fetch("a crawler", link):
            self.found.append(link)


def has_nofollow(html: str) -> bool:
    return re.search(r'<meta name="robots" content="[^"]*nofollow', html) is not None


def test_a_crawler_that_obeys_robots_txt_finds_an_end(client: TestClient) -> None:
    found = Crawler(client, 100).found
    assert {*PAGES} <= {*found} and len(found) < 50


def test_views_are_noindex_and_links_to_them_nofollow(client: TestClient) -> None:
    for path in ("/", "/learn/what-is-num-units", "/questions/ndim", "/learn", "/questions", "/docs"):
        assert not has_nofollow(client.get(path).text)
        assert not has_nofollow(client.get(f"{path}?utm_source=a+letter").text), "it is the same page"
        assert has_nofollow(client.get(f"{path}?num_units=7").text)


@pytest.mark.parametrize("path", ["/trace.json?t=1", "/diagram.svg", "/room/ABCDE", "/embed", "/quiz"])
def test_paths_that_are_not_pages_of_text_are_disallowed(client: TestClient, path: str) -> None:
    assert not rules(client).can_fetch("a crawler", path)
    assert rules(client).can_fetch("Twitterbot", path), "which fetches what somebody shared"


def test_pages_and_their_files_are_allowed(client: TestClient) -> None:
    below = *(f"/learn/{slug}" for slug in LESSONS), *(f"/questions/{slug}" for slug in QUESTIONS)
    for path in (*PAGES, *below, "/static/x/css/base.css"):
        assert rules(client).can_fetch("a crawler", path)


def test_the_rules_have_the_prefix() -> None:
    client = TestClient(create_app(Settings(Budget(), root_path="/unrolled")))
    found = rules(client, "/unrolled/robots.txt")
    assert found.can_fetch("a crawler", "/unrolled/learn")
    assert not found.can_fetch("a crawler", "/unrolled/quiz")
    assert found.can_fetch("a crawler", "/quiz"), "that is another site's"
    assert "Disallow: /unrolled/*?\n" in client.get("/unrolled/robots.txt").text


def test_views_are_disallowed_for_crawlers_that_support_wildcards(client: TestClient) -> None:
    assert "Disallow: /*?" in client.get("/robots.txt").text.partition("User-agent: *\n")[2].splitlines()
