"""The folder that parts are written to: one run at a time, and nothing left over from runs that were killed."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from data_access.terramesh.batch_parts import KINDS
from errors import BusyError, JobError

_LOCK_FILE = ".lock"


@contextmanager
def held(out: Path) -> Iterator[None]:
    """Make the folder and hold it while the block runs.

    Raises:
        BusyError: another run holds it.
        JobError: it can not be made or written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / _LOCK_FILE).open("w")
    except OSError as error:
        raise JobError(
            f"{out.name!r} can not be written ({error.strerror}). Choose another folder for the parts."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BusyError(
                f"Another run is at work on {out.name!r}. Wait for it, or end it; what it finished is kept."
            ) from None
        except OSError:
            pass  # a network disk without locks: two runs at once would do the same work twice, and no harm
        for left in (*out.glob(".*.tmp"), *(path for kind in KINDS for path in out.glob(f"{kind}/*/.*.tmp"))):
            with suppress(OSError):
                left.unlink()
        yield
