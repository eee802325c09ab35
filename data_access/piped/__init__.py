"""Processes of our own that are spoken with over pipes: how frames travel, and both ends of the line."""
