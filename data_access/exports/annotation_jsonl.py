"""Annotations as JSON Lines for training vision-language models: one object per row.

Every object has the same keys in the same order, so that readers which guess a schema find one:

| key | what |
| --- | --- |
| ID | as stored |
| image | patch_id, s1_name; lmdb: their keys in the LMDB that rico-hdl writes; picture: address of a PNG, or null |
| instruction, answer | input and output, without or with the marks `<ref>` and `<point>` |
| type, category, split | as stored |
| box | of a box task: left, top, right, bottom, 0 to 1 from the top left; else null |
| point | of a point task: x, y in the same way; else null |
| box_px, point_px | only if asked for: the same on the picture of 120 x 120 pixels |
| messages | a chat: the user gives the image and the instruction, the assistant the answer |
| licence, credit | in every row, because lines are shuffled, cut and joined |
"""

import json
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data_access.annotations.grammar import TAGS
from data_access.exports.annotation_readings import marks_of, numbers_json
from data_access.exports.annotation_selection import AnnotationSelection
from data_access.exports.texts import content, json_texts

MEDIA_TYPE = "application/jsonl"
PICTURE_PX = 120  # edge of the picture, in pixels
_PX_DECIMALS = 2  # boxes have steps of 0.01, which are 1.2 pixels

# Addresses of the pictures of some patches, None where a patch has none.
PictureAddresses = Callable[[Sequence[str]], list[str | None]]


def no_pictures(patch_ids: Sequence[str]) -> list[str | None]:
    """The addresses where there is no imagery."""
    return [None] * len(patch_ids)


@dataclass(frozen=True)
class LineOptions:
    """How the lines are to be."""

    keep_tags: bool = False  # `<ref>` and `<point>` stay in the instruction; the data set's own loader removes them
    pixels: bool = False  # boxes and points in pixels beside those from 0 to 1
    pictures: PictureAddresses = no_pictures


def annotation_lines(selection: AnnotationSelection, options: LineOptions) -> Generator[bytes]:
    """The file, some thousand lines at a time; nothing where no row matches."""
    told = {name: json.dumps(selection.about[name], ensure_ascii=False) for name in ("licence", "credit")}
    ending = "".join(f',"{name}":{value}' for name, value in told.items()) + "}\n"
    for table in selection.tables():
        if table.num_rows:
            yield bytes(content(_lines(table, options, ending)))


def _lines(table: pa.Table, options: LineOptions, ending: str) -> pa.Array:
    texts = {name: json_texts(table[name]) for name in ("ID", "s1_name", "patch_id", "type", "category", "split")}
    instruction, answer = (_untagged(table[name], options) for name in ("input", "output"))
    picture = _pictures(table["patch_id"], options)
    image = ('{"patch_id":', texts["patch_id"], ',"s1_name":', texts["s1_name"])
    keys = (',"lmdb":{"S2":', texts["patch_id"], ',"S1":', texts["s1_name"], '},"picture":', picture, "}")
    kind = (',"type":', texts["type"], ',"category":', texts["category"], ',"split":', texts["split"])
    asked = (',"messages":[{"role":"user","content":[{"type":"image","url":', picture, '},{"type":"text","text":')
    answered = ('}]},{"role":"assistant","content":[{"type":"text","text":', answer, "}]}]")
    return pc.binary_join_element_wise(
        *('{"ID":', texts["ID"], ',"image":', *image, *keys),
        *(',"instruction":', instruction, ',"answer":', answer, *kind, *_marks(table, options)),
        *(*asked, instruction, *answered, ending, ""),
    )


def _untagged(column: pa.ChunkedArray, options: LineOptions) -> pa.Array:
    """A text as JSON, its marks kept or removed; what they enclose stays."""
    if not options.keep_tags:
        for tag in TAGS:
            column = pc.replace_substring(column, tag, "")
    return json_texts(column)


def _marks(table: pa.Table, options: LineOptions) -> list[pa.Array | str]:
    marks = marks_of(table)
    parts = [',"box":', numbers_json(marks.boxes), ',"point":', numbers_json(marks.points)]
    if options.pixels:
        boxes, points = (np.round(each * PICTURE_PX, _PX_DECIMALS) for each in (marks.boxes, marks.points))
        parts += [',"box_px":', numbers_json(boxes), ',"point_px":', numbers_json(points)]
    return parts


def _pictures(patch_ids: pa.ChunkedArray, options: LineOptions) -> pa.Array:
    """The address of each row's picture as JSON; rows of a patch stand together, so few are asked for."""
    encoded = patch_ids.cast(pa.string()).combine_chunks().dictionary_encode()
    encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    addresses = json_texts(pa.array(options.pictures(encoded.dictionary.to_pylist()), pa.string()))
    return pc.fill_null(addresses.take(encoded.indices), "null")
