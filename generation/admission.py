"""Whether a model may do what is asked of it, here and on these data."""

from data_access.dataset import Dataset
from errors import GenerationRequestError, GenerationUnavailableError, WeightsError
from generation.installation import missing_packages
from generation.models import ModelState, usable
from generation.request import Request


def check_model(request: Request, known: tuple[ModelState, ...], dataset: Dataset | None) -> None:
    """Refuse what can not be run.

    Args:
        request: what is asked.
        known: every model and what it lacks.
        dataset: of the sample; None for a place alone.

    Raises:
        GenerationRequestError: there is no such model, or it can not take or make what is asked.
        GenerationUnavailableError: what every model needs is not installed.
        WeightsError: weights are missing.
    """
    state = next((each for each in known if each.model.name == request.model), None)
    if state is None:
        names = ", ".join(each.model.name for each in known)
        raise GenerationRequestError(f"model is {request.model!r}: choose one of {names}.")
    model = state.model
    why_not = usable(model, dataset_is_demo=dataset is None or dataset.info.synthetic)
    if why_not:
        raise GenerationRequestError(why_not)
    for asked, able, role in ((request.inputs, model.inputs, "take"), (request.outputs, model.outputs, "generate")):
        unable = [name for name in asked if name not in able]
        if unable:
            raise GenerationRequestError(f"{model.title} can not {role} {unable[0]}: choose from {', '.join(able)}.")
    if not state.ready and missing_packages():
        raise GenerationUnavailableError(state.cure)
    lacking = [name for name in (*request.inputs, *request.outputs) if name in state.modalities_missing]
    lacking = [name for name in lacking if name in request.outputs or name not in state.inputs]
    if not state.ready or lacking:
        what = f"{model.title} lacks {', '.join(state.modalities_missing[name] for name in dict.fromkeys(lacking))}. "
        raise WeightsError(f"{what if lacking else f'{model.title} can not run here. '}{state.cure}")
