"""A model file in the browser: it is read there, and only sizes leave it."""

import json
from base64 import b64encode
from math import prod
from pathlib import Path
from random import Random
from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, Request, expect
from visited_pages import Visit

from app.web.pages.open_model import EXAMPLE

FILES = Path(__file__).parents[1] / "js" / "model_files"

DROP = """([name, bytes]) => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(bytes)], name));
    document.querySelector(".drop-place").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
}"""


def drop(page: Page, name: str, content: bytes) -> None:
    page.evaluate(DROP, [name, list(content)])


def attributes(page: Page) -> list[dict[str, str]]:
    """The recurrent layers that were found."""
    found = page.locator("[data-kind]").evaluate_all("(all) => all.map(({dataset: {parts, ...own}}) => own)")
    return list(found)


def test_a_recurrent_layer_that_convolves_is_found_with_a_link_to_the_model(visit: Visit) -> None:
    """No picture shows it, and it has maps instead of units."""
    frames = {"class_name": "InputLayer", "config": {"name": "frames", "batch_shape": [None, 9, 14, 11, 2]}}
    windows = {"filters": 5, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same", "return_sequences": True}
    radar = {"class_name": "ConvLSTM2D", "config": {"name": "radar", **windows}}
    model = {"class_name": "Sequential", "config": {"name": "rain", "layers": [frames, radar]}}
    page = visit("/open", plotly=False)
    drop(page, "rain.json", json.dumps(model).encode())

    expect(page.locator(".found-file h3")).to_have_text("rain.json")
    (found,) = attributes(page)
    assert {name: value for name, value in found.items() if value} == {
        "name": "radar",
        "kind": "conv_lstm",
        "framework": "keras",
    }
    address = page.locator("[data-kind] a").evaluate("(link) => link.href")
    assert "/model?" in address and "conv_lstm(9,14,11,5)" in unquote(address)


def test_a_file_becomes_a_chain_and_no_byte_or_name_of_it_leaves_the_browser(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))

    drop(page, "secret.pth", (FILES / "legacy.pth").read_bytes())

    expect(page.locator(".found-file h3")).to_have_text("secret.pth")
    first = {"name": "encoder.rnn", "kind": "lstm", "framework": "pytorch", "features": "4", "numUnits": "3"}
    first |= {"numLayers": "2", "bidirectional": "true", "numProj": "0"}
    assert attributes(page)[0] == first
    assert all(one.method == "GET" and one.post_data is None for one in requests)
    sent = [one.url for one in requests if "/static/" not in one.url]  # scripts of the worker may be reported later
    assert [unquote(url).partition("/model?")[2] for url in sent] == [
        "framework=pytorch&model=unordered.embedding(5,4).lstm(3,bi,seq,layers=2).gru(2,seq).other.dense(2,3)&part=1"
    ]
    assert page.url == sent[-1]

    page.locator("[data-kind=gru] a").click()
    page.wait_for_url("**/?**part=2**")
    assert (
        unquote(page.url).partition("?")[2].startswith("cell=gru_reset_after&features=6&num_units=2&framework=pytorch")
    )
    page.locator("#to-model").click()
    expect(page.locator(".found-file h3")).to_have_text("secret.pth")
    assert not any("secret" in one.url or "encoder" in one.url for one in requests)


def test_a_hostile_file_and_one_that_changes_after_it_was_chosen_are_refused_with_the_reason(
    visit: Visit, tmp_path: Path
) -> None:
    page = visit("/open", plotly=False)
    drop(page, "evil.pt", b"\x80\x02cos\nsystem\n(X\x02\x00\x00\x00idtR.")
    expect(page.locator("#files").get_by_role("alert")).to_have_text(
        "Loading this file would call os.system, so it is not read. If it is yours, save model.state_dict() alone."
    )
    assert page.url.endswith("/open")

    file = tmp_path / "changed.pt"
    file.write_bytes((FILES / "state.pt").read_bytes())
    page.evaluate("addEventListener('change', (event) => event.isTrusted && event.stopPropagation(), true)")
    page.locator("#file").set_input_files(file)
    page.locator("#file").evaluate("(field) => field.files[0].size")  # the browser notes it when it is asked
    file.write_bytes(file.read_bytes() * 2)
    page.locator("#file").evaluate("(field) => field.dispatchEvent(new Event('change', {bubbles: true}))")
    expect(page.get_by_role("alert")).to_contain_text("moved or changed")


