"""The filter panel: facets with live counts, words, clouds, and the conditions that are active."""
