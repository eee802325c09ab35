"""Reads a TerraMesh root the reference way and prints what it found as JSON.

The way of the dataset's own loader: tar members one by one, a zip mapper of fsspec, `zarr.open_consolidated`. Runs under
any zarr, so it is a program of its own with no import from this project: `python reference_reader.py ROOT`.
"""

import hashlib
import io
import json
import sys
import tarfile
from pathlib import Path

import fsspec
import numpy as np
import zarr


def main(root: Path) -> None:
    """Read every array of every member of every shard."""
    found = {"zarr": zarr.__version__, "members": 0, "arrays": 0, "pixels": {}, "digest": ""}
    digest = hashlib.sha256()
    for shard in sorted(root.glob("val/*/*.tar")):
        with tarfile.open(shard) as archive:
            for member in archive:
                mapper = fsspec.filesystem("zip", fo=io.BytesIO(archive.extractfile(member).read())).get_mapper("")
                group = zarr.open_consolidated(mapper, mode="r")
                found["members"] += 1
                for name in sorted(group.array_keys()):
                    values = np.asarray(group[name][...])
                    digest.update(f"{shard.parent.name} {member.name} {name} {values.dtype.str}".encode())
                    digest.update(f" {values.shape}".encode() + np.ascontiguousarray(values).tobytes())
                    found["arrays"] += 1
                bands = group["bands"][...]
                key = f"{shard.parent.name} {bands.dtype} {list(bands.shape)}"
                found["pixels"][key] = found["pixels"].get(key, 0) + 1
    found["digest"] = digest.hexdigest()
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
