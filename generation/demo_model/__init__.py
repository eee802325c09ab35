"""The embedded demo model: TerraMind's own classes at small scale, trained on synthetic scenes only.

    model = load_demo_model()              # the weights that lie beside this file
    model({"S2L2A": torch.tensor(...)})    # terratorch's TerraMindGeneration, units as in TerraMesh

It draws for the synthetic demo collection and is worthless on observations.
"""

from generation.demo_model.build import build_demo_model
from generation.demo_model.weights import WEIGHTS_FOLDER, load_demo_model, revision_of

__all__ = ["WEIGHTS_FOLDER", "build_demo_model", "load_demo_model", "revision_of"]
