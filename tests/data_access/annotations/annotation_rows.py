"""Small annotation files to test with."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

PATCH = "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_26_57"
OTHER = "S2A_MSIL2A_20170613T101031_N9999_R022_T33UUP_27_55"


def row(number: int, patch_id: str | None = PATCH, **changes: object) -> dict[str, object]:
    """One annotation row; any column may be changed."""
    return {
        "ID": number,
        "s1_name": "S1B_IW_GRDH_1SDV_20170612T165809_33UUP_26_57",
        "patch_id": patch_id,
        "input": "Is there any arable land?",
        "output": "yes",
        "type": "binary",
        "category": "presence",
        "split": "bench",
        "latitude": 48.11003471465957,
        "longitude": 12.740300299577253,
        "country": "Austria",
        "season": "Summer",
        "climate_zone": "Cold, no dry season, warm summer",
    } | changes


def write_rows(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    """Write rows as the Parquet file `path`."""
    pq.write_table(pa.Table.from_pylist(list(rows)), path)
    return path
