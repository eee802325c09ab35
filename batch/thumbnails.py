"""Small pictures of all samples in the shards of one name, in true colour."""

import io
from collections.abc import Mapping

import pyarrow as pa

from batch.problems import Problems
from batch.shard_pass import each_member
from data_access.terramesh.batch_parts import SCHEMAS
from data_access.terramesh.layout import Shard
from data_access.terramesh.modalities import MODALITIES
from data_access.terramesh.offsets import offset_of_l2a
from data_access.terramesh.sample import SampleFile
from errors import PatchworkError
from rendering import RenderOptions, encode, render, resize

THUMBNAIL_PX = 64  # 2 kB each, 20 GB for 9.2 million; twice the edge would be 60 GB
TRUE_COLOUR = "true-colour"


def thumbnails_table(shards: Mapping[str, Shard], problems: Problems) -> pa.Table:
    """Columns of `batch_parts.SCHEMAS["thumbnails"]`, one row per sample that has a picture, in id order.

    Args:
        shards: one shard, of S2RGB or S2L2A; see `batch_parts.shards_read`.
        problems: gathers what is damaged.

    Raises:
        SourceMissingError, RemoteError: the shard can not be reached.
    """
    pictures: dict[str, bytes] = {}
    for modality, shard in shards.items():

        def visit(key: str, data: bytes, modality: str = modality, shard: Shard = shard) -> None:
            try:
                pictures[key] = thumbnail(SampleFile(io.BytesIO(data), MODALITIES[modality]), modality)
            except PatchworkError as error:  # one damaged member costs its picture
                problems.add(key, shard, error.message)

        each_member(shard, visit, problems.sentences)
    keys = sorted(pictures)
    return pa.table([keys, [pictures[key] for key in keys]], schema=SCHEMAS["thumbnails"])


def thumbnail(file: SampleFile, modality: str) -> bytes:
    """A member in true colour as lossy WebP, its longer edge THUMBNAIL_PX pixels.

    Raises:
        SampleFormatError: its pixels are damaged.
        PresetError: it lacks a band.
    """
    pixels = file.pixels()
    if modality == "S2RGB":
        picture = render(pixels, bands=file.bands, modality=modality)
    else:
        options = RenderOptions(offset_state=offset_of_l2a(pixels, lambda: "unknown"))
        picture = render(pixels, bands=file.bands, modality=modality, preset=TRUE_COLOUR, options=options)
    return encode(resize(picture.rgba, THUMBNAIL_PX, picture.legend.kind), lossless=False)
