"""BigEarthNet v2 in an LMDB, as rico-hdl writes it: key = patch name, value = safetensors, tensors named by band."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from data_access.bigearthnet.imagery import BandInfo, StoredBands
from data_access.bigearthnet.lmdb_pages import LmdbFile
from data_access.bigearthnet.modalities import MAP_SUFFIX, MAP_TENSOR, PRODUCTS, Product
from data_access.bigearthnet.patch_grid import is_patch_id, is_s1_name
from data_access.bigearthnet.safetensors_bytes import parse_tensors
from data_access.dataset import Provenance
from data_access.kept_tables import kept_table
from errors import SampleFormatError, SourceMissingError, UnknownSampleError

LMDB_FILE = "data.mdb"  # in the folder that rico-hdl writes
VALUE_CAP = 1 << 26  # bytes; a Sentinel-2 patch has 160,832
LISTING_VERSION = 1  # part of the kept listing's name


class LmdbStore:
    """Image store over one LMDB file (see `imagery.ImageStore`)."""

    def __init__(self, path: Path, tables_dir: Path) -> None:
        """Open the file and list its keys.

        Args:
            path: the `data.mdb`.
            tables_dir: where the list of keys may be kept; listing a full archive touches every leaf page.

        Raises:
            ShardError: the file is damaged.
            SourceMissingError: it holds no patch.
        """
        self.root = path.parent if path.name == LMDB_FILE else path
        self._file = LmdbFile(path)
        stat = path.stat()
        identity = f"{stat.st_size}:{stat.st_mtime_ns}:{self._file.transaction}"
        self.revision = hashlib.sha256(identity.encode()).hexdigest()[:16]
        kept = tables_dir / f"bigearthnet-lmdb-{self.revision}-{LISTING_VERSION}.parquet"
        listing = kept_table(kept, self._list)
        self._names = {
            product: listing.filter(pc.equal(listing["product"], product))["name"].combine_chunks()
            for product in PRODUCTS
        }
        foreign = listing.num_rows - sum(len(names) for names in self._names.values())
        if foreign == listing.num_rows:
            raise SourceMissingError(
                f"The LMDB {self.root.name!r} holds {foreign} keys and none is a BigEarthNet v2 patch name: "
                "write it with rico-hdl."
            )
        self.notes: tuple[str, ...] = (
            (f"{foreign:,} keys of {self.root.name!r} are no patch names and are left out.",) if foreign else ()
        )

    def names(self, product: Product) -> pa.Array:
        """Names stored for a product, sorted."""
        return self._names[product]

    def bands(self, product: Product, name: str, wanted: Sequence[str], *, pixels: bool) -> StoredBands:
        """Read bands of one product (see `imagery.ImageStore.bands`)."""
        key = name + MAP_SUFFIX if product == "reference_map" else name
        place = self._file.find(key.encode("utf-8", "replace"))
        if place is None:
            raise UnknownSampleError(f"The LMDB {self.root.name!r} has no key {key[:120]!r}.")
        if place.length > VALUE_CAP:
            raise SampleFormatError(f"{key}: a value of {place.length:,} bytes is no patch (at most {VALUE_CAP:,}).")
        value = self._file.read(place)
        names = {band: MAP_TENSOR if product == "reference_map" else band for band in wanted}
        try:
            tensors = parse_tensors(value, names.values())
        except SampleFormatError as error:
            raise SampleFormatError(f"{key}: {error.message}") from error
        found = [(band, tensors[names[band]]) for band in wanted if names[band] in tensors]
        return StoredBands(
            bands=tuple(BandInfo(band, tensor.shape, tensor.dtype.newbyteorder("=")) for band, tensor in found),
            provenance=Provenance(
                shard=self._file.name, member=key, byte_offset=place.offset, byte_length=place.length
            ),
            pixels=tuple(tensor.read(value) for _, tensor in found) if pixels else (),
        )

    def _list(self) -> pa.Table:
        """Every key with its product (null for foreign ones), sorted by key."""
        kinds = [_kind(key) for key in self._file.iterate_keys()]
        return pa.table(
            {
                "product": pa.array([product for product, _ in kinds], pa.string()),
                "name": pa.array([name for _, name in kinds], pa.string()),
            }
        )


def _kind(key: bytes) -> tuple[Product | None, str]:
    name = key.decode("utf-8", "replace")
    if is_patch_id(name):
        return "S2", name
    if is_s1_name(name):
        return "S1", name
    patch_id = name.removesuffix(MAP_SUFFIX)
    if patch_id != name and is_patch_id(patch_id):
        return "reference_map", patch_id
    return None, name
