"""Which Sentinel-1 patch belongs to which Sentinel-2 patch, from tables that lie beside the imagery.

Names never tell: tiles, padding and dates differ. Any Parquet with the columns `patch_id` and `s1_name` in the
imagery's folder or the folder above counts, such as the `metadata.parquet` files that BigEarthNet v2 is published with.
"""

import glob
import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

logger = logging.getLogger(__name__)

_NEEDED = frozenset({"patch_id", "s1_name"})
_CARRIED = ("split", "country")  # taken along where the table has them
_TABLES_CAP = 64  # Parquet files looked at; a folder with more is no folder of metadata
_SCHEMA = pa.schema([(name, pa.string()) for name in ("patch_id", "s1_name", *_CARRIED)])


@dataclass(frozen=True)
class PairingTables:
    """The tables found beside some imagery, in the order in which they count."""

    paths: tuple[Path, ...]

    @property
    def revision(self) -> str:
        """Digest that changes with any of the tables."""
        stats = [(path.name, path.stat()) for path in self.paths]
        text = ";".join(f"{name}:{stat.st_size}:{stat.st_mtime_ns}" for name, stat in stats)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def read(self, patch_ids: pa.Array, s1_names: pa.Array) -> pa.Table:
        """Pairs in which one of the two names is wanted.

        Args:
            patch_ids: wanted Sentinel-2 names.
            s1_names: wanted Sentinel-1 names.

        Returns:
            Columns patch_id, s1_name, split, country (strings, the last two may be null), one row per patch_id; where
            tables disagree the first counts.
        """
        found = [_SCHEMA.empty_table(), *(_pairs(path, patch_ids, s1_names) for path in self.paths)]
        places = [pa.repeat(place, table.num_rows) for place, table in enumerate(found)]
        with duckdb.connect() as connection:
            connection.register("pairs", pa.concat_tables(found).append_column("place", pa.chunked_array(places)))
            return connection.sql(
                f"SELECT {', '.join(_SCHEMA.names)} FROM pairs "
                "QUALIFY row_number() OVER (PARTITION BY patch_id ORDER BY place, s1_name) = 1 ORDER BY patch_id"
            ).to_arrow_table()


def find_pairing_tables(root: Path) -> PairingTables:
    """Look for tables in the imagery's folder, then in the folder above."""
    folder = root if root.is_dir() else root.parent
    paths: list[Path] = []
    for place in (folder, folder.resolve().parent):
        try:
            candidates = sorted(place.glob("*.parquet"))[:_TABLES_CAP]
        except OSError:  # a folder above that we may not list holds no tables for us
            continue
        paths += [path for path in candidates if _names_pairs(path)]
    return PairingTables(tuple(paths))


def _names_pairs(path: Path) -> bool:
    try:
        schema = pq.read_schema(path)
    except (pa.ArrowException, OSError, ValueError) as error:
        logger.warning("%s is no readable Parquet file and pairs nothing: %s", path.name, error)
        return False
    return set(schema.names) >= _NEEDED


def _pairs(path: Path, patch_ids: pa.Array, s1_names: pa.Array) -> pa.Table:
    try:
        present = set(pq.read_schema(path).names)
        carried = ", ".join(f"min({name}::VARCHAR)" if name in present else "NULL::VARCHAR" for name in _CARRIED)
        with duckdb.connect() as connection:
            connection.register("patch_ids", pa.table({"name": patch_ids}))
            connection.register("s1_names", pa.table({"name": s1_names}))
            return (
                connection.sql(
                    f"SELECT patch_id::VARCHAR, min(s1_name::VARCHAR), {carried} FROM read_parquet(?) "
                    "WHERE s1_name IS NOT NULL AND patch_id IS NOT NULL AND (patch_id::VARCHAR IN (FROM patch_ids) "
                    "OR s1_name::VARCHAR IN (FROM s1_names)) GROUP BY patch_id",
                    params=[glob.escape(str(path))],
                )
                .to_arrow_table()
                .rename_columns(_SCHEMA.names)
                .cast(_SCHEMA)
            )
    except (duckdb.Error, pa.ArrowException, OSError, ValueError) as error:
        logger.warning("the pairs of %s can not be read and are left out: %s", path.name, error)
        return _SCHEMA.empty_table()
