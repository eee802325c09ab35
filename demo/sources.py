"""What the collection is drawn by, as a short word: it changes whenever the drawing may."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

DRAWING_ROOMS = ("scene", "terramesh", "bigearthnet")  # the rest asks, waits and checks, and draws nothing

_HERE = Path(__file__).parent
_BORROWED: Mapping[str, tuple[str, ...]] = MappingProxyType(  # what a room's texts are measured and named with
    {"bigearthnet": ("data_access/bigearthnet/classes.py", "data_access/bigearthnet/map_facts.py")}
)
_DIGITS = 16


def source_version(*rooms: str) -> str:
    """Sixteen hexadecimal digits of every program and table in these rooms of the builder, and of what they borrow."""
    digest = hashlib.sha256()
    for room in rooms:
        own = sorted([*(_HERE / room).rglob("*.py"), *(_HERE / room).rglob("*.toml")])
        for path in (*own, *(_HERE.parent / name for name in _BORROWED.get(room, ()))):
            digest.update(path.relative_to(_HERE.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:_DIGITS]
