"""What the Stream page shows, as plain query parameters of its address: a link restores the page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from data_access.playing import ShardSet
from rendering import Preset, default_preset, presets_of

AS_IT_ARRIVES = 0
PACES = (AS_IT_ARRIVES, 10, 4, 1)  # samples per second at most
_FAMILIAR = "true-colour"  # the renderings' own defaults are made for analysis
_LIKED = "S2RGB"  # shown first where a shard has it: what an eye recognises, from few bytes


@dataclass(frozen=True)
class StreamState:
    """Which shard is played and how it looks. Only what is there: `read_state` makes it so."""

    split: str
    shard: str
    modality: str
    preset: str
    pace: int = AS_IT_ARRIVES
    sample: str = ""  # where playing begins; empty is the beginning

    def to_query(self) -> dict[str, str]:
        """The same state as query parameters; defaults are left out, so that addresses stay short."""
        query = {"split": self.split, "shard": self.shard, "modality": self.modality}
        optional = {
            "preset": self.preset if self.preset != presets(self.modality)[0].name else "",
            "pace": str(self.pace or ""),
            "sample": self.sample,
        }
        return query | {key: value for key, value in optional.items() if value}

    def with_shard(self, shard: ShardSet) -> Self:
        """Another shard from its beginning, in the same modality where it has it."""
        modality = self.modality if self.modality in shard.sizes else first_modality(shard)
        preset = self.preset if modality == self.modality else presets(modality)[0].name
        return replace(self, split=shard.split, shard=shard.name, modality=modality, preset=preset, sample="")

    def with_modality(self, modality: str) -> Self:
        """The same place of the shard in another modality."""
        return replace(self, modality=modality, preset=presets(modality)[0].name)

    def with_look(self, preset: str, pace: int) -> Self:
        """The same place in another look, or at another pace."""
        return replace(self, preset=preset, pace=pace)


def read_state(query: Mapping[str, Sequence[str]], shards: Sequence[ShardSet]) -> tuple[StreamState, tuple[str, ...]]:
    """The state of an address, and sentences on what in it is not there; at least one shard must be."""
    problems: list[str] = []
    last = {key: values[-1] for key, values in query.items() if values and values[-1]}

    def chosen(key: str, choices: Sequence[str], otherwise: str) -> str:
        wanted = last.get(key, otherwise)
        if wanted in choices:
            return wanted
        problems.append(f"There is no {key} {wanted[:60]!r} here; {otherwise} is shown instead.")
        return otherwise

    split = chosen("split", [each.split for each in shards], shards[0].split)
    of_split = {each.name: each for each in shards if each.split == split}
    shard = of_split[chosen("shard", list(of_split), next(iter(of_split)))]
    modality = chosen("modality", list(shard.sizes), first_modality(shard))
    menu = [preset.name for preset in presets(modality)]
    preset = chosen("preset", menu, menu[0])
    pace = chosen("pace", [str(each) for each in PACES], str(AS_IT_ARRIVES))
    sample = last.get("sample", "")[:200]
    return StreamState(split, shard.name, modality, preset, int(pace), sample), tuple(problems)


def first_modality(shard: ShardSet) -> str:
    """The modality that a shard is played in unasked."""
    return _LIKED if _LIKED in shard.sizes else next(iter(shard.sizes))


def presets(modality: str) -> list[Preset]:
    """The presets that may be chosen, the first one first: natural colours where the modality has them."""
    menu = [preset for preset in presets_of(modality) if not preset.is_free and preset.kind != "overlay"]
    first = _FAMILIAR if any(preset.name == _FAMILIAR for preset in menu) else default_preset(modality).name
    return sorted(menu, key=lambda preset: preset.name != first)
