"""S2RGB: the picture that the data set's authors made, shown as they made it."""

import numpy as np

from rendering.optical import bands_text, describe_channels
from rendering.preset import Drawing, Preset, Scene
from rendering.stretch import FULL, to_bytes


def draw_as_is(scene: Scene) -> Drawing:
    """Bytes unchanged; other types are rounded and clipped to 0...255."""
    planes = scene.stack.planes(scene.names)
    notes: tuple[str, ...] = ()
    if planes.dtype != np.uint8:
        notes = (f"values of type {planes.dtype} were rounded and clipped to 0...255",)
        planes = to_bytes(planes, 0.0, float(FULL))
    rgba = np.full((*scene.stack.size, 4), FULL, np.uint8)
    rgba[..., :3] = np.moveaxis(planes, 0, -1)
    ranges = ((0.0, float(FULL)),) * len(scene.names)
    return Drawing(
        rgba=rgba,
        recipe=f"{bands_text(scene.names)}; bytes unchanged",
        missing=scene.missing,
        range=ranges[0],
        channels=describe_channels(scene.names, ranges),
        notes=notes,
    )


AS_IS = Preset(
    name="as-is",
    title="As published",
    recipe="red, green, blue = R, G, B; bytes unchanged",
    kind="as-is",
    unit="byte 0...255",
    bands=(),
    draw=draw_as_is,
    advice="The authors' own stretch of B04, B03, B02, different for every image.",
)
