"""Training of the demo model that the Generate page draws with where TerraMind's own weights are missing."""
