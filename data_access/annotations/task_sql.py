"""The task of a row, told in SQL."""

from data_access.tasks import NO_CATEGORY, TASKS

# The number of a row's task in TASKS; null for a row of another task. Writers that read "None" as nothing store null.
_CATEGORY = f"coalesce(category, '{NO_CATEGORY}')"
TASK_NUMBER = (
    "CASE "
    + " ".join(
        f"WHEN type = '{task.type}' AND {_CATEGORY} = '{task.category}' THEN {n}" for n, task in enumerate(TASKS)
    )
    + " END"
)
