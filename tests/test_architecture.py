"""The rooms of the house: imports point one way, and heavy frameworks stay where they belong."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("app", "pages", "components", "api", "rendering", "generation", "batch", "demo", "data_access", "errors")

# Who may import whom, beside itself and errors.
ARROWS: dict[str, set[str]] = {
    "app": {"pages", "api", "components", "data_access"},
    "pages": {"components", "rendering", "data_access"},
    "components": {"rendering", "generation", "data_access"},
    "api": {"rendering", "generation", "data_access"},
    "batch": {"rendering", "generation", "data_access"},
    "demo": {"generation", "data_access"},
    "generation": {"data_access"},
    "rendering": set(),
    "data_access": set(),
    "errors": set(),
}
STREAMLIT_ROOMS = {"app", "pages", "components"}
RENDERING_LIBRARIES = {"numpy", "matplotlib", "PIL"}
DASK_ROOMS = {"batch"}
TORCH = {"torch", "terratorch", "diffusers", "einops", "tokenizers"}
# Where torch may be loaded: the worker's process, and programs of their own. The app never pays for it.
TORCH_PLACES = (
    "generation/engine/",
    "generation/demo_model/",
    "generation/worker.py",
    "demo/model/",
    "demo/train_model.py",
)
LONGEST_MODULE = 300  # lines; a reader should hold a module in mind


def modules() -> list[Path]:
    files = [file for room in ROOMS for file in (ROOT / f"{room}.py", *sorted((ROOT / room).rglob("*.py")))]
    return [file for file in files if file.exists()]


def room_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Top-level names a module imports, wherever in it the import stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute, so that a reader sees the room"
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_one_way(path: Path) -> None:
    room = room_of(path)
    rooms = imported(path) & set(ROOMS) - {room, "errors"}
    assert rooms <= ARROWS[room], f"{room} must not import {sorted(rooms - ARROWS[room])}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_frameworks_stay_in_their_rooms(path: Path) -> None:
    names = imported(path)
    if room_of(path) not in STREAMLIT_ROOMS:
        assert "streamlit" not in names
    if room_of(path) not in DASK_ROOMS:
        assert not names & {"dask", "distributed"}
    if room_of(path) not in {"api", "app"}:
        assert not names & {"fastapi", "starlette"}


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_torch_stays_where_the_worker_is(path: Path) -> None:
    here = str(path.relative_to(ROOT))
    if not here.startswith(TORCH_PLACES):
        assert not imported(path) & TORCH
        loaded = {
            node.module or ""
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
        }
        assert not any(
            name.replace(".", "/").startswith(("generation/engine", "generation/demo_model")) for name in loaded
        )


def test_the_rules_are_about_rooms_that_exist() -> None:
    assert {room_of(path) for path in modules()} == set(ROOMS) == set(ARROWS)


def test_rendering_needs_few_libraries() -> None:
    for path in (ROOT / "rendering").rglob("*.py"):
        foreign = imported(path) - set(sys.stdlib_module_names) - {"rendering", "errors"}
        assert foreign <= RENDERING_LIBRARIES, f"{path.name} imports {sorted(foreign - RENDERING_LIBRARIES)}"


def test_errors_import_nothing_of_ours() -> None:
    assert not imported(ROOT / "errors.py") & set(ROOMS)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
