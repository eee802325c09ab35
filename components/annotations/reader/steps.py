"""Going to another patch."""

from components.annotations import page_state
from components.annotations.reader.look import VIEW


def step_to(sample: str) -> None:
    """Make this the patch that is read, whole and with no row highlighted; the end of a callback.

    An empty id means the first patch that matches.
    """
    page_state.change(page_state.current().replace(sample=sample, row=None).with_extra(VIEW, ""))
