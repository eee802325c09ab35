"""Answers of BigEarthNet.txt checked against the reference map of their patch: one module per kind of question."""
