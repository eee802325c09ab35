"""How much one query of the console, or all of them together, may take; each limit with its reason."""

from dataclasses import dataclass

WORKERS = 2  # queries that run at once: one slow query never blocks the next, and pages keep a share of every core
THREADS = 2  # of one query: a scan of nine million texts then takes seconds on two idle cores
NICENESS = 15  # one thirtieth of a page's weight: where both want a core, the page gets it
MEMORY_BYTES = 1 << 30  # of DuckDB: sorting or grouping all 464,044 patches takes a third of it
# What DuckDB does not count: strings and lists of one step, Arrow buffers, the stacks and arenas of its threads.
UNCOUNTED_BYTES = 1 << 30
RECYCLED_BYTES = 600 << 20  # a worker that keeps more than this after an answer is replaced: memory goes back
IDLE_S = 300.0  # a worker that nobody asks for so long ends, and gives back its 100 MB

MOST_CHARACTERS = 8_000  # of a query: as many as an address carries through servers and browsers
MOST_WAITING = 24  # queries in line: twenty sessions at once find a place
WAITING_S = 25.0  # in line: longer than one query may run, so a place behind two slow ones is enough
STARTING_S = 30.0  # a worker starts within half a second; on a machine that builds tables it takes longer
UNWATCHED_S = 6.0  # a page looks at its query twice a second: one that stopped looking has gone


@dataclass(frozen=True)
class Limits:
    """What one answer may be."""

    rows: int
    size: int  # bytes of the answer as Arrow
    seconds: float  # until the query is interrupted
    grace: float = 2.0  # seconds for it to notice, before its process is killed


# Rows: a thousand screens of a table, which the browser gets at once. Seconds: reading every text of the published file
# by its patterns takes five of one core; workers give way to all else, so on a busy machine four times that.
ON_PAGE = Limits(rows=10_000, size=8 << 20, seconds=20.0)
IN_JSON = ON_PAGE
# A file: rows of a million, as spreadsheets end there, and no more than the server can hold twice beside all else.
IN_FILE = Limits(rows=1_000_000, size=64 << 20, seconds=40.0)


@dataclass(frozen=True)
class Room:
    """What a worker may take of the machine."""

    memory: int = MEMORY_BYTES  # bytes that DuckDB counts
    uncounted: int = UNCOUNTED_BYTES  # bytes beside them
    threads: int = THREADS
    idle: float = IDLE_S  # seconds
