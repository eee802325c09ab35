"""How to connect the real data: the exact line to write, and a test that opens a sample before the app is restarted."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from components.amounts import duration
from components.data_page import testing
from components.data_page.operator import may_operate
from components.facts import facts_html
from components.plain_text import plain
from components.progress_rows import activity_row, rows
from data_access.probe import Report, Source
from data_access.progress import activities
from data_access.settings import settings
from errors import PatchworkError

_SOURCE, _PLACE, _TEST = "data_connect_source", "data_connect_place", "data_connect_test"
MAX_VALUE = 1000  # characters of a path or address


@dataclass(frozen=True)
class _Place:
    """One kind of place that a setting may name."""

    title: str
    asked: str  # what is typed
    example: str
    about: str


@dataclass(frozen=True)
class _Guide:
    """What to know of one setting."""

    title: str
    places: tuple[_Place, ...]


_HUB = "The shards stay on the hub: metadata is downloaded once, each sample when it is opened."
GUIDES: Mapping[Source, _Guide] = {
    "terramesh": _Guide(
        "TerraMesh",
        (
            _Place("Hugging Face", "Repository", "hf", f"{_HUB} `hf:owner/name@revision` names another repository."),
            _Place(
                "Folder",
                "Folder",
                "/data/TerraMesh",
                "The folder that holds `val/` and/or `train/`. Any part of it will do.",
            ),
            _Place(
                "HTTP server",
                "Address",
                "https://data.example.org/TerraMesh",
                "The folder's address on any server that answers ranges.",
            ),
        ),
    ),
    "bigearthnet_txt": _Guide(
        "BigEarthNet.txt",
        (
            _Place("Hugging Face", "Repository", "hf", "The annotations are downloaded once, some hundred megabytes."),
            _Place("File", "File", "/data/BigEarthNet.txt.parquet", "The Parquet file as published."),
        ),
    ),
    "bigearthnet_images": _Guide(
        "BigEarthNet imagery",
        (
            _Place(
                "Folder",
                "Folder",
                "/data/Encoded-BigEarthNet",
                "The LMDB that rico-hdl writes, or the folder of the GeoTIFF trees.",
            ),
        ),
    ),
}


def show_connect() -> None:
    """Draw the guide and the latest test."""
    st.markdown("##### Connect the real data")
    with st.container(border=True, key="data_connect"):
        source = _chosen_source()
        place = _chosen_place(source)
        st.markdown(place.about)
        value = _value(source, place)
        name = f"PATCHWORK_{source.upper()}"
        left, right = st.columns(2, gap="medium")
        with left:
            st.caption("in patchwork.toml")
            st.code(f"{source} = {_quoted(value)}", language="toml", wrap_lines=True)
        with right:
            st.caption("or in the environment, then `make app`")
            st.code(f"export {name}={shlex.quote(value)}", language="bash", wrap_lines=True)
        _draw_buttons(source, value)
        _draw_test(source)


def _chosen_source() -> Source:
    titles = {source: guide.title for source, guide in GUIDES.items()}
    chosen = st.segmented_control(
        "Data set",
        list(titles),
        format_func=titles.__getitem__,
        key=_SOURCE,
        default="terramesh",
        required=True,
        label_visibility="collapsed",
    )
    return chosen or "terramesh"


def _chosen_place(source: Source) -> _Place:
    places = {place.title: place for place in GUIDES[source].places}
    if len(places) == 1:
        return next(iter(places.values()))
    chosen = st.radio("Where the data lie", list(places), horizontal=True, key=f"{_PLACE}_{source}")
    return places[chosen or next(iter(places))]


def _value(source: Source, place: _Place) -> str:
    """What the operator types, or an example for everybody else."""
    if not may_operate():
        return place.example
    typed = st.text_input(
        place.asked, placeholder=place.example, max_chars=MAX_VALUE, key=f"data_connect_{source}_{place.title}"
    )
    return (typed or "").strip() or place.example


def _draw_buttons(source: Source, value: str) -> None:
    configured = getattr(settings(), source)
    with st.container(horizontal=True):
        if may_operate():
            _test_button("Test this", source, value, primary=True)
        if configured:
            _test_button("Test what is configured", source, str(configured), primary=not may_operate())
    if not may_operate():
        note = "" if configured else " Nothing is configured now, so the demo collection is shown."
        st.caption(f"Only the operator, on this machine, can test other places.{note}")


def _test_button(label: str, source: Source, value: str, *, primary: bool) -> None:
    st.button(
        label,
        icon=":material/cable:",
        type="primary" if primary else "secondary",
        key=f"data_test_{label}",
        disabled=testing.is_running(),
        on_click=_begin,
        args=(source, value),
    )


def _begin(source: Source, value: str) -> None:
    """Begin a test; a typed value only for whoever may operate, whatever a browser sends."""
    if value != getattr(settings(), source) and not may_operate():
        return
    try:
        st.session_state[_TEST] = source, testing.begin(source, value)
    except PatchworkError as problem:
        st.toast(problem.message, icon=":material/hourglass_top:")


def _draw_test(source: Source) -> None:
    latest = st.session_state.get(_TEST)
    if latest is None or latest[0] != source:
        return
    if not latest[1].done():
        st.fragment(_draw_running, run_every=0.5)()
        return
    _draw_report(latest[1].result())


def _draw_running() -> None:
    if not testing.is_running():
        st.rerun()
    st.html(rows(activity_row(each) for each in activities() if each.status == "running"))


def _draw_report(report: Report) -> None:
    """What was found, line by line, and the named problem where there is one."""
    took = duration(report.seconds) if report.seconds >= 1 else f"{report.seconds * 1000:.0f} ms"
    if report.problem:
        st.error(plain(report.problem.message), icon=":material/error:")
    else:
        st.success(f"This works; it took {took}.", icon=":material/check_circle:")
    if report.findings:
        st.html(facts_html(report.findings))


def _quoted(value: str) -> str:
    """A TOML string: JSON's escapes are a subset of TOML's."""
    return json.dumps(value, ensure_ascii=False)
