"""Why nothing can be generated here, and what to do about it; what the sample really has is shown all the same."""

from html import escape

import streamlit as st

from components import urls
from generation.installation import missing_packages
from generation.models import ModelState

_TERRAMIND = "https://huggingface.co/ibm-esa-geospatial"


def show_model_problem(model: ModelState) -> str:
    """Explain a model that can not run; returns the reason in a few words, empty where it can."""
    with st.container():  # also where nothing is wrong, so that what follows keeps its place
        if model.ready:
            return ""
        if missing_packages():
            _show("Generating needs PyTorch, which is not installed here", model.cure, model.missing)
            return "PyTorch is not installed."
        if model.missing and not model.model.synthetic:
            _show(f"{model.model.title} has no weights here", model.cure, model.missing)
            return f"The weights of {model.model.title} are missing."
        _show(f"{model.model.title} can not run here", model.cure, model.missing)
        return f"{model.model.title} can not run here."


def _show(title: str, cure: str, missing: tuple[str, ...]) -> None:
    """What is missing by name, and the lines that fetch it, ready to be copied."""
    words, lines = _apart(cure)
    files = "".join(f"<li><code>{escape(name)}</code></li>" for name in missing)
    style = f'<style>@import url("{urls.component_file("generation/form/problems.css")}");</style>'
    st.html(f'{style}<div class="patchwork-lacking"><b>{escape(title)}</b><ul>{files}</ul><p>{escape(words)}</p></div>')
    if lines:
        st.code("\n".join(lines), language="bash", wrap_lines=True)


def _apart(cure: str) -> tuple[str, list[str]]:
    """A cure's words, and its commands as lines of their own."""
    head, colon, rest = cure.partition(" with: ")
    if not colon:
        return cure, []
    ends = [at for mark in (". ", "; ") if (at := rest.find(mark)) >= 0]
    end = min(ends, default=len(rest.rstrip(".")))
    after = rest[end:].lstrip(".; ")
    lines = [line.strip().rstrip(".") for line in rest[:end].split(" && ")]
    return f"{head} with these lines. {after}".strip(), lines
