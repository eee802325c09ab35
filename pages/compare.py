"""Compare: one sample, all its modalities side by side, moving together."""

from components.compare import current_state, finish, open_sample, show_controls, show_heading, show_panels
from components.sample_details import show_annotations, show_details

address = current_state()
state, opened = open_sample(address)
state = show_heading(state, opened)
state = show_controls(state, opened)
state = show_panels(state, opened)
show_annotations(opened.dataset, opened.record)
show_details(opened.record, opened.dataset.info)
finish(state, before=address)
