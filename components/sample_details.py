"""Below the viewer: when and where the sample was taken, its files, its licence and how to cite it."""

import math
from datetime import datetime

import pandas as pd
import streamlit as st

from components import urls
from components.facts import facts_html
from components.filters.vocabulary import label
from components.modality_names import modality_name
from components.results.gallery import annotations_query
from components.taking_along.sample import show_sample_downloads
from data_access.bigearthnet.modalities import STACKED_S2
from data_access.dataset import CollectionInfo, Dataset, HasAnnotations, ModalitySummary, SampleRecord
from data_access.sample_filter import SampleFilter

ANNOTATIONS_PAGE = "annotations.py"  # beside pages/shell.py, the script that Streamlit runs
_OFFSET_WORDS = {"present": "+1000", "absent": "none", "unknown": "not known"}


def show_details(record: SampleRecord, info: CollectionInfo) -> None:
    """Draw everything but the pixels of one sample."""
    place, licence = st.columns([3, 2], gap="large")
    with place:
        st.markdown("##### Place and time")
        st.html(facts_html(_place_facts(record).items()))
    with licence:
        st.markdown("##### Licence and citation")
        st.markdown(f"[{info.licence.name}]({info.licence.url})")
        st.caption(info.licence.credit)
        st.code(info.licence.citation, language="bibtex", wrap_lines=True)
    if record.modalities:
        _show_files(record, info)


def _show_files(record: SampleRecord, info: CollectionInfo) -> None:
    """Where each array lies, and the ways to take it along."""
    st.markdown("##### Files")
    show_sample_downloads(record, info.revision)
    st.dataframe(
        pd.DataFrame([_file_row(record, part, info.revision) for part in record.modalities if part.name != STACKED_S2]),
        hide_index=True,
        column_config={
            name: st.column_config.LinkColumn(name, display_text=name, width="small")
            for name in ("GeoTIFF", "NumPy", "PNG")
        },
    )


def show_annotations(dataset: Dataset, record: SampleRecord, selection: SampleFilter) -> None:
    """List what BigEarthNet.txt says about the patch of a selection; nothing where the data set has no text."""
    rows = dataset.annotations(record.id) if isinstance(dataset, HasAnnotations) else []
    if not rows:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"##### Annotations ({len(rows)})", width="content")
        query = annotations_query(record.id, selection)
        st.page_link(ANNOTATIONS_PAGE, label="Read on the patch", icon=":material/chat_info:", query_params=query)
    st.dataframe(
        pd.DataFrame(rows)[["type", "category", "input", "output"]],
        hide_index=True,
        height=320,
        column_config={
            "type": st.column_config.TextColumn("Type", width="small"),
            "category": st.column_config.TextColumn("Category", width="small"),
            "input": st.column_config.TextColumn("Question or instruction", width="large"),
            "output": st.column_config.TextColumn("Answer", width="medium"),
        },
    )


def _place_facts(record: SampleRecord) -> dict[str, str]:
    row = record.properties
    gap = record.s1_s2_gap_hours
    facts = {
        "Centre": f"{record.lat:.5f}, {record.lon:.5f}",
        "Country": str(row.get("country") or "unknown"),
        "Climate zone": str(row.get("climate_zone") or "unknown"),
        "Season": label("season", str(row.get("season") or "unknown")),
        "Sentinel-2": _moment(row.get("time")),
        "Sentinel-1": _moment(row.get("s1_time")),
        "Sentinel-1 after Sentinel-2": f"{gap:+.1f} h" if gap is not None and math.isfinite(gap) else "unknown",
        "Cloud cover": _percent(row.get("cloud_cover")),
        "CRS": f"EPSG:{record.epsg}" if record.epsg else "unknown",
        "Edge length": "unknown" if record.size_m is None else f"{record.size_m:,.0f} m",
        "Split, source": f"{row.get('split')}, {label('source', str(row.get('source')))}",
    }
    grid_cell = row.get("sample")
    return facts | ({"Grid cell": str(grid_cell)} if grid_cell else {})


def _moment(value: object) -> str:
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if isinstance(value, datetime) else "unknown"


def _percent(value: object) -> str:
    return f"{value:.1f} %" if isinstance(value, int | float) and math.isfinite(value) else "unknown"


def _file_row(record: SampleRecord, summary: ModalitySummary, revision: str) -> dict[str, str]:
    origin = summary.provenance
    start, length = origin["byte_offset"], origin["byte_length"]
    where = (record.dataset, record.id, summary.name)
    return {
        "Modality": modality_name(summary.name).title,
        "Band, y, x": " × ".join(map(str, summary.shape)),
        "Type": summary.dtype,
        "Unit": summary.unit,
        "S2 offset": _OFFSET_WORDS[summary.offset_state] if summary.name.startswith("S2") else "",
        "Shard": origin["shard"],
        "Member": origin["member"],
        "Byte range": f"{start:,}–{start + length - 1:,}" if start is not None and length is not None else "",
        "GeoTIFF": urls.geotiff(*where, revision=revision),
        "NumPy": urls.values(*where, revision=revision),
        "PNG": urls.picture(*where, revision=revision, form="png"),
    }
