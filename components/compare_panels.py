"""What the viewer is asked to show of a sample: a panel per modality, the overlay, and what to fetch ahead."""

from collections.abc import Sequence

from components import urls
from components.compare_controls import CLOUD_MASK
from components.compare_state import CompareState
from components.modality_names import modality_name, unit_name
from components.viewer.component import Overlay, Panel, PresetChoice, ValueSource
from data_access.bigearthnet.modalities import S2_PARTS, STACKED_S2
from data_access.dataset import Dataset, ModalitySummary, Neighbours, SampleRecord
from rendering import Preset, default_preset, presets_of


def panels_of(state: CompareState, record: SampleRecord, revision: str) -> list[Panel]:
    """One panel per modality, in display order; S2 on the 10 m grid shows its three resolutions in one."""
    return [_panel(state, record, part, revision) for part in record.modalities if part.name not in S2_PARTS]


def overlay_of(state: CompareState, record: SampleRecord, revision: str) -> Overlay | None:
    """The cloud mask over every panel, where it is switched on and the sample has one."""
    if not state.cloud or all(summary.name != CLOUD_MASK for summary in record.modalities):
        return None
    return Overlay(_overlay_picture(record.dataset, record.id, revision), state.cloud)


def nearby_addresses(state: CompareState, dataset: Dataset, neighbours: Neighbours) -> list[str]:
    """Pictures and legends of the next and the previous sample, so that stepping finds them in the browser's cache."""
    name, revision = dataset.info.dataset, dataset.info.revision
    addresses = []
    for sample_id in filter(None, (neighbours.next, neighbours.previous)):
        for modality in dataset.available(sample_id):
            if modality in S2_PARTS:
                continue
            look = urls.Look(_chosen(state, modality))
            addresses.append(urls.picture(name, sample_id, modality, look, revision=revision))
            addresses.append(urls.legend(name, sample_id, modality, look, revision=revision))
            if modality == CLOUD_MASK and state.cloud:
                addresses.append(_overlay_picture(name, sample_id, revision))
    return addresses


def _overlay_picture(dataset: str, sample_id: str, revision: str) -> str:
    return urls.picture(dataset, sample_id, CLOUD_MASK, urls.Look("overlay"), revision=revision)


def _panel(state: CompareState, record: SampleRecord, summary: ModalitySummary, revision: str) -> Panel:
    modality = summary.name
    preset = _chosen(state, modality, summary.bands)
    where = (record.dataset, record.id, modality)
    look = urls.Look(preset, "remove" if state.remove_offset and summary.offset_state == "present" else None)
    title, about = modality_name(modality)
    return Panel(
        modality=modality,
        title=title,
        about=about,
        bands=summary.bands,
        unit=unit_name(summary.unit),
        offset=summary.offset_state,
        presets=tuple(PresetChoice(choice.name, choice.title) for choice in _choices(modality)),
        preset=preset,
        default=_first_preset(modality, summary.bands),
        picture=urls.picture(*where, look, revision=revision),
        legend=urls.legend(*where, look, revision=revision),
        values=_value_sources(record, summary, revision),
    )


def _value_sources(record: SampleRecord, shown: ModalitySummary, revision: str) -> tuple[ValueSource, ...]:
    """Where the values of a panel come from: the modality itself, or the three resolutions behind S2."""
    stacked = shown.name == STACKED_S2
    parts = [summary for summary in record.modalities if summary.name in S2_PARTS] if stacked else [shown]
    return tuple(
        ValueSource(urls.values(record.dataset, record.id, part.name, revision=revision), part.bands) for part in parts
    )


def _choices(modality: str) -> list[Preset]:
    """The presets of a panel's menu."""
    return [preset for preset in presets_of(modality) if not preset.is_free]


def _chosen(state: CompareState, modality: str, bands: Sequence[str] = ()) -> str:
    """The preset that the address names, or the first one where it names none that exists."""
    preset = state.presets.get(modality, "")
    return preset if preset in {choice.name for choice in _choices(modality)} else _first_preset(modality, bands)


def _first_preset(modality: str, bands: Sequence[str] = ()) -> str:
    """The preset that a panel begins with: the rendering's default, unless that is made to lie over another picture.

    Where `bands` lack what it needs, as in a patch stored with some bands only, the first that they can be drawn with.
    """
    default = default_preset(modality)
    if bands and not default.fits(bands):
        default = next((choice for choice in _choices(modality) if choice.fits(bands)), default)
    alone = [choice.name for choice in _choices(modality) if choice.kind != "overlay"]
    return default.name if default.kind != "overlay" or not alone else alone[0]
