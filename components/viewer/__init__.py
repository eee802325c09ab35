"""The viewer component: all modalities of a sample in linked panels."""
