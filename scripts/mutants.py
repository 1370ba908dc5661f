"""`make mutants`: make one small change to the program at a time, and see whether the tests fail.

The places were sampled once, a percentage from each folder, and are recorded in tests/mutants.jsonl. A place is
identified by the text of its line, so that it can be located after its file was moved. A change is tested by the tests
that execute its line, otherwise its file (Python), or by those listed below (JavaScript): at most ``MAX_TESTS`` tests,
from as many files as possible, then by all tests of its folder, as caches hide from coverage which tests depend on a
line. The table shows the percentage of changes that the tests notice, by folder.

    python -m scripts.mutants              run all places, in random order; continues an interrupted run
    python -m scripts.mutants --record     also record the results in tests/mutants.jsonl, for later comparison
    python -m scripts.mutants --sample 330 sample new places
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from queue import Queue
from random import Random
from typing import Literal

from coverage import CoverageData

ROOT = Path(__file__).parents[1]
PLACES = ROOT / "tests" / "mutants.jsonl"
FOLDER = ROOT / ".mutants"
"""Coverage data, results, and the copies of the program that are changed."""

COVERAGE = FOLDER / "covered"
RESULTS = FOLDER / "results.jsonl"

SEED = 14
MAX_TESTS = 150
"""Tests that are run for a place before those of its folder."""

FOLDERS = ("tests/core", "tests/diagram", "tests/equations", "tests/frameworks", "tests/teaching", "tests/rooms")
"""Folders with the tests of one folder of the app, which take a minute at most."""

WORKERS = 2
CPU_LIMIT = 300
"""CPU seconds after which a change counts as noticed, because some changes cause endless loops. Unlike seconds of the
clock they do not depend on what else the machine does."""
TIMEOUT = 1200
"""Seconds after which a change counts as noticed, because some changes cause endless waiting."""

SHARES = {"core": 17, "diagram": 19, "frameworks": 12, "teaching": 10, "rooms": 9, "web": 18, "app": 4, "js": 11}
"""The percentage of places in each folder; ``app`` stands for the files directly in app/."""

SERVERS = ("browser", "test_fuzz.py", "test_nginx.py", "test_overload.py", "test_serving.py", "test_load.py")
"""Tests that run the program in another process, where coverage does not see it."""

SCRIPTS: dict[str, tuple[str, ...]] = {
    "answer": ("classroom", "faults"),
    "cell": ("typing_a_cell",),
    "connection": ("classroom", "behind_a_prefix"),
    "copy": ("share_menu", "state_in_the_url"),
    "page_display": ("state_in_the_url", "sliders", "lessons"),
    "dom": ("state_in_the_url",),
    "editor": ("typing_a_cell",),
    "embed": ("embedding",),
    "equation_text": ("typing_a_cell",),
    "explain": ("explaining_an_error",),
    "edits_by_fields": ("sliders", "text_input", "state_in_the_url"),
    "kept_state": ("explaining_an_error", "open_model"),
    "keyboard_focus": ("keyboard", "lessons"),
    "page_in_embed": ("embedding",),
    "embed_sliders": ("embedding",),
    "fullscreen": ("full_screen",),
    "highlight": ("state_in_the_url", "keyboard"),
    "history": ("state_in_the_url", "sliders"),
    "leading": ("classroom", "faults"),
    "links": ("lessons", "question_list"),
    "main": ("state_in_the_url", "sliders", "server_gone", "loading"),
    "member_id": ("classroom",),
    "menus": ("share_menu",),
    "numbers": ("state_in_the_url", "sliders"),
    "open_or_join": ("classroom", "faults"),
    "other_pages": ("classroom",),
    "page_in_room": ("classroom", "faults"),
    "phrase": ("state_in_the_url", "server_gone"),
    "player": ("player",),
    "page_picture_for_other_sizes": ("sliders",),
    "plot": ("state_in_the_url", "screens"),
    "prefix": ("behind_a_prefix",),
    "query": ("state_in_the_url", "sliders", "text_input"),
    "model": ("open_model",),
    "questions": ("question_list",),
    "quiz": ("taking_a_quiz",),
    "stored_quiz_marks": ("taking_a_quiz",),
    "request": ("server_gone",),
    "selection": ("tips", "player"),
    "num_units_in_sentence": ("sliders",),
    "bottom_sheet": ("phone",),
    "key_listener": ("keyboard", "player"),
    "shortcuts": ("keyboard", "player"),
    "filled_parts": ("sliders", "server_gone"),
    "sliders": ("sliders", "text_input"),
    "standalone": ("standalone_page",),
    "status_line": ("server_gone", "sliders"),
    "storage": ("storage", "taking_a_quiz"),
    "page_state": ("state_in_the_url", "sliders", "server_gone"),
    "swipe": ("screens",),
    "question_and_answers": ("classroom", "faults"),
    "template": ("sliders", "server_gone"),
    "template_cache": ("sliders", "server_gone"),
    "template_of_query": ("sliders", "server_gone"),
    "theme": ("screens", "loading", "state_in_the_url"),
    "tip_lines": ("tips", "keyboard"),
    "tip_place": ("tips", "keyboard", "screens"),
    "transition": ("rolled_view",),
    "state_changes": ("state_in_the_url", "sliders", "server_gone", "loading"),
    "values_map": ("values_map",),
    "file_sets": ("open_file",),
    "found_layers": ("open_file",),
    "reading_worker": ("open_file",),
    "notebook_source": ("open_file",),
    "opened_files": ("open_file", "open_model"),
    **dict.fromkeys(
        (
            "byte_source",
            "model_text",
            "tensorflow_checkpoint",
            "directions",
            "dissolved_layers",
            "cells_in_graphs",
            "pt2",
            "flatbuffer",
            "layer_inputs",
            "loose_parameters",
            "recorded_axes",
            "cycles",
            "frozen_torchscript",
            "hdf5",
            "json",
            "keras",
            "keras_axes",
            "keras_config",
            "keras_graph",
            "keras_parameters",
            "keras_windows",
            "keras_weights",
            "own_classes",
            "layer",
            "limits",
            "layers_of_file",
            "npz",
            "onnx",
            "onnx_axes",
            "onnx_graph",
            "onnx_layers",
            "onnx_messages",
            "onnx_nodes",
            "onnx_operations",
            "onnx_shapes",
            "onnx_values",
            "layers_of_numpy_programs",
            "operations",
            "parameters_of_code",
            "pickle",
            "protobuf",
            "quantized",
            "refusal",
            "safetensors",
            "sequential",
            "torchscript",
            "torchscript_code",
            "torchscript_expressions",
            "torchscript_functions",
            "tflite",
            "torch",
            "layers_of_arrays",
            "order_of_layers",
            "averaged_weights",
            "gates_of_modules",
            "wrapped_weights",
            "array_groups",
            "recurrent_layers",
            "worker",
            "zip",
        ),
        ("open_file",),
    ),
    "units_axis": ("training_page",),
    "live_course": ("training_page",),
    "epoch_places": ("training_page",),
    "shared_link": ("training_page",),
    "state": ("training_page",),
    "svg": ("training_page",),
    "trained_points": ("training_page",),
    "stream": ("training_page",),
    "training": ("training_page",),
}
"""The browser tests of each script."""

NODE_TESTS = "tests/js/test_scripts.py"
FILE_TESTS = tuple(
    f"tests/js/test_{name}.py"
    for name in ("model_files", "arrays_of_files", "keras_files", "onnx_files", "torchscript_files")
)
"""The tests of scripts in Node."""

LIMIT_TESTS = "tests/test_documented_limits.py"
"""The tests of limits, which are set at import and not while a test runs."""

COMPARISONS = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.In: "not in", ast.NotIn: "in", ast.Is: "is not", ast.IsNot: "is",
}  # fmt: skip
ARITHMETIC = {ast.Add: "-", ast.Sub: "+", ast.Mult: "+", ast.Div: "*", ast.FloorDiv: "*", ast.Mod: "*"}

SCRIPT_TOKENS = re.compile(
    r"===|!==|&&|\|\||<=|>=|(?<= )[<>](?= )|(?<= )[+-](?= )|\b\d{1,2}\b|\btrue\b|\bfalse\b|(?<=[( ])!(?=\w)"
)
REPLACEMENTS = {
    "===": "!==", "!==": "===", "&&": "||", "||": "&&", "<=": "<", ">=": ">", "<": "<=", ">": ">=", "+": "-", "-": "+",
    "true": "false", "false": "true", "!": "",
}  # fmt: skip
NOT_CODE = re.compile(r"//.*|/\*.*|^\s*\*.*|\"[^\"]*\"|'[^']*'|`[^`]*`|/[^/ ]+/[a-z]*")


@dataclass(frozen=True)
class Place:
    """A change to a line of a file: ``new`` replaces the ``nth`` occurrence of ``old``, from 0."""

    folder: str
    file: str
    line: str
    old: str
    nth: int
    new: str


# sampling places


def sample(number: int) -> list[Place]:
    """A random sample of at most ``number`` places."""
    random = Random(SEED)
    candidates: dict[str, list[Place]] = defaultdict(list)
    for path in sorted((ROOT / "app").rglob("*.py")):
        folder = path.relative_to(ROOT / "app").parts[0]
        candidates[folder if folder in SHARES else "app"] += places_in_python(
            path, folder if folder in SHARES else "app"
        )
    for path in sorted((ROOT / "static/js").rglob("*.js")):
        candidates["js"] += places_in_script(path)
    return [
        place
        for folder, share in SHARES.items()
        for place in random.sample(candidates[folder], min(len(candidates[folder]), number * share // 100))
    ]


def places_in_python(path: Path, folder: str) -> Iterator[Place]:
    text = path.read_text()
    lines = text.splitlines()
    for node, new in changes(ast.parse(text)):
        if node.lineno == node.end_lineno:
            line = lines[node.lineno - 1]
            start, end = (len(line.encode()[:at].decode()) for at in (node.col_offset, node.end_col_offset or 0))
            yield place(folder, path, line, start, line[start:end], new)


def changes(tree: ast.AST) -> Iterator[tuple[ast.expr, str]]:
    """Expressions to change, each with its replacement. Annotations and texts are not changed."""
    for node in ast.walk(without_annotations(tree)):
        match node:
            case ast.Compare(ops=[operator]) if type(operator) in COMPARISONS:
                left, right = ast.unparse(node.left), ast.unparse(node.comparators[0])
                yield node, f"({left} {COMPARISONS[type(operator)]} {right})"
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in ARITHMETIC and not is_text(node):
                yield node, f"({ast.unparse(left)} {ARITHMETIC[type(operator)]} {ast.unparse(right)})"
            case ast.BoolOp():
                other = " or " if isinstance(node.op, ast.And) else " and "
                yield node, f"({other.join(f'({ast.unparse(value)})' for value in node.values)})"
            case ast.UnaryOp(op=ast.Not()):
                yield node, f"({ast.unparse(node.operand)})"
            case ast.IfExp():
                swapped = ast.IfExp(node.test, node.orelse, node.body)
                yield node, f"({ast.unparse(swapped)})"
            case ast.Constant(value=bool(value)):
                yield node, str(not value)
            case ast.Constant(value=int(value) | float(value)):
                yield node, str(value + 1)


def without_annotations(tree: ast.AST) -> ast.AST:
    """A syntax tree without annotations and decorators, whose changes no test could notice."""
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if isinstance(getattr(node, name, None), ast.expr):
                setattr(node, name, None)
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            node.decorator_list = []
    return tree


def is_text(node: ast.BinOp) -> bool:
    return any(isinstance(one, ast.JoinedStr) or (isinstance(one, ast.Constant) and isinstance(one.value, str))
               for one in (node.left, node.right))  # fmt: skip


def places_in_script(path: Path) -> Iterator[Place]:
    for line in path.read_text().splitlines():
        code = NOT_CODE.sub(lambda match: " " * len(match[0]), line)
        if not code.startswith("import"):
            for match in SCRIPT_TOKENS.finditer(code):
                old = match[0]
                new = str(int(old) + 1) if old.isdigit() else REPLACEMENTS[old]
                yield place("js", path, line, match.start(), old, new)


def place(folder: str, path: Path, line: str, start: int, old: str, new: str) -> Place:
    nth = line[:start].count(old)
    return Place(folder, str(path.relative_to(ROOT)), line.strip(), old, nth, new)


# locating places


def locate(place: Place) -> tuple[Path, int] | None:
    """The current file and line number of a place, from 0. None if the line no longer exists."""
    recorded = Path(place.file)
    locations = lines_of("js" if place.folder == "js" else "app").get(place.line, ())

    def similarity(location: tuple[Path, int]) -> tuple[bool, bool, bool]:
        path, _ = location
        return path == ROOT / recorded, path.stem == recorded.stem, path.parent.name == recorded.parent.name

    return max(locations, key=similarity, default=None)


@cache
def lines_of(program: Literal["app", "js"]) -> Mapping[str, list[tuple[Path, int]]]:
    """The files and numbers of all lines, by their text."""
    lines = defaultdict(list)
    for path in sorted((ROOT / "static/js").rglob("*.js") if program == "js" else (ROOT / "app").rglob("*.py")):
        for n, line in enumerate(path.read_text().splitlines()):
            lines[line.strip()].append((path, n))
    return lines


def apply_change(text: str, number: int, place: Place) -> str:
    lines = text.splitlines(keepends=True)
    parts = lines[number].split(place.old)
    n = place.nth + 1
    lines[number] = place.old.join(parts[:n]) + place.new + place.old.join(parts[n:])
    return "".join(lines)


# running tests


def record_coverage() -> None:
    """Record which tests execute which lines."""
    FOLDER.mkdir(exist_ok=True)
    ignored = [f"--ignore-glob=*/{name}" for name in SERVERS]
    parallel = ["-n", str(WORKERS), "--dist", "loadscope", "--no-loadscope-reorder"]
    coverage = ["--cov=app", "--cov-context=test", "--cov-report="]
    command = [sys.executable, "-m", "pytest", "-q", *parallel, *ignored, *coverage]
    subprocess.run(command, cwd=ROOT, check=True, env=environment(ROOT) | {"COVERAGE_FILE": str(COVERAGE)})


def tests_by_place(places: Iterable[tuple[Place, Path, int]]) -> dict[Place, list[str]]:
    data = CoverageData(str(COVERAGE))
    data.read()
    selected: dict[Place, list[str]] = {}
    by_file: dict[Path, dict[int, list[str]]] = {}
    for place, path, number in places:
        if place.folder == "js":
            stem = path.stem if path.stem in SCRIPTS else Path(place.file).stem
            by_node = [NODE_TESTS] if (ROOT / f"tests/js/{stem}.test.js").exists() else []
            by_node += FILE_TESTS if "files" in path.parts else ()
            selected[place] = [*by_node, *(f"tests/browser/test_{name}.py" for name in SCRIPTS[stem])]
            continue
        if path not in by_file:
            by_file[path] = data.contexts_by_lineno(str(path))
        lines = by_file[path]
        executing = set(lines.get(number + 1, ())) - {""}
        contexts = executing or set().union(*lines.values()) - {""}
        tests = spread_over_files({context.partition("|")[0] for context in contexts}) or tests_named_like(path)
        folder = f"tests/{path.relative_to(ROOT / 'app').parts[0]}"
        all_tests = [folder] if folder in FOLDERS else []
        selected[place] = [*([] if executing else [LIMIT_TESTS]), *tests, *all_tests]
    return selected


def tests_named_like(path: Path) -> list[str]:
    """Test files with the name of a module or its folder, for lines that are executed at import."""
    files = [file for name in (path.stem, path.parent.name) for file in ROOT.glob(f"tests/*/test_{name}*.py")]
    return [str(file.relative_to(ROOT)) for file in files]


def spread_over_files(tests: set[str]) -> list[str]:
    """At most ``MAX_TESTS`` of the tests, from as many files as possible."""
    files: dict[str, list[str]] = defaultdict(list)
    for test in sorted(tests):
        files[test.partition("::")[0]].append(test)
    random = Random(SEED)
    for group in files.values():
        random.shuffle(group)
    in_turn = (group[n] for n in range(MAX_TESTS) for group in files.values() if n < len(group))
    return [test for test, _ in zip(in_turn, range(MAX_TESTS), strict=False)]


def environment(root: Path) -> dict[str, str]:
    """The environment of the tests as in `make test`, even within `make check`."""
    variables = {name: value for name, value in os.environ.items() if name != "UNROLLED_TESTS"}
    return variables | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}


def is_noticed(place: Place, path: Path, number: int, tests: list[str], copy: Path) -> bool:
    """Whether a test fails after the change, in a copy of the program."""
    target = copy / path.relative_to(ROOT)
    original = path.read_text()
    for old in target.parent.glob(f"__pycache__/{target.stem}.*.pyc"):
        old.unlink()
    target.write_text(apply_change(original, number, place))
    try:
        return bool(tests) and fails(tests, copy)
    finally:
        target.write_text(original)


def fails(tests: list[str], copy: Path) -> bool:
    """Whether a test fails or times out."""
    argument_file = copy / "tests.txt"
    argument_file.write_text("\n".join(tests))
    options = ("-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:cov")
    try:
        limited = ["bash", "-c", f'ulimit -t {CPU_LIMIT}; exec "$@"', "bash"]
        command = [*limited, sys.executable, "-m", "pytest", *options, f"@{argument_file}"]
        run = subprocess.run(command, cwd=copy, env=environment(copy), capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return True
    return run.returncode != 0


def copies() -> Queue[Path]:
    """Copies of the program, one for each worker."""
    queue: Queue[Path] = Queue()
    for n in range(WORKERS):
        copy = FOLDER / f"copy{n}"
        shutil.rmtree(copy, ignore_errors=True)
        ignore = shutil.ignore_patterns(".git", ".venv*", "node_modules", ".mutants", "__pycache__", ".pytest_cache")
        shutil.copytree(ROOT, copy, ignore=ignore)
        # Compile all files once, tests as pytest compiles them, because `environment` keeps each run from storing them.
        variables = environment(copy) | {"PYTHONDONTWRITEBYTECODE": ""}
        subprocess.run([sys.executable, "-m", "compileall", "-q", "app"], cwd=copy, check=True)
        collect = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider"]
        subprocess.run(collect, cwd=copy, env=variables, check=True, stdout=subprocess.PIPE)
        queue.put(copy)
    return queue


def read() -> dict[Place, bool | None]:
    """The places, and whether each was noticed when results were last recorded."""
    lines = map(json.loads, PLACES.read_text().splitlines())
    return {Place(**{name: line[name] for name in Place.__annotations__}): line.get("noticed") for line in lines}


def write(places: Mapping[Place, bool | None]) -> None:
    lines = (asdict(place) | ({} if noticed is None else {"noticed": noticed}) for place, noticed in places.items())
    PLACES.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def main(arguments: list[str]) -> None:
    if "--sample" in arguments:
        write(dict.fromkeys(sample(int(arguments[-1]))))
        return print(Counter(place.folder for place in read()))
    before = read()
    places = [*before]
    located = [(place, *location) for place in places if (location := locate(place))]
    if not COVERAGE.exists():
        record_coverage()
    results = {}
    if RESULTS.exists():
        results = {Place(**one["place"]): one["noticed"] for one in map(json.loads, RESULTS.read_text().splitlines())}
    tests, free, lock = tests_by_place(located), copies(), threading.Lock()
    first_tests = sorted({names[0] for place, names in tests.items() if names and place.folder != "js"})
    if fails(first_tests, free.queue[0]):
        raise SystemExit("tests fail without a change")

    def run(place: Place, path: Path, number: int) -> None:
        copy = free.get()
        noticed = is_noticed(place, path, number, tests[place], copy)
        free.put(copy)
        with lock, RESULTS.open("a") as file:
            results[place] = noticed
            file.write(json.dumps({"place": asdict(place), "noticed": noticed}) + "\n")

    left = [one for one in located if one[0] not in results]
    Random(SEED).shuffle(left)  # so that an interrupted run has places of all folders
    with ThreadPoolExecutor(WORKERS) as pool:
        for one in [pool.submit(run, *one) for one in left]:
            one.result()
    if "--record" in arguments:
        write({place: results.get(place) for place in places})
    print(table(before, results))


def table(before: Mapping[Place, bool | None], results: Mapping[Place, bool]) -> str:
    lines = ["| folder | places | noticed before | noticed now | lost |", "| --- | --: | --: | --: | --: |"]
    places = [*before]
    for folder in (*SHARES, ""):
        selected = [place for place in places if folder in ("", place.folder)]
        run = [place for place in selected if place in results]
        percentages = (
            percentage([known for place in run if (known := outcome.get(place)) is not None])
            for outcome in (before, results)
        )
        lines.append(f"| {folder or 'all'} | {len(run)} | {' | '.join(percentages)} | {len(selected) - len(run)} |")
    unnoticed = [f"{p.file}: {p.line}\n    {p.old} -> {p.new}" for p in places if results.get(p) is False]
    return "\n".join((*lines, "", "not noticed:", *unnoticed))


def percentage(noticed: list[bool]) -> str:
    return f"{100 * sum(noticed) / len(noticed):.0f} %" if noticed else "–"


if __name__ == "__main__":
    main(sys.argv[1:])
