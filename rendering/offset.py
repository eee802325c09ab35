"""The +1000 that newer Sentinel-2 processing adds to reflectance: what to subtract, and what to say about it.

TerraMesh holds samples with it and without it, so nothing here assumes a convention: the reader of the file says what
it found, the caller chooses, and the legend tells both.
"""

from rendering.preset import Scene

OFFSET = 1000.0  # processing baseline 04.00 and later


def offset_shift(scene: Scene) -> float:
    """How much to subtract: 1000 where the caller wants the offset removed and it is, or may be, there."""
    return OFFSET if scene.options.offset == "remove" and scene.options.offset_state != "absent" else 0.0


def offset_notes(scene: Scene) -> tuple[str, ...]:
    """What the legend says about the offset."""
    state, remove = scene.options.offset_state, scene.options.offset == "remove"
    if state == "present":
        return (f"the +1000 offset is present; {'removed' if remove else 'kept'} for this picture",)
    if state == "absent":
        return ("the values carry no +1000 offset",)
    unknown = "whether the values carry the +1000 offset is unknown"
    return (f"{unknown}; 1000 was subtracted for this picture" if remove else unknown,)
