"""The picture in a frame of another site: permission and height."""

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from app_server import Server
from playwright.sync_api import Browser, Frame, Page, expect

HEIGHT = "(frame) => frame.getBoundingClientRect().height"


MOVE_TWO = """for (const name of ["batch_size", "num_units"]) {
  const slider = document.querySelector(`[data-for=${name}]`);
  slider.value = 6000; // without the focus, which Safari does not give a slider that is clicked
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}"""


class QuietHandler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        """Disable caching: the page changes within a second."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing."""


class School:
    """Another site, with one page that has a frame of Unrolled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.http = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self.http.server_port}/page.html"
        Thread(target=self.http.serve_forever, daemon=True).start()

    def write(self, source: str, script: str = "") -> str:
        """Write the page. Returns its address."""
        style = "border:0;width:100%;aspect-ratio:934/704"
        (self.folder / "page.html").write_text(
            f'<!doctype html><iframe src="{source}" style="{style}"></iframe>{script}'
        )
        return self.url


@pytest.fixture
def school(tmp_path: Path) -> Iterator[School]:
    school = School(tmp_path)
    yield school
    school.http.shutdown()
    school.http.server_close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    yield context.new_page()
    context.close()


def framed(page: Page) -> Frame:
    """The content of the frame, when its picture is shown and its scripts have run."""
    frame = page.frames[1]
    frame.wait_for_load_state()
    frame.wait_for_selector(".picture > svg", state="attached")
    return frame


def script(server: Server) -> str:
    return f'<script src="{server.url}/static/any/js/embed.js" async></script>'


def wait_for_height(page: Page) -> None:
    """Wait until the frame has the height of its content."""
    frame = framed(page)
    for _ in range(100):
        within = frame.evaluate("document.body.getBoundingClientRect().height")
        around = page.locator("iframe").evaluate(HEIGHT)
        if 0 <= around - within < 1:
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the height of the frame is {around}, that of its content {within}")


def test_only_the_picture_can_be_framed(page: Page, school: School, server: Server) -> None:
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        page.goto(school.write(f"{server.url}/?num_units=7"))
    assert page.frames[1].locator(".picture").count() == 0
    page.goto(school.write(f"{server.url}/embed?num_units=7"))
    expect(framed(page).locator(".picture.page")).to_be_visible()
    width = page.locator("iframe").bounding_box()
    assert width and width["height"] / width["width"] == pytest.approx(704 / 934, abs=0.01), "without the script"
    page.goto((school.folder / "page.html").as_uri())
    expect(framed(page).locator(".picture.page")).to_be_visible()


def test_sliders_change_the_picture_and_the_link_to_the_page(page: Page, school: School, server: Server) -> None:
    page.goto(school.write(f"{server.url}/embed?controls=true&lock=features", script(server)))
    frame = framed(page)
    expect(frame.locator("input[data-for=features]")).to_be_disabled()
    frame.locator("input[data-for=num_units]").press("ArrowRight")
    expect(frame.locator(".picture.page")).to_contain_text("3×6")
    expect(frame.locator("#num_units")).to_have_value("6")
    frame.locator("#time_step").fill("9")
    expect(frame.locator(".picture.page")).to_contain_text("3×9×6")

    address = "/?time_step=9&num_units=6&lock=features"
    expect(frame.locator("#open-page")).to_have_attribute("href", address)
    frame.evaluate(MOVE_TWO)  # the second one before the first one is shown
    expect(frame.locator("#open-page")).to_have_attribute(
        "href", re.compile(r"batch_size=\d+&time_step=9&num_units=\d\d")
    )
    wait_for_height(page)
    page.route("**/embed?**", lambda route: route.abort())
    frame.locator("input[data-for=num_units]").press("ArrowRight")
    expect(frame.locator("#status")).to_have_text("No response from the server.")
    batch, units = (frame.locator(f"#{name}").input_value() for name in ("batch_size", "num_units"))
    expect(frame.locator(".picture.page")).to_contain_text(f"{batch}×9×{units}")  # drawn in the browser


def test_the_frame_fits_its_content_and_a_size_below_the_followed_sample_follows_another_one(
    page: Page, school: School, server: Server
) -> None:
    source = f"{server.url}/embed?view=batch&batch_size=8&sample=7&controls=true&title=Homework"
    page.goto(school.write(source, script(server)))
    for width, format in ((1000, "page"), (390, "narrow"), (1300, "wide")):
        page.set_viewport_size({"width": width, "height": 700})
        wait_for_height(page)
        expect(framed(page).locator(f".picture.{format}")).to_be_visible()
    frame = framed(page)
    with page.expect_response(re.compile("only=template")):
        frame.locator("#batch_size").focus()
    page.route(re.compile(r"/embed\?(?!.*only=)"), lambda route: route.abort())  # only templates draw
    frame.locator("#batch_size").fill("4")
    expect(frame.get_by_role("img", name="sample 3 followed")).to_be_visible()