def test_a_worker_is_ready_before_each_file_is_chosen(visit: Visit, tmp_path: Path) -> None:
    """Its start takes longer than a refusal."""
    page = visit("/open", plotly=False)

    def wait_for_other_than(before: list[object]) -> list[object]:
        ready: list[object] = []
        while not ready:
            ready = [one for one in page.workers if one not in before]
            page.wait_for_timeout(50)  # the time limit of the test ends it
        return ready

    first = wait_for_other_than([])
    (tmp_path / "empty.pt").write_bytes(b"")
    page.locator("#file").set_input_files(tmp_path / "empty.pt")
    expect(page.get_by_role("alert")).to_have_text("The file is empty.")
    wait_for_other_than(first)


def test_two_files_and_a_file_beside_code_are_compared(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files([FILES / "state.pt", FILES / "stack.tflite"])
    expect(page.locator(".found-file h3")).to_have_text(["state.pt", "stack.tflite"])
    expect(page.locator("#sentence")).to_contain_text("The two models differ")
    assert (
        "batch_first=true" in page.url and "framework=keras" in page.url.split("beside_")[1]
    )  # as the second one has it
    expect(page.locator(".compared-model > h2")).to_have_text(["Before state.pt", "After stack.tflite"])
    page.locator("#file").set_input_files([FILES / "quantized.pt", FILES / "legacy.pth"])
    expect(page.get_by_text("The file does not say how its layers are connected.")).to_have_count(1)
    page.goto("/open")
    page.locator("#source").fill(EXAMPLE)
    page.locator("#open button").click()
    page.locator("#file-beside").set_input_files(FILES / "functional3.keras")
    expect(page.locator(".found-file h3")).to_have_text("functional3.keras")
    expect(page.locator("#beside")).to_have_value("input(9,4).rnn(4,3).dense(2)")
    expect(page.locator("#model")).to_have_value("embedding(10000,128).lstm(64,bi,seq).lstm(32).dense(10)")


def test_in_a_comparison_with_code_the_name_of_the_file_is_on_its_side_also_of_the_same_layers(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    for units in (7, 4):
        page.goto("/open")
        page.locator("#source").fill(
            f"model = Sequential([Input((9, 4)), SimpleRNN({units}, return_sequences=False), Dense(2)])"
        )
        page.locator("#open button").click()
        page.locator("#file-beside").set_input_files(FILES / "functional3.keras")
        expect(page.locator(".found-file h3")).to_have_text("functional3.keras")
        expect(page.locator(".compared-model > h2")).to_have_text(["Before", "After functional3.keras"])


def test_a_model_with_other_sizes_than_its_file_is_called_changed(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files(FILES / "functional3.keras")
    expect(page.locator(".found-file h2")).to_have_text("Your file")
    page.locator("#model").fill("input(9,4).rnn(4,7).dense(2)")
    page.locator("#model").press("Control+Enter")
    expect(page.locator(".found-file h2")).to_have_text("Your file · changed")


def test_on_a_phone_the_name_of_a_file_comes_first_and_links_are_large_enough(visit: Visit) -> None:
    page = visit("/open", plotly=False, viewport={"width": 390, "height": 844})
    page.locator("#file").set_input_files(FILES / "state.pt")
    title, picture = page.locator(".found-file h3"), page.locator("#picture")
    expect(title).to_have_text("state.pt")
    assert title.evaluate("e => e.getBoundingClientRect().y") < picture.evaluate("e => e.getBoundingClientRect().y")
    heights = page.locator("main :is(.crumbs, .views, table) a").evaluate_all(
        "links => links.filter((e) => e.getClientRects().length).map((e) => e.getBoundingClientRect().height)"
    )
    assert min(heights) >= 24


def test_more_models_than_can_be_compared_are_refused(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files([FILES / name for name in ("state.pt", "stack.tflite", "legacy.pth")])
    expect(page.get_by_role("alert")).to_have_text("3 models were chosen. 2 can be opened here at once.")
    assert page.url.endswith("/open")


def test_of_two_files_the_one_that_is_not_read_is_named(visit: Visit, tmp_path: Path) -> None:
    page = visit("/open", plotly=False)
    (tmp_path / "empty.pt").write_bytes(b"")
    page.locator("#file").set_input_files([FILES / "state.pt", tmp_path / "empty.pt"])
    expect(page.get_by_role("alert")).to_have_text("empty.pt: The file is empty.")


def test_a_file_without_a_connection_is_not_blamed_on_the_browser(visit: Visit) -> None:
    page = visit("/open", plotly=False, tolerate="ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.locator("#file").set_input_files(FILES / "state.pt")
    expect(page.get_by_role("alert")).to_have_text("No response from the server.")

    page.context.set_offline(False)
    page.locator("#file").set_input_files(FILES / "state.pt")
    expect(page.locator(".found-file h3")).to_have_text("state.pt")


def test_a_size_that_a_file_fixes_is_not_called_missing_in_the_model_until_it_is_changed(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files(FILES / "weighted.pt2")
    headings = page.locator(".chain-source h2")
    expect(headings).to_contain_text(["Fixed in your file"])
    expect(page.get_by_text("Not in the model")).to_have_count(0)
    expect(page.locator(".found-file")).to_contain_text(
        "Not in the chain: 35 parameters that the graph in the file does not use: unused.weight, unused.bias."
    )

    page.locator("#batch_size").fill("3")
    expect(page.get_by_text("Not in the model")).to_be_visible()
    expect(page.get_by_text("Fixed in your file")).to_have_count(0)

    page.goto("/open")
    page.locator("#file").set_input_files(FILES / "state.pt")
    expect(page.get_by_text("Not in the model")).to_be_visible()


def test_a_layer_that_is_called_on_two_inputs_is_not_said_to_run_in_a_loop(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files(FILES / "shared.pt2")
    found = page.locator(".found-file")
    expect(found).to_contain_text("runs 2 times, with the same weights: on x, y")
    expect(found).to_contain_text("What the model makes of what its last layer returns is not shown")
    expect(found).to_contain_text("The model returns a tensor of the shape 3.")
    expect(found).to_contain_text("operations that are not shown by name: sub, abs, sum.")
    expect(found).not_to_contain_text("loop")


def test_only_what_joins_two_layers_is_assumed_of_a_file_that_does_not_say_their_order(
    visit: Visit, tmp_path: Path
) -> None:
    sizes = {"a": 3, "b": 4, "c": 9}
    shapes = {
        f"{name}.weight_{one}_l0": [16, n] for name, size in sizes.items() for one, n in (("ih", size), ("hh", 4))
    }
    arrays = {name: {"shape": shape, "data_offsets": [0, 0]} for name, shape in shapes.items()}
    header = json.dumps(arrays).encode()
    (tmp_path / "file.safetensors").write_bytes(len(header).to_bytes(8, "little") + header)
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files(tmp_path / "file.safetensors")
    expect(page.locator("#sentence")).to_contain_text("3 layers. How they are connected is not known")
    guess = "It is a guess from the sizes: the file does not say it."
    for n, about in (
        (0, f"LSTM above gets 4 numbers at each step from here: its features are 4. {guess}"),
        (1, f"Its 4 features are the output of LSTM. {guess}"),
        (3, "Its 9 features come from an unknown step."),
    ):
        page.locator(f".layer-table a[data-part='{n}']").click()
        expect(page.locator(".about-layer").first).to_have_text(about)


def test_a_file_without_a_known_recurrent_layer_names_what_it_has(visit: Visit, tmp_path: Path) -> None:
    layers = [{"class_name": kind, "config": {"name": "own"}} for kind in ("Frames", "Dense")]
    (tmp_path / "model.json").write_text(json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files(tmp_path / "model.json")
    expect(page.get_by_role("alert")).to_have_text(
        "No recurrent layer that is known here was found in this file. It has own (Frames)."
    )


def test_the_axes_that_a_file_leaves_open_are_called_assumed_as_long_as_they_are(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    note = page.get_by_text("The weights do not say batch_first.")
    page.locator("#file").set_input_files(FILES / "legacy.pth")
    expect(note).to_be_visible()
    expect(page.locator("p:has(> [data-assumed])")).to_have_text(
        "Assumed there: batch_size 3, time_step 4, batch_first False"
    )

    page.locator("#file").set_input_files([FILES / "state.pt", FILES / "stack.tflite"])  # whose batch is first
    expect(page.locator("#sentence")).to_contain_text("The two models differ")
    expect(note).to_have_count(0)


def test_a_layer_with_a_cell_of_its_own_is_called_by_its_class_and_has_no_link(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files(FILES / "own_cells3.keras")

    expect(page.locator(".chain-panel h3")).to_have_text("OwnCell")
    expect(page.locator(".layer-table th a")).to_have_text(["Dense", "OwnCell", "OwnCell"])
    expect(page.locator(".proof")).to_have_text("Only the equations of OwnCell are not known.")
    names = page.locator(".chain-picture:visible text").all_text_contents()
    assert names.count("OwnCell") == 2 and "unknown" not in names
    expect(page.locator("#sentence")).to_contain_text("They have 89 parameters, 83 % of them in 2 × OwnCell")
    expect(page.locator("#open-layer, .found-layers a")).to_have_count(0)


def test_a_layer_that_returns_its_two_directions_apart_is_not_called_unknown(visit: Visit, tmp_path: Path) -> None:
    both = {
        "class_name": "Bidirectional",
        "config": {
            "name": "both",
            "merge_mode": None,
            "layer": {"class_name": "GRU", "config": {"units": 6, "return_sequences": True}},
        },
    }

    def inbound(name: str, *others: int) -> list[list[list[object]]]:
        return [[[name, 0, n, {}] for n in others]]

    layers: list[dict[str, object]] = [
        {"class_name": "InputLayer", "name": "x", "config": {"batch_input_shape": [None, 9, 4]}, "inbound_nodes": []},
        both | {"name": "both", "inbound_nodes": inbound("x", 0)},
        {"class_name": "Multiply", "name": "product", "config": {}, "inbound_nodes": inbound("both", 0, 1)},
        {"class_name": "LSTM", "name": "last", "config": {"units": 5}, "inbound_nodes": inbound("product", 0)},
    ]
    config = {"layers": layers, "input_layers": [["x", 0, 0]], "output_layers": [["last", 0, 0]]}
    (tmp_path / "model.json").write_text(json.dumps({"class_name": "Functional", "config": config}))
    page = visit("/open", plotly=False)
    page.locator("#file").set_input_files(tmp_path / "model.json")

    expect(page.locator(".layer-table th a")).to_have_text(["LSTM", "Multiply", "Bidirectional(GRU)"])
    names = page.locator(".chain-picture:visible text").all_text_contents()
    assert names.count("Bidirectional(GRU)") == 1 and "unknown" not in names


def test_the_numbers_of_an_onnx_file_are_chosen_with_it_or_name_it(visit: Visit, tmp_path: Path) -> None:
    page = visit("/open", plotly=False)
    (tmp_path / "steps.onnx.data").write_bytes(bytes(1000))
    page.locator("#file").set_input_files(tmp_path / "steps.onnx.data")
    expect(page.get_by_role("alert")).to_have_text(
        "This has only the numbers of a model. Open steps.onnx, which has its layers."
    )
    page.locator("#file").set_input_files([tmp_path / "steps.onnx.data", FILES / "steps.onnx"])
    expect(page.locator(".found-file h3")).to_have_text("steps.onnx")


def test_without_scripts_the_page_says_that_files_need_them(visit: Visit) -> None:
    page = visit("/open", plotly=False, java_script_enabled=False)
    expect(page.locator(".file-place")).to_contain_text("scripts are off")
    expect(page.locator("#file")).to_be_hidden()


READ_ALL = """async (files) => {
    const script = document.querySelector("script[src*='js/model.js']").src;
    const {readFiles} = await import(script.replace("model.js", "model/reading_worker.js"));
    const found = [];
    for (const bytes of files) {
        const file = new File([Uint8Array.from(atob(bytes), (one) => one.charCodeAt(0))], "changed");
        const answer = readFiles({files: [file], count: 1});
        found.push(await answer.then(() => "read", (error) => error.reason ?? String(error)));
    }
    return found;
}"""


@pytest.mark.full
def test_changed_files_are_read_or_refused_by_the_browser(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    random = Random(5)
    files = []
    for n in range(400):
        content = bytearray(random.choice(sorted(FILES.iterdir())).read_bytes())
        for _ in range(1 + n % 4):
            at = random.randrange(len(content))
            content[at : at + random.choice((0, 1, 4))] = random.randbytes(random.choice((0, 1, 4, 8)))
        files.append(b64encode(content[: random.choice((len(content), len(content), at + 1))]).decode())

    reasons = set(page.evaluate(READ_ALL, files))

    assert {"read", "fileDamaged", "fileTruncated"} <= reasons
    assert all(reason == "read" or reason.startswith("file") for reason in reasons), reasons
    assert not {"fileSlow", "fileBrowser"} & reasons


def test_a_cell_that_somebody_has_written_has_no_states_of_the_frameworks_layer(visit: Visit) -> None:
    """The file has three arrays with the shapes of an LSTM(4) for vectors of 3, and none says its equations."""
    shapes = {"cell.W": [3, 16], "cell.U": [4, 16], "cell.bias": [16]}
    header, end = {}, 0
    for name, shape in shapes.items():
        start, end = end, end + 4 * prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
    text = json.dumps(header).encode()
    page = visit("/open", plotly=False)
    drop(page, "own.safetensors", len(text).to_bytes(8, "little") + text + bytes(end))
    expect(page.locator(".found-file h3")).to_have_text("own.safetensors")
    expect(page.locator(".layer-facts")).to_be_visible()
    expect(page.locator("#layer-states")).to_have_count(0)
    page.locator("#file").set_input_files(FILES / "state.pt")
    expect(page.locator(".found-file h3")).to_have_text("state.pt")
    expect(page.locator("#layer-states")).to_have_count(1)


def test_layers_that_an_exporter_unrolled_are_found_and_named_as_such(visit: Visit) -> None:
    page = visit("/open", plotly=False)

    drop(page, "model.onnx", (FILES / "unrolled_masked.onnx").read_bytes())

    expect(page.locator(".found-file h3")).to_have_text("model.onnx")
    found = [(one["kind"], one["features"], one["numUnits"], one["bidirectional"]) for one in attributes(page)]
    assert found == [("gru", "4", "5", "true"), ("rnn", "5", "3", "false")]
    names = ", ".join(one["name"] for one in attributes(page))
    note = page.locator(".found-file p.hint", has_text="recognised by their equations")
    expect(note).to_contain_text(f"equations: {names}.")


def test_a_notebook_is_read_however_much_running_it_has_shown(visit: Visit) -> None:
    page = visit("/open", plotly=False)
    outputs = [{"output_type": "display_data", "data": {"image/png": "A" * 900_000}}]
    cell = {"cell_type": "code", "source": EXAMPLE.splitlines(keepends=True), "outputs": outputs}

    drop(page, "model.ipynb", json.dumps({"nbformat": 4, "cells": [cell]}).encode())

    expect(page.locator("#sentence")).to_contain_text("4 layers")
