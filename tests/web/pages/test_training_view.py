"""The page of the view of a training: its fields, the numbers beside the curve, and what is below a trained network."""

from collections import Counter
from pathlib import Path
from statistics import fmean
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from app_client import TestClient
from page_text import words
from selectolax.lexbor import LexborHTMLParser, LexborNode

from app.core.cells import CELLS
from app.core.work_limits import Budget
from app.training.curves import Memorised, Point, curves
from app.training.tasks import TASKS
from app.url_state.parsing import parse
from app.url_state_to_picture.training.affordable import most_units
from app.url_state_to_picture.training.cached_trainings import trained_network
from app.url_state_to_picture.training.training_request_of_state import request_of
from app.url_state_to_picture.training.training_scene_of_state import wrong_digits_of

ROOT = Path(__file__).parents[3]
TINY = "num_units=2&epochs=2&examples=64&seed=77&view=training"
TRAINED = f"{TINY}&trained=true&only=page"


def page(client: TestClient, query: str) -> LexborHTMLParser:
    response = client.get(f"/?{query}")
    assert response.status_code == 200
    return LexborHTMLParser(response.text)


def one(part: LexborHTMLParser | LexborNode, selector: str) -> LexborNode:
    found = part.css_first(selector)
    assert found, selector
    return found


def rows(part: LexborHTMLParser, selector: str) -> list[list[str]]:
    """The texts of the cells of a table."""
    return [[words(cell.html or "") for cell in row.css("th, td")] for row in part.css(f"{selector} tbody tr")]


@pytest.mark.parametrize("cell", curves().of)
def test_the_numbers_beside_the_curve_are_those_that_were_measured(client: TestClient, cell: str) -> None:
    point = next(point for point in curves().of[cell] if point.num_units == 8)
    shown = page(client, f"view=training&cell={cell}&num_units=8&only=page")

    test, train = (f"{100 * fmean(shares):.1f} %" for shares in (point.test, point.train))
    measured = dict(rows(shown, "#selected .figures:not(.doublings)"))
    assert measured == {"not seen": test, "trained on": train, "parameters": f"{point.parameters:,}"}
    assert f"{round(100 * fmean(point.test))} of 100 digits" in words(one(shown, "#sentence").html or "")
    points = {point.num_units: point for point in curves().of[cell]}
    doubled = next(row for row in rows(shown, ".doublings") if row[0] == "8 → 16")
    few, many = (round(100 * fmean(points[n].test), 1) for n in (8, 16))
    gain = many - few
    assert doubled[1:3] == [f"{gain:+.1f}".replace("-", "−"), f"×{points[16].parameters / points[8].parameters:.1f}"]
    (now,) = [row.text() for row in shown.css(".doublings tr.now")]
    assert "8 → 16" in now


def test_what_doubling_costs_is_that_of_the_measured_schedule(client: TestClient) -> None:
    usual, other = (rows(page(client, f"view=training&examples={n}&only=page"), ".doublings") for n in (1400, 100))
    assert usual == other and all(len(row) == 4 for row in usual)


@pytest.mark.parametrize(
    "query", ["cell=gru_minimal", "cell=lstm&num_layers=2", "task=text", "task=wave", "num_units=900"]
)
def test_what_was_not_measured_has_no_percentages(client: TestClient, query: str) -> None:
    if query == "cell=gru_minimal":
        query = f"cell={next(cell for cell in CELLS if cell not in curves().of)}"
    shown = page(client, f"{query}&view=training&only=page")

    assert [name for name, _ in rows(shown, "#selected .figures:not(.doublings)")] == ["parameters"]
    # The page is the same for those who have trained it.
    assert "parameters. A training shows how" in words(one(shown, "#sentence").html or "")


@pytest.mark.parametrize("query", ["", "&task=text&text=abcabc", "&num_proj=1&bidirectional=true"])
def test_the_form_sends_each_field_once_and_its_button_trains(client: TestClient, query: str) -> None:
    form = one(page(client, f"{TINY}{query}&only=page"), "#controls")
    fields = [*form.css("input[name]:not([disabled]), button[name]")]
    sent = [(field.attributes["name"] or "", field.attributes["value"] or "") for field in fields]

    assert max(Counter(name for name, _ in sent).values()) == 1
    texts = {"text": one(form, "textarea").text()} if "task=text" in query else {}
    expected = parse(parse_qsl(f"{TINY}{query}&trained=true"), strict=True)
    found = parse([*{**dict(sent), **texts}.items()], strict=True)
    assert (found.view, request_of(found)) == (expected.view, request_of(expected))


