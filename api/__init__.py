"""The HTTP API under /api: requests in, bytes out."""
