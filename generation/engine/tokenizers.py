"""Tokenizers, loaded when a run needs them, each once, and only the halves that are used.

As published every output's tokenizer carries an encoder that nothing asks (90 million parameters), and every tokenised
input a UNet that nothing asks (196 million). Both halves are compared with the file; only wanted ones are filled, the
others are dropped. The file stays mapped, so a half that is wanted later costs a moment.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from torch import nn

from generation.engine.checkpoint import open_checkpoint
from generation.engine.fingerprints import Tell
from generation.engine.skeleton import build_tokenizer, open_coordinate_tokenizer
from generation.engine.weights import fill
from generation.modalities import COORDINATES

ENCODES, DECODES = "encodes", "decodes"
HALVES = {ENCODES: ("encoder", "quant_proj"), DECODES: ("decoder", "post_quant_proj")}


@dataclass
class Tokenizers:
    """The tokenizers that are loaded, by modality.

    Attributes:
        path_of: brings the file of a modality's tokenizer to this machine, telling of it, and gives its path.
        cure_of: what to do where that file can not be used.
    """

    path_of: Callable[[str, Tell], Path]
    cure_of: Callable[[str], str]
    _loaded: dict[str, nn.Module] = field(default_factory=dict)
    _halves: dict[str, frozenset[str]] = field(default_factory=dict)

    def ensure(self, modality: str, halves: Iterable[str], tell: Tell = None) -> nn.Module | None:
        """Load the halves of a tokenizer that are not loaded yet.

        Args:
            modality: Patchwork's name.
            halves: of ENCODES and DECODES.
            tell: hears what is fetched and checked.

        Returns:
            The tokenizer where it is new or has changed; None where it was complete already.

        Raises:
            WeightsError: its file is missing, damaged, or another's.
        """
        known = self._halves.get(modality, frozenset())
        wanted = known | set(halves)
        if wanted == known:
            return None
        cure = self.cure_of(modality)
        path = self.path_of(modality, tell)
        if modality == COORDINATES:  # a vocabulary does both
            tokenizer, wanted = open_coordinate_tokenizer(path, cure), frozenset(HALVES)
        else:
            tokenizer = _load(modality, path, cure, wanted)
        self._loaded[modality], self._halves[modality] = tokenizer, wanted
        return tokenizer

    def encoder(self, modality: str) -> nn.Module:
        """A tokenizer that encodes: the loaded one if it does, else one that is let go with whoever asked for it.

        Raises:
            WeightsError: its file is missing, damaged, or another's.
        """
        if ENCODES in self.halves(modality):
            return self._loaded[modality]
        return _load(modality, self.path_of(modality, None), self.cure_of(modality), frozenset({ENCODES}))

    def halves(self, modality: str) -> frozenset[str]:
        """Which halves of a modality's tokenizer are loaded."""
        return self._halves.get(modality, frozenset())


def _load(modality: str, path: Path, cure: str, halves: frozenset[str]) -> nn.Module:
    """A tokenizer with these halves, its tensors those of the file."""
    checkpoint = open_checkpoint(path, cure)
    tokenizer = build_tokenizer(modality)
    parts = {part for half in halves for part in HALVES[half]}
    dropped = {part for names in HALVES.values() for part in names} - parts
    fill(tokenizer, checkpoint, wanted=lambda name: name.partition(".")[0] not in dropped)
    if "decoder" in dropped and hasattr(tokenizer, "pipeline"):
        vars(tokenizer)["pipeline"] = None  # it holds the decoder too
    for name in dropped:
        if hasattr(tokenizer, name):
            delattr(tokenizer, name)
    return tokenizer
