"""BigEarthNet v2 in an LMDB, as rico-hdl writes it: key = patch name, value = safetensors, tensors named by band.

The file is memory-mapped, so a file shorter than its pages would kill the process at the first touch: its length is
checked before anything is read.
"""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from weakref import WeakValueDictionary

import lmdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.bigearthnet.imagery import BandInfo, StoredBands
from data_access.bigearthnet.kept_tables import kept_table
from data_access.bigearthnet.modalities import MAP_SUFFIX, MAP_TENSOR, PRODUCTS, Product
from data_access.bigearthnet.patch_grid import is_patch_id, is_s1_name
from data_access.bigearthnet.safetensors_bytes import parse_tensors
from data_access.dataset import Provenance
from errors import PatchworkError, SampleFormatError, ShardError, SourceMissingError, UnknownSampleError

LMDB_FILE = "data.mdb"  # in the folder that rico-hdl writes
VALUE_CAP = 1 << 26  # bytes; a Sentinel-2 patch has 160,832
READERS = 126  # LMDB's own default; without its lock file no slot is ever taken
LISTING_VERSION = 1  # part of the kept listing's name


class _Environment:
    """One opened LMDB file; LMDB allows a process to open a file once only."""

    def __init__(self, path: Path) -> None:
        try:
            self.handle = lmdb.open(
                str(path), subdir=False, readonly=True, lock=False, readahead=False, max_readers=READERS, create=False
            )
        except lmdb.Error as error:
            raise ShardError(
                f"{path.name!r} can not be opened as an LMDB ({_reason(error)}): it is damaged or of another kind."
            ) from error
        info, page_size = self.handle.info(), int(self.handle.stat()["psize"])
        self.transaction_id = int(info["last_txnid"])
        needed, size = (int(info["last_pgno"]) + 1) * page_size, path.stat().st_size
        if size < needed:
            self.handle.close()
            raise ShardError(f"{path.name!r} is cut: it has {size:,} of {needed:,} bytes. Copy or convert it again.")


_environments: WeakValueDictionary[Path, _Environment] = WeakValueDictionary()
_environments_lock = threading.Lock()


def _environment(path: Path) -> _Environment:
    """The environment of a file, shared by everything in this process that reads it."""
    key = path.resolve()
    with _environments_lock:
        found = _environments.get(key)
        if found is None:
            found = _environments[key] = _Environment(key)
        return found


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
        self._file_name = path.name
        self._environment = _environment(path)
        stat = path.stat()
        identity = f"{stat.st_size}:{stat.st_mtime_ns}:{self._environment.transaction_id}"
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
        try:
            with self._environment.handle.begin(buffers=True) as transaction:
                value = transaction.get(key.encode())
                if value is None:
                    raise UnknownSampleError(f"The LMDB {self.root.name!r} has no key {key!r}.")
                return self._decode(key, value, wanted, pixels=pixels)
        except (lmdb.Error, UnicodeEncodeError) as error:
            raise ShardError(f"The LMDB {self.root.name!r} is damaged at {key!r} ({_reason(error)}).") from error

    def _decode(self, key: str, value: memoryview, wanted: Sequence[str], *, pixels: bool) -> StoredBands:
        """Copy out what is wanted while the transaction keeps the value's pages valid."""
        if len(value) > VALUE_CAP:
            raise SampleFormatError(f"{key}: a value of {len(value):,} bytes is no patch (at most {VALUE_CAP:,}).")
        try:
            tensors = parse_tensors(value)
        except PatchworkError as error:
            raise SampleFormatError(f"{key}: {error.message}") from error
        found = [(band, tensors[tensor]) for band in wanted if (tensor := _tensor_name(key, band)) in tensors]
        arrays: tuple[np.ndarray, ...] = tuple(tensor.read(value) for _, tensor in found) if pixels else ()
        return StoredBands(
            bands=tuple(BandInfo(band, tensor.shape, tensor.dtype.newbyteorder("=")) for band, tensor in found),
            provenance=Provenance(shard=self._file_name, member=key, byte_offset=None, byte_length=len(value)),
            pixels=arrays,
        )

    def _list(self) -> pa.Table:
        """Every key with its product (null for foreign ones), sorted by key."""
        products: list[str | None] = []
        names: list[str] = []
        try:
            with self._environment.handle.begin() as transaction, transaction.cursor() as cursor:
                for key in cursor.iternext(keys=True, values=False):
                    product, name = _kind(bytes(key))
                    products.append(product)
                    names.append(name)
        except lmdb.Error as error:
            raise ShardError(
                f"The LMDB {self.root.name!r} can not be listed ({_reason(error)}): copy or convert it again."
            ) from error
        return pa.table({"product": pa.array(products, pa.string()), "name": pa.array(names, pa.string())})


def _tensor_name(key: str, band: str) -> str:
    return MAP_TENSOR if key.endswith(MAP_SUFFIX) else band


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


def _reason(error: Exception) -> str:
    """The last part of a message: what comes before names full paths."""
    return str(error).rpartition(": ")[2][:120]
