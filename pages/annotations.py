"""Annotations: what BigEarthNet.txt says, found, and read on the patch that it speaks about."""

from components.annotations.page import open_annotations, show_body

dataset = open_annotations()
show_body(dataset)
