"""The page in Firefox and WebKitGTK: it loads, its sizes can be dragged, its links, lessons and rooms work."""

import pytest
from conftest import Visit
from visitor import Visitor

IS_LIVE = "document.querySelector('#frame.drawn')"
"""Whether Plotly has drawn the picture."""

NUM_UNITS = "Number(new URLSearchParams(location.search).get('num_units'))"

NO_OVERFLOW = "document.documentElement.scrollWidth <= innerWidth"


def live(visit: Visit, path: str = "/") -> Visitor:
    visitor = visit(path)
    visitor.moves_mouse()
    visitor.waits_for(IS_LIVE)
    return visitor


def has(key: str, value: object) -> str:
    return f"new URLSearchParams(location.search).get('{key}') === '{value}'"


def test_the_page_loads_and_plotly_draws_the_same_labels_as_the_server(visit: Visit) -> None:
    visitor = visit("/?num_units=7")
    shapes = "[...document.querySelectorAll('#pictures .label')].some((e) => e.textContent.endsWith('7'))"
    assert visitor.sees(shapes)
    visitor.moves_mouse()
    visitor.waits_for(IS_LIVE)
    assert visitor.sees("[...document.querySelectorAll('#plot text')].some((e) => e.textContent === '7')")


@pytest.mark.parametrize("size", [(1366, 768), (768, 1024), (450, 844)], ids=str)  # WebKit's window has at least 447
def test_nothing_is_wider_than_the_window(visit: Visit, size: tuple[int, int]) -> None:
    visitor = visit("/")
    visitor.driver.resize(*size)
    visitor.waits_for(f"innerWidth === {size[0]}")
    visitor.waits_for(NO_OVERFLOW)


def test_a_dragged_size_changes_the_sentence_the_picture_and_the_link(visit: Visit) -> None:
    visitor = live(visit)
    before = visitor.text_of("#sentence")
    visitor.drags("input[data-for=num_units]", 12)
    number = visitor.sees("Number(document.querySelector('#num_units').value)")
    assert number > 5
    visitor.waits_for(f"{NUM_UNITS} === {number}")
    size = f"{number:,}"
    visitor.waits_for(f"document.querySelector('#sentence').textContent.includes('{size}')")
    visitor.waits_for(f"[...document.querySelectorAll('#plot text')].some((e) => e.textContent.includes('{size}'))")
    assert visitor.text_of("#sentence") != before


def test_a_link_and_the_back_button_restore_a_selected_tensor(visit: Visit) -> None:
    visitor = live(visit, "/?cell=gru&num_units=7")
    visitor.clicks("#table tr[data-tensor=concat] a")
    visitor.waits_for(has("tensor", "concat"))
    visitor.waits_for("document.querySelector('#table tr.selected')?.dataset.tensor === 'concat'")
    visitor.sees("history.back()")
    visitor.waits_for("!document.querySelector('#table tr.selected')")
    assert visitor.sees(has("num_units", 7))


def test_the_next_page_of_a_lesson_follows_without_loading_the_page(visit: Visit) -> None:
    visitor = live(visit, "/learn/what-is-num-units")
    visitor.sees("(window.isStillTheSamePage = true)")
    title = visitor.text_of("#lesson h2")
    visitor.clicks("#lesson [rel=next]")
    visitor.waits_for(f"document.querySelector('#lesson h2').textContent !== {title!r}")
    assert visitor.sees("window.isStillTheSamePage")


def test_a_student_follows_a_room_and_answers(visit: Visit) -> None:
    teacher = visit("/?num_units=7")
    teacher.waits_for("!document.querySelector('#open-room').hidden")
    teacher.clicks("#open-room")
    teacher.waits_for("location.pathname.startsWith('/room/') && !document.querySelector('#room-ask')?.hidden")
    student = visit(teacher.sees("location.pathname"))
    student.waits_for(has("num_units", 7))
    teacher.waits_for("document.querySelector('#room-members').textContent.startsWith('1 ')")
    teacher.drags("input[data-for=num_units]", 12)
    for visitor in (teacher, student):
        visitor.waits_for(f"{NUM_UNITS} > 7")
