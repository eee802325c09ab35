"""What the Annotations page shows, as one immutable object that is also the page's address: a link restores it."""

from dataclasses import dataclass, field, replace
from typing import Literal, Self, get_args
from urllib.parse import urlencode

from components.explore_state import View as MapView
from components.explore_state import view_query
from data_access.annotations.row_filter import RowFilter

View = Literal["find", "read", "charts", "check", "sql"]
VIEWS: tuple[View, ...] = get_args(View)
# What one view alone keeps in the address is named after it, such as `read_preset`; the view checks the values itself.
EXTRA_PATTERN = rf"^(?:{'|'.join(VIEWS)})_[a-z0-9_]{{1,24}}$"
PATH = "annotations"  # of the page, below the app's address
AFTER = "find_after"  # the extra behind which a page of results begins: the ID of a row, or a patch


@dataclass(frozen=True)
class AnnotationsState:
    """The whole page: which rows, in which view, the patch and the row that are read, the query of the console."""

    wanted: RowFilter = field(default_factory=RowFilter)
    view: View = "find"
    sample: str = ""  # the patch that is read; empty: the first that matches
    row: int | None = None  # ID of the annotation that is read; None: all of the patch
    sql: str = ""
    extras: tuple[tuple[str, str], ...] = ()  # name and value, sorted; see EXTRA_PATTERN
    map_view: MapView | None = None  # None: the map chooses, so that all patches fit

    def __post_init__(self) -> None:
        """Keep the extras in one order, so that equal pages are equal."""
        object.__setattr__(self, "extras", tuple(sorted((name, value) for name, value in self.extras if value)))

    def replace(self, **changes: object) -> Self:
        """The same page with other values."""
        return replace(self, **changes)  # type: ignore[arg-type]  # names and types are those of the fields above

    def extra(self, name: str, otherwise: str = "") -> str:
        """What a view keeps in the address under a name of its own."""
        return dict(self.extras).get(name, otherwise)

    def with_extra(self, name: str, value: str) -> Self:
        """The same page with another value under a view's own name; an empty one takes it away."""
        return self.replace(extras=tuple({**dict(self.extras), name: value}.items()))

    def to_query(self) -> list[tuple[str, str]]:
        """Query parameters; what is as at the start is left out, and the map's view is last (the map rewrites it)."""
        pairs = self.wanted.to_query()
        if self.view != VIEWS[0]:
            pairs.append(("view", self.view))
        pairs += [("sample", self.sample), ("row", "" if self.row is None else str(self.row)), ("sql", self.sql)]
        pairs += self.extras
        if self.map_view:
            pairs += view_query(self.map_view)
        return [(key, value) for key, value in pairs if value]

    def query_string(self) -> str:
        """The same as the part of the address behind the question mark."""
        return urlencode(self.to_query())

    def link(self) -> str:
        """The page's address, relative to the app's: what a link of ours on any page leads to."""
        query = self.query_string()
        return f"{PATH}?{query}" if query else PATH
