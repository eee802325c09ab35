"""The Stream page: a shard chosen, and its samples as they arrive from front to back."""
