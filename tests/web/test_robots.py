"""Crawlers: what they may fetch is finite."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import pytest
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.lessons.learn import LESSONS
from app.lessons.questions import QUESTIONS
from app.main import create_app
from app.settings import Settings

PAGES = ("/", "/learn", "/questions", "/docs")
"""What a crawler finds on its way from the first page."""


def rules(client: TestClient, path: str = "/robots.txt") -> RobotFileParser:
    """As Python reads them, which knows no wildcards."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    parser = RobotFileParser()
    parser.parse(answer.text.splitlines())
    return parser


class Crawler(HTMLParser):
    """Follows every link from the first page on that neither the rules, a ``rel`` nor the page itself forbid, until it
    has found ``most`` addresses."""

    def __init__(self, client: TestClient, most: int) -> None:
        super().__init__()
        self.rules, self.found = rules(client), ["/"]
        for path in self.found:  # which grows
            self.at, page = path, client.get(path).text
            if len(self.found) < most and not has_nofollow(page):
                self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        link = urljoin(self.at, (given.get("href") or "").partition("#")[0])
        if tag != "a" or urlsplit(link).netloc or "nofollow" in (given.get("rel") or ""):
            return
        if link not in self.found and self.rules.can_fetch("a crawler", link):
            self.found.append(link)


def has_nofollow(html: str) -> bool:
    return re.search(r'<meta name="robots" content="[^"]*nofollow', html) is not None


def test_a_crawler_that_obeys_robots_txt_comes_to_an_end(client: TestClient) -> None:
    found = Crawler(client, 100).found
    assert {*PAGES} <= {*found} and len(found) < 50


def test_a_page_of_a_state_is_not_for_an_index_and_its_links_are_not_for_crawlers(client: TestClient) -> None:
    for path in ("/", "/learn/what-is-num-units", "/questions/ndim", "/learn", "/questions", "/docs"):
        assert not has_nofollow(client.get(path).text)
        assert not has_nofollow(client.get(f"{path}?utm_source=a+letter").text), "it is the same page"
        assert has_nofollow(client.get(f"{path}?num_units=7").text)


@pytest.mark.parametrize("path", ["/trace.json?t=1", "/diagram.svg", "/room/ABCDE", "/embed", "/quiz"])
def test_what_is_no_page_of_words_is_closed(client: TestClient, path: str) -> None:
    assert not rules(client).can_fetch("a crawler", path)
    assert rules(client).can_fetch("Twitterbot", path), "which fetches what somebody shared"


def test_pages_and_what_they_need_are_open(client: TestClient) -> None:
    below = *(f"/learn/{slug}" for slug in LESSONS), *(f"/questions/{slug}" for slug in QUESTIONS)
    for path in (*PAGES, *below, "/static/x/css/base.css"):
        assert rules(client).can_fetch("a crawler", path)


def test_behind_a_prefix_the_rules_have_it() -> None:
    client = TestClient(create_app(Settings(Budget(), root_path="/unrolled")))
    found = rules(client, "/unrolled/robots.txt")
    assert found.can_fetch("a crawler", "/unrolled/learn")
    assert not found.can_fetch("a crawler", "/unrolled/quiz")
    assert found.can_fetch("a crawler", "/quiz"), "that is another site's"
    assert "Disallow: /unrolled/*?\n" in client.get("/unrolled/robots.txt").text


def test_every_state_is_closed_to_crawlers_that_know_wildcards(client: TestClient) -> None:
    assert "Disallow: /*?" in client.get("/robots.txt").text.partition("User-agent: *\n")[2].splitlines()
