"""Loading: the server's picture first, then Plotly's in its place."""

from collections.abc import Callable

from page_actions import becomes, read, settle
from playwright.sync_api import Page, expect

from app.diagram.theme import DARK, LIGHT, Theme

Visit = Callable[..., Page]


def test_the_servers_picture_is_shown_first_and_stays_if_plotly_does_not_load(visit: Visit) -> None:
    page = visit("/robots.txt", wait=False, tolerate="plotly.min.js|Failed to load resource")
    page.route("**/plotly.min.js*", lambda route: route.abort())
    page.goto("/")
    page.mouse.move(3, 3)
    expect(page.locator("#status")).to_contain_text("Plotly did not load; showing the plain picture")
    expect(page.locator(".picture.page > svg").first).to_have_css("visibility", "visible")
    assert read(page)["still"]["words"].count("5") > 10
    page.locator("#num_units").fill("9")
    becomes(page, "location.search", "?num_units=9")
    expect(page.locator("#sentence")).to_contain_text("3 × 9")
    assert read(page)["still"]["words"].count("9") > 10


def test_plotly_is_loaded_without_any_input(visit: Visit) -> None:
    note = "addEventListener('DOMContentLoaded', () => (window.first = document.getElementById('frame').className));"
    page = visit(wait=False, script=note)
    expect(page.locator("#frame")).to_have_class("frame drawn")
    assert page.evaluate("window.first") == "frame"
    settle(page, "")


def test_the_page_follows_the_theme_of_the_system_and_loses_no_change_when_that_changes(visit: Visit) -> None:
    page = visit(color_scheme="dark")
    check_colours(page, DARK)
    page.locator("#num_units").fill("64")
    page.emulate_media(color_scheme="light")
    settle(page, "?num_units=64")
    becomes(page, "document.getElementById('plot').layout.font.color", LIGHT.ink["ink"])
    check_colours(page, LIGHT)


def check_colours(page: Page, theme: Theme) -> None:
    colours = read(page)["colours"]
    for name in ("features", "num_units"):
        assert colours[f"wire {name}"][0] == rgb(theme.ink[name])
    for name in ("cell", "layer", "pointwise"):
        assert colours[name] == [rgb(theme.edge[name]), rgb(theme.fill[name])]
    inks = page.evaluate("[...document.querySelectorAll('#plot .textpoint > text')].map((n) => n.style.fill)")
    assert {rgb(theme.ink[axis]) for axis in ("batch_size", "features", "num_units", "ink")} <= set(inks)
    for axis in ("batch_size", "time_step", "num_units"):
        expect(page.locator(f"#sentence .{axis}").first).to_have_css("color", rgb(theme.ink[axis]))
    expect(page.locator("html")).to_have_css("background-color", rgb(theme.fill["paper"]))


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))})"
