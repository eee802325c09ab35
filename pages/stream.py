"""Stream: a shard played from front to back, its samples as they arrive."""

from components.player.page import show_stream_page

show_stream_page()
