"""The TerraMesh half of the demo collection."""
