"""What rows are wanted: conditions on the patch, and on the row itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from data_access.sample_filter import SampleFilter


@dataclass(frozen=True)
class RowFilter:
    """Conditions that an annotation must meet, all of them."""

    samples: SampleFilter = field(default_factory=SampleFilter)
    answers: tuple[str, ...] = ()
    box_at: tuple[float, float] | None = None
    malformed: bool = False
    per_patch: tuple[int, int] | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, Sequence[str]]) -> Self:
        """Read a filter from query parameters. Raises FilterError."""
        return cls(SampleFilter.from_query(query))

    def to_query(self) -> list[tuple[str, str]]:
        """The same filter as query parameters."""
        return self.samples.to_query()

    def query_string(self) -> str:
        """The same as text."""
        return urlencode(self.to_query())

    def replace(self, **changes: Any) -> Self:  # noqa: ANN401 - the fields have different types
        """The same filter with other values."""
        return replace(self, **changes)

    def without(self, *names: str) -> Self:
        """The same filter without some conditions."""
        return self.replace(samples=self.samples.without(*names))

    @property
    def restricted(self) -> frozenset[str]:
        """Names of the conditions."""
        return self.samples.restricted

    @property
    def is_empty(self) -> bool:
        """Whether every row matches."""
        return not self.restricted
