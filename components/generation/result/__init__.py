"""What a run made: beside what was given and what is real, judged, taken along, kept."""
