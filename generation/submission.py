"""From what somebody asks for, and from a result of long ago, to a job."""

from data_access.dataset import Dataset
from generation.events import Done
from generation.jobs import Asked, Job, now_text
from generation.kept_result import KeptResult
from generation.place import place_of
from generation.prepared import prepare, prepare_coordinates
from generation.request import Request
from generation.results import new_id


def new_job(
    dataset: Dataset | None,
    sample: str | None,
    request: Request,
    *,
    session: str,
    coordinates: tuple[float, float] | None,
) -> Job:
    """A job with its inputs, read now, so that what is wrong with them is told at once.

    Args:
        dataset: of the sample; None to generate from `coordinates` alone.
        sample: its id.
        request: what to do.
        session: who asks.
        coordinates: longitude and latitude in degrees.

    Raises:
        GenerationRequestError, CoordinateError: the request can not work.
        UnknownSampleError, ModalityMissingError, ShardError, SampleFormatError: as `prepare`.
    """
    if dataset is None or sample is None:
        lon, lat = coordinates or (float("nan"), float("nan"))  # which is refused by its name
        prepared, place, name, revision = prepare_coordinates(lon, lat), None, "", ""
    else:
        prepared = prepare(dataset, sample, request)
        place = place_of(dataset, sample, prepared.window, request.inputs)
        name, revision = dataset.info.dataset, dataset.info.revision
    asked = Asked(
        new_id(), request, name, sample, revision, session, given=coordinates, place=place, made_at=now_text()
    )
    return Job(asked, prepared)


def job_of(result: KeptResult) -> Job:
    """The job of a result that was made before anybody here remembers."""
    asked = Asked(
        result.id,
        result.request,
        result.dataset,
        result.sample,
        result.revision,
        "",
        given=result.given,
        place=result.place,
        made_at=result.made_at,
    )
    job = Job(asked, None)
    job.tell(Done(result.seconds), number=result.told)
    return job
