"""The manifest of the demo collection: what is in it, made from what, and the checksum of every file."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MANIFEST_FILE = "manifest.json"
# the lock file of the LMDB changes whenever somebody reads
_UNCHECKED = {"lock.mdb"}
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Recipe:
    """What decides the bytes of a collection.

    Attributes:
        seed: of all randomness.
        versions: of the builders and of the libraries whose arithmetic they use.
    """

    seed: int
    versions: dict[str, str]


def write_manifest(
    root: Path, recipe: Recipe, counts: dict[str, int], mistakes: Mapping[int, str] | None = None
) -> None:
    """Describe a finished collection; the manifest is written last and by renaming, so it also says "complete".

    Args:
        root: its folder.
        recipe: what decides its bytes.
        counts: how many there are of what.
        mistakes: what is wrong on purpose with annotations, by their IDs.
    """
    manifest = {
        "title": "Patchwork demo collection",
        "synthetic": True,
        "note": "Drawn by a program at real places. Nothing in it was observed; do not use it as data.",
        "seed": recipe.seed,
        "versions": recipe.versions,
        "counts": counts,
        "planted_mistakes": {str(identifier): what for identifier, what in sorted((mistakes or {}).items())},
        "files": {
            path.relative_to(root).as_posix(): {"bytes": path.stat().st_size, "sha256": checksum(path)}
            for path in _files(root)
        },
    }
    temporary = root / f".{MANIFEST_FILE}.tmp"
    temporary.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    temporary.replace(root / MANIFEST_FILE)


def is_intact(root: Path, recipe: Recipe) -> bool:
    """Whether the collection is finished, of this recipe, and every file is as it was written."""
    try:
        manifest = json.loads((root / MANIFEST_FILE).read_text(encoding="utf-8"))
        same = manifest["seed"] == recipe.seed and manifest["versions"] == recipe.versions
        files = manifest["files"]
        return (
            same
            and bool(files)
            and all(
                (root / name).stat().st_size == entry["bytes"] and checksum(root / name) == entry["sha256"]
                for name, entry in files.items()
            )
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def checksum(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _files(root: Path) -> list[Path]:
    """The files of a collection in a fixed order, without hidden ones, locks and the manifest itself."""
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file()
        and path.name not in _UNCHECKED | {MANIFEST_FILE}
        and not any(part.startswith(".") for part in path.relative_to(root).parts)
    )
