"""The Check view: answers compared with the reference map, and what the audit of a selection has found."""
