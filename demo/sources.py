"""What the collection is drawn by, as a short word: it changes whenever the drawing may."""

import hashlib
from pathlib import Path

DRAWING_ROOMS = ("scene", "terramesh", "bigearthnet")  # the rest asks, waits and checks, and draws nothing

_HERE = Path(__file__).parent
_DIGITS = 16


def source_version(*rooms: str) -> str:
    """Sixteen hexadecimal digits of every program and table in these rooms of the builder."""
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted([*(_HERE / room).rglob("*.py"), *(_HERE / room).rglob("*.toml")]):
            digest.update(path.relative_to(_HERE).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:_DIGITS]
