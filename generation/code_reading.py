"""The first half of a program: the sample's values as this server has them, cut and filled as Patchwork did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from data_access.bigearthnet.modalities import S2_BANDS, S2_PARTS, modality_named
from data_access.dataset import Dataset
from data_access.exports.code_text import python_literal
from generation.modalities import COORDINATES, MODALITIES
from generation.prepared import Window
from generation.sample_values import (
    LOWEST_LAND_M,
    MOSTLY_MISSING,
    NODATA_REFLECTANCE,
    OFFSET,
    REFLECTANCES,
    STORED_AS,
    values_of,
)

_PATCH_PX = 120  # of BigEarthNet, on the grid of 10 m


@dataclass(frozen=True)
class Gaps:
    """How pixels without a value are known in one input, and what they are given."""

    mark: float | None  # of all bands, beside NaN
    by_mean: bool  # the mean that TerraMind was trained with, else the nearest neighbour's value


@dataclass(frozen=True)
class Reading:
    """What the inputs are read from."""

    address: str  # of the sample in the API
    window: Window
    inputs: tuple[str, ...]
    patches: bool  # of BigEarthNet, whose bands have three sizes
    shifted: tuple[str, ...]  # inputs that carry the offset
    gaps: Mapping[str, Gaps]  # by input; those without gaps are not in it
    place: tuple[float, float] | None  # longitude and latitude, where the coordinates are an input


def shifted_inputs(dataset: Dataset, sample_id: str, inputs: Sequence[str]) -> tuple[str, ...]:
    """Those inputs whose stored values carry the offset. Raises what `Dataset.read` raises."""
    stored = STORED_AS[dataset.info.dataset]
    optical = [name for name in inputs if name in REFLECTANCES]
    return tuple(name for name in optical if dataset.read(sample_id, stored[name]).attrs["offset_state"] == "present")


def gaps_of(dataset: Dataset, sample_id: str, inputs: Sequence[str]) -> dict[str, Gaps]:
    """Those inputs that have gaps. Raises what `Dataset.read` raises."""
    found = {}
    for name in inputs:
        if name in (COORDINATES, "LULC"):  # a class says of itself that it is none
            continue
        values = values_of(dataset, sample_id, name)
        if not values.valid.all():
            mark = dataset.read(sample_id, STORED_AS[dataset.info.dataset][name]).attrs["nodata"]
            mark = NODATA_REFLECTANCE if mark is None and name in REFLECTANCES else mark
            found[name] = Gaps(mark, bool(1 - values.valid.mean() > MOSTLY_MISSING))
    return found


def reading_lines(reading: Reading) -> list[str]:
    """Functions and a dictionary `inputs` of batches of one, by TerraMind's names."""
    images = [name for name in reading.inputs if name != COORDINATES]
    lines: list[str] = []
    if images:
        lines += _functions(reading, images)
    lines += ["", "inputs = {"]
    lines += [
        f"    {python_literal(MODALITIES[name].terramind_name)}: {_expression(reading, name)}," for name in images
    ]
    if reading.place is not None:
        place = ", ".join(repr(float(each)) for each in reading.place)
        lines.append(f'    "coords": torch.tensor([[{place}]]),  # longitude, latitude')
    return [*lines, "}"]


def _functions(reading: Reading, images: Sequence[str]) -> list[str]:
    window = reading.window
    place = f"TOP, LEFT, HEIGHT, WIDTH = {window.top}, {window.left}, {window.height}, {window.width}"
    lines = [
        f"SAMPLE = {python_literal(reading.address)}",
        f"{place}  # what TerraMind saw of it, in pixels",
        "",
        "",
        "def stored(modality):",
        '    """Values as the sample has them, (band, y, x)."""',
        '    with urllib.request.urlopen(f"{SAMPLE}/{modality}.npy") as answer:',
        "        return np.load(io.BytesIO(answer.read())).astype(np.float32)",
        "",
        "",
        "def batch(values):",
        '    """One image, cut."""',
        "    cut = values[:, TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH]",
        "    return torch.from_numpy(np.ascontiguousarray(cut))[None]",
        "",
    ]
    if reading.gaps:
        lines += _GAP_FUNCTION
    if reading.patches and "S2L2A" in images:
        lines += _patch_functions()
    return lines


_GAP_FUNCTION = [
    "",
    "def filled(values, mark, mean=None, lowest=-np.inf):",
    '    """Pixels without a value get their nearest neighbour\'s, or the mean where most have none."""',
    "    valid = np.isfinite(values).all(axis=0) & ~(values == mark).all(axis=0) & (values[0] > lowest)",
    "    if mean is not None:",
    "        return np.where(valid, values, np.float32(mean)[:, None, None])",
    "    rows, columns = distance_transform_edt(~valid, return_distances=False, return_indices=True)",
    "    return values[:, rows, columns]",
    "",
]


def _patch_functions() -> list[str]:
    bands = {part: list(modality_named(part).bands) for part in S2_PARTS}
    return [
        "",
        "def all_bands():",
        '    """The bands of 10, 20 and 60 m on the grid of 10 m, nearest neighbour, in TerraMind\'s order."""',
        "    found = {}",
        f"    for part, names in {bands!r}.items():",
        "        values = stored(part)",
        f"        times = {_PATCH_PX} // values.shape[1]",
        "        found |= dict(zip(names, values.repeat(times, axis=1).repeat(times, axis=2)))",
        f"    return np.stack([found[name] for name in {list(S2_BANDS)!r}])",
        "",
    ]


def _expression(reading: Reading, name: str) -> str:
    if reading.patches and name == "S2L2A":
        values = "all_bands()"
    else:
        stored = STORED_AS["bigearthnet" if reading.patches else "terramesh"][name]
        values = f"stored({python_literal(stored)})"
    shift = OFFSET if name in reading.shifted else 0.0
    if gaps := reading.gaps.get(name):
        mean = [each + shift for each in MODALITIES[name].mean] if gaps.by_mean else None
        lowest = f", lowest={LOWEST_LAND_M!r}" if name == "DEM" else ""
        values = f"filled({values}, {gaps.mark!r}{f', {mean!r}' if mean else ''}{lowest})"
    return f"batch({values}{f' - {shift:g}' if shift else ''})"
