"""Every error Patchwork raises on purpose: one root, short classes, one message style.

A message names the value, the reason and the cure, because it is shown unchanged on a page and in an API answer.
`api/errors.py` maps the classes to HTTP status codes; nothing else in the project decides by status.
"""

from typing import ClassVar


class PatchworkError(Exception):
    """Root of all named errors; anything else that escapes is a bug."""

    code: ClassVar[str] = "patchwork_error"
    retryable: ClassVar[bool] = False

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        """Keep the sentence shown to the user (what happened, why, what to do), and after how long to try again."""
        super().__init__(message)
        self.message = message
        self.retry_after_s = retry_after_s


class SettingsError(PatchworkError):
    """A setting has a value that can not work."""

    code = "bad_setting"


class SourceMissingError(PatchworkError):
    """A configured folder or file is not there, or holds nothing that Patchwork reads."""

    code = "source_missing"


class SchemaError(PatchworkError):
    """A table lacks a column or a column has a type that can not be read."""

    code = "bad_schema"


class CatalogueDamagedError(PatchworkError):
    """The catalogue kept in the cache folder went bad while it was in use."""

    code = "catalogue_damaged"


class ShardError(PatchworkError):
    """A tar shard is truncated, corrupt or not a shard."""

    code = "bad_shard"


class SampleFormatError(PatchworkError):
    """The bytes of one sample do not decode to what the format promises."""

    code = "bad_sample"


class PlaceError(PatchworkError):
    """What a file tells of its place is NaN, infinite, contradictory or outside the globe."""

    code = "bad_place"


class CoordinateError(PatchworkError):
    """A place that was asked for lies outside the globe or the map."""

    code = "bad_coordinate"


class UnknownDatasetError(PatchworkError):
    """The name is not one of the data sets."""

    code = "unknown_dataset"


class UnknownShardError(PatchworkError):
    """The collection has no shard of this name, or not of this modality."""

    code = "unknown_shard"


class UnknownSampleError(PatchworkError):
    """No sample of the collection has this id."""

    code = "unknown_sample"


class ModalityMissingError(PatchworkError):
    """The modality does not exist, or this sample does not have it."""

    code = "modality_missing"


class FilterError(PatchworkError):
    """A filter parameter has a value that means nothing."""

    code = "bad_filter"


class PresetError(PatchworkError):
    """A preset or one of its parameters does not fit the modality."""

    code = "bad_preset"


class TooLargeError(PatchworkError):
    """The answer would be larger than one request may ask for."""

    code = "too_large"


class RemoteError(PatchworkError):
    """A remote source can not be reached, or answers with something that can not be used."""

    code = "remote_failed"
    retryable = True


class RemoteTimeoutError(RemoteError):
    """A remote source took longer than the deadline of one read."""

    code = "remote_timeout"


class RateLimitedError(RemoteError):
    """A remote source asks to wait longer than one read may."""

    code = "remote_rate_limited"


class AccessDeniedError(RemoteError):
    """A remote source does not let us read what was asked for."""

    code = "remote_denied"
    retryable = False


class SourceChangedError(RemoteError):
    """A remote file is no longer the one that was listed: what is known of it does not fit its bytes."""

    code = "source_changed"
    retryable = False


class OfflineError(RemoteError):
    """Something remote was asked for while the process is told to stay offline."""

    code = "offline"
    retryable = False


class BusyError(PatchworkError):
    """The server has all hands full; the same request may succeed in a moment."""

    code = "busy"
    retryable = True


class PreparingError(PatchworkError):
    """What a search needs is still being prepared; the same request will succeed once it is."""

    code = "preparing"
    retryable = True


class QueryError(PatchworkError):
    """A query of the console is not SQL, or asks for what is not there."""

    code = "bad_query"

    def __init__(self, message: str, position: int | None = None) -> None:
        """Keep beside the sentence where in the query it is, in characters from 0, if that is known."""
        super().__init__(message)
        self.position = position


class QueryRefusedError(QueryError):
    """A query of the console would do more than read the console's tables."""

    code = "query_refused"


class QueryTimeoutError(PatchworkError):
    """A query of the console takes longer than one may."""

    code = "query_timeout"


class QueryMemoryError(TooLargeError):
    """A query of the console needs more memory than one may take."""

    code = "query_too_large"


class QueryCancelledError(PatchworkError):
    """Whoever asked a query of the console does not wait for the answer any more."""

    code = "query_cancelled"


class JobError(PatchworkError):
    """A long job can not be started or paused."""

    code = "job_failed"


class GenerationUnavailableError(PatchworkError):
    """Generating needs packages that are not installed, or that do not fit each other."""

    code = "generation_unavailable"


class WeightsError(PatchworkError):
    """A file of model weights is missing, damaged, or not the one that the model needs."""

    code = "bad_weights"


class EmbeddingError(PatchworkError):
    """What is asked of an embedding does not fit it: its patches, layers, dimensions or way of merging."""

    code = "bad_embedding"


class DemoBuildError(PatchworkError):
    """The demo collection can not be written: no room, no permission, or another build is at work."""

    code = "demo_build_failed"


class GenerationRequestError(PatchworkError):
    """A generation was asked for with a value that can not work."""

    code = "bad_generation"


class UnknownGenerationError(PatchworkError):
    """No generation has this id, or its result was removed since."""

    code = "unknown_generation"


class GenerationStateError(PatchworkError):
    """A generation is not in the state that what was asked of it needs."""

    code = "wrong_state"

    def __init__(self, message: str, run: str = "") -> None:
        """Keep the sentence, and the id of the generation that it is about."""
        super().__init__(message)
        self.run = run


class GenerationError(PatchworkError):
    """A generation ended without a result: the process that ran it died, hung or could not keep what it made."""

    code = "generation_failed"
    retryable = True


class GenerationQueueError(BusyError):
    """The line of generations is full."""

    code = "queue_full"


class GenerationCancelledError(GenerationError):
    """Whoever asked for a generation does not want it any more."""

    code = "generation_cancelled"
    retryable = False


class GenerationTimeoutError(GenerationError):
    """A generation takes longer than one may."""

    code = "generation_timeout"
    retryable = False


class GenerationMemoryError(GenerationError):
    """A generation needs more memory than there is."""

    code = "generation_out_of_memory"
    retryable = False


class ResultDamagedError(PatchworkError):
    """The files of a kept result are not those that were written."""

    code = "bad_result"


class ForeignOriginError(PatchworkError):
    """Another website asks this server to change something."""

    code = "foreign_origin"
