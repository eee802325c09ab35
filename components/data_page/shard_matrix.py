"""Shards per modality and split as a small table: what is there of what should be."""

from html import escape

from components.modality_names import modality_name
from data_access.terramesh.completeness import Completeness, Shards


def shard_matrix(found: Completeness) -> str:
    """The table as HTML; names of splits come from folders, so they are escaped."""
    head = "".join(f'<th scope="col">{escape(split.name)}</th>' for split in found.splits)
    rows = "".join(
        f'<tr><th scope="row">{escape(modality_name(name).title)}</th>'
        + "".join(_cell(split.shards[name]) for split in found.splits)
        + "</tr>"
        for name in found.modalities
    )
    return (
        '<div class="patchwork-matrix"><table><thead><tr><th scope="col">Shards there</th>'
        f"{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(shards: Shards) -> str:
    if not shards.expected:
        return '<td class="none" title="no sample of this split has it">–</td>'
    tone = "whole" if shards.present == shards.expected else "part" if shards.present else "missing"
    share = f"{shards.present / shards.expected:.3f}"
    return (
        f'<td class="{tone}" style="--share:{share}" title="{shards.present:,} of {shards.expected:,} shards">'
        f"<i></i><span>{shards.present:,} / {shards.expected:,}</span></td>"
    )
