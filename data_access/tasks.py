"""The fifteen tasks of BigEarthNet.txt: every combination of `type` and `category` that its rows use.

The patch table counts the annotations of a patch per task, so a filter on type or category needs no look at the rows.
"""

from collections.abc import Collection
from dataclasses import dataclass

NO_CATEGORY = "None"  # captions carry this word in `category`, not a null


@dataclass(frozen=True)
class Task:
    """One combination of type and category, spelled as the Parquet spells it."""

    type: str
    category: str

    @property
    def column(self) -> str:
        """Column of the patch table that counts this task's annotations, such as `n_mcq_climate_zone`."""
        return f"n_{self.type}_{self.category}".lower().replace(" ", "_")


TASKS: tuple[Task, ...] = (
    Task("binary", "adjacency"),
    Task("binary", "area"),
    Task("binary", "count"),
    Task("binary", "presence"),
    Task("bounding box", "point"),
    Task("bounding box", "reference"),
    Task("captioning", NO_CATEGORY),
    Task("mcq", "adjacency"),
    Task("mcq", "area"),
    Task("mcq", "climate zone"),
    Task("mcq", "count"),
    Task("mcq", "country"),
    Task("mcq", "presence"),
    Task("mcq", "relative pos"),
    Task("mcq", "season"),
)
TASK_COLUMNS: tuple[str, ...] = tuple(task.column for task in TASKS)


def matching_tasks(types: Collection[str] = (), categories: Collection[str] = ()) -> tuple[Task, ...]:
    """Tasks whose type is one of `types` and whose category is one of `categories`; an empty collection allows all."""
    return tuple(
        task for task in TASKS if (not types or task.type in types) and (not categories or task.category in categories)
    )
