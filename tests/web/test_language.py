"""The language of a page: that of the link, else the one that the visitor prefers."""

import re
from functools import partial

import pytest
from app_client import TestClient
from markupsafe import Markup
from page_text import links, words
from pairing import in_turn
from selectolax.lexbor import LexborHTMLParser
from text_pages import DEFAULT, PAGES, state_at

from app.teaching.quiz.questions_and_answers import questions_of
from app.translations.languages import LANGUAGES, translator
from app.translations.phrases import phrase
from app.web.pages.parts.lesson_text import lesson_text
from app.web.pages.parts.tensor_questions import link_to
from app.web.pages.rendering import templates

OTHERS = [language for language in LANGUAGES if language != "en"]
LESSON = "/learn/what-is-num-units?t=0&tensor=h_prev&lesson_page=6"

every_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.mark.parametrize("language", OTHERS)
def test_in_every_language_a_text_names_the_same_tensors_and_links(language: str) -> None:
    wrong = []
    for name, (page, state) in PAGES.items():
        found, english = lesson_text(state, page, language), lesson_text(state, page)
        if not (
            found.highlighted == english.highlighted
            and len(found.paragraphs) == len(english.paragraphs)
            and found.title != english.title
            and [link for _, link in found.tries] == [link for _, link in english.tries]
        ):
            wrong.append(name)

    assert wrong == []


LINKED = ("/learn", "/questions", "/quiz?seed=1", LESSON, "/questions/depth?num_layers=2&layer=1&tensor=x")


@pytest.mark.parametrize(("language", "path"), in_turn(LANGUAGES, LINKED, each=2))
def test_every_link_keeps_the_language_of_the_page(client: TestClient, path: str, language: str) -> None:
    found = client.get(f"{path}{'&' if '?' in path else '?'}lang={language}", follow_redirects=True)

    assert found.status_code == 200
    for link in links(found.text):
        if link.startswith(("/learn", "/quiz", "/questions")) and "hreflang" not in link:
            assert f"lang={language}" in link, link


@pytest.mark.parametrize("path", ["/", "/learn", "/questions", "/quiz?seed=1", "/join", LESSON])
def test_every_link_to_another_page_keeps_a_dark_theme(client: TestClient, path: str) -> None:
    found = client.get(f"{path}{'&' if '?' in path else '?'}theme=dark", follow_redirects=True)
    page = LexborHTMLParser(found.text)
    shown = [a.attributes.get("href") or "" for a in page.css("header a, nav a, footer a, aside a, main a")]
    pages = [link for link in shown if re.match(r"/(learn|quiz|questions|docs|join)?\b/?[\w-]*(\?|$)", link)]

    assert len(pages) > 4
    assert [link for link in pages if "theme=dark" not in link] == []


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("zh-CN,zh;q=0.9", "zh"),
        ("de,fr;q=0.5", "en"),
        ("de, en;q=0.3, zh-TW;q=0.8", "zh"),
        ("", "en"),
        ("*", "en"),
        ("es;q=x,zh;q=0.1", "zh"),
        (",;=;;q=," * 50, "en"),
        ("en; q=0.1, es; q=0.9", "es"),
        ("es;q=0", "en"),
        ("ES-mx", "es"),
        ("zh-Hant-TW, en;q=0.9", "zh"),
        ("es;q=0.5, zh;q=0.5", "es"),
        ("zh ; q=0.8 , es\t;\tQ=0.80", "zh"),
        ("es;q=0.000, zh;q=0.001", "zh"),
        ("es;q=inf, zh;q=1.1, es-AR;q=-1, en;q=nan", "en"),
        ("est, zhx", "en"),
        ("*;q=0.9, es;q=0.1", "es"),
        ("*, en;q=0", "es"),
        ("es-MX;q=0, es;q=0.2", "es"),
        ("es;q=0, es-MX", "en"),
        ("fr, " * 60 + "es", "en"),
        ("*;q=0", "en"),
    ],
)
def test_without_lang_the_page_has_the_language_that_the_browser_prefers(
    client: TestClient, accept: str, language: str
) -> None:
    found = client.get("/learn", headers={"Accept-Language": accept})

    assert f'<html lang="{language}"' in found.text
    assert translator(language)("It is a length") in words(found.text)
    assert "Accept-Language" in found.headers["vary"]
    assert "lang=" not in " ".join(links(found.text))


def test_a_repeated_header_is_combined(client: TestClient) -> None:
    found = client.get("/learn", headers=[("Accept-Language", "de"), ("Accept-Language", "es;q=0.5")])

    assert '<html lang="es"' in found.text


def test_lang_overrides_accept_language(client: TestClient) -> None:
    found = client.get("/learn?lang=en", headers={"Accept-Language": "es"})

    assert '<html lang="en"' in found.text and "It is a length" in words(found.text)


@pytest.mark.parametrize("language", OTHERS)
def test_joining_a_room_keeps_the_language(client: TestClient, language: str) -> None:
    form = client.get(f"/join?lang={language}").text
    assert f'<input type="hidden" name="lang" value="{language}">' in form
    assert 'name="lang"' not in client.get("/join", headers={"Accept-Language": language}).text

    assert client.get(f"/join?lang={language}&code=abcde").headers["Location"] == f"/room/ABCDE?lang={language}"


def test_a_304_is_only_for_the_same_language(client: TestClient) -> None:
    tag = client.get("/learn", headers={"Accept-Language": "es"}).headers["etag"]

    condition = {"If-None-Match": tag}
    assert client.get("/learn", headers={"Accept-Language": "es", **condition}).status_code == 304
    assert client.get("/learn", headers={"Accept-Language": "zh", **condition}).status_code == 200


