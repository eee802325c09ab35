"""TerraMind through terratorch: built, verified, driven step by step. Everything here runs in the worker's process."""
