"""What an audit has found, taken along: the checked rows that a filter leaves, and what goes with them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from data_access.annotations.audit.audit import VERSION, Audit
from data_access.annotations.checks.verdict import OUTCOMES, Outcome
from data_access.annotations.row_filter import RowFilter
from data_access.dataset import CollectionInfo
from data_access.exports.selection import about, name_of, now

WHAT = "audit"  # in the names of files


@dataclass(frozen=True)
class AuditSelection:
    """The verdicts on the rows that a filter leaves."""

    info: CollectionInfo
    audit: Audit
    wanted: RowFilter
    outcomes: Collection[Outcome] = OUTCOMES
    created: datetime = field(default_factory=now)

    @property
    def name(self) -> str:
        """A name for files: data set, audit and outcomes, a digest of the filter, revision."""
        some = [outcome for outcome in OUTCOMES if outcome in self.outcomes]
        return name_of(self.info, self.wanted, "-".join([WHAT, *(some if len(some) < len(OUTCOMES) else [])]))

    @property
    def about(self) -> dict[str, str]:
        """What every file says of itself, with how much of the selection was checked."""
        covered = self.audit.coverage(self.wanted)
        return about(self.info, self.wanted, self.created) | {
            "outcomes": ",".join(outcome for outcome in OUTCOMES if outcome in self.outcomes),
            "checked": f"{covered.checked} of {covered.patches} patches; {covered.with_map} have a reference map",
            "checks_version": str(VERSION),
        }

    def tables(self) -> Iterator[pa.Table]:
        """The verdicts by ID, some thousands at a time; the first table has no rows and tells the columns."""
        for table in self.audit.tables(self.wanted, self.outcomes):
            yield pa.table(
                {
                    name: column.cast(pa.string()) if pa.types.is_dictionary(column.type) else column
                    for name, column in zip(table.column_names, table.columns, strict=True)
                }
            )
