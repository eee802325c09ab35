"""Writes questions, answers, boxes and captions that are true to a patch's reference map, in our own words."""