@every_language
def test_a_lesson_has_its_language_and_links_to_the_others(client: TestClient, language: str) -> None:
    html = client.get(f"{LESSON}&lang={language}", follow_redirects=True).text

    assert f'<html lang="{language}"' in html
    switches = re.findall(
        r'<a href="(/learn/[^"]*)" lang="(\w+)" hreflang="\w+"( aria-current="true")?>',
        html,
    )
    assert [code for _, code, _ in switches] == list(LANGUAGES)
    assert [code for _, code, current in switches if current] == [language]
    for link, code, _ in switches:
        assert state_at(link.replace("&amp;", "&")).lang == code


@pytest.mark.parametrize("language", OTHERS)
def test_the_quiz_and_its_verdicts_are_translated(client: TestClient, language: str) -> None:
    title = translator(language)(questions_of(0)[2].page.title)
    found = client.get(f"/quiz.json?lesson_page=3&lang={language}&answer=8").json()

    assert found["title"] == title
    assert found["said"] == translator(language)("It has {wanted} axes, not {given}.").format(wanted=2, given=1)
    page = client.get(f"/quiz?lesson_page=3&lang={language}", follow_redirects=True)
    assert title in words(page.text)


@pytest.mark.parametrize("language", OTHERS)
def test_questions_are_found_by_words_of_the_language(client: TestClient, language: str) -> None:
    title = translator(language)("Layers, steps, units: what is the depth of an LSTM?")
    page = client.get("/questions", params={"lang": language, "q": title}).text
    best = page.partition('id="best"')[2].partition("</section>")[0]

    assert link_to(DEFAULT, "depth").link.partition("?")[0] in best


def test_an_unknown_language_is_rejected(client: TestClient) -> None:
    assert client.get("/learn?lang=fr").status_code == 422


EVERYWHERE = (
    "/",
    "/?tensor=f&stepping=true&framework=keras&unit=1&sample=2",
    "/?tensor=a_g&cell=gru&framework=colah",
    "/?tensor=kernel&cell=gru_reset_after&framework=onnx&time_step=900",
    "/?tensor=h&cell=lstm_peephole&framework=pytorch&num_units=3&batch_size=3",
    "/?num_layers=2&layer=1&bidirectional=true&direction=backward&framework=pytorch&tensor=X&num_proj=3",
    "/?cell=lstm_coupled&framework=tf1&num_units=8192&batch_size=1024",
    "/?view=rolled&cell=rnn&tensor=Y",
    "/?view=batch&sample=1&batch_size=40&time_step=90",
    "/?view=batch&batch_size=1",
    "/?view=units&poke=c_prev&unit=3&num_units=40",
    "/?view=units&batch_size=1024&num_units=4096",
    "/?view=weights&unit=1&num_proj=3",
    "/?view=weights&framework=flax&cell=rnn",
    "/?view=gradients&tensor=c&time_step=300",
    "/?view=gradients&bidirectional=true&direction=backward",
    "/?data=text&t=3&time_step=60",
    "/?data=text&cut=words&time_step=9",
    "/?data=digit&tensor=X",
    "/?labels=hidden&tensor=h",
    "/?num_units=0",
    "/?num_units=x&t=99&lock=nothing",
    "/?t=99",
    "/nothing",
    "/docs",
    "/learn",
    "/questions?q=unit",
    "/questions?q=qqq",
    "/learn/break-it?tensor=X",
    "/questions/depth?num_layers=2&layer=1&tensor=x",
)

ENGLISH = re.compile(
    r"(?i)(?<![\w&;])(?:the|of|is|are|was|with|which|from|each|every|what|how|this|that|and|step|sample|unit|number|layer|last|first)(?![\w;])"
)

NOT_WORDS = re.compile(r"(?s)<(script|code|pre|cite|style)\b.*?</\1>|<textarea.*?</textarea>|<bdi>.*?</bdi>")


@pytest.mark.parametrize("language", OTHERS)
def test_no_text_on_a_page_is_left_in_english(client: TestClient, language: str) -> None:
    left = []
    for path in (path for one, path in in_turn(OTHERS, EVERYWHERE) if one == language or "view=" in path):
        one_picture = "&only=page" if path.startswith("/?") else ""
        found = client.get(path + one_picture, headers={"Accept-Language": language, "Accept": "text/html"})
        assert f'<html lang="{language}"' in found.text, path
        html = NOT_WORDS.sub(" ", found.text.replace("<wbr>", ""))
        texts = [
            *re.findall(r">([^<>]+)<", html),
            *re.findall(r'(?:aria-label|title|placeholder|content|alt)="([^"]*)"', html),
        ]
        left += [(path, text) for text in texts if ENGLISH.search(text)]

    assert left == []


def test_a_cached_translation_does_not_confuse_text_and_html() -> None:
    shown = partial(templates.from_string("{{ _('is {a}', a=a) }}").render, lang="en")
    for _ in range(2):
        assert shown(a=Markup("<i>h</i>")) == "is <i>h</i>"
        assert shown(a="<i>h</i>") == "is &lt;i&gt;h&lt;/i&gt;"
        assert shown(a=phrase("{x}", x="<i>h</i>")) == "is &lt;i&gt;h&lt;/i&gt;"
        assert shown(a=phrase("{x}", x=Markup("<i>h</i>"))) == "is <i>h</i>"
