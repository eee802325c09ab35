"""The Zarr group in a sample's zip file, of version 2 or 3, consolidated or not, at the root or in one folder."""

from collections.abc import Mapping
from functools import cached_property
from typing import BinaryIO

import numpy as np

from data_access.terramesh.zarr_array import ArraySpec, read_array
from data_access.terramesh.zarr_dtype import MAX_JSON_BYTES, as_mapping, parse_json
from data_access.terramesh.zarr_metadata import spec_of_v2, spec_of_v3
from data_access.terramesh.zip_archive import ZipArchive
from errors import SampleFormatError

_GROUP_FILES = (".zmetadata", ".zgroup", "zarr.json")


class ZarrGroup:
    """Arrays by name. Metadata is read when asked for, pixels when asked for; not for several threads at once."""

    def __init__(self, file: BinaryIO) -> None:
        """Open the group in a zip file.

        Raises:
            SampleFormatError: the file is no zip, or there is no Zarr group in it.
        """
        self._archive = ZipArchive(file)
        self._root = _group_root(self._archive.names)
        self._is_v3 = f"{self._root}zarr.json" in self._archive
        self._specs: dict[str, ArraySpec] = {}

    def __contains__(self, name: str) -> bool:
        """Whether there is an array with this name."""
        if self._is_v3:
            return f"{self._root}{name}/zarr.json" in self._archive
        return self._v2_document(f"{name}/.zarray") is not None

    def spec(self, name: str) -> ArraySpec:
        """What an array's metadata promises. Raises SampleFormatError where it is damaged or there is none."""
        if name not in self._specs:
            if name not in self:
                raise SampleFormatError(f"The sample has no array {name!r}. Fetch its shard again.")
            try:
                self._specs[name] = self._read_spec(name)
            except SampleFormatError as error:
                raise SampleFormatError(f"Array {name!r}: {error.message}") from error
        return self._specs[name]

    def read(self, name: str) -> np.ndarray:
        """All values of an array in C order and native byte order. Raises SampleFormatError."""
        spec = self.spec(name)
        try:
            return read_array(spec, self._archive, f"{self._root}{name}/")
        except SampleFormatError as error:
            raise SampleFormatError(f"Array {name!r}: {error.message}") from error

    def _read_spec(self, name: str) -> ArraySpec:
        if self._is_v3:
            return spec_of_v3(self._json(f"{name}/zarr.json"))
        return spec_of_v2(self._v2_document(f"{name}/.zarray") or {}, self._v2_document(f"{name}/.zattrs") or {})

    def _json(self, name: str) -> Mapping[str, object]:
        return parse_json(self._archive.read(self._root + name, MAX_JSON_BYTES), name)

    @cached_property
    def _consolidated(self) -> Mapping[str, object]:
        """Contents of `.zmetadata`, empty where there is none."""
        if f"{self._root}.zmetadata" not in self._archive:
            return {}
        return as_mapping(self._json(".zmetadata").get("metadata"), ".zmetadata")

    def _v2_document(self, name: str) -> Mapping[str, object] | None:
        """A `.zarray` or `.zattrs`, from the consolidated metadata or else from its own file."""
        if name in self._consolidated:
            return as_mapping(self._consolidated[name], name)
        if self._root + name in self._archive:
            return self._json(name)
        return None


def _group_root(names: tuple[str, ...]) -> str:
    """Path of the group in the archive: the shallowest folder with a group file, "" for the root itself."""
    roots = [name.rpartition("/")[0] for name in names if name.rpartition("/")[2] in _GROUP_FILES]
    roots += [name.rpartition("/")[0].rpartition("/")[0] for name in names if name.endswith("bands/.zarray")]
    if not roots:
        raise SampleFormatError(
            "The zip file holds no Zarr group (.zmetadata, .zgroup or zarr.json). Fetch its shard again."
        )
    root = min(roots, key=lambda path: (path.count("/") + bool(path), path))
    return f"{root}/" if root else ""
