"""Puts a finished folder in its place."""

import shutil
from pathlib import Path


def replace_folder(new: Path, old: Path) -> None:
    """Rename `new` to `old`; an older folder of that name goes aside first, and is removed once the new one is there.

    A reader finds one of the two but for the moment between two renames; removing takes seconds, so it comes last.

    Args:
        new: on the same file system as `old`.
        old: the place to take; nothing needs to be there.
    """
    aside = old.with_name(f".{old.name}.replaced")
    shutil.rmtree(aside, ignore_errors=True)  # of an interrupted run
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)
