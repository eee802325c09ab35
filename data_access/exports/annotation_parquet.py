"""Annotations as Parquet, exactly as BigEarthNet.txt is published: thirteen columns, their order, types and row groups.

So the file stands in wherever the published one is read, such as `metadata_file` of the data set's own loaders. What
it says of itself (licence, credit, citation, filter, revision, date) is metadata of the schema alone.
"""

from collections.abc import Generator

from data_access.exports.annotation_selection import AnnotationSelection
from data_access.exports.parquet_writing import parquet_pieces, row_groups


def annotation_parquet(selection: AnnotationSelection) -> Generator[bytes]:
    """The file, one row group at a time."""
    return parquet_pieces(row_groups(selection.tables()), selection.about)
