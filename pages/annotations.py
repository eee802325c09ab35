"""Annotations: what BigEarthNet.txt says, found, and read on the patch that it speaks about."""

from components.annotations.filters import show_filters
from components.annotations.heading import show_heading
from components.annotations.page import open_annotations, show_body
from components.annotations.page_state import arrive

dataset = open_annotations()
show_heading(arrive(), dataset)
show_filters(dataset)
show_body(dataset)
