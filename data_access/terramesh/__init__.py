"""Reading TerraMesh: tar shards of zipped Zarr groups."""
