"""docs/presets.md tells of every preset what the registry says, and of no other."""

import re
from pathlib import Path

import pytest

from rendering import PRESETS, Preset, presets_of
from rendering.picture import ClassEntry

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "presets.md").read_text(encoding="utf-8")
ROWS = {line for line in PAGE.splitlines() if line.startswith("|")}


def row(preset: Preset, *, default: bool) -> str:
    name = f"`{preset.name}`{'*' if default else ''}"
    return f"| {name} | {preset.title} | {preset.recipe} | {', '.join(preset.parameters)} | {preset.advice} |"


def colour(entry: ClassEntry) -> str:
    return "checker" if entry.pattern == "checker" else entry.colour


@pytest.mark.parametrize("modality", PRESETS)
def test_every_preset_has_its_row(modality: str) -> None:
    for preset in presets_of(modality):
        assert {row(preset, default=True), row(preset, default=False)} & ROWS, f"docs/presets.md lacks {preset.name}"


@pytest.mark.parametrize("modality", ["S2L2A", "S2RGB", "S1RTC", "DEM", "NDVI", "LULC", "cloud_mask", "reference_map"])
def test_the_default_is_marked(modality: str) -> None:
    assert row(presets_of(modality)[0], default=True) in ROWS


def test_the_page_invents_no_preset() -> None:
    known = {preset.name for presets in PRESETS.values() for preset in presets}
    parameters = {"preset", "bands", "range", "gamma", "expression", "offset", "size"}
    named = {match for line in ROWS for match in re.findall(r"^\| `([a-z0-9-]+)`", line)}
    assert named <= known | parameters


def test_palettes_are_those_of_the_registry() -> None:
    terramind, io, safe = (preset.classes for preset in presets_of("LULC"))
    for entry, second, third in zip(terramind, io, safe, strict=True):
        assert f"| {entry.id} | {entry.name} | {entry.colour} | {second.colour} | {third.colour} |" in ROWS
    overlay, plain = (preset.classes for preset in presets_of("cloud_mask"))
    for over, entry in zip(overlay, plain, strict=True):
        drawn = colour(over) if over.pattern in ("checker", "solid") else f"{over.pattern}, {over.colour}"
        assert f"| {over.id} | {over.name} | {drawn} | {colour(entry)} |" in ROWS
    for entry in presets_of("reference_map")[0].classes:
        assert f"| {entry.name} | {colour(entry)} | {', '.join(map(str, entry.values))} |" in ROWS
