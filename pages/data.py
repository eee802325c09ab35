"""Data: what each collection is, how complete, what runs, what the cache holds, and how to connect the real data."""

from components.data_page.cache import show_cache
from components.data_page.cards import show_collections
from components.data_page.connect import show_connect
from components.data_page.heading import show_heading
from components.data_page.licences import show_licences
from components.data_page.live import show_work
from components.data_sets import opened_sets

sets = opened_sets()
show_heading()
show_collections(sets)
show_work()
show_cache(sets)
show_connect()
show_licences(sets)
