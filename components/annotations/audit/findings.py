"""The findings of an audit: outcomes per task, and the rows of one of them, page by page."""

from collections.abc import Mapping
from typing import Any

from components import urls
from components.annotations.audit.choice import AuditChoice, short_name
from components.annotations.conditions import task_name
from components.annotations.page_state import change, current
from components.annotations.results import read_patch, reading_query
from components.annotations.state import PATH, AnnotationsState
from components.browser import component, reported
from data_access.annotations.audit.audit import Audit
from data_access.annotations.checks.verdict import OUTCOMES
from data_access.bigearthnet.dataset import BigEarthNet
from data_access.tasks import Task, matching_tasks

KEY = "annotations_audit"
SIZE = 20  # rows of a page


def show_findings(state: AnnotationsState, dataset: BigEarthNet, audit: Audit) -> None:
    """Draw both."""
    component("patchwork_audit", "annotations/audit/audit.js", "annotations/audit/audit.css", "audit")(
        key=KEY,
        data=_data(state, audit) | {"revision": dataset.info.revision},
        on_chosen_change=_take_chosen,
        on_opened_change=_take_opened,
        on_turned_change=_take_turned,
    )


def _data(state: AnnotationsState, audit: Audit) -> dict[str, Any]:
    choice = AuditChoice.of(state)
    listed = choice.restrict(state.wanted)
    matched = audit.count(listed, (choice.outcome,))
    start = choice.start if choice.start < matched else 0
    found = audit.page(listed, (choice.outcome,), limit=SIZE, start=start).to_pylist()
    return {
        "page": PATH,
        "query": reading_query(state),
        "tasks": [
            {
                "task": short_name(Task(line["type"], line["category"])),
                "title": task_name(line["type"], line["category"]),
                "counts": [line[name] for name in (*OUTCOMES, "not_checked")],
            }
            for line in audit.summary(state.wanted).to_pylist()
        ],
        "outcome": choice.outcome,
        "chosen": short_name(choice.task) if choice.task else "",
        "pages": [start + 1 if found else 0, len(found), matched, int(start + len(found) < matched)],
        "files": _files(state, choice),
        "row": state.row,
        "items": [_item(row) for row in found],
    }


def _files(state: AnnotationsState, choice: AuditChoice) -> list[tuple[str, str]]:
    """Titles and addresses of files: the verdicts that are listed, and all of the selection."""
    listed = choice.restrict(state.wanted).query_string()
    return [
        (f"{title} as {name}", urls.audit(ending, "&".join(filter(None, (query, outcome)))))
        for title, query, outcome in (
            ("These rows", listed, f"outcome={choice.outcome}"),
            ("All verdicts", state.wanted.query_string(), ""),
        )
        for ending, name in (("parquet", "Parquet"), ("csv", "CSV"))
    ]


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    """One row as the browser draws it: what is empty is left out."""
    item = {
        "row": row["ID"],
        "sample": row["patch_id"],
        "task": task_name(str(row["type"]), str(row["category"])),
        "question": row["question"],
        "answer": row["answer"],
        "found": row["found"],
        "reason": row["reason"],
    }
    return {name: value for name, value in item.items() if value}


def _take_chosen() -> None:
    chosen = reported(KEY, "chosen")
    if not isinstance(chosen, Mapping):
        return
    state = current()
    samples = state.wanted.samples
    tasks = {short_name(task): task for task in matching_tasks(samples.type, samples.category)}
    outcome = next((each for each in OUTCOMES if each == chosen.get("outcome")), OUTCOMES[0])
    change(AuditChoice(outcome, tasks.get(str(chosen.get("task")))).within(state))


def _take_opened() -> None:
    opened = reported(KEY, "opened")
    if isinstance(opened, Mapping):
        read_patch(str(opened["sample"]), int(opened["row"]))


def _take_turned() -> None:
    turned = reported(KEY, "turned")
    if isinstance(turned, Mapping):
        state = current()
        choice = AuditChoice.of(state)
        step = SIZE if int(turned["by"]) > 0 else -SIZE
        change(AuditChoice(choice.outcome, choice.task, max(choice.start + step, 0)).within(state))
