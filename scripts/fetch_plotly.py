"""Fetches Plotly's JavaScript and its style sheet into static/vendor/.

The version is the one that belongs to the installed `plotly` package. npm's cartesian bundle is a third of the size of
the full bundle, which is part of the Python package and is used if npm is missing or fails.

Plotly injects its rules into a <style> element, which a strict Content-Security-Policy forbids. It does not if the page
has <link id="plotly.js-style-global" class="no-inline-styles">: plotly.css has the same rules.
"""

import ast
import re
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from plotly.offline import get_plotlyjs, get_plotlyjs_version

VENDOR = Path(__file__).resolve().parent.parent / "static" / "vendor"
PACKAGE = "plotly.js-cartesian-dist-min"
STRING = r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""


def cartesian_bundle(version: str) -> str | None:
    npm = shutil.which("npm")
    if npm is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        try:
            pack = [npm, "pack", "--silent", f"{PACKAGE}@{version}"]
            subprocess.run(pack, cwd=folder, check=True, capture_output=True, timeout=120)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"npm could not fetch {PACKAGE} {version} ({error}); taking the full bundle")
            return None
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as archive:
            member = archive.extractfile("package/plotly-cartesian.min.js")
            assert member is not None
            return member.read().decode()


def full_bundle() -> str:
    # Only the full bundle injects MapLibre's style sheet when it loads. We draw no maps, so this is turned off: the
    # policy would report it on every visit.
    return re.sub(r'if\(!document\.getElementById\("[0-9a-f]{64}"\)\)', "if(false)", get_plotlyjs())


def style_sheet(bundle: str) -> str:
    """The table of rules in the bundle, {selector: declarations}, as CSS."""
    start = bundle.index('{"X,X div":')
    table = bundle[start : bundle.index("};for(", start)]
    rules = []
    for quoted, bare, declarations in re.findall(rf"[{{,](?:{STRING}|(\w+)):{STRING}", table):
        name = re.sub("^,", " ,", ast.literal_eval(quoted) if quoted else bare)
        name = name.replace("X", ".js-plotly-plot .plotly").replace("Y", ".plotly-notifier")
        rules.append(f"{name}{{{ast.literal_eval(declarations)}}}\n")
    # Plotly inserts each rule before the existing ones.
    return "".join(reversed(rules))


def main() -> None:
    version = get_plotlyjs_version()
    bundle = cartesian_bundle(version) or full_bundle()
    VENDOR.mkdir(parents=True, exist_ok=True)
    (VENDOR / "plotly.min.js").write_text(bundle, encoding="utf-8")
    (VENDOR / "plotly.css").write_text(style_sheet(bundle), encoding="utf-8")
    print(f"static/vendor: Plotly.js {version}, {len(bundle) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
