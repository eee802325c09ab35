"""The model that stays loaded: one of TerraMind's with every input and output, or the demo model.

It begins with the token model alone; `ensure` adds the tokenizers that a run needs and keeps them for the next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn

from errors import ModalityMissingError, WeightsError
from generation.engine.fingerprints import Tell
from generation.engine.tokenizers import DECODES, ENCODES, Tokenizers
from generation.events import Loading
from generation.modalities import MODALITIES
from generation.models import MODELS
from generation.weights_location import MODEL_FILES, TOKENIZER_FILES

# Embeddings of a modality stand below these names; a checkpoint may lack one whole, or hold some that are not used.
EMBEDDINGS = ("encoder_embeddings.", "decoder_embeddings.")


@dataclass
class Resident:
    """A loaded model.

    Attributes:
        model: terratorch's `TerraMindGeneration`, in evaluation mode, float32, on `device`; `model.tokenizer` has the
            tokenizers loaded so far.
        name: a key of MODELS.
        device: where it is.
        revision: sha256 of the token model's file.
        revisions: sha256 by name of every file that is loaded.
        tokenizers: loads more of them; None where all are there (the demo model).
        embeddings_missing: terratorch's keys of embeddings that the checkpoint does not have, such as
            `encoder_embeddings.coords`.
    """

    model: nn.Module
    name: str
    device: torch.device
    revision: str
    revisions: dict[str, str]
    tokenizers: Tokenizers | None = None
    embeddings_missing: frozenset[str] = frozenset()
    _ensured: set[tuple[tuple[str, ...], tuple[str, ...]]] = field(default_factory=set)

    def ensure(self, inputs: Iterable[str], outputs: Iterable[str], tell: Tell = None) -> None:
        """Have everything that a run from `inputs` to `outputs` needs; costs nothing where it is there.

        Args:
            inputs: Patchwork's names of modalities.
            outputs: likewise.
            tell: hears what is fetched, checked and loaded.

        Raises:
            ModalityMissingError: the model does not take or generate one of them.
            WeightsError: a file is missing, damaged or another's.
            RemoteError: a file can not be fetched now.
        """
        wanted = tuple(inputs), tuple(outputs)
        if wanted in self._ensured:
            return
        check_modalities(self.name, *wanted)
        self._check_embeddings(*wanted)
        if self.tokenizers is not None:
            halves: dict[str, set[str]] = {name: {DECODES} for name in wanted[1]}
            for name in wanted[0]:
                if MODALITIES[name].needs_tokenizer_as_input:
                    halves.setdefault(name, set()).add(ENCODES)
            for name, needed in halves.items():
                self._ensure_tokenizer(name, needed, tell)
        self._ensured.add(wanted)

    def ensure_encoder(self, modality: str, tell: Tell = None) -> None:
        """Have both halves of a modality's tokenizer, as its reconstruction needs them. Raises like `ensure`."""
        if MODALITIES[modality].token_key is None:
            raise ModalityMissingError(f"TerraMind has no tokenizer of {modality}.")
        if self.tokenizers is not None:
            self._ensure_tokenizer(modality, {ENCODES, DECODES}, tell)

    def encoder(self, modality: str) -> nn.Module:
        """A tokenizer of an output that encodes too, on `device`, for one use: nothing is kept that was not there.

        Raises:
            WeightsError: its file is missing, damaged or another's.
        """
        if self.tokenizers is not None:
            return self.tokenizers.encoder(modality).to(self.device)
        model: Any = self.model
        tokenizer: nn.Module = model.tokenizer[str(MODALITIES[modality].token_key)]
        return tokenizer

    def files(self, inputs: Iterable[str], outputs: Iterable[str]) -> Mapping[str, str]:
        """The sha256 by name of the files that a run from `inputs` to `outputs` uses, whatever else is loaded."""
        if self.tokenizers is None:
            return dict(self.revisions)
        used = {TOKENIZER_FILES[name].name for name in outputs}
        used |= {TOKENIZER_FILES[name].name for name in inputs if MODALITIES[name].needs_tokenizer_as_input}
        own = MODEL_FILES[self.name].name
        return {name: value for name, value in self.revisions.items() if name == own or name in used}

    def _ensure_tokenizer(self, modality: str, halves: set[str], tell: Tell) -> None:
        if self.tokenizers is None or halves <= self.tokenizers.halves(modality):
            return
        name = TOKENIZER_FILES[modality].name
        tell_loading(tell, f"Loading {name}", 0)
        tokenizer = self.tokenizers.ensure(modality, halves, tell)
        if tokenizer is not None:
            model: Any = self.model
            model.tokenizer[str(MODALITIES[modality].token_key)] = tokenizer.to(self.device)
        tell_loading(tell, f"Loading {name}", 1)

    def _check_embeddings(self, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
        """Refuse modalities that the checkpoint has no embedding for."""
        needed = {f"encoder_embeddings.{MODALITIES[name].raw_key or MODALITIES[name].token_key}" for name in inputs}
        needed |= {f"decoder_embeddings.{MODALITIES[name].token_key}" for name in outputs}
        # every output but the last one is an input of those after it
        needed |= {f"encoder_embeddings.{MODALITIES[name].token_key}" for name in outputs[:-1]}
        if missing := sorted(needed & self.embeddings_missing):
            raise WeightsError(
                f"{MODEL_FILES[self.name].title} has no {missing[0]}, which this run needs. Leave that modality out, "
                "or fetch the file anew."
            )


def check_modalities(name: str, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    """Raise ModalityMissingError where a model does not take one of the inputs or generate one of the outputs."""
    model = MODELS[name]
    for what, asked, offered in (("take", inputs, model.inputs), ("generate", outputs, model.outputs)):
        for modality in asked:
            if modality not in offered:
                raise ModalityMissingError(
                    f"{model.title} does not {what} {modality[:40]!r}. Choose from {', '.join(offered)}."
                )


def tell_loading(tell: Tell, what: str, done: int) -> None:
    """Tell that something of one piece begins to load (0) or is loaded (1)."""
    if tell is not None:
        tell(Loading(what, done, 1))
