"""Tables as Arrow IPC streams that carry the licence of what they hold."""

from collections.abc import Mapping

import pyarrow as pa

from data_access.dataset import CollectionInfo

ARROW_MEDIA_TYPE = "application/vnd.apache.arrow.stream"


def licence_metadata(info: CollectionInfo) -> dict[str, str]:
    """Schema metadata that every export carries."""
    return {"title": info.title, "licence": info.licence.name, "credit": info.licence.credit, "revision": info.revision}


def arrow_stream(table: pa.Table, metadata: Mapping[str, str]) -> bytes:
    """A table as one Arrow IPC stream with metadata on its schema."""
    sink = pa.BufferOutputStream()
    described = table.replace_schema_metadata({**(table.schema.metadata or {}), **metadata})
    with pa.ipc.new_stream(sink, described.schema) as writer:
        writer.write_table(described)
    return bytes(sink.getvalue())
