"""Files of a result, its name, and its address."""

from html import escape

import streamlit as st

from components import urls
from components.generation.page_state import current
from components.generation.runs import name_run
from components.generation.state import PATH
from components.modality_names import modality_name
from components.plain_text import plain
from components.taking_along.programs import server_address
from generation.kept_result import KeptResult
from generation.limits import MOST_TITLE
from generation.modalities import MODALITIES

_NAME = "generate_title"


def show_taking_along(result: KeptResult) -> None:
    """Three words, and what each means behind it."""
    with st.popover("Files", icon=":material/download:"):
        st.html(files_html(result))
    with st.popover(result.title or "Keep", icon=":material/bookmark:"):
        _show_name(result)
    with st.popover("Share", icon=":material/link:"):
        st.caption("This address shows the same result, for as long as it is kept, and then its settings.")
        st.code(_address(), language=None, wrap_lines=True)


def files_html(result: KeptResult) -> str:
    """A row per output with its files; of several seeds a GeoTIFF each, and all in one array."""
    style = f'<style>@import url("{urls.component_file("generation/result/files.css")}");</style>'
    rows = "".join(_row(result, name) for name in result.modalities if name in MODALITIES)
    about = escape(urls.generated_run(result.id))
    return (
        f'{style}<div class="patchwork-made">{rows}<div><b>Everything said of it</b>'
        f'<a href="{about}" download="{result.id}.json">JSON</a></div>'
        "<p>Model, inputs, settings and licence are in every GeoTIFF and in the JSON; keep them with every copy.</p>"
        "</div>"
    )


def _row(result: KeptResult, name: str) -> str:
    seeds = result.request.seeds
    title = escape(modality_name(name).title)
    tiffs = "".join(
        _link(
            urls.generated(result.id, f"{name}.tif", {"seed": seed}), f"GeoTIFF {seed}" if len(seeds) > 1 else "GeoTIFF"
        )
        for seed in seeds
    )
    return (
        f"<div><b>{title}</b>{tiffs}{_link(urls.generated(result.id, f'{name}.npy', {'seed': 'all'}), 'NumPy')}</div>"
    )


def _link(address: str, words: str) -> str:
    return f'<a href="{escape(address)}" download>{words}</a>'


def _show_name(result: KeptResult) -> None:
    st.session_state[_NAME] = result.title
    st.text_input(
        "Name of this result",
        key=_NAME,
        max_chars=MOST_TITLE,
        placeholder="Floods of May",
        help="A result with a name is kept longer than the others.",
        on_change=_take_name,
        args=(result.id,),
    )


def _take_name(run: str) -> None:
    if problem := name_run(run, st.session_state[_NAME]):
        st.toast(plain(problem), icon=":material/error:")
    else:
        st.toast("Kept" if st.session_state[_NAME] else "The name is taken away", icon=":material/bookmark:")


def _address() -> str:
    base = server_address().removesuffix(urls.API)
    return f"{base}/{current().link()}" if current().run else f"{base}/{PATH}"
