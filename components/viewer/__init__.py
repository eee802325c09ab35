"""The viewer component: all modalities of one sample in linked panels."""
