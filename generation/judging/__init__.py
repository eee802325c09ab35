"""How well a generated modality fits the real one."""
