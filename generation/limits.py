"""How much generating may take of the machine and of other people's patience; each limit with its reason."""

from dataclasses import dataclass

NICENESS = 10  # pages and pictures come first wherever both want a core
IDLE_S = 600.0  # a worker nobody asks for so long ends, and gives back the gigabytes of its model
STARTING_S = 60.0  # a worker answers within half a second; on a machine that builds tables it takes longer
SILENT_S = 120.0  # a worker tells every second that it lives; one that can not for so long is stuck, or being swapped
CANCEL_S = 1.0  # between asking a worker to stop and ending it; one step of the largest decoder takes about that
RUN_S = 3600.0  # eight seeds of six outputs in 50 steps take that long on two cores; others wait meanwhile
LOADING_S = 4 * 3600.0  # fetching 6 GB of weights over 4 Mbit/s, once

MOST_WAITING = 16  # twenty sessions at once find a place or are told at once; each waiting job holds about 5 MB
FINISHED_JOBS = 64  # whose events are remembered: reloading a page finds them; results stay on disk much longer

KEPT_BYTES = 2e9  # of results on disk: about a hundred of all outputs with four seeds each
KEPT_S = 30 * 86_400.0  # a result without a title is kept for a month after it was last looked at
MOST_TITLE = 120  # characters: one line of a page


@dataclass(frozen=True)
class Limits:
    """What tests set shorter; the app runs with the defaults."""

    waiting: int = MOST_WAITING  # jobs in line
    finished: int = FINISHED_JOBS
    cancel: float = CANCEL_S  # seconds, as all below
    run: float = RUN_S
    loading: float = LOADING_S
    silent: float = SILENT_S
    starting: float = STARTING_S
    idle: float = IDLE_S
    kept_bytes: float = KEPT_BYTES
    kept: float = KEPT_S
