"""What the pages are made of: filters, map, viewer, legends. Owns the session state."""
