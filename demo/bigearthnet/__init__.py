"""Builds the BigEarthNet half of the demo collection: imagery as rico-hdl stores it, and texts that are true to it."""
