"""How long a chip takes from the bytes in the cache to WebP, beside the same recipe through matplotlib.

    python -m benchmarks.render_chip

Draws one synthetic sample of 264 x 264 pixels in the format of the data
set, then decodes, renders and encodes each modality in its default preset. Budgets: 15 ms a chip, 80 ms a sample.
"""

import io
import statistics
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure

from data_access.terramesh.modalities import modality_named
from data_access.terramesh.sample import SampleFile
from demo.terramesh.encode import encode_sample
from demo.terramesh.plan import make_plan
from rendering import encode, render
from rendering.land_cover import LULC_TERRAMIND

REPEATS = 31
BUDGET_CHIP_MS = 15.0
BUDGET_SAMPLE_MS = 80.0
INCHES = 2.64  # 264 pixels at matplotlib's 100 per inch


def milliseconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Median of `REPEATS` runs, after one to warm up; with `time.process_time` other programs do not count."""
    work()
    times = []
    for _ in range(REPEATS):
        start = clock()
        work()
        times.append(clock() - start)
    return statistics.median(times) * 1000


def opened(member: bytes, modality: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Pixels and band names of a member."""
    sample = SampleFile(io.BytesIO(member), modality_named(modality))
    return sample.pixels(), sample.bands


def ours(member: bytes, modality: str) -> bytes:
    """Bytes of the member to a WebP chip."""
    values, bands = opened(member, modality)
    return encode(render(values, bands=bands, modality=modality).rgba)


def by_matplotlib(member: bytes, modality: str) -> bytes:
    """Bytes of the member to a PNG chip: the recipe in plain numpy, then imshow and savefig."""
    values, bands = opened(member, modality)
    figure = Figure(figsize=(INCHES, INCHES), dpi=100)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    image, look = plain_recipe(values, bands, modality)
    axes.imshow(image, interpolation="nearest", **look)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


def plain_recipe(values: np.ndarray, bands: tuple[str, ...], modality: str) -> tuple[np.ndarray, dict[str, Any]]:
    """What a notebook would write for the default preset: an image, and the keywords of imshow."""
    if modality in ("S2L2A", "S2L1C"):
        rgb = values[[bands.index(name) for name in ("B08", "B04", "B03")]].astype(np.float64)
        low, high = np.clip(rgb.min(), 0, 1000), np.clip(np.percentile(rgb, 99), 2000, 20000)
        return (((rgb - low) / (high - low)).clip(0, 1) ** 0.7).transpose(1, 2, 0), {}
    if modality in ("S1GRD", "S1RTC"):
        vv, vh = values.astype(np.float64)
        return np.clip(np.stack([(vh + 40) / 40, (vv + 30) / 35, (vv - vh) / 20], axis=-1), 0, 1), {}
    plane = values[0]
    if modality == "DEM":
        return plane, {"cmap": "BrBG_r", "vmin": plane.min() - 5, "vmax": plane.max() + 5}
    if modality == "NDVI":
        return plane.astype(np.float32), {"cmap": "RdYlGn", "vmin": -1, "vmax": 1}
    if modality == "LULC":
        palette = ListedColormap([style.colour for style in LULC_TERRAMIND.styles])
        return plane, {"cmap": palette, "vmin": 0, "vmax": 9}
    return values.transpose(1, 2, 0), {}


def main() -> None:
    """Print one line per modality and the sum over a sample."""
    mpl.use("Agg")
    members, _ = encode_sample(make_plan(seed=7)[0])
    columns = ("decode", "render", "encode", "all", "all, CPU", "matplotlib")
    print(f"{'modality':10}" + "".join(f"{name:>14}" for name in (*columns, "ratio", "kB")))
    total = slowest = total_processor = 0.0
    for modality, member in members.items():
        values, bands = opened(member, modality)
        rgba = render(values, bands=bands, modality=modality).rgba
        parts = (
            milliseconds(partial(opened, member, modality)),
            milliseconds(partial(render, values, bands=bands, modality=modality)),
            milliseconds(partial(encode, rgba)),
        )
        whole = milliseconds(partial(ours, member, modality))
        processor = milliseconds(partial(ours, member, modality), time.process_time)
        naive = milliseconds(partial(by_matplotlib, member, modality))
        figures = (*(f"{part:.1f} ms" for part in (*parts, whole, processor, naive)), f"{naive / whole:.1f} x")
        print(f"{modality:10}" + "".join(f"{figure:>14}" for figure in (*figures, f"{len(encode(rgba)) / 1000:.0f}")))
        total, slowest = total + whole, max(slowest, whole)
        total_processor += processor
    print(
        f"slowest chip {slowest:.1f} ms (budget {BUDGET_CHIP_MS:g}), "
        f"all of a sample {total:.1f} ms, {total_processor:.1f} ms of CPU (budget {BUDGET_SAMPLE_MS:g})"
    )


if __name__ == "__main__":
    main()
