"""The app behind a prefix: every URL of a page, a redirect or a header leads to the app."""

import re

import pytest
from app_client import TestClient

from app.core.work_limits import Budget
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


def client_behind(root_path: str) -> TestClient:
    return TestClient(create_app(Settings(Budget(), root_path=root_path)), follow_redirects=False)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_behind("/school/unrolled")


def opened(client: TestClient, path: str) -> str:
    """A page, after its redirect if it has one."""
    response = client.get(path, headers={"Accept": "text/html"})
    return opened(client, response.headers["Location"]) if response.status_code in (303, 307) else response.text


def test_every_url_of_a_page_has_the_prefix_and_can_be_opened(client: TestClient) -> None:
    kinds: dict[str, str] = {}
    for path in PAGES:
        addresses = set(ADDRESSES.findall(opened(client, "/school/unrolled" + path)))
        whole = {address for address in addresses if address.startswith("http")}
        own = {address.replace("&amp;", "&") for address in addresses - whole}
        assert own, path
        assert all(address.startswith(("https://", "http://testserver/school/unrolled/")) for address in whole), path
        assert all(address.startswith("/school/unrolled/") for address in own), path
        kinds |= {re.split("[/?]", address)[3]: address for address in own}
    for address in kinds.values():  # one for each first part of a path
        assert client.get(address, headers={"Accept": "text/html"}).status_code in (200, 303, 307, 422), address


def test_a_shortened_link_has_the_prefix(client: TestClient) -> None:
    page = opened(client, f"/school/unrolled/?data=text&text={'%E4%B8%AD' * 2000}")
    shortened = re.findall(r' data-link="([^"]*)"', page)

    assert shortened and all(address.startswith("/school/unrolled/") for address in shortened)


def test_the_page_is_the_same_if_the_proxy_removes_the_prefix(client: TestClient) -> None:
    assert client.get("/questions").text == client.get("/school/unrolled/questions").text


def test_the_prefix_alone_is_the_main_page(client: TestClient) -> None:
    assert client.get("/school/unrolled").text == client.get("/school/unrolled/").text


def test_a_path_that_only_begins_like_the_prefix_is_not_behind_it(client: TestClient) -> None:
    assert client.get("/school/unrolledx/").status_code == 404


def test_without_a_prefix_no_url_has_one() -> None:
    assert "/school" not in client_behind("").get("/").text


def test_redirects_and_headers_have_the_prefix(client: TestClient) -> None:
    assert client.get("/join?code=ABCDE").headers["Location"] == "/school/unrolled/room/ABCDE"
    assert client.get("/").headers["Link"].startswith("</school/unrolled/trace.json>")


def test_typed_text_is_not_changed_by_the_prefix(client: TestClient) -> None:
    page = client.get("/school/unrolled/questions", params={"q": ' href="/x" /y'}).text
    assert " href=&#34;/x&#34; /y</textarea>" in page


def test_openapi_json_names_the_prefix(client: TestClient) -> None:
    assert client.get("/openapi.json").json()["servers"] == [{"url": "/school/unrolled"}]


def test_a_room_can_be_entered_behind_the_prefix(client: TestClient) -> None:
    code = client.post("/school/unrolled/rooms").json()["code"]
    with client.websocket_connect(f"/school/unrolled/rooms/{code}") as socket:
        assert socket.receive_json()["room"]["query"] == ""


def test_the_proxy_may_define_the_prefix() -> None:
    client = client_behind("auto")
    forwarded = {"X-Forwarded-Prefix": "/a/b/", "Accept": "text/html"}
    assert 'href="/a/b/learn"' in client.get("/a/b/", headers=forwarded).text
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
def test_an_invalid_prefix_from_a_proxy_is_ignored(prefix: str) -> None:
    page = client_behind("auto").get("/learn", headers={b"X-Forwarded-Prefix": prefix.encode("latin-1")}).text
    assert 'href="/learn"' in page


def test_a_fixed_prefix_is_not_overridden_by_a_header(client: TestClient) -> None:
    page = client.get("/", headers={"X-Forwarded-Prefix": "/elsewhere"}).text
    assert "/elsewhere" not in page


def test_a_prefix_may_equal_a_path_of_the_app() -> None:
    client = TestClient(create_app(Settings(Budget(), root_path="/room")), follow_redirects=False)
    assert client.get("/room/join?code=ABCDE").headers["Location"] == "/room/room/ABCDE"


def test_a_500_has_the_headers_of_its_path() -> None:
    app = create_app(Settings(Budget(), root_path="/school"))

    async def fail(make: object) -> None:
        raise ZeroDivisionError

    app.state.runner.quick = fail
    failed = TestClient(app, raise_server_exceptions=False).get("/school/diagram.json")
    assert failed.status_code == 500
    assert failed.headers["Access-Control-Allow-Origin"] == "*"
