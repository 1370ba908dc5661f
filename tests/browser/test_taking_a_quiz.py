"""A quiz in the browser: answers in several notations, and a score that is stored and can be copied."""

from page_actions import becomes
from playwright.sync_api import Page, expect
from visited_pages import Visit

from app.teaching.quiz.questions_and_answers import questions_of


def answer(page: Page, text: str) -> None:
    page.get_by_label("Your answer").fill(text)
    page.keyboard.press("Enter")


def marked(page: Page) -> list[str]:
    return page.locator("#marks a").all_inner_texts()


def test_questions_are_answered_by_keyboard_and_the_result_is_copied(visit: Visit) -> None:
    stored = "localStorage['quiz 5'] ??= JSON.stringify({ 4: true, 5: true, 6: true, 7: false, 8: true, 9: true });"
    page = visit("/quiz?seed=5", plotly=False, script=stored, permissions=["clipboard-read", "clipboard-write"])
    for number, asked in [(n, asked) for n, asked in enumerate(questions_of(5), 1) if n in (1, 2, 3, 10)]:
        if number == 10:
            page.locator("#marks a").last.click()
        expect(page.locator("#question")).to_have_text(asked.page.title)
        expect(page.get_by_label("Your answer")).to_be_focused()
        wrong = number == 2
        answer(page, "1 x 1 x 1 x 1" if wrong else f"( {asked.answer.replace(' × ', ' , ')} )")
        expect(page.locator("#verdict")).to_contain_text("✗" if wrong else "✓ Right.")
        if wrong:
            answer(page, asked.answer)
            expect(page.locator("#verdict")).to_contain_text("✓ Right.")
        if number < 3:
            page.get_by_role("link", name="next ›").click()
    assert marked(page) == [f"{n} {'✗' if n in (2, 7) else '✓'}" for n in range(1, 11)]
    expect(page.locator("#score")).to_have_text("8 of 10 correct on the first try, 10 answered.")
    page.get_by_role("button", name="Copy result").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    expect(page.get_by_role("button", name="Copy result")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "quiz 5: 8 of 10" in copied and "✓✗✓✓✓✓✗✓✓✓" in copied and copied.endswith("/quiz?seed=5")
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        becomes(page, f"innerWidth === {width} && document.documentElement.scrollWidth <= {width}")
        expect(page.locator(".picture:visible")).to_have_count(1)
    page.get_by_role("link", name="Another quiz").click()
    page.wait_for_url(lambda url: "seed=5" not in url)
    expect(page.locator("#score")).to_be_hidden()


def test_a_wrong_answer_is_explained_and_revealing_counts_as_wrong(visit: Visit) -> None:
    page = visit("/quiz?lesson_page=3", plotly=False)
    answer(page, "9")
    expect(page.locator("#verdict")).to_have_text(
        "✗ That is for one sample; this tensor has a row for each sample of the batch."
    )
    page.route("**/quiz.json?*answer=slow*", lambda route: None)
    answer(page, "slow")
    with page.expect_event("requestfailed"):  # the newest answer aborts it
        answer(page, "banana")
    expect(page.locator("#verdict")).to_contain_text("“banana” is not a size")
    page.get_by_role("link", name="next ›").click()
    expect(page.locator("#marks a").nth(2)).to_have_text("3 ✗")  # the script of the next question has started
    page.get_by_role("link", name="Show the answer").click()
    page.wait_for_url(lambda url: "/quiz?" not in url)
    page.go_back()
    expect(page.locator("#marks a").nth(3)).to_have_text("4 ✗")
    assert marked(page)[2:4] == ["3 ✗", "4 ✗"]
