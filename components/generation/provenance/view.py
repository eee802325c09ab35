"""Below a result: where it comes from, what it is not, under which terms it may be used, and its program."""

from collections.abc import Mapping

import streamlit as st

from components.facts import facts_html
from components.generation.provenance.code import show_code_button
from components.plain_text import plain
from data_access.dataset import Dataset
from generation.kept_result import KeptResult
from generation.provenance import JSON, provenance

_REVISION = 12  # characters of a fingerprint that tell it from all others


def show_provenance(result: KeptResult, dataset: Dataset | None = None) -> None:
    """Draw everything that someone who finds the result must know.

    Args:
        result: of the run.
        dataset: of its sample, where it is open.
    """
    told = provenance(result, info=dataset.info if dataset else None)
    st.markdown("##### Where this comes from")
    st.markdown(f"**{str(told['notice']).capitalize()}.** {told['explanation']}")
    made, terms = st.columns([3, 2], gap="large")
    with made:
        st.html(facts_html(facts(told).items()))
        for note in result.notes:
            st.caption(plain(note))
        show_code_button(result, dataset)
    with terms:
        _show_terms(told)


def facts(told: Mapping[str, JSON]) -> dict[str, str]:
    """The provenance as a person reads it: a name and a value each; what does not apply is left out."""
    found = {
        "Model": f"{told['model_title']} ({told['model']})",
        "Weights": str(told["model_revision"])[:_REVISION],
        "Inputs": _list(told["inputs"]),
        "Outputs": _list(told["outputs"]),
        "Crop": _crop(told["crop"]),
        "Coordinates": _list(told["coordinates"]),
        "Seeds": _list(told["seeds"]),
        "Diffusion steps": _steps(told),
        "Decoding steps": str(told["decoding_steps"]),
        "Temperature, top-p, top-k": f"{told['temperature']:g}, {told['top_p']:g}, {told['top_k']}",
        "Value range": str(told["value_range"]).partition(":")[0],
        "Precision": str(told["precision"]),
        "Computed on": str(told["device"]),
        "Sample": f"{told['sample']}" if told["sample"] else "",
        "Collection revision": str(told["collection_revision"] or "")[:_REVISION],
        "Made": str(told["made_at"]),
        "Software": _versions(told["software"]),
    }
    return {name: value for name, value in found.items() if value}


def _show_terms(told: Mapping[str, JSON]) -> None:
    if told["synthetic"]:
        st.markdown(
            ":gray-badge[Synthetic] The sample or the model was made by a program for demonstration: nothing here was "
            "observed, nor imagined by TerraMind's own weights."
        )
    st.markdown(f"Model: {plain(str(told['model_licence']))}")
    if told.get("data_licence"):
        st.markdown(f"Data: [{plain(str(told['data_licence']))}]({told['data_licence_url']})")
        st.caption(plain(f"{told['data_licence_note']} {told['data_credit']}".strip()))


def _steps(told: Mapping[str, JSON]) -> str:
    asked, run = told["timesteps"], told["steps"]
    return str(run) if asked == run else f"{run} (asked for {asked}, which does not divide 1000)"


def _list(value: JSON) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list) else ""


def _crop(value: JSON) -> str:
    if not isinstance(value, dict):
        return ""
    return f"{value['width']} x {value['height']} pixels from column {value['left']}, row {value['top']}"


def _versions(value: JSON) -> str:
    return ", ".join(f"{name} {each}" for name, each in value.items()) if isinstance(value, dict) else ""
