"""What PATCHWORK_TERRAMIND means, where files are found, and what is said where they are not."""

from pathlib import Path

import pytest

from generation.weights_location import (
    MODEL_FILES,
    TOKENIZER_FILES,
    WeightsFile,
    WeightsLocation,
    hub_cache,
    weights_location,
)

BASE, TINY = MODEL_FILES["terramind_v1_base"], MODEL_FILES["terramind_v1_tiny"]
LULC, COORDINATES = TOKENIZER_FILES["LULC"], TOKENIZER_FILES["coordinates"]


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path / "hub"


def put(cache: Path, file: WeightsFile) -> Path:
    repository = cache / f"models--{file.repository.replace('/', '--')}"
    path = repository / "snapshots" / "abc" / file.name
    path.parent.mkdir(parents=True)
    path.touch()
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text("abc", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        (None, WeightsLocation("cache")),
        ("  ", WeightsLocation("cache")),
        ("demo", WeightsLocation("demo")),
        ("terramind_v1_small", WeightsLocation("hub", model="terramind_v1_small")),
        ("/models", WeightsLocation("folder", folder=Path("/models"))),
        ("~/models", WeightsLocation("folder", folder=Path.home() / "models")),
        ("terramind_v1_huge", WeightsLocation("folder", folder=Path("terramind_v1_huge"))),
    ],
)
def test_settings(setting: str | None, expected: WeightsLocation) -> None:
    assert weights_location(setting) == expected


@pytest.mark.parametrize("setting", [None, "demo", "terramind_v1_base"])
def test_files_of_the_hubs_cache(cache: Path, setting: str | None) -> None:
    location = weights_location(setting)
    assert location.find(BASE) is None
    path = put(cache, BASE)
    assert location.find(BASE) == path
    assert location.find(TINY) is None


def test_files_of_a_folder(tmp_path: Path, cache: Path) -> None:
    put(cache, TINY)
    folder = tmp_path / "flat"
    folder.mkdir()
    location = weights_location(str(folder))
    assert location.find(TINY) is None, "a folder is all there is"
    (folder / TINY.name).touch()
    (folder / COORDINATES.name).touch()
    assert location.find(TINY) == folder / TINY.name
    assert location.find(COORDINATES) == folder / "config.json"
    safe = folder / "TerraMind_v1_tiny.safetensors"
    safe.touch()
    assert location.find(TINY) == safe


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"HF_HUB_CACHE": "/a"}, "/a"),
        ({"HUGGINGFACE_HUB_CACHE": "/b"}, "/b"),
        ({"HF_HUB_CACHE": "/a", "HF_HOME": "/c"}, "/a"),
        ({"HF_HOME": "/c"}, "/c/hub"),
        ({"XDG_CACHE_HOME": "/d"}, "/d/huggingface/hub"),
        ({}, "~/.cache/huggingface/hub"),
    ],
)
def test_the_hubs_cache_is_where_its_client_looks(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    monkeypatch.delenv("HF_HUB_CACHE")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert hub_cache() == Path(expected).expanduser()


def test_only_the_model_that_is_named_is_fetched_and_not_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    location = weights_location("terramind_v1_base")
    assert location.may_fetch("terramind_v1_base")
    assert not location.may_fetch("terramind_v1_tiny")
    assert not weights_location(None).may_fetch("terramind_v1_base")
    assert not weights_location("/models").may_fetch("terramind_v1_base")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert not location.may_fetch("terramind_v1_base")


@pytest.mark.parametrize(
    ("setting", "then"),
    [
        (None, ". Or set PATCHWORK_TERRAMIND=terramind_v1_base, and Patchwork fetches what a run needs."),
        (
            "terramind_v1_tiny",
            ". Or set PATCHWORK_TERRAMIND=terramind_v1_base, and Patchwork fetches what a run needs.",
        ),
        ("terramind_v1_base", ". Or unset HF_HUB_OFFLINE, and Patchwork fetches what a run needs."),
        ("demo", "; then unset PATCHWORK_TERRAMIND."),
    ],
)
def test_the_cure_has_the_lines_that_fetch(setting: str | None, then: str) -> None:
    assert weights_location(setting).cure("terramind_v1_base", (BASE, LULC)) == (
        "Fetch them (2.2 GB) with: hf download ibm-esa-geospatial/TerraMind-1.0-base TerraMind_v1_base.pt && "
        f"hf download ibm-esa-geospatial/TerraMind-1.0-Tokenizer-LULC TerraMind_Tokenizer_LULC.pt{then}"
    )


def test_the_cure_of_a_folder_puts_the_file_there() -> None:
    assert weights_location("/my models").cure("terramind_v1_base", (COORDINATES,)) == (
        "Fetch it (0.0 GB) with: hf download ibm-esa-geospatial/TerraMind-1.0-Tokenizer-Coords config.json "
        "--local-dir '/my models'."
    )
