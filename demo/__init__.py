"""Builds the synthetic demo collection in the exact on-disk formats of the real data sets."""
