"""The layers: cli, precompute -> main -> web, settings -> rooms, notebook -> url_state_to_picture -> url_state ->
reading, typed_cells -> teaching, diagram, frameworks -> training, equations -> core -> translations ->
size_expressions, growing_cache, text_table. No module imports from a higher layer."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
LAYERS = (
    {"size_expressions", "growing_cache", "text_table"},
    {"translations"},
    {"core"},
    {"equations", "training"},
    {"teaching", "diagram", "frameworks"},
    {"reading", "typed_cells"},
    {"url_state"},
    {"url_state_to_picture"},
    {"rooms", "notebook", "proxy_settings", "process_environment"},
    {"web", "settings", "listening_addresses", "terminal_streams"},
    {"main"},
    {"cli", "precompute"},
    {"__main__"},
)
LEVEL = {layer: level for level, layers in enumerate((*LAYERS, {""})) for layer in layers}
WEB = {"fastapi", "starlette", "uvicorn", "jinja2"}
MODULES = sorted((ROOT / "app").rglob("*.py"))


def layer(module: str) -> str:
    """The layer of a module: ``core`` for ``app.core.axes``, ``main`` for ``app.main``; "" for ``app`` itself."""
    return "" if module in ("app", "app.__init__", "app.__version__") else module.split(".")[1]


@cache
def import_statements(file: Path) -> list[ast.Import | ast.ImportFrom]:
    """Every import of a file, including those in functions."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]


def imported(file: Path) -> Iterator[str]:
    """Every module of the app that a file imports."""
    for node in import_statements(file):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "app")
        else:
            package = file.relative_to(ROOT).parts[: -node.level] if node.level else ()
            module = ".".join((*package, node.module or "")).strip(".")
            if module == "app":
                yield from (f"app.{alias.name}" for alias in node.names)
            elif module.startswith("app."):
                yield module


def name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts)


@cache
def imports() -> list[tuple[str, str]]:
    """Pairs of a module and one that it imports. Not at import, since each worker imports all tests."""
    return [(name(file), module) for file in MODULES for module in imported(file)]


def test_a_layer_imports_only_itself_and_lower_layers() -> None:
    assert len({importer for importer, _ in imports()}) > 100
    wrong = [
        f"{importer} imports {module}: {layer(importer)} must not import {layer(module)}"
        for importer, module in imports()
        if layer(module) not in ("", layer(importer)) and LEVEL[layer(module)] >= LEVEL[layer(importer)]
    ]
    assert not wrong, "\n".join(wrong)


def packages(module: str) -> list[str]:
    """The packages that are imported before a module."""
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def test_every_module_can_be_imported_first() -> None:
    """No module needs itself to be imported, also not through a package."""
    modules = {name(file).removesuffix(".__init__"): file for file in MODULES}
    needs: dict[str, set[str]] = {}
    for module, file in modules.items():
        needed = needs.setdefault(module, set())
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ImportFrom) and node.level:
                origin = ".".join((*file.relative_to(ROOT).parts[: -node.level], node.module or "")).strip(".")
                for alias in node.names:
                    found = f"{origin}.{alias.name}" if f"{origin}.{alias.name}" in modules else origin
                    needed.update({found, *packages(found)} - {module, *packages(module)})
    TopologicalSorter(needs).prepare()  # raises CycleError


def test_http_does_not_import_the_server() -> None:
    wrong = [
        own
        for own, module in imports()
        if own.startswith("app.web.requests_and_responses.") and f"{module}.".startswith("app.web.server.")
    ]
    assert not wrong


def test_http_and_the_server_import_no_page_and_no_export() -> None:
    below = ("app.web.limits_and_timeouts", "app.web.requests_and_responses.", "app.web.server.")
    wrong = [
        f"{importer} imports {module}"
        for importer, module in imports()
        if importer.startswith(below) and module.startswith("app.web.") and not f"{module}.".startswith(below)
    ]
    assert not wrong, "\n".join(wrong)


def test_imports_inside_the_package_are_relative() -> None:
    """The installed package is called ``unrolled``."""
    absolute = [
        f"{name(file)}, line {node.lineno}"
        for file in MODULES
        for node in import_statements(file)
        if (isinstance(node, ast.ImportFrom) and node.level == 0 and (node.module or "").split(".")[0] == "app")
        or (isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "app" for alias in node.names))
    ]
    assert not absolute


def test_importing_the_package_loads_no_module() -> None:
    program = (
        "import sys, app; print(*(name for name in sys.modules if name.startswith('app.')), 'numpy' in sys.modules)"
    )
    assert subprocess.check_output([sys.executable, "-c", program], cwd=ROOT, text=True) == "False\n"


def test_core_loads_no_web_framework_and_no_plotly() -> None:
    modules = [name(file).removesuffix(".__init__") for file in MODULES if layer(name(file)) == "core"]
    assert "app.core.compiled.scan" in modules
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    roots = {module.split(".")[0] for module in loaded.split()}
    assert "numpy" in roots
    assert roots.isdisjoint(WEB | {"plotly", "orjson"})


def test_url_state_pictures_values_and_what_notebooks_use_load_no_web_framework() -> None:
    layers = ("url_state", "url_state_to_picture", "notebook")
    modules = [name(file).removesuffix(".__init__") for file in MODULES if layer(name(file)) in layers]
    assert {"app.url_state_to_picture.run_and_gradients", "app.notebook.picture", "app.notebook.trace"} <= {*modules}
    program = f"import sys, {', '.join(modules)}; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert {module.split(".")[0] for module in loaded.stdout.split()}.isdisjoint(WEB | {"torch", "keras", "IPython"})


def test_settings_and_tables_in_the_terminal_load_no_web_framework() -> None:
    program = "import sys; import app.settings; from app.cli import main; main(['shapes']); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    modules = loaded.stdout.splitlines()[-1].split()
    assert "app.settings" in modules
    assert {module.split(".")[0] for module in modules}.isdisjoint(WEB)
    assert not [module for module in modules if module.startswith("app.web")]
