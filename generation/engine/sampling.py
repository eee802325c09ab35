"""Tokens: terratorch's sampler, led row by row.

Every row (one seed of one tile) passes the model alone. A batch would round its sums otherwise than one row does, and
a sum that differs in the last digit can draw another code: so only this makes a seed's tokens the same bit for bit,
alone or beside others. It costs nothing on a CPU, which 196 tokens keep busy, and the encoder's first pass, which is
the same for all seeds, runs once.

Logits are brought to the CPU in fp32 and drawn there with the row's own dice: in bf16 the sums over thousands of codes
go wrong, and a GPU's dice would draw other codes.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn import functional

from generation.engine.draws import Draws
from generation.engine.hooks import called_before, replaced

ModalityDict = dict[str, dict[str, torch.Tensor]]  # terratorch's: tensor and masks by its name of the modality
PAD_ID = 0  # of the text tokenizer, fills up coordinates of fewer words


@dataclass(frozen=True)
class Drawn:
    """Tokens of one output after one step."""

    key: str  # terratorch's name, such as `tok_lulc@224`
    step: int  # 1-based
    steps: int
    tokens: torch.Tensor  # (rows, tokens) int64 on the CPU
    decided: torch.Tensor  # bool, likewise


class Sampling:
    """Replaces the parts of one `GenerationSampler` that draw, for one call."""

    def __init__(
        self,
        sampler: Any,  # noqa: ANN401 - terratorch's GenerationSampler
        draws: Draws,
        tile_of_row: list[int],
        *,
        temperature: float,
        tell: Callable[[Drawn], None],
        check: Callable[[], None],
    ) -> None:
        """Remember terratorch's own methods.

        Args:
            sampler: of the resident model.
            draws: dice of every row.
            tile_of_row: rows of the same tile have the same inputs.
            temperature: of every step, as in the request.
            tell: hears of every step.
            check: called often; raises where nobody waits any more.
        """
        self._sampler = sampler
        self._draws = draws
        self._tile_of_row = tile_of_row
        self._temperature = temperature
        self._tell = tell
        self._check = check
        self._row = 0
        self._steps: dict[str, int] = {}
        self._done: dict[str, int] = {}
        self._encoded: dict[int, torch.Tensor] = {}
        self._sharing = False
        self._own_generate = sampler.generate
        self._own_roar = sampler.roar_step_batched
        self._own_words = sampler.autoregressive_step_batched
        self._own_encoder = sampler.model.forward_encoder

    @contextmanager
    def installed(self) -> Iterator[None]:
        """The sampler draws this way until the end of the block."""
        model = self._sampler.model
        with (
            replaced(
                self._sampler,
                generate=self._generate,
                roar_step_batched=self._image_step,
                autoregressive_step_batched=self._word_step,
                forward_mask_decoder_roar=self._choose_positions,
                sample_tokens_batched=self._sample,
            ),
            replaced(model, forward_encoder=self._encode),
            called_before([*model.encoder, *model.decoder], self._check),
        ):
            yield

    def _generate(self, modalities: ModalityDict, schedule: list[dict[str, Any]], **options: Any) -> ModalityDict:  # noqa: ANN401
        """Terratorch hands over the number of ALL tokens, so that the first step decides everything: it must not."""
        for step in schedule:
            self._steps[step["target_domain"]] = self._steps.get(step["target_domain"], 0) + 1
        drawn: ModalityDict = self._own_generate(modalities, schedule, **(options | {"num_tokens": None, "seed": 0}))
        return drawn

    def _image_step(self, modalities: ModalityDict, key: str, count: int, **options: Any) -> ModalityDict:  # noqa: ANN401
        """One step of an output that is a picture."""
        step = self._begin(options)
        rows = [self._own_roar(one, key, count, **options)[key] for one in self._each_row(modalities, step)]
        return self._taken(modalities, key, rows)

    def _word_step(self, modalities: ModalityDict, key: str, **options: Any) -> ModalityDict:  # noqa: ANN401
        """Coordinates: words drawn one after the other."""
        step = self._begin(options)
        with replaced(self._sampler, top_k_top_p_filtering=self._only_the_drawn):
            rows = [self._own_words(one, key, **options)[key] for one in self._each_row(modalities, step)]
        return self._taken(modalities, key, rows)

    def _begin(self, options: dict[str, Any]) -> int:
        """Set the dice of one step; terratorch must not set torch's."""
        step = int(options["seed"])
        options["seed"] = None
        self._draws.begin(step)
        return step

    def _each_row(self, modalities: ModalityDict, step: int) -> Iterator[ModalityDict]:
        """The rows one by one, as batches of their own."""
        self._sharing = step == 0  # later the rows have tokens of their own among what is encoded
        for row in range(len(self._tile_of_row)):
            self._row = row
            yield {
                name: {part: values[row : row + 1] for part, values in parts.items()}
                for name, parts in modalities.items()
            }
        self._encoded.clear()

    def _taken(self, modalities: ModalityDict, key: str, rows: list[dict[str, torch.Tensor]]) -> ModalityDict:
        """Put the rows of one output together again and tell."""
        longest = max(row["tensor"].shape[1] for row in rows)
        modalities[key] = {
            part: torch.cat([_filled(row[part], longest, PAD_ID if part == "tensor" else True) for row in rows])
            for part in rows[0]
        }
        self._done[key] = self._done.get(key, 0) + 1
        decided = ~modalities[key]["input_mask"].cpu()
        self._tell(Drawn(key, self._done[key], self._steps[key], modalities[key]["tensor"].cpu(), decided))
        return modalities

    def _encode(self, tokens: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """The encoder; rows of one tile that have the same inputs share one pass."""
        tile = self._tile_of_row[self._row]
        if self._sharing and tile in self._encoded:
            return self._encoded[tile]
        encoded: torch.Tensor = self._own_encoder(tokens, mask)
        if self._sharing:
            self._encoded[tile] = encoded
        return encoded

    def _choose_positions(
        self, modalities: ModalityDict, key: str, count: int, seed: int | None = None
    ) -> tuple[torch.Tensor, ...]:
        """Which of the open positions are decided in this step, in which order, drawn with the row's dice.

        Gives what `forward_mask_decoder_roar` gives: decoder tokens and embeddings (1, n, D), mask, modality and
        position of each.
        """
        del seed  # set already
        target = modalities[key]
        taken = target["target_mask"].cpu()
        lottery = torch.rand(taken.shape[1], generator=self._draws.of(self._row)).unsqueeze(0) * 1e-6
        places = min(int(count), int((~taken[0]).sum()))
        chosen = torch.argsort(taken + lottery, dim=1)[:, :places].to(target["emb"].device)
        embedding = torch.gather(target["emb"], 1, chosen.unsqueeze(-1).expand(-1, -1, target["emb"].shape[2]))
        tokens = torch.zeros_like(embedding) + self._sampler.model.mask_token
        number = self._sampler.model.modality_info[key]["id"]
        modality = torch.full_like(chosen, number, dtype=torch.int)
        return tokens, embedding, torch.zeros_like(chosen, dtype=torch.bool), modality, chosen

    def _sample(
        self, logits: torch.Tensor, temperature: float = 1.0, top_k: float = 0.0, top_p: float = 0.0
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Codes (1, n) of logits (1, n, codes), and how likely each was."""
        codes, likely = self._drawn_from(logits[0], temperature, top_k, top_p)
        return codes.unsqueeze(0).to(logits.device), likely.unsqueeze(0).to(logits.device)

    def _drawn_from(
        self, logits: torch.Tensor, temperature: float, top_k: float, top_p: float
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Codes of logits (n, codes) on the CPU in fp32, with the row's dice."""
        self._check()
        values = logits.to("cpu", torch.float32)
        if temperature == 0:
            return values.argmax(dim=-1), torch.ones(len(values))
        shares = functional.softmax(filtered(values, int(top_k), top_p) / temperature, dim=-1)
        codes = torch.multinomial(shares, 1, generator=self._draws.of(self._row))
        return codes[:, 0], shares.gather(1, codes)[:, 0]

    def _only_the_drawn(self, logits: torch.Tensor, top_k: float = 0.0, top_p: float = 0.0) -> torch.Tensor:
        """Logits that leave terratorch's own draw of a word no choice but the word drawn with the row's dice."""
        code, _ = self._drawn_from(logits, self._temperature, top_k, top_p)
        only = torch.full_like(logits, float("-inf"))
        return only.scatter_(1, code.unsqueeze(1).to(logits.device), 0.0)


def filtered(logits: torch.Tensor, top_k: int, top_p: float) -> torch.Tensor:
    """Logits (n, codes) without those that may not be drawn: what `top_k_top_p_filtering` gives, with one sort less.

    Args:
        logits: are changed.
        top_k: leave so many codes; 0 leaves all.
        top_p: leave the likeliest codes whose shares sum up to this, and the one that passes it; 0 leaves all.
    """
    if top_k:
        least = torch.topk(logits, min(top_k, logits.shape[-1])).values[:, -1:]
        logits[logits < least] = float("-inf")
    if top_p:
        falling, order = torch.sort(logits, dim=1, descending=True)
        beyond = torch.cumsum(functional.softmax(falling, dim=-1), dim=-1) > top_p
        beyond = functional.pad(beyond[:, :-1], (1, 0), value=False)
        logits[torch.zeros_like(beyond).scatter_(1, order, beyond)] = float("-inf")
    return logits


def _filled(values: torch.Tensor, length: int, value: int | bool) -> torch.Tensor:
    """Values (1, n) made `length` long."""
    return functional.pad(values, (0, length - values.shape[1]), value=value) if values.ndim == 2 else values
