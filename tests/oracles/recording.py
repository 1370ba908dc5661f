"""Records the evidence from the real frameworks in oracle_evidence.json, for the page and the docs."""

import json
from collections import defaultdict
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from configurations import Configuration
from real import REAL

from app.frameworks import FRAMEWORKS
from app.frameworks.oracle_evidence import EVIDENCE_FILE, Evidence, kinds_of

NOTHING = asdict(Evidence(runs=0, shapes=0, float32=0.0, float64=None, programs=0, weights=0))


class Recorder:
    """Framework -> kind of stack -> counts and largest differences, the fields of an Evidence."""

    def __init__(self) -> None:
        self.kinds: defaultdict[str, dict[str, dict[str, float]]] = defaultdict(dict)

    def add(self, configuration: Configuration, **more: float) -> None:
        """Add to the evidence for each kind that a configuration counts for."""
        for kind in kinds_of(configuration.stack):
            evidence = self.kinds[configuration.framework.id].setdefault(kind, {})
            for name, value in more.items():
                before = evidence.get(name, 0)
                evidence[name] = max(before, value) if name.startswith("float") else before + value

    def record(self) -> None:
        """Write the file. Other entries stay: each environment has some of the frameworks, or a part of one."""
        stored: dict[str, Any] = json.loads(EVIDENCE_FILE.read_text(encoding="utf-8"))
        for id, kinds in self.kinds.items():
            of = stored.setdefault(id, {"versions": {}, "kinds": {}})
            of["versions"] |= {name: version(name) for name in REAL[id].packages}
            for kind, evidence in kinds.items():
                of["kinds"][kind] = NOTHING | of["kinds"].get(kind, {}) | evidence
        ordered = {id: stored[id] for id in FRAMEWORKS if id in stored}
        EVIDENCE_FILE.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")
