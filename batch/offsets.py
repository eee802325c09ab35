"""Where every member of the shards of one name lies."""

from collections.abc import Mapping

import pyarrow as pa

from batch.problems import Problems
from batch.shard_pass import members_of
from data_access.terramesh.batch_parts import SCHEMAS
from data_access.terramesh.layout import Shard


def offsets_table(shards: Mapping[str, Shard], problems: Problems) -> pa.Table:
    """Columns of `batch_parts.SCHEMAS["offsets"]`, one row per sample that any of the shards has, in id order.

    Raises:
        SourceMissingError, RemoteError: a shard can not be reached.
    """
    listed = {
        modality: {member.key: member for member in members_of(shard, problems.sentences)}
        for modality, shard in shards.items()
    }
    keys = sorted({key for members in listed.values() for key in members})
    columns: dict[str, list[object]] = {"id": [*keys], "position": [*range(len(keys))]}
    for modality, members in listed.items():
        found = [members.get(key) for key in keys]
        columns[f"offset_{modality}"] = [member and member.data_offset for member in found]
        columns[f"size_{modality}"] = [member and member.size for member in found]
    schema = SCHEMAS["offsets"]
    return pa.table([pa.array(columns.get(each.name, [None] * len(keys)), each.type) for each in schema], schema=schema)