def test_the_field_the_hint_and_the_result_name_the_same_number_of_examples(client: TestClient) -> None:
    query = "view=training&task=text&text=abcabcabcabcabcabcabcabcabc&epochs=1"  # windows of 17 in the first 22 of 27
    shown = page(client, f"{query}&only=page")
    field, button = one(shown, "#training-examples"), one(shown, "#train-hint").text()

    assert (field.attributes["value"], field.attributes["max"]) == ("6", "6")
    assert one(shown, "#training-examples-hint").text() == "There are only 6."
    assert button.startswith("1 epoch of 6 examples")
    assert client.get(f"/training.json?{query}").json()["config"]["examples"] == 6
    assert not page(client, "view=training&task=digits&examples=100&only=page").css("#training-examples-hint")


def test_a_trained_page_has_the_epochs_of_its_training(client: TestClient) -> None:
    document, shown = client.get(f"/training.json?{TINY}").json(), page(client, TRAINED)

    epochs = [
        [str(one["epoch"]), f"{one['loss']:.3f}", *(f"{100 * one[name]:.1f}" for name in ("train", "test"))]
        for one in reversed(document["epochs"])
    ]
    assert rows(shown, ".epoch-table") == epochs
    assert f"After 2 epochs, 2 units read {round(100 * document['epochs'][-1]['test'])}" in words(shown.html or "")


def test_every_digit_of_the_test_is_counted_once_and_the_right_ones_are_its_accuracy(client: TestClient) -> None:
    document, shown = client.get(f"/training.json?{TINY}").json(), page(client, TRAINED)
    table = [[int(n or 0) for n in row[1:-1]] for row in rows(shown, ".confusion")]
    tests = len(TASKS["digits"].data("").test_X)

    right = sum(table[k][k] for k in range(10))
    assert sum(map(sum, table)) == tests
    assert right / tests == pytest.approx(document["epochs"][-1]["test"])
    assert f"The {tests - right} digits it gets wrong" in words(shown.html or "")


def test_the_next_example_is_another_digit_of_the_same_training(client: TestClient) -> None:
    shown = page(client, f"{TRAINED}&sample=2")
    after = one(shown, ".training-note .pager a:last-child").attributes["href"] or ""
    there = page(client, f"{after.removeprefix('/?')}&only=page")

    assert "example 3 of those not seen" in words(there.html or "") and "batch_size" not in after
    assert rows(there, ".epoch-table") == rows(shown, ".epoch-table")


def test_the_gradients_of_all_weights_have_their_norms_in_the_first_and_last_epoch(client: TestClient) -> None:
    shown = page(client, f"{TRAINED}&num_layers=2")
    trained = trained_network(parse(parse_qsl(f"{TINY}&trained=true&num_layers=2"), strict=True))
    first, last = (
        [float(f"{norm:.2g}") for place in norms.values() for norm in place.values()]
        for norms in (trained.first_norms, trained.last_norms)
    )

    found = rows(shown, ".norms")
    assert [[float(norm) for norm in row[2:]] for row in found] == [
        list(pair) for pair in zip(first, last, strict=True)
    ]
    assert [row[0] for row in found] == [
        f"layer {layer}, {weight}" for layer in range(2) for weight in trained.weights[layer, "forward"]
    ]


def test_views_of_the_trained_network_show_its_run_over_the_digit_in_the_picture_if_it_is_one_of_the_first(
    client: TestClient,
) -> None:
    for sample, batch_size, followed in ((9, "10", "9"), (40, None, "0")):
        shown = page(client, f"{TRAINED}&sample={sample}")
        found = shown.css("#selected .tries a")
        links = {link.text(): dict(parse_qsl((link.attributes["href"] or "").removeprefix("/?"))) for link in found}
        (run,) = (link for words, link in links.items() if words.startswith("Values of every step"))
        assert (run["data"], run.get("batch_size"), run["sample"]) == ("digit", batch_size, followed)

    assert links["The trained weights"]["tensor"] == "kernel"
    weights = page(client, urlencode(links["The trained weights"]))
    assert "W = trained for 2 epochs" in words(one(weights, "#row-kernel, #table").html or "")
    assert "With 30 parameters in a dense layer" in words(one(weights, "#proof").html or "")


def test_every_row_of_a_digit_leads_to_the_states_after_it(client: TestClient) -> None:
    shown = page(client, f"{TRAINED}&sample=40&bidirectional=true")
    links = [link.attributes["href"] for link in shown.css(".over-beliefs a[href^='#']")]

    assert links == [f"#{row.id}" for row in shown.css(".state-rows tbody tr")] and len(links) == 8
    assert [words(name.html or "").replace(" ,", ",") for name in shown.css(".state-rows thead th")][2:] == [
        f"{name}, {direction} 2" for direction in ("forward", "backward") for name in "hc"
    ]
    for part in ("#training", ".training-note"):  # what the class comes from, and how to read what is believed before
        assert "last output of each direction" in words(one(shown, part).html or "")


def test_what_a_network_gets_wrong_leads_to_each_of_those_digits(client: TestClient) -> None:
    shown = page(client, TRAINED)
    trained = trained_network(parse(parse_qsl(f"{TINY}&trained=true"), strict=True))
    expected = {digit.example for digit in wrong_digits_of(trained)}

    def examples(selector: str) -> list[int]:
        links = (urlsplit(link.attributes["href"] or "").query for link in shown.css(f"{selector} a"))
        return [int(dict(parse_qsl(query)).get("sample", 0)) for query in links]

    assert {*examples(".wrong-links"), *examples(".more-wrong")} == expected
    assert expected.issuperset(examples(".confusion td:not(.right)"))


