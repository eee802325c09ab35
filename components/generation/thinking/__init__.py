"""Thinking in modalities: what the model imagines first, and how that changes what it sees."""
