"""What scripts and style sheets import from each other is there: a browser would go on without it, silently."""

import re
from pathlib import Path

import pytest

from components.urls import COMPONENTS

SOURCES = sorted(path for ending in ("js", "css") for path in COMPONENTS.rglob(f"*.{ending}"))
IMPORTED = re.compile(r"""(?:^@import url\(|\bfrom |^import )["']([^"':]+)["']""", re.MULTILINE)


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: str(path.relative_to(COMPONENTS)))
def test_imports_lead_to_files(source: Path) -> None:
    missing = [name for name in IMPORTED.findall(source.read_text()) if not (source.parent / name).is_file()]
    assert not missing


def test_imports_are_seen() -> None:
    names = IMPORTED.findall('@import url("a.css");\nimport { b } from "./b.js";\nimport "./c.js";')
    assert names == ["a.css", "./b.js", "./c.js"]
