"""The one worker of a service: started when it is needed, replaced when it died, ended when nobody asks any more."""

import time
from threading import Lock

from data_access.settings import Settings
from generation.limits import Limits
from generation.process import Worker


class ResidentWorker:
    """Holds at most one process; safe to use from many threads."""

    def __init__(self, configuration: Settings, limits: Limits, engine: str) -> None:
        """Start nothing yet. Arguments as of `process.Worker`."""
        self._configuration = configuration
        self._limits = limits
        self._engine = engine
        self._lock = Lock()
        self._worker: Worker | None = None
        self._used = time.monotonic()

    @property
    def pid(self) -> int | None:
        """Number of the process in the system, while there is one."""
        with self._lock:
            return self._worker.pid if self._worker and self._worker.is_alive else None

    def ready(self) -> Worker:
        """A worker that lives."""
        with self._lock:
            if self._worker is None or not self._worker.is_alive:
                if self._worker:
                    self._worker.close()
                self._worker = Worker(self._configuration, self._limits, engine=self._engine)
            self._used = time.monotonic()
            return self._worker

    def note_use(self) -> None:
        """It was used just now: only from here on does it idle."""
        self._used = time.monotonic()

    def end_idle(self) -> None:
        """Give the memory of a worker back that nobody has asked for long."""
        if time.monotonic() - self._used >= self._limits.idle:
            self.close()

    def kill(self) -> None:
        """End the process, whatever it does; who listens to it learns of it and lets go of its pipes."""
        with self._lock:
            if self._worker:
                self._worker.kill()

    def close(self) -> None:
        """End the process, to which nobody listens."""
        with self._lock:
            if self._worker:
                self._worker.close()
                self._worker = None
