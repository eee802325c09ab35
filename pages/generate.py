"""Generate: a missing modality imagined by TerraMind, live, and judged against the real one."""

from components.generation.heading import show_heading
from components.generation.page import open_generate, show_body, show_problems

state, opened = open_generate()
show_heading(state, opened)
show_problems()
show_body(opened)
