"""Files behind HTTP: addresses, ranges, listings and whole downloads."""
