"""Reads a TerraMesh root the reference way and prints what it found as JSON.

The way of the dataset's own loader: tar members one by one, a zip mapper of fsspec, `zarr.open_consolidated`. Runs
under any zarr, so it is a program of its own with no import from this project: `python reference_reader.py ROOT`.
"""

import hashlib
import io
import json
import sys
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import fsspec
import numpy as np
import zarr


def _bytes(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    stream = archive.extractfile(member)
    return b"" if stream is None else stream.read()


def main(root: Path) -> None:
    """Read every array of every member of every shard."""
    members, arrays, pixels = 0, 0, Counter[str]()
    digest = hashlib.sha256()
    for shard in sorted(root.glob("val/*/*.tar")):
        with tarfile.open(shard) as archive:
            for member in archive:
                mapper = fsspec.filesystem("zip", fo=io.BytesIO(_bytes(archive, member))).get_mapper("")
                group: Any = zarr.open_consolidated(mapper, mode="r")  # its type differs between zarr 2 and 3
                members += 1
                for name in sorted(group.array_keys()):
                    values = np.asarray(group[name][...])
                    digest.update(f"{shard.parent.name} {member.name} {name} {values.dtype.str}".encode())
                    digest.update(f" {values.shape}".encode() + np.ascontiguousarray(values).tobytes())
                    arrays += 1
                bands = group["bands"][...]
                pixels[f"{shard.parent.name} {bands.dtype} {list(bands.shape)}"] += 1
    found: dict[str, Any] = {"zarr": zarr.__version__, "members": members, "arrays": arrays, "pixels": pixels}
    found["digest"] = digest.hexdigest()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
