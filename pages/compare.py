"""Compare: one sample, all its modalities side by side, moving together."""

from components.compare import current_state, finish, open_sample, show_heading, show_panels
from components.compare_ahead import fetch_ahead
from components.compare_controls import show_controls
from components.sample_details import show_annotations, show_details

address = current_state()
here, opened = open_sample(address)
wanted = show_heading(here, opened)
finish(wanted, before=address, drawn=here)
drawn = show_controls(wanted, opened.record.modalities)
state = show_panels(drawn, opened)
fetch_ahead(drawn, opened)
show_annotations(opened.dataset, opened.record, state.selection)
show_details(opened.record, opened.dataset.info)
finish(state, before=wanted, drawn=drawn)
