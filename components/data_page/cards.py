"""One card per data set: what it is, where it comes from, how complete it is, and what was built from it."""

from collections.abc import Iterable
from html import escape

import streamlit as st

from components.amounts import age, size
from components.data_page.collection_facts import Coverage, index_of, patches_of, shards_of
from components.data_page.shard_matrix import shard_matrix
from components.data_sets import OpenedSet
from components.facts import facts_html
from components.modality_names import modality_name
from components.plain_text import plain
from components.progress_rows import Tone, bar
from components.try_again import show_try_again
from data_access.cache_state import CachePart, kept_of
from data_access.dataset import CollectionInfo, CollectionKind, Dataset
from data_access.sample_filter import SampleFilter
from data_access.settings import settings
from data_access.terramesh.completeness import Completeness

SHOWN_NOTES = 6  # the API's health tells all
_KINDS: dict[CollectionKind, str] = {
    "demo": "synthetic demo",
    "local": "folder on this machine",
    "hf": "Hugging Face, read as needed",
    "https": "HTTP server, read as needed",
}


def show_collections(sets: tuple[OpenedSet, ...]) -> None:
    """Draw the cards side by side; on a phone one below the other."""
    for column, each in zip(st.columns(len(sets), gap="medium"), sets, strict=True):
        with column, st.container(border=True, key=f"data_card_{each.name}", height="stretch"):
            if each.dataset:
                _show_open(each, each.dataset)
            elif each.problem:
                st.html(_heading(each, "not open", "bad"))
                st.error(plain(each.problem.message), icon=":material/folder_off:")
                show_try_again(each.name)
            else:
                st.html(_heading(each, "being opened", ""))
                st.html(f"{bar(None, each.look.title)}<p class='patchwork-quiet'>How far it is stands below.</p>")


def _show_open(each: OpenedSet, dataset: Dataset) -> None:
    info = dataset.info
    with st.spinner("Counting the samples of every shard"):  # once per revision: a second where there are nine million
        shards = shards_of(dataset)
    head = _heading(each, _KINDS[info.kind], "still" if info.synthetic else "good")
    st.html(head + facts_html(_facts_of(dataset, shards).items()))
    st.html(_coverage([*_shard_coverage(dataset, shards), *patches_of(dataset)]))
    if shards:
        st.html(shard_matrix(shards))
    _show_notes(info)


def _heading(each: OpenedSet, word: str, tone: Tone) -> str:
    return (
        f'<div class="patchwork-card-head {each.name}"><h3>{escape(each.look.title)}</h3>'
        f'<span class="patchwork-tag {tone}">{escape(word)}</span></div>'
    )


def _facts_of(dataset: Dataset, shards: Completeness | None) -> dict[str, str]:
    info = dataset.info
    count = dataset.catalog.count(SampleFilter())
    facts = {"Root": info.root, "Samples": f"{count.total:,}"}
    if count.annotations is not None:
        facts["Annotations"] = f"{count.annotations:,}"
    if shards:
        facts["Splits"] = ", ".join(f"{split.name} ({split.samples:,})" for split in shards.splits)
        facts["Shards"] = f"{shards.names:,} of each modality" + (f", {size(shards.bytes)}" if shards.bytes else "")
        facts["Metadata"] = "; ".join(_metadata(split.name, has_table=split.has_table) for split in shards.splits)
    else:
        facts["Modalities"] = ", ".join(modality_name(name).title for name in dataset.modalities) or "no imagery"
    return facts | _built(info) | {"Revision": info.revision}


def _metadata(split: str, *, has_table: bool) -> str:
    return f"{split}_metadata.parquet" if has_table else f"{split}: told by the shards themselves"


def _built(info: CollectionInfo) -> dict[str, str]:
    """What is kept of a collection, so that the next start takes milliseconds."""
    kept = kept_of(settings(), info.dataset)
    return {
        "Catalogue": _kept_words(kept["catalogue"]),
        "Map index": _kept_words(kept["points"]),
    }


def _kept_words(part: CachePart) -> str:
    if not part.bytes or part.newest is None:
        return "in memory only"
    return f"{size(part.bytes)} on disk, used {age(part.newest)}"


def _shard_coverage(dataset: Dataset, shards: Completeness | None) -> Iterable[Coverage]:
    if shards is None:
        return
    samples = sum(split.samples for split in shards.splits)
    yield Coverage("samples whose shard is there", samples - shards.without_shard, samples)
    index = index_of(dataset)
    if index:
        yield Coverage("shards indexed", index[1]["offsets"], shards.there)
        yield Coverage("shards with statistics", index[1]["statistics"], shards.there)


def _coverage(parts: Iterable[Coverage]) -> str:
    rows = "".join(
        f"<li><span>{escape(part.title)}</span><b>{part.present:,} of {part.total:,}</b>"
        f"{bar(part.fraction, part.title, 'good' if part.present == part.total else 'still')}</li>"
        for part in parts
    )
    return f'<ul class="patchwork-coverage">{rows}</ul>' if rows else ""


def _show_notes(info: CollectionInfo) -> None:
    if not info.notes:
        return
    label = "1 note on the files" if len(info.notes) == 1 else f"{len(info.notes):,} notes on the files"
    with st.expander(label, icon=":material/info:"):
        more = len(info.notes) - SHOWN_NOTES
        told = [plain(note) for note in info.notes[:SHOWN_NOTES]] + ([f"and {more} more"] if more > 0 else [])
        st.markdown("\n".join(f"- {note}" for note in told))