@pytest.mark.parametrize(
    ("fields", "differs"),
    [
        ("examples=100", "1,400 digits; yours: 100 digits."),
        ("epochs=1&learning_rate=0.1", "25 epochs and learning_rate 0.01; yours: 1 epoch and learning_rate 0.1."),
        ("seed=5", None),
    ],
)
def test_what_was_measured_otherwise_than_the_fields_say_says_so(
    client: TestClient, fields: str, differs: str | None
) -> None:
    shown = page(client, f"view=training&{fields}&only=page")
    for part in ("#sentence", "#selected"):
        said = words(one(shown, part).html or "").replace("a training shows yours", "yours")
        assert (f"Measured with {differs}" in said) if differs else ("yours" not in said)


def test_what_has_memorised_shows_what_helps_in_bold_type(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = [(10, 16, 1.0, 0.8), (10, 8, 0.2, 0.1), (1400, 16, 1.0, 0.97)]  # it memorises, it learns nothing, it helps
    measured = tuple(Memorised(n, 60, Point(units, 0, (train,), (test,))) for n, units, train, test in runs)
    schedule = curves().schedule._replace(learning_rate=0.05)
    known = curves()._replace(memorised=measured, schedule=schedule)
    monkeypatch.setattr("app.web.pages.parts.training_panel.curves", lambda: known)
    fields = "num_units=16&examples=10&epochs=60&view=training&trained=true&only=page"
    shown = page(client, f"{fields}&learning_rate=0.05")

    assert words(one(shown, "#sentence").html or "").startswith("It has memorised: it reads 10 of the 10 digits")
    assert [row[0] for row in rows(shown, ".helps")][::2] == [
        "this run: 16 units, 10 digits",
        "16 units, 10 digits",
        "16 units, 1,400 digits",
    ]
    assert [bold.text() for bold in shown.css(".helps b")] == ["97.0"]
    assert "at least 90 of 100 right that it was trained on" in words(one(shown, "#selected").html or "")
    for other in ("learning_rate=0.06", "learning_rate=0.05&bidirectional=true"):  # which were not measured
        shown = page(client, f"{fields}&{other}")
        assert "It has memorised" in words(one(shown, "#sentence").html or "") and not shown.css(".helps")


def test_the_slider_ends_at_what_can_be_trained_and_a_larger_number_says_so(client: TestClient) -> None:
    most = most_units(parse([("view", "training")], strict=True), Budget())
    for query, is_said in ((f"num_units={most}", False), (f"num_units={most + 1}", True)):
        shown = page(client, f"view=training&{query}&only=page")
        stops = (one(shown, "[data-for=num_units]").attributes["data-stops"] or "").split()
        assert (stops[0], stops[-1]) == ("1", str(most))
        assert (f"At most {most} units can be trained" in words(one(shown, "#training").html or "")) == is_said
    assert not page(client, "view=units&only=page").css("[data-stops]")


@pytest.mark.parametrize(("task", "read"), [("digits", "digit"), ("text", "the text"), ("wave", "sine wave")])
def test_the_table_of_tensors_says_what_is_read_and_how_much_at_a_time(
    client: TestClient, task: str, read: str
) -> None:
    shown = page(client, f"view=training&task={task}&batch_size=5&only=page")

    assert one(shown, "[data-tensor=X] [data-cell=made-by]").text().startswith(f"X = {read}")
    assert "a run over 5 examples; the training reads 64 at a time" in one(shown, "#source").text()
    assert "the training" not in one(page(client, "view=batch&only=page"), "#source").text()


def test_a_text_is_written_on_with_the_probability_of_each_character(client: TestClient) -> None:
    query = {
        "task": "text",
        "text": "abcabcabcabcabcabcabcabc",
        "view": "training",
        "trained": "true",
        "num_units": "4",
    }
    shown = page(client, f"{urlencode(query)}&only=page")

    written = [one.text() for one in shown.css(".continuation b")]
    assert set(written) <= {*"abc"} and len(written) == len(shown.css(".tokens tr:last-child td"))
    assert not shown.css(".confusion")


def test_other_views_say_that_their_weights_are_trained_and_lead_back(client: TestClient) -> None:
    shown = page(client, f"{TRAINED.replace('view=training', 'view=weights')}")
    links = {link.text(): link.attributes["href"] or "" for link in shown.css("#proof .trained a")}

    assert "after 2 epochs of the training" in words(one(shown, "#proof").html or "")
    assert "trained=true" in links["the training"] and "view=training" in links["the training"]
    assert "trained" not in links["Show the initial weights"]
    assert not page(client, "view=weights&only=page").css(".trained")
