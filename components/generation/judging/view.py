"""Judging a result on the page: the table of errors, land cover's confusion, seeds and tokens, generated places."""

import streamlit as st

from components import urls
from components.generation.judging.confusion import show_confusion
from components.generation.judging.numbers import percent
from components.generation.judging.places import show_places
from components.generation.judging.table import reasons, table_html
from components.generation.judging.tokens import tokens_html
from components.modality_names import modality_name
from components.plain_text import plain
from data_access.dataset import Dataset
from errors import PatchworkError
from generation.judging.of_result import JudgedOutput, JudgedResult, judge_result
from generation.kept_result import KeptResult

_RANGES = (
    "PSNR and SSIM are measured over the range that TerraMind was published to generate, mean ± one standard deviation "
    "of its training data, so samples can be compared; for elevation over the heights of the real picture."
)


def show_judging(result: KeptResult, dataset: Dataset | None) -> None:
    """Draw everything that can be said of how well a result fits.

    Args:
        result: of a run of kind generate.
        dataset: of its sample; None where it began with a place alone.
    """
    try:
        judged = judge_result(result, dataset)
    except PatchworkError as problem:  # a sample that is not there any more, a damaged file: the pictures stay
        st.error(plain(problem.message), icon=":material/error:")
        return
    if not judged.outputs and judged.coordinates is None:
        return
    st.markdown("##### How well it fits")
    _show_table(result, judged)
    classes = [each for each in judged.outputs.values() if each.best.classes]
    if classes or judged.coordinates:
        left, right = st.columns([2, 3], gap="large")
        with left if judged.coordinates else st.container():
            for each in classes:
                _show_classes(each, result.request.how)
        with right if classes else st.container():
            if judged.coordinates:
                st.markdown("###### Where it says this is")
                show_places(judged.coordinates, result.request.seeds)


def _show_table(result: KeptResult, judged: JudgedResult) -> None:
    outputs = list(judged.outputs.values())
    table = table_html(outputs, result.request.seeds) + tokens_html(outputs, result.request.seeds)
    if table:
        st.html(f'<style>@import url("{urls.component_file("generation/judging/judging.css")}");</style>{table}')
        if any(each.best.together for each in outputs):
            st.caption(_RANGES)
    for each in outputs:
        if each.truth_notes:
            st.caption(
                plain(f"To compare with the real {modality_name(each.modality).title}: {' '.join(each.truth_notes)}")
            )
    for reason, titles in reasons(outputs).items():
        st.caption(plain(f"Not compared: {', '.join(titles)}, since {reason}."))


def _show_classes(output: JudgedOutput, how: str) -> None:
    scores = output.best.classes
    if scores is None:
        return
    st.markdown("###### Which class became which")
    st.caption(
        f"Percent of each real class, {percent(scores.accuracy)} of all pixels on the diagonal; "
        "IoU: intersection over union of each class, in percent."
    )
    show_confusion(scores, how, key=f"judged_{output.name}")
