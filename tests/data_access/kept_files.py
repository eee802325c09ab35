"""Tells files that were left alone from files that were written again."""

from pathlib import Path


def files_of(folder: Path) -> dict[Path, int]:
    """Every file and its inode, which a file that is written again does not keep; its time changes by mere use."""
    return {file: file.stat().st_ino for file in folder.rglob("*") if file.is_file()}
