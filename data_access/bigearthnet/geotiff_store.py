"""BigEarthNet v2 as it is published: trees of GeoTIFFs, one file per band."""

import bisect
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import rasterio
from rasterio.crs import CRS
from rasterio.errors import RasterioError

from data_access.bigearthnet.geotiff_tree import image_file, list_patches, tree_revision
from data_access.bigearthnet.imagery import BandInfo, StoredBands
from data_access.bigearthnet.modalities import PRODUCTS, Product
from data_access.bigearthnet.safetensors_bytes import EDGE_CAP
from data_access.dataset import Provenance
from data_access.kept_tables import kept_table
from errors import SampleFormatError, SourceMissingError, UnknownSampleError

LISTING_VERSION = 1  # part of the kept listing's name


class GeotiffStore:
    """Image store over GeoTIFF trees (see `imagery.ImageStore`)."""

    def __init__(self, root: Path, tables_dir: Path) -> None:
        """Find the patches below `root`.

        Args:
            root: one tree, or the folder that holds them.
            tables_dir: where the list of patches may be kept.

        Raises:
            SourceMissingError: there is no patch, or a folder can not be read.
        """
        self.root = root
        try:
            self.revision = tree_revision(root)
            kept = tables_dir / f"bigearthnet-geotiff-{self.revision}-{LISTING_VERSION}.parquet"
            listing = kept_table(kept, lambda: list_patches(root))
        except OSError as error:
            raise SourceMissingError(
                f"{root.name!r} can not be listed ({error.strerror}): check its rights."
            ) from error
        parts = {product: listing.filter(pc.equal(listing["product"], product)) for product in PRODUCTS}
        if not any(part.num_rows for part in parts.values()):
            raise SourceMissingError(
                f"{root.name!r} holds neither an LMDB (data.mdb) nor folders or maps of BigEarthNet v2 patches: "
                "set PATCHWORK_BIGEARTHNET_IMAGES to the folder of the trees, or to one of them."
            )
        self._names: dict[Product, pa.Array] = {p: part["name"].combine_chunks() for p, part in parts.items()}
        self._folders: dict[Product, pa.Array] = {p: part["folder"].combine_chunks() for p, part in parts.items()}
        empty = listing["product"].null_count
        self.notes: tuple[str, ...] = (
            (f"{empty:,} patch folders of {root.name!r} hold no image and are left out.",) if empty else ()
        )

    def names(self, product: Product) -> pa.Array:
        """Names stored for a product, sorted."""
        return self._names[product]

    def bands(self, product: Product, name: str, wanted: Sequence[str], *, pixels: bool) -> StoredBands:
        """Read bands of one product (see `imagery.ImageStore.bands`)."""
        folder = self._folder(product, name)
        files = [(band, file) for band in wanted if (file := image_file(self.root / folder, name, band))]
        read = [_read(file, band, pixels=pixels) for band, file in files]
        listed = ",".join(band for band, _ in files)
        member = f"{name}_{listed if len(files) == 1 else '{' + listed + '}'}.tif"
        return StoredBands(
            bands=tuple(info for info, _ in read),
            provenance=Provenance(
                shard=Path(folder).as_posix(),
                member=member,
                byte_offset=None,
                byte_length=sum(file.stat().st_size for _, file in files),
            ),
            pixels=tuple(values for _, values in read if values is not None),
        )

    def _folder(self, product: Product, name: str) -> str:
        names = self._names[product]
        position = bisect.bisect_left(names, name, key=lambda scalar: scalar.as_py())
        if position == len(names) or names[position].as_py() != name:
            raise UnknownSampleError(f"The trees below {self.root.name!r} hold no {product} of {name[:80]!r}.")
        return str(self._folders[product][position].as_py())


def _read(path: Path, band: str, *, pixels: bool) -> tuple[BandInfo, np.ndarray | None]:
    try:
        # Only this file is opened: GDAL must neither search the folder for companions nor guess another format.
        with (
            rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR"),
            rasterio.open(path, driver="GTiff", sharing=False) as raster,
        ):
            if raster.height > EDGE_CAP or raster.width > EDGE_CAP:
                raise SampleFormatError(
                    f"{path.name} has {raster.height} x {raster.width} pixels; at most {EDGE_CAP} x {EDGE_CAP}."
                )
            info = BandInfo(
                name=band,
                shape=(raster.height, raster.width),
                dtype=np.dtype(raster.dtypes[0]),
                epsg=_epsg(raster.crs.to_wkt()) if raster.crs else None,
                transform=tuple(raster.transform)[:6] if raster.crs else None,
                nodata=raster.nodata,
            )
            return info, raster.read(1) if pixels else None
    except (RasterioError, OSError, TypeError, ValueError) as error:  # rasterio raises the last two on odd headers
        raise SampleFormatError(f"{path.name} is not a whole GeoTIFF: copy it again.") from error


@lru_cache(maxsize=256)
def _epsg(wkt: str) -> int | None:
    """EPSG code of a coordinate system; cached, since looking it up takes longer than reading the band."""
    code = CRS.from_wkt(wkt).to_epsg()
    return int(code) if code else None
