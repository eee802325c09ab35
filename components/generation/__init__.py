"""The Generate page: a missing modality imagined by TerraMind, watched as it comes, judged against the real one."""
