"""What is asked of TerraMind: inputs and outputs as pictures to click, and the settings of a run."""
