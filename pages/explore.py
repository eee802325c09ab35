"""Explore: every sample of both data sets on one map."""

from components.explore import show_filters, show_map_and_samples
from components.header import show_header, show_problems
from components.opening import open_with_progress, show_still_opening
from components.page_state import address_problems, arrive

sets = open_with_progress()
arrive()
show_header(sets)
show_problems(address_problems(), sets)
show_still_opening(sets)
show_filters(sets)
show_map_and_samples(sets)
