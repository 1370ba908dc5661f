"""Behind a prefix: every address that a page, a redirect or a header names leads to the app again."""

import re

import pytest
from starlette.testclient import TestClient

from app.core.budget import Budget
from app.main import create_app
from app.settings import Settings

ADDRESSES = re.compile(r'\s(?:href|src|action)="([^"#][^"]*)"')
PAGES = (
    "/",
    "/?tensor=h&view=weights&stepping=true",
    "/learn",
    "/learn/what-is-num-units?lang=es",
    "/questions",
    "/questions?q=num_units",
    "/docs",
    "/join",
    "/quiz?seed=3",
    "/room/ABCDE",
    "/?num_units=0",
    "/nothing",
)


def behind(root_path: str) -> TestClient:
    return TestClient(create_app(Settings(Budget(), root_path=root_path)), follow_redirects=False)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return behind("/school/unrolled")


def opened(client: TestClient, path: str) -> str:
    """A page, and where it sends its reader on, the page there."""
    answer = client.get(path, headers={"Accept": "text/html"})
    return opened(client, answer.headers["Location"]) if answer.status_code in (303, 307) else answer.text


def test_every_address_of_a_page_is_behind_the_prefix_and_leads_somewhere(client: TestClient) -> None:
    kinds: dict[str, str] = {}
    for path in PAGES:
        addresses = set(ADDRESSES.findall(opened(client, "/school/unrolled" + path)))
        whole = {address for address in addresses if address.startswith("http")}
        own = {address.replace("&amp;", "&") for address in addresses - whole}
        assert own, path
        assert all(address.startswith(("https://", "http://testserver/school/unrolled/")) for address in whole), path
        assert all(address.startswith("/school/unrolled/") for address in own), path
        kinds |= {re.sub(r"\?.*", "", address): address for address in own}
    for address in kinds.values():  # one for each path
        assert client.get(address, headers={"Accept": "text/html"}).status_code in (200, 303, 307, 422), address


def test_a_link_that_leaves_out_a_long_text_is_behind_the_prefix_too(client: TestClient) -> None:
    page = opened(client, f"/school/unrolled/?data=text&text={'a%20' * 1000}")
    shortened = re.findall(r' data-link="([^"]*)"', page)

    assert shortened and all(address.startswith("/school/unrolled/") for address in shortened)


def test_a_proxy_may_take_the_prefix_away_and_the_page_is_the_same(client: TestClient) -> None:
    assert client.get("/questions").text == client.get("/school/unrolled/questions").text


def test_the_prefix_alone_is_the_first_page(client: TestClient) -> None:
    assert client.get("/school/unrolled").text == client.get("/school/unrolled/").text


def test_what_only_begins_like_the_prefix_is_not_behind_it(client: TestClient) -> None:
    assert client.get("/school/unrolledx/").status_code == 404


def test_without_a_prefix_no_address_has_one() -> None:
    assert "/school" not in behind("").get("/").text


def test_redirects_and_headers_name_the_prefix(client: TestClient) -> None:
    assert client.get("/join?code=ABCDE").headers["Location"] == "/school/unrolled/room/ABCDE"
    assert client.get("/").headers["Link"].startswith("</school/unrolled/trace.json>")


def test_what_a_visitor_typed_is_not_taken_for_an_address(client: TestClient) -> None:
    page = client.get("/school/unrolled/questions", params={"q": ' href="/x" /y'}).text
    assert 'value=" href=&#34;/x&#34; /y"' in page


def test_the_description_of_the_api_names_the_prefix(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/school/unrolled"}]


def test_a_room_is_entered_behind_the_prefix(client: TestClient) -> None:
    code = client.post("/school/unrolled/rooms").json()["code"]
    with client.websocket_connect(f"/school/unrolled/rooms/{code}") as socket:
        assert socket.receive_json()["room"]["query"] == ""


def test_a_proxy_says_the_prefix_where_it_is_left_to_it() -> None:
    client = behind("auto")
    told = {"X-Forwarded-Prefix": "/a/b/", "Accept": "text/html"}
    assert 'href="/a/b/learn"' in client.get("/a/b/", headers=told).text
    assert 'href="/learn"' in client.get("/").text


@pytest.mark.parametrize(
    "prefix",
    [
        "//evil.example",
        "/a b",
        '/"><script>',
        "evil",
        "/a/../..//b",
        "/é",
        "/..",
        "/a/.",
        "//",
        "/a//",
        "/" + "a" * 200,
    ],
)
def test_a_prefix_that_cannot_be_one_is_left_out(prefix: str) -> None:
    page = behind("auto").get("/", headers={b"X-Forwarded-Prefix": prefix.encode("latin-1")}).text
    assert 'href="/learn"' in page


def test_nobody_says_the_prefix_where_the_operator_does(client: TestClient) -> None:
    page = client.get("/", headers={"X-Forwarded-Prefix": "/elsewhere"}).text
    assert "/elsewhere" not in page


def test_a_prefix_may_be_called_as_a_path_of_ours_is() -> None:
    client = TestClient(create_app(Settings(Budget(), root_path="/room")), follow_redirects=False)
    assert client.get("/room/join?code=ABCDE").headers["Location"] == "/room/room/ABCDE"


def test_a_failure_has_the_headers_of_its_path() -> None:
    app = create_app(Settings(Budget(), root_path="/school"))

    async def fail(make: object) -> None:
        raise ZeroDivisionError

    app.state.runner.quick = fail
    failed = TestClient(app, raise_server_exceptions=False).get("/school/diagram.json")
    assert failed.status_code == 500
    assert failed.headers["Access-Control-Allow-Origin"] == "*"
